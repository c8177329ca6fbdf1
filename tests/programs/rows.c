/* What is in the struct is what is written, and what does not fit is refused with a message that names it. */
#include "opened.h"

#include <dbwright/generated.h>
#include <math.h>
#include <stdlib.h>

static void rows__defaults(void **state)
{
	store_session s = begin(state, "defaults");
	user row = new_user("Ada", "ada@example.com"), *found;
	dbw_timestamp before = dbw_timestamp_now();

	assert_ok(user_insert(s, &row), s);
	assert_int_equal(row.id, 1);
	assert_true(row.created_at.us >= before.us && row.created_at.us <= dbw_timestamp_now().us);
	assert_false(dbw_uuid_is_nil(row.token));
	assert_ok(user_find_by_id(s.read, 1, &found), s);
	assert_int_equal(found->score, 7);
	assert_int_equal(found->role, USER_ROLE_MEMBER);
	assert_true(found->is_active);
	assert_int_equal(dbw_decimal_compare(found->balance, dbw_decimal_of(150, 2)), 0);
	assert_int_equal(found->created_at.us, row.created_at.us);
	assert_int_equal(dbw_uuid_compare(found->token, row.token), 0);
	assert_null(found->bio);
	assert_false(found->rank.has);
	assert_false(found->mood.has);
	assert_false(found->born.has);
	assert_false(found->wakes.has);
	user_free(found);
	store_end(s);
}

static void rows__explicit_zeros_are_written(void **state)
{
	store_session s = begin(state, "zeros");
	user row = new_user("", "zero@example.com"), *found;

	row.score = 0;
	row.balance = dbw_decimal_of(0, 2);
	row.is_active = false;
	row.rank = dbw_some_i16(0);
	row.created_at = (dbw_timestamp){ 0 };
	row.bio = "";
	row.mood = user_mood_some(USER_MOOD_BAD);
	assert_ok(user_insert(s, &row), s);
	assert_ok(user_find_by_email(s.read, "zero@example.com", &found), s);
	assert_int_equal(found->score, 0);
	assert_int_equal(dbw_decimal_compare(found->balance, dbw_decimal_of(0, 0)), 0);
	assert_false(found->is_active);
	assert_true(found->rank.has && found->rank.value == 0);
	assert_int_equal(found->created_at.us, 0);
	assert_string_equal(found->bio, "");
	assert_string_equal(found->name, "");
	assert_true(found->mood.has && found->mood.value == USER_MOOD_BAD);
	user_free(found);
	store_end(s);
}

static void rows__an_explicit_id_is_kept(void **state)
{
	store_session s = begin(state, "ids");
	user row = new_user("Seven", "seven@example.com"), next = new_user("Eight", "eight@example.com");

	row.id = 700;
	assert_ok(user_insert(s, &row), s);
	assert_int_equal(row.id, 700);
	assert_ok(user_insert(s, &next), s);
	assert_int_equal(next.id, 701);
	store_end(s);
}

static void rows__from_nowhere(void **state)
{
	store_session s = begin(state, "nowhere");
	user row;

	memset(&row, 0, sizeof row);
	row.name = "Nobody";
	row.email = "nobody@example.com";
	assert_int_equal(user_insert(s, &row), DBW_MISUSE);
	assert_int_equal(row.id, 0);
	/* Nothing was sent: the session goes on. */
	row = new_user("Somebody", "somebody@example.com");
	assert_ok(user_insert(s, &row), s);
	store_end(s);
}

static void rows__refused_before_they_are_sent(void **state)
{
	store_session s = begin(state, "refused");
	user row = new_user(NULL, "x@example.com");
	int64_t count;

	assert_refused(user_insert(s, &row), DBW_INVALID, s, "user.name is not set");
	row.name = "bad \xC3 utf-8";
	assert_refused(user_insert(s, &row), DBW_INVALID, s, "user.name is not UTF-8");
	row.name = "more than twenty characters";
	assert_refused(user_insert(s, &row), DBW_INVALID, s, "user.name has 27 characters, 20 is the most");
	/* Characters count, not bytes. */
	row.name = "\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9"
		   "\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9";
	row.role = (user_role)3;
	assert_int_equal(user_insert(s, &row), DBW_INVALID);
	assert_non_null(strstr(dbw_session_error(s.any)->message, "user.role"));
	row.role = (user_role)0;
	assert_int_equal(user_insert(s, &row), DBW_INVALID);
	row.role = USER_ROLE_ADMIN;
	row.balance = dbw_decimal_of(1005, 3);
	assert_int_equal(user_insert(s, &row), DBW_INVALID);
	assert_non_null(strstr(dbw_session_error(s.any)->message, "user.balance"));
	row.balance = dbw_decimal_of(INT64_C(10000000000), 2); /* 9 digits before the point, one too many */
	assert_int_equal(user_insert(s, &row), DBW_INVALID);
	row.balance = dbw_decimal_of(1500, 3); /* 1.500 is 1.50 */
	row.wakes = dbw_some_time((dbw_time){ INT64_C(86400000000) });
	assert_int_equal(user_insert(s, &row), DBW_INVALID);
	assert_non_null(strstr(dbw_session_error(s.any)->message, "user.wakes"));
	row.wakes = dbw_none_time();
	assert_ok(user_count(s.read, NULL, &count), s);
	assert_int_equal(count, 0);
	assert_ok(user_insert(s, &row), s);
	store_end(s);
}

/* A value of every type, at an end of its range where it has one. */
static thing full_thing(void)
{
	static const unsigned char raw[] = { 0, 1, 255, 0 };
	thing row = THING_INIT;
	dbw_decimal exact;

	assert_int_equal(dbw_decimal_parse("-1234567890123456789012345678.0123456789", 40, &exact), DBW_OK);
	row.flag = dbw_some_bool(false);
	row.small = dbw_some_i16(INT16_MIN);
	row.middle = dbw_some_i32(INT32_MIN);
	row.large = dbw_some_i64(INT64_MIN);
	row.single = dbw_some_f32(0.1F);
	row.real = dbw_some_f64(-1.0 / 3.0);
	row.exact = dbw_some_decimal(exact);
	row.brief = "\xE2\x82\xAC\xE2\x82\xAC\xE2\x82\xAC";
	row.story = "Gon\xC3\xA7"
		    "alves";
	row.raw = (dbw_bytes){ raw, sizeof raw };
	row.at = dbw_some_timestamp((dbw_timestamp){ -1 });
	row.day = dbw_some_date((dbw_date){ -719162 }); /* 0001-01-01 */
	row.time = dbw_some_time((dbw_time){ INT64_C(86399999999) });
	row.other = dbw_some_uuid((dbw_uuid){ { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 } });
	row.doc = "{\"a\": [1, null]}";
	return row;
}

static void check_full(const thing *found)
{
	const thing row = full_thing();

	assert_true(found->flag.has && !found->flag.value);
	assert_int_equal(found->small.value, INT16_MIN);
	assert_int_equal(found->middle.value, INT32_MIN);
	assert_true(found->large.value == INT64_MIN);
	assert_true(found->single.value == (float)0.1F);
	assert_true(found->real.value == (double)(-1.0 / 3.0));
	assert_int_equal(dbw_decimal_compare(found->exact.value, row.exact.value), 0);
	assert_string_equal(found->brief, row.brief);
	assert_string_equal(found->story, row.story);
	assert_int_equal(found->raw.size, row.raw.size);
	assert_memory_equal(found->raw.data, row.raw.data, row.raw.size);
	assert_true(found->at.value.us == -1);
	assert_int_equal(found->day.value.days, -719162);
	assert_true(found->time.value.us == INT64_C(86399999999));
	assert_int_equal(dbw_uuid_compare(found->other.value, row.other.value), 0);
	assert_string_equal(found->doc, row.doc);
}

/* Many rows take other ways than one. */
static void rows__every_type_in_many(void **state)
{
	store_session s = begin(state, "many types");
	thing rows[4] = { full_thing(), THING_INIT, full_thing(), THING_INIT };
	thing_list list;

	for (int way = 0; way < 2; way++) {
		int full = 0;

		if (way == 0)
			assert_ok(thing_insert_many(s, rows, 4), s);
		else
			assert_ok(thing_load(s, rows, 4), s);
		assert_ok(thing_find(s.read, NULL, &list), s);
		assert_int_equal(list.count, 4);
		thing_each(each, &list)
		{
			if (!each->flag.has) {
				assert_true(each->brief == NULL && each->raw.data == NULL &&
					    !each->exact.has && !each->other.has && each->doc == NULL);
				continue;
			}
			check_full(each);
			full++;
		}
		assert_int_equal(full, 2);
		thing_list_free(&list);
		assert_ok(thing_delete_all(s, NULL), s);
	}
	store_end(s);
}

static void rows__every_type_there_and_back(void **state)
{
	store_session s = begin(state, "types");
	thing row = full_thing(), *found;

	assert_ok(thing_insert(s, &row), s);
	assert_false(dbw_uuid_is_nil(row.id));
	assert_ok(thing_find_by_id(s.read, row.id, &found), s);
	check_full(found);
	thing_free(found);

	thing none = THING_INIT;
	assert_ok(thing_insert(s, &none), s);
	assert_ok(thing_find_by_id(s.read, none.id, &found), s);
	assert_false(found->flag.has || found->small.has || found->middle.has || found->large.has ||
		     found->single.has || found->real.has || found->exact.has || found->at.has ||
		     found->day.has || found->time.has || found->other.has);
	assert_null(found->brief);
	assert_null(found->story);
	assert_null(found->raw.data);
	assert_null(found->doc);
	thing_free(found);

	row = (thing)THING_INIT;
	row.real = dbw_some_f64(NAN);
	assert_int_equal(thing_insert(s, &row), DBW_INVALID);
	row.real = dbw_none_f64();
	row.brief = "four";
	assert_int_equal(thing_insert(s, &row), DBW_INVALID);
	row.brief = NULL;
	row.doc = "{nope";
	assert_refused(thing_insert(s, &row), DBW_INVALID, s, "thing.doc is not JSON");
	row.doc = "{\"a\": 1} trailing";
	assert_int_equal(thing_insert(s, &row), DBW_INVALID);
	row.doc = " null ";
	assert_ok(thing_insert(s, &row), s);
	store_end(s);
}

static void rows__left_to_the_database(void **state)
{
	store_session s = begin(state, "database");
	label row = LABEL_INIT, *found;

	row.first = "Ada";
	row.last = "Lovelace";
	assert_ok(label_insert(s, &row), s);
	assert_string_equal(row.slug, "made-here");
	assert_string_equal(row.full, "Ada Lovelace");
	row.last = "King";
	row.slug = "countess";
	assert_ok(label_update(s, &row, (label_columns){ .last = 1, .slug = 1 }), s);
	assert_string_equal(row.full, "Ada King");
	assert_int_equal(label_update(s, &row, (label_columns){ .full = 1 }), DBW_MISUSE);
	assert_ok(label_find_by_id(s.read, row.id, &found), s);
	assert_string_equal(found->full, "Ada King");
	assert_string_equal(found->slug, "countess");
	label_free(found);

	row = (label)LABEL_INIT;
	row.first = row.last = "x";
	row.slug = "given";
	assert_ok(label_insert(s, &row), s);
	assert_string_equal(row.slug, "given");
	store_end(s);
}

static void rows__update_by_columns(void **state)
{
	store_session s = begin(state, "update");
	user row = new_user("Ada", "ada@example.com"), *found;

	assert_ok(user_insert(s, &row), s);
	row.name = "not written";
	row.bio = "Countess";
	assert_ok(user_update(s, &row, (user_columns){ .bio = 1 }), s);
	assert_ok(user_find_by_id(s.read, row.id, &found), s);
	assert_string_equal(found->name, "Ada");
	assert_string_equal(found->bio, "Countess");
	/* A row that was read may be changed and written back. */
	found->bio = NULL;
	assert_ok(user_update(s, found, user_all_columns()), s);
	user_free(found);
	assert_ok(user_find_by_id(s.read, row.id, &found), s);
	assert_null(found->bio);
	user_free(found);
	assert_int_equal(user_update(s, &row, (user_columns){ .id = 1 }), DBW_MISUSE);
	assert_non_null(strstr(dbw_session_error(s.any)->message, "user.id"));
	assert_int_equal(user_update(s, &row, (user_columns){ .name = 0 }), DBW_MISUSE);
	row.id = 4711;
	assert_int_equal(user_update(s, &row, (user_columns){ .name = 1 }), DBW_NOT_FOUND);
	assert_int_equal(user_delete_by_id(s, 4711), DBW_NOT_FOUND);
	/* Neither of them is a failure of the session. */
	assert_ok(store_commit(s), s);
}

static int64_t add_author(store_session s)
{
	user row = new_user("Author", "author@example.com");

	assert_ok(user_insert(s, &row), s);
	return row.id;
}

static void rows__lost_update(void **state)
{
	store_session s = begin(state, "versions");
	page row = PAGE_INIT, *mine, *theirs;

	row.path = "/";
	row.title = "Home";
	row.author_id = add_author(s);
	assert_ok(page_insert(s, &row), s);
	assert_int_equal(row.version, 1);
	assert_ok(page_find_by_id(s.read, row.id, &mine), s);
	assert_ok(page_find_by_id(s.read, row.id, &theirs), s);
	theirs->title = "Theirs";
	assert_ok(page_update(s, theirs, (page_columns){ .title = 1 }), s);
	assert_int_equal(theirs->version, 2);
	assert_true(theirs->updated_at.us >= row.updated_at.us);
	mine->title = "Mine";
	assert_int_equal(page_update(s, mine, (page_columns){ .title = 1 }), DBW_STALE);
	assert_int_equal(mine->version, 1);
	page_free(mine);
	assert_ok(page_find_by_id(s.read, row.id, &mine), s);
	assert_string_equal(mine->title, "Theirs");
	page_free(mine);
	assert_ok(page_purge_by_id(s, row.id), s);
	assert_int_equal(page_update(s, theirs, (page_columns){ .title = 1 }), DBW_NOT_FOUND);
	page_free(theirs);
	store_end(s);
}

/* A bit has no address: the runtime finds it by the number of its column. */
static void rows__columns_are_bits_in_their_order(void **state)
{
	static const thing_columns one_each[] = { { .id = true }, { .flag = true }, { .small = true },
		{ .middle = true }, { .large = true }, { .single = true }, { .real = true },
		{ .exact = true }, { .brief = true }, { .story = true }, { .raw = true }, { .at = true },
		{ .day = true }, { .time = true }, { .other = true }, { .doc = true } };
	const uint16_t count = sizeof one_each / sizeof one_each[0];

	(void)state;
	for (uint16_t i = 0; i < count; i++)
		for (uint16_t j = 0; j < count; j++)
			assert_int_equal(dbw__columns_has(&one_each[i], j), i == j);
}

static void rows__soft_delete(void **state)
{
	store_session s = begin(state, "soft delete");
	page row = PAGE_INIT, again = PAGE_INIT, *found;
	page_list list;
	int64_t count;
	bool there;

	row.path = again.path = "/about";
	row.title = again.title = "About";
	row.author_id = again.author_id = add_author(s);
	assert_ok(page_insert(s, &row), s);
	assert_ok(page_delete_by_id(s, row.id), s);
	assert_int_equal(page_find_by_id(s.read, row.id, &found), DBW_NOT_FOUND);
	assert_int_equal(page_find_by_path(s.read, "/about", &found), DBW_NOT_FOUND);
	assert_int_equal(page_delete_by_id(s, row.id), DBW_NOT_FOUND);
	assert_ok(page_exists(s.read, NULL, &there), s);
	assert_false(there);
	/* The path is free again. */
	assert_ok(page_insert(s, &again), s);
	assert_ok(page_count(s.read, &(page_query){ .deleted_ = DBW_WITH_DELETED }, &count), s);
	assert_int_equal(count, 2);
	assert_ok(page_find(s.read, &(page_query){ .deleted_ = DBW_ONLY_DELETED }, &list), s);
	assert_int_equal(list.count, 1);
	assert_int_equal(list.items[0].id, row.id);
	assert_true(list.items[0].deleted_at.has);
	page_list_free(&list);
	assert_ok(page_list_by_author_id(s.read, row.author_id, &list), s);
	assert_int_equal(list.count, 1);
	page_list_free(&list);
	assert_ok(page_purge_by_id(s, row.id), s);
	assert_int_equal(page_purge_by_id(s, row.id), DBW_NOT_FOUND);
	store_end(s);
}

static void rows__composite_key(void **state)
{
	store_session s = begin(state, "composite");
	page at = PAGE_INIT;
	membership row = MEMBERSHIP_INIT, *found;
	membership_list list;

	at.path = "/";
	at.title = "Home";
	row.user_id = at.author_id = add_author(s);
	assert_ok(page_insert(s, &at), s);
	row.page_id = at.id;
	assert_ok(membership_insert(s, &row), s);
	assert_int_equal(row.since.days, dbw_date_today().days);
	assert_ok(membership_find_by_user_id_and_page_id(s.read, row.user_id, row.page_id, &found), s);
	assert_int_equal(found->since.days, row.since.days);
	membership_free(found);
	assert_ok(membership_list_by_page_id(s.read, at.id, &list), s);
	assert_int_equal(list.count, 1);
	membership_list_free(&list);
	found = NULL;
	assert_int_equal(membership_find_by_user_id_and_page_id(s.read, 99, 99, &found), DBW_NOT_FOUND);
	assert_null(found);
	assert_ok(membership_delete_by_user_id_and_page_id(s, row.user_id, row.page_id), s);
	store_end(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(rows__defaults),
		CASE(rows__explicit_zeros_are_written),
		CASE(rows__an_explicit_id_is_kept),
		CASE(rows__from_nowhere),
		CASE(rows__refused_before_they_are_sent),
		CASE(rows__every_type_there_and_back),
		CASE(rows__every_type_in_many),
		CASE(rows__left_to_the_database),
		CASE(rows__update_by_columns),
		CASE(rows__lost_update),
		CASE(rows__columns_are_bits_in_their_order),
		CASE(rows__soft_delete),
		CASE(rows__composite_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Filters, order, limit and offset, counted and listed, against rows that are known. */
#include "opened.h"

/* name, address, score, rank or -1 for NULL, biography */
static const struct {
	const char *name, *email;
	int32_t score;
	int16_t rank;
	const char *bio;
} people[] = {
	{ "Ada", "ada@example.com", 5, 1, "Wrote 100% of it" },
	{ "ada", "lower@example.com", 6, -1, NULL },
	{ "Alan", "alan@example.com", 7, 2, "snake_case" },
	{ "Barbara", "barbara@example.com", 8, -1, "[brackets] and *stars*?" },
	{ "\xC3\x89mile", "emile@example.com", 9, 3, "back\\slash" },
};
enum { PEOPLE = sizeof people / sizeof *people };

static store_session with_people(void **state)
{
	store_session s = begin(state, "queries");

	for (size_t i = 0; i < PEOPLE; i++) {
		user row = new_user(people[i].name, people[i].email);

		row.score = people[i].score;
		row.rank = people[i].rank < 0 ? dbw_none_i16() : dbw_some_i16(people[i].rank);
		row.bio = people[i].bio;
		row.role = i == 0 ? USER_ROLE_ADMIN : USER_ROLE_MEMBER;
		row.balance = dbw_decimal_of((int64_t)i * 100, 2);
		row.created_at.us = (int64_t)i * 1000;
		row.is_active = i % 2 == 0;
		row.born = dbw_some_date((dbw_date){ (int32_t)i });
		assert_ok(user_insert(s, &row), s);
	}
	return s;
}

/* The ids that match, in the order of ids, as digits: "135". */
static const char *matching(store_session s, const user_filter *where)
{
	static char digits[PEOPLE + 1];
	user_query query = { .order_by = { { .id = DBW_ASC } } };
	user_list list;
	int64_t count;
	bool any;
	size_t length = 0;

	query.where = *where;
	assert_ok(user_find(s.read, &query, &list), s);
	assert_ok(user_count(s.read, &query, &count), s);
	assert_ok(user_exists(s.read, &query, &any), s);
	assert_int_equal(count, list.count);
	assert_int_equal(any, list.count > 0);
	user_each(each, &list) digits[length++] = (char)('0' + each->id);
	digits[length] = '\0';
	user_list_free(&list);
	return digits;
}

#define assert_matches(expected, ...) \
	assert_string_equal(matching(s, &(user_filter){ __VA_ARGS__ }), expected)

static void queries__comparisons(void **state)
{
	const int64_t some[] = { 2, 4, 99 };
	const char *const names[] = { "Ada", "Alan" };
	const user_role roles[] = { USER_ROLE_ADMIN };
	store_session s = with_people(state);

	assert_matches("12345", .name = { { { NULL }, 0, 0 }, { { NULL, NULL } } });
	assert_matches("1", .name = dbw_eq("Ada"));
	assert_matches("2345", .name = dbw_ne("Ada"));
	assert_matches("34", .score = dbw_between(7, 8));
	assert_matches("3", .score = dbw_from_until(7, 8));
	assert_matches("12", .score = dbw_lt(7));
	assert_matches("123", .score = dbw_le(7));
	assert_matches("45", .score = dbw_gt(7));
	assert_matches("345", .score = dbw_ge(7));
	assert_matches("24", .id = dbw_in(some, 3));
	assert_matches("", .id = dbw_in(some, 0));
	assert_matches("13", .name = dbw_in(names, 2));
	assert_matches("1", .role = user_role_eq(USER_ROLE_ADMIN));
	assert_matches("2345", .role = user_role_ne(USER_ROLE_ADMIN));
	assert_matches("1", .role = user_role_in(roles, 1));
	assert_matches("135", .is_active = dbw_is(true));
	assert_matches("3", .balance = dbw_eq(dbw_decimal_of(20, 1))); /* 2.0 is 2.00 */
	assert_matches("345", .balance = dbw_ge(dbw_decimal_of(2, 0)));
	assert_matches("12", .created_at = dbw_lt((dbw_timestamp){ 2000 }));
	assert_matches("5", .born = dbw_gt((dbw_date){ 3 }));
	/* Members of a filter are joined by AND. */
	assert_matches("5", .is_active = dbw_is(true), .score = dbw_gt(7));
	store_end(s);
}

/* The list is evaluated once, and `break` ends all of it. */
static void queries__each_row_of_a_list(void **state)
{
	store_session s = with_people(state);
	user_list lists[2];
	size_t next = 0, seen = 0;

	assert_ok(user_find(s.read, &(user_query){ .limit = 3 }, &lists[0]), s);
	assert_ok(user_find(s.read, &(user_query){ .limit = 1, .offset = 9 }, &lists[1]), s);
	user_each(row, &lists[next++]) seen += row == &lists[0].items[seen];
	assert_int_equal(next, 1);
	assert_int_equal(seen, 3);
	user_each(row, &lists[next++]) seen++;
	assert_int_equal(next, 2);
	user_each(row, &lists[0])
	{
		if (row == &lists[0].items[0])
			continue;
		if (++seen == 4)
			break;
	}
	assert_int_equal(seen, 4);
	user_list_free(&lists[0]);
	user_list_free(&lists[1]);
	store_end(s);
}

static void queries__text_is_ordered_by_bytes(void **state)
{
	store_session s = with_people(state);
	user_list list;

	assert_ok(user_find(s.read, &(user_query){ .order_by = { { .name = DBW_ASC } } }, &list), s);
	assert_string_equal(list.items[0].name, "Ada");
	assert_string_equal(list.items[1].name, "Alan");
	assert_string_equal(list.items[2].name, "Barbara");
	assert_string_equal(list.items[3].name, "ada");
	assert_string_equal(list.items[4].name, "\xC3\x89mile");
	user_list_free(&list);
	assert_matches("134", .name = dbw_lt("Z"));
	store_end(s);
}

static void queries__patterns(void **state)
{
	store_session s = with_people(state);

	assert_matches("1", .name = dbw_like("Ad%"));
	assert_matches("12", .name = dbw_ilike("aD_"));
	assert_matches("13", .name = dbw_like("A%"));
	assert_matches("1", .bio = dbw_like("%100\\%%"));
	assert_matches("3", .bio = dbw_like("snake\\_case"));
	assert_matches("", .bio = dbw_like("snake\\_Case"));
	assert_matches("4", .bio = dbw_like("[brackets]%"));
	assert_matches("4", .bio = dbw_like("%*stars*?"));
	assert_matches("5", .bio = dbw_like("back\\\\slash"));
	assert_matches("5", .name = dbw_like("_mile"));
	/* Folding is for A to Z alone. */
	assert_matches("", .name = dbw_ilike("\xC3\xA9mile"));
	store_end(s);
}

static void queries__null(void **state)
{
	store_session s = with_people(state);
	user_list list;
	int64_t count;

	assert_matches("24", .null_ = { .rank = DBW_IS_NULL });
	assert_matches("135", .null_ = { .rank = DBW_IS_NOT_NULL });
	/* No comparison matches NULL. */
	assert_matches("35", .rank = dbw_ne(1));
	/* NULLs come first in ascending order and last in descending order. */
	assert_ok(user_find(s.read, &(user_query){ .order_by = { { .rank = DBW_ASC }, { .id = DBW_DESC } } },
			  &list),
		s);
	assert_int_equal(list.items[0].id, 4);
	assert_int_equal(list.items[1].id, 2);
	assert_int_equal(list.items[2].id, 1);
	user_list_free(&list);
	assert_ok(user_find(s.read, &(user_query){ .order_by = { { .rank = DBW_DESC }, { .id = DBW_DESC } } },
			  &list),
		s);
	assert_int_equal(list.items[0].id, 5);
	assert_int_equal(list.items[4].id, 2);
	user_list_free(&list);
	/* A NULL text is a mistake that is named, never "any". */
	assert_int_equal(
		user_count(s.read, &(user_query){ .where = { .email = dbw_eq(NULL) } }, &count), DBW_MISUSE);
	assert_non_null(strstr(dbw_session_error(s.any)->message, "user.email"));
	assert_int_equal(
		user_count(
			s.read, &(user_query){ .where = { .id = dbw_in((const int64_t *)NULL, 2) } }, &count),
		DBW_MISUSE);
	store_end(s);
}

static void queries__limit_and_offset(void **state)
{
	store_session s = with_people(state);
	user_query query = { .order_by = { { .score = DBW_DESC } }, .limit = 2, .offset = 1 };
	user_list list;
	int64_t count;

	assert_ok(user_find(s.read, &query, &list), s);
	assert_int_equal(list.count, 2);
	assert_int_equal(list.items[0].score, 8);
	assert_int_equal(list.items[1].score, 7);
	user_list_free(&list);
	assert_ok(user_count(s.read, &query, &count), s);
	assert_int_equal(count, PEOPLE);
	query.limit = 0;
	query.offset = 4;
	assert_ok(user_find(s.read, &query, &list), s);
	assert_int_equal(list.count, 1);
	user_list_free(&list);
	query.offset = 99;
	assert_ok(user_find(s.read, &query, &list), s);
	assert_int_equal(list.count, 0);
	assert_non_null(list.items);
	user_list_free(&list);
	user_list_free(&list);
	query.limit = -1;
	assert_int_equal(user_find(s.read, &query, &list), DBW_MISUSE);
	store_end(s);
}

static void queries__by_key_and_index(void **state)
{
	store_session s = with_people(state);
	user_list list;
	user *found;

	assert_ok(user_list_by_name_and_score(s.read, "Alan", 7, &list), s);
	assert_int_equal(list.count, 1);
	assert_int_equal(list.items[0].id, 3);
	user_list_free(&list);
	assert_ok(user_list_by_name_and_score(s.read, "Alan", 8, &list), s);
	assert_int_equal(list.count, 0);
	user_list_free(&list);
	assert_int_equal(user_find_by_email(s.read, "nobody@example.com", &found), DBW_NOT_FOUND);
	assert_null(found);
	user_free(found);
	assert_int_equal(user_find_by_email(s.read, NULL, &found), DBW_INVALID);
	store_end(s);
}

/* No text is ever part of a statement. */
static void queries__text_is_only_text(void **state)
{
	static const char *const nasty[] = { "'; DROP TABLE users; --", "\" OR 1=1 --", "?1", "$1", "%s%n",
		":x", "\\" };
	store_session s = begin(state, "nasty");
	int64_t count;

	for (size_t i = 0; i < sizeof nasty / sizeof *nasty; i++) {
		user row = new_user("x", nasty[i]), *found;

		row.bio = nasty[i];
		assert_ok(user_insert(s, &row), s);
		assert_ok(user_find_by_email(s.read, nasty[i], &found), s);
		assert_string_equal(found->bio, nasty[i]);
		user_free(found);
		assert_ok(
			user_count(s.read, &(user_query){ .where = { .bio = dbw_eq(nasty[i]) } }, &count), s);
		assert_int_equal(count, 1);
	}
	store_end(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(queries__comparisons),
		CASE(queries__each_row_of_a_list),
		CASE(queries__text_is_ordered_by_bytes),
		CASE(queries__patterns),
		CASE(queries__null),
		CASE(queries__limit_and_offset),
		CASE(queries__by_key_and_index),
		CASE(queries__text_is_only_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

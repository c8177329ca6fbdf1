/* Reading one row, some of the columns, and row by row. */
#include "opened.h"

enum { PEOPLE = 5 };

/* Five people, "A" to "E", with their numbers as scores from 1 on; every other one has a biography. */
static store_session with_people(void **state)
{
	store_session s = begin(state, "reads");

	for (int i = 0; i < PEOPLE; i++) {
		const char name[] = { (char)('A' + i), '\0' };
		user row = new_user(name, name);

		row.score = i + 1;
		row.bio = i % 2 == 0 ? "wrote this" : NULL;
		row.rank = i % 2 == 0 ? dbw_some_i16((int16_t)i) : dbw_none_i16();
		assert_ok(user_insert(s, &row), s);
	}
	return s;
}

static void find_one__is_the_first_of_the_order(void **state)
{
	store_session s = with_people(state);
	user *found;

	assert_ok(user_find_one(s.read, &(user_query){ .order_by = { { .score = DBW_DESC } } }, &found), s);
	assert_string_equal(found->name, "E");
	assert_string_equal(found->bio, "wrote this");
	user_free(found);
	assert_ok(user_find_one(s.read,
			  &(user_query){ .order_by = { { .score = DBW_DESC } }, .limit = 3, .offset = 1 },
			  &found),
		s);
	assert_string_equal(found->name, "D");
	assert_null(found->bio);
	user_free(found);
	assert_ok(user_find_one(s.read, &(user_query){ .where = { .score = dbw_eq(3) } }, &found), s);
	/* A row of one's own, which can be changed. */
	found->score = 33;
	assert_ok(user_update(s, found, (user_columns){ .score = true }), s);
	user_free(found);
	assert_ok(user_find_one(s.read, NULL, &found), s);
	user_free(found);
	store_end(s);
}

static void find_one__of_nothing_is_not_found(void **state)
{
	store_session s = with_people(state);
	user row = new_user("F", "F"), *found = &row;

	assert_refused(user_find_one(s.read, &(user_query){ .where = { .score = dbw_gt(5) } }, &found),
		DBW_NOT_FOUND, s, "user_find_one: no row matches");
	assert_null(found);
	found = &row;
	assert_refused(user_find_one(s.read, &(user_query){ .offset = PEOPLE }, &found), DBW_NOT_FOUND, s,
		"user_find_one: no row matches");
	assert_null(found);
	found = &row;
	assert_refused(user_find_one(s.read, &(user_query){ .limit = -1 }, &found), DBW_MISUSE, s,
		"user: the limit is negative");
	assert_null(found);
	assert_refused(
		user_find_one(s.read, NULL, NULL), DBW_MISUSE, s, "user: there is no place for the row");
	/* An answer, not a fault. */
	assert_ok(user_insert(s, &row), s);
	assert_ok(store_commit(s), s);
	assert_int_equal(user_find_one(s.read, NULL, &found), DBW_ENDED);
	assert_null(found);
}

/* What is deleted softly is not there, unless it is asked for. */
static void find_one__skips_the_deleted(void **state)
{
	store_session s = with_people(state);
	page row = PAGE_INIT, *found;

	row.path = row.title = "x";
	row.author_id = 1;
	assert_ok(page_insert(s, &row), s);
	assert_ok(page_delete_by_id(s, row.id), s);
	assert_int_equal(page_find_one(s.read, NULL, &found), DBW_NOT_FOUND);
	assert_ok(page_find_one(s.read, &(page_query){ .deleted_ = DBW_ONLY_DELETED }, &found), s);
	assert_string_equal(found->path, "x");
	page_free(found);
	store_end(s);
}

/* What is left out is zero, and known to be left out. */
static void assert_name_alone(const user *row)
{
	assert_true(user_has(row, (user_columns){ .id = true, .name = true }));
	assert_false(user_has(row, (user_columns){ .name = true, .bio = true }));
	assert_false(user_has(row, (user_columns){ .token = true }));
	assert_true(user_has(row, (user_columns){ .name = false }));
	assert_null(row->email);
	assert_null(row->bio);
	assert_false(row->rank.has);
	assert_int_equal(row->score, 0);
	assert_int_equal(row->role, 0);
}

static void columns__are_read_with_the_key_alone(void **state)
{
	store_session s = with_people(state);
	user_query query = { .where = { .score = dbw_le(3) },
		.order_by = { { .score = DBW_DESC } },
		.columns = { .name = true } };
	user_list list;
	user *found;

	/* A column need not be read to be compared or to give the order. */
	assert_ok(user_find(s.read, &query, &list), s);
	assert_int_equal(list.count, 3);
	for (size_t i = 0; i < list.count; i++) {
		assert_int_equal(list.items[i].id, 3 - i);
		assert_int_equal(list.items[i].name[0], 'C' - (int)i);
		assert_name_alone(&list.items[i]);
	}
	user_list_free(&list);
	assert_ok(user_find_one(s.read, &query, &found), s);
	assert_int_equal(found->id, 3);
	assert_name_alone(found);
	user_free(found);
	/* The next query of the same shape but for the columns is another one. */
	query.columns = (user_columns){ .score = true, .rank = true };
	assert_ok(user_find_one(s.read, &query, &found), s);
	assert_null(found->name);
	assert_int_equal(found->score, 3);
	assert_true(found->rank.has && found->rank.value == 2);
	user_free(found);
	query.columns = (user_columns){ .id = false };
	assert_ok(user_find_one(s.read, &query, &found), s);
	assert_true(user_has(found, user_all_columns()));
	assert_string_equal(found->email, "C");
	user_free(found);
	/* The key alone; counting looks at no columns. */
	int64_t count;
	query.columns = (user_columns){ .id = true };
	assert_ok(user_count(s.read, &query, &count), s);
	assert_int_equal(count, 3);
	assert_ok(user_find_one(s.read, &query, &found), s);
	assert_int_equal(found->id, 3);
	assert_null(found->name);
	user_free(found);
	assert_false(user_has(NULL, (user_columns){ .id = true }));
	store_end(s);
}

static void columns__that_were_not_read_are_not_written(void **state)
{
	store_session s = with_people(state);
	user *found, copy;

	assert_ok(user_find_one(s.read,
			  &(user_query){ .where = { .id = dbw_eq(1) }, .columns = { .name = true } }, &found),
		s);
	found->name = "Ada";
	found->bio = "new";
	assert_refused(user_update(s, found, (user_columns){ .name = true, .bio = true }), DBW_MISUSE, s,
		"user.bio was not read, so there is nothing to write: leave it out of the columns, or read it");
	assert_ok(user_update(s, found, (user_columns){ .name = true }), s);
	found->id = 0;
	assert_refused(user_insert(s, found), DBW_MISUSE, s,
		"user.email was not read, so there is nothing to insert");
	copy = *found;
	assert_refused(user_insert_many(s, &copy, 1), DBW_MISUSE, s,
		"user[0].email was not read, so there is nothing to insert");
	assert_refused(user_upsert_by_email(s, found, (user_columns){ .name = true }), DBW_MISUSE, s,
		"user.email was not read, so there is nothing to insert");
	user_free(found);
	assert_ok(user_find_by_id(s.read, 1, &found), s);
	assert_string_equal(found->name, "Ada");
	assert_string_equal(found->bio, "wrote this");
	user_free(found);
	store_end(s);
}

/* Key and version come along, so that update finds the row; and what update fills in, it fills in. */
static void columns__leave_what_update_needs(void **state)
{
	store_session s = with_people(state);
	page row = PAGE_INIT, *found;
	membership member = MEMBERSHIP_INIT, *one;

	row.path = row.title = "x";
	row.author_id = 1;
	assert_ok(page_insert(s, &row), s);
	assert_ok(page_find_one(s.read, &(page_query){ .columns = { .title = true } }, &found), s);
	assert_true(page_has(found, (page_columns){ .id = true, .title = true, .version = true }));
	assert_false(page_has(found, (page_columns){ .updated_at = true }));
	found->title = "y";
	assert_ok(page_update(s, found, (page_columns){ .title = true }), s);
	assert_int_equal(found->version, 2);
	assert_int_equal(page_update(s, &row, (page_columns){ .title = true }), DBW_STALE);
	page_free(found);
	member.user_id = 1;
	member.page_id = row.id;
	assert_ok(membership_insert(s, &member), s);
	assert_ok(
		membership_find_one(s.read, &(membership_query){ .columns = { .page_id = true } }, &one), s);
	assert_true(one->user_id == 1 && one->page_id == row.id);
	assert_false(membership_has(one, (membership_columns){ .since = true }));
	membership_free(one);
	store_end(s);
}

static paper new_paper(const char *name, const char *body)
{
	paper row = PAPER_INIT;

	row.name = name;
	row.body = body;
	row.scan = dbw_bytes_of("scan", 4);
	return row;
}

static void assert_without_body(const paper *row)
{
	assert_true(
		paper_has(row, (paper_columns){ .id = true, .name = true, .size = true, .version = true }));
	assert_false(paper_has(row, (paper_columns){ .body = true }));
	assert_false(paper_has(row, (paper_columns){ .scan = true }));
	assert_null(row->body);
	assert_null(row->scan.data);
	assert_int_equal(row->size, 4);
}

static void on_demand__is_left_out_of_every_read(void **state)
{
	store_session s = begin(state, "papers");
	paper row = new_paper("a", "body"), *found;
	paper_list list;

	assert_ok(paper_insert(s, &row), s);
	/* What was inserted has them, and what the database made besides. */
	assert_true(paper_has(&row, paper_every_column()));
	assert_string_equal(row.body, "body");
	assert_int_equal(row.size, 4);
	assert_ok(paper_find_by_id(s.read, row.id, &found), s);
	assert_without_body(found);
	paper_free(found);
	assert_ok(paper_find_by_name(s.read, "a", &found), s);
	assert_without_body(found);
	paper_free(found);
	assert_ok(paper_find_one(s.read, NULL, &found), s);
	assert_without_body(found);
	paper_free(found);
	assert_ok(paper_find(s.read, &(paper_query){ .where = { .body = dbw_eq("body") } }, &list), s);
	assert_int_equal(list.count, 1);
	assert_without_body(&list.items[0]);
	paper_list_free(&list);
	assert_ok(paper_list_by_size(s.read, 4, &list), s);
	assert_int_equal(list.count, 1);
	assert_without_body(&list.items[0]);
	paper_list_free(&list);
	store_end(s);
}

static void on_demand__is_read_where_a_query_names_it(void **state)
{
	store_session s = begin(state, "papers");
	paper row = new_paper("a", "body"), *found;
	paper_list list;

	assert_ok(paper_insert(s, &row), s);
	assert_ok(paper_find_one(s.read, &(paper_query){ .columns = { .body = true } }, &found), s);
	assert_string_equal(found->body, "body");
	assert_null(found->name);
	assert_false(paper_has(found, (paper_columns){ .scan = true }));
	paper_free(found);
	assert_ok(paper_find(s.read, &(paper_query){ .columns = paper_every_column() }, &list), s);
	assert_true(paper_has(&list.items[0], paper_every_column()));
	assert_string_equal(list.items[0].name, "a");
	assert_string_equal(list.items[0].body, "body");
	assert_int_equal(list.items[0].scan.size, 4);
	/* All of it is there, so that it may be another row, too. */
	list.items[0].id = 0;
	list.items[0].name = "b";
	assert_ok(paper_insert(s, &list.items[0]), s);
	paper_list_free(&list);
	/* To name what is read anyway is to name nothing. */
	assert_ok(paper_find_one(s.read,
			  &(paper_query){ .where = { .id = dbw_eq(row.id) },
				  .columns = { .name = true, .size = true } },
			  &found),
		s);
	assert_without_body(found);
	paper_free(found);
	store_end(s);
}

static void on_demand__is_written_like_others(void **state)
{
	store_session s = begin(state, "papers");
	paper row = new_paper("a", "body"), *found;

	assert_ok(paper_insert(s, &row), s);
	assert_ok(paper_find_by_id(s.read, row.id, &found), s);
	found->name = "b";
	assert_refused(paper_update(s, found, paper_all_columns()), DBW_MISUSE, s,
		"paper.body was not read, so there is nothing to write: leave it out of the columns, or read it");
	assert_ok(paper_update(s, found, (paper_columns){ .name = true }), s);
	paper_free(found);
	row.body = "another";
	assert_int_equal(paper_update(s, &row, (paper_columns){ .body = true }), DBW_STALE);
	row.version = 2;
	assert_ok(paper_update(s, &row, (paper_columns){ .body = true }), s);
	assert_int_equal(row.size, 7);
	row = new_paper("b", "third");
	assert_ok(paper_upsert_by_name(s, &row, (paper_columns){ .body = true }), s);
	assert_int_equal(row.id, 1);
	assert_int_equal(row.size, 5);
	assert_int_equal(row.version, 4);
	assert_ok(
		paper_update_where(s,
			&(paper_change){ .where = { .id = dbw_eq(row.id) }, .set = { .body = dbw_set("4") } },
			NULL),
		s);
	assert_ok(paper_find_one(s.read, &(paper_query){ .columns = { .body = true, .size = true } }, &found),
		s);
	assert_string_equal(found->body, "4");
	assert_int_equal(found->size, 1);
	paper_free(found);
	store_end(s);
}

static void cursor__gives_the_rows_of_a_list(void **state)
{
	const user_query query = { .where = { .score = dbw_ge(2) }, .order_by = { { .score = DBW_DESC } } };
	store_session s = with_people(state);
	user_cursor cursor;
	user_list list;
	const user *row;

	assert_ok(user_find(s.read, &query, &list), s);
	assert_ok(user_cursor_open(s.read, &query, &cursor), s);
	for (size_t i = 0; i < list.count; i++) {
		const user *expected = &list.items[i];

		assert_ok(user_cursor_next(&cursor, &row), s);
		assert_int_equal(row->id, expected->id);
		assert_string_equal(row->email, expected->email);
		assert_int_equal(row->bio == NULL, expected->bio == NULL);
		assert_int_equal(row->rank.has, expected->rank.has);
		assert_memory_equal(&row->token, &expected->token, sizeof row->token);
		assert_int_equal(row->role, expected->role);
		assert_true(user_has(row, (user_columns){ .id = true, .bio = true, .token = true }));
	}
	assert_ok(user_cursor_next(&cursor, &row), s);
	assert_null(row);
	user_cursor_close(&cursor);
	user_list_free(&list);
	store_end(s);
}

/* Rows inside rows, by cursors, finders and lists. */
static void cursors__stand_in_each_other(void **state)
{
	store_session s = with_people(state);
	store_reader r;
	user_cursor outer, inner;
	const user *left, *right;
	int pairs = 0;

	assert_ok(store_commit(s), s);
	r = begin_reading(state, "pairs");
	assert_ok(user_cursor_open(r, NULL, &outer), r);
	for (;;) {
		user *same;

		assert_ok(user_cursor_next(&outer, &left), r);
		if (left == NULL)
			break;
		assert_ok(user_cursor_open(r, NULL, &inner), r);
		for (;;) {
			assert_ok(user_cursor_next(&inner, &right), r);
			if (right == NULL)
				break;
			pairs += left->id < right->id;
		}
		user_cursor_close(&inner);
		assert_ok(user_find_by_email(r, left->email, &same), r);
		assert_int_equal(same->id, left->id);
		user_free(same);
	}
	assert_int_equal(pairs, PEOPLE * (PEOPLE - 1) / 2);
	/* One is left open: it ends with its session. */
	assert_ok(user_cursor_open(r, NULL, &inner), r);
	assert_ok(user_cursor_next(&inner, &right), r);
	store_read_end(r);
	assert_int_equal(user_cursor_next(&inner, &right), DBW_ENDED);
	assert_null(right);
	user_cursor_close(&inner);
	user_cursor_close(&outer);
}

static void cursor__reads_some_of_the_columns(void **state)
{
	store_session s = begin(state, "columns");
	paper one = new_paper("a", "body");
	paper_cursor cursor;
	const paper *row;

	assert_ok(paper_insert(s, &one), s);
	assert_ok(paper_cursor_open(s.read, NULL, &cursor), s);
	assert_ok(paper_cursor_next(&cursor, &row), s);
	assert_without_body(row);
	paper_cursor_close(&cursor);
	assert_ok(paper_cursor_open(s.read, &(paper_query){ .columns = { .body = true } }, &cursor), s);
	assert_ok(paper_cursor_next(&cursor, &row), s);
	assert_string_equal(row->body, "body");
	assert_false(paper_has(row, (paper_columns){ .name = true }));
	assert_int_equal(row->version, 1);
	paper_cursor_close(&cursor);
	store_end(s);
}

/* Each row is changed by what was read of it, once all are read. */
static void cursor__then_writes(void **state)
{
	store_session s = with_people(state);
	int64_t ids[PEOPLE], sum = 0;
	size_t count = 0;
	user_cursor cursor;
	const user *row;

	assert_ok(user_cursor_open(s.read, &(user_query){ .columns = { .score = true } }, &cursor), s);
	while (user_cursor_next(&cursor, &row) == DBW_OK && row != NULL) {
		assert_int_equal(user_delete_by_id(s, row->id), DBW_MISUSE);
		sum += row->score;
		ids[count++] = row->id;
	}
	assert_int_equal(count, PEOPLE);
	assert_int_equal(sum, 15);
	for (size_t i = 0; i < count; i++)
		assert_ok(user_delete_by_id(s, ids[i]), s);
	user_cursor_close(&cursor);
	assert_ok(store_commit(s), s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(find_one__is_the_first_of_the_order),
		CASE(find_one__of_nothing_is_not_found),
		CASE(find_one__skips_the_deleted),
		CASE(columns__are_read_with_the_key_alone),
		CASE(columns__that_were_not_read_are_not_written),
		CASE(columns__leave_what_update_needs),
		CASE(on_demand__is_left_out_of_every_read),
		CASE(on_demand__is_read_where_a_query_names_it),
		CASE(on_demand__is_written_like_others),
		CASE(cursor__gives_the_rows_of_a_list),
		CASE(cursors__stand_in_each_other),
		CASE(cursor__reads_some_of_the_columns),
		CASE(cursor__then_writes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

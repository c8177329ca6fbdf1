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

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(find_one__is_the_first_of_the_order),
		CASE(find_one__of_nothing_is_not_found),
		CASE(find_one__skips_the_deleted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* How much memory accessors ask for, and what they do when there is none. */
#include "../memory/allocations.h"
#include "fixture_user.h"

#include <base/arena.h>
#include <dbwright/generated.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

typedef struct user_page {
	user_list rows;
	const char *next;
	const char *previous;
} user_page;

static dbw_databases *databases;
static auth_session s;
static dbw_error error;

static int setup(void **state)
{
	(void)state;
	assert_int_equal(dbw_databases_open(&databases, &fixture_program, NULL, &error), DBW_OK);
	assert_int_equal(auth_begin(databases, "tables", &s, &error), DBW_OK);
	assert_int_equal(dbw__create_tables(s.any, &auth__tables), DBW_OK);
	assert_int_equal(dbw__commit(s.any), DBW_OK);
	assert_int_equal(auth_begin(databases, "test", &s, &error), DBW_OK);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	dbw__end(s.any);
	assert_int_equal(dbw_databases_close(databases, &error), DBW_OK);
	return 0;
}

static dbw_status insert_user(const char *email, int64_t *id)
{
	user row = USER_INIT;
	dbw_status status;

	row.name = "a name of ordinary length";
	row.email = email;
	row.bio = "some words about the person that are not worth reading, and yet they take up room";
	status = dbw__insert(s.any, &user__model, &row);
	*id = row.id;
	return status;
}

static void insert__asks_for_no_memory(void **state)
{
	int64_t id;
	size_t before;

	(void)state;
	assert_int_equal(insert_user("first", &id), DBW_OK);
	before = allocations;
	assert_int_equal(insert_user("second", &id), DBW_OK);
	assert_int_equal(allocations - before, 0);
}

/* A library built with DBWRIGHT_DEBUG_ARENA asks for memory once per object, by intent: then counts prove nothing. */
static bool has_chunks(void)
{
	dbw_arena *arena = dbw_arena_new(0);
	bool chunks;

	assert_non_null(arena);
	chunks = arena->top != arena->bottom;
	dbw_arena_free(arena);
	return chunks;
}

static void find__asks_for_memory_once(void **state)
{
	user *found;
	int64_t id;
	const void *const key[] = { &id };
	size_t before;

	(void)state;
	if (!has_chunks())
		skip();
	assert_int_equal(insert_user("first", &id), DBW_OK);
	assert_int_equal(dbw__find_by(s.any, &user__model, DBW_STATEMENT_FIND, key, &found), DBW_OK);
	dbw__row_free(&user__model, found);
	before = allocations;
	assert_int_equal(dbw__find_by(s.any, &user__model, DBW_STATEMENT_FIND, key, &found), DBW_OK);
	dbw__row_free(&user__model, found);
	assert_int_equal(allocations - before, 1);
}

/* Copies hold text, bytes and what is absent; the one for a list of them holds all text together. */
static void copy__asks_for_memory_once(void **state)
{
	static const uint64_t none[] = { 0 };
	user row = USER_INIT, *copy;
	size_t before;

	(void)state;
	if (!has_chunks())
		skip();
	row.name = "a name of ordinary length";
	row.email = "somebody@example.com";
	row.bio = "";
	for (int i = 0; i < 20; i++) {
		char bio[4000];

		memset(bio, 'x', sizeof bio);
		bio[i * 199] = '\0';
		row.bio = bio;
		row.row_.absent = i % 2 == 0 ? NULL : none;
		before = allocations;
		assert_int_equal(dbw__row_copy(&user__model, &row, &copy), DBW_OK);
		assert_int_equal(allocations - before, 1);
		assert_string_equal(copy->bio, bio);
		dbw__row_free(&user__model, copy);
	}
}

static void copy__without_memory(void **state)
{
	static const uint64_t none[] = { 0 };
	user rows[2] = { USER_INIT, USER_INIT }, *copy;
	user_list list;
	bool reached = true;

	(void)state;
	for (int i = 0; i < 2; i++) {
		rows[i].name = rows[i].email = rows[i].bio = "text";
		rows[i].row_.absent = none;
	}
	for (size_t n = 1; reached; n++) {
		dbw_status status;

		allocations_fail(n, false);
		status = dbw__row_copy(&user__model, &rows[0], &copy);
		reached = allocations_recover();
		assert_int_equal(status, reached ? DBW_OUT_OF_MEMORY : DBW_OK);
		assert_true((copy == NULL) == reached);
		dbw__row_free(&user__model, copy);
	}
	reached = true;
	for (size_t n = 1; reached; n++) {
		dbw_status status;

		allocations_fail(n, false);
		status = dbw__list_copy(&user__model, rows, 2, &list);
		reached = allocations_recover();
		assert_int_equal(status, reached ? DBW_OUT_OF_MEMORY : DBW_OK);
		assert_int_equal(list.count, reached ? 0 : 2);
		assert_non_null(list.items);
		dbw__list_free(&list);
	}
}

static int64_t count_in_groups(int64_t id, const char *name)
{
	const int64_t ids[] = { id, id + 1, id + 2 };
	const user_query query = { .where = { .bio = dbw_starts_with("some"),
					   .any_of_ = USER_ANY_OF({ .id = dbw_in(ids, 3) },
						   { .name = dbw_icontains(name), .email = dbw_ne("x") },
						   { .none_of_ = USER_NONE_OF({ .name = dbw_eq(name) },
							     { .id = dbw_not_in(ids, 3) }) }),
					   .none_of_ = USER_NONE_OF({ .null_ = { .bio = DBW_IS_NULL } }) } };
	int64_t count;

	assert_int_equal(dbw__count(s.any, &user__model, &query, &count), DBW_OK);
	return count;
}

static void group__of_a_known_shape_asks_for_none(void **state)
{
	int64_t id;
	size_t before;

	(void)state;
	if (!has_chunks())
		skip();
	assert_int_equal(insert_user("first", &id), DBW_OK);
	assert_int_equal(count_in_groups(id, "nobody"), 1);
	before = allocations;
	assert_int_equal(count_in_groups(id + 100, "ORDINARY"), 1);
	assert_int_equal(count_in_groups(id + 100, "%"), 0);
	assert_int_equal(allocations - before, 0);
}

static void query__of_a_known_shape_asks_for_none(void **state)
{
	const int64_t ids[] = { 1, 2, 3, 4 };
	user_query query = { .where = { .id = dbw_in(ids, 4), .name = dbw_ilike("a%"), .bio = dbw_ne("x") } };
	size_t before;
	int64_t id;
	int64_t count;

	(void)state;
	if (!has_chunks())
		skip();
	assert_int_equal(insert_user("first", &id), DBW_OK);
	assert_int_equal(dbw__count(s.any, &user__model, &query, &count), DBW_OK);
	before = allocations;
	assert_int_equal(dbw__count(s.any, &user__model, &query, &count), DBW_OK);
	assert_int_equal(allocations - before, 0);
	assert_true(count == 1);
}

/* A page: what its rows are in, and what their texts and its own are in. */
static void page__of_a_known_shape_asks_for_memory_twice(void **state)
{
	const user_query query = { .where = { .name = dbw_ne("x") },
		.order_by = { { .bio = DBW_DESC }, { .balance = DBW_ASC } },
		.limit = 2 };
	user_page first, page;
	size_t before;
	int64_t id;

	(void)state;
	if (!has_chunks())
		skip();
	for (int i = 0; i < 5; i++)
		assert_int_equal(insert_user((const char[]){ (char)('a' + i), '\0' }, &id), DBW_OK);
	for (int turn = 0; turn < 2; turn++) {
		before = allocations;
		assert_int_equal(dbw__find_page(s.any, &user__model, &query, NULL, &first), DBW_OK);
		if (turn != 0)
			assert_int_equal(allocations - before, 2);
		before = allocations;
		assert_int_equal(dbw__find_page(s.any, &user__model, &query, first.next, &page), DBW_OK);
		assert_true(page.next != NULL && page.previous != NULL);
		if (turn != 0)
			assert_int_equal(allocations - before, 2);
		dbw__page_free(&first);
		dbw__page_free(&page);
	}
}

static void update__of_a_known_shape_asks_for_none(void **state)
{
	user row = USER_INIT;
	size_t before;

	(void)state;
	row.name = row.email = "a";
	assert_int_equal(dbw__insert(s.any, &user__model, &row), DBW_OK);
	assert_int_equal(dbw__update(s.any, &user__model, &row, &(user_columns){ .name = 1 }), DBW_OK);
	before = allocations;
	assert_int_equal(dbw__update(s.any, &user__model, &row, &(user_columns){ .name = 1 }), DBW_OK);
	assert_int_equal(allocations - before, 0);
}

static void list__of_a_hundred_thousand_asks_for_forty_at_most(void **state)
{
	user_list list;
	size_t before;

	(void)state;
	if (!has_chunks())
		skip();
	for (int i = 0; i < 100000; i++) {
		char email[32];
		int64_t id;

		snprintf(email, sizeof email, "%d@example.com", i);
		assert_int_equal(insert_user(email, &id), DBW_OK);
	}
	before = allocations;
	assert_int_equal(dbw__find(s.any, &user__model, NULL, &list), DBW_OK);
	assert_int_equal(list.count, 100000);
	assert_in_range(allocations - before, 1, 40);
	dbw__list_free(&list);
}

/*
 * Runs a step with its 1st, 2nd, 3rd ... allocation failing, each time in new databases, where no statement is prepared
 * yet. Every refusal is told as what it is and leaves nothing behind: the leak check at exit sees to that.
 */
static void try_every(dbw_status (*step)(dbw_session session), bool reads)
{
	size_t refusals = 0;
	bool reached = true;

	for (size_t n = 1; reached; n++) {
		dbw_status status;
		int64_t id;

		assert_int_equal(setup(NULL), 0);
		if (reads) {
			auth_reader reader;

			assert_int_equal(insert_user("a", &id), DBW_OK);
			assert_int_equal(dbw__commit(s.any), DBW_OK);
			assert_int_equal(auth_read_begin(databases, "reader", &reader, &error), DBW_OK);
			s.any = reader.any;
		}
		allocations_fail(n, false);
		status = step(s.any);
		reached = allocations_recover();
		if (status != DBW_OK) {
			refusals++;
			assert_true(reached);
			assert_int_equal(status, DBW_OUT_OF_MEMORY);
			assert_int_equal(dbw_session_error(s.any)->status, DBW_OUT_OF_MEMORY);
			assert_true(dbw_session_error(s.any)->message[0] != '\0');
			/* What only reads can be asked again. */
			if (reads)
				assert_int_equal(step(s.any), DBW_OK);
			else
				assert_true(dbw__commit(s.any) == DBW_SESSION_FAILED ||
					    dbw_session_error(s.any)->status == DBW_ENDED);
		}
		assert_int_equal(teardown(NULL), 0);
	}
	assert_true(refusals > 0);
}

static dbw_status step_insert(dbw_session session)
{
	user row = USER_INIT;
	note text = NOTE_INIT;
	dbw_status status;

	row.name = row.email = "a";
	row.id = 1;
	status = dbw__insert(session, &user__model, &row);
	if (status != DBW_OK) {
		assert_true(dbw_timestamp_is_unset(row.created_at));
		return status;
	}
	text.title = "t";
	text.user_id = 1;
	status = dbw__insert(session, &note__model, &text);
	if (status == DBW_OK)
		assert_string_equal(text.slug, "note");
	else
		assert_true(text.id == 0 && text.slug == DBW_TEXT_UNSET && text.title_bytes == 0);
	return status;
}

static dbw_status step_update(dbw_session session)
{
	note text = NOTE_INIT;
	dbw_status status = step_insert(session);

	if (status != DBW_OK)
		return status;
	text.id = 1;
	text.title = "another";
	status = dbw__update(session, &note__model, &text, &(note_columns){ .title = 1 });
	assert_true(status == DBW_OK ? text.version == 2 && text.title_bytes == 7
				     : text.version == 1 && text.title_bytes == 0);
	return status;
}

static dbw_status step_find_by(dbw_session session)
{
	const int64_t id = 1;
	const void *const key[] = { &id };
	user *found;
	dbw_status status = dbw__find_by(session, &user__model, DBW_STATEMENT_FIND, key, &found);

	assert_int_equal(found != NULL, status == DBW_OK);
	dbw__row_free(&user__model, found);
	return status;
}

static dbw_status step_list(dbw_session session)
{
	int64_t ids[100] = { 1 };
	user_query query = { .where = { .id = dbw_in(ids, 100), .bio = dbw_like("%o%") },
		.order_by = { { .name = DBW_ASC } } };
	user_list list;
	dbw_status status = dbw__find(session, &user__model, &query, &list);

	assert_int_equal(list.count, status == DBW_OK);
	assert_non_null(list.items);
	dbw__list_free(&list);
	return status;
}

static dbw_status step_find_one(dbw_session session)
{
	user_query query = { .where = { .name = dbw_like("%a%") }, .order_by = { { .id = DBW_ASC } } };
	user *found;
	dbw_status status = dbw__find_one(session, &user__model, &query, &found);

	assert_int_equal(found != NULL, status == DBW_OK);
	dbw__row_free(&user__model, found);
	return status;
}

static dbw_status step_lock(dbw_session session)
{
	user_query query = { .where = { .name = dbw_like("%a%") }, .lock_ = DBW_FOR_UPDATE };
	user *found;
	dbw_status status = step_insert(session);

	if (status != DBW_OK)
		return status;
	status = dbw__find_one(session, &user__model, &query, &found);
	assert_int_equal(found != NULL, status == DBW_OK);
	dbw__row_free(&user__model, found);
	return status;
}

/* Some of the columns, in a list and in a row of its own. */
static dbw_status step_projection(dbw_session session)
{
	user_query query = { .columns = { .name = 1 } };
	user_list list;
	user *found = NULL;
	dbw_status status = dbw__find(session, &user__model, &query, &list);

	assert_int_equal(list.count, status == DBW_OK);
	if (status == DBW_OK) {
		assert_true(dbw__row_is_absent(&user__model, &list.items[0], 2));
		status = dbw__find_one(session, &user__model, &query, &found);
	}
	if (status == DBW_OK)
		assert_true(dbw__row_is_absent(&user__model, found, 2));
	dbw__row_free(&user__model, found);
	dbw__list_free(&list);
	return status;
}

/* Two cursors of one query: the second one runs a statement of its own. */
static dbw_status step_cursor(dbw_session session)
{
	static int64_t ids[20000] = { 1 };
	const char *names[] = { "a name of ordinary length", "another" };
	user_query query = { .where = { .id = dbw_in(ids, 20000), .name = dbw_in(names, 2) },
		.columns = { .name = 1 } };
	dbw_cursor cursors[2] = { { NULL, 0 }, { NULL, 0 } };
	const user *row = NULL;
	dbw_status status = DBW_OK;

	for (size_t i = 0; status == DBW_OK && i < 2; i++) {
		status = dbw__cursor_open(session, &user__model, &query, &cursors[i]);
		if (status == DBW_OK)
			status = dbw__cursor_next(&cursors[i], &row);
		if (status == DBW_OK)
			assert_string_equal(row->name, names[0]);
	}
	dbw__cursor_close(&cursors[0]);
	if (status == DBW_OK)
		status = dbw__cursor_next(&cursors[1], &row);
	/* One is left to the end of the session. */
	assert_true(status != DBW_OK || row == NULL);
	return status;
}

/* A list that is one parameter on SQLite, and groups that need more room than a request has by itself. */
static dbw_status step_filter(dbw_session session)
{
	static int64_t ids[20000] = { 1 };
	user_filter many[20] = { { .id = dbw_not_in(ids, 0) } };
	user_query query = { .where = { .id = dbw_in(ids, 20000),
				     .any_of_ = { many, 20 },
				     .none_of_ = USER_NONE_OF({ .name = dbw_contains("%") }) } };
	int64_t count;
	dbw_status status;

	for (int i = 1; i < 20; i++) {
		many[i].name = dbw_istarts_with("A");
		many[i].email = dbw_ends_with("x");
	}
	status = dbw__count(session, &user__model, &query, &count);
	assert_true(count == (status == DBW_OK));
	return status;
}

static dbw_status step_count(dbw_session session)
{
	int64_t count;
	bool exists;
	dbw_status status = dbw__count(session, &user__model, NULL, &count);

	assert_true(count == (status == DBW_OK));
	if (status == DBW_OK) {
		status = dbw__exists(session, &user__model, NULL, &exists);
		assert_int_equal(exists, status == DBW_OK);
	}
	return status;
}

static void insert__survives_every_failure(void **state)
{
	(void)state;
	try_every(step_insert, false);
}

static void update__survives_every_failure(void **state)
{
	(void)state;
	try_every(step_update, false);
}

static void find_by__survives_every_failure(void **state)
{
	(void)state;
	try_every(step_find_by, true);
}

static void list__survives_every_failure(void **state)
{
	(void)state;
	try_every(step_list, true);
}

static void find_one__survives_every_failure(void **state)
{
	(void)state;
	try_every(step_find_one, true);
}

static void lock__survives_every_failure(void **state)
{
	(void)state;
	try_every(step_lock, false);
}

static void projection__survives_every_failure(void **state)
{
	(void)state;
	try_every(step_projection, true);
}

static void cursor__survives_every_failure(void **state)
{
	(void)state;
	try_every(step_cursor, true);
}

static void cursor__of_a_known_shape_asks_for_none(void **state)
{
	user_query query = { .where = { .name = dbw_like("a%") }, .columns = { .name = 1, .bio = 1 } };
	size_t before = 0;
	int64_t id;

	(void)state;
	if (!has_chunks())
		skip();
	assert_int_equal(insert_user("first", &id), DBW_OK);
	assert_int_equal(insert_user("second", &id), DBW_OK);
	for (int round = 0; round < 2; round++) {
		dbw_cursor cursor;
		const user *row;
		int count = -1;

		before = allocations;
		assert_int_equal(dbw__cursor_open(s.any, &user__model, &query, &cursor), DBW_OK);
		do {
			count++;
			assert_int_equal(dbw__cursor_next(&cursor, &row), DBW_OK);
		} while (row != NULL);
		dbw__cursor_close(&cursor);
		assert_int_equal(count, 2);
	}
	assert_int_equal(allocations - before, 0);
}

static void filter__survives_every_failure(void **state)
{
	(void)state;
	try_every(step_filter, true);
}

/* The bio three times makes texts that are longer than what needs no memory. */
static const user_query paged = { .order_by = { { .bio = DBW_DESC }, { .bio = DBW_DESC }, { .bio = DBW_ASC },
					  { .email = DBW_ASC } },
	.limit = 1 };

/* Texts of places behind users with the addresses "A" and "a", the second of which is there. */
static char *behind_nobody, *behind_everybody;

/* A page with a row; the empty one behind it, and from there back to the row. */
static dbw_status step_page(dbw_session session)
{
	user_page page, back;
	dbw_status status = dbw__find_page(session, &user__model, &paged, behind_nobody, &page);

	assert_int_equal(page.rows.count, status == DBW_OK);
	assert_int_equal(page.previous != NULL, status == DBW_OK);
	dbw__page_free(&page);
	if (status != DBW_OK)
		return status;
	status = dbw__find_page(session, &user__model, &paged, behind_everybody, &page);
	assert_int_equal(page.rows.count, 0);
	assert_int_equal(page.previous != NULL, status == DBW_OK);
	if (status == DBW_OK) {
		status = dbw__find_page(session, &user__model, &paged, page.previous, &back);
		assert_int_equal(back.rows.count, status == DBW_OK);
		dbw__page_free(&back);
	}
	dbw__page_free(&page);
	return status;
}

static char *next_page(const char *from)
{
	user_page page;
	char *text;

	assert_int_equal(dbw__find_page(s.any, &user__model, &paged, from, &page), DBW_OK);
	text = strdup(page.next);
	assert_non_null(text);
	dbw__page_free(&page);
	return text;
}

static void page__survives_every_failure(void **state)
{
	int64_t id;

	(void)state;
	/* A text means the same in all databases. */
	assert_int_equal(setup(NULL), 0);
	assert_int_equal(insert_user("b", &id), DBW_OK);
	assert_int_equal(insert_user("a", &id), DBW_OK);
	assert_int_equal(insert_user("A", &id), DBW_OK);
	behind_nobody = next_page(NULL);
	behind_everybody = next_page(behind_nobody);
	assert_int_equal(teardown(NULL), 0);
	try_every(step_page, true);
	free(behind_nobody);
	free(behind_everybody);
}

static void count__survives_every_failure(void **state)
{
	(void)state;
	try_every(step_count, true);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(insert__asks_for_no_memory),
		TEST(find__asks_for_memory_once),
		cmocka_unit_test(copy__asks_for_memory_once),
		cmocka_unit_test(copy__without_memory),
		TEST(query__of_a_known_shape_asks_for_none),
		TEST(group__of_a_known_shape_asks_for_none),
		TEST(page__of_a_known_shape_asks_for_memory_twice),
		TEST(update__of_a_known_shape_asks_for_none),
		TEST(list__of_a_hundred_thousand_asks_for_forty_at_most),
		cmocka_unit_test(insert__survives_every_failure),
		cmocka_unit_test(update__survives_every_failure),
		cmocka_unit_test(find_by__survives_every_failure),
		cmocka_unit_test(list__survives_every_failure),
		cmocka_unit_test(find_one__survives_every_failure),
		cmocka_unit_test(lock__survives_every_failure),
		cmocka_unit_test(projection__survives_every_failure),
		cmocka_unit_test(cursor__survives_every_failure),
		TEST(cursor__of_a_known_shape_asks_for_none),
		cmocka_unit_test(count__survives_every_failure),
		cmocka_unit_test(page__survives_every_failure),
		cmocka_unit_test(filter__survives_every_failure),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

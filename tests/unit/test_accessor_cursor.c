/* Cursors: what they hold of their session, how they end, and what fails them. */
#include "fixture_user.h"

#include <dbwright/generated.h>
#include <session/lease.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

typedef struct user_cursor {
	dbw_cursor any_;
} user_cursor;

static dbw_databases *databases;
static auth_session s;
static dbw_error error;

static size_t events, connections;
static char event_name[64];
static dbw_status event_status;

static void on_event(const dbw_event *event, void *argument)
{
	(void)argument;
	connections += event->kind == DBW_EVENT_CONNECT;
	if (event->kind != DBW_EVENT_STATEMENT)
		return;
	events++;
	event_status = event->status;
	assert_true(event->sql != NULL || event->status != DBW_OK);
	assert_true(event->duration_ns >= 0);
	snprintf(event_name, sizeof event_name, "%s %lld", event->statement, (long long)event->rows);
}

static void add(const char *name, const char *bio)
{
	static int number;
	char email[16];
	user row = USER_INIT;

	snprintf(email, sizeof email, "%d", ++number);
	row.name = name;
	row.email = email;
	row.bio = bio;
	assert_int_equal(dbw__insert(s.any, &user__model, &row), DBW_OK);
}

static int setup(void **state)
{
	(void)state;
	assert_int_equal(dbw_databases_open(&databases, &fixture_program,
				 &(dbw_options){ .on_event = on_event }, &error),
		DBW_OK);
	assert_int_equal(auth_begin(databases, "fill", &s, &error), DBW_OK);
	assert_int_equal(dbw__create_tables(s.any, &auth__tables), DBW_OK);
	add("a", "x");
	add("b", NULL);
	add("c", "z");
	assert_int_equal(dbw__commit(s.any), DBW_OK);
	assert_int_equal(auth_begin(databases, "cursor", &s, &error), DBW_OK);
	events = connections = 0;
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	assert_int_equal(dbw__end(s.any), DBW_OK);
	assert_int_equal(dbw_databases_close(databases, &error), DBW_OK);
	return 0;
}

#define TOLD(call, expected, text)                                            \
	do {                                                                  \
		assert_int_equal(call, expected);                             \
		assert_string_equal(dbw_session_error(s.any)->message, text); \
	} while (0)

static user_cursor open_cursor(const user_query *query)
{
	user_cursor cursor;

	assert_int_equal(dbw__cursor_open(s.any, &user__model, query, &cursor), DBW_OK);
	return cursor;
}

/* The name of the next row, "" at the end. */
static const char *next(user_cursor *cursor)
{
	const user *row;

	assert_int_equal(dbw__cursor_next(cursor, &row), DBW_OK);
	return row == NULL ? "" : row->name;
}

static const user_query by_name = { .order_by = { { .name = DBW_ASC } } };

static void next__gives_rows_that_stand_until_the_next_call(void **state)
{
	user_cursor cursor = open_cursor(&by_name);
	const user *row, *first;

	(void)state;
	assert_int_equal(dbw__cursor_next(&cursor, &row), DBW_OK);
	assert_string_equal(row->name, "a");
	assert_string_equal(row->bio, "x");
	assert_int_equal(row->row_.origin, DBW_ROW_READ);
	assert_null(row->row_.absent);
	first = row;
	/* NULL where the row before had something. */
	assert_int_equal(dbw__cursor_next(&cursor, &row), DBW_OK);
	assert_ptr_equal(row, first);
	assert_string_equal(row->name, "b");
	assert_null(row->bio);
	assert_string_equal(next(&cursor), "c");
	/* The end stays the end. */
	assert_string_equal(next(&cursor), "");
	assert_string_equal(next(&cursor), "");
	dbw__cursor_close(&cursor);
	dbw__cursor_close(&cursor);
	dbw__cursor_close(NULL);
	assert_int_equal(dbw__cursor_next(&cursor, &row), DBW_ENDED);
	assert_null(row);
	assert_int_equal(dbw__cursor_next(NULL, &row), DBW_ENDED);
}

static void open__keeps_what_the_query_points_to(void **state)
{
	char text[] = "a", bytes[] = "c";
	const char *names[] = { bytes, text };
	user_query query = { .where = { .name = dbw_in(names, 2), .bio = dbw_like("%") },
		.order_by = { { .name = DBW_ASC } } };
	user_cursor cursor = open_cursor(&query);

	(void)state;
	text[0] = bytes[0] = 'x';
	names[0] = names[1] = NULL;
	memset(&query, 0xff, sizeof query);
	assert_string_equal(next(&cursor), "a");
	assert_string_equal(next(&cursor), "c");
	assert_string_equal(next(&cursor), "");
	dbw__cursor_close(&cursor);
}

/* A list that is one parameter. */
static void open__keeps_a_long_list(void **state)
{
	static int64_t ids[20000] = { 3, 1 };
	user_query query = { .where = { .id = dbw_in(ids, 20000) }, .order_by = { { .id = DBW_ASC } } };
	user_cursor cursor = open_cursor(&query);

	(void)state;
	ids[0] = ids[1] = 0;
	assert_string_equal(next(&cursor), "a");
	assert_string_equal(next(&cursor), "c");
	assert_string_equal(next(&cursor), "");
	dbw__cursor_close(&cursor);
}

static void cursors__of_one_query_run_side_by_side(void **state)
{
	user_cursor cursors[4];
	user_list list;

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		cursors[i] = open_cursor(&by_name);
		for (size_t j = 0; j < i; j++)
			next(&cursors[i]);
	}
	assert_string_equal(next(&cursors[0]), "a");
	assert_string_equal(next(&cursors[1]), "b");
	assert_string_equal(next(&cursors[2]), "c");
	assert_string_equal(next(&cursors[3]), "");
	/* And a list of the same query. */
	assert_int_equal(dbw__find(s.any, &user__model, &by_name, &list), DBW_OK);
	assert_int_equal(list.count, 3);
	dbw__list_free(&list);
	assert_string_equal(next(&cursors[0]), "b");
	for (size_t i = 0; i < 4; i++)
		dbw__cursor_close(&cursors[i]);
}

static void cursors__have_a_limit_that_is_told(void **state)
{
	user_cursor cursors[128], another;
	const user *row;

	(void)state;
	for (size_t i = 0; i < 128; i++)
		cursors[i] = open_cursor(NULL);
	TOLD(dbw__cursor_open(s.any, &user__model, NULL, &another), DBW_BUSY,
		"128 queries are open on this connection: end some");
	assert_int_equal(dbw__cursor_next(&another, &row), DBW_ENDED);
	for (size_t i = 0; i < 128; i++)
		dbw__cursor_close(&cursors[i]);
}

static void cursor__keeps_the_session_from_writing(void **state)
{
	static const char refused[] =
		"session \"cursor\": a cursor is open, and what it sees of a write is not the same on all engines; "
		"close it first";
	user_cursor cursor = open_cursor(&by_name);
	user row = USER_INIT, *found;
	const int64_t id = 1;
	const void *const key[] = { &id };
	dbw_session inner;
	int64_t count;

	(void)state;
	row.name = "d";
	row.email = "d";
	TOLD(dbw__insert(s.any, &user__model, &row), DBW_MISUSE, refused);
	TOLD(dbw__insert_many(s.any, &user__model, &row, 1), DBW_MISUSE, refused);
	TOLD(dbw__update(s.any, &user__model, &row, &(user_columns){ .name = 1 }), DBW_MISUSE, refused);
	TOLD(dbw__delete(s.any, &user__model, DBW_STATEMENT_DELETE, key), DBW_MISUSE, refused);
	TOLD(dbw__delete_all(s.any, &user__model, NULL), DBW_MISUSE, refused);
	TOLD(dbw__create_tables(s.any, &auth__tables), DBW_MISUSE, refused);
	TOLD(dbw__nest(s.any, "inner", &inner), DBW_MISUSE, refused);
	/* Reading goes on. */
	assert_string_equal(next(&cursor), "a");
	assert_int_equal(dbw__find_by(s.any, &user__model, DBW_STATEMENT_FIND, key, &found), DBW_OK);
	assert_string_equal(found->name, "a");
	dbw__row_free(&user__model, found);
	assert_int_equal(dbw__count(s.any, &user__model, NULL, &count), DBW_OK);
	assert_string_equal(next(&cursor), "b");
	assert_string_equal(next(&cursor), "c");
	assert_int_equal(dbw__insert(s.any, &user__model, &row), DBW_MISUSE);
	/* A cursor that has given its last row is in nobody's way. */
	assert_string_equal(next(&cursor), "");
	assert_int_equal(dbw__insert(s.any, &user__model, &row), DBW_OK);
	dbw__cursor_close(&cursor);
	cursor = open_cursor(&by_name);
	dbw__cursor_close(&cursor);
	assert_int_equal(dbw__nest(s.any, "inner", &inner), DBW_OK);
	assert_int_equal(dbw__cursor_open(s.any, &user__model, NULL, &cursor), DBW_MISUSE);
	assert_int_equal(dbw__cursor_open(inner, &user__model, NULL, &cursor), DBW_OK);
	/* The end of a savepoint ends its cursors, whichever way. */
	assert_int_equal(dbw__commit(inner), DBW_OK);
	assert_int_equal(dbw__cursor_next(&cursor, &found), DBW_ENDED);
	assert_int_equal(dbw__nest(s.any, "inner", &inner), DBW_OK);
	assert_int_equal(dbw__cursor_open(inner, &user__model, NULL, &cursor), DBW_OK);
	assert_int_equal(dbw__end(inner), DBW_OK);
	assert_int_equal(dbw__cursor_next(&cursor, &found), DBW_ENDED);
	row.id = 0;
	row.email = "e";
	assert_int_equal(dbw__insert(s.any, &user__model, &row), DBW_OK);
	assert_int_equal(dbw__commit(s.any), DBW_OK);
}

static void session__that_ends_ends_its_cursors(void **state)
{
	user_cursor cursor = open_cursor(&by_name), read;
	const user *row;
	user one = USER_INIT;
	auth_reader reader;
	int64_t count;

	(void)state;
	assert_string_equal(next(&cursor), "a");
	assert_int_equal(dbw__commit(s.any), DBW_OK);
	assert_int_equal(dbw__cursor_next(&cursor, &row), DBW_ENDED);
	assert_null(row);
	/* The same slot and the same place, but not the same cursor. */
	assert_int_equal(auth_begin(databases, "again", &s, &error), DBW_OK);
	read = open_cursor(&by_name);
	assert_int_equal(dbw__cursor_next(&cursor, &row), DBW_ENDED);
	dbw__cursor_close(&cursor);
	assert_string_equal(next(&read), "a");
	assert_int_equal(dbw__end(s.any), DBW_OK);
	assert_int_equal(dbw__cursor_next(&read, &row), DBW_ENDED);
	dbw__cursor_close(&read);
	assert_int_equal(auth_read_begin(databases, "reader", &reader, &error), DBW_OK);
	s.any = reader.any;
	cursor = open_cursor(&by_name);
	assert_string_equal(next(&cursor), "a");
	assert_int_equal(dbw__end(reader.any), DBW_OK);
	/* The connection went back clean each time: it is the same one, and it writes. */
	assert_int_equal(auth_begin(databases, "after", &s, &error), DBW_OK);
	one.name = one.email = "d";
	assert_int_equal(dbw__insert(s.any, &user__model, &one), DBW_OK);
	assert_int_equal(dbw__count(s.any, &user__model, NULL, &count), DBW_OK);
	assert_true(count == 4);
	assert_int_equal(connections, 0);
	dbw__cursor_close(&cursor);
}

static void session__that_has_failed_gives_no_rows(void **state)
{
	user_cursor cursor = open_cursor(&by_name);
	user twice = USER_INIT;
	const user *row;

	(void)state;
	/* Only a cursor that has come to its end lets the session write at all. */
	while (next(&cursor)[0] != '\0')
		;
	twice.name = twice.email = "d";
	assert_int_equal(dbw__insert(s.any, &user__model, &twice), DBW_OK);
	twice.id = 0;
	assert_int_equal(dbw__insert(s.any, &user__model, &twice), DBW_CONFLICT);
	assert_int_equal(dbw__cursor_next(&cursor, &row), DBW_SESSION_FAILED);
	assert_int_equal(dbw__cursor_open(s.any, &user__model, NULL, &cursor), DBW_SESSION_FAILED);
	dbw__cursor_close(&cursor);
}

static void run(const char *sql)
{
	dbw__call call = { .model = &user__model, .statement = "test" };
	dbw__lease *lease;

	assert_int_equal(dbw__session_enter(s.any, true, &lease), DBW_OK);
	assert_int_equal(
		dbw__session_leave(lease, lease->driver->run(lease->connection, sql, lease->error), &call),
		DBW_OK);
}

static void value__that_does_not_fit_ends_the_cursor(void **state)
{
	user_cursor cursor;
	const user *row;
	user one = USER_INIT;

	(void)state;
	run("PRAGMA ignore_check_constraints = ON");
	run("UPDATE users SET role = 'nobody' WHERE name = 'b'");
	cursor = open_cursor(&by_name);
	assert_string_equal(next(&cursor), "a");
	TOLD(dbw__cursor_next(&cursor, &row), DBW_DATA,
		"user.role: the stored text is not one of the values of the enum");
	assert_null(row);
	assert_int_equal(event_status, DBW_DATA);
	assert_int_equal(dbw__cursor_next(&cursor, &row), DBW_ENDED);
	dbw__cursor_close(&cursor);
	/* Reading what somebody else has written does not fail the session. */
	one.name = one.email = "d";
	assert_int_equal(dbw__insert(s.any, &user__model, &one), DBW_OK);
	run("PRAGMA ignore_check_constraints = OFF");
}

static void event__comes_with_the_last_row(void **state)
{
	user_cursor cursor = open_cursor(&by_name);

	(void)state;
	next(&cursor);
	next(&cursor);
	next(&cursor);
	assert_int_equal(events, 0);
	next(&cursor);
	assert_int_equal(events, 1);
	assert_string_equal(event_name, "user_cursor 3");
	dbw__cursor_close(&cursor);
	assert_int_equal(events, 1);
	/* Or where it is closed, or ended with its session. */
	cursor = open_cursor(&by_name);
	next(&cursor);
	dbw__cursor_close(&cursor);
	assert_int_equal(events, 2);
	assert_string_equal(event_name, "user_cursor 1");
	cursor = open_cursor(&by_name);
	assert_int_equal(dbw__commit(s.any), DBW_OK);
	assert_int_equal(events, 3);
	assert_string_equal(event_name, "user_cursor 0");
	assert_int_equal(event_status, DBW_OK);
}

static void mistakes__are_told(void **state)
{
	static const dbw_schema other = { .abi = DBW_ABI, .name = "other" };
	const char *missing = NULL;
	user_query query = { .where = { .email = dbw_eq(missing) } };
	dbw_model stranger = user__model;
	user_cursor cursor;
	const user *row;

	(void)state;
	stranger.schema = &other;
	memset(&cursor, 0xff, sizeof cursor);
	TOLD(dbw__cursor_open(s.any, &stranger, NULL, &cursor), DBW_MISUSE,
		"user belongs to schema other, the session to schema auth");
	assert_null(cursor.any_.reading);
	TOLD(dbw__cursor_open(s.any, &user__model, &query, &cursor), DBW_MISUSE,
		"user.email: dbw_eq(NULL) matches nothing, and the field is never NULL");
	TOLD(dbw__cursor_open(s.any, &user__model, NULL, NULL), DBW_MISUSE,
		"user: there is no place for the cursor");
	assert_int_equal(dbw__cursor_open((dbw_session){ NULL, 0 }, &user__model, NULL, &cursor), DBW_ENDED);
	assert_int_equal(dbw__cursor_next(&cursor, &row), DBW_ENDED);
	cursor = open_cursor(NULL);
	TOLD(dbw__cursor_next(&cursor, NULL), DBW_MISUSE, "user: there is no place for the row");
	assert_string_equal(next(&cursor), "a");
	/* Nothing was in the way of the session. */
	dbw__cursor_close(&cursor);
	add("d", NULL);
}

static void fork__the_child_leaves_the_cursor_alone(void **state)
{
	user_cursor cursor = open_cursor(&by_name);
	const user *row;
	int result;
	pid_t child;

	(void)state;
	assert_string_equal(next(&cursor), "a");
	child = fork();
	if (child == 0) {
		if (dbw__cursor_next(&cursor, &row) != DBW_FORKED || row != NULL)
			_exit(1);
		dbw__cursor_close(&cursor);
		_exit(dbw__cursor_next(&cursor, &row) == DBW_ENDED ? 0 : 2);
	}
	assert_true(child > 0);
	assert_int_equal(waitpid(child, &result, 0), child);
	assert_true(WIFEXITED(result));
	assert_int_equal(WEXITSTATUS(result), 0);
	assert_string_equal(next(&cursor), "b");
	dbw__cursor_close(&cursor);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(next__gives_rows_that_stand_until_the_next_call),
		TEST(open__keeps_what_the_query_points_to),
		TEST(open__keeps_a_long_list),
		TEST(cursors__of_one_query_run_side_by_side),
		TEST(cursors__have_a_limit_that_is_told),
		TEST(cursor__keeps_the_session_from_writing),
		TEST(session__that_ends_ends_its_cursors),
		TEST(session__that_has_failed_gives_no_rows),
		TEST(value__that_does_not_fit_ends_the_cursor),
		TEST(event__comes_with_the_last_row),
		TEST(mistakes__are_told),
		TEST(fork__the_child_leaves_the_cursor_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

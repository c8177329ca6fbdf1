/* What a program should not do, and what comes of it: a status each time, the same on both engines, and never a crash. */
#include "opened.h"

#include <sys/wait.h>
#include <unistd.h>

static int64_t users(void **state)
{
	store_reader r = begin_reading(state, "count");
	int64_t count;

	assert_ok(user_count(r, NULL, &count), r);
	store_read_end(r);
	return count;
}

static void never(dbw_status outcome, void *argument)
{
	(void)outcome;
	(void)argument;
	fail();
}

/* Every kind of call, on a session on which none may do anything. */
static void assert_all(store_session s, dbw_status expected)
{
	user row = new_user("Ada", "ada@example.com"), rows[2] = { row, row }, *found = &row;
	user_list list = { .count = 1 };
	user_page first;
	user_cursor cursor;
	const user *next;
	int64_t count = 7;
	bool flag = true;
	store_session inner;
	dbw_records records;

	assert_int_equal(user_insert(s, &row), expected);
	assert_int_equal(row.id, 0);
	assert_int_equal(user_insert_many(s, rows, 2), expected);
	assert_int_equal(user_load(s, rows, 2), expected);
	assert_int_equal(user_insert_or_ignore_by_email(s, &row, &flag), expected);
	assert_int_equal(user_upsert_by_email(s, &row, (user_columns){ .name = true }), expected);
	assert_int_equal(user_find_by_id(s.read, 1, &found), expected);
	assert_null(found);
	assert_int_equal(user_find(s.read, NULL, &list), expected);
	assert_int_equal(list.count, 0);
	assert_int_equal(user_find_one(s.read, NULL, &found), expected);
	assert_int_equal(user_find_page(s.read, &(user_query){ .limit = 1 }, NULL, &first), expected);
	assert_int_equal(user_count(s.read, NULL, &count), expected);
	assert_int_equal(user_exists(s.read, NULL, &flag), expected);
	assert_int_equal(user_delete_by_id(s, 1), expected);
	assert_int_equal(user_delete_all(s, &count), expected);
	assert_int_equal(
		user_update_where(s,
			&(user_change){ .where = { .id = dbw_eq(1) }, .set = { .name = dbw_set("x") } },
			&count),
		expected);
	assert_int_equal(user_cursor_open(s.read, NULL, &cursor), expected);
	assert_int_equal(user_cursor_next(&cursor, &next), DBW_ENDED);
	assert_null(next);
	user_cursor_close(&cursor);
	assert_int_equal(store_create_tables(s), expected);
	assert_int_equal(store_nest(s, "inside", &inner), expected);
	assert_int_equal(user_insert(inner, &row), DBW_ENDED);
	assert_int_equal(dbw_sql(s.any, DBW_SQL("SELECT 1"), NULL, 0, &records), expected);
	dbw_records_free(&records);
	assert_int_equal(dbw_sql_run(s.any, DBW_SQL("DELETE FROM users"), NULL, 0, NULL), expected);
	assert_int_equal(dbw_after_commit(s.any, never, NULL), expected);
	assert_int_equal(dbw_after_rollback(s.any, never, NULL), expected);
	assert_int_equal(dbw_session_error(s.any)->status, expected);
	assert_false(dbw_violated(s.any, USER_EMAIL_KEY));
}

static void misuse__a_handle_that_has_ended(void **state)
{
	store_session s = begin(state, "work"), copy = s, other;
	user row = new_user("Ada", "ada@example.com");

	assert_ok(user_insert(s, &row), s);
	assert_ok(store_commit(copy), copy);
	/* A copy ends with the handle, and its slot is another session's by now. */
	other = begin(state, "another");
	assert_all(s, DBW_ENDED);
	assert_all(copy, DBW_ENDED);
	assert_int_equal(store_commit(s), DBW_ENDED);
	assert_int_equal(store_cancel(s.read), DBW_ENDED);
	assert_null(dbw_native_handle(s.any, NULL));
	store_end(s);
	store_end(copy);
	store_read_end(s.read);
	assert_ok(store_commit(other), other);
	assert_int_equal(users(state), 1);
}

static void misuse__no_handle(void **state)
{
	store_session s = { 0 };

	(void)state;
	assert_all(s, DBW_ENDED);
	assert_int_equal(store_commit(s), DBW_ENDED);
	assert_int_equal(store_cancel(s.read), DBW_ENDED);
	store_end(s);
}

static void misuse__a_session_that_has_failed(void **state)
{
	store_session s = begin(state, "work");
	user row = new_user("Ada", "ada@example.com");

	assert_ok(user_insert(s, &row), s);
	row.id = 0;
	assert_int_equal(user_insert(s, &row), DBW_CONFLICT);
	assert_true(dbw_violated(s.any, USER_EMAIL_KEY));
	assert_all(s, DBW_SESSION_FAILED);
	assert_non_null(strstr(dbw_session_error(s.any)->message, "email"));
	assert_int_equal(store_commit(s), DBW_SESSION_FAILED);
	store_end(s);
	store_end(s);
	assert_int_equal(users(state), 0);
}

static void misuse__a_session_with_another_inside(void **state)
{
	store_session s = begin(state, "work"), inner, inmost;
	user row = new_user("Ada", "ada@example.com");

	assert_ok(store_nest(s, "inner", &inner), s);
	assert_ok(store_nest(inner, "inmost", &inmost), inner);
	assert_all(s, DBW_MISUSE);
	assert_all(inner, DBW_MISUSE);
	assert_int_equal(store_commit(s), DBW_MISUSE);
	assert_ok(user_insert(inmost, &row), inmost);
	/* What is inside ends with it. */
	store_end(s);
	assert_all(inner, DBW_ENDED);
	assert_all(inmost, DBW_ENDED);
	assert_int_equal(store_commit(inmost), DBW_ENDED);
	store_end(inmost);
	store_end(inner);
	assert_int_equal(users(state), 0);
}

static void misuse__a_cursor_of_a_session_that_has_ended(void **state)
{
	store_session s = begin(state, "work"), other;
	user row = new_user("Ada", "ada@example.com");
	user_cursor cursor, again;
	const user *next;

	assert_ok(user_insert(s, &row), s);
	assert_ok(user_cursor_open(s.read, NULL, &cursor), s);
	again = cursor;
	assert_ok(user_cursor_next(&cursor, &next), s);
	assert_non_null(next);
	assert_ok(store_commit(s), s);
	assert_int_equal(user_cursor_next(&cursor, &next), DBW_ENDED);
	assert_null(next);
	/* Another session in the slot, with a cursor of its own in the place of the first one. */
	other = begin(state, "another");
	user_cursor_close(&cursor);
	assert_ok(user_cursor_open(other.read, NULL, &cursor), other);
	assert_int_equal(user_cursor_next(&again, &next), DBW_ENDED);
	user_cursor_close(&again);
	assert_ok(user_cursor_next(&cursor, &next), other);
	assert_non_null(next);
	assert_int_equal(user_insert(other, &row), DBW_MISUSE);
	user_cursor_close(&cursor);
	user_cursor_close(&cursor);
	row.id = 0;
	row.email = "bob@example.com";
	assert_ok(user_insert(other, &row), other);
	assert_ok(store_commit(other), other);
	assert_int_equal(users(state), 2);
}

/* What a callback does: a session of its own, with another callback. */
struct chain {
	dbw_databases *databases;
	unsigned left;
	dbw_status status;
};

static void insert_one(dbw_status outcome, void *argument)
{
	struct chain *chain = argument;
	user row = new_user("Ada", chain->left % 2 == 0 ? "even@example.com" : "odd@example.com");
	store_session s;

	chain->status = store_begin(chain->databases, "what follows", &s, NULL);
	if (chain->status != DBW_OK || chain->left-- == 0) {
		store_end(s);
		return;
	}
	assert_int_equal(user_insert(s, &row), DBW_OK);
	assert_int_equal(dbw_after_commit(s.any, insert_one, chain), DBW_OK);
	assert_int_equal(store_commit(s), DBW_OK);
	(void)outcome;
}

static void misuse__callbacks_that_go_on(void **state)
{
	struct chain chain = { *state, 2, DBW_ENDED };
	store_session s = begin(state, "work");

	assert_ok(dbw_after_rollback(s.any, insert_one, &chain), s);
	store_end(s);
	assert_int_equal(chain.status, DBW_OK);
	assert_int_equal(users(state), 2);
}

static dbw_status commit_by_itself(store_session s, void *argument)
{
	(void)argument;
	return store_commit(s);
}

static dbw_status leave_one_inside(store_session s, void *argument)
{
	user row = new_user("Ada", "ada@example.com");
	store_session inner;
	dbw_status status = store_nest(s, "forgotten", &inner);

	(void)argument;
	return status == DBW_OK ? user_insert(inner, &row) : status;
}

static dbw_status leave_a_cursor(store_session s, void *argument)
{
	user row = new_user("Ada", "ada@example.com");
	dbw_status status = user_insert(s, &row);

	return status == DBW_OK ? user_cursor_open(s.read, NULL, argument) : status;
}

static void misuse__of_a_transaction(void **state)
{
	static const dbw_session_options options = { .purpose = "work" };
	user_cursor cursor;
	const user *next;
	dbw_error error;

	assert_int_equal(store_transaction(*state, &options, commit_by_itself, NULL, &error), DBW_MISUSE);
	assert_non_null(strstr(error.message, "ended the session by itself"));
	assert_int_equal(store_transaction(*state, &options, leave_one_inside, NULL, &error), DBW_MISUSE);
	assert_non_null(strstr(error.message, "\"forgotten\" is open"));
	assert_int_equal(users(state), 0);
	assert_int_equal(store_transaction(*state, &options, leave_a_cursor, &cursor, &error), DBW_OK);
	assert_int_equal(user_cursor_next(&cursor, &next), DBW_ENDED);
	user_cursor_close(&cursor);
	assert_int_equal(users(state), 1);
	assert_int_equal(store_transaction(*state, &options, NULL, NULL, &error), DBW_MISUSE);
	assert_int_equal(store_transaction(*state, NULL, leave_a_cursor, &cursor, &error), DBW_MISUSE);
	assert_int_equal(store_transaction(NULL, &options, leave_a_cursor, &cursor, &error), DBW_MISUSE);
}

/* cmocka's assertions would leave the child for the tests of the parent. */
#define CHECK_(condition)                                                              \
	do {                                                                           \
		if (!(condition)) {                                                    \
			fprintf(stderr, "child, line %d: %s\n", __LINE__, #condition); \
			return 1;                                                      \
		}                                                                      \
	} while (0)

/* In the child nothing of the parent's is touched, and everything says so. */
static int in_child(dbw_databases *databases, store_session s, user_cursor *cursor)
{
	user row = new_user("Eve", "eve@example.com");
	const user *next;
	store_session other;
	store_reader r;
	dbw_pool_statistics statistics;
	dbw_database_list list;

	CHECK_(user_insert(s, &row) == DBW_FORKED);
	CHECK_(user_cursor_next(cursor, &next) == DBW_FORKED);
	user_cursor_close(cursor);
	CHECK_(store_begin(databases, "child", &other, NULL) == DBW_FORKED);
	CHECK_(store_read_begin(databases, "child", &r, NULL) == DBW_FORKED);
	CHECK_(dbw_databases_statistics(databases, "store", &statistics, NULL) == DBW_FORKED);
	CHECK_(dbw_databases_list(databases, &list, NULL) == DBW_FORKED);
	CHECK_(dbw_databases_maintain(databases, NULL) == DBW_FORKED);
	CHECK_(dbw_databases_drain(databases, 0, NULL) == DBW_FORKED);
	CHECK_(!dbw_databases_have(databases, "store"));
	CHECK_(dbw_after_commit(s.any, never, NULL) == DBW_FORKED);
	CHECK_(dbw_native_handle(s.any, NULL) == NULL);
	CHECK_(store_cancel(s.read) == DBW_FORKED);
	CHECK_(store_commit(s) == DBW_FORKED);
	store_end(s);
	CHECK_(dbw_databases_close(databases, NULL) == DBW_OK);
	return 0;
}

static void misuse__across_fork(void **state)
{
	store_session s = begin(state, "work");
	user row = new_user("Ada", "ada@example.com");
	user_cursor cursor;
	const user *next;
	int status;
	pid_t child;

	assert_ok(user_insert(s, &row), s);
	assert_ok(dbw_after_rollback(s.any, never, NULL), s);
	assert_ok(user_cursor_open(s.read, NULL, &cursor), s);
	assert_ok(user_cursor_next(&cursor, &next), s);
	fflush(NULL);
	child = fork();
	assert_true(child >= 0);
	if (child == 0)
		_exit(in_child(*state, s, &cursor));
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	assert_string_equal(next->name, "Ada");
	assert_ok(user_cursor_next(&cursor, &next), s);
	assert_null(next);
	assert_ok(store_commit(s), s);
	assert_int_equal(users(state), 1);
}

static void begin_another(dbw_status outcome, void *argument)
{
	struct chain *chain = argument;
	store_session s;

	(void)outcome;
	chain->status = store_begin(chain->databases, "too late", &s, NULL);
}

/* Databases for a test that closes them. */
static void *opened(void **unused)
{
	void *databases = NULL;

	(void)unused;
	open_databases(&databases);
	return databases;
}

/* With everything open that can be, and callbacks that want more. */
static void misuse__close_with_everything_open(void **unused)
{
	void *databases = opened(unused), **state = &databases;
	struct chain chain = { databases, 0, DBW_OK };
	store_session s = begin(state, "work"), inner;
	store_reader r = begin_reading(state, "look");
	user row = new_user("Ada", "ada@example.com");
	user_cursor cursor, other;
	const user *next;
	dbw_error error;

	assert_ok(user_insert(s, &row), s);
	assert_ok(dbw_after_rollback(s.any, begin_another, &chain), s);
	assert_ok(store_nest(s, "inside", &inner), s);
	assert_ok(dbw_after_rollback(inner.any, begin_another, &chain), inner);
	assert_ok(user_cursor_open(inner.read, NULL, &cursor), inner);
	assert_ok(user_cursor_next(&cursor, &next), inner);
	assert_ok(user_cursor_open(r, NULL, &other), r);
	assert_int_equal(dbw_databases_close(*state, &error), DBW_LIFECYCLE);
	assert_non_null(strstr(error.message, "\"work\""));
	assert_non_null(strstr(error.message, "\"look\""));
	assert_int_equal(chain.status, DBW_LIFECYCLE);
	fresh_remove();
}

static void misuse__drained_with_everything_open(void **unused)
{
	void *databases = opened(unused), **state = &databases;
	store_session s = begin(state, "work"), inner, late;
	user row = new_user("Ada", "ada@example.com");
	user_cursor cursor;
	const user *next;
	dbw_error error;

	assert_ok(user_insert(s, &row), s);
	assert_ok(store_nest(s, "inside", &inner), s);
	assert_ok(user_cursor_open(inner.read, NULL, &cursor), inner);
	assert_int_equal(dbw_databases_drain(*state, -1, &error), DBW_LIFECYCLE);
	assert_int_equal(dbw_databases_drain(*state, 1, &error), DBW_LIFECYCLE);
	assert_all(s, DBW_ENDED);
	assert_all(inner, DBW_ENDED);
	assert_int_equal(user_cursor_next(&cursor, &next), DBW_ENDED);
	user_cursor_close(&cursor);
	assert_int_equal(store_commit(inner), DBW_ENDED);
	assert_int_equal(store_commit(s), DBW_ENDED);
	store_end(inner);
	store_end(s);
	assert_int_equal(store_begin(*state, "late", &late, &error), DBW_LIFECYCLE);
	assert_int_equal(dbw_databases_maintain(*state, NULL), DBW_OK);
	/* It was not theirs any more to end. */
	assert_int_equal(dbw_databases_close(*state, &error), DBW_LIFECYCLE);
	fresh_remove();
}

static dbw_status drain(store_session s, void *argument)
{
	user row = new_user("Ada", "ada@example.com");
	dbw_status status = user_insert(s, &row);

	assert_int_equal(dbw_databases_drain(argument, 0, NULL), DBW_LIFECYCLE);
	return status;
}

static void misuse__drained_under_a_transaction(void **unused)
{
	static const dbw_session_options options = { .purpose = "work" };
	void *databases = opened(unused);
	dbw_error error;

	assert_int_equal(store_transaction(databases, &options, drain, databases, &error), DBW_ENDED);
	assert_string_equal(error.message,
		"transaction \"work\": the databases are being closed, and nothing of it is kept");
	assert_int_equal(dbw_databases_close(databases, &error), DBW_LIFECYCLE);
	fresh_remove();
}

static void misuse__drained_for_ever(void **state)
{
	assert_int_equal(dbw_databases_drain(*state, INT64_MAX, NULL), DBW_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(misuse__a_handle_that_has_ended),
		CASE(misuse__no_handle),
		CASE(misuse__a_session_that_has_failed),
		CASE(misuse__a_session_with_another_inside),
		CASE(misuse__a_cursor_of_a_session_that_has_ended),
		CASE(misuse__callbacks_that_go_on),
		CASE(misuse__of_a_transaction),
		CASE(misuse__across_fork),
		cmocka_unit_test(misuse__close_with_everything_open),
		cmocka_unit_test(misuse__drained_with_everything_open),
		cmocka_unit_test(misuse__drained_under_a_transaction),
		CASE(misuse__drained_for_ever),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

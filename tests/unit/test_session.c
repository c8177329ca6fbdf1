#include "child.h"

#include "fixture_session.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static dbw_databases *databases;

static int open_fixture(void **state)
{
	dbw_error error;
	auth_session s;

	(void)state;
	if (dbw_databases_open(&databases, &fixture_program, NULL, &error) != DBW_OK ||
		auth_begin(databases, "create", &s, &error) != DBW_OK) {
		print_error("%s\n", error.message);
		return 1;
	}
	return fixture_create(s.any) != DBW_OK || dbw__commit(s.any) != DBW_OK;
}

static int close_fixture(void **state)
{
	dbw_error error;

	(void)state;
	return dbw_databases_close(databases, &error) != DBW_OK;
}

static auth_session begin(const char *purpose)
{
	auth_session s;
	dbw_error error;

	if (auth_begin(databases, purpose, &s, &error) != DBW_OK)
		fail_msg("%s", error.message);
	return s;
}

static int64_t users(void)
{
	auth_reader r;
	int64_t count = -1;
	dbw_error error;

	assert_int_equal(auth_read_begin(databases, "count", &r, &error), DBW_OK);
	assert_int_equal(fixture_count(r.any, "users", &count), DBW_OK);
	assert_int_equal(dbw__end(r.any), DBW_OK);
	return count;
}

static const char *message(auth_session s)
{
	return dbw_session_error(s.any)->message;
}

static void work__is_kept_by_commit_alone(void **state)
{
	auth_session s = begin("keep");

	(void)state;
	assert_int_equal(fixture_insert_user(s.any, "Ada", "ada@example.com", 0), DBW_OK);
	assert_int_equal(dbw_session_error(s.any)->status, DBW_OK);
	assert_int_equal(dbw__commit(s.any), DBW_OK);
	assert_int_equal(users(), 1);
	s = begin("drop");
	assert_int_equal(fixture_insert_user(s.any, "Bob", "bob@example.com", 0), DBW_OK);
	assert_int_equal(dbw__end(s.any), DBW_OK);
	assert_int_equal(users(), 1);
}

static void failed__conflict_then_commit_keeps_nothing(void **state)
{
	auth_session s = begin("conflict");
	int64_t count;

	(void)state;
	assert_int_equal(fixture_insert_user(s.any, "Ada", "ada@example.com", 0), DBW_OK);
	assert_int_equal(fixture_insert_user(s.any, "Eve", "ada@example.com", 0), DBW_CONFLICT);
	assert_true(dbw_violated(s.any, USER_EMAIL_KEY));
	assert_false(dbw_violated(s.any, USER_PKEY));
	assert_string_equal(message(s), "user.email: a row with this value exists (users_email_key)");
	assert_string_equal(dbw_session_error(s.any)->statement,
		user__model.statements[DBW_STATEMENT_INSERT].sql[DBW_SQLITE]);
	assert_int_equal(fixture_insert_user(s.any, "Eve", "eve@example.com", 0), DBW_SESSION_FAILED);
	assert_string_equal(message(s),
		"session \"conflict\" has failed: user.email: a row with this value exists "
		"(users_email_key)");
	assert_false(dbw_violated(s.any, USER_EMAIL_KEY));
	assert_int_equal(fixture_count(s.any, "users", &count), DBW_SESSION_FAILED);
	assert_int_equal(dbw__commit(s.any), DBW_SESSION_FAILED);
	assert_non_null(strstr(message(s), "users_email_key"));
	assert_int_equal(dbw__end(s.any), DBW_OK);
	assert_int_equal(users(), 0);
}

static void conflicts__name_constraint_and_field(void **state)
{
	auth_session s = begin("conflicts"), inner;

	(void)state;
	assert_int_equal(fixture_insert_user(s.any, "Ada", "ada@example.com", 0), DBW_OK);

	assert_int_equal(dbw__nest(s.any, "check", &inner.any), DBW_OK);
	assert_int_equal(fixture_insert_user(inner.any, "Bob", "bob@example.com", -1), DBW_CONFLICT);
	assert_true(dbw_violated(inner.any, USER_POSITIVE_BALANCE));
	assert_string_equal(message(inner),
		"user: the check does not hold (users_positive_balance): the balance must not be negative");
	assert_string_equal(
		dbw_session_error(inner.any)->constraint->message, "the balance must not be negative");
	assert_int_equal(dbw__end(inner.any), DBW_OK);

	assert_int_equal(dbw__nest(s.any, "not null", &inner.any), DBW_OK);
	assert_int_equal(fixture_insert_user(inner.any, NULL, "bob@example.com", 0), DBW_CONFLICT);
	assert_null(dbw_session_error(inner.any)->constraint);
	assert_string_equal(message(inner), "user.name: NULL is not allowed");
	assert_int_equal(dbw__end(inner.any), DBW_OK);

	assert_int_equal(dbw__nest(s.any, "implied check", &inner.any), DBW_OK);
	assert_int_equal(
		fixture_insert_user(inner.any, "Bob", "bob@example.com", INT64_C(10000000000)), DBW_CONFLICT);
	assert_null(dbw_session_error(inner.any)->constraint);
	assert_string_equal(message(inner),
		"user.balance: the check that the database has for it does not take the value");
	assert_int_equal(dbw__end(inner.any), DBW_OK);

	assert_int_equal(dbw__nest(s.any, "parent", &inner.any), DBW_OK);
	assert_int_equal(fixture_insert_session(inner.any, "t", 99), DBW_CONFLICT);
	assert_true(dbw_violated(inner.any, USER_SESSION_USER_FKEY));
	assert_string_equal(
		message(inner), "user_session.user_id: no user has this value (user_sessions_user_id_fkey)");
	assert_int_equal(dbw__end(inner.any), DBW_OK);

	assert_int_equal(fixture_insert_session(s.any, "t", 1), DBW_OK);
	assert_int_equal(dbw__nest(s.any, "moved", &inner.any), DBW_OK);
	assert_int_equal(fixture_move_session(inner.any, 1, 99), DBW_CONFLICT);
	assert_true(dbw_violated(inner.any, USER_SESSION_USER_FKEY));
	assert_int_equal(dbw__end(inner.any), DBW_OK);

	/* The session goes with its user; the note keeps it. */
	assert_int_equal(fixture_insert_note(s.any, "n", 1), DBW_OK);
	assert_int_equal(dbw__nest(s.any, "children", &inner.any), DBW_OK);
	assert_int_equal(fixture_delete_user(inner.any, 1), DBW_CONFLICT);
	assert_true(dbw_violated(inner.any, NOTE_USER_FKEY));
	assert_string_equal(message(inner), "user: rows of note refer to it (notes_user_id_fkey)");
	assert_int_equal(dbw__end(inner.any), DBW_OK);

	assert_int_equal(dbw__commit(s.any), DBW_OK);
	assert_int_equal(users(), 1);
}

static void nesting__a_failed_inner_session_leaves_the_outer_whole(void **state)
{
	auth_session s = begin("outer"), inner, again;
	int64_t count;

	(void)state;
	assert_int_equal(fixture_insert_user(s.any, "Ada", "ada@example.com", 0), DBW_OK);
	assert_int_equal(dbw__nest(s.any, "inner", &inner.any), DBW_OK);
	assert_int_equal(fixture_insert_user(s.any, "Bob", "bob@example.com", 0), DBW_MISUSE);
	assert_string_equal(
		message(s), "session \"outer\": the nested session \"inner\" is open; end it first");
	assert_int_equal(dbw__commit(s.any), DBW_MISUSE);
	assert_int_equal(dbw__nest(s.any, "second", &again.any), DBW_MISUSE);
	assert_null(again.any.slot);
	assert_int_equal(fixture_insert_user(inner.any, "Bob", "bob@example.com", 0), DBW_OK);
	assert_int_equal(fixture_insert_user(inner.any, "Eve", "ada@example.com", 0), DBW_CONFLICT);
	assert_int_equal(dbw__commit(inner.any), DBW_SESSION_FAILED);
	assert_int_equal(dbw__end(inner.any), DBW_OK);
	assert_int_equal(dbw__nest(s.any, "inner", &inner.any), DBW_OK);
	assert_int_equal(fixture_insert_user(inner.any, "Cyd", "cyd@example.com", 0), DBW_OK);
	assert_int_equal(dbw__commit(inner.any), DBW_OK);
	assert_int_equal(fixture_count(inner.any, "users", &count), DBW_ENDED);
	assert_int_equal(fixture_count(s.any, "users", &count), DBW_OK);
	assert_int_equal(count, 2);
	assert_int_equal(dbw__commit(s.any), DBW_OK);
	assert_int_equal(users(), 2);
}

static void nesting__ending_the_outer_ends_all(void **state)
{
	auth_session s = begin("outer"), inner, innermost;

	(void)state;
	assert_int_equal(dbw__nest(s.any, "inner", &inner.any), DBW_OK);
	assert_int_equal(dbw__nest(inner.any, "innermost", &innermost.any), DBW_OK);
	assert_int_equal(fixture_insert_user(innermost.any, "Ada", "ada@example.com", 0), DBW_OK);
	assert_int_equal(dbw__end(s.any), DBW_OK);
	assert_int_equal(dbw__commit(innermost.any), DBW_ENDED);
	assert_int_equal(dbw__commit(inner.any), DBW_ENDED);
	assert_int_equal(dbw__commit(s.any), DBW_ENDED);
	assert_int_equal(dbw__end(inner.any), DBW_OK);
	assert_int_equal(users(), 0);
}

static void nesting__is_sixteen_deep(void **state)
{
	auth_session levels[17], deeper;

	(void)state;
	levels[0] = begin("0");
	for (int i = 1; i <= 16; i++)
		assert_int_equal(dbw__nest(levels[i - 1].any, "deeper", &levels[i].any), DBW_OK);
	assert_int_equal(dbw__nest(levels[16].any, "too deep", &deeper.any), DBW_MISUSE);
	assert_string_equal(message(levels[16]), "sessions nest at most 16 deep");
	assert_int_equal(fixture_insert_user(levels[16].any, "Ada", "ada@example.com", 0), DBW_OK);
	for (int i = 16; i >= 0; i--)
		assert_int_equal(dbw__commit(levels[i].any), DBW_OK);
	assert_int_equal(users(), 1);
}

static void nesting__a_purpose_is_needed(void **state)
{
	auth_session s = begin("outer"), inner;

	(void)state;
	assert_int_equal(dbw__nest(s.any, NULL, &inner.any), DBW_MISUSE);
	assert_int_equal(dbw__nest(s.any, "", &inner.any), DBW_MISUSE);
	assert_int_equal(dbw__nest(s.any, "fine", &inner.any), DBW_OK);
	assert_int_equal(dbw__end(s.any), DBW_OK);
}

/* SQLite itself rolls the whole transaction back on some errors: no savepoint is left to go back to. */
static void nesting__a_lost_transaction_fails_the_outer(void **state)
{
	auth_session s = begin("outer"), inner;
	dbw__lease *lease;
	dbw__call call = { .statement = "by hand", .sent = true, .writes = true };

	(void)state;
	assert_int_equal(fixture_insert_user(s.any, "Ada", "ada@example.com", 0), DBW_OK);
	assert_int_equal(dbw__nest(s.any, "inner", &inner.any), DBW_OK);
	assert_int_equal(dbw__session_enter(inner.any, true, &lease), DBW_OK);
	assert_int_equal(lease->driver->run(lease->connection, "ROLLBACK", lease->error), DBW_OK);
	assert_int_equal(dbw__session_leave(lease, DBW_ENGINE, &call), DBW_ENGINE);
	assert_int_equal(dbw__end(inner.any), DBW_ENGINE);
	assert_int_equal(fixture_insert_user(s.any, "Bob", "bob@example.com", 0), DBW_SESSION_FAILED);
	assert_int_equal(dbw__commit(s.any), DBW_SESSION_FAILED);
	assert_int_equal(dbw__end(s.any), DBW_OK);
	assert_int_equal(users(), 0);
}

static void handles__that_ended_are_refused(void **state)
{
	auth_session old = begin("old"), s, none = { .any = { NULL, 0 } };
	auth_session inner;
	int64_t count = 7;

	(void)state;
	assert_int_equal(dbw__end(old.any), DBW_OK);
	s = begin("new");
	assert_ptr_equal(s.any.slot, old.any.slot);
	assert_int_equal(fixture_insert_user(old.any, "Ada", "ada@example.com", 0), DBW_ENDED);
	assert_int_equal(fixture_count(old.any, "users", &count), DBW_ENDED);
	assert_int_equal(dbw__commit(old.any), DBW_ENDED);
	assert_int_equal(dbw__nest(old.any, "inner", &inner.any), DBW_ENDED);
	assert_int_equal(dbw__end(old.any), DBW_OK);
	assert_int_equal(dbw_session_error(old.any)->status, DBW_ENDED);
	assert_string_equal(message(old), "the session has ended");
	assert_false(dbw_violated(old.any, USER_EMAIL_KEY));
	assert_int_equal(fixture_count(none.any, "users", &count), DBW_ENDED);
	assert_int_equal(dbw__end(none.any), DBW_OK);
	assert_int_equal(dbw__commit(none.any), DBW_ENDED);
	assert_int_equal(count, 7);
	assert_int_equal(fixture_insert_user(s.any, "Ada", "ada@example.com", 0), DBW_OK);
	assert_int_equal(dbw__commit(s.any), DBW_OK);
	assert_int_equal(users(), 1);
}

static void readers__do_not_write(void **state)
{
	auth_session s;
	auth_reader r;
	int64_t count;
	dbw_error error;

	(void)state;
	assert_int_equal(auth_read_begin(databases, "read", &r, &error), DBW_OK);
	assert_int_equal(fixture_count(r.any, "users", &count), DBW_OK);
	s.read = r;
	assert_int_equal(fixture_insert_user(s.any, "Ada", "ada@example.com", 0), DBW_MISUSE);
	assert_string_equal(message(s), "session \"read\": a reader cannot write");
	assert_int_equal(dbw__nest(s.any, "inner", &s.any), DBW_MISUSE);
	s.read = r;
	assert_int_equal(dbw__commit(s.any), DBW_MISUSE);
	assert_int_equal(fixture_count(r.any, "users", &count), DBW_OK);
	assert_int_equal(fixture_count(r.any, "nowhere", &count), DBW_SCHEMA_MISMATCH);
	assert_string_equal(message(s), "count: no such table: nowhere");
	assert_int_equal(fixture_count(r.any, "users", &count), DBW_OK);
	assert_int_equal(dbw__end(r.any), DBW_OK);
}

static void readers__see_one_moment(void **state)
{
	auth_session s;
	auth_reader r;
	int64_t count;
	dbw_error error;

	(void)state;
	assert_int_equal(auth_read_begin(databases, "read", &r, &error), DBW_OK);
	assert_int_equal(fixture_count(r.any, "users", &count), DBW_OK);
	s = begin("write");
	assert_int_equal(fixture_insert_user(s.any, "Ada", "ada@example.com", 0), DBW_OK);
	assert_int_equal(dbw__commit(s.any), DBW_OK);
	assert_int_equal(fixture_count(r.any, "users", &count), DBW_OK);
	assert_int_equal(count, 0);
	assert_int_equal(dbw__end(r.any), DBW_OK);
	assert_int_equal(users(), 1);
}

static void failed__not_by_what_was_refused_before(void **state)
{
	static const dbw_status statuses[] = { DBW_NOT_FOUND, DBW_STALE, DBW_DATA };
	auth_session s = begin("refused");
	dbw__call call = { .model = &user__model, .statement = "user_find_by_id" };
	dbw__lease *lease;

	(void)state;
	assert_int_equal(dbw__session_enter(s.any, true, &lease), DBW_OK);
	assert_int_equal(dbw__session_leave(lease, DBW_INVALID, &call), DBW_INVALID);
	assert_string_equal(message(s), "user: a value does not fit its field");
	assert_null(dbw_session_error(s.any)->statement);
	call.sent = true;
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(dbw__session_enter(s.any, false, &lease), DBW_OK);
		assert_int_equal(dbw_session_error(s.any)->status, DBW_OK);
		assert_int_equal(dbw__session_leave(lease, statuses[i], &call), statuses[i]);
		assert_int_equal(dbw_session_error(s.any)->status, statuses[i]);
	}
	/* A write that gave unreadable data back has been done: not to be committed by mistake. */
	call.writes = true;
	assert_int_equal(dbw__session_enter(s.any, true, &lease), DBW_OK);
	assert_int_equal(dbw__session_leave(lease, DBW_DATA, &call), DBW_DATA);
	assert_int_equal(dbw__session_enter(s.any, true, &lease), DBW_SESSION_FAILED);
	assert_null(lease);
	assert_int_equal(dbw__end(s.any), DBW_OK);
}

static void arenas__scratch_is_for_a_call_and_kept_for_a_session(void **state)
{
	auth_session s = begin("memory"), inner;
	dbw__call call = { .statement = "none" };
	dbw__lease *lease;
	const char *kept;

	(void)state;
	assert_int_equal(dbw__nest(s.any, "inner", &inner.any), DBW_OK);
	assert_int_equal(dbw__session_enter(inner.any, true, &lease), DBW_OK);
	kept = dbw_arena_copy(dbw__lease_kept(lease), "kept", 4);
	for (int i = 0; i < 1000; i++)
		assert_non_null(dbw_arena_alloc(dbw__lease_scratch(lease), 1000));
	assert_int_equal(dbw__session_leave(lease, DBW_OK, &call), DBW_OK);
	assert_int_equal(dbw__commit(inner.any), DBW_OK);
	assert_string_equal(kept, "kept");
	assert_int_equal(dbw__end(s.any), DBW_OK);
}

/* A commit that fails: a reader holds back a writer where the journal is not WAL. */
static void commit__that_fails_leaves_a_failed_session(void **state)
{
	static const dbw_setting settings[] = { { "journal_mode", "delete" }, { "busy_timeout_ms", "10" } };
	static const dbw_entry entry = { .name = "auth", .settings = settings, .setting_count = 2 };
	dbw_options options = { .entries = &entry, .entry_count = 1 };
	dbw_databases *own;
	auth_session s;
	auth_reader r;
	int64_t count;
	dbw_error error;

	(void)state;
	assert_int_equal(dbw_databases_open(&own, &fixture_program, &options, &error), DBW_OK);
	assert_int_equal(auth_begin(own, "create", &s, &error), DBW_OK);
	assert_int_equal(fixture_create(s.any), DBW_OK);
	assert_int_equal(dbw__commit(s.any), DBW_OK);
	assert_int_equal(auth_read_begin(own, "read", &r, &error), DBW_OK);
	assert_int_equal(fixture_count(r.any, "users", &count), DBW_OK);
	assert_int_equal(auth_begin(own, "write", &s, &error), DBW_OK);
	assert_int_equal(fixture_insert_user(s.any, "Ada", "ada@example.com", 0), DBW_OK);
	assert_int_equal(dbw__commit(s.any), DBW_BUSY);
	assert_int_equal(dbw_session_error(s.any)->status, DBW_BUSY);
	assert_int_equal(dbw__commit(s.any), DBW_SESSION_FAILED);
	assert_int_equal(dbw__end(s.any), DBW_OK);
	assert_int_equal(dbw__end(r.any), DBW_OK);
	assert_int_equal(auth_read_begin(own, "read", &r, &error), DBW_OK);
	assert_int_equal(fixture_count(r.any, "users", &count), DBW_OK);
	assert_int_equal(count, 0);
	assert_int_equal(dbw__end(r.any), DBW_OK);
	assert_int_equal(dbw_databases_close(own, &error), DBW_OK);
}

/* Threads: each inserts under its own sessions while both read. */

enum { ROUNDS = 50 };

static void *insert_many(void *argument)
{
	int number = *(int *)argument;

	for (int i = 0; i < ROUNDS; i++) {
		char email[40];
		auth_session s;
		auth_reader r;
		int64_t count;
		dbw_error error;

		snprintf(email, sizeof email, "%d-%d@example.com", number, i);
		if (auth_begin(databases, "thread", &s, &error) != DBW_OK ||
			fixture_insert_user(s.any, "Ada", email, 0) != DBW_OK || dbw__commit(s.any) != DBW_OK)
			return argument;
		if (auth_read_begin(databases, "thread", &r, &error) != DBW_OK ||
			fixture_count(r.any, "users", &count) != DBW_OK || count <= i ||
			dbw__end(r.any) != DBW_OK)
			return argument;
	}
	return NULL;
}

static void threads__have_sessions_of_their_own(void **state)
{
	pthread_t threads[2];
	int numbers[2] = { 0, 1 };

	(void)state;
	for (int i = 0; i < 2; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, insert_many, &numbers[i]), 0);
	for (int i = 0; i < 2; i++) {
		void *problem;

		assert_int_equal(pthread_join(threads[i], &problem), 0);
		assert_null(problem);
	}
	assert_int_equal(users(), 2 * ROUNDS);
}

/* A stale handle may be looked at while another thread begins and ends with its slot. */
static void *use_stale(void *argument)
{
	dbw_session stale = *(dbw_session *)argument;
	int64_t count;

	for (int i = 0; i < 1000; i++) {
		if (fixture_count(stale, "users", &count) != DBW_ENDED ||
			dbw_session_error(stale)->status != DBW_ENDED)
			return argument;
	}
	return NULL;
}

static void threads__a_stale_handle_is_safe(void **state)
{
	auth_session s = begin("stale");
	dbw_session stale = s.any;
	pthread_t thread;
	void *problem;

	(void)state;
	assert_int_equal(dbw__end(s.any), DBW_OK);
	assert_int_equal(pthread_create(&thread, NULL, use_stale, &stale), 0);
	for (int i = 0; i < 100; i++) {
		s = begin("again");
		assert_ptr_equal(s.any.slot, stale.slot);
		assert_int_equal(dbw__end(s.any), DBW_OK);
	}
	assert_int_equal(pthread_join(thread, &problem), 0);
	assert_null(problem);
}

/* fork(): the exit status of the child is the number of the check that failed. */
static int in_child(auth_session s)
{
	auth_session inner;
	auth_reader r;
	int64_t count;
	dbw_error error;

	if (fixture_count(s.any, "users", &count) != DBW_FORKED)
		return 1;
	if (dbw_session_error(s.any)->status != DBW_FORKED)
		return 2;
	if (dbw__commit(s.any) != DBW_FORKED || dbw__nest(s.any, "inner", &inner.any) != DBW_FORKED)
		return 3;
	if (auth_read_begin(databases, "child", &r, &error) != DBW_FORKED || r.any.slot != NULL)
		return 4;
	if (dbw__end(s.any) != DBW_FORKED || dbw__end(s.any) != DBW_OK)
		return 5;
	if (dbw_databases_close(databases, &error) != DBW_OK)
		return 6;
	if (dbw_databases_open(&databases, &fixture_program, NULL, &error) != DBW_OK ||
		auth_begin(databases, "child", &s, &error) != DBW_OK || fixture_create(s.any) != DBW_OK ||
		dbw__commit(s.any) != DBW_OK || dbw_databases_close(databases, &error) != DBW_OK)
		return 7;
	return 0;
}

static void fork__the_child_cannot_harm_the_parent(void **state)
{
	auth_session s = begin("parent");
	int result;
	pid_t child;

	(void)state;
	assert_int_equal(fixture_insert_user(s.any, "Ada", "ada@example.com", 0), DBW_OK);
	child = fork();
	if (child == 0)
		leave_child(in_child(s));
	assert_true(child > 0);
	assert_int_equal(waitpid(child, &result, 0), child);
	assert_true(WIFEXITED(result));
	assert_int_equal(WEXITSTATUS(result), 0);
	assert_int_equal(fixture_insert_user(s.any, "Bob", "bob@example.com", 0), DBW_OK);
	assert_int_equal(dbw__commit(s.any), DBW_OK);
	assert_int_equal(users(), 2);
}

#define WITH_FIXTURE(test) cmocka_unit_test_setup_teardown(test, open_fixture, close_fixture)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_FIXTURE(work__is_kept_by_commit_alone),
		WITH_FIXTURE(failed__conflict_then_commit_keeps_nothing),
		WITH_FIXTURE(failed__not_by_what_was_refused_before),
		WITH_FIXTURE(conflicts__name_constraint_and_field),
		WITH_FIXTURE(nesting__a_failed_inner_session_leaves_the_outer_whole),
		WITH_FIXTURE(nesting__ending_the_outer_ends_all),
		WITH_FIXTURE(nesting__is_sixteen_deep),
		WITH_FIXTURE(nesting__a_purpose_is_needed),
		WITH_FIXTURE(nesting__a_lost_transaction_fails_the_outer),
		WITH_FIXTURE(handles__that_ended_are_refused),
		WITH_FIXTURE(readers__do_not_write),
		WITH_FIXTURE(readers__see_one_moment),
		WITH_FIXTURE(arenas__scratch_is_for_a_call_and_kept_for_a_session),
		cmocka_unit_test(commit__that_fails_leaves_a_failed_session),
		WITH_FIXTURE(threads__have_sessions_of_their_own),
		WITH_FIXTURE(threads__a_stale_handle_is_safe),
		WITH_FIXTURE(fork__the_child_cannot_harm_the_parent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

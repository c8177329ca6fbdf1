/* What only a server can do: round trips, servers that hang or go, poolers, limits, and what it says in its messages. */
#include "fresh.h"
#include "proxy.h"
#include "through.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include <pthread.h>

#include <programs_program.h>
#include <session/lease.h>
#include <store.h>

static dbw_error error;

static void trips__are_as_few_as_can_be(void **state)
{
	enum { MANY = 500 };
	store_session s, inner;
	store_reader r;
	user *found, rows[MANY];
	char emails[MANY][32];

	(void)state;
	open_store(NULL);
	/* Once to have all statements prepared. */
	for (int turn = 0; turn < 2; turn++) {
		char email[3][32];

		for (int i = 0; i < 3; i++)
			snprintf(email[i], sizeof email[i], "%d-%d", turn, i);
		proxy_trips();
		s = begin();
		insert_in(s, email[0]);
		assert_int_equal(store_commit(s), DBW_OK);
		if (turn == 1)
			assert_int_equal(proxy_trips(), 2);
		assert_int_equal(store_read_begin(databases, "read", &r, &error), DBW_OK);
		assert_int_equal(user_find_by_id(r, 1, &found), DBW_OK);
		user_free(found);
		if (turn == 1)
			assert_int_equal(proxy_trips(), 1);
		assert_int_equal(store_read_end(r), DBW_OK);
		s = begin();
		assert_int_equal(store_commit(s), DBW_OK);
		s = begin();
		assert_int_equal(store_end(s), DBW_OK);
		if (turn == 1)
			assert_int_equal(proxy_trips(), 0);
		s = begin();
		assert_int_equal(store_nest(s, "inner", &inner), DBW_OK);
		insert_in(inner, email[1]);
		assert_int_equal(store_commit(inner), DBW_OK);
		insert_in(s, email[2]);
		assert_int_equal(store_commit(s), DBW_OK);
		if (turn == 1)
			assert_int_equal(proxy_trips(), 3);
		for (int i = 0; i < MANY; i++) {
			snprintf(emails[i], sizeof emails[i], "%d+%d", turn, i);
			rows[i] = new_user(emails[i]);
		}
		s = begin();
		assert_int_equal(user_insert_many(s, rows, MANY), DBW_OK);
		assert_int_equal(store_commit(s), DBW_OK);
		if (turn == 1)
			assert_int_equal(proxy_trips(), 2);
		for (int i = 1; i < MANY; i++)
			assert_true(rows[i].id == rows[0].id + i);
	}
}

/* An upsert gives what it has to write back, and an insert with its own id sees to the sequence, in the same round trip. */
static void trips__of_upserts_and_given_ids(void **state)
{
	store_session s;

	(void)state;
	open_store(NULL);
	for (int turn = 0; turn < 2; turn++) {
		user row = new_user("a"), given = new_user(turn == 0 ? "b" : "c"),
		     next = new_user(turn == 0 ? "d" : "e");
		page one = PAGE_INIT;
		user *found;

		s = begin();
		proxy_trips();
		row.score = 50 + turn;
		assert_int_equal(user_upsert_by_email(s, &row, (user_columns){ .score = true }), DBW_OK);
		if (turn == 1)
			assert_int_equal(proxy_trips(), 1);
		assert_int_equal(user_find_by_email(s.read, "a", &found), DBW_OK);
		assert_int_equal(found->id, row.id);
		assert_int_equal(found->score, 50 + turn);
		user_free(found);
		/* A version that was counted up, and times. */
		one.path = "/";
		one.title = turn == 0 ? "first" : "second";
		one.author_id = row.id;
		proxy_trips();
		assert_int_equal(page_upsert_by_path(s, &one, (page_columns){ .title = true }), DBW_OK);
		if (turn == 1)
			assert_int_equal(proxy_trips(), 1);
		assert_int_equal(one.version, 1 + turn);
		proxy_trips();
		given.id = 1000 * (turn + 1);
		assert_int_equal(user_insert(s, &given), DBW_OK);
		if (turn == 1)
			assert_int_equal(proxy_trips(), 1);
		assert_int_equal(user_insert(s, &next), DBW_OK);
		assert_int_equal(next.id, given.id + 1);
		assert_int_equal(store_commit(s), DBW_OK);
	}
}

/* An array of all rows could be more than a message may hold, or the memory. */
static void rows__of_many_bytes_go_in_several_messages(void **state)
{
	enum { ROWS = 12, SIZE = 3 << 20 };
	char *bytes = calloc(1, SIZE);
	thing rows[ROWS], *found;
	store_session s;
	int trips = 0;

	(void)state;
	open_store(NULL);
	assert_non_null(bytes);
	s = begin();
	for (int turn = 0; turn < 2; turn++) {
		for (int i = 0; i < ROWS; i++) {
			rows[i] = thing_init();
			rows[i].raw = dbw_bytes_of(bytes, SIZE);
		}
		proxy_trips();
		assert_int_equal(thing_insert_many(s, rows, ROWS), DBW_OK);
		trips = proxy_trips();
	}
	/* Five rows have 15 MiB. */
	assert_int_equal(trips, 3);
	assert_int_equal(thing_find_by_id(s.read, rows[ROWS - 1].id, &found), DBW_OK);
	assert_int_equal(found->raw.size, SIZE);
	thing_free(found);
	store_end(s);
	free(bytes);
}

enum { LOADED = 5000 };

static void trips__of_a_load_are_none_for_its_rows(void **state)
{
	static user rows[LOADED];
	static char emails[LOADED][16];
	store_session s;
	int64_t count;

	(void)state;
	open_store(NULL);
	for (int i = 0; i < LOADED; i++) {
		snprintf(emails[i], sizeof emails[i], "%d", i);
		rows[i] = new_user(emails[i]);
	}
	s = begin();
	assert_int_equal(user_load(s, rows, 2), DBW_OK);
	assert_int_equal(store_commit(s), DBW_OK);
	proxy_trips();
	s = begin();
	assert_int_equal(user_load(s, rows + 2, LOADED - 2), DBW_OK);
	assert_int_equal(store_commit(s), DBW_OK);
	/* The types are asked for, the stream is opened, it ends, and the commit; as arrays they would be one for each thousand. */
	assert_int_equal(proxy_trips(), 4);
	s = begin();
	assert_int_equal(user_count(s.read, NULL, &count), DBW_OK);
	assert_int_equal(count, LOADED);
	/* A row that is refused is named all the same, and a nested session goes on without it. */
	rows[0].email = "another";
	assert_int_equal(user_load(s, rows, 3), DBW_CONFLICT);
	assert_true(dbw_violated(s.any, USER_EMAIL_KEY));
	assert_string_equal(dbw_session_error(s.any)->message,
		"user[1].email: a row with this value exists (users_email_key)");
	assert_int_equal(store_end(s), DBW_OK);
}

static void hang__while_rows_stream(void **state)
{
	const dbw_setting settings[] = { { "operation_timeout_ms", "300" }, { NULL, NULL } };
	static char long_text[400000];
	user rows[20];
	char emails[20][16];
	store_session s;

	(void)state;
	open_store(settings);
	memset(long_text, 'x', sizeof long_text - 1);
	for (int i = 0; i < 20; i++) {
		snprintf(emails[i], sizeof emails[i], "%d", i);
		rows[i] = new_user(emails[i]);
		rows[i].bio = long_text;
	}
	s = begin();
	insert_in(s, "first");
	proxy_freeze(1);
	assert_int_equal(user_load(s, rows, 20), DBW_TIMEOUT);
	assert_int_equal(store_commit(s), DBW_SESSION_FAILED);
	store_end(s);
}

static void hang__ends_at_the_deadline(void **state)
{
	const dbw_setting settings[] = { { "operation_timeout_ms", "200" }, { NULL, NULL } };
	store_session s;
	store_reader r;
	user row = new_user("a"), *found;
	int64_t count;

	(void)state;
	open_store(settings);
	s = begin();
	assert_int_equal(user_insert(s, &row), DBW_OK);
	proxy_freeze(1);
	assert_int_equal(user_find_by_id(s.read, 1, &found), DBW_TIMEOUT);
	assert_int_equal(user_insert(s, &row), DBW_SESSION_FAILED);
	store_end(s);
	proxy_freeze(0);
	/* On another connection. */
	assert_int_equal(store_read_begin(databases, "read", &r, &error), DBW_OK);
	assert_int_equal(user_count(r, NULL, &count), DBW_OK);
	assert_int_equal(count, 0);
	store_read_end(r);
	s = begin();
	row.email = "b";
	assert_int_equal(user_insert(s, &row), DBW_OK);
	proxy_freeze(1);
	assert_int_equal(store_commit(s), DBW_UNKNOWN_OUTCOME);
	store_end(s);
}

static void hang__while_connecting(void **state)
{
	static const char *const used[] = { "store" };
	const dbw_session_options hurried = { .purpose = "test", .deadline_ms = 200 };
	dbw_setting settings[] = { { "connect_timeout_ms", "200" } };
	char url[256];
	const dbw_entry entry = {
		.name = "store", .connection_string = url, .settings = settings, .setting_count = 1
	};
	const dbw_options options = { .entries = &entry, .entry_count = 1, .only = used, .only_count = 1 };
	store_session s;

	(void)state;
	snprintf(url, sizeof url, "postgresql:///postgres?host=%s&user=postgres",
		proxy_start(getenv("DBWRIGHT_TEST_SERVER")));
	proxy_freeze(1);
	assert_int_equal(dbw_databases_open(&databases, &programs_program, &options, &error), DBW_OK);
	assert_int_equal(store_begin(databases, "test", &s, &error), DBW_TIMEOUT);
	assert_string_equal(error.message, "database \"store\": no connection to the server within 200 ms");
	assert_int_equal(dbw_databases_close(databases, &error), DBW_OK);
	/* Who has less time than that does not wait longer. */
	settings[0].value = "600000";
	assert_int_equal(dbw_databases_open(&databases, &programs_program, &options, &error), DBW_OK);
	assert_int_equal(store_begin_with(databases, &hurried, &s, &error), DBW_TIMEOUT);
	assert_string_equal(error.message,
		"database \"store\": no connection to the server before the session's deadline");
}

static void lost__is_told_and_replaced(void **state)
{
	store_session s;
	user row = new_user("a");

	(void)state;
	open_store(NULL);
	/* While nobody has it. */
	proxy_cut();
	s = begin();
	assert_int_equal(user_insert(s, &row), DBW_OK);
	proxy_cut();
	row.email = "b";
	row.id = 0;
	assert_int_equal(user_insert(s, &row), DBW_CONNECTION);
	assert_string_equal(dbw_session_error(s.any)->sqlstate, "08006");
	assert_int_equal(store_commit(s), DBW_SESSION_FAILED);
	store_end(s);
	s = begin();
	assert_int_equal(user_insert(s, &row), DBW_OK);
	proxy_cut();
	/* The server has not heard of the commit. */
	assert_int_equal(store_commit(s), DBW_CONNECTION);
	store_end(s);
}

/* Runs SQL of the test's own in a session. */
static dbw_status run(store_session s, const char *sql)
{
	dbw__call call = { .statement = "test", .sql = sql, .sent = true };
	dbw__lease *lease;
	dbw_status status = dbw__session_enter(s.any, true, &lease);

	if (status == DBW_OK) {
		status = lease->driver->run(lease->connection, sql, lease->error);
		status = dbw__session_leave(lease, status, &call);
	}
	return status;
}

static void limit__of_a_statement_and_of_a_lock(void **state)
{
	const dbw_setting settings[] = { { "operation_timeout_ms", "300" }, { "lock_timeout_ms", "50" },
		{ NULL, NULL } };
	store_session s, other;

	(void)state;
	open_store(settings);
	s = begin();
	/* The server stops it, and the connection is as good as before. */
	assert_int_equal(run(s, "SELECT pg_sleep(100)"), DBW_TIMEOUT);
	assert_string_equal(dbw_session_error(s.any)->sqlstate, "57014");
	assert_int_equal(store_end(s), DBW_OK);
	s = begin();
	insert_in(s, "a");
	assert_int_equal(store_commit(s), DBW_OK);
	s = begin();
	other = begin();
	assert_int_equal(run(s, "LOCK TABLE users"), DBW_OK);
	assert_int_equal(run(other, "LOCK TABLE users"), DBW_BUSY);
	assert_string_equal(dbw_session_error(other.any)->sqlstate, "55P03");
	store_end(other);
	store_end(s);
}

static void *cancel_soon(void *argument)
{
	dbw__lease *lease = argument;

	usleep(200000);
	/* The server may not have begun yet. */
	return lease->driver->cancel(lease->connection) == DBW_OK ? NULL : argument;
}

static void cancel__from_another_thread(void **state)
{
	store_session s;
	dbw__lease *lease;
	pthread_t thread;
	void *problem;

	(void)state;
	open_store(NULL);
	s = begin();
	assert_int_equal(dbw__session_enter(s.any, true, &lease), DBW_OK);
	assert_int_equal(pthread_create(&thread, NULL, cancel_soon, lease), 0);
	assert_int_equal(
		lease->driver->run(lease->connection, "SELECT pg_sleep(100)", lease->error), DBW_CANCELLED);
	assert_int_equal(pthread_join(thread, &problem), 0);
	assert_null(problem);
	assert_int_equal(store_end(s), DBW_OK);
}

/* No value of a row is in a message, wherever the server puts it. */
static void message__holds_no_value(void **state)
{
	static const struct {
		const char *sql;
		dbw_status status;
		const char *state;
	} mistakes[] = {
		{ "SELECT 'geheim'::int", DBW_INVALID, "22P02" },
		{ "SELECT 'geheim'::date", DBW_INVALID, "22007" },
		{ "DO $$ BEGIN RAISE EXCEPTION 'geheim'; END $$", DBW_CONFLICT, "P0001" },
		{ "SELECT ('geheim')::json", DBW_INVALID, "22P02" },
		{ "SELECT 1 / 0", DBW_INVALID, "22012" },
		{ "SELECT geheim_spalte FROM users", DBW_SCHEMA_MISMATCH, "42703" },
		{ "SELECT 1 FROM there_is_none", DBW_SCHEMA_MISMATCH, "42P01" },
		{ "CREATE TABLE users (a int)", DBW_EXISTS, "42P07" },
		{ "SELEC 1", DBW_ENGINE, "42601" },
		{ "DO $$ BEGIN CREATE TEMP SEQUENCE geheim MAXVALUE 2 START 2; PERFORM nextval('geheim'), nextval('geheim'); "
		  "END $$",
			DBW_ENGINE, "2200H" },
		{ "DO $$ BEGIN RAISE EXCEPTION 'geheim' USING ERRCODE = '53100'; END $$", DBW_DISK_FULL,
			"53100" },
		{ "DO $$ BEGIN RAISE EXCEPTION 'geheim' USING ERRCODE = 'XX001'; END $$", DBW_CORRUPT,
			"XX001" },
		{ "DO $$ BEGIN RAISE EXCEPTION 'geheim' USING ERRCODE = 'XX002'; END $$", DBW_CORRUPT,
			"XX002" },
		{ "DO $$ BEGIN RAISE EXCEPTION 'geheim' USING ERRCODE = '40001'; END $$", DBW_BUSY, "40001" },
		{ "DO $$ BEGIN RAISE EXCEPTION 'gone' USING ERRCODE = '57P01'; END $$", DBW_CONNECTION,
			"57P01" },
		{ "DO $$ BEGIN RAISE EXCEPTION 'later' USING ERRCODE = '57P03'; END $$", DBW_CONNECTION,
			"57P03" },
		/* Of classes whose texts are the server's own, as a rule. */
		{ "DO $$ BEGIN RAISE EXCEPTION 'geheim' USING ERRCODE = '42501'; END $$", DBW_ENGINE,
			"42501" },
		{ "DO $$ BEGIN RAISE EXCEPTION 'geheim' USING ERRCODE = '55000'; END $$", DBW_ENGINE,
			"55000" },
		{ "DO $$ BEGIN RAISE EXCEPTION 'geheim' USING ERRCODE = '0A000'; END $$", DBW_UNSUPPORTED,
			"0A000" },
		{ "SET TRANSACTION READ ONLY; ", DBW_OK, "" },
	};
	const char *mail = "geheim@example.com";
	user row = new_user(mail);

	(void)state;
	open_store(NULL);
	for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
		store_session s = begin();
		const dbw_error *said = dbw_session_error(s.any);

		assert_int_equal(run(s, mistakes[i].sql), mistakes[i].status);
		assert_string_equal(said->sqlstate, mistakes[i].state);
		if (strcmp(mistakes[i].state, "42703") != 0)
			assert_null(strstr(said->message, "geheim"));
		assert_int_equal(store_end(s), DBW_OK);
	}
	for (int i = 0; i < 2; i++) {
		store_session s = begin();

		row.id = 0;
		assert_int_equal(user_insert(s, &row), i == 0 ? DBW_OK : DBW_CONFLICT);
		assert_null(strstr(dbw_session_error(s.any)->message, "geheim"));
		if (i == 1)
			assert_string_equal(dbw_session_error(s.any)->sqlstate, "23505");
		assert_int_equal(i == 0 ? store_commit(s) : store_end(s), DBW_OK);
	}
}

static void notice__is_not_printed(void **state)
{
	char path[] = "/tmp/dbwright-stderr-XXXXXX", printed[16];
	const int file = mkstemp(path), kept = dup(STDERR_FILENO);
	store_session s;

	(void)state;
	open_store(NULL);
	assert_true(file >= 0 && kept >= 0);
	s = begin();
	dup2(file, STDERR_FILENO);
	run(s, "DO $$ BEGIN RAISE WARNING 'loud'; END $$");
	dup2(kept, STDERR_FILENO);
	assert_int_equal(pread(file, printed, sizeof printed, 0), 0);
	store_end(s);
	close(file);
	close(kept);
	unlink(path);
}

/* Statements are forgotten on the server as they are here. */
static void statements__do_not_pile_up(void **state)
{
	store_session s;
	dbw__lease *lease;
	dbw_prepared *statement;
	int64_t count;
	bool more;

	(void)state;
	open_store(NULL);
	s = begin();
	assert_int_equal(dbw__session_enter(s.any, true, &lease), DBW_OK);
	for (int i = 0; i < 100; i++) {
		assert_int_equal(lease->driver->prepare(lease->connection,
					 "SELECT count(*) FROM pg_prepared_statements", NULL, &statement,
					 lease->error),
			DBW_OK);
		if (i < 99)
			lease->driver->release(lease->connection, statement);
	}
	assert_int_equal(lease->driver->query(lease->connection, statement, NULL, 0, lease->error), DBW_OK);
	assert_int_equal(
		lease->driver->fetch_integer(lease->connection, statement, &count, &more, lease->error),
		DBW_OK);
	assert_true(more && count < 10);
	lease->driver->finish(lease->connection, statement);
	lease->driver->release(lease->connection, statement);
	assert_int_equal(store_end(s), DBW_OK);
}

/* Nothing stays on a server that is somebody else's next. */
static void pooler__keeps_nothing(void **state)
{
	const dbw_setting settings[] = { { "pooler", "transaction" }, { "operation_timeout_ms", "2000" },
		{ "lock_timeout_ms", "500" }, { NULL, NULL } };
	store_session s;
	store_reader r;
	user *found;
	dbw__lease *lease;
	dbw_prepared *statement;
	int64_t count = -1;
	bool more;

	(void)state;
	open_store(settings);
	/* Two connections of ours at a time, so that the pooler gives now this server and now that one to each. */
	for (int turn = 0; turn < 20; turn++) {
		store_session other = begin();
		char email[2][16];

		s = begin();
		for (int i = 0; i < 2; i++)
			snprintf(email[i], sizeof email[i], "%d-%d", turn, i);
		insert_in(turn % 2 == 0 ? s : other, email[0]);
		insert_in(turn % 2 == 0 ? other : s, email[1]);
		assert_int_equal(store_commit(s), DBW_OK);
		assert_int_equal(store_commit(other), DBW_OK);
		assert_int_equal(store_read_begin(databases, "read", &r, &error), DBW_OK);
		for (int i = 0; i < 2; i++) {
			assert_int_equal(user_find_by_email(r, email[i], &found), DBW_OK);
			user_free(found);
		}
		store_read_end(r);
	}
	s = begin();
	assert_int_equal(dbw__session_enter(s.any, true, &lease), DBW_OK);
	assert_int_equal(lease->driver->prepare(lease->connection,
				 "SELECT count(*) FROM pg_prepared_statements WHERE name <> ''", NULL,
				 &statement, lease->error),
		DBW_OK);
	assert_int_equal(lease->driver->query(lease->connection, statement, NULL, 0, lease->error), DBW_OK);
	assert_int_equal(
		lease->driver->fetch_integer(lease->connection, statement, &count, &more, lease->error),
		DBW_OK);
	assert_int_equal(count, 0);
	lease->driver->finish(lease->connection, statement);
	lease->driver->release(lease->connection, statement);
	/* The limits hold here too, each transaction for itself. */
	assert_int_equal(run(s, "SELECT pg_sleep(100)"), DBW_TIMEOUT);
	assert_string_equal(dbw_session_error(s.any)->sqlstate, "57014");
	assert_int_equal(store_end(s), DBW_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(trips__are_as_few_as_can_be, close_store),
		cmocka_unit_test_teardown(trips__of_upserts_and_given_ids, close_store),
		cmocka_unit_test_teardown(rows__of_many_bytes_go_in_several_messages, close_store),
		cmocka_unit_test_teardown(trips__of_a_load_are_none_for_its_rows, close_store),
		cmocka_unit_test_teardown(hang__while_rows_stream, close_store),
		cmocka_unit_test_teardown(hang__ends_at_the_deadline, close_store),
		cmocka_unit_test_teardown(hang__while_connecting, close_store),
		cmocka_unit_test_teardown(lost__is_told_and_replaced, close_store),
		cmocka_unit_test_teardown(limit__of_a_statement_and_of_a_lock, close_store),
		cmocka_unit_test_teardown(cancel__from_another_thread, close_store),
		cmocka_unit_test_teardown(message__holds_no_value, close_store),
		cmocka_unit_test_teardown(notice__is_not_printed, close_store),
		cmocka_unit_test_teardown(statements__do_not_pile_up, close_store),
		cmocka_unit_test_teardown(pooler__keeps_nothing, close_store),
	};

	if (getenv("DBWRIGHT_TEST_POOLER") != NULL)
		cmocka_set_test_filter("pooler*");
	return cmocka_run_group_tests(tests, NULL, NULL);
}

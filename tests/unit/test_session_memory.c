/*
 * A program's whole way through the runtime with every allocation failing once, ours and SQLite's alike: each call
 * says so, what was not committed is not there, nothing leaks, and the databases close.
 */
#include "../memory/allocations.h"
#include "fixture_session.h"

#include <dbwright/sql.h>

#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static sqlite3_mem_methods usual;

static void *sqlite_malloc(int size)
{
	return allocation_fails() ? NULL : usual.xMalloc(size);
}

static void *sqlite_realloc(void *old, int size)
{
	return allocation_fails() ? NULL : usual.xRealloc(old, size);
}

static int replace_malloc(void **state)
{
	sqlite3_mem_methods ours;

	(void)state;
	if (sqlite3_config(SQLITE_CONFIG_GETMALLOC, &usual) != SQLITE_OK)
		return 1;
	ours = usual;
	ours.xMalloc = sqlite_malloc;
	ours.xRealloc = sqlite_realloc;
	return sqlite3_config(SQLITE_CONFIG_MALLOC, &ours) != SQLITE_OK || sqlite3_initialize() != SQLITE_OK;
}

static char path[64];

/* A failure is the session's error, with a message. */
static dbw_status told(dbw_session s, dbw_status status)
{
	assert_int_equal(dbw_session_error(s)->status, status);
	assert_int_equal(dbw_session_error(s)->message[0] != '\0', status != DBW_OK);
	return status;
}

static dbw_status setup(dbw_session s)
{
	dbw_status status = told(s, fixture_create(s));

	return status == DBW_OK ? told(s, fixture_insert_user(s, "Ada", "ada@example.com", 0)) : status;
}

/* A conflict in a nested session, so that it is explained; then the outer one goes on. */
static dbw_status conflict(dbw_session s)
{
	dbw_session inner;
	dbw_status status = told(s, dbw__nest(s, "inner", &inner));

	if (status != DBW_OK)
		return status;
	status = told(inner, fixture_insert_session(inner, "token", 99));
	if (dbw__end(inner) != DBW_OK && status == DBW_CONFLICT)
		return DBW_OUT_OF_MEMORY;
	return status == DBW_CONFLICT ? DBW_OK : status;
}

/* SQL of the program's own: parameters out of order, rows of text, more of them than there is room for at first. */
static dbw_status own_sql(dbw_session s)
{
	dbw_records rows;
	dbw_status status = told(s,
		dbw_sql(s,
			DBW_SQL("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $2) "
				"SELECT i, $1 || i FROM n WHERE i > $1"),
			DBW_VALUES(dbw_bind(0), dbw_bind(40)), &rows));

	if (status == DBW_OK)
		assert_int_equal(rows.count, 40);
	else
		assert_null(rows.arena_);
	dbw_records_free(&rows);
	return status;
}

static dbw_status rename_users(dbw_session s, void *argument)
{
	(void)argument;
	return told(
		s, dbw_sql_run(s, DBW_SQL("UPDATE users SET name = $1"), DBW_VALUES(dbw_bind("Eve")), NULL));
}

/* Of the writer: what was asked for is called, once and rightly, or was refused. */
static void hear(dbw_status outcome, void *argument)
{
	int *heard = argument;

	heard[outcome == DBW_OK ? 0 : 1]++;
}

static dbw_status work(dbw_databases *databases, bool *committed)
{
	const dbw_session_options options = { .purpose = "rename" };
	int64_t count;
	auth_session s;
	auth_reader r;
	dbw_error error;
	int heard[2] = { 0, 0 }, asked[2] = { 0, 0 };
	dbw_status status = auth_begin(databases, "write", &s, &error);

	if (status != DBW_OK) {
		assert_null(s.any.slot);
		assert_int_equal(error.status, status);
		return status;
	}
	status = told(s.any, dbw_after_commit(s.any, hear, heard));
	asked[0] = status == DBW_OK;
	if (status == DBW_OK)
		status = told(s.any, dbw_after_rollback(s.any, hear, heard));
	asked[1] = asked[0] && status == DBW_OK;
	if (status == DBW_OK)
		status = setup(s.any);
	if (status == DBW_OK)
		status = conflict(s.any);
	if (status == DBW_OK)
		status = own_sql(s.any);
	if (status == DBW_OK)
		status = told(s.any, fixture_insert_user(s.any, "Bob", "bob@example.com", 0));
	if (status == DBW_OK) {
		status = dbw__commit(s.any);
		if (status != DBW_OK)
			told(s.any, status);
	}
	*committed = status == DBW_OK;
	dbw__end(s.any);
	assert_int_equal(heard[0], asked[0] && *committed);
	assert_int_equal(heard[1], asked[1] && !*committed);
	if (status == DBW_OK)
		status = dbw__transaction(databases, &auth__schema, &options, rename_users, NULL, &error);
	if (status != DBW_OK)
		return status;
	status = auth_read_begin(databases, "read", &r, &error);
	if (status == DBW_OK) {
		status = told(r.any, fixture_count(r.any, "users", &count));
		if (status == DBW_OK)
			assert_int_equal(count, 2);
		dbw__end(r.any);
	}
	return status;
}

/* What a program finds that opens the file afterwards. */
static int64_t users_kept(const dbw_options *options)
{
	dbw_databases *databases;
	auth_reader r;
	int64_t count = 0;
	dbw_error error;
	dbw_status status;

	assert_int_equal(dbw_databases_open(&databases, &fixture_program, options, &error), DBW_OK);
	assert_int_equal(auth_read_begin(databases, "after", &r, &error), DBW_OK);
	status = fixture_count(r.any, "users", &count);
	if (status != DBW_OK)
		assert_int_equal(status, DBW_SCHEMA_MISMATCH);
	assert_int_equal(dbw__end(r.any), DBW_OK);
	assert_int_equal(dbw_databases_close(databases, &error), DBW_OK);
	return count;
}

static void remove_files(void)
{
	static const char *const suffixes[] = { "", "-wal", "-shm", "-journal" };
	char name[80];

	for (size_t i = 0; i < 4; i++) {
		snprintf(name, sizeof name, "%s%s", path, suffixes[i]);
		unlink(name);
	}
}

/* However a session has failed to begin: the turn to write is not its any more. */
static void assert_writable(dbw_databases *databases)
{
	auth_session s;
	dbw_error error;

	allocations_pause(true);
	assert_int_equal(auth_begin(databases, "once more", &s, &error), DBW_OK);
	assert_int_equal(dbw__end(s.any), DBW_OK);
	allocations_pause(false);
}

static void every_allocation(bool all_after)
{
	char url[80];
	static const dbw_setting settings[] = { { "synchronous", "off" } }; /* Nothing crashes here but us. */
	dbw_entry entry = {
		.name = "auth", .connection_string = url, .settings = settings, .setting_count = 1
	};
	static const char *const only[] = { "auth" };
	dbw_options options = { .entries = &entry, .entry_count = 1, .only = only, .only_count = 1 };
	unsigned refused = 0;
	bool met = true;

	snprintf(url, sizeof url, "sqlite:%s", path);
	/* What fails for good fails alike wherever it begins: a part of the places is enough. */
	for (unsigned n = 1; met; n += all_after ? 5 : 1) {
		dbw_databases *databases;
		bool committed = false;
		dbw_status status, closed = DBW_OK;
		dbw_error error;

		allocations_fail(n, all_after);
		status = dbw_databases_open(&databases, &fixture_program, &options, &error);
		if (status == DBW_OK) {
			status = work(databases, &committed);
			assert_writable(databases);
			closed = dbw_databases_close(databases, &error);
		}
		met = allocations_recover();
		/* SQLite does without some of its memory, so a failure need not be felt. */
		if (status != DBW_OK) {
			assert_int_equal(status, DBW_OUT_OF_MEMORY);
			refused++;
		}
		assert_int_equal(closed, DBW_OK);
		if (!met)
			assert_true(committed);
		assert_int_equal(users_kept(&options), committed ? 2 : 0);
		remove_files();
	}
	assert_true(refused > 50);
}

static void memory__each_failure_is_told(void **state)
{
	(void)state;
	every_allocation(false);
}

static void memory__and_when_it_never_comes_back(void **state)
{
	(void)state;
	every_allocation(true);
}

/* The options' own way: entries, settings, variables. */
static void memory__open_alone(void **state)
{
	static const dbw_setting settings[] = { { "busy_timeout_ms", "${DBW_TEST_TIMEOUT:-10}" },
		{ "journal_mode", "wal" } };
	static const dbw_entry entries[] = {
		{ .name = "auth", .settings = settings, .setting_count = 2, .qualifier = "eu" },
		{ .name = "more",
			.schema = "auth",
			.connection_string = "sqlite:///a%20b.db",
			.is_default = true },
	};
	dbw_options options = { .entries = entries, .entry_count = 2 };
	unsigned n = 0;
	dbw_status status;

	(void)state;
	do {
		dbw_databases *databases;
		dbw_error error;

		allocations_fail(++n, false);
		status = dbw_databases_open(&databases, &fixture_program, &options, &error);
		allocations_recover();
		if (status != DBW_OK) {
			assert_int_equal(status, DBW_OUT_OF_MEMORY);
			assert_null(databases);
		} else {
			assert_int_equal(dbw_databases_close(databases, &error), DBW_OK);
		}
	} while (status != DBW_OK);
	assert_true(n > 5);
}

static int make_path(void **state)
{
	strcpy(path, "/tmp/dbwright-memory-XXXXXX");
	return mkdtemp(path) == NULL || rmdir(path) != 0 || replace_malloc(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(memory__open_alone),
		cmocka_unit_test(memory__each_failure_is_told),
		cmocka_unit_test(memory__and_when_it_never_comes_back),
	};

	return cmocka_run_group_tests(tests, make_path, NULL);
}

/* What a YAML file says of a server reaches the driver, and the server: read at run time by dbwright::config. */
#include "fresh.h"
#include "proxy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include <dbwright/config.h>
#include <programs_program.h>
#include <store.h>

static dbw_databases *databases;
static dbw_error error;

/* Opens the store at a URL, with more lines of its entry. */
static void open_store(const char *url, const char *lines)
{
	static const char *const used[] = { "store" };
	char path[] = "/tmp/dbwright-configuration-XXXXXX";
	const int descriptor = mkstemp(path);
	FILE *file = descriptor < 0 ? NULL : fdopen(descriptor, "w");
	const dbw_options options = {
		.file = path, .reader = dbw_config_reader, .only = used, .only_count = 1
	};

	assert_non_null(file);
	fprintf(file, "databases:\n  store:\n    connection_string: \"%s\"\n%s", url, lines);
	assert_int_equal(fclose(file), 0);
	if (dbw_databases_open(&databases, &programs_program, &options, &error) != DBW_OK)
		fail_msg("%s", error.message);
	unlink(path);
}

static int teardown(void **state)
{
	(void)state;
	assert_int_equal(dbw_databases_close(databases, &error), DBW_OK);
	fresh_remove();
	return 0;
}

static store_session begin(void)
{
	store_session s;

	if (store_begin(databases, "ask", &s, &error) != DBW_OK)
		fail_msg("%s", error.message);
	return s;
}

/* What a statement of one text answers. */
static void assert_says(store_session s, dbw_sql_text sql, const char *expected)
{
	dbw_records records;
	const char *said;

	if (dbw_sql(s.any, sql, NULL, 0, &records) != DBW_OK)
		fail_msg("%s", dbw_session_error(s.any)->message);
	assert_int_equal(dbw_records_text(&records, 0, 0, &said), DBW_OK);
	assert_string_equal(said, expected);
	dbw_records_free(&records);
}

static const char limits[] = "    operation_timeout_ms: 1234\n    lock_timeout_ms: 567\n";

static void timeouts__are_the_servers(void **state)
{
	char url[FRESH_URL_SIZE];
	store_session s;

	(void)state;
	open_store(fresh_database("store", url), limits);
	s = begin();
	assert_says(s, DBW_SQL("SHOW statement_timeout"), "1234ms");
	assert_says(s, DBW_SQL("SHOW lock_timeout"), "567ms");
	assert_int_equal(store_end(s), DBW_OK);
}

static void timeouts__are_none_unless_said(void **state)
{
	char url[FRESH_URL_SIZE];
	store_session s;

	(void)state;
	open_store(fresh_database("store", url), "");
	s = begin();
	assert_says(s, DBW_SQL("SHOW statement_timeout"), "0");
	assert_says(s, DBW_SQL("SHOW lock_timeout"), "0");
	/* Statements are prepared, this one among them. */
	assert_says(s, DBW_SQL("SELECT (count(*) > 0)::text FROM pg_prepared_statements"), "true");
	assert_int_equal(store_end(s), DBW_OK);
}

/* Nothing is prepared, and limits are told to each transaction. */
static void pooler__is_minded(void **state)
{
	char url[FRESH_URL_SIZE], lines[256];
	store_session s;

	(void)state;
	snprintf(lines, sizeof lines, "    pooler: transaction\n%s", limits);
	open_store(fresh_database("store", url), lines);
	s = begin();
	assert_says(s, DBW_SQL("SELECT count(*)::text FROM pg_prepared_statements"), "0");
	assert_says(s, DBW_SQL("SHOW statement_timeout"), "1234ms");
	assert_says(s, DBW_SQL("SHOW lock_timeout"), "567ms");
	/* They were not when the connection was opened. */
	assert_says(s, DBW_SQL("SELECT reset_val FROM pg_settings WHERE name = 'statement_timeout'"), "0");
	assert_int_equal(store_end(s), DBW_OK);
}

static void connect_timeout__is_minded(void **state)
{
	const char *folder = proxy_start(getenv("DBWRIGHT_TEST_SERVER"));
	char url[256];
	store_session s;

	(void)state;
	assert_non_null(folder);
	snprintf(url, sizeof url, "postgresql:///postgres?host=%s&user=postgres", folder);
	open_store(url, "    connect_timeout_ms: 123\n");
	proxy_freeze(1);
	assert_int_equal(store_begin(databases, "ask", &s, &error), DBW_TIMEOUT);
	assert_string_equal(error.message, "database \"store\": no connection to the server within 123 ms");
	proxy_freeze(0);
	proxy_stop();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(timeouts__are_the_servers, teardown),
		cmocka_unit_test_teardown(timeouts__are_none_unless_said, teardown),
		cmocka_unit_test_teardown(pooler__is_minded, teardown),
		cmocka_unit_test_teardown(connect_timeout__is_minded, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

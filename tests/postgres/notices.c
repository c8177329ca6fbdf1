/* What a server says besides its answers comes to the event hook, without values of rows. */
#include "fresh.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <programs_program.h>
#include <store.h>

static dbw_databases *databases;
static dbw_error error;
static int notices;
static char last[1024]; /* Of the last notice: who, how grave, the code and the words. */

static void on_event(const dbw_event *event, void *argument)
{
	(void)argument;
	if (event->kind != DBW_EVENT_NOTICE) {
		assert_null(event->notice);
		return;
	}
	notices++;
	assert_int_equal(event->status, DBW_OK);
	snprintf(last, sizeof last, "%s/%s/%s: %s %s %s", event->database, event->schema,
		event->purpose == NULL ? "" : event->purpose, event->notice, event->error->sqlstate,
		event->error->message);
}

static int setup(void **state)
{
	static const char *const used[] = { "store" };
	char url[FRESH_URL_SIZE];
	const dbw_entry entry = { .name = "store", .connection_string = url };
	const dbw_options options = {
		.entries = &entry, .entry_count = 1, .only = used, .only_count = 1, .on_event = on_event
	};

	(void)state;
	fresh_database("store", url);
	if (dbw_databases_open(&databases, &programs_program, &options, &error) != DBW_OK)
		fail_msg("%s", error.message);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	assert_int_equal(dbw_databases_close(databases, &error), DBW_OK);
	fresh_remove();
	return 0;
}

/* Runs a statement in a session; the last notice of it, "" where there is none. */
static const char *said(dbw_sql_text sql)
{
	store_session s;

	last[0] = '\0';
	assert_int_equal(store_begin(databases, "listen", &s, &error), DBW_OK);
	if (dbw_sql_run(s.any, sql, NULL, 0, NULL) != DBW_OK)
		fail_msg("%s", dbw_session_error(s.any)->message);
	assert_int_equal(store_commit(s), DBW_OK);
	return last;
}

static void notice__of_the_server_is_told(void **state)
{
	(void)state;
	notices = 0;
	assert_string_equal(said(DBW_SQL("SELECT 1")), "");
	assert_int_equal(notices, 0);
	assert_string_equal(said(DBW_SQL("DROP TABLE IF EXISTS there_is_none")),
		"store/store/listen: NOTICE 00000 table \"there_is_none\" does not exist, skipping");
	assert_int_equal(notices, 1);
	assert_string_equal(said(DBW_SQL("CREATE TABLE a (b int)")), "");
	assert_string_equal(said(DBW_SQL("CREATE TABLE IF NOT EXISTS a (b int)")),
		"store/store/listen: NOTICE 42P07 relation \"a\" already exists, skipping");
}

/* What somebody's function raises may hold values; its code says which one it is. */
static void notice__of_a_function_is_told_without_its_words(void **state)
{
	(void)state;
	assert_string_equal(said(DBW_SQL("DO $$ BEGIN RAISE NOTICE 'geheim'; END $$")),
		"store/store/listen: NOTICE 00000 a function or a trigger says something of its own");
	assert_string_equal(
		said(DBW_SQL("DO $$ BEGIN RAISE WARNING 'geheim' USING ERRCODE = 'AA001'; END $$")),
		"store/store/listen: WARNING AA001 a function or a trigger says something of its own");
	assert_string_equal(
		said(DBW_SQL("DO $$ BEGIN RAISE WARNING 'geheim' USING ERRCODE = '42P07'; END $$")),
		"store/store/listen: WARNING 42P07 a function or a trigger says something of its own");
}

static void notice__many_in_one_statement(void **state)
{
	(void)state;
	notices = 0;
	said(DBW_SQL("DO $$ BEGIN FOR i IN 1..100 LOOP RAISE NOTICE '%', i; END LOOP; END $$"));
	assert_int_equal(notices, 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(notice__of_the_server_is_told, setup, teardown),
		cmocka_unit_test_setup_teardown(
			notice__of_a_function_is_told_without_its_words, setup, teardown),
		cmocka_unit_test_setup_teardown(notice__many_in_one_statement, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

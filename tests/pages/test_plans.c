/* What SQLite reads for a page in the middle of a large table: about as many rows as the page has. */
#include "fixture_plan.h"

#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

/*
 * A page of 21 rows takes about 2,000 instructions of SQLite's virtual machine, sorting included; reading up to the place takes
 * some hundred thousand.
 */
enum { INSTRUCTIONS = 6000 };

static sqlite3 *db;

static void execute(const char *sql)
{
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s\n%s", sqlite3_errmsg(db), sql);
}

static int setup(void **state)
{
	const dbw_objects *objects = fixture_event_objects(DBW_SQLITE);
	char sql[1024];

	(void)state;
	assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
	for (size_t i = 0; i < objects->count; i++)
		execute(objects->items[i].sql);
	assert_in_range(
		snprintf(sql, sizeof sql, FIXTURE_EVENTS, "n / 4 * 1000000", "n / 4 * 1000000",
			"FROM (WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers "
			"WHERE n < 100000) SELECT n FROM numbers)"),
		1, sizeof sql - 1);
	execute(sql);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	return 0;
}

static void bind(sqlite3_stmt *statement, const dbw__request *request)
{
	assert_int_equal(sqlite3_bind_parameter_count(statement), request->count);
	for (size_t i = 0; i < request->count; i++) {
		const dbw_value *value = &request->values[i];
		const int place = (int)i + 1;

		if (value->kind == DBW_KIND_TEXT)
			sqlite3_bind_text(statement, place, value->as.data, (int)value->size, SQLITE_STATIC);
		else
			sqlite3_bind_int64(statement, place, value->as.integer);
	}
}

static void measure(int number, const dbw__request *request, void *context)
{
	sqlite3_stmt *statement;
	dbw_text_buffer sql;
	int rows = 0;
	int instructions;

	(void)context;
	dbw_text_init(&sql, NULL, 0);
	dbw__request_render(request, &sql);
	if (sqlite3_prepare_v2(db, sql.data, -1, &statement, NULL) != SQLITE_OK)
		fail_msg("page %d: %s\n%s", number, sqlite3_errmsg(db), sql.data);
	bind(statement, request);
	while (sqlite3_step(statement) == SQLITE_ROW)
		rows++;
	instructions = sqlite3_stmt_status(statement, SQLITE_STMTSTATUS_VM_STEP, 0);
	assert_int_equal(sqlite3_finalize(statement), SQLITE_OK);
	assert_int_equal(rows, 21);
	if (instructions > INSTRUCTIONS)
		fail_msg("page %d: %d instructions\n%s", number, instructions, sql.data);
	dbw_text_clear(&sql);
}

static void page__reads_no_more_than_its_rows(void **state)
{
	(void)state;
	assert_true(fixture_plans(DBW_SQLITE, measure, NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(page__reads_no_more_than_its_rows) };

	return cmocka_run_group_tests(tests, setup, teardown);
}

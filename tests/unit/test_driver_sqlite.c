#include "fixture_user.h"

#include <base/arena.h>
#include <driver/bundled.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

static const dbw_driver *const driver = &dbw__sqlite_driver;

static dbw_connection *open_at(const char *location)
{
	dbw_address address = {
		.database = "test", .location = location, .settings = NULL, .setting_count = 0
	};
	dbw_connection *connection;
	dbw_error error;

	if (driver->open(&address, &connection, &error) != DBW_OK)
		fail_msg("%s", error.message);
	return connection;
}

static void run(dbw_connection *connection, const char *sql)
{
	dbw_error error;

	if (driver->run(connection, sql, &error) != DBW_OK)
		fail_msg("%s: %s", sql, error.message);
}

static dbw_status try_run(dbw_connection *connection, const char *sql, dbw_error *error)
{
	dbw_error_clear(error);
	return driver->run(connection, sql, error);
}

static int64_t ask(dbw_connection *connection, const char *sql)
{
	dbw_prepared *statement;
	dbw_error error;
	int64_t number = -1;
	bool more;

	if (driver->prepare(connection, sql, NULL, &statement, &error) != DBW_OK ||
		driver->query(connection, statement, NULL, 0, &error) != DBW_OK ||
		driver->fetch_integer(connection, statement, &number, &more, &error) != DBW_OK || !more)
		fail_msg("%s: %s", sql, error.message);
	driver->finish(connection, statement);
	driver->release(connection, statement);
	return number;
}

static void make_tables(dbw_connection *connection)
{
	for (size_t i = 0; i < auth__tables.count; i++) {
		const dbw_objects *objects = &auth__tables.items[i].objects[DBW_SQLITE];

		for (size_t j = 0; j < objects->count; j++)
			run(connection, objects->items[j].sql);
	}
}

static dbw_connection *open_tables(void)
{
	dbw_connection *connection = open_at(":memory:");

	make_tables(connection);
	return connection;
}

/* Binding and decoding, by way of the table with a column of every kind. */

static const char long_text[] = "caf\xc3\xa9 \xe2\x82\xac";
static const dbw_uuid a_uuid = { { 0xf8, 0x1d, 0x4f, 0xae, 0x7d, 0xec, 0x11, 0xd0, 0xa7, 0x65, 0, 0xa0, 0xc9,
	0x1e, 0x6b, 0xf6 } };

static dbw_value integer(uint8_t kind, int64_t number)
{
	return (dbw_value){ .kind = kind, .as.integer = number };
}

static dbw_value text(uint8_t kind, const char *data, size_t size)
{
	return (dbw_value){ .kind = kind, .size = (uint32_t)size, .as.data = data };
}

/* The values of one row, those of the nullable columns NULL unless `full`. */
static void fill(dbw_value values[EVERYTHING__COLUMN_COUNT - 1], bool full)
{
	dbw_decimal wide;

	assert_int_equal(dbw_decimal_parse("-1234567890123456789012345678.0123456789", 40, &wide), DBW_OK);
	for (int base = 0; base <= 15; base += 15) {
		dbw_value *v = values + base;

		v[0] = integer(DBW_KIND_BOOL, 1);
		v[1] = integer(DBW_KIND_INT16, INT16_MIN);
		v[2] = integer(DBW_KIND_INT32, INT32_MAX);
		v[3] = integer(DBW_KIND_INT64, INT64_MIN);
		v[4] = (dbw_value){ .kind = DBW_KIND_FLOAT32, .as.real = 0.5 };
		v[5] = (dbw_value){ .kind = DBW_KIND_FLOAT64, .as.real = 1e300 };
		v[6] = (dbw_value){ .kind = DBW_KIND_DECIMAL, .as.decimal = dbw_decimal_of(-123456, 4) };
		v[7] = text(DBW_KIND_TEXT, long_text, strlen(long_text));
		v[8] = text(DBW_KIND_BYTES, "\0\1\2", 3);
		v[9] = integer(DBW_KIND_TIMESTAMP, DBW_TIMESTAMP_MAX);
		v[10] = integer(DBW_KIND_DATE, DBW_DATE_MIN);
		v[11] = integer(DBW_KIND_TIME, DBW_TIME_MAX);
		v[12] = (dbw_value){ .kind = DBW_KIND_UUID, .as.uuid = a_uuid };
		v[13] = text(DBW_KIND_JSON, "{\"a\":1}", 7);
		v[14] = integer(DBW_KIND_ENUM, USER_ROLE_ADMIN);
		if (base == 15 && !full)
			memset(v, 0, 15 * sizeof *v);
	}
	values[30] = (dbw_value){ .kind = DBW_KIND_DECIMAL, .as.decimal = wide };
	values[31] = integer(DBW_KIND_TIMESTAMP, 1);
	values[32] = integer(DBW_KIND_DATE, 1);
	values[33] = integer(DBW_KIND_TIME, 1);
	values[34] = (dbw_value){ .kind = DBW_KIND_UUID, .as.uuid = a_uuid };
	for (int i = 0; i < EVERYTHING__COLUMN_COUNT - 1; i++)
		values[i].column = &everything__model.columns[i + 1];
}

static int64_t insert(dbw_connection *connection, const dbw_value *values)
{
	const dbw_statement *fixed = &everything__model.statements[DBW_STATEMENT_INSERT];
	dbw_prepared *statement;
	dbw_effect effect;
	dbw_error error;

	if (driver->prepare(connection, fixed->sql[DBW_SQLITE], NULL, &statement, &error) != DBW_OK ||
		driver->execute(connection, statement, values, fixed->parameter_count, &effect, &error) !=
			DBW_OK)
		fail_msg("%s", error.message);
	assert_int_equal(effect.rows, 1);
	driver->release(connection, statement);
	return effect.assigned_id;
}

static dbw_status find(
	dbw_connection *connection, int64_t id, everything *row, dbw_arena *arena, dbw_error *error)
{
	const dbw_result rows = { .model = &everything__model };
	dbw_value key = { .kind = DBW_KIND_INT64, .as.integer = id };
	dbw_prepared *statement;
	dbw_status status;
	bool more;

	memset(row, 0, sizeof *row);
	assert_int_equal(
		driver->prepare(connection, everything__model.statements[DBW_STATEMENT_FIND].sql[DBW_SQLITE],
			&rows, &statement, error),
		DBW_OK);
	assert_int_equal(driver->query(connection, statement, &key, 1, error), DBW_OK);
	status = driver->fetch(connection, statement, row, arena, &more, error);
	assert_true(more == (status == DBW_OK));
	assert_false(driver->is_clean(connection));
	driver->finish(connection, statement);
	assert_true(driver->is_clean(connection));
	driver->release(connection, statement);
	return status;
}

static void rows__every_kind_comes_back_as_it_was(void **state)
{
	dbw_connection *connection = open_tables();
	dbw_arena *arena = dbw_arena_new(0);
	dbw_value values[EVERYTHING__COLUMN_COUNT - 1];
	char printed[DBW_DECIMAL_SIZE];
	everything row;
	dbw_error error;

	(void)state;
	fill(values, true);
	assert_int_equal(insert(connection, values), 1);
	assert_int_equal(find(connection, 1, &row, arena, &error), DBW_OK);
	assert_int_equal(row.id, 1);
	assert_true(row.a_bool);
	assert_int_equal(row.a_int16, INT16_MIN);
	assert_int_equal(row.a_int32, INT32_MAX);
	assert_true(row.a_int64 == INT64_MIN);
	assert_true(row.a_float32 == 0.5F);
	assert_true(row.a_float64 == (double)1e300);
	assert_int_equal(dbw_decimal_compare(row.a_decimal, dbw_decimal_of(-123456, 4)), 0);
	assert_int_equal(row.a_decimal.scale, 4);
	assert_string_equal(row.a_string, long_text);
	assert_int_equal(row.a_bytes.size, 3);
	assert_memory_equal(row.a_bytes.data, "\0\1\2", 3);
	assert_true(row.a_timestamp.us == DBW_TIMESTAMP_MAX);
	assert_int_equal(row.a_date.days, DBW_DATE_MIN);
	assert_true(row.a_time.us == DBW_TIME_MAX);
	assert_memory_equal(&row.a_uuid, &a_uuid, sizeof a_uuid);
	assert_string_equal(row.a_json, "{\"a\":1}");
	assert_int_equal(row.a_enum, USER_ROLE_ADMIN);
	assert_true(row.n_bool.has && row.n_bool.value);
	assert_true(row.n_int16.has && row.n_int16.value == INT16_MIN);
	assert_true(row.n_int32.has && row.n_int32.value == INT32_MAX);
	assert_true(row.n_int64.has && row.n_int64.value == INT64_MIN);
	assert_true(row.n_float32.has && row.n_float32.value == 0.5F);
	assert_true(row.n_float64.has && row.n_float64.value == (double)1e300);
	assert_true(row.n_decimal.has && dbw_decimal_compare(row.n_decimal.value, row.a_decimal) == 0);
	assert_string_equal(row.n_string, long_text);
	assert_int_equal(row.n_bytes.size, 3);
	assert_true(row.n_timestamp.has && row.n_timestamp.value.us == DBW_TIMESTAMP_MAX);
	assert_true(row.n_date.has && row.n_date.value.days == DBW_DATE_MIN);
	assert_true(row.n_time.has && row.n_time.value.us == DBW_TIME_MAX);
	assert_true(row.n_uuid.has && memcmp(&row.n_uuid.value, &a_uuid, sizeof a_uuid) == 0);
	assert_string_equal(row.n_json, "{\"a\":1}");
	assert_true(row.n_enum.has && row.n_enum.value == USER_ROLE_ADMIN);
	dbw_decimal_print(row.t_decimal, printed);
	assert_string_equal(printed, "-1234567890123456789012345678.0123456789");
	assert_true(row.t_timestamp.us == 1 && row.t_date.days == 1 && row.t_time.us == 1);
	assert_memory_equal(&row.t_uuid, &a_uuid, sizeof a_uuid);
	assert_int_equal(row.row_.origin, 0);
	dbw_arena_free(arena);
	driver->close(connection);
}

static void rows__null_and_empty_are_two_things(void **state)
{
	dbw_connection *connection = open_tables();
	dbw_arena *arena = dbw_arena_new(0);
	dbw_value values[EVERYTHING__COLUMN_COUNT - 1];
	everything row;
	dbw_error error;

	(void)state;
	fill(values, false);
	insert(connection, values);
	assert_int_equal(find(connection, 1, &row, arena, &error), DBW_OK);
	assert_false(
		row.n_bool.has || row.n_int16.has || row.n_int32.has || row.n_int64.has || row.n_float32.has);
	assert_false(row.n_float64.has || row.n_decimal.has || row.n_timestamp.has || row.n_date.has);
	assert_false(row.n_time.has || row.n_uuid.has || row.n_enum.has);
	assert_null(row.n_string);
	assert_null(row.n_json);
	assert_null(row.n_bytes.data);
	values[22] = text(DBW_KIND_TEXT, "", 0);
	values[23] = text(DBW_KIND_BYTES, "", 0);
	insert(connection, values);
	assert_int_equal(find(connection, 2, &row, arena, &error), DBW_OK);
	assert_string_equal(row.n_string, "");
	assert_non_null(row.n_bytes.data);
	assert_int_equal(row.n_bytes.size, 0);
	dbw_arena_free(arena);
	driver->close(connection);
}

static void rows__storage_is_what_the_design_says(void **state)
{
	dbw_connection *connection = open_tables();
	dbw_value values[EVERYTHING__COLUMN_COUNT - 1];

	(void)state;
	fill(values, true);
	insert(connection, values);
	assert_int_equal(
		ask(connection,
			"SELECT a_decimal = -123456 AND typeof(a_uuid) = 'blob' AND length(a_uuid) = 16 AND "
			"a_enum = 'admin' AND a_bool = 1 AND typeof(a_timestamp) = 'integer' AND "
			"typeof(a_date) = 'integer' AND typeof(a_float32) = 'real' AND "
			"t_timestamp = '1970-01-01T00:00:00.000001Z' AND t_date = '1970-01-02' AND "
			"t_time = '00:00:00.000001' AND t_uuid = 'f81d4fae-7dec-11d0-a765-00a0c91e6bf6' AND "
			"t_decimal = '-1234567890123456789012345678.0123456789' FROM everything"),
		1);
	driver->close(connection);
}

static void rows__what_does_not_fit_is_refused(void **state)
{
	static const struct {
		const char *field;
		const char *sql;
		const char *message;
	} cases[] = {
		{ "a_bool", "2", "the stored value is neither 0 nor 1" },
		{ "a_bool", "'x'", "the stored value is not an integer" },
		{ "a_bool", "NULL", "the stored value is NULL" },
		{ "a_int16", "32768", "the stored value is out of range" },
		{ "a_int16", "-9223372036854775807 - 1", "the stored value is out of range" },
		{ "a_bool", "-1", "the stored value is neither 0 nor 1" },
		{ "n_time", "-1", "the stored value is out of range" },
		{ "n_uuid", "x''", "the stored value is not a blob of 16 bytes" },
		{ "a_int32", "-2147483649", "the stored value is out of range" },
		{ "a_int64", "1.0", "the stored value is not an integer" },
		{ "a_float32", "1e300", "the stored value is out of range" },
		{ "a_float64", "'secret'", "the stored value is not a floating point number" },
		{ "a_decimal", "1000000000000000000", "the stored value is out of range" },
		{ "a_decimal", "'1.5'", "the stored value is not an integer" },
		{ "a_string", "x'6162'", "the stored value is not a text" },
		{ "a_string", "'a' || char(0) || 'b'", "the stored text has a NUL character in it" },
		{ "a_bytes", "'secret'", "the stored value is not a blob" },
		{ "a_timestamp", "253402300800000000", "the stored value is out of range" },
		{ "a_date", "-719163", "the stored value is out of range" },
		{ "a_time", "86400000000", "the stored value is out of range" },
		{ "a_uuid", "x'00'", "the stored value is not a blob of 16 bytes" },
		{ "a_json", "5", "the stored value is not a text" },
		{ "a_enum", "'secret'", "the stored text is not one of the values of the enum" },
		{ "n_int16", "40000", "the stored value is out of range" },
		{ "n_enum", "''", "the stored text is not one of the values of the enum" },
		{ "t_decimal", "'1.23456789012'", "the stored text is not a decimal of this column" },
		{ "t_timestamp", "'1970-01-01 00:00:00'", "the stored text is not a time in the fixed form" },
		{ "t_date", "'1970-02-30'", "the stored text is not a time in the fixed form" },
		{ "t_time", "1", "the stored text is not a time in the fixed form" },
		{ "t_uuid", "'f81d4fae'", "the stored text is not a uuid" },
	};
	dbw_connection *connection = open_tables();
	dbw_arena *arena = dbw_arena_new(0);
	dbw_value values[EVERYTHING__COLUMN_COUNT - 1];

	(void)state;
	fill(values, true);
	insert(connection, values);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char sql[200], expected[200];
		everything row;
		dbw_error error;

		run(connection, "SAVEPOINT s");
		snprintf(sql, sizeof sql, "UPDATE everything SET %s = %s", cases[i].field, cases[i].sql);
		run(connection, sql);
		run(connection, "RELEASE s");
		assert_int_equal(find(connection, 1, &row, arena, &error), DBW_DATA);
		snprintf(expected, sizeof expected, "everything.%s: %s", cases[i].field, cases[i].message);
		assert_string_equal(error.message, expected);
		snprintf(sql, sizeof sql, "DELETE FROM everything");
		run(connection, sql);
		fill(values, true);
		insert(connection, values);
	}
	dbw_arena_free(arena);
	driver->close(connection);
}

/* Some columns of a model, in an order of their own; the others are left alone. */
static void rows__a_result_may_be_some_columns(void **state)
{
	static const dbw_column columns[] = {
		{ .name = "a", .field = "a", .kind = DBW_KIND_INT64, .offset = 0 },
		{ .name = "b", .field = "b", .kind = DBW_KIND_INT32, .offset = 8 },
		{ .name = "c", .field = "c", .kind = DBW_KIND_INT16, .offset = 12 },
	};
	static const dbw_model model = {
		.name = "some", .columns = columns, .column_count = 3, .row_size = 16
	};
	static const uint16_t numbers[] = { 2, 0 };
	const dbw_result some = { .model = &model, .columns = numbers, .count = 2 };
	struct {
		int64_t a;
		int32_t b;
		int16_t c;
	} row = { 0, 77, 0 };
	dbw_connection *connection = open_tables();
	dbw_prepared *statement;
	dbw_error error;
	bool more;

	(void)state;
	assert_int_equal(driver->prepare(connection, "SELECT 5, 70000", &some, &statement, &error), DBW_OK);
	assert_int_equal(driver->query(connection, statement, NULL, 0, &error), DBW_OK);
	assert_int_equal(driver->fetch(connection, statement, &row, NULL, &more, &error), DBW_OK);
	assert_true(more);
	assert_true(row.a == 70000 && row.b == 77 && row.c == 5);
	assert_int_equal(driver->fetch(connection, statement, &row, NULL, &more, &error), DBW_OK);
	assert_false(more);
	driver->finish(connection, statement);
	driver->release(connection, statement);
	driver->close(connection);
}

/* Without an arena text and bytes are the statement's, and an empty blob is still no NULL. What was there before is gone. */
static void rows__text_may_be_borrowed(void **state)
{
	struct lent {
		const char *a;
		dbw_bytes b;
		dbw_opt_i64 c;
	} row = { NULL, { NULL, 0 }, { false, 0 } };
	static const dbw_column columns[] = {
		{ .name = "a", .field = "a", .kind = DBW_KIND_TEXT, .offset = offsetof(struct lent, a) },
		{ .name = "b",
			.field = "b",
			.kind = DBW_KIND_BYTES,
			.offset = offsetof(struct lent, b),
			.flags = DBW_COLUMN_NULLABLE },
		{ .name = "c",
			.field = "c",
			.kind = DBW_KIND_INT64,
			.offset = offsetof(struct lent, c),
			.flags = DBW_COLUMN_NULLABLE },
	};
	static const dbw_model model = {
		.name = "lent", .columns = columns, .column_count = 3, .row_size = sizeof row
	};
	const dbw_result result = { .model = &model };
	dbw_connection *connection = open_tables();
	dbw_prepared *statement;
	dbw_error error;
	bool more;

	(void)state;
	assert_int_equal(
		driver->prepare(connection, "VALUES ('one', x'01', 1), ('', x'', 2), ('three', NULL, NULL)",
			&result, &statement, &error),
		DBW_OK);
	assert_int_equal(driver->query(connection, statement, NULL, 0, &error), DBW_OK);
	assert_int_equal(driver->fetch(connection, statement, &row, NULL, &more, &error), DBW_OK);
	assert_string_equal(row.a, "one");
	assert_int_equal(row.b.size, 1);
	assert_memory_equal(row.b.data, "\x01", 1);
	assert_int_equal(driver->fetch(connection, statement, &row, NULL, &more, &error), DBW_OK);
	assert_string_equal(row.a, "");
	assert_non_null(row.b.data);
	assert_int_equal(row.b.size, 0);
	assert_true(row.c.has && row.c.value == 2);
	assert_int_equal(driver->fetch(connection, statement, &row, NULL, &more, &error), DBW_OK);
	assert_string_equal(row.a, "three");
	assert_null(row.b.data);
	assert_true(!row.c.has && row.c.value == 0);
	driver->finish(connection, statement);
	driver->release(connection, statement);
	driver->close(connection);
}

static void rows__a_statement_of_other_width_is_refused(void **state)
{
	const dbw_result wide = { .model = &everything__model };
	dbw_connection *connection = open_tables();
	dbw_arena *arena = dbw_arena_new(0);
	dbw_prepared *statement;
	everything row;
	dbw_value values[2] = { { 0 } };
	dbw_error error;
	bool more;

	(void)state;
	assert_int_equal(
		driver->prepare(connection, "SELECT 1", &wide, &statement, &error), DBW_SCHEMA_MISMATCH);
	assert_null(statement);
	assert_int_equal(driver->prepare(connection, "SELECT 1", NULL, &statement, &error), DBW_OK);
	assert_int_equal(driver->query(connection, statement, NULL, 0, &error), DBW_OK);
	assert_int_equal(driver->fetch(connection, statement, &row, arena, &more, &error), DBW_MISUSE);
	assert_false(more);
	driver->finish(connection, statement);
	assert_int_equal(driver->query(connection, statement, values, 1, &error), DBW_MISUSE);
	assert_true(driver->is_clean(connection));
	driver->release(connection, statement);
	assert_int_equal(driver->prepare(connection, "  -- nothing", NULL, &statement, &error), DBW_MISUSE);
	assert_null(statement);
	dbw_arena_free(arena);
	driver->close(connection);
}

/* Failures */

static void failures__violations_are_taken_from_the_text(void **state)
{
	static const struct {
		const char *sql;
		dbw_constraint_kind kind;
		bool by_columns;
		const char *text;
	} cases[] = {
		{ "INSERT INTO t VALUES (1, 5, 'x', 1, 1)", DBW_PRIMARY_KEY, true, "t.id" },
		{ "INSERT INTO t VALUES (2, 1, 'x', 1, 1)", DBW_UNIQUE, true, "t.a" },
		{ "INSERT INTO t VALUES (2, 5, 'A', 1, 1)", DBW_UNIQUE, false, "t_lower" },
		{ "INSERT INTO t VALUES (2, 5, NULL, 1, 1)", DBW_NOT_NULL, true, "t.b" },
		{ "INSERT INTO t VALUES (2, 5, 'x', -1, 1)", DBW_CHECK, false, "t_c" },
		{ "INSERT INTO t VALUES (2, 5, 'x', 1, 7)", DBW_FOREIGN_KEY, false, "" },
		{ "DELETE FROM p", DBW_FOREIGN_KEY, false, "" },
		{ "INSERT INTO w VALUES (1, 1)", DBW_PRIMARY_KEY, true, "w.a, w.b" },
	};
	dbw_connection *connection = open_at(":memory:");

	(void)state;
	run(connection, "CREATE TABLE p (id INTEGER PRIMARY KEY)");
	run(connection,
		"CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER UNIQUE, b TEXT NOT NULL, c INTEGER CONSTRAINT t_c "
		"CHECK (c > 0), p INTEGER REFERENCES p ON DELETE RESTRICT) STRICT");
	run(connection, "CREATE UNIQUE INDEX t_lower ON t (lower(b))");
	run(connection, "CREATE TABLE w (a, b, PRIMARY KEY (a, b)) WITHOUT ROWID");
	run(connection, "INSERT INTO w VALUES (1, 1)");
	run(connection, "INSERT INTO p VALUES (1)");
	run(connection, "INSERT INTO t VALUES (1, 1, 'a', 1, 1)");
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const dbw_violation *violation;
		dbw_error error;

		assert_int_equal(try_run(connection, cases[i].sql, &error), DBW_CONFLICT);
		violation = driver->violation(connection);
		assert_int_equal(violation->kind, cases[i].kind);
		assert_int_equal(violation->by_columns, cases[i].by_columns);
		assert_string_equal(violation->text, cases[i].text);
		assert_int_not_equal(error.native_code, 0);
	}
	driver->close(connection);
}

static void failures__messages_hold_no_values(void **state)
{
	dbw_connection *connection = open_tables();
	dbw_error error;

	(void)state;
	assert_int_equal(try_run(connection,
				 "INSERT INTO notes (title, user_id, updated_at, version) "
				 "VALUES ('t', 'secret', 1, 1)",
				 &error),
		DBW_SCHEMA_MISMATCH);
	assert_null(strstr(error.message, "secret"));
	assert_int_equal(try_run(connection, "INSERT INTO users (id) VALUES ('secret')", &error), DBW_ENGINE);
	assert_null(strstr(error.message, "secret"));
	assert_int_equal(try_run(connection, "SELECT json_extract('{}', '$secret')", &error), DBW_ENGINE);
	assert_null(strstr(error.message, "secret"));
	assert_int_equal(try_run(connection, "SELECT json('secret')", &error), DBW_ENGINE);
	assert_string_equal(error.message, "malformed JSON");
	run(connection, "CREATE TABLE f (a)");
	run(connection, "CREATE TRIGGER f_no BEFORE INSERT ON f BEGIN SELECT RAISE(ABORT, 'secret'); END");
	assert_int_equal(try_run(connection, "INSERT INTO f VALUES (1)", &error), DBW_CONFLICT);
	assert_string_equal(error.message, "a trigger refuses the change");
	driver->close(connection);
}

static void failures__a_missing_table_is_a_mismatch(void **state)
{
	dbw_connection *connection = open_at(":memory:");
	dbw_error error;

	(void)state;
	assert_int_equal(try_run(connection, "SELECT * FROM nowhere", &error), DBW_SCHEMA_MISMATCH);
	assert_string_equal(error.message, "no such table: nowhere");
	assert_int_equal(try_run(connection, "SELECT \"typo\"", &error), DBW_SCHEMA_MISMATCH);
	assert_int_equal(try_run(connection, "SELEC", &error), DBW_ENGINE);
	driver->close(connection);
}

/* As a server that takes no writes. */
static void failures__a_database_that_takes_no_writes(void **state)
{
	dbw_connection *connection = open_at(":memory:");
	dbw_error error;

	(void)state;
	run(connection, "CREATE TABLE f (a)");
	run(connection, "PRAGMA query_only = ON");
	assert_int_equal(try_run(connection, "INSERT INTO f VALUES (1)", &error), DBW_CONNECTION);
	assert_string_equal(
		error.message, "the database takes no writes: look at the rights of the file and its folder");
	driver->close(connection);
}

/* Opening */

static char folder[64];

static void open_failure(const char *name, dbw_status status, const char *why)
{
	char path[200], expected[600];
	dbw_address address = { .database = "test", .location = path, .settings = NULL, .setting_count = 0 };
	dbw_connection *connection;
	dbw_error error;

	snprintf(path, sizeof path, "%s/%s", folder, name);
	snprintf(expected, sizeof expected, "database \"test\": cannot open %s: %s", path, why);
	dbw_error_clear(&error);
	assert_int_equal(driver->open(&address, &connection, &error), status);
	assert_null(connection);
	assert_string_equal(error.message, expected);
}

static void open__says_what_is_wrong(void **state)
{
	char path[200], why[200];
	FILE *file;

	(void)state;
	snprintf(why, sizeof why, "the folder %s/no does not exist; make it, as dbwright db setup does",
		folder);
	open_failure("no/x.db", DBW_CONNECTION, why);
	open_failure(".", DBW_CONNECTION, "it is a folder");
	snprintf(path, sizeof path, "%s/text.db", folder);
	file = fopen(path, "w");
	assert_non_null(file);
	for (int i = 0; i < 100; i++)
		fputs("this is no database\n", file);
	fclose(file);
	open_failure("text.db", DBW_CONNECTION, "it is not a SQLite database");
	if (geteuid() != 0) {
		chmod(path, 0444);
		open_failure("text.db", DBW_CONNECTION, "no permission to write it");
		chmod(path, 0);
		open_failure("text.db", DBW_CONNECTION, "no permission to read and write it");
	}
	unlink(path);
}

static void open__settings_are_applied(void **state)
{
	static const dbw_setting settings[] = { { "journal_mode", "DELETE" }, { "synchronous", "full" },
		{ "foreign_keys", "false" }, { "busy_timeout_ms", "17" }, { "cache_size", "-4000" },
		{ "temp_store", "memory" }, { "mmap_size", "0" }, { "path", "ignored" } };
	dbw_address address = { .database = "test",
		.location = NULL,
		.settings = settings,
		.setting_count = sizeof settings / sizeof settings[0] };
	char path[200];
	dbw_connection *connection;
	dbw_error error;

	(void)state;
	snprintf(path, sizeof path, "%s/settings.db", folder);
	address.location = path;
	assert_int_equal(driver->open(&address, &connection, &error), DBW_OK);
	assert_int_equal(ask(connection, "SELECT journal_mode = 'delete' FROM pragma_journal_mode"), 1);
	assert_int_equal(ask(connection, "PRAGMA synchronous"), 2);
	assert_int_equal(ask(connection, "PRAGMA foreign_keys"), 0);
	assert_int_equal(ask(connection, "PRAGMA busy_timeout"), 17);
	assert_int_equal(ask(connection, "PRAGMA cache_size"), -4000);
	assert_int_equal(ask(connection, "PRAGMA temp_store"), 2);
	driver->close(connection);
	unlink(path);
	connection = open_at(path);
	assert_int_equal(ask(connection, "SELECT journal_mode = 'wal' FROM pragma_journal_mode"), 1);
	assert_int_equal(ask(connection, "PRAGMA synchronous"), 1);
	assert_int_equal(ask(connection, "PRAGMA foreign_keys"), 1);
	assert_int_equal(ask(connection, "PRAGMA busy_timeout"), 5000);
	/* The checks of json columns need a trusted schema. */
	assert_int_equal(
		driver->run(connection, "CREATE TABLE j (a TEXT CHECK (json_valid(a)))", &error), DBW_OK);
	assert_int_equal(driver->run(connection, "INSERT INTO j VALUES ('{}')", &error), DBW_OK);
	driver->close(connection);
	unlink(path);
}

static void open__wrong_settings_are_named(void **state)
{
	static const struct {
		dbw_setting setting;
		const char *message;
	} cases[] = {
		{ { "jurnal_mode", "wal" },
			"database \"test\": SQLite has no setting jurnal_mode; did you mean journal_mode?" },
		{ { "speed", "9" }, "database \"test\": SQLite has no setting speed" },
		{ { "journal_mode", "fast" },
			"database \"test\": settings.journal_mode has to be wal, delete, "
			"truncate, persist, memory or off" },
		{ { "synchronous", "" },
			"database \"test\": settings.synchronous has to be off, normal, full or extra" },
		{ { "foreign_keys", "yes" },
			"database \"test\": settings.foreign_keys has to be true or false" },
		{ { "busy_timeout_ms", "-1" },
			"database \"test\": settings.busy_timeout_ms has to be a number of milliseconds" },
		{ { "busy_timeout_ms", "5s" },
			"database \"test\": settings.busy_timeout_ms has to be a number of milliseconds" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		dbw_address address = { .database = "test",
			.location = ":memory:",
			.settings = &cases[i].setting,
			.setting_count = 1 };
		dbw_connection *connection;
		dbw_error error;

		assert_int_equal(driver->check(&address, &error), DBW_CONFIG);
		assert_string_equal(error.message, cases[i].message);
		assert_int_equal(driver->open(&address, &connection, &error), DBW_CONFIG);
		assert_null(connection);
	}
}

/* What a provider that builds upon this driver may be told of: no file is made of it, and no password is shown. */
static void open__a_place_that_is_no_file(void **state)
{
	static const char *const places[] = { "postgresql://u:geheim@h/n", "host=h password=geheim",
		"geheim.db" };
	dbw_connection *connection;
	dbw_error error;

	(void)state;
	for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
		const dbw_address address = { .database = "test", .location = places[i] };

		assert_int_equal(driver->check(&address, &error), DBW_CONFIG);
		assert_string_equal(error.message,
			"database \"test\": its connection string names no file of SQLite; write sqlite:path/to/file.db");
		assert_int_equal(driver->open(&address, &connection, &error), DBW_CONFIG);
		assert_null(connection);
		assert_null(strstr(error.message, "geheim"));
		assert_int_not_equal(access(places[i], F_OK), 0);
	}
}

/* Transactions */

static void transactions__savepoints_and_rollback(void **state)
{
	dbw_connection *connection = open_at(":memory:");
	dbw_error error;

	(void)state;
	run(connection, "CREATE TABLE t (a)");
	assert_int_equal(driver->begin(connection, DBW_TRANSACTION_WRITE, &error), DBW_OK);
	assert_false(driver->is_clean(connection));
	run(connection, "INSERT INTO t VALUES (1)");
	assert_int_equal(driver->savepoint(connection, 1, &error), DBW_OK);
	run(connection, "INSERT INTO t VALUES (2)");
	assert_int_equal(driver->rollback_to_savepoint(connection, 1, &error), DBW_OK);
	assert_int_equal(driver->savepoint(connection, 1, &error), DBW_OK);
	run(connection, "INSERT INTO t VALUES (3)");
	assert_int_equal(driver->release_savepoint(connection, 1, &error), DBW_OK);
	assert_int_equal(driver->rollback_to_savepoint(connection, 1, &error), DBW_ENGINE);
	assert_int_equal(driver->savepoint(connection, DBW_SAVEPOINT_LIMIT + 1, &error), DBW_MISUSE);
	assert_int_equal(driver->commit(connection, &error), DBW_OK);
	assert_int_equal(ask(connection, "SELECT sum(a) FROM t"), 4);
	assert_true(driver->is_clean(connection));
	assert_int_equal(driver->commit(connection, &error), DBW_ENGINE);
	assert_int_equal(driver->rollback(connection, &error), DBW_OK);
	driver->close(connection);
}

static int64_t clock_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Whoever would have had the connection has given up by then. */
static void open__waits_until_the_deadline(void **state)
{
	static const dbw_setting ours[] = { { "journal_mode", "delete" } };
	static const dbw_setting theirs[] = { { "journal_mode", "wal" }, { "busy_timeout_ms", "600000" } };
	char path[200];
	dbw_address address = { .database = "test", .location = path, .settings = ours, .setting_count = 1 };
	dbw_connection *one, *two;
	dbw_error error;

	(void)state;
	snprintf(path, sizeof path, "%s/locked.db", folder);
	assert_int_equal(driver->open(&address, &one, &error), DBW_OK);
	run(one, "CREATE TABLE t (a INTEGER)");
	run(one, "BEGIN EXCLUSIVE");
	address.settings = theirs;
	address.setting_count = 2;
	address.deadline_ms = clock_ms() + 30;
	assert_int_equal(driver->open(&address, &two, &error), DBW_TIMEOUT);
	assert_null(two);
	assert_string_equal(error.message,
		"database \"test\": another connection has locked it until the session's deadline");
	run(one, "COMMIT");
	/* Where nobody is in the way the deadline does not matter, and is not the connection's afterwards. */
	address.deadline_ms = clock_ms() + 600000;
	driver->close(one);
	assert_int_equal(driver->open(&address, &two, &error), DBW_OK);
	assert_int_equal(ask(two, "PRAGMA busy_timeout"), 600000);
	driver->close(two);
	unlink(path);
}

static void transactions__a_second_writer_is_busy(void **state)
{
	static const dbw_setting settings[] = { { "busy_timeout_ms", "20" } };
	char path[200];
	dbw_address address = {
		.database = "test", .location = path, .settings = settings, .setting_count = 1
	};
	dbw_connection *one, *two;
	dbw_error error;

	(void)state;
	snprintf(path, sizeof path, "%s/busy.db", folder);
	assert_int_equal(driver->open(&address, &one, &error), DBW_OK);
	assert_int_equal(driver->open(&address, &two, &error), DBW_OK);
	assert_int_equal(driver->begin(one, DBW_TRANSACTION_WRITE, &error), DBW_OK);
	assert_int_equal(driver->begin(two, DBW_TRANSACTION_WRITE, &error), DBW_BUSY);
	assert_string_equal(error.message, "another connection has been writing (waited 20 ms)");
	assert_int_equal(driver->begin(two, DBW_TRANSACTION_READ, &error), DBW_OK);
	assert_int_equal(driver->commit(two, &error), DBW_OK);
	assert_int_equal(driver->rollback(one, &error), DBW_OK);
	driver->close(one);
	driver->close(two);
	unlink(path);
}

static void tables__exist_whatever_their_case(void **state)
{
	dbw_connection *connection = open_tables();
	dbw_error error;
	bool found;

	(void)state;
	assert_int_equal(driver->table_exists(connection, "users", &found, &error), DBW_OK);
	assert_true(found);
	assert_int_equal(driver->table_exists(connection, "USERS", &found, &error), DBW_OK);
	assert_true(found);
	assert_int_equal(driver->table_exists(connection, "user", &found, &error), DBW_OK);
	assert_false(found);
	assert_int_equal(driver->table_exists(connection, "users_email_key", &found, &error), DBW_OK);
	assert_false(found);
	driver->close(connection);
}

static void capabilities__are_those_of_the_connection(void **state)
{
	dbw_connection *connection = open_at(":memory:");
	dbw_capabilities capabilities;

	(void)state;
	driver->capabilities(connection, &capabilities);
	assert_true(capabilities.single_connection);
	assert_true(capabilities.read_needs_transaction);
	assert_false(capabilities.returning_is_free);
	assert_true(capabilities.parameter_limit >= 999);
	driver->close(connection);
}

static int make_folder(void **state)
{
	(void)state;
	strcpy(folder, "/tmp/dbwright-test-XXXXXX");
	return mkdtemp(folder) == NULL;
}

static int remove_folder(void **state)
{
	(void)state;
	return rmdir(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows__every_kind_comes_back_as_it_was),
		cmocka_unit_test(rows__null_and_empty_are_two_things),
		cmocka_unit_test(rows__storage_is_what_the_design_says),
		cmocka_unit_test(rows__what_does_not_fit_is_refused),
		cmocka_unit_test(rows__a_result_may_be_some_columns),
		cmocka_unit_test(rows__text_may_be_borrowed),
		cmocka_unit_test(rows__a_statement_of_other_width_is_refused),
		cmocka_unit_test(failures__violations_are_taken_from_the_text),
		cmocka_unit_test(failures__messages_hold_no_values),
		cmocka_unit_test(failures__a_missing_table_is_a_mismatch),
		cmocka_unit_test(failures__a_database_that_takes_no_writes),
		cmocka_unit_test(open__says_what_is_wrong),
		cmocka_unit_test(open__settings_are_applied),
		cmocka_unit_test(open__wrong_settings_are_named),
		cmocka_unit_test(open__a_place_that_is_no_file),
		cmocka_unit_test(transactions__savepoints_and_rollback),
		cmocka_unit_test(open__waits_until_the_deadline),
		cmocka_unit_test(transactions__a_second_writer_is_busy),
		cmocka_unit_test(tables__exist_whatever_their_case),
		cmocka_unit_test(capabilities__are_those_of_the_connection),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}

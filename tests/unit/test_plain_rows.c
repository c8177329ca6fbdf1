/* Rows that the SQLite driver takes as they are: never one that the statement layer would refuse or write in another way. */
#include "fixture_user.h"

#include <descriptor/member.h>
#include <driver/bundled.h>
#include <driver/plain.h>
#include <statement/encode.h>

#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const dbw_driver *const driver = &dbw__sqlite_driver;
static dbw_connection *connection;
static dbw_error error;

static int open_memory(void **state)
{
	const dbw_address address = { .database = "test", .location = ":memory:" };

	(void)state;
	if (driver->open(&address, &connection, &error) != DBW_OK)
		return -1;
	return driver->run(connection, "CREATE TABLE written (value)", &error) == DBW_OK ? 0 : -1;
}

static int close_memory(void **state)
{
	(void)state;
	driver->close(connection);
	return 0;
}

static dbw_prepared *prepare(const char *sql)
{
	dbw_prepared *statement;

	if (driver->prepare(connection, sql, NULL, &statement, &error) != DBW_OK)
		fail_msg("%s: %s", sql, error.message);
	return statement;
}

static int64_t ask(const char *sql)
{
	dbw_prepared *statement = prepare(sql);
	int64_t number = -1;
	bool more;

	assert_int_equal(driver->query(connection, statement, NULL, 0, &error), DBW_OK);
	assert_int_equal(driver->fetch_integer(connection, statement, &number, &more, &error), DBW_OK);
	driver->finish(connection, statement);
	driver->release(connection, statement);
	return number;
}

/* What members are made of: numbers at the ends of ranges, marks of unset values, texts right and wrong. */
static const int64_t numbers[] = { 0, 1, 2, 3, 4, 9, -1, 100, 999999999, 10000000000, -10000000000, INT16_MIN,
	INT32_MIN, INT32_MAX, INT64_MIN, INT64_MAX, DBW_TIMESTAMP_MIN, DBW_TIMESTAMP_MIN - 1,
	DBW_TIMESTAMP_MAX, DBW_TIMESTAMP_MAX + 1, DBW_DATE_MIN, DBW_DATE_MIN - 1, DBW_DATE_MAX,
	DBW_DATE_MAX + 1, DBW_TIME_MAX, DBW_TIME_MAX + 1 };
static const double reals[] = { 0, 1.5, NAN, INFINITY, -INFINITY, DBL_MAX };
static const char *const texts[] = { NULL, "", "a", "Ren\xC3\xA9", "\xFF", "abcdefghijklmn\xC3", "{}",
	"{\"a\": 1}", "{",
	"a text that is longer than most columns are, \xE2\x82\xAC included, and not by one character",
	dbw__text_unset };

enum { NUMBERS = sizeof numbers / sizeof *numbers, REALS = sizeof reals / sizeof *reals };
enum { TEXTS = sizeof texts / sizeof *texts, CANDIDATES = NUMBERS * 3 + REALS * 2 + TEXTS * 3 };

/* The plain value of a kind that candidate `number` is; false where the kind has none such. */
static bool fill(uint8_t kind, unsigned number, void *out)
{
	const bool is_text = kind == DBW_KIND_TEXT || kind == DBW_KIND_JSON;
	const bool is_real = kind == DBW_KIND_FLOAT32 || kind == DBW_KIND_FLOAT64;

	if (number < NUMBERS * 3) {
		const int64_t low = numbers[number % NUMBERS];
		const int32_t scale = number / NUMBERS == 0 ? 2 : 4; /* of the decimals in the models */
		dbw_decimal decimal = { .high = low < 0 ? -1 : 0, .low = (uint64_t)low, .scale = scale };
		const int32_t narrow = (int32_t)low;
		const int16_t small = (int16_t)low;
		const bool truth = (low & 1) != 0;

		if (number / NUMBERS == 2)
			decimal.high = 1;
		switch (kind) {
		case DBW_KIND_BOOL: memcpy(out, &truth, sizeof truth); return true;
		case DBW_KIND_INT16: memcpy(out, &small, sizeof small); return true;
		case DBW_KIND_DATE:
		case DBW_KIND_ENUM:
		case DBW_KIND_INT32: memcpy(out, &narrow, sizeof narrow); return true;
		case DBW_KIND_TIMESTAMP:
		case DBW_KIND_TIME:
		case DBW_KIND_INT64: memcpy(out, &low, sizeof low); return true;
		case DBW_KIND_DECIMAL: memcpy(out, &decimal, sizeof decimal); return true;
		case DBW_KIND_UUID:
			memset(out, 0, sizeof(dbw_uuid));
			memcpy((char *)out + number / NUMBERS * 4, &low, sizeof low);
			return true;
		default: return false;
		}
	}
	number -= NUMBERS * 3;
	if (number < REALS * 2) {
		const double wide = reals[number % REALS];
		const float narrow = isfinite(wide) && wide > (double)FLT_MAX ? 1.0F : (float)wide;

		if (!is_real)
			return false;
		memcpy(out, kind == DBW_KIND_FLOAT64 ? (const void *)&wide : (const void *)&narrow,
			kind == DBW_KIND_FLOAT64 ? sizeof wide : sizeof narrow);
		return true;
	}
	number -= REALS * 2;
	if (is_text) {
		memcpy(out, &texts[number % TEXTS], sizeof *texts);
		return true;
	}
	if (kind == DBW_KIND_BYTES) {
		const char *text = texts[number % TEXTS];
		const dbw_bytes bytes = { text, text == NULL ? number / TEXTS : strlen(text) };

		memcpy(out, &bytes, sizeof bytes);
		return true;
	}
	return false;
}

/* Both ways write the same value of the same type. */
static void compare_written(dbw_prepared *statement, const void *row, const dbw_value *value)
{
	dbw_effect effect;
	bool plain;

	assert_int_equal(
		driver->execute_rows(connection, statement, row, 1, false, &plain, &effect, &error), DBW_OK);
	assert_true(plain && effect.rows == 1);
	assert_int_equal(
		driver->execute_rows(connection, statement, row, 1, true, &plain, &effect, &error), DBW_OK);
	assert_int_equal(driver->execute(connection, statement, value, 1, &effect, &error), DBW_OK);
	assert_int_equal(ask("SELECT count(*) FROM written"), 3);
	assert_int_equal(ask("SELECT count(*) FROM (SELECT DISTINCT typeof(value), value FROM written)"), 1);
	assert_int_equal(driver->run(connection, "DELETE FROM written", &error), DBW_OK);
}

/* Every candidate in a column of the model; returns how many were plain. */
static unsigned try_column(const dbw_model *model, uint16_t number, bool null)
{
	const unsigned made = DBW_COLUMN_NOW | DBW_COLUMN_NOW_ON_UPDATE | DBW_COLUMN_UUID_V4 |
			      DBW_COLUMN_UUID_V7 | DBW_COLUMN_EXPRESSION;
	const dbw_column *column = &model->columns[number];
	dbw_prepared *statement = prepare("INSERT INTO written VALUES (?1)");
	unsigned char *row = calloc(1, model->row_size);
	unsigned char *member = row + column->offset;
	unsigned plain = 0;
	dbw__plain_member member_plan;
	const bool planned = dbw__plain_plan(column, DBW_SQLITE, &member_plan);

	assert_non_null(row);
	driver->plan_rows(connection, statement, model, &number, 1);
	for (unsigned i = 0; i < CANDIDATES; i++) {
		const size_t inside =
			(column->flags & DBW_COLUMN_NULLABLE) != 0 ? dbw__member_value_offset(column) : 0;
		dbw_value value;

		memset(row, 0, model->row_size);
		if (!fill(column->kind, i, member + inside))
			continue;
		if (inside != 0)
			*(bool *)member = !null;
		if (!(planned && dbw__plain_row(&member_plan, 1, row))) {
			dbw_effect effect;
			bool taken;

			assert_int_equal(driver->execute_rows(connection, statement, row, 1, false, &taken,
						 &effect, &error),
				DBW_OK);
			assert_false(taken);
			continue;
		}
		plain++;
		dbw_error_clear(&error);
		if (dbw__encode_member(model, column, member, &value, &error) != DBW_OK)
			fail_msg("candidate %u: %s", i, error.message);
		assert_false((column->flags & made) != 0 && dbw__member_is_unset(column, member));
		compare_written(statement, row, &value);
	}
	driver->release(connection, statement);
	free(row);
	return plain;
}

static void members__plain_ones_are_those_that_are_coded_as_they_are(void **state)
{
	const dbw_model *const models[] = { &everything__model, &user__model, &user_session__model,
		&note__model };

	(void)state;
	for (size_t m = 0; m < sizeof models / sizeof *models; m++)
		for (uint16_t i = 0; i < models[m]->column_count; i++) {
			const dbw_column *column = &models[m]->columns[i];
			const unsigned plain = try_column(models[m], i, false);

			try_column(models[m], i, true);
			if ((column->flags & (DBW_COLUMN_TEXT_STORAGE | DBW_COLUMN_EXPRESSION |
						     DBW_COLUMN_GENERATED)) != 0)
				assert_int_equal(plain, 0);
			else if (plain == 0)
				fail_msg("%s.%s: nothing is plain", models[m]->name, column->field);
		}
}

/* Rows go one behind the other; one that is not plain stops all of them. */
static void rows__go_together_or_not_at_all(void **state)
{
	const dbw_model *model = &user_session__model;
	dbw_prepared *statement = prepare("INSERT INTO written VALUES (?1), (?2), (?3)");
	const uint16_t number = 3; /* the reference to a user, which is never 0 */
	unsigned char *rows = calloc(3, model->row_size);
	dbw_effect effect;
	bool plain;

	(void)state;
	assert_non_null(rows);
	driver->plan_rows(connection, statement, model, &number, 1);
	for (int64_t i = 0; i < 3; i++)
		memcpy(rows + (size_t)i * model->row_size + model->columns[number].offset, &i, sizeof i);
	assert_int_equal(
		driver->execute_rows(connection, statement, rows, 3, false, &plain, &effect, &error), DBW_OK);
	assert_false(plain);
	assert_int_equal(ask("SELECT count(*) FROM written"), 0);
	memcpy(rows + model->columns[number].offset, &(int64_t){ 7 }, sizeof(int64_t));
	/* All places of the statement, or none. */
	assert_int_equal(
		driver->execute_rows(connection, statement, rows, 2, false, &plain, &effect, &error), DBW_OK);
	assert_false(plain);
	assert_int_equal(
		driver->execute_rows(connection, statement, rows, 3, false, &plain, &effect, &error), DBW_OK);
	assert_true(plain && effect.rows == 3);
	assert_int_equal(ask("SELECT sum(value) FROM written"), 7 + 1 + 2);
	assert_int_equal(driver->run(connection, "DELETE FROM written", &error), DBW_OK);
	driver->release(connection, statement);
	free(rows);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(members__plain_ones_are_those_that_are_coded_as_they_are),
		cmocka_unit_test(rows__go_together_or_not_at_all),
	};

	return cmocka_run_group_tests(tests, open_memory, close_memory);
}

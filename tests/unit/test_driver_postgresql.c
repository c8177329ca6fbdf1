/* What the driver for PostgreSQL does without a server: forms of values, settings, security. */
#include <driver/bundled.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <connection.h>

static dbw_error error;

/* numeric */

static dbw_decimal parse(const char *text)
{
	dbw_decimal decimal;

	assert_int_equal(dbw_decimal_parse(text, strlen(text), &decimal), DBW_OK);
	return decimal;
}

/* Writes and reads a decimal; the bytes are compared where they are given. */
static void there_and_back(const char *text, const char *expected, size_t size)
{
	const dbw_decimal decimal = parse(text);
	char bytes[PARAMETER_SIZE];
	const size_t length = dbw__postgresql_numeric_write(decimal, bytes);
	dbw_decimal back;

	if (expected != NULL) {
		assert_int_equal(length, size);
		assert_memory_equal(bytes, expected, size);
	}
	assert_int_equal(dbw__postgresql_numeric_read(bytes, length, decimal.scale, &back), DBW_OK);
	assert_int_equal(dbw_decimal_compare(decimal, back), 0);
	assert_int_equal(back.scale, decimal.scale);
}

/* Every number of digits at every scale, with zeros at its ends: no digit to base 10,000 at an end is 0. */
static void numeric__of_any_size_and_scale(void **state)
{
	static const char bare[] = "\0\0\0\0\0\0\0";

	(void)state;
	for (int32_t scale = 0; scale <= DBW_DECIMAL_MAX_SCALE; scale++) {
		int64_t number = 1;

		for (int digits = 1; digits <= 18; digits++, number = number * 10 + digits % 10) {
			const int64_t numbers[] = { number, -number, number / 10000 * 10000,
				number / 100 * 100, number - number % 1000 };

			for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
				const dbw_decimal decimal = dbw_decimal_of(numbers[i], scale);
				char bytes[PARAMETER_SIZE];
				const size_t length = dbw__postgresql_numeric_write(decimal, bytes);
				dbw_decimal back;

				assert_true(length >= 8 && length == 8 + 2 * (size_t)read_16(bytes));
				assert_int_equal(read_16(bytes + 6), scale);
				if (numbers[i] == 0) {
					assert_int_equal(length, 8);
					assert_memory_equal(bytes, bare, 7);
				} else {
					assert_int_not_equal(read_16(bytes + 8), 0);
					assert_int_not_equal(read_16(bytes + length - 2), 0);
				}
				assert_int_equal(
					dbw__postgresql_numeric_read(bytes, length, scale, &back), DBW_OK);
				assert_true(back.high == decimal.high && back.low == decimal.low &&
					    back.scale == scale);
			}
		}
	}
}

static void numeric__is_as_the_server_sends_it(void **state)
{
	(void)state;
	/* What `SELECT numeric_send(...)` gives. */
	there_and_back("0", "\0\0\0\0\0\0\0\0", 8);
	there_and_back("1", "\0\1\0\0\0\0\0\0\0\1", 10);
	there_and_back("-12.50", "\0\2\0\0\x40\0\0\2\0\x0c\x13\x88", 12);
	there_and_back("0.0001", "\0\1\xff\xff\0\0\0\4\0\1", 10);
	there_and_back("10000", "\0\1\0\1\0\0\0\0\0\1", 10);
	there_and_back("0.00", "\0\0\0\0\0\0\0\2", 8);
	there_and_back("99999999999999999999999999999999999999", NULL, 0);
	there_and_back("-0.99999999999999999999999999999999999999", NULL, 0);
	there_and_back("12345678901234567890.123456789012345678", NULL, 0);
	there_and_back("0.00000000000000000000000000000000000001", NULL, 0);
	there_and_back("999999999999999", NULL, 0);
	there_and_back("1000000000000000", NULL, 0);
	there_and_back("9999999999999999.99", NULL, 0);
	/* Powers of 2 where words end. */
	there_and_back("18446744073709551616", NULL, 0);
	there_and_back("-18446744073709551616", NULL, 0);
	there_and_back("-184467440737095516.16", NULL, 0);
	there_and_back("-18446744073709551615", NULL, 0);
	there_and_back("-9223372036854775808", NULL, 0);
}

/* Every scale, with digits at either end. */
static void numeric__goes_there_and_back(void **state)
{
	uint64_t random = 20240229;

	(void)state;
	for (int turn = 0; turn < 20000; turn++) {
		char text[64] = "";
		size_t length = 0;
		int digits, scale;

		random = random * UINT64_C(6364136223846793005) + 1442695040888963407;
		digits = 1 + (int)(random >> 33) % 38;
		scale = (int)(random >> 45) % (digits + 1);
		if ((random >> 60) % 2 != 0)
			text[length++] = '-';
		for (int i = 0; i < digits; i++) {
			random = random * UINT64_C(6364136223846793005) + 1442695040888963407;
			if (i == digits - scale)
				text[length++] = '.';
			/* Many zeros and nines: what is left out, and what carries. */
			text[length++] = "0000123456789999"[(random >> 40) % 16];
		}
		there_and_back(text, NULL, 0);
	}
}

static void numeric__that_is_no_decimal(void **state)
{
	static const struct {
		const char *bytes;
		size_t size;
	} wrong[] = {
		{ "\0\0\0\0\xc0\0\0\0", 8 },                       /* NaN */
		{ "\0\0\0\0\xd0\0\0\0", 8 },                       /* infinity */
		{ "\0\0\0\0\xf0\0\0\0", 8 },                       /* its negative */
		{ "\0\1\0\0\0\0\0\0", 8 },                         /* a digit that is not there */
		{ "\0\0\0", 3 }, { "\0\1\0\x20\0\0\0\0\0\1", 10 }, /* 10^128 */
		{ "\0\1\xff\xff\0\0\0\4\0\1", 10 },                /* 0.0001 at scale 2 */
		{ "\0\1\x80\0\0\0\0\0\0\1", 10 },                  /* the least power there is */
	};
	dbw_decimal decimal;

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		assert_int_equal(dbw__postgresql_numeric_read(wrong[i].bytes, wrong[i].size, 2, &decimal),
			DBW_INVALID);
}

/* lists */

static void list__as_an_array(void **state)
{
	static const dbw_column column = { .name = "n", .field = "n", .kind = DBW_KIND_INT64 };
	dbw_value items[3] = { { .column = &column, .kind = DBW_KIND_INT64, .as.integer = 1 },
		{ .column = &column }, { .column = &column, .kind = DBW_KIND_INT64, .as.integer = -2 } };
	dbw_value list = { .column = &column, .kind = DBW_VALUE_LIST, .size = 3, .as.items = items };
	dbw_text_buffer out;
	int format;

	(void)state;
	dbw_text_init(&out, NULL, 0);
	assert_int_equal(dbw__postgresql_code_list(&list, 1016, &format, &out, &error), DBW_OK);
	assert_int_equal(format, 1);
	assert_int_equal(out.length, 48);
	assert_memory_equal(out.data, "\0\0\0\1\0\0\0\1\0\0\0\x14\0\0\0\3\0\0\0\1\0\0\0\x08", 24);
	assert_memory_equal(out.data + 32, "\xff\xff\xff\xff\0\0\0\x08\xff\xff\xff\xff\xff\xff\xff\xfe", 16);
	dbw_text_clear(&out);
	/* A type that is not known takes text. */
	dbw_text_init(&out, NULL, 0);
	assert_int_equal(dbw__postgresql_code_list(&list, 99999, &format, &out, &error), DBW_OK);
	assert_int_equal(format, 0);
	assert_string_equal(out.data, "{\"1\",NULL,\"-2\"}");
	dbw_text_clear(&out);
	for (int i = 0; i < 3; i++)
		items[i] = (dbw_value){
			.column = &column, .kind = DBW_KIND_TEXT, .size = 4, .as.data = "a\"\\b"
		};
	dbw_text_init(&out, NULL, 0);
	assert_int_equal(dbw__postgresql_code_list(&list, 99999, &format, &out, &error), DBW_OK);
	assert_string_equal(out.data, "{\"a\\\"\\\\b\",\"a\\\"\\\\b\",\"a\\\"\\\\b\"}");
	dbw_text_clear(&out);
	list.size = 0;
	dbw_text_init(&out, NULL, 0);
	assert_int_equal(dbw__postgresql_code_list(&list, 1009, &format, &out, &error), DBW_OK);
	assert_int_equal(out.length, 12);
	dbw_text_clear(&out);
}

/* settings */

static void refused(const char *location, const char *key, const char *value, const char *message)
{
	const dbw_setting setting = { key, value };
	const dbw_address address = { .database = "shop",
		.location = location,
		.settings = &setting,
		.setting_count = key == NULL ? 0 : 1 };

	assert_int_equal(dbw__postgresql_driver.check(&address, &error), DBW_CONFIG);
	assert_string_equal(error.message, message);
}

static void accepted(const char *location)
{
	const dbw_address address = { .database = "shop", .location = location };

	assert_int_equal(dbw__postgresql_driver.check(&address, &error), DBW_OK);
}

static void settings__mistakes_are_named(void **state)
{
	(void)state;
	refused("", "operation_timeout_ms", "soon",
		"database \"shop\": settings.operation_timeout_ms has to be a number of milliseconds");
	refused("", "lock_timeout_ms", "-1",
		"database \"shop\": settings.lock_timeout_ms has to be a number of milliseconds");
	refused("", "pooler", "statement",
		"database \"shop\": settings.pooler has to be none, session or transaction");
	refused("", "ssl_mode", "require",
		"database \"shop\": PostgreSQL has no setting ssl_mode; did you mean sslmode?");
	refused("", "connect_timeout", "5",
		"database \"shop\": settings.connect_timeout is dbwright's own; say connect_timeout_ms");
	refused("", "client_encoding", "latin1",
		"database \"shop\": settings.client_encoding is dbwright's own");
	refused("postgresql://h:99999/d", NULL, NULL,
		"database \"shop\": connection_string: port has to be a number from 1 to 65535");
	refused("postgresql://h1:5432,h2:0/d", NULL, NULL,
		"database \"shop\": connection_string: port has to be a number from 1 to 65535");
	refused("postgresql://h/d?port=abc", NULL, NULL,
		"database \"shop\": connection_string: port has to be a number from 1 to 65535");
	refused("", "port", "70000", "database \"shop\": settings.port has to be a number from 1 to 65535");
	refused("postgresql://h/d?sslmode=banana", NULL, NULL,
		"database \"shop\": connection_string: sslmode has to be disable, allow, prefer, require, verify-ca "
		"or verify-full");
	refused("", "target_session_attrs", "master",
		"database \"shop\": settings.target_session_attrs has to be any, read-write, read-only, primary, "
		"standby or prefer-standby");
	refused("", "keepalives_idle", "1m",
		"database \"shop\": settings.keepalives_idle has to be a whole number");
	accepted("postgresql://h/d?keepalives=-1&tcp_user_timeout=-1&keepalives_idle=10%20&port=00005432");
	accepted("postgresql://h1:5432,h2,h3:5433/d?sslmode=verify-ca&keepalives=1&channel_binding=require");
	refused("postgresql://a@h/d", "user", "b",
		"database \"shop\": connection_string and settings.user disagree");
}

static void settings__keep_secrets(void **state)
{
	(void)state;
	refused("postgresql://u:pa@ss@host/d", NULL, NULL,
		"database \"shop\": connection_string: there is an @ in the host; in a password it is %40");
	refused("postgresql://u:geheim%zz@host/d", NULL, NULL,
		"database \"shop\": connection_string: invalid percent-encoded token");
	refused("postgresql://u:geheim@h/d?nonsense=geheim", NULL, NULL,
		"database \"shop\": connection_string: invalid URI query parameter");
}

/* The value of a word that libpq is given, "" for none. */
static const char *word(const char *location, const char *key, const char *value, const char *wanted)
{
	static char kept[128];
	const dbw_setting setting = { key, value };
	const dbw_address address = { .database = "shop",
		.location = location,
		.settings = &setting,
		.setting_count = key == NULL ? 0 : 1 };
	postgresql_settings settings;
	connect_words words;

	kept[0] = '\0';
	assert_int_equal(dbw__postgresql_settings_read(&address, &settings, &error), DBW_OK);
	assert_int_equal(dbw__postgresql_connect_words(&address, &settings, &words, &error), DBW_OK);
	for (size_t i = 0; i < words.count; i++)
		if (strcmp(words.keys[i], wanted) == 0)
			snprintf(kept, sizeof kept, "%s", words.values[i]);
	PQconninfoFree(words.location);
	return kept;
}

static void security__is_full_off_this_machine(void **state)
{
	static const char *const variables[] = { "PGHOST", "PGHOSTADDR", "PGSSLMODE", "PGSERVICE",
		"PGOPTIONS" };

	(void)state;
	for (size_t i = 0; i < sizeof variables / sizeof *variables; i++)
		unsetenv(variables[i]);
	assert_string_equal(word("postgresql://db.example.com/d", NULL, NULL, "sslmode"), "verify-full");
	assert_string_equal(
		word("postgresql://localhost,db.example.com/d", NULL, NULL, "sslmode"), "verify-full");
	assert_string_equal(word("", "host", "db.example.com", "sslmode"), "verify-full");
	assert_string_equal(word("postgresql://h/d?hostaddr=10.0.0.1", NULL, NULL, "sslmode"), "verify-full");
	assert_string_equal(
		word("postgresql://localhost.example.com/d", NULL, NULL, "sslmode"), "verify-full");
	assert_string_equal(word("postgresql://localhost/d", NULL, NULL, "sslmode"), "");
	assert_string_equal(word("postgresql://127.0.0.1,[::1]/d", NULL, NULL, "sslmode"), "");
	assert_string_equal(
		word("postgresql://127.0.0.1.example.com/d", NULL, NULL, "sslmode"), "verify-full");
	assert_string_equal(word("postgresql:///d?host=/var/run/postgresql", NULL, NULL, "sslmode"), "");
	assert_string_equal(word("", NULL, NULL, "sslmode"), "");
	/* Unless somebody says otherwise. */
	assert_string_equal(word("postgresql://h/d?sslmode=disable", NULL, NULL, "sslmode"), "");
	assert_string_equal(word("postgresql://h/d", "sslmode", "require", "sslmode"), "require");
	setenv("PGSSLMODE", "prefer", 1);
	assert_string_equal(word("postgresql://h/d", NULL, NULL, "sslmode"), "");
	unsetenv("PGSSLMODE");
	setenv("PGHOST", "db.example.com", 1);
	assert_string_equal(word("postgresql:///d", NULL, NULL, "sslmode"), "verify-full");
	unsetenv("PGHOST");
}

static void settings__become_words(void **state)
{
	(void)state;
	assert_string_equal(word("postgresql:///d", NULL, NULL, "client_encoding"), "UTF8");
	assert_string_equal(word("postgresql:///d", "operation_timeout_ms", "200", "options"),
		"-c statement_timeout=200 ");
	assert_string_equal(
		word("postgresql:///d?options=-csearch_path%3Da", "lock_timeout_ms", "5", "options"),
		"-c lock_timeout=5 -csearch_path=a");
	assert_string_equal(word("postgresql:///d", "password", "geheim", "password"), "geheim");
	assert_string_equal(word("postgresql:///d", "pooler", "transaction", "options"), "");
}

static void connection__that_cannot_be_had(void **state)
{
	const dbw_address address = { .database = "shop",
		.location = "postgresql://u:geheim@/d?host=/there/is/none" };
	dbw_connection *connection;

	(void)state;
	assert_int_equal(dbw__postgresql_driver.open(&address, &connection, &error), DBW_CONNECTION);
	assert_null(connection);
	assert_non_null(strstr(error.message, "database \"shop\""));
	assert_non_null(strstr(error.message, "/there/is/none"));
	assert_null(strstr(error.message, "geheim"));
}

/* The connection would be lost: the server reads no message of 1 GiB. Nothing of the bytes is read here. */
static void values__that_fill_a_message_are_refused(void **state)
{
	char storage[2][PARAMETER_SIZE];
	const char *values[2];
	Oid types[2] = { TYPE_BYTEA, TYPE_BYTEA };
	int lengths[2], formats[2];
	postgresql_statement statement = { .parameter_count = 2,
		.storage = storage,
		.values = values,
		.types = types,
		.lengths = lengths,
		.formats = formats };
	const dbw_column column = { .field = "raw", .kind = DBW_KIND_BYTES };
	dbw_value given[2] = {
		{ .column = &column, .kind = DBW_KIND_BYTES, .size = 600000000, .as.data = "" },
		{ .column = &column, .kind = DBW_KIND_BYTES, .size = 400000000, .as.data = "" }
	};

	(void)state;
	dbw_text_init(&statement.lists, NULL, 0);
	assert_int_equal(dbw__postgresql_bind_values(&statement, given, 2, &error), DBW_OK);
	given[1].size = 600000000;
	assert_int_equal(dbw__postgresql_bind_values(&statement, given, 2, &error), DBW_UNSUPPORTED);
	assert_string_equal(error.message, "PostgreSQL takes no values of 1 GiB together");
	dbw_text_clear(&statement.lists);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numeric__is_as_the_server_sends_it),
		cmocka_unit_test(numeric__of_any_size_and_scale),
		cmocka_unit_test(numeric__goes_there_and_back),
		cmocka_unit_test(numeric__that_is_no_decimal),
		cmocka_unit_test(list__as_an_array),
		cmocka_unit_test(values__that_fill_a_message_are_refused),
		cmocka_unit_test(settings__mistakes_are_named),
		cmocka_unit_test(settings__keep_secrets),
		cmocka_unit_test(settings__become_words),
		cmocka_unit_test(security__is_full_off_this_machine),
		cmocka_unit_test(connection__that_cannot_be_had),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

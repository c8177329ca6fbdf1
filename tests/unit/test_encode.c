/* What may go to a database and what is refused, with the words of each refusal. */
#include "fixture_user.h"

#include <dbwright/uuid.h>
#include <descriptor/member.h>
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

static const dbw_model *const model = &everything__model;
static dbw_error error;
static dbw_value value;

static const dbw_column *column(const char *name)
{
	for (uint16_t i = 0; i < model->column_count; i++)
		if (strcmp(model->columns[i].name, name) == 0)
			return &model->columns[i];
	fail_msg("no column %s", name);
	return NULL;
}

static dbw_status member(const char *name, const void *at)
{
	dbw_error_clear(&error);
	return dbw__encode_member(model, column(name), at, &value, &error);
}

static dbw_status argument(const char *name, const void *at)
{
	dbw_error_clear(&error);
	return dbw__encode_argument(model, column(name), at, &value, &error);
}

static dbw_status operand(const char *name, const void *at)
{
	dbw_error_clear(&error);
	return dbw__encode_operand(model, column(name), at, &value, &error);
}

#define REFUSED(call, text)                               \
	do {                                              \
		assert_int_equal(call, DBW_INVALID);      \
		assert_string_equal(error.message, text); \
	} while (0)

static void integers__pass_as_they_are(void **state)
{
	const int16_t small = INT16_MIN;
	const int32_t middle = INT32_MIN;
	const int64_t large = INT64_MIN;
	const bool yes = true;

	(void)state;
	assert_int_equal(member("a_int16", &small), DBW_OK);
	assert_true(value.as.integer == INT16_MIN && value.kind == DBW_KIND_INT16);
	assert_ptr_equal(value.column, column("a_int16"));
	/* These are the marks of "unset", but not in a column whose default is a value. */
	assert_int_equal(member("a_int32", &middle), DBW_OK);
	assert_true(value.as.integer == INT32_MIN);
	assert_int_equal(member("a_int64", &large), DBW_OK);
	assert_true(value.as.integer == INT64_MIN);
	assert_int_equal(member("a_bool", &yes), DBW_OK);
	assert_true(value.as.integer == 1);
}

static void optional__is_null_or_its_value(void **state)
{
	const dbw_opt_i16 none = dbw_none_i16();
	const dbw_opt_i16 some = dbw_some_i16(-5);
	const dbw_opt_f64 real = dbw_some_f64(2.5);
	const dbw_opt_uuid nil = dbw_some_uuid((dbw_uuid){ { 0 } });
	const user_role_opt no_role = { false, (user_role)0 };
	const user_role_opt role = { true, USER_ROLE_ADMIN };

	(void)state;
	assert_int_equal(member("n_int16", &none), DBW_OK);
	assert_int_equal(value.kind, 0);
	assert_ptr_equal(value.column, column("n_int16"));
	assert_int_equal(member("n_int16", &some), DBW_OK);
	assert_true(value.kind == DBW_KIND_INT16 && value.as.integer == -5);
	assert_int_equal(member("n_float64", &real), DBW_OK);
	assert_true(value.as.real >= 2.5 && value.as.real <= 2.5);
	REFUSED(member("n_uuid", &nil), "everything.n_uuid is not set");
	assert_int_equal(member("n_enum", &no_role), DBW_OK);
	assert_int_equal(value.kind, 0);
	assert_int_equal(member("n_enum", &role), DBW_OK);
	assert_true(value.as.integer == 2);
}

static void optional__is_checked_as_well(void **state)
{
	const dbw_opt_timestamp unset = dbw_some_timestamp((dbw_timestamp)DBW_TIMESTAMP_UNSET_INIT);
	const dbw_opt_decimal wide = dbw_some_decimal(dbw_decimal_of(1, 5));

	(void)state;
	REFUSED(member("n_timestamp", &unset), "everything.n_timestamp is not set");
	REFUSED(member("n_decimal", &wide), "everything.n_decimal does not fit decimal(18, 4)");
}

static void text__is_measured_in_bytes_and_characters(void **state)
{
	const char *twenty =
		"\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"
		"\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9";
	const char *empty = "";
	char longer[42];
	const char *too_long = longer;
	const char *list = "[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]";

	(void)state;
	assert_int_equal(member("a_string", &twenty), DBW_OK);
	assert_int_equal(value.size, 40);
	assert_ptr_equal(value.as.data, twenty);
	memcpy(longer, twenty, 40);
	memcpy(longer + 40, "x", 2);
	REFUSED(member("a_string", &too_long), "everything.a_string has 21 characters, 20 is the most");
	REFUSED(argument("a_string", &too_long), "everything.a_string has 21 characters, 20 is the most");
	/* An end of a range, or a pattern, may be longer than any stored text. */
	assert_int_equal(operand("a_string", &too_long), DBW_OK);
	assert_int_equal(member("a_json", &list), DBW_OK);
	REFUSED(member("a_json", &too_long), "everything.a_json is not JSON");
	assert_int_equal(member("a_string", &empty), DBW_OK);
	assert_int_equal(value.size, 0);
	assert_int_equal(value.kind, DBW_KIND_TEXT);
}

static void text__null_and_not_utf8_are_refused(void **state)
{
	static const char *const bad[] = { "\xff", "ab\xc3", "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80" };
	const char *null = NULL;

	(void)state;
	REFUSED(member("a_string", &null), "everything.a_string is not set");
	REFUSED(member("a_json", &null), "everything.a_json is not set");
	REFUSED(argument("n_string", &null), "everything.n_string is not set");
	assert_int_equal(member("n_string", &null), DBW_OK);
	assert_int_equal(value.kind, 0);
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		REFUSED(member("a_string", &bad[i]), "everything.a_string is not UTF-8");
		REFUSED(member("n_json", &bad[i]), "everything.n_json is not UTF-8");
		REFUSED(operand("a_string", &bad[i]), "everything.a_string is not UTF-8");
	}
}

static void text__unset_mark_is_an_empty_text_elsewhere(void **state)
{
	const char *unset = DBW_TEXT_UNSET;

	(void)state;
	assert_int_equal(member("a_string", &unset), DBW_OK);
	assert_int_equal(value.size, 0);
}

static void bytes__tell_null_from_empty(void **state)
{
	const dbw_bytes null = { NULL, 0 };
	const dbw_bytes empty = { "", 0 };
	const dbw_bytes broken = { NULL, 3 };
	const dbw_bytes zeros = { "\0\0", 2 };

	(void)state;
	REFUSED(member("a_bytes", &null), "everything.a_bytes is not set");
	REFUSED(member("a_bytes", &broken), "everything.a_bytes has a size but no data");
	REFUSED(member("n_bytes", &broken), "everything.n_bytes has a size but no data");
	assert_int_equal(member("n_bytes", &null), DBW_OK);
	assert_int_equal(value.kind, 0);
	assert_int_equal(member("n_bytes", &empty), DBW_OK);
	assert_true(value.kind == DBW_KIND_BYTES && value.size == 0);
	assert_int_equal(member("a_bytes", &zeros), DBW_OK);
	assert_int_equal(value.size, 2);
}

static void real__nan_is_refused_and_infinity_is_not(void **state)
{
	const double nan_double = (double)NAN;
	const float nan_float = NAN;
	const double infinite = (double)-INFINITY;

	(void)state;
	REFUSED(member("a_float64", &nan_double), "everything.a_float64 is not a number");
	REFUSED(member("a_float32", &nan_float), "everything.a_float32 is not a number");
	REFUSED(operand("a_float32", &nan_double), "everything.a_float32 is not a number");
	assert_int_equal(member("a_float64", &infinite), DBW_OK);
	assert_true(isinf(value.as.real));
}

static void decimal__is_brought_to_the_scale_exactly(void **state)
{
	const dbw_decimal half = dbw_decimal_of(5, 1);
	const dbw_decimal zeros = dbw_decimal_of(1500000, 6);
	const dbw_decimal fine = dbw_decimal_of(1, 5);
	const dbw_decimal greatest = dbw_decimal_of(INT64_C(999999999999999999), 4);
	const dbw_decimal over = dbw_decimal_of(INT64_C(1000000000000000000), 4);
	const dbw_decimal least = dbw_decimal_of(INT64_C(-999999999999999999), 4);
	const dbw_decimal under = dbw_decimal_of(INT64_C(-1000000000000000000), 4);
	const dbw_decimal far_under = { -1, 0, 4 };
	const dbw_decimal far_over = { 1, 5, 4 };
	const dbw_decimal scaleless = { 0, 0, -2 };
	const dbw_decimal no_decimal = DBW_DECIMAL_UNSET_INIT;

	(void)state;
	assert_int_equal(member("a_decimal", &half), DBW_OK);
	assert_true(
		value.as.decimal.scale == 4 && value.as.decimal.low == 5000 && value.as.decimal.high == 0);
	assert_int_equal(member("a_decimal", &zeros), DBW_OK);
	assert_true(value.as.decimal.low == 15000);
	REFUSED(member("a_decimal", &fine), "everything.a_decimal does not fit decimal(18, 4)");
	REFUSED(operand("a_decimal", &fine), "everything.a_decimal does not fit decimal(18, 4)");
	assert_int_equal(member("a_decimal", &greatest), DBW_OK);
	assert_int_equal(member("a_decimal", &least), DBW_OK);
	assert_true(
		value.as.decimal.high == -1 && (int64_t)value.as.decimal.low == INT64_C(-999999999999999999));
	REFUSED(member("a_decimal", &under), "everything.a_decimal does not fit decimal(18, 4)");
	REFUSED(member("a_decimal", &far_under), "everything.a_decimal does not fit decimal(18, 4)");
	REFUSED(member("a_decimal", &far_over), "everything.a_decimal does not fit decimal(18, 4)");
	REFUSED(member("a_decimal", &over), "everything.a_decimal does not fit decimal(18, 4)");
	REFUSED(member("a_decimal", &scaleless), "everything.a_decimal does not fit decimal(18, 4)");
	REFUSED(member("a_decimal", &no_decimal), "everything.a_decimal is not set");
	REFUSED(operand("a_decimal", &no_decimal), "everything.a_decimal is not set");
}

static void times__have_ranges(void **state)
{
	const dbw_timestamp first = { DBW_TIMESTAMP_MIN };
	const dbw_timestamp before = { DBW_TIMESTAMP_MIN - 1 };
	const dbw_timestamp after = { DBW_TIMESTAMP_MAX + 1 };
	const dbw_timestamp unset = DBW_TIMESTAMP_UNSET_INIT;
	const dbw_date last = { DBW_DATE_MAX };
	const dbw_date late = { DBW_DATE_MAX + 1 };
	const dbw_date no_date = DBW_DATE_UNSET_INIT;
	const dbw_time midnight = { 0 };
	const dbw_time next_day = { DBW_TIME_MAX + 1 };
	const dbw_time negative = { -1 };
	const dbw_time no_time = DBW_TIME_UNSET_INIT;

	(void)state;
	assert_int_equal(member("a_timestamp", &first), DBW_OK);
	assert_true(value.as.integer == DBW_TIMESTAMP_MIN);
	REFUSED(member("a_timestamp", &before), "everything.a_timestamp is outside the years 1 to 9999");
	REFUSED(member("a_timestamp", &after), "everything.a_timestamp is outside the years 1 to 9999");
	REFUSED(member("a_timestamp", &unset), "everything.a_timestamp is not set");
	REFUSED(operand("a_timestamp", &unset), "everything.a_timestamp is not set");
	assert_int_equal(member("a_date", &last), DBW_OK);
	REFUSED(member("a_date", &late), "everything.a_date is outside the years 1 to 9999");
	REFUSED(member("a_date", &no_date), "everything.a_date is not set");
	assert_int_equal(member("a_time", &midnight), DBW_OK);
	REFUSED(member("a_time", &next_day), "everything.a_time is not within one day");
	REFUSED(member("a_time", &negative), "everything.a_time is not within one day");
	REFUSED(member("a_time", &no_time), "everything.a_time is not set");
}

static void uuid__nil_is_not_set(void **state)
{
	const dbw_uuid nil = DBW_UUID_UNSET_INIT;
	const dbw_uuid one = { { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1 } };

	(void)state;
	REFUSED(member("a_uuid", &nil), "everything.a_uuid is not set");
	REFUSED(argument("a_uuid", &nil), "everything.a_uuid is not set");
	assert_int_equal(member("a_uuid", &one), DBW_OK);
	assert_memory_equal(value.as.uuid.bytes, one.bytes, 16);
}

static void enum__counts_from_one(void **state)
{
	const int none = 0;
	const int two = 2;
	const int three = 3;
	const int negative = -1;

	(void)state;
	REFUSED(member("a_enum", &none), "everything.a_enum is not set");
	assert_int_equal(member("a_enum", &two), DBW_OK);
	assert_true(value.as.integer == 2);
	REFUSED(member("a_enum", &three), "everything.a_enum is none of its enumerators");
	REFUSED(operand("a_enum", &negative), "everything.a_enum is none of its enumerators");
}

static void operand__fits_the_width_of_the_column(void **state)
{
	const int64_t edge = INT16_MAX;
	const int64_t over = INT16_MAX + 1;
	const int64_t wide = INT64_C(-2147483649);

	(void)state;
	assert_int_equal(operand("a_int16", &edge), DBW_OK);
	assert_true(value.as.integer == INT16_MAX);
	REFUSED(operand("a_int16", &over),
		"everything.a_int16: the number in the filter does not fit 16 bits");
	assert_int_equal(operand("a_int32", &over), DBW_OK);
	REFUSED(operand("a_int32", &wide),
		"everything.a_int32: the number in the filter does not fit 32 bits");
	assert_int_equal(operand("a_int64", &wide), DBW_OK);
}

static void operand__of_a_float_column_is_a_float(void **state)
{
	const double tenth = 0.1;
	const double large = 1e300;
	const double infinite = (double)INFINITY;

	(void)state;
	assert_int_equal(operand("a_float32", &tenth), DBW_OK);
	assert_memory_equal(&value.as.real, &(double){ (double)(float)0.1F }, sizeof(double));
	REFUSED(operand("a_float32", &large),
		"everything.a_float32 is a float, and the number in the filter is too large for one");
	assert_int_equal(operand("a_float32", &infinite), DBW_OK);
	assert_int_equal(operand("a_float64", &large), DBW_OK);
}

static void unset__has_a_mark_per_type(void **state)
{
	const int64_t mark = DBW_INT64_UNSET;
	const int64_t zero = 0;
	const char *text = DBW_TEXT_UNSET;
	const char *other = "";
	const char *null = NULL;
	const dbw_bytes bytes = { DBW_TEXT_UNSET, 0 };
	const dbw_timestamp unset = DBW_TIMESTAMP_UNSET_INIT;
	const dbw_timestamp epoch = { 0 };
	const dbw_opt_timestamp none = dbw_none_timestamp();
	const dbw_opt_timestamp marked = { false, DBW_TIMESTAMP_UNSET_INIT };
	const dbw_opt_uuid no_uuid = dbw_none_uuid();
	const dbw_opt_uuid nil = { true, DBW_UUID_UNSET_INIT };
	const dbw_decimal decimal = DBW_DECIMAL_UNSET_INIT;
	const double nan_double = (double)NAN;
	const bool no = false;

	(void)state;
	assert_true(dbw__member_is_unset(column("a_int64"), &mark));
	assert_false(dbw__member_is_unset(column("a_int64"), &zero));
	assert_true(dbw__member_is_unset(column("a_string"), &text));
	assert_false(dbw__member_is_unset(column("a_string"), &other));
	assert_true(dbw__member_is_unset(column("a_string"), &null));
	assert_false(dbw__member_is_unset(column("n_string"), &null));
	assert_true(dbw__member_is_unset(column("n_string"), &text));
	assert_true(dbw__member_is_unset(column("n_bytes"), &bytes));
	assert_true(dbw__member_is_unset(column("a_timestamp"), &unset));
	assert_false(dbw__member_is_unset(column("a_timestamp"), &epoch));
	assert_false(dbw__member_is_unset(column("n_timestamp"), &none));
	assert_true(dbw__member_is_unset(column("n_timestamp"), &marked));
	assert_false(dbw__member_is_unset(column("n_uuid"), &no_uuid));
	assert_true(dbw__member_is_unset(column("n_uuid"), &nil));
	assert_true(dbw__member_is_unset(column("a_decimal"), &decimal));
	assert_true(dbw__member_is_unset(column("a_float64"), &nan_double));
	assert_false(dbw__member_is_unset(column("a_bool"), &no));
}

static void member__sizes_are_those_of_the_struct(void **state)
{
	(void)state;
#define SIZE(name) assert_int_equal(dbw__member_size(column(#name)), sizeof(((everything *)NULL)->name))
	SIZE(a_bool);
	SIZE(a_int16);
	SIZE(a_int32);
	SIZE(a_int64);
	SIZE(a_float32);
	SIZE(a_float64);
	SIZE(a_decimal);
	SIZE(a_string);
	SIZE(a_bytes);
	SIZE(a_timestamp);
	SIZE(a_date);
	SIZE(a_time);
	SIZE(a_uuid);
	SIZE(a_json);
	SIZE(a_enum);
	SIZE(n_bool);
	SIZE(n_int16);
	SIZE(n_int32);
	SIZE(n_int64);
	SIZE(n_float32);
	SIZE(n_float64);
	SIZE(n_decimal);
	SIZE(n_string);
	SIZE(n_bytes);
	SIZE(n_timestamp);
	SIZE(n_date);
	SIZE(n_time);
	SIZE(n_uuid);
	SIZE(n_json);
	SIZE(n_enum);
#undef SIZE
	assert_int_equal(dbw__member_value_offset(column("n_bool")), offsetof(dbw_opt_bool, value));
	assert_int_equal(dbw__member_value_offset(column("n_int64")), offsetof(dbw_opt_i64, value));
	assert_int_equal(dbw__member_value_offset(column("n_enum")), offsetof(user_role_opt, value));
	assert_int_equal(dbw__member_value_offset(column("n_string")), 0);
}

static void members__end_where_they_are_told_to_and_where_one_fails(void **state)
{
	const uint16_t numbers[] = { 4, 2, 17, 8, 0,
		3 }; /* a_int64, a_int16, n_int16, a_string, id, a_int32 */
	everything row = { .id = 9, .a_int64 = 1, .a_int16 = 2, .a_int32 = 3, .a_string = "Ada" };
	dbw_value values[6];
	uint16_t done;

	(void)state;
	memset(values, 0xff, sizeof values);
	assert_int_equal(
		dbw__encode_members(model, numbers, 6, DBW_COLUMN_KEY, &row, values, &done, &error), DBW_OK);
	assert_int_equal(done, 4);
	assert_int_equal(values[0].as.integer, 1);
	assert_int_equal(values[1].as.integer, 2);
	assert_int_equal(values[2].kind, 0);
	assert_ptr_equal(values[2].column, column("n_int16"));
	assert_ptr_equal(values[3].as.data, row.a_string);
	assert_int_equal(values[3].size, 3);
	assert_int_equal(values[4].kind, 0xff);

	row.n_int16.has = true;
	row.n_int16.value = -7;
	assert_int_equal(dbw__encode_members(model, numbers, 6, 0, &row, values, &done, &error), DBW_OK);
	assert_int_equal(done, 6);
	assert_int_equal(values[2].as.integer, -7);
	assert_int_equal(values[4].as.integer, 9);
	assert_int_equal(values[5].as.integer, 3);

	row.a_string = NULL;
	REFUSED(dbw__encode_members(model, numbers, 6, 0, &row, values, &done, &error),
		"everything.a_string is not set");
	assert_int_equal(done, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(integers__pass_as_they_are),
		cmocka_unit_test(optional__is_null_or_its_value),
		cmocka_unit_test(optional__is_checked_as_well),
		cmocka_unit_test(text__is_measured_in_bytes_and_characters),
		cmocka_unit_test(text__null_and_not_utf8_are_refused),
		cmocka_unit_test(members__end_where_they_are_told_to_and_where_one_fails),
		cmocka_unit_test(text__unset_mark_is_an_empty_text_elsewhere),
		cmocka_unit_test(bytes__tell_null_from_empty),
		cmocka_unit_test(real__nan_is_refused_and_infinity_is_not),
		cmocka_unit_test(decimal__is_brought_to_the_scale_exactly),
		cmocka_unit_test(times__have_ranges),
		cmocka_unit_test(uuid__nil_is_not_set),
		cmocka_unit_test(enum__counts_from_one),
		cmocka_unit_test(operand__fits_the_width_of_the_column),
		cmocka_unit_test(operand__of_a_float_column_is_a_float),
		cmocka_unit_test(unset__has_a_mark_per_type),
		cmocka_unit_test(member__sizes_are_those_of_the_struct),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

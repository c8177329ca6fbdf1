/* Filters as programs write them: what the constructors put into them, and which filter a type chooses. */
#include <dbwright/filter.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* Compiles only where the expression has this type. */
#define IS(expression, type) _Static_assert(_Generic((expression), type : 1, default : 0) == 1, #expression)

static const char *const static_text = "";
static const dbw_timestamp since = { 1 };

IS(dbw_eq((signed char)1), dbw_i64_filter);
IS(dbw_ne((unsigned char)1), dbw_i64_filter);
IS(dbw_lt((short)1), dbw_i64_filter);
IS(dbw_le((unsigned short)1), dbw_i64_filter);
IS(dbw_gt(1), dbw_i64_filter);
IS(dbw_ge(1U), dbw_i64_filter);
IS(dbw_eq(1L), dbw_i64_filter);
IS(dbw_eq(1LL), dbw_i64_filter);
IS(dbw_eq((int64_t)1), dbw_i64_filter);
IS(dbw_eq(1.0F), dbw_f64_filter);
IS(dbw_lt(1.0), dbw_f64_filter);
IS(dbw_eq((bool)1), dbw_bool_filter);
IS(dbw_ne((bool)1), dbw_bool_filter);
IS(dbw_is(true), dbw_bool_filter);
IS(dbw_eq("a"), dbw_text_filter);
IS(dbw_eq(static_text), dbw_text_filter);
IS(dbw_eq((char *)0), dbw_text_filter);
IS(dbw_eq(NULL), dbw_text_filter);
IS(dbw_like("a"), dbw_text_filter);
IS(dbw_ilike("a"), dbw_text_filter);
IS(dbw_ge(since), dbw_timestamp_filter);
IS(dbw_between(since, since), dbw_timestamp_filter);
IS(dbw_between(1, 2L), dbw_i64_filter);
IS(dbw_between(1.0F, 2.0), dbw_f64_filter);
IS(dbw_from_until("a", static_text), dbw_text_filter);
IS(dbw_in((int64_t *)0, 0), dbw_i64_filter);
IS(dbw_in((const int64_t *)0, 0), dbw_i64_filter);
IS(dbw_in((double *)0, 0), dbw_f64_filter);
IS(dbw_in((char **)0, 0), dbw_text_filter);
IS(dbw_in((const char **)0, 0), dbw_text_filter);
IS(dbw_in((char *const *)0, 0), dbw_text_filter);
IS(dbw_in((const char *const *)0, 0), dbw_text_filter);
IS(dbw_in((const dbw_uuid *)0, 0), dbw_uuid_filter);
IS(dbw_not_in((const dbw_uuid *)0, 0), dbw_uuid_filter);
IS(dbw_not_in((dbw_date *)0, 0), dbw_date_filter);
IS(dbw_not_in((char **)0, 0), dbw_text_filter);
IS(dbw_when(1, dbw_eq(1)), dbw_i64_filter);
IS(dbw_when(1, dbw_is(true)), dbw_bool_filter);
IS(dbw_when(1, dbw_eq(since)), dbw_timestamp_filter);

static void comparison__keeps_operator_and_value(void **state)
{
	(void)state;
	assert_int_equal(dbw_eq(7).predicate_.operator_, DBW_OPERATOR_EQ);
	assert_int_equal(dbw_ne(7).predicate_.operator_, DBW_OPERATOR_NE);
	assert_int_equal(dbw_lt(7).predicate_.operator_, DBW_OPERATOR_LT);
	assert_int_equal(dbw_le(7).predicate_.operator_, DBW_OPERATOR_LE);
	assert_int_equal(dbw_gt(7).predicate_.operator_, DBW_OPERATOR_GT);
	assert_int_equal(dbw_ge(7).predicate_.operator_, DBW_OPERATOR_GE);
	assert_int_equal(dbw_ge(7).as_.value[0], 7);
	assert_int_equal(dbw_like("x").predicate_.operator_, DBW_OPERATOR_LIKE);
	assert_int_equal(dbw_ilike("x").predicate_.operator_, DBW_OPERATOR_ILIKE);
	assert_string_equal(dbw_ilike("x").as_.value[0], "x");
	assert_int_equal(dbw_is(true).predicate_.operator_, DBW_OPERATOR_EQ);
	assert_true(dbw_is(true).as_.value[0]);
	assert_false(dbw_is(false).as_.value[0]);
}

static void comparison__takes_the_ends_of_integer_types(void **state)
{
	(void)state;
	assert_true(dbw_eq(INT64_MIN).as_.value[0] == INT64_MIN);
	assert_true(dbw_eq(INT64_MAX).as_.value[0] == INT64_MAX);
	assert_true(dbw_eq(UINT32_MAX).as_.value[0] == (int64_t)UINT32_MAX);
	assert_true(dbw_eq((signed char)-128).as_.value[0] == -128);
}

static void comparison__chooses_by_type(void **state)
{
	const dbw_decimal decimal = dbw_decimal_of(1050, 2);
	const dbw_bytes bytes = dbw_bytes_of("ab", 2);
	const dbw_date date = { 3 };
	const dbw_time time = { 4 };
	const dbw_uuid uuid = { { 5 } };
	char text[] = "mutable";

	(void)state;
	assert_true(dbw_eq(decimal).as_.value[0].low == 1050 && dbw_eq(decimal).as_.value[0].scale == 2);
	assert_true(dbw_ne(bytes).as_.value[0].size == 2);
	assert_true(dbw_lt(date).as_.value[0].days == 3);
	assert_true(dbw_le(time).as_.value[0].us == 4);
	assert_true(dbw_gt(uuid).as_.value[0].bytes[0] == 5);
	assert_true(dbw_ge(since).as_.value[0].us == 1);
	assert_ptr_equal(dbw_eq(text).as_.value[0], text);
	assert_ptr_equal(dbw_eq(static_text).as_.value[0], static_text);
	assert_null(dbw_eq(NULL).as_.value[0]);
}

static void range__keeps_both_ends(void **state)
{
	const dbw_date low = { 10 };
	const dbw_date high = { 20 };
	dbw_date_filter range = dbw_from_until(low, high);

	(void)state;
	assert_int_equal(range.predicate_.operator_, DBW_OPERATOR_FROM_UNTIL);
	assert_int_equal(range.as_.value[0].days, 10);
	assert_int_equal(range.as_.value[1].days, 20);
	range = dbw_between(low, high);
	assert_int_equal(range.predicate_.operator_, DBW_OPERATOR_BETWEEN);
	assert_int_equal(range.as_.value[1].days, 20);
	range = dbw_between_date(low, high);
	assert_int_equal(range.as_.value[0].days, 10);
}

static void range__evaluates_each_end_once(void **state)
{
	int low = 0;
	int high = 10;
	dbw_i64_filter range = dbw_between(++low, ++high);

	(void)state;
	assert_int_equal(range.as_.value[0], 1);
	assert_int_equal(range.as_.value[1], 11);
	assert_int_equal(low, 1);
	assert_int_equal(high, 11);
}

static void list__borrows_and_counts(void **state)
{
	const int64_t list[] = { 1, 2, 3 };
	const char *const names[] = { "a", "b" };
	char first[] = "a";
	char *plain[] = { first };
	dbw_i64_filter integers = dbw_in(list, 3);
	dbw_text_filter texts = dbw_in(names, 2);

	(void)state;
	assert_int_equal(integers.predicate_.operator_, DBW_OPERATOR_IN);
	assert_int_equal(integers.predicate_.count, 3);
	assert_ptr_equal(integers.as_.list, list);
	assert_ptr_equal(texts.as_.list, names);
	texts = dbw_in(plain, 1);
	assert_ptr_equal(texts.as_.list, plain);
	assert_int_equal(dbw_in(list, 0).predicate_.count, 0);
}

static void list__too_long_stays_too_long(void **state)
{
	const int64_t list[] = { 1 };

	(void)state;
	assert_true(dbw_in(list, SIZE_MAX).predicate_.count == UINT32_MAX);
}

static void list__of_what_is_not(void **state)
{
	const int64_t list[] = { 1, 2, 3 };
	char first[] = "a";
	char *plain[] = { first };

	(void)state;
	assert_int_equal(dbw_not_in(list, 3).predicate_.operator_, DBW_OPERATOR_NOT_IN);
	assert_int_equal(dbw_not_in(list, 3).predicate_.count, 3);
	assert_ptr_equal(dbw_not_in(plain, 1).as_.list, plain);
	assert_true(dbw_not_in(list, SIZE_MAX).predicate_.count == UINT32_MAX);
}

static void text__is_looked_for(void **state)
{
	(void)state;
	assert_int_equal(dbw_contains("%").predicate_.operator_, DBW_OPERATOR_CONTAINS);
	assert_int_equal(dbw_starts_with("%").predicate_.operator_, DBW_OPERATOR_STARTS_WITH);
	assert_int_equal(dbw_ends_with("%").predicate_.operator_, DBW_OPERATOR_ENDS_WITH);
	assert_int_equal(dbw_icontains("%").predicate_.operator_, DBW_OPERATOR_ICONTAINS);
	assert_int_equal(dbw_istarts_with("%").predicate_.operator_, DBW_OPERATOR_ISTARTS_WITH);
	assert_int_equal(dbw_iends_with("%").predicate_.operator_, DBW_OPERATOR_IENDS_WITH);
	assert_string_equal(dbw_iends_with("%").as_.value[0], "%");
}

static void when__evaluates_the_filter_only_where_it_is_wanted(void **state)
{
	const int64_t *nothing = NULL;
	int asked = 0;

	(void)state;
	assert_int_equal(dbw_when(nothing, dbw_eq(*nothing)).predicate_.operator_, DBW_OPERATOR_NONE);
	assert_int_equal(dbw_when(true, dbw_eq(++asked)).as_.value[0], 1);
	assert_int_equal(dbw_when(false, dbw_eq(++asked)).as_.value[0], 0);
	assert_int_equal(asked, 1);
}

/* Written with braces, in constants, the filters are what the functions make. */
static void constant__is_what_the_function_makes(void **state)
{
	static const dbw_bool_filter yes = DBW_TRUE;
	static const dbw_bool_filter no = DBW_FALSE;
	static const dbw_i64_filter integers[] = { DBW_EQ_I64(5), DBW_NE_I64(5), DBW_LT_I64(5), DBW_LE_I64(5),
		DBW_GT_I64(5), DBW_GE_I64(5), DBW_BETWEEN_I64(5, 6), DBW_FROM_UNTIL_I64(5, 6) };
	static const dbw_f64_filter numbers[] = { DBW_EQ_F64(5), DBW_NE_F64(5), DBW_LT_F64(5), DBW_LE_F64(5),
		DBW_GT_F64(5), DBW_GE_F64(5), DBW_BETWEEN_F64(5, 6), DBW_FROM_UNTIL_F64(5, 6) };
	static const dbw_text_filter texts[] = { DBW_EQ_TEXT("5"), DBW_NE_TEXT("5"), DBW_LT_TEXT("5"),
		DBW_LE_TEXT("5"), DBW_GT_TEXT("5"), DBW_GE_TEXT("5"), DBW_BETWEEN_TEXT("5", "6"),
		DBW_FROM_UNTIL_TEXT("5", "6") };
	static const dbw_text_filter searches[] = { DBW_LIKE("5"), DBW_ILIKE("5"), DBW_CONTAINS("5"),
		DBW_STARTS_WITH("5"), DBW_ENDS_WITH("5"), DBW_ICONTAINS("5"), DBW_ISTARTS_WITH("5"),
		DBW_IENDS_WITH("5") };
	static const dbw_operator looks[] = { DBW_OPERATOR_LIKE, DBW_OPERATOR_ILIKE, DBW_OPERATOR_CONTAINS,
		DBW_OPERATOR_STARTS_WITH, DBW_OPERATOR_ENDS_WITH, DBW_OPERATOR_ICONTAINS,
		DBW_OPERATOR_ISTARTS_WITH, DBW_OPERATOR_IENDS_WITH };

	(void)state;
	assert_int_equal(yes.predicate_.operator_, DBW_OPERATOR_EQ);
	assert_true(yes.as_.value[0]);
	assert_int_equal(no.predicate_.operator_, DBW_OPERATOR_EQ);
	assert_false(no.as_.value[0]);
	for (unsigned i = 0; i < 8; i++) {
		const bool range = i >= 6;

		assert_int_equal(integers[i].predicate_.operator_, DBW_OPERATOR_EQ + i);
		assert_int_equal(integers[i].as_.value[0], 5);
		assert_int_equal(integers[i].as_.value[1], range ? 6 : 0);
		assert_int_equal(numbers[i].predicate_.operator_, DBW_OPERATOR_EQ + i);
		assert_true(numbers[i].as_.value[0] > 4.5 && numbers[i].as_.value[0] < 5.5);
		assert_true((numbers[i].as_.value[1] > 5.5) == range);
		assert_int_equal(texts[i].predicate_.operator_, DBW_OPERATOR_EQ + i);
		assert_string_equal(texts[i].as_.value[0], "5");
		assert_true((texts[i].as_.value[1] != NULL) == range);
		assert_int_equal(searches[i].predicate_.operator_, looks[i]);
		assert_string_equal(searches[i].as_.value[0], "5");
	}
}

static void filter__zero_is_none(void **state)
{
	dbw_i64_filter filter;

	(void)state;
	memset(&filter, 0, sizeof filter);
	assert_int_equal(filter.predicate_.operator_, DBW_OPERATOR_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(comparison__keeps_operator_and_value),
		cmocka_unit_test(comparison__takes_the_ends_of_integer_types),
		cmocka_unit_test(comparison__chooses_by_type),
		cmocka_unit_test(range__keeps_both_ends),
		cmocka_unit_test(range__evaluates_each_end_once),
		cmocka_unit_test(list__borrows_and_counts),
		cmocka_unit_test(list__too_long_stays_too_long),
		cmocka_unit_test(list__of_what_is_not),
		cmocka_unit_test(text__is_looked_for),
		cmocka_unit_test(when__evaluates_the_filter_only_where_it_is_wanted),
		cmocka_unit_test(constant__is_what_the_function_makes),
		cmocka_unit_test(filter__zero_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

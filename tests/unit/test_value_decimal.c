/*
 * dbwright/decimal.h and value/coefficient.h, against known vectors and against schoolbook arithmetic on
 * digits.
 */
#include "dbwright/decimal.h"
#include "value/coefficient.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define NINES_38 "99999999999999999999999999999999999999"
#define ROUNDS   20000

static dbw_decimal parse(const char *text)
{
	dbw_decimal value;
	dbw_status status = dbw_decimal_parse(text, strlen(text), &value);
	if (status != DBW_OK)
		fail_msg("\"%s\" is not read", text);
	assert_true(dbw_decimal_is_valid(value));
	return value;
}

static void assert_prints(dbw_decimal value, const char *expected)
{
	char text[DBW_DECIMAL_SIZE];
	size_t length = dbw_decimal_print(value, text);
	assert_string_equal(text, expected);
	assert_int_equal(length, strlen(expected));
}

static void assert_zero_bytes(dbw_decimal value)
{
	assert_true(value.high == 0 && value.low == 0 && value.scale == 0);
}

static void assert_not_read(const char *text, size_t length)
{
	dbw_decimal value = dbw_decimal_of(7, 7);
	if (dbw_decimal_parse(text, length, &value) != DBW_INVALID)
		fail_msg("\"%s\" is read", text != NULL ? text : "(NULL)");
	assert_zero_bytes(value);
}

/* ---- The oracle: digits in an array, least significant first, signs apart. ---- */

#define ORACLE_DIGITS 128

typedef struct number {
	bool negative;
	int scale;
	signed char digit[ORACLE_DIGITS];
} number;

static int significant(const number *n)
{
	int count = ORACLE_DIGITS;
	while (count > 0 && n->digit[count - 1] == 0)
		count--;
	return count;
}

static number number_of(const char *text)
{
	number n;
	memset(&n, 0, sizeof n);
	n.negative = *text == '-';
	text += n.negative;
	const char *point = strchr(text, '.');
	n.scale = point ? (int)strlen(point + 1) : 0;
	int at = 0;
	for (size_t i = strlen(text); i-- > 0;) {
		if (text[i] != '.')
			n.digit[at++] = (signed char)(text[i] - '0');
	}
	return n;
}

static void number_shift(number *n, int scale)
{
	for (; n->scale < scale; n->scale++) {
		memmove(n->digit + 1, n->digit, ORACLE_DIGITS - 1);
		n->digit[0] = 0;
	}
}

/* The text; false when it needs more than 38 digits or decimals. */
static bool number_text(const number *n, char *out)
{
	int count = significant(n);
	if (count > 38 || n->scale > 38)
		return false;
	if (n->negative && count > 0)
		*out++ = '-';
	if (count < n->scale + 1)
		count = n->scale + 1;
	while (count-- > 0) {
		*out++ = (char)('0' + n->digit[count]);
		if (count == n->scale && count > 0)
			*out++ = '.';
	}
	*out = '\0';
	return true;
}

static int compare_digits(const number *a, const number *b)
{
	for (int i = ORACLE_DIGITS; i-- > 0;) {
		if (a->digit[i] != b->digit[i])
			return a->digit[i] < b->digit[i] ? -1 : 1;
	}
	return 0;
}

static number number_sum(number a, number b)
{
	number_shift(&a, b.scale);
	number_shift(&b, a.scale);
	if (compare_digits(&a, &b) < 0) {
		number swap = a;
		a = b;
		b = swap;
	}
	int sign = a.negative == b.negative ? 1 : -1, carry = 0;
	for (int i = 0; i < ORACLE_DIGITS; i++) {
		int digit = a.digit[i] + sign * b.digit[i] + carry;
		carry = digit < 0 ? -1 : digit > 9 ? 1 : 0;
		a.digit[i] = (signed char)(digit - 10 * carry);
	}
	return a;
}

static number number_product(const number *a, const number *b)
{
	number product;
	memset(&product, 0, sizeof product);
	product.negative = a->negative != b->negative;
	product.scale = a->scale + b->scale;
	for (int i = 0; i < significant(a); i++) {
		int carry = 0;
		for (int j = 0; j < 40; j++) {
			int digit = product.digit[i + j] + a->digit[i] * b->digit[j] + carry;
			product.digit[i + j] = (signed char)(digit % 10);
			carry = digit / 10;
		}
	}
	return product;
}

static int number_compare(number a, number b)
{
	number_shift(&a, b.scale);
	number_shift(&b, a.scale);
	int order = compare_digits(&a, &b);
	bool a_negative = a.negative && significant(&a) > 0, b_negative = b.negative && significant(&b) > 0;
	if (a_negative != b_negative)
		return a_negative ? -1 : 1;
	return a_negative ? -order : order;
}

/*
 * Rounds by comparing what is cut off, doubled, with one unit of what stays. False when the mode forbids it.
 */
static bool number_round(number *n, int scale, dbw_rounding mode)
{
	number_shift(n, scale);
	int cut = n->scale - scale;
	number tail, unit;
	memset(&tail, 0, sizeof tail);
	memset(&unit, 0, sizeof unit);
	memcpy(tail.digit, n->digit, (size_t)cut);
	unit.digit[cut] = 1;
	number twice = number_sum(tail, tail);
	int half = compare_digits(&twice, &unit);
	bool inexact = significant(&tail) > 0, away = false;
	switch (mode) {
	case DBW_ROUND_EXACT:
		if (inexact)
			return false;
		break;
	case DBW_ROUND_HALF_EVEN: away = half > 0 || (half == 0 && n->digit[cut] % 2 == 1); break;
	case DBW_ROUND_HALF_UP: away = half >= 0; break;
	case DBW_ROUND_DOWN: break;
	case DBW_ROUND_UP: away = inexact; break;
	case DBW_ROUND_FLOOR: away = inexact && n->negative; break;
	case DBW_ROUND_CEILING: away = inexact && !n->negative; break;
	}
	memmove(n->digit, n->digit + cut, (size_t)(ORACLE_DIGITS - cut));
	memset(n->digit + ORACLE_DIGITS - cut, 0, (size_t)cut);
	n->scale = scale;
	for (int i = 0; away; i++) {
		n->digit[i]++;
		away = n->digit[i] == 10;
		if (away)
			n->digit[i] = 0;
	}
	return true;
}

/* ---- Random texts: lengths and digits that meet the edges more often than chance would. ---- */

static uint64_t state = UINT64_C(0x9e3779b97f4a7c15);

static unsigned below(unsigned limit)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (unsigned)((state >> 11) % limit);
}

static void random_text(char *out)
{
	unsigned digits = below(4) == 0 ? 38 : 1 + below(38), scale = below(3) == 0 ? 0 : below(39);
	unsigned kind = below(6);
	if (below(2) == 0)
		*out++ = '-';
	if (digits < scale + 1) {
		*out++ = '0';
		*out++ = '.';
		for (unsigned i = digits; i < scale; i++)
			*out++ = '0';
	}
	for (unsigned i = digits; i-- > 0;) {
		char digit = (char)('0' + below(10));
		if (kind == 0)
			digit = '9';
		if (kind == 1)
			digit = i == digits - 1 ? '1' : '0';
		if (kind == 2)
			digit = i == digits / 2 ? '5' : '0';
		if (digit == '0' && i == digits - 1 && digits > scale + 1)
			digit = '5'; /* no leading zeros: the printed form has none */
		*out++ = digit;
		if (i == scale && i > 0 && digits > scale)
			*out++ = '.';
	}
	*out = '\0';
}

static void assert_same(const char *what, const char *a, const char *b, dbw_status status, dbw_decimal value,
	bool expected_fits, const char *expected)
{
	char text[DBW_DECIMAL_SIZE] = "";
	if (status == DBW_OK)
		(void)dbw_decimal_print(value, text);
	else
		assert_zero_bytes(value);
	if (status != (expected_fits ? DBW_OK : DBW_INVALID) ||
		(expected_fits && strcmp(text, expected) != 0))
		fail_msg("%s of %s and %s gives %d %s and not %s", what, a, b, (int)status, text,
			expected_fits ? expected : "DBW_INVALID");
}

/* ---- Tests ---- */

static void decimal__reads_and_prints_known_texts(void **unused)
{
	static const struct {
		const char *text, *printed;
	} cases[] = {
		{ "0", "0" },
		{ "-0", "0" },
		{ "-0.00", "0.00" },
		{ "+1", "1" },
		{ "-0.50", "-0.50" },
		{ ".5", "0.5" },
		{ "-.5", "-0.5" },
		{ "5.", "5" },
		{ "007.10", "7.10" },
		{ "000000000000000000000000000000000000000000000000001", "1" },
		{ "1.5e3", "1500" },
		{ "1.5E+3", "1500" },
		{ "1.50e1", "15.0" },
		{ "15e-1", "1.5" },
		{ "5e-3", "0.005" },
		{ "1e0", "1" },
		{ "1e00000000000000000000000000000000002", "100" },
		{ "0e999999999999999999999999999999", "0" },
		{ "1e37", "10000000000000000000000000000000000000" },
		{ "1e-38", "0.00000000000000000000000000000000000001" },
		{ "-" NINES_38, "-" NINES_38 },
		{ "0." NINES_38, "0." NINES_38 },
		{ "-0." NINES_38, "-0." NINES_38 },
		{ "9999999999999999999.9999999999999999999", "9999999999999999999.9999999999999999999" },
		{ "18446744073709551616", "18446744073709551616" },
		{ "18446744073709551615", "18446744073709551615" },
		{ "10000000000000000000000000000.000000001", "10000000000000000000000000000.000000001" },
		{ "1000000000000000000000000000000.0000000", "1000000000000000000000000000000.0000000" },
	};
	(void)unused;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_prints(parse(cases[i].text), cases[i].printed);
}

static void decimal__refuses_other_texts(void **unused)
{
	static const char *const cases[] = { "", "-", "+", ".", "-.", "e5", ".e5", "1e", "1e+", "1e-", "--1",
		"+-1", "1-", " 1", "1 ", "1,5", "1.2.3", "1e5.0", "0x10", "NaN", "nan", "inf", "Infinity",
		"1_000", "1e5e5", "1" NINES_38, NINES_38 "0", NINES_38 ".0", "0." NINES_38 "0", "1e38",
		"1e-39", "0e-39", "1e99999999999999999999", "1e-99999999999999999999", "1.0e38",
		"0.000000000000000000000000000000000000000", "\xd9\xa1" };
	(void)unused;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_not_read(cases[i], strlen(cases[i]));
	assert_not_read("1\0", 2);
	assert_not_read("12\0003", 4);
	assert_not_read(NULL, 0);
}

static void decimal__reads_only_the_length_given(void **unused)
{
	dbw_decimal value;
	const char exact[3] = { '1', '.', '5' };
	(void)unused;
	assert_int_equal(dbw_decimal_parse("1.2345", 3, &value), DBW_OK);
	assert_prints(value, "1.2");
	assert_int_equal(dbw_decimal_parse(exact, sizeof exact, &value), DBW_OK);
	assert_prints(value, "1.5");
	assert_int_equal(dbw_decimal_parse("1e5", 2, &value), DBW_INVALID);
}

static void decimal__initialisers_agree(void **unused)
{
	static const struct {
		int before;
		dbw_decimal value;
	} row = { 1, DBW_DECIMAL_INIT(-1050, 2) };
	static const dbw_decimal lowest = DBW_DECIMAL_INIT(INT64_MIN, 0);
	const dbw_decimal zero = { 0, 0, 0 };
	(void)unused;
	assert_prints(row.value, "-10.50");
	assert_prints(dbw_decimal_of(-1050, 2), "-10.50");
	assert_prints(dbw_decimal_of(1050, 2), "10.50");
	assert_prints(lowest, "-9223372036854775808");
	assert_prints(dbw_decimal_of(INT64_MIN, 38), "-0.00000000000000000009223372036854775808");
	assert_prints(dbw_decimal_from_int(INT64_MAX), "9223372036854775807");
	assert_prints(zero, "0");
}

static void decimal__refuses_structs_that_are_no_decimals(void **unused)
{
	/* 10^38, its negative, 2^127 - 1, -2^127, and scales outside the bounds. */
	const dbw_decimal cases[] = {
		{ INT64_C(0x4b3b4ca85a86c47a), UINT64_C(0x098a224000000000), 0 },
		{ (int64_t)~UINT64_C(0x4b3b4ca85a86c47a), ~UINT64_C(0x098a224000000000) + 1, 0 },
		{ INT64_MAX, UINT64_MAX, 0 },
		{ INT64_MIN, 0, 0 },
		{ 0, 1, 39 },
		{ 0, 1, -1 },
		{ 0, 1, INT32_MAX },
		{ 0, 0, INT32_MIN },
	};
	const dbw_decimal one = dbw_decimal_from_int(1), most = parse(NINES_38);
	(void)unused;
	assert_true(most.high == INT64_C(0x4b3b4ca85a86c47a) && most.low == UINT64_C(0x098a223fffffffff));
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		dbw_decimal value;
		int64_t integer;
		assert_false(dbw_decimal_is_valid(cases[i]));
		assert_prints(cases[i], "");
		assert_int_equal(dbw_decimal_compare(cases[i], most), 1);
		assert_int_equal(dbw_decimal_compare(most, cases[i]), -1);
		assert_int_equal(dbw_decimal_compare(cases[i], cases[0]), 0);
		assert_int_equal(dbw_decimal_add(cases[i], one, &value), DBW_INVALID);
		assert_int_equal(dbw_decimal_add(one, cases[i], &value), DBW_INVALID);
		assert_int_equal(dbw_decimal_subtract(one, cases[i], &value), DBW_INVALID);
		assert_int_equal(dbw_decimal_multiply(cases[i], one, &value), DBW_INVALID);
		assert_int_equal(dbw_decimal_round(cases[i], 0, DBW_ROUND_DOWN, &value), DBW_INVALID);
		assert_int_equal(dbw_decimal_to_int(cases[i], &integer), DBW_INVALID);
		assert_int_equal(dbw__decimal_to_scaled(cases[i], cases[i].scale, &integer), DBW_INVALID);
		assert_false(dbw__decimal_fits(cases[i], 38, 0));
		assert_true(dbw_decimal_to_double(cases[i]) == 0.0);
	}
}

static void decimal__compares_by_value(void **unused)
{
	(void)unused;
	assert_int_equal(dbw_decimal_compare(parse("1.0"), parse("1.00")), 0);
	assert_int_equal(dbw_decimal_compare(parse("-1.0"), parse("-1.00")), 0);
	assert_int_equal(dbw_decimal_compare(parse("0"), parse("-0.000")), 0);
	assert_int_equal(dbw_decimal_compare(parse("10.00"), parse("9")), 1);
	assert_int_equal(dbw_decimal_compare(parse("-5"), parse("-10")), 1);
	assert_int_equal(dbw_decimal_compare(parse("-1"), parse("0.1")), -1);
	assert_int_equal(dbw_decimal_compare(parse(NINES_38), parse("0." NINES_38)), 1);
	assert_int_equal(dbw_decimal_compare(parse("-" NINES_38), parse("1e-38")), -1);
	assert_int_equal(dbw_decimal_compare(parse("1"), parse("0." NINES_38)), 1);
	/* The coefficients differ in their low halves alone, whose order is not that of signed numbers. */
	assert_int_equal(dbw_decimal_compare(parse("18446744073709551615"), parse("1")), 1);
	assert_int_equal(dbw_decimal_compare(parse("-2"), parse("-1")), -1);
}

static void decimal__adds_at_the_edge(void **unused)
{
	dbw_decimal value;
	(void)unused;
	assert_int_equal(dbw_decimal_add(parse(NINES_38), dbw_decimal_from_int(1), &value), DBW_INVALID);
	assert_zero_bytes(value);
	assert_int_equal(dbw_decimal_add(parse(NINES_38), parse(NINES_38), &value), DBW_INVALID);
	assert_int_equal(
		dbw_decimal_subtract(parse("-" NINES_38), dbw_decimal_from_int(1), &value), DBW_INVALID);
	assert_int_equal(dbw_decimal_add(parse(NINES_38), parse("-" NINES_38), &value), DBW_OK);
	assert_prints(value, "0");
	assert_int_equal(dbw_decimal_add(parse(NINES_38), parse("0.0"), &value), DBW_INVALID);
	assert_int_equal(dbw_decimal_subtract(parse("0.10"), parse("0.1"), &value), DBW_OK);
	assert_prints(value, "0.00");
	assert_int_equal(dbw_decimal_subtract(parse("0"), parse("0.00"), &value), DBW_OK);
	assert_prints(value, "0.00");
}

static void decimal__multiplies_at_the_edge(void **unused)
{
	dbw_decimal value;
	(void)unused;
	assert_int_equal(
		dbw_decimal_multiply(parse("9999999999999999999"), parse("9999999999999999999"), &value),
		DBW_OK);
	assert_prints(value, "99999999999999999980000000000000000001");
	assert_int_equal(dbw_decimal_multiply(parse(NINES_38), parse(NINES_38), &value), DBW_INVALID);
	assert_int_equal(dbw_decimal_multiply(parse("1e-19"), parse("-1e-19"), &value), DBW_OK);
	assert_prints(value, "-0.00000000000000000000000000000000000001");
	assert_int_equal(dbw_decimal_multiply(parse("1e-20"), parse("1e-19"), &value), DBW_INVALID);
	assert_int_equal(dbw_decimal_multiply(parse("-1.5"), parse("0.0"), &value), DBW_OK);
	assert_prints(value, "0.00");
}

static void decimal__rounds_known_values(void **unused)
{
	static const struct {
		const char *text;
		int scale;
		dbw_rounding mode;
		const char *expected; /* NULL for DBW_INVALID */
	} cases[] = {
		{ "2.5", 0, DBW_ROUND_HALF_EVEN, "2" },
		{ "3.5", 0, DBW_ROUND_HALF_EVEN, "4" },
		{ "-2.5", 0, DBW_ROUND_HALF_EVEN, "-2" },
		{ "2.50000001", 0, DBW_ROUND_HALF_EVEN, "3" },
		{ "2.5", 0, DBW_ROUND_HALF_UP, "3" },
		{ "-2.5", 0, DBW_ROUND_HALF_UP, "-3" },
		{ "-2.9", 0, DBW_ROUND_DOWN, "-2" },
		{ "-0.4", 0, DBW_ROUND_DOWN, "0" },
		{ "2.01", 1, DBW_ROUND_UP, "2.1" },
		{ "-2.01", 1, DBW_ROUND_UP, "-2.1" },
		{ "-2.01", 1, DBW_ROUND_FLOOR, "-2.1" },
		{ "2.09", 1, DBW_ROUND_FLOOR, "2.0" },
		{ "-2.09", 1, DBW_ROUND_CEILING, "-2.0" },
		{ "2.01", 1, DBW_ROUND_CEILING, "2.1" },
		{ "2.010", 2, DBW_ROUND_EXACT, "2.01" },
		{ "2.010", 1, DBW_ROUND_EXACT, NULL },
		{ "2.01", 4, DBW_ROUND_EXACT, "2.0100" },
		{ "0." NINES_38, 37, DBW_ROUND_UP, "1.0000000000000000000000000000000000000" },
		{ "0." NINES_38, 0, DBW_ROUND_HALF_EVEN, "1" },
		{ NINES_38, 1, DBW_ROUND_HALF_EVEN, NULL },
		{ "1", 39, DBW_ROUND_DOWN, NULL },
		{ "1", -1, DBW_ROUND_DOWN, NULL },
		{ "1.5", 0, (dbw_rounding)7, NULL },
	};
	(void)unused;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		dbw_decimal value;
		dbw_status status =
			dbw_decimal_round(parse(cases[i].text), cases[i].scale, cases[i].mode, &value);
		assert_same("rounding", cases[i].text, "", status, value, cases[i].expected != NULL,
			cases[i].expected);
	}
}

static void decimal__converts_to_integers(void **unused)
{
	int64_t integer = 5;
	(void)unused;
	assert_int_equal(dbw_decimal_to_int(parse("-9223372036854775808.000"), &integer), DBW_OK);
	assert_true(integer == INT64_MIN);
	assert_int_equal(dbw_decimal_to_int(parse("9223372036854775807"), &integer), DBW_OK);
	assert_true(integer == INT64_MAX);
	assert_int_equal(dbw_decimal_to_int(parse("9223372036854775808"), &integer), DBW_INVALID);
	assert_true(integer == 0);
	assert_int_equal(dbw_decimal_to_int(parse("-9223372036854775809"), &integer), DBW_INVALID);
	assert_int_equal(dbw_decimal_to_int(parse("18446744073709551617"), &integer), DBW_INVALID);
	assert_int_equal(dbw_decimal_to_int(parse("1.5"), &integer), DBW_INVALID);
	assert_int_equal(dbw_decimal_to_int(parse("-0.0"), &integer), DBW_OK);
	assert_true(integer == 0);
}

static void decimal__scales_for_storage(void **unused)
{
	int64_t integer;
	(void)unused;
	assert_int_equal(dbw__decimal_to_scaled(parse("10.5"), 2, &integer), DBW_OK);
	assert_true(integer == 1050);
	assert_int_equal(dbw__decimal_to_scaled(parse("-10.500"), 2, &integer), DBW_OK);
	assert_true(integer == -1050);
	assert_int_equal(dbw__decimal_to_scaled(parse("10.50"), 2, &integer), DBW_OK);
	assert_true(integer == 1050);
	assert_int_equal(dbw__decimal_to_scaled(parse("10.505"), 2, &integer), DBW_INVALID);
	assert_true(integer == 0);
	assert_int_equal(dbw__decimal_to_scaled(parse("92233720368547758.08"), 2, &integer), DBW_INVALID);
	assert_int_equal(dbw__decimal_to_scaled(parse("1"), 39, &integer), DBW_INVALID);
	assert_int_equal(dbw__decimal_to_scaled(parse("1"), -1, &integer), DBW_INVALID);

	assert_true(dbw__decimal_fits(parse("99.99"), 4, 2));
	assert_true(dbw__decimal_fits(parse("-99.990"), 4, 2));
	assert_true(dbw__decimal_fits(parse("99.9"), 4, 2));
	assert_false(dbw__decimal_fits(parse("100"), 4, 2));
	assert_false(dbw__decimal_fits(parse("-100.00"), 4, 2));
	assert_false(dbw__decimal_fits(parse("0.001"), 4, 2));
	assert_true(dbw__decimal_fits(parse("0"), 1, 0));
	assert_true(dbw__decimal_fits(parse(NINES_38), 38, 0));
	assert_false(dbw__decimal_fits(parse(NINES_38), 37, 0));
	assert_false(dbw__decimal_fits(parse("1"), 38, 38));
	assert_true(dbw__decimal_fits(parse("0." NINES_38), 38, 38));
	assert_true(dbw__decimal_fits(parse("999999999999999999"), 18, 0));
	assert_false(dbw__decimal_fits(parse("1000000000000000000"), 18, 0));
	assert_false(dbw__decimal_fits(parse("1"), 0, 0));
	assert_false(dbw__decimal_fits(parse("1"), 39, 0));
	assert_false(dbw__decimal_fits(parse("1"), 38, 39));
}

/* At every precision and scale: the largest that fits, and one unit in the last place more. */
static void decimal__fits_exactly_its_precision(void **unused)
{
	(void)unused;
	for (int precision = 1; precision <= 38; precision++) {
		for (int scale = 0; scale <= 38; scale++) {
			char text[64];
			(void)snprintf(text, sizeof text, "-%.*se-%d", precision, NINES_38, scale);
			dbw_decimal most = parse(text), over;
			assert_int_equal(most.scale, scale);
			assert_true(dbw__decimal_fits(most, precision, scale));
			if (dbw_decimal_subtract(most, dbw_decimal_of(1, scale), &over) == DBW_OK) {
				assert_false(dbw__decimal_fits(over, precision, scale));
				assert_true(dbw__decimal_fits(over, precision + 1, scale));
			} else {
				assert_int_equal(precision, 38);
			}
			if (scale > 0)
				assert_false(dbw__decimal_fits(most, precision, scale - 1));
		}
	}
}

static void decimal__prints_what_it_read(void **unused)
{
	char text[64], expected[64];
	(void)unused;
	for (int i = 0; i < ROUNDS; i++) {
		random_text(text);
		number n = number_of(text);
		assert_true(number_text(&n, expected));
		assert_prints(parse(text), expected);
	}
}

static void decimal__arithmetic_agrees_with_the_schoolbook(void **unused)
{
	char a_text[64], b_text[64], expected[200];
	(void)unused;
	for (int i = 0; i < ROUNDS; i++) {
		random_text(a_text);
		random_text(b_text);
		const dbw_decimal a = parse(a_text), b = parse(b_text);
		const number x = number_of(a_text), y = number_of(b_text);
		number minus_y = y;
		minus_y.negative = !y.negative;
		dbw_decimal value;

		number result = number_sum(x, y);
		bool fits = number_text(&result, expected);
		dbw_status status = dbw_decimal_add(a, b, &value);
		assert_same("the sum", a_text, b_text, status, value, fits, expected);

		result = number_sum(x, minus_y);
		fits = number_text(&result, expected);
		status = dbw_decimal_subtract(a, b, &value);
		assert_same("the difference", a_text, b_text, status, value, fits, expected);

		result = number_product(&x, &y);
		fits = number_text(&result, expected);
		status = dbw_decimal_multiply(a, b, &value);
		assert_same("the product", a_text, b_text, status, value, fits, expected);

		assert_int_equal(dbw_decimal_compare(a, b), number_compare(x, y));
		assert_int_equal(dbw_decimal_compare(b, a), -number_compare(x, y));
		assert_int_equal(dbw_decimal_compare(a, a), 0);
	}
}

static void decimal__rounding_agrees_with_the_schoolbook(void **unused)
{
	char text[64], expected[200];
	(void)unused;
	for (int i = 0; i < ROUNDS; i++) {
		random_text(text);
		int scale = (int)below(39);
		for (int mode = DBW_ROUND_EXACT; mode <= (int)DBW_ROUND_CEILING; mode++) {
			number n = number_of(text);
			bool fits = number_round(&n, scale, (dbw_rounding)mode) && number_text(&n, expected);
			dbw_decimal value;
			dbw_status status = dbw_decimal_round(parse(text), scale, (dbw_rounding)mode, &value);
			assert_same("rounding", text, "", status, value, fits, expected);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(decimal__reads_and_prints_known_texts),
		cmocka_unit_test(decimal__refuses_other_texts),
		cmocka_unit_test(decimal__reads_only_the_length_given),
		cmocka_unit_test(decimal__initialisers_agree),
		cmocka_unit_test(decimal__refuses_structs_that_are_no_decimals),
		cmocka_unit_test(decimal__compares_by_value),
		cmocka_unit_test(decimal__adds_at_the_edge),
		cmocka_unit_test(decimal__multiplies_at_the_edge),
		cmocka_unit_test(decimal__rounds_known_values),
		cmocka_unit_test(decimal__converts_to_integers),
		cmocka_unit_test(decimal__scales_for_storage),
		cmocka_unit_test(decimal__fits_exactly_its_precision),
		cmocka_unit_test(decimal__prints_what_it_read),
		cmocka_unit_test(decimal__arithmetic_agrees_with_the_schoolbook),
		cmocka_unit_test(decimal__rounding_agrees_with_the_schoolbook),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

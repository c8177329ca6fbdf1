/* The two conversions between decimals and doubles, against the C library's correctly rounded ones. */
#include "dbwright/decimal.h"

#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static uint64_t state = UINT64_C(0xd1b54a32d192ed03);

static uint64_t random_bits(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

static void assert_converts(double number, int scale, const char *expected)
{
	dbw_decimal value;
	char text[DBW_DECIMAL_SIZE];
	dbw_status status = dbw_decimal_from_double(number, scale, &value);
	(void)dbw_decimal_print(value, text);
	if (status != DBW_OK || strcmp(text, expected) != 0)
		fail_msg("%.17g at scale %d gives %d %s and not %s", number, scale, (int)status, text,
			expected);
}

static void assert_refused(double number, int scale)
{
	dbw_decimal value = dbw_decimal_of(7, 7);
	dbw_status status = dbw_decimal_from_double(number, scale, &value);
	if (status != DBW_INVALID)
		fail_msg("%.17g at scale %d is taken", number, scale);
	assert_true(value.high == 0 && value.low == 0 && value.scale == 0);
}

static void double__known_conversions(void **unused)
{
	(void)unused;
	assert_converts(0.0, 2, "0.00");
	assert_converts(-0.0, 2, "0.00");
	assert_converts(0.99, 2, "0.99");
	assert_converts(13.86, 2, "13.86");
	assert_converts(-13.86, 4, "-13.8600");
	assert_converts(70368744177663.99, 2, "70368744177663.99");
	assert_converts(999999999999999.0, 2, "999999999999999.00");
	assert_converts(4503599627370497.0, 3, "4503599627370497.000");
	assert_converts(9007199254740991.0, 0, "9007199254740991");
	assert_converts(9007199254740994.0, 0, "9007199254740994");
	assert_converts(0x1p-38, 38, "0.00000000000363797880709171300000000000");
	assert_converts(1e-38, 38, "0.00000000000000000000000000000000000001");
	/* Several decimals share the double: the one with the fewest digits. */
	assert_converts(0.1, 20, "0.10000000000000000000");
	assert_converts(1.0 / 3.0, 20, "0.33333333333333330000");
	/*
	 * Below a power of two doubles lie closer, so the nearest decimal of this scale has another double.
	 */
	assert_converts(0x1p-44, 29, "0.00000000000005684341886080802");
}

static void double__refuses_what_is_no_decimal(void **unused)
{
	(void)unused;
	assert_refused(0.005, 2);
	assert_refused(0.30000000000000004, 1);
	assert_refused(0.30000000000000004, 2);
	assert_refused(1.0 / 3.0, 15);
	assert_refused(0.5, 0);
	assert_refused(1.0 - DBL_EPSILON / 2, 15);
	assert_refused(1.0 + DBL_EPSILON, 15);
	assert_refused((double)NAN, 2);
	assert_refused((double)INFINITY, 2);
	assert_refused(-(double)INFINITY, 2);
	assert_refused(DBL_MAX, 0);
	assert_refused(1e38, 0);
	assert_refused(-1e38, 0);
	assert_refused(1e30, 9);
	assert_refused(1.0, 38);
	assert_refused(DBL_MIN, 38);
	assert_refused(DBL_TRUE_MIN, 38);
	assert_refused(1e-39, 38);
	assert_refused(0x1p-200, 38);
	assert_refused(0x1p-256, 38);
	assert_refused(1.0, 39);
	assert_refused(1.0, -1);
	/* The double is shared by .93 and .94, and 2^53 by 2^53 + 1: which was meant, nobody can tell. */
	assert_refused(0.30000000000000004, 17);
	assert_refused(0.30000000000000004, 20);
	assert_true((double)90071992547409.93 == (double)90071992547409.94);
	assert_refused(90071992547409.93, 2);
	assert_refused(9007199254740992.0, 0);
	assert_refused(0x1p54, 0);
	assert_refused(1e22, 0);
	assert_refused(0x1p126, 0);
}

static void double__every_cent_to_a_hundred_thousand(void **unused)
{
	(void)unused;
	for (int cents = 0; cents <= 10000000; cents++) {
		dbw_decimal value;
		if (dbw_decimal_from_double(cents / 100.0, 2, &value) != DBW_OK || value.high != 0 ||
			value.low != (uint64_t)cents || value.scale != 2)
			fail_msg("%d hundredths are not converted", cents);
	}
}

/* A double of any kind, most of them near a decimal of few digits. */
static double random_double(int *scale)
{
	double number;
	uint64_t bits = random_bits();
	*scale = (int)(random_bits() % 39);
	switch (random_bits() % 4) {
	case 0: /* any exponent that matters */
		bits = (bits & ~(UINT64_C(0x7ff) << 52)) | (UINT64_C(1023) - 140 + random_bits() % 280) << 52;
		memcpy(&number, &bits, sizeof number);
		return number;
	case 1: /* a power of two, where the spacing changes */ return ldexp(1.0, (int)(bits % 260) - 130);
	default: { /* a decimal, or the double beside it */
		char text[64];
		*scale = (int)(random_bits() % 12);
		(void)snprintf(
			text, sizeof text, "%llde-%d", (long long)(bits >> (2 + random_bits() % 60)), *scale);
		number = strtod(text, NULL);
		return random_bits() % 2 == 0 ? number : nextafter(number, 0.0);
	}
	}
}

/* Whether the decimal's nearest double is `number`, by the library's reading of its text. */
static bool stands_for(dbw_decimal value, double number)
{
	char text[DBW_DECIMAL_SIZE];
	(void)dbw_decimal_print(value, text);
	return strtod(text, NULL) == number;
}

/*
 * The rule in the words of the library: at the smallest scale at which the nearest decimal or one beside it
 * reads back as the double, there must be just one that does.
 */
static bool expected_decimal(double number, int scale, dbw_decimal *out)
{
	for (int digits = 0; digits <= scale; digits++) {
		char nearest[400];
		int length = snprintf(nearest, sizeof nearest, "%.*f", digits, number);
		dbw_decimal value, found;
		int count = 0;
		if (dbw_decimal_parse(nearest, (size_t)length, &value) != DBW_OK)
			return false;
		for (int step = -1; step <= 1; step++) {
			dbw_decimal beside;
			if (dbw_decimal_add(value, dbw_decimal_of(step, digits), &beside) == DBW_OK &&
				stands_for(beside, number)) {
				count++;
				found = beside;
			}
		}
		if (count > 0)
			return count == 1 && dbw_decimal_round(found, scale, DBW_ROUND_EXACT, out) == DBW_OK;
	}
	return false;
}

static void double__conversion_agrees_with_the_library(void **unused)
{
	int taken = 0, refused = 0;
	(void)unused;
	for (int i = 0; i < 50000; i++) {
		int scale;
		double number = random_double(&scale);
		dbw_decimal value, expected;
		bool fits = expected_decimal(number, scale, &expected);
		dbw_status status = dbw_decimal_from_double(number, scale, &value);
		if (status != (fits ? DBW_OK : DBW_INVALID))
			fail_msg("%.17g at scale %d gives %d", number, scale, (int)status);
		if (fits &&
			(value.high != expected.high || value.low != expected.low || value.scale != scale))
			fail_msg("%.17g at scale %d gives another number", number, scale);
		taken += fits;
		refused += !fits;
	}
	/* Both happen often, or the test shows nothing. */
	assert_true(taken > 10000 && refused > 10000);
}

static void double__takes_the_fewest_digits(void **unused)
{
	(void)unused;
	for (int i = 0; i < 20000; i++) {
		/* Of 15 digits there is only one decimal per double, and none of fewer digits has it. */
		char text[64], printed[DBW_DECIMAL_SIZE];
		int scale = 1 + (int)(random_bits() % 15);
		long long coefficient = (long long)(random_bits() % 1000000000000000) / 10 * 10 + 1;
		(void)snprintf(text, sizeof text, "%llde-%d", coefficient, scale);
		double number = strtod(text, NULL);
		dbw_decimal value, longer;
		assert_int_equal(dbw_decimal_from_double(number, scale, &value), DBW_OK);
		assert_true(value.high == 0 && value.low == (uint64_t)coefficient && value.scale == scale);
		assert_int_equal(dbw_decimal_from_double(number, scale + 7, &longer), DBW_OK);
		assert_int_equal(dbw_decimal_compare(value, longer), 0);
		(void)dbw_decimal_print(longer, printed);
		assert_string_equal(printed + strlen(printed) - 7, "0000000");
		assert_int_equal(dbw_decimal_from_double(number, scale - 1, &value), DBW_INVALID);
	}
}

static void double__from_decimal_is_nearest(void **unused)
{
	static const char *const cases[] = { "0", "1", "-1", "0.1", "0.30", "9007199254740993",
		"9007199254740995", "9007199254740993.0000000000000000000001", "18014398509481983",
		"18446744073709551615", "99999999999999999999999999999999999999",
		"0.00000000000000000000000000000000000001", "-0.99999999999999999999999999999999999999",
		"0.5", "4503599627370496.5", "4503599627370497.5" };
	dbw_decimal value;
	(void)unused;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		assert_int_equal(dbw_decimal_parse(cases[i], strlen(cases[i]), &value), DBW_OK);
		if (dbw_decimal_to_double(value) != strtod(cases[i], NULL))
			fail_msg("%s gives %.17g", cases[i], dbw_decimal_to_double(value));
	}
	assert_false(signbit(dbw_decimal_to_double(dbw_decimal_of(0, 2))));
	for (int i = 0; i < 100000; i++) {
		char text[64], printed[DBW_DECIMAL_SIZE];
		unsigned digits = 1 + (unsigned)(random_bits() % 38);
		for (unsigned at = 0; at < digits; at++)
			text[at] = (char)('0' + random_bits() % 10);
		(void)snprintf(text + digits, sizeof text - digits, "e-%d", (int)(random_bits() % 39));
		assert_int_equal(dbw_decimal_parse(text, strlen(text), &value), DBW_OK);
		(void)dbw_decimal_print(value, printed);
		if (dbw_decimal_to_double(value) != strtod(printed, NULL))
			fail_msg("%s gives %.17g", printed, dbw_decimal_to_double(value));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(double__known_conversions),
		cmocka_unit_test(double__refuses_what_is_no_decimal),
		cmocka_unit_test(double__every_cent_to_a_hundred_thousand),
		cmocka_unit_test(double__conversion_agrees_with_the_library),
		cmocka_unit_test(double__takes_the_fewest_digits),
		cmocka_unit_test(double__from_decimal_is_nearest),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/*
 * Decimals against school arithmetic: numbers as rows of decimal digits, slow and plain. Texts of any bytes are read as
 * well, and what is read prints to a text that is read as the same.
 */
#include "fuzz.h"

#include <dbwright/decimal.h>
#include <value/coefficient.h>

#include <math.h>
#include <string.h>

enum { DIGITS = 160 };

/* digit[0] is the lowest. A zero is not negative. */
typedef struct school {
	bool negative;
	int scale;
	int digit[DIGITS];
} school;

static int length_of(const school *number)
{
	int length = DIGITS;

	while (length > 0 && number->digit[length - 1] == 0)
		length--;
	return length;
}

static school signed_properly(school number)
{
	number.negative = number.negative && length_of(&number) > 0;
	return number;
}

/* The same digits, `places` further up. */
static school shifted(const school *number, int places)
{
	school result = { .negative = number->negative, .scale = number->scale };

	FUZZ_CHECK(length_of(number) + places <= DIGITS);
	for (int i = 0; i + places < DIGITS; i++)
		result.digit[i + places] = number->digit[i];
	return result;
}

static school at_scale(const school *number, int scale)
{
	school result = shifted(number, scale - number->scale);

	result.scale = scale;
	return result;
}

static int compare_digits(const school *a, const school *b)
{
	for (int i = DIGITS - 1; i >= 0; i--)
		if (a->digit[i] != b->digit[i])
			return a->digit[i] < b->digit[i] ? -1 : 1;
	return 0;
}

static school add(const school *left, const school *right, bool subtract)
{
	const int scale = left->scale > right->scale ? left->scale : right->scale;
	school a = at_scale(left, scale), b = at_scale(right, scale), result = { .scale = scale };
	int carry = 0;

	b.negative = b.negative != subtract;
	if (a.negative != b.negative && compare_digits(&a, &b) < 0) {
		const school swap = a;

		a = b;
		b = swap;
	}
	result.negative = a.negative;
	for (int i = 0; i < DIGITS; i++) {
		const int sum = a.negative == b.negative ? a.digit[i] + b.digit[i] + carry
							 : a.digit[i] - b.digit[i] + carry;

		result.digit[i] = (sum + 10) % 10;
		carry = sum < 0 ? -1 : sum / 10;
	}
	return signed_properly(result);
}

static school multiply(const school *a, const school *b)
{
	school result = { .negative = a->negative != b->negative, .scale = a->scale + b->scale };

	for (int i = 0; i < DIGITS; i++) {
		int carry = 0;

		if (a->digit[i] == 0)
			continue;
		for (int j = 0; i + j < DIGITS; j++) {
			const int sum = result.digit[i + j] + a->digit[i] * b->digit[j] + carry;

			result.digit[i + j] = sum % 10;
			carry = sum / 10;
		}
	}
	return signed_properly(result);
}

/* False where DBW_ROUND_EXACT would lose something. */
static bool round_to(const school *number, int scale, dbw_rounding mode, school *out)
{
	const int drop = number->scale - scale;
	school result = { .negative = number->negative, .scale = scale };
	bool any = false, half_or_more, tie, up;

	if (drop <= 0) {
		*out = at_scale(number, scale);
		return true;
	}
	for (int i = 0; i < drop; i++)
		any = any || number->digit[i] != 0;
	half_or_more = number->digit[drop - 1] >= 5;
	tie = number->digit[drop - 1] == 5;
	for (int i = 0; i < drop - 1; i++)
		tie = tie && number->digit[i] == 0;
	for (int i = drop; i < DIGITS; i++)
		result.digit[i - drop] = number->digit[i];
	switch (mode) {
	case DBW_ROUND_EXACT: up = false; break;
	case DBW_ROUND_HALF_EVEN: up = half_or_more && (!tie || result.digit[0] % 2 != 0); break;
	case DBW_ROUND_HALF_UP: up = half_or_more; break;
	case DBW_ROUND_DOWN: up = false; break;
	case DBW_ROUND_UP: up = any; break;
	case DBW_ROUND_FLOOR: up = any && number->negative; break;
	default: up = any && !number->negative; break;
	}
	if (up) {
		const school one = { .negative = number->negative, .scale = scale, .digit = { 1 } };

		result = add(&result, &one, false);
	}
	*out = signed_properly(result);
	return mode != DBW_ROUND_EXACT || !any;
}

static void print(const school *number, char *out)
{
	int length = length_of(number);

	if (number->negative)
		*out++ = '-';
	if (length <= number->scale)
		length = number->scale + 1;
	for (int i = length - 1; i >= 0; i--) {
		*out++ = (char)('0' + number->digit[i]);
		if (i == number->scale && i != 0)
			*out++ = '.';
	}
	*out = '\0';
}

static bool fits(const school *number)
{
	return number->scale <= DBW_DECIMAL_MAX_SCALE && length_of(number) <= DBW_DECIMAL_MAX_DIGITS;
}

static void check_same(const school *wanted, dbw_decimal value)
{
	char text[DBW_DECIMAL_SIZE], school_text[2 * DIGITS];

	print(wanted, school_text);
	FUZZ_CHECK(dbw_decimal_is_valid(value));
	FUZZ_CHECK(dbw_decimal_print(value, text) == strlen(text));
	FUZZ_CHECK(strcmp(text, school_text) == 0);
}

static void check_result(const school *wanted, dbw_status status, dbw_decimal value)
{
	FUZZ_CHECK(status == (fits(wanted) ? DBW_OK : DBW_INVALID));
	if (status == DBW_OK)
		check_same(wanted, value);
}

/* A number and its text; false if it is no decimal, which the parser has to say too. */
static bool take(fuzz_bytes *bytes, school *number, dbw_decimal *value)
{
	char text[2 * DIGITS];
	size_t length = 0;
	const unsigned sign = fuzz_take(bytes);
	const int whole = fuzz_take(bytes) % 44, part = fuzz_take(bytes) % 44, flags = fuzz_take(bytes);
	int exponent = 0;
	dbw_status status;

	*number = (school){ .negative = sign % 3 == 1, .scale = part };
	if (sign % 3 != 0)
		text[length++] = sign % 3 == 1 ? '-' : '+';
	for (int i = whole + part - 1; i >= 0; i--) {
		number->digit[i] = fuzz_take(bytes) % 10;
		text[length++] = (char)('0' + number->digit[i]);
		if (i == part && (part != 0 || flags % 2 != 0))
			text[length++] = '.';
	}
	if (whole == 0) {
		memmove(text + (sign % 3 != 0) + 1, text + (sign % 3 != 0), length - (sign % 3 != 0));
		text[sign % 3 != 0] = '.';
		length++;
	}
	if (flags >= 128) {
		exponent = (int8_t)fuzz_take(bytes) % 48;
		length += (size_t)snprintf(text + length, 8, "%c%d", flags % 4 < 2 ? 'e' : 'E', exponent);
	}
	number->scale -= exponent;
	if (number->scale < 0)
		*number = at_scale(number, 0);
	*number = signed_properly(*number);
	status = dbw_decimal_parse(text, length, value);
	if (whole + part == 0) {
		FUZZ_CHECK(status == DBW_INVALID);
		return false;
	}
	check_result(number, status, *value);
	return status == DBW_OK;
}

static void check_double(const school *number, dbw_decimal value)
{
	char text[2 * DIGITS];
	const double nearest = dbw_decimal_to_double(value);
	dbw_decimal again;

	print(number, text);
	FUZZ_CHECK(nearest == strtod(text, NULL));
	if (length_of(number) <= 15) {
		FUZZ_CHECK(dbw_decimal_from_double(nearest, value.scale, &again) == DBW_OK);
		check_same(number, again);
	}
}

static void check_one(const school *number, dbw_decimal value, fuzz_bytes *bytes)
{
	const int scale = fuzz_take(bytes) % 39;
	dbw_decimal rounded;
	school wanted;
	int64_t integer;
	char text[2 * DIGITS], other[32];

	for (int mode = DBW_ROUND_EXACT; mode <= DBW_ROUND_CEILING; mode++) {
		const dbw_status status = dbw_decimal_round(value, scale, (dbw_rounding)mode, &rounded);

		if (round_to(number, scale, (dbw_rounding)mode, &wanted))
			check_result(&wanted, status, rounded);
		else
			FUZZ_CHECK(status == DBW_INVALID);
	}
	if (dbw_decimal_to_int(value, &integer) == DBW_OK) {
		FUZZ_CHECK(round_to(number, 0, DBW_ROUND_EXACT, &wanted));
		print(&wanted, text);
		snprintf(other, sizeof other, "%lld", (long long)integer);
		FUZZ_CHECK(strcmp(text, other) == 0);
	} else if (round_to(number, 0, DBW_ROUND_EXACT, &wanted)) {
		FUZZ_CHECK(length_of(&wanted) >= 19);
	}
	if (dbw__decimal_to_scaled(value, scale, &integer) == DBW_OK)
		FUZZ_CHECK(dbw_decimal_compare(dbw_decimal_of(integer, scale), value) == 0);
	FUZZ_CHECK(round_to(number, scale, DBW_ROUND_EXACT, &wanted) && length_of(&wanted) <= 20
			   ? dbw__decimal_fits(value, 20, scale)
			   : !dbw__decimal_fits(value, 20, scale));
	check_double(number, value);
}

static void check_two(const school *a, dbw_decimal left, const school *b, dbw_decimal right)
{
	const school sum = add(a, b, false), difference = add(a, b, true), product = multiply(a, b);
	const int order = length_of(&difference) == 0 ? 0 : difference.negative ? -1 : 1;
	dbw_decimal result;
	dbw_status status;

	FUZZ_CHECK(dbw_decimal_compare(left, right) == order);
	FUZZ_CHECK(dbw_decimal_compare(right, left) == -order);
	status = dbw_decimal_add(left, right, &result);
	check_result(&sum, status, result);
	status = dbw_decimal_subtract(left, right, &result);
	check_result(&difference, status, result);
	status = dbw_decimal_multiply(left, right, &result);
	check_result(&product, status, result);
}

static void check_text(const char *text, size_t length)
{
	char printed[DBW_DECIMAL_SIZE];
	dbw_decimal value, again;

	if (dbw_decimal_parse(text, length, &value) != DBW_OK)
		return;
	FUZZ_CHECK(dbw_decimal_is_valid(value));
	length = dbw_decimal_print(value, printed);
	FUZZ_CHECK(length != 0 && length < sizeof printed && strlen(printed) == length);
	FUZZ_CHECK(dbw_decimal_parse(printed, length, &again) == DBW_OK);
	FUZZ_CHECK(again.high == value.high && again.low == value.low && again.scale == value.scale);
}

/* Structs that were filled in by hand, and doubles of any bits. */
static void check_bits(fuzz_bytes bytes)
{
	const dbw_decimal any = { fuzz_take_number(&bytes), (uint64_t)fuzz_take_number(&bytes),
		(int32_t)fuzz_take_number(&bytes) };
	const int64_t bits = fuzz_take_number(&bytes);
	const bool valid = dbw_decimal_is_valid(any);
	char text[DBW_DECIMAL_SIZE];
	dbw_decimal result;
	double number;

	FUZZ_CHECK((dbw_decimal_print(any, text) != 0) == valid);
	FUZZ_CHECK(valid || dbw_decimal_add(any, any, &result) == DBW_INVALID);
	FUZZ_CHECK(valid || dbw_decimal_round(any, 2, DBW_ROUND_DOWN, &result) == DBW_INVALID);
	FUZZ_CHECK(dbw_decimal_compare(any, any) == 0);
	memcpy(&number, &bits, sizeof number);
	if (dbw_decimal_from_double(number, any.scale, &result) == DBW_OK) {
		FUZZ_CHECK(result.scale == any.scale && isfinite(number));
		FUZZ_CHECK(dbw_decimal_to_double(result) == number);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_bytes bytes = { data, size };
	dbw_decimal left, right;
	school a, b;

	check_text((const char *)data, size);
	check_bits(bytes);
	if (!take(&bytes, &a, &left))
		return 0;
	check_one(&a, left, &bytes);
	if (take(&bytes, &b, &right))
		check_two(&a, left, &b, right);
	return 0;
}

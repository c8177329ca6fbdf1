#include "dbwright/decimal.h"
#include "magnitude.h"

#include <string.h>

/* Digits that always fit a uint64_t. */
#define NARROW_DIGITS 19

/* An exponent is not counted beyond this: no text in memory has as many digits. */
#define EXPONENT_CEILING INT64_C(1000000000000000000)

/* Text being read; `at` never passes `end`. */
typedef struct reader {
	const char *at, *end;
} reader;

/* What a run of digits with a point gave. */
typedef struct mantissa {
	uint64_t first;      /* the digits from the first that is not 0: up to 19 of them, */
	uint64_t rest;       /* then up to 19 more */
	unsigned count;      /* of those digits; at most 38 */
	unsigned rest_count; /* of the digits in `rest` */
	int64_t after_point; /* digits written after the point, leading zeros included */
} mantissa;

static bool take(reader *r, char c)
{
	if (r->at == r->end || *r->at != c)
		return false;
	r->at++;
	return true;
}

/* Takes a sign, if there is one. Returns true for a minus. */
static bool take_sign(reader *r)
{
	if (take(r, '-'))
		return true;
	(void)take(r, '+');
	return false;
}

static bool take_digit(reader *r, unsigned *out)
{
	if (r->at == r->end)
		return false;
	unsigned digit = (unsigned)(unsigned char)*r->at - '0';
	if (digit > 9)
		return false;
	r->at++;
	*out = digit;
	return true;
}

/* Adds one digit. False when there are too many. */
static bool mantissa_push(mantissa *m, unsigned digit)
{
	if (m->count == 0 && digit == 0)
		return true;
	if (m->count < NARROW_DIGITS) {
		m->first = m->first * 10 + digit;
	} else if (m->count < DBW_DECIMAL_MAX_DIGITS) {
		m->rest = m->rest * 10 + digit;
		m->rest_count++;
	} else {
		return false;
	}
	m->count++;
	return true;
}

/* Digits with at most one point; at least one digit. */
static bool take_mantissa(reader *r, mantissa *m)
{
	bool any = false, point = false;
	unsigned digit;
	for (;;) {
		if (take_digit(r, &digit)) {
			any = true;
			m->after_point += point;
			if (!mantissa_push(m, digit))
				return false;
		} else if (!point && take(r, '.')) {
			point = true;
		} else {
			return any;
		}
	}
}

/* The exponent behind a mantissa: nothing, or 'e', an optional sign, digits. */
static bool take_exponent(reader *r, int64_t *out)
{
	*out = 0;
	if (!take(r, 'e') && !take(r, 'E'))
		return true;
	bool negative = take_sign(r), any = false;
	int64_t exponent = 0;
	unsigned digit;
	while (take_digit(r, &digit)) {
		any = true;
		if (exponent < EXPONENT_CEILING / 10)
			exponent = exponent * 10 + (int64_t)digit;
	}
	*out = negative ? -exponent : exponent;
	return any;
}

dbw_status dbw_decimal_parse(const char *text, size_t length, dbw_decimal *out)
{
	memset(out, 0, sizeof *out);
	if (!text)
		return DBW_INVALID;
	reader r = { text, text + length };
	mantissa m = { 0, 0, 0, 0, 0 };
	int64_t exponent;
	bool negative = take_sign(&r);
	if (!take_mantissa(&r, &m) || !take_exponent(&r, &exponent) || r.at != r.end)
		return DBW_INVALID;

	int64_t scale = m.after_point - exponent;
	int64_t zeros = scale < 0 ? -scale : 0;
	if (scale < 0)
		scale = 0;
	if (m.count == 0)
		zeros = 0; /* 0e99 is 0 */
	if (scale > DBW_DECIMAL_MAX_SCALE || zeros + (int64_t)m.count > DBW_DECIMAL_MAX_DIGITS)
		return DBW_INVALID;
	dbw__magnitude magnitude = { dbw__wide_of(0, m.first), negative };
	if (m.rest_count > 0) {
		const dbw__wide rest = dbw__wide_of(0, m.rest);
		dbw__wide_scale_up(&magnitude.digits, m.rest_count);
		dbw__wide_add(&magnitude.digits, &rest);
	}
	dbw__wide_scale_up(&magnitude.digits, (unsigned)zeros);
	return dbw__magnitude_join(&magnitude, (int32_t)scale, out);
}

/*
 * Writes the decimal digits of `number` so that they end before `end`, at least `least` of them. Returns the
 * start.
 */
static char *put_digits(uint64_t number, unsigned least, char *end)
{
	for (; number != 0 || least > 0; least -= least > 0) {
		*--end = (char)('0' + number % 10);
		number /= 10;
	}
	return end;
}

size_t dbw_decimal_print(dbw_decimal value, char out[DBW_DECIMAL_SIZE])
{
	out[0] = '\0';
	if (!dbw_decimal_is_valid(value))
		return 0;
	char digits[DBW_DECIMAL_SIZE];
	char *end = digits + sizeof digits, *start = end;
	const unsigned scale = (unsigned)value.scale;
	dbw__magnitude magnitude = dbw__magnitude_of(value);
	uint64_t high, low;
	while (dbw__wide_to_halves(&magnitude.digits, &high, &low) && high != 0)
		start = put_digits(dbw__wide_divide(&magnitude.digits, 1000000000u), 9, start);
	start = put_digits(low, 0, start);
	while ((size_t)(end - start) < scale + 1)
		*--start = '0';

	char *at = out;
	if (magnitude.negative)
		*at++ = '-';
	size_t whole = (size_t)(end - start) - scale;
	memcpy(at, start, whole);
	at += whole;
	if (scale > 0) {
		*at++ = '.';
		memcpy(at, start + whole, scale);
		at += scale;
	}
	*at = '\0';
	return (size_t)(at - out);
}

#include "dbwright/decimal.h"
#include "magnitude.h"
#include "value/coefficient.h"

#include <string.h>

/* 10^38, the first coefficient that is too large. */
#define LIMIT_HIGH UINT64_C(0x4b3b4ca85a86c47a)
#define LIMIT_LOW  UINT64_C(0x098a224000000000)

/* Ten to this power is still an int64_t. */
#define NARROW_PRECISION 18

static bool below_limit(uint64_t high, uint64_t low)
{
	return high < LIMIT_HIGH || (high == LIMIT_HIGH && low < LIMIT_LOW);
}

/* Two's complement negation of a 128-bit number. */
static void negate(uint64_t *high, uint64_t *low)
{
	*low = ~*low + 1;
	*high = ~*high + (*low == 0);
}

/* True when the coefficient is a 64-bit one, which is then `(int64_t)low`. */
static bool is_narrow(dbw_decimal value)
{
	return value.high == ((value.low >> 63) != 0 ? -1 : 0);
}

bool dbw_decimal_is_valid(dbw_decimal value)
{
	uint64_t high = (uint64_t)value.high, low = value.low;
	if (value.high < 0)
		negate(&high, &low);
	return dbw__scale_is_valid(value.scale) && below_limit(high, low);
}

dbw__magnitude dbw__magnitude_of(dbw_decimal value)
{
	uint64_t high = (uint64_t)value.high, low = value.low;
	if (value.high < 0)
		negate(&high, &low);
	dbw__magnitude magnitude = { dbw__wide_of(high, low), value.high < 0 };
	return magnitude;
}

dbw_status dbw__magnitude_join(const dbw__magnitude *magnitude, int32_t scale, dbw_decimal *out)
{
	uint64_t high, low;
	if (!dbw__scale_is_valid(scale) || !dbw__wide_to_halves(&magnitude->digits, &high, &low) ||
		!below_limit(high, low))
		return DBW_INVALID;
	if (magnitude->negative)
		negate(&high, &low);
	out->high = (int64_t)high;
	out->low = low;
	out->scale = scale;
	return DBW_OK;
}

/* The magnitude of a valid value at a scale that is not below its own. */
static dbw__magnitude aligned(dbw_decimal value, int32_t scale)
{
	dbw__magnitude magnitude = dbw__magnitude_of(value);
	dbw__wide_scale_up(&magnitude.digits, (unsigned)(scale - value.scale));
	return magnitude;
}

static int32_t larger_scale(dbw_decimal a, dbw_decimal b)
{
	return a.scale > b.scale ? a.scale : b.scale;
}

int dbw_decimal_compare(dbw_decimal a, dbw_decimal b)
{
	bool a_valid = dbw_decimal_is_valid(a), b_valid = dbw_decimal_is_valid(b);
	if (!a_valid || !b_valid)
		return (int)b_valid - (int)a_valid;
	if (a.scale == b.scale) {
		if (a.high != b.high)
			return a.high < b.high ? -1 : 1;
		return (a.low > b.low) - (a.low < b.low);
	}
	bool a_negative = a.high < 0, b_negative = b.high < 0;
	if (a_negative != b_negative)
		return a_negative ? -1 : 1;
	int32_t scale = larger_scale(a, b);
	dbw__magnitude x = aligned(a, scale), y = aligned(b, scale);
	int order = dbw__wide_compare(&x.digits, &y.digits);
	return a_negative ? -order : order;
}

/* a + b, or a - b where `minus`. */
static dbw_status sum(dbw_decimal a, dbw_decimal b, bool minus, dbw_decimal *out)
{
	memset(out, 0, sizeof *out);
	if (!dbw_decimal_is_valid(a) || !dbw_decimal_is_valid(b))
		return DBW_INVALID;
	int32_t scale = larger_scale(a, b);
	dbw__magnitude x = aligned(a, scale), y = aligned(b, scale);
	y.negative = y.negative != minus;
	if (x.negative == y.negative) {
		dbw__wide_add(&x.digits, &y.digits);
		return dbw__magnitude_join(&x, scale, out);
	}
	bool x_smaller = dbw__wide_compare(&x.digits, &y.digits) < 0;
	dbw__magnitude *larger = x_smaller ? &y : &x, *smaller = x_smaller ? &x : &y;
	dbw__wide_subtract(&larger->digits, &smaller->digits);
	return dbw__magnitude_join(larger, scale, out);
}

dbw_status dbw_decimal_add(dbw_decimal a, dbw_decimal b, dbw_decimal *out)
{
	return sum(a, b, false, out);
}

dbw_status dbw_decimal_subtract(dbw_decimal a, dbw_decimal b, dbw_decimal *out)
{
	return sum(a, b, true, out);
}

dbw_status dbw_decimal_multiply(dbw_decimal a, dbw_decimal b, dbw_decimal *out)
{
	memset(out, 0, sizeof *out);
	if (!dbw_decimal_is_valid(a) || !dbw_decimal_is_valid(b))
		return DBW_INVALID;
	dbw__magnitude x = dbw__magnitude_of(a), y = dbw__magnitude_of(b);
	dbw__magnitude product = { dbw__wide_product(&x.digits, &y.digits), x.negative != y.negative };
	return dbw__magnitude_join(&product, a.scale + b.scale, out);
}

/*
 * Whether a magnitude that was cut grows by one. `digit` is the first digit cut off, `more` tells of a digit
 * other than zero behind it. False in *allowed where the mode does not permit the cut, or is no mode.
 */
static bool rounds_away(
	dbw_rounding mode, const dbw__magnitude *cut, uint32_t digit, bool more, bool *allowed)
{
	bool inexact = digit != 0 || more;
	*allowed = true;
	switch (mode) {
	case DBW_ROUND_HALF_EVEN:
		return digit > 5 || (digit == 5 && (more || (cut->digits.limb[0] & 1) != 0));
	case DBW_ROUND_HALF_UP: return digit >= 5;
	case DBW_ROUND_DOWN: return false;
	case DBW_ROUND_UP: return inexact;
	case DBW_ROUND_FLOOR: return inexact && cut->negative;
	case DBW_ROUND_CEILING: return inexact && !cut->negative;
	case DBW_ROUND_EXACT: *allowed = !inexact; return false;
	}
	*allowed = false;
	return false;
}

dbw_status dbw_decimal_round(dbw_decimal value, int32_t scale, dbw_rounding mode, dbw_decimal *out)
{
	memset(out, 0, sizeof *out);
	if (!dbw_decimal_is_valid(value) || !dbw__scale_is_valid(scale))
		return DBW_INVALID;
	dbw__magnitude magnitude = dbw__magnitude_of(value);
	uint32_t digit = 0;
	bool more = false;
	if (scale < value.scale) {
		more = dbw__wide_scale_down(&magnitude.digits, (unsigned)(value.scale - scale - 1));
		digit = dbw__wide_divide(&magnitude.digits, 10);
	} else {
		dbw__wide_scale_up(&magnitude.digits, (unsigned)(scale - value.scale));
	}
	bool allowed;
	if (rounds_away(mode, &magnitude, digit, more, &allowed)) {
		const dbw__wide one = dbw__wide_of(0, 1);
		dbw__wide_add(&magnitude.digits, &one);
	}
	return allowed ? dbw__magnitude_join(&magnitude, scale, out) : DBW_INVALID;
}

dbw_status dbw_decimal_to_int(dbw_decimal value, int64_t *out)
{
	return dbw__decimal_to_scaled(value, 0, out);
}

dbw_status dbw__decimal_to_scaled(dbw_decimal value, int32_t scale, int64_t *out)
{
	*out = 0;
	dbw_decimal scaled = value;
	if (value.scale != scale || !dbw__scale_is_valid(scale)) {
		dbw_status status = dbw_decimal_round(value, scale, DBW_ROUND_EXACT, &scaled);
		if (status != DBW_OK)
			return status;
	}
	if (!is_narrow(scaled))
		return DBW_INVALID;
	*out = (int64_t)scaled.low;
	return DBW_OK;
}

/* dbw__decimal_fits() for what most columns hold: a coefficient of 64 bits, already at the column's scale. */
static bool narrow_fits(int64_t coefficient, int32_t precision)
{
	static const int64_t limits[NARROW_PRECISION + 1] = { 1, 10, 100, 1000, 10000, 100000, 1000000,
		10000000, 100000000, 1000000000, 10000000000, 100000000000, 1000000000000, 10000000000000,
		100000000000000, 1000000000000000, 10000000000000000, 100000000000000000,
		1000000000000000000 };
	const int64_t limit = limits[precision];

	return coefficient < limit && coefficient > -limit;
}

bool dbw__decimal_fits(dbw_decimal value, int32_t precision, int32_t scale)
{
	dbw_decimal scaled;
	if (precision < 1 || precision > DBW_DECIMAL_MAX_DIGITS || !dbw__scale_is_valid(scale))
		return false;
	if (precision <= NARROW_PRECISION && value.scale == scale && is_narrow(value))
		return narrow_fits((int64_t)value.low, precision);
	if (dbw_decimal_round(value, scale, DBW_ROUND_EXACT, &scaled) != DBW_OK)
		return false;
	dbw__magnitude magnitude = dbw__magnitude_of(scaled);
	dbw__wide limit = dbw__wide_of(0, 1);
	dbw__wide_scale_up(&limit, (unsigned)precision);
	return dbw__wide_compare(&magnitude.digits, &limit) < 0;
}

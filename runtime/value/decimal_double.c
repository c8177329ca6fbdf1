#include "dbwright/decimal.h"
#include "magnitude.h"

#include <float.h>
#include <string.h>

/* The bits of an IEEE 754 binary64 number. */
_Static_assert(sizeof(double) == sizeof(uint64_t) && DBL_MANT_DIG == 53 && DBL_MAX_EXP == 1024,
	"a double is an IEEE 754 binary64");

#define FRACTION_BITS   52
#define HIDDEN_BIT      (UINT64_C(1) << FRACTION_BITS)
#define EXPONENT_MASK   0x7ffu
#define EXPONENT_OFFSET 1075 /* of the exponent of the last bit of the mantissa */

/* 2^75 times a mantissa is over 10^38. */
#define MAX_EXPONENT 74

/* Below 2^-200 and above 0 nothing rounds to a decimal of 38 digits after the point. */
#define MAX_FRACTION_BITS 200

/*
 * The real numbers whose nearest double is the one in question, times a power of ten: those between below / 2^bits
 * and above / 2^bits. `middle` is the double itself. A mantissa that is even wins its ties, so the ends belong.
 */
typedef struct interval {
	dbw__wide below, middle, above;
	unsigned bits;
	bool ends_belong;
} interval;

static void interval_scale_up(interval *range, unsigned power)
{
	dbw__wide_scale_up(&range->below, power);
	dbw__wide_scale_up(&range->middle, power);
	dbw__wide_scale_up(&range->above, power);
}

/*
 * The integers inside. *unique tells whether there is just one. Returns false when there is none; else *nearest is the
 * one closest to the middle.
 */
static bool interval_integer(const interval *range, dbw__wide *nearest, bool *unique)
{
	const dbw__wide one = dbw__wide_of(0, 1);
	dbw__wide first = range->below, last = range->above;
	bool first_cut = dbw__wide_shift_down(&first, range->bits);
	if (first_cut || !range->ends_belong)
		dbw__wide_add(&first, &one);
	bool last_cut = dbw__wide_shift_down(&last, range->bits);
	if (!last_cut && !range->ends_belong) {
		if (dbw__wide_is_zero(&last))
			return false;
		dbw__wide_subtract(&last, &one);
	}
	int order = dbw__wide_compare(&first, &last);
	if (order > 0)
		return false;
	*unique = order == 0;

	/* Rounded by the bit behind the point: of two equally close ones this takes the larger, always the same. */
	*nearest = range->middle;
	(void)dbw__wide_shift_down(nearest, range->bits - 1);
	dbw__wide_add(nearest, &one);
	(void)dbw__wide_shift_down(nearest, 1);
	/* The interval reaches less far down than up where the mantissa is a power of two. */
	if (dbw__wide_compare(nearest, &first) < 0)
		*nearest = first;
	if (dbw__wide_compare(nearest, &last) > 0)
		*nearest = last;
	return true;
}

/* The magnitude, at `scale`, for mantissa * 2^exponent where the exponent is negative. False when there is none. */
static bool from_fraction(uint64_t mantissa, int exponent, bool is_lowest, int32_t scale, dbw__wide *out)
{
	/* In quarters of the last bit, so that half-way marks are integers, also the closer one below a power of two. */
	if (exponent < -MAX_FRACTION_BITS)
		return false;
	const interval unscaled = {
		dbw__wide_of(0, mantissa * 4 - (is_lowest ? 1 : 2)),
		dbw__wide_of(0, mantissa * 4),
		dbw__wide_of(0, mantissa * 4 + 2),
		(unsigned)(2 - exponent),
		(mantissa & 1) == 0,
	};
	interval range = unscaled;
	bool unique;
	interval_scale_up(&range, (unsigned)scale);
	if (!interval_integer(&range, out, &unique))
		return false;
	if (unique)
		return true;
	range = unscaled;
	for (int32_t digits = 0; digits < scale; digits++) {
		if (interval_integer(&range, out, &unique)) {
			dbw__wide_scale_up(out, (unsigned)(scale - digits));
			return true;
		}
		interval_scale_up(&range, 1);
	}
	return interval_integer(&range, out, &unique);
}

dbw_status dbw_decimal_from_double(double number, int32_t scale, dbw_decimal *out)
{
	memset(out, 0, sizeof *out);
	uint64_t bits;
	memcpy(&bits, &number, sizeof bits);
	unsigned biased = (unsigned)(bits >> FRACTION_BITS) & EXPONENT_MASK;
	uint64_t mantissa = bits & (HIDDEN_BIT - 1);
	bool is_lowest = mantissa == 0 && biased > 1;
	if (biased == EXPONENT_MASK || !dbw__scale_is_valid(scale))
		return DBW_INVALID;
	if (biased != 0)
		mantissa |= HIDDEN_BIT;
	int exponent = (int)(biased != 0 ? biased : 1) - EXPONENT_OFFSET;

	dbw__magnitude magnitude = { dbw__wide_of(0, mantissa), (bits >> 63) != 0 };
	if (mantissa != 0 && exponent >= 0) {
		if (exponent > MAX_EXPONENT)
			return DBW_INVALID;
		dbw__wide_shift_up(&magnitude.digits, (unsigned)exponent);
		/* At most 2^127 here, and 2^127 * 10^38 has 254 bits. */
		dbw__wide_scale_up(&magnitude.digits, (unsigned)scale);
	} else if (mantissa != 0 && !from_fraction(mantissa, exponent, is_lowest, scale, &magnitude.digits)) {
		return DBW_INVALID;
	}
	return dbw__magnitude_join(&magnitude, scale, out);
}

double dbw_decimal_to_double(dbw_decimal value)
{
	if (!dbw_decimal_is_valid(value))
		return 0.0;
	dbw__magnitude magnitude = dbw__magnitude_of(value);
	unsigned length = dbw__wide_bit_length(&magnitude.digits);
	if (length == 0)
		return 0.0;
	/* With its highest bit at 255 the quotient by 10^38 still has more than the 54 bits that rounding looks at. */
	int exponent = (int)length - DBW__WIDE_BITS;
	dbw__wide_shift_up(&magnitude.digits, DBW__WIDE_BITS - length);
	bool more = dbw__wide_scale_down(&magnitude.digits, (unsigned)value.scale);

	/* 53 bits and one more, which with what lies behind it decides the rounding. */
	unsigned cut = dbw__wide_bit_length(&magnitude.digits) - (FRACTION_BITS + 2);
	more |= dbw__wide_shift_down(&magnitude.digits, cut);
	exponent += (int)cut + 1;
	uint64_t high = 0, mantissa = 0;
	(void)dbw__wide_to_halves(&magnitude.digits, &high, &mantissa);
	bool half = (mantissa & 1) != 0;
	mantissa >>= 1;
	if (half && (more || (mantissa & 1) != 0))
		mantissa++;
	/* The mantissa's highest bit adds one to the exponent field, as does a carry out of the rounding. */
	uint64_t bits = ((uint64_t)(exponent + EXPONENT_OFFSET - 1) << FRACTION_BITS) + mantissa;
	bits |= (uint64_t)magnitude.negative << 63;
	double number;
	memcpy(&number, &bits, sizeof number);
	return number;
}

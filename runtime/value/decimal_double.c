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

/* From 2^54 on, doubles lie so far apart that each stands for several integers. */
#define MAX_EXPONENT 1

/* Below 2^-147 and above 0 nothing rounds to a decimal of 38 digits after the point. */
#define MIN_EXPONENT (-200)

/*
 * The real numbers whose nearest double is the one in question, times a power of ten: those between below /
 * 2^bits and above / 2^bits. A mantissa that is even wins its ties, so then the ends belong.
 */
typedef struct interval {
	dbw__wide below, above;
	unsigned bits;
	bool ends_belong;
} interval;

/* How many integers are inside. */
typedef enum found { NONE, ONE, SEVERAL } found;

static void interval_scale_up(interval *range, unsigned power)
{
	dbw__wide_scale_up(&range->below, power);
	dbw__wide_scale_up(&range->above, power);
}

/* The integers inside; *first is the smallest, if there is one. */
static found interval_integers(const interval *range, dbw__wide *first)
{
	const dbw__wide one = dbw__wide_of(0, 1);
	*first = range->below;
	bool cut = dbw__wide_shift_down(first, range->bits);
	if (cut || !range->ends_belong)
		dbw__wide_add(first, &one);
	dbw__wide last = range->above;
	cut = dbw__wide_shift_down(&last, range->bits);
	if (!cut && !range->ends_belong)
		dbw__wide_subtract(&last, &one); /* above / 2^bits is an integer, and not 0 */
	int order = dbw__wide_compare(first, &last);
	return order > 0 ? NONE : order == 0 ? ONE : SEVERAL;
}

/*
 * The magnitude, at `scale`, that mantissa * 2^exponent stands for. False when there is none, or no single
 * one.
 */
static bool from_binary(uint64_t mantissa, int exponent, bool is_lowest, int32_t scale, dbw__wide *out)
{
	if (exponent > MAX_EXPONENT || exponent < MIN_EXPONENT)
		return false;
	/*
	 * In quarters of the last bit, so that half-way marks are integers, also the closer one below a power
	 * of two.
	 */
	interval range = {
		dbw__wide_of(0, mantissa * 4 - (is_lowest ? 1 : 2)),
		dbw__wide_of(0, mantissa * 4 + 2),
		(unsigned)(2 - exponent),
		(mantissa & 1) == 0,
	};
	interval finest = range;
	interval_scale_up(&finest, (unsigned)scale);
	found inside = interval_integers(&finest, out);
	/* Of several, the one with the fewest digits after the point is meant. */
	for (int32_t digits = 0; inside == SEVERAL && digits < scale; digits++) {
		found shorter = interval_integers(&range, out);
		if (shorter == ONE)
			dbw__wide_scale_up(out, (unsigned)(scale - digits));
		if (shorter != NONE)
			return shorter == ONE;
		interval_scale_up(&range, 1);
	}
	return inside == ONE;
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

	dbw__magnitude magnitude = { dbw__wide_of(0, 0), (bits >> 63) != 0 };
	if (mantissa != 0 && !from_binary(mantissa, exponent, is_lowest, scale, &magnitude.digits))
		return DBW_INVALID;
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
	/*
	 * With its highest bit at 255 the quotient by 10^38 still has more than the 54 bits that rounding
	 * looks at.
	 */
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

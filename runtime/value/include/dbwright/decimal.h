/**
 * Exact decimal numbers: up to 38 digits, up to 38 of them after the point. No binary floating point is
 * involved except in the two functions that say so in their names.
 */
#ifndef DBWRIGHT_DECIMAL_H
#define DBWRIGHT_DECIMAL_H

#include "dbwright/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

DBW_BEGIN_DECLS

/** Most digits a decimal can have, before and after the point together. */
#define DBW_DECIMAL_MAX_DIGITS 38

/** Most digits after the point. */
#define DBW_DECIMAL_MAX_SCALE 38

/** Bytes for the longest text of dbw_decimal_print(), its end mark included. */
#define DBW_DECIMAL_SIZE 42

/**
 * The number `coefficient * 10^-scale`. The coefficient is the 128-bit two's complement number whose halves
 * are `high` and `low`; it has at most 38 digits, and scale is 0 to 38. All bytes zero is the number 0. There
 * is no negative zero. Make one with the functions below; a struct filled in by hand that breaks these bounds
 * is not a decimal (see dbw_decimal_is_valid()), and every function refuses it.
 */
typedef struct dbw_decimal {
	int64_t high;
	uint64_t low;
	int32_t scale; /**< Digits after the point. */
} dbw_decimal;

/**
 * Braces that initialise a dbw_decimal with `coefficient * 10^-scale`, also in a static initialiser or inside
 * the braces of a larger struct: `{ .balance = DBW_DECIMAL_INIT(1050, 2) }` is 10.50. The coefficient is a
 * constant of type int64_t or narrower; it is evaluated twice.
 */
#define DBW_DECIMAL_INIT(coefficient, scale)                                            \
	{                                                                               \
		((coefficient) < 0) ? -1 : 0, (uint64_t)(int64_t)(coefficient), (scale) \
	}

/** How dbw_decimal_round() treats digits that it cuts off. */
typedef enum dbw_rounding {
	DBW_ROUND_EXACT,     /**< Only zeros may be cut off; anything else is DBW_INVALID. */
	DBW_ROUND_HALF_EVEN, /**< To the nearest; a tie goes to the even neighbour (2.5 -> 2, 3.5 -> 4). */
	DBW_ROUND_HALF_UP,   /**< To the nearest; a tie goes away from zero (2.5 -> 3, -2.5 -> -3). */
	DBW_ROUND_DOWN,      /**< Towards zero: the digits are dropped. */
	DBW_ROUND_UP,        /**< Away from zero. */
	DBW_ROUND_FLOOR,     /**< Towards minus infinity. */
	DBW_ROUND_CEILING    /**< Towards plus infinity. */
} dbw_rounding;

/**
 * The number `coefficient * 10^-scale`: dbw_decimal_of(1050, 2) is 10.50. A scale outside 0 to 38 gives a
 * struct that is not a decimal, which whatever it is handed to refuses.
 */
static inline dbw_decimal dbw_decimal_of(int64_t coefficient, int32_t scale)
{
	dbw_decimal value;
	value.high = coefficient < 0 ? -1 : 0;
	value.low = (uint64_t)coefficient;
	value.scale = scale;
	return value;
}

/** The whole number `number`, with scale 0. */
static inline dbw_decimal dbw_decimal_from_int(int64_t number)
{
	return dbw_decimal_of(number, 0);
}

/** True when the struct keeps the bounds of a decimal: scale 0 to 38 and at most 38 digits. */
DBW_API bool dbw_decimal_is_valid(dbw_decimal value);

/**
 * Reads a number from `length` bytes of text, which need no end mark: an optional sign, digits with an
 * optional point among, before or after them, and an optional exponent ("-12.50", ".5", "1.5e3"). Nothing
 * else may be there, not even a space, and the locale has no say. The scale is the number of digits written
 * after the point, less the exponent, and not less than 0: "1.50" has scale 2, "1.5e3" scale 0, "5e-3" scale
 * 3. Leading zeros are free.
 * \return DBW_OK; DBW_INVALID when the text is no such number, needs more than 38 digits, or a scale over 38.
 */
DBW_NODISCARD DBW_API dbw_status dbw_decimal_parse(const char *text, size_t length, dbw_decimal *out);

/**
 * Writes the number with exactly `value.scale` digits after the point ("-0.50"), ended by a zero byte.
 * \return the length without the zero byte; 0, with an empty text, only for a struct that is not a decimal.
 */
DBW_API size_t dbw_decimal_print(dbw_decimal value, char out[DBW_DECIMAL_SIZE]);

/**
 * Compares two numbers by value, whatever their scales: 1.0 equals 1.00. A struct that is not a decimal comes
 * after every decimal, so that a sort stays a sort.
 * \return -1, 0 or 1 for a < b, a equal to b, a > b.
 */
DBW_API int dbw_decimal_compare(dbw_decimal a, dbw_decimal b);

/**
 * The exact sum, with the larger of the two scales.
 * \return DBW_OK; DBW_INVALID when the sum needs more than 38 digits at that scale, or an operand is no
 * decimal.
 */
DBW_NODISCARD DBW_API dbw_status dbw_decimal_add(dbw_decimal a, dbw_decimal b, dbw_decimal *out);

/** The exact difference a - b, with the larger of the two scales. Errors as dbw_decimal_add(). */
DBW_NODISCARD DBW_API dbw_status dbw_decimal_subtract(dbw_decimal a, dbw_decimal b, dbw_decimal *out);

/**
 * The exact product, with the sum of the two scales.
 * \return DBW_OK; DBW_INVALID when that scale is over 38 or the product needs more than 38 digits (round an
 * operand first), or when an operand is no decimal.
 */
DBW_NODISCARD DBW_API dbw_status dbw_decimal_multiply(dbw_decimal a, dbw_decimal b, dbw_decimal *out);

/**
 * The number with exactly `scale` digits after the point: digits are cut off as `mode` says, or zeros are
 * appended.
 * \param scale 0 to 38.
 * \return DBW_OK; DBW_INVALID when the result needs more than 38 digits, when DBW_ROUND_EXACT would lose
 * something, or when an argument is outside its bounds.
 */
DBW_NODISCARD DBW_API dbw_status dbw_decimal_round(
	dbw_decimal value, int32_t scale, dbw_rounding mode, dbw_decimal *out);

/**
 * The number as an integer: 12.00 gives 12.
 * \return DBW_OK; DBW_INVALID when it is not a whole number or does not fit 64 bits.
 */
DBW_NODISCARD DBW_API dbw_status dbw_decimal_to_int(dbw_decimal value, int64_t *out);

/**
 * The decimal of `scale` digits after the point that `number` stands for, checked: it succeeds only when some
 * decimal of that scale has exactly this double as its nearest double. 0.99 is 0.99 at scale 2; 0.005 at
 * scale 2 and 0.1 + 0.2 at scale 2 are refused, because 0.30 has another double. Where several decimals share
 * the double, the one with the fewest digits after the point is meant, so that 0.1 at scale 20 is 0.1
 * followed by zeros; where even that is not a single one, the double does not tell them apart and is refused.
 * So every decimal of up to 15 digits is converted, and nothing of 2^54 or more.
 * \param scale 0 to 38.
 * \return DBW_OK; DBW_INVALID when there is no such decimal or no single one, when it needs more than 38
 * digits, for infinities and NaN, or for a scale outside its bounds.
 */
DBW_NODISCARD DBW_API dbw_status dbw_decimal_from_double(double number, int32_t scale, dbw_decimal *out);

/**
 * The double nearest to the number (of two equally near, the even one). A struct that is not a decimal gives
 * 0.
 */
DBW_API double dbw_decimal_to_double(dbw_decimal value);

DBW_END_DECLS
#endif

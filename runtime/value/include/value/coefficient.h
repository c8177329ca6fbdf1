/** Decimals as columns hold them: scaled 64-bit integers, and the bounds of decimal(precision, scale). */
#ifndef DBWRIGHT_VALUE_COEFFICIENT_H
#define DBWRIGHT_VALUE_COEFFICIENT_H

#include "dbwright/decimal.h"

DBW_BEGIN_DECLS

/**
 * The integer `value * 10^scale`, the form in which a decimal of up to 18 digits is stored where the engine
 * has no exact decimals. dbw_decimal_of(*out, scale) is the way back.
 * \param scale 0 to 38.
 * \return DBW_OK; DBW_INVALID when digits would be lost, the integer does not fit 64 bits, or an argument is
 * outside its bounds.
 */
DBW_NODISCARD dbw_status dbw__decimal_to_scaled(dbw_decimal value, int32_t scale, int64_t *out);

/**
 * True when the value is exactly one of decimal(precision, scale): nothing but zeros beyond `scale` digits
 * after the point, and at most `precision` digits in all. False for bounds that make no such type (precision
 * 1 to 38, scale 0 to 38).
 */
bool dbw__decimal_fits(dbw_decimal value, int32_t precision, int32_t scale);

DBW_END_DECLS
#endif

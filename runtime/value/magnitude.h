/** A decimal's coefficient as sign and magnitude, the form arithmetic is done in. */
#ifndef DBWRIGHT_VALUE_MAGNITUDE_H
#define DBWRIGHT_VALUE_MAGNITUDE_H

#include "dbwright/decimal.h"
#include "wide.h"

typedef struct dbw__magnitude {
	dbw__wide digits;
	bool negative; /**< Means nothing when digits is 0. */
} dbw__magnitude;

/** Takes the coefficient of `value` apart. */
dbw__magnitude dbw__magnitude_of(dbw_decimal value);

/**
 * Puts a decimal together; *out is written only on success.
 * \return DBW_OK; DBW_INVALID when there are more than 38 digits or the scale is not 0 to 38.
 */
DBW_NODISCARD dbw_status dbw__magnitude_join(
	const dbw__magnitude *magnitude, int32_t scale, dbw_decimal *out);

/** True for a scale of 0 to 38. */
static inline bool dbw__scale_is_valid(int32_t scale)
{
	return scale >= 0 && scale <= DBW_DECIMAL_MAX_SCALE;
}

#endif

/**
 * Readers for the fixed-width texts that the print functions of dbwright/time.h write, for columns that store
 * times as text: one form only, read without a loop. They check everything, since a stored text may be
 * anything.
 */
#ifndef DBWRIGHT_VALUE_FIXED_H
#define DBWRIGHT_VALUE_FIXED_H

#include "dbwright/time.h"

/** Lengths of the fixed forms, without an end mark. */
#define DBW__TIMESTAMP_LENGTH (DBW_TIMESTAMP_SIZE - 1)
#define DBW__DATE_LENGTH      (DBW_DATE_SIZE - 1)
#define DBW__TIME_LENGTH      (DBW_TIME_SIZE - 1)

DBW_BEGIN_DECLS

/**
 * Reads "2024-01-31T23:59:59.123456Z" from the 27 bytes at `text`, which need no end mark.
 * \return DBW_OK; DBW_INVALID for any other text and for a day that does not exist.
 */
DBW_NODISCARD dbw_status dbw__timestamp_parse_fixed(const char *text, dbw_timestamp *out);

/** Reads "2024-01-31" from the 10 bytes at `text`. Errors as dbw__timestamp_parse_fixed(). */
DBW_NODISCARD dbw_status dbw__date_parse_fixed(const char *text, dbw_date *out);

/** Reads "23:59:59.123456" from the 15 bytes at `text`. Errors as dbw__timestamp_parse_fixed(). */
DBW_NODISCARD dbw_status dbw__time_parse_fixed(const char *text, dbw_time *out);

DBW_END_DECLS
#endif

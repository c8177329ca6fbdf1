/** The Gregorian calendar: days since 1970-01-01 to year, month, day and back. */
#ifndef DBWRIGHT_VALUE_CIVIL_H
#define DBWRIGHT_VALUE_CIVIL_H

#include "dbwright/time.h"

#define DBW__US_PER_SECOND INT64_C(1000000)
#define DBW__US_PER_MINUTE (60 * DBW__US_PER_SECOND)
#define DBW__US_PER_HOUR   (60 * DBW__US_PER_MINUTE)
#define DBW__US_PER_DAY    (24 * DBW__US_PER_HOUR)

/**
 * The day of a date of the years 1 to 9999.
 * \return false, with *days left alone, when there is no such date.
 */
bool dbw__civil_to_days(int year, int month, int day, int32_t *days);

/** The year, month and day of a valid day; writes no other field. */
void dbw__civil_from_days(int32_t days, dbw_civil *out);

/** The hour, minute, second and microsecond of a valid time of day; writes no other field. */
void dbw__civil_from_time(int64_t us, dbw_civil *out);

/** The day that a valid point in time falls on, and the microseconds since that day's midnight. */
int32_t dbw__civil_day_of(int64_t us, int64_t *since_midnight);

#endif

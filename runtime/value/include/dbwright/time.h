/**
 * Points in time, dates and times of day, each a struct of one integer so that none fits where another is
 * meant. Times are UTC in the Gregorian calendar, extended back to year 1; a day has 86,400 seconds, and leap
 * seconds do not exist. Values of one type compare as their integers do.
 */
#ifndef DBWRIGHT_TIME_H
#define DBWRIGHT_TIME_H

#include "dbwright/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

DBW_BEGIN_DECLS

/** A point in time: microseconds since 1970-01-01 00:00:00 UTC. */
typedef struct dbw_timestamp {
	int64_t us;
} dbw_timestamp;

/** A day: days since 1970-01-01. */
typedef struct dbw_date {
	int32_t days;
} dbw_date;

/** A time of day: microseconds since midnight. */
typedef struct dbw_time {
	int64_t us;
} dbw_time;

/** The first and last microsecond of years 0001 to 9999. */
#define DBW_TIMESTAMP_MIN INT64_C(-62135596800000000)
#define DBW_TIMESTAMP_MAX INT64_C(253402300799999999)

/** 0001-01-01 and 9999-12-31. */
#define DBW_DATE_MIN INT32_C(-719162)
#define DBW_DATE_MAX INT32_C(2932896)

/** 00:00:00 and 23:59:59.999999. */
#define DBW_TIME_MIN INT64_C(0)
#define DBW_TIME_MAX INT64_C(86399999999)

/** The numbers that mark a value nobody has set; no time has them. */
#define DBW_TIMESTAMP_UNSET INT64_MIN
#define DBW_DATE_UNSET      INT32_MIN
#define DBW_TIME_UNSET      INT64_MIN

/** Braces that initialise a value as unset. */
#define DBW_TIMESTAMP_UNSET_INIT    \
	{                           \
		DBW_TIMESTAMP_UNSET \
	}
#define DBW_DATE_UNSET_INIT    \
	{                      \
		DBW_DATE_UNSET \
	}
#define DBW_TIME_UNSET_INIT    \
	{                      \
		DBW_TIME_UNSET \
	}

/** Bytes for a printed value, its end mark included. */
#define DBW_TIMESTAMP_SIZE 28
#define DBW_DATE_SIZE      11
#define DBW_TIME_SIZE      16

/** A point in time, a day or a time of day taken apart. */
typedef struct dbw_civil {
	int32_t year;        /**< 1 to 9999. */
	int32_t month;       /**< 1 to 12. */
	int32_t day;         /**< 1 to 31. */
	int32_t hour;        /**< 0 to 23. */
	int32_t minute;      /**< 0 to 59. */
	int32_t second;      /**< 0 to 59. */
	int32_t microsecond; /**< 0 to 999999. */
} dbw_civil;

/** True for the mark that nobody has set the value. */
static inline bool dbw_timestamp_is_unset(dbw_timestamp timestamp)
{
	return timestamp.us == DBW_TIMESTAMP_UNSET;
}

/** True for the mark that nobody has set the value. */
static inline bool dbw_date_is_unset(dbw_date date)
{
	return date.days == DBW_DATE_UNSET;
}

/** True for the mark that nobody has set the value. */
static inline bool dbw_time_is_unset(dbw_time time)
{
	return time.us == DBW_TIME_UNSET;
}

/** True for a point in time of the years 0001 to 9999. */
static inline bool dbw_timestamp_is_valid(dbw_timestamp timestamp)
{
	return timestamp.us >= DBW_TIMESTAMP_MIN && timestamp.us <= DBW_TIMESTAMP_MAX;
}

/** True for a day of the years 0001 to 9999. */
static inline bool dbw_date_is_valid(dbw_date date)
{
	return date.days >= DBW_DATE_MIN && date.days <= DBW_DATE_MAX;
}

/** True for a time from midnight to the last microsecond before the next. */
static inline bool dbw_time_is_valid(dbw_time time)
{
	return time.us >= DBW_TIME_MIN && time.us <= DBW_TIME_MAX;
}

/**
 * The present time by the system's clock. Unset if the clock cannot be read or is outside the years 0001 to
 * 9999.
 */
DBW_API dbw_timestamp dbw_timestamp_now(void);

/** The present day in UTC by the system's clock. Unset as dbw_timestamp_now(). */
DBW_API dbw_date dbw_date_today(void);

/**
 * The point in time of the given UTC fields, whose ranges are those of dbw_civil.
 * \return DBW_OK; DBW_INVALID for a field outside its range or a day that its month does not have.
 */
DBW_NODISCARD DBW_API dbw_status dbw_timestamp_of(
	int year, int month, int day, int hour, int minute, int second, int microsecond, dbw_timestamp *out);

/** The day of the given fields. Errors as dbw_timestamp_of(). */
DBW_NODISCARD DBW_API dbw_status dbw_date_of(int year, int month, int day, dbw_date *out);

/** The time of day of the given fields. Errors as dbw_timestamp_of(). */
DBW_NODISCARD DBW_API dbw_status dbw_time_of(
	int hour, int minute, int second, int microsecond, dbw_time *out);

/**
 * Takes a point in time apart, in UTC.
 * \return DBW_OK; DBW_INVALID when it is unset or outside the years 0001 to 9999.
 */
DBW_NODISCARD DBW_API dbw_status dbw_timestamp_split(dbw_timestamp timestamp, dbw_civil *out);

/** Takes a day apart; the fields of the time of day are 0. Errors as dbw_timestamp_split(). */
DBW_NODISCARD DBW_API dbw_status dbw_date_split(dbw_date date, dbw_civil *out);

/**
 * Takes a time of day apart; the fields of the day are 0.
 * \return DBW_OK; DBW_INVALID when it is unset or outside one day.
 */
DBW_NODISCARD DBW_API dbw_status dbw_time_split(dbw_time time, dbw_civil *out);

/**
 * The point in time `us` microseconds later; earlier where `us` is negative.
 * \return DBW_OK; DBW_INVALID when `timestamp` or the result is outside the years 0001 to 9999.
 */
DBW_NODISCARD DBW_API dbw_status dbw_timestamp_add(dbw_timestamp timestamp, int64_t us, dbw_timestamp *out);

/**
 * Reads an ISO 8601 point in time from `length` bytes of text, which need no end mark: the date "2024-01-31",
 * a 'T' or one space, the time "23:59:59" with nothing or a point and 1 to 6 digits behind it, and nothing
 * (which means UTC), 'Z', or an offset "+05:30", "-08". The result is in UTC. Nothing else is accepted: no
 * second 60, no hour 24, no impossible day, no text before or after.
 * \return DBW_OK; DBW_INVALID for any other text, or when the point in time is outside the years 0001 to
 * 9999.
 */
DBW_NODISCARD DBW_API dbw_status dbw_timestamp_parse(const char *text, size_t length, dbw_timestamp *out);

/**
 * Reads a day, "2024-01-31", from `length` bytes of text.
 * \return DBW_OK; DBW_INVALID for any other text or a day that does not exist.
 */
DBW_NODISCARD DBW_API dbw_status dbw_date_parse(const char *text, size_t length, dbw_date *out);

/**
 * Reads a time of day from `length` bytes of text: "23:59:59", with nothing or a point and 1 to 6 digits
 * behind it.
 * \return DBW_OK; DBW_INVALID for any other text.
 */
DBW_NODISCARD DBW_API dbw_status dbw_time_parse(const char *text, size_t length, dbw_time *out);

/**
 * Writes "2024-01-31T23:59:59.123456Z", always in this width, so that texts sort as times do; ended by a zero
 * byte.
 * \return 27; or 0, with an empty text, when the value is unset or outside the years 0001 to 9999.
 */
DBW_API size_t dbw_timestamp_print(dbw_timestamp timestamp, char out[DBW_TIMESTAMP_SIZE]);

/**
 * Writes "2024-01-31", ended by a zero byte. Returns 10; or 0, with an empty text, for what is not a valid
 * day.
 */
DBW_API size_t dbw_date_print(dbw_date date, char out[DBW_DATE_SIZE]);

/**
 * Writes "23:59:59.123456", ended by a zero byte. Returns 15; or 0, with an empty text, for what is not
 * valid.
 */
DBW_API size_t dbw_time_print(dbw_time time, char out[DBW_TIME_SIZE]);

DBW_END_DECLS
#endif

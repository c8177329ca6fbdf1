#include "dbwright/time.h"
#include "civil.h"

#include <string.h>
#include <time.h>

static const dbw_timestamp unset_timestamp = DBW_TIMESTAMP_UNSET_INIT;
static const dbw_date unset_date = DBW_DATE_UNSET_INIT;
static const dbw_time unset_time = DBW_TIME_UNSET_INIT;

dbw_timestamp dbw_timestamp_now(void)
{
	struct timespec now;
	if (clock_gettime(CLOCK_REALTIME, &now) != 0)
		return unset_timestamp;
	/* Checked before the multiplication, which this keeps inside 64 bits. */
	int64_t seconds = now.tv_sec;
	if (seconds < DBW_TIMESTAMP_MIN / DBW__US_PER_SECOND ||
		seconds > DBW_TIMESTAMP_MAX / DBW__US_PER_SECOND)
		return unset_timestamp;
	dbw_timestamp timestamp = { seconds * DBW__US_PER_SECOND + now.tv_nsec / 1000 };
	return timestamp;
}

dbw_date dbw_date_today(void)
{
	dbw_timestamp now = dbw_timestamp_now();
	if (dbw_timestamp_is_unset(now))
		return unset_date;
	int64_t since_midnight;
	dbw_date today = { dbw__civil_day_of(now.us, &since_midnight) };
	return today;
}

dbw_status dbw_timestamp_of(
	int year, int month, int day, int hour, int minute, int second, int microsecond, dbw_timestamp *out)
{
	dbw_date date;
	dbw_time time;
	*out = unset_timestamp;
	if (dbw_date_of(year, month, day, &date) != DBW_OK ||
		dbw_time_of(hour, minute, second, microsecond, &time) != DBW_OK)
		return DBW_INVALID;
	out->us = date.days * DBW__US_PER_DAY + time.us;
	return DBW_OK;
}

dbw_status dbw_date_of(int year, int month, int day, dbw_date *out)
{
	*out = unset_date;
	return dbw__civil_to_days(year, month, day, &out->days) ? DBW_OK : DBW_INVALID;
}

dbw_status dbw_time_of(int hour, int minute, int second, int microsecond, dbw_time *out)
{
	*out = unset_time;
	if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59 ||
		microsecond < 0 || microsecond > 999999)
		return DBW_INVALID;
	out->us = hour * DBW__US_PER_HOUR + minute * DBW__US_PER_MINUTE + second * DBW__US_PER_SECOND +
		  microsecond;
	return DBW_OK;
}

dbw_status dbw_timestamp_split(dbw_timestamp timestamp, dbw_civil *out)
{
	memset(out, 0, sizeof *out);
	if (!dbw_timestamp_is_valid(timestamp))
		return DBW_INVALID;
	int64_t since_midnight;
	dbw__civil_from_days(dbw__civil_day_of(timestamp.us, &since_midnight), out);
	dbw__civil_from_time(since_midnight, out);
	return DBW_OK;
}

dbw_status dbw_date_split(dbw_date date, dbw_civil *out)
{
	memset(out, 0, sizeof *out);
	if (!dbw_date_is_valid(date))
		return DBW_INVALID;
	dbw__civil_from_days(date.days, out);
	return DBW_OK;
}

dbw_status dbw_time_split(dbw_time time, dbw_civil *out)
{
	memset(out, 0, sizeof *out);
	if (!dbw_time_is_valid(time))
		return DBW_INVALID;
	dbw__civil_from_time(time.us, out);
	return DBW_OK;
}

dbw_status dbw_timestamp_add(dbw_timestamp timestamp, int64_t us, dbw_timestamp *out)
{
	*out = unset_timestamp;
	if (!dbw_timestamp_is_valid(timestamp) || (us > 0 && timestamp.us > DBW_TIMESTAMP_MAX - us) ||
		(us < 0 && us < DBW_TIMESTAMP_MIN - timestamp.us))
		return DBW_INVALID;
	out->us = timestamp.us + us;
	return DBW_OK;
}

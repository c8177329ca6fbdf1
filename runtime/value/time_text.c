#include "civil.h"
#include "dbwright/time.h"
#include "value/fixed.h"

#include <string.h>

/* Length of "23:59:59". */
#define CLOCK_LENGTH 8

#define MAX_FRACTION_DIGITS 6

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* The value of two digits, or -1. */
static int two_digits(const char *text)
{
	return is_digit(text[0]) && is_digit(text[1]) ? (text[0] - '0') * 10 + (text[1] - '0') : -1;
}

/* Reads a time of day from the start of the text; *used is how much of it that took. */
static bool take_time(const char *text, size_t length, size_t *used, dbw_time *out)
{
	if (length < CLOCK_LENGTH)
		return false;
	char fixed[DBW__TIME_LENGTH];
	memcpy(fixed, "00:00:00.000000", sizeof fixed);
	memcpy(fixed, text, CLOCK_LENGTH);
	size_t at = CLOCK_LENGTH;
	if (at < length && text[at] == '.') {
		at++;
		while (at < length && at < sizeof fixed && is_digit(text[at])) {
			fixed[at] = text[at];
			at++;
		}
		if (at == CLOCK_LENGTH + 1)
			return false;
	}
	*used = at;
	return dbw__time_parse_fixed(fixed, out) == DBW_OK;
}

/* Reads what stands behind the time: nothing, "Z", "+05:30", "-08". *offset is microseconds east of UTC. */
static bool read_zone(const char *text, size_t length, int64_t *offset)
{
	*offset = 0;
	if (length == 0 || (length == 1 && text[0] == 'Z'))
		return true;
	if ((length != 3 && length != 6) || (text[0] != '+' && text[0] != '-'))
		return false;
	int hours = two_digits(text + 1), minutes = 0;
	if (length == 6)
		minutes = text[3] == ':' ? two_digits(text + 4) : -1;
	if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59)
		return false;
	*offset = hours * DBW__US_PER_HOUR + minutes * DBW__US_PER_MINUTE;
	if (text[0] == '-')
		*offset = -*offset;
	return true;
}

dbw_status dbw_timestamp_parse(const char *text, size_t length, dbw_timestamp *out)
{
	dbw_date date;
	dbw_time time;
	size_t used;
	int64_t offset;
	out->us = DBW_TIMESTAMP_UNSET;
	if (!text || length < DBW__DATE_LENGTH + 1 + CLOCK_LENGTH)
		return DBW_INVALID;
	const char separator = text[DBW__DATE_LENGTH];
	if ((separator != 'T' && separator != ' ') || dbw__date_parse_fixed(text, &date) != DBW_OK)
		return DBW_INVALID;
	text += DBW__DATE_LENGTH + 1;
	length -= DBW__DATE_LENGTH + 1;
	if (!take_time(text, length, &used, &time) || !read_zone(text + used, length - used, &offset))
		return DBW_INVALID;
	dbw_timestamp timestamp = { date.days * DBW__US_PER_DAY + time.us - offset };
	if (!dbw_timestamp_is_valid(timestamp))
		return DBW_INVALID;
	*out = timestamp;
	return DBW_OK;
}

dbw_status dbw_date_parse(const char *text, size_t length, dbw_date *out)
{
	out->days = DBW_DATE_UNSET;
	return text && length == DBW__DATE_LENGTH ? dbw__date_parse_fixed(text, out) : DBW_INVALID;
}

dbw_status dbw_time_parse(const char *text, size_t length, dbw_time *out)
{
	dbw_time time;
	size_t used;
	out->us = DBW_TIME_UNSET;
	if (!text || !take_time(text, length, &used, &time) || used != length)
		return DBW_INVALID;
	*out = time;
	return DBW_OK;
}

/* Writes `number` in exactly two digits. Returns where to go on. */
static char *put_two(char *at, int32_t number)
{
	at[0] = (char)('0' + number / 10);
	at[1] = (char)('0' + number % 10);
	return at + 2;
}

static char *put_date(char *at, const dbw_civil *civil)
{
	at = put_two(at, civil->year / 100);
	at = put_two(at, civil->year % 100);
	*at++ = '-';
	at = put_two(at, civil->month);
	*at++ = '-';
	return put_two(at, civil->day);
}

static char *put_time(char *at, const dbw_civil *civil)
{
	at = put_two(at, civil->hour);
	*at++ = ':';
	at = put_two(at, civil->minute);
	*at++ = ':';
	at = put_two(at, civil->second);
	*at++ = '.';
	at = put_two(at, civil->microsecond / 10000);
	at = put_two(at, civil->microsecond / 100 % 100);
	return put_two(at, civil->microsecond % 100);
}

size_t dbw_timestamp_print(dbw_timestamp timestamp, char out[DBW_TIMESTAMP_SIZE])
{
	dbw_civil civil;
	out[0] = '\0';
	if (dbw_timestamp_split(timestamp, &civil) != DBW_OK)
		return 0;
	char *at = put_date(out, &civil);
	*at++ = 'T';
	at = put_time(at, &civil);
	*at++ = 'Z';
	*at = '\0';
	return DBW__TIMESTAMP_LENGTH;
}

size_t dbw_date_print(dbw_date date, char out[DBW_DATE_SIZE])
{
	dbw_civil civil;
	out[0] = '\0';
	if (dbw_date_split(date, &civil) != DBW_OK)
		return 0;
	*put_date(out, &civil) = '\0';
	return DBW__DATE_LENGTH;
}

size_t dbw_time_print(dbw_time time, char out[DBW_TIME_SIZE])
{
	dbw_civil civil;
	out[0] = '\0';
	if (dbw_time_split(time, &civil) != DBW_OK)
		return 0;
	*put_time(out, &civil) = '\0';
	return DBW__TIME_LENGTH;
}

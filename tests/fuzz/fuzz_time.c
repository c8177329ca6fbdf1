/*
 * Times: texts of any bytes, and any integers. What is read prints to a text that is read as the same; the C library's
 * calendar is the second opinion.
 */
#include "fuzz.h"

#include <dbwright/time.h>
#include <value/fixed.h>

#include <string.h>
#include <time.h>

static const int64_t second = 1000000;

static int number_at(const char *text, size_t digits)
{
	int number = 0;

	for (size_t i = 0; i < digits; i++) {
		FUZZ_CHECK(text[i] >= '0' && text[i] <= '9');
		number = 10 * number + text[i] - '0';
	}
	return number;
}

/* The microseconds that "23:59:59.5" stands for; *used is its length. */
static int64_t clock_at(const char *text, size_t length, size_t *used)
{
	int64_t unit = second, us;

	FUZZ_CHECK(length >= 8 && text[2] == ':' && text[5] == ':');
	us = (number_at(text, 2) * 3600 + number_at(text + 3, 2) * 60 + number_at(text + 6, 2)) * second;
	*used = 8;
	if (length > 8 && text[8] == '.')
		for (*used = 9; *used < length && text[*used] >= '0' && text[*used] <= '9'; ++*used)
			us += (text[*used] - '0') * (unit /= 10);
	return us;
}

static int64_t days_at(const char *text, size_t length)
{
	struct tm fields = { 0 };

	FUZZ_CHECK(length >= 10 && text[4] == '-' && text[7] == '-');
	fields.tm_year = number_at(text, 4) - 1900;
	fields.tm_mon = number_at(text + 5, 2) - 1;
	fields.tm_mday = number_at(text + 8, 2);
	return (int64_t)timegm(&fields) / 86400;
}

/* What a text that was accepted means, by other means. */
static int64_t timestamp_at(const char *text, size_t length)
{
	size_t used;
	int64_t us = days_at(text, length) * 86400 * second + clock_at(text + 11, length - 11, &used);
	const char *rest = text + 11 + used;
	int64_t offset = 0;

	FUZZ_CHECK(text[10] == 'T' || text[10] == ' ');
	length -= 11 + used;
	if (length == 0 || (length == 1 && *rest == 'Z'))
		return us;
	FUZZ_CHECK((*rest == '+' || *rest == '-') && (length == 3 || (length == 6 && rest[3] == ':')));
	offset = number_at(rest + 1, 2) * 3600;
	if (length == 6)
		offset += number_at(rest + 4, 2) * 60;
	return *rest == '-' ? us + offset * second : us - offset * second;
}

static void check_timestamp(dbw_timestamp timestamp)
{
	char text[DBW_TIMESTAMP_SIZE];
	const size_t length = dbw_timestamp_print(timestamp, text);
	const bool valid = dbw_timestamp_is_valid(timestamp);
	dbw_timestamp again;
	dbw_civil civil;
	struct tm fields;
	time_t seconds;

	FUZZ_CHECK(length == (valid ? 27U : 0U) && strlen(text) == length);
	FUZZ_CHECK((dbw_timestamp_split(timestamp, &civil) == DBW_OK) == valid);
	if (!valid)
		return;
	FUZZ_CHECK(dbw_timestamp_parse(text, length, &again) == DBW_OK && again.us == timestamp.us);
	FUZZ_CHECK(dbw__timestamp_parse_fixed(text, &again) == DBW_OK && again.us == timestamp.us);
	FUZZ_CHECK(dbw_timestamp_of(civil.year, civil.month, civil.day, civil.hour, civil.minute,
			   civil.second, civil.microsecond, &again) == DBW_OK &&
		   again.us == timestamp.us);
	seconds = (time_t)(timestamp.us / second - (timestamp.us % second < 0));
	FUZZ_CHECK(gmtime_r(&seconds, &fields) != NULL);
	FUZZ_CHECK(civil.year == fields.tm_year + 1900 && civil.month == fields.tm_mon + 1 &&
		   civil.day == fields.tm_mday && civil.hour == fields.tm_hour &&
		   civil.minute == fields.tm_min && civil.second == fields.tm_sec &&
		   civil.microsecond == timestamp.us - (int64_t)seconds * second);
}

static void check_date(dbw_date date)
{
	char text[DBW_DATE_SIZE];
	const size_t length = dbw_date_print(date, text);
	dbw_date again;
	dbw_civil civil;

	FUZZ_CHECK(length == (dbw_date_is_valid(date) ? 10U : 0U) && strlen(text) == length);
	if (length == 0) {
		FUZZ_CHECK(dbw_date_split(date, &civil) == DBW_INVALID);
		return;
	}
	FUZZ_CHECK(days_at(text, length) == date.days);
	FUZZ_CHECK(dbw_date_parse(text, length, &again) == DBW_OK && again.days == date.days);
	FUZZ_CHECK(dbw__date_parse_fixed(text, &again) == DBW_OK && again.days == date.days);
	FUZZ_CHECK(dbw_date_split(date, &civil) == DBW_OK);
	FUZZ_CHECK(
		dbw_date_of(civil.year, civil.month, civil.day, &again) == DBW_OK && again.days == date.days);
}

static void check_time(dbw_time time)
{
	char text[DBW_TIME_SIZE];
	const size_t length = dbw_time_print(time, text);
	dbw_time again;
	dbw_civil civil;
	size_t used;

	FUZZ_CHECK(length == (dbw_time_is_valid(time) ? 15U : 0U) && strlen(text) == length);
	if (length == 0) {
		FUZZ_CHECK(dbw_time_split(time, &civil) == DBW_INVALID);
		return;
	}
	FUZZ_CHECK(clock_at(text, length, &used) == time.us && used == length);
	FUZZ_CHECK(dbw_time_parse(text, length, &again) == DBW_OK && again.us == time.us);
	FUZZ_CHECK(dbw__time_parse_fixed(text, &again) == DBW_OK && again.us == time.us);
	FUZZ_CHECK(dbw_time_split(time, &civil) == DBW_OK);
	FUZZ_CHECK(dbw_time_of(civil.hour, civil.minute, civil.second, civil.microsecond, &again) == DBW_OK &&
		   again.us == time.us);
}

static void check_text(const char *text, size_t length)
{
	dbw_timestamp timestamp, fixed_timestamp;
	dbw_date date, fixed_date;
	dbw_time time, fixed_time;
	const bool is_timestamp = dbw_timestamp_parse(text, length, &timestamp) == DBW_OK;
	const bool is_date = dbw_date_parse(text, length, &date) == DBW_OK;
	const bool is_time = dbw_time_parse(text, length, &time) == DBW_OK;
	size_t used;

	if (is_timestamp) {
		FUZZ_CHECK(dbw_timestamp_is_valid(timestamp) && timestamp.us == timestamp_at(text, length));
		check_timestamp(timestamp);
	}
	if (is_date) {
		FUZZ_CHECK(length == 10 && dbw_date_is_valid(date) && date.days == days_at(text, length));
		check_date(date);
	}
	if (is_time) {
		FUZZ_CHECK(dbw_time_is_valid(time) && time.us == clock_at(text, length, &used));
		FUZZ_CHECK(used == length);
		check_time(time);
	}
	/* The readers of stored texts take a part of what the others take. */
	if (length == DBW__TIMESTAMP_LENGTH && dbw__timestamp_parse_fixed(text, &fixed_timestamp) == DBW_OK)
		FUZZ_CHECK(is_timestamp && fixed_timestamp.us == timestamp.us);
	if (length == DBW__DATE_LENGTH)
		FUZZ_CHECK((dbw__date_parse_fixed(text, &fixed_date) == DBW_OK) == is_date);
	if (length == DBW__TIME_LENGTH)
		FUZZ_CHECK((dbw__time_parse_fixed(text, &fixed_time) == DBW_OK) == is_time);
}

static void check_numbers(fuzz_bytes *bytes)
{
	const dbw_timestamp timestamp = { fuzz_take_number(bytes) };
	const dbw_date date = { (int32_t)fuzz_take_number(bytes) };
	const dbw_time time = { fuzz_take_number(bytes) };
	const int64_t more = fuzz_take_number(bytes);
	dbw_timestamp sum;
	const dbw_status status = dbw_timestamp_add(timestamp, more, &sum);
	dbw_timestamp back;

	check_timestamp(timestamp);
	check_date(date);
	check_time(time);
	FUZZ_CHECK(status == DBW_OK || status == DBW_INVALID);
	if (status != DBW_OK)
		return;
	FUZZ_CHECK(dbw_timestamp_is_valid(timestamp) && dbw_timestamp_is_valid(sum));
	FUZZ_CHECK(sum.us == timestamp.us + more);
	if (more != INT64_MIN)
		FUZZ_CHECK(dbw_timestamp_add(sum, -more, &back) == DBW_OK && back.us == timestamp.us);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_bytes bytes = { data, size };

	check_text((const char *)data, size);
	check_numbers(&bytes);
	return 0;
}

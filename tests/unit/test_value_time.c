/*
 * dbwright/time.h and value/fixed.h: the calendar against a day-by-day count, texts against the C library's.
 */
#include "dbwright/time.h"
#include "value/fixed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#define DAY_US INT64_C(86400000000)

static uint64_t state = UINT64_C(0x2545f4914f6cdd1d);

static uint64_t random_bits(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

static int days_of_month(int year, int month)
{
	if (month == 2)
		return year % 400 == 0 || (year % 4 == 0 && year % 100 != 0) ? 29 : 28;
	return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

static void assert_timestamp(const char *text, int64_t us)
{
	dbw_timestamp timestamp;
	if (dbw_timestamp_parse(text, strlen(text), &timestamp) != DBW_OK)
		fail_msg("\"%s\" is not read", text);
	if (timestamp.us != us)
		fail_msg("\"%s\" gives %lld and not %lld", text, (long long)timestamp.us, (long long)us);
}

static void time__known_points(void **unused)
{
	static const struct {
		const char *text;
		int64_t us;
	} cases[] = {
		{ "1970-01-01T00:00:00.000000Z", 0 },
		{ "1969-12-31T23:59:59.999999Z", -1 },
		{ "2000-02-29T12:34:56.789012Z", INT64_C(951827696789012) },
		{ "2024-01-31T23:59:59.123456Z", INT64_C(1706745599123456) },
		{ "2038-01-19T03:14:08.000000Z", INT64_C(2147483648000000) },
		{ "0001-01-01T00:00:00.000000Z", DBW_TIMESTAMP_MIN },
		{ "9999-12-31T23:59:59.999999Z", DBW_TIMESTAMP_MAX },
	};
	(void)unused;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		dbw_timestamp timestamp = { cases[i].us }, fixed;
		char text[DBW_TIMESTAMP_SIZE];
		assert_timestamp(cases[i].text, cases[i].us);
		assert_int_equal(dbw__timestamp_parse_fixed(cases[i].text, &fixed), DBW_OK);
		assert_true(fixed.us == cases[i].us);
		assert_int_equal(dbw_timestamp_print(timestamp, text), 27);
		assert_string_equal(text, cases[i].text);
	}
}

static void time__reads_the_forms_it_promises(void **unused)
{
	const int64_t noon = INT64_C(1706702400000000); /* 2024-01-31T12:00:00Z */
	(void)unused;
	assert_timestamp("2024-01-31T12:00:00", noon);
	assert_timestamp("2024-01-31 12:00:00", noon);
	assert_timestamp("2024-01-31 12:00:00Z", noon);
	assert_timestamp("2024-01-31T12:00:00.5", noon + 500000);
	assert_timestamp("2024-01-31T12:00:00.05Z", noon + 50000);
	assert_timestamp("2024-01-31 12:00:00.123+00", noon + 123000);
	assert_timestamp("2024-01-31 12:00:00.000001", noon + 1);
	assert_timestamp("2024-01-31T17:30:00+05:30", noon);
	assert_timestamp("2024-01-31T04:00:00-08", noon);
	assert_timestamp("2024-01-31T04:00:00.25-08:00", noon + 250000);
	assert_timestamp("2024-02-01T01:00:00+13:00", noon);
	assert_timestamp("2024-01-31T12:00:00-00:00", noon);
	assert_timestamp("2024-02-29T00:30:00+23:59", INT64_C(1709080260000000));
	assert_timestamp("0001-01-01T01:00:00+01", DBW_TIMESTAMP_MIN);
	assert_timestamp("9999-12-31T22:59:59.999999-01:00", DBW_TIMESTAMP_MAX);
}

static void time__refuses_other_timestamps(void **unused)
{
	static const char *const cases[] = { "", "2024-01-31", "2024-01-31T", "2024-01-31T12:00",
		"2024-01-31T12:00:0", "2024-01-31t12:00:00", "2024-01-31T12:00:00z", "2024-01-31  12:00:00",
		"2024-01-31T12:00:00 ", " 2024-01-31T12:00:00", "2024-01-31T12:00:00.",
		"2024-01-31T12:00:00.Z", "2024-01-31T12:00:00.1234567", "2024-01-31T12:00:00.1234567Z",
		"2024-01-31T12:00:00,5", "2024-01-31T12:00:60", "2024-01-31T12:60:00", "2024-01-31T24:00:00",
		"2024-01-32T12:00:00", "2024-00-10T12:00:00", "2024-13-10T12:00:00", "2024-01-00T12:00:00",
		"2023-02-29T12:00:00", "1900-02-29T12:00:00", "2024-04-31T12:00:00", "0000-01-01T00:00:00",
		"2024-1-31T12:00:00", "24-01-31T12:00:00", "+2024-01-31T12:00:00", "12024-01-31T12:00:00",
		"2024/01/31T12:00:00", "2024-01-31T12.00.00", "2024-01-31T12:00:00+", "2024-01-31T12:00:00+5",
		"2024-01-31T12:00:00+0530", "2024-01-31T12:00:00+05:3", "2024-01-31T12:00:00+05:60",
		"2024-01-31T12:00:00+24:00", "2024-01-31T12:00:00+05:30Z", "2024-01-31T12:00:00ZZ",
		"2024-01-31T12:00:00Z+00", "2024-01-31T12:00:00+05-30", "2024-01-31T12:00:00 Z",
		"2024-01-31T12:00:00+05:30:00", "2024-01-31T12:00:00 UTC", "0001-01-01T00:00:00+00:01",
		"9999-12-31T23:59:59-00:01", "9999-12-31T23:59:59.999999-23:59", "infinity", "now" };
	(void)unused;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		dbw_timestamp timestamp = { 5 };
		if (dbw_timestamp_parse(cases[i], strlen(cases[i]), &timestamp) != DBW_INVALID)
			fail_msg("\"%s\" is read", cases[i]);
		assert_true(dbw_timestamp_is_unset(timestamp));
	}
	dbw_timestamp timestamp;
	assert_int_equal(dbw_timestamp_parse(NULL, 0, &timestamp), DBW_INVALID);
	assert_int_equal(dbw_timestamp_parse("2024-01-31T12:00:00\0", 20, &timestamp), DBW_INVALID);
}

static void time__reads_only_the_length_given(void **unused)
{
	dbw_timestamp timestamp;
	char *exact = malloc(19);
	(void)unused;
	assert_non_null(exact);
	memcpy(exact, "2024-01-31T12:00:00", 19);
	assert_int_equal(dbw_timestamp_parse(exact, 19, &timestamp), DBW_OK);
	for (size_t length = 0; length < 19; length++)
		assert_int_equal(dbw_timestamp_parse(exact, length, &timestamp), DBW_INVALID);
	free(exact);

	char *fixed = malloc(27);
	assert_non_null(fixed);
	memcpy(fixed, "2024-01-31T12:00:00.000000Z", 27);
	assert_int_equal(dbw__timestamp_parse_fixed(fixed, &timestamp), DBW_OK);
	assert_true(timestamp.us == INT64_C(1706702400000000));
	free(fixed);
}

/* In every place of a fixed text, every byte is tried: the right kind is read, all others are refused. */
static void time__fixed_forms_check_every_byte(void **unused)
{
	static const char good[] = "1111-11-11T11:11:11.111111Z";
	char text[sizeof good];
	memcpy(text, good, sizeof good);
	(void)unused;
	for (size_t i = 0; i < sizeof good - 1; i++) {
		for (int c = 0; c < 256; c++) {
			text[i] = (char)c;
			bool digit = c >= '0' && c <= '9';
			bool fits = good[i] == '1' ? digit : text[i] == good[i];
			if (i == 5) /* month 31 and so on */
				fits = c == '0' || c == '1';
			if (i == 8 || i == 11)
				fits = c >= '0' && c <= (i == 8 ? '2' : '2');
			if (i == 6)
				fits = c >= '0' && c <= '2';
			if (i == 14 || i == 17)
				fits = c >= '0' && c <= '5';
			dbw_timestamp timestamp;
			dbw_date date;
			dbw_time time;
			if ((dbw__timestamp_parse_fixed(text, &timestamp) == DBW_OK) != fits)
				fail_msg("byte %d in place %zu is taken wrongly", c, i);
			assert_int_equal(timestamp.us != DBW_TIMESTAMP_UNSET, fits);
			assert_int_equal(dbw_timestamp_parse(text, 27, &timestamp) == DBW_OK,
				fits || (i == 10 && c == ' '));
			assert_int_equal(dbw__date_parse_fixed(text, &date) == DBW_OK, i > 9 || fits);
			assert_int_equal(date.days != DBW_DATE_UNSET, i > 9 || fits);
			assert_int_equal(
				dbw__time_parse_fixed(text + 11, &time) == DBW_OK, i < 11 || i == 26 || fits);
			assert_int_equal(time.us != DBW_TIME_UNSET, i < 11 || i == 26 || fits);
		}
		text[i] = good[i];
	}
}

static void time__every_day_there_is(void **unused)
{
	int32_t days = DBW_DATE_MIN;
	(void)unused;
	for (int year = 1; year <= 9999; year++) {
		for (int month = 1; month <= 12; month++) {
			for (int day = 1; day <= days_of_month(year, month); day++, days++) {
				dbw_date date, read;
				dbw_civil civil;
				char text[DBW_DATE_SIZE];
				if (dbw_date_of(year, month, day, &date) != DBW_OK || date.days != days ||
					dbw_date_split(date, &civil) != DBW_OK || civil.year != year ||
					civil.month != month || civil.day != day ||
					dbw_date_print(date, text) != 10 ||
					dbw_date_parse(text, 10, &read) != DBW_OK || read.days != days)
					fail_msg("%d-%d-%d is not day %d", year, month, day, (int)days);
			}
			dbw_date none;
			assert_int_equal(
				dbw_date_of(year, month, days_of_month(year, month) + 1, &none), DBW_INVALID);
			assert_true(dbw_date_is_unset(none));
		}
	}
	assert_int_equal(days, DBW_DATE_MAX + 1);
}

static void time__random_points_agree_with_the_library(void **unused)
{
	(void)unused;
	for (int i = 0; i < 50000; i++) {
		uint64_t span = (uint64_t)(DBW_TIMESTAMP_MAX - DBW_TIMESTAMP_MIN) + 1;
		dbw_timestamp timestamp = { DBW_TIMESTAMP_MIN + (int64_t)(random_bits() % span) }, read;
		int64_t micro = timestamp.us % 1000000;
		if (micro < 0)
			micro += 1000000;
		time_t seconds = (time_t)((timestamp.us - micro) / 1000000);
		struct tm parts;
		assert_non_null(gmtime_r(&seconds, &parts));
		char expected[80], text[DBW_TIMESTAMP_SIZE];
		(void)snprintf(expected, sizeof expected, "%04d-%02d-%02dT%02d:%02d:%02d.%06dZ",
			parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min,
			parts.tm_sec, (int)micro);
		assert_int_equal(dbw_timestamp_print(timestamp, text), 27);
		assert_string_equal(text, expected);
		assert_int_equal(dbw__timestamp_parse_fixed(text, &read), DBW_OK);
		assert_true(read.us == timestamp.us);
		assert_int_equal(dbw_timestamp_parse(text, 27, &read), DBW_OK);
		assert_true(read.us == timestamp.us);

		dbw_civil civil;
		assert_int_equal(dbw_timestamp_split(timestamp, &civil), DBW_OK);
		assert_int_equal(dbw_timestamp_of(civil.year, civil.month, civil.day, civil.hour,
					 civil.minute, civil.second, civil.microsecond, &read),
			DBW_OK);
		assert_true(read.us == timestamp.us);
	}
}

static void time__texts_sort_as_times(void **unused)
{
	(void)unused;
	for (int i = 0; i < 20000; i++) {
		dbw_timestamp a = { (int64_t)(random_bits() % UINT64_C(253402300799999999)) };
		dbw_timestamp b = { a.us + (int64_t)(random_bits() % 3) - 1 };
		if (i % 2 == 0)
			b.us = -(int64_t)(random_bits() % UINT64_C(62135596800000000));
		char a_text[DBW_TIMESTAMP_SIZE], b_text[DBW_TIMESTAMP_SIZE];
		(void)dbw_timestamp_print(a, a_text);
		(void)dbw_timestamp_print(b, b_text);
		int by_text = strcmp(a_text, b_text);
		assert_int_equal((by_text > 0) - (by_text < 0), (a.us > b.us) - (a.us < b.us));
	}
}

static void time__times_of_day(void **unused)
{
	static const struct {
		const char *text;
		int64_t us; /* -1 for a text that is refused */
	} cases[] = {
		{ "00:00:00", 0 },
		{ "00:00:00.000001", 1 },
		{ "23:59:59.999999", DBW_TIME_MAX },
		{ "12:34:56.7", INT64_C(45296700000) },
		{ "12:34:56.", -1 },
		{ "12:34", -1 },
		{ "24:00:00", -1 },
		{ "23:60:00", -1 },
		{ "23:59:60", -1 },
		{ "12:34:56.1234567", -1 },
		{ "12:34:56Z", -1 },
		{ "12:34:56+00", -1 },
		{ "12:34:56 ", -1 },
		{ " 12:34:56", -1 },
		{ "1:34:56", -1 },
		{ "-1:34:56", -1 },
		{ "", -1 },
	};
	dbw_time time;
	dbw_civil civil;
	char text[DBW_TIME_SIZE];
	(void)unused;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		dbw_status status = dbw_time_parse(cases[i].text, strlen(cases[i].text), &time);
		if (status != (cases[i].us < 0 ? DBW_INVALID : DBW_OK) ||
			time.us != (cases[i].us < 0 ? DBW_TIME_UNSET : cases[i].us))
			fail_msg("\"%s\" gives %d, %lld", cases[i].text, (int)status, (long long)time.us);
	}
	assert_int_equal(dbw_time_parse(NULL, 0, &time), DBW_INVALID);
	assert_int_equal(dbw_time_of(23, 59, 59, 999999, &time), DBW_OK);
	assert_true(time.us == DBW_TIME_MAX);
	assert_int_equal(dbw_time_split(time, &civil), DBW_OK);
	assert_true(
		civil.hour == 23 && civil.minute == 59 && civil.second == 59 && civil.microsecond == 999999);
	assert_true(civil.year == 0 && civil.month == 0 && civil.day == 0);
	assert_int_equal(dbw_time_print(time, text), 15);
	assert_string_equal(text, "23:59:59.999999");
	for (int i = 0; i < 20000; i++) {
		dbw_time random = { (int64_t)(random_bits() % (uint64_t)DAY_US) };
		assert_int_equal(dbw_time_print(random, text), 15);
		assert_int_equal(dbw__time_parse_fixed(text, &time), DBW_OK);
		assert_true(time.us == random.us);
		assert_int_equal(dbw_time_parse(text, 15, &time), DBW_OK);
		assert_true(time.us == random.us);
	}
}

static void time__fields_outside_their_ranges(void **unused)
{
	static const int cases[][7] = { { 0, 1, 1, 0, 0, 0, 0 }, { 10000, 1, 1, 0, 0, 0, 0 },
		{ -1, 1, 1, 0, 0, 0, 0 }, { 2024, 0, 1, 0, 0, 0, 0 }, { 2024, 13, 1, 0, 0, 0, 0 },
		{ 2024, 1, 0, 0, 0, 0, 0 }, { 2024, 1, 32, 0, 0, 0, 0 }, { 2023, 2, 29, 0, 0, 0, 0 },
		{ 2024, 1, 1, 24, 0, 0, 0 }, { 2024, 1, 1, -1, 0, 0, 0 }, { 2024, 1, 1, 0, 60, 0, 0 },
		{ 2024, 1, 1, 0, -1, 0, 0 }, { 2024, 1, 1, 0, 0, 60, 0 }, { 2024, 1, 1, 0, 0, -1, 0 },
		{ 2024, 1, 1, 0, 0, 0, 1000000 }, { 2024, 1, 1, 0, 0, 0, -1 },
		{ INT32_MAX, INT32_MAX, INT32_MAX, 0, 0, 0, 0 },
		{ INT32_MIN, INT32_MIN, INT32_MIN, 0, 0, 0, 0 } };
	(void)unused;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const int *c = cases[i];
		dbw_timestamp timestamp = { 5 };
		assert_int_equal(
			dbw_timestamp_of(c[0], c[1], c[2], c[3], c[4], c[5], c[6], &timestamp), DBW_INVALID);
		assert_true(dbw_timestamp_is_unset(timestamp));
	}
}

static void time__values_outside_their_ranges(void **unused)
{
	static const int64_t timestamps[] = { INT64_MIN, DBW_TIMESTAMP_MIN - 1, DBW_TIMESTAMP_MAX + 1,
		INT64_MAX };
	static const int32_t dates[] = { INT32_MIN, DBW_DATE_MIN - 1, DBW_DATE_MAX + 1, INT32_MAX };
	static const int64_t times[] = { INT64_MIN, -1, DBW_TIME_MAX + 1, INT64_MAX };
	dbw_civil civil;
	char text[DBW_TIMESTAMP_SIZE];
	(void)unused;
	for (size_t i = 0; i < 4; i++) {
		const dbw_timestamp timestamp = { timestamps[i] };
		const dbw_date date = { dates[i] };
		const dbw_time time = { times[i] };
		dbw_timestamp sum;
		assert_false(dbw_timestamp_is_valid(timestamp));
		assert_int_equal(dbw_timestamp_split(timestamp, &civil), DBW_INVALID);
		assert_int_equal(dbw_timestamp_print(timestamp, text), 0);
		assert_string_equal(text, "");
		assert_int_equal(dbw_timestamp_add(timestamp, 0, &sum), DBW_INVALID);
		assert_false(dbw_date_is_valid(date));
		assert_int_equal(dbw_date_split(date, &civil), DBW_INVALID);
		assert_int_equal(dbw_date_print(date, text), 0);
		assert_string_equal(text, "");
		assert_false(dbw_time_is_valid(time));
		assert_int_equal(dbw_time_split(time, &civil), DBW_INVALID);
		assert_int_equal(dbw_time_print(time, text), 0);
		assert_string_equal(text, "");
	}
}

static void time__adds_within_the_calendar(void **unused)
{
	const dbw_timestamp first = { DBW_TIMESTAMP_MIN }, last = { DBW_TIMESTAMP_MAX }, epoch = { 0 };
	dbw_timestamp sum;
	(void)unused;
	assert_int_equal(dbw_timestamp_add(epoch, -DAY_US, &sum), DBW_OK);
	assert_true(sum.us == -DAY_US);
	assert_int_equal(dbw_timestamp_add(first, DBW_TIMESTAMP_MAX - DBW_TIMESTAMP_MIN, &sum), DBW_OK);
	assert_true(sum.us == DBW_TIMESTAMP_MAX);
	assert_int_equal(dbw_timestamp_add(last, DBW_TIMESTAMP_MIN - DBW_TIMESTAMP_MAX, &sum), DBW_OK);
	assert_true(sum.us == DBW_TIMESTAMP_MIN);
	assert_int_equal(dbw_timestamp_add(last, 1, &sum), DBW_INVALID);
	assert_true(dbw_timestamp_is_unset(sum));
	assert_int_equal(dbw_timestamp_add(first, -1, &sum), DBW_INVALID);
	assert_int_equal(dbw_timestamp_add(first, INT64_MAX, &sum), DBW_INVALID);
	assert_int_equal(dbw_timestamp_add(last, INT64_MAX, &sum), DBW_INVALID);
	assert_int_equal(dbw_timestamp_add(last, INT64_MIN, &sum), DBW_INVALID);
	assert_int_equal(dbw_timestamp_add(first, INT64_MIN, &sum), DBW_INVALID);
}

static void time__now_is_now(void **unused)
{
	struct timespec before, after;
	(void)unused;
	assert_int_equal(clock_gettime(CLOCK_REALTIME, &before), 0);
	dbw_timestamp now = dbw_timestamp_now();
	dbw_date today = dbw_date_today();
	assert_int_equal(clock_gettime(CLOCK_REALTIME, &after), 0);
	assert_true(now.us >= (int64_t)before.tv_sec * 1000000 + before.tv_nsec / 1000);
	assert_true(now.us <= (int64_t)after.tv_sec * 1000000 + after.tv_nsec / 1000);
	assert_true(today.days >= before.tv_sec / 86400 && today.days <= after.tv_sec / 86400);
}

static void time__unset_marks(void **unused)
{
	static const struct {
		dbw_timestamp timestamp;
		dbw_date date;
		dbw_time time;
	} row = { DBW_TIMESTAMP_UNSET_INIT, DBW_DATE_UNSET_INIT, DBW_TIME_UNSET_INIT };
	const dbw_timestamp epoch = { 0 };
	const dbw_date first_day = { 0 };
	const dbw_time midnight = { 0 };
	(void)unused;
	assert_true(dbw_timestamp_is_unset(row.timestamp));
	assert_true(dbw_date_is_unset(row.date));
	assert_true(dbw_time_is_unset(row.time));
	assert_false(dbw_timestamp_is_unset(epoch));
	assert_false(dbw_date_is_unset(first_day));
	assert_false(dbw_time_is_unset(midnight));
	assert_true(
		dbw_timestamp_is_valid(epoch) && dbw_date_is_valid(first_day) && dbw_time_is_valid(midnight));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(time__known_points),
		cmocka_unit_test(time__reads_the_forms_it_promises),
		cmocka_unit_test(time__refuses_other_timestamps),
		cmocka_unit_test(time__reads_only_the_length_given),
		cmocka_unit_test(time__fixed_forms_check_every_byte),
		cmocka_unit_test(time__every_day_there_is),
		cmocka_unit_test(time__random_points_agree_with_the_library),
		cmocka_unit_test(time__texts_sort_as_times),
		cmocka_unit_test(time__times_of_day),
		cmocka_unit_test(time__fields_outside_their_ranges),
		cmocka_unit_test(time__values_outside_their_ranges),
		cmocka_unit_test(time__adds_within_the_calendar),
		cmocka_unit_test(time__now_is_now),
		cmocka_unit_test(time__unset_marks),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

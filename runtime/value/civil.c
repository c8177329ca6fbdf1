#include "civil.h"

/* Days of 400, 100 and 4 years of the calendar, and from 0000-03-01 to 1970-01-01. */
#define DAYS_PER_400_YEARS 146097
#define DAYS_PER_4_YEARS   1461
#define DAYS_TO_EPOCH      719468

static bool is_leap_year(int year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

bool dbw__civil_to_days(int year, int month, int day, int32_t *days)
{
	static const uint8_t lengths[12] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	static const int16_t before[12] = { 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334 };
	if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1)
		return false;
	bool leap = is_leap_year(year);
	if (day > lengths[month - 1] + (month == 2 && leap))
		return false;
	int past = year - 1;
	*days = DBW_DATE_MIN + past * 365 + past / 4 - past / 100 + past / 400 + before[month - 1] +
		(month > 2 && leap) + day - 1;
	return true;
}

void dbw__civil_from_days(int32_t days, dbw_civil *out)
{
	/*
	 * Years that begin in March end with the leap day, so each step below divides by a length that is
	 * constant.
	 */
	int32_t day = days + DAYS_TO_EPOCH;
	int32_t century = (4 * day + 3) / DAYS_PER_400_YEARS;
	int32_t in_century = day - DAYS_PER_400_YEARS * century / 4;
	int32_t year = (4 * in_century + 3) / DAYS_PER_4_YEARS;
	int32_t in_year = in_century - DAYS_PER_4_YEARS * year / 4;
	int32_t month = (5 * in_year + 2) / 153; /* five months from March or August have 153 days */
	bool next_year = month >= 10;
	out->year = century * 100 + year + next_year;
	out->month = next_year ? month - 9 : month + 3;
	out->day = in_year - (153 * month + 2) / 5 + 1;
}

void dbw__civil_from_time(int64_t us, dbw_civil *out)
{
	int32_t seconds = (int32_t)(us / DBW__US_PER_SECOND);
	out->microsecond = (int32_t)(us % DBW__US_PER_SECOND);
	out->hour = seconds / 3600;
	out->minute = seconds / 60 % 60;
	out->second = seconds % 60;
}

int32_t dbw__civil_day_of(int64_t us, int64_t *since_midnight)
{
	int64_t day = us / DBW__US_PER_DAY, rest = us % DBW__US_PER_DAY;
	if (rest < 0) {
		day--;
		rest += DBW__US_PER_DAY;
	}
	*since_midnight = rest;
	return (int32_t)day;
}

/*
 * numeric as PostgreSQL sends it (src/backend/utils/adt/numeric.c, numeric_send): how many digits there are, the power
 * of 10,000 of the first, the sign, how many decimal places are shown, then the digits to base 10,000, all of 16 bits.
 */
#include "connection.h"

#include <string.h>

enum { HEADER_SIZE = 8, GROUP = 4, BASE = 10000, POSITIVE = 0x0000, NEGATIVE = 0x4000 };

/* 38 decimal digits, wherever the point is, are at most 11 digits to base 10,000. */
enum { DIGIT_LIMIT = 11 };

static size_t write_digits(char *out, const uint16_t *digits, int count, int weight, bool negative, int scale)
{
	/* Zeros at the ends are not sent, and zero itself has no digit. */
	while (count > 0 && digits[0] == 0) {
		digits++;
		count--;
		weight--;
	}
	while (count > 0 && digits[count - 1] == 0)
		count--;
	if (count == 0) {
		weight = 0;
		negative = false;
	}
	write_16(out, (uint16_t)count);
	write_16(out + 2, (uint16_t)weight);
	write_16(out + 4, negative ? NEGATIVE : POSITIVE);
	write_16(out + 6, (uint16_t)scale);
	for (int i = 0; i < count; i++)
		write_16(out + HEADER_SIZE + 2 * i, digits[i]);
	return (size_t)(HEADER_SIZE + 2 * count);
}

size_t dbw__postgresql_numeric_write_short(int64_t number, int32_t scale, char out[NUMERIC_SHORT_SIZE])
{
	enum { LIMIT = 6 };
	uint64_t rest = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
	char digits[2 * 2 * LIMIT] = { 0 };
	char *first = digits + 2 * LIMIT;
	int power = -((scale + GROUP - 1) / GROUP); /* Of the digit that comes next, the last one first. */
	unsigned digit = 0;

	/* What does not fill the last digit behind the point is filled with zeros. */
	switch (scale % GROUP) {
	case 1:
		digit = (unsigned)(rest % 10) * 1000;
		rest /= 10;
		break;
	case 2:
		digit = (unsigned)(rest % 100) * 100;
		rest /= 100;
		break;
	case 3:
		digit = (unsigned)(rest % 1000) * 10;
		rest /= 1000;
		break;
	default:
		digit = (unsigned)(rest % BASE);
		rest /= BASE;
		break;
	}
	/* Zeros at the end are not sent, and zero itself has no digit. */
	while (digit == 0 && rest != 0) {
		digit = (unsigned)(rest % BASE);
		rest /= BASE;
		power++;
	}
	if (digit == 0) {
		write_64(out, (uint64_t)scale);
		return HEADER_SIZE;
	}
	for (;;) {
		first -= 2;
		write_16(first, (uint16_t)digit);
		if (rest == 0)
			break;
		digit = (unsigned)(rest % BASE);
		rest /= BASE;
		power++;
	}
	const size_t count = (size_t)(digits + 2 * LIMIT - first) / 2;

	write_64(out, (uint64_t)count << 48 | (uint64_t)(uint16_t)power << 32 |
			      (uint64_t)(number < 0 ? NEGATIVE : POSITIVE) << 16 | (uint64_t)scale);
	/* All that there may be: to copy what is there alone would take longer. */
	memcpy(out + HEADER_SIZE, first, 2 * LIMIT);
	return HEADER_SIZE + 2 * count;
}

static size_t write_long(char *out, dbw_decimal decimal)
{
	char text[DBW_DECIMAL_SIZE];
	const size_t length = dbw_decimal_print(decimal, text);
	const bool negative = text[0] == '-';
	const char *point = strchr(text, '.');
	const char *digit = text + negative;
	const int before = (int)((point == NULL ? text + length : point) - digit);
	uint16_t digits[DIGIT_LIMIT + 2] = { 0 };
	/* The place of a decimal digit in its group of four: the point stands between two groups. */
	int place = (GROUP - before % GROUP) % GROUP, count;

	for (; *digit != '\0'; digit++) {
		if (*digit == '.')
			continue;
		digits[place / GROUP] = (uint16_t)(digits[place / GROUP] * 10 + (uint16_t)(*digit - '0'));
		place++;
	}
	count = (place + GROUP - 1) / GROUP;
	for (; place % GROUP != 0; place++)
		digits[place / GROUP] = (uint16_t)(digits[place / GROUP] * 10);
	return write_digits(out, digits, count, (before + GROUP - 1) / GROUP - 1, negative, decimal.scale);
}

size_t dbw__postgresql_numeric_write(dbw_decimal decimal, char out[PARAMETER_SIZE])
{
	const uint64_t limit = UINT64_C(1000000000000000000);

	if (!dbw_decimal_is_valid(decimal))
		return 0;
	/* Of -1 and a low word of 0 the value is -2^64. */
	if ((decimal.high == 0 && decimal.low < limit) ||
		(decimal.high == -1 && decimal.low != 0 && 0 - decimal.low < limit))
		return dbw__postgresql_numeric_write_short((int64_t)decimal.low, decimal.scale, out);
	return write_long(out, decimal);
}

bool dbw__postgresql_numeric_read_short(const char *data, size_t size, int32_t scale, int64_t *out)
{
	const uint64_t header = size < HEADER_SIZE ? 0 : read_64(data);
	const int count = (int)(header >> 48), weight = (int16_t)(header >> 32 & 0xffff);
	const unsigned sign = header >> 16 & 0xffff;
	const int groups = weight + 1 + (scale + GROUP - 1) / GROUP;
	int64_t number = 0;
	int32_t excess = 0;

	if (size != HEADER_SIZE + 2 * (size_t)count || (sign != POSITIVE && sign != NEGATIVE))
		return false;
	/* Digits in front of the last place alone, and no more than fit 64 bits. */
	if (weight > 3 || groups > 4 || count > groups)
		return false;
	for (int i = 0; i < count; i++)
		number = number * BASE + read_16(data + HEADER_SIZE + 2 * i);
	for (int i = count; i < groups; i++)
		number *= BASE;
	/* The last digit may reach beyond the scale. */
	switch (scale % GROUP) {
	case 1:
		excess = (int32_t)(number % 1000);
		number /= 1000;
		break;
	case 2:
		excess = (int32_t)(number % 100);
		number /= 100;
		break;
	case 3:
		excess = (int32_t)(number % 10);
		number /= 10;
		break;
	default: break;
	}
	*out = sign == NEGATIVE ? -number : number;
	return excess == 0;
}

static dbw_status read_long(
	const char *digits, int count, int weight, bool negative, int32_t scale, dbw_decimal *out)
{
	/* More digits than these are no decimal of ours. */
	enum { MOST = 24 };
	char text[GROUP * (2 * MOST + 4)];
	size_t length = 0;
	dbw_decimal decimal;

	if (count > MOST || weight > MOST || weight < -MOST)
		return DBW_INVALID;
	if (negative)
		text[length++] = '-';
	for (int power = weight < 0 ? -1 : weight; power >= 0 || weight - power < count; power--) {
		const int place = weight - power;
		unsigned digit = place >= 0 && place < count ? read_16(digits + 2 * place) : 0;

		if (power == -1)
			text[length++] = '.';
		for (unsigned divisor = BASE / 10; divisor != 0; divisor /= 10)
			text[length++] = (char)('0' + digit / divisor % 10);
	}
	/* Zeros at the end are no digits of the number: its column may show more places than it has. */
	if (memchr(text, '.', length) != NULL)
		while (text[length - 1] == '0')
			length--;
	if (dbw_decimal_parse(text, length, &decimal) != DBW_OK)
		return DBW_INVALID;
	return dbw_decimal_round(decimal, scale, DBW_ROUND_EXACT, out);
}

dbw_status dbw__postgresql_numeric_read(const char *data, size_t size, int32_t scale, dbw_decimal *out)
{
	int64_t number;
	int count, weight, sign;

	if (dbw__postgresql_numeric_read_short(data, size, scale, &number)) {
		*out = dbw_decimal_of(number, scale);
		return DBW_OK;
	}
	if (size < HEADER_SIZE)
		return DBW_INVALID;
	count = read_16(data);
	weight = (int16_t)read_16(data + 2);
	sign = read_16(data + 4);
	/* NaN and the infinities are signs of their own. */
	if ((sign != POSITIVE && sign != NEGATIVE) || size != (size_t)(HEADER_SIZE + 2 * count))
		return DBW_INVALID;
	data += HEADER_SIZE;
	if (count == 0) {
		*out = dbw_decimal_of(0, scale);
		return DBW_OK;
	}
	return read_long(data, count, weight, sign == NEGATIVE, scale, out);
}

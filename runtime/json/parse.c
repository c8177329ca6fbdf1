#include "parse.h"

#include "base64.h"

#include <base/number.h>

#include <math.h>
#include <string.h>

const char dbw__json_no_memory[] = "cannot be read: out of memory";

static bool is_string(dbw__json_slice value)
{
	return *value.begin == '"';
}

static bool is_number(dbw__json_slice value)
{
	return *value.begin == '-' || (*value.begin >= '0' && *value.begin <= '9');
}

/* The four digits behind \u. */
static uint32_t read_unit(const char *at)
{
	uint32_t unit = 0;

	for (int i = 0; i < 4; i++) {
		const char digit = at[i];

		unit = unit * 16 + (uint32_t)(digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10);
	}
	return unit;
}

static char *put_utf8(char *out, uint32_t character)
{
	if (character < 0x80) {
		*out++ = (char)character;
		return out;
	}
	if (character < 0x800) {
		*out++ = (char)(0xC0 | character >> 6);
	} else {
		if (character < 0x10000) {
			*out++ = (char)(0xE0 | character >> 12);
		} else {
			*out++ = (char)(0xF0 | character >> 18);
			*out++ = (char)(0x80 | (character >> 12 & 0x3F));
		}
		*out++ = (char)(0x80 | (character >> 6 & 0x3F));
	}
	*out++ = (char)(0x80 | (character & 0x3F));
	return out;
}

/* What an escape means; *at is at its backslash, and then behind it. */
static char *decode_escape(const char **at, char *out)
{
	static const char escapes[] = "b\bf\fn\nr\rt\t";
	uint32_t unit;

	*at += 2;
	if ((*at)[-1] != 'u') {
		for (const char *escape = escapes; *escape != '\0'; escape += 2)
			if (*escape == (*at)[-1]) {
				*out = escape[1];
				return out + 1;
			}
		*out = (*at)[-1]; /* A quote, or a slash of either kind. */
		return out + 1;
	}
	unit = read_unit(*at);
	*at += 4;
	if (unit >= 0xD800 && unit <= 0xDBFF) {
		unit = 0x10000 + ((unit - 0xD800) << 10) + (read_unit(*at + 2) - 0xDC00);
		*at += 6;
	}
	return put_utf8(out, unit);
}

char *dbw__json_decode(dbw_arena *arena, dbw__json_slice string, size_t *length)
{
	const char *at = string.begin + 1, *const end = string.end - 1;
	/* No escape means more bytes than it has. */
	char *const text = dbw_arena_alloc_bytes(arena, (size_t)(end - at) + 1);
	char *out = text;

	if (text == NULL)
		return NULL;
	while (at < end)
		if (*at == '\\')
			out = decode_escape(&at, out);
		else
			*out++ = *at++;
	*out = '\0';
	*length = (size_t)(out - text);
	return text;
}

/* Digits with a minus at most; the grammar of JSON has been looked at for numbers, and not for strings. */
static bool read_integer(const char *at, const char *end, int64_t *out, bool *is_large)
{
	const bool negative = at < end && *at == '-';
	const uint64_t greatest = (uint64_t)INT64_MAX + negative;
	uint64_t number = 0;

	at += negative;
	*is_large = false;
	if (at == end || (*at == '0' && end - at > 1))
		return false;
	for (; at < end; at++) {
		unsigned digit;

		if (*at < '0' || *at > '9')
			return false;
		digit = (unsigned)(*at - '0');
		*is_large = *is_large || number > (greatest - digit) / 10;
		number = number * 10 + digit;
	}
	*out = (int64_t)(negative ? 0 - number : number);
	return true;
}

static const char *parse_integer(
	dbw__json_slice value, int64_t least, int64_t greatest, bool quoted, int64_t *out)
{
	bool is_large;

	if (quoted && is_string(value)) {
		value.begin++;
		value.end--;
	}
	if (!read_integer(value.begin, value.end, out, &is_large))
		return "is not an integer";
	return is_large || *out < least || *out > greatest ? "is out of range" : NULL;
}

static const char *parse_real(dbw__json_slice value, bool single, double *out)
{
	if (!is_number(value))
		return "is not a number";
	if (!dbw__real_parse(value.begin, single, out))
		return dbw__json_no_memory;
	return isinf(*out) ? "is out of range" : NULL;
}

/* Scaled as the column is, where that loses nothing: then what is written again is the same. */
static const char *parse_decimal(
	dbw_arena *arena, const dbw_column *column, dbw__json_slice value, dbw_decimal *out)
{
	const char *text = value.begin;
	size_t length = (size_t)(value.end - value.begin);
	dbw_decimal scaled;

	if (is_number(value)) {
		if (memchr(text, '.', length) != NULL || memchr(text, 'e', length) != NULL ||
			memchr(text, 'E', length) != NULL)
			return "has to be in quotes: a number with a point may have lost digits";
	} else if (!is_string(value)) {
		return "is not a decimal in quotes";
	} else {
		text = dbw__json_decode(arena, value, &length);
		if (text == NULL)
			return dbw__json_no_memory;
	}
	if (dbw_decimal_parse(text, length, out) != DBW_OK)
		return is_number(value) ? "is out of range" : "is not a decimal in quotes";
	if (dbw_decimal_round(*out, column->scale, DBW_ROUND_EXACT, &scaled) == DBW_OK)
		*out = scaled;
	return NULL;
}

static const char *parse_bytes(dbw_arena *arena, dbw__json_slice value, dbw_bytes *out)
{
	char *text;
	unsigned char *bytes;
	size_t length;

	if (!is_string(value))
		return "is not base64 in quotes";
	text = dbw__json_decode(arena, value, &length);
	/* At least one: a value of no bytes has an address. */
	bytes = text == NULL ? NULL : dbw_arena_alloc_bytes(arena, length / 4 * 3 + 1);
	if (bytes == NULL)
		return dbw__json_no_memory;
	out->data = bytes;
	return dbw__base64_read(text, length, bytes, &out->size) ? NULL : "is not base64 in quotes";
}

static const char *parse_enum(const dbw_enum *values, const char *text, int *out)
{
	for (int i = 0; i < values->count; i++)
		if (strcmp(values->values[i], text) == 0) {
			*out = i + 1;
			return NULL;
		}
	return "is none of its values";
}

/* What has to be in quotes; `text` is NULL where it is not. */
static const char *parse_text(const dbw_column *column, const char *text, size_t length, void *room)
{
	const bool given = text != NULL;

	switch (column->kind) {
	case DBW_KIND_TEXT: *(const char **)room = text; return given ? NULL : "is not a text";
	case DBW_KIND_ENUM:
		return given ? parse_enum(column->values, text, (int *)room) : "is none of its values";
	case DBW_KIND_TIMESTAMP:
		return given && dbw_timestamp_parse(text, length, room) == DBW_OK
			       ? NULL
			       : "is not a timestamp like \"2024-01-31T23:59:59Z\"";
	case DBW_KIND_DATE:
		return given && dbw_date_parse(text, length, room) == DBW_OK
			       ? NULL
			       : "is not a date like \"2024-01-31\"";
	case DBW_KIND_TIME:
		return given && dbw_time_parse(text, length, room) == DBW_OK
			       ? NULL
			       : "is not a time like \"23:59:59\"";
	case DBW_KIND_UUID:
		return given && dbw_uuid_parse(text, length, room) == DBW_OK ? NULL
									     : "is not a uuid in quotes";
	default: return "has a type that this library does not know";
	}
}

const char *dbw__json_parse(dbw_arena *arena, const dbw_column *column, dbw__json_slice value, void *room)
{
	const char *wrong, *text = NULL;
	int64_t integer = 0;
	double real = 0;
	size_t length = 0;

	switch ((dbw_kind)column->kind) {
	case DBW_KIND_BOOL:
		*(bool *)room = *value.begin == 't';
		return *value.begin == 't' || *value.begin == 'f' ? NULL : "is neither true nor false";
	case DBW_KIND_INT16:
		wrong = parse_integer(value, INT16_MIN, INT16_MAX, false, &integer);
		*(int16_t *)room = (int16_t)integer;
		return wrong;
	case DBW_KIND_INT32:
		wrong = parse_integer(value, INT32_MIN, INT32_MAX, false, &integer);
		*(int32_t *)room = (int32_t)integer;
		return wrong;
	case DBW_KIND_INT64:
		wrong = parse_integer(value, INT64_MIN, INT64_MAX, true, &integer);
		*(int64_t *)room = integer;
		return wrong;
	case DBW_KIND_FLOAT32:
		wrong = parse_real(value, true, &real);
		*(float *)room = (float)real;
		return wrong;
	case DBW_KIND_FLOAT64: return parse_real(value, false, room);
	case DBW_KIND_DECIMAL: return parse_decimal(arena, column, value, room);
	case DBW_KIND_BYTES: return parse_bytes(arena, value, room);
	case DBW_KIND_JSON:
		text = dbw_arena_copy(arena, value.begin, (size_t)(value.end - value.begin));
		*(const char **)room = text;
		return text != NULL ? NULL : dbw__json_no_memory;
	case DBW_KIND_TEXT:
	case DBW_KIND_TIMESTAMP:
	case DBW_KIND_DATE:
	case DBW_KIND_TIME:
	case DBW_KIND_UUID:
	case DBW_KIND_ENUM: break;
	}
	if (is_string(value)) {
		text = dbw__json_decode(arena, value, &length);
		if (text == NULL)
			return dbw__json_no_memory;
	}
	return parse_text(column, text, length, room);
}

/* Rows as text for logs and debuggers. */
#include "row.h"

#include <base/number.h>
#include <base/utf8.h>
#include <dbwright/generated.h>

#include <stdio.h>

/* Bytes of a text that are shown. */
enum { TEXT_SHOWN = 200 };

/* Where the text goes. What no longer fits is counted only, and no piece is written in part. */
struct sink {
	char *out;
	size_t size, length;
	bool full;
};

static void put(struct sink *sink, const char *piece, size_t length)
{
	sink->full = sink->full || sink->length + length >= sink->size;
	if (!sink->full) {
		memcpy(sink->out + sink->length, piece, length);
		sink->out[sink->length + length] = '\0';
	}
	sink->length += length;
}

static void put_z(struct sink *sink, const char *piece)
{
	put(sink, piece, strlen(piece));
}

static void put_number(struct sink *sink, int64_t number)
{
	char text[24];

	snprintf(text, sizeof text, "%lld", (long long)number);
	put_z(sink, text);
}

/* One character, or a byte that is none: nothing in it ends the line, moves the cursor or is read as the end of the text. */
static void put_character(struct sink *sink, const char *at, size_t length, uint32_t character, bool quoted)
{
	static const char escapes[] = "\nn\tt\rr";
	char text[12];

	if (length == 0) {
		snprintf(text, sizeof text, "\\x%02x", (unsigned)(unsigned char)*at);
	} else if (quoted && (character == '"' || character == '\\')) {
		snprintf(text, sizeof text, "\\%c", (char)character);
	} else if (character < 0x20 || (character >= 0x7f && character < 0xa0)) {
		for (const char *escape = escapes; *escape != '\0'; escape += 2)
			if ((uint32_t)*escape == character) {
				snprintf(text, sizeof text, "\\%c", escape[1]);
				put_z(sink, text);
				return;
			}
		snprintf(text, sizeof text, character < 0x80 ? "\\x%02x" : "\\u%04x", (unsigned)character);
	} else {
		put(sink, at, length);
		return;
	}
	put_z(sink, text);
}

/* Up to TEXT_SHOWN bytes, ending between characters. */
static void put_text(struct sink *sink, const char *text, bool quoted)
{
	const size_t length = strlen(text);
	size_t at = 0;

	if (quoted)
		put_z(sink, "\"");
	while (at < length) {
		uint32_t character;
		const size_t size = dbw__utf8_decode(text + at, length - at, &character);

		if (at + (size == 0 ? 1 : size) > TEXT_SHOWN)
			break;
		put_character(sink, text + at, size, character, quoted);
		at += size == 0 ? 1 : size;
	}
	if (quoted)
		put_z(sink, "\"");
	if (at < length) {
		put_z(sink, "... ");
		put_number(sink, (int64_t)length);
		put_z(sink, " bytes");
	}
}

/* What a printer gave, or a word for a value that it does not know. */
static void put_printed(struct sink *sink, const char *text, size_t length)
{
	put_z(sink, length == 0 ? "invalid" : text);
}

static void put_value(struct sink *sink, const dbw_column *column, const void *plain)
{
	char text[DBW_DECIMAL_SIZE];
	size_t length;

	_Static_assert(sizeof text >= DBW_UUID_SIZE && sizeof text >= DBW_TIMESTAMP_SIZE &&
			       sizeof text >= (size_t)DBW__REAL_SIZE && sizeof text >= DBW_TIME_SIZE,
		"every printed value fits");
	switch ((dbw_kind)column->kind) {
	case DBW_KIND_BOOL: put_z(sink, *(const bool *)plain ? "true" : "false"); return;
	case DBW_KIND_INT16: put_number(sink, *(const int16_t *)plain); return;
	case DBW_KIND_INT32: put_number(sink, *(const int32_t *)plain); return;
	case DBW_KIND_INT64: put_number(sink, *(const int64_t *)plain); return;
	case DBW_KIND_TEXT: put_text(sink, *(const char *const *)plain, true); return;
	case DBW_KIND_JSON: put_text(sink, *(const char *const *)plain, false); return;
	case DBW_KIND_BYTES:
		put_number(sink, (int64_t)((const dbw_bytes *)plain)->size);
		put_z(sink, " bytes");
		return;
	case DBW_KIND_ENUM: {
		const int number = *(const int *)plain;
		const bool is_known = number > 0 && number <= column->values->count;

		put_text(sink, is_known ? column->values->values[number - 1] : "invalid", false);
		return;
	}
	case DBW_KIND_FLOAT32: length = dbw__real_print((double)*(const float *)plain, true, text); break;
	case DBW_KIND_FLOAT64: length = dbw__real_print(*(const double *)plain, false, text); break;
	case DBW_KIND_DECIMAL: length = dbw_decimal_print(*(const dbw_decimal *)plain, text); break;
	case DBW_KIND_TIMESTAMP: length = dbw_timestamp_print(*(const dbw_timestamp *)plain, text); break;
	case DBW_KIND_DATE: length = dbw_date_print(*(const dbw_date *)plain, text); break;
	case DBW_KIND_TIME: length = dbw_time_print(*(const dbw_time *)plain, text); break;
	case DBW_KIND_UUID: length = dbw_uuid_print(*(const dbw_uuid *)plain, text); break;
	default: length = 0; break;
	}
	put_printed(sink, text, length);
}

static void put_member(struct sink *sink, const dbw_column *column, const void *member)
{
	const void *value = dbw__column_value(column, member);

	if ((column->flags & DBW_COLUMN_SENSITIVE) != 0)
		put_z(sink, "***");
	else if (value == NULL)
		put_z(sink, "NULL");
	else if (dbw__column_is_unset(column, member))
		put_z(sink, "unset");
	else
		put_value(sink, column, value);
}

size_t dbw__row_print(const dbw_model *model, const void *row, char *out, size_t size)
{
	struct sink sink = { out, size, 0, false };
	const char *separator = "";

	if (size != 0)
		out[0] = '\0';
	if (row == NULL) {
		put_z(&sink, "NULL");
		return sink.length;
	}
	put_z(&sink, model->name);
	put_z(&sink, "{");
	for (uint16_t i = 0; i < model->column_count; i++) {
		const dbw_column *column = &model->columns[i];

		if (dbw__row_is_absent(model, row, i))
			continue;
		put_z(&sink, separator);
		put_z(&sink, column->field);
		put_z(&sink, ": ");
		put_member(&sink, column, dbw__row_member_of(column, row));
		separator = ", ";
	}
	put_z(&sink, "}");
	return sink.length;
}

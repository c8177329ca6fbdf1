#include "connection.h"

#include <value/coefficient.h>
#include <value/fixed.h>

#include <math.h>
#include <string.h>

/*
 * A row is decoded with sqlite3_column_value(), once per column, and sqlite3_value_*(), which costs less
 * than a sqlite3_column_*() call per question. SQLite calls such values "unprotected" (manual, "Obtaining
 * SQL Values"): they may be read only while nobody else uses the connection. That is so here: a connection
 * is opened with NOMUTEX and belongs to one session, and a session to one thread at a time.
 */

/* The layout of every generated optional enum: an enum is as wide as int. */
typedef struct optional_enum {
	bool has;
	int value;
} optional_enum;

/* Where the value stands in the dbw_opt_ struct of a kind. Text, json and bytes have none: a NULL
 * pointer is their NULL. */
static const uint8_t optional_offset[] = {
	[DBW_KIND_BOOL] = offsetof(dbw_opt_bool, value),
	[DBW_KIND_INT16] = offsetof(dbw_opt_i16, value),
	[DBW_KIND_INT32] = offsetof(dbw_opt_i32, value),
	[DBW_KIND_INT64] = offsetof(dbw_opt_i64, value),
	[DBW_KIND_FLOAT32] = offsetof(dbw_opt_f32, value),
	[DBW_KIND_FLOAT64] = offsetof(dbw_opt_f64, value),
	[DBW_KIND_DECIMAL] = offsetof(dbw_opt_decimal, value),
	[DBW_KIND_TIMESTAMP] = offsetof(dbw_opt_timestamp, value),
	[DBW_KIND_DATE] = offsetof(dbw_opt_date, value),
	[DBW_KIND_TIME] = offsetof(dbw_opt_time, value),
	[DBW_KIND_UUID] = offsetof(dbw_opt_uuid, value),
	[DBW_KIND_ENUM] = offsetof(optional_enum, value),
};

static dbw_status fail_data(const dbw_model *model, const dbw_column *column, dbw_status status,
	const char *what, dbw_error *error)
{
	return dbw__fail(error, status, "%s.%s: %s", model->name, column->field, what);
}

/* 10^n: a decimal of n digits is a scaled integer between -10^n and 10^n, both excluded. */
static const int64_t power_of_ten[] = { 1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000,
	1000000000, INT64_C(10000000000), INT64_C(100000000000), INT64_C(1000000000000),
	INT64_C(10000000000000), INT64_C(100000000000000), INT64_C(1000000000000000),
	INT64_C(10000000000000000), INT64_C(100000000000000000), INT64_C(1000000000000000000) };

/* Decoders return NULL, or what is wrong with the stored value. */
static const char not_integer[] = "the stored value is not an integer";
static const char not_text[] = "the stored value is not a text";
static const char out_of_range[] = "the stored value is out of range";
static const char no_memory[] = "out of memory";

static const char *decode_real(const dbw_column *column, sqlite3_value *value, int type, unsigned char *out)
{
	double number;
	float narrow;

	if (type != SQLITE_FLOAT)
		return "the stored value is not a floating point number";
	number = sqlite3_value_double(value);
	if (column->kind == DBW_KIND_FLOAT64) {
		memcpy(out, &number, sizeof number);
		return NULL;
	}
	narrow = (float)number;
	if (isinf(narrow) && !isinf(number))
		return out_of_range;
	memcpy(out, &narrow, sizeof narrow);
	return NULL;
}

static const char *decode_text(sqlite3_value *value, int type, dbw_arena *arena, unsigned char *out)
{
	const char *text;
	char *copy;
	size_t length;

	if (type != SQLITE_TEXT)
		return not_text;
	text = (const char *)sqlite3_value_text(value);
	if (text == NULL)
		return no_memory;
	length = (size_t)sqlite3_value_bytes(value);
	copy = dbw_arena_alloc_bytes(arena, length + 1);
	if (copy == NULL)
		return no_memory;
	memcpy(copy, text, length);
	copy[length] = '\0';
	/* In C the text would end there, and its rest would be lost. */
	if (memchr(copy, '\0', length) != NULL)
		return "the stored text has a NUL character in it";
	memcpy(out, &copy, sizeof copy);
	return NULL;
}

static const char *decode_bytes(sqlite3_value *value, int type, dbw_arena *arena, unsigned char *out)
{
	dbw_bytes bytes;
	const void *data;
	void *copy;

	if (type != SQLITE_BLOB)
		return "the stored value is not a blob";
	data = sqlite3_value_blob(value);
	bytes.size = (size_t)sqlite3_value_bytes(value);
	/* At least one byte: a NULL pointer would mean NULL. */
	copy = dbw_arena_alloc_bytes(arena, bytes.size + 1);
	if (copy == NULL || (data == NULL && bytes.size != 0))
		return no_memory;
	if (bytes.size != 0)
		memcpy(copy, data, bytes.size);
	bytes.data = copy;
	memcpy(out, &bytes, sizeof bytes);
	return NULL;
}

/* A text of fixed width, or NULL. */
static const char *text_of_length(sqlite3_value *value, int type, int length)
{
	const char *text;

	if (type != SQLITE_TEXT)
		return NULL;
	text = (const char *)sqlite3_value_text(value);
	return text != NULL && sqlite3_value_bytes(value) == length ? text : NULL;
}

static const char *decode_time_text(
	const dbw_column *column, sqlite3_value *value, int type, unsigned char *out)
{
	static const char wrong[] = "the stored text is not a time in the fixed form";
	const char *text;

	if (column->kind == DBW_KIND_TIMESTAMP) {
		dbw_timestamp timestamp;

		text = text_of_length(value, type, DBW__TIMESTAMP_LENGTH);
		if (text == NULL || dbw__timestamp_parse_fixed(text, &timestamp) != DBW_OK)
			return wrong;
		memcpy(out, &timestamp, sizeof timestamp);
	} else if (column->kind == DBW_KIND_DATE) {
		dbw_date date;

		text = text_of_length(value, type, DBW__DATE_LENGTH);
		if (text == NULL || dbw__date_parse_fixed(text, &date) != DBW_OK)
			return wrong;
		memcpy(out, &date, sizeof date);
	} else {
		dbw_time time;

		text = text_of_length(value, type, DBW__TIME_LENGTH);
		if (text == NULL || dbw__time_parse_fixed(text, &time) != DBW_OK)
			return wrong;
		memcpy(out, &time, sizeof time);
	}
	return NULL;
}

static const char *decode_decimal_text(
	const dbw_column *column, sqlite3_value *value, int type, unsigned char *out)
{
	dbw_decimal decimal;
	const char *text;

	if (type != SQLITE_TEXT)
		return not_text;
	text = (const char *)sqlite3_value_text(value);
	if (text == NULL)
		return no_memory;
	if (dbw_decimal_parse(text, (size_t)sqlite3_value_bytes(value), &decimal) != DBW_OK ||
		!dbw__decimal_fits(decimal, column->precision, column->scale) ||
		dbw_decimal_round(decimal, column->scale, DBW_ROUND_EXACT, &decimal) != DBW_OK)
		return "the stored text is not a decimal of this column";
	memcpy(out, &decimal, sizeof decimal);
	return NULL;
}

static const char *decode_uuid(const dbw_column *column, sqlite3_value *value, int type, unsigned char *out)
{
	if ((column->flags & DBW_COLUMN_TEXT_STORAGE) != 0) {
		const char *text = text_of_length(value, type, DBW_UUID_SIZE - 1);
		dbw_uuid uuid;

		if (text == NULL || dbw_uuid_parse(text, DBW_UUID_SIZE - 1, &uuid) != DBW_OK)
			return "the stored text is not a uuid";
		memcpy(out, &uuid, sizeof uuid);
		return NULL;
	}
	if (type != SQLITE_BLOB || sqlite3_value_bytes(value) != (int)sizeof(dbw_uuid))
		return "the stored value is not a blob of 16 bytes";
	memcpy(out, sqlite3_value_blob(value), sizeof(dbw_uuid));
	return NULL;
}

static const char *decode_enum(const dbw_column *column, sqlite3_value *value, int type, unsigned char *out)
{
	const char *text;

	if (type != SQLITE_TEXT)
		return not_text;
	text = (const char *)sqlite3_value_text(value);
	if (text == NULL)
		return no_memory;
	for (int i = 0; i < column->values->count; i++) {
		if (strcmp(column->values->values[i], text) == 0) {
			int number = i + 1;

			memcpy(out, &number, sizeof number);
			return NULL;
		}
	}
	return "the stored text is not one of the values of the enum";
}

/*
 * Kinds that are stored as integers, unless the column's storage is text. Inlined where `kind` is a
 * constant, so that one switch per column is left of two.
 */
static inline __attribute__((always_inline)) const char *decode_integer(
	uint8_t kind, const dbw_column *column, sqlite3_value *value, int type, unsigned char *out)
{
	int64_t number;
	int32_t narrow;
	int16_t narrower;
	bool truth;

	if (type != SQLITE_INTEGER)
		return not_integer;
	number = sqlite3_value_int64(value);
	switch (kind) {
	case DBW_KIND_INT64: break;
	case DBW_KIND_TIMESTAMP:
		if (number < DBW_TIMESTAMP_MIN || number > DBW_TIMESTAMP_MAX)
			return out_of_range;
		break;
	case DBW_KIND_TIME:
		if (number < DBW_TIME_MIN || number > DBW_TIME_MAX)
			return out_of_range;
		break;
	case DBW_KIND_BOOL:
		truth = number != 0;
		if (number != 0 && number != 1)
			return "the stored value is neither 0 nor 1";
		memcpy(out, &truth, sizeof truth);
		return NULL;
	case DBW_KIND_DECIMAL: {
		dbw_decimal decimal = dbw_decimal_of(number, column->scale);
		int64_t bound = power_of_ten[column->precision < 18 ? column->precision : 18];

		if (number <= -bound || number >= bound)
			return out_of_range;
		memcpy(out, &decimal, sizeof decimal);
		return NULL;
	}
	case DBW_KIND_INT16:
		narrower = (int16_t)number;
		if (narrower != number)
			return out_of_range;
		memcpy(out, &narrower, sizeof narrower);
		return NULL;
	default:
		narrow = (int32_t)number;
		if (narrow != number ||
			(kind == DBW_KIND_DATE && (narrow < DBW_DATE_MIN || narrow > DBW_DATE_MAX)))
			return out_of_range;
		memcpy(out, &narrow, sizeof narrow);
		return NULL;
	}
	memcpy(out, &number, sizeof number);
	return NULL;
}

static inline __attribute__((always_inline)) const char *decode_value(
	const dbw_column *column, sqlite3_value *value, int type, unsigned char *out, dbw_arena *arena)
{
	bool as_text = (column->flags & DBW_COLUMN_TEXT_STORAGE) != 0;

	switch (column->kind) {
	case DBW_KIND_INT64: return decode_integer(DBW_KIND_INT64, column, value, type, out);
	case DBW_KIND_INT32: return decode_integer(DBW_KIND_INT32, column, value, type, out);
	case DBW_KIND_INT16: return decode_integer(DBW_KIND_INT16, column, value, type, out);
	case DBW_KIND_BOOL: return decode_integer(DBW_KIND_BOOL, column, value, type, out);
	case DBW_KIND_TIMESTAMP:
		if (as_text)
			return decode_time_text(column, value, type, out);
		return decode_integer(DBW_KIND_TIMESTAMP, column, value, type, out);
	case DBW_KIND_DATE:
		if (as_text)
			return decode_time_text(column, value, type, out);
		return decode_integer(DBW_KIND_DATE, column, value, type, out);
	case DBW_KIND_TIME:
		if (as_text)
			return decode_time_text(column, value, type, out);
		return decode_integer(DBW_KIND_TIME, column, value, type, out);
	case DBW_KIND_DECIMAL:
		if (as_text)
			return decode_decimal_text(column, value, type, out);
		return decode_integer(DBW_KIND_DECIMAL, column, value, type, out);
	case DBW_KIND_TEXT:
	case DBW_KIND_JSON: return decode_text(value, type, arena, out);
	case DBW_KIND_ENUM: return decode_enum(column, value, type, out);
	case DBW_KIND_UUID: return decode_uuid(column, value, type, out);
	case DBW_KIND_FLOAT32:
	case DBW_KIND_FLOAT64: return decode_real(column, value, type, out);
	case DBW_KIND_BYTES: return decode_bytes(value, type, arena, out);
	default: return "a kind of column that this driver does not know";
	}
}

dbw_status dbw__sqlite_decode_row(
	sqlite3_stmt *statement, const dbw_model *model, void *row, dbw_arena *arena, dbw_error *error)
{
	for (int i = 0; i < model->column_count; i++) {
		const dbw_column *column = &model->columns[i];
		sqlite3_value *value = sqlite3_column_value(statement, i);
		int type = sqlite3_value_type(value);
		unsigned char *member = (unsigned char *)row + column->offset;
		const char *wrong;

		if (type == SQLITE_NULL) {
			if ((column->flags & DBW_COLUMN_NULLABLE) == 0)
				return fail_data(model, column, DBW_DATA, "the stored value is NULL", error);
			continue;
		}
		if ((column->flags & DBW_COLUMN_NULLABLE) != 0 && column->kind < sizeof optional_offset &&
			optional_offset[column->kind] != 0) {
			/* `has` comes first in every optional. */
			*(bool *)member = true;
			member += optional_offset[column->kind];
		}
		wrong = decode_value(column, value, type, member, arena);
		if (wrong == no_memory)
			return fail_data(model, column, DBW_OUT_OF_MEMORY, wrong, error);
		if (wrong != NULL)
			return fail_data(model, column, DBW_DATA, wrong, error);
	}
	return DBW_OK;
}

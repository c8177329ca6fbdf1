#include "connection.h"

#include <descriptor/member.h>
#include <driver/plain.h>
#include <value/coefficient.h>
#include <value/fixed.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

/*
 * A row is decoded with sqlite3_column_value(), once per column, and sqlite3_value_*(), which costs less
 * than a sqlite3_column_*() call per question. SQLite calls such values "unprotected" (manual, "Obtaining
 * SQL Values"): they may be read only while nobody else uses the connection. That is so here: a connection
 * is opened with NOMUTEX and belongs to one session, and a session to one thread at a time.
 */

/* How a column is stored, and what it becomes: what decides which way a value takes. */
enum codec {
	CODEC_NONE, /* of a kind that this driver does not know */
	CODEC_BOOL,
	CODEC_INT16,
	CODEC_INT32,
	CODEC_INT64,
	CODEC_DECIMAL,
	CODEC_FLOAT32,
	CODEC_FLOAT64,
	CODEC_TEXT,
	CODEC_ENUM,
	CODEC_UUID,
	CODEC_BYTES,
	CODEC_TIMESTAMP_TEXT,
	CODEC_DATE_TEXT,
	CODEC_TIME_TEXT,
	CODEC_DECIMAL_TEXT,
	CODEC_UUID_TEXT,
};

/*
 * A column as fetch reads it: worked out once per statement, so that a row costs one test for the type, one switch, and
 * one comparison for a range.
 */
struct decode_step {
	int type; /* The storage class that needs no second look; 0 where a value may be a present optional. */
	uint16_t place;
	uint8_t codec;
	uint8_t way; /* Where the loop over a row deals with the codec itself, the codec; else CODEC_NONE. */
	uint8_t storage; /* The storage class of a value that is there; 0: none is right. */
	uint8_t scale;
	uint8_t size;    /* Of the member, which NULL empties. */
	uint32_t offset; /* Of the plain value in the row. */
	uint64_t least;  /* Integers: the least one, modulo 2^64, ... */
	uint64_t span;   /* ... and how far the greatest is above it. */
	const dbw_column *column;
};

static enum codec codec_of(const dbw_column *column)
{
	const bool as_text = (column->flags & DBW_COLUMN_TEXT_STORAGE) != 0;

	switch ((dbw_kind)column->kind) {
	case DBW_KIND_BOOL: return CODEC_BOOL;
	case DBW_KIND_INT16: return CODEC_INT16;
	case DBW_KIND_INT32: return CODEC_INT32;
	case DBW_KIND_INT64: return CODEC_INT64;
	case DBW_KIND_FLOAT32: return CODEC_FLOAT32;
	case DBW_KIND_FLOAT64: return CODEC_FLOAT64;
	case DBW_KIND_DECIMAL: return as_text ? CODEC_DECIMAL_TEXT : CODEC_DECIMAL;
	case DBW_KIND_TEXT:
	case DBW_KIND_JSON: return CODEC_TEXT;
	case DBW_KIND_BYTES: return CODEC_BYTES;
	case DBW_KIND_TIMESTAMP: return as_text ? CODEC_TIMESTAMP_TEXT : CODEC_INT64;
	case DBW_KIND_DATE: return as_text ? CODEC_DATE_TEXT : CODEC_INT32;
	case DBW_KIND_TIME: return as_text ? CODEC_TIME_TEXT : CODEC_INT64;
	case DBW_KIND_UUID: return as_text ? CODEC_UUID_TEXT : CODEC_UUID;
	case DBW_KIND_ENUM: return CODEC_ENUM;
	}
	return CODEC_NONE;
}

static int storage_of(enum codec codec)
{
	switch (codec) {
	case CODEC_NONE: break;
	case CODEC_BOOL:
	case CODEC_INT16:
	case CODEC_INT32:
	case CODEC_INT64:
	case CODEC_DECIMAL: return SQLITE_INTEGER;
	case CODEC_FLOAT32:
	case CODEC_FLOAT64: return SQLITE_FLOAT;
	case CODEC_UUID:
	case CODEC_BYTES: return SQLITE_BLOB;
	case CODEC_TEXT:
	case CODEC_ENUM:
	case CODEC_TIMESTAMP_TEXT:
	case CODEC_DATE_TEXT:
	case CODEC_TIME_TEXT:
	case CODEC_DECIMAL_TEXT:
	case CODEC_UUID_TEXT: return SQLITE_TEXT;
	}
	return 0;
}

/* What most columns are. */
static bool is_common(enum codec codec)
{
	switch (codec) {
	case CODEC_BOOL:
	case CODEC_INT16:
	case CODEC_INT32:
	case CODEC_INT64:
	case CODEC_DECIMAL:
	case CODEC_TEXT:
	case CODEC_ENUM:
	case CODEC_UUID: return true;
	default: return false;
	}
}

static void plan_column(const dbw_column *column, struct decode_step *step)
{
	const bool nullable = (column->flags & DBW_COLUMN_NULLABLE) != 0;
	const enum codec codec = codec_of(column);
	const size_t inside = dbw__member_value_offset(column);

	step->codec = (uint8_t)codec;
	step->way = is_common(codec) ? (uint8_t)codec : CODEC_NONE;
	step->scale = column->scale;
	step->storage = (uint8_t)storage_of(codec);
	step->type = nullable && inside != 0 ? 0 : step->storage;
	step->offset = column->offset + (nullable ? (uint32_t)inside : 0);
	step->size = (uint8_t)dbw__member_size(column);
	step->column = column;
	dbw__integer_range(column, &step->least, &step->span);
}

dbw_status dbw__sqlite_plan_rows(sqlite_statement *statement, const dbw_result *result, dbw_error *error)
{
	const dbw_model *model = result->model;
	const uint16_t count = result->columns != NULL ? result->count : model->column_count;

	if (sqlite3_column_count(statement->run) != count)
		return dbw__fail(error, DBW_SCHEMA_MISMATCH,
			"%s: the statement gives another number of columns", model->name);
	statement->plan = calloc(count, sizeof *statement->plan);
	if (statement->plan == NULL)
		return dbw__fail(error, DBW_OUT_OF_MEMORY, "out of memory");
	for (uint16_t i = 0; i < count; i++) {
		plan_column(&model->columns[result->columns != NULL ? result->columns[i] : i],
			&statement->plan[i]);
		statement->plan[i].place = i;
	}
	statement->column_count = count;
	statement->model = model;
	return DBW_OK;
}

/* Decoders return NULL, or what is wrong with the stored value. */
static const char not_a_time[] = "the stored text is not a time in the fixed form";
static const char not_uuid[] = "the stored text is not a uuid";
static const char not_uuid_bytes[] = "the stored value is not a blob of 16 bytes";
static const char not_text[] = "the stored value is not a text";
static const char out_of_range[] = "the stored value is out of range";
static const char no_enumerator[] = "the stored text is not one of the values of the enum";
static const char nul_inside[] = "the stored text has a NUL character in it";
static const char no_memory[] = "out of memory";

/* What is wrong with a value of another storage class than the column's. */
static const char *wrong_storage(enum codec codec)
{
	switch (codec) {
	case CODEC_NONE: break;
	case CODEC_BOOL:
	case CODEC_INT16:
	case CODEC_INT32:
	case CODEC_INT64:
	case CODEC_DECIMAL: return "the stored value is not an integer";
	case CODEC_FLOAT32:
	case CODEC_FLOAT64: return "the stored value is not a floating point number";
	case CODEC_TEXT:
	case CODEC_ENUM:
	case CODEC_DECIMAL_TEXT: return not_text;
	case CODEC_UUID: return not_uuid_bytes;
	case CODEC_UUID_TEXT: return not_uuid;
	case CODEC_BYTES: return "the stored value is not a blob";
	case CODEC_TIMESTAMP_TEXT:
	case CODEC_DATE_TEXT:
	case CODEC_TIME_TEXT: return not_a_time;
	}
	return "a kind of column that this driver does not know";
}

/* Ends a fetch; `wrong` is what a decoder said. */
static __attribute__((noinline, cold)) dbw_status fail_value(
	const dbw_model *model, const dbw_column *column, const char *wrong, dbw_error *error)
{
	/* Of a bool, the range is a word of its own. */
	if (wrong == out_of_range && column->kind == DBW_KIND_BOOL)
		wrong = "the stored value is neither 0 nor 1";
	return dbw__fail(error, wrong == no_memory ? DBW_OUT_OF_MEMORY : DBW_DATA, "%s.%s: %s", model->name,
		column->field, wrong);
}

static const char *decode_float32(sqlite3_value *value, unsigned char *out)
{
	const double number = sqlite3_value_double(value);
	const float narrow = (float)number;

	if (isinf(narrow) && !isinf(number))
		return out_of_range;
	memcpy(out, &narrow, sizeof narrow);
	return NULL;
}

/*
 * The text, in the arena where there is one; NULL with what is wrong in *wrong. One with a NUL inside is wrong: in C it would
 * end there, and its rest would be lost.
 */
static inline const char *decode_text(sqlite3_value *value, dbw_arena *arena, const char **wrong)
{
	const char *text = (const char *)sqlite3_value_text(value);
	char *copy;
	size_t length;

	*wrong = no_memory;
	if (text == NULL)
		return NULL;
	length = (size_t)sqlite3_value_bytes(value);
	*wrong = nul_inside;
	if (arena == NULL)
		return strlen(text) == length ? text : NULL;
	copy = dbw_arena_alloc_bytes(arena, length + 1);
	if (copy == NULL) {
		*wrong = no_memory;
		return NULL;
	}
	/* One pass: the copy ends at the first NUL, and SQLite's text has one behind its last byte. */
	return stpcpy(copy, text) == copy + length ? copy : NULL;
}

static const char *decode_bytes(sqlite3_value *value, dbw_arena *arena, unsigned char *out)
{
	dbw_bytes bytes = { .data = sqlite3_value_blob(value) };
	void *copy;

	bytes.size = (size_t)sqlite3_value_bytes(value);
	if (bytes.data == NULL && bytes.size != 0)
		return no_memory;
	if (arena != NULL) {
		copy = dbw_arena_alloc_bytes(arena, bytes.size + 1);
		if (copy == NULL)
			return no_memory;
		if (bytes.size != 0)
			memcpy(copy, bytes.data, bytes.size);
		bytes.data = copy;
	} else if (bytes.data == NULL) {
		bytes.data = ""; /* A NULL pointer would mean NULL. */
	}
	memcpy(out, &bytes, sizeof bytes);
	return NULL;
}

/* A text of fixed width, or NULL. */
static const char *text_of_length(sqlite3_value *value, int length)
{
	const char *text = (const char *)sqlite3_value_text(value);

	return text != NULL && sqlite3_value_bytes(value) == length ? text : NULL;
}

static const char *decode_timestamp_text(sqlite3_value *value, unsigned char *out)
{
	const char *text = text_of_length(value, DBW__TIMESTAMP_LENGTH);
	dbw_timestamp timestamp;

	if (text == NULL || dbw__timestamp_parse_fixed(text, &timestamp) != DBW_OK)
		return not_a_time;
	memcpy(out, &timestamp, sizeof timestamp);
	return NULL;
}

static const char *decode_date_text(sqlite3_value *value, unsigned char *out)
{
	const char *text = text_of_length(value, DBW__DATE_LENGTH);
	dbw_date date;

	if (text == NULL || dbw__date_parse_fixed(text, &date) != DBW_OK)
		return not_a_time;
	memcpy(out, &date, sizeof date);
	return NULL;
}

static const char *decode_time_text(sqlite3_value *value, unsigned char *out)
{
	const char *text = text_of_length(value, DBW__TIME_LENGTH);
	dbw_time time;

	if (text == NULL || dbw__time_parse_fixed(text, &time) != DBW_OK)
		return not_a_time;
	memcpy(out, &time, sizeof time);
	return NULL;
}

static const char *decode_decimal_text(const dbw_column *column, sqlite3_value *value, unsigned char *out)
{
	const char *text = (const char *)sqlite3_value_text(value);
	dbw_decimal decimal;

	if (text == NULL)
		return no_memory;
	if (dbw_decimal_parse(text, (size_t)sqlite3_value_bytes(value), &decimal) != DBW_OK ||
		!dbw__decimal_fits(decimal, column->precision, column->scale) ||
		dbw_decimal_round(decimal, column->scale, DBW_ROUND_EXACT, &decimal) != DBW_OK)
		return "the stored text is not a decimal of this column";
	memcpy(out, &decimal, sizeof decimal);
	return NULL;
}

static const char *decode_uuid_text(sqlite3_value *value, unsigned char *out)
{
	const char *text = text_of_length(value, DBW_UUID_SIZE - 1);
	dbw_uuid uuid;

	if (text == NULL || dbw_uuid_parse(text, DBW_UUID_SIZE - 1, &uuid) != DBW_OK)
		return not_uuid;
	memcpy(out, &uuid, sizeof uuid);
	return NULL;
}

/* The enumerator of a text, 0 where it is none. */
static inline int enumerator_of(const dbw_enum *values, const char *text)
{
	const char *const *value = values->values;

	for (size_t i = 1; i <= values->count; i++, value++)
		if (**value == *text && strcmp(*value, text) == 0)
			return (int)i;
	return 0;
}

/* Values of the step's storage class that few columns have; apart, so that fetch keeps to its registers. */
static __attribute__((noinline)) const char *decode_rare(
	const struct decode_step *step, sqlite3_value *value, dbw_arena *arena, unsigned char *out)
{
	double number;

	switch ((enum codec)step->codec) {
	case CODEC_BYTES: return decode_bytes(value, arena, out);
	case CODEC_FLOAT32: return decode_float32(value, out);
	case CODEC_FLOAT64:
		number = sqlite3_value_double(value);
		memcpy(out, &number, sizeof number);
		return NULL;
	case CODEC_TIMESTAMP_TEXT: return decode_timestamp_text(value, out);
	case CODEC_DATE_TEXT: return decode_date_text(value, out);
	case CODEC_TIME_TEXT: return decode_time_text(value, out);
	case CODEC_DECIMAL_TEXT: return decode_decimal_text(step->column, value, out);
	case CODEC_UUID_TEXT: return decode_uuid_text(value, out);
	default: return wrong_storage(CODEC_NONE);
	}
}

/* The integer of a column that is stored as one. */
static inline const char *read_integer(const struct decode_step *step, sqlite3_value *value, int64_t *out)
{
	*out = sqlite3_value_int64(value);
	/* One comparison for both ends: what is below the least one wraps round. */
	return (uint64_t)*out - step->least <= step->span ? NULL : out_of_range;
}

/*
 * A value whose type is not the one that needs no second look: NULL, a present optional, or wrong. Returns what is
 * wrong; else *is_null tells whether there is nothing to decode.
 */
static __attribute__((noinline)) const char *look_again(
	const struct decode_step *step, int type, unsigned char *row, bool *is_null)
{
	*is_null = type == SQLITE_NULL;
	if (type == SQLITE_NULL) {
		if ((step->column->flags & DBW_COLUMN_NULLABLE) == 0)
			return "the stored value is NULL";
		memset(row + step->column->offset, 0, step->size);
		return NULL;
	}
	if (type != step->storage)
		return wrong_storage((enum codec)step->codec);
	/* It is an optional, then: `has` comes first in every one. */
	*(bool *)(row + step->column->offset) = true;
	return NULL;
}

/* Decodes the columns of a row one after the other; *failed is the step that went wrong. */
static inline __attribute__((always_inline)) const char *decode_row(const sqlite_statement *statement,
	unsigned char *row, dbw_arena *arena, const struct decode_step **failed)
{
	const struct decode_step *const end = statement->plan + statement->column_count;

	for (const struct decode_step *step = statement->plan; step != end; step++) {
		sqlite3_value *value = sqlite3_column_value(statement->run, step->place);
		const int type = sqlite3_value_type(value);
		const char *wrong, *text;
		int64_t number;
		bool is_null;

		if (type != step->type) {
			wrong = look_again(step, type, row, &is_null);
			if (wrong != NULL)
				goto failed;
			if (is_null)
				continue;
		}
		/* Ways are chosen by is_common(): a switch over all there are needs no test for others. */
		switch (step->way) {
		case CODEC_INT64:
			wrong = read_integer(step, value, &number);
			memcpy(row + step->offset, &number, sizeof number);
			break;
		case CODEC_INT32:
			wrong = read_integer(step, value, &number);
			*(int32_t *)(void *)(row + step->offset) = (int32_t)number;
			break;
		case CODEC_INT16:
			wrong = read_integer(step, value, &number);
			*(int16_t *)(void *)(row + step->offset) = (int16_t)number;
			break;
		case CODEC_BOOL:
			wrong = read_integer(step, value, &number);
			*(bool *)(row + step->offset) = number != 0;
			break;
		case CODEC_DECIMAL:
			wrong = read_integer(step, value, &number);
			*(dbw_decimal *)(void *)(row + step->offset) = dbw_decimal_of(number, step->scale);
			break;
		case CODEC_TEXT:
			text = decode_text(value, arena, &wrong);
			if (text == NULL)
				goto failed;
			*(const char **)(void *)(row + step->offset) = text;
			continue;
		case CODEC_ENUM:
			text = (const char *)sqlite3_value_text(value);
			wrong = text == NULL ? no_memory : no_enumerator;
			number = text == NULL ? 0 : enumerator_of(step->column->values, text);
			if (number == 0)
				goto failed;
			*(int *)(void *)(row + step->offset) = (int)number;
			continue;
		case CODEC_UUID:
			text = sqlite3_value_blob(value);
			if (text == NULL || sqlite3_value_bytes(value) != (int)sizeof(dbw_uuid)) {
				wrong = not_uuid_bytes;
				goto failed;
			}
			memcpy(row + step->offset, text, sizeof(dbw_uuid));
			continue;
		case CODEC_NONE: wrong = decode_rare(step, value, arena, row + step->offset); break;
		default: __builtin_unreachable();
		}
		if (wrong == NULL)
			continue;
	failed:
		*failed = step;
		return wrong;
	}
	return NULL;
}

/* Rows one behind the other, `size` apart, up to `count`; *done is how many there are. */
static inline __attribute__((always_inline)) dbw_status fetch(dbw_connection *connection,
	const sqlite_statement *statement, unsigned char *row, size_t size, size_t count, dbw_arena *arena,
	size_t *done, dbw_error *error)
{
	const struct decode_step *failed;
	const char *wrong;
	size_t place = 0;

	*done = 0;
	if (statement->model == NULL)
		return dbw__fail(error, DBW_MISUSE, "the statement was prepared without a result");
	for (; place < count; place++, row += size) {
		const int code = sqlite3_step(statement->run);

		if (code != SQLITE_ROW) {
			*done = place;
			return code == SQLITE_DONE
				       ? DBW_OK
				       : dbw__sqlite_fail_step(connection_of(connection), code, error);
		}
		wrong = decode_row(statement, row, arena, &failed);
		if (wrong != NULL) {
			*done = place;
			return fail_value(statement->model, failed->column, wrong, error);
		}
	}
	*done = place;
	return DBW_OK;
}

dbw_status dbw__sqlite_fetch(dbw_connection *connection, dbw_prepared *prepared, void *row, dbw_arena *arena,
	bool *more, dbw_error *error)
{
	sqlite_connection *own = connection_of(connection);
	dbw_status status;
	size_t done;

	/* A cursor's time is that of each row: what the program does in between is its own. */
	dbw__sqlite_start(own);
	status = fetch(connection, statement_of(prepared), row, 0, 1, arena, &done, error);
	dbw__sqlite_stop(own);
	*more = done != 0;
	return status;
}

dbw_status dbw__sqlite_fetch_rows(dbw_connection *connection, dbw_prepared *prepared, void *rows,
	size_t count, dbw_arena *arena, size_t *done, dbw_error *error)
{
	const sqlite_statement *statement = statement_of(prepared);
	const size_t size = statement->model == NULL ? 0 : statement->model->row_size;

	dbw__sqlite_start(connection_of(connection));
	return fetch(connection, statement, rows, size, count, arena, done, error);
}

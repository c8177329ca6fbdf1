#include "connection.h"

#include <descriptor/member.h>
#include <driver/plain.h>
#include <value/coefficient.h>

#include <stdlib.h>
#include <string.h>

/* The form in which the server sends a column, and what it becomes. */
enum codec {
	CODEC_NONE,  /* another type than the column's kind can be read from */
	CODEC_INT16, /* integers: what they become; their width is that of the value */
	CODEC_INT32,
	CODEC_INT64,
	CODEC_BOOL,
	CODEC_FLOAT32,
	CODEC_FLOAT64,
	CODEC_DECIMAL,
	CODEC_TEXT,
	CODEC_JSONB,
	CODEC_BYTES,
	CODEC_TIMESTAMP,
	CODEC_DATE,
	CODEC_TIME,
	CODEC_UUID,
	CODEC_ENUM,
};

/* A column as fetch reads it, worked out once per statement. */
struct decode_step {
	uint8_t codec;
	uint8_t way;  /* Where the loop over a row deals with the codec itself, the codec; else CODEC_NONE. */
	uint8_t size; /* Of every value that is not NULL; 0 where that differs. */
	uint8_t scale;
	bool optional;   /* NULL has a place of its own: `has`. */
	uint32_t offset; /* Of the plain value in the row. */
	uint64_t least;  /* Numbers: the least one, modulo 2^64, ... */
	uint64_t span;   /* ... and how far the greatest is above it. */
	Oid type;        /* As the server sends it. */
	const dbw_column *column;
};

static bool is_integer(Oid type)
{
	return type == TYPE_INT2 || type == TYPE_INT4 || type == TYPE_INT8;
}

/* Types of somebody's own are labels of an enum or kinds of text. */
bool dbw__postgresql_is_text(Oid type)
{
	return type == TYPE_TEXT || type == TYPE_VARCHAR || type == TYPE_BPCHAR || type == TYPE_NAME ||
	       type == TYPE_JSON || type >= TYPE_FIRST_OWN;
}

static enum codec codec_of(const dbw_column *column, Oid type)
{
	switch ((dbw_kind)column->kind) {
	case DBW_KIND_BOOL: return type == TYPE_BOOL ? CODEC_BOOL : CODEC_NONE;
	case DBW_KIND_INT16: return is_integer(type) ? CODEC_INT16 : CODEC_NONE;
	case DBW_KIND_INT32: return is_integer(type) ? CODEC_INT32 : CODEC_NONE;
	case DBW_KIND_INT64: return is_integer(type) ? CODEC_INT64 : CODEC_NONE;
	case DBW_KIND_FLOAT32: return type == TYPE_FLOAT4 ? CODEC_FLOAT32 : CODEC_NONE;
	case DBW_KIND_FLOAT64: return type == TYPE_FLOAT8 ? CODEC_FLOAT64 : CODEC_NONE;
	case DBW_KIND_DECIMAL: return type == TYPE_NUMERIC ? CODEC_DECIMAL : CODEC_NONE;
	case DBW_KIND_TEXT: return dbw__postgresql_is_text(type) ? CODEC_TEXT : CODEC_NONE;
	case DBW_KIND_JSON:
		return type == TYPE_JSONB              ? CODEC_JSONB
		       : dbw__postgresql_is_text(type) ? CODEC_TEXT
						       : CODEC_NONE;
	case DBW_KIND_BYTES: return type == TYPE_BYTEA ? CODEC_BYTES : CODEC_NONE;
	case DBW_KIND_TIMESTAMP:
		return type == TYPE_TIMESTAMPTZ || type == TYPE_TIMESTAMP ? CODEC_TIMESTAMP : CODEC_NONE;
	case DBW_KIND_DATE: return type == TYPE_DATE ? CODEC_DATE : CODEC_NONE;
	case DBW_KIND_TIME: return type == TYPE_TIME ? CODEC_TIME : CODEC_NONE;
	case DBW_KIND_UUID: return type == TYPE_UUID ? CODEC_UUID : CODEC_NONE;
	case DBW_KIND_ENUM: return dbw__postgresql_is_text(type) ? CODEC_ENUM : CODEC_NONE;
	}
	return CODEC_NONE;
}

static uint8_t size_of(Oid type)
{
	switch (type) {
	case TYPE_BOOL: return 1;
	case TYPE_INT2: return 2;
	case TYPE_INT4:
	case TYPE_FLOAT4:
	case TYPE_DATE: return 4;
	case TYPE_INT8:
	case TYPE_FLOAT8:
	case TYPE_TIMESTAMP:
	case TYPE_TIMESTAMPTZ:
	case TYPE_TIME: return 8;
	case TYPE_UUID: return 16;
	default: return 0;
	}
}

/* Most columns are of the very type that their kind has. */
static uint8_t way_of(enum codec codec, unsigned size)
{
	switch (codec) {
	case CODEC_INT32: return size == 4 ? CODEC_INT32 : CODEC_NONE;
	case CODEC_INT64: return size == 8 ? CODEC_INT64 : CODEC_NONE;
	case CODEC_BOOL:
	case CODEC_DECIMAL:
	case CODEC_TEXT:
	case CODEC_TIMESTAMP:
	case CODEC_UUID:
	case CODEC_ENUM: return (uint8_t)codec;
	default: return CODEC_NONE;
	}
}

static void plan_column(const dbw_column *column, Oid type, struct decode_step *step)
{
	const bool nullable = (column->flags & DBW_COLUMN_NULLABLE) != 0;
	const uint8_t inside = (uint8_t)dbw__member_value_offset(column);

	step->codec = (uint8_t)codec_of(column, type);
	step->size = size_of(type);
	step->scale = column->scale;
	step->way = way_of((enum codec)step->codec, step->size);
	dbw__integer_range(column, &step->least, &step->span);
	step->optional = nullable && inside != 0;
	step->offset = column->offset + (nullable ? inside : 0);
	step->type = type;
	step->column = column;
}

dbw_status dbw__postgresql_plan_types(
	postgresql_statement *statement, const PGresult *described, dbw_error *error)
{
	if (statement->plan == NULL)
		return DBW_OK;
	if (PQnfields(described) != statement->column_count)
		return dbw__fail(error, DBW_SCHEMA_MISMATCH,
			"%s: the statement gives another number of columns", statement->model->name);
	for (uint16_t i = 0; i < statement->column_count; i++) {
		struct decode_step *step = &statement->plan[i];
		const Oid type = PQftype(described, i);

		if (step->type != type)
			plan_column(step->column, type, step);
		if (step->codec == CODEC_NONE)
			return dbw__fail(error, DBW_SCHEMA_MISMATCH,
				"%s.%s: its column has another type in the database", statement->model->name,
				step->column->field);
	}
	return DBW_OK;
}

dbw_status dbw__postgresql_plan_rows(postgresql_statement *statement, const PGresult *described,
	const dbw_result *result, dbw_error *error)
{
	const dbw_model *model = result->model;
	const uint16_t count = result->columns != NULL ? result->count : model->column_count;

	statement->plan = calloc(count, sizeof *statement->plan);
	if (statement->plan == NULL)
		return dbw__fail(error, DBW_OUT_OF_MEMORY, "out of memory");
	for (uint16_t i = 0; i < count; i++)
		statement->plan[i].column = &model->columns[result->columns != NULL ? result->columns[i] : i];
	statement->column_count = count;
	statement->model = model;
	return dbw__postgresql_plan_types(statement, described, error);
}

/* Decoders return NULL, or what is wrong with the stored value. */
static const char out_of_range[] = "the stored value is out of range";
static const char is_null[] = "the stored value is NULL";
static const char wrong_size[] = "the stored value has another size than its type";
static const char no_memory[] = "out of memory";
static const char unknown_codec[] = "a kind of column that this driver does not know";

/* What they return for a NULL that may be. */
static const char nothing[] = "";

static __attribute__((noinline, cold)) dbw_status fail_value(
	const dbw_model *model, const dbw_column *column, const char *wrong, dbw_error *error)
{
	return dbw__fail(error, wrong == no_memory ? DBW_OUT_OF_MEMORY : DBW_DATA, "%s.%s: %s", model->name,
		column->field, wrong);
}

static inline int64_t integer_at(const char *data, unsigned size)
{
	if (size == 8)
		return (int64_t)read_64(data);
	if (size == 4)
		return (int32_t)read_32(data);
	return (int16_t)read_16(data);
}

/* libpq ends every value with a NUL byte of its own, so that text can stay where it is. */
static inline const char *decode_text(const char *data, size_t length, dbw_arena *arena, void *out)
{
	char *copy;

	if (arena != NULL) {
		copy = dbw_arena_alloc_bytes(arena, length + 1);
		if (copy == NULL)
			return no_memory;
		data = memcpy(copy, data, length + 1);
	}
	*(const char **)out = data;
	return NULL;
}

static const char *decode_bytes(const char *data, size_t length, dbw_arena *arena, void *out)
{
	dbw_bytes *bytes = out;

	bytes->size = length;
	return decode_text(data, length, arena, &bytes->data);
}

static const char *decode_enum(const dbw_enum *values, const char *data, void *out)
{
	for (int i = 0; i < values->count; i++) {
		/* Most values that are others begin with another letter. */
		if (values->values[i][0] == data[0] && strcmp(values->values[i], data) == 0) {
			*(int *)out = i + 1;
			return NULL;
		}
	}
	return "the stored text is not one of the values of the enum";
}

static const char *decode_decimal(const dbw_column *column, const char *data, size_t length, void *out)
{
	dbw_decimal *decimal = out;

	if (dbw__postgresql_numeric_read(data, length, column->scale, decimal) != DBW_OK ||
		!dbw__decimal_fits(*decimal, column->precision, column->scale))
		return out_of_range;
	return NULL;
}

/* The two infinities are numbers at the ends, which the sums below would wrap. */
static const char *decode_timestamp(const char *data, void *out)
{
	const int64_t stored = (int64_t)read_64(data);
	const dbw_timestamp timestamp = { (int64_t)((uint64_t)stored + (uint64_t)EPOCH_US) };

	if (stored > INT64_MAX - EPOCH_US || !dbw_timestamp_is_valid(timestamp))
		return out_of_range;
	*(dbw_timestamp *)out = timestamp;
	return NULL;
}

static const char *decode_date(const char *data, void *out)
{
	const int64_t days = (int64_t)(int32_t)read_32(data) + EPOCH_DAYS;

	if (days < DBW_DATE_MIN || days > DBW_DATE_MAX)
		return out_of_range;
	((dbw_date *)out)->days = (int32_t)days;
	return NULL;
}

/* PostgreSQL has 24:00:00 too. */
static const char *decode_time(const char *data, void *out)
{
	const dbw_time time = { (int64_t)read_64(data) };

	if (!dbw_time_is_valid(time))
		return out_of_range;
	*(dbw_time *)out = time;
	return NULL;
}

static const char *decode_json(const char *data, size_t length, dbw_arena *arena, void *out)
{
	enum { FORM = 1 };

	if (length == 0 || data[0] != FORM)
		return "the stored json has a form that is not known";
	return decode_text(data + 1, length - 1, arena, out);
}

static void decode_real(const struct decode_step *step, const char *data, void *out)
{
	if (step->codec == CODEC_FLOAT64) {
		const uint64_t bits = read_64(data);

		memcpy(out, &bits, sizeof bits);
	} else {
		const uint32_t bits = read_32(data);

		memcpy(out, &bits, sizeof bits);
	}
}

static inline const char *decode_integer(const struct decode_step *step, const char *data, void *out)
{
	const int64_t number = integer_at(data, step->size);

	if (step->codec == CODEC_INT64) {
		*(int64_t *)out = number;
	} else if (step->codec == CODEC_INT32) {
		if (number < INT32_MIN || number > INT32_MAX)
			return out_of_range;
		*(int32_t *)out = (int32_t)number;
	} else {
		if (number < INT16_MIN || number > INT16_MAX)
			return out_of_range;
		*(int16_t *)out = (int16_t)number;
	}
	return NULL;
}

/* Values that all have the size of their type. */
static inline const char *decode_fixed(const struct decode_step *step, const char *data, void *out)
{
	switch ((enum codec)step->codec) {
	case CODEC_INT64:
	case CODEC_INT32:
	case CODEC_INT16: return decode_integer(step, data, out);
	case CODEC_BOOL: *(bool *)out = data[0] != 0; return NULL;
	case CODEC_TIMESTAMP: return decode_timestamp(data, out);
	case CODEC_UUID: memcpy(out, data, sizeof(dbw_uuid)); return NULL;
	case CODEC_DATE: return decode_date(data, out);
	case CODEC_TIME: return decode_time(data, out);
	case CODEC_FLOAT32:
	case CODEC_FLOAT64: decode_real(step, data, out); return NULL;
	default: return unknown_codec;
	}
}

/* Values whose size differs. */
static inline const char *decode_sized(
	const struct decode_step *step, const char *data, size_t length, dbw_arena *arena, void *out)
{
	switch ((enum codec)step->codec) {
	case CODEC_TEXT: return decode_text(data, length, arena, out);
	case CODEC_ENUM: return decode_enum(step->column->values, data, out);
	case CODEC_DECIMAL: return decode_decimal(step->column, data, length, out);
	case CODEC_JSONB: return decode_json(data, length, arena, out);
	case CODEC_BYTES: return decode_bytes(data, length, arena, out);
	default: return unknown_codec;
	}
}

/* NULL, an empty value, or a mistake. */
static __attribute__((noinline)) const char *decode_odd(const PGresult *result, int row, int column,
	const struct decode_step *step, dbw_arena *arena, void *out)
{
	if (PQgetisnull(result, row, column))
		return (step->column->flags & DBW_COLUMN_NULLABLE) != 0 ? nothing : is_null;
	if (step->size != 0)
		return wrong_size;
	return decode_sized(step, PQgetvalue(result, row, column), 0, arena, out);
}

static __attribute__((noinline)) const char *decode_column(const PGresult *result, int row, int column,
	const struct decode_step *step, dbw_arena *arena, void *out)
{
	const char *data = PQgetvalue(result, row, column);
	const int length = PQgetlength(result, row, column);

	if (length == 0 || (step->size != 0 && length != step->size))
		return decode_odd(result, row, column, step, arena, out);
	return step->size != 0 ? decode_fixed(step, data, out)
			       : decode_sized(step, data, (size_t)length, arena, out);
}

/*
 * The common case: a value that is there and right, of a column that most have. A text that stays where it is needs no
 * length: libpq ends it with a NUL byte, and NULL is empty. False: nothing is known of it yet.
 */
static inline __attribute__((always_inline)) bool decode_plainly(const PGresult *result, int row, int column,
	const struct decode_step *step, const char *data, dbw_arena *arena, void *out)
{
	int64_t number;
	int length;

	switch ((enum codec)step->way) {
	case CODEC_TEXT:
		if (data[0] == '\0')
			return false;
		if (arena != NULL)
			return decode_text(data, (size_t)PQgetlength(result, row, column), arena, out) ==
			       NULL;
		*(const char **)out = data;
		return true;
	case CODEC_ENUM: return data[0] != '\0' && decode_enum(step->column->values, data, out) == NULL;
	case CODEC_INT64:
		if (PQgetlength(result, row, column) != 8)
			return false;
		*(int64_t *)out = (int64_t)read_64(data);
		return true;
	case CODEC_INT32:
		if (PQgetlength(result, row, column) != 4)
			return false;
		*(int32_t *)out = (int32_t)read_32(data);
		return true;
	case CODEC_BOOL:
		if (PQgetlength(result, row, column) != 1)
			return false;
		*(bool *)out = data[0] != 0;
		return true;
	case CODEC_UUID:
		if (PQgetlength(result, row, column) != sizeof(dbw_uuid))
			return false;
		memcpy(out, data, sizeof(dbw_uuid));
		return true;
	case CODEC_TIMESTAMP:
		if (PQgetlength(result, row, column) != 8)
			return false;
		/* What wraps is outside of the range, too. */
		number = (int64_t)(read_64(data) + (uint64_t)EPOCH_US);
		if ((uint64_t)number - step->least > step->span)
			return false;
		((dbw_timestamp *)out)->us = number;
		return true;
	case CODEC_DECIMAL:
		length = PQgetlength(result, row, column);
		if (!dbw__postgresql_numeric_read_short(data, (size_t)length, step->scale, &number) ||
			(uint64_t)number - step->least > step->span)
			return false;
		*(dbw_decimal *)out = (dbw_decimal){
			.high = number < 0 ? -1 : 0, .low = (uint64_t)number, .scale = step->scale
		};
		return true;
	case CODEC_NONE: return false;
	default: __builtin_unreachable();
	}
}

static inline const char *decode_row(const postgresql_statement *statement, unsigned char *row,
	dbw_arena *arena, const struct decode_step **failed)
{
	const PGresult *result = statement->result;
	const int number = statement->row, count = statement->column_count;
	const struct decode_step *step = statement->plan;

	for (int i = 0; i < count; i++, step++) {
		const char *data = PQgetvalue(result, number, i);
		const char *wrong = NULL;

		if (!decode_plainly(result, number, i, step, data, arena, row + step->offset))
			wrong = decode_column(result, number, i, step, arena, row + step->offset);
		if (wrong == NULL) {
			if (step->optional)
				*(bool *)(row + step->column->offset) = true;
		} else if (wrong == nothing) {
			memset(row + step->column->offset, 0, dbw__member_size(step->column));
		} else {
			*failed = step;
			return wrong;
		}
	}
	return NULL;
}

static void clear_result(void *result)
{
	PQclear(result);
}

/* The rows' texts stay in the result, which is the arena's from here on. */
dbw_status dbw__postgresql_fetch_rows(dbw_connection *connection, dbw_prepared *prepared, void *rows,
	size_t count, dbw_arena *arena, size_t *done, dbw_error *error)
{
	postgresql_statement *statement = statement_of(prepared);
	const struct decode_step *failed;
	unsigned char *row = rows;
	const char *wrong;

	(void)connection;
	*done = 0;
	if (statement->model == NULL)
		return dbw__fail(error, DBW_MISUSE, "the statement was prepared without a result");
	if (!statement->kept) {
		if (!dbw_arena_adopt(arena, clear_result, statement->result))
			return dbw__fail(error, DBW_OUT_OF_MEMORY, "out of memory");
		statement->kept = true;
	}
	for (; *done < count && statement->row < statement->row_count; row += statement->model->row_size) {
		wrong = decode_row(statement, row, NULL, &failed);
		if (wrong != NULL)
			return fail_value(statement->model, failed->column, wrong, error);
		statement->row++;
		++*done;
	}
	return DBW_OK;
}

dbw_status dbw__postgresql_fetch(dbw_connection *connection, dbw_prepared *prepared, void *row,
	dbw_arena *arena, bool *more, dbw_error *error)
{
	postgresql_statement *statement = statement_of(prepared);
	const struct decode_step *failed;
	const char *wrong;

	*more = false;
	if (statement->row == statement->row_count) {
		dbw_status status = dbw__postgresql_next_piece(connection_of(connection), statement, error);

		if (status != DBW_OK || statement->row == statement->row_count)
			return status;
	}
	if (statement->model == NULL)
		return dbw__fail(error, DBW_MISUSE, "the statement was prepared without a result");
	wrong = decode_row(statement, row, arena, &failed);
	if (wrong != NULL)
		return fail_value(statement->model, failed->column, wrong, error);
	statement->row++;
	*more = true;
	return DBW_OK;
}

bool dbw__postgresql_read_integer(const PGresult *result, int row, int column, int64_t *out)
{
	const int size = PQgetlength(result, row, column);

	if (!is_integer(PQftype(result, column)) || size != size_of(PQftype(result, column)))
		return false;
	*out = integer_at(PQgetvalue(result, row, column), (unsigned)size);
	return true;
}

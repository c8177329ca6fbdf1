#include "connection.h"

#include <value/coefficient.h>

#include <limits.h>

/*
 * Text and bytes are bound where they are (SQLITE_STATIC): the memory outlives the statement's run, which
 * ends with a reset before the call returns. What is printed here goes in as a copy.
 */

static dbw_status fail_value(const dbw_column *column, const char *what, dbw_error *error)
{
	return dbw__fail(error, DBW_INVALID, "%s: %s", column == NULL ? "parameter" : column->field, what);
}

static int bind_copy(sqlite3_stmt *statement, int place, const char *text, size_t length)
{
	return sqlite3_bind_text(statement, place, text, (int)length, SQLITE_TRANSIENT);
}

static bool as_text(const dbw_column *column)
{
	return column != NULL && (column->flags & DBW_COLUMN_TEXT_STORAGE) != 0;
}

size_t dbw__sqlite_print_stored(const dbw_value *value, char *text)
{
	size_t length = 0;

	switch (value->kind) {
	case DBW_KIND_TIMESTAMP:
		length = dbw_timestamp_print((dbw_timestamp){ value->as.integer }, text);
		break;
	case DBW_KIND_DATE:
		if (value->as.integer >= DBW_DATE_MIN && value->as.integer <= DBW_DATE_MAX)
			length = dbw_date_print((dbw_date){ (int32_t)value->as.integer }, text);
		break;
	case DBW_KIND_TIME: length = dbw_time_print((dbw_time){ value->as.integer }, text); break;
	case DBW_KIND_UUID: length = dbw_uuid_print(value->as.uuid, text); break;
	case DBW_KIND_DECIMAL: length = dbw_decimal_print(value->as.decimal, text); break;
	default: break;
	}
	return length;
}

static dbw_status bind_as_text(
	sqlite3_stmt *statement, int place, const dbw_value *value, int *code, dbw_error *error)
{
	char text[DBW_DECIMAL_SIZE];
	const size_t length = dbw__sqlite_print_stored(value, text);

	if (length == 0)
		return fail_value(value->column, "the value cannot be written as text", error);
	*code = bind_copy(statement, place, text, length);
	return DBW_OK;
}

static dbw_status bind_decimal(
	sqlite3_stmt *statement, int place, const dbw_value *value, int *code, dbw_error *error)
{
	int32_t scale = value->column == NULL ? value->as.decimal.scale : value->column->scale;
	int64_t scaled;

	if (as_text(value->column))
		return bind_as_text(statement, place, value, code, error);
	if (dbw__decimal_to_scaled(value->as.decimal, scale, &scaled) != DBW_OK)
		return fail_value(value->column, "the decimal does not fit", error);
	*code = sqlite3_bind_int64(statement, place, scaled);
	return DBW_OK;
}

/* Whether a decimal is stored as its coefficient, just as it is. */
static inline bool is_coefficient(const dbw_value *value)
{
	const dbw_decimal decimal = value->as.decimal;

	return value->column != NULL && (value->column->flags & DBW_COLUMN_TEXT_STORAGE) == 0 &&
	       decimal.scale == value->column->scale && decimal.high == ((decimal.low >> 63) != 0 ? -1 : 0);
}

/* The stored text of an enumerator, NULL where there is none. */
static inline const char *enum_text(const dbw_value *value)
{
	const dbw_enum *values = value->column == NULL ? NULL : value->column->values;

	if (values == NULL || value->as.integer < 1 || value->as.integer > values->count)
		return NULL;
	return values->values[value->as.integer - 1];
}

/*
 * Text with -1 for its length: SQLite takes that as a promise of the NUL byte, and without it copies a text whenever a
 * function or a CHECK asks for it.
 */
static inline int bind_text(sqlite3_stmt *statement, int place, const dbw_value *value)
{
	if (value->size > INT_MAX)
		return SQLITE_TOOBIG;
	return sqlite3_bind_text(statement, place, value->as.data, -1, SQLITE_STATIC);
}

/* What needs more than one call: text storage, decimals of another scale, and what is wrong. */
static __attribute__((noinline)) dbw_status bind_slowly(
	sqlite3_stmt *statement, int place, const dbw_value *value, int *code, dbw_error *error)
{
	switch (value->kind) {
	case DBW_KIND_TIMESTAMP:
	case DBW_KIND_DATE:
	case DBW_KIND_TIME:
	case DBW_KIND_UUID: return bind_as_text(statement, place, value, code, error);
	case DBW_KIND_DECIMAL: return bind_decimal(statement, place, value, code, error);
	case DBW_KIND_ENUM: return fail_value(value->column, "not one of the values of the enum", error);
	case DBW_VALUE_LIST: return dbw__sqlite_bind_list(statement, place, value, code, error);
	default: return fail_value(value->column, "a kind of value that this driver does not know", error);
	}
}

dbw_status dbw__sqlite_bind_values(
	const sqlite_statement *statement, const dbw_value *values, size_t count, dbw_error *error)
{
	sqlite3_stmt *const run = statement->run;
	dbw_status status;

	/* A parameter that is left out would keep the pointer of the run before. */
	if (count != statement->parameter_count && statement->numbered != NULL)
		return dbw__sqlite_bind_numbered(statement, values, count, error);
	if (count != statement->parameter_count)
		return dbw__fail(error, DBW_MISUSE,
			"the statement has %zu parameters, and %zu values are given",
			(size_t)statement->parameter_count, count);
	for (int place = 1; place <= (int)count; place++, values++) {
		const char *text;
		int code;

		switch (values->kind) {
		case DBW_KIND_TIMESTAMP:
		case DBW_KIND_DATE:
		case DBW_KIND_TIME:
			if (as_text(values->column))
				goto slowly;
			/* fall through */
		case DBW_KIND_BOOL:
		case DBW_KIND_INT16:
		case DBW_KIND_INT32:
		case DBW_KIND_INT64: code = sqlite3_bind_int64(run, place, values->as.integer); break;
		case DBW_KIND_TEXT:
		case DBW_KIND_JSON: code = bind_text(run, place, values); break;
		case DBW_KIND_ENUM:
			text = enum_text(values);
			if (text == NULL)
				goto slowly;
			code = sqlite3_bind_text(run, place, text, -1, SQLITE_STATIC);
			break;
		case 0: code = sqlite3_bind_null(run, place); break;
		case DBW_KIND_DECIMAL:
			if (!is_coefficient(values))
				goto slowly;
			code = sqlite3_bind_int64(run, place, (int64_t)values->as.decimal.low);
			break;
		case DBW_KIND_UUID:
			if (as_text(values->column))
				goto slowly;
			code = sqlite3_bind_blob(
				run, place, values->as.uuid.bytes, sizeof(dbw_uuid), SQLITE_STATIC);
			break;
		case DBW_KIND_FLOAT32:
		case DBW_KIND_FLOAT64: code = sqlite3_bind_double(run, place, values->as.real); break;
		case DBW_KIND_BYTES:
			code = sqlite3_bind_blob64(run, place, values->as.data, values->size, SQLITE_STATIC);
			break;
		default:
		slowly:
			status = bind_slowly(run, place, values, &code, error);
			if (status != DBW_OK)
				return status;
		}
		if (code != SQLITE_OK)
			return dbw__sqlite_fail_code(code, error);
	}
	return DBW_OK;
}

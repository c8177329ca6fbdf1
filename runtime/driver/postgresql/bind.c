#include "connection.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/*
 * Values go out in the binary form of the type that the server takes (its function <type>recv), text and bytes where
 * they are. A type that is not known here gets text, which every type reads: a column whose type the declaration
 * overrides.
 */

/* Memory for lists that a statement keeps from run to run. */
enum { KEPT_LIST_SIZE = 64 * 1024 };

static dbw_status fail_value(const dbw_column *column, const char *what, dbw_error *error)
{
	return dbw__fail(error, DBW_INVALID, "%s: %s", column == NULL ? "parameter" : column->field, what);
}

const char *dbw__postgresql_enum_text(const dbw_value *value)
{
	const dbw_enum *values = value->column == NULL ? NULL : value->column->values;

	if (values == NULL || value->as.integer < 1 || value->as.integer > values->count)
		return NULL;
	return values->values[value->as.integer - 1];
}

static size_t code_integer(int64_t number, Oid type, char *out)
{
	switch (type) {
	case TYPE_INT8: write_64(out, (uint64_t)number); return 8;
	case TYPE_INT4:
		if (number < INT32_MIN || number > INT32_MAX)
			return 0;
		write_32(out, (uint32_t)number);
		return 4;
	case TYPE_INT2:
		if (number < INT16_MIN || number > INT16_MAX)
			return 0;
		write_16(out, (uint16_t)number);
		return 2;
	default: return 0;
	}
}

static size_t code_real(double real, Oid type, char *out)
{
	if (type == TYPE_FLOAT8) {
		uint64_t bits;

		memcpy(&bits, &real, sizeof bits);
		write_64(out, bits);
		return sizeof bits;
	}
	if (type == TYPE_FLOAT4) {
		const float narrow = (float)real;
		uint32_t bits;

		memcpy(&bits, &narrow, sizeof bits);
		write_32(out, bits);
		return sizeof bits;
	}
	return 0;
}

size_t dbw__postgresql_code(const dbw_value *value, Oid type, char out[PARAMETER_SIZE])
{
	switch (value->kind) {
	case DBW_KIND_BOOL:
		if (type != TYPE_BOOL)
			return 0;
		out[0] = value->as.integer != 0;
		return 1;
	case DBW_KIND_INT16:
	case DBW_KIND_INT32:
	case DBW_KIND_INT64: return code_integer(value->as.integer, type, out);
	case DBW_KIND_FLOAT32:
	case DBW_KIND_FLOAT64: return code_real(value->as.real, type, out);
	case DBW_KIND_DECIMAL:
		return type == TYPE_NUMERIC ? dbw__postgresql_numeric_write(value->as.decimal, out) : 0;
	case DBW_KIND_TIMESTAMP:
		if (type != TYPE_TIMESTAMPTZ && type != TYPE_TIMESTAMP)
			return 0;
		write_64(out, (uint64_t)(value->as.integer - EPOCH_US));
		return 8;
	case DBW_KIND_DATE:
		if (type != TYPE_DATE)
			return 0;
		write_32(out, (uint32_t)(value->as.integer - EPOCH_DAYS));
		return 4;
	case DBW_KIND_TIME:
		if (type != TYPE_TIME)
			return 0;
		write_64(out, (uint64_t)value->as.integer);
		return 8;
	case DBW_KIND_UUID:
		if (type != TYPE_UUID)
			return 0;
		memcpy(out, value->as.uuid.bytes, sizeof value->as.uuid.bytes);
		return sizeof value->as.uuid.bytes;
	default: return 0;
	}
}

size_t dbw__postgresql_print(const dbw_value *value, char out[PARAMETER_SIZE])
{
	int length = 0;

	switch (value->kind) {
	case DBW_KIND_BOOL:
		length = snprintf(out, PARAMETER_SIZE, "%s", value->as.integer ? "t" : "f");
		break;
	case DBW_KIND_INT16:
	case DBW_KIND_INT32:
	case DBW_KIND_INT64: length = snprintf(out, PARAMETER_SIZE, "%" PRId64, value->as.integer); break;
	case DBW_KIND_FLOAT32:
	case DBW_KIND_FLOAT64: length = snprintf(out, PARAMETER_SIZE, "%.17g", value->as.real); break;
	case DBW_KIND_DECIMAL: return dbw_decimal_print(value->as.decimal, out);
	case DBW_KIND_TIMESTAMP: return dbw_timestamp_print((dbw_timestamp){ value->as.integer }, out);
	case DBW_KIND_DATE:
		if (value->as.integer >= DBW_DATE_MIN && value->as.integer <= DBW_DATE_MAX)
			return dbw_date_print((dbw_date){ (int32_t)value->as.integer }, out);
		break;
	case DBW_KIND_TIME: return dbw_time_print((dbw_time){ value->as.integer }, out);
	case DBW_KIND_UUID: return dbw_uuid_print(value->as.uuid, out);
	default: break;
	}
	return length > 0 ? (size_t)length : 0;
}

static dbw_status check_size(size_t size, dbw_error *error)
{
	if (size <= VALUES_SIZE_LIMIT)
		return DBW_OK;
	return dbw__fail(error, DBW_UNSUPPORTED, "PostgreSQL takes no values of 1 GiB together");
}

/* Where the value is, without a copy. */
static dbw_status bind_in_place(
	postgresql_statement *statement, size_t i, const dbw_value *value, dbw_error *error)
{
	statement->values[i] = value->as.data;
	statement->lengths[i] = (int)value->size;
	/* As text it ends with its NUL byte; bytes have no other form than their own. */
	statement->formats[i] = value->kind == DBW_KIND_BYTES || statement->types[i] == TYPE_TEXT ||
				statement->types[i] == TYPE_VARCHAR;
	if (value->kind == DBW_KIND_BYTES && statement->types[i] != TYPE_BYTEA)
		return fail_value(value->column, "its column is not of the type bytea", error);
	return DBW_OK;
}

/* An array stays in statement->lists, whose memory may still move: its place is kept as a length until all are coded. */
static dbw_status bind_list(
	postgresql_statement *statement, size_t i, const dbw_value *value, dbw_error *error)
{
	const size_t start = statement->lists.length;
	dbw_status status = dbw__postgresql_code_list(
		value, statement->types[i], &statement->formats[i], &statement->lists, error);

	if (status != DBW_OK)
		return status;
	if (statement->lists.failed || !dbw_text_append_char(&statement->lists, '\0'))
		return dbw__fail(error, DBW_OUT_OF_MEMORY, "out of memory");
	if (statement->lists.length > INT32_MAX)
		return fail_value(value->column, "the list is longer than PostgreSQL takes", error);
	statement->lengths[i] = (int)(statement->lists.length - start - 1);
	return DBW_OK;
}

static void place_lists(postgresql_statement *statement, const dbw_value *values, size_t count)
{
	size_t start = 0;

	for (size_t i = 0; i < count; i++) {
		if (values[i].kind != DBW_VALUE_LIST)
			continue;
		statement->values[i] = statement->lists.data + start;
		start += (size_t)statement->lengths[i] + 1;
	}
}

static dbw_status bind_value(
	postgresql_statement *statement, size_t i, const dbw_value *value, dbw_error *error)
{
	char *storage = statement->storage[i];
	size_t length = dbw__postgresql_code(value, statement->types[i], storage);

	statement->formats[i] = length != 0;
	if (length == 0)
		length = dbw__postgresql_print(value, storage);
	if (length == 0)
		return fail_value(value->column, "the value has no form in PostgreSQL", error);
	statement->values[i] = storage;
	statement->lengths[i] = (int)length;
	return DBW_OK;
}

dbw_status dbw__postgresql_bind_values(
	postgresql_statement *statement, const dbw_value *values, size_t count, dbw_error *error)
{
	bool lists = false;
	size_t size = 0;
	dbw_status status = DBW_OK;

	if (count != statement->parameter_count)
		return dbw__fail(error, DBW_MISUSE,
			"the statement has %zu parameters, and %zu values are given",
			(size_t)statement->parameter_count, count);
	for (size_t i = 0; status == DBW_OK && i < count; i++) {
		const dbw_value *value = &values[i];

		switch (value->kind) {
		case 0: statement->values[i] = NULL; break;
		case DBW_KIND_TEXT:
		case DBW_KIND_JSON:
		case DBW_KIND_BYTES:
			size += value->size;
			status = bind_in_place(statement, i, value, error);
			break;
		case DBW_KIND_ENUM:
			statement->values[i] = dbw__postgresql_enum_text(value);
			statement->formats[i] = 0;
			if (statement->values[i] == NULL)
				status =
					fail_value(value->column, "not one of the values of the enum", error);
			break;
		case DBW_VALUE_LIST:
			lists = true;
			status = bind_list(statement, i, value, error);
			break;
		default: status = bind_value(statement, i, value, error); break;
		}
	}
	if (status == DBW_OK)
		status = check_size(size + statement->lists.length, error);
	if (status == DBW_OK && lists)
		place_lists(statement, values, count);
	return status;
}

void dbw__postgresql_end_lists(postgresql_statement *statement)
{
	if (statement->lists.capacity > KEPT_LIST_SIZE || statement->lists.failed)
		dbw_text_clear(&statement->lists);
	else
		dbw_text_truncate(&statement->lists, 0);
}

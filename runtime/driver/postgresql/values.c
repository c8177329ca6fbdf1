#include "connection.h"

#include <string.h>

static const postgresql_statement *constant_statement_of(const dbw_prepared *prepared)
{
	return (const postgresql_statement *)(const void *)prepared;
}

uint32_t dbw__postgresql_column_count(const dbw_prepared *prepared)
{
	return (uint32_t)PQnfields(constant_statement_of(prepared)->result);
}

const char *dbw__postgresql_column_name(const dbw_prepared *prepared, uint32_t number)
{
	return PQfname(constant_statement_of(prepared)->result, (int)number);
}

static dbw_status set_data(
	dbw_kind kind, const char *data, size_t length, dbw_arena *arena, dbw_value *out, dbw_error *error)
{
	out->kind = (uint8_t)kind;
	out->size = (uint32_t)length;
	out->as.data = dbw_arena_copy(arena, data, length);
	return out->as.data == NULL ? dbw__fail(error, DBW_OUT_OF_MEMORY, "out of memory") : DBW_OK;
}

static dbw_status set_integer(dbw_kind kind, int64_t number, dbw_value *out)
{
	out->kind = (uint8_t)kind;
	out->as.integer = number;
	return DBW_OK;
}

static double real_of(const char *data, int length)
{
	double real;
	float narrow;

	if (length == 4) {
		const uint32_t bits = read_32(data);

		memcpy(&narrow, &bits, sizeof narrow);
		return (double)narrow;
	}
	const uint64_t bits = read_64(data);

	memcpy(&real, &bits, sizeof real);
	return real;
}

/* A number has the scale that the server prints it with (its numeric_send(): ndigits, weight, sign, dscale). */
static bool read_decimal(const char *data, size_t length, dbw_decimal *out)
{
	return length >= 8 &&
	       dbw__postgresql_numeric_read(data, length, (int32_t)read_16(data + 6), out) == DBW_OK;
}

/* The infinities are the ends of their range; the sum must not wrap. */
static bool read_time(Oid type, const char *data, int64_t *out)
{
	int64_t stored;

	if (type == TYPE_DATE) {
		*out = (int64_t)(int32_t)read_32(data) + EPOCH_DAYS;
		return *out >= DBW_DATE_MIN && *out <= DBW_DATE_MAX;
	}
	stored = (int64_t)read_64(data);
	if (type == TYPE_TIME) {
		*out = stored;
		return dbw_time_is_valid((dbw_time){ stored });
	}
	if (stored > INT64_MAX - EPOCH_US)
		return false;
	*out = stored + EPOCH_US;
	return dbw_timestamp_is_valid((dbw_timestamp){ *out });
}

static dbw_kind kind_of_time(Oid type)
{
	return type == TYPE_DATE ? DBW_KIND_DATE : type == TYPE_TIME ? DBW_KIND_TIME : DBW_KIND_TIMESTAMP;
}

static dbw_status read_value(
	const PGresult *result, int row, int column, dbw_arena *arena, dbw_value *out, dbw_error *error)
{
	const Oid type = PQftype(result, column);
	const char *data = PQgetvalue(result, row, column);
	const int length = PQgetlength(result, row, column);
	int64_t number;

	*out = (dbw_value){ .kind = 0 };
	if (PQgetisnull(result, row, column))
		return DBW_OK;
	switch (type) {
	case TYPE_BOOL: return set_integer(DBW_KIND_BOOL, data[0] != 0, out);
	case TYPE_INT2:
	case TYPE_INT4:
	case TYPE_INT8:
		if (!dbw__postgresql_read_integer(result, row, column, &number))
			break;
		return set_integer(DBW_KIND_INT64, number, out);
	case TYPE_FLOAT4:
	case TYPE_FLOAT8:
		out->kind = DBW_KIND_FLOAT64;
		out->as.real = real_of(data, length);
		return DBW_OK;
	case TYPE_NUMERIC:
		out->kind = DBW_KIND_DECIMAL;
		if (!read_decimal(data, (size_t)length, &out->as.decimal))
			break;
		return DBW_OK;
	case TYPE_DATE:
	case TYPE_TIME:
	case TYPE_TIMESTAMP:
	case TYPE_TIMESTAMPTZ:
		if (!read_time(type, data, &number))
			break;
		return set_integer(kind_of_time(type), number, out);
	case TYPE_UUID:
		out->kind = DBW_KIND_UUID;
		memcpy(out->as.uuid.bytes, data, sizeof out->as.uuid.bytes);
		return DBW_OK;
	case TYPE_BYTEA: return set_data(DBW_KIND_BYTES, data, (size_t)length, arena, out, error);
	/* Behind the number of its form. */
	case TYPE_JSONB: return set_data(DBW_KIND_JSON, data + 1, (size_t)length - 1, arena, out, error);
	case TYPE_JSON: return set_data(DBW_KIND_JSON, data, (size_t)length, arena, out, error);
	case TYPE_TEXT:
	case TYPE_VARCHAR:
	case TYPE_BPCHAR:
	case TYPE_UNKNOWN:
	case TYPE_NAME: return set_data(DBW_KIND_TEXT, data, (size_t)length, arena, out, error);
	default:
		return dbw__fail(error, DBW_UNSUPPORTED,
			"column \"%s\" has a type that is not known here: cast it to text",
			PQfname(result, column));
	}
	return dbw__fail(error, DBW_DATA, "column \"%s\": the value is out of range: cast it to text",
		PQfname(result, column));
}

dbw_status dbw__postgresql_fetch_values(dbw_connection *connection, dbw_prepared *prepared, dbw_value *values,
	uint32_t count, dbw_arena *arena, bool *more, dbw_error *error)
{
	postgresql_statement *statement = statement_of(prepared);

	(void)connection;
	*more = false;
	if (statement->row == statement->row_count)
		return DBW_OK;
	for (uint32_t i = 0; i < count; i++) {
		dbw_status status =
			read_value(statement->result, statement->row, (int)i, arena, &values[i], error);

		if (status != DBW_OK)
			return status;
	}
	statement->row++;
	*more = true;
	return DBW_OK;
}

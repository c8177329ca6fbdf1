#include "connection.h"

#include <stdlib.h>
#include <string.h>

/* Values in the order of the places that SQLite gave the parameters; they stay until the statement has run. */
struct numbered_parameters {
	size_t place_count, value_count;
	dbw_value *values; /* Behind the numbers. */
	size_t numbers[];  /* Of the value at each place, from 1. */
};

/* The number in "$12"; 0 for any other name. */
static size_t number_of(const char *name)
{
	size_t number = 0;

	if (name == NULL || name[0] != '$' || name[1] < '1' || name[1] > '9')
		return 0;
	while (*++name >= '0' && *name <= '9' && number <= UINT16_MAX)
		number = 10 * number + (size_t)(*name - '0');
	return *name == '\0' && number <= UINT16_MAX ? number : 0;
}

static struct numbered_parameters *new_numbered(size_t count)
{
	const size_t numbers = sizeof(struct numbered_parameters) + count * sizeof(size_t);
	const size_t start = (numbers + _Alignof(dbw_value) - 1) / _Alignof(dbw_value) * _Alignof(dbw_value);
	struct numbered_parameters *made = calloc(1, start + count * sizeof(dbw_value));

	if (made != NULL) {
		made->place_count = count;
		made->values = (dbw_value *)(void *)((char *)made + start);
	}
	return made;
}

dbw_status dbw__sqlite_number_parameters(sqlite_statement *statement, dbw_error *error)
{
	const size_t count = statement->parameter_count;
	struct numbered_parameters *numbered;
	size_t place = 1;

	while (place <= count) {
		const size_t number = number_of(sqlite3_bind_parameter_name(statement->run, (int)place));

		if (number != 0 && number != place)
			break;
		place++;
	}
	if (place > count)
		return DBW_OK;
	numbered = new_numbered(count);
	if (numbered == NULL)
		return dbw__fail(error, DBW_OUT_OF_MEMORY, "out of memory");
	for (place = 1; place <= count; place++) {
		size_t number = number_of(sqlite3_bind_parameter_name(statement->run, (int)place));

		if (number == 0)
			number = place;
		numbered->numbers[place - 1] = number;
		if (number > numbered->value_count)
			numbered->value_count = number;
	}
	statement->numbered = numbered;
	statement->parameter_count = SIZE_MAX;
	return DBW_OK;
}

dbw_status dbw__sqlite_bind_numbered(
	const sqlite_statement *statement, const dbw_value *values, size_t count, dbw_error *error)
{
	const struct numbered_parameters *numbered = statement->numbered;
	sqlite_statement plain = *statement;

	if (count != numbered->value_count)
		return dbw__fail(error, DBW_MISUSE,
			"the statement has %zu parameters, and %zu values are given",
			(size_t)numbered->value_count, count);
	for (size_t i = 0; i < numbered->place_count; i++)
		numbered->values[i] = values[numbered->numbers[i] - 1];
	plain.numbered = NULL;
	plain.parameter_count = numbered->place_count;
	return dbw__sqlite_bind_values(&plain, numbered->values, numbered->place_count, error);
}

bool dbw__sqlite_has_more(sqlite_connection *own, const char *rest)
{
	while (rest != NULL && *rest != '\0') {
		sqlite3_stmt *next = NULL;
		const char *end = rest;
		const int code = sqlite3_prepare_v3(own->db, rest, -1, 0, &next, &end);

		sqlite3_finalize(next);
		if (code != SQLITE_OK || next != NULL)
			return true;
		if (end == rest)
			break;
		rest = end;
	}
	return false;
}

static const sqlite_statement *constant_statement_of(const dbw_prepared *prepared)
{
	return (const sqlite_statement *)(const void *)prepared;
}

uint32_t dbw__sqlite_column_count(const dbw_prepared *prepared)
{
	return (uint32_t)sqlite3_column_count(constant_statement_of(prepared)->run);
}

const char *dbw__sqlite_column_name(const dbw_prepared *prepared, uint32_t number)
{
	return sqlite3_column_name(constant_statement_of(prepared)->run, (int)number);
}

bool dbw__sqlite_may_write(const dbw_prepared *prepared)
{
	return sqlite3_stmt_readonly(constant_statement_of(prepared)->run) == 0;
}

/* A text or blob of no length is one all the same; where memory is short SQLite gives NULL for one that has a length. */
static bool copy_out(const void *data, int size, dbw_arena *arena, dbw_value *out)
{
	const char *copy = data == NULL && size != 0 ? NULL : dbw_arena_copy(arena, data, (size_t)size);

	out->size = (uint32_t)size;
	out->as.data = copy;
	return copy != NULL;
}

static bool read_value(sqlite3_stmt *run, int place, dbw_arena *arena, dbw_value *out)
{
	const void *data;

	*out = (dbw_value){ .kind = 0 };
	switch (sqlite3_column_type(run, place)) {
	case SQLITE_INTEGER:
		out->kind = DBW_KIND_INT64;
		out->as.integer = sqlite3_column_int64(run, place);
		return true;
	case SQLITE_FLOAT:
		out->kind = DBW_KIND_FLOAT64;
		out->as.real = sqlite3_column_double(run, place);
		return true;
	case SQLITE_TEXT:
		out->kind = DBW_KIND_TEXT;
		data = sqlite3_column_text(run, place);
		return data != NULL && copy_out(data, sqlite3_column_bytes(run, place), arena, out);
	case SQLITE_BLOB:
		out->kind = DBW_KIND_BYTES;
		data = sqlite3_column_blob(run, place);
		return copy_out(data, sqlite3_column_bytes(run, place), arena, out);
	default: return true;
	}
}

dbw_status dbw__sqlite_fetch_values(dbw_connection *connection, dbw_prepared *prepared, dbw_value *values,
	uint32_t count, dbw_arena *arena, bool *more, dbw_error *error)
{
	sqlite3_stmt *run = statement_of(prepared)->run;
	int code;

	*more = false;
	dbw__sqlite_start(connection_of(connection));
	code = sqlite3_step(run);
	if (code != SQLITE_ROW)
		return code == SQLITE_DONE ? DBW_OK
					   : dbw__sqlite_fail_step(connection_of(connection), code, error);
	/* The first step prepares a statement anew whose tables have changed. */
	if ((uint32_t)sqlite3_column_count(run) != count)
		return dbw__fail(error, DBW_SCHEMA_MISMATCH, "the tables have changed meanwhile: try again");
	for (uint32_t i = 0; i < count; i++)
		if (!read_value(run, (int)i, arena, &values[i]))
			return dbw__fail(error, DBW_OUT_OF_MEMORY, "out of memory");
	*more = true;
	return DBW_OK;
}

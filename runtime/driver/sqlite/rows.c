#include "connection.h"

#include <base/json.h>
#include <base/utf8.h>
#include <descriptor/member.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

/*
 * Members of rows go from the row to SQLite in one step: checked, and bound where they are (SQLITE_STATIC). That is done
 * for what is plain alone. A member that is not stops it without a word: the statement layer, which knows all cases and
 * what to say of them, then takes the row. So what is taken here has to be what dbw__encode_member() takes.
 */

/* How a member is read. */
enum way {
	WAY_NULLABLE, /* Text, json or bytes that may be a NULL pointer. */
	WAY_OPTIONAL, /* A dbw_opt_ struct. */
	WAY_BOOL,
	WAY_INT16,
	WAY_INT32,
	WAY_DATE,
	WAY_INT64,
	WAY_RANGE, /* 64 bits within a range. */
	WAY_DECIMAL,
	WAY_TEXT,
	WAY_JSON,
	WAY_ENUM,
	WAY_UUID,
	WAY_FLOAT32,
	WAY_FLOAT64,
	WAY_BYTES,
};

struct row_member {
	uint32_t offset; /* In the row. */
	uint8_t way;
	uint8_t plain_way; /* WAY_NULLABLE and WAY_OPTIONAL: of a value that is there ... */
	uint8_t inside;    /* ... which stands so far inside the struct. */
	uint8_t scale;
	uint32_t length; /* Text: greatest number of characters, 0 for no limit. */
	uint64_t least;  /* Numbers: the least, modulo 2^64, ... */
	uint64_t span;   /* ... and how far the greatest is above it. */
	const dbw_enum *values;
};

static enum way way_of(const dbw_column *column)
{
	switch ((dbw_kind)column->kind) {
	case DBW_KIND_BOOL: return WAY_BOOL;
	case DBW_KIND_INT16: return WAY_INT16;
	case DBW_KIND_INT32: return WAY_INT32;
	case DBW_KIND_DATE: return WAY_DATE;
	case DBW_KIND_INT64: return (column->flags & DBW_COLUMN_REFERENCE_ID) != 0 ? WAY_RANGE : WAY_INT64;
	case DBW_KIND_TIMESTAMP:
	case DBW_KIND_TIME: return WAY_RANGE;
	case DBW_KIND_DECIMAL: return WAY_DECIMAL;
	case DBW_KIND_TEXT: return WAY_TEXT;
	case DBW_KIND_JSON: return WAY_JSON;
	case DBW_KIND_ENUM: return WAY_ENUM;
	case DBW_KIND_UUID: return WAY_UUID;
	case DBW_KIND_FLOAT32: return WAY_FLOAT32;
	case DBW_KIND_FLOAT64: return WAY_FLOAT64;
	case DBW_KIND_BYTES: return WAY_BYTES;
	}
	return WAY_NULLABLE;
}

/* False where a member can be more than what it looks like: printed, left to the database, or made by the runtime. */
static bool plan_member(const dbw_column *column, struct row_member *member)
{
	const unsigned made =
		DBW_COLUMN_NOW | DBW_COLUMN_NOW_ON_UPDATE | DBW_COLUMN_UUID_V4 | DBW_COLUMN_UUID_V7;
	const bool nullable = (column->flags & DBW_COLUMN_NULLABLE) != 0;

	if ((column->flags & (DBW_COLUMN_TEXT_STORAGE | DBW_COLUMN_EXPRESSION | DBW_COLUMN_GENERATED)) != 0)
		return false;
	/* An unset time or uuid is none that a NOT NULL column takes; a nullable one may be NULL or unset. */
	if (nullable && (column->flags & made) != 0)
		return false;
	member->offset = column->offset;
	member->plain_way = member->way = (uint8_t)way_of(column);
	if (member->way == WAY_NULLABLE)
		return false;
	if (nullable) {
		member->inside = (uint8_t)dbw__member_value_offset(column);
		member->way = member->inside != 0 ? WAY_OPTIONAL : WAY_NULLABLE;
	}
	member->scale = column->scale;
	member->length = column->length;
	member->values = column->values;
	dbw__sqlite_integer_range(column, &member->least, &member->span);
	/* Every number but 0, which is an id that nobody has set. */
	if ((column->flags & DBW_COLUMN_REFERENCE_ID) != 0) {
		member->least = 1;
		member->span = UINT64_MAX - 1;
	}
	return true;
}

void dbw__sqlite_plan_row_parameters(dbw_connection *connection, dbw_prepared *prepared,
	const dbw_model *model, const uint16_t *columns, uint16_t count)
{
	sqlite_statement *statement = statement_of(prepared);
	struct row_member *members;

	(void)connection;
	if (count == 0 || statement->parameter_count % count != 0 || statement->members != NULL)
		return;
	members = calloc(count, sizeof *members);
	if (members == NULL)
		return;
	for (uint16_t i = 0; i < count; i++)
		if (!plan_member(&model->columns[columns[i]], &members[i])) {
			free(members);
			return;
		}
	statement->members = members;
	statement->member_count = count;
	statement->row_size = model->row_size;
}

static inline bool in_range(const struct row_member *member, int64_t number)
{
	/* One comparison for both ends: what is below the least one wraps round. */
	return (uint64_t)number - member->least <= member->span;
}

/* The column's scale, and digits that fit 64 bits and the column. */
static inline bool is_plain_decimal(const struct row_member *member, const dbw_decimal *decimal)
{
	const int64_t low = (int64_t)decimal->low;

	return decimal->scale == member->scale && decimal->high == (low < 0 ? -1 : 0) &&
	       in_range(member, low);
}

static inline bool is_plain_text(const struct row_member *member, const char *text)
{
	size_t length, characters;

	if (text == NULL)
		return false;
	length = strlen(text);
	if (length > DBW__VALUE_SIZE_LIMIT)
		return false;
	/* No text has more characters than bytes. */
	if (member->length == 0 || length <= member->length)
		return dbw__utf8_check(text, length, NULL);
	return dbw__utf8_check(text, length, &characters) && characters <= member->length;
}

static bool is_plain_json(const struct row_member *member, const char *text)
{
	return is_plain_text(member, text) && dbw__json_is_valid(text, strlen(text));
}

static inline bool is_uuid(const void *bytes)
{
	uint64_t halves[2];

	memcpy(halves, bytes, sizeof halves);
	return (halves[0] | halves[1]) != 0;
}

/*
 * Goes through the members of a row; `check` and `bind` are constants where it is inlined. False at the first member that
 * is not plain. The first code of SQLite that is not SQLITE_OK ends it, too, in *code.
 */
static inline __attribute__((always_inline)) bool take_row(const sqlite_statement *statement,
	const unsigned char *row, int place, bool check, bool bind, int *code)
{
	sqlite3_stmt *const run = statement->run;
	const struct row_member *const end = statement->members + statement->member_count;

	for (const struct row_member *member = statement->members; member != end; member++, place++) {
		const void *at = row + member->offset;
		unsigned way = member->way;
		const char *text;
		int64_t number;
		int bound = SQLITE_OK;

	again:
		switch (way) {
		case WAY_NULLABLE:
			way = member->plain_way;
			if (way == WAY_BYTES ? ((const dbw_bytes *)at)->data != NULL ||
						       ((const dbw_bytes *)at)->size != 0
					     : *(const char *const *)at != NULL)
				goto again;
			if (bind)
				bound = sqlite3_bind_null(run, place);
			break;
		case WAY_OPTIONAL:
			way = member->plain_way;
			if (*(const bool *)at) { /* `has` comes first in every dbw_opt_ struct */
				at = (const char *)at + member->inside;
				goto again;
			}
			if (bind)
				bound = sqlite3_bind_null(run, place);
			break;
		case WAY_BOOL: number = *(const bool *)at; goto integer;
		case WAY_INT16: number = *(const int16_t *)at; goto integer;
		case WAY_INT32: number = *(const int32_t *)at; goto integer;
		case WAY_DATE:
			number = *(const int32_t *)at;
			if (check && !in_range(member, number))
				return false;
			goto integer;
		case WAY_RANGE:
			number = *(const int64_t *)at;
			if (check && !in_range(member, number))
				return false;
			goto integer;
		case WAY_DECIMAL:
			if (check && !is_plain_decimal(member, at))
				return false;
			number = (int64_t)((const dbw_decimal *)at)->low;
			goto integer;
		case WAY_INT64:
			number = *(const int64_t *)at;
		integer:
			if (bind)
				bound = sqlite3_bind_int64(run, place, number);
			break;
		case WAY_JSON:
			text = *(const char *const *)at;
			if (check && !is_plain_json(member, text))
				return false;
			goto text;
		case WAY_ENUM:
			if (check && (unsigned)*(const int *)at - 1U >= member->values->count)
				return false;
			text = member->values->values[*(const int *)at - 1];
			goto text;
		case WAY_TEXT:
			text = *(const char *const *)at;
			if (check && !is_plain_text(member, text))
				return false;
		text:
			/* Of -1 for the length see bind_text() in bind.c. */
			if (bind)
				bound = sqlite3_bind_text(run, place, text, -1, SQLITE_STATIC);
			break;
		case WAY_UUID:
			if (check && !is_uuid(at))
				return false;
			if (bind)
				bound = sqlite3_bind_blob(run, place, at, sizeof(dbw_uuid), SQLITE_STATIC);
			break;
		case WAY_FLOAT32:
			if (check && isnan(*(const float *)at))
				return false;
			if (bind)
				bound = sqlite3_bind_double(run, place, (double)*(const float *)at);
			break;
		case WAY_FLOAT64:
			if (check && isnan(*(const double *)at))
				return false;
			if (bind)
				bound = sqlite3_bind_double(run, place, *(const double *)at);
			break;
		case WAY_BYTES:
			if (check && (((const dbw_bytes *)at)->data == NULL ||
					     ((const dbw_bytes *)at)->size > DBW__VALUE_SIZE_LIMIT))
				return false;
			if (bind)
				bound = sqlite3_bind_blob64(run, place, ((const dbw_bytes *)at)->data,
					((const dbw_bytes *)at)->size, SQLITE_STATIC);
			break;
		default: __builtin_unreachable();
		}
		if (bind && bound != SQLITE_OK) {
			*code = bound;
			break;
		}
	}
	return true;
}

bool dbw__sqlite_check_rows(const dbw_prepared *prepared, const void *rows, size_t count)
{
	const sqlite_statement *statement = (const sqlite_statement *)(const void *)prepared;
	const unsigned char *row = rows;

	if (statement->member_count == 0)
		return false;
	for (; count != 0; count--, row += statement->row_size)
		if (!take_row(statement, row, 0, true, false, NULL))
			return false;
	return true;
}

/* All places are bound: one that is left out would keep the pointer of the run before. */
static inline bool is_whole(const sqlite_statement *statement, size_t count)
{
	return statement->member_count != 0 && count * statement->member_count == statement->parameter_count;
}

/* Rows that are checked. The first code of SQLite that is not SQLITE_OK ends it. */
static int bind_rows(const sqlite_statement *statement, const unsigned char *row, size_t count)
{
	int place = 1, code = SQLITE_OK;

	for (; count != 0 && code == SQLITE_OK; count--, row += statement->row_size) {
		take_row(statement, row, place, false, true, &code);
		place += statement->member_count;
	}
	return code;
}

dbw_status dbw__sqlite_execute_rows(dbw_connection *connection, dbw_prepared *prepared, const void *rows,
	size_t count, bool checked, bool *plain, dbw_effect *effect, dbw_error *error)
{
	const sqlite_statement *statement = statement_of(prepared);
	int code = SQLITE_OK;

	*plain = false;
	if (!is_whole(statement, count))
		return DBW_OK;
	if (count == 1) {
		/* A row that is checked is plain: looking again costs less than a second copy of the loop. */
		if (!take_row(statement, rows, 1, true, true, &code))
			return DBW_OK;
	} else {
		if (!checked && !dbw__sqlite_check_rows(prepared, rows, count))
			return DBW_OK;
		code = bind_rows(statement, rows, count);
	}
	*plain = true;
	if (code != SQLITE_OK)
		return dbw__sqlite_fail_code(code, error);
	return dbw__sqlite_run_to_end(connection_of(connection), statement->run, effect, error);
}

#include "connection.h"

#include <driver/plain.h>

#include <stdlib.h>

/* Members of rows go from the row to SQLite in one step: checked, and bound where they are (SQLITE_STATIC). */

void dbw__sqlite_plan_row_parameters(dbw_connection *connection, dbw_prepared *prepared,
	const dbw_model *model, const uint16_t *columns, uint16_t count)
{
	sqlite_statement *statement = statement_of(prepared);
	dbw__plain_member *members;

	(void)connection;
	if (count == 0 || statement->parameter_count % count != 0 || statement->members != NULL)
		return;
	members = calloc(count, sizeof *members);
	if (members == NULL)
		return;
	for (uint16_t i = 0; i < count; i++)
		if (!dbw__plain_plan(&model->columns[columns[i]], DBW_SQLITE, &members[i])) {
			free(members);
			return;
		}
	statement->members = members;
	statement->member_count = count;
	statement->row_size = model->row_size;
}

/*
 * Goes through the members of a row; `check` is a constant where it is inlined. False at the first member that is not plain.
 * The first code of SQLite that is not SQLITE_OK ends it, too, in *code.
 */
static inline __attribute__((always_inline)) bool take_row(
	const sqlite_statement *statement, const unsigned char *row, int place, bool check, int *code)
{
	sqlite3_stmt *const run = statement->run;
	const dbw__plain_member *const end = statement->members + statement->member_count;

	for (const dbw__plain_member *member = statement->members; member != end; member++, place++) {
		const void *at = row + member->offset;
		unsigned way = member->way;
		const char *text;
		size_t length;
		int64_t number;
		int bound = SQLITE_OK;

	again:
		switch (way) {
		case DBW__WAY_NULLABLE:
			way = member->plain_way;
			if (!dbw__plain_is_null(member, at))
				goto again;
			bound = sqlite3_bind_null(run, place);
			break;
		case DBW__WAY_OPTIONAL:
			way = member->plain_way;
			if (*(const bool *)at) { /* `has` comes first in every dbw_opt_ struct */
				at = (const char *)at + member->inside;
				goto again;
			}
			bound = sqlite3_bind_null(run, place);
			break;
		case DBW__WAY_BOOL: number = *(const bool *)at; goto integer;
		case DBW__WAY_INT16: number = *(const int16_t *)at; goto integer;
		case DBW__WAY_INT32: number = *(const int32_t *)at; goto integer;
		case DBW__WAY_DATE:
			number = *(const int32_t *)at;
			if (check && !dbw__plain_in_range(member, number))
				return false;
			goto integer;
		case DBW__WAY_RANGE:
			number = *(const int64_t *)at;
			if (check && !dbw__plain_in_range(member, number))
				return false;
			goto integer;
		case DBW__WAY_DECIMAL:
			if (check && !dbw__plain_decimal(member, at))
				return false;
			number = (int64_t)((const dbw_decimal *)at)->low;
			goto integer;
		case DBW__WAY_INT64:
			number = *(const int64_t *)at;
		integer:
			bound = sqlite3_bind_int64(run, place, number);
			break;
		case DBW__WAY_JSON:
			text = *(const char *const *)at;
			if (check && !dbw__plain_json(member, text, &length))
				return false;
			goto text;
		case DBW__WAY_ENUM:
			if (check && !dbw__plain_enum(member, *(const int *)at))
				return false;
			text = member->values->values[*(const int *)at - 1];
			goto text;
		case DBW__WAY_TEXT:
			text = *(const char *const *)at;
			if (check && !dbw__plain_text(member, text, &length))
				return false;
		text:
			/* Of -1 for the length see bind_text() in bind.c. */
			bound = sqlite3_bind_text(run, place, text, -1, SQLITE_STATIC);
			break;
		case DBW__WAY_UUID:
			if (check && !dbw__plain_uuid(at))
				return false;
			bound = sqlite3_bind_blob(run, place, at, sizeof(dbw_uuid), SQLITE_STATIC);
			break;
		case DBW__WAY_FLOAT32:
			if (check && isnan(*(const float *)at))
				return false;
			bound = sqlite3_bind_double(run, place, (double)*(const float *)at);
			break;
		case DBW__WAY_FLOAT64:
			if (check && isnan(*(const double *)at))
				return false;
			bound = sqlite3_bind_double(run, place, *(const double *)at);
			break;
		case DBW__WAY_BYTES:
			if (check && !dbw__plain_bytes(at))
				return false;
			bound = sqlite3_bind_blob64(run, place, ((const dbw_bytes *)at)->data,
				((const dbw_bytes *)at)->size, SQLITE_STATIC);
			break;
		default: __builtin_unreachable();
		}
		if (bound != SQLITE_OK) {
			*code = bound;
			break;
		}
	}
	return true;
}

static bool check_rows(const sqlite_statement *statement, const unsigned char *row, size_t count)
{
	for (; count != 0; count--, row += statement->row_size)
		if (!dbw__plain_row(statement->members, statement->member_count, row))
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
		take_row(statement, row, place, false, &code);
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
		if (!take_row(statement, rows, 1, true, &code))
			return DBW_OK;
	} else {
		if (!checked && !check_rows(statement, rows, count))
			return DBW_OK;
		code = bind_rows(statement, rows, count);
	}
	*plain = true;
	if (code != SQLITE_OK)
		return dbw__sqlite_fail_code(code, error);
	return dbw__sqlite_run_to_end(connection_of(connection), statement->run, effect, error);
}

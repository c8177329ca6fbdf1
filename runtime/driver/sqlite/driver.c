#include "connection.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void sqlite_capabilities(dbw_connection *connection, dbw_capabilities *out)
{
	sqlite_connection *own = connection_of(connection);

	memset(out, 0, sizeof *out);
	/* A lookup outside of a transaction locks and unlocks the file: eight times the work of the lookup
	 * itself. */
	out->read_needs_transaction = true;
	out->single_connection = own->in_memory;
	out->parameter_limit = (uint32_t)sqlite3_limit(own->db, SQLITE_LIMIT_VARIABLE_NUMBER, -1);
}

static void sqlite_release(dbw_connection *connection, dbw_prepared *prepared)
{
	sqlite_statement *statement = statement_of(prepared);

	(void)connection;
	sqlite3_finalize(statement->run);
	free(statement->plan);
	free(statement->members);
	free(statement->numbered);
	free(statement);
}

static dbw_status sqlite_prepare(dbw_connection *connection, const char *sql, const dbw_result *result,
	dbw_prepared **out, dbw_error *error)
{
	sqlite_connection *own = connection_of(connection);
	sqlite_statement *statement;
	dbw_status status = DBW_OK;
	const char *rest;
	int code;

	*out = NULL;
	statement = calloc(1, sizeof *statement);
	if (statement == NULL)
		return dbw__fail(error, DBW_OUT_OF_MEMORY, "out of memory");
	code = sqlite3_prepare_v3(own->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement->run, &rest);
	if (code != SQLITE_OK || statement->run == NULL) {
		free(statement);
		return code != SQLITE_OK ? dbw__sqlite_fail_prepare(own, code, error)
					 : dbw__fail(error, DBW_MISUSE, "a statement without SQL");
	}
	statement->parameter_count = (size_t)sqlite3_bind_parameter_count(statement->run);
	status = dbw__sqlite_number_parameters(statement, error);
	if (status == DBW_OK && *rest != '\0' && dbw__sqlite_has_more(own, rest))
		status = dbw__fail(error, DBW_MISUSE, "more than one statement");
	if (status == DBW_OK && result != NULL)
		status = dbw__sqlite_plan_rows(statement, result, error);
	if (status == DBW_OK)
		*out = (dbw_prepared *)(void *)statement;
	else
		sqlite_release(connection, (dbw_prepared *)(void *)statement);
	return status;
}

/* A lookup by id is one integer, and lookups by id are most of what programs do. */
static inline dbw_status bind_parameters(
	const sqlite_statement *statement, const dbw_value *values, size_t count, dbw_error *error)
{
	if (count == 1 && statement->parameter_count == 1 && values->kind == DBW_KIND_INT64) {
		const int code = sqlite3_bind_int64(statement->run, 1, values->as.integer);

		return code == SQLITE_OK ? DBW_OK : dbw__sqlite_fail_code(code, error);
	}
	return dbw__sqlite_bind_values(statement, values, count, error);
}

static dbw_status sqlite_execute(dbw_connection *connection, dbw_prepared *prepared, const dbw_value *values,
	size_t count, dbw_effect *effect, dbw_error *error)
{
	sqlite_connection *own = connection_of(connection);
	const sqlite_statement *statement = statement_of(prepared);
	const int64_t before = sqlite3_total_changes64(own->db);
	dbw_status status = dbw__sqlite_bind_values(statement, values, count, error);

	if (status == DBW_OK)
		status = dbw__sqlite_run_to_end(own, statement->run, effect, error);
	/* What changes no rows, as DDL, leaves the count of the statement before. */
	if (status == DBW_OK && sqlite3_total_changes64(own->db) == before)
		effect->rows = 0;
	return status;
}

static dbw_status sqlite_query(dbw_connection *connection, dbw_prepared *statement, const dbw_value *values,
	size_t count, dbw_error *error)
{
	dbw_status status = bind_parameters(statement_of(statement), values, count, error);

	if (status == DBW_OK)
		connection_of(connection)->running++;
	return status;
}

static dbw_status sqlite_fetch_integer(
	dbw_connection *connection, dbw_prepared *prepared, int64_t *out, bool *more, dbw_error *error)
{
	sqlite3_stmt *statement = statement_of(prepared)->run;
	int code;

	dbw__sqlite_start(connection_of(connection));
	code = sqlite3_step(statement);
	*more = code == SQLITE_ROW;
	if (code != SQLITE_ROW)
		return code == SQLITE_DONE ? DBW_OK
					   : dbw__sqlite_fail_step(connection_of(connection), code, error);
	if (sqlite3_column_type(statement, 0) != SQLITE_INTEGER) {
		*more = false;
		return dbw__fail(error, DBW_DATA, "the result is not an integer");
	}
	*out = sqlite3_column_int64(statement, 0);
	return DBW_OK;
}

static void sqlite_finish(dbw_connection *connection, dbw_prepared *statement)
{
	connection_of(connection)->running--;
	dbw__sqlite_stop(connection_of(connection));
	sqlite3_reset(statement_of(statement)->run);
}

static const dbw_violation *sqlite_violation(dbw_connection *connection)
{
	return &connection_of(connection)->violation;
}

static dbw_status sqlite_run(dbw_connection *connection, const char *sql, dbw_error *error)
{
	dbw_prepared *statement;
	dbw_effect effect;
	dbw_status status = sqlite_prepare(connection, sql, NULL, &statement, error);

	if (status != DBW_OK)
		return status;
	status = sqlite_execute(connection, statement, NULL, 0, &effect, error);
	sqlite_release(connection, statement);
	return status;
}

static dbw_status sqlite_table_exists(
	dbw_connection *connection, const char *table, bool *out, dbw_error *error)
{
	/* Names of tables and views share one space, and case does not tell them apart. */
	static const char sql[] = "SELECT 1 FROM sqlite_schema WHERE type IN ('table', 'view') "
				  "AND name = ?1 COLLATE NOCASE";
	dbw_value name = { .kind = DBW_KIND_TEXT, .size = (uint32_t)strlen(table), .as.data = table };
	dbw_prepared *statement;
	int64_t one;
	dbw_status status;

	*out = false;
	status = sqlite_prepare(connection, sql, NULL, &statement, error);
	if (status != DBW_OK)
		return status;
	status = sqlite_query(connection, statement, &name, 1, error);
	if (status == DBW_OK) {
		status = sqlite_fetch_integer(connection, statement, &one, out, error);
		sqlite_finish(connection, statement);
	}
	sqlite_release(connection, statement);
	return status;
}

static bool sqlite_is_clean(dbw_connection *connection)
{
	sqlite_connection *own = connection_of(connection);

	return own->running == 0 && sqlite3_get_autocommit(own->db) != 0;
}

static void *sqlite_native_handle(dbw_connection *connection)
{
	return connection_of(connection)->db;
}

static dbw_status sqlite_facts(dbw_connection *connection, char *version, size_t size, dbw_error *error)
{
	(void)connection;
	(void)error;
	snprintf(version, size, "SQLite %s", sqlite3_libversion());
	return DBW_OK;
}

const dbw_driver dbw__sqlite_driver = {
	.abi = DBW_DRIVER_ABI,
	.name = "sqlite",
	.engine = DBW_SQLITE,
	.check = dbw__sqlite_check,
	.open = dbw__sqlite_open,
	.close = dbw__sqlite_close,
	.capabilities = sqlite_capabilities,
	.prepare = sqlite_prepare,
	.release = sqlite_release,
	.execute = sqlite_execute,
	.query = sqlite_query,
	.fetch = dbw__sqlite_fetch,
	.fetch_rows = dbw__sqlite_fetch_rows,
	.plan_rows = dbw__sqlite_plan_row_parameters,
	.execute_rows = dbw__sqlite_execute_rows,
	.fetch_integer = sqlite_fetch_integer,
	.column_count = dbw__sqlite_column_count,
	.column_name = dbw__sqlite_column_name,
	.fetch_values = dbw__sqlite_fetch_values,
	.may_write = dbw__sqlite_may_write,
	.finish = sqlite_finish,
	.violation = sqlite_violation,
	.one_writer = dbw__sqlite_one_writer,
	.set_terms = dbw__sqlite_set_terms,
	.begin = dbw__sqlite_begin,
	.commit = dbw__sqlite_commit,
	.rollback = dbw__sqlite_rollback,
	.savepoint = dbw__sqlite_savepoint,
	.release_savepoint = dbw__sqlite_release_savepoint,
	.rollback_to_savepoint = dbw__sqlite_rollback_to_savepoint,
	.run = sqlite_run,
	.table_exists = sqlite_table_exists,
	.is_clean = sqlite_is_clean,
	.cancel = dbw__sqlite_cancel,
	.native_handle = sqlite_native_handle,
	.facts = sqlite_facts,
};

/*
 * Queries whose rows come in pieces. A cursor of the server lets other statements of the connection run in between, which
 * the rows of libpq's single-row mode do not; it lives in a transaction.
 */
#include "connection.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Rows of the first piece, and about how much memory one shall have. */
enum { FIRST_PIECE = 64, PIECE_BYTES = 256 * 1024, MOST_GROWTH = 4 };

const char *dbw__postgresql_fetch_sql(const postgresql_statement *statement, char storage[FETCH_SIZE])
{
	snprintf(storage, FETCH_SIZE, "FETCH %d FROM dbw_%u", statement->piece, statement->cursor);
	return storage;
}

/* What makes the cursor: the values are those of the statement. */
static dbw_status declare(postgresql_connection *own, postgresql_statement *statement, dbw_error *error)
{
	static const char format[] = "DECLARE dbw_%u NO SCROLL CURSOR FOR %s";
	const size_t size = sizeof format + 10 + strlen(statement->sql);

	if (statement->declare != NULL)
		return DBW_OK;
	statement->declare = malloc(size);
	if (statement->declare == NULL)
		return dbw__fail(error, DBW_OUT_OF_MEMORY, "out of memory");
	statement->cursor = ++own->last_name;
	snprintf(statement->declare, size, format, statement->cursor, statement->sql);
	return DBW_OK;
}

dbw_status dbw__postgresql_stream(dbw_connection *connection, dbw_prepared *prepared, const dbw_value *values,
	size_t count, dbw_error *error)
{
	postgresql_connection *own = connection_of(connection);
	postgresql_statement *statement = statement_of(prepared);
	dbw_status status;

	if (statement->result != NULL)
		return dbw__fail(error, DBW_MISUSE, "the statement is running");
	status = declare(own, statement, error);
	if (status == DBW_OK)
		status = dbw__postgresql_bind_values(statement, values, count, error);
	statement->piece = FIRST_PIECE;
	if (status == DBW_OK)
		status = dbw__postgresql_exchange(
			own, MESSAGE_STREAM, statement->declare, statement, &statement->result, error);
	dbw__postgresql_end_lists(statement);
	if (status == DBW_OK)
		status = dbw__postgresql_plan_types(statement, statement->result, error);
	if (status != DBW_OK) {
		PQclear(statement->result);
		statement->result = NULL;
		statement->piece = 0;
		return status;
	}
	statement->row = 0;
	statement->row_count = PQntuples(statement->result);
	own->running++;
	return DBW_OK;
}

/* As many rows as have PIECE_BYTES, if they are like those of the last piece; not many more at once. */
static int next_size(const postgresql_statement *statement)
{
	const size_t bytes = PQresultMemorySize(statement->result) / (size_t)statement->row_count;
	const size_t rows = bytes == 0 ? 1 : PIECE_BYTES / bytes;
	const size_t most = (size_t)statement->piece * MOST_GROWTH;

	return (int)(rows < 1 ? 1 : rows > most ? most : rows);
}

dbw_status dbw__postgresql_next_piece(
	postgresql_connection *own, postgresql_statement *statement, dbw_error *error)
{
	char storage[FETCH_SIZE];
	PGresult *result;
	dbw_status status;

	/* One that is not full was the last. */
	if (statement->piece == 0 || statement->row_count < statement->piece)
		return DBW_OK;
	statement->piece = next_size(statement);
	PQclear(statement->result);
	statement->result = NULL;
	statement->row = statement->row_count = 0;
	dbw__postgresql_tell_deadline(own);
	status = dbw__postgresql_exchange(
		own, MESSAGE_COMMAND, dbw__postgresql_fetch_sql(statement, storage), NULL, &result, error);
	if (status != DBW_OK)
		return status;
	statement->result = result;
	statement->row_count = PQntuples(result);
	return DBW_OK;
}

void dbw__postgresql_end_stream(postgresql_connection *own, postgresql_statement *statement)
{
	if (statement->piece == 0)
		return;
	statement->piece = 0;
	dbw__postgresql_close_cursor(own, statement->cursor);
}

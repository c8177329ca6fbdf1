/*
 * COPY in its binary form (the manual, "COPY", "Binary Format"): a signature with two empty words, for each row the number
 * of its columns and each value with its length, and -1 at the end.
 */
#include "connection.h"

#include <poll.h>
#include <stdlib.h>

static const char signature[] = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0";

enum { HEADER_SIZE = sizeof signature };

/* The steps that wait and the command, in one text: in a pipeline there is no COPY. */
static bool send_copy(postgresql_connection *own, const char *copy)
{
	char storage[96], memory[1024];
	dbw_text_buffer sql;
	bool sent;

	dbw_text_init(&sql, memory, sizeof memory);
	for (unsigned i = 0; i < own->step_count; i++) {
		dbw_text_append_z(
			&sql, dbw__postgresql_step_sql(own, own->steps[i], storage, sizeof storage));
		dbw_text_append_z(&sql, "; ");
	}
	dbw_text_append_z(&sql, copy);
	sent = !sql.failed && PQsendQuery(own->link, sql.data) == 1;
	if (sent)
		own->step_count = 0;
	dbw_text_clear(&sql);
	return sent;
}

/* Takes what is left of an exchange that has failed. */
static void drain(postgresql_connection *own)
{
	dbw_error unheard;
	PGresult *result;

	while (!own->lost && dbw__postgresql_wait_for_result(own, &unheard) == DBW_OK) {
		result = PQgetResult(own->link);
		if (result == NULL)
			return;
		PQclear(result);
	}
}

/* Up to where the server wants rows; what it says instead is told. */
static dbw_status wait_for_stream(postgresql_connection *own, dbw_error *error)
{
	for (;;) {
		PGresult *result;
		ExecStatusType kind;
		dbw_status status = dbw__postgresql_wait_for_result(own, error);

		if (status != DBW_OK)
			return status;
		result = PQgetResult(own->link);
		kind = PQresultStatus(result);
		if (kind != PGRES_COPY_IN && kind != PGRES_COMMAND_OK) {
			status = result == NULL ? dbw__postgresql_fail_lost(own, error)
						: dbw__postgresql_fail_result(own, result, false, error);
			PQclear(result);
			drain(own);
			return status;
		}
		PQclear(result);
		if (kind == PGRES_COPY_IN)
			return DBW_OK;
	}
}

/* Until the server has read what libpq holds, but for what the kernel takes. */
static dbw_status flush(postgresql_connection *own, dbw_error *error)
{
	int unsent;

	while ((unsent = PQflush(own->link)) > 0) {
		const dbw_status status = dbw__postgresql_wait(own, POLLIN | POLLOUT, error);

		if (status != DBW_OK)
			return status;
		if (PQconsumeInput(own->link) == 0)
			return dbw__postgresql_fail_lost(own, error);
	}
	return unsent < 0 ? dbw__postgresql_fail_lost(own, error) : DBW_OK;
}

/*
 * libpq keeps what the server has not read yet, all of it if it is let, and says no only where memory is short. So it is
 * given pieces, which may end anywhere in a row, and nothing more before they are gone.
 */
dbw_status dbw__postgresql_put(postgresql_connection *own, const char *data, size_t size, dbw_error *error)
{
	while (size > 0) {
		const int piece = size > PIECE_SIZE ? PIECE_SIZE : (int)size;
		const int taken = PQputCopyData(own->link, data, piece);
		dbw_status status;

		if (taken < 0)
			return dbw__postgresql_fail_lost(own, error);
		status = flush(own, error);
		if (status != DBW_OK)
			return status;
		if (taken == 0) {
			own->lost = true;
			return dbw__fail(error, DBW_OUT_OF_MEMORY, "out of memory");
		}
		data += piece;
		size -= (size_t)piece;
	}
	return DBW_OK;
}

dbw_status dbw__postgresql_load_begin(dbw_connection *connection, const char *copy, dbw_error *error)
{
	postgresql_connection *own = connection_of(connection);
	dbw_status status = dbw__postgresql_start(own, error);
	if (status != DBW_OK)
		return status;
	if (!send_copy(own, copy))
		return PQstatus(own->link) == CONNECTION_BAD
			       ? dbw__postgresql_fail_lost(own, error)
			       : dbw__fail(error, DBW_OUT_OF_MEMORY, "out of memory");
	status = wait_for_stream(own, error);
	return status != DBW_OK ? status : dbw__postgresql_put(own, signature, HEADER_SIZE, error);
}

/* A type of somebody's own may have a binary form that is not its text. */
static bool has_own_form(const dbw_value *value, Oid type)
{
	return type >= TYPE_FIRST_OWN && (value->kind == DBW_KIND_TEXT || value->kind == DBW_KIND_JSON);
}

static bool append_row(dbw_text_buffer *out, const postgresql_statement *insert, const dbw_value *values)
{
	char count[2];

	write_16(count, (uint16_t)insert->parameter_count);
	dbw_text_append(out, count, sizeof count);
	for (size_t i = 0; i < insert->parameter_count; i++)
		if (has_own_form(&values[i], insert->types[i]) ||
			!dbw__postgresql_append_binary(out, &values[i], insert->types[i]))
			return false;
	return true;
}

dbw_status dbw__postgresql_load_rows(dbw_connection *connection, dbw_prepared *insert,
	const dbw_value *values, size_t rows, dbw_error *error)
{
	postgresql_connection *own = connection_of(connection);
	postgresql_statement *statement = statement_of(insert);
	dbw_text_buffer *out = &statement->lists;
	dbw_status status = dbw__postgresql_start(own, error);

	for (size_t i = 0; status == DBW_OK && i < rows; i++) {
		if (!append_row(out, statement, values + i * statement->parameter_count)) {
			status = out->failed ? dbw__fail(error, DBW_OUT_OF_MEMORY, "out of memory")
					     : dbw__fail(error, DBW_UNSUPPORTED,
						       "a value has no form in the stream");
		} else if (out->length >= PIECE_SIZE || i + 1 == rows) {
			status = dbw__postgresql_put(own, out->data, out->length, error);
			dbw_text_truncate(out, 0);
		}
	}
	if (status != DBW_OK)
		dbw_text_clear(out);
	return status;
}

dbw_status dbw__postgresql_load_end(
	dbw_connection *connection, bool keep, dbw_effect *effect, dbw_error *error)
{
	postgresql_connection *own = connection_of(connection);
	PGresult *result;
	dbw_status status = dbw__postgresql_start(own, error);
	int ended;

	effect->rows = 0;
	effect->assigned_id = 0;
	if (status == DBW_OK && keep)
		status = dbw__postgresql_put(own, "\377\377", 2, error);
	while (status == DBW_OK) {
		ended = PQputCopyEnd(own->link, keep ? NULL : "given up");
		if (ended == 1)
			break;
		status = ended < 0 ? dbw__postgresql_fail_lost(own, error)
				   : dbw__postgresql_wait(own, POLLOUT, error);
		if (status == DBW_OK && PQflush(own->link) < 0)
			status = dbw__postgresql_fail_lost(own, error);
	}
	if (status == DBW_OK && !keep) {
		/* The server says that it was given up. */
		drain(own);
		return own->lost ? dbw__postgresql_fail_lost(own, error) : DBW_OK;
	}
	if (status == DBW_OK)
		status = dbw__postgresql_gather(own, false, &result, error);
	if (status != DBW_OK)
		return status;
	effect->rows = strtoll(PQcmdTuples(result), NULL, 10);
	PQclear(result);
	return DBW_OK;
}

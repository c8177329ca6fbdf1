/*
 * Writes that nobody waits for. They are steps like BEGIN: what they have bound is kept, and they go out, in their order, with
 * the next statement that is waited for, or with the commit. Nothing runs on the server between two calls, so that what is
 * given up is never sent, and a connection that breaks meanwhile has done nothing.
 */
#include "connection.h"

#include <stdlib.h>
#include <string.h>

/* Bytes that wait at most: what is more goes out by itself. */
enum { MOST_BYTES = 64 * 1024 };

bool dbw__postgresql_writes_wait(const postgresql_connection *own, bool *need_row)
{
	bool wait = false;

	*need_row = false;
	for (unsigned i = 0; i < own->step_count; i++)
		if (own->steps[i].kind == STEP_WRITE) {
			wait = true;
			*need_row = *need_row || own->writes[own->steps[i].number].needs_row;
		}
	return wait;
}

void dbw__postgresql_drop_steps(postgresql_connection *own, unsigned step_count)
{
	own->step_count = step_count;
	if (own->answered)
		return;
	own->write_count = 0;
	for (unsigned i = 0; i < step_count; i++)
		own->write_count += own->steps[i].kind == STEP_WRITE;
}

bool dbw__postgresql_take_answer(postgresql_connection *own, unsigned step, PGresult *result)
{
	waiting_write *write;

	if (step >= own->sent_steps || own->steps[step].kind != STEP_WRITE)
		return false;
	write = &own->writes[own->steps[step].number];
	write->answer.given = true;
	write->answer.rows = strtoll(PQcmdTuples(result), NULL, 10);
	return write->needs_row && write->answer.rows == 0;
}

void dbw__postgresql_end_writes(postgresql_connection *own, unsigned step, dbw_status status)
{
	for (; step < own->sent_steps; step++)
		if (own->steps[step].kind == STEP_WRITE) {
			own->writes[own->steps[step].number].answer =
				(dbw_answer){ .status = status, .given = true };
			break;
		}
	for (step++; step < own->sent_steps; step++)
		if (own->steps[step].kind == STEP_WRITE)
			own->writes[own->steps[step].number].answer.given = false;
	own->answered = own->answered || own->sent_steps != 0;
	own->sent_steps = 0;
}

/* Bytes that a parameter has in the message; a text in text form ends with its NUL byte. */
static size_t size_of(const postgresql_statement *statement, size_t i)
{
	if (statement->values[i] == NULL)
		return 0;
	return statement->formats[i] != 0 ? (size_t)statement->lengths[i] : strlen(statement->values[i]) + 1;
}

/* A copy of what is bound. False: memory is short. */
static bool keep(postgresql_connection *own, const postgresql_statement *statement, waiting_write *write)
{
	const size_t count = statement->parameter_count;

	write->values = dbw_arena_alloc(own->written, (count + 1) * sizeof *write->values);
	write->lengths = dbw_arena_alloc(own->written, (2 * count + 1) * sizeof *write->lengths);
	if (write->values == NULL || write->lengths == NULL)
		return false;
	write->formats = write->lengths + count;
	memcpy(write->lengths, statement->lengths, count * sizeof *write->lengths);
	memcpy(write->formats, statement->formats, count * sizeof *write->formats);
	for (size_t i = 0; i < count; i++) {
		const size_t size = size_of(statement, i);
		char *copy = NULL;

		if (statement->values[i] != NULL) {
			copy = dbw_arena_alloc_bytes(own->written, size + 1);
			if (copy == NULL)
				return false;
			memcpy(copy, statement->values[i], size);
		}
		write->values[i] = copy;
	}
	return true;
}

/* What was there has been answered, and told as far as anybody wanted to know. */
static dbw_status begin_writes(postgresql_connection *own, dbw_error *error)
{
	if (own->writes == NULL)
		own->writes = calloc(DBW_SEND_LIMIT, sizeof *own->writes);
	if (own->written == NULL)
		own->written = dbw_arena_new(0);
	if (own->writes == NULL || own->written == NULL)
		return dbw__fail(error, DBW_OUT_OF_MEMORY, "out of memory");
	dbw_arena_reset(own->written);
	own->written_bytes = 0;
	own->write_count = own->told_count = 0;
	own->answered = false;
	return DBW_OK;
}

static bool is_told_of_the_deadline(const postgresql_connection *own)
{
	for (unsigned i = 0; i < own->step_count; i++)
		if (own->steps[i].kind == STEP_TIMEOUT)
			return true;
	return false;
}

static dbw_status add_write(postgresql_connection *own, const postgresql_statement *statement, bool needs_row,
	bool *sent, dbw_error *error)
{
	waiting_write *write = &own->writes[own->write_count];
	size_t size = 0;

	for (size_t i = 0; i < statement->parameter_count; i++)
		size += size_of(statement, i);
	if (size > MOST_BYTES || own->written_bytes + size > MOST_BYTES)
		return DBW_OK;
	*write = (waiting_write){ .statement = statement, .needs_row = needs_row };
	if (!keep(own, statement, write))
		return dbw__fail(error, DBW_OUT_OF_MEMORY, "out of memory");
	own->written_bytes += size;
	if (!is_told_of_the_deadline(own))
		dbw__postgresql_tell_deadline(own);
	own->steps[own->step_count++] = (waiting_step){ STEP_WRITE, own->write_count++ };
	*sent = true;
	return DBW_OK;
}

dbw_status dbw__postgresql_send(dbw_connection *connection, dbw_prepared *prepared, const dbw_value *values,
	size_t count, bool needs_row, bool *sent, dbw_error *error)
{
	postgresql_connection *own = connection_of(connection);
	postgresql_statement *statement = statement_of(prepared);
	dbw_status status;

	*sent = false;
	if (own->lost)
		return dbw__postgresql_fail_lost(own, error);
	if (own->writes == NULL || own->answered || own->write_count == 0) {
		status = begin_writes(own, error);
		if (status != DBW_OK)
			return status;
	}
	/* The deadline takes two places. */
	if (statement->kind == STATEMENT_COPY || own->write_count == DBW_SEND_LIMIT ||
		own->step_count + 3 > STEP_LIMIT)
		return DBW_OK;
	status = dbw__postgresql_bind_values(statement, values, count, error);
	if (status == DBW_OK)
		status = add_write(own, statement, needs_row, sent, error);
	dbw__postgresql_end_lists(statement);
	return status;
}

dbw_status dbw__postgresql_collect(dbw_connection *connection, dbw_error *error)
{
	postgresql_connection *own = connection_of(connection);
	PGresult *result;
	bool need_row;
	dbw_status status;

	if (!dbw__postgresql_writes_wait(own, &need_row))
		return DBW_OK;
	status = dbw__postgresql_exchange(own, MESSAGE_NOTHING, NULL, NULL, &result, error);
	PQclear(result);
	return status;
}

bool dbw__postgresql_answer(dbw_connection *connection, dbw_answer *out)
{
	postgresql_connection *own = connection_of(connection);

	if (!own->answered || own->told_count == own->write_count)
		return false;
	*out = own->writes[own->told_count++].answer;
	return true;
}

#include "many.h"

#include <stdlib.h>
#include <string.h>

/* The statement that opens the stream, as text. */
static dbw_status render_copy(struct bulk *bulk, const dbw_statement *statement, dbw_text_buffer *sql)
{
	dbw__lease *lease = bulk->lease;
	dbw__request request;
	dbw_status status = DBW_OK;

	dbw__request_init(&request, bulk->model, lease->engine, DBW__REQUEST_COPY, dbw__lease_scratch(lease));
	for (uint16_t i = 0; status == DBW_OK && i < statement->parameter_count; i++)
		status = dbw__request_column(&request, statement->parameters[i], lease->error);
	if (status == DBW_OK)
		dbw__request_render(&request, sql);
	dbw__request_clear(&request);
	return status == DBW_OK && sql->failed ? dbw__out_of_memory(lease->error) : status;
}

/* Rows that are copied at a time. */
enum { COPIED_ROWS = 64 };

/* Rows that want something of the runtime, made in copies of them, since they are not the call's to change. */
static dbw_status send_made(struct bulk *bulk, dbw_prepared *insert, size_t first, size_t rows, bool *taken)
{
	const size_t row_size = bulk->model->row_size;
	dbw__lease *lease = bulk->lease;
	char *copies = malloc(COPIED_ROWS * row_size);
	dbw_status status = copies == NULL ? dbw__out_of_memory(lease->error) : DBW_OK;

	*taken = true;
	for (size_t done = 0, some; status == DBW_OK && *taken && done < rows; done += some) {
		some = rows - done < COPIED_ROWS ? rows - done : COPIED_ROWS;
		memcpy(copies, row_at(bulk, first + done), some * row_size);
		status = dbw__make_members(bulk, copies, some);
		if (status == DBW_OK)
			status = lease->driver->load_members(
				lease->connection, insert, copies, some, taken, lease->error);
	}
	free(copies);
	return status;
}

/* Rows from where they are; *taken is false where the driver does not take them, and nothing is sent. */
static dbw_status send_members(
	struct bulk *bulk, dbw_prepared *insert, size_t first, size_t rows, bool *taken)
{
	dbw__lease *lease = bulk->lease;

	*taken = false;
	if (!bulk->plain || lease->driver->load_members == NULL)
		return DBW_OK;
	if (bulk->makes)
		return send_made(bulk, insert, first, rows, taken);
	return lease->driver->load_members(
		lease->connection, insert, row_at(bulk, first), rows, taken, lease->error);
}

static dbw_status send_rows(
	struct bulk *bulk, const dbw_statement *statement, dbw_prepared *insert, size_t first, size_t rows)
{
	dbw__lease *lease = bulk->lease;
	bool taken;
	dbw_status status = send_members(bulk, insert, first, rows, &taken);

	if (taken)
		return status;
	for (size_t done = 0; status == DBW_OK && done < rows;) {
		const size_t some = rows - done < bulk->most ? rows - done : bulk->most;

		status = dbw__pack_rows(bulk, statement, first + done, some, false);
		if (status == DBW_OK)
			status = lease->driver->load_rows(
				lease->connection, insert, bulk->values, some, lease->error);
		done += some;
	}
	return status;
}

/*
 * The prepared insert tells the types that rows are coded in, and the server takes the bytes for its columns as they are. One that
 * was prepared before may be older than its table, so it is prepared once more: the lock that comes with it keeps the types until
 * the transaction ends. *own, not NULL, is to be released.
 */
static dbw_status find_types(struct bulk *bulk, uint16_t number, dbw_prepared **insert, dbw_prepared **own)
{
	dbw__lease *lease = bulk->lease;
	const dbw_model *model = bulk->model;
	const dbw_statement *statement = &model->statements[number];
	const bool is_old = dbw__cache_fixed(lease->cache, *model->first_slot + number) != NULL;
	dbw_status status = dbw__fixed_statement(lease, model, number, bulk->call, insert);

	*own = NULL;
	if (status != DBW_OK || !is_old)
		return status;
	status = lease->driver->prepare(lease->connection, bulk->call->sql, NULL, own, lease->error);
	if (status != DBW_OK)
		return status;
	if (lease->driver->plan_rows != NULL)
		lease->driver->plan_rows(
			lease->connection, *own, model, statement->parameters, statement->parameter_count);
	*insert = *own;
	return DBW_OK;
}

/* The stream from its beginning to its end. */
static dbw_status stream(struct bulk *bulk, const dbw_statement *statement, dbw_prepared *insert,
	const char *sql, size_t first, size_t rows)
{
	dbw__lease *lease = bulk->lease;
	dbw_effect effect = { 0, 0 };
	dbw_error first_error;
	dbw_status status = lease->driver->load_begin(lease->connection, sql, lease->error);

	if (status != DBW_OK)
		return status;
	status = send_rows(bulk, statement, insert, first, rows);
	if (status != DBW_OK) {
		first_error = *lease->error;
		(void)lease->driver->load_end(lease->connection, false, &effect, lease->error);
		*lease->error = first_error;
		return status;
	}
	status = lease->driver->load_end(lease->connection, true, &effect, lease->error);
	bulk->call->rows += effect.rows;
	return status;
}

dbw_status dbw__stream_rows(struct bulk *bulk, uint16_t number, size_t first, size_t rows, bool *done)
{
	const dbw_statement *statement = &bulk->model->statements[number];
	dbw__lease *lease = bulk->lease;
	dbw_prepared *insert, *own;
	char storage[1024];
	dbw_text_buffer sql;
	dbw_status status;

	*done = false;
	dbw_text_init(&sql, storage, sizeof storage);
	status = find_types(bulk, number, &insert, &own);
	bulk->call->statement = "load";
	bulk->call->values = NULL;
	bulk->call->value_count = 0;
	if (status == DBW_OK)
		status = render_copy(bulk, statement, &sql);
	if (status == DBW_OK)
		status = lease->driver->savepoint(lease->connection, OWN_DEPTH, lease->error);
	if (status == DBW_OK) {
		status = stream(bulk, statement, insert, sql.data, first, rows);
		if (status == DBW_OK) {
			*done = true;
			status = lease->driver->release_savepoint(lease->connection, OWN_DEPTH, lease->error);
		} else if (status == DBW_CONFLICT || status == DBW_UNSUPPORTED) {
			bulk->streams = false;
			status = lease->driver->rollback_to_savepoint(
				lease->connection, OWN_DEPTH, lease->error);
			/* The rows go another way, and what comes of that is told. */
			if (status == DBW_OK)
				dbw_error_clear(lease->error);
		}
	}
	if (own != NULL)
		lease->driver->release(lease->connection, own);
	dbw_text_clear(&sql);
	return status;
}

#include "insertion.h"

#include <statement/encode.h>

dbw_status dbw__out_of_memory(dbw_error *error)
{
	return dbw__fail(error, DBW_OUT_OF_MEMORY, "out of memory");
}

dbw_status dbw__misuse(dbw__lease *lease, const dbw_model *model, const char *what)
{
	return dbw__fail(lease->error, DBW_MISUSE, "%s: %s", model->name, what);
}

dbw_status dbw__other_schema(dbw__lease *lease, const dbw_model *model)
{
	return dbw__fail(lease->error, DBW_MISUSE, "%s belongs to schema %s, the session to schema %s",
		model->name, model->schema->name, lease->schema->name);
}

dbw_status dbw__no_statement(dbw__lease *lease, const dbw_model *model)
{
	return dbw__misuse(lease, model, "the model has no such statement");
}

/* The text of an insert, which stays with the connection. */
static dbw_status join_insert(dbw__lease *lease, const dbw_model *model, uint16_t number, const char **out)
{
	const dbw_statement *statement = &model->statements[number];
	dbw__request request;
	char storage[1024];
	dbw_text_buffer sql;
	const char *tail = "";
	dbw_status status = DBW_OK;

	if (number == DBW_STATEMENT_INSERT_WITH_ID && lease->engine == DBW_POSTGRESQL)
		tail = dbw__counting_tail(lease, model);
	if (tail == NULL)
		return dbw__out_of_memory(lease->error);
	dbw__request_init(&request, model, lease->engine, DBW__REQUEST_INSERT, dbw__lease_scratch(lease));
	dbw_text_init(&sql, storage, sizeof storage);
	for (uint16_t i = 0; status == DBW_OK && i < statement->parameter_count; i++)
		status = dbw__request_column(&request, statement->parameters[i], lease->error);
	if (status == DBW_OK)
		dbw__request_render(&request, &sql);
	if (status == DBW_OK && sql.failed)
		status = dbw__out_of_memory(lease->error);
	if (status == DBW_OK)
		status = dbw__cache_join(
			lease->cache, *model->first_slot + number, sql.data, tail, out, lease->error);
	dbw_text_clear(&sql);
	dbw__request_clear(&request);
	return status;
}

dbw_status dbw__prepare_fixed(
	dbw__lease *lease, const dbw_model *model, uint16_t number, dbw__call *call, dbw_prepared **out)
{
	const uint32_t slot = *model->first_slot + number;
	const dbw_result rows = { model, model->read, model->read_count };
	const bool has_rows = number == DBW_STATEMENT_FIND || number >= DBW_STATEMENT_FIRST_FINDER;
	const dbw_statement *statement = &model->statements[number];
	dbw_status status = DBW_OK;

	call->sql = statement->sql[lease->engine];
	if (call->sql == NULL)
		status = join_insert(lease, model, number, &call->sql);
	else if (statement->selects)
		status = dbw__cache_join(lease->cache, slot, model->select[lease->engine], call->sql,
			&call->sql, lease->error);
	if (status == DBW_OK)
		status = dbw__cache_prepare(
			lease->cache, slot, call->sql, has_rows ? &rows : NULL, out, lease->error);
	if (status == DBW_OK && lease->driver->plan_rows != NULL &&
		(number == DBW_STATEMENT_INSERT || number == DBW_STATEMENT_INSERT_WITH_ID))
		lease->driver->plan_rows(
			lease->connection, *out, model, statement->parameters, statement->parameter_count);
	return status;
}

/* Tells the driver where it can bind the members of rows. */
static void plan_rows(dbw__lease *lease, const dbw__request *request, dbw__shape *shape)
{
	uint16_t columns[DBW__ROW_COLUMNS];
	const uint16_t count = dbw__request_row_columns(request, columns, DBW__ROW_COLUMNS);

	if (count == 0)
		return;
	lease->driver->plan_rows(lease->connection, shape->prepared, request->model, columns, count);
	shape->takes_rows = true;
}

/* The one time that a connection sees the shape. */
static dbw_status build_shape(dbw__lease *lease, const dbw__request *request, dbw__shape **out)
{
	const bool has_rows = dbw__request_gives_rows(request);
	char storage[1024];
	dbw_text_buffer sql;
	dbw_status status;

	dbw__lease_settle(lease);
	dbw_text_init(&sql, storage, sizeof storage);
	dbw__request_render(request, &sql);
	if (sql.failed)
		status = dbw__out_of_memory(lease->error);
	else
		status = dbw__shape_insert(lease->cache, request->key.data, request->key.length, sql.data,
			has_rows ? &request->result : NULL, out, lease->error);
	if (status == DBW_OK && lease->driver->plan_rows != NULL)
		plan_rows(lease, request, *out);
	dbw_text_clear(&sql);
	return status;
}

dbw_status dbw__find_shape(dbw__lease *lease, dbw__request *request, dbw__call *call, dbw__shape **out)
{
	const uint32_t limit = lease->capabilities->parameter_limit;
	dbw__shape *shape;

	if (limit != 0 && request->count > limit)
		return dbw__fail(lease->error, DBW_UNSUPPORTED,
			"%s: the call has %zu values, and the engine takes no more than %lu in one statement",
			request->model->name, request->count, (unsigned long)limit);
	call->sent = true;
	shape = dbw__shape_lookup(lease->cache, request->key.data, request->key.length);
	/* A cursor runs it: the next one of the same text. */
	while (shape != NULL && shape->held != 0) {
		if (dbw__request_again(request, lease->error) != DBW_OK)
			return DBW_OUT_OF_MEMORY;
		shape = dbw__shape_lookup(lease->cache, request->key.data, request->key.length);
	}
	if (shape == NULL) {
		dbw_status status = build_shape(lease, request, &shape);

		if (status != DBW_OK)
			return status;
	}
	call->sql = shape->sql;
	call->shape = shape;
	*out = shape;
	return DBW_OK;
}

dbw_status dbw__shaped_statement(
	dbw__lease *lease, dbw__request *request, dbw__call *call, dbw_prepared **out)
{
	dbw__shape *shape;
	dbw_status status = dbw__find_shape(lease, request, call, &shape);

	if (status == DBW_OK)
		*out = shape->prepared;
	return status;
}

dbw_status dbw__leave_unnamed(dbw__lease *lease, dbw_status status, dbw__call *call)
{
	/* The short name has to do where memory is short. */
	if (status != DBW_OK || dbw__lease_watched(lease)) {
		const char *name = dbw_arena_printf(
			dbw__lease_scratch(lease), "%s_%s", call->model->name, call->statement);

		if (name != NULL) {
			call->statement = name;
			call->unnamed = false;
		}
	}
	return dbw__session_leave(lease, status, call);
}

dbw_status dbw__encode_any_key(dbw__lease *lease, const dbw_model *model, const dbw_statement *statement,
	uint16_t first, const void *const *key, dbw_value *storage, dbw_value **out)
{
	const uint16_t count = statement->parameter_count;

	if (count > DBW__KEY_VALUES) {
		storage = dbw_arena_alloc(dbw__lease_scratch(lease), count * sizeof *storage);
		if (storage == NULL)
			return dbw__out_of_memory(lease->error);
	}
	for (uint16_t i = first; i < count; i++) {
		const dbw_column *column = &model->columns[statement->parameters[i]];
		dbw_status status;

		status = dbw__encode_argument(model, column, key[i - first], &storage[i], lease->error);
		if (status != DBW_OK)
			return status;
	}
	*out = storage;
	return DBW_OK;
}

dbw_status dbw__key_exists(dbw__lease *lease, const dbw_model *model, const dbw_value *values, bool *out)
{
	const dbw_driver *driver = lease->driver;
	dbw__call call = { .model = model };
	dbw_prepared *prepared;
	int64_t one;
	dbw_status status;

	status = dbw__fixed_statement(lease, model, DBW_STATEMENT_EXISTS, &call, &prepared);
	if (status == DBW_OK)
		status = driver->query(lease->connection, prepared, values, model->key_count, lease->error);
	if (status != DBW_OK)
		return status;
	status = driver->fetch_integer(lease->connection, prepared, &one, out, lease->error);
	driver->finish(lease->connection, prepared);
	return status;
}

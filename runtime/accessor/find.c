#include "row.h"
#include "select.h"

#include <string.h>

/* Text that a row by itself has room for before it needs a second malloc. */
enum { FOUND_TEXT = 512 };

/* The next row of a running query, as a row that stands by itself. DBW_NOT_FOUND, still to be told, without one. */
static inline __attribute__((always_inline)) dbw_status fetch_found(
	dbw__lease *lease, const dbw_result *result, dbw_prepared *prepared, void **out)
{
	const dbw_model *model = result->model;
	const uint64_t *absent = NULL;
	dbw_arena *arena;
	void *row = dbw__found_new(model, FOUND_TEXT, &arena);
	bool more = false;
	dbw_status status;

	if (row == NULL)
		return dbw__out_of_memory(lease->error);
	status = lease->driver->fetch(lease->connection, prepared, row, arena, &more, lease->error);
	if (status == DBW_OK && more && !dbw__absent_of(result, arena, &absent))
		status = dbw__out_of_memory(lease->error);
	if (status == DBW_OK && more) {
		dbw__mark_found(model, row);
		dbw__row_word(model, row)->absent = absent;
		*out = row;
		return DBW_OK;
	}
	dbw_arena_free(arena);
	return status == DBW_OK ? DBW_NOT_FOUND : status;
}

static dbw_status find_row(dbw__lease *lease, const dbw_model *model, uint16_t number, const void *const *key,
	dbw_value *storage, dbw__call *call, void **out)
{
	const dbw_statement *statement = &model->statements[number];
	const dbw_result result = dbw__ordinary_result(model);
	dbw_value *values;
	dbw_prepared *prepared;
	dbw_status status;

	status = dbw__encode_key(lease, model, statement, 0, key, storage, &values);
	if (status == DBW_OK)
		status = dbw__fixed_statement(lease, model, number, call, &prepared);
	if (status == DBW_OK)
		status = lease->driver->query(
			lease->connection, prepared, values, statement->parameter_count, lease->error);
	if (status != DBW_OK)
		return status;
	status = fetch_found(lease, &result, prepared, out);
	lease->driver->finish(lease->connection, prepared);
	call->rows = status == DBW_OK;
	if (status == DBW_NOT_FOUND)
		dbw__fail(lease->error, status, "%s: no row matches", statement->name);
	return status;
}

dbw_status dbw__find_by(
	dbw_session session, const dbw_model *model, uint16_t statement, const void *const *key, void *out)
{
	dbw_value storage[DBW__KEY_VALUES];
	dbw__call call = { .model = model, .statement = "find" };
	dbw__lease *lease;
	void *row = NULL;
	dbw_status status;

	/* `out` is the address of a pointer to a generated struct, which is not a `void *` to the compiler. */
	if (out != NULL)
		memcpy(out, &row, sizeof row);
	status = dbw__session_enter(session, false, &lease);
	if (status != DBW_OK)
		return status;
	status = dbw__check_schema(lease, model);
	if (status == DBW_OK && (out == NULL || key == NULL))
		status = dbw__misuse(
			lease, model, out == NULL ? "there is no place for the row" : "the key is NULL");
	if (status == DBW_OK && statement >= model->statement_count)
		status = dbw__misuse(lease, model, "the model has no such statement");
	if (status == DBW_OK)
		status = find_row(lease, model, statement, key, storage, &call, &row);
	status = dbw__session_leave(lease, status, &call);
	if (status == DBW_OK)
		memcpy(out, &row, sizeof row);
	else
		dbw__row_free(model, row);
	return status;
}

static dbw_status find_first(dbw__lease *lease, dbw__request *request, dbw__call *call, void **out)
{
	dbw_prepared *prepared;
	dbw_status status = dbw__shaped_statement(lease, request, call, &prepared);

	if (status == DBW_OK)
		status = lease->driver->query(
			lease->connection, prepared, request->values, request->count, lease->error);
	if (status != DBW_OK)
		return status;
	status = fetch_found(lease, &request->result, prepared, out);
	lease->driver->finish(lease->connection, prepared);
	call->rows = status == DBW_OK;
	if (status == DBW_NOT_FOUND)
		dbw__fail(lease->error, status, "%s_find_one: no row matches", request->model->name);
	return status;
}

dbw_status dbw__find_one(dbw_session session, const dbw_model *model, const void *query, void *out)
{
	dbw__request request;
	dbw__call call = { .model = model, .statement = "find_one" };
	dbw__lease *lease;
	void *row = NULL;
	dbw_status status;

	if (out != NULL)
		memcpy(out, &row, sizeof row);
	status = dbw__session_enter(session, false, &lease);
	if (status != DBW_OK)
		return status;
	dbw__request_init(&request, model, lease->engine, DBW__REQUEST_FIND_ONE, dbw__lease_scratch(lease));
	status = dbw__check_schema(lease, model);
	if (status == DBW_OK && out == NULL)
		status = dbw__misuse(lease, model, "there is no place for the row");
	if (status == DBW_OK)
		status = dbw__request_find(lease, &request, query);
	if (status == DBW_OK)
		status = find_first(lease, &request, &call, &row);
	status = dbw__leave_unnamed(lease, status, &call);
	dbw__request_clear(&request);
	if (status == DBW_OK)
		memcpy(out, &row, sizeof row);
	else
		dbw__row_free(model, row);
	return status;
}

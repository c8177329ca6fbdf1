#include "row.h"

#include <string.h>

/* Text that a row by itself has room for before it needs a second malloc. */
enum { FOUND_TEXT = 512 };

/* The next row of a running query, as a row that stands by itself; NULL without one. */
static dbw_status fetch_found(
	dbw__lease *lease, const dbw_model *model, dbw_prepared *prepared, const char *name, void **out)
{
	dbw_arena *arena;
	void *row = dbw__found_new(model, FOUND_TEXT, &arena);
	bool more = false;
	dbw_status status;

	if (row == NULL)
		return dbw__out_of_memory(lease->error);
	status = lease->driver->fetch(lease->connection, prepared, row, arena, &more, lease->error);
	if (status == DBW_OK && more) {
		dbw__mark_found(model, row);
		*out = row;
		return DBW_OK;
	}
	dbw_arena_free(arena);
	if (status == DBW_OK)
		status = dbw__fail(lease->error, DBW_NOT_FOUND, "%s: no row matches", name);
	return status;
}

static dbw_status find_row(dbw__lease *lease, const dbw_model *model, uint16_t number, const void *const *key,
	dbw_value *storage, dbw__call *call, void **out)
{
	const dbw_statement *statement = &model->statements[number];
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
	status = fetch_found(lease, model, prepared, statement->name, out);
	lease->driver->finish(lease->connection, prepared);
	call->rows = status == DBW_OK;
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

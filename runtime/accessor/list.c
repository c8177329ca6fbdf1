#include "list.h"
#include "select.h"

#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

/* Rows that the first piece of memory of a list holds. */
enum { FIRST_ROWS = 16 };

/* What `items` of an empty list points to; nobody reads or writes it. */
static alignas(max_align_t) unsigned char no_items[1];

void dbw__list_empty(dbw__list *list)
{
	list->items = no_items;
	list->count = 0;
	list->arena_ = NULL;
}

void dbw__list_free(void *list)
{
	dbw__list rows;

	if (list == NULL)
		return;
	memcpy(&rows, list, sizeof rows);
	if (rows.arena_ != NULL) {
		free(rows.items);
		dbw_arena_free(rows.arena_);
	}
	dbw__list_empty(&rows);
	memcpy(list, &rows, sizeof rows);
}

/*
 * More rows, all zero: FIRST_ROWS at a time are made ready, in one block that doubles, so that a list of 100,000 takes 14
 * blocks. `ready` is how many rows are ready, as many as there are.
 */
static bool ready_rows(dbw__list *rows, size_t *capacity, size_t *ready, size_t row_size)
{
	if (*ready == *capacity) {
		const size_t more = *capacity == 0 ? FIRST_ROWS : *capacity * 2;
		void *items;

		if (more > PTRDIFF_MAX / row_size)
			return false;
		if (rows->arena_ == NULL) {
			rows->arena_ = dbw_arena_new(0);
			if (rows->arena_ == NULL)
				return false;
			rows->items = NULL;
		}
		items = realloc(rows->items, more * row_size);
		if (items == NULL)
			return false;
		rows->items = items;
		*capacity = more;
	}
	memset((char *)rows->items + *ready * row_size, 0, FIRST_ROWS * row_size);
	*ready += FIRST_ROWS;
	return true;
}

/* Up to `count` rows, by as few calls as the driver takes. */
static dbw_status fetch_some(dbw__lease *lease, const dbw_model *model, dbw_prepared *prepared, char *rows,
	size_t count, dbw_arena *arena, size_t *done)
{
	const dbw_driver *driver = lease->driver;
	dbw_status status = DBW_OK;
	bool more = true;

	if (driver->fetch_rows != NULL)
		return driver->fetch_rows(
			lease->connection, prepared, rows, count, arena, done, lease->error);
	for (*done = 0; status == DBW_OK && *done < count; *done += more, rows += model->row_size) {
		status = driver->fetch(lease->connection, prepared, rows, arena, &more, lease->error);
		if (!more)
			break;
	}
	return status;
}

/*
 * All rows of a running query. A query without rows leaves the list empty, without memory. On failure what was read is
 * released.
 */
static dbw_status fetch_rows(
	dbw__lease *lease, const dbw_result *result, dbw_prepared *prepared, dbw__list *rows)
{
	const dbw_model *model = result->model;
	const size_t row_size = model->row_size;
	const uint64_t *absent = NULL;
	size_t capacity = 0, ready = 0;
	dbw_status status = DBW_OK;

	rows->count = 0;
	while (status == DBW_OK && rows->count == ready) {
		size_t done;
		char *row;

		if (!ready_rows(rows, &capacity, &ready, row_size) ||
			!dbw__absent_of(result, rows->arena_, &absent)) {
			status = dbw__out_of_memory(lease->error);
			break;
		}
		row = (char *)rows->items + rows->count * row_size;
		status = fetch_some(lease, model, prepared, row, FIRST_ROWS, rows->arena_, &done);
		rows->count += done;
		for (; done != 0; done--, row += row_size) {
			dbw__row_word(model, row)->origin = DBW_ROW_READ;
			dbw__row_word(model, row)->absent = absent;
		}
	}
	if (status != DBW_OK || rows->count == 0)
		dbw__list_free(rows);
	return status;
}

dbw_status dbw__list_run(dbw__lease *lease, const dbw_result *result, dbw_prepared *prepared,
	const dbw_value *values, size_t count, dbw__call *call, dbw__list *rows)
{
	dbw_status status = lease->driver->query(lease->connection, prepared, values, count, lease->error);

	if (status != DBW_OK)
		return status;
	status = fetch_rows(lease, result, prepared, rows);
	lease->driver->finish(lease->connection, prepared);
	call->rows = (int64_t)rows->count;
	return status;
}

/* `out` is a generated list struct: the same members, but another type to the compiler. */
static dbw_status give(dbw_status status, dbw__list *rows, void *out)
{
	if (status == DBW_OK)
		memcpy(out, rows, sizeof *rows);
	else
		dbw__list_free(rows);
	return status;
}

dbw_status dbw__list_by(
	dbw_session session, const dbw_model *model, uint16_t statement, const void *const *key, void *out)
{
	const dbw_result result = dbw__ordinary_result(model);
	dbw_value storage[DBW__KEY_VALUES];
	dbw_value *values;
	dbw__call call = { .model = model, .statement = "list" };
	dbw_prepared *prepared;
	dbw__lease *lease;
	dbw__list rows;
	dbw_status status;

	dbw__list_empty(&rows);
	if (out != NULL)
		memcpy(out, &rows, sizeof rows);
	status = dbw__session_enter(session, false, &lease);
	if (status != DBW_OK)
		return status;
	status = dbw__check_schema(lease, model);
	if (status == DBW_OK && (out == NULL || key == NULL))
		status = dbw__misuse(
			lease, model, out == NULL ? "there is no place for the rows" : "the key is NULL");
	if (status == DBW_OK && statement >= model->statement_count)
		status = dbw__misuse(lease, model, "the model has no such statement");
	if (status == DBW_OK)
		status = dbw__encode_key(
			lease, model, &model->statements[statement], 0, key, storage, &values);
	if (status == DBW_OK)
		status = dbw__fixed_statement(lease, model, statement, &call, &prepared);
	if (status == DBW_OK)
		status = dbw__list_run(lease, &result, prepared, values,
			model->statements[statement].parameter_count, &call, &rows);
	return give(dbw__session_leave(lease, status, &call), &rows, out);
}

dbw_status dbw__find(dbw_session session, const dbw_model *model, const void *query, void *out)
{
	dbw__request request;
	dbw__call call = { .model = model, .statement = "find" };
	dbw_prepared *prepared;
	dbw__lease *lease;
	dbw__list rows;
	dbw_status status;

	dbw__list_empty(&rows);
	if (out != NULL)
		memcpy(out, &rows, sizeof rows);
	status = dbw__session_enter(session, false, &lease);
	if (status != DBW_OK)
		return status;
	dbw__request_init(&request, model, lease->engine, DBW__REQUEST_FIND, dbw__lease_scratch(lease));
	status = dbw__check_schema(lease, model);
	if (status == DBW_OK && out == NULL)
		status = dbw__misuse(lease, model, "there is no place for the rows");
	if (status == DBW_OK)
		status = dbw__request_find(lease, &request, query);
	if (status == DBW_OK)
		status = dbw__shaped_statement(lease, &request, &call, &prepared);
	if (status == DBW_OK)
		status = dbw__list_run(
			lease, &request.result, prepared, request.values, request.count, &call, &rows);
	status = dbw__leave_unnamed(lease, status, &call);
	dbw__request_clear(&request);
	return give(status, &rows, out);
}

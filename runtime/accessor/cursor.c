#include "row.h"
#include "select.h"

#include <session/reading.h>

/* Makes a value of a query outlive the call: what it points to is the caller's, or the call's. */
static bool keep_value(dbw_arena *arena, dbw_value *value)
{
	dbw_value *items;

	switch (value->kind) {
	case DBW_KIND_TEXT:
	case DBW_KIND_JSON:
	case DBW_KIND_BYTES:
		value->as.data = dbw_arena_copy(arena, value->as.data, value->size);
		return value->as.data != NULL;
	case DBW_VALUE_LIST:
		items = dbw_arena_alloc(arena, value->size * sizeof *items);
		if (items == NULL)
			return false;
		memcpy(items, value->as.items, value->size * sizeof *items);
		value->as.items = items;
		for (uint32_t i = 0; i < value->size; i++)
			if (!keep_value(arena, &items[i]))
				return false;
		return true;
	default: return true;
	}
}

/* A copy of the request's values, NULL when memory is short. */
static dbw_value *keep_values(dbw_arena *arena, const dbw__request *request)
{
	dbw_value *values = dbw_arena_alloc(arena, (request->count + 1) * sizeof *values);

	if (values == NULL)
		return NULL;
	memcpy(values, request->values, request->count * sizeof *values);
	for (size_t i = 0; i < request->count; i++)
		if (!keep_value(arena, &values[i]))
			return NULL;
	return values;
}

/* What the reading needs besides its statement: a row, and its name for the event. NULL when memory is short. */
static const char *prepare_reading(dbw__reading *reading, const dbw_result *result)
{
	const dbw_model *model = result->model;
	const uint64_t *absent = NULL;

	reading->row = dbw_arena_alloc_zeroed(reading->arena, 1, model->row_size);
	if (reading->row == NULL || !dbw__absent_of(result, reading->arena, &absent))
		return NULL;
	dbw__row_word(model, reading->row)->origin = DBW_ROW_READ;
	dbw__row_word(model, reading->row)->absent = absent;
	return dbw_arena_printf(reading->arena, "%s_cursor", model->name);
}

/* Where rows can come as they are asked for they do. */
static dbw_status run(dbw__lease *lease, dbw_prepared *prepared, const dbw_value *values, size_t count)
{
	const dbw_driver *driver = lease->driver;
	dbw_status status;

	if (driver->stream == NULL)
		return driver->query(lease->connection, prepared, values, count, lease->error);
	status = dbw__lease_begin_reading(lease);
	return status != DBW_OK ? status
				: driver->stream(lease->connection, prepared, values, count, lease->error);
}

static dbw_status start(
	dbw__lease *lease, dbw__request *request, dbw__call *call, dbw__reading *reading, dbw_cursor *out)
{
	const char *name = prepare_reading(reading, &request->result);
	dbw_value *values = keep_values(reading->arena, request);
	dbw__shape *shape;
	dbw_status status;

	if (name == NULL || values == NULL)
		return dbw__out_of_memory(lease->error);
	status = dbw__find_shape(lease, request, call, &shape);
	if (status == DBW_OK)
		status = run(lease, shape->prepared, values, request->count);
	if (status != DBW_OK)
		return status;
	reading->call = *call;
	reading->call.statement = name;
	*out = dbw__reading_start(reading, shape);
	/* The event comes with the last row. */
	dbw__reading_leave(reading);
	call->sent = false;
	return DBW_OK;
}

dbw_status dbw__cursor_open(dbw_session session, const dbw_model *model, const void *query, void *out)
{
	dbw__request request;
	dbw__call call = { .model = model, .statement = "cursor" };
	dbw__reading *reading = NULL;
	dbw_cursor cursor = { NULL, 0 };
	dbw__lease *lease;
	dbw_status status;

	if (out != NULL)
		memcpy(out, &cursor, sizeof cursor);
	status = dbw__session_enter(session, false, &lease);
	if (status != DBW_OK)
		return status;
	dbw__request_init(&request, model, lease->engine, DBW__REQUEST_FIND, dbw__lease_scratch(lease));
	status = dbw__check_schema(lease, model);
	if (status == DBW_OK && out == NULL)
		status = dbw__misuse(lease, model, "there is no place for the cursor");
	if (status == DBW_OK)
		status = dbw__request_find(lease, &request, query);
	if (status == DBW_OK)
		status = dbw__reading_take(lease, &reading);
	if (status == DBW_OK)
		status = start(lease, &request, &call, reading, &cursor);
	if (status != DBW_OK && reading != NULL)
		dbw__reading_end(reading);
	status = dbw__leave_unnamed(lease, status, &call);
	dbw__request_clear(&request);
	if (status == DBW_OK)
		memcpy(out, &cursor, sizeof cursor);
	return status;
}

dbw_status dbw__cursor_next(const void *cursor, void *out)
{
	void *row = NULL;
	dbw__reading *reading;
	dbw__lease *lease;
	const dbw_model *model;
	dbw_status status;
	bool more;

	/* `out` is the address of a pointer to a generated struct, which is not a `void *` to the compiler. */
	if (out != NULL)
		memcpy(out, &row, sizeof row);
	if (cursor == NULL)
		return DBW_ENDED;
	status = dbw__reading_enter(cursor, &reading);
	if (status != DBW_OK)
		return status;
	lease = reading->lease;
	model = reading->call.model;
	if (out == NULL)
		return dbw__misuse(lease, model, "there is no place for the row");
	if (reading->prepared == NULL)
		return DBW_OK;
	row = reading->row;
	status = lease->driver->fetch(lease->connection, reading->prepared, row, NULL, &more, lease->error);
	if (status != DBW_OK)
		return dbw__reading_fail(reading, status);
	if (!more) {
		dbw__reading_finish(reading);
		return DBW_OK;
	}
	reading->call.rows++;
	memcpy(out, &row, sizeof row);
	dbw__reading_leave(reading);
	return DBW_OK;
}

void dbw__cursor_close(void *cursor)
{
	if (cursor == NULL)
		return;
	dbw__reading_close(cursor);
	memset(cursor, 0, sizeof(dbw_cursor));
}

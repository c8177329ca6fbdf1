#include "row.h"

#include <statement/encode.h>

/* An update on its way. */
struct update {
	dbw__lease *lease;
	const dbw_model *model;
	void *row;
	const void *columns;
	dbw__request request;
	size_t version; /* place of the new version's value; the key follows, then the old version */
};

static dbw_status refuse(dbw__lease *lease, const dbw_model *model, const dbw_column *column, const char *why)
{
	return dbw__fail(lease->error, DBW_MISUSE, "%s.%s %s", model->name, column->field, why);
}

dbw_status dbw__check_settable(dbw__lease *lease, const dbw_model *model, void *row, uint16_t number)
{
	const dbw_column *column = &model->columns[number];

	if ((column->flags & DBW_COLUMN_KEY) != 0)
		return refuse(lease, model, column, "is the key, which update does not change");
	if ((column->flags & DBW_COLUMN_GENERATED) != 0)
		return refuse(lease, model, column, "is computed by the database");
	if ((column->flags & DBW_COLUMN_VERSION) != 0)
		return refuse(lease, model, column, "is the version, which update counts by itself");
	if (dbw__row_is_absent(model, row, number))
		return refuse(lease, model, column,
			"was not read, so there is nothing to write: leave it out of the columns, or read it");
	if ((column->flags & DBW_COLUMN_EXPRESSION) != 0 &&
		dbw__member_is_unset(column, dbw__row_member(column, row)))
		return dbw__fail(lease->error, DBW_INVALID, "%s.%s is not set", model->name, column->field);
	return DBW_OK;
}

/* A column of the set, with its value. */
static dbw_status add_column(struct update *update, uint16_t number)
{
	const dbw_model *model = update->model;
	const dbw_column *column = &model->columns[number];
	const void *member = dbw__row_member(column, update->row);
	dbw_error *error = update->lease->error;
	dbw_value *value;
	dbw_status status = dbw__check_settable(update->lease, model, update->row, number);

	if (status != DBW_OK)
		return status;
	value = dbw__request_values(&update->request, 1);
	if (value == NULL)
		return dbw__out_of_memory(error);
	status = dbw__encode_member(model, column, member, value, error);
	return status != DBW_OK ? status : dbw__request_column(&update->request, number, error);
}

static dbw_status add_now(struct update *update, uint16_t number, dbw__clock *clock)
{
	dbw_value *value = dbw__request_values(&update->request, 1);
	dbw_status status;

	if (value == NULL)
		return dbw__out_of_memory(update->lease->error);
	status = dbw__encode_now(update->lease, update->model, &update->model->columns[number], clock, value);
	return status != DBW_OK ? status
				: dbw__request_column(&update->request, number, update->lease->error);
}

static dbw_status add_set(struct update *update)
{
	const dbw_model *model = update->model;
	dbw__clock clock = { { 0 }, false };
	bool empty = true;
	dbw_status status = DBW_OK;

	for (uint16_t i = 0; status == DBW_OK && i < model->column_count; i++) {
		const bool asked = dbw__columns_has(update->columns, i);

		empty = empty && !asked;
		if ((model->columns[i].flags & DBW_COLUMN_NOW_ON_UPDATE) != 0)
			status = add_now(update, i, &clock);
		else if (asked)
			status = add_column(update, i);
	}
	if (status == DBW_OK && empty)
		return dbw__misuse(update->lease, model, "the set of columns to update is empty");
	return status;
}

static dbw_status encode_at(struct update *update, uint16_t number, dbw_value *value)
{
	const dbw_column *column = &update->model->columns[number];

	if (dbw__row_is_absent(update->model, update->row, number))
		return refuse(update->lease, update->model, column,
			"was not read, and update needs it to find the row");
	/* Neither is ever NULL, and a key finds what it finds: also a reference to 0 that somebody else has written. */
	return dbw__encode_argument(
		update->model, column, dbw__row_member(column, update->row), value, update->lease->error);
}

static dbw_status next_version(struct update *update, const dbw_value *old, dbw_value *next)
{
	const int64_t greatest = old->kind == DBW_KIND_INT16   ? INT16_MAX
				 : old->kind == DBW_KIND_INT32 ? INT32_MAX
							       : INT64_MAX;

	if (old->as.integer >= greatest)
		return dbw__fail(update->lease->error, DBW_INVALID, "%s.%s has no next version",
			update->model->name, old->column->field);
	*next = *old;
	next->as.integer++;
	return DBW_OK;
}

/* What follows the set in the statement: new version, key, old version. */
static dbw_status add_key(struct update *update)
{
	const dbw_model *model = update->model;
	const size_t versions = model->version >= 0 ? 2 : 0;
	dbw_value *values = dbw__request_values(&update->request, model->key_count + versions);
	dbw_value *key = values;
	dbw_status status = DBW_OK;

	if (values == NULL)
		return dbw__out_of_memory(update->lease->error);
	if (versions != 0) {
		dbw_value *old = values + 1 + model->key_count;

		key++;
		update->version = (size_t)(values - update->request.values);
		status = encode_at(update, (uint16_t)model->version, old);
		if (status == DBW_OK)
			status = next_version(update, old, values);
	}
	for (uint16_t i = 0; status == DBW_OK && i < model->key_count; i++)
		status = encode_at(update, model->key[i], &key[i]);
	return status;
}

static const dbw_value *key_values(const struct update *update)
{
	const dbw_model *model = update->model;

	return update->request.values + update->request.count - model->key_count - (model->version >= 0);
}

static dbw_status no_such_row(struct update *update)
{
	return dbw__fail(update->lease->error, DBW_NOT_FOUND, "%s: no row has this key", update->model->name);
}

/* No row was changed: is it gone, or has somebody else changed it? */
static dbw_status explain_nothing(struct update *update)
{
	const dbw_model *model = update->model;
	bool found = false;

	if (model->version >= 0) {
		dbw_status status = dbw__key_exists(update->lease, model, key_values(update), &found);

		if (status != DBW_OK)
			return status;
	}
	if (found)
		return dbw__fail(update->lease->error, DBW_STALE,
			"%s: the row has another %s than the one that was read", model->name,
			model->columns[model->version].field);
	return no_such_row(update);
}

static void complete_row(struct update *update)
{
	const dbw_model *model = update->model;

	for (size_t i = 0; i < update->request.count; i++) {
		const dbw_value *value = &update->request.values[i];

		if ((value->column->flags & DBW_COLUMN_NOW_ON_UPDATE) != 0)
			dbw__write_back(value->column, update->row, value);
	}
	if (model->version >= 0)
		dbw__write_back(&model->columns[model->version], update->row,
			&update->request.values[update->version]);
}

static dbw_status update_row(struct update *update, dbw__call *call)
{
	dbw__lease *lease = update->lease;
	dbw_effect effect = { 0, 0 };
	dbw_prepared *prepared;
	bool sent = false;
	dbw_status status;

	status = add_set(update);
	if (status == DBW_OK)
		status = add_key(update);
	if (status == DBW_OK)
		status = dbw__shaped_statement(lease, &update->request, call, &prepared);
	if (status != DBW_OK)
		return status;
	call->values = update->request.values;
	call->value_count = update->request.count;
	if (!update->model->reads_back)
		status = dbw__lease_send(lease, call, prepared, update->request.values, update->request.count,
			update->model->version >= 0 ? DBW__NEEDS_VERSION : DBW__NEEDS_ROW, &sent);
	if (status == DBW_OK && !sent)
		status = lease->driver->execute(lease->connection, prepared, update->request.values,
			update->request.count, &effect, lease->error);
	if (status != DBW_OK)
		return status;
	call->rows = effect.rows;
	if (!sent && effect.rows == 0)
		return explain_nothing(update);
	if (update->model->reads_back)
		status = dbw__read_back(lease, update->model, key_values(update), false, update->row);
	if (status == DBW_OK)
		complete_row(update);
	return status;
}

/* What was bound explains a conflict. */
static void explain(struct update *update, dbw__call *call)
{
	dbw_error *error = update->lease->error;
	const dbw_error said = *error;

	/* Only memory can be short, and then the call stays without its values. */
	if (add_set(update) == DBW_OK && add_key(update) == DBW_OK) {
		call->values = update->request.values;
		call->value_count = update->request.count;
	}
	*error = said;
}

/*
 * The common case: a set that this connection has updated before, and a row that is bound as it is. *done is whether it is
 * so; where it is not, nothing has been sent.
 */
static dbw_status update_plainly(struct update *update, dbw__call *call, bool *done)
{
	const dbw_model *model = update->model;
	dbw__lease *lease = update->lease;
	dbw__shape *shape;
	dbw_effect effect;
	dbw_status status;

	*done = false;
	if (lease->pipelined || dbw__row_word(model, update->row)->absent != NULL)
		return DBW_OK;
	shape = dbw__update_shape(lease->cache, model, update->columns);
	if (shape == NULL || !shape->takes_rows)
		return DBW_OK;
	status = lease->driver->execute_rows(
		lease->connection, shape->prepared, update->row, 1, false, done, &effect, lease->error);
	if (!*done)
		return DBW_OK;
	call->sent = true;
	call->sql = shape->sql;
	if (status != DBW_OK)
		return status;
	call->rows = effect.rows;
	if (effect.rows == 0)
		return no_such_row(update);
	return DBW_OK;
}

dbw_status dbw__update(dbw_session session, const dbw_model *model, void *row, const void *columns)
{
	struct update update;
	dbw__call call = { .model = model, .statement = "update", .unnamed = true, .writes = true };
	dbw_status status = dbw__session_enter(session, true, &update.lease);
	bool done = false;

	if (status != DBW_OK)
		return status;
	update.model = model;
	update.row = row;
	update.columns = columns;
	update.version = 0;
	status = dbw__check_schema(update.lease, model);
	if (status == DBW_OK && model->read_only)
		status = dbw__misuse(update.lease, model, "rows cannot be changed here");
	if (status == DBW_OK && columns == NULL)
		status = dbw__misuse(update.lease, model, "the set of columns is NULL");
	if (status == DBW_OK)
		status = dbw__check_origin(update.lease, model, row);
	if (status == DBW_OK && update.lease->driver->execute_rows != NULL && !update.lease->pipelined)
		status = update_plainly(&update, &call, &done);
	if (status == DBW_OK && done && !dbw__lease_watched(update.lease))
		return DBW_OK;
	if (status != DBW_CONFLICT && (status != DBW_OK || done))
		return dbw__leave_unnamed(update.lease, status, &call);
	dbw__request_init(&update.request, model, update.lease->engine, DBW__REQUEST_UPDATE,
		dbw__lease_scratch(update.lease));
	if (done)
		explain(&update, &call);
	else
		status = update_row(&update, &call);
	status = dbw__leave_unnamed(update.lease, status, &call);
	dbw__request_clear(&update.request);
	return status;
}

#include "insertion.h"

#include <statement/encode.h>

dbw_status dbw__insertion_make(dbw__insertion *insertion, const dbw_column *column, dbw_value *value)
{
	dbw_status status;

	insertion->makes = true;
	if (column->kind != DBW_KIND_UUID)
		return dbw__encode_now(insertion->lease, insertion->model, column, insertion->clock, value);
	value->column = column;
	value->kind = DBW_KIND_UUID;
	value->size = 0;
	if ((column->flags & DBW_COLUMN_UUID_V7) != 0)
		status = dbw_uuid_v7(&value->as.uuid);
	else
		status = dbw_uuid_v4(&value->as.uuid);
	if (status != DBW_OK)
		return dbw__fail(insertion->lease->error, status, "%s.%s: the system gives no random bytes",
			insertion->model->name, column->field);
	return DBW_OK;
}

/* Codes a column that gets a value from the runtime or the database where it has none. */
static dbw_status encode_special(dbw__insertion *insertion, const dbw_column *column)
{
	const dbw_model *model = insertion->model;
	const void *member = dbw__row_member(column, insertion->row);
	dbw_value *value = &insertion->values[insertion->count++];
	dbw_error *error = insertion->lease->error;

	if (!dbw__member_is_unset(column, member))
		return dbw__encode_member(model, column, member, value, error);
	if ((column->flags & DBW__MADE) != 0)
		return dbw__insertion_make(insertion, column, value);
	/* Without its key the row could not be found again. */
	if ((column->flags & DBW_COLUMN_KEY) != 0)
		return dbw__fail(error, DBW_INVALID, "%s.%s is not set", model->name, column->field);
	insertion->partial = true;
	insertion->count--;
	return DBW_OK;
}

dbw_status dbw__insertion_encode(dbw__insertion *insertion)
{
	const dbw_model *model = insertion->model;
	const uint16_t *number = insertion->statement->parameters;
	const uint16_t *const end = number + insertion->statement->parameter_count;
	dbw_error *error = insertion->lease->error;
	dbw_status status = DBW_OK;

	insertion->count = 0;
	insertion->values = insertion->storage;
	if (end - number > DBW__INSERTION_VALUES) {
		insertion->values = dbw_arena_alloc(
			dbw__lease_scratch(insertion->lease), (size_t)(end - number) * sizeof(dbw_value));
		if (insertion->values == NULL)
			return dbw__out_of_memory(error);
	}
	while (status == DBW_OK && number != end) {
		uint16_t done;

		status = dbw__encode_members(model, number, (uint16_t)(end - number),
			DBW__MADE | DBW_COLUMN_EXPRESSION, insertion->row,
			&insertion->values[insertion->count], &done, error);
		insertion->count = (uint16_t)(insertion->count + done);
		number += done;
		if (status == DBW_OK && number != end)
			status = encode_special(insertion, &model->columns[*number++]);
	}
	return status;
}

/* The statement that writes some of the columns. */
static dbw_status partial_statement(dbw__insertion *insertion, dbw__call *call, dbw_prepared **out)
{
	dbw__lease *lease = insertion->lease;
	const dbw_model *model = insertion->model;
	dbw__request request;
	dbw_status status = DBW_OK;

	dbw__request_init(&request, model, lease->engine, DBW__REQUEST_INSERT, dbw__lease_scratch(lease));
	if (dbw__request_values(&request, insertion->count) == NULL)
		status = dbw__out_of_memory(lease->error);
	for (uint16_t i = 0; status == DBW_OK && i < insertion->count; i++)
		status = dbw__request_column(
			&request, (uint16_t)(insertion->values[i].column - model->columns), lease->error);
	if (status == DBW_OK)
		status = dbw__shaped_statement(lease, &request, call, out);
	dbw__request_clear(&request);
	return status;
}

/* A row that was read without some of its columns would lose them. */
static dbw_status refuse_absent(const dbw__insertion *insertion)
{
	const dbw_model *model = insertion->model;

	for (uint16_t i = 0; i < model->column_count; i++)
		if (dbw__row_is_absent(model, insertion->row, i))
			return dbw__fail(insertion->lease->error, DBW_MISUSE,
				"%s.%s was not read, so there is nothing to insert", model->name,
				model->columns[i].field);
	return DBW_OK;
}

dbw_status dbw__insertion_check(dbw__insertion *insertion)
{
	const dbw_model *model = insertion->model;
	dbw_status status = dbw__check_origin(insertion->lease, model, insertion->row);

	if (status != DBW_OK)
		return status;
	if (dbw__row_word(model, insertion->row)->absent != NULL) {
		status = refuse_absent(insertion);
		if (status != DBW_OK)
			return status;
	}
	insertion->number = DBW_STATEMENT_INSERT;
	if (model->id >= 0) {
		const void *id = dbw__row_member(&model->columns[model->id], insertion->row);

		if (*(const int64_t *)id != 0)
			insertion->number = DBW_STATEMENT_INSERT_WITH_ID;
	}
	insertion->statement = &model->statements[insertion->number];
	if (insertion->statement->name == NULL)
		return dbw__misuse(insertion->lease, model,
			insertion->number == DBW_STATEMENT_INSERT
				? "rows cannot be inserted here"
				: "the id is the database's to give; it has to be 0");
	return DBW_OK;
}

/* The value that a column was written with, or the id that the database made. */
static dbw_value written_value(const dbw__insertion *insertion, uint16_t number, int64_t assigned_id)
{
	const dbw_column *column = &insertion->model->columns[number];
	dbw_value value = { .column = column, .kind = DBW_KIND_INT64 };

	for (size_t i = 0; i < insertion->count; i++)
		if (insertion->values[i].column == column)
			return insertion->values[i];
	value.as.integer = assigned_id;
	return value;
}

static dbw_status read_back(dbw__insertion *insertion, int64_t assigned_id)
{
	const dbw_model *model = insertion->model;
	dbw_value storage[DBW__KEY_VALUES];
	dbw_value *key = storage;

	if (model->key_count > DBW__KEY_VALUES) {
		key = dbw_arena_alloc(dbw__lease_scratch(insertion->lease), model->key_count * sizeof *key);
		if (key == NULL)
			return dbw__out_of_memory(insertion->lease->error);
	}
	for (uint16_t i = 0; i < model->key_count; i++)
		key[i] = written_value(insertion, model->key[i], assigned_id);
	return dbw__read_back(insertion->lease, model, key, true, insertion->row);
}

/* Nothing here can fail: the row changes as a whole or not at all. */
static void complete_row(dbw__insertion *insertion, int64_t assigned_id)
{
	const dbw_model *model = insertion->model;

	if (insertion->makes)
		for (size_t i = 0; i < insertion->count; i++) {
			const dbw_value *value = &insertion->values[i];

			/* What the caller had set is the same as before, NULL stays NULL. */
			if ((value->column->flags & DBW__MADE) != 0 && value->kind != 0)
				dbw__write_back(value->column, insertion->row, value);
		}
	if (model->id >= 0 && insertion->number == DBW_STATEMENT_INSERT) {
		void *id = dbw__row_member(&model->columns[model->id], insertion->row);

		*(int64_t *)id = assigned_id;
	}
}

dbw_status dbw__insertion_complete(dbw__insertion *insertion, int64_t assigned_id)
{
	dbw_status status = DBW_OK;

	if (insertion->model->reads_back)
		status = read_back(insertion, assigned_id);
	if (status == DBW_OK)
		complete_row(insertion, assigned_id);
	return status;
}

dbw_status dbw__insertion_count_on(dbw__insertion *insertion)
{
	const dbw_model *model = insertion->model;
	const void *id = dbw__row_member(&model->columns[model->id], insertion->row);

	return dbw__count_on(insertion->lease, model, *(const int64_t *)id);
}

dbw_status dbw__insertion_send(dbw__insertion *insertion, dbw__call *call, dbw_effect *effect)
{
	dbw__lease *lease = insertion->lease;
	dbw_prepared *prepared;
	dbw_status status;

	call->statement = insertion->statement->name;
	if (insertion->partial)
		status = partial_statement(insertion, call, &prepared);
	else
		status = dbw__fixed_statement(lease, insertion->model, insertion->number, call, &prepared);
	if (status != DBW_OK)
		return status;
	call->values = insertion->values;
	call->value_count = insertion->count;
	if (insertion->unawaited) {
		bool sent;

		status = dbw__lease_send(lease, call, prepared, insertion->values, insertion->count,
			DBW__NEEDS_NOTHING, &sent);
		if (status != DBW_OK || sent)
			return status;
	}
	status = lease->driver->execute(
		lease->connection, prepared, insertion->values, insertion->count, effect, lease->error);
	if (status == DBW_OK)
		call->rows = effect->rows;
	/* The fixed statement has seen to it by itself. */
	if (status == DBW_OK && insertion->partial && insertion->number == DBW_STATEMENT_INSERT_WITH_ID)
		status = dbw__insertion_count_on(insertion);
	return status;
}

void dbw__insertion_explain(dbw__insertion *insertion, dbw__call *call)
{
	dbw_error *error = insertion->lease->error;
	const dbw_error said = *error;

	/* Only memory can be short, and then the call stays without its values. */
	if (dbw__insertion_encode(insertion) == DBW_OK) {
		call->values = insertion->values;
		call->value_count = insertion->count;
	}
	*error = said;
}

/* Whether the database makes nothing that the row gets, and nothing else is to be done with it. */
static bool makes_nothing_to_know(const dbw__insertion *insertion)
{
	const dbw_model *model = insertion->model;

	return !insertion->partial && !model->reads_back &&
	       (model->id < 0 || insertion->number == DBW_STATEMENT_INSERT_WITH_ID);
}

/*
 * The common case: what is in the row is what is bound, without a dbw_value between. *plain is whether it is so; where it
 * is not, nothing has been sent. The first row goes the other way, which checks before it prepares.
 */
static dbw_status insert_plainly(dbw__insertion *insertion, dbw__call *call, bool *plain)
{
	const dbw_model *model = insertion->model;
	dbw__lease *lease = insertion->lease;
	dbw_prepared *prepared = dbw__cache_fixed(lease->cache, *model->first_slot + insertion->number);
	dbw_effect effect;
	dbw_status status;

	*plain = false;
	/* One that nobody waits for is not run here. */
	if (prepared == NULL || lease->driver->execute_rows == NULL || model->reads_back ||
		(lease->pipelined && makes_nothing_to_know(insertion)))
		return DBW_OK;
	status = lease->driver->execute_rows(
		lease->connection, prepared, insertion->row, 1, false, plain, &effect, lease->error);
	if (!*plain)
		return DBW_OK;
	call->statement = insertion->statement->name;
	call->sql = dbw__cache_text(lease->cache, *model->first_slot + insertion->number);
	if (call->sql == NULL)
		call->sql = insertion->statement->sql[lease->engine];
	call->sent = true;
	if (status != DBW_OK) {
		dbw__insertion_explain(insertion, call);
		return status;
	}
	call->rows = effect.rows;
	complete_row(insertion, effect.assigned_id);
	return DBW_OK;
}

static dbw_status insert_row(dbw__insertion *insertion, dbw__call *call)
{
	dbw_effect effect = { 0, 0 };
	bool plain;
	dbw_status status = insert_plainly(insertion, call, &plain);

	if (plain)
		return status;
	status = dbw__insertion_encode(insertion);
	insertion->unawaited = makes_nothing_to_know(insertion);
	if (status == DBW_OK)
		status = dbw__insertion_send(insertion, call, &effect);
	return status != DBW_OK ? status : dbw__insertion_complete(insertion, effect.assigned_id);
}

dbw_status dbw__insert(dbw_session session, const dbw_model *model, void *row)
{
	dbw__insertion insertion;
	dbw__clock clock = { { 0 }, false };
	dbw__call call = { .model = model, .statement = "insert", .writes = true };
	dbw_status status = dbw__session_enter(session, true, &insertion.lease);

	if (status != DBW_OK)
		return status;
	insertion.model = model;
	insertion.row = row;
	insertion.clock = &clock;
	insertion.makes = insertion.partial = insertion.unawaited = false;
	status = dbw__check_schema(insertion.lease, model);
	if (status == DBW_OK)
		status = dbw__insertion_check(&insertion);
	if (status == DBW_OK)
		status = insert_row(&insertion, &call);
	return dbw__session_leave(insertion.lease, status, &call);
}

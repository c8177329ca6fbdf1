#include "insertion.h"

#include <statement/encode.h>

#include <string.h>

/* An insert that minds a row which is there already, on its way. */
struct upsert {
	dbw__insertion insertion;
	dbw__request request; /* the columns of the insertion, then what to do with a row that is there */
	const void *columns;  /* what an upsert sets; NULL: nothing, the row that is there stays */
	uint16_t finder;      /* the statement that finds a row by the unique key */
	const dbw_statement *key;
	dbw__shape *shape;     /* of the request */
	dbw_value *key_values; /* of the unique key */
	bool always_new;       /* a NULL in the unique key: it is equal to none */
	bool changes;          /* a row that is there is changed: only such a one comes back */
	bool asks;             /* the caller wants to know whether it was inserted */
};

static bool in_key(const struct upsert *upsert, uint16_t number)
{
	for (uint16_t i = 0; i < upsert->key->parameter_count; i++)
		if (upsert->key->parameters[i] == number)
			return true;
	return false;
}

static bool is_primary(const struct upsert *upsert)
{
	return upsert->finder == DBW_STATEMENT_FIND;
}

static const dbw_value *written(const struct upsert *upsert, uint16_t number)
{
	const dbw__insertion *insertion = &upsert->insertion;

	for (uint16_t i = 0; i < insertion->count; i++)
		if (insertion->values[i].column == &insertion->model->columns[number])
			return &insertion->values[i];
	return NULL;
}

/* The unique key's values, as the insert writes them. */
static dbw_status take_key(struct upsert *upsert)
{
	const dbw_model *model = upsert->insertion.model;
	dbw__lease *lease = upsert->insertion.lease;
	const uint16_t count = upsert->key->parameter_count;

	upsert->key_values = dbw_arena_alloc(dbw__lease_scratch(lease), count * sizeof *upsert->key_values);
	if (upsert->key_values == NULL)
		return dbw__out_of_memory(lease->error);
	for (uint16_t i = 0; i < count; i++) {
		const uint16_t number = upsert->key->parameters[i];
		const dbw_value *value = written(upsert, number);

		if (value == NULL)
			return dbw__fail(lease->error, DBW_INVALID, "%s.%s is not set", model->name,
				model->columns[number].field);
		upsert->key_values[i] = *value;
		upsert->always_new = upsert->always_new || value->kind == 0;
	}
	if (!is_primary(upsert) && model->deleted_at >= 0) {
		const dbw_value *deleted = written(upsert, (uint16_t)model->deleted_at);

		if (deleted != NULL && deleted->kind != 0)
			return dbw__misuse(lease, model,
				"the row is marked as deleted, and the key is unique among the others alone");
	}
	return DBW_OK;
}

/* What the insert writes. */
static dbw_status add_columns(struct upsert *upsert)
{
	const dbw__insertion *insertion = &upsert->insertion;
	dbw_error *error = insertion->lease->error;
	dbw_value *values = dbw__request_values(&upsert->request, insertion->count);
	dbw_status status = DBW_OK;

	if (values == NULL)
		return dbw__out_of_memory(error);
	memcpy(values, insertion->values, insertion->count * sizeof *values);
	for (uint16_t i = 0; status == DBW_OK && i < insertion->count; i++)
		status = dbw__request_column(
			&upsert->request, (uint16_t)(values[i].column - insertion->model->columns), error);
	return status;
}

/* Where the insert meets a row. */
static dbw_status add_target(struct upsert *upsert)
{
	const dbw_model *model = upsert->insertion.model;
	dbw__request *request = &upsert->request;
	dbw_error *error = upsert->insertion.lease->error;
	dbw_status status = DBW_OK;

	for (uint16_t i = 0; status == DBW_OK && i < upsert->key->parameter_count; i++)
		status = dbw__request_conflict(request, upsert->key->parameters[i], error);
	if (status == DBW_OK && !is_primary(upsert) && model->deleted_at >= 0)
		status = dbw__request_living(request, error);
	return status;
}

/* Before anything else: what the set names may be set. */
static dbw_status check_set(struct upsert *upsert)
{
	const dbw_model *model = upsert->insertion.model;
	dbw__lease *lease = upsert->insertion.lease;
	bool empty = true;

	for (uint16_t i = 0; i < model->column_count; i++) {
		dbw_status status;

		if (!dbw__columns_has(upsert->columns, i))
			continue;
		empty = false;
		status = dbw__check_settable(lease, model, upsert->insertion.row, i);
		if (status != DBW_OK)
			return status;
	}
	if (empty)
		return dbw__misuse(lease, model,
			"the set of columns to update is empty; insert_or_ignore leaves a row that is there alone");
	return DBW_OK;
}

/* What a row that is there becomes. */
static dbw_status add_set(struct upsert *upsert)
{
	dbw__insertion *insertion = &upsert->insertion;
	const dbw_model *model = insertion->model;
	dbw_error *error = insertion->lease->error;
	dbw_status status = DBW_OK;

	for (uint16_t i = 0; status == DBW_OK && i < model->column_count; i++) {
		const dbw_column *column = &model->columns[i];

		if ((column->flags & DBW_COLUMN_NOW_ON_UPDATE) != 0) {
			dbw_value *value = dbw__request_values(&upsert->request, 1);

			if (value == NULL)
				return dbw__out_of_memory(error);
			status = dbw__encode_now(insertion->lease, model, column, insertion->clock, value);
			if (status == DBW_OK)
				status = dbw__request_set(&upsert->request, i, error);
		} else if ((column->flags & DBW_COLUMN_VERSION) != 0) {
			status = dbw__request_count_up(&upsert->request, i, error);
		} else if (dbw__columns_has(upsert->columns, i) && !in_key(upsert, i)) {
			/* A column of the unique key is equal already. */
			status = dbw__request_excluded(&upsert->request, i, error);
		} else {
			continue;
		}
		upsert->changes = true;
	}
	return status;
}

/* Whether the row that is there has something in the column that *row wants. */
static bool is_wanted(const struct upsert *upsert, uint16_t number)
{
	const dbw_column *column = &upsert->insertion.model->columns[number];
	const unsigned unset = DBW__MADE | DBW_COLUMN_EXPRESSION;
	const unsigned others = DBW_COLUMN_KEY | DBW_COLUMN_VERSION | DBW_COLUMN_GENERATED;

	if ((column->flags & (unset | others)) == 0)
		return false;
	if (!in_key(upsert, number)) {
		if ((column->flags & DBW_COLUMN_KEY) != 0)
			return true;
		if (upsert->columns == NULL)
			return false;
		if ((column->flags &
			    (DBW_COLUMN_VERSION | DBW_COLUMN_GENERATED | DBW_COLUMN_NOW_ON_UPDATE)) != 0)
			return true;
	}
	/* Of the key, which is equal in both, *row lacks what was made for it. */
	return (column->flags & unset) != 0 &&
	       dbw__member_is_unset(column, dbw__row_member(column, upsert->insertion.row));
}

/* Which columns those are; false without any. NULL when memory is short. */
static bool *find_wanted(struct upsert *upsert, bool *any)
{
	const dbw_model *model = upsert->insertion.model;
	bool *wanted = dbw_arena_alloc(
		dbw__lease_scratch(upsert->insertion.lease), model->column_count * sizeof *wanted);

	*any = false;
	for (uint16_t i = 0; wanted != NULL && i < model->column_count; i++) {
		wanted[i] = is_wanted(upsert, i);
		*any = *any || wanted[i];
	}
	return wanted;
}

/* What upsert_plainly() needs to know the next time. */
static void keep(const struct upsert *upsert, const bool *wanted, dbw__shape *back)
{
	const dbw__insertion *insertion = &upsert->insertion;
	const dbw_model *model = insertion->model;
	dbw__known_upsert kept = { .shape = upsert->shape,
		.back = back,
		.model = model,
		.finder = upsert->finder,
		.insert = insertion->number };

	/* A row that has got a value from the runtime reads more back than one that has all of its own. */
	if (!upsert->shape->takes_rows || insertion->makes || insertion->partial || model->reads_back ||
		upsert->key->parameter_count > DBW__KEY_VALUES)
		return;
	for (uint16_t i = 0; i < model->column_count; i++) {
		if (!wanted[i])
			continue;
		if (kept.read_count == DBW__UPSERT_READS)
			return;
		kept.reads[kept.read_count++] = i;
	}
	dbw__upsert_keep(insertion->lease->cache, &kept, upsert->columns);
}

/* Writes back what the row that is there has. */
static dbw_status take_stored(struct upsert *upsert)
{
	const dbw_model *model = upsert->insertion.model;
	dbw__lease *lease = upsert->insertion.lease;
	/* A primary key is unique among the deleted, too. */
	const bool living = !is_primary(upsert) && model->deleted_at >= 0;
	const dbw__found_key key = { upsert->key->parameters, upsert->key_values,
		upsert->key->parameter_count, living };
	dbw__shape *back = NULL;
	bool any;
	const bool *wanted = find_wanted(upsert, &any);
	dbw_status status = DBW_OK;

	if (wanted == NULL)
		return dbw__out_of_memory(lease->error);
	/* Making room for the second statement does not forget the first. */
	upsert->shape->held++;
	if (any)
		status = dbw__read_columns(lease, model, &key, wanted, upsert->insertion.row, &back);
	upsert->shape->held--;
	if (status == DBW_OK)
		keep(upsert, wanted, back);
	return status;
}

/* Has the statement itself give what take_stored() would read. */
static dbw_status add_return(struct upsert *upsert)
{
	dbw__lease *lease = upsert->insertion.lease;
	bool any;
	const bool *wanted = find_wanted(upsert, &any);
	const uint16_t *numbers;
	uint16_t count;

	if (wanted == NULL)
		return dbw__out_of_memory(lease->error);
	if (!any)
		return DBW_OK;
	numbers = dbw__numbers_of(lease, upsert->insertion.model, wanted, &count);
	return numbers == NULL ? dbw__out_of_memory(lease->error)
			       : dbw__request_return(&upsert->request, numbers, count, lease->error);
}

/* The id is the database's to make: nothing can be there already. */
static dbw_status insert_plainly(struct upsert *upsert, dbw__call *call)
{
	dbw_effect effect = { 0, 0 };
	const char *name = call->statement;
	dbw_status status = dbw__insertion_send(&upsert->insertion, call, &effect);

	call->statement = name;
	return status != DBW_OK ? status : dbw__insertion_complete(&upsert->insertion, effect.assigned_id);
}

/* Whether nothing is needed of what the database makes of it. */
static bool is_unawaited(const struct upsert *upsert)
{
	const dbw__insertion *insertion = &upsert->insertion;
	const dbw_model *model = insertion->model;

	if (upsert->asks || upsert->request.returns || insertion->makes || model->id >= 0 ||
		model->reads_back)
		return false;
	for (uint16_t i = 0; i < model->column_count; i++)
		if (is_wanted(upsert, i))
			return false;
	return true;
}

static dbw_status upsert_row(struct upsert *upsert, dbw__call *call, bool *inserted)
{
	dbw__insertion *insertion = &upsert->insertion;
	dbw__lease *lease = insertion->lease;
	const dbw__request *request = &upsert->request;
	dbw_effect effect = { 0, 0 };
	dbw_prepared *prepared;
	dbw_status status;

	status = dbw__insertion_encode(insertion);
	if (status != DBW_OK)
		return status;
	*inserted = true;
	/* Without a target an insert is an ordinary one. */
	if (is_primary(upsert) && insertion->model->id >= 0 && insertion->number == DBW_STATEMENT_INSERT)
		return insert_plainly(upsert, call);
	status = take_key(upsert);
	if (status == DBW_OK)
		status = add_columns(upsert);
	if (status == DBW_OK)
		status = add_target(upsert);
	if (status == DBW_OK && upsert->columns != NULL)
		status = add_set(upsert);
	/* Where a row comes back for nothing, it comes with the same round trip. */
	if (status == DBW_OK && upsert->changes && !upsert->always_new &&
		lease->capabilities->returning_is_free)
		status = add_return(upsert);
	if (status == DBW_OK)
		status = dbw__find_shape(lease, &upsert->request, call, &upsert->shape);
	if (status != DBW_OK)
		return status;
	prepared = upsert->shape->prepared;
	call->values = insertion->values;
	call->value_count = insertion->count;
	if (request->returns) {
		status = dbw__take_written(lease, insertion->model, prepared, request->values, request->count,
			request->result.columns, request->result.count, insertion->row);
		effect.rows = status == DBW_OK;
	} else {
		if (lease->pipelined && is_unawaited(upsert)) {
			bool sent;

			status = dbw__lease_send(lease, call, prepared, request->values, request->count,
				DBW__NEEDS_NOTHING, &sent);
			if (status != DBW_OK || sent)
				return status;
		}
		status = lease->driver->execute(
			lease->connection, prepared, request->values, request->count, &effect, lease->error);
	}
	if (status != DBW_OK)
		return status;
	call->rows = effect.rows;
	if (insertion->number == DBW_STATEMENT_INSERT_WITH_ID)
		status = dbw__insertion_count_on(insertion);
	if (status != DBW_OK)
		return status;
	if (request->returns) {
		*inserted = false;
		return DBW_OK;
	}
	*inserted = upsert->columns == NULL ? effect.rows != 0 : upsert->always_new;
	/* After DO UPDATE the engine's last id is that of another insert: the row is found by its unique key. */
	return *inserted ? dbw__insertion_complete(insertion, effect.assigned_id) : take_stored(upsert);
}

/* take_stored() with a statement that is known. */
static dbw_status take_stored_again(struct upsert *upsert, const dbw__known_upsert *known)
{
	const dbw_model *model = upsert->insertion.model;
	dbw__lease *lease = upsert->insertion.lease;
	dbw_value key[DBW__KEY_VALUES];
	const uint16_t count = upsert->key->parameter_count;

	if (known->back == NULL)
		return DBW_OK;
	for (uint16_t i = 0; i < count; i++) {
		const dbw_column *column = &model->columns[upsert->key->parameters[i]];
		dbw_status status = dbw__encode_member(
			model, column, dbw__row_member(column, upsert->insertion.row), &key[i], lease->error);

		if (status != DBW_OK)
			return status;
	}
	return dbw__take_written(lease, model, known->back->prepared, key, count, known->reads,
		known->read_count, upsert->insertion.row);
}

/* Whether the row may meet one by its unique key: NULL is equal to none, and a row that is deleted meets none that lives. */
static bool may_meet(const struct upsert *upsert)
{
	const dbw_model *model = upsert->insertion.model;
	const void *row = upsert->insertion.row;

	for (uint16_t i = 0; i < upsert->key->parameter_count; i++) {
		const dbw_column *column = &model->columns[upsert->key->parameters[i]];

		if (dbw__member_is_null(column, dbw__row_member_of(column, row)))
			return false;
	}
	if (!is_primary(upsert) && model->deleted_at >= 0) {
		const dbw_column *column = &model->columns[model->deleted_at];

		return dbw__member_is_null(column, dbw__row_member_of(column, row));
	}
	return true;
}

/*
 * The common case: the upsert that this connection ran last, and a row that is bound as it is. *done is whether it is so;
 * where it is not, nothing has been sent.
 */
static dbw_status upsert_plainly(struct upsert *upsert, dbw__call *call, bool *inserted, bool *done)
{
	dbw__insertion *insertion = &upsert->insertion;
	dbw__lease *lease = insertion->lease;
	const dbw__known_upsert *known;
	dbw_effect effect;
	dbw_status status;

	*done = false;
	if (lease->pipelined || lease->driver->execute_rows == NULL ||
		dbw__row_word(insertion->model, insertion->row)->absent != NULL)
		return DBW_OK;
	known = dbw__upsert_again(
		lease->cache, insertion->model, upsert->finder, insertion->number, upsert->columns);
	if (known == NULL || !may_meet(upsert))
		return DBW_OK;
	status = lease->driver->execute_rows(lease->connection, known->shape->prepared, insertion->row, 1,
		false, done, &effect, lease->error);
	if (!*done)
		return DBW_OK;
	call->sent = true;
	call->sql = known->shape->sql;
	if (status != DBW_OK) {
		dbw__insertion_explain(insertion, call);
		return status;
	}
	call->rows = effect.rows;
	if (insertion->number == DBW_STATEMENT_INSERT_WITH_ID)
		status = dbw__insertion_count_on(insertion);
	if (status != DBW_OK)
		return status;
	*inserted = upsert->columns == NULL && effect.rows != 0;
	return *inserted ? dbw__insertion_complete(insertion, effect.assigned_id)
			 : take_stored_again(upsert, known);
}

static dbw_status check_call(struct upsert *upsert)
{
	const dbw_model *model = upsert->insertion.model;
	dbw__lease *lease = upsert->insertion.lease;
	dbw_status status = dbw__check_schema(lease, model);

	if (status == DBW_OK && model->read_only)
		status = dbw__misuse(lease, model, "rows cannot be inserted here");
	if (status == DBW_OK && upsert->finder != DBW_STATEMENT_FIND &&
		(upsert->finder < DBW_STATEMENT_FIRST_FINDER || upsert->finder >= model->statement_count))
		status = dbw__misuse(lease, model, "the model has no such key");
	if (status != DBW_OK)
		return status;
	upsert->key = &model->statements[upsert->finder];
	return dbw__insertion_check(&upsert->insertion);
}

static dbw_status check_columns(struct upsert *upsert)
{
	if (upsert->columns == NULL)
		return dbw__misuse(
			upsert->insertion.lease, upsert->insertion.model, "the set of columns is NULL");
	return check_set(upsert);
}

/*
 * The table has no unique index for the key. PostgreSQL has one code (invalid_column_reference) for that and for mistakes in
 * SQL that is not generated.
 */
static dbw_status judge(dbw_status status, dbw_error *error)
{
	if (status != DBW_ENGINE || strcmp(error->sqlstate, "42P10") != 0)
		return status;
	error->status = DBW_SCHEMA_MISMATCH;
	return DBW_SCHEMA_MISMATCH;
}

static dbw_status run(struct upsert *upsert, dbw__call *call, bool has_set, bool *inserted)
{
	dbw__insertion *insertion = &upsert->insertion;
	dbw__lease *lease = insertion->lease;
	bool done = false;
	dbw_status status = check_call(upsert);

	/* What has been run before has been checked, but for the row. */
	if (status == DBW_OK && has_set == (upsert->columns != NULL))
		status = upsert_plainly(upsert, call, inserted, &done);
	if (status == DBW_OK && !done && has_set)
		status = check_columns(upsert);
	if (status != DBW_OK || done)
		return dbw__leave_unnamed(lease, judge(status, lease->error), call);
	dbw__request_init(&upsert->request, insertion->model, lease->engine, DBW__REQUEST_UPSERT,
		dbw__lease_scratch(lease));
	status = upsert_row(upsert, call, inserted);
	status = dbw__leave_unnamed(lease, judge(status, lease->error), call);
	dbw__request_clear(&upsert->request);
	return status;
}

static dbw_status enter(dbw_session session, const dbw_model *model, uint16_t finder, void *row,
	const void *columns, bool has_set, bool *inserted)
{
	dbw__clock clock = { { 0 }, false };
	dbw__call call = { .model = model,
		.statement = has_set ? "upsert" : "insert_or_ignore",
		.unnamed = true,
		.writes = true };
	struct upsert upsert;
	bool made = false;
	dbw_status status = dbw__session_enter(session, true, &upsert.insertion.lease);

	if (inserted != NULL)
		*inserted = false;
	if (status != DBW_OK)
		return status;
	upsert.insertion.model = model;
	upsert.insertion.row = row;
	upsert.insertion.clock = &clock;
	upsert.insertion.makes = upsert.insertion.partial = upsert.insertion.unawaited = false;
	upsert.insertion.count = 0;
	upsert.columns = columns;
	upsert.finder = finder;
	upsert.always_new = upsert.changes = false;
	upsert.asks = inserted != NULL;
	status = run(&upsert, &call, has_set, &made);
	if (status == DBW_OK && inserted != NULL)
		*inserted = made;
	return status;
}

dbw_status dbw__insert_or_ignore(
	dbw_session session, const dbw_model *model, uint16_t finder, void *row, bool *inserted)
{
	return enter(session, model, finder, row, NULL, false, inserted);
}

dbw_status dbw__upsert(
	dbw_session session, const dbw_model *model, uint16_t finder, void *row, const void *columns)
{
	return enter(session, model, finder, row, columns, true, NULL);
}

#include "many.h"

#include <statement/encode.h>

#include <stdlib.h>
#include <string.h>

/*
 * Many rows in statements of many rows. SQLite's best size is near a hundred: from there on bigger ones save little and
 * take memory. Each size is a statement of its own, so there are few.
 */
enum { MOST_ROWS = 100, SOME_ROWS = 10 };

/* As arrays, one statement takes any number of rows, but a message has an end. */
enum { ARRAY_ROWS = 1000 };

static size_t rows_at_most(const struct bulk *bulk)
{
	return bulk->count < bulk->most ? bulk->count : bulk->most;
}

/* The memory for values, when the first are needed: rows that go as they are need none. */
static dbw_status make_values(struct bulk *bulk)
{
	if (bulk->values == NULL)
		bulk->values =
			calloc(rows_at_most(bulk) * bulk->model->column_count + 1, sizeof *bulk->values);
	return bulk->values == NULL ? dbw__out_of_memory(bulk->lease->error) : DBW_OK;
}

/* A value of a row that is checked: what text has passed is not looked at again. */
static dbw_status pack_value(struct bulk *bulk, dbw__insertion *insertion, uint16_t number, dbw_value *value)
{
	const dbw_column *column = &bulk->model->columns[number];
	void *member = dbw__row_member(column, insertion->row);
	dbw_status status;

	if ((column->flags & DBW__MADE) != 0 && dbw__member_is_unset(column, member)) {
		status = dbw__insertion_make(insertion, column, value);
		if (status == DBW_OK && bulk->writes_back)
			dbw__write_back(column, insertion->row, value);
		return status;
	}
	if (column->kind == DBW_KIND_TEXT && *(const char *const *)member != NULL) {
		value->column = column;
		value->kind = DBW_KIND_TEXT;
		value->as.data = *(const char *const *)member;
		value->size = (uint32_t)strlen(value->as.data);
		return DBW_OK;
	}
	return dbw__encode_member(bulk->model, column, member, value, bulk->lease->error);
}

dbw_status dbw__pack_rows(
	struct bulk *bulk, const dbw_statement *statement, size_t first, size_t rows, bool by_column)
{
	/* How far a row's next value is, and the next row's first one. */
	const size_t next_value = by_column ? rows : 1;
	const size_t next_row = by_column ? 1 : statement->parameter_count;
	dbw_status status = make_values(bulk);

	for (size_t i = first; status == DBW_OK && i < first + rows; i++) {
		dbw__insertion insertion;

		begin_insertion(bulk, i, &insertion);
		for (uint16_t c = 0; status == DBW_OK && c < statement->parameter_count; c++)
			status = pack_value(bulk, &insertion, statement->parameters[c],
				&bulk->values[(i - first) * next_row + c * next_value]);
	}
	return status;
}

static void write_ids(struct bulk *bulk, size_t first, size_t rows, int64_t first_id)
{
	for (size_t i = 0; i < rows; i++)
		*id_at(bulk, first + i) = first_id + (int64_t)i;
}

static dbw_status row_statement(struct bulk *bulk, row_class class, dbw_prepared **out)
{
	dbw_status status =
		dbw__fixed_statement(bulk->lease, bulk->model, statement_of(class), bulk->call, out);

	bulk->call->statement = bulk->writes_back ? "insert_many" : "load";
	return status;
}

dbw_status dbw__send_row(struct bulk *bulk, row_class class, const dbw_value *values, dbw_effect *effect)
{
	const uint16_t number = statement_of(class);
	dbw__lease *lease = bulk->lease;
	dbw_prepared *prepared;
	dbw_status status = row_statement(bulk, class, &prepared);

	if (status != DBW_OK)
		return status;
	bulk->call->values = values;
	bulk->call->value_count = bulk->model->statements[number].parameter_count;
	return lease->driver->execute(
		lease->connection, prepared, values, bulk->call->value_count, effect, lease->error);
}

/*
 * Whether what runs now is undone with the session. SQLite's transaction may have ended with the statement, by a trigger's
 * RAISE(ROLLBACK) or a constraint's ON CONFLICT ROLLBACK: rows that are written then are there for good. PostgreSQL's has failed.
 */
static bool transaction_stands(const dbw__lease *lease)
{
	return lease->engine == DBW_SQLITE && !lease->driver->is_clean(lease->connection);
}

/*
 * A statement of many rows does not say which one it failed for. SQLite has undone it, and the session cannot be
 * committed any more: the same rows one by one come to the same end.
 */
static dbw_status find_row(struct bulk *bulk, row_class class, size_t first, size_t rows)
{
	const size_t parameters = bulk->model->statements[statement_of(class)].parameter_count;
	const dbw_error said = *bulk->lease->error;

	/* Without the memory for them nobody can say. */
	for (size_t i = 0; bulk->values != NULL && i < rows; i++) {
		dbw_effect effect;
		dbw_status status = dbw__send_row(bulk, class, bulk->values + i * parameters, &effect);

		if (status == DBW_OK)
			continue;
		bulk->call->row = first + i + 1;
		return status;
	}
	*bulk->lease->error = said;
	return said.status;
}

/* The statement of many rows. */
static dbw_status rows_statement(
	struct bulk *bulk, const dbw_statement *statement, size_t rows, dbw_prepared **out)
{
	dbw__lease *lease = bulk->lease;
	dbw__request request;
	dbw_status status;

	dbw__request_init(
		&request, bulk->model, lease->engine, DBW__REQUEST_INSERT_MANY, dbw__lease_scratch(lease));
	status = dbw__request_rows(&request, (uint16_t)rows, lease->error);
	for (uint16_t i = 0; status == DBW_OK && i < statement->parameter_count; i++)
		status = dbw__request_column(&request, statement->parameters[i], lease->error);
	request.count = rows * statement->parameter_count;
	/* Rows that were sent one by one are bound no more: what fails from here on is no row's alone. */
	bulk->call->values = NULL;
	bulk->call->value_count = 0;
	if (status == DBW_OK)
		status = dbw__shaped_statement(lease, &request, bulk->call, out);
	dbw__request_clear(&request);
	return status;
}

static dbw_status send_rows(
	struct bulk *bulk, row_class class, const dbw_statement *statement, size_t rows, dbw_effect *effect)
{
	dbw__lease *lease = bulk->lease;
	dbw_prepared *prepared;
	dbw_status status;

	if (rows == 1)
		return dbw__send_row(bulk, class, bulk->values, effect);
	status = rows_statement(bulk, statement, rows, &prepared);
	return status != DBW_OK ? status
				: lease->driver->execute(lease->connection, prepared, bulk->values,
					  rows * statement->parameter_count, effect, lease->error);
}

/*
 * Rows that the driver takes as they are. *done is whether it did; where it did not, nothing has been sent. What was bound
 * explains a conflict, and is packed for that alone.
 */
static dbw_status send_plainly(struct bulk *bulk, row_class class, const dbw_statement *statement,
	size_t first, size_t rows, dbw_effect *effect, bool *done)
{
	dbw__lease *lease = bulk->lease;
	dbw_prepared *prepared;
	dbw_status status = rows == 1 ? row_statement(bulk, class, &prepared)
				      : rows_statement(bulk, statement, rows, &prepared);

	*done = true;
	if (status == DBW_OK)
		status = lease->driver->execute_rows(lease->connection, prepared, row_at(bulk, first), rows,
			true, done, effect, lease->error);
	if (status == DBW_CONFLICT) {
		const dbw_error said = *lease->error;
		const bool packed = dbw__pack_rows(bulk, statement, first, rows, false) == DBW_OK;

		*lease->error = said;
		if (packed && rows == 1) {
			bulk->call->values = bulk->values;
			bulk->call->value_count = statement->parameter_count;
		}
	}
	return status;
}

/* Where rows brought their ids, the database's own go on behind them. */
static dbw_status count_on(struct bulk *bulk)
{
	const int64_t id = bulk->greatest_id;

	bulk->greatest_id = 0;
	return dbw__count_on(bulk->lease, bulk->model, id);
}

static void note_ids(struct bulk *bulk, size_t first, size_t rows)
{
	for (size_t i = first; i < first + rows; i++)
		if (*id_at(bulk, i) > bulk->greatest_id)
			bulk->greatest_id = *id_at(bulk, i);
}

/* Rows of one class up to *end in one statement; *end is where those end that went. */
static dbw_status insert_some(struct bulk *bulk, row_class class, size_t first, size_t *end)
{
	size_t rows = *end - first;
	const dbw_model *model = bulk->model;
	const dbw_statement *statement = &model->statements[statement_of(class)];
	dbw_effect effect = { 0, 0 };
	int64_t first_id;
	bool done = false;
	dbw_status status = DBW_OK;

	if (bulk->as_arrays && rows > 1) {
		status = dbw__insert_by_column(bulk, class, first, &rows);
		*end = first + rows;
		return status;
	}
	if (bulk->plain && !bulk->makes && bulk->lease->driver->execute_rows != NULL)
		status = send_plainly(bulk, class, statement, first, rows, &effect, &done);
	if (!done)
		status = dbw__pack_rows(bulk, statement, first, rows, bulk->as_arrays);
	if (!done && status == DBW_OK)
		status = send_rows(bulk, class, statement, rows, &effect);
	if (status == DBW_CONFLICT && rows > 1 && transaction_stands(bulk->lease))
		return find_row(bulk, class, first, rows);
	if (status != DBW_OK) {
		bulk->call->row = rows == 1 ? first + 1 : 0;
		return status;
	}
	bulk->call->rows += effect.rows;
	if (!makes_ids(bulk, class)) {
		/* Where the database counts on from is not known after ids that it did not make. */
		bulk->last_id = 0;
		bulk->in_sequence = false;
		return DBW_OK;
	}
	if (rows == 1) {
		bulk->in_sequence = bulk->last_id != 0 && effect.assigned_id - 1 == bulk->last_id;
	} else if (effect.assigned_id != bulk->last_id + (int64_t)rows || effect.rows != (int64_t)rows) {
		return dbw__fail(bulk->lease->error, DBW_ENGINE,
			"%s: the ids of the rows cannot be told, something else adds rows to the table as well; "
			"insert them one by one",
			model->name);
	}
	first_id = effect.assigned_id - (int64_t)(rows - 1);
	write_ids(bulk, first, rows, first_id);
	bulk->last_id = effect.assigned_id;
	return DBW_OK;
}

/* How many of `left` rows go together at most. */
static size_t rows_of(const struct bulk *bulk, row_class class, const dbw_statement *statement, size_t left)
{
	const uint32_t limit = bulk->lease->capabilities->parameter_limit;
	size_t most = MOST_ROWS;

	if (statement->parameter_count == 0)
		return 1;
	if (bulk->as_arrays)
		return left;
	if (limit != 0 && limit / statement->parameter_count < most)
		most = limit / statement->parameter_count;
	/*
	 * Ids are known without asking only where the engine counts in the order of rows, has counted so far, and does not
	 * come to the end of its numbers: there SQLite goes on with random ones.
	 */
	if (makes_ids(bulk, class) && (bulk->lease->engine != DBW_SQLITE || !bulk->in_sequence ||
					      bulk->last_id > INT64_MAX - (int64_t)most))
		return 1;
	if (most > 1 && left >= most)
		return most;
	return most > SOME_ROWS && left >= SOME_ROWS ? SOME_ROWS : 1;
}

/* What was bound explains a foreign key, and it has to outlive the insertion. */
static void keep_values(struct bulk *bulk, const dbw__insertion *insertion)
{
	const size_t most = bulk->model->column_count;

	bulk->call->values = bulk->values;
	bulk->call->value_count = insertion->count < most ? insertion->count : most;
	memcpy(bulk->values, insertion->values, bulk->call->value_count * sizeof *bulk->values);
}

static dbw_status insert_alone(struct bulk *bulk, size_t place)
{
	dbw_arena *scratch = dbw__lease_scratch(bulk->lease);
	dbw__insertion insertion;
	dbw_effect effect = { 0, 0 };
	const int64_t rows = bulk->call->rows;
	dbw_status status;

	/* Nothing of the row before is needed: the memory of the call does not grow with the number of rows. */
	dbw_arena_reset(scratch);
	bulk->call->values = NULL;
	bulk->call->value_count = 0;
	begin_insertion(bulk, place, &insertion);
	status = make_values(bulk);
	if (status == DBW_OK)
		status = dbw__insertion_check(&insertion);
	if (status != DBW_OK)
		return status;
	status = dbw__insertion_encode(&insertion);
	if (status == DBW_OK)
		status = dbw__insertion_send(&insertion, bulk->call, &effect);
	bulk->call->rows = rows + effect.rows;
	if (status == DBW_OK && bulk->writes_back)
		status = dbw__insertion_complete(&insertion, effect.assigned_id);
	if (status != DBW_OK) {
		bulk->call->row = place + 1;
		keep_values(bulk, &insertion);
	}
	return status;
}

static dbw_status insert_rows(struct bulk *bulk)
{
	size_t place = 0;
	dbw_status status = DBW_OK;

	while (status == DBW_OK && place < bulk->count) {
		const row_class class = class_of(bulk, place);
		const dbw_statement *statement = &bulk->model->statements[statement_of(class)];
		size_t end = place + 1;

		if (class != ROW_WITH_ID)
			status = count_on(bulk);
		if (status == DBW_OK && class == ROW_ALONE)
			status = insert_alone(bulk, place++);
		if (status != DBW_OK || class == ROW_ALONE)
			continue;
		while (end < bulk->count && (bulk->streams || end - place < bulk->most) &&
			class_of(bulk, end) == class)
			end++;
		if (bulk->streams && end - place > 1) {
			bool done;

			status = dbw__stream_rows(bulk, statement_of(class), place, end - place, &done);
			if (status != DBW_OK || !done)
				continue;
		} else {
			end = place + rows_of(bulk, class, statement, end - place);
			status = insert_some(bulk, class, place, &end);
		}
		if (class == ROW_WITH_ID)
			note_ids(bulk, place, end - place);
		place = end;
	}
	return status != DBW_OK ? status : count_on(bulk);
}

/* Keeps what the rows were. In a row that is bound as it is, the runtime makes nothing: only its id changes. */
static dbw_status back_up(struct bulk *bulk)
{
	const size_t size = bulk->count * bulk->model->row_size;

	if (bulk->plain && !bulk->makes && bulk->model->id < 0)
		return DBW_OK;
	if (!bulk->plain || bulk->makes) {
		bulk->backup = malloc(size);
		if (bulk->backup == NULL)
			return dbw__out_of_memory(bulk->lease->error);
		memcpy(bulk->backup, bulk->rows, size);
		return DBW_OK;
	}
	bulk->own_ids = malloc(bulk->count * sizeof *bulk->own_ids); /* An id is part of a row: that fits. */
	if (bulk->own_ids == NULL)
		return dbw__out_of_memory(bulk->lease->error);
	for (size_t i = 0; i < bulk->count; i++)
		bulk->own_ids[i] = *id_at(bulk, i);
	return DBW_OK;
}

/* Makes the rows again what they were. */
static void restore(struct bulk *bulk)
{
	if (bulk->backup != NULL)
		memcpy(bulk->rows, bulk->backup, bulk->count * bulk->model->row_size);
	for (size_t i = 0; bulk->own_ids != NULL && i < bulk->count; i++)
		*id_at(bulk, i) = bulk->own_ids[i];
}

/* The memory of the call: none of it is the scratch arena's, which single rows empty. */
static dbw_status prepare(struct bulk *bulk)
{
	const dbw_model *model = bulk->model;

	bulk->as_arrays = dbw__takes_arrays(bulk->lease, model);
	bulk->streams = !bulk->writes_back && bulk->lease->driver->load_begin != NULL;
	bulk->most = bulk->as_arrays ? ARRAY_ROWS : MOST_ROWS;
	if (bulk->as_arrays) {
		bulk->lists = calloc(2 * (size_t)model->column_count + 1, sizeof *bulk->lists);
		bulk->ids = calloc(rows_at_most(bulk), sizeof *bulk->ids);
		if (bulk->lists == NULL || bulk->ids == NULL)
			return dbw__out_of_memory(bulk->lease->error);
	}
	return bulk->writes_back ? back_up(bulk) : DBW_OK;
}

/* Rows that get what they want of the runtime at once are plain from then on. Those that are not the call's to change stay. */
static dbw_status make_rows(struct bulk *bulk)
{
	dbw_status status;

	if (!bulk->plain || !bulk->makes || !bulk->writes_back)
		return DBW_OK;
	status = dbw__make_members(bulk, bulk->rows, bulk->count);
	bulk->makes = false;
	return status;
}

static dbw_status insert_bulk(
	dbw_session session, const dbw_model *model, void *rows, size_t count, bool writes_back)
{
	dbw__call call = {
		.model = model, .statement = writes_back ? "insert_many" : "load", .writes = true
	};
	struct bulk bulk = {
		.model = model, .rows = rows, .count = count, .writes_back = writes_back, .call = &call
	};
	dbw_status status = dbw__session_enter(session, true, &bulk.lease);

	if (status != DBW_OK)
		return status;
	if (model->id >= 0)
		bulk.id_offset = model->columns[model->id].offset;
	status = dbw__check_schema(bulk.lease, model);
	if (status == DBW_OK && model->read_only)
		status = dbw__misuse(bulk.lease, model, "rows cannot be inserted here");
	if (status == DBW_OK && count != 0) {
		status = dbw__check_rows(&bulk);
		if (status == DBW_OK)
			status = prepare(&bulk);
		/* What was sent before is none of these rows' failure, and a stream goes alone. */
		if (status == DBW_OK) {
			status = dbw__lease_collect(bulk.lease);
			call.sent = status != DBW_OK;
		}
		if (status == DBW_OK)
			status = make_rows(&bulk);
		if (status == DBW_OK)
			status = insert_rows(&bulk);
	}
	if (status != DBW_OK)
		restore(&bulk);
	status = dbw__leave_unnamed(bulk.lease, status, &call);
	free(bulk.backup);
	free(bulk.own_ids);
	free(bulk.values);
	free(bulk.lists);
	free(bulk.ids);
	free(bulk.members);
	return status;
}

dbw_status dbw__insert_many(dbw_session session, const dbw_model *model, void *rows, size_t count)
{
	return insert_bulk(session, model, rows, count, true);
}

dbw_status dbw__load(dbw_session session, const dbw_model *model, const void *rows, size_t count)
{
	/* Nothing is written to rows that are not written back. */
	union {
		const void *constant;
		void *memory;
	} plain = { rows };

	return insert_bulk(session, model, plain.memory, count, false);
}

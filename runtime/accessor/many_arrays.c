/* Many rows as one array per column: from where they are, or by way of values. */
#include "many.h"

#include <string.h>

/* Memory has an end: bytes of texts that go in one statement, but for those of one row. */
enum { ARRAY_BYTES = 16 << 20 };

/* `rows` rows as arrays, from the one at `place` of the `packed` ones in bulk->values. */
static dbw_status send_arrays(
	struct bulk *bulk, row_class class, size_t packed, size_t place, size_t rows, int64_t *inserted)
{
	const dbw_model *model = bulk->model;
	const dbw_statement *statement = &model->statements[statement_of(class)];

	for (uint16_t i = 0; i < statement->parameter_count; i++)
		bulk->lists[i] = (dbw_value){ .column = &model->columns[statement->parameters[i]],
			.kind = DBW_VALUE_LIST,
			.size = (uint32_t)rows,
			.as.items = &bulk->values[i * packed + place] };
	bulk->call->values = NULL;
	bulk->call->value_count = 0;
	return dbw__insert_arrays(bulk->lease, model, statement, bulk->lists, rows,
		makes_ids(bulk, class) ? bulk->ids + place : NULL, bulk->call, inserted);
}

/* The one row at a place of the packed ones. */
static dbw_status send_packed(
	struct bulk *bulk, row_class class, size_t packed, size_t place, dbw_effect *effect)
{
	const uint16_t parameters = bulk->model->statements[statement_of(class)].parameter_count;
	dbw_value *values = bulk->lists + bulk->model->column_count;

	for (uint16_t i = 0; i < parameters; i++)
		values[i] = bulk->values[i * packed + place];
	return dbw__send_row(bulk, class, values, effect);
}

/*
 * Which of the rows was refused: the savepoint undoes them, and one half after the other is inserted again. What does
 * not conflict alone may do so with the rows before it, so that those stay.
 */
static dbw_status find_in_arrays(struct bulk *bulk, row_class class, size_t first, size_t count, bool packed)
{
	dbw__lease *lease = bulk->lease;
	const dbw_error said = *lease->error;
	size_t place = 0, rows = count;
	int64_t inserted;
	dbw_effect effect;
	dbw_status status = lease->driver->rollback_to_savepoint(lease->connection, OWN_DEPTH, lease->error);

	/* Rows that were sent as they are. */
	if (status == DBW_OK && !packed)
		status = dbw__pack_rows(
			bulk, &bulk->model->statements[statement_of(class)], first, count, true);
	while (status == DBW_OK && rows > 1) {
		const size_t half = rows / 2;

		status = lease->driver->savepoint(lease->connection, OWN_DEPTH, lease->error);
		if (status == DBW_OK)
			status = send_arrays(bulk, class, count, place, half, &inserted);
		if (status == DBW_OK) {
			status = lease->driver->release_savepoint(lease->connection, OWN_DEPTH, lease->error);
			place += half;
			rows -= half;
		} else if (status == DBW_CONFLICT) {
			status = lease->driver->rollback_to_savepoint(
				lease->connection, OWN_DEPTH, lease->error);
			rows = half;
		}
	}
	if (status != DBW_OK)
		return status;
	status = send_packed(bulk, class, count, place, &effect);
	if (status != DBW_OK) {
		bulk->call->row = first + place + 1;
		return status;
	}
	*lease->error = said;
	return said.status;
}

/* Bytes of the row's texts and bytes. */
static size_t text_size(const struct bulk *bulk, const dbw_statement *statement, size_t place)
{
	size_t size = 0;

	for (uint16_t i = 0; i < statement->parameter_count; i++) {
		const dbw_column *column = &bulk->model->columns[statement->parameters[i]];
		const void *member = dbw__row_member(column, row_at(bulk, place));

		if (column->kind == DBW_KIND_BYTES)
			size += ((const dbw_bytes *)member)->size;
		else if ((column->kind == DBW_KIND_TEXT || column->kind == DBW_KIND_JSON) &&
			 *(const char *const *)member != NULL)
			size += strlen(*(const char *const *)member);
	}
	return size;
}

/* How many of `left` rows go as arrays: one at least, and no more than ARRAY_BYTES. */
static size_t rows_in_arrays(
	const struct bulk *bulk, const dbw_statement *statement, size_t place, size_t left)
{
	size_t rows = 1, size = text_size(bulk, statement, place);

	while (rows < left && (size += text_size(bulk, statement, place + rows)) <= ARRAY_BYTES)
		rows++;
	return rows;
}

/* Whether the rows go as arrays from where they are. */
static bool takes_members(const struct bulk *bulk)
{
	return bulk->plain && !bulk->makes && bulk->lease->driver->execute_arrays != NULL;
}

/*
 * Rows that the driver takes as they are, `rows` at most: *taken is how many it took, 0 where it takes none and nothing has been
 * sent.
 */
static dbw_status send_members(
	struct bulk *bulk, row_class class, size_t first, size_t rows, size_t *taken, int64_t *inserted)
{
	const dbw_model *model = bulk->model;
	dbw__lease *lease = bulk->lease;
	int64_t *ids = makes_ids(bulk, class) ? bulk->ids : NULL;
	dbw_prepared *prepared;
	dbw_effect effect = { 0, 0 };
	dbw_status status;

	*taken = 0;
	bulk->call->values = NULL;
	bulk->call->value_count = 0;
	status = dbw__arrays_statement(
		lease, model, &model->statements[statement_of(class)], bulk->call, &prepared);
	if (status == DBW_OK)
		status = lease->driver->execute_arrays(lease->connection, prepared, row_at(bulk, first), rows,
			ids, taken, &effect, lease->error);
	if (status == DBW_OK && ids != NULL && *taken != 0 && effect.rows != (int64_t)*taken)
		return dbw__too_few_ids(lease, model);
	*inserted = effect.rows;
	return status;
}

/*
 * What the server does not do for arrays it may do for single rows: one whose table has rules. None of the rows is there, and they
 * go one by one.
 */
static dbw_status without_arrays(struct bulk *bulk, size_t *rows)
{
	dbw__lease *lease = bulk->lease;
	dbw_status status = lease->driver->rollback_to_savepoint(lease->connection, OWN_DEPTH, lease->error);

	if (status == DBW_OK)
		dbw_error_clear(lease->error);
	bulk->as_arrays = false;
	*rows = 0;
	return status;
}

/* As many of `*rows` rows as go together: *rows is how many. */
static dbw_status pack_arrays(struct bulk *bulk, row_class class, size_t first, size_t *rows)
{
	const dbw_statement *statement = &bulk->model->statements[statement_of(class)];

	*rows = rows_in_arrays(bulk, statement, first, *rows);
	return dbw__pack_rows(bulk, statement, first, *rows, true);
}

/* Inside of a savepoint, which waits for the statement and costs nothing by itself. */
dbw_status dbw__insert_by_column(struct bulk *bulk, row_class class, size_t first, size_t *rows)
{
	dbw__lease *lease = bulk->lease;
	bool packed = !takes_members(bulk);
	size_t taken = 0;
	int64_t inserted = 0;
	dbw_status status = packed ? pack_arrays(bulk, class, first, rows) : DBW_OK;

	if (status == DBW_OK)
		status = lease->driver->savepoint(lease->connection, OWN_DEPTH, lease->error);
	if (status != DBW_OK)
		return status;
	if (!packed) {
		status = send_members(bulk, class, first, *rows, &taken, &inserted);
		if (taken != 0) {
			*rows = taken;
		} else if (status == DBW_OK) {
			packed = true;
			status = pack_arrays(bulk, class, first, rows);
		}
	}
	if (status == DBW_OK && packed)
		status = send_arrays(bulk, class, *rows, 0, *rows, &inserted);
	if (status == DBW_UNSUPPORTED && bulk->model->id >= 0)
		return without_arrays(bulk, rows);
	if (status == DBW_CONFLICT)
		return find_in_arrays(bulk, class, first, *rows, packed);
	if (status == DBW_OK)
		status = lease->driver->release_savepoint(lease->connection, OWN_DEPTH, lease->error);
	if (status != DBW_OK)
		return status;
	bulk->call->rows += inserted;
	for (size_t i = 0; makes_ids(bulk, class) && i < *rows; i++)
		*id_at(bulk, first + i) = bulk->ids[i];
	return DBW_OK;
}

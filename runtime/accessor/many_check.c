#include "many.h"

#include <statement/encode.h>

#include <stdlib.h>

bool dbw__leaves_default(const dbw_model *model, void *row)
{
	for (uint16_t i = 0; i < model->column_count; i++) {
		const dbw_column *column = &model->columns[i];

		if ((column->flags & DBW_COLUMN_EXPRESSION) != 0 &&
			dbw__member_is_unset(column, dbw__row_member(column, row)))
			return true;
	}
	return false;
}

/* Whether every value of the kind is one that the column takes. */
static bool takes_all(const dbw_column *column)
{
	if ((column->flags & DBW_COLUMN_REFERENCE_ID) != 0)
		return false;
	return column->kind == DBW_KIND_INT64 || column->kind == DBW_KIND_INT32 ||
	       column->kind == DBW_KIND_INT16 || column->kind == DBW_KIND_BOOL;
}

/* What there is to look at in a row, an id not among it, since any will do. *can_be: whether a row can be plain at all. */
static dbw_status plan_members(struct bulk *bulk, bool *can_be)
{
	const dbw_model *model = bulk->model;
	const dbw_statement *insert = &model->statements[DBW_STATEMENT_INSERT];

	*can_be = false;
	if (model->reads_back || !dbw__has_statement(model, DBW_STATEMENT_INSERT))
		return DBW_OK;
	/* In one block, as many of each as there can be. */
	bulk->members = calloc(insert->parameter_count + 1U, sizeof *bulk->members + sizeof *bulk->made);
	if (bulk->members == NULL)
		return dbw__out_of_memory(bulk->lease->error);
	bulk->made = (struct made_member *)(void *)(bulk->members + insert->parameter_count);
	for (uint16_t i = 0; i < insert->parameter_count; i++) {
		const dbw_column *column = &model->columns[insert->parameters[i]];
		dbw__plain_member *member = &bulk->members[bulk->member_count];

		if (!dbw__plain_plan(column, bulk->lease->engine, member))
			return DBW_OK;
		if ((column->flags & DBW__MADE) != 0)
			bulk->made[bulk->made_count++] = (struct made_member){ column, *member };
		else if (!dbw__plain_takes_all(member))
			bulk->member_count++;
	}
	*can_be = true;
	return DBW_OK;
}

static inline bool is_unset(const struct made_member *made, const void *row)
{
	return dbw__member_is_unset(made->column, dbw__row_member_of(made->column, row));
}

/* Whether a row is plain, or will be when the runtime has made what it wants; *makes is set then. */
static bool is_plain(const struct bulk *bulk, const void *row, bool *makes)
{
	const dbw_row *word = dbw__row_word_of(bulk->model, row);

	if (!dbw__origin_is_known(word->origin) || word->absent != NULL ||
		!dbw__plain_row(bulk->members, bulk->member_count, row))
		return false;
	for (size_t i = 0; i < bulk->made_count; i++) {
		if (is_unset(&bulk->made[i], row))
			*makes = true;
		else if (!dbw__plain_row(&bulk->made[i].plain, 1, row))
			return false;
	}
	return true;
}

/* How many of the first rows are plain. */
static size_t plain_rows(struct bulk *bulk)
{
	const bool takes_ids = dbw__has_statement(bulk->model, DBW_STATEMENT_INSERT_WITH_ID);
	size_t place = 0;

	for (; place < bulk->count; place++) {
		if (!takes_ids && class_of(bulk, place) == ROW_WITH_ID)
			break;
		if (!is_plain(bulk, row_at(bulk, place), &bulk->makes))
			break;
	}
	return place;
}

dbw_status dbw__make_members(struct bulk *bulk, char *rows, size_t count)
{
	dbw__insertion insertion = { .lease = bulk->lease, .model = bulk->model, .clock = &bulk->clock };
	dbw_status status = DBW_OK;

	for (char *row = rows; count != 0; count--, row += bulk->model->row_size) {
		for (size_t i = 0; status == DBW_OK && i < bulk->made_count; i++) {
			const struct made_member *made = &bulk->made[i];
			dbw_value value;

			if (!is_unset(made, row))
				continue;
			status = dbw__insertion_make(&insertion, made->column, &value);
			if (status == DBW_OK)
				dbw__write_back(made->column, row, &value);
		}
	}
	return status;
}

/* What insert would refuse, before anything is sent. */
static dbw_status check_row(struct bulk *bulk, size_t place)
{
	const dbw_model *model = bulk->model;
	dbw__insertion insertion;
	dbw_value value;
	dbw_status status;

	begin_insertion(bulk, place, &insertion);
	status = dbw__insertion_check(&insertion);
	for (uint16_t i = 0; status == DBW_OK && i < insertion.statement->parameter_count; i++) {
		const dbw_column *column = &model->columns[insertion.statement->parameters[i]];
		const void *member = dbw__row_member(column, insertion.row);

		if ((column->flags & DBW__MADE) != 0 && dbw__member_is_unset(column, member))
			continue;
		if ((column->flags & DBW_COLUMN_EXPRESSION) != 0 && dbw__member_is_unset(column, member)) {
			if ((column->flags & DBW_COLUMN_KEY) != 0)
				status = dbw__fail(bulk->lease->error, DBW_INVALID, "%s.%s is not set",
					model->name, column->field);
			continue;
		}
		if (!takes_all(column))
			status = dbw__encode_member(model, column, member, &value, bulk->lease->error);
	}
	return status;
}

dbw_status dbw__check_rows(struct bulk *bulk)
{
	size_t place = 0;
	bool can_be;
	dbw_status status;

	if (bulk->rows == NULL)
		return dbw__misuse(bulk->lease, bulk->model, "there are no rows at NULL");
	if (bulk->count > SIZE_MAX / bulk->model->row_size)
		return dbw__misuse(bulk->lease, bulk->model, "so many rows cannot be");
	status = plan_members(bulk, &can_be);
	if (can_be)
		place = plain_rows(bulk);
	bulk->plain = place == bulk->count;
	for (; status == DBW_OK && place < bulk->count; place++) {
		status = check_row(bulk, place);
		if (status != DBW_OK)
			bulk->call->row = place + 1;
	}
	return status;
}

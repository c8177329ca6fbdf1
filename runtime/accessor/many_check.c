#include "many.h"

#include <statement/encode.h>

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

/*
 * Statements are prepared here, where nothing is said of what fails: it fails again when the first row is sent. Drivers
 * that send more than they have to for that have no execute_rows().
 */
static void find_judges(struct bulk *bulk)
{
	const dbw_model *model = bulk->model;
	dbw__lease *lease = bulk->lease;

	if (lease->driver->execute_rows == NULL || model->reads_back)
		return;
	for (row_class class = ROW_PLAIN; class <= ROW_WITH_ID; class ++) {
		const uint16_t number = statement_of(class);
		dbw_prepared **judge = &bulk->judges[class];
		dbw__call unsent = { .model = model };

		if (!dbw__has_statement(model, number))
			continue;
		*judge = dbw__cache_fixed(lease->cache, *model->first_slot + number);
		if (*judge == NULL && dbw__prepare_fixed(lease, model, number, &unsent, judge) != DBW_OK) {
			*judge = NULL;
			dbw_error_clear(lease->error);
		}
	}
}

/* Rows that are looked at together: they are near one another in the cache when they are looked at again. */
enum { TOGETHER = 100 };

static bool is_whole(const struct bulk *bulk, size_t place)
{
	const dbw_row *word = dbw__row_word_of(bulk->model, row_at(bulk, place));

	return dbw__origin_is_known(word->origin) && word->absent == NULL;
}

/* How many rows from `place` on the driver takes as they are; 0 where the next one has to be looked at by itself. */
static size_t plain_rows(const struct bulk *bulk, size_t place)
{
	const row_class class = class_of(bulk, place);
	const dbw_prepared *judge = class == ROW_ALONE ? NULL : bulk->judges[class];
	size_t end = place;

	if (judge == NULL)
		return 0;
	while (end < bulk->count && end - place < TOGETHER && is_whole(bulk, end) &&
		class_of(bulk, end) == class)
		end++;
	return bulk->lease->driver->check_rows(judge, row_at(bulk, place), end - place) ? end - place : 0;
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
	dbw_status status = DBW_OK;

	if (bulk->rows == NULL)
		return dbw__misuse(bulk->lease, bulk->model, "there are no rows at NULL");
	if (bulk->count > SIZE_MAX / bulk->model->row_size)
		return dbw__misuse(bulk->lease, bulk->model, "so many rows cannot be");
	find_judges(bulk);
	for (size_t rows = 1; rows != 0 && place < bulk->count; place += rows)
		rows = plain_rows(bulk, place);
	bulk->plain = place == bulk->count;
	for (; status == DBW_OK && place < bulk->count; place++) {
		status = check_row(bulk, place);
		if (status != DBW_OK)
			bulk->call->row = place + 1;
	}
	return status;
}

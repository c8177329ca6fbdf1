#include "select.h"

/* The columns of the set, and those without which a row could not be updated. */
static dbw_status select_columns(dbw__lease *lease, dbw__request *request, const void *set)
{
	const dbw_model *model = request->model;
	uint16_t *columns = dbw_arena_alloc(dbw__lease_scratch(lease), model->column_count * sizeof *columns);
	uint16_t count = 0;

	if (columns == NULL)
		return dbw__out_of_memory(lease->error);
	for (uint16_t i = 0; i < model->column_count; i++)
		if (dbw__columns_has(set, i) ||
			(model->columns[i].flags & (DBW_COLUMN_KEY | DBW_COLUMN_VERSION)) != 0)
			columns[count++] = i;
	return dbw__request_select(request, columns, count, lease->error);
}

dbw_status dbw__request_find(dbw__lease *lease, dbw__request *request, const void *query)
{
	const dbw_model *model = request->model;
	const void *set;
	dbw_status status = dbw__request_query(request, query, lease->error);

	if (status != DBW_OK || query == NULL || model->query.columns == DBW_NO_MEMBER)
		return status;
	set = (const char *)query + model->query.columns;
	return dbw__columns_is_empty(set, model->column_count) ? DBW_OK : select_columns(lease, request, set);
}

bool dbw__absent_of(const dbw_result *result, dbw_arena *arena, const uint64_t **absent)
{
	const uint16_t columns = result->model->column_count;
	uint64_t *bits;

	if (result->columns == result->model->read)
		*absent = result->model->left_out;
	if (result->columns == NULL || *absent != NULL || result->count == columns)
		return true;
	bits = dbw_arena_alloc_zeroed(arena, (columns + 63U) / 64U, sizeof *bits);
	if (bits == NULL)
		return false;
	for (uint16_t i = 0; i < columns; i++)
		bits[i / 64] |= UINT64_C(1) << i % 64;
	for (uint16_t i = 0; i < result->count; i++)
		bits[result->columns[i] / 64] &= ~(UINT64_C(1) << result->columns[i] % 64);
	*absent = bits;
	return true;
}

#include "select.h"

/* The set of columns that a query names; NULL where it names none. */
static const void *set_of(const dbw_model *model, const void *query)
{
	const void *set;

	if (query == NULL || model->query.columns == DBW_NO_MEMBER)
		return NULL;
	set = (const char *)query + model->query.columns;
	return dbw__columns_is_empty(set, model->column_count) ? NULL : set;
}

/* Whether a column is one of the set, or of those that are read without one; or one without which no row could be updated. */
static bool is_read(const dbw_model *model, const void *set, uint16_t number)
{
	if ((model->columns[number].flags & (DBW_COLUMN_KEY | DBW_COLUMN_VERSION)) != 0)
		return true;
	if (set != NULL)
		return dbw__columns_has(set, number);
	return model->left_out == NULL || (model->left_out[number / 64] >> number % 64 & 1) == 0;
}

static bool is_ordered_by(const dbw__request *request, const dbw__page_order *order, uint16_t number)
{
	for (size_t i = 0; order != NULL && i < order->count; i++)
		if (dbw__page_column(request, order, i) == number)
			return true;
	return false;
}

static dbw_status select_columns(
	dbw__lease *lease, dbw__request *request, const void *set, const dbw__page_order *order)
{
	const dbw_model *model = request->model;
	uint16_t *columns = dbw_arena_alloc(dbw__lease_scratch(lease), model->column_count * sizeof *columns);
	uint16_t count = 0;

	if (columns == NULL)
		return dbw__out_of_memory(lease->error);
	for (uint16_t i = 0; i < model->column_count; i++)
		if (is_read(model, set, i) || is_ordered_by(request, order, i))
			columns[count++] = i;
	return dbw__request_select(request, columns, count, lease->error);
}

dbw_status dbw__request_find(dbw__lease *lease, dbw__request *request, const void *query)
{
	const void *set = set_of(request->model, query);
	dbw_status status = dbw__request_query(request, query, lease->error);

	if (status == DBW_OK && request->locks && !dbw__lease_writes(lease))
		status = dbw__misuse(
			lease, request->model, "a reader locks no rows; ask in a session that writes");
	return status != DBW_OK || set == NULL ? status : select_columns(lease, request, set, NULL);
}

dbw_status dbw__select_for_page(
	dbw__lease *lease, dbw__request *request, const void *query, const dbw__page_order *order)
{
	const void *set = set_of(request->model, query);

	/* Without a choice all columns are read, unless the model leaves some out. */
	if (set == NULL && request->model->left_out == NULL)
		return DBW_OK;
	return select_columns(lease, request, set, order);
}

bool dbw__absent_bits(const dbw_result *result, dbw_arena *arena, const uint64_t **absent)
{
	const uint16_t columns = result->model->column_count;
	uint64_t *bits = dbw_arena_alloc_zeroed(arena, (columns + 63U) / 64U, sizeof *bits);

	if (bits == NULL)
		return false;
	for (uint16_t i = 0; i < columns; i++)
		bits[i / 64] |= UINT64_C(1) << i % 64;
	for (uint16_t i = 0; i < result->count; i++)
		bits[result->columns[i] / 64] &= ~(UINT64_C(1) << result->columns[i] % 64);
	*absent = bits;
	return true;
}

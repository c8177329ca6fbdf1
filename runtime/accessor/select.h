/** Which columns a read gives, and what becomes of the others. */
#ifndef DBWRIGHT_ACCESSOR_SELECT_H
#define DBWRIGHT_ACCESSOR_SELECT_H

#include "call.h"

#include <statement/page.h>

/**
 * Adds a generated query struct (NULL: all rows) to a find: dbw__request_query(), and the columns it names, to which come
 * those that update needs to find the row: key and version. Errors as dbw__request_query(); DBW_MISUSE: a reader that locks.
 */
dbw_status dbw__request_find(dbw__lease *lease, dbw__request *request, const void *query);

/**
 * Ends the request of a page: the columns that the query names, and besides key and version those of its order, which the
 * texts of the page need. DBW_OK or DBW_OUT_OF_MEMORY.
 */
dbw_status dbw__select_for_page(
	dbw__lease *lease, dbw__request *request, const void *query, const dbw__page_order *order);

/** What the rows of a finder become. */
static inline dbw_result dbw__ordinary_result(const dbw_model *model)
{
	return (dbw_result){ model, model->read, model->read_count };
}

/** dbw__absent_of() where the bits have to be made. */
bool dbw__absent_bits(const dbw_result *result, dbw_arena *arena, const uint64_t **absent);

/**
 * Makes *absent the bits of the columns that a result leaves out, for dbw_row.absent: NULL where it has all; else static, or in
 * memory of the arena. Does nothing where *absent is not NULL. False when memory is short.
 */
static inline bool dbw__absent_of(const dbw_result *result, dbw_arena *arena, const uint64_t **absent)
{
	if (result->columns == result->model->read)
		*absent = result->model->left_out;
	if (result->columns == NULL || *absent != NULL || result->count == result->model->column_count)
		return true;
	return dbw__absent_bits(result, arena, absent);
}

#endif

/** Lists of rows: how they are filled. */
#ifndef DBWRIGHT_ACCESSOR_LIST_H
#define DBWRIGHT_ACCESSOR_LIST_H

#include "row.h"

/** Makes *list empty: `items` is not NULL, and nothing is to be released. */
void dbw__list_empty(dbw__list *list);

/**
 * Runs a query and reads all its rows into an empty list, which has no memory where there are none. On failure the list is
 * empty. `result` is that of the statement. call->rows tells how many there are.
 */
dbw_status dbw__list_run(dbw__lease *lease, const dbw_result *result, dbw_prepared *prepared,
	const dbw_value *values, size_t count, dbw__call *call, dbw__list *rows);

#endif

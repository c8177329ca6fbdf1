/** What the files that make requests share. */
#ifndef DBWRIGHT_STATEMENT_REQUEST_H
#define DBWRIGHT_STATEMENT_REQUEST_H

#include "render_key.h"

#include <statement/render.h>

/** DBW_OUT_OF_MEMORY, told. */
static inline dbw_status dbw__request_is_short(dbw_error *error)
{
	return dbw__fail(error, DBW_OUT_OF_MEMORY, "out of memory");
}

/** Adds an item to the key: see render_key.h. DBW_OUT_OF_MEMORY. */
static inline dbw_status dbw__request_item(
	dbw__request *request, unsigned what, unsigned list, uint16_t column, dbw_error *error)
{
	const dbw__key_item item = { (uint8_t)what, (uint8_t)list, column };

	if (!dbw_text_append(&request->key, (const char *)&item, sizeof item))
		return dbw__request_is_short(error);
	return DBW_OK;
}

/** Whether the engine stores the column in a form that has equality but no order. */
static inline bool dbw__lacks_order(const dbw__request *request, const dbw_column *column)
{
	return request->engine == DBW_SQLITE && column->kind == DBW_KIND_DECIMAL &&
	       (column->flags & DBW_COLUMN_TEXT_STORAGE) != 0;
}

/**
 * Adds what a filter says, a generated struct; `depth` is how many groups it stands in. DBW_MISUSE, DBW_INVALID,
 * DBW_UNSUPPORTED, DBW_OUT_OF_MEMORY.
 */
dbw_status dbw__request_conditions(
	dbw__request *request, const char *where, unsigned depth, dbw_error *error);

#endif

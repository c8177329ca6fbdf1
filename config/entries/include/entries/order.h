/*
 * The order that `depends_on:` gives databases: what another one depends on is connected before it and closed after it.
 *
 * It names databases with commas between: by their entries ("primary"), or by schema and qualifier ("auth:eu").
 */
#ifndef DBWRIGHT_ENTRIES_ORDER_H
#define DBWRIGHT_ENTRIES_ORDER_H

#include <base/diagnostic.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A database among those that may depend on each other. The strings are borrowed. */
typedef struct dbw__ordered {
	const char *name, *schema, *qualifier; /**< A schema that is not known is NULL. */
	const char *depends_on;                /**< NULL: on none. */
	dbw_position at;                       /**< Of that. */
	bool lenient;                          /**< It may name what is not there. */
	uint32_t
		depth; /**< Given back: 0 where it depends on none, else more than of any that it depends on. */
} dbw__ordered;

/**
 * Finds the depth of each. False where something was reported: a name that is not there ("unknown-database"), databases
 * that depend on each other ("depends-cycle"), or "out-of-memory".
 */
bool dbw__order_databases(dbw_diagnostics *diagnostics, dbw__ordered *all, size_t count);

#ifdef __cplusplus
}
#endif

#endif

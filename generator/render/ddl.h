/* The statements that create a model's table and what belongs to it. */
#ifndef DBWRIGHT_RENDER_DDL_H
#define DBWRIGHT_RENDER_DDL_H

#include "dialect.h"

#include <base/arena.h>

/** What stands in a schema. */
typedef enum ir__object_kind {
	IR__OBJECT_TYPE,
	IR__OBJECT_TABLE,
	IR__OBJECT_INDEX,
	IR__OBJECT_FOREIGN_KEY,
} ir__object_kind;

/** One object: its name, without quotes, and the statement that makes it, without a semicolon. */
typedef struct ir__object {
	ir__object_kind kind;
	const char *name;
	const char *sql;
	struct ir__object *next;
} ir__object;

/** The objects of a model, made in the arena, in the order of their kinds. False when memory is short. */
bool ir__objects(dbw_arena *arena, const ir__dialect *dialect, const ir_model *model, ir__object **out);

/**
 * The objects of all models of a schema in an order in which they can be made: types, tables with their indexes, parents
 * first, and foreign keys that close a cycle. False when memory is short.
 */
bool ir__schema_objects(dbw_arena *arena, const ir__dialect *dialect, const ir_schema *schema,
	ir__object ***out, size_t *count);

#endif

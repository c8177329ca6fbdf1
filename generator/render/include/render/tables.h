/** The statements that make and remove the tables of a schema, one by one, for whoever runs them. */
#ifndef DBWRIGHT_RENDER_TABLES_H
#define DBWRIGHT_RENDER_TABLES_H

#include <base/arena.h>
#include <dbwright/engine.h>
#include <model/model.h>

/** Statements without a semicolon, in an order in which they run; in an arena. */
typedef struct ir_statements {
	const char **items;
	size_t count;
} ir_statements;

/** What makes the tables of a checked schema, with their types, indexes and keys. False when memory is short. */
bool ir_render_tables(dbw_arena *arena, const ir_schema *schema, dbw_engine engine, ir_statements *out);

/**
 * What removes them and their types, where they are there. On SQLite foreign keys have to be off: they may form a cycle,
 * and no order serves one. False when memory is short.
 */
bool ir_render_drops(dbw_arena *arena, const ir_schema *schema, dbw_engine engine, ir_statements *out);

/** What makes PostgreSQL's schema of this name: `CREATE SCHEMA "shop"`. NULL when memory is short. */
const char *ir_render_namespace(dbw_arena *arena, const char *name);

/** What makes a database of PostgreSQL's, for UTF-8. NULL when memory is short. */
const char *ir_render_server_database(dbw_arena *arena, const char *name);

#endif

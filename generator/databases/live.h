/* A connection to a database of the project. */
#ifndef DBWRIGHT_DATABASES_LIVE_H
#define DBWRIGHT_DATABASES_LIVE_H

#include <base/arena.h>
#include <databases/databases.h>
#include <dbwright/driver.h>
#include <provider/outside.h>

typedef struct ir__live {
	dbw_arena *arena;
	const ir_schema *schema;
	const dbw_driver *driver;
	dbw_connection *connection;
	dbw__outside_providers outside;
	const dbw_store *store; /* Instead of a driver and a connection: a store ... */
	const char *title;
	void *handle;          /* ... that is open ... */
	bool is_open;          /* ... where this says so. */
	const char *temporary; /* The file that goes with the connection; NULL: none. */
} ir__live;

/* How to open. */
typedef struct ir__opening {
	const char *location; /* NULL: the place's own. */
	bool may_make_file;
	bool without_foreign_keys; /* On SQLite. */
} ir__opening;

/* Connects; ir__live_close() follows in every case. */
dbw_status ir__live_open(
	dbw_arena *arena, const ir_place *place, const ir__opening *opening, ir__live *out, dbw_error *error);
void ir__live_close(ir__live *live);

/* Whether a query with texts for its parameters has a row whose first column is an integer. */
dbw_status ir__live_ask(
	ir__live *live, const char *sql, const char *const *texts, size_t count, bool *yes, dbw_error *error);

/* Who the server takes us for, in the arena; "?" where it does not say. PostgreSQL's, outside of a failed transaction. */
const char *ir__live_role(ir__live *live);

/* Fails where a store is not well; removes everything in it, and may not be able to. */
dbw_status ir__live_check_store(ir__live *live, dbw_error *error);
dbw_status ir__live_reset_store(ir__live *live, dbw_error *error);

/* tables.c: the tables of the schema that are not there. */
dbw_status ir__find_missing(ir__live *live, const char ***out, size_t *count, dbw_error *error);

dbw_status ir__no_memory(dbw_error *error);

#endif

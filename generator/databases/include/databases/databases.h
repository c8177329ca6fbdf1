/**
 * The databases of a project as they stand, by the drivers of the runtime: whether they answer, which tables they have;
 * and making them. Every connection is closed before a call returns. Failures are a dbw_error, without secrets and
 * without values of rows, and they leave the database as it was unless said otherwise.
 */
#ifndef DBWRIGHT_DATABASES_DATABASES_H
#define DBWRIGHT_DATABASES_DATABASES_H

#include <base/arena.h>
#include <dbwright/error.h>
#include <entries/resolve.h>
#include <model/model.h>

enum { IR_SERVER_SIZE = 96 };

/** A database of the project, and where it is here and now. Borrowed. */
typedef struct ir_place {
	const ir_database *database;
	const dbw__resolved *resolved; /**< With a provider. */
	const char *const *folders;    /**< That its provider may be loaded from, if it is not bundled. */
	size_t folder_count;
} ir_place;

/** What was found. */
typedef struct ir_findings {
	char server[IR_SERVER_SIZE]; /**< What answers: "SQLite 3.40.1", "PostgreSQL 15.4". */
	int64_t latency_us;          /**< Of a query that reads nothing. */
	size_t table_count;          /**< Of the schema: one for each model. */
	const char **missing;        /**< Tables of the schema that are not there; in the arena. */
	size_t missing_count;
} ir_findings;

/**
 * Whether a database is gone when the program ends: in memory, or a temporary file. Each run then makes its own, and
 * there are no tables of it to be found or made.
 */
bool ir_is_passing(const ir_place *place);

/** Whether it is a store, which has no schema and no tables. */
bool ir_is_store(const ir_place *place);

/**
 * Whether the driver of a bundled provider takes the address and its settings, as a program finds out before it connects.
 * Nothing is opened. DBW_OK, too, for a provider from outside, which is not loaded. DBW_CONFIG, DBW_PROVIDER,
 * DBW_OUT_OF_MEMORY; the message names the database.
 */
dbw_status ir_check_address(dbw_arena *arena, const ir_place *place, dbw_error *error);

/**
 * Connects as the program would, asks for nothing, and fills the first two members of *out. DBW_NOT_FOUND: the file is
 * not there, and was not made. DBW_PROVIDER (also where the schema is not made for its engine), DBW_CONFIG, DBW_CONNECTION, DBW_TIMEOUT, and whatever else a driver says.
 */
dbw_status ir_test_database(dbw_arena *arena, const ir_place *place, ir_findings *out, dbw_error *error);

/** As ir_test_database(), and looks which tables are there. */
dbw_status ir_inspect_database(dbw_arena *arena, const ir_place *place, ir_findings *out, dbw_error *error);

/** What was done. */
typedef struct ir_change {
	bool database_made;
	size_t tables_dropped;
	size_t tables_made;
} ir_change;

/**
 * Makes what is not there: folders and the file, or the server's database, which is asked for at the database
 * `postgres` of the same server; PostgreSQL's schema; and the tables. Where all tables are there nothing happens; where
 * some are, DBW_EXISTS. The tables are made in one transaction; a database that was made stays in any case.
 */
dbw_status ir_set_up_database(dbw_arena *arena, const ir_place *place, ir_change *out, dbw_error *error);

/**
 * Removes the tables of the schema, with their rows, and makes them anew, in one transaction; all else in the database
 * stays. A database that is not there is set up. Of a store everything is removed; DBW_UNSUPPORTED where it cannot be asked to.
 */
dbw_status ir_reset_database(dbw_arena *arena, const ir_place *place, ir_change *out, dbw_error *error);

#endif

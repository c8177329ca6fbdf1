/* A SQLite connection and what the files of this driver share. */
#ifndef DBWRIGHT_DRIVER_SQLITE_CONNECTION_H
#define DBWRIGHT_DRIVER_SQLITE_CONNECTION_H

#include <base/arena.h>
#include <dbwright/driver.h>
#include <driver/bundled.h>
#include <driver/plain.h>

#include <sqlite3.h>

/* The statements that every connection uses again and again, prepared at first use. */
enum transaction_step { STEP_BEGIN, STEP_BEGIN_WRITER, STEP_COMMIT, STEP_ROLLBACK, STEP_COUNT };
enum savepoint_step { SAVEPOINT_MAKE, SAVEPOINT_RELEASE, SAVEPOINT_ROLL_BACK, SAVEPOINT_STEP_COUNT };

typedef struct sqlite_connection {
	sqlite3 *db;
	unsigned running; /* Queries between query() and finish(). */
	bool in_memory;
	int busy_timeout_ms;
	int timeout_ms;      /* For each call, 0: none. */
	int64_t until_ms;    /* Of the call that runs, 0: none. */
	int64_t deadline_ms; /* Of the session; 0: none. */
	dbw_violation violation;
	sqlite3_stmt *steps[STEP_COUNT];
	sqlite3_stmt *savepoints[DBW_SAVEPOINT_LIMIT][SAVEPOINT_STEP_COUNT];
} sqlite_connection;

static inline sqlite_connection *connection_of(dbw_connection *connection)
{
	return (sqlite_connection *)(void *)connection;
}

/* A prepared statement, with what is the same at every run of it. */
typedef struct sqlite_statement {
	sqlite3_stmt *run;
	size_t parameter_count;               /* SIZE_MAX for one that has `numbered`. */
	struct numbered_parameters *numbered; /* $2 stands before $1; NULL as a rule. */
	const dbw_model *model;               /* What rows are decoded to; NULL where none are. */
	struct decode_step *plan;             /* One per column of a row. */
	uint16_t column_count;
	uint16_t member_count;      /* Of the members of a row that are parameters; 0 for other statements. */
	dbw__plain_member *members; /* One per member. */
	size_t row_size;
} sqlite_statement;

static inline sqlite_statement *statement_of(dbw_prepared *statement)
{
	return (sqlite_statement *)(void *)statement;
}

/* open.c */
dbw_status dbw__sqlite_check(const dbw_address *address, dbw_error *error);
dbw_status dbw__sqlite_open(const dbw_address *address, dbw_connection **out, dbw_error *error);
void dbw__sqlite_close(dbw_connection *connection);

/* settings.c: the settings of an entry, read and checked. */
typedef struct sqlite_settings {
	const char *journal_mode;
	const char *synchronous;
	const char *temp_store; /* NULL: SQLite's own. */
	int busy_timeout_ms;
	int operation_timeout_ms;
	bool foreign_keys;
	bool has_cache_size, has_mmap_size;
	int64_t cache_size, mmap_size;
} sqlite_settings;

dbw_status dbw__sqlite_settings_read(const dbw_address *address, sqlite_settings *out, dbw_error *error);
bool dbw__sqlite_one_writer(const dbw_address *address, dbw_writer_wait *out);
dbw_status dbw__sqlite_settings_apply(sqlite_connection *own, const dbw_address *address,
	const sqlite_settings *settings, dbw_error *error);

/* failure.c: SQLite's result codes as statuses. */
/* After a failed prepare: SQLite's text speaks of the SQL and is kept. */
dbw_status dbw__sqlite_fail_prepare(sqlite_connection *own, int code, dbw_error *error);
/* After a failed step, with what was violated in own->violation: the text holds no row value. */
dbw_status dbw__sqlite_fail_step(sqlite_connection *own, int code, dbw_error *error);
/* A code without a connection's text behind it. */
dbw_status dbw__sqlite_fail_code(int code, dbw_error *error);

/* transaction.c: the time of a call begins, if it has not begun yet. */
void dbw__sqlite_set_end(sqlite_connection *own);

static inline void dbw__sqlite_start(sqlite_connection *own)
{
	if (own->timeout_ms != 0)
		dbw__sqlite_set_end(own);
}

/* It is over: what the program does with the connection by itself takes the time it takes. */
static inline void dbw__sqlite_stop(sqlite_connection *own)
{
	own->until_ms = 0;
}

/* Runs a statement that is bound to its end. */
static inline dbw_status dbw__sqlite_run_to_end(
	sqlite_connection *own, sqlite3_stmt *run, dbw_effect *effect, dbw_error *error)
{
	dbw_status status = DBW_OK;
	int code;

	dbw__sqlite_start(own);
	do {
		code = sqlite3_step(run);
	} while (code == SQLITE_ROW);
	if (code == SQLITE_DONE) {
		effect->rows = sqlite3_changes64(own->db);
		effect->assigned_id = sqlite3_last_insert_rowid(own->db);
	} else {
		effect->rows = 0;
		effect->assigned_id = 0;
		status = dbw__sqlite_fail_step(own, code, error);
	}
	dbw__sqlite_stop(own);
	sqlite3_reset(run);
	return status;
}

/* bind.c: binds `count` values, which stay borrowed; checks that there are as many as the statement has. */
dbw_status dbw__sqlite_bind_values(
	const sqlite_statement *statement, const dbw_value *values, size_t count, dbw_error *error);
/* Prints a value of a column with DBW_COLUMN_TEXT_STORAGE; DBW_DECIMAL_SIZE bytes are enough. 0: it has no text. */
size_t dbw__sqlite_print_stored(const dbw_value *value, char *text);

/*
 * values.c: statements that nobody generated. Whether parameters $1, $2 ... first appear in another order than that of
 * their numbers, which to SQLite are names like others: then values are bound by name.
 */
dbw_status dbw__sqlite_number_parameters(sqlite_statement *statement, dbw_error *error);
dbw_status dbw__sqlite_bind_numbered(
	const sqlite_statement *statement, const dbw_value *values, size_t count, dbw_error *error);
/* Whether anything but blanks, comments and semicolons is left behind a statement. */
bool dbw__sqlite_has_more(sqlite_connection *own, const char *rest);
uint32_t dbw__sqlite_column_count(const dbw_prepared *prepared);
const char *dbw__sqlite_column_name(const dbw_prepared *prepared, uint32_t number);
bool dbw__sqlite_may_write(const dbw_prepared *prepared);
dbw_status dbw__sqlite_fetch_values(dbw_connection *connection, dbw_prepared *prepared, dbw_value *values,
	uint32_t count, dbw_arena *arena, bool *more, dbw_error *error);

/* list.c: binds a value of kind DBW_VALUE_LIST; *code is SQLite's. */
dbw_status dbw__sqlite_bind_list(
	sqlite3_stmt *statement, int place, const dbw_value *value, int *code, dbw_error *error);

/* rows.c: statements whose parameters are the members of rows. */
void dbw__sqlite_plan_row_parameters(dbw_connection *connection, dbw_prepared *prepared,
	const dbw_model *model, const uint16_t *columns, uint16_t count);
dbw_status dbw__sqlite_execute_rows(dbw_connection *connection, dbw_prepared *prepared, const void *rows,
	size_t count, bool checked, bool *plain, dbw_effect *effect, dbw_error *error);

/* decode.c: works out how the rows of a statement are decoded; steps, and decodes the row. */
dbw_status dbw__sqlite_plan_rows(sqlite_statement *statement, const dbw_result *result, dbw_error *error);
dbw_status dbw__sqlite_fetch(dbw_connection *connection, dbw_prepared *prepared, void *row, dbw_arena *arena,
	bool *more, dbw_error *error);
dbw_status dbw__sqlite_fetch_rows(dbw_connection *connection, dbw_prepared *prepared, void *rows,
	size_t count, dbw_arena *arena, size_t *done, dbw_error *error);

/* transaction.c */
void dbw__sqlite_set_terms(dbw_connection *connection, dbw_terms terms);
/* How long the connection waits for others, and whether it looks at the clock meanwhile: after a change of its limits. */
void dbw__sqlite_set_limits(sqlite_connection *own);
/* The time that has passed, in words: of the session, of the call; NULL: neither. */
const char *dbw__sqlite_is_late(const sqlite_connection *own);
dbw_status dbw__sqlite_cancel(dbw_connection *connection);
dbw_status dbw__sqlite_begin(dbw_connection *connection, dbw_transaction_mode mode, dbw_error *error);
dbw_status dbw__sqlite_commit(dbw_connection *connection, dbw_error *error);
dbw_status dbw__sqlite_rollback(dbw_connection *connection, dbw_error *error);
dbw_status dbw__sqlite_savepoint(dbw_connection *connection, unsigned depth, dbw_error *error);
dbw_status dbw__sqlite_release_savepoint(dbw_connection *connection, unsigned depth, dbw_error *error);
dbw_status dbw__sqlite_rollback_to_savepoint(dbw_connection *connection, unsigned depth, dbw_error *error);

#endif

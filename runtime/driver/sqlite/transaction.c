#include "connection.h"

#include <stdio.h>
#include <time.h>

/* Instructions of SQLite's machine between two looks at the clock: some ten microseconds. */
enum { DEADLINE_STEPS = 1000 };

/* Writers take the lock at once: a transaction that begins as a reader cannot wait for it later without the
 * risk of a deadlock, and SQLite then gives SQLITE_BUSY at once (manual, "Transaction", DEFERRED). */
static const char *const step_sql[STEP_COUNT] = {
	[STEP_BEGIN] = "BEGIN",
	[STEP_BEGIN_WRITER] = "BEGIN IMMEDIATE",
	[STEP_COMMIT] = "COMMIT",
	[STEP_ROLLBACK] = "ROLLBACK",
};

static dbw_status run_kept(sqlite_connection *own, sqlite3_stmt **kept, const char *sql, dbw_error *error)
{
	dbw_status status = DBW_OK;
	int code;

	if (*kept == NULL) {
		code = sqlite3_prepare_v3(own->db, sql, -1, SQLITE_PREPARE_PERSISTENT, kept, NULL);
		if (code != SQLITE_OK)
			return dbw__sqlite_fail_prepare(own, code, error);
	}
	dbw__sqlite_start(own);
	code = sqlite3_step(*kept);
	if (code != SQLITE_DONE)
		status = dbw__sqlite_fail_step(own, code, error);
	dbw__sqlite_stop(own);
	sqlite3_reset(*kept);
	return status;
}

static dbw_status run_step(sqlite_connection *own, enum transaction_step step, dbw_error *error)
{
	return run_kept(own, &own->steps[step], step_sql[step], error);
}

static dbw_status run_savepoint(
	dbw_connection *connection, enum savepoint_step step, unsigned depth, dbw_error *error)
{
	sqlite_connection *own = connection_of(connection);
	char sql[32] = "";

	if (depth == 0 || depth > DBW_SAVEPOINT_LIMIT)
		return dbw__fail(
			error, DBW_MISUSE, "savepoints are nested at most %d deep", DBW_SAVEPOINT_LIMIT);
	switch (step) {
	case SAVEPOINT_MAKE: snprintf(sql, sizeof sql, "SAVEPOINT dbw_%u", depth); break;
	case SAVEPOINT_RELEASE: snprintf(sql, sizeof sql, "RELEASE dbw_%u", depth); break;
	default: snprintf(sql, sizeof sql, "ROLLBACK TO dbw_%u", depth); break;
	}
	return run_kept(own, &own->savepoints[depth - 1][step], sql, error);
}

static int64_t clock_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

const char *dbw__sqlite_is_late(const sqlite_connection *own)
{
	const int64_t now_ms = own->deadline_ms == 0 && own->until_ms == 0 ? 0 : clock_ms();

	if (own->deadline_ms != 0 && now_ms >= own->deadline_ms)
		return "the deadline of the session has passed";
	if (own->until_ms != 0 && now_ms >= own->until_ms)
		return "the statement took longer than operation_timeout_ms";
	return NULL;
}

/* Anything but 0 stops the statement. */
static int look_at_clock(void *argument)
{
	return dbw__sqlite_is_late(argument) != NULL;
}

void dbw__sqlite_set_end(sqlite_connection *own)
{
	if (own->until_ms == 0)
		own->until_ms = clock_ms() + own->timeout_ms;
}

void dbw__sqlite_set_limits(sqlite_connection *own)
{
	int64_t wait_ms = own->busy_timeout_ms;

	if (own->timeout_ms != 0 && own->timeout_ms < wait_ms)
		wait_ms = own->timeout_ms;
	if (own->deadline_ms != 0) {
		const int64_t left_ms = own->deadline_ms - clock_ms();

		if (left_ms < wait_ms)
			wait_ms = left_ms < 0 ? 0 : left_ms;
	}
	sqlite3_busy_timeout(own->db, (int)wait_ms);
	sqlite3_progress_handler(own->db, DEADLINE_STEPS,
		own->deadline_ms == 0 && own->timeout_ms == 0 ? NULL : look_at_clock, own);
}

/* Isolation needs no telling: there is but one, the highest. */
void dbw__sqlite_set_terms(dbw_connection *connection, dbw_terms terms)
{
	sqlite_connection *own = connection_of(connection);

	if (terms.deadline_ms == own->deadline_ms)
		return;
	own->deadline_ms = terms.deadline_ms;
	dbw__sqlite_set_limits(own);
}

dbw_status dbw__sqlite_cancel(dbw_connection *connection)
{
	sqlite3_interrupt(connection_of(connection)->db);
	return DBW_OK;
}

dbw_status dbw__sqlite_begin(dbw_connection *connection, dbw_transaction_mode mode, dbw_error *error)
{
	sqlite_connection *own = connection_of(connection);
	dbw_status status =
		run_step(own, mode == DBW_TRANSACTION_WRITE ? STEP_BEGIN_WRITER : STEP_BEGIN, error);

	if (status == DBW_BUSY) {
		int code = error->native_code;

		dbw__fail(error, DBW_BUSY, "another connection has been writing (waited %d ms)",
			own->busy_timeout_ms);
		error->native_code = code;
	}
	return status;
}

dbw_status dbw__sqlite_commit(dbw_connection *connection, dbw_error *error)
{
	return run_step(connection_of(connection), STEP_COMMIT, error);
}

dbw_status dbw__sqlite_rollback(dbw_connection *connection, dbw_error *error)
{
	sqlite_connection *own = connection_of(connection);

	/* Some errors (disk full, out of memory ...) have rolled back already; manual,
	 * "sqlite3_get_autocommit". */
	if (sqlite3_get_autocommit(own->db) != 0)
		return DBW_OK;
	return run_step(own, STEP_ROLLBACK, error);
}

dbw_status dbw__sqlite_savepoint(dbw_connection *connection, unsigned depth, dbw_error *error)
{
	return run_savepoint(connection, SAVEPOINT_MAKE, depth, error);
}

dbw_status dbw__sqlite_release_savepoint(dbw_connection *connection, unsigned depth, dbw_error *error)
{
	return run_savepoint(connection, SAVEPOINT_RELEASE, depth, error);
}

dbw_status dbw__sqlite_rollback_to_savepoint(dbw_connection *connection, unsigned depth, dbw_error *error)
{
	dbw_status status = run_savepoint(connection, SAVEPOINT_ROLL_BACK, depth, error);

	/* Rolling back to a savepoint leaves it standing. */
	return status != DBW_OK ? status : dbw__sqlite_release_savepoint(connection, depth, error);
}

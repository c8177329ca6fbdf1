#include "connection.h"

#include <stdio.h>
#include <string.h>

/*
 * BEGIN, SAVEPOINT and RELEASE wait for the next statement and travel with it; ending what was never sent sends
 * nothing. A writer with one statement so makes two round trips, and one that did nothing makes none.
 */

/* For a statement, in milliseconds: 0 would be no limit. */
static int64_t time_left(const postgresql_connection *own)
{
	int64_t left;

	if (own->terms.deadline_ms == 0)
		return own->timeout_ms;
	left = own->terms.deadline_ms - dbw__postgresql_clock_ms();
	if (left < 1)
		left = 1;
	return own->timeout_ms != 0 && own->timeout_ms < left ? own->timeout_ms : left;
}

static const char *const isolation_sql[] = {
	[DBW_ISOLATION_DEFAULT] = "",
	[DBW_READ_COMMITTED] = " ISOLATION LEVEL READ COMMITTED",
	[DBW_REPEATABLE_READ] = " ISOLATION LEVEL REPEATABLE READ",
	[DBW_SERIALIZABLE] = " ISOLATION LEVEL SERIALIZABLE",
};

const char *dbw__postgresql_step_sql(
	const postgresql_connection *own, waiting_step step, char *storage, size_t size)
{
	switch ((enum step_kind)step.kind) {
	case STEP_BEGIN:
	case STEP_BEGIN_READ:
		snprintf(storage, size, "BEGIN%s%s", isolation_sql[own->terms.isolation],
			step.kind == STEP_BEGIN ? "" : " READ ONLY");
		break;
	case STEP_SAVEPOINT: snprintf(storage, size, "SAVEPOINT dbw_%u", step.number); break;
	case STEP_RELEASE: snprintf(storage, size, "RELEASE dbw_%u", step.number); break;
	case STEP_CLOSE: snprintf(storage, size, "CLOSE dbw_%u", step.number); break;
	case STEP_WRITE: storage[0] = '\0'; break; /* It has a text of its own. */
	case STEP_LOCK_TIMEOUT:
		snprintf(storage, size, "SET LOCAL lock_timeout = %lld", (long long)own->lock_timeout_ms);
		break;
	case STEP_ZONE: snprintf(storage, size, "SET LOCAL TimeZone TO 'UTC'"); break;
	case STEP_TIMEOUT:
		snprintf(storage, size, "SET LOCAL statement_timeout = %lld", (long long)time_left(own));
		break;
	}
	return storage;
}

static void wait_with(postgresql_connection *own, enum step_kind kind, unsigned number)
{
	own->steps[own->step_count++] = (waiting_step){ (uint8_t)kind, number };
}

void dbw__postgresql_set_terms(dbw_connection *connection, dbw_terms terms)
{
	postgresql_connection *own = connection_of(connection);

	own->terms = terms;
	own->deadline_ms = own->stops_ms = 0;
}

/* Outside of a transaction, and in one that has failed, the server would not take it. */
void dbw__postgresql_tell_deadline(postgresql_connection *own)
{
	const PGTransactionStatusType state = PQtransactionStatus(own->link);

	if (own->terms.deadline_ms == 0 || own->step_count == STEP_LIMIT)
		return;
	if (own->step_count != 0 || state == PQTRANS_INTRANS)
		wait_with(own, STEP_TIMEOUT, 0);
}

/* A step is a message like others where there is no room to wait. */
static dbw_status add_step(postgresql_connection *own, enum step_kind kind, unsigned number, dbw_error *error)
{
	char storage[96];

	if (number > DBW_SAVEPOINT_LIMIT)
		return dbw__fail(
			error, DBW_MISUSE, "savepoints are nested at most %d deep", DBW_SAVEPOINT_LIMIT);
	if (own->lost)
		return dbw__postgresql_fail_lost(own, error);
	if (own->step_count == STEP_LIMIT)
		return dbw__postgresql_command(own,
			dbw__postgresql_step_sql(
				own, (waiting_step){ (uint8_t)kind, number }, storage, sizeof storage),
			error);
	wait_with(own, kind, number);
	return DBW_OK;
}

dbw_status dbw__postgresql_begin(dbw_connection *connection, dbw_transaction_mode mode, dbw_error *error)
{
	postgresql_connection *own = connection_of(connection);
	const enum step_kind kind = mode == DBW_TRANSACTION_READ ? STEP_BEGIN_READ : STEP_BEGIN;
	dbw_status status = add_step(own, kind, 0, error);

	/* Behind a pooler the server is another one each time, and what is set for good is somebody else's. */
	if (status == DBW_OK && own->pooled && own->timeout_ms != 0)
		status = add_step(own, STEP_TIMEOUT, 0, error);
	if (status == DBW_OK && own->pooled && own->lock_timeout_ms != 0)
		status = add_step(own, STEP_LOCK_TIMEOUT, 0, error);
	if (status == DBW_OK && own->tells_zone)
		status = add_step(own, STEP_ZONE, 0, error);
	return status;
}

/* The end of its transaction closes it as well. */
void dbw__postgresql_close_cursor(postgresql_connection *own, unsigned number)
{
	dbw_error unheard;
	char storage[32];

	if (own->lost || PQtransactionStatus(own->link) != PQTRANS_INTRANS)
		return;
	/* A deadline needs a place, too. */
	if (own->step_count + 1 < STEP_LIMIT) {
		wait_with(own, STEP_CLOSE, number);
		return;
	}
	(void)dbw__postgresql_command(own,
		dbw__postgresql_step_sql(own, (waiting_step){ STEP_CLOSE, number }, storage, sizeof storage),
		&unheard);
}

bool dbw__postgresql_is_unbegun(const postgresql_connection *own)
{
	return own->step_count != 0 &&
	       (own->steps[0].kind == STEP_BEGIN || own->steps[0].kind == STEP_BEGIN_READ);
}

/*
 * Whether a commit that gave this status may have been done all the same: there was no answer, or none that says no. A server
 * that is told to go says so (57P01) before a commit as well as behind one. What it says to a write in front of the commit
 * is a no: it answers in order, and would not have come to the commit. A commit that has its answer is known, whatever is
 * said behind it.
 */
static bool leaves_unknown(const postgresql_connection *own, dbw_status status)
{
	return status == DBW_CONNECTION || (status != DBW_OK && own->lost);
}

dbw_status dbw__postgresql_commit(dbw_connection *connection, dbw_error *error)
{
	postgresql_connection *own = connection_of(connection);
	bool need_row = false;
	const bool waiting = dbw__postgresql_writes_wait(own, &need_row);
	PGresult *result;
	dbw_status status;

	if (!waiting && dbw__postgresql_is_unbegun(own)) {
		own->step_count = 0;
		return DBW_OK;
	}
	/*
	 * Writes travel with the commit, unless it depends on what they find, or time is limited: what they take too long for
	 * would leave a commit behind them unknown.
	 */
	if (need_row || (waiting && (own->timeout_ms != 0 || own->terms.deadline_ms != 0))) {
		status = dbw__postgresql_collect(connection, error);
		if (status != DBW_OK)
			return status;
	}
	/* What was lost before it was sent is not committed. */
	status = dbw__postgresql_stands(own, error);
	if (status != DBW_OK)
		return status;
	status = dbw__postgresql_exchange(own, MESSAGE_COMMAND, "COMMIT", NULL, &result, error);
	if (leaves_unknown(own, status) && !own->outcome.refused) {
		const char *text = status == DBW_TIMEOUT ? "the server has not answered the commit in time"
							 : "the connection was lost during the commit";

		return dbw__fail(error, DBW_UNKNOWN_OUTCOME, "%s: it may have been done or not", text);
	}
	if (status != DBW_OK)
		return status;
	/* A transaction that has failed answers so. */
	if (strcmp(PQcmdStatus(result), "COMMIT") != 0)
		status = dbw__fail(error, DBW_SESSION_FAILED, "the server has rolled the transaction back");
	PQclear(result);
	return status;
}

dbw_status dbw__postgresql_rollback(dbw_connection *connection, dbw_error *error)
{
	postgresql_connection *own = connection_of(connection);

	dbw__postgresql_drop_steps(own, 0);
	if (own->lost)
		return dbw__postgresql_fail_lost(own, error);
	if (PQtransactionStatus(own->link) == PQTRANS_IDLE)
		return DBW_OK;
	return dbw__postgresql_command(own, "ROLLBACK", error);
}

dbw_status dbw__postgresql_savepoint(dbw_connection *connection, unsigned depth, dbw_error *error)
{
	return add_step(connection_of(connection), STEP_SAVEPOINT, depth, error);
}

/* The place of a savepoint among the steps that wait, or their number. */
static unsigned place_of(const postgresql_connection *own, unsigned depth)
{
	for (unsigned i = own->step_count; i-- > 0;)
		if (own->steps[i].kind == STEP_SAVEPOINT && own->steps[i].number == depth)
			return i;
	return own->step_count;
}

dbw_status dbw__postgresql_release_savepoint(dbw_connection *connection, unsigned depth, dbw_error *error)
{
	postgresql_connection *own = connection_of(connection);
	const unsigned place = place_of(own, depth);

	bool writes = false;

	for (unsigned i = place; i < own->step_count; i++)
		writes = writes || own->steps[i].kind == STEP_WRITE;
	/* Nothing has been done in it. */
	if (place != own->step_count && !writes) {
		own->step_count = place;
		return DBW_OK;
	}
	return add_step(own, STEP_RELEASE, depth, error);
}

dbw_status dbw__postgresql_rollback_to_savepoint(dbw_connection *connection, unsigned depth, dbw_error *error)
{
	postgresql_connection *own = connection_of(connection);
	const unsigned place = place_of(own, depth);
	char sql[64];
	dbw_status status;

	if (place != own->step_count) {
		dbw__postgresql_drop_steps(own, place);
		return DBW_OK;
	}
	/* What waits is inside of it. */
	dbw__postgresql_drop_steps(own, 0);
	snprintf(sql, sizeof sql, "ROLLBACK TO dbw_%u", depth);
	status = dbw__postgresql_command(own, sql, error);
	/* Rolling back to a savepoint leaves it standing. */
	return status != DBW_OK ? status : dbw__postgresql_release_savepoint(connection, depth, error);
}

#include "connection.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

int64_t dbw__postgresql_clock_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

dbw_status dbw__postgresql_wait(postgresql_connection *own, short events, dbw_error *error)
{
	struct pollfd descriptor = { .fd = PQsocket(own->link), .events = events };

	if (descriptor.fd < 0)
		return dbw__postgresql_fail_lost(own, error);
	for (;;) {
		int timeout = -1, ready;

		if (own->deadline_ms != 0) {
			const int64_t left = own->deadline_ms - dbw__postgresql_clock_ms();

			timeout = left <= 0 ? 0 : left > 3600000 ? 3600000 : (int)left;
		}
		ready = poll(&descriptor, 1, timeout);
		if (ready > 0)
			return DBW_OK;
		if (ready < 0 && errno != EINTR)
			return dbw__postgresql_fail_lost(own, error);
		if (ready == 0 && dbw__postgresql_clock_ms() >= own->deadline_ms)
			return dbw__postgresql_fail_deadline(own, error);
	}
}

/*
 * A server that has gone has closed its side of the socket. Before that it may have said why: then the end is still to
 * come.
 */
dbw_status dbw__postgresql_stands(postgresql_connection *own, dbw_error *error)
{
	struct pollfd descriptor = { .fd = PQsocket(own->link), .events = POLLIN };

	if (own->lost || PQstatus(own->link) == CONNECTION_BAD)
		return dbw__postgresql_fail_lost(own, error);
	if (poll(&descriptor, 1, 0) > 0) {
		if (PQconsumeInput(own->link) == 0)
			return dbw__postgresql_fail_lost(own, error);
		PQisBusy(own->link); /* Has libpq read what has come. */
	}
	return own->lost ? dbw__postgresql_fail_lost(own, error) : DBW_OK;
}

dbw_status dbw__postgresql_wait_for_result(postgresql_connection *own, dbw_error *error)
{
	for (;;) {
		const int unsent = PQflush(own->link);
		dbw_status status;

		/* Where sending fails, what the server said before it went is still to be read. */
		if (PQisBusy(own->link) == 0)
			return DBW_OK;
		status = dbw__postgresql_wait(own, (short)(unsent > 0 ? POLLIN | POLLOUT : POLLIN), error);
		if (status != DBW_OK)
			return status;
		if (PQconsumeInput(own->link) == 0)
			return dbw__postgresql_fail_lost(own, error);
	}
}

/* Rows that the server would send by themselves, or waits for: nobody is there to take or give them. */
static bool is_copy(const PGresult *result)
{
	const ExecStatusType status = PQresultStatus(result);

	return status == PGRES_COPY_OUT || status == PGRES_COPY_IN || status == PGRES_COPY_BOTH;
}

/*
 * Whether the server itself says no to what it was told. It always names the function that says so; a pooler, which may have
 * something to say at any time, and libpq takes it for the next answer, names none. Of the end of a connection a pooler
 * may also pass on what the server said in its own time, to another answer.
 */
static bool is_refusal(const postgresql_connection *own, const PGresult *failed)
{
	const char *severity = PQresultErrorField(failed, PG_DIAG_SEVERITY_NONLOCALIZED);

	if (PQresultErrorField(failed, PG_DIAG_SQLSTATE) == NULL ||
		PQresultErrorField(failed, PG_DIAG_SOURCE_FUNCTION) == NULL)
		return false;
	return !own->pooled || (severity != NULL && strcmp(severity, "ERROR") == 0);
}

/* Whether a step, or the message behind the steps, runs a query that was prepared before. */
static bool ran_query(const postgresql_connection *own, unsigned step)
{
	if (step >= own->sent_steps)
		return own->runs;
	return own->steps[step].kind == STEP_WRITE &&
	       own->writes[own->steps[step].number].statement->kind == STATEMENT_QUERY;
}

/*
 * What an exchange comes to: the first failure counts. It is that of a write where it is the server's own word, or where the
 * write found no row; a connection that broke is nobody's.
 */
static dbw_status conclude(postgresql_connection *own, dbw_status status, const PGresult *failed,
	unsigned failed_step, unsigned rowless_step, dbw_error *error)
{
	unsigned step = NO_STEP;

	own->outcome =
		(exchange_outcome){ .done = rowless_step != NO_STEP && status == DBW_OK && failed == NULL };
	if (failed != NULL) {
		status = dbw__postgresql_fail_result(own, failed, ran_query(own, failed_step), error);
		/* It has heard of the names, and not listened. */
		if (failed_step < own->sent_steps)
			own->released_count = own->released_before;
		own->outcome.refused = failed_step < own->sent_steps && is_refusal(own, failed);
		if (own->outcome.refused)
			step = failed_step;
	}
	if (rowless_step != NO_STEP && (status == DBW_OK || failed != NULL)) {
		status = dbw__fail(error, DBW_NOT_FOUND, "no row has this key");
		step = rowless_step;
	}
	dbw__postgresql_end_writes(own, step, status);
	return status;
}

dbw_status dbw__postgresql_gather(
	postgresql_connection *own, bool pipelined, PGresult **out, dbw_error *error)
{
	PGresult *kept = NULL, *failed = NULL;
	unsigned step = 0, failed_step = NO_STEP, rowless_step = NO_STEP;
	dbw_status status;

	for (;;) {
		PGresult *result;

		status = dbw__postgresql_wait_for_result(own, error);
		if (status != DBW_OK)
			break;
		result = PQgetResult(own->link);
		if (result == NULL) {
			if (!pipelined)
				break;
			if (PQstatus(own->link) == CONNECTION_BAD) {
				status = dbw__postgresql_fail_lost(own, error);
				break;
			}
			continue;
		}
		if (is_copy(result)) {
			PQclear(result);
			own->lost = true;
			status = dbw__fail(error, DBW_UNSUPPORTED,
				"COPY from or to the program is not supported; the connection is closed");
			break;
		}
		switch (PQresultStatus(result)) {
		case PGRES_PIPELINE_SYNC: pipelined = false; break;
		case PGRES_COMMAND_OK:
		case PGRES_TUPLES_OK:
		case PGRES_EMPTY_QUERY:
			PQclear(kept);
			kept = result;
			if (dbw__postgresql_take_answer(own, step++, result) && rowless_step == NO_STEP)
				rowless_step = step - 1;
			continue;
		case PGRES_PIPELINE_ABORTED: step++; break;
		default:
			if (failed == NULL) {
				failed = result;
				failed_step = step;
				result = NULL;
			}
			step++;
			break;
		}
		PQclear(result);
		if (!pipelined && PQpipelineStatus(own->link) != PQ_PIPELINE_OFF)
			break;
	}
	if (status == DBW_OK && PQpipelineStatus(own->link) != PQ_PIPELINE_OFF &&
		PQexitPipelineMode(own->link) == 0)
		status = dbw__postgresql_fail_lost(own, error);
	status = conclude(own, status, failed, failed_step, rowless_step, error);
	if (status == DBW_OK && kept == NULL)
		status = dbw__postgresql_fail_lost(own, error);
	PQclear(failed);
	if (status != DBW_OK) {
		PQclear(kept);
		kept = NULL;
	}
	*out = kept;
	return status;
}

static bool send_command(postgresql_connection *own, const char *command)
{
	return PQsendQueryParams(own->link, command, 0, NULL, NULL, NULL, NULL, 1) == 1;
}

static bool send_run(postgresql_connection *own, const postgresql_statement *statement,
	const char *const *values, const int *lengths, const int *formats)
{
	const int count = (int)statement->parameter_count;

	if (own->pooled)
		return PQsendQueryParams(own->link, statement->sql, count, statement->types, values, lengths,
			       formats, 1) == 1;
	return PQsendQueryPrepared(own->link, statement->name, count, values, lengths, formats, 1) == 1;
}

static bool send_message(postgresql_connection *own, postgresql_message_kind kind, const char *command,
	const postgresql_statement *statement)
{
	char storage[FETCH_SIZE];

	if (kind == MESSAGE_NOTHING)
		return true;
	if (kind == MESSAGE_COMMAND)
		return send_command(own, command);
	if (kind == MESSAGE_PREPARE)
		return PQsendPrepare(own->link, statement->name, statement->sql, 0, NULL) == 1 &&
		       PQsendDescribePrepared(own->link, statement->name) == 1;
	if (kind == MESSAGE_STREAM)
		return PQsendQueryParams(own->link, command, (int)statement->parameter_count,
			       statement->types, statement->values, statement->lengths, statement->formats,
			       1) == 1 &&
		       send_command(own, dbw__postgresql_fetch_sql(statement, storage));
	return send_run(own, statement, statement->values, statement->lengths, statement->formats);
}

static bool send_step(postgresql_connection *own, waiting_step step)
{
	char storage[96];

	if (step.kind == STEP_WRITE) {
		const waiting_write *write = &own->writes[step.number];

		return send_run(own, write->statement, write->values, write->lengths, write->formats);
	}
	return send_command(own, dbw__postgresql_step_sql(own, step, storage, sizeof storage));
}

/* The steps that wait and, in front of a new statement, the ones that the server may forget. */
static bool send_waiting(postgresql_connection *own, bool forget)
{
	char storage[32];

	own->sent_steps = own->step_count;
	own->step_count = 0;
	own->released_before = own->released_count;
	for (unsigned i = 0; i < own->sent_steps; i++)
		if (!send_step(own, own->steps[i]))
			return false;
	while (forget && own->released_count > 0) {
		snprintf(storage, sizeof storage, "DEALLOCATE dbw_%u", own->released[--own->released_count]);
		if (!send_command(own, storage))
			return false;
	}
	return true;
}

static dbw_status send_all(postgresql_connection *own, bool pipelined, postgresql_message_kind kind,
	const char *command, const postgresql_statement *statement, dbw_error *error)
{
	/* In a transaction that has failed the server refuses to forget. */
	const bool forget = kind == MESSAGE_PREPARE && PQtransactionStatus(own->link) != PQTRANS_INERROR;

	if (!pipelined) {
		if (send_message(own, kind, command, statement))
			return DBW_OK;
	} else if (PQenterPipelineMode(own->link) == 1 && send_waiting(own, forget) &&
		   send_message(own, kind, command, statement) && PQpipelineSync(own->link) == 1) {
		return DBW_OK;
	}
	/* Half of it may be on its way. */
	own->outcome = (exchange_outcome){ .refused = false };
	dbw__postgresql_end_writes(own, NO_STEP, DBW_CONNECTION);
	dbw__postgresql_fail_lost(own, error);
	if (PQstatus(own->link) == CONNECTION_BAD)
		return DBW_CONNECTION;
	return dbw__fail(error, DBW_OUT_OF_MEMORY, "out of memory");
}

static unsigned waiting_writes(const postgresql_connection *own)
{
	unsigned count = 0;

	for (unsigned i = 0; i < own->step_count; i++)
		count += own->steps[i].kind == STEP_WRITE;
	return count;
}

/* 0 is never. */
static int64_t sooner(int64_t a, int64_t b)
{
	return a == 0 || b < a ? b : a;
}

/* The server's limit is for each statement, and the writes that wait are statements, too. */
dbw_status dbw__postgresql_start(postgresql_connection *own, dbw_error *error)
{
	own->runs = false;
	if (own->lost)
		return dbw__postgresql_fail_lost(own, error);
	atomic_store_explicit(&own->cancelled, false, memory_order_relaxed);
	if (own->timeout_ms == 0 && own->terms.deadline_ms == 0)
		return DBW_OK;
	own->stops_ms = own->terms.deadline_ms;
	own->deadline_ms = own->terms.deadline_ms + own->grace_ms;
	if (own->timeout_ms != 0) {
		const int64_t now_ms = dbw__postgresql_clock_ms();
		const int64_t most_ms = own->timeout_ms * (1 + (int64_t)waiting_writes(own));

		own->stops_ms = sooner(own->stops_ms, now_ms + own->timeout_ms);
		own->deadline_ms = sooner(own->terms.deadline_ms, now_ms + most_ms) + own->grace_ms;
	}
	return DBW_OK;
}

dbw_status dbw__postgresql_exchange(postgresql_connection *own, postgresql_message_kind kind,
	const char *command, const postgresql_statement *statement, PGresult **out, dbw_error *error)
{
	bool pipelined;
	dbw_status status;

	*out = NULL;
	status = dbw__postgresql_start(own, error);
	if (status != DBW_OK)
		return status;
	own->runs = kind == MESSAGE_RUN && statement->kind == STATEMENT_QUERY;
	if (kind != MESSAGE_COMMAND && kind != MESSAGE_NOTHING)
		dbw__postgresql_tell_deadline(own);
	pipelined = own->step_count != 0 || kind == MESSAGE_PREPARE || kind == MESSAGE_STREAM;
	status = send_all(own, pipelined, kind, command, statement, error);
	return status != DBW_OK ? status : dbw__postgresql_gather(own, pipelined, out, error);
}

dbw_status dbw__postgresql_command(postgresql_connection *own, const char *command, dbw_error *error)
{
	PGresult *result;
	dbw_status status = dbw__postgresql_exchange(own, MESSAGE_COMMAND, command, NULL, &result, error);

	PQclear(result);
	return status;
}

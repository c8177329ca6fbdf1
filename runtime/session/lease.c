#include "conflict.h"
#include "slot.h"

#include <pool/fork.h>

#include <stdio.h>
#include <string.h>

static dbw_status begin_reading(struct dbw_slot *slot)
{
	dbw_status status =
		slot->lease.driver->begin(slot->lease.connection, DBW_TRANSACTION_READ, &slot->error);

	if (status == DBW_OK) {
		slot->flags &= ~(unsigned)SLOT_LAZY;
		slot->in_transaction = true;
	}
	return status;
}

/* A call on a session that is not in its ordinary state, up to the time that it begins at. */
static dbw_status admit(struct dbw_slot *slot, bool writes)
{
	dbw_status status = dbw__slot_admit(slot, writes);

	if (status == DBW_OK && writes)
		status = dbw__slot_check_readings(slot);
	if (status == DBW_OK && (slot->flags & SLOT_LAZY) != 0)
		status = begin_reading(slot);
	return status;
}

static __attribute__((noinline)) dbw_status enter_slowly(struct dbw_slot *slot, bool writes, dbw__lease **out)
{
	dbw_status status = admit(slot, writes);

	if (status != DBW_OK)
		return status;
	dbw__slot_start_clock(slot);
	*out = &slot->lease;
	return DBW_OK;
}

dbw_status dbw__session_enter(dbw_session session, bool writes, dbw__lease **out)
{
	struct dbw_slot *slot = slot_of(session);

	*out = NULL;
	if (slot == NULL)
		return DBW_ENDED;
	/* Every call comes through here: the ordinary one in a few instructions. */
	if (!dbw__slot_is_ordinary(slot, writes ? 0U : (unsigned)(SLOT_READER | SLOT_READING)))
		return enter_slowly(slot, writes, out);
	*out = &slot->lease;
	return DBW_OK;
}

dbw_status dbw__session_enter_sql(dbw_session session, bool *writer, dbw__lease **out)
{
	struct dbw_slot *slot = slot_of(session);
	dbw_status status;

	*out = NULL;
	*writer = false;
	if (slot == NULL)
		return DBW_ENDED;
	status = admit(slot, false);
	*writer = (slot->flags & SLOT_READER) == 0;
	if (status == DBW_OK && *writer)
		status = dbw__slot_check_readings(slot);
	else if (status == DBW_OK && !slot->in_transaction && slot->lease.driver->may_write == NULL)
		status = begin_reading(slot);
	if (status != DBW_OK)
		return status;
	dbw__slot_start_clock(slot);
	*out = &slot->lease;
	return DBW_OK;
}

dbw_status dbw__lease_begin_reading(dbw__lease *lease)
{
	struct dbw_slot *slot = dbw__slot_of_lease(lease);

	return slot->in_transaction ? DBW_OK : begin_reading(slot);
}

bool dbw__lease_writes(dbw__lease *lease)
{
	return (dbw__slot_of_lease(lease)->flags & SLOT_READER) == 0;
}

/* Puts the name of the statement before what the engine says of it. */
static void name_statement(dbw_error *error, const dbw__call *call, bool earlier)
{
	char said[DBW_ERROR_MESSAGE_SIZE];
	dbw_error copy = *error;

	memcpy(said, error->message, sizeof said);
	dbw__fail(error, copy.status, "%s%s%s%s: %s", earlier ? "an earlier " : "",
		call->unnamed ? call->model->name : "", call->unnamed ? "_" : "", call->statement, said);
	error->native_code = copy.native_code;
	memcpy(error->sqlstate, copy.sqlstate, sizeof error->sqlstate);
	error->constraint = copy.constraint;
}

/*
 * The engine says what it misses; this adds where, and what to do. Whether it is the whole table is asked anew: the
 * engine's words differ. Where it no longer answers (a transaction of PostgreSQL that has failed), they have to do.
 */
static void explain_mismatch(dbw__lease *lease, const dbw__call *call)
{
	const dbw_model *model = call->model;
	dbw_error *error = lease->error;
	const dbw_error said = *error;
	dbw_error unheard;
	bool exists = true;

	if (model == NULL || call->creates)
		return;
	if (lease->driver->table_exists(lease->connection, model->table, &exists, &unheard) != DBW_OK)
		exists = true;
	if (exists)
		dbw__fail(error, said.status, "%s; database \"%s\" has another schema than this program",
			said.message, lease->database);
	else
		dbw__fail(error, said.status,
			"there is no table \"%s\" in database \"%s\": in a new session, %s_create_tables() makes the tables",
			model->table, lease->database, lease->schema->name);
	error->native_code = said.native_code;
	memcpy(error->sqlstate, said.sqlstate, sizeof error->sqlstate);
}

/* Says which of many rows it was: "user.email is not set" becomes "user[17].email is not set". */
static void name_row(dbw_error *error, const dbw__call *call)
{
	const char *model = call->model->name;
	const size_t length = strlen(model);
	char said[DBW_ERROR_MESSAGE_SIZE];
	dbw_error copy = *error;

	memcpy(said, error->message, sizeof said);
	if (strncmp(said, model, length) == 0 && (said[length] == '.' || said[length] == ':'))
		dbw__fail(error, copy.status, "%s[%zu]%s", model, call->row - 1, said + length);
	else
		dbw__fail(error, copy.status, "%s[%zu]: %s", model, call->row - 1, said);
	error->native_code = copy.native_code;
	memcpy(error->sqlstate, copy.sqlstate, sizeof error->sqlstate);
	error->constraint = copy.constraint;
}

/* Whether a call that gave this status leaves a writer's transaction unfit for more. */
static bool fails_session(const struct dbw_slot *slot, dbw_status status, const dbw__call *call)
{
	switch (status) {
	case DBW_OK: return false;
	case DBW_NOT_FOUND:
	case DBW_STALE: return slot->pipelined && call->sent && call->writes;
	case DBW_DATA: return call->sent && call->writes;
	default: return call->sent;
	}
}

void dbw__slot_explain(struct dbw_slot *slot, dbw_status status, const dbw__call *call, bool earlier)
{
	dbw__lease *lease = &slot->lease;
	dbw_error *error = lease->error;

	if (error->status != status)
		dbw__fail(error, status, "%s: %s", call->model == NULL ? lease->database : call->model->name,
			dbw_status_text(status));
	if (status == DBW_SCHEMA_MISMATCH && error->native_code != 0)
		explain_mismatch(lease, call);
	if (status == DBW_CONFLICT)
		dbw__explain_conflict(lease, call);
	if (earlier || (status != DBW_CONFLICT && error->native_code != 0 && call->statement != NULL))
		name_statement(error, call, earlier);
	if (call->row != 0 && call->model != NULL)
		name_row(error, call);
	if (call->sent)
		error->statement = call->sql;
}

void dbw__slot_report_call(
	struct dbw_slot *slot, dbw_status status, const dbw__call *call, int64_t duration_ns)
{
	const dbw__lease *lease = &slot->lease;
	dbw_event event = { .kind = DBW_EVENT_STATEMENT,
		.status = status,
		.database = lease->database,
		.schema = lease->schema->name,
		.purpose = lease->purpose,
		.statement = call->statement,
		.sql = call->sql,
		.model = call->model,
		.writes = call->writes,
		.rows = call->rows,
		.duration_ns = duration_ns,
		.error = status == DBW_OK ? NULL : &slot->error };

	dbw__hook_fire(dbw__slot_hook(slot), &event);
}

/* The call has ended with `status`, which may be that of one that was sent earlier. */
static dbw_status end_call(struct dbw_slot *slot, dbw_status status, const dbw__call *call)
{
	const dbw__lease *lease = &slot->lease;

	if (dbw__sent_failed(slot, &status))
		/* For a call that reads DBW_NOT_FOUND is an answer, and this is none. */
		return status == DBW_NOT_FOUND && !call->writes ? dbw__slot_admit(slot, false) : status;
	if (status != DBW_OK) {
		dbw__slot_explain(slot, status, call, false);
		if ((slot->flags & SLOT_READER) == 0 && fails_session(slot, status, call))
			dbw__slot_fail(slot);
	}
	/* What was refused before it was sent is no event of the database. */
	if (lease->watched_ && call->sent && !call->later)
		dbw__slot_report_call(
			slot, status, call, dbw__hook_since(dbw__slot_hook(slot), lease->started_ns_));
	return status;
}

dbw_status dbw__session_leave_slowly(dbw__lease *lease, dbw_status status, const dbw__call *call)
{
	if (status != DBW_OK || lease->watched_)
		status = end_call(dbw__slot_of_lease(lease), status, call);
	if (lease->scratch_used_) {
		lease->scratch_used_ = false;
		dbw_arena_reset(lease->scratch_);
	}
	return status;
}

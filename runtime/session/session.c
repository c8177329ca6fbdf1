#include "slot.h"

#include <pool/fork.h>

/* What an ended handle has to say. */
static const dbw_error ended = { .status = DBW_ENDED, .message = "the session has ended" };

const dbw_error *dbw_session_error(dbw_session session)
{
	const struct dbw_slot *slot = slot_of(session);

	return slot == NULL ? &ended : &slot->error;
}

void *dbw_native_handle(dbw_session session, dbw_engine *engine)
{
	struct dbw_slot *slot = slot_of(session);

	if (slot == NULL || slot->fork_count != dbw__fork_count() ||
		slot->lease.driver->native_handle == NULL)
		return NULL;
	if (engine != NULL)
		*engine = slot->lease.engine;
	return slot->lease.driver->native_handle(slot->lease.connection);
}

bool dbw__session_is_open(dbw_session session)
{
	return slot_of(session) != NULL;
}

const dbw_error *dbw__session_failure(dbw_session session)
{
	const struct dbw_slot *slot = slot_of(session);

	return slot == NULL || (slot->flags & SLOT_FAILED) == 0 ? NULL : &slot->failure;
}

bool dbw_violated(dbw_session session, const dbw_constraint *constraint)
{
	const dbw_error *error = dbw_session_error(session);

	return error->status == DBW_CONFLICT && constraint != NULL && error->constraint == constraint;
}

dbw_status dbw__commit(dbw_session session)
{
	struct dbw_slot *slot = slot_of(session);
	int64_t started_ns;
	dbw_status status;

	if (slot == NULL)
		return DBW_ENDED;
	status = dbw__slot_admit(slot, true);
	if (status != DBW_OK)
		return status;
	dbw__readings_end(slot);
	started_ns = dbw__hook_clock(dbw__slot_hook(slot));
	if (slot->outer == NULL) {
		/* Also what has failed, and could not be told so far, is not committed. */
		if (!dbw__sent_failed(slot, &status)) {
			status = slot->lease.driver->commit(slot->lease.connection, &slot->error);
			(void)dbw__sent_failed(slot, &status);
		}
	} else {
		status = dbw__sent_collect(slot);
		if (status == DBW_OK)
			status = slot->lease.driver->release_savepoint(
				slot->lease.connection, slot->depth, &slot->error);
	}
	dbw__slot_report(slot, DBW_EVENT_COMMIT, status, started_ns);
	if (status != DBW_OK) {
		dbw__slot_fail(slot);
		return status;
	}
	slot->in_transaction = false;
	dbw__session_close(slot, DBW_OK);
	return DBW_OK;
}

/* Undoes what the session has done. A reader has done nothing, and a commit is the shorter way out. */
static dbw_status undo(struct dbw_slot *slot)
{
	const dbw_driver *driver = slot->lease.driver;
	dbw_connection *connection = slot->lease.connection;

	if (!slot->in_transaction)
		return DBW_OK;
	if (slot->outer != NULL)
		return driver->rollback_to_savepoint(connection, slot->depth, &slot->error);
	if ((slot->flags & SLOT_READER) != 0 && driver->commit(connection, &slot->error) == DBW_OK)
		return DBW_OK;
	return driver->rollback(connection, &slot->error);
}

dbw_status dbw__session_end(struct dbw_slot *slot)
{
	struct dbw_slot *outer = slot->outer;
	int64_t started_ns;
	dbw_status status;

	if (slot->inner != NULL)
		dbw__session_end(slot->inner);
	dbw__readings_end(slot);
	started_ns = dbw__hook_clock(dbw__slot_hook(slot));
	dbw_error_clear(&slot->error);
	if (outer == NULL && (slot->flags & SLOT_LIMITED) != 0)
		dbw__slot_allow_undo(slot);
	dbw__sent_forget(slot);
	status = undo(slot);
	dbw__slot_report(slot, DBW_EVENT_ROLLBACK, status, started_ns);
	if (status != DBW_OK && outer != NULL) {
		/* The engine has given up the whole transaction, mostly for what failed inside: the outer session cannot go on. */
		dbw__error_copy(
			&outer->error, (slot->flags & SLOT_FAILED) != 0 ? &slot->failure : &slot->error);
		dbw__slot_fail(outer);
	}
	dbw__session_close(slot, (slot->flags & SLOT_FAILED) != 0 ? slot->failure.status : DBW_ENDED);
	return status;
}

dbw_status dbw__end(dbw_session session)
{
	struct dbw_slot *slot = slot_of(session);

	if (slot == NULL)
		return DBW_OK;
	if (slot->fork_count != dbw__fork_count()) {
		dbw__session_abandon(slot);
		return DBW_FORKED;
	}
	return dbw__session_end(slot);
}

dbw_status dbw__nest(dbw_session session, const char *purpose, dbw_session *out)
{
	struct dbw_slot *slot = slot_of(session);
	dbw_status status;

	if (out != NULL)
		*out = (dbw_session){ NULL, 0 };
	if (slot == NULL)
		return DBW_ENDED;
	status = dbw__slot_admit(slot, true);
	if (status == DBW_OK)
		status = dbw__slot_check_readings(slot);
	if (status != DBW_OK)
		return status;
	if (out == NULL)
		return dbw__fail(&slot->error, DBW_MISUSE, "no place for the session is given");
	if (purpose == NULL || purpose[0] == '\0')
		return dbw__fail(&slot->error, DBW_MISUSE, "a session needs a purpose");
	if (slot->depth >= DEPTH_LIMIT)
		return dbw__fail(&slot->error, DBW_MISUSE, "sessions nest at most %d deep", DEPTH_LIMIT);
	/* What fails of the outer session is told by the outer session. */
	status = dbw__sent_collect(slot);
	return status != DBW_OK ? status : dbw__session_nest(slot, purpose, out);
}

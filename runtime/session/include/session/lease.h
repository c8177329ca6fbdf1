/**
 * What accessors need of a session: a call begins with dbw__session_enter(), works on the lease, and ends
 * with dbw__session_leave(), whatever came out of it.
 *
 *     dbw__lease *lease;
 *     dbw__call call = { .model = model, .statement = "user_insert", .writes = true };
 *     dbw_status status = dbw__session_enter(session, true, &lease);
 *
 *     if (status != DBW_OK)
 *             return status;
 *     ... check and encode values: failures here leave the session as it is ...
 *     call.sent = true;
 *     ... prepare, execute ...
 *     return dbw__session_leave(lease, status, &call);
 */
#ifndef DBWRIGHT_SESSION_LEASE_H
#define DBWRIGHT_SESSION_LEASE_H

#include <dbwright/session.h>
#include <statement/cache.h>

/** A session as its accessors see it: valid from enter to leave. */
typedef struct dbw__lease {
	dbw_connection *connection;
	const dbw_driver *driver;
	const dbw_capabilities *capabilities;
	dbw_engine engine;
	dbw__cache *cache;
	dbw_error *error; /**< Of the session: where failures of the call are told. Empty at enter. */
	const dbw_schema *schema;
	const char *purpose;
	const char *database; /**< Name of the entry. */
	bool pipelined;       /**< dbw__lease_send() may take a write. */

	/* Private: use the functions below. */
	dbw_arena *scratch_;
	dbw_arena *kept_;
	bool scratch_used_;
	bool watched_;
	int64_t started_ns_;
} dbw__lease;

/** What a call did, for the books, the event and the explanation of a conflict. All pointers are borrowed. */
typedef struct dbw__call {
	const dbw_model *model;
	const char *statement; /**< Its name, "user_find_by_email"; static. */
	const char *sql; /**< With placeholders: static, or as long as the connection keeps the statement. */
	const dbw_value *
		values; /**< What was bound, each with its column: explains a foreign key. NULL: not known. */
	size_t value_count;
	dbw__shape *shape; /**< What the statement is kept as; NULL for a fixed one. */
	int64_t rows;      /**< Read or changed. */
	size_t row; /**< Counted from 1: which of many rows a failure is about; 0: there is one, or it is not known. */
	bool unnamed; /**< The statement's name is still without the model's: "update". */
	bool writes;
	bool creates; /**< Makes tables: one that is missing is no reason to make them. */
	bool deletes; /**< Removes rows: a foreign key that fails is a child's. */
	bool later;   /**< dbw__lease_send() has it, and its event comes with its answer. */
	bool sent; /**< Set before the statement is prepared: a failure is the transaction's from then on. */
} dbw__call;

DBW_BEGIN_DECLS

/**
 * Checks the handle, empties the session's error and begins a reader's transaction where the engine wants
 * one.
 * \param writes Whether the call changes anything: a reader refuses it.
 * \return DBW_OK with *out, and dbw__session_leave() must follow; else without it: DBW_ENDED, DBW_FORKED,
 * DBW_SESSION_FAILED (with the first failure in its message), DBW_MISUSE (a nested session is open; a
 * reader that writes), or why the transaction could not begin.
 */
dbw_status dbw__session_enter(dbw_session session, bool writes, dbw__lease **out);

/**
 * The same for SQL of the user's own. A reader gets a transaction in which the engine refuses to write, where a driver cannot
 * tell from the statement; a writer whose cursor is open is refused, since nobody knows whether the SQL writes. *writer:
 * whether the session is one.
 */
dbw_status dbw__session_enter_sql(dbw_session session, bool *writer, dbw__lease **out);

/** dbw__session_leave() where there is anything to do. */
dbw_status dbw__session_leave_slowly(dbw__lease *lease, dbw_status status, const dbw__call *call);

/**
 * Ends a call and returns `status`. Resets the scratch arena; completes the session's error; for
 * DBW_CONFLICT finds the constraint and explains it (a foreign key by looking for parents and children,
 * with call->values), for DBW_SCHEMA_MISMATCH it says whether the whole table is missing; fires the event; and
 * fails a writer's session when a statement that was sent has failed. These do not fail it: DBW_NOT_FOUND,
 * DBW_STALE, and DBW_DATA from a statement that only reads. In a pipelined session the first two do, from a
 * statement that writes. A failure of a write that dbw__lease_send() took earlier is told as that write's; from a call that
 * reads, for which DBW_NOT_FOUND is an answer, that one is DBW_SESSION_FAILED.
 */
static inline dbw_status dbw__session_leave(dbw__lease *lease, dbw_status status, const dbw__call *call)
{
	if (status == DBW_OK && !lease->watched_ && !lease->scratch_used_)
		return DBW_OK;
	return dbw__session_leave_slowly(lease, status, call);
}

/** Whether an event hook is set: worth a name for the event only then. */
static inline bool dbw__lease_watched(const dbw__lease *lease)
{
	return lease->watched_;
}

/**
 * Inside a call: begins a reader's transaction, where it has none, for what the driver does in transactions alone. DBW_OK;
 * why it cannot begin.
 */
dbw_status dbw__lease_begin_reading(dbw__lease *lease);

/** Whether the session is a writer's. */
bool dbw__lease_writes(dbw__lease *lease);

/** Memory until the call ends. */
static inline dbw_arena *dbw__lease_scratch(dbw__lease *lease)
{
	lease->scratch_used_ = true;
	return lease->scratch_;
}

/** Memory until the session ends (a nested one: until the outermost does): for text that insert reads back. */
static inline dbw_arena *dbw__lease_kept(dbw__lease *lease)
{
	return lease->kept_;
}

/** What a write has to find, or it has failed. */
typedef enum dbw__needs {
	DBW__NEEDS_NOTHING,
	DBW__NEEDS_ROW,     /**< Else DBW_NOT_FOUND. */
	DBW__NEEDS_VERSION, /**< Else DBW_STALE: the row is gone, or another one by now. */
} dbw__needs;

/** dbw__lease_send() in a session that is pipelined. */
dbw_status dbw__lease_send_now(dbw__lease *lease, dbw__call *call, dbw_prepared *prepared,
	const dbw_value *values, size_t count, dbw__needs needs, bool *sent);

/**
 * Inside a call, in place of dbw_driver.execute(): a write whose effect the call does not need to know. What the call says is
 * copied. Where *sent is true the call has ended well; a failure is told by the one that waits for it. Where it is false
 * nothing has happened: the session is not pipelined, or too much waits.
 * \return DBW_OK; what dbw_driver.send() gives.
 */
static inline dbw_status dbw__lease_send(dbw__lease *lease, dbw__call *call, dbw_prepared *prepared,
	const dbw_value *values, size_t count, dbw__needs needs, bool *sent)
{
	*sent = false;
	return lease->pipelined ? dbw__lease_send_now(lease, call, prepared, values, count, needs, sent)
				: DBW_OK;
}

/** dbw__lease_settle() in a session that is pipelined. */
void dbw__lease_settle_now(dbw__lease *lease);

/** Inside a call: what was sent and has been answered holds no shape any more. */
static inline void dbw__lease_settle(dbw__lease *lease)
{
	if (lease->pipelined)
		dbw__lease_settle_now(lease);
}

/**
 * Inside a call: waits for what dbw__lease_send() has taken, for a call that uses savepoints or a stream of its own. DBW_OK;
 * a failure of one of those, which dbw__session_leave() explains.
 */
dbw_status dbw__lease_collect(dbw__lease *lease);

DBW_END_DECLS
#endif

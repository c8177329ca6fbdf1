/**
 * Sessions: a leased connection with a stated purpose and, for writers, a transaction that rolls back unless it is
 * committed. Generated code wraps dbw_session in a type per schema (auth_session, auth_reader); the functions here
 * take `s.any`.
 *
 * A handle is a value: a slot and a generation. A handle that has ended is DBW_ENDED in every call, never a crash, as
 * long as its dbw_databases is open. A session belongs to one thread at a time.
 */
#ifndef DBWRIGHT_SESSION_H
#define DBWRIGHT_SESSION_H

#include <dbwright/error.h>
#include <dbwright/model.h>

/** Any schema's session. All zero is a handle that has ended. */
typedef struct dbw_session {
	struct dbw_slot *slot;
	uint64_t generation;
} dbw_session;

/** How to begin. All zero is the default. Borrowed for the call; the purpose must live as long as the session. */
typedef struct dbw_session_options {
	const char *
		purpose; /**< What the session is for, in events and messages; a static text as a rule. Required. */
	const char *qualifier;   /**< Which instance of the schema; NULL: the default one. */
	dbw_isolation isolation; /**< What it may see of others, at least. */
	bool snapshot; /**< A reader of which all reads are of one moment: DBW_REPEATABLE_READ, said shorter. */
	/**
	 * A writer that does not wait for the answer to a write that has nothing to write back: the write is accepted, and done
	 * with the next call that waits. Its failure, and that it found no row, is told by that call, commit at the latest, and
	 * fails the session. See dbw_flush(). Where the engine has no such thing, and for a reader, writes are
	 * done at once.
	 */
	bool pipeline;
	uint32_t
		deadline_ms; /**< How long the session may take, with its waits before it begins, 0: any time. Then DBW_TIMEOUT. */
	unsigned attempts; /**< How often auth_transaction() and its like try; 0: DBW_ATTEMPTS. */
} dbw_session_options;

/** How often a transaction is tried where dbw_session_options do not say. */
enum { DBW_ATTEMPTS = 5 };

DBW_BEGIN_DECLS

/**
 * Why the last call on a session failed: status, message, native code, constraint. Borrowed until the next call on
 * the session. For a handle that has ended, a static error with DBW_ENDED. Never NULL. After DBW_OK its status is
 * DBW_OK. A session that has failed keeps the first failure in the message of each DBW_SESSION_FAILED.
 */
DBW_API const dbw_error *dbw_session_error(dbw_session session);

/** True when the last call on the session was DBW_CONFLICT because of this constraint. */
DBW_API bool dbw_violated(dbw_session session, const dbw_constraint *constraint);

/**
 * The connection itself, lent until the session ends: a `sqlite3 *` or a `PGconn *`. Whoever uses it leaves transaction,
 * settings and prepared statements as they were, and does not close it. On PostgreSQL libpq is in non-blocking mode, and
 * BEGIN may not have been sent yet: dbw_sql() before sends it, and dbw_flush() what a pipelined session has accepted. NULL for a handle that has ended, or belongs to the parent
 * process. *engine (NULL: not wanted) tells which it is.
 */
DBW_API void *dbw_native_handle(dbw_session session, dbw_engine *engine);

/**
 * Waits until all that a pipelined session has accepted is done. Any call that reads, nests or commits does so by itself.
 * \return DBW_OK, also where nothing waits; the first failure, of which the message names the call; DBW_ENDED; DBW_FORKED;
 * DBW_SESSION_FAILED; DBW_CANCELLED; DBW_TIMEOUT; DBW_MISUSE (a reader, a nested session is open).
 */
DBW_NODISCARD DBW_API dbw_status dbw_flush(dbw_session session);

/** What dbw_after_commit() and dbw_after_rollback() call. */
typedef void (*dbw_after)(dbw_status outcome, void *argument);

/**
 * Has a function called when the writer has been committed, with DBW_OK; `argument` is passed on and has to live until then.
 * Functions are called in the order in which they were asked for, on the thread that ends the session, when the session has
 * ended and its connection is free again: they may begin sessions of their own. What a nested session asked for is called
 * when the outermost has ended. Exactly one kind is called: where the commit's outcome is not known, after_rollback.
 * \return DBW_OK; DBW_ENDED; DBW_FORKED; DBW_SESSION_FAILED; DBW_MISUSE (a reader, no function, a nested session is
 * open); DBW_OUT_OF_MEMORY.
 */
DBW_NODISCARD DBW_API dbw_status dbw_after_commit(dbw_session session, dbw_after function, void *argument);

/**
 * The same for a writer, or a nested session, that was not committed. `outcome` is the first failure's status, or DBW_ENDED
 * for one that was ended without commit, and DBW_UNKNOWN_OUTCOME where it may have been kept all the same.
 */
DBW_NODISCARD DBW_API dbw_status dbw_after_rollback(dbw_session session, dbw_after function, void *argument);

/* For generated code: auth_commit() and its like. DBW_FORKED in a child of fork(). */

/**
 * Commits and ends; a nested session's work becomes part of the outer one's. On failure the session has failed and
 * stays until dbw__end(), so that its error can be read.
 * \return DBW_OK; DBW_ENDED; DBW_MISUSE for a reader and while a nested session is open (nothing is changed then);
 * DBW_SESSION_FAILED with the first failure in the message; what the engine says: DBW_BUSY, DBW_CONFLICT ...
 */
DBW_API dbw_status dbw__commit(dbw_session session);

/**
 * Rolls back what is not committed and ends, with the sessions nested inside. A nested session is rolled back to where
 * it began, and the outer one goes on even if the nested one has failed. The one call that takes an ended handle:
 * DBW_OK then. Otherwise DBW_OK, or why the engine could not roll back; the session has ended all the same.
 */
DBW_API dbw_status dbw__end(dbw_session session);

/**
 * A savepoint inside a writer. While it is open the outer session refuses calls (DBW_MISUSE). *out is emptied first.
 * \param purpose Must live as long as the nested session.
 * \return DBW_OK; DBW_ENDED; DBW_SESSION_FAILED; DBW_MISUSE (a reader, no purpose, NULL for `out`, more than 16 deep, another
 * nested session or a cursor is open); DBW_OUT_OF_MEMORY; what the engine says.
 */
DBW_API dbw_status dbw__nest(dbw_session session, const char *purpose, dbw_session *out);

/**
 * From any thread, as long as the databases are open: the statement that runs stops, and from then on all calls on the
 * session, and on those it is nested in or that are nested in it, are DBW_CANCELLED, commit included. It still has to be
 * ended by its own thread. A statement that is about to begin at this moment may run to its end.
 * \return DBW_OK; DBW_ENDED; DBW_FORKED; DBW_UNSUPPORTED where the engine cannot stop a statement; DBW_CONNECTION where the
 * server could not be told: what runs goes on.
 */
DBW_API dbw_status dbw__cancel(dbw_session session);

DBW_END_DECLS
#endif

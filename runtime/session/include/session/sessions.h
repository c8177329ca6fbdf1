/** The sessions of one dbw_databases, for the registry: begun here, ended by generated code or at close. */
#ifndef DBWRIGHT_SESSION_SESSIONS_H
#define DBWRIGHT_SESSION_SESSIONS_H

#include <dbwright/session.h>
#include <pool/pool.h>

typedef struct dbw__sessions dbw__sessions;

DBW_BEGIN_DECLS

/** An empty set; `common` is borrowed as long as it lives. DBW_OK; DBW_OUT_OF_MEMORY. */
dbw_status dbw__sessions_new(const dbw__pool_common *common, dbw__sessions **out);

/**
 * From now on no session begins (DBW_LIFECYCLE), and waits up to `wait_ms` until those there are have ended. Any
 * thread.
 * \return DBW_OK; DBW_LIFECYCLE with the purposes of those that have not: their handles have ended now, but what they
 * hold stays until dbw__sessions_end_all(), since their threads may still be in a call.
 */
dbw_status dbw__sessions_drain(dbw__sessions *sessions, int64_t wait_ms, dbw_error *error);

/**
 * Ends every session that is open, rolling it back. The handles stay usable: all calls give DBW_ENDED.
 * \return DBW_OK; DBW_LIFECYCLE with the purposes in the message when there were any. In a child of fork()
 * DBW_OK, and nothing is touched.
 */
dbw_status dbw__sessions_end_all(dbw__sessions *sessions, dbw_error *error);

/** Tells the event hook of the sessions that have read for too long, each once. Any thread. */
void dbw__sessions_look(dbw__sessions *sessions);

/** Frees all slots. Handles are invalid afterwards. NULL is fine. */
void dbw__sessions_free(dbw__sessions *sessions);

/**
 * Leases a connection of the pool and, for a writer, begins its transaction. Any thread.
 * \param schema The session's; \param options its purpose is borrowed until the session ends.
 * \return DBW_OK with *out; else *out is all zero: DBW_FORKED, DBW_OUT_OF_MEMORY, what the pool or the
 * driver says. `error` is not NULL.
 */
dbw_status dbw__session_begin(dbw__sessions *sessions, dbw__pool *pool, const dbw_schema *schema,
	const dbw_session_options *options, bool writer, dbw_session *out, dbw_error *error);

/** Whether the handle's session is open. */
bool dbw__session_is_open(dbw_session session);

/** Whether the session of a handle that was given out has ended because dbw__sessions_drain() waits no longer. */
bool dbw__session_was_drained(dbw_session session);

/** Why the session has failed; NULL for one that has not, or has ended. Borrowed until it ends. */
const dbw_error *dbw__session_failure(dbw_session session);

DBW_END_DECLS
#endif

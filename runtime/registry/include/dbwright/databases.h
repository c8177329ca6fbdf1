/** The named databases of a program: opened once, asked for sessions, closed once. */
#ifndef DBWRIGHT_DATABASES_H
#define DBWRIGHT_DATABASES_H

#include <dbwright/event.h>
#include <dbwright/session.h>

/** All databases of a program. Safe to use from any thread. */
typedef struct dbw_databases dbw_databases;

/** Connections of an entry that does not say pool_size. */
#define DBW_POOL_SIZE_DEFAULT 8

/** How to open. All zero is the default. Everything is borrowed for the call, but for the event argument. */
typedef struct dbw_options {
	const dbw_entry *
		entries; /**< Override compiled-in entries of the same name, member by member, or add to them. */
	size_t entry_count;
	const char *const
		*only; /**< Names of the entries the program uses; the others are not resolved. NULL: all. */
	size_t only_count;
	dbw_event_function on_event; /**< Called for every event; NULL: none. See event.h. */
	void *event_argument;
} dbw_options;

DBW_BEGIN_DECLS

/**
 * Resolves every entry (schema, provider, connection string with ${VAR} taken from the environment, settings) and
 * opens no connection: the first session of a database does. Release *out with dbw_databases_close().
 *
 * Relative SQLite paths of compiled-in entries are relative to the environment's DBWRIGHT_ROOT, else to the working
 * directory of the time of this call.
 *
 * Errors, with a message that names the entry: DBW_CONFIG (an unset variable, a wrong URL or setting, an unknown name in
 * `only`, two entries of one schema with the same qualifier), DBW_PROVIDER (no such provider, or not the schema's
 * engine), DBW_MISUSE (no program, another ABI), DBW_OUT_OF_MEMORY. *out is then NULL. `error` may be NULL.
 */
DBW_NODISCARD DBW_API dbw_status dbw_databases_open(
	dbw_databases **out, const dbw_program *program, const dbw_options *options, dbw_error *error);

/**
 * Rolls back what is open, closes every connection in the reverse order of opening, removes `sqlite::temp:` files and
 * frees everything, whatever fails on the way. NULL is fine. No other thread may still be in a call; handles of
 * sessions must not be used afterwards.
 *
 * DBW_LIFECYCLE when sessions had not been ended (the message names their purposes): they are rolled back, and
 * everything is freed all the same. Else the first error met, else DBW_OK.
 */
DBW_API dbw_status dbw_databases_close(dbw_databases *databases, dbw_error *error);

/* For generated code: auth_begin() and its like. A writer's transaction begins at once, a reader's with its first read. */

/**
 * Leases a connection of the schema's database. Empties *out on failure.
 * DBW_MISUSE (no purpose), DBW_CONFIG (no such qualifier; lists them), DBW_BUSY (the pool is full; or another writer
 * held the database longer than busy_timeout_ms; the message has its purpose if it is one of *databases), DBW_CONNECTION, DBW_OUT_OF_MEMORY.
 */
DBW_API dbw_status dbw__begin(dbw_databases *databases, const dbw_schema *schema,
	const dbw_session_options *options, bool writer, dbw_session *out, dbw_error *error);

/** What dbw__transaction() runs: the work with a writer of its own, and what was given with it. */
typedef dbw_status (*dbw__work)(dbw_session session, void *argument);

/**
 * Runs the work in a session and commits when it returns DBW_OK; anything else rolls back and is returned. All of it is
 * done again, in a new session and after a pause that grows and is random, where somebody else was in the way or the
 * connection broke before the commit: DBW_BUSY (from begin, work or commit, also where the work has returned
 * DBW_SESSION_FAILED after it), DBW_CONNECTION after begin. Never after DBW_UNKNOWN_OUTCOME. *error, which may be
 * NULL, tells of the last attempt.
 * \return DBW_OK; what dbw__begin(), the work or dbw__commit() returned last; DBW_MISUSE (no work, or one that ended
 * the session by itself, whose outcome then stands).
 */
DBW_API dbw_status dbw__transaction(dbw_databases *databases, const dbw_schema *schema,
	const dbw_session_options *options, dbw__work work, void *argument, dbw_error *error);

DBW_END_DECLS
#endif

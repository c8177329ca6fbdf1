/**
 * The event hook: one function that sees connections, sessions and statements. Logs, metrics and slow-query reports
 * hang on it. Everything in an event is borrowed for the call, and no event holds a value of a row.
 */
#ifndef DBWRIGHT_EVENT_H
#define DBWRIGHT_EVENT_H

#include <dbwright/error.h>
#include <dbwright/model.h>

typedef enum dbw_event_kind {
	DBW_EVENT_CONNECT = 1, /**< A connection was opened, or could not be. */
	DBW_EVENT_DISCONNECT,  /**< A connection was closed. */
	DBW_EVENT_BEGIN,       /**< A session (or a nested one) began, or could not. */
	DBW_EVENT_COMMIT,      /**< A session was committed, or could not be. */
	DBW_EVENT_ROLLBACK,    /**< A session ended without commit. For a reader: it ended. */
	DBW_EVENT_STATEMENT,   /**< A statement ran. */
	/**
	 * A session that reads has been open for longer than max_read_session_ms: it holds a connection, and keeps SQLite from
	 * putting what is written since into the database file. Told once, on the thread that notices: the one that ends it, one
	 * that has waited for a connection, or the one in dbw_databases_maintain(). `duration_ns` is how long it has been open.
	 */
	DBW_EVENT_LONG_READ,
	DBW_EVENT_NOTICE, /**< The server said something besides its answer. */
} dbw_event_kind;

typedef struct dbw_event {
	dbw_event_kind kind;
	dbw_status status;
	const char *database; /**< Name of the entry. */
	const char *schema;
	const char *purpose;    /**< Of the session, NULL outside of one. */
	const char *statement;  /**< "user_find_by_id", "user_find": static; NULL for other events. */
	const char *sql;        /**< With placeholders. */
	const dbw_model *model; /**< What the statement reads or writes. */
	bool writes;
	int64_t rows; /**< Read or changed. */
	int64_t duration_ns; /**< Of the call; for COMMIT and ROLLBACK of the session's last step; of a write of a pipelined session from
				     the call to its answer. */
	int64_t waited_ns; /**< Of BEGIN: what of it was the wait for the turn to write or a connection; else 0. */
	const dbw_error
		*error;     /**< Where status is not DBW_OK; of a notice its words, with its `sqlstate`. */
	const char *notice; /**< How grave the server finds it: "NOTICE", "WARNING"; NULL for other events. */
} dbw_event;

/**
 * Called on the thread that made the call, between its statement and its return. It must not call the session or
 * databases it reports on, and must be safe from any thread.
 */
typedef void (*dbw_event_function)(const dbw_event *event, void *argument);

/** A connection, as the program's own functions see it. Borrowed for the call. */
typedef struct dbw_connected {
	const char *database; /**< Name of the entry; where several share the place, of the first. */
	const char *schema;
	dbw_engine engine;
	void *native; /**< The client library's own: sqlite3 *, PGconn *; NULL where the driver does not lend it. */
} dbw_connected;

/**
 * Called for every connection after it was opened and before its first session: to set what the settings cannot say.
 * Anything but DBW_OK closes the connection again, and is what the session that asked for it gets; `error` (never
 * NULL) is for the reason. On the thread that needed the connection; it must not call the databases.
 */
typedef dbw_status (*dbw_connect_function)(const dbw_connected *connected, dbw_error *error, void *argument);

/** Called for every connection that was let through before it is closed; the same rules. */
typedef void (*dbw_close_function)(const dbw_connected *connected, void *argument);

#endif

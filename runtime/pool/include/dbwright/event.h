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
	int64_t rows;           /**< Read or changed. */
	int64_t duration_ns;    /**< Of the call; for COMMIT and ROLLBACK of the session's last step. */
	const dbw_error *error; /**< Where status is not DBW_OK. */
} dbw_event;

/**
 * Called on the thread that made the call, between its statement and its return. It must not call the session or
 * databases it reports on, and must be safe from any thread.
 */
typedef void (*dbw_event_function)(const dbw_event *event, void *argument);

#endif

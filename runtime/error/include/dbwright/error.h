/** Why a call failed: the caller's own struct, filled by the call, with nothing to free. */
#ifndef DBWRIGHT_ERROR_H
#define DBWRIGHT_ERROR_H

#include <dbwright/status.h>

struct dbw_constraint;

enum { DBW_ERROR_MESSAGE_SIZE = 512 };

/**
 * A failure in full. The message is one line of UTF-8 that names model, field, database or file as far as they are
 * known, and never holds a value of a row. `statement` is SQL text with placeholders, borrowed: static, or valid as
 * long as the connection that ran it.
 */
typedef struct dbw_error {
	dbw_status status;
	int native_code;  /**< The engine's own number (SQLite extended result code), 0 if none. */
	char sqlstate[6]; /**< Five characters from PostgreSQL, "" elsewhere. */
	/** With DBW_CONFLICT: the violated constraint, NULL if unknown. Its `message`, where one is declared, is the text
	 * to show to users; this error's own ends with it. */
	const struct dbw_constraint *constraint;
	const char *statement; /**< The SQL that failed, NULL if none was sent. */
	char message[DBW_ERROR_MESSAGE_SIZE];
} dbw_error;

DBW_BEGIN_DECLS

/** Empties *error: DBW_OK and no message. NULL is fine. */
DBW_API void dbw_error_clear(dbw_error *error);

/**
 * Fills *error with a status and a message, cut at a character border when it is too long, and returns the status,
 * so that a failing function can end with `return dbw__fail(error, DBW_CONFIG, "...")`. NULL is fine. All other
 * members are emptied.
 */
DBW_API dbw_status dbw__fail(dbw_error *error, dbw_status status, const char *format, ...) DBW_PRINTF(3, 4);

/** Copies *from to *to where both are given; returns from->status, or DBW_OK without `from`. */
DBW_API dbw_status dbw__error_copy(dbw_error *to, const dbw_error *from);

DBW_END_DECLS
#endif

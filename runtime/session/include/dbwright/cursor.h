/**
 * Cursors: a query that gives one row after the other, without a list of them. Generated code wraps dbw_cursor in a type
 * per model (user_cursor) and its functions in others (user_cursor_open() ...).
 *
 * A cursor belongs to its session and, with it, to one thread at a time. While it is open, and has rows to give, the
 * session reads and does not write: what a query sees of later writes differs from engine to engine. The end of the
 * session ends its cursors.
 */
#ifndef DBWRIGHT_CURSOR_H
#define DBWRIGHT_CURSOR_H

#include <stdint.h>

/** Any model's cursor, a handle as dbw_session is. All zero is one that has ended. */
typedef struct dbw_cursor {
	struct dbw__reading *reading;
	uint64_t generation;
} dbw_cursor;

#endif

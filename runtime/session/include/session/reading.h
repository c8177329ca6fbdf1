/**
 * Queries that run across calls: what a cursor holds of its session. The places of a session's readings are made once and
 * used again until the databases close, so that a handle which has ended can always be told from a valid one.
 */
#ifndef DBWRIGHT_SESSION_READING_H
#define DBWRIGHT_SESSION_READING_H

#include <dbwright/cursor.h>
#include <session/generation.h>
#include <session/lease.h>

typedef struct dbw__reading {
	dbw__lease *lease;      /**< Of its session. */
	dbw_prepared *prepared; /**< The statement that runs; NULL once it has given all its rows. */
	dbw__shape *shape;      /**< What it is kept as; held while it runs. */
	dbw_arena *arena;       /**< For the accessor; emptied when the reading ends. */
	dbw__call call;         /**< For the event and for failures; filled in by the accessor. */
	void *row;              /**< The present row. */

	/* Private to reading.c. */
	dbw__generation generation;
	struct dbw_slot *slot;
	struct dbw__reading *next;
	bool taken;
	int64_t spent_ns; /* In calls before the present one. */
} dbw__reading;

DBW_BEGIN_DECLS

/** A place of the session whose call this is, its arena empty. DBW_OUT_OF_MEMORY. Give it back with dbw__reading_end(). */
dbw_status dbw__reading_take(dbw__lease *lease, dbw__reading **out);

/** The statement of the shape runs, from this call on: the session does not write until it is finished or ended. */
dbw_cursor dbw__reading_start(dbw__reading *reading, dbw__shape *shape);

/**
 * Begins a call on a cursor, as dbw__session_enter() does; it ends with dbw__reading_leave() or, where it failed, with
 * dbw__reading_fail().
 * \return DBW_OK with *out; else without it: DBW_ENDED, DBW_FORKED, DBW_SESSION_FAILED, DBW_MISUSE.
 */
dbw_status dbw__reading_enter(const dbw_cursor *cursor, dbw__reading **out);

/** dbw__reading_leave() where somebody watches. */
void dbw__reading_count_time(dbw__reading *reading);

/** Ends a call that went well. */
static inline void dbw__reading_leave(dbw__reading *reading)
{
	if (dbw__lease_watched(reading->lease))
		dbw__reading_count_time(reading);
}

/** The statement has given its last row; the handle stays valid. Fires the event. */
void dbw__reading_finish(dbw__reading *reading);

/** Ends a call that failed, and the reading with it; returns `status`. */
dbw_status dbw__reading_fail(dbw__reading *reading, dbw_status status);

/** Ends the reading of a cursor. One that has ended, or belongs to the parent process, is left alone. */
void dbw__reading_close(const dbw_cursor *cursor);

/** Gives the place back, finishing what runs. */
void dbw__reading_end(dbw__reading *reading);

DBW_END_DECLS
#endif

/* What the sources of the pool share. The mutex is held in all functions but where they say otherwise. */
#ifndef DBWRIGHT_POOL_STATE_H
#define DBWRIGHT_POOL_STATE_H

#include <pool/pool.h>

#include <pthread.h>

/* A thread that waits for its turn; on its stack. */
typedef struct dbw__waiter {
	pthread_cond_t condition;
	bool called;         /* Its turn has come, or will not. */
	dbw_status refused;  /* Why it will not; DBW_OK: it has, or the thread waits. */
	dbw__pooled *given;  /* LEASED, or OPENING: to be opened by the thread itself. */
	const char *purpose; /* Of a session that waits to write, ... */
	int64_t since_ms;    /* ... and from when on. */
	bool patient;        /* False: it only waits to know whether there can be more than one connection. */
	struct dbw__waiter *next;
} dbw__waiter;

/* Those who wait, in the order in which they came. */
typedef struct dbw__queue {
	dbw__waiter *first, *last;
	uint32_t count;
} dbw__queue;

/* Why a connection is closed. */
typedef enum dbw__closing {
	DBW__KEPT,
	DBW__BROKEN,
	DBW__IDLE_TOO_LONG,
	DBW__TOO_OLD,
	DBW__OVERFLOW
} dbw__closing;

struct dbw__pool {
	dbw__pool_options options;
	const dbw__clock *clock;
	bool timed; /* Connections have an age that matters. */
	pthread_mutex_t mutex;
	pthread_cond_t uncancelled; /* A thread has cancelled what ran on a connection. */
	dbw__pooled *idle,
		*idle_longest; /* Last in, first out; at the other end the one that has been idle longest. */
	dbw__pooled *closed;   /* Places to use again. */
	dbw__pooled *all;
	uint32_t counts[DBW__CONNECTION_STATES];
	dbw__queue queue; /* For a connection. */
	bool one_writer;  /* One transaction at a time can write. */
	dbw_writer_wait writer_wait;
	const char *writer; /* The purpose of the session whose turn it is to write; NULL: nobody's. */
	bool writing;       /* It waits for no connection any more. */
	dbw__queue writers; /* For that. */
	bool shut;
	bool probed; /* The capabilities are known. */
	dbw_capabilities capabilities;
	dbw_pool_statistics statistics; /* What is counted; the rest is filled in when asked for. */
};

/* connect.c */
/* Opens the connection of a place that is OPENING; a failure leaves it there. Without the mutex. */
dbw_status dbw__pool_connect(dbw__pool *pool, dbw__pooled *pooled, dbw_error *error);
/* Closes the connection of a place that is CLOSING and leaves it there. Without the mutex. */
void dbw__pool_disconnect(dbw__pool *pool, dbw__pooled *pooled);
/* The connection was opened, or not: learns what it can do, and moves it on to `state`, or to CLOSED. */
void dbw__pool_opened(dbw__pool *pool, dbw__pooled *pooled, dbw_status status, dbw__connection_state state);

/* age.c */
/* When the connection is to be looked at for its age, if it is idle from `now_ms` on. */
int64_t dbw__pool_due(const dbw__pool *pool, const dbw__pooled *pooled, int64_t now_ms);
/* Why an idle or a leased connection should not be kept at this time. */
dbw__closing dbw__pool_judge(const dbw__pool *pool, const dbw__pooled *pooled, int64_t now_ms);
/* Moves it to CLOSING and counts why. */
void dbw__pool_retire(dbw__pool *pool, dbw__pooled *pooled, dbw__closing why);
/* Closes what is CLOSING; takes the mutex and gives it up again. */
void dbw__pool_close(dbw__pool *pool, dbw__pooled *pooled);

/* queue.c */
/* Puts a waiter that is all zero, but for what its queue is told, behind the others. DBW_OUT_OF_MEMORY. */
dbw_status dbw__queue_join(dbw__queue *queue, dbw__waiter *waiter);
/* Takes one out, `before` standing before it (NULL: none), and wakes its thread. */
void dbw__queue_call(dbw__queue *queue, dbw__waiter *before, dbw__waiter *waiter);
/* The wait is over, whether it was called or not. */
void dbw__queue_leave(dbw__queue *queue, dbw__waiter *waiter);

/* turn.c */
/* Takes a place to open a connection in (OPENING). NULL with DBW_OK: there may not be more; DBW_OUT_OF_MEMORY. */
dbw_status dbw__pool_reserve(dbw__pool *pool, dbw__pooled **out);
/* Takes the last idle connection (LEASED), or else a place (OPENING). NULL and errors as dbw__pool_reserve(). */
dbw_status dbw__pool_take(dbw__pool *pool, dbw__pooled **out);
/* Gives what there is to those who wait, in their order, and sends those away who wait in vain. */
void dbw__pool_serve(dbw__pool *pool);
/* Waits for a turn, `most_ms` at most. DBW_OK with *out as dbw__pool_take() has it; DBW_TIMEOUT, DBW_BUSY, DBW_LIFECYCLE,
 * DBW_OUT_OF_MEMORY. */
dbw_status dbw__pool_wait(dbw__pool *pool, int64_t most_ms, dbw__pooled **out);

/* pool.c: DBW_LIFECYCLE, in words. */
dbw_status dbw__pool_fail_shut(const dbw__pool *pool, dbw_error *error);

/* writer.c, where one transaction at a time can write */
/*
 * Takes the turn to write; waits for it. DBW_OK; DBW_BUSY (others have been writing for too long), DBW_TIMEOUT (the session's own
 * time has passed, or the one whose turn it is finds no connection), DBW_LIFECYCLE, DBW_OUT_OF_MEMORY.
 */
dbw_status dbw__pool_take_turn(dbw__pool *pool, dbw__asking *asking, dbw_error *error);
/* Gives the turn to the session that has waited longest, or leaves it to the next one that comes. */
void dbw__pool_pass_turn(dbw__pool *pool);
/* The same for a connection that came back from a session that had the turn. */
void dbw__pool_end_turn(dbw__pooled *pooled);
/* Sends those away who wait, since the pool is shut. */
void dbw__pool_dismiss_writers(dbw__pool *pool);

#endif

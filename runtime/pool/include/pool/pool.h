/**
 * The connections of one place: leased one session at a time, kept with their prepared statements when a session gives
 * them back, and taken again last in, first out. Who finds none waits, first come, first served, up to a deadline. No
 * thread works behind the program's back: what is too old is closed when connections are leased and given back, and
 * by dbw__pool_maintain().
 *
 * Functions are safe from any thread unless they say otherwise.
 */
#ifndef DBWRIGHT_POOL_POOL_H
#define DBWRIGHT_POOL_POOL_H

#include <dbwright/driver.h>
#include <dbwright/statistics.h>
#include <pool/clock.h>
#include <pool/hook.h>
#include <statement/cache.h>

#include <stdatomic.h>

/** What the pools of one dbw_databases share. */
typedef struct dbw__pool_common {
	dbw__hook hook;
	dbw__connection_hooks connections;
	unsigned fork_count;     /**< dbw__fork_count() when the databases were opened. */
	atomic_ulong opened;     /**< Counts connections, so that they can be closed in reverse order. */
	const dbw__clock *clock; /**< NULL: the system's. */
} dbw__pool_common;

/** How long a session waits for a connection where nothing is said. */
enum { DBW__ACQUIRE_TIMEOUT_MS = 5000 };

/** From when on a session that reads is told of where nothing is said. */
enum { DBW__MAX_READ_SESSION_MS = 60000 };

/** What an entry says of its pool. */
typedef struct dbw__pool_settings {
	uint32_t size;         /**< Connections that are kept, at least 1. */
	uint32_t max_overflow; /**< Connections above that, which are closed when they come back. */
	uint32_t min_idle;     /**< Connections that are kept open whatever idle_timeout_ms says. */
	int64_t acquire_timeout_ms; /**< How long a session waits for a connection; 0: it does not; -1: not said. */
	int64_t idle_timeout_ms; /**< After which an idle connection is closed; 0: never; -1: not said, as 0. */
	int64_t max_lifetime_ms; /**< After which a connection is not used again; 0: always; -1: not said, as 0. */
	int64_t max_read_session_ms; /**< After which a session that reads is told of; 0: never. */
} dbw__pool_settings;

/** How a pool is made. The strings and the address are borrowed as long as the pool lives. */
typedef struct dbw__pool_options {
	dbw__pool_common *common;
	const dbw_driver *driver;
	dbw_address address;
	const char *schema;  /**< Name, for events. */
	uint32_t slot_count; /**< Fixed statements of the program. */
	dbw__pool_settings settings;
} dbw__pool_options;

/**
 * Where a connection is. It moves only through dbw__pool_move() in transition.h:
 *
 *     CLOSED -> OPENING -> LEASED <-> IDLE
 *                  |          |         |
 *                  v          v         |
 *               CLOSED     CLOSING <----+     CLOSING -> CLOSED, or OPENING where it is opened anew
 *
 * OPENING goes to IDLE, too, where a connection is opened for nobody. Only a thread that has moved a connection to
 * OPENING, LEASED or CLOSING uses it.
 */
typedef enum dbw__connection_state {
	DBW__CONNECTION_CLOSED,  /**< There is none; the place is free. */
	DBW__CONNECTION_OPENING, /**< A thread is connecting. */
	DBW__CONNECTION_IDLE,
	DBW__CONNECTION_LEASED,  /**< A session has it. */
	DBW__CONNECTION_CLOSING, /**< A thread is disconnecting. */
	DBW__CONNECTION_STATES
} dbw__connection_state;

/** A connection with what belongs to it. The state and what follows are private to the pool. */
typedef struct dbw__pooled {
	dbw_connection *connection;
	dbw__cache cache;
	const char *purpose; /**< Of the session that has it, for notices; NULL: none. Set by the session. */
	const char *holder;  /* The same for other threads, which hold the mutex. */
	struct dbw__pool *pool;
	dbw__connection_state state;
	unsigned long number;              /* Of opening. */
	int64_t open_by_ms;                /* By CLOCK_MONOTONIC, for who waits for it; 0: any time. */
	int64_t opened_ms, idle_ms;        /* Since when. */
	int64_t due_ms;                    /* Idle until then, it is not too old. */
	bool in_turn;                      /* Its session has the turn to write. */
	bool cancelling;                   /* A thread cancels what runs on it: it stays as it is. */
	struct dbw__pooled *next, *before; /* In the list of its state: idle, or closed. */
	struct dbw__pooled *next_all;      /* In the list of all. */
} dbw__pooled;

typedef struct dbw__pool dbw__pool;

/** What a session asks for. */
typedef struct dbw__asking {
	const char *purpose; /**< Of a session: borrowed until it gives the connection back. */
	bool writes;
	int64_t most_ms; /**< How long it may wait, negative: as long as the pool lets it. Used up by waits. */
	int64_t deadline_ms; /**< By CLOCK_MONOTONIC, for a connection that has to be opened; 0: none. */
	bool waited;         /**< Set: whether it had to, whatever came of it. */
} dbw__asking;

DBW_BEGIN_DECLS

/** Makes a pool without connections. DBW_OK; DBW_OUT_OF_MEMORY. */
dbw_status dbw__pool_new(const dbw__pool_options *options, dbw__pool **out);

/**
 * Frees the pool. Connections that are open are closed, except in a child of fork(), where only memory is
 * freed: the connections are the parent's. NULL is fine. No other thread may use the pool.
 */
void dbw__pool_free(dbw__pool *pool);

/** What the pool was made with. */
const dbw__pool_options *dbw__pool_options_of(const dbw__pool *pool);

/** What the connections can do; known, and constant, once a connection has been leased. */
const dbw_capabilities *dbw__pool_capabilities(const dbw__pool *pool);

/**
 * Leases an idle connection, or opens one; an idle one that is too old, or whose server has gone, is opened anew. Where
 * all are leased it waits for its turn.
 * \return DBW_OK with *out, which goes back with dbw__pool_release(); DBW_TIMEOUT when the wait was too long; DBW_BUSY
 * when all are leased and it may not wait, or the database is in memory, where it would wait for itself;
 * DBW_LIFECYCLE after dbw__pool_shut(); DBW_FORKED; DBW_OUT_OF_MEMORY; what the driver says about the address. `error`
 * is not NULL.
 */
dbw_status dbw__pool_acquire(dbw__pool *pool, dbw__pooled **out, dbw_error *error);

/**
 * The same for a session. Where one transaction at a time can write, one that writes takes its turn first: those who come
 * earlier are before it.
 * \return as dbw__pool_acquire(); also DBW_BUSY where others have been writing for longer than the driver waits for them, and DBW_TIMEOUT
 * where the session's own time has passed, or the one whose turn it is finds no connection. The message names the session whose turn it is.
 */
dbw_status dbw__pool_acquire_for(dbw__pool *pool, dbw__asking *asking, dbw__pooled **out, dbw_error *error);

/**
 * Takes a connection back, for the thread that has waited longest, if one does, and the turn to write with it. What the session left open is rolled
 * back; a connection that does not come clean, is too old or above the pool's size is closed. A clean one costs no
 * round trip. In a child of fork() nothing is touched.
 */
void dbw__pool_release(dbw__pooled *pooled);

/**
 * Closes what has been idle or has lived too long and opens connections up to min_idle. DBW_OK; why a connection could
 * not be opened, which leaves the pool as it is; DBW_FORKED. `error` is not NULL.
 */
dbw_status dbw__pool_maintain(dbw__pool *pool, dbw_error *error);

/** From now on no connection is leased: who waits for one, and who asks, gets DBW_LIFECYCLE. */
void dbw__pool_shut(dbw__pool *pool);

/**
 * Cancels what runs on the leased connections, where the driver can. A server that does not answer keeps this call waiting,
 * and who gives back the connection that is being cancelled, but nobody else.
 */
void dbw__pool_cancel(dbw__pool *pool);

/** How many threads use the pool or wait for it: connections that are leased, being opened or closed, and waits of both kinds. */
uint32_t dbw__pool_in_use(dbw__pool *pool);

/** What the pool has done. */
void dbw__pool_statistics(dbw__pool *pool, dbw_pool_statistics *out);

/** The number of the connection that was opened last and is open, 0 without any; 1 is the first of all
 * pools. No other thread may use the pool. */
unsigned long dbw__pool_newest(dbw__pool *pool);

/** Closes the connection that was opened last, whatever its state, firing the event. No other thread may
 * use the pool. */
void dbw__pool_close_newest(dbw__pool *pool);

DBW_END_DECLS
#endif

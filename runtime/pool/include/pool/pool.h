/**
 * The connections of one database entry: leased one session at a time, kept with their prepared statements
 * when a session gives them back, and taken again last in, first out.
 *
 * Functions are safe from any thread unless they say otherwise.
 */
#ifndef DBWRIGHT_POOL_POOL_H
#define DBWRIGHT_POOL_POOL_H

#include <dbwright/driver.h>
#include <pool/hook.h>
#include <statement/cache.h>

#include <stdatomic.h>

/** What the pools of one dbw_databases share. */
typedef struct dbw__pool_common {
	dbw__hook hook;
	unsigned fork_count;         /**< dbw__fork_count() when the databases were opened. */
	atomic_uint_fast32_t opened; /**< Counts connections, so that they can be closed in reverse order. */
} dbw__pool_common;

/** What an entry says of its pool. Of these only `size` has an effect yet. */
typedef struct dbw__pool_settings {
	uint32_t size;              /**< Connections at the same time, at least 1. */
	uint32_t max_overflow;      /**< Connections above that, which are closed when they come back. */
	uint32_t min_idle;          /**< Connections that are kept open. */
	int64_t acquire_timeout_ms; /**< How long a session waits for a connection; -1: not said. */
	int64_t idle_timeout_ms;    /**< After which an idle connection is closed; -1: not said. */
	int64_t max_lifetime_ms;    /**< After which a connection is not used again; -1: not said. */
} dbw__pool_settings;

/** How a pool is made. The strings and the address are borrowed as long as the pool lives. */
typedef struct dbw__pool_options {
	dbw__pool_common *common;
	const dbw_driver *driver;
	dbw_address address;
	const char *schema;  /**< Name, for events. */
	uint32_t limit;      /**< Connections at the same time, at least 1. */
	uint32_t slot_count; /**< Fixed statements of the program. */
	dbw__pool_settings settings;
} dbw__pool_options;

/** Where a connection is. It moves only through move() in pool.c. */
typedef enum dbw__connection_state {
	DBW__CONNECTION_CLOSED,  /**< There is none; the place is free. */
	DBW__CONNECTION_OPENING, /**< A thread is connecting. */
	DBW__CONNECTION_IDLE,
	DBW__CONNECTION_LEASED, /**< A session has it. */
} dbw__connection_state;

/** A connection with what belongs to it. The state and what follows are private to pool.c. */
typedef struct dbw__pooled {
	dbw_connection *connection;
	dbw__cache cache;
	struct dbw__pool *pool;
	dbw__connection_state state;
	uint_fast32_t number;         /* Of opening. */
	struct dbw__pooled *next;     /* In the list of its state: idle, or closed. */
	struct dbw__pooled *next_all; /* In the list of all. */
} dbw__pooled;

typedef struct dbw__pool dbw__pool;

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
 * Leases an idle connection, or opens one; an idle one whose server has gone is opened anew. Never waits for another
 * session.
 * \return DBW_OK with *out, which goes back with dbw__pool_release(); DBW_BUSY when all are leased;
 * DBW_FORKED; DBW_OUT_OF_MEMORY; what the driver says about the address. `error` is not NULL.
 */
dbw_status dbw__pool_acquire(dbw__pool *pool, dbw__pooled **out, dbw_error *error);

/**
 * Takes a connection back. What the session left open is rolled back; a connection that does not come clean
 * is closed. In a child of fork() nothing is touched.
 */
void dbw__pool_release(dbw__pooled *pooled);

/** How many connections sessions have, or are being opened for them. */
uint32_t dbw__pool_leased(dbw__pool *pool);

/** The number of the connection that was opened last and is open, 0 without any; 1 is the first of all
 * pools. */
uint_fast32_t dbw__pool_newest(dbw__pool *pool);

/** Closes the connection that was opened last, whatever its state, firing the event. No other thread may
 * use it. */
void dbw__pool_close_newest(dbw__pool *pool);

DBW_END_DECLS
#endif

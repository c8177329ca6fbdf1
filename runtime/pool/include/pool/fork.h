/**
 * Whether the process has forked: a counter that the child's handler of pthread_atfork(3) raises, so that a
 * look at it costs one load and no getpid(2). What was opened under another count belongs to the parent: a
 * connection used or closed on both sides would be harmed (SQLite's manual, "How To Corrupt An SQLite
 * Database File", 2.6).
 */
#ifndef DBWRIGHT_POOL_FORK_H
#define DBWRIGHT_POOL_FORK_H

#include <dbwright/status.h>

#include <stdatomic.h>

/** How often this process is a child. Private to the functions below. */
extern atomic_uint dbw__fork_counter;

/**
 * Begins to count; needed once before connections are opened, and harmless again. Any thread.
 * \return DBW_OK; DBW_OUT_OF_MEMORY.
 */
dbw_status dbw__fork_watch(void);

/** The present count: keep it, and compare it later. */
static inline unsigned dbw__fork_count(void)
{
	return atomic_load_explicit(&dbw__fork_counter, memory_order_relaxed);
}

#endif

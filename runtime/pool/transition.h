/*
 * The states of a connection. Inline, since leasing an idle connection and giving it back is most of what a pool does. The
 * mutex is held.
 */
#ifndef DBWRIGHT_POOL_TRANSITION_H
#define DBWRIGHT_POOL_TRANSITION_H

#include "state.h"

static inline void dbw__pool_leave(dbw__pool *pool, dbw__pooled *pooled)
{
	switch (pooled->state) {
	case DBW__CONNECTION_IDLE:
		if (pooled->before == NULL)
			pool->idle = pooled->next;
		else
			pooled->before->next = pooled->next;
		if (pooled->next == NULL)
			pool->idle_longest = pooled->before;
		else
			pooled->next->before = pooled->before;
		break;
	case DBW__CONNECTION_CLOSED: pool->closed = pooled->next; break; /* Only the first is ever taken. */
	default: break;
	}
	pooled->next = pooled->before = NULL;
}

static inline void dbw__pool_enter(dbw__pool *pool, dbw__pooled *pooled)
{
	switch (pooled->state) {
	case DBW__CONNECTION_IDLE:
		pooled->next = pool->idle;
		if (pool->idle == NULL)
			pool->idle_longest = pooled;
		else
			pool->idle->before = pooled;
		pool->idle = pooled;
		break;
	case DBW__CONNECTION_CLOSED:
		pooled->next = pool->closed;
		pool->closed = pooled;
		break;
	default: break;
	}
}

/* The one function that changes a connection's state and, with it, the lists and the counts. */
static inline void dbw__pool_move(dbw__pool *pool, dbw__pooled *pooled, dbw__connection_state state)
{
	dbw__pool_leave(pool, pooled);
	pool->counts[pooled->state]--;
	pooled->state = state;
	pool->counts[state]++;
	dbw__pool_enter(pool, pooled);
}

/* Connections that there are, or are about to be. */
static inline uint32_t dbw__pool_open_count(const dbw__pool *pool)
{
	return pool->counts[DBW__CONNECTION_OPENING] + pool->counts[DBW__CONNECTION_IDLE] +
	       pool->counts[DBW__CONNECTION_LEASED] + pool->counts[DBW__CONNECTION_CLOSING];
}

#endif

/* The states of a connection. */
#include "state.h"

static void leave(dbw__pool *pool, dbw__pooled *pooled)
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

static void enter(dbw__pool *pool, dbw__pooled *pooled)
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

void dbw__pool_move(dbw__pool *pool, dbw__pooled *pooled, dbw__connection_state state)
{
	leave(pool, pooled);
	pool->counts[pooled->state]--;
	pooled->state = state;
	pool->counts[state]++;
	enter(pool, pooled);
}

uint32_t dbw__pool_open_count(const dbw__pool *pool)
{
	return pool->counts[DBW__CONNECTION_OPENING] + pool->counts[DBW__CONNECTION_IDLE] +
	       pool->counts[DBW__CONNECTION_LEASED] + pool->counts[DBW__CONNECTION_CLOSING];
}

/*
 * Whose turn it is. A connection that comes back is handed to the thread that has waited longest, and never lies idle
 * while somebody waits: a thread that comes later cannot get in between.
 */
#include "transition.h"

#include <stdlib.h>

/* A place for a connection in the state OPENING, NULL when memory is short. */
static dbw__pooled *make_place(dbw__pool *pool)
{
	dbw__pooled *pooled = pool->closed;

	if (pooled == NULL) {
		pooled = calloc(1, sizeof *pooled);
		if (pooled == NULL)
			return NULL;
		pooled->pool = pool;
		pooled->next_all = pool->all;
		pool->all = pooled;
		pool->closed = pooled;
		pool->counts[DBW__CONNECTION_CLOSED]++;
	}
	dbw__pool_move(pool, pooled, DBW__CONNECTION_OPENING);
	return pooled;
}

/* The first connection is opened while the others wait: it tells whether there may be a second one at all. */
static uint32_t limit_of(const dbw__pool *pool)
{
	if (!pool->probed || pool->capabilities.single_connection)
		return 1;
	return pool->options.settings.size + pool->options.settings.max_overflow;
}

dbw_status dbw__pool_reserve(dbw__pool *pool, dbw__pooled **out)
{
	*out = NULL;
	if (dbw__pool_open_count(pool) >= limit_of(pool))
		return DBW_OK;
	*out = make_place(pool);
	return *out == NULL ? DBW_OUT_OF_MEMORY : DBW_OK;
}

dbw_status dbw__pool_take(dbw__pool *pool, dbw__pooled **out)
{
	if (pool->idle == NULL)
		return dbw__pool_reserve(pool, out);
	*out = pool->idle;
	dbw__pool_move(pool, *out, DBW__CONNECTION_LEASED);
	return DBW_OK;
}

/* Why who waits will wait in vain; DBW_OK if it will not. */
static dbw_status hopeless(const dbw__pool *pool, const dbw__waiter *waiter)
{
	if (pool->shut)
		return DBW_LIFECYCLE;
	if (!pool->probed)
		return DBW_OK;
	return !waiter->patient || pool->capabilities.single_connection ? DBW_BUSY : DBW_OK;
}

void dbw__pool_serve(dbw__pool *pool)
{
	dbw__waiter *before = NULL, *waiter = pool->queue.first;

	while (waiter != NULL) {
		dbw__waiter *next = waiter->next;

		if (!pool->shut)
			waiter->refused = dbw__pool_take(pool, &waiter->given);
		if (waiter->given == NULL && waiter->refused == DBW_OK)
			waiter->refused = hopeless(pool, waiter);
		if (waiter->given != NULL || waiter->refused != DBW_OK) {
			dbw__queue_call(&pool->queue, before, waiter);
		} else {
			before = waiter;
		}
		waiter = next;
	}
}

static void count_wait(dbw__pool *pool, int64_t began_ms)
{
	const int64_t waited_ms = pool->clock->now_ms() - began_ms;

	pool->statistics.waits++;
	pool->statistics.waited_ms += waited_ms;
	if (waited_ms > pool->statistics.longest_wait_ms)
		pool->statistics.longest_wait_ms = waited_ms;
}

dbw_status dbw__pool_wait(dbw__pool *pool, int64_t most_ms, dbw__pooled **out)
{
	const int64_t began_ms = pool->clock->now_ms();
	dbw__waiter self = { .patient = most_ms != 0 };
	bool in_time = true;

	*out = NULL;
	self.refused = hopeless(pool, &self);
	if (self.refused != DBW_OK)
		return self.refused;
	if (dbw__queue_join(&pool->queue, &self) != DBW_OK)
		return DBW_OUT_OF_MEMORY;
	while (!self.called && in_time) {
		if (self.patient)
			in_time = pool->clock->wait(&self.condition, &pool->mutex, began_ms + most_ms);
		else
			pthread_cond_wait(&self.condition, &pool->mutex);
	}
	dbw__queue_leave(&pool->queue, &self);
	pool->statistics.timeouts += !self.called;
	count_wait(pool, began_ms);
	*out = self.given;
	return self.called ? self.refused : DBW_TIMEOUT;
}

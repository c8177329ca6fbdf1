/* Connections that are not kept: too long idle, too old, too many. */
#include "transition.h"

#include <pool/fork.h>

static bool has_passed(int64_t since_ms, int64_t span_ms, int64_t now_ms)
{
	return span_ms > 0 && now_ms - since_ms >= span_ms;
}

int64_t dbw__pool_due(const dbw__pool *pool, const dbw__pooled *pooled, int64_t now_ms)
{
	const dbw__pool_settings *settings = &pool->options.settings;
	int64_t due_ms = INT64_MAX;

	if (settings->max_lifetime_ms > 0)
		due_ms = pooled->opened_ms + settings->max_lifetime_ms;
	if (settings->idle_timeout_ms > 0 && now_ms + settings->idle_timeout_ms < due_ms)
		due_ms = now_ms + settings->idle_timeout_ms;
	return due_ms;
}

dbw__closing dbw__pool_judge(const dbw__pool *pool, const dbw__pooled *pooled, int64_t now_ms)
{
	const dbw__pool_settings *settings = &pool->options.settings;

	if (!pool->timed)
		return DBW__KEPT;
	if (has_passed(pooled->opened_ms, settings->max_lifetime_ms, now_ms))
		return DBW__TOO_OLD;
	if (has_passed(pooled->idle_ms, settings->idle_timeout_ms, now_ms) &&
		dbw__pool_open_count(pool) > settings->min_idle)
		return DBW__IDLE_TOO_LONG;
	return DBW__KEPT;
}

void dbw__pool_retire(dbw__pool *pool, dbw__pooled *pooled, dbw__closing why)
{
	dbw_pool_statistics *statistics = &pool->statistics;

	switch (why) {
	case DBW__BROKEN: statistics->closed_broken++; break;
	case DBW__IDLE_TOO_LONG: statistics->closed_idle++; break;
	case DBW__TOO_OLD: statistics->closed_old++; break;
	case DBW__OVERFLOW: statistics->closed_overflow++; break;
	case DBW__KEPT: break;
	}
	dbw__pool_move(pool, pooled, DBW__CONNECTION_CLOSING);
}

void dbw__pool_close(dbw__pool *pool, dbw__pooled *pooled)
{
	dbw__pool_disconnect(pool, pooled);
	pthread_mutex_lock(&pool->mutex);
	dbw__pool_move(pool, pooled, DBW__CONNECTION_CLOSED);
	if (pooled->in_turn)
		dbw__pool_end_turn(pooled);
	if (pool->queue.first != NULL)
		dbw__pool_serve(pool);
	pthread_mutex_unlock(&pool->mutex);
}

/* An idle connection that should not be kept, in the state CLOSING; NULL if all should. */
static dbw__pooled *take_stale(dbw__pool *pool, int64_t now_ms)
{
	for (dbw__pooled *each = pool->idle_longest; each != NULL; each = each->before) {
		const dbw__closing why = dbw__pool_judge(pool, each, now_ms);

		if (why != DBW__KEPT) {
			dbw__pool_retire(pool, each, why);
			return each;
		}
	}
	return NULL;
}

static void close_stale(dbw__pool *pool)
{
	const int64_t now_ms = pool->clock->now_ms();
	dbw__pooled *stale;

	do {
		pthread_mutex_lock(&pool->mutex);
		stale = take_stale(pool, now_ms);
		pthread_mutex_unlock(&pool->mutex);
		if (stale != NULL)
			dbw__pool_close(pool, stale);
	} while (stale != NULL);
}

/* Opens one connection more, if there are fewer than min_idle; *done when there is nothing to do. */
static dbw_status open_one(dbw__pool *pool, bool *done, dbw_error *error)
{
	const dbw__pool_settings *settings = &pool->options.settings;
	dbw__pooled *place = NULL;
	dbw_status status = DBW_OK;

	pthread_mutex_lock(&pool->mutex);
	if (!pool->shut && dbw__pool_open_count(pool) < settings->min_idle)
		status = dbw__pool_reserve(pool, &place);
	pthread_mutex_unlock(&pool->mutex);
	*done = place == NULL;
	if (status != DBW_OK)
		return dbw__fail(error, status, "out of memory");
	if (place == NULL)
		return DBW_OK;
	place->open_by_ms = 0;
	status = dbw__pool_connect(pool, place, error);
	pthread_mutex_lock(&pool->mutex);
	dbw__pool_opened(pool, place, status, DBW__CONNECTION_IDLE);
	pthread_mutex_unlock(&pool->mutex);
	return status;
}

dbw_status dbw__pool_maintain(dbw__pool *pool, dbw_error *error)
{
	dbw_status status = DBW_OK;
	bool done = false;

	if (pool->options.common->fork_count != dbw__fork_count())
		return dbw__fail(error, DBW_FORKED, "database \"%s\": opened by the parent process",
			pool->options.address.database);
	if (pool->timed)
		close_stale(pool);
	while (status == DBW_OK && !done)
		status = open_one(pool, &done, error);
	return status;
}

/* Connections opened and closed, and told of. */
#include "state.h"

static void report(
	dbw__pool *pool, dbw_event_kind kind, dbw_status status, int64_t started_ns, const dbw_error *error)
{
	const dbw__hook *hook = &pool->options.common->hook;
	dbw_event event = { .kind = kind,
		.status = status,
		.database = pool->options.address.database,
		.schema = pool->options.schema,
		.duration_ns = dbw__hook_since(hook, started_ns),
		.error = status == DBW_OK ? NULL : error };

	dbw__hook_fire(hook, &event);
}

dbw_status dbw__pool_connect(dbw__pool *pool, dbw__pooled *pooled, dbw_error *error)
{
	const dbw_driver *driver = pool->options.driver;
	int64_t started_ns = dbw__hook_clock(&pool->options.common->hook);
	dbw_status status = driver->open(&pool->options.address, &pooled->connection, error);

	if (status == DBW_OK) {
		status =
			dbw__cache_init(&pooled->cache, driver, pooled->connection, pool->options.slot_count);
		if (status != DBW_OK) {
			dbw__fail(error, status, "out of memory");
			driver->close(pooled->connection);
			pooled->connection = NULL;
		}
	}
	if (status == DBW_OK) {
		pooled->number = atomic_fetch_add(&pool->options.common->opened, 1) + 1;
		if (pool->timed)
			pooled->opened_ms = pooled->idle_ms = pool->clock->now_ms();
	}
	report(pool, DBW_EVENT_CONNECT, status, started_ns, error);
	return status;
}

void dbw__pool_disconnect(dbw__pool *pool, dbw__pooled *pooled)
{
	int64_t started_ns = dbw__hook_clock(&pool->options.common->hook);

	dbw__cache_clear(&pooled->cache);
	pool->options.driver->close(pooled->connection);
	pooled->connection = NULL;
	report(pool, DBW_EVENT_DISCONNECT, DBW_OK, started_ns, NULL);
}

void dbw__pool_opened(dbw__pool *pool, dbw__pooled *pooled, dbw_status status, dbw__connection_state state)
{
	const bool first = !pool->probed;

	if (status == DBW_OK) {
		pool->statistics.opened++;
		if (first) {
			pool->options.driver->capabilities(pooled->connection, &pool->capabilities);
			pool->probed = true;
		}
		dbw__pool_move(pool, pooled, state);
	} else {
		pool->statistics.open_failures++;
		dbw__pool_move(pool, pooled, DBW__CONNECTION_CLOSED);
	}
	if (pool->first != NULL)
		dbw__pool_serve(pool);
}

/* Connections opened and closed, and told of. */
#include "transition.h"

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

static dbw_connected describe(const dbw__pool *pool, const dbw__pooled *pooled)
{
	const dbw_driver *driver = pool->options.driver;

	return (dbw_connected){ pool->options.address.database, pool->options.schema, driver->engine,
		driver->native_handle == NULL ? NULL : driver->native_handle(pooled->connection) };
}

/* What the program itself says to a new connection. */
static dbw_status introduce(const dbw__pool *pool, const dbw__pooled *pooled, dbw_error *error)
{
	const dbw__connection_hooks *hooks = &pool->options.common->connections;
	dbw_connected connected;
	dbw_status status;

	if (hooks->on_connect == NULL)
		return DBW_OK;
	connected = describe(pool, pooled);
	dbw_error_clear(error);
	status = hooks->on_connect(&connected, error, hooks->argument);
	if (status != DBW_OK && error->status != status)
		dbw__fail(error, status, "database \"%s\": on_connect: %s", connected.database,
			dbw_status_text(status));
	return status;
}

static void take_leave(const dbw__pool *pool, const dbw__pooled *pooled)
{
	const dbw__connection_hooks *hooks = &pool->options.common->connections;

	if (hooks->before_close != NULL) {
		const dbw_connected connected = describe(pool, pooled);

		hooks->before_close(&connected, hooks->argument);
	}
}

/* What the server says in between. */
static void hear(const char *severity, const dbw_error *said, void *argument)
{
	const dbw__pooled *pooled = argument;
	const dbw__pool_options *options = &pooled->pool->options;
	const dbw_event event = { .kind = DBW_EVENT_NOTICE,
		.database = options->address.database,
		.schema = options->schema,
		.purpose = pooled->purpose,
		.error = said,
		.notice = severity };

	dbw__hook_fire(&options->common->hook, &event);
}

dbw_status dbw__pool_connect(dbw__pool *pool, dbw__pooled *pooled, dbw_error *error)
{
	const dbw_driver *driver = pool->options.driver;
	int64_t started_ns = dbw__hook_clock(&pool->options.common->hook);
	dbw_address address = pool->options.address;
	dbw_status status;

	if (pool->options.common->hook.function != NULL) {
		address.on_notice = hear;
		address.notice_argument = pooled;
	}
	address.deadline_ms = pooled->open_by_ms;
	status = driver->open(&address, &pooled->connection, error);
	if (status == DBW_OK) {
		status = introduce(pool, pooled, error);
		if (status == DBW_OK) {
			status = dbw__cache_init(
				&pooled->cache, driver, pooled->connection, pool->options.slot_count);
			if (status != DBW_OK) {
				take_leave(pool, pooled);
				dbw__fail(error, status, "out of memory");
			}
		}
		if (status != DBW_OK) {
			driver->close(pooled->connection);
			pooled->connection = NULL;
		}
	}
	if (status == DBW_OK) {
		pooled->due_ms = INT64_MAX;
		pooled->number = atomic_fetch_add(&pool->options.common->opened, 1) + 1;
		if (pool->timed) {
			pooled->opened_ms = pooled->idle_ms = pool->clock->now_ms();
			pooled->due_ms = dbw__pool_due(pool, pooled, pooled->idle_ms);
		}
	}
	report(pool, DBW_EVENT_CONNECT, status, started_ns, error);
	return status;
}

void dbw__pool_disconnect(dbw__pool *pool, dbw__pooled *pooled)
{
	int64_t started_ns = dbw__hook_clock(&pool->options.common->hook);

	take_leave(pool, pooled);
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
		pooled->holder = NULL;
		pool->statistics.open_failures++;
		dbw__pool_move(pool, pooled, DBW__CONNECTION_CLOSED);
	}
	if (pool->queue.first != NULL)
		dbw__pool_serve(pool);
}

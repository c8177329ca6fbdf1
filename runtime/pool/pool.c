#include <pool/fork.h>
#include <pool/pool.h>

#include <pthread.h>
#include <stdlib.h>

struct dbw__pool {
	dbw__pool_options options;
	pthread_mutex_t mutex;
	dbw__pooled *idle;   /* Last in, first out. */
	dbw__pooled *closed; /* Places to use again. */
	dbw__pooled *all;
	uint32_t open; /* Connections that are not closed. */
	bool probed;   /* The capabilities are known. */
	dbw_capabilities capabilities;
};

/*
 * The one function that changes a connection's state and, with it, the lists and the count. The mutex is
 * held. A connection leaves the idle list only as its first.
 */
static void move(dbw__pool *pool, dbw__pooled *pooled, dbw__connection_state state)
{
	bool was_open = pooled->state != DBW__CONNECTION_CLOSED;
	bool is_open = state != DBW__CONNECTION_CLOSED;

	if (pooled->state == DBW__CONNECTION_IDLE)
		pool->idle = pooled->next;
	else if (pooled->state == DBW__CONNECTION_CLOSED && pool->closed == pooled)
		pool->closed = pooled->next;
	pooled->state = state;
	pooled->next = NULL;
	if (state == DBW__CONNECTION_IDLE) {
		pooled->next = pool->idle;
		pool->idle = pooled;
	} else if (state == DBW__CONNECTION_CLOSED) {
		pooled->next = pool->closed;
		pool->closed = pooled;
	}
	pool->open = pool->open - (was_open ? 1U : 0U) + (is_open ? 1U : 0U);
}

dbw_status dbw__pool_new(const dbw__pool_options *options, dbw__pool **out)
{
	dbw__pool *pool;

	*out = NULL;
	pool = calloc(1, sizeof *pool);
	if (pool == NULL)
		return DBW_OUT_OF_MEMORY;
	if (pthread_mutex_init(&pool->mutex, NULL) != 0) {
		free(pool);
		return DBW_OUT_OF_MEMORY;
	}
	pool->options = *options;
	*out = pool;
	return DBW_OK;
}

static bool is_forked(const dbw__pool *pool)
{
	return pool->options.common->fork_count != dbw__fork_count();
}

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

/* Closes the connection of a place; the state is the caller's to change. */
static void disconnect(dbw__pool *pool, dbw__pooled *pooled)
{
	int64_t started_ns = dbw__hook_clock(&pool->options.common->hook);

	dbw__cache_clear(&pooled->cache);
	pool->options.driver->close(pooled->connection);
	pooled->connection = NULL;
	report(pool, DBW_EVENT_DISCONNECT, DBW_OK, started_ns, NULL);
}

void dbw__pool_free(dbw__pool *pool)
{
	bool forked;

	if (pool == NULL)
		return;
	forked = is_forked(pool);
	while (!forked && dbw__pool_newest(pool) != 0)
		dbw__pool_close_newest(pool);
	while (pool->all != NULL) {
		dbw__pooled *next = pool->all->next_all;

		dbw__cache_abandon(&pool->all->cache);
		free(pool->all);
		pool->all = next;
	}
	/* Another thread of the parent may have held the mutex when the process forked. */
	if (!forked)
		pthread_mutex_destroy(&pool->mutex);
	free(pool);
}

const dbw__pool_options *dbw__pool_options_of(const dbw__pool *pool)
{
	return &pool->options;
}

const dbw_capabilities *dbw__pool_capabilities(const dbw__pool *pool)
{
	return &pool->capabilities;
}

static dbw_status connect(dbw__pool *pool, dbw__pooled *pooled, dbw_error *error)
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
	report(pool, DBW_EVENT_CONNECT, status, started_ns, error);
	return status;
}

/* Makes a place for a connection, or takes one that is free, in the state OPENING. The mutex is held. */
static dbw__pooled *reserve(dbw__pool *pool)
{
	dbw__pooled *pooled = pool->closed;

	if (pooled == NULL) {
		pooled = calloc(1, sizeof *pooled);
		if (pooled == NULL)
			return NULL;
		pooled->pool = pool;
		pooled->next_all = pool->all;
		pool->all = pooled;
	}
	move(pool, pooled, DBW__CONNECTION_OPENING);
	return pooled;
}

static dbw_status fail_full(const dbw__pool *pool, dbw_error *error)
{
	const char *name = pool->options.address.database;

	if (pool->probed && pool->capabilities.single_connection)
		return dbw__fail(error, DBW_BUSY,
			"database \"%s\": sqlite::memory: is one connection, and a session has it; "
			"use sqlite::temp: for several sessions at the same time",
			name);
	return dbw__fail(error, DBW_BUSY,
		"database \"%s\": all %u connections are in use; end sessions earlier or raise pool_size",
		name, (unsigned)pool->options.limit);
}

static uint32_t limit_of(const dbw__pool *pool)
{
	return pool->probed && pool->capabilities.single_connection ? 1 : pool->options.limit;
}

/* An idle connection that is leased already: another one in its place where its server has gone. */
static dbw_status revive(dbw__pool *pool, dbw__pooled *pooled, dbw_error *error)
{
	const dbw_driver *driver = pool->options.driver;
	dbw_error problem;
	dbw_status status;

	if (driver->ping == NULL || driver->ping(pooled->connection, &problem) == DBW_OK)
		return DBW_OK;
	disconnect(pool, pooled);
	status = connect(pool, pooled, error);
	pthread_mutex_lock(&pool->mutex);
	if (status == DBW_OK)
		pooled->number = atomic_fetch_add(&pool->options.common->opened, 1) + 1;
	else
		move(pool, pooled, DBW__CONNECTION_CLOSED);
	pthread_mutex_unlock(&pool->mutex);
	return status;
}

dbw_status dbw__pool_acquire(dbw__pool *pool, dbw__pooled **out, dbw_error *error)
{
	dbw__pooled *pooled;
	dbw_status status = DBW_OK;
	bool probing;

	*out = NULL;
	if (is_forked(pool))
		return dbw__fail(error, DBW_FORKED,
			"database \"%s\": opened by the parent process; open it again here",
			pool->options.address.database);
	pthread_mutex_lock(&pool->mutex);
	if (pool->idle != NULL) {
		pooled = pool->idle;
		move(pool, pooled, DBW__CONNECTION_LEASED);
		pthread_mutex_unlock(&pool->mutex);
		status = revive(pool, pooled, error);
		if (status == DBW_OK)
			*out = pooled;
		return status;
	}
	if (pool->open >= limit_of(pool)) {
		status = fail_full(pool, error);
		pthread_mutex_unlock(&pool->mutex);
		return status;
	}
	pooled = reserve(pool);
	if (pooled == NULL) {
		pthread_mutex_unlock(&pool->mutex);
		return dbw__fail(error, DBW_OUT_OF_MEMORY, "out of memory");
	}
	/* The first connection is opened while the others wait: it tells whether there may be a second one
	 * at all. */
	probing = !pool->probed;
	if (!probing)
		pthread_mutex_unlock(&pool->mutex);
	status = connect(pool, pooled, error);
	if (!probing)
		pthread_mutex_lock(&pool->mutex);
	if (status == DBW_OK) {
		if (probing) {
			pool->options.driver->capabilities(pooled->connection, &pool->capabilities);
			pool->probed = true;
		}
		pooled->number = atomic_fetch_add(&pool->options.common->opened, 1) + 1;
		move(pool, pooled, DBW__CONNECTION_LEASED);
		*out = pooled;
	} else {
		move(pool, pooled, DBW__CONNECTION_CLOSED);
	}
	pthread_mutex_unlock(&pool->mutex);
	return status;
}

void dbw__pool_release(dbw__pooled *pooled)
{
	dbw__pool *pool = pooled->pool;
	const dbw_driver *driver = pool->options.driver;
	dbw__connection_state state = DBW__CONNECTION_IDLE;

	if (is_forked(pool))
		return;
	if (!driver->is_clean(pooled->connection)) {
		dbw_error error;

		if (driver->rollback(pooled->connection, &error) != DBW_OK ||
			!driver->is_clean(pooled->connection))
			state = DBW__CONNECTION_CLOSED;
	}
	if (state == DBW__CONNECTION_CLOSED)
		disconnect(pool, pooled);
	pthread_mutex_lock(&pool->mutex);
	move(pool, pooled, state);
	pthread_mutex_unlock(&pool->mutex);
}

uint32_t dbw__pool_leased(dbw__pool *pool)
{
	uint32_t count = 0;

	pthread_mutex_lock(&pool->mutex);
	for (const dbw__pooled *each = pool->all; each != NULL; each = each->next_all)
		count += each->state == DBW__CONNECTION_OPENING || each->state == DBW__CONNECTION_LEASED;
	pthread_mutex_unlock(&pool->mutex);
	return count;
}

static dbw__pooled *newest(const dbw__pool *pool)
{
	dbw__pooled *found = NULL;

	for (dbw__pooled *each = pool->all; each != NULL; each = each->next_all) {
		if (each->connection != NULL && (found == NULL || each->number > found->number))
			found = each;
	}
	return found;
}

uint_fast32_t dbw__pool_newest(dbw__pool *pool)
{
	dbw__pooled *pooled = newest(pool);

	return pooled == NULL ? 0 : pooled->number;
}

void dbw__pool_close_newest(dbw__pool *pool)
{
	dbw__pooled *pooled = newest(pool);

	if (pooled == NULL)
		return;
	disconnect(pool, pooled);
	pthread_mutex_lock(&pool->mutex);
	/* Bring it to the front, which is where move() takes an idle one from. */
	if (pooled->state == DBW__CONNECTION_IDLE && pool->idle != pooled) {
		dbw__pooled *before = pool->idle;

		while (before->next != pooled)
			before = before->next;
		before->next = pooled->next;
		pooled->next = pool->idle;
	}
	move(pool, pooled, DBW__CONNECTION_CLOSED);
	pthread_mutex_unlock(&pool->mutex);
}

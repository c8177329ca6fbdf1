#include "transition.h"

#include <base/text.h>
#include <pool/fork.h>

#include <stdlib.h>
#include <string.h>

dbw_status dbw__pool_new(const dbw__pool_options *options, dbw__pool **out)
{
	const dbw__pool_settings *settings = &options->settings;
	dbw__pool *pool;

	*out = NULL;
	pool = calloc(1, sizeof *pool);
	if (pool == NULL)
		return DBW_OUT_OF_MEMORY;
	if (pthread_mutex_init(&pool->mutex, NULL) != 0) {
		free(pool);
		return DBW_OUT_OF_MEMORY;
	}
	if (dbw__condition_init(&pool->uncancelled) != DBW_OK) {
		pthread_mutex_destroy(&pool->mutex);
		free(pool);
		return DBW_OUT_OF_MEMORY;
	}
	pool->options = *options;
	if (settings->acquire_timeout_ms < 0)
		pool->options.settings.acquire_timeout_ms = DBW__ACQUIRE_TIMEOUT_MS;
	pool->clock = options->common->clock == NULL ? &dbw__system_clock : options->common->clock;
	pool->timed = settings->idle_timeout_ms > 0 || settings->max_lifetime_ms > 0;
	if (options->driver->one_writer != NULL)
		pool->one_writer = options->driver->one_writer(&options->address, &pool->writer_wait);
	*out = pool;
	return DBW_OK;
}

static bool is_forked(const dbw__pool *pool)
{
	return pool->options.common->fork_count != dbw__fork_count();
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
	if (!forked) {
		pthread_cond_destroy(&pool->uncancelled);
		pthread_mutex_destroy(&pool->mutex);
	}
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

dbw_status dbw__pool_fail_shut(const dbw__pool *pool, dbw_error *error)
{
	return dbw__fail(error, DBW_LIFECYCLE, "database \"%s\": it is being closed, and begins no session",
		pool->options.address.database);
}

/* The purposes of sessions that have a connection, for a message: ` ("import", "report" and 2 more)`. */
static void name_holders(const dbw__pool *pool, dbw_text_buffer *out)
{
	unsigned named = 0, others = 0;

	for (const dbw__pooled *each = pool->all; each != NULL; each = each->next_all) {
		if (each->state != DBW__CONNECTION_LEASED || each->holder == NULL)
			continue;
		if (named < 3 && strlen(each->holder) < 60)
			dbw_text_printf(out, "%s\"%s\"", named++ == 0 ? " (" : ", ", each->holder);
		else
			others++;
	}
	if (named != 0 && others != 0)
		dbw_text_printf(out, " and %u more", others);
	if (named != 0)
		dbw_text_printf(out, ")");
}

static dbw_status explain(const dbw__pool *pool, dbw_status status, int64_t most_ms, dbw_error *error)
{
	const dbw__pool_settings *settings = &pool->options.settings;
	const char *name = pool->options.address.database;
	const unsigned limit = settings->size + settings->max_overflow;
	char storage[256];
	dbw_text_buffer holders;

	if (status == DBW_LIFECYCLE)
		return dbw__pool_fail_shut(pool, error);
	if (status == DBW_BUSY && pool->capabilities.single_connection)
		return dbw__fail(error, status,
			"database \"%s\": sqlite::memory: is one connection, and a session has it; "
			"use sqlite::temp: for several sessions at the same time",
			name);
	if (status != DBW_TIMEOUT && status != DBW_BUSY)
		return dbw__fail(error, status, "out of memory");
	dbw_text_init(&holders, storage, sizeof storage);
	name_holders(pool, &holders);
	if (status == DBW_TIMEOUT)
		dbw__fail(error, status,
			"database \"%s\": all %u connections have been in use for %lld ms%s; end sessions earlier or "
			"raise pool_size",
			name, limit, (long long)most_ms, holders.data);
	else
		dbw__fail(error, status,
			"database \"%s\": all %u connections are in use%s; end sessions earlier or raise pool_size",
			name, limit, holders.data);
	dbw_text_clear(&holders);
	return status;
}

/* Whether the server of a connection that was idle has gone. Drivers tell without a round trip, so it is asked each
 * time. */
static bool is_gone(const dbw__pool *pool, const dbw__pooled *pooled)
{
	const dbw_driver *driver = pool->options.driver;
	dbw_error problem;

	return driver->ping != NULL && driver->ping(pooled->connection, &problem) != DBW_OK;
}

/* Opens the connection of a place that is OPENING and leases it. */
static dbw_status open_leased(dbw__pool *pool, dbw__pooled *pooled, dbw_error *error)
{
	dbw_status status = dbw__pool_connect(pool, pooled, error);

	pthread_mutex_lock(&pool->mutex);
	dbw__pool_opened(pool, pooled, status, DBW__CONNECTION_LEASED);
	pool->statistics.leases += status == DBW_OK;
	pthread_mutex_unlock(&pool->mutex);
	return status;
}

/*
 * A leased connection is about to become another one, or nobody's: what is cancelled on it has to be its session's. The mutex
 * is held, and given up while another thread cancels.
 */
static void wait_for_cancel(dbw__pool *pool, const dbw__pooled *pooled)
{
	while (pooled->cancelling)
		pthread_cond_wait(&pool->uncancelled, &pool->mutex);
}

/* Another connection in the place of one that is leased and no good. */
static dbw_status replace(dbw__pool *pool, dbw__pooled *pooled, dbw__closing why, dbw_error *error)
{
	pthread_mutex_lock(&pool->mutex);
	wait_for_cancel(pool, pooled);
	dbw__pool_retire(pool, pooled, why);
	pool->statistics.leases--;
	pthread_mutex_unlock(&pool->mutex);
	dbw__pool_disconnect(pool, pooled);
	pthread_mutex_lock(&pool->mutex);
	dbw__pool_move(pool, pooled, DBW__CONNECTION_OPENING);
	pthread_mutex_unlock(&pool->mutex);
	return open_leased(pool, pooled, error);
}

/* A connection that was idle, LEASED by now, or an OPENING place; the mutex is given up. */
static dbw_status begin_lease(dbw__pool *pool, dbw__pooled *pooled, dbw_error *error)
{
	dbw__closing why = DBW__KEPT;

	if (pooled->state == DBW__CONNECTION_OPENING) {
		pthread_mutex_unlock(&pool->mutex);
		return open_leased(pool, pooled, error);
	}
	if (pool->timed) {
		const int64_t now_ms = pool->clock->now_ms();

		if (now_ms >= pooled->due_ms)
			why = dbw__pool_judge(pool, pooled, now_ms);
	}
	pool->statistics.leases++;
	pthread_mutex_unlock(&pool->mutex);
	if (why == DBW__KEPT && is_gone(pool, pooled))
		why = DBW__BROKEN;
	return why == DBW__KEPT ? DBW_OK : replace(pool, pooled, why, error);
}

/* A connection that is LEASED, or a place that is OPENING; waits for one. */
static dbw_status take_or_wait(dbw__pool *pool, dbw__asking *asking, dbw__pooled **out, dbw_error *error)
{
	const int64_t timeout_ms = pool->options.settings.acquire_timeout_ms;
	const bool is_bound = asking->most_ms >= 0 && asking->most_ms < timeout_ms;
	const int64_t most_ms = is_bound ? asking->most_ms : timeout_ms;
	dbw_status status = pool->shut ? DBW_LIFECYCLE : dbw__pool_take(pool, out);

	if (status == DBW_OK && *out == NULL) {
		asking->waited = true;
		status = dbw__pool_wait(pool, most_ms, out);
	}
	return status == DBW_OK ? DBW_OK : explain(pool, status, most_ms, error);
}

dbw_status dbw__pool_acquire_for(dbw__pool *pool, dbw__asking *asking, dbw__pooled **out, dbw_error *error)
{
	const bool in_turn = asking->writes && pool->one_writer;
	dbw__pooled *pooled = NULL;
	dbw_status status = DBW_OK;

	*out = NULL;
	asking->waited = false;
	if (is_forked(pool))
		return dbw__fail(error, DBW_FORKED,
			"database \"%s\": opened by the parent process; open it again here",
			pool->options.address.database);
	pthread_mutex_lock(&pool->mutex);
	if (in_turn)
		status = dbw__pool_take_turn(pool, asking, error);
	if (status != DBW_OK) {
		pthread_mutex_unlock(&pool->mutex);
		return status;
	}
	status = take_or_wait(pool, asking, &pooled, error);
	if (status == DBW_OK) {
		pooled->holder = asking->purpose;
		pool->writing = pool->writing || in_turn;
		pooled->open_by_ms = asking->deadline_ms;
		status = begin_lease(pool, pooled, error);
		if (status == DBW_OK) {
			pooled->in_turn = in_turn;
			*out = pooled;
			return DBW_OK;
		}
		pthread_mutex_lock(&pool->mutex);
	}
	if (in_turn)
		dbw__pool_pass_turn(pool);
	pthread_mutex_unlock(&pool->mutex);
	return status;
}

dbw_status dbw__pool_acquire(dbw__pool *pool, dbw__pooled **out, dbw_error *error)
{
	dbw__asking asking = { .most_ms = -1 };

	return dbw__pool_acquire_for(pool, &asking, out, error);
}

/* Whether a connection that comes back can be used again, after a rollback where it needs one. */
static bool comes_clean(const dbw_driver *driver, dbw_connection *connection)
{
	dbw_error error;

	return driver->is_clean(connection) ||
	       (driver->rollback(connection, &error) == DBW_OK && driver->is_clean(connection));
}

/* Why a connection that comes back is not kept. */
static dbw__closing judge_returned(dbw__pool *pool, dbw__pooled *pooled)
{
	/* A connection that somebody waits for is not the one too many. */
	if (pool->queue.first == NULL && dbw__pool_open_count(pool) > pool->options.settings.size)
		return DBW__OVERFLOW;
	if (!pool->timed)
		return DBW__KEPT;
	pooled->idle_ms = pool->clock->now_ms();
	pooled->due_ms = dbw__pool_due(pool, pooled, pooled->idle_ms);
	return pooled->idle_ms < pooled->due_ms ? DBW__KEPT : dbw__pool_judge(pool, pooled, pooled->idle_ms);
}

/* The connection that has been idle longest, CLOSING, if that is too long. One at a time: who gives a connection back
 * should not have to wait for many. */
static dbw__pooled *take_longest_idle(dbw__pool *pool, int64_t now_ms)
{
	dbw__pooled *longest = pool->idle_longest;
	dbw__closing why;

	if (!pool->timed || longest == NULL || now_ms < longest->due_ms)
		return NULL;
	why = dbw__pool_judge(pool, longest, now_ms);
	if (why == DBW__KEPT)
		return NULL;
	dbw__pool_retire(pool, longest, why);
	return longest;
}

void dbw__pool_release(dbw__pooled *pooled)
{
	dbw__pool *pool = pooled->pool;
	dbw__closing why = DBW__KEPT;
	dbw__pooled *closing = NULL;

	if (is_forked(pool))
		return;
	if (!comes_clean(pool->options.driver, pooled->connection))
		why = DBW__BROKEN;
	pthread_mutex_lock(&pool->mutex);
	if (pooled->cancelling)
		wait_for_cancel(pool, pooled);
	pooled->holder = NULL;
	if (why == DBW__KEPT)
		why = judge_returned(pool, pooled);
	if (why != DBW__KEPT) {
		dbw__pool_retire(pool, pooled, why);
		closing = pooled;
	} else {
		dbw__pool_move(pool, pooled, DBW__CONNECTION_IDLE);
		if (pooled->in_turn)
			dbw__pool_end_turn(pooled);
		if (pool->queue.first != NULL)
			dbw__pool_serve(pool);
		else
			closing = take_longest_idle(pool, pooled->idle_ms);
	}
	pthread_mutex_unlock(&pool->mutex);
	if (closing != NULL)
		dbw__pool_close(pool, closing);
}

void dbw__pool_shut(dbw__pool *pool)
{
	pthread_mutex_lock(&pool->mutex);
	pool->shut = true;
	dbw__pool_serve(pool);
	dbw__pool_dismiss_writers(pool);
	pthread_mutex_unlock(&pool->mutex);
}

void dbw__pool_cancel(dbw__pool *pool)
{
	const dbw_driver *driver = pool->options.driver;

	if (driver->cancel == NULL)
		return;
	pthread_mutex_lock(&pool->mutex);
	/* Places are only ever added, in front. */
	for (dbw__pooled *each = pool->all; each != NULL; each = each->next_all) {
		if (each->state != DBW__CONNECTION_LEASED || each->cancelling)
			continue;
		each->cancelling = true;
		pthread_mutex_unlock(&pool->mutex);
		driver->cancel(each->connection);
		pthread_mutex_lock(&pool->mutex);
		each->cancelling = false;
		pthread_cond_broadcast(&pool->uncancelled);
	}
	pthread_mutex_unlock(&pool->mutex);
}

uint32_t dbw__pool_in_use(dbw__pool *pool)
{
	uint32_t count;

	pthread_mutex_lock(&pool->mutex);
	count = dbw__pool_open_count(pool) - pool->counts[DBW__CONNECTION_IDLE] + pool->queue.count +
		pool->writers.count;
	pthread_mutex_unlock(&pool->mutex);
	return count;
}

void dbw__pool_statistics(dbw__pool *pool, dbw_pool_statistics *out)
{
	const dbw__pool_settings *settings = &pool->options.settings;
	bool single;

	pthread_mutex_lock(&pool->mutex);
	single = pool->probed && pool->capabilities.single_connection;
	*out = pool->statistics;
	out->size = single ? 1 : settings->size;
	out->overflow = single ? 0 : settings->max_overflow;
	out->open = dbw__pool_open_count(pool);
	out->idle = pool->counts[DBW__CONNECTION_IDLE];
	out->leased = pool->counts[DBW__CONNECTION_LEASED];
	out->waiting = pool->queue.count;
	out->write_waiting = pool->writers.count;
	pthread_mutex_unlock(&pool->mutex);
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

unsigned long dbw__pool_newest(dbw__pool *pool)
{
	dbw__pooled *pooled = newest(pool);

	return pooled == NULL ? 0 : pooled->number;
}

void dbw__pool_close_newest(dbw__pool *pool)
{
	dbw__pooled *pooled = newest(pool);

	if (pooled == NULL)
		return;
	pthread_mutex_lock(&pool->mutex);
	dbw__pool_retire(pool, pooled, DBW__KEPT);
	pthread_mutex_unlock(&pool->mutex);
	dbw__pool_close(pool, pooled);
}

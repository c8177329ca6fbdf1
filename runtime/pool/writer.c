/*
 * Whose turn it is to write, where one transaction at a time can. SQLite lets others wait in its busy handler, which sleeps and
 * looks again: a thread that comes at the right moment gets in between, and one that does not may wait for ever. So the
 * writers of a program wait here and meet only those of other programs there.
 *
 * A session takes its turn before its connection: writers that wait keep no connection from those that read.
 */
#include "state.h"

/*
 * To wake a thread takes longer than a small transaction, and nobody writes meanwhile. So the turn is anybody's while nobody has waited
 * longer than this, and the first of those who wait is woken to take it; from then on the turn is kept for it.
 */
enum { PATIENCE_MS = 5 };

static void give(dbw__pool *pool, dbw__waiter *waiter)
{
	pool->writer = waiter->purpose;
	dbw__queue_call(&pool->writers, NULL, waiter);
}

static void count_wait(dbw__pool *pool, int64_t waited_ms, bool in_vain)
{
	dbw_pool_statistics *statistics = &pool->statistics;

	statistics->write_waits++;
	statistics->write_timeouts += in_vain;
	statistics->write_waited_ms += waited_ms;
	if (waited_ms > statistics->longest_write_wait_ms)
		statistics->longest_write_wait_ms = waited_ms;
}

static dbw_status wait(dbw__pool *pool, dbw__asking *asking, int64_t most_ms)
{
	dbw__waiter self = { .purpose = asking->purpose, .since_ms = pool->clock->now_ms() };
	int64_t waited_ms;
	bool in_time = true;

	if (dbw__queue_join(&pool->writers, &self) != DBW_OK)
		return DBW_OUT_OF_MEMORY;
	while (!self.called && in_time) {
		in_time = pool->clock->wait(&self.condition, &pool->mutex, self.since_ms + most_ms);
		if (pool->writer == NULL && pool->writers.first == &self)
			give(pool, &self);
	}
	dbw__queue_leave(&pool->writers, &self);
	waited_ms = pool->clock->now_ms() - self.since_ms;
	count_wait(pool, waited_ms, !self.called);
	/* The rest is for the wait for a connection, a look at least. */
	if (asking->most_ms >= 0)
		asking->most_ms = waited_ms < asking->most_ms ? asking->most_ms - waited_ms : 1;
	return self.called ? self.refused : DBW_TIMEOUT;
}

/* Who writes, or is about to: if it is nobody's turn, the first of those who wait has been woken. */
static const char *present(const dbw__pool *pool)
{
	return pool->writer != NULL ? pool->writer : pool->writers.first->purpose;
}

static dbw_status explain(
	const dbw__pool *pool, dbw_status status, const dbw_writer_wait *limit, dbw_error *error)
{
	switch (status) {
	case DBW_LIFECYCLE: return dbw__pool_fail_shut(pool, error);
	case DBW_TIMEOUT:
		if (pool->writer != NULL && !pool->writing)
			return dbw__fail(error, DBW_TIMEOUT,
				"database \"%s\": waited %lld ms (%s) to write; it is the turn of session \"%s\" of this "
				"program, which finds no connection: end sessions earlier or raise pool_size",
				pool->options.address.database, (long long)limit->most_ms, limit->setting,
				pool->writer);
		return dbw__fail(error, limit->status,
			"database \"%s\": waited %lld ms (%s) for others that write; it is session \"%s\" of this "
			"program: end it first",
			pool->options.address.database, (long long)limit->most_ms, limit->setting,
			present(pool));
	default: return dbw__fail(error, status, "out of memory");
	}
}

dbw_status dbw__pool_take_turn(dbw__pool *pool, dbw__asking *asking, dbw_error *error)
{
	dbw_writer_wait limit = pool->writer_wait;
	dbw_status status = DBW_TIMEOUT;

	if (pool->shut)
		return dbw__pool_fail_shut(pool, error);
	if (pool->writer == NULL) {
		pool->writer = asking->purpose;
		return DBW_OK;
	}
	if (asking->most_ms >= 0 && asking->most_ms < limit.most_ms)
		limit = (dbw_writer_wait){ asking->most_ms, DBW_TIMEOUT, "the session's deadline" };
	if (limit.most_ms > 0) {
		asking->waited = true;
		status = wait(pool, asking, limit.most_ms);
	}
	return status == DBW_OK ? DBW_OK : explain(pool, status, &limit, error);
}

void dbw__pool_pass_turn(dbw__pool *pool)
{
	dbw__waiter *next = pool->writers.first;

	pool->writer = NULL;
	pool->writing = false;
	if (next == NULL)
		return;
	if (pool->clock->now_ms() - next->since_ms >= PATIENCE_MS)
		give(pool, next);
	else
		pthread_cond_signal(&next->condition);
}

void dbw__pool_end_turn(dbw__pooled *pooled)
{
	pooled->in_turn = false;
	dbw__pool_pass_turn(pooled->pool);
}

void dbw__pool_dismiss_writers(dbw__pool *pool)
{
	while (pool->writers.first != NULL) {
		pool->writers.first->refused = DBW_LIFECYCLE;
		dbw__queue_call(&pool->writers, NULL, pool->writers.first);
	}
}

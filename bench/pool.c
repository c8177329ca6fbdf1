/* A connection leased and given back, uncontended: the runtime's pool beside a list behind a mutex. */
#include "side.h"

#include <driver/bundled.h>
#include <pool/pool.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

/* What an expert writes who gives up when there is no connection: a list, a mutex, a condition for those that wait. */
typedef struct place {
	struct place *next;
} place;

static struct {
	pthread_mutex_t mutex;
	pthread_cond_t condition;
	place *idle;
	int waiting;
} list = { PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, NULL, 0 };

static place *take(void)
{
	place *taken;

	pthread_mutex_lock(&list.mutex);
	while (list.idle == NULL) {
		list.waiting++;
		pthread_cond_wait(&list.condition, &list.mutex);
		list.waiting--;
	}
	taken = list.idle;
	list.idle = taken->next;
	pthread_mutex_unlock(&list.mutex);
	return taken;
}

static void give(place *taken)
{
	pthread_mutex_lock(&list.mutex);
	taken->next = list.idle;
	list.idle = taken;
	if (list.waiting != 0)
		pthread_cond_signal(&list.condition);
	pthread_mutex_unlock(&list.mutex);
}

__attribute__((noinline)) bool pool_by_hand(int64_t count)
{
	static place only;

	list.idle = &only;
	for (int64_t i = 0; i < count; i++)
		give(take());
	return true;
}

static dbw__pool_common common;
static dbw__pool *pool;

bool pool_open(bool aging)
{
	const dbw__pool_options options = { .common = &common,
		.driver = &dbw__sqlite_driver,
		.address = { .database = "bench", .location = ":memory:" },
		.schema = "shop",
		.settings = { .size = 4,
			.acquire_timeout_ms = 1000,
			.idle_timeout_ms = aging ? 60000 : 0,
			.max_lifetime_ms = aging ? 3600000 : 0 } };

	return dbw__pool_new(&options, &pool) == DBW_OK;
}

void pool_close(void)
{
	dbw__pool_free(pool);
	pool = NULL;
}

__attribute__((noinline)) bool pool_of_ours(int64_t count)
{
	dbw_error error;

	for (int64_t i = 0; i < count; i++) {
		dbw__pooled *taken;

		if (dbw__pool_acquire(pool, &taken, &error) != DBW_OK) {
			fprintf(stderr, "bench: %s\n", error.message);
			return false;
		}
		dbw__pool_release(taken);
	}
	return true;
}

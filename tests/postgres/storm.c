/*
 * Sixteen threads on four connections, whose server processes are ended by the administrator meanwhile, or whose server dies
 * (crash.sh): every thread gets on, and what is there in the end is what the statuses said.
 *
 *     storm          for DBWRIGHT_STORM_SECONDS; 8 on a server, 3 on a file where that is not said
 *     storm crash    the same where somebody else makes the trouble, and the server may be gone for a while
 */
#include "fresh.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <programs_program.h>
#include <store.h>

enum {
	THREADS = 16,
	WORKS = 100000,
	RESERVED = 20000,
	SERVER_SECONDS = 8,
	FILE_SECONDS = 3,
	KILL_EVERY_MS = 15,
	HEALED_WITHIN_S = 60
};

/* What came of a piece of work. */
enum { NOT_DONE, DONE, UNKNOWN };

struct worker {
	pthread_t thread;
	int number;
	int works;
	unsigned char *outcomes; /* Of each. */
	int done, not_done, unknown, runs;
	char strange[640]; /* What should not have come, or "". */
};

static dbw_databases *databases;
static atomic_bool over;

static _Noreturn void fail(const char *what, const char *why)
{
	fprintf(stderr, "storm: %s: %s\n", what, why);
	exit(1);
}

struct work {
	struct worker *worker;
	char email[2][32];
};

/* Two rows, so that half of a transaction would be seen. */
static dbw_status sign_up(store_session s, void *argument)
{
	struct work *work = argument;

	work->worker->runs++;
	for (int i = 0; i < 2; i++) {
		user row = USER_INIT;
		dbw_status status;

		row.name = "Ada";
		row.email = work->email[i];
		status = user_insert(s, &row);
		if (status != DBW_OK)
			return status;
	}
	return DBW_OK;
}

static dbw_status do_one(struct worker *worker)
{
	const dbw_session_options options = { .purpose = "storm" };
	const int number = worker->works++;
	struct work work = { .worker = worker };
	dbw_error error;
	dbw_status status;

	for (int i = 0; i < 2; i++)
		snprintf(work.email[i], sizeof work.email[i], "%d.%d.%d", worker->number, number, i);
	status = store_transaction(databases, &options, sign_up, &work, &error);
	switch (status) {
	case DBW_OK:
		worker->outcomes[number] = DONE;
		worker->done++;
		break;
	case DBW_UNKNOWN_OUTCOME:
		worker->outcomes[number] = UNKNOWN;
		worker->unknown++;
		break;
	case DBW_CONNECTION:
	case DBW_BUSY:
	case DBW_TIMEOUT: worker->not_done++; break;
	default:
		if (worker->strange[0] == '\0')
			snprintf(worker->strange, sizeof worker->strange, "%s: %s", dbw_status_name(status),
				error.message);
		break;
	}
	/* Nobody knocks at the door of a server that is not there without a break. */
	if (status != DBW_OK)
		usleep(5000);
	return status;
}

static void *work(void *argument)
{
	struct worker *worker = argument;
	time_t late;

	while (!atomic_load(&over) && worker->works < WORKS - RESERVED)
		do_one(worker);
	/* The trouble is over: each comes through again. */
	late = time(NULL) + HEALED_WITHIN_S;
	while (worker->works < WORKS && time(NULL) < late)
		if (do_one(worker) == DBW_OK)
			return NULL;
	snprintf(worker->strange, sizeof worker->strange, "%s", "it does not heal");
	return NULL;
}

static void open_store(void)
{
	static const char *const used[] = { "store" };
	static const dbw_setting four[] = { { "pool_size", "4" }, { "acquire_timeout_ms", "60000" } };
	char direct[FRESH_URL_SIZE], url[FRESH_URL_SIZE + 64];
	const dbw_entry entry = {
		.name = "store", .connection_string = url, .settings = four, .setting_count = 2
	};
	const dbw_options options = { .entries = &entry, .entry_count = 1, .only = used, .only_count = 1 };
	store_session s;
	dbw_error error;

	fresh_database("store", direct);
	if (fresh_on_postgresql())
		snprintf(url, sizeof url, "%s&application_name=storm_%ld", direct, (long)getpid());
	else
		snprintf(url, sizeof url, "%s", direct);
	if (dbw_databases_open(&databases, &programs_program, &options, &error) != DBW_OK ||
		store_begin(databases, "make", &s, &error) != DBW_OK)
		fail("open", error.message);
	if (store_create_tables(s) != DBW_OK || store_commit(s) != DBW_OK)
		fail("tables", dbw_session_error(s.any)->message);
}

/* One process of the server after the other, at random. */
static void make_trouble(int seconds, bool kill)
{
	const time_t end = time(NULL) + seconds;
	char sql[256], ended[16];

	snprintf(sql, sizeof sql,
		"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'storm_%ld' "
		"ORDER BY random() LIMIT 1",
		(long)getpid());
	while (time(NULL) < end) {
		usleep(KILL_EVERY_MS * 1000);
		if (kill)
			fresh_ask("store", sql, ended, sizeof ended);
	}
}

/* Which rows of which work are there: two bits each. */
static unsigned char *look(int *count)
{
	unsigned char *found = calloc((size_t)THREADS * WORKS, 1);
	const user *row;
	user_cursor cursor;
	store_reader r;
	dbw_error error;
	dbw_status status;

	*count = 0;
	if (found == NULL)
		fail("look", "out of memory");
	if (store_read_begin(databases, "look", &r, &error) != DBW_OK)
		fail("look", error.message);
	status = user_cursor_open(r, &(user_query){ .columns = { .email = true } }, &cursor);
	while (status == DBW_OK) {
		int thread, number, half;

		status = user_cursor_next(&cursor, &row);
		if (status != DBW_OK || row == NULL)
			break;
		if (sscanf(row->email, "%d.%d.%d", &thread, &number, &half) != 3)
			fail("look", row->email);
		found[(size_t)thread * WORKS + (size_t)number] |= (unsigned char)(1 << half);
		++*count;
	}
	if (status != DBW_OK)
		fail("look", dbw_session_error(r.any)->message);
	user_cursor_close(&cursor);
	store_read_end(r);
	return found;
}

/* 1 where what is there is not what was said. */
static int compare(const struct worker *worker, const unsigned char *found)
{
	for (int i = 0; i < worker->works; i++) {
		const bool whole = found[i] == 3;

		if (found[i] != 0 && !whole)
			fprintf(stderr, "storm: %d.%d is there by half\n", worker->number, i);
		else if (worker->outcomes[i] == DONE && !whole)
			fprintf(stderr, "storm: %d.%d was committed, and is not there\n", worker->number, i);
		else if (worker->outcomes[i] == NOT_DONE && whole)
			fprintf(stderr, "storm: %d.%d was not committed, and is there\n", worker->number, i);
		else
			continue;
		return 1;
	}
	return 0;
}

int main(int count, char **arguments)
{
	static struct worker workers[THREADS];
	const char *said = getenv("DBWRIGHT_STORM_SECONDS");
	const int seconds = said != NULL && said[0] != '\0' ? atoi(said)
			    : fresh_on_postgresql()         ? SERVER_SECONDS
							    : FILE_SECONDS;
	const bool crash = count > 1 && strcmp(arguments[1], "crash") == 0;
	int least = WORKS, most = 0, done = 0, not_done = 0, unknown = 0, runs = 0, rows, failed = 0;
	dbw_pool_statistics pool;
	unsigned char *found;
	dbw_error error;

	open_store();
	for (int i = 0; i < THREADS; i++) {
		workers[i].number = i;
		workers[i].outcomes = calloc(WORKS, 1);
		if (workers[i].outcomes == NULL ||
			pthread_create(&workers[i].thread, NULL, work, &workers[i]) != 0)
			fail("threads", "there are none");
	}
	make_trouble(seconds, fresh_on_postgresql() && !crash);
	atomic_store(&over, true);
	for (int i = 0; i < THREADS; i++)
		pthread_join(workers[i].thread, NULL);
	found = look(&rows);
	for (int i = 0; i < THREADS; i++) {
		const struct worker *worker = &workers[i];

		if (worker->strange[0] != '\0') {
			fprintf(stderr, "storm: thread %d: %s\n", i, worker->strange);
			failed = 1;
		}
		failed |= compare(worker, found + (size_t)i * WORKS);
		least = worker->done < least ? worker->done : least;
		most = worker->done > most ? worker->done : most;
		done += worker->done;
		not_done += worker->not_done;
		unknown += worker->unknown;
		runs += worker->runs;
		free(worker->outcomes);
	}
	free(found);
	if (dbw_databases_statistics(databases, "store", &pool, &error) != DBW_OK)
		fail("statistics", error.message);
	printf("%d done (each thread %d to %d), %d not, %d unknown, %d tried again; %d rows; "
	       "%llu connections, %llu broken, %u leased\n",
		done, least, most, not_done, unknown, runs - done - unknown, rows,
		(unsigned long long)pool.opened, (unsigned long long)pool.closed_broken, pool.leased);
	/*
	 * First come, first served: no thread has much less than another. Whose turn it is among SQLite's writers, who have
	 * their connections, is luck: who waits for the lock sleeps, and asks again later.
	 */
	if (least < 1 || (fresh_on_postgresql() && least * 10 < most)) {
		fprintf(stderr, "storm: a thread is starved\n");
		failed = 1;
	}
	if (pool.leased != 0 || pool.waiting != 0 || pool.open > 4) {
		fprintf(stderr, "storm: the pool is not at rest\n");
		failed = 1;
	}
	if (dbw_databases_close(databases, &error) != DBW_OK)
		fail("close", error.message);
	fresh_remove();
	return failed;
}

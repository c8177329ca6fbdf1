/*
 * bench_writers FILE THREADS SECONDS    threads of one program that each begin, update a row of their own and commit, again
 *                                       and again, on one SQLite file. Prints, of all threads together, transactions a
 *                                       second; of the thread that had the fewest and the one that had the most,
 *                                       transactions a second; the longest transaction in milliseconds, with its wait; how
 *                                       many gave DBW_BUSY
 * bench_writers FILE begin COUNT        begins and commits COUNT writers that write nothing, in measured(), for callgrind
 */
#include <bench_program.h>
#include <shop.h>

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MOST = 64 };

typedef struct worker {
	pthread_t thread;
	int64_t row;
	int64_t done, busy;
	int64_t longest_us;
} worker;

static dbw_databases *databases;
static void measured(int count);

static worker workers[MOST];
static atomic_bool over;

static void fail(const char *what)
{
	fprintf(stderr, "bench_writers: %s\n", what);
	exit(1);
}

static int64_t now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static dbw_status write_once(worker *self)
{
	const user_columns columns = { .score = true };
	user row = USER_INIT;
	shop_session session;
	dbw_error error;
	dbw_status status = shop_begin(databases, "bench", &session, &error);

	if (status == DBW_BUSY)
		return status;
	if (status != DBW_OK)
		fail(error.message);
	row.id = self->row;
	row.score = (int32_t)self->done;
	if (user_update(session, &row, columns) != DBW_OK || shop_commit(session) != DBW_OK)
		fail(dbw_session_error(session.any)->message);
	return DBW_OK;
}

static void *work(void *argument)
{
	worker *self = argument;

	while (!atomic_load(&over)) {
		const int64_t before = now_us();
		const dbw_status status = write_once(self);
		const int64_t took_us = now_us() - before;

		self->done += status == DBW_OK;
		self->busy += status == DBW_BUSY;
		if (took_us > self->longest_us)
			self->longest_us = took_us;
	}
	return NULL;
}

static void prepare(const char *file)
{
	dbw_entry entry = dbw_entry_sqlite("shop", file);
	dbw_options how = { .entries = &entry, .entry_count = 1, .dotenv = "" };
	shop_session session;
	dbw_error error;

	if (dbw_databases_open(&databases, &bench_program, &how, &error) != DBW_OK ||
		shop_begin(databases, "prepare", &session, &error) != DBW_OK)
		fail(error.message);
	if (shop_create_tables(session) != DBW_OK)
		fail(dbw_session_error(session.any)->message);
	for (int i = 0; i < MOST; i++) {
		user row = USER_INIT;
		char email[16];

		snprintf(email, sizeof email, "%d", i);
		row.name = row.email = email;
		row.token.bytes[0] = (uint8_t)(i + 1);
		row.created_at.us = 0;
		if (user_insert(session, &row) != DBW_OK)
			fail(dbw_session_error(session.any)->message);
		workers[i].row = row.id;
	}
	if (shop_commit(session) != DBW_OK)
		fail("cannot commit");
}

static void run(int threads, int seconds)
{
	const struct timespec time = { .tv_sec = seconds };
	int64_t done = 0, busy = 0, fewest = INT64_MAX, greatest = 0, longest_us = 0;

	for (int i = 0; i < threads; i++)
		if (pthread_create(&workers[i].thread, NULL, work, &workers[i]) != 0)
			fail("cannot start a thread");
	nanosleep(&time, NULL);
	atomic_store(&over, true);
	for (int i = 0; i < threads; i++) {
		const worker *each = &workers[i];

		pthread_join(each->thread, NULL);
		done += each->done;
		busy += each->busy;
		fewest = each->done < fewest ? each->done : fewest;
		greatest = each->done > greatest ? each->done : greatest;
		longest_us = each->longest_us > longest_us ? each->longest_us : longest_us;
	}
	printf("%lld %lld %lld %lld %lld\n", (long long)done / seconds, (long long)fewest / seconds,
		(long long)greatest / seconds, (long long)longest_us / 1000, (long long)busy);
}

static __attribute__((noinline)) void measured(int count)
{
	shop_session session;

	for (int i = 0; i < count; i++)
		if (shop_begin(databases, "bench", &session, NULL) != DBW_OK ||
			shop_commit(session) != DBW_OK)
			fail("cannot begin and commit");
}

int main(int argc, char **argv)
{
	const int number = argc == 4 ? atoi(argv[2]) : 0, last = argc == 4 ? atoi(argv[3]) : 0;
	const bool counts = argc == 4 && strcmp(argv[2], "begin") == 0;

	if (argc != 4 || last < 1 || (!counts && (number < 1 || number > MOST)))
		fail("FILE THREADS SECONDS, or FILE begin COUNT");
	prepare(argv[1]);
	if (counts) {
		measured(1);
		measured(last);
	} else {
		run(number, last);
	}
	return dbw_databases_close(databases, NULL) == DBW_OK ? 0 : 1;
}

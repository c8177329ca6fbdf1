/* What goes wrong: time, cancelling, threads, wrong settings, and whether anything is left behind. */
#include "conformance.h"

#include <dirent.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

/* Ends by itself on no engine. */
#define ENDLESS "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT 1 FROM n) SELECT count(*) FROM n"

/* The connection is as good as before. */
static bool it_goes_on(trial *run)
{
	int64_t count;
	probe_session s;
	owner row = OWNER_INIT;
	dbw_error error;

	WANT_WITH(error, probe_begin(run->databases, "go on", &s, &error), DBW_OK);
	row.name = "after";
	WANT(s, owner_insert(s, &row), DBW_OK);
	WANT(s, owner_count(s.read, NULL, &count), DBW_OK);
	HOLDS(count == 1);
	WANT(s, probe_end(s), DBW_OK);
	return true;
}

static bool a_deadline_stops(trial *run)
{
	const dbw_session_options options = { .purpose = "in a hurry", .deadline_ms = 60 };
	dbw_records rows;
	probe_session s;
	probe_reader r;
	dbw_error error;

	WANT_WITH(error, probe_read_begin_with(run->databases, &options, &r, &error), DBW_OK);
	WANT(r, dbw_sql(r.any, DBW_SQL(ENDLESS), NULL, 0, &rows), DBW_TIMEOUT);
	WANT(r, probe_read_end(r), DBW_OK);
	WANT_WITH(error, probe_begin_with(run->databases, &options, &s, &error), DBW_OK);
	WANT(s, dbw_sql(s.any, DBW_SQL(ENDLESS), NULL, 0, &rows), DBW_TIMEOUT);
	HOLDS(probe_commit(s) != DBW_OK);
	WANT(s, probe_end(s), DBW_OK);
	return it_goes_on(run);
}

struct stopper {
	probe_reader reader;
	dbw_status last;
};

/* What is about to begin may run: so again and again, until the session has ended, or cannot be stopped. */
static void *stop(void *argument)
{
	struct stopper *stopper = argument;

	do
		stopper->last = probe_cancel(stopper->reader);
	while (stopper->last != DBW_ENDED && stopper->last != DBW_UNSUPPORTED);
	return NULL;
}

static bool another_thread_cancels(trial *run)
{
	/* Not for ever, where it cannot be cancelled. */
	const dbw_session_options options = { .purpose = "endless", .deadline_ms = 20000 };
	struct stopper stopper = { .last = DBW_OK };
	dbw_records rows;
	dbw_status status;
	dbw_error error;
	pthread_t thread;

	WANT_WITH(error, probe_read_begin_with(run->databases, &options, &stopper.reader, &error), DBW_OK);
	if (probe_cancel((probe_reader){ stopper.reader.any }) == DBW_UNSUPPORTED) {
		WANT(stopper.reader, probe_read_end(stopper.reader), DBW_OK);
		return run_skips(run, "the driver has no call `cancel`");
	}
	WANT(stopper.reader, probe_read_end(stopper.reader), DBW_OK);
	for (int turn = 0; turn < 3; turn++) {
		WANT_WITH(error, probe_read_begin_with(run->databases, &options, &stopper.reader, &error),
			DBW_OK);
		if (pthread_create(&thread, NULL, stop, &stopper) != 0)
			return run_fails(run, "no thread can be made");
		status = dbw_sql(stopper.reader.any, DBW_SQL(ENDLESS), NULL, 0, &rows);
		probe_read_end(stopper.reader);
		pthread_join(thread, NULL);
		if (status != DBW_CANCELLED)
			return run_gave(run, "a cancelled statement", status, DBW_CANCELLED, "");
	}
	return it_goes_on(run);
}

enum { THREADS = 4, TURNS = 25 };

struct worker {
	dbw_databases *databases;
	atomic_int *failures;
	char name[16];
};

static dbw_status add_one(probe_session s, void *argument)
{
	const owner_change change = { .where = { .name = dbw_eq("counter") },
		.set = { .score = dbw_add(1) } };
	owner row = OWNER_INIT;
	int64_t changed;
	dbw_status status = owner_update_where(s, &change, &changed);

	row.name = argument;
	if (status == DBW_OK)
		status = owner_insert(s, &row);
	return status == DBW_OK ? owner_delete_by_id(s, row.id) : status;
}

static void *work(void *argument)
{
	struct worker *worker = argument;
	const dbw_session_options options = { .purpose = "count", .attempts = 100 };

	for (int turn = 0; turn < TURNS; turn++) {
		dbw_error error;

		if (probe_transaction(worker->databases, &options, add_one, worker->name, &error) != DBW_OK)
			atomic_fetch_add(worker->failures, 1);
	}
	return NULL;
}

static bool threads_work_beside_each_other(trial *run)
{
	owner counter = OWNER_INIT, *found;
	struct worker workers[THREADS];
	pthread_t threads[THREADS];
	atomic_int failures = 0;
	int64_t sum;
	probe_session s;
	dbw_error error;

	if (run->single_connection)
		return run_skips(run, "the database has one connection");
	WANT_WITH(error, probe_begin(run->databases, "begin", &s, &error), DBW_OK);
	counter.name = "counter";
	WANT(s, owner_insert(s, &counter), DBW_OK);
	WANT(s, probe_commit(s), DBW_OK);
	for (int i = 0; i < THREADS; i++) {
		workers[i] = (struct worker){ .databases = run->databases, .failures = &failures };
		snprintf(workers[i].name, sizeof workers[i].name, "worker %d", i);
		if (pthread_create(&threads[i], NULL, work, &workers[i]) != 0)
			return run_fails(run, "no thread can be made");
	}
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	WANT_WITH(error, probe_begin(run->databases, "look", &s, &error), DBW_OK);
	WANT(s, owner_find_by_id(s.read, counter.id, &found), DBW_OK);
	sum = found->score;
	owner_free(found);
	WANT(s, probe_end(s), DBW_OK);
	if (atomic_load(&failures) != 0 || sum != THREADS * TURNS)
		return run_fails(run, "%d transactions failed, and %lld of %d are kept",
			atomic_load(&failures), (long long)sum, THREADS * TURNS);
	return true;
}

static bool settings_are_checked(trial *run)
{
	const dbw_setting *settings = run->options->entries[0].settings;
	const size_t count = run->options->entries[0].setting_count;
	dbw_setting wrong[64];
	dbw_entry entry = run->options->entries[0];
	dbw_options options = *run->options;
	dbw_databases *databases;
	dbw_error error;

	for (size_t i = 0; i < count; i++)
		wrong[i] = settings[i];
	wrong[count] = (dbw_setting){ "options.dbwright_no_such_setting", "geheim" };
	entry.settings = wrong;
	entry.setting_count = count + 1;
	options.entries = &entry;
	WANT_WITH(error, dbw_databases_open(&databases, &conformance_program, &options, &error), DBW_CONFIG);
	if (strstr(error.message, "geheim") != NULL)
		return run_fails(run, "the message holds the value of a setting");
	return true;
}

/* Open files of the process; -1 where that cannot be known. */
static int open_files(void)
{
	DIR *folder = opendir("/proc/self/fd");
	int count = 0;

	if (folder == NULL)
		return -1;
	while (readdir(folder) != NULL)
		count++;
	closedir(folder);
	return count;
}

static bool nothing_is_left_open(trial *run)
{
	dbw_error error;
	int before;

	if (run->single_connection)
		return run_skips(run, "the database has one connection");
	/* SQLite keeps files open as long as another connection of the process has locks on them. */
	WANT_WITH(error, dbw_databases_close(run->databases, &error), DBW_OK);
	run->databases = NULL;
	before = open_files();
	for (int turn = 0; turn < 20; turn++) {
		dbw_databases *databases;
		probe_session s, nested;
		dbw_records rows;

		WANT_WITH(error, run_open(run, 2, &databases, &error), DBW_OK);
		/* A `sqlite::temp:` database is another one each time, and has no tables. */
		WANT_WITH(error, probe_begin(databases, "leave open", &s, &error), DBW_OK);
		WANT(s, dbw_sql(s.any, DBW_SQL("SELECT 1"), NULL, 0, &rows), DBW_OK);
		dbw_records_free(&rows);
		if (turn % 2 == 0)
			WANT(s, probe_nest(s, "inside", &nested), DBW_OK);
		/* With everything open: it is closed, and told. */
		WANT_WITH(error, dbw_databases_close(databases, &error), DBW_LIFECYCLE);
	}
	if (before >= 0 && open_files() != before)
		return run_fails(run, "%d files are left open", open_files() - before);
	return true;
}

const claim limit_checks[] = {
	{ "a deadline stops a statement", a_deadline_stops },
	{ "another thread cancels a statement", another_thread_cancels },
	{ "threads work beside each other", threads_work_beside_each_other },
	{ "settings that do not exist are refused, without their values", settings_are_checked },
	{ "closing leaves no file open", nothing_is_left_open },
	{ NULL, NULL },
};

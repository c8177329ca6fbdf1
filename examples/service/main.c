/*
 * A service: eight threads that write through four connections until SIGTERM or SIGINT. Then no session begins any
 * more, those that are open have five seconds to end, the threads come home, and the databases close.
 */
#include <journal.h>
#include <service_program.h>

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <time.h>

enum { WORKERS = 8, PATIENCE_MS = 5000 };

typedef struct worker {
	pthread_t thread;
	dbw_databases *dbs;
	int number;
	int written;
	dbw_error error; /* Why it stopped. */
} worker;

static int fail(const dbw_error *error)
{
	fprintf(stderr, "service: %s\n", error->message);
	return 1;
}

/* One deed in a session of its own; the error has the reason if not. */
static dbw_status write_deed(worker *self)
{
	journal_session s;
	deed d = DEED_INIT;

	if (journal_begin(self->dbs, "write a deed", &s, &self->error) != DBW_OK)
		return self->error.status;
	d.worker = self->number;
	dbw_status status = deed_insert(s, &d);
	if (status == DBW_OK)
		status = journal_commit(s);
	if (status != DBW_OK)
		self->error = *dbw_session_error(s.any);
	journal_end(s);
	return status;
}

static void *work(void *argument)
{
	worker *self = argument;
	dbw_status status = DBW_OK;

	while (status == DBW_OK || status == DBW_BUSY || status == DBW_TIMEOUT) {
		status = write_deed(self);
		self->written += status == DBW_OK;
	}
	return NULL;
}

/* Makes the table in the first run; counts what earlier runs have written. */
static int prepare(dbw_databases *dbs, dbw_error *err)
{
	journal_session s;
	int64_t count = 0;

	if (journal_begin(dbs, "prepare", &s, err) != DBW_OK)
		return fail(err);
	dbw_status status = journal_create_tables(s);
	if (status == DBW_EXISTS)
		status = deed_count(s.read, NULL, &count);
	else if (status == DBW_OK)
		status = journal_commit(s);
	if (status == DBW_OK)
		printf("%lld deeds of earlier runs\n", (long long)count);
	else
		fail(dbw_session_error(s.any));
	journal_end(s);
	return status != DBW_OK;
}

/* Waits for a signal; now and then, closes connections that have been idle for long. */
static void wait_for_the_end(dbw_databases *dbs, const sigset_t *signals)
{
	const struct timespec now_and_then = { .tv_sec = 30 };
	dbw_error err;

	while (sigtimedwait(signals, NULL, &now_and_then) < 0) {
		if (dbw_databases_maintain(dbs, &err) != DBW_OK)
			fail(&err);
	}
}

static int serve(dbw_databases *dbs, const sigset_t *signals, dbw_error *err)
{
	worker workers[WORKERS] = { { .written = 0 } };
	int running = 0, written = 0, failed = 0;

	for (; running < WORKERS; running++) {
		workers[running].dbs = dbs;
		workers[running].number = running;
		if (pthread_create(&workers[running].thread, NULL, work, &workers[running]) != 0)
			break;
	}
	printf("%d workers\n", running);
	fflush(stdout);
	wait_for_the_end(dbs, signals);
	if (dbw_databases_drain(dbs, PATIENCE_MS, err) != DBW_OK)
		failed = fail(err); /* names the purposes of the sessions that held on */
	for (int i = 0; i < running; i++) {
		pthread_join(workers[i].thread, NULL);
		written += workers[i].written;
		if (workers[i].error.status != DBW_LIFECYCLE)
			failed = fail(&workers[i].error);
	}
	printf("%d deeds of this run\n", written);
	return failed || running < WORKERS;
}

int main(void)
{
	dbw_databases *dbs;
	dbw_error err;
	sigset_t signals;

	/* Before there are threads, so that all of them leave the signals to this one. */
	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	pthread_sigmask(SIG_BLOCK, &signals, NULL);
	if (dbw_databases_open(&dbs, &service_program, NULL, &err) != DBW_OK)
		return fail(&err);
	int failed = prepare(dbs, &err) || serve(dbs, &signals, &err);
	if (dbw_databases_close(dbs, &err) != DBW_OK)
		failed = fail(&err);
	return failed;
}

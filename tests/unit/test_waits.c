/* What sessions wait for, what is told of those that keep others waiting, and that one that is cancelled keeps nobody. */
#include "fixture_user.h"

#include <driver/bundled.h>
#include <pool/fork.h>
#include <session/sessions.h>

#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static dbw_driver driver; /* SQLite's; tests put functions of their own in. */
static dbw__pool_common common;
static dbw__pool *pool;
static dbw__sessions *sessions;
static char path[64];
static dbw_error error;

/* A clock that only tests move: to wait is to be at the end of the wait, or to do what a test wants meanwhile. */
static int64_t now_ms;
static void (*meanwhile)(void);

static int64_t test_now(void)
{
	return now_ms;
}

static bool test_wait(pthread_cond_t *condition, pthread_mutex_t *mutex, int64_t until_ms)
{
	void (*step)(void) = meanwhile;

	(void)condition;
	meanwhile = NULL;
	if (step == NULL) {
		now_ms = until_ms;
		return false;
	}
	pthread_mutex_unlock(mutex);
	step();
	pthread_mutex_lock(mutex);
	return true;
}

static const dbw__clock test_clock = { test_now, test_wait };

static char told[256];

static void hear(const dbw_event *event, void *argument)
{
	const size_t used = strlen(told);

	(void)argument;
	if (event->kind != DBW_EVENT_LONG_READ)
		return;
	assert_int_equal(event->status, DBW_OK);
	assert_string_equal(event->database, "test");
	assert_string_equal(event->schema, "auth");
	snprintf(told + used, sizeof told - used, "%s %lld; ", event->purpose,
		(long long)(event->duration_ns / 1000000));
}

static int set_up(void **state)
{
	int file;

	(void)state;
	driver = dbw__sqlite_driver;
	memset(&common, 0, sizeof common);
	common.hook = (dbw__hook){ hear, NULL };
	common.clock = &test_clock;
	now_ms = 1000000;
	meanwhile = NULL;
	told[0] = '\0';
	strcpy(path, "/tmp/dbwright-waits-XXXXXX");
	file = mkstemp(path);
	if (file < 0 || dbw__fork_watch() != DBW_OK)
		return 1;
	common.fork_count = dbw__fork_count();
	return close(file);
}

static int tear_down(void **state)
{
	char name[80];

	(void)state;
	dbw__sessions_free(sessions);
	dbw__pool_free(pool);
	for (int i = 0; i < 3; i++) {
		static const char *const ends[] = { "", "-wal", "-shm" };

		snprintf(name, sizeof name, "%s%s", path, ends[i]);
		unlink(name);
	}
	return 0;
}

static void make(dbw__pool_settings settings)
{
	const dbw__pool_options options = { .common = &common,
		.driver = &driver,
		.address = { .database = "test", .location = path },
		.schema = "auth",
		.settings = settings };

	assert_int_equal(dbw__pool_new(&options, &pool), DBW_OK);
	assert_int_equal(dbw__sessions_new(&common, &sessions), DBW_OK);
}

static dbw_status try(const char *purpose, bool writer, uint32_t deadline_ms, dbw_session *out)
{
	const dbw_session_options options = { .purpose = purpose, .deadline_ms = deadline_ms };

	return dbw__session_begin(sessions, pool, &auth__schema, &options, writer, out, &error);
}

static dbw_session begin(const char *purpose, bool writer)
{
	dbw_session session;

	if (try(purpose, writer, 0, &session) != DBW_OK)
		fail_msg("%s", error.message);
	return session;
}

static void deadline__is_for_the_wait_too(void **state)
{
	dbw_session one, none;

	(void)state;
	make((dbw__pool_settings){ .size = 1, .acquire_timeout_ms = 250 });
	one = begin("holds on", false);
	assert_int_equal(try("in a hurry", false, 100, &none), DBW_TIMEOUT);
	assert_string_equal(error.message,
		"database \"test\": all 1 connections have been in use for 100 ms (\"holds on\"); end sessions earlier "
		"or raise pool_size");
	assert_int_equal(now_ms, 1000100);
	/* The shorter of the two counts. */
	assert_int_equal(try("at leisure", true, 60000, &none), DBW_TIMEOUT);
	assert_int_equal(now_ms, 1000350);
	assert_int_equal(try("without", false, 0, &none), DBW_TIMEOUT);
	assert_int_equal(now_ms, 1000600);
	assert_int_equal(dbw__end(one), DBW_OK);
}

enum { LIMIT_MS = 500 };

static void make_limited(int64_t limit_ms, uint32_t size)
{
	make((dbw__pool_settings){
		.size = size, .acquire_timeout_ms = 250, .max_read_session_ms = limit_ms });
}

static void long_read__is_told_when_it_ends(void **state)
{
	dbw_session session;

	(void)state;
	make_limited(LIMIT_MS, 1);
	session = begin("short", false);
	now_ms += LIMIT_MS - 1;
	assert_int_equal(dbw__end(session), DBW_OK);
	assert_string_equal(told, "");
	session = begin("long", false);
	now_ms += LIMIT_MS;
	assert_string_equal(told, "");
	assert_int_equal(dbw__end(session), DBW_OK);
	assert_string_equal(told, "long 500; ");
	/* Whoever writes needs the time that it needs. */
	session = begin("writer", true);
	now_ms += 2 * LIMIT_MS;
	dbw__sessions_look(sessions);
	assert_int_equal(dbw__commit(session), DBW_OK);
	/* The place of the long one is used again. */
	session = begin("short again", false);
	dbw__sessions_look(sessions);
	assert_int_equal(dbw__end(session), DBW_OK);
	assert_string_equal(told, "long 500; ");
}

static void long_read__is_told_once(void **state)
{
	dbw_session one, two, three;

	(void)state;
	make_limited(LIMIT_MS, 3);
	one = begin("one", false);
	now_ms += 1;
	two = begin("two", false);
	now_ms += LIMIT_MS - 1;
	three = begin("three", false);
	dbw__sessions_look(sessions);
	assert_string_equal(told, "one 500; ");
	now_ms += 1;
	dbw__sessions_look(sessions);
	assert_string_equal(told, "one 500; two 500; ");
	now_ms += 1;
	dbw__sessions_look(sessions);
	assert_int_equal(dbw__end(two), DBW_OK);
	assert_int_equal(dbw__end(one), DBW_OK);
	assert_int_equal(dbw__end(three), DBW_OK);
	assert_string_equal(told, "one 500; two 500; ");
}

static void long_read__is_told_to_who_waits(void **state)
{
	dbw_session one, none;

	(void)state;
	make_limited(LIMIT_MS, 1);
	one = begin("forgotten", false);
	assert_int_equal(try("soon", false, 0, &none), DBW_TIMEOUT);
	assert_string_equal(told, "");
	assert_int_equal(try("later", true, 0, &none), DBW_TIMEOUT);
	assert_string_equal(told, "forgotten 500; ");
	assert_int_equal(dbw__end(one), DBW_OK);
	assert_string_equal(told, "forgotten 500; ");
}

static void long_read__where_nobody_asks(void **state)
{
	dbw_session session;

	(void)state;
	make_limited(0, 1);
	session = begin("long", false);
	now_ms += 1000 * LIMIT_MS;
	dbw__sessions_look(sessions);
	assert_int_equal(dbw__end(session), DBW_OK);
	assert_string_equal(told, "");
}

/* A server that does not answer: the thread that cancels hangs until the test lets it go. */
static struct {
	pthread_mutex_t mutex;
	pthread_cond_t changed;
	dbw_connection *hangs; /* In a call to cancel it; NULL: none. */
	bool let_go;
	int over;
} server = { .mutex = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER };

static dbw_status hang(dbw_connection *connection)
{
	pthread_mutex_lock(&server.mutex);
	server.hangs = connection;
	pthread_cond_broadcast(&server.changed);
	while (!server.let_go)
		pthread_cond_wait(&server.changed, &server.mutex);
	server.hangs = NULL;
	server.over++;
	pthread_mutex_unlock(&server.mutex);
	return DBW_OK;
}

static dbw_connection *wait_for_hang(void)
{
	dbw_connection *found;

	pthread_mutex_lock(&server.mutex);
	while (server.hangs == NULL)
		pthread_cond_wait(&server.changed, &server.mutex);
	found = server.hangs;
	pthread_mutex_unlock(&server.mutex);
	return found;
}

static void let_go(void)
{
	pthread_mutex_lock(&server.mutex);
	server.let_go = true;
	pthread_cond_broadcast(&server.changed);
	pthread_mutex_unlock(&server.mutex);
}

static void make_hanging(void)
{
	common.hook.function = NULL;
	common.clock = NULL;
	server.let_go = false;
	server.over = 0;
	driver.cancel = hang;
	make((dbw__pool_settings){ .size = 3, .acquire_timeout_ms = 600000 });
}

static void *cancel_all(void *argument)
{
	(void)argument;
	dbw__pool_cancel(pool);
	return NULL;
}

static void *cancel_session(void *argument)
{
	dbw__cancel(*(dbw_session *)argument);
	return NULL;
}

/* How many calls to cancel were over when the session had ended. */
static void *end_session(void *argument)
{
	static int over;

	dbw__end(*(dbw_session *)argument);
	pthread_mutex_lock(&server.mutex);
	over = server.over;
	pthread_mutex_unlock(&server.mutex);
	return &over;
}

static void assert_others_go_on(void)
{
	for (int i = 0; i < 3; i++) {
		dbw_session one = begin("one", false), two = begin("two", true);

		assert_int_equal(dbw__commit(two), DBW_OK);
		assert_int_equal(dbw__end(one), DBW_OK);
	}
}

static void cancel__of_one_session_holds_up_no_other(void **state)
{
	dbw_session session;
	pthread_t canceller, ender;
	void *over;

	(void)state;
	make_hanging();
	session = begin("cancelled", false);
	assert_int_equal(pthread_create(&canceller, NULL, cancel_session, &session), 0);
	wait_for_hang();
	assert_others_go_on();
	/* Its own thread waits: the connection is somebody else's next. */
	assert_int_equal(pthread_create(&ender, NULL, end_session, &session), 0);
	assert_others_go_on();
	let_go();
	assert_int_equal(pthread_join(canceller, NULL), 0);
	assert_int_equal(pthread_join(ender, &over), 0);
	assert_int_equal(*(int *)over, 1);
	assert_int_equal(dbw__pool_in_use(pool), 0);
}

static void cancel__of_a_pool_holds_up_nobody(void **state)
{
	dbw_session session;
	pthread_t canceller, ender;
	void *over;

	(void)state;
	make_hanging();
	session = begin("cancelled", false);
	assert_int_equal(pthread_create(&canceller, NULL, cancel_all, NULL), 0);
	wait_for_hang();
	assert_others_go_on();
	assert_int_equal(pthread_create(&ender, NULL, end_session, &session), 0);
	assert_others_go_on();
	let_go();
	assert_int_equal(pthread_join(canceller, NULL), 0);
	assert_int_equal(pthread_join(ender, &over), 0);
	assert_true(*(int *)over >= 1);
	assert_int_equal(dbw__pool_in_use(pool), 0);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

/* Opening fails, or waits until it may go on. */
static sem_t opening, go;
static bool refuses;

static dbw_status open_oddly(const dbw_address *address, dbw_connection **out, dbw_error *reason)
{
	if (refuses)
		return dbw__fail(reason, DBW_CONNECTION, "not now");
	sem_post(&opening);
	sem_wait(&go);
	return dbw__sqlite_driver.open(address, out, reason);
}

static void *maintain(void *argument)
{
	dbw_error own;

	(void)argument;
	dbw__pool_maintain(pool, &own);
	return NULL;
}

static pthread_t maintainer;

/* The connection is handed to who waits, who has not woken yet; meanwhile another one asks in vain. */
static void hand_over(void)
{
	dbw_session none;

	sem_post(&go);
	assert_int_equal(pthread_join(maintainer, NULL), 0);
	assert_int_equal(try("in vain", false, 10, &none), DBW_TIMEOUT);
	assert_string_equal(error.message,
		"database \"test\": all 1 connections have been in use for 10 ms; end sessions earlier or raise "
		"pool_size");
}

/* The purpose of a session that did not come to be is forgotten: it may be freed. */
static void holders__are_those_of_now(void **state)
{
	dbw_session session;
	char *purpose = strdup("did not come to be");

	(void)state;
	assert_non_null(purpose);
	assert_int_equal(sem_init(&opening, 0, 0), 0);
	assert_int_equal(sem_init(&go, 0, 0), 0);
	driver.open = open_oddly;
	make((dbw__pool_settings){ .size = 1, .min_idle = 1, .acquire_timeout_ms = 250 });
	refuses = true;
	assert_int_equal(try(purpose, false, 0, &session), DBW_CONNECTION);
	free(purpose);
	refuses = false;
	assert_int_equal(pthread_create(&maintainer, NULL, maintain, NULL), 0);
	sem_wait(&opening);
	meanwhile = hand_over;
	assert_int_equal(try("at last", false, 0, &session), DBW_OK);
	assert_int_equal(dbw__end(session), DBW_OK);
	sem_destroy(&opening);
	sem_destroy(&go);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(deadline__is_for_the_wait_too),
		CASE(holders__are_those_of_now),
		CASE(long_read__is_told_when_it_ends),
		CASE(long_read__is_told_once),
		CASE(long_read__is_told_to_who_waits),
		CASE(long_read__where_nobody_asks),
		CASE(cancel__of_one_session_holds_up_no_other),
		CASE(cancel__of_a_pool_holds_up_nobody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

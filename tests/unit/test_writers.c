/* Writers of one database take turns: who is next, what ends a wait, and that a turn is never lost. */
#include "child.h"
#include "fixture_user.h"

#include <driver/bundled.h>
#include <pool/fork.h>
#include <session/sessions.h>

#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static dbw_driver driver; /* SQLite's; tests put functions of their own in. */
static dbw__pool_common common;
static dbw__pool *pool;
static dbw__sessions *sessions;
static char path[64];
static dbw_error error;

/* A clock that only tests move: to wait is to be at the end of the wait, or to do what a test wants meanwhile. */
static atomic_llong now_ms;
static void (*meanwhile)(void);

static int64_t test_now(void)
{
	return atomic_load(&now_ms);
}

static bool test_wait(pthread_cond_t *condition, pthread_mutex_t *mutex, int64_t until_ms)
{
	void (*step)(void) = meanwhile;

	(void)condition;
	meanwhile = NULL;
	if (step == NULL) {
		atomic_store(&now_ms, until_ms);
		return false;
	}
	pthread_mutex_unlock(mutex);
	step();
	pthread_mutex_lock(mutex);
	return true;
}

static const dbw__clock test_clock = { test_now, test_wait };

/* For threads: nobody's wait comes to its end. */
static bool wait_for_ever(pthread_cond_t *condition, pthread_mutex_t *mutex, int64_t until_ms)
{
	(void)until_ms;
	pthread_cond_wait(condition, mutex);
	return true;
}

static const dbw__clock patient_clock = { test_now, wait_for_ever };

static atomic_int problems; /* Of threads. */

static char begun[256]; /* Purposes, and what they waited: 0 or 1. */

static void hear(const dbw_event *event, void *argument)
{
	const size_t used = strlen(begun);

	(void)argument;
	if (event->kind == DBW_EVENT_BEGIN)
		snprintf(begun + used, sizeof begun - used, "%s %s %d; ", event->purpose,
			dbw_status_name(event->status), event->waited_ns > 0);
	else
		assert_int_equal(event->waited_ns, 0);
}

static int set_up(void **state)
{
	int file;

	(void)state;
	driver = dbw__sqlite_driver;
	memset(&common, 0, sizeof common);
	common.clock = &test_clock;
	atomic_store(&now_ms, 1000000);
	meanwhile = NULL;
	begun[0] = '\0';
	atomic_store(&problems, 0);
	strcpy(path, "/tmp/dbwright-writers-XXXXXX");
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

/* Writers wait 300 ms for others, and 250 ms for a connection. */
static void make(const char *location, uint32_t size, const char *more_key, const char *more)
{
	static dbw_setting settings[2];
	const dbw__pool_options options = { .common = &common,
		.driver = &driver,
		.address = { .database = "test",
			.location = location,
			.settings = settings,
			.setting_count = more_key == NULL ? 1 : 2 },
		.schema = "auth",
		.settings = { .size = size, .acquire_timeout_ms = 250 } };

	settings[0] = (dbw_setting){ "busy_timeout_ms", "300" };
	settings[1] = (dbw_setting){ more_key, more };
	assert_int_equal(dbw__pool_new(&options, &pool), DBW_OK);
	assert_int_equal(dbw__sessions_new(&common, &sessions), DBW_OK);
}

static dbw_pool_statistics count(void)
{
	dbw_pool_statistics statistics;

	dbw__pool_statistics(pool, &statistics);
	return statistics;
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

/* That nobody has the turn, and nobody waits. */
static void assert_free(void)
{
	assert_int_equal(count().write_waiting, 0);
	assert_int_equal(dbw__commit(begin("free", true)), DBW_OK);
}

static void wait__ends_after_the_busy_timeout(void **state)
{
	dbw_session one, none;
	dbw_pool_statistics seen;

	(void)state;
	make(path, 4, NULL, NULL);
	one = begin("one", true);
	assert_int_equal(try("two", true, 0, &none), DBW_BUSY);
	assert_null(none.slot);
	assert_string_equal(error.message,
		"database \"test\": waited 300 ms (busy_timeout_ms) for others that write; it is session \"one\" of this "
		"program: end it first");
	assert_int_equal(test_now(), 1000300);
	seen = count();
	assert_int_equal(seen.write_waits, 1);
	assert_int_equal(seen.write_timeouts, 1);
	assert_int_equal(seen.write_waited_ms, 300);
	assert_int_equal(seen.longest_write_wait_ms, 300);
	assert_int_equal(seen.write_waiting, 0);
	/* Nobody waited for a connection, and who waits for a turn has none. */
	assert_int_equal(seen.waits, 0);
	assert_int_equal(seen.leased, 1);
	assert_int_equal(dbw__end(one), DBW_OK);
	assert_free();
}

static void wait__ends_at_the_nearest_limit(void **state)
{
	dbw_session one, none;

	(void)state;
	make(path, 4, "operation_timeout_ms", "200");
	one = begin("one", true);
	assert_int_equal(try("two", true, 0, &none), DBW_TIMEOUT);
	assert_non_null(strstr(error.message, "waited 200 ms (operation_timeout_ms) for others"));
	assert_int_equal(try("three", true, 100, &none), DBW_TIMEOUT);
	assert_non_null(strstr(error.message, "waited 100 ms (the session's deadline) for others"));
	assert_int_equal(test_now(), 1000300);
	assert_int_equal(count().write_timeouts, 2);
	assert_int_equal(dbw__end(one), DBW_OK);
	assert_free();
}

static void wait__is_none_where_nobody_may_wait(void **state)
{
	dbw_session one, none;

	(void)state;
	make(path, 4, "busy_timeout_ms", "0");
	one = begin("one", true);
	assert_int_equal(try("two", true, 0, &none), DBW_BUSY);
	assert_non_null(strstr(error.message, "\"one\""));
	assert_int_equal(test_now(), 1000000);
	assert_int_equal(count().write_waits, 0);
	assert_int_equal(dbw__end(one), DBW_OK);
	assert_free();
}

static dbw_session first, later;

static void end_first(void)
{
	assert_int_equal(dbw__commit(first), DBW_OK);
}

/* A turn that comes free soon is taken by whoever is there: nobody waits until a thread has woken up. */
static void come_in_between(void)
{
	end_first();
	assert_int_equal(try("quick", true, 0, &later), DBW_OK);
}

static void turn__is_anybodys_for_some_milliseconds(void **state)
{
	dbw_session none;

	(void)state;
	make(path, 4, NULL, NULL);
	first = begin("first", true);
	meanwhile = come_in_between;
	assert_int_equal(try("waits", true, 0, &none), DBW_BUSY);
	assert_non_null(strstr(error.message, "\"quick\""));
	assert_int_equal(dbw__commit(later), DBW_OK);
	assert_free();
}

static void turn__is_taken_by_who_is_woken(void **state)
{
	dbw_session second;

	(void)state;
	make(path, 4, NULL, NULL);
	first = begin("first", true);
	meanwhile = end_first;
	second = begin("waits", true);
	assert_int_equal(test_now(), 1000000);
	assert_int_equal(count().write_waits, 1);
	assert_int_equal(count().write_timeouts, 0);
	assert_int_equal(dbw__end(second), DBW_OK);
	assert_free();
}

/* From then on it is kept for the one that has waited longest, whoever comes. */
static void come_too_late(void)
{
	atomic_fetch_add(&now_ms, 5);
	end_first();
	assert_int_equal(try("quick", true, 20, &later), DBW_TIMEOUT);
	assert_non_null(strstr(error.message, "\"patient\""));
}

static void turn__is_kept_for_who_has_waited(void **state)
{
	dbw_session second;

	(void)state;
	make(path, 4, NULL, NULL);
	first = begin("first", true);
	meanwhile = come_too_late;
	second = begin("patient", true);
	assert_int_equal(count().longest_write_wait_ms, 25);
	assert_int_equal(dbw__end(second), DBW_OK);
	assert_free();
}

static void turn__is_the_sessions_with_all_nested_in_it(void **state)
{
	dbw_session one, inner, none;

	(void)state;
	make(path, 4, NULL, NULL);
	one = begin("one", true);
	assert_int_equal(dbw__nest(one, "inner", &inner), DBW_OK);
	assert_int_equal(dbw__commit(inner), DBW_OK);
	assert_int_equal(try("two", true, 0, &none), DBW_BUSY);
	assert_int_equal(dbw__nest(one, "inner", &inner), DBW_OK);
	assert_int_equal(dbw__end(inner), DBW_OK);
	assert_int_equal(try("two", true, 0, &none), DBW_BUSY);
	assert_non_null(strstr(error.message, "\"one\""));
	assert_int_equal(dbw__commit(one), DBW_OK);
	assert_free();
}

static void turn__is_for_writers_alone(void **state)
{
	dbw_session writer, reader;

	(void)state;
	make(path, 2, NULL, NULL);
	writer = begin("writes", true);
	reader = begin("reads", false);
	assert_int_equal(dbw__end(reader), DBW_OK);
	assert_int_equal(dbw__end(writer), DBW_OK);
	assert_int_equal(count().write_waits, 0);
	dbw__sessions_free(sessions);
	dbw__pool_free(pool);
	/* In memory there is one connection, and who has it is not waited for. */
	make(":memory:", 2, NULL, NULL);
	writer = begin("writes", true);
	assert_int_equal(try("two", true, 0, &reader), DBW_BUSY);
	assert_non_null(strstr(error.message, "sqlite::memory:"));
	assert_int_equal(count().write_waits, 0);
	assert_int_equal(dbw__end(writer), DBW_OK);
}

/* Both connections are taken by readers once the turn is there. */
static void take_all(void)
{
	atomic_fetch_add(&now_ms, 60);
	end_first();
	later = begin("reads, too", false);
}

static void deadline__is_for_both_waits(void **state)
{
	dbw_session reader, none;

	(void)state;
	make(path, 2, NULL, NULL);
	reader = begin("reads", false);
	first = begin("first", true);
	meanwhile = take_all;
	assert_int_equal(try("in a hurry", true, 100, &none), DBW_TIMEOUT);
	assert_non_null(strstr(error.message, "all 2 connections have been in use for 40 ms"));
	assert_int_equal(test_now(), 1000100);
	assert_int_equal(count().timeouts, 1);
	assert_int_equal(count().write_timeouts, 0);
	assert_int_equal(dbw__end(later), DBW_OK);
	assert_int_equal(dbw__end(reader), DBW_OK);
	assert_free();
}

/* A thread that reads with the only connection and begins to write: as ever, in vain, and nobody else is held up. */
static void pool__of_one_connection(void **state)
{
	dbw_session reader, none;

	(void)state;
	make(path, 1, NULL, NULL);
	reader = begin("reads", false);
	assert_int_equal(try("writes", true, 0, &none), DBW_TIMEOUT);
	assert_non_null(strstr(error.message, "all 1 connections"));
	assert_int_equal(dbw__end(reader), DBW_OK);
	assert_free();
	first = begin("first", true);
	assert_int_equal(try("writes", true, 0, &none), DBW_BUSY);
	assert_int_equal(dbw__end(first), DBW_OK);
	assert_free();
}

static dbw_session refused;

/* Somebody whose turn has not come, while the one whose turn it is waits for a connection. */
static void wait_in_vain(void)
{
	assert_int_equal(try("in a hurry", true, 40, &refused), DBW_TIMEOUT);
	assert_string_equal(error.message,
		"database \"test\": waited 40 ms (the session's deadline) to write; it is the turn of session \"writes\" of this "
		"program, which finds no connection: end sessions earlier or raise pool_size");
	meanwhile = NULL;
	assert_int_equal(try("patient", true, 0, &refused), DBW_TIMEOUT);
	assert_non_null(strstr(error.message, "waited 300 ms (busy_timeout_ms) to write"));
}

/* Nobody writes then, and no end of a writer would help. */
static void turn__of_a_session_that_finds_no_connection(void **state)
{
	dbw_session reader, none;

	(void)state;
	make(path, 1, NULL, NULL);
	reader = begin("reads", false);
	meanwhile = wait_in_vain;
	assert_int_equal(try("writes", true, 0, &none), DBW_TIMEOUT);
	assert_non_null(strstr(error.message, "all 1 connections"));
	assert_int_equal(count().write_timeouts, 2);
	assert_int_equal(dbw__end(reader), DBW_OK);
	assert_free();
	/* What was known of one turn is nothing of the next. */
	first = begin("first", true);
	assert_int_equal(try("second", true, 0, &none), DBW_BUSY);
	assert_int_equal(dbw__end(first), DBW_OK);
	reader = begin("reads", false);
	meanwhile = wait_in_vain;
	assert_int_equal(try("writes", true, 0, &none), DBW_TIMEOUT);
	assert_int_equal(dbw__end(reader), DBW_OK);
	assert_free();
}

static dbw_status failing = DBW_OK;
static bool refuses_clean;

static dbw_status fail_open(const dbw_address *address, dbw_connection **out, dbw_error *problem)
{
	if (failing == DBW_OK)
		return dbw__sqlite_driver.open(address, out, problem);
	*out = NULL;
	return dbw__fail(problem, failing, "no");
}

static dbw_status fail_begin(dbw_connection *connection, dbw_transaction_mode mode, dbw_error *problem)
{
	return failing == DBW_OK ? dbw__sqlite_driver.begin(connection, mode, problem)
				 : dbw__fail(problem, failing, "no");
}

static bool is_clean(dbw_connection *connection)
{
	return !refuses_clean && dbw__sqlite_driver.is_clean(connection);
}

static void turn__goes_on_where_a_session_cannot_begin(void **state)
{
	static const dbw_status statuses[] = { DBW_CONNECTION, DBW_OUT_OF_MEMORY, DBW_BUSY };
	dbw_session none;

	(void)state;
	driver.open = fail_open;
	make(path, 2, NULL, NULL);
	for (size_t i = 0; i < 3; i++) {
		failing = statuses[i];
		assert_int_equal(try("no connection", true, 0, &none), statuses[i]);
		failing = DBW_OK;
	}
	assert_free();
	dbw__sessions_free(sessions);
	dbw__pool_free(pool);
	driver.begin = fail_begin;
	make(path, 2, NULL, NULL);
	for (size_t i = 0; i < 3; i++) {
		failing = statuses[i];
		assert_int_equal(try("no transaction", true, 0, &none), statuses[i]);
		failing = DBW_OK;
	}
	assert_free();
}

static void turn__goes_on_where_a_connection_breaks(void **state)
{
	dbw_session one;

	(void)state;
	driver.is_clean = is_clean;
	make(path, 2, NULL, NULL);
	one = begin("one", true);
	refuses_clean = true;
	assert_int_equal(dbw__end(one), DBW_OK);
	refuses_clean = false;
	assert_int_equal(count().closed_broken, 1);
	assert_free();
}

/* Another program, or another pool, has the database: that is met where the transaction begins. */
static void other_programs__are_met_as_ever(void **state)
{
	const dbw_setting settings[] = { { "busy_timeout_ms", "10" } };
	const dbw_address address = {
		.database = "other", .location = path, .settings = settings, .setting_count = 1
	};
	dbw_connection *other;
	dbw_session none;

	(void)state;
	make(path, 2, "busy_timeout_ms", "10");
	assert_int_equal(dbw__sqlite_driver.open(&address, &other, &error), DBW_OK);
	assert_int_equal(dbw__sqlite_driver.begin(other, DBW_TRANSACTION_WRITE, &error), DBW_OK);
	assert_int_equal(try("waits", true, 0, &none), DBW_BUSY);
	assert_string_equal(
		error.message, "database \"test\": another connection has been writing (waited 10 ms)");
	assert_int_equal(dbw__sqlite_driver.commit(other, &error), DBW_OK);
	dbw__sqlite_driver.close(other);
	assert_free();
}

static void shut(void)
{
	dbw__pool_shut(pool);
}

static void shut__sends_writers_away(void **state)
{
	dbw_session none;

	(void)state;
	make(path, 2, NULL, NULL);
	first = begin("first", true);
	meanwhile = shut;
	assert_int_equal(try("waits", true, 0, &none), DBW_LIFECYCLE);
	assert_string_equal(error.message, "database \"test\": it is being closed, and begins no session");
	assert_int_equal(try("comes later", true, 0, &none), DBW_LIFECYCLE);
	assert_int_equal(dbw__commit(first), DBW_OK);
	assert_int_equal(dbw__pool_in_use(pool), 0);
}

static void events__tell_of_the_wait(void **state)
{
	dbw_session one, none;

	(void)state;
	common.hook = (dbw__hook){ hear, NULL };
	make(path, 2, NULL, NULL);
	one = begin("one", true);
	assert_int_equal(try("two", true, 0, &none), DBW_BUSY);
	assert_int_equal(dbw__nest(one, "inner", &none), DBW_OK);
	assert_int_equal(dbw__commit(none), DBW_OK);
	assert_int_equal(dbw__commit(one), DBW_OK);
	assert_string_equal(begun, "one DBW_OK 0; two DBW_BUSY 1; inner DBW_OK 0; ");
}

static int in_child(dbw_session session)
{
	dbw_session none;

	if (try("child", true, 0, &none) != DBW_FORKED)
		return 1;
	if (dbw__commit(session) != DBW_FORKED || dbw__end(session) != DBW_FORKED)
		return 2;
	return 0;
}

/* In a thread: a session that writes, which has to begin as it is expected to. */
static bool write_in_thread(dbw_status expected, dbw_session *out)
{
	const dbw_session_options options = { .purpose = "crowd" };
	dbw_error own;

	if (dbw__session_begin(sessions, pool, &auth__schema, &options, true, out, &own) == expected)
		return expected == DBW_OK;
	atomic_fetch_add(&problems, 1);
	return false;
}

static void commit_in_thread(dbw_session session)
{
	if (dbw__commit(session) != DBW_OK)
		atomic_fetch_add(&problems, 1);
}

static void *write_once(void *argument)
{
	dbw_session session;

	(void)argument;
	if (write_in_thread(DBW_OK, &session))
		commit_in_thread(session);
	return NULL;
}

static void wait_for_waiting(uint32_t number)
{
	while (count().write_waiting != number)
		sched_yield();
}

static void fork__the_child_takes_no_turn_and_ends_none(void **state)
{
	pthread_t thread;
	dbw_session one;
	int result;
	pid_t child;

	(void)state;
	common.clock = &patient_clock;
	make(path, 2, NULL, NULL);
	one = begin("one", true);
	assert_int_equal(pthread_create(&thread, NULL, write_once, NULL), 0);
	wait_for_waiting(1);
	child = fork();
	if (child == 0)
		leave_child(in_child(one));
	assert_int_equal(waitpid(child, &result, 0), child);
	assert_true(WIFEXITED(result));
	assert_int_equal(WEXITSTATUS(result), 0);
	assert_int_equal(count().write_waiting, 1);
	assert_int_equal(dbw__commit(one), DBW_OK);
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_int_equal(atomic_load(&problems), 0);
	assert_free();
}

enum { CROWD = 12, ROUNDS = 150 };

static int order[CROWD];
static int served; /* By whoever has the turn. */

static void *take_number(void *argument)
{
	dbw_session session;

	if (write_in_thread(DBW_OK, &session)) {
		order[served++] = (int)((const char *)argument - begun);
		commit_in_thread(session);
	}
	return NULL;
}

static void join_all(const pthread_t *threads)
{
	for (int i = 0; i < CROWD; i++)
		assert_int_equal(pthread_join(threads[i], NULL), 0);
	assert_int_equal(atomic_load(&problems), 0);
}

static void threads__come_to_their_turn_in_order(void **state)
{
	pthread_t threads[CROWD];
	dbw_session one;

	(void)state;
	common.clock = &patient_clock;
	make(path, 2, NULL, NULL);
	served = 0;
	one = begin("one", true);
	for (int i = 0; i < CROWD; i++) {
		assert_int_equal(pthread_create(&threads[i], NULL, take_number, &begun[i]), 0);
		wait_for_waiting((uint32_t)i + 1);
	}
	/* Those who wait have no connection: a reader finds one. */
	assert_int_equal(dbw__end(begin("reads", false)), DBW_OK);
	atomic_fetch_add(&now_ms, 100);
	assert_int_equal(dbw__commit(one), DBW_OK);
	join_all(threads);
	for (int i = 0; i < CROWD; i++)
		assert_int_equal(order[i], i);
	assert_int_equal(count().write_waits, CROWD);
	assert_int_equal(count().longest_write_wait_ms, 100);
	assert_free();
}

static int64_t shared; /* Of whoever has the turn: without a lock. */

static void *write_often(void *argument)
{
	(void)argument;
	for (int i = 0; i < ROUNDS; i++) {
		dbw_session session;

		if (!write_in_thread(DBW_OK, &session))
			break;
		shared++;
		if (i % 3 == 0)
			dbw__end(session);
		else
			commit_in_thread(session);
	}
	return NULL;
}

/* By the system's clock, so that the turn is left and kept as it comes; with fewer connections than threads. */
static void threads__write_one_at_a_time(void **state)
{
	pthread_t threads[CROWD];

	(void)state;
	common.clock = NULL;
	make(path, 3, "busy_timeout_ms", "600000");
	shared = 0;
	for (int i = 0; i < CROWD; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, write_often, NULL), 0);
	join_all(threads);
	assert_int_equal(shared, CROWD * ROUNDS);
	assert_int_equal(count().write_timeouts, 0);
	/* One writes at a time, and who waits has no connection. */
	assert_int_equal(count().opened, 1);
	assert_free();
}

static void *begin_in_vain(void *argument)
{
	dbw_session none;

	(void)argument;
	write_in_thread(DBW_LIFECYCLE, &none);
	return NULL;
}

static void threads__are_sent_away_when_the_databases_close(void **state)
{
	pthread_t threads[CROWD];
	dbw_session one;

	(void)state;
	common.clock = &patient_clock;
	make(path, 2, NULL, NULL);
	one = begin("one", true);
	for (int i = 0; i < CROWD; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, begin_in_vain, NULL), 0);
	wait_for_waiting(CROWD);
	dbw__pool_shut(pool);
	join_all(threads);
	assert_int_equal(dbw__commit(one), DBW_OK);
	assert_int_equal(dbw__pool_in_use(pool), 0);
}

#define WITH_POOL(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_POOL(wait__ends_after_the_busy_timeout),
		WITH_POOL(wait__ends_at_the_nearest_limit),
		WITH_POOL(wait__is_none_where_nobody_may_wait),
		WITH_POOL(turn__is_anybodys_for_some_milliseconds),
		WITH_POOL(turn__is_taken_by_who_is_woken),
		WITH_POOL(turn__is_kept_for_who_has_waited),
		WITH_POOL(turn__is_the_sessions_with_all_nested_in_it),
		WITH_POOL(turn__is_for_writers_alone),
		WITH_POOL(deadline__is_for_both_waits),
		WITH_POOL(pool__of_one_connection),
		WITH_POOL(turn__of_a_session_that_finds_no_connection),
		WITH_POOL(turn__goes_on_where_a_session_cannot_begin),
		WITH_POOL(turn__goes_on_where_a_connection_breaks),
		WITH_POOL(other_programs__are_met_as_ever),
		WITH_POOL(shut__sends_writers_away),
		WITH_POOL(events__tell_of_the_wait),
		WITH_POOL(fork__the_child_takes_no_turn_and_ends_none),
		WITH_POOL(threads__come_to_their_turn_in_order),
		WITH_POOL(threads__write_one_at_a_time),
		WITH_POOL(threads__are_sent_away_when_the_databases_close),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

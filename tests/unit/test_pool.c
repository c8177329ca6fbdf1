#include "fixture_user.h"

#include <pool/fork.h>
#include <pool/pool.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static dbw_driver driver; /* SQLite's; tests put functions of their own in. */
static dbw__pool_common common;
static dbw__pool *pool;
static char path[64];
static dbw_error error;

static int connects, disconnects, failures;

static void count_events(const dbw_event *event, void *argument)
{
	assert_ptr_equal(argument, &common);
	assert_string_equal(event->database, "test");
	assert_string_equal(event->schema, "auth");
	connects += event->kind == DBW_EVENT_CONNECT;
	disconnects += event->kind == DBW_EVENT_DISCONNECT;
	failures += event->status != DBW_OK && event->error != NULL && event->error->status == event->status;
}

static void make_pool(const char *location, uint32_t limit)
{
	dbw__pool_options options = { .common = &common,
		.driver = &driver,
		.address = { "test", location, NULL, 0 },
		.schema = "auth",
		.limit = limit,
		.slot_count = 4 };

	assert_int_equal(dbw__pool_new(&options, &pool), DBW_OK);
}

static int set_up(void **state)
{
	int file;

	(void)state;
	driver = dbw__sqlite_driver;
	memset(&common, 0, sizeof common);
	common.hook = (dbw__hook){ count_events, &common };
	connects = disconnects = failures = 0;
	strcpy(path, "/tmp/dbwright-pool-XXXXXX");
	file = mkstemp(path);
	if (file < 0 || dbw__fork_watch() != DBW_OK)
		return 1;
	common.fork_count = dbw__fork_count();
	return close(file);
}

static int tear_down(void **state)
{
	(void)state;
	dbw__pool_free(pool);
	pool = NULL;
	unlink(path);
	return connects - failures != disconnects;
}

static dbw__pooled *acquire(void)
{
	dbw__pooled *pooled;

	if (dbw__pool_acquire(pool, &pooled, &error) != DBW_OK)
		fail_msg("%s", error.message);
	return pooled;
}

static void idle__last_in_first_out_with_their_statements(void **state)
{
	dbw__pooled *one, *two;
	dbw_prepared *statement;

	(void)state;
	make_pool(path, 4);
	assert_int_equal(connects, 0);
	one = acquire();
	two = acquire();
	assert_ptr_not_equal(one->connection, two->connection);
	assert_int_equal(dbw__cache_prepare(&two->cache, 1, "SELECT 1", NULL, &statement, &error), DBW_OK);
	dbw__pool_release(one);
	dbw__pool_release(two);
	assert_ptr_equal(acquire(), two);
	assert_ptr_equal(dbw__cache_fixed(&two->cache, 1), statement);
	assert_ptr_equal(acquire(), one);
	assert_int_equal(connects, 2);
	assert_true(dbw__pool_capabilities(pool)->read_needs_transaction);
	dbw__pool_release(two);
	dbw__pool_release(one);
}

static void full__is_busy_at_once_and_says_what_to_do(void **state)
{
	dbw__pooled *one, *two, *none = (dbw__pooled *)&common;

	(void)state;
	make_pool(path, 2);
	one = acquire();
	two = acquire();
	assert_int_equal(dbw__pool_acquire(pool, &none, &error), DBW_BUSY);
	assert_null(none);
	assert_string_equal(error.message,
		"database \"test\": all 2 connections are in use; end sessions earlier or "
		"raise pool_size");
	dbw__pool_release(one);
	assert_ptr_equal(acquire(), one);
	dbw__pool_release(one);
	dbw__pool_release(two);
}

static void full__a_database_in_memory_has_one_connection(void **state)
{
	dbw__pooled *one, *none;

	(void)state;
	make_pool(":memory:", 8);
	one = acquire();
	assert_int_equal(driver.run(one->connection, "CREATE TABLE t (a)", &error), DBW_OK);
	assert_int_equal(dbw__pool_acquire(pool, &none, &error), DBW_BUSY);
	assert_string_equal(error.message,
		"database \"test\": sqlite::memory: is one connection, and a session has it; use sqlite::temp: for "
		"several sessions at the same time");
	dbw__pool_release(one);
	assert_ptr_equal(acquire(), one);
	assert_int_equal(driver.run(one->connection, "INSERT INTO t VALUES (1)", &error), DBW_OK);
	dbw__pool_release(one);
}

static void release__resets_what_was_left_open(void **state)
{
	dbw__pooled *one;

	(void)state;
	make_pool(path, 1);
	one = acquire();
	assert_int_equal(driver.begin(one->connection, DBW_TRANSACTION_WRITE, &error), DBW_OK);
	dbw__pool_release(one);
	assert_ptr_equal(acquire(), one);
	assert_true(driver.is_clean(one->connection));
	assert_int_equal(disconnects, 0);
	dbw__pool_release(one);
}

static bool never_clean(dbw_connection *connection)
{
	(void)connection;
	return false;
}

static void release__closes_what_does_not_come_clean(void **state)
{
	dbw__pooled *one;

	(void)state;
	make_pool(path, 1);
	one = acquire();
	driver.is_clean = never_clean;
	dbw__pool_release(one);
	assert_int_equal(disconnects, 1);
	driver.is_clean = dbw__sqlite_driver.is_clean;
	one = acquire();
	assert_int_equal(connects, 2);
	assert_int_equal(driver.run(one->connection, "CREATE TABLE t (a)", &error), DBW_OK);
	dbw__pool_release(one);
}

static int pings;

static dbw_status answer_once(dbw_connection *connection, dbw_error *problem)
{
	(void)connection;
	return ++pings == 1 ? DBW_OK : dbw__fail(problem, DBW_CONNECTION, "gone");
}

static void idle__is_opened_anew_where_the_server_has_gone(void **state)
{
	dbw__pooled *first, *again;
	dbw_connection *connection;

	(void)state;
	pings = 0;
	driver.ping = answer_once;
	make_pool(path, 2);
	first = acquire();
	connection = first->connection;
	dbw__pool_release(first);
	again = acquire();
	assert_ptr_equal(again, first);
	assert_ptr_equal(again->connection, connection);
	dbw__pool_release(again);
	again = acquire();
	assert_int_equal(pings, 2);
	assert_ptr_equal(again, first);
	assert_int_equal(again->number, 2);
	assert_int_equal(connects, 2);
	dbw__pool_release(again);
}

static void open__a_failure_leaves_the_place_free(void **state)
{
	dbw__pooled *none;

	(void)state;
	make_pool("/no/such/folder/x.db", 1);
	for (int i = 1; i <= 3; i++) {
		assert_int_equal(dbw__pool_acquire(pool, &none, &error), DBW_CONNECTION);
		assert_null(none);
		assert_int_equal(failures, i);
		assert_string_equal(error.message,
			"cannot open /no/such/folder/x.db: the folder /no/such/folder does not exist");
	}
	assert_int_equal(dbw__pool_newest(pool), 0);
}

static void close__newest_first(void **state)
{
	dbw__pooled *one, *two, *three;

	(void)state;
	make_pool(path, 3);
	one = acquire();
	two = acquire();
	three = acquire();
	/* The newest is the last of the idle ones. */
	dbw__pool_release(three);
	dbw__pool_release(one);
	dbw__pool_release(two);
	assert_int_equal(dbw__pool_newest(pool), 3);
	dbw__pool_close_newest(pool);
	assert_null(three->connection);
	assert_int_equal(dbw__pool_newest(pool), 2);
	assert_ptr_equal(acquire(), two);
	assert_ptr_equal(acquire(), one);
	assert_ptr_equal(acquire(), three);
	assert_int_equal(dbw__pool_newest(pool), 4);
}

static void fork__the_child_touches_nothing(void **state)
{
	dbw__pooled *one, *none;
	int result;
	pid_t child;

	(void)state;
	make_pool(path, 2);
	one = acquire();
	assert_int_equal(driver.begin(one->connection, DBW_TRANSACTION_WRITE, &error), DBW_OK);
	assert_int_equal(driver.run(one->connection, "CREATE TABLE t (a)", &error), DBW_OK);
	child = fork();
	if (child == 0) {
		bool fine = dbw__pool_acquire(pool, &none, &error) == DBW_FORKED;

		dbw__pool_release(one);
		dbw__pool_free(pool);
		_exit(fine && disconnects == 0 ? 0 : 1);
	}
	assert_true(child > 0);
	assert_int_equal(waitpid(child, &result, 0), child);
	assert_true(WIFEXITED(result) && WEXITSTATUS(result) == 0);
	assert_int_equal(driver.commit(one->connection, &error), DBW_OK);
	dbw__pool_release(one);
}

enum { THREADS = 4, ROUNDS = 500 };

static void *lease_often(void *argument)
{
	for (int i = 0; i < ROUNDS; i++) {
		dbw_error own;
		dbw__pooled *pooled;
		dbw_status status = dbw__pool_acquire(pool, &pooled, &own);

		if (status == DBW_OK)
			dbw__pool_release(pooled);
		else if (status != DBW_BUSY)
			return argument;
	}
	return NULL;
}

static void threads__share_a_pool(void **state)
{
	pthread_t threads[THREADS];

	(void)state;
	common.hook.function = NULL;
	make_pool(":memory:", 2);
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, lease_often, pool), 0);
	for (int i = 0; i < THREADS; i++) {
		void *problem;

		assert_int_equal(pthread_join(threads[i], &problem), 0);
		assert_null(problem);
	}
	assert_int_equal(dbw__pool_newest(pool), 1);
}

#define WITH_POOL(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_POOL(idle__last_in_first_out_with_their_statements),
		WITH_POOL(full__is_busy_at_once_and_says_what_to_do),
		WITH_POOL(full__a_database_in_memory_has_one_connection),
		WITH_POOL(release__resets_what_was_left_open),
		WITH_POOL(release__closes_what_does_not_come_clean),
		WITH_POOL(idle__is_opened_anew_where_the_server_has_gone),
		WITH_POOL(open__a_failure_leaves_the_place_free),
		WITH_POOL(close__newest_first),
		WITH_POOL(fork__the_child_touches_nothing),
		WITH_POOL(threads__share_a_pool),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "child.h"
#include "fixture_user.h"

#include <driver/bundled.h>
#include <pool/fork.h>
#include <pool/pool.h>
#include <pthread.h>
#include <sched.h>
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

static void make_pool_with(const char *location, dbw__pool_settings settings)
{
	dbw__pool_options options = { .common = &common,
		.driver = &driver,
		.address = { .database = "test", .location = location },
		.schema = "auth",
		.slot_count = 4,
		.settings = settings };

	assert_int_equal(dbw__pool_new(&options, &pool), DBW_OK);
}

static void make_pool(const char *location, uint32_t size)
{
	make_pool_with(location, (dbw__pool_settings){ .size = size });
}

static dbw_pool_statistics count(void)
{
	dbw_pool_statistics statistics;

	dbw__pool_statistics(pool, &statistics);
	return statistics;
}

/* How many connections there are, and how many of them nobody uses. */
static void assert_counts(uint32_t open, uint32_t idle)
{
	const dbw_pool_statistics now = count();

	assert_int_equal(now.open, open);
	assert_int_equal(now.idle, idle);
	assert_int_equal(now.leased, open - idle);
	assert_int_equal(now.waiting, 0);
}

static int set_up(void **state)
{
	int file;

	(void)state;
	driver = dbw__sqlite_driver;
	memset(&common, 0, sizeof common);
	common.hook = (dbw__hook){ count_events, &common };
	common.clock = &test_clock;
	now_ms = 1000000;
	meanwhile = NULL;
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
		bool fine = dbw__pool_acquire(pool, &none, &error) == DBW_FORKED &&
			    dbw__pool_maintain(pool, &error) == DBW_FORKED;

		dbw__pool_release(one);
		dbw__pool_free(pool);
		leave_child(fine && disconnects == 0 ? 0 : 1);
	}
	assert_true(child > 0);
	assert_int_equal(waitpid(child, &result, 0), child);
	assert_true(WIFEXITED(result) && WEXITSTATUS(result) == 0);
	assert_int_equal(driver.commit(one->connection, &error), DBW_OK);
	dbw__pool_release(one);
}

static dbw__pooled *lent;

static void give_back(void)
{
	dbw__pool_release(lent);
}

static void wait__ends_at_the_deadline(void **state)
{
	dbw__pooled *one, *none = (dbw__pooled *)&common;

	(void)state;
	make_pool_with(path, (dbw__pool_settings){ .size = 1, .acquire_timeout_ms = 250 });
	one = acquire();
	assert_int_equal(dbw__pool_acquire(pool, &none, &error), DBW_TIMEOUT);
	assert_null(none);
	assert_string_equal(error.message,
		"database \"test\": all 1 connections have been in use for 250 ms; end sessions earlier or raise "
		"pool_size");
	assert_int_equal(now_ms, 1000250);
	assert_counts(1, 0);
	dbw__pool_release(one);
	assert_ptr_equal(acquire(), one);
	dbw__pool_release(one);
	assert_int_equal(count().leases, 2);
	assert_int_equal(count().waits, 1);
	assert_int_equal(count().timeouts, 1);
	assert_int_equal(count().waited_ms, 250);
	assert_int_equal(count().longest_wait_ms, 250);
}

static void wait__is_five_seconds_where_nothing_is_said(void **state)
{
	dbw__pooled *one, *none;

	(void)state;
	make_pool_with(path, (dbw__pool_settings){ .size = 1, .acquire_timeout_ms = -1 });
	one = acquire();
	assert_int_equal(dbw__pool_acquire(pool, &none, &error), DBW_TIMEOUT);
	assert_int_equal(now_ms, 1000000 + DBW__ACQUIRE_TIMEOUT_MS);
	dbw__pool_release(one);
}

static void wait__takes_what_comes_back(void **state)
{
	(void)state;
	make_pool_with(path, (dbw__pool_settings){ .size = 1, .acquire_timeout_ms = 250 });
	lent = acquire();
	meanwhile = give_back;
	assert_ptr_equal(acquire(), lent);
	assert_counts(1, 0);
	assert_int_equal(connects, 1);
	assert_int_equal(count().waits, 1);
	assert_int_equal(count().timeouts, 0);
	dbw__pool_release(lent);
}

static void give_back_dirty(void)
{
	driver.is_clean = never_clean;
	dbw__pool_release(lent);
	driver.is_clean = dbw__sqlite_driver.is_clean;
}

static void wait__takes_the_place_of_one_that_is_closed(void **state)
{
	(void)state;
	make_pool_with(path, (dbw__pool_settings){ .size = 1, .acquire_timeout_ms = 250 });
	lent = acquire();
	meanwhile = give_back_dirty;
	assert_ptr_equal(acquire(), lent);
	assert_int_equal(connects, 2);
	assert_int_equal(count().closed_broken, 1);
	dbw__pool_release(lent);
}

static void shut_pool(void)
{
	dbw__pool_shut(pool);
}

static void shut__sends_everybody_away(void **state)
{
	dbw__pooled *one, *none;

	(void)state;
	make_pool_with(path, (dbw__pool_settings){ .size = 1, .min_idle = 1, .acquire_timeout_ms = 250 });
	one = acquire();
	meanwhile = shut_pool;
	assert_int_equal(dbw__pool_acquire(pool, &none, &error), DBW_LIFECYCLE);
	assert_string_equal(error.message, "database \"test\": it is being closed, and begins no session");
	assert_int_equal(now_ms, 1000000);
	assert_int_equal(dbw__pool_in_use(pool), 1);
	dbw__pool_release(one);
	assert_int_equal(dbw__pool_in_use(pool), 0);
	assert_int_equal(dbw__pool_acquire(pool, &none, &error), DBW_LIFECYCLE);
	dbw__pool_close_newest(pool);
	assert_int_equal(dbw__pool_maintain(pool, &error), DBW_OK);
	assert_counts(0, 0);
}

static dbw_connection *cancelled;
static int cancels;

static dbw_status note_cancel(dbw_connection *connection)
{
	cancelled = connection;
	cancels++;
	return DBW_OK;
}

static void cancel__reaches_what_is_leased(void **state)
{
	dbw__pooled *one, *two;

	(void)state;
	cancels = 0;
	make_pool(path, 2);
	one = acquire();
	two = acquire();
	driver.cancel = NULL;
	dbw__pool_cancel(pool);
	driver.cancel = note_cancel;
	dbw__pool_release(one);
	dbw__pool_cancel(pool);
	assert_int_equal(cancels, 1);
	assert_ptr_equal(cancelled, two->connection);
	dbw__pool_release(two);
}

static void overflow__goes_when_it_comes_back(void **state)
{
	dbw__pooled *pooled[3], *none;

	(void)state;
	make_pool_with(path, (dbw__pool_settings){ .size = 1, .max_overflow = 2 });
	for (int i = 0; i < 3; i++)
		pooled[i] = acquire();
	assert_int_equal(dbw__pool_acquire(pool, &none, &error), DBW_BUSY);
	assert_non_null(strstr(error.message, "all 3 connections are in use"));
	dbw__pool_release(pooled[0]);
	assert_counts(2, 0);
	dbw__pool_release(pooled[1]);
	assert_counts(1, 0);
	dbw__pool_release(pooled[2]);
	assert_counts(1, 1);
	assert_int_equal(count().closed_overflow, 2);
	assert_int_equal(count().size, 1);
	assert_int_equal(count().overflow, 2);
}

static void overflow__is_kept_for_who_waits(void **state)
{
	dbw__pooled *one;

	(void)state;
	make_pool_with(path, (dbw__pool_settings){ .size = 1, .max_overflow = 1, .acquire_timeout_ms = 250 });
	one = acquire();
	lent = acquire();
	meanwhile = give_back;
	assert_ptr_equal(acquire(), lent);
	assert_int_equal(disconnects, 0);
	dbw__pool_release(one);
	dbw__pool_release(lent);
	assert_counts(1, 1);
}

static void idle__is_closed_after_its_time(void **state)
{
	dbw__pooled *pooled[3];

	(void)state;
	make_pool_with(path, (dbw__pool_settings){ .size = 3, .min_idle = 1, .idle_timeout_ms = 1000 });
	for (int i = 0; i < 3; i++)
		pooled[i] = acquire();
	for (int i = 0; i < 3; i++)
		dbw__pool_release(pooled[i]);
	now_ms += 999;
	assert_int_equal(dbw__pool_maintain(pool, &error), DBW_OK);
	assert_counts(3, 3);
	now_ms += 1;
	assert_int_equal(dbw__pool_maintain(pool, &error), DBW_OK);
	/* The one that was used last is min_idle. */
	assert_counts(1, 1);
	assert_int_equal(count().closed_idle, 2);
	assert_ptr_equal(acquire(), pooled[2]);
	assert_int_equal(connects, 3);
	dbw__pool_release(pooled[2]);
}

static void idle__goes_one_by_one_as_others_come_back(void **state)
{
	dbw__pooled *pooled[3];

	(void)state;
	make_pool_with(path, (dbw__pool_settings){ .size = 3, .idle_timeout_ms = 1000 });
	for (int i = 0; i < 3; i++)
		pooled[i] = acquire();
	dbw__pool_release(pooled[0]);
	dbw__pool_release(pooled[1]);
	now_ms += 1000;
	dbw__pool_release(pooled[2]);
	assert_counts(2, 2);
	assert_null(pooled[0]->connection);
	assert_ptr_equal(acquire(), pooled[2]);
	dbw__pool_release(pooled[2]);
	assert_counts(1, 1);
	assert_ptr_equal(acquire(), pooled[2]);
	dbw__pool_release(pooled[2]);
	assert_int_equal(connects, 3);
}

static void idle__too_long_is_opened_anew_when_asked_for(void **state)
{
	dbw__pooled *one;

	(void)state;
	make_pool_with(path, (dbw__pool_settings){ .size = 1, .idle_timeout_ms = 1000 });
	one = acquire();
	dbw__pool_release(one);
	now_ms += 1000;
	assert_ptr_equal(acquire(), one);
	assert_int_equal(connects, 2);
	assert_counts(1, 0);
	assert_int_equal(count().leases, 2);
	assert_int_equal(count().closed_idle, 1);
	dbw__pool_release(one);
}

static void lifetime__ends_idle_and_leased_ones(void **state)
{
	dbw__pooled *one, *two;

	(void)state;
	make_pool_with(path, (dbw__pool_settings){ .size = 2, .min_idle = 2, .max_lifetime_ms = 1000 });
	one = acquire();
	now_ms += 500;
	two = acquire();
	dbw__pool_release(two);
	now_ms += 499;
	dbw__pool_release(one);
	assert_counts(2, 2);
	now_ms += 1;
	/* Asked for when its time is over. */
	assert_ptr_equal(acquire(), one);
	assert_int_equal(count().closed_old, 1);
	assert_int_equal(connects, 3);
	dbw__pool_release(one);
	now_ms += 999;
	assert_ptr_equal(acquire(), one);
	now_ms += 1;
	dbw__pool_release(one);
	assert_int_equal(count().closed_old, 2);
	assert_counts(1, 1);
	/* min_idle is a number of connections, not of old ones. */
	assert_int_equal(dbw__pool_maintain(pool, &error), DBW_OK);
	assert_int_equal(count().closed_old, 3);
	assert_counts(2, 2);
	assert_int_equal(connects, 5);
}

static void maintain__opens_the_least_and_says_why_it_cannot(void **state)
{
	dbw__pooled *one;

	(void)state;
	make_pool_with("/no/such/folder/x.db", (dbw__pool_settings){ .size = 4, .min_idle = 2 });
	assert_int_equal(dbw__pool_maintain(pool, &error), DBW_CONNECTION);
	assert_counts(0, 0);
	assert_int_equal(count().open_failures, 1);
	dbw__pool_free(pool);
	make_pool_with(path, (dbw__pool_settings){ .size = 4, .min_idle = 2 });
	assert_int_equal(dbw__pool_maintain(pool, &error), DBW_OK);
	assert_counts(2, 2);
	assert_int_equal(dbw__pool_maintain(pool, &error), DBW_OK);
	assert_int_equal(count().opened, 2);
	one = acquire();
	assert_int_equal(connects - failures, 2);
	dbw__pool_release(one);
	dbw__pool_free(pool);
	/* There is no second connection to a database in memory. */
	make_pool_with(":memory:", (dbw__pool_settings){ .size = 4, .min_idle = 2 });
	assert_int_equal(dbw__pool_maintain(pool, &error), DBW_OK);
	assert_counts(1, 1);
	assert_int_equal(count().size, 1);
}

/* Threads: with the system's clock, and waits that never come to their end. */

static void make_shared_pool(const char *location, uint32_t size)
{
	common.hook.function = NULL;
	common.clock = NULL;
	make_pool_with(location, (dbw__pool_settings){ .size = size, .acquire_timeout_ms = 600000 });
}

static void wait_for_waiting(uint32_t number)
{
	while (count().waiting != number)
		sched_yield();
}

enum { CROWD = 16, SHARED = 4, TURNS = 200 };

static atomic_int turn;
static int places[CROWD];
static int turns[CROWD];

static void *take_turns(void *argument)
{
	int *place = argument;

	for (int i = 0; i < TURNS; i++) {
		dbw_error own;
		dbw__pooled *pooled;

		if (dbw__pool_acquire(pool, &pooled, &own) != DBW_OK)
			return argument;
		if (i == 0)
			*place = atomic_fetch_add(&turn, 1);
		turns[place - places]++;
		sched_yield();
		dbw__pool_release(pooled);
	}
	return NULL;
}

static void threads__come_to_their_turn_in_order(void **state)
{
	pthread_t threads[CROWD];
	dbw__pooled *held[SHARED];

	(void)state;
	make_shared_pool(path, SHARED);
	atomic_store(&turn, 0);
	for (int i = 0; i < SHARED; i++)
		held[i] = acquire();
	for (int i = 0; i < CROWD; i++) {
		turns[i] = 0;
		assert_int_equal(pthread_create(&threads[i], NULL, take_turns, &places[i]), 0);
		wait_for_waiting((uint32_t)i + 1);
	}
	for (int i = 0; i < SHARED; i++)
		dbw__pool_release(held[i]);
	for (int i = 0; i < CROWD; i++) {
		void *problem;

		assert_int_equal(pthread_join(threads[i], &problem), 0);
		assert_null(problem);
	}
	for (int i = 0; i < CROWD; i++) {
		/* When thread i was served, all but SHARED - 1 of those before it had been, and nobody else. */
		assert_true(places[i] >= i - (SHARED - 1));
		assert_int_equal(turns[i], TURNS);
	}
	assert_int_equal(count().leases, SHARED + CROWD * TURNS);
	assert_int_equal(count().opened, SHARED);
	assert_int_equal(count().timeouts, 0);
	assert_true(count().waits >= CROWD);
	assert_counts(SHARED, SHARED);
}

static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
static atomic_int opens;

/* The first connection cannot be opened, and not before the gate is. */
static dbw_status open_behind_the_gate(const dbw_address *address, dbw_connection **out, dbw_error *problem)
{
	if (atomic_fetch_add(&opens, 1) != 0)
		return dbw__sqlite_driver.open(address, out, problem);
	pthread_mutex_lock(&gate);
	pthread_mutex_unlock(&gate);
	*out = NULL;
	return dbw__fail(problem, DBW_CONNECTION, "no");
}

static void *lease_once(void *argument)
{
	dbw_error own;
	dbw__pooled *pooled;
	dbw_status status = dbw__pool_acquire(pool, &pooled, &own);

	*(dbw_status *)argument = status;
	if (status == DBW_OK)
		dbw__pool_release(pooled);
	return NULL;
}

static void threads__wait_for_the_first_connection_and_try_after_it(void **state)
{
	dbw_status statuses[3];
	pthread_t threads[3];

	(void)state;
	driver.open = open_behind_the_gate;
	atomic_store(&opens, 0);
	make_shared_pool(path, 4);
	pthread_mutex_lock(&gate);
	assert_int_equal(pthread_create(&threads[0], NULL, lease_once, &statuses[0]), 0);
	while (count().open != 1)
		sched_yield();
	for (uint32_t i = 1; i < 3; i++) {
		assert_int_equal(pthread_create(&threads[i], NULL, lease_once, &statuses[i]), 0);
		wait_for_waiting(i);
	}
	assert_int_equal(count().open, 1);
	pthread_mutex_unlock(&gate);
	for (int i = 0; i < 3; i++)
		assert_int_equal(pthread_join(threads[i], NULL), 0);
	assert_int_equal(statuses[0], DBW_CONNECTION);
	assert_int_equal(statuses[1], DBW_OK);
	assert_int_equal(statuses[2], DBW_OK);
	assert_int_equal(count().open_failures, 1);
	assert_int_equal(dbw__pool_in_use(pool), 0);
}

static void *wait_in_vain(void *argument)
{
	dbw_error own;
	dbw__pooled *none;

	*(dbw_status *)argument = dbw__pool_acquire(pool, &none, &own);
	return NULL;
}

static void threads__are_woken_when_the_pool_is_shut(void **state)
{
	dbw_status statuses[4];
	pthread_t threads[4];
	dbw__pooled *one;

	(void)state;
	make_shared_pool(path, 1);
	one = acquire();
	for (int i = 0; i < 4; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, wait_in_vain, &statuses[i]), 0);
	wait_for_waiting(4);
	dbw__pool_shut(pool);
	for (int i = 0; i < 4; i++) {
		assert_int_equal(pthread_join(threads[i], NULL), 0);
		assert_int_equal(statuses[i], DBW_LIFECYCLE);
	}
	dbw__pool_release(one);
	assert_counts(1, 1);
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
	make_shared_pool(":memory:", 2);
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
		WITH_POOL(wait__ends_at_the_deadline),
		WITH_POOL(wait__is_five_seconds_where_nothing_is_said),
		WITH_POOL(wait__takes_what_comes_back),
		WITH_POOL(wait__takes_the_place_of_one_that_is_closed),
		WITH_POOL(shut__sends_everybody_away),
		WITH_POOL(cancel__reaches_what_is_leased),
		WITH_POOL(overflow__goes_when_it_comes_back),
		WITH_POOL(overflow__is_kept_for_who_waits),
		WITH_POOL(idle__is_closed_after_its_time),
		WITH_POOL(idle__goes_one_by_one_as_others_come_back),
		WITH_POOL(idle__too_long_is_opened_anew_when_asked_for),
		WITH_POOL(lifetime__ends_idle_and_leased_ones),
		WITH_POOL(maintain__opens_the_least_and_says_why_it_cannot),
		WITH_POOL(threads__come_to_their_turn_in_order),
		WITH_POOL(threads__wait_for_the_first_connection_and_try_after_it),
		WITH_POOL(threads__are_woken_when_the_pool_is_shut),
		WITH_POOL(threads__share_a_pool),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

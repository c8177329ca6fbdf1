/* How databases come to their end, and what is kept in order until then. */
#include "child.h"

#include "fixture_session.h"

#include <dbwright/databases.h>

#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static dbw_databases *databases;
static dbw_error error;
static char folder[64];
static char story[512];

static void tell(const char *format, ...) DBW_PRINTF(1, 2);

static void tell(const char *format, ...)
{
	const size_t used = strlen(story);
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(story + used, sizeof story - used, format, arguments);
	va_end(arguments);
}

static int set_up(void **state)
{
	(void)state;
	story[0] = '\0';
	strcpy(folder, "/tmp/dbwright-test-XXXXXX");
	return mkdtemp(folder) == NULL || setenv("DBWRIGHT_ROOT", folder, 1) != 0;
}

static int tear_down(void **state)
{
	static const char *const names[] = { "a.db", "a.db-wal", "a.db-shm", "b.db", "b.db-wal", "b.db-shm" };

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		char path[128];

		snprintf(path, sizeof path, "%s/%s", folder, names[i]);
		unlink(path);
	}
	return rmdir(folder);
}

static const dbw_setting pool_of_two[] = { { "min_idle", "2" }, { "connect", "eager" } };
static const dbw_entry entries[] = {
	{ .name = "auth", .connection_string = "sqlite:a.db" },
	{ .name = "other",
		.schema = "auth",
		.connection_string = "sqlite:b.db",
		.settings = pool_of_two,
		.setting_count = 2 },
};
static const char *const both[] = { "auth", "other" };

static dbw_status open_with(dbw_options options)
{
	options.entries = entries;
	options.entry_count = 2;
	if (options.only == NULL) {
		options.only = both;
		options.only_count = 2;
	}
	return dbw_databases_open(&databases, &fixture_program, &options, &error);
}

static void begin_writer(const char *purpose, auth_session *out)
{
	if (auth_begin(databases, purpose, out, &error) != DBW_OK)
		fail_msg("%s", error.message);
}

static void make_tables(void)
{
	auth_session s;

	begin_writer("tables", &s);
	assert_int_equal(fixture_create(s.any), DBW_OK);
	assert_int_equal(dbw__commit(s.any), DBW_OK);
}

static void drain__begins_nothing_any_more(void **state)
{
	auth_session s;
	auth_reader r;

	(void)state;
	assert_int_equal(open_with((dbw_options){ .only = NULL }), DBW_OK);
	make_tables();
	assert_int_equal(dbw_databases_drain(databases, 1000000, &error), DBW_OK);
	assert_int_equal(auth_begin(databases, "late", &s, &error), DBW_LIFECYCLE);
	assert_string_equal(error.message, "the databases are being closed, and begin no session any more");
	assert_null(s.any.slot);
	assert_int_equal(auth_read_begin(databases, "late", &r, &error), DBW_LIFECYCLE);
	assert_int_equal(dbw_databases_drain(databases, 0, &error), DBW_OK);
	assert_int_equal(dbw_databases_close(databases, &error), DBW_OK);
	assert_int_equal(dbw_databases_drain(NULL, 0, &error), DBW_MISUSE);
}

static void drain__ends_what_held_on_and_names_it(void **state)
{
	auth_session s, inner;
	auth_reader r;
	int64_t count;

	(void)state;
	assert_int_equal(open_with((dbw_options){ .only = NULL }), DBW_OK);
	make_tables();
	begin_writer("create_user", &s);
	assert_int_equal(dbw__nest(s.any, "inner", &inner.any), DBW_OK);
	assert_int_equal(fixture_insert_user(inner.any, "Ada", "ada@example.com", 0), DBW_OK);
	assert_int_equal(auth_read_begin(databases, "front_page", &r, &error), DBW_OK);
	assert_int_equal(dbw_databases_drain(databases, 0, &error), DBW_LIFECYCLE);
	assert_non_null(strstr(error.message, "2 sessions did not end in time: "));
	assert_non_null(strstr(error.message, "\"create_user\""));
	assert_non_null(strstr(error.message, "\"front_page\""));
	assert_int_equal(fixture_insert_user(inner.any, "Bob", "bob@example.com", 0), DBW_ENDED);
	assert_int_equal(dbw__commit(inner.any), DBW_ENDED);
	assert_int_equal(dbw__commit(s.any), DBW_ENDED);
	assert_int_equal(fixture_count(r.any, "users", &count), DBW_ENDED);
	assert_int_equal(dbw__end(s.any), DBW_OK);
	assert_int_equal(dbw_databases_close(databases, &error), DBW_LIFECYCLE);
	assert_int_equal(open_with((dbw_options){ .only = NULL }), DBW_OK);
	assert_int_equal(auth_read_begin(databases, "look", &r, &error), DBW_OK);
	assert_int_equal(fixture_count(r.any, "users", &count), DBW_OK);
	assert_int_equal(count, 0);
	assert_int_equal(dbw__end(r.any), DBW_OK);
	assert_int_equal(dbw_databases_close(databases, &error), DBW_OK);
}

static atomic_bool has_begun;

/* Works until it hears that the databases are closed, and commits what it has. */
static void *work_to_the_end(void *argument)
{
	auth_session s;
	auth_reader r;
	dbw_error own;
	dbw_status status = auth_begin(databases, "work", &s, &own);

	if (status == DBW_OK)
		status = fixture_insert_user(s.any, "Ada", "ada@example.com", 0);
	atomic_store(&has_begun, true);
	if (status != DBW_OK)
		return argument;
	while ((status = auth_read_begin(databases, "look", &r, &own)) == DBW_OK)
		dbw__end(r.any);
	if (status != DBW_LIFECYCLE)
		return argument;
	return dbw__commit(s.any) == DBW_OK ? NULL : argument;
}

static void drain__waits_for_the_sessions_of_other_threads(void **state)
{
	void *problem;
	pthread_t thread;
	auth_reader r;
	int64_t count;

	(void)state;
	assert_int_equal(open_with((dbw_options){ .only = NULL }), DBW_OK);
	make_tables();
	atomic_store(&has_begun, false);
	assert_int_equal(pthread_create(&thread, NULL, work_to_the_end, story), 0);
	while (!atomic_load(&has_begun))
		sched_yield();
	/* For ever: later than 32 bits of seconds can say. */
	assert_int_equal(dbw_databases_drain(databases, INT64_MAX, &error), DBW_OK);
	assert_int_equal(pthread_join(thread, &problem), 0);
	assert_null(problem);
	assert_int_equal(dbw_databases_close(databases, &error), DBW_OK);
	assert_int_equal(open_with((dbw_options){ .only = NULL }), DBW_OK);
	assert_int_equal(auth_read_begin(databases, "look", &r, &error), DBW_OK);
	assert_int_equal(fixture_count(r.any, "users", &count), DBW_OK);
	assert_int_equal(count, 1);
	assert_int_equal(dbw__end(r.any), DBW_OK);
	assert_int_equal(dbw_databases_close(databases, &error), DBW_OK);
}

enum { WORKERS = 8 };

/* Begins sessions until it may not; a handle may end under it, a statement be stopped, but nothing else happens. */
static void *work_until_drained(void *argument)
{
	dbw_status status = DBW_OK;

	while (status == DBW_OK || status == DBW_ENDED || status == DBW_CANCELLED) {
		dbw_error own;
		auth_reader r;
		int64_t count;

		status = auth_read_begin(databases, "work", &r, &own);
		if (status != DBW_OK)
			break;
		atomic_store(&has_begun, true);
		status = fixture_count(r.any, "users", &count);
		dbw__end(r.any);
	}
	return status == DBW_LIFECYCLE ? NULL : argument;
}

static void drain__comes_between_at_any_time(void **state)
{
	pthread_t threads[WORKERS];
	dbw_status status, closed;

	(void)state;
	assert_int_equal(open_with((dbw_options){ .only = NULL }), DBW_OK);
	make_tables();
	atomic_store(&has_begun, false);
	for (int i = 0; i < WORKERS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, work_until_drained, story), 0);
	while (!atomic_load(&has_begun))
		sched_yield();
	status = dbw_databases_drain(databases, 0, &error);
	assert_true(status == DBW_OK || status == DBW_LIFECYCLE);
	for (int i = 0; i < WORKERS; i++) {
		void *problem;

		assert_int_equal(pthread_join(threads[i], &problem), 0);
		assert_null(problem);
	}
	closed = dbw_databases_close(databases, &error);
	assert_true(closed == DBW_OK || (closed == DBW_LIFECYCLE && status == DBW_LIFECYCLE));
}

static char one[] = "one", two[] = "two";

static void clean_up(void *argument)
{
	const char *name = argument;

	tell("cleanup %s; ", name);
}

static void watch(const dbw_event *event, void *argument)
{
	(void)argument;
	if (event->kind == DBW_EVENT_CONNECT)
		tell("%s %s; ", event->status == DBW_OK ? "connect" : "fail", event->database);
	else if (event->kind == DBW_EVENT_DISCONNECT)
		tell("disconnect %s; ", event->database);
}

static void on_close__runs_the_last_first(void **state)
{
	static const char *const only[] = { "auth" };
	auth_session s;
	int result;
	pid_t child;

	(void)state;
	assert_int_equal(
		open_with((dbw_options){ .only = only, .only_count = 1, .on_event = watch }), DBW_OK);
	assert_int_equal(dbw_databases_on_close(databases, clean_up, one, &error), DBW_OK);
	assert_int_equal(dbw_databases_on_close(databases, clean_up, two, &error), DBW_OK);
	assert_int_equal(dbw_databases_on_close(databases, NULL, NULL, &error), DBW_MISUSE);
	begin_writer("work", &s);
	assert_int_equal(dbw__end(s.any), DBW_OK);
	child = fork();
	if (child == 0) {
		bool fine = dbw_databases_drain(databases, 0, NULL) == DBW_FORKED &&
			    dbw_databases_maintain(databases, NULL) == DBW_FORKED &&
			    dbw_databases_on_close(databases, clean_up, two, NULL) == DBW_FORKED &&
			    dbw_databases_close(databases, NULL) == DBW_OK;

		leave_child(fine && strcmp(story, "connect auth; ") == 0 ? 0 : 1);
	}
	assert_true(child > 0);
	assert_int_equal(waitpid(child, &result, 0), child);
	assert_true(WIFEXITED(result) && WEXITSTATUS(result) == 0);
	assert_int_equal(dbw_databases_close(databases, &error), DBW_OK);
	assert_string_equal(story, "connect auth; disconnect auth; cleanup two; cleanup one; ");
}

static dbw_status greet(const dbw_connected *connected, dbw_error *reason, void *argument)
{
	assert_ptr_equal(argument, story);
	assert_string_equal(connected->schema, "auth");
	assert_int_equal(connected->engine, DBW_SQLITE);
	tell("hello %s; ", connected->database);
	if (strcmp(connected->database, "auth") == 0)
		return dbw__fail(reason, DBW_UNSUPPORTED, "not this one");
	return DBW_OK;
}

static void part(const dbw_connected *connected, void *argument)
{
	assert_ptr_equal(argument, story);
	tell("bye %s; ", connected->database);
}

static void hooks__see_connections_come_and_go(void **state)
{
	auth_session s;

	(void)state;
	assert_int_equal(open_with((dbw_options){ .on_event = watch,
				 .on_connect = greet,
				 .before_close = part,
				 .connection_argument = story }),
		DBW_OK);
	assert_string_equal(story, "hello other; connect other; hello other; connect other; ");
	assert_int_equal(auth_begin(databases, "work", &s, &error), DBW_UNSUPPORTED);
	assert_string_equal(error.message, "not this one");
	story[0] = '\0';
	assert_int_equal(dbw_databases_close(databases, &error), DBW_OK);
	assert_string_equal(story, "bye other; disconnect other; bye other; disconnect other; ");
}

static void eager__a_failed_start_closes_what_was_opened(void **state)
{
	static const dbw_entry broken[] = {
		{ .name = "auth", .connection_string = "sqlite:a.db" },
		{ .name = "other", .schema = "auth", .connection_string = "sqlite:b.db" },
		{ .name = "third", .schema = "auth", .connection_string = "sqlite:none/c.db" },
	};
	static const char *const only[] = { "auth", "other", "third" };
	const dbw_options options = { .entries = broken,
		.entry_count = 3,
		.only = only,
		.only_count = 3,
		.connect = DBW_CONNECT_EAGER,
		.on_event = watch };

	(void)state;
	assert_int_equal(dbw_databases_open(&databases, &fixture_program, &options, &error), DBW_CONNECTION);
	assert_null(databases);
	assert_non_null(strstr(error.message, "none/c.db"));
	assert_string_equal(
		story, "connect auth; connect other; fail third; disconnect other; disconnect auth; ");
}

static void maintain__keeps_the_least_open(void **state)
{
	dbw_pool_statistics statistics;

	(void)state;
	assert_int_equal(open_with((dbw_options){ .connect = DBW_CONNECT_LAZY }), DBW_OK);
	assert_int_equal(dbw_databases_statistics(databases, "other", &statistics, &error), DBW_OK);
	assert_int_equal(statistics.open, 0);
	assert_int_equal(statistics.size, DBW_POOL_SIZE_DEFAULT);
	assert_int_equal(dbw_databases_maintain(databases, &error), DBW_OK);
	assert_int_equal(dbw_databases_statistics(databases, "other", &statistics, &error), DBW_OK);
	assert_int_equal(statistics.idle, 2);
	assert_int_equal(statistics.opened, 2);
	assert_int_equal(dbw_databases_statistics(databases, "auth", &statistics, &error), DBW_OK);
	assert_int_equal(statistics.open, 0);
	assert_int_equal(dbw_databases_statistics(databases, "none", &statistics, &error), DBW_NOT_FOUND);
	assert_int_equal(dbw_databases_statistics(databases, NULL, &statistics, &error), DBW_MISUSE);
	assert_int_equal(dbw_databases_maintain(NULL, &error), DBW_MISUSE);
	assert_int_equal(dbw_databases_close(databases, &error), DBW_OK);
}

static void note_long_read(const dbw_event *event, void *argument)
{
	(void)argument;
	if (event->kind == DBW_EVENT_LONG_READ)
		tell("%s of %s; ", event->purpose, event->database);
}

static void maintain__tells_of_long_reads(void **state)
{
	static const dbw_setting at_once[] = { { "max_read_session_ms", "1" } };
	static const char *const only[] = { "auth" };
	const dbw_entry entry = {
		.name = "auth", .connection_string = "sqlite:a.db", .settings = at_once, .setting_count = 1
	};
	const dbw_options options = {
		.entries = &entry, .entry_count = 1, .only = only, .only_count = 1, .on_event = note_long_read
	};
	auth_reader r;

	(void)state;
	assert_int_equal(dbw_databases_open(&databases, &fixture_program, &options, &error), DBW_OK);
	assert_int_equal(auth_read_begin(databases, "forgotten", &r, &error), DBW_OK);
	/* The clock may be some milliseconds late. */
	usleep(50000);
	assert_int_equal(dbw_databases_maintain(databases, &error), DBW_OK);
	assert_string_equal(story, "forgotten of auth; ");
	assert_int_equal(dbw__end(r.any), DBW_OK);
	assert_int_equal(dbw_databases_close(databases, &error), DBW_OK);
	assert_string_equal(story, "forgotten of auth; ");
}

#define WITH_FOLDER(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_FOLDER(drain__begins_nothing_any_more),
		WITH_FOLDER(drain__ends_what_held_on_and_names_it),
		WITH_FOLDER(drain__waits_for_the_sessions_of_other_threads),
		WITH_FOLDER(drain__comes_between_at_any_time),
		WITH_FOLDER(on_close__runs_the_last_first),
		WITH_FOLDER(hooks__see_connections_come_and_go),
		WITH_FOLDER(eager__a_failed_start_closes_what_was_opened),
		WITH_FOLDER(maintain__keeps_the_least_open),
		WITH_FOLDER(maintain__tells_of_long_reads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

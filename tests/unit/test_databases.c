#include "fixture_session.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <dbwright/sql.h>

static dbw_databases *databases;
static dbw_error error;
static char folder[64];

static int make_folder(void **state)
{
	(void)state;
	strcpy(folder, "/tmp/dbwright-test-XXXXXX");
	return mkdtemp(folder) == NULL || setenv("DBWRIGHT_ROOT", folder, 1) != 0;
}

static int remove_folder(void **state)
{
	(void)state;
	return rmdir(folder);
}

/* Opens with one entry that overrides or adds. */
static dbw_status open_with(const dbw_entry *entry)
{
	dbw_options options = { .entries = entry, .entry_count = 1 };
	dbw_status status;

	databases = (dbw_databases *)&options;
	status = dbw_databases_open(&databases, &fixture_program, &options, &error);
	assert_int_equal(status, error.status);
	if (status != DBW_OK)
		assert_null(databases);
	return status;
}

static void close_all(void)
{
	assert_int_equal(dbw_databases_close(databases, &error), DBW_OK);
	databases = NULL;
}

static void refused(const dbw_entry *entry, dbw_status status, const char *message)
{
	assert_int_equal(open_with(entry), status);
	assert_string_equal(error.message, message);
}

static dbw_status begin(const char *qualifier, auth_session *out)
{
	dbw_session_options options = { .purpose = "test", .qualifier = qualifier };

	return dbw__begin(databases, &auth__schema, &options, true, &out->any, &error);
}

static bool exists(const char *name)
{
	struct stat facts;
	char path[200];

	snprintf(path, sizeof path, "%s/%s", folder, name);
	return stat(path, &facts) == 0;
}

static void discard(const char *name)
{
	static const char *const suffixes[] = { "", "-wal", "-shm" };
	char path[200];

	for (size_t i = 0; i < 3; i++) {
		snprintf(path, sizeof path, "%s/%s%s", folder, name, suffixes[i]);
		unlink(path);
	}
}

static void entries__mistakes_are_named(void **state)
{
	static const dbw_setting bad_setting[] = { { "jurnal_mode", "wal" } };
	static const dbw_setting path[] = { { "path", "x.db" } };
	static const dbw_setting variable[] = { { "path", "${DBW_TEST_NOT_SET}" } };

	static const dbw_setting twice[] = { { "path", "x.db" }, { "path", "y.db" } };
	static const dbw_options file = { .file = "shop.yaml" };

	(void)state;
	unsetenv("DBW_TEST_NOT_SET");
	refused(&(dbw_entry){ .name = "billing", .connection_string = "sqlite::memory:" }, DBW_CONFIG,
		"set by the program: database \"billing\": the program has no schema \"billing\"; say schema:");
	refused(&(dbw_entry){ .name = "x", .schema = "auht", .connection_string = "sqlite::memory:" },
		DBW_CONFIG,
		"set by the program: database \"x\": the program has no schema \"auht\"; did you mean \"auth\"?");
	/* Whether the driver is built in or not: the schema is not for it. */
	assert_int_equal(
		open_with(&(dbw_entry){ .name = "auth", .connection_string = "postgresql://u:secret@h/d" }),
		DBW_PROVIDER);
	assert_non_null(strstr(error.message, "database \"auth\""));
	assert_null(strstr(error.message, "secret"));
	assert_int_equal(open_with(&(dbw_entry){ .name = "x", .schema = "auth", .provider = "postgresql" }),
		DBW_PROVIDER);
	refused(&(dbw_entry){ .name = "x", .schema = "auth", .provider = "sqllite" }, DBW_PROVIDER,
		"set by the program: \"provider\" of database \"x\" must be sqlite or postgresql;"
		" one from outside is path/lib.so:symbol, or program:name");
	refused(&(dbw_entry){ .name = "auth", .settings = bad_setting, .setting_count = 1 }, DBW_CONFIG,
		"set by the program: unknown key \"jurnal_mode\" in database \"auth\";"
		" did you mean \"journal_mode\"?");
	refused(&(dbw_entry){ .name = "auth", .settings = twice, .setting_count = 2 }, DBW_CONFIG,
		"set by the program: \"path\" of database \"auth\" is given twice");
	refused(&(dbw_entry){ .name = "x",
			.schema = "auth",
			.connection_string = "sqlite:y.db",
			.settings = path,
			.setting_count = 1 },
		DBW_CONFIG,
		"set by the program: database \"x\" has a connection string, and \"path\" besides; keep one of the two");
	refused(&(dbw_entry){ .name = "x",
			.schema = "auth",
			.connection_string = "sqlite:y.db",
			.provider = "postgresql" },
		DBW_CONFIG,
		"set by the program: the provider of database \"x\" is postgresql and its connection string is sqlite's;"
		" leave \"provider\" out: it follows from the connection string");
	refused(&(dbw_entry){ .name = "x",
			.schema = "auth",
			.connection_string = "sqlite::temp:",
			.qualifier = "memory" },
		DBW_CONFIG,
		"databases \"memory\" and \"x\" of schema \"auth\" have the same qualifier \"memory\"");
	refused(&(dbw_entry){ .name = "auth", .pool_size = 1001 }, DBW_CONFIG,
		"set by the program: \"pool_size\" of database \"auth\" must be a whole number from 1 to 1000");
	refused(&(dbw_entry){ .schema = "auth" }, DBW_CONFIG, "entries[0]: a database needs a name");
	refused(&(dbw_entry){ .name = "auth", .settings = variable, .setting_count = 1 }, DBW_CONFIG,
		"set by the program: \"path\" of database \"auth\":"
		" the environment variable DBW_TEST_NOT_SET is not set");
	refused(&(dbw_entry){ .name = "auth", .connection_string = "sqlit:x" }, DBW_CONFIG,
		"set by the program: \"connection_string\" of database \"auth\":"
		" this kind of URL is not known; did you mean sqlite:?;"
		" write sqlite:path/to/file.db, sqlite::memory:, sqlite::temp: or postgresql://...");
	assert_int_equal(dbw_databases_open(&databases, &fixture_program, &file, &error), DBW_MISUSE);
}

/* What was told, as "E code source" and "W code source", one after the other. */
static char told[2000];

static void tell(void *argument, const dbw_problem *problem)
{
	size_t used = strlen(told);

	assert_ptr_equal(argument, told);
	snprintf(told + used, sizeof told - used, "%s %s %s\n", problem->is_error ? "E" : "W", problem->code,
		problem->source == NULL ? "-" : problem->source);
	assert_null(strstr(problem->message, "geheim"));
}

static void entries__all_mistakes_are_told_at_once(void **state)
{
	static const dbw_setting much[] = { { "max_overflow", "2" }, { "journal_mode", "sideways" },
		{ "nonsense", "geheim" } };
	static const char *const sources[] = { "shop.yaml:3:5", "shop.yaml:4:5", "shop.yaml:12:7" };
	static const dbw_entry entries[] = {
		{ .name = "auth",
			.settings = much,
			.setting_count = 3,
			.source = "shop.yaml:2:3",
			.sources = sources },
		{ .name = "x", .schema = "none", .connection_string = "postgresql://geheim:geheim@/" },
		{ .name = "y", .schema = "auth", .connection_string = "gehei://geheim" },
	};
	static const char *const only[] = { "auth", "x", "y", "z" };
	dbw_options options = { .entries = entries,
		.entry_count = 3,
		.only = only,
		.only_count = 4,
		.on_problem = tell,
		.problem_argument = told };

	(void)state;
	told[0] = '\0';
	assert_int_equal(dbw_databases_open(&databases, &fixture_program, &options, &error), DBW_CONFIG);
	assert_string_equal(told, "E unknown-database -\n"
				  "E unknown-schema set by the program\n"
				  "E bad-url set by the program\n"
				  "E bad-value shop.yaml:4:5\n"
				  "E unknown-key shop.yaml:12:7\n");
	assert_string_equal(error.message, "only: there is no database \"z\" (and 4 more)");
}

static void entries__variables_come_from_the_environment(void **state)
{
	static const dbw_setting settings[] = { { "journal_mode", "${DBW_TEST_MODE:-delete}" } };
	dbw_entry entry = { .name = "auth",
		.connection_string = "sqlite:${DBW_TEST_FILE}.db",
		.settings = settings,
		.setting_count = 1 };
	auth_session s;

	(void)state;
	assert_int_equal(setenv("DBW_TEST_FILE", "from-environment", 1), 0);
	assert_int_equal(open_with(&entry), DBW_OK);
	assert_false(exists("from-environment.db"));
	assert_int_equal(begin("auth", &s), DBW_OK);
	assert_true(exists("from-environment.db"));
	assert_false(exists("from-environment.db-wal"));
	assert_int_equal(dbw__end(s.any), DBW_OK);
	close_all();
	discard("from-environment.db");
	assert_int_equal(setenv("DBW_TEST_MODE", "sideways", 1), 0);
	assert_int_equal(open_with(&entry), DBW_CONFIG);
	unsetenv("DBW_TEST_MODE");
	unsetenv("DBW_TEST_FILE");
}

static void entries__only_the_used_ones_are_resolved(void **state)
{
	static const dbw_entry broken = { .name = "broken",
		.connection_string = "sqlite:${DBW_TEST_NOT_SET}" };
	static const char *const memory[] = { "memory" };
	static const char *const unknown[] = { "memori" };
	dbw_options options = { .entries = &broken, .entry_count = 1, .only = memory, .only_count = 1 };
	auth_session s;

	(void)state;
	assert_int_equal(dbw_databases_open(&databases, &fixture_program, &options, &error), DBW_OK);
	assert_int_equal(begin(NULL, &s), DBW_OK);
	assert_int_equal(dbw__end(s.any), DBW_OK);
	assert_int_equal(begin("auth", &s), DBW_CONFIG);
	assert_null(s.any.slot);
	assert_string_equal(error.message,
		"schema \"auth\" has no database with the qualifier \"auth\"; there is \"memory\"");
	close_all();
	options.only = unknown;
	assert_int_equal(dbw_databases_open(&databases, &fixture_program, &options, &error), DBW_CONFIG);
	assert_string_equal(error.message, "only: there is no database \"memori\"; did you mean \"memory\"?");
	options.only_count = 0;
	assert_int_equal(dbw_databases_open(&databases, &fixture_program, &options, &error), DBW_OK);
	assert_int_equal(begin(NULL, &s), DBW_CONFIG);
	assert_string_equal(error.message,
		"no open database has the schema \"auth\"; declare one in \"databases:\", or give dbw_options an entry, "
		"which `only`, if given, has to name");
	close_all();
}

static void entries__a_url_replaces_a_path_and_back(void **state)
{
	static const dbw_setting path[] = { { "path", "path.db" }, { "busy_timeout_ms", "7" } };
	dbw_entry entries[] = {
		{ .name = "auth", .settings = path, .setting_count = 2 },
		{ .name = "auth", .connection_string = "sqlite:url.db" },
	};
	dbw_options options = { .entries = entries, .entry_count = 1 };
	auth_session s;

	(void)state;
	for (size_t count = 1; count <= 2; count++) {
		const char *name = count == 1 ? "path.db" : "url.db";

		options.entry_count = count;
		assert_int_equal(dbw_databases_open(&databases, &fixture_program, &options, &error), DBW_OK);
		assert_int_equal(begin("auth", &s), DBW_OK);
		assert_true(exists(name));
		assert_int_equal(dbw__end(s.any), DBW_OK);
		close_all();
		discard(name);
	}
}

static void qualifiers__choose_the_instance(void **state)
{
	static const dbw_entry two[] = {
		{ .name = "one", .schema = "auth", .connection_string = "sqlite:one.db", .qualifier = "eu" },
		{ .name = "two", .schema = "auth", .connection_string = "sqlite:two.db" },
	};
	static const char *const only[] = { "one", "two" };
	dbw_entry chosen[2];
	dbw_options options = { .entries = two, .entry_count = 2 };
	auth_session s;

	(void)state;
	/* The entry that is named like the schema. */
	assert_int_equal(dbw_databases_open(&databases, &fixture_program, &options, &error), DBW_OK);
	assert_int_equal(begin(NULL, &s), DBW_OK);
	assert_false(exists("one.db") || exists("two.db"));
	assert_int_equal(dbw__end(s.any), DBW_OK);
	assert_int_equal(begin("eu", &s), DBW_OK);
	assert_true(exists("one.db") && !exists("two.db"));
	assert_int_equal(dbw__end(s.any), DBW_OK);
	close_all();
	discard("one.db");
	/* None is: one has to be asked for. */
	options.only = only;
	options.only_count = 2;
	assert_int_equal(dbw_databases_open(&databases, &fixture_program, &options, &error), DBW_OK);
	assert_int_equal(begin(NULL, &s), DBW_CONFIG);
	assert_string_equal(error.message,
		"schema \"auth\" has several databases and no default: ask for one of \"eu\", \"two\"");
	close_all();
	/* The default. */
	memcpy(chosen, two, sizeof chosen);
	chosen[1].is_default = true;
	options.entries = chosen;
	options.only = NULL;
	assert_int_equal(dbw_databases_open(&databases, &fixture_program, &options, &error), DBW_OK);
	assert_int_equal(begin(NULL, &s), DBW_OK);
	assert_true(exists("two.db"));
	assert_int_equal(dbw__end(s.any), DBW_OK);
	close_all();
	discard("two.db");
	chosen[0].is_default = true;
	assert_int_equal(dbw_databases_open(&databases, &fixture_program, &options, &error), DBW_CONFIG);
	assert_string_equal(
		error.message, "databases \"one\" and \"two\" of schema \"auth\" are both default");
}

static void open__checks_the_program(void **state)
{
	dbw_program other = fixture_program;

	(void)state;
	assert_int_equal(dbw_databases_open(&databases, NULL, NULL, &error), DBW_MISUSE);
	other.abi = DBW_ABI + 1;
	assert_int_equal(dbw_databases_open(&databases, &other, NULL, &error), DBW_MISUSE);
	assert_string_equal(error.message,
		"the program was generated for another dbwright runtime: run dbwright generate again");
	assert_int_equal(dbw_databases_open(&databases, &other, NULL, NULL), DBW_MISUSE);
	assert_int_equal(dbw_databases_open(NULL, &fixture_program, NULL, &error), DBW_MISUSE);
	assert_int_equal(dbw_databases_close(NULL, &error), DBW_OK);
}

static void begin__needs_a_purpose(void **state)
{
	dbw_session_options options = { .purpose = NULL };
	auth_session s;
	auth_reader r;

	(void)state;
	assert_int_equal(dbw_databases_open(&databases, &fixture_program, NULL, &error), DBW_OK);
	assert_int_equal(auth_begin(databases, NULL, &s, &error), DBW_MISUSE);
	assert_int_equal(auth_begin(databases, "", &s, NULL), DBW_MISUSE);
	assert_int_equal(auth_read_begin(databases, NULL, &r, &error), DBW_MISUSE);
	assert_string_equal(error.message, "a session needs a purpose");
	assert_int_equal(dbw__begin(databases, &auth__schema, NULL, true, &s.any, &error), DBW_MISUSE);
	assert_int_equal(dbw__begin(databases, &auth__schema, &options, true, &s.any, &error), DBW_MISUSE);
	assert_int_equal(auth_begin(NULL, "test", &s, &error), DBW_MISUSE);
	assert_null(s.any.slot);
	close_all();
}

static void misuse__no_place_for_what_is_asked_for(void **state)
{
	const dbw_session_options options = { .purpose = "test" };
	auth_session s;
	dbw_database handle;

	(void)state;
	assert_int_equal(dbw_databases_open(&databases, &fixture_program, NULL, &error), DBW_OK);
	assert_int_equal(dbw__begin(databases, &auth__schema, &options, true, NULL, &error), DBW_MISUSE);
	assert_string_equal(error.message, "no place for the session is given");
	assert_int_equal(dbw__begin(NULL, NULL, NULL, false, NULL, NULL), DBW_MISUSE);
	assert_int_equal(dbw__database_of(databases, &auth__schema, NULL, NULL, &error), DBW_MISUSE);
	assert_int_equal(dbw__database_of(databases, &auth__schema, NULL, &handle, &error), DBW_OK);
	assert_int_equal(dbw__begin_on(handle, &auth__schema, &options, true, NULL, &error), DBW_MISUSE);
	assert_int_equal(dbw_databases_statistics(databases, "auth", NULL, &error), DBW_MISUSE);
	assert_int_equal(dbw_databases_list(databases, NULL, &error), DBW_MISUSE);
	assert_int_equal(dbw_databases_store(databases, "auth", "sqlite", NULL, &error), DBW_MISUSE);
	assert_int_equal(auth_begin(databases, "test", &s, &error), DBW_OK);
	assert_int_equal(dbw__nest(s.any, "inner", NULL), DBW_MISUSE);
	assert_int_equal(dbw__nest((dbw_session){ NULL, 0 }, "inner", NULL), DBW_ENDED);
	assert_int_equal(dbw__end(s.any), DBW_OK);
	close_all();
}

/* It would be a word of SQL on PostgreSQL. */
static void begin__an_isolation_that_is_none(void **state)
{
	static const int numbers[] = { DBW_SERIALIZABLE + 1, 77, -1 };
	auth_session s;

	(void)state;
	assert_int_equal(dbw_databases_open(&databases, &fixture_program, NULL, &error), DBW_OK);
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
		dbw_session_options options = { .purpose = "test" };

		memcpy(&options.isolation, &numbers[i], sizeof options.isolation);
		assert_int_equal(
			dbw__begin(databases, &auth__schema, &options, true, &s.any, &error), DBW_MISUSE);
		assert_string_equal(error.message, "session \"test\": there is no such isolation");
		assert_null(s.any.slot);
	}
	close_all();
}

static void begin__an_open_failure_says_why(void **state)
{
	static const dbw_entry entry = { .name = "auth", .connection_string = "sqlite:no/such.db" };
	char expected[300];
	auth_session s;

	(void)state;
	assert_int_equal(open_with(&entry), DBW_OK);
	assert_int_equal(begin("auth", &s), DBW_CONNECTION);
	snprintf(expected, sizeof expected,
		"database \"auth\": cannot open %s/no/such.db: the folder %s/no does not exist; make it, as "
		"dbwright db setup does",
		folder, folder);
	assert_string_equal(error.message, expected);
	assert_int_equal(begin("memory", &s), DBW_OK);
	assert_int_equal(dbw__end(s.any), DBW_OK);
	close_all();
}

static void begin__a_full_pool_is_busy(void **state)
{
	static const dbw_setting at_once[] = { { "acquire_timeout_ms", "0" } };
	static const dbw_entry entry = { .name = "auth", .settings = at_once, .setting_count = 1 };
	auth_reader readers[5];

	(void)state;
	assert_int_equal(open_with(&entry), DBW_OK);
	for (int i = 0; i < 4; i++)
		assert_int_equal(auth_read_begin(databases, "read", &readers[i], &error), DBW_OK);
	assert_int_equal(auth_read_begin(databases, "read", &readers[4], &error), DBW_BUSY);
	assert_null(readers[4].any.slot);
	assert_int_equal(dbw__end(readers[2].any), DBW_OK);
	assert_int_equal(auth_read_begin(databases, "read", &readers[4], &error), DBW_OK);
	for (int i = 0; i < 5; i++)
		assert_int_equal(dbw__end(readers[i].any), DBW_OK);
	close_all();
}

static void begin__names_no_writer_that_is_not_its_own(void **state)
{
	static const dbw_setting settings[] = { { "busy_timeout_ms", "10" } };
	static const dbw_entry entry = { .name = "auth",
		.connection_string = "sqlite:shared.db",
		.settings = settings,
		.setting_count = 1 };
	const dbw_options options = { .entries = &entry, .entry_count = 1 };
	dbw_databases *others;
	auth_session one, two, inner;

	(void)state;
	assert_int_equal(open_with(&entry), DBW_OK);
	assert_int_equal(dbw_databases_open(&others, &fixture_program, &options, &error), DBW_OK);
	assert_int_equal(auth_begin(others, "one", &one, &error), DBW_OK);
	assert_int_equal(auth_begin(databases, "two", &two, &error), DBW_BUSY);
	assert_string_equal(
		error.message, "database \"auth\": another connection has been writing (waited 10 ms)");
	assert_int_equal(dbw__end(one.any), DBW_OK);
	/* A nested session is its outer one's; one that has ended is in nobody's way. */
	assert_int_equal(auth_begin(databases, "two", &two, &error), DBW_OK);
	assert_int_equal(dbw__nest(two.any, "inner", &inner.any), DBW_OK);
	assert_int_equal(auth_begin(databases, "three", &one, &error), DBW_BUSY);
	assert_non_null(strstr(error.message, "session \"two\""));
	assert_int_equal(dbw__commit(inner.any), DBW_OK);
	assert_int_equal(dbw__commit(two.any), DBW_OK);
	assert_int_equal(auth_begin(others, "one", &one, &error), DBW_OK);
	assert_int_equal(auth_begin(databases, "three", &two, &error), DBW_BUSY);
	assert_null(strstr(error.message, "session \"two\""));
	assert_int_equal(dbw__end(one.any), DBW_OK);
	assert_int_equal(dbw_databases_close(others, &error), DBW_OK);
	close_all();
	discard("shared.db");
}

static void begin__a_second_writer_waits_for_the_busy_timeout(void **state)
{
	static const dbw_setting settings[] = { { "busy_timeout_ms", "30" } };
	static const dbw_entry entry = { .name = "auth", .settings = settings, .setting_count = 1 };
	auth_session one, two;
	auth_reader r;

	(void)state;
	assert_int_equal(open_with(&entry), DBW_OK);
	assert_int_equal(auth_begin(databases, "one", &one, &error), DBW_OK);
	assert_int_equal(auth_begin(databases, "two", &two, &error), DBW_BUSY);
	assert_null(two.any.slot);
	assert_string_equal(error.message,
		"database \"auth\": waited 30 ms (busy_timeout_ms) for others that write; it is session \"one\" of "
		"this program: end it first");
	assert_int_equal(auth_read_begin(databases, "read", &r, &error), DBW_OK);
	assert_int_equal(dbw__end(r.any), DBW_OK);
	assert_int_equal(dbw__end(one.any), DBW_OK);
	assert_int_equal(auth_begin(databases, "two", &two, &error), DBW_OK);
	assert_int_equal(dbw__end(two.any), DBW_OK);
	close_all();
}

static void close__names_what_was_left_open(void **state)
{
	static const dbw_entry entry = { .name = "auth", .connection_string = "sqlite:left.db" };
	auth_session s, inner;
	auth_reader r;
	int64_t count;

	(void)state;
	assert_int_equal(open_with(&entry), DBW_OK);
	assert_int_equal(auth_begin(databases, "setup", &s, &error), DBW_OK);
	assert_int_equal(fixture_create(s.any), DBW_OK);
	assert_int_equal(dbw__commit(s.any), DBW_OK);
	assert_int_equal(auth_begin(databases, "create_user", &s, &error), DBW_OK);
	assert_int_equal(dbw__nest(s.any, "inner", &inner.any), DBW_OK);
	assert_int_equal(fixture_insert_user(inner.any, "Ada", "ada@example.com", 0), DBW_OK);
	assert_int_equal(auth_read_begin(databases, "front_page", &r, &error), DBW_OK);
	assert_int_equal(dbw_databases_close(databases, &error), DBW_LIFECYCLE);
	assert_non_null(strstr(error.message, "2 sessions had not been ended: "));
	assert_non_null(strstr(error.message, "\"create_user\""));
	assert_non_null(strstr(error.message, "\"front_page\""));
	assert_int_equal(open_with(&entry), DBW_OK);
	assert_int_equal(auth_read_begin(databases, "look", &r, &error), DBW_OK);
	assert_int_equal(fixture_count(r.any, "users", &count), DBW_OK);
	assert_int_equal(count, 0);
	assert_int_equal(dbw__end(r.any), DBW_OK);
	close_all();
	discard("left.db");
}

/* The name of the file of a session's database, from SQLite itself. */
static void take_file_name(auth_session s, char *out, size_t size)
{
	dbw_records rows;
	const char *name;

	assert_int_equal(dbw_sql(s.any, DBW_SQL("SELECT file FROM pragma_database_list WHERE name = 'main'"),
				 NULL, 0, &rows),
		DBW_OK);
	assert_int_equal(rows.count, 1);
	assert_int_equal(dbw_records_text(&rows, 0, 0, &name), DBW_OK);
	assert_in_range(snprintf(out, size, "%s", name), 1, size - 1);
	dbw_records_free(&rows);
}

static void temporary__files_go_at_close(void **state)
{
	static const char *const endings[] = { "", "-wal", "-shm", "-journal" };
	char name[128], file[sizeof name + 16];
	auth_session s;

	(void)state;
	assert_int_equal(dbw_databases_open(&databases, &fixture_program, NULL, &error), DBW_OK);
	assert_int_equal(auth_begin(databases, "temp", &s, &error), DBW_OK);
	take_file_name(s, name, sizeof name);
	assert_non_null(strstr(name, "/dbwright-"));
	assert_int_equal(fixture_create(s.any), DBW_OK);
	assert_int_equal(dbw__commit(s.any), DBW_OK);
	assert_int_equal(access(name, F_OK), 0);
	close_all();
	for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
		snprintf(file, sizeof file, "%s%s", name, endings[i]);
		assert_int_equal(access(file, F_OK), -1);
	}
}

/* Events */

enum { EVENT_LIMIT = 64 };
static struct {
	dbw_event_kind kind;
	dbw_status status;
	char statement[40];
	char purpose[20];
	int64_t rows;
	bool writes, has_model, has_error;
} events[EVENT_LIMIT];
static int event_count;

static void record(const dbw_event *event, void *argument)
{
	assert_ptr_equal(argument, events);
	assert_true(event_count < EVENT_LIMIT);
	assert_true(event->duration_ns >= 0);
	assert_string_equal(event->database, "memory");
	assert_string_equal(event->schema, "auth");
	events[event_count].kind = event->kind;
	events[event_count].status = event->status;
	events[event_count].rows = event->rows;
	events[event_count].writes = event->writes;
	events[event_count].has_model = event->model == &user__model;
	events[event_count].has_error = event->error != NULL && event->error->status == event->status;
	snprintf(events[event_count].statement, sizeof events[0].statement, "%s",
		event->statement == NULL ? "" : event->statement);
	snprintf(events[event_count].purpose, sizeof events[0].purpose, "%s",
		event->purpose == NULL ? "" : event->purpose);
	if (event->kind != DBW_EVENT_STATEMENT)
		assert_null(event->sql);
	else if (event->statement != NULL && strcmp(event->statement, "create_tables") != 0)
		assert_non_null(event->sql);
	event_count++;
}

static void events__tell_the_whole_story(void **state)
{
	static const char *const only[] = { "memory" };
	static const struct {
		dbw_event_kind kind;
		dbw_status status;
		const char *statement;
		const char *purpose;
	} expected[] = {
		{ DBW_EVENT_CONNECT, DBW_OK, "", "" },
		{ DBW_EVENT_BEGIN, DBW_OK, "", "test" },
		{ DBW_EVENT_STATEMENT, DBW_OK, "create_tables", "test" },
		{ DBW_EVENT_STATEMENT, DBW_OK, "user_insert", "test" },
		{ DBW_EVENT_BEGIN, DBW_OK, "", "inner" },
		{ DBW_EVENT_STATEMENT, DBW_CONFLICT, "user_insert", "inner" },
		{ DBW_EVENT_ROLLBACK, DBW_OK, "", "inner" },
		{ DBW_EVENT_COMMIT, DBW_OK, "", "test" },
		{ DBW_EVENT_BEGIN, DBW_OK, "", "read" },
		{ DBW_EVENT_BEGIN, DBW_BUSY, "", "read" },
		{ DBW_EVENT_STATEMENT, DBW_OK, "count", "read" },
		{ DBW_EVENT_ROLLBACK, DBW_OK, "", "read" },
		{ DBW_EVENT_BEGIN, DBW_LIFECYCLE, "", "late" },
		{ DBW_EVENT_DISCONNECT, DBW_OK, "", "" },
	};
	dbw_options options = { .only = only, .only_count = 1, .on_event = record, .event_argument = events };
	auth_session s, inner;
	auth_reader r, busy;
	int64_t count;

	(void)state;
	event_count = 0;
	assert_int_equal(dbw_databases_open(&databases, &fixture_program, &options, &error), DBW_OK);
	assert_int_equal(begin(NULL, &s), DBW_OK);
	assert_int_equal(fixture_create(s.any), DBW_OK);
	assert_int_equal(fixture_insert_user(s.any, "Ada", "ada@example.com", 0), DBW_OK);
	assert_int_equal(dbw__nest(s.any, "inner", &inner.any), DBW_OK);
	assert_int_equal(fixture_insert_user(inner.any, "Ada", "ada@example.com", 0), DBW_CONFLICT);
	assert_int_equal(fixture_insert_user(inner.any, "Bob", "bob@example.com", 0), DBW_SESSION_FAILED);
	assert_int_equal(dbw__end(inner.any), DBW_OK);
	assert_int_equal(dbw__commit(s.any), DBW_OK);
	assert_int_equal(auth_read_begin(databases, "read", &r, &error), DBW_OK);
	assert_int_equal(auth_read_begin(databases, "read", &busy, &error), DBW_BUSY);
	assert_int_equal(fixture_count(r.any, "users", &count), DBW_OK);
	assert_int_equal(dbw__end(r.any), DBW_OK);
	assert_int_equal(dbw_databases_drain(databases, 0, &error), DBW_OK);
	assert_int_equal(auth_read_begin(databases, "late", &r, &error), DBW_LIFECYCLE);
	close_all();
	assert_int_equal(event_count, sizeof expected / sizeof expected[0]);
	for (int i = 0; i < event_count; i++) {
		assert_int_equal(events[i].kind, expected[i].kind);
		assert_int_equal(events[i].status, expected[i].status);
		assert_string_equal(events[i].statement, expected[i].statement);
		assert_string_equal(events[i].purpose, expected[i].purpose);
		assert_int_equal(events[i].has_error, expected[i].status != DBW_OK);
	}
	assert_true(events[3].writes && events[3].has_model && events[3].rows == 1);
	assert_true(!events[10].writes && events[10].rows == 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(entries__mistakes_are_named),
		cmocka_unit_test(entries__all_mistakes_are_told_at_once),
		cmocka_unit_test(entries__variables_come_from_the_environment),
		cmocka_unit_test(entries__only_the_used_ones_are_resolved),
		cmocka_unit_test(entries__a_url_replaces_a_path_and_back),
		cmocka_unit_test(qualifiers__choose_the_instance),
		cmocka_unit_test(open__checks_the_program),
		cmocka_unit_test(begin__needs_a_purpose),
		cmocka_unit_test(misuse__no_place_for_what_is_asked_for),
		cmocka_unit_test(begin__an_isolation_that_is_none),
		cmocka_unit_test(begin__an_open_failure_says_why),
		cmocka_unit_test(begin__a_full_pool_is_busy),
		cmocka_unit_test(begin__names_no_writer_that_is_not_its_own),
		cmocka_unit_test(begin__a_second_writer_waits_for_the_busy_timeout),
		cmocka_unit_test(close__names_what_was_left_open),
		cmocka_unit_test(temporary__files_go_at_close),
		cmocka_unit_test(events__tell_the_whole_story),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}

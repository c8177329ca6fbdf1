/* What depends on another database is connected after it and closed before it, as the program's hooks see it. */
#include "fixture_session.h"

#include <dbwright/config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static dbw_databases *databases;
static dbw_error error;

/* A program with models and no entries. */
static dbw_program program;

static int make_program(void **state)
{
	(void)state;
	program = fixture_program;
	program.entries = NULL;
	program.entry_count = 0;
	return 0;
}

/* "+name" for each connection that is made, "-name" for each that is closed. */
static char seen[400];

static void record(char sign, const char *name)
{
	const size_t used = strlen(seen);

	snprintf(seen + used, sizeof seen - used, "%s%c%s", used == 0 ? "" : " ", sign, name);
}

static dbw_status on_connect(const dbw_connected *connected, dbw_error *problem, void *argument)
{
	(void)problem;
	(void)argument;
	record('+', connected->database);
	return DBW_OK;
}

static void before_close(const dbw_connected *connected, void *argument)
{
	(void)argument;
	record('-', connected->database);
}

static dbw_status open_all(const dbw_entry *entries, size_t count, const char *const *only, size_t only_count)
{
	const dbw_options options = { .entries = entries,
		.entry_count = count,
		.only = only,
		.only_count = only_count,
		.connect = DBW_CONNECT_EAGER,
		.dotenv = "",
		.on_connect = on_connect,
		.before_close = before_close };

	seen[0] = '\0';
	return dbw_databases_open(&databases, &program, &options, &error);
}

static void opens(const dbw_entry *entries, size_t count, const char *expected)
{
	if (open_all(entries, count, NULL, 0) != DBW_OK)
		fail_msg("%s", error.message);
	assert_string_equal(seen, expected);
	seen[0] = '\0';
}

static void closes(const char *expected)
{
	assert_int_equal(dbw_databases_close(databases, &error), DBW_OK);
	assert_string_equal(seen, expected);
}

static void refused(const dbw_entry *entries, size_t count, const char *message)
{
	assert_int_equal(open_all(entries, count, NULL, 0), DBW_CONFIG);
	assert_string_equal(error.message, message);
	assert_string_equal(seen, "");
}

#define ENTRY(name_, on)                                                   \
	{                                                                  \
		.name = (name_), .schema = "auth",                         \
		.connection_string = "sqlite::memory:", .depends_on = (on) \
	}

static void order__eager_start_and_close(void **state)
{
	static const dbw_entry apart[] = { ENTRY("a", NULL), ENTRY("b", NULL), ENTRY("c", NULL) };
	static const dbw_entry chain[] = { ENTRY("a", "auth:b"), ENTRY("b", "c"), ENTRY("c", NULL) };
	static const dbw_entry both[] = { ENTRY("a", "c, d"), ENTRY("b", NULL), ENTRY("c", "d"),
		ENTRY("d", "") };

	(void)state;
	opens(apart, 3, "+a +b +c");
	closes("-c -b -a");
	opens(chain, 3, "+c +b +a");
	closes("-a -b -c");
	opens(both, 4, "+b +d +c +a");
	closes("-a -c -d -b");
}

static dbw_session begin(const char *qualifier)
{
	const dbw_session_options options = { .purpose = "read", .qualifier = qualifier };
	dbw_session session;

	if (dbw__begin(databases, &auth__schema, &options, false, &session, &error) != DBW_OK)
		fail_msg("%s", error.message);
	return session;
}

/* What a session connects later is closed in its place, too. */
static void order__lazy_connections_are_closed_in_order(void **state)
{
	static const dbw_setting lazy[] = { { "connect", "lazy" } };
	dbw_entry entries[] = { ENTRY("a", "b"), ENTRY("b", NULL) };
	const dbw_options options = { .entries = entries,
		.entry_count = 2,
		.dotenv = "",
		.on_connect = on_connect,
		.before_close = before_close };

	(void)state;
	entries[0].settings = lazy;
	entries[0].setting_count = 1;
	seen[0] = '\0';
	assert_int_equal(dbw_databases_open(&databases, &program, &options, &error), DBW_OK);
	assert_string_equal(seen, "");
	/* Its own database and no other. */
	assert_int_equal(dbw__end(begin("a")), DBW_OK);
	assert_string_equal(seen, "+a");
	assert_int_equal(dbw__end(begin("b")), DBW_OK);
	closes("+a +b -a -b");
}

/* Databases of one file share its connections, which stay for who depends on any of them. */
static void order__of_a_place_that_is_shared(void **state)
{
	char path[] = "/tmp/dbwright-test-XXXXXX", url[64];
	const int file = mkstemp(path);
	dbw_entry entries[] = { ENTRY("a", "b"), ENTRY("b", NULL), ENTRY("c", "a") };

	(void)state;
	assert_true(file >= 0);
	snprintf(url, sizeof url, "sqlite:%s", path);
	entries[1].connection_string = url;
	entries[2].connection_string = url;
	opens(entries, 3, "+b +a");
	closes("-a -b");
	close(file);
	unlink(path);
}

static void order__mistakes(void **state)
{
	static const dbw_entry unknown[] = { ENTRY("main", "mian"), ENTRY("more", NULL) };
	static const dbw_entry qualifier[] = { ENTRY("main", "auth:us") };
	static const dbw_entry pair[] = { ENTRY("main", "auht:more"), ENTRY("more", NULL) };
	static const dbw_entry self[] = { ENTRY("main", "main") };
	static const dbw_entry circle[] = { ENTRY("x", "b"), ENTRY("a", "b"), ENTRY("b", "c"),
		ENTRY("c", "auth:a") };

	(void)state;
	refused(unknown, 2,
		"set by the program: database \"main\" depends on \"mian\", which is not there;"
		" there is \"more\"");
	refused(qualifier, 1,
		"set by the program: database \"main\" depends on \"auth:us\", which is not there;"
		" there is no other database");
	refused(pair, 2,
		"set by the program: database \"main\" depends on \"auht:more\", which is not there;"
		" did you mean \"auth:more\"?");
	refused(self, 1, "set by the program: database \"main\" depends on itself; take it out of the list");
	refused(circle, 4,
		"set by the program: database \"b\" depends on itself, by way of \"c\", \"a\";"
		" one of them has to be opened first");
}

static void order__what_only_leaves_out_may_be_named(void **state)
{
	static const dbw_entry entries[] = { ENTRY("a", "b, c"), ENTRY("b", "a"), ENTRY("c", NULL) };
	static const char *const only[] = { "a", "c" };

	(void)state;
	if (open_all(entries, 3, only, 2) != DBW_OK)
		fail_msg("%s", error.message);
	assert_string_equal(seen, "+c +a");
	seen[0] = '\0';
	/* It comes back, and with it the circle. */
	assert_int_equal(dbw_databases_add(databases, &entries[1], &error), DBW_CONFIG);
	assert_non_null(strstr(error.message, "depends on itself"));
	assert_false(dbw_databases_have(databases, "b"));
	closes("-a -c");
}

static void order__of_what_comes_and_goes(void **state)
{
	static const dbw_entry entries[] = { ENTRY("a", NULL), ENTRY("b", "a") };
	static const dbw_entry more = ENTRY("c", "b"), lost = ENTRY("d", "nothing"), again = ENTRY("a", NULL);

	(void)state;
	opens(entries, 2, "+a +b");
	assert_int_equal(dbw_databases_add(databases, &lost, &error), DBW_CONFIG);
	assert_int_equal(dbw_databases_add(databases, &more, &error), DBW_OK);
	/* A database may go while others name it. */
	assert_int_equal(dbw_databases_remove(databases, "a", &error), DBW_OK);
	assert_string_equal(seen, "+c -a");
	assert_int_equal(dbw_databases_add(databases, &again, &error), DBW_OK);
	seen[0] = '\0';
	closes("-c -b -a");
}

/* A file at run time says it, and says where it is wrong. */
static void order__in_a_file(void **state)
{
	char folder[] = "/tmp/dbwright-test-XXXXXX", path[64];
	dbw_options options = { .dotenv = "",
		.reader = dbw_config_reader,
		.connect = DBW_CONNECT_EAGER,
		.on_connect = on_connect,
		.before_close = before_close };
	char expected[200];
	FILE *file;

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof path, "%s/shop.yaml", folder);
	options.file = path;
	for (int round = 0; round < 2; round++) {
		file = fopen(path, "w");
		assert_non_null(file);
		fprintf(file,
			"databases:\n"
			"  a: {schema: auth, connection_string: 'sqlite::memory:', depends_on: ['auth:x']}\n"
			"  b: {schema: auth, connection_string: 'sqlite::memory:', qualifier: %s}\n",
			round == 0 ? "x" : "y");
		assert_int_equal(fclose(file), 0);
		seen[0] = '\0';
		assert_int_equal(dbw_databases_open(&databases, &program, &options, &error),
			round == 0 ? DBW_OK : DBW_CONFIG);
		if (round == 0)
			closes("+b +a -a -b");
	}
	snprintf(expected, sizeof expected,
		"%s:2:71: database \"a\" depends on \"auth:x\", which is not there;"
		" did you mean \"auth:y\"?",
		path);
	assert_string_equal(error.message, expected);
	unlink(path);
	rmdir(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(order__eager_start_and_close),
		cmocka_unit_test(order__lazy_connections_are_closed_in_order),
		cmocka_unit_test(order__of_a_place_that_is_shared),
		cmocka_unit_test(order__mistakes),
		cmocka_unit_test(order__what_only_leaves_out_may_be_named),
		cmocka_unit_test(order__of_what_comes_and_goes),
		cmocka_unit_test(order__in_a_file),
	};

	return cmocka_run_group_tests_name("databases_order", tests, make_program, NULL);
}

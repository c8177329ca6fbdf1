/* Entries that a program makes from a path, or from a server's host, port, name, user and password. */
#include "fixture_session.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static dbw_databases *databases;
static dbw_error error;

/* The program of the fixture, made for both engines. */
static dbw_schema schema;
static const dbw_schema *schemas[] = { &schema };
static dbw_program program;

static int make_program(void **state)
{
	(void)state;
	schema = auth__schema;
	schema.engines = 1U << DBW_SQLITE | 1U << DBW_POSTGRESQL;
	program = (dbw_program){ .abi = DBW_ABI,
		.name = "both",
		.schemas = schemas,
		.schema_count = 1,
		.slot_count = fixture_program.slot_count };
	return unsetenv("AUTH_DATABASE_URL") | unsetenv("DATABASE_URL") | unsetenv("PGPASSWORD");
}

static dbw_status open_with(dbw_entry entry)
{
	const dbw_options options = { .entries = &entry, .entry_count = 1, .dotenv = "" };

	return dbw_databases_open(&databases, &program, &options, &error);
}

static void refused(dbw_entry entry, dbw_status status, const char *message)
{
	assert_int_equal(open_with(entry), status);
	assert_string_equal(error.message, message);
}

static void close_all(void)
{
	assert_int_equal(dbw_databases_close(databases, &error), DBW_OK);
}

static void entries__a_file(void **state)
{
	/* Taken as it is. */
	char path[] = "/tmp/dbwright-test-${HOME}$$-XXXXXX";
	dbw_entry entry;
	dbw_database_list list;
	dbw_session session;
	const dbw_session_options options = { .purpose = "make" };
	int file = mkstemp(path);

	(void)state;
	assert_true(file >= 0);
	close(file);
	assert_int_equal(unlink(path), 0);
	entry = dbw_entry_sqlite("auth", path);
	entry.pool_size = 2;
	assert_int_equal(open_with(entry), DBW_OK);
	assert_int_equal(dbw_databases_list(databases, &list, &error), DBW_OK);
	assert_string_equal(list.items[0].provider, "sqlite");
	assert_string_equal(list.items[0].source, "set by the program");
	assert_non_null(strstr(list.items[0].url, path));
	assert_int_equal(list.items[0].pool_size, 2);
	dbw_database_list_free(&list);
	assert_int_equal(dbw__begin(databases, &schema, &options, true, &session, &error), DBW_OK);
	assert_int_equal(access(path, F_OK), 0);
	assert_int_equal(dbw__end(session), DBW_OK);
	close_all();
	assert_int_equal(unlink(path), 0);
}

static void entries__mistakes(void **state)
{
	static const dbw_setting path[] = { { "path", "y.db" } };
	dbw_entry entry = dbw_entry_sqlite("auth", "x.db");

	(void)state;
	refused(dbw_entry_sqlite("auth", NULL), DBW_CONFIG,
		"set by the program: \"path\" of database \"auth\" is empty");
	refused(dbw_entry_sqlite("auth", ""), DBW_CONFIG,
		"set by the program: \"path\" of database \"auth\" is empty");
	refused(dbw_entry_sqlite(NULL, "x.db"), DBW_CONFIG, "entries[0]: a database needs a name");
	entry.settings = path;
	entry.setting_count = 1;
	refused(entry, DBW_CONFIG, "set by the program: \"path\" of database \"auth\" is given twice");
	entry = dbw_entry_sqlite("auth", "x.db");
	entry.server.host = "db.example";
	refused(entry, DBW_CONFIG,
		"set by the program: \"host\" is only for PostgreSQL, and database \"auth\" is SQLite");
	entry = (dbw_entry){ .name = "auth", .connection_string = "sqlite:y.db", .path = "x.db" };
	refused(entry, DBW_CONFIG,
		"set by the program: database \"auth\" has a connection string, and \"path\" besides;"
		" keep one of the two");
	refused(dbw_entry_postgresql("auth", (dbw_server){ .host = "" }), DBW_CONFIG,
		"set by the program: \"host\" of database \"auth\" is empty");
	refused(dbw_entry_postgresql("auth", (dbw_server){ .host = "h", .port = 65536 }), DBW_CONFIG,
		"set by the program: \"port\" of database \"auth\" must be a whole number from 1 to 65535");
	refused(dbw_entry_postgresql("auth", (dbw_server){ .host = "h", .port = -1 }), DBW_CONFIG,
		"set by the program: \"port\" of database \"auth\" must be a whole number from 1 to 65535");
	refused(dbw_entry_postgresql("auth", (dbw_server){ .host = "h", .password = "" }), DBW_CONFIG,
		"set by the program: \"password\" of database \"auth\" is empty");
}

/* Opens with a password, and looks at all that is told of the database. */
static void entries__a_server(void **state)
{
	static const char password[] = "ge$$heim/${HOME}@x";
	dbw_entry entry = dbw_entry_postgresql(
		"auth", (dbw_server){ "db.example", 5433, "shop$", "app user", password });
	dbw_database_list list;
	dbw_status status = open_with(entry);
	bool found = false;

	(void)state;
	if (status == DBW_PROVIDER) {
		/* Built without libpq. */
		assert_non_null(strstr(error.message, "libpq"));
		return;
	}
	assert_int_equal(status, DBW_OK);
	assert_int_equal(dbw_databases_list(databases, &list, &error), DBW_OK);
	assert_string_equal(list.items[0].provider, "postgresql");
	assert_string_equal(list.items[0].url, "postgresql://app%20user:***@db.example:5433/shop%24");
	assert_string_equal(list.items[0].source, "set by the program");
	for (size_t i = 0; i < list.items[0].setting_count; i++) {
		assert_null(strstr(list.items[0].settings[i].value, "heim"));
		if (strcmp(list.items[0].settings[i].key, "password") == 0) {
			assert_string_equal(list.items[0].settings[i].value, "***");
			assert_true(list.items[0].settings[i].used);
			found = true;
		}
	}
	assert_true(found);
	dbw_database_list_free(&list);
	close_all();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(entries__a_file),
		cmocka_unit_test(entries__mistakes),
		cmocka_unit_test(entries__a_server),
	};

	return cmocka_run_group_tests_name("databases_entries", tests, make_program, NULL);
}

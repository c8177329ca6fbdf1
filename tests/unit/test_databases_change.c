/* Databases that are added while others use what is there, by entries as a program may make them. */
#include "fixture_session.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const dbw_entry compiled[] = {
	{ .name = "auth", .connection_string = "sqlite::temp:", .is_default = true },
	{ .name = "eu", .schema = "auth", .connection_string = "sqlite::temp:" },
};

static dbw_databases *databases;
static dbw_error error;

static dbw_status open_with(const dbw_options *options)
{
	static const dbw_schema *const schemas[] = { &auth__schema };
	static const dbw_program program = {
		.abi = DBW_ABI, .schemas = schemas, .schema_count = 1, .entries = compiled, .entry_count = 2
	};
	dbw_options own = *options;

	own.dotenv = "";
	return dbw_databases_open(&databases, &program, &own, &error);
}

static void close_all(void)
{
	assert_int_equal(dbw_databases_close(databases, NULL), DBW_OK);
	databases = NULL;
}

/* Which database is meant where none is named. */
static const char *default_name(void)
{
	static char name[40];
	dbw_database_list list;

	name[0] = '\0';
	assert_int_equal(dbw_databases_list(databases, &list, NULL), DBW_OK);
	for (size_t i = 0; i < list.count; i++)
		if (list.items[i].is_default)
			strcat(name, list.items[i].name);
	dbw_database_list_free(&list);
	return name;
}

static void entries__settings_without_a_key_are_passed_over(void **state)
{
	static const dbw_setting settings[] = { { NULL, NULL }, { NULL, "x" }, { "default", "true" } };
	static const dbw_entry entry = { .name = "eu", .settings = settings, .setting_count = 3 };

	(void)state;
	assert_int_equal(open_with(&(dbw_options){ .entries = &entry, .entry_count = 1 }), DBW_OK);
	assert_string_equal(default_name(), "eu");
	close_all();
}

static void entries__a_key_without_a_value_is_refused(void **state)
{
	static const dbw_setting settings[] = { { "default", NULL } };
	static const dbw_entry entry = { .name = "eu", .settings = settings, .setting_count = 1 };

	(void)state;
	assert_int_equal(open_with(&(dbw_options){ .entries = &entry, .entry_count = 1 }), DBW_CONFIG);
	assert_non_null(strstr(error.message, "\"default\""));
}

static void only__has_no_name(void **state)
{
	static const char *const names[] = { "auth", NULL };

	(void)state;
	assert_int_equal(open_with(&(dbw_options){ .only = names, .only_count = 2 }), DBW_CONFIG);
	assert_non_null(strstr(error.message, "there is no database \"\""));
}

static void add__the_default_one(void **state)
{
	static const char *const names[] = { "eu" };
	static const dbw_setting settings[] = { { "default", "true" } };
	static const dbw_entry declared = { .name = "auth" }, said = { .name = "us",
		.schema = "auth",
		.connection_string = "sqlite::temp:",
		.settings = settings,
		.setting_count = 1 };

	(void)state;
	assert_int_equal(open_with(&(dbw_options){ .only = names, .only_count = 1 }), DBW_OK);
	assert_string_equal(default_name(), "");
	/* One that was left out is what it was declared to be. */
	assert_int_equal(dbw_databases_add(databases, &declared, &error), DBW_OK);
	assert_string_equal(default_name(), "auth");
	assert_int_equal(dbw_databases_add(databases, &said, &error), DBW_CONFIG);
	assert_non_null(strstr(error.message, "both default"));
	assert_int_equal(dbw_databases_remove(databases, "auth", &error), DBW_OK);
	assert_int_equal(dbw_databases_add(databases, &said, &error), DBW_OK);
	assert_string_equal(default_name(), "us");
	close_all();
}

/* Databases that come and go, of which every one that is there is found, and no other. */
static void add__any_of_many_is_found_by_its_qualifier(void **state)
{
	enum { NAMES = 60, STEPS = 500 };
	static const char *const names[] = { "eu" };
	static char texts[NAMES][8];
	dbw_database seen[NAMES], found;
	bool there[NAMES] = { true };
	int count = 1;
	uint32_t random = 1;

	(void)state;
	assert_int_equal(open_with(&(dbw_options){ .only = names, .only_count = 1 }), DBW_OK);
	strcpy(texts[0], "eu");
	strcpy(texts[1], "auth");
	for (int i = 2; i < NAMES; i++)
		snprintf(texts[i], sizeof texts[i], "t%d", i);
	assert_int_equal(dbw__database_of(databases, &auth__schema, "eu", &seen[0], &error), DBW_OK);
	for (int step = 0; step < STEPS; step++) {
		const int grow = step / 100 % 2 == 0;
		int number, first = -1;

		random = random * 1103515245 + 12345;
		number = (int)(random >> 16) % NAMES;
		if (there[number] && !grow) {
			assert_int_equal(dbw_databases_remove(databases, texts[number], &error), DBW_OK);
			there[number] = false;
			count--;
		} else if (!there[number] && grow) {
			const dbw_entry entry = { .name = texts[number],
				.schema = "auth",
				.connection_string = "sqlite::memory:" };

			/* That one is declared to be the default. */
			if (number == 1)
				continue;
			assert_int_equal(dbw_databases_add(databases, &entry, &error), DBW_OK);
			assert_int_equal(dbw__database_of(databases, &auth__schema, texts[number],
						 &seen[number], &error),
				DBW_OK);
			there[number] = true;
			count++;
		}
		for (int i = 0; i < NAMES; i++) {
			assert_int_equal(dbw__database_of(databases, &auth__schema, texts[i], &found, &error),
				there[i] ? DBW_OK : DBW_CONFIG);
			assert_true(!there[i] ||
				    (found.slot == seen[i].slot && found.generation == seen[i].generation));
			first = there[i] ? i : first;
		}
		/* The only one is meant where none is named. */
		assert_int_equal(dbw__database_of(databases, &auth__schema, NULL, &found, &error),
			count == 1 ? DBW_OK : DBW_CONFIG);
		assert_true(count != 1 || found.slot == seen[first].slot);
	}
	close_all();
}

static bool means(const char *name)
{
	dbw_database one, other;

	return dbw__database_of(databases, &auth__schema, NULL, &one, &error) == DBW_OK &&
	       dbw__database_of(databases, &auth__schema, name, &other, &error) == DBW_OK &&
	       one.slot == other.slot;
}

static void add__what_is_meant_without_a_qualifier(void **state)
{
	static const dbw_schema *const schemas[] = { &auth__schema };
	static const dbw_entry eu = {
		.name = "eu", .schema = "auth", .connection_string = "sqlite::memory:"
	};
	static const dbw_program program = {
		.abi = DBW_ABI, .schemas = schemas, .schema_count = 1, .entries = &eu, .entry_count = 1
	};
	dbw_entry entry = { .schema = "auth", .connection_string = "sqlite::memory:" };
	dbw_database none;

	(void)state;
	assert_int_equal(
		dbw_databases_open(&databases, &program, &(dbw_options){ .dotenv = "" }, &error), DBW_OK);
	assert_true(means("eu"));
	entry.name = "us";
	assert_int_equal(dbw_databases_add(databases, &entry, &error), DBW_OK);
	assert_int_equal(dbw__database_of(databases, &auth__schema, NULL, &none, &error), DBW_CONFIG);
	entry.name = "auth";
	assert_int_equal(dbw_databases_add(databases, &entry, &error), DBW_OK);
	assert_true(means("auth"));
	entry.name = "asia";
	entry.is_default = true;
	assert_int_equal(dbw_databases_add(databases, &entry, &error), DBW_OK);
	assert_true(means("asia"));
	assert_int_equal(dbw_databases_remove(databases, "asia", &error), DBW_OK);
	assert_true(means("auth"));
	assert_int_equal(dbw_databases_remove(databases, "auth", &error), DBW_OK);
	assert_int_equal(dbw__database_of(databases, &auth__schema, NULL, &none, &error), DBW_CONFIG);
	assert_int_equal(dbw_databases_remove(databases, "eu", &error), DBW_OK);
	assert_true(means("us"));
	assert_int_equal(dbw_databases_remove(databases, "us", &error), DBW_OK);
	assert_int_equal(dbw__database_of(databases, &auth__schema, NULL, &none, &error), DBW_CONFIG);
	assert_non_null(strstr(error.message, "no open database has the schema"));
	close_all();
}

/* A tenant's name, perhaps from outside, makes no file elsewhere. */
static void add__a_name_that_is_a_path(void **state)
{
	static const dbw_entry entry = { .name = "../../tmp/x", .schema = "auth" };

	(void)state;
	assert_int_equal(open_with(&(dbw_options){ .entry_count = 0 }), DBW_OK);
	assert_int_equal(dbw_databases_add(databases, &entry, &error), DBW_CONFIG);
	assert_non_null(strstr(error.message, "does not say where it is"));
	close_all();
}

static void *ask(void *argument)
{
	*(bool *)argument = dbw_databases_have(databases, "auth");
	return NULL;
}

static dbw_status answer;

/* While a connection is made, another thread uses the databases. */
static dbw_status let_others_ask(const dbw_connected *connected, dbw_error *reason, void *argument)
{
	pthread_t thread;

	(void)reason;
	(void)argument;
	if (strcmp(connected->database, "us") != 0)
		return DBW_OK;
	if (pthread_create(&thread, NULL, ask, argument) != 0 || pthread_join(thread, NULL) != 0)
		return DBW_ENGINE;
	return answer;
}

static void add__others_need_not_wait_for_its_connection(void **state)
{
	static const dbw_setting eager[] = { { "connect", "eager" } };
	static const dbw_entry entry = { .name = "us",
		.schema = "auth",
		.connection_string = "sqlite::temp:",
		.settings = eager,
		.setting_count = 1 };
	bool asked = false;
	const dbw_options options = { .on_connect = let_others_ask, .connection_argument = &asked };

	(void)state;
	assert_int_equal(open_with(&options), DBW_OK);
	answer = DBW_OK;
	assert_int_equal(dbw_databases_add(databases, &entry, &error), DBW_OK);
	assert_true(asked);
	assert_int_equal(dbw_databases_remove(databases, "us", &error), DBW_OK);
	/* One that cannot be connected to is not there. */
	answer = DBW_CONNECTION;
	assert_int_equal(dbw_databases_add(databases, &entry, NULL), DBW_CONNECTION);
	assert_false(dbw_databases_have(databases, "us"));
	assert_int_equal(dbw_databases_add(databases, &entry, &error), DBW_CONNECTION);
	answer = DBW_OK;
	assert_int_equal(dbw_databases_add(databases, &entry, &error), DBW_OK);
	assert_true(dbw_databases_have(databases, "us"));
	close_all();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(entries__settings_without_a_key_are_passed_over),
		cmocka_unit_test(entries__a_key_without_a_value_is_refused),
		cmocka_unit_test(only__has_no_name),
		cmocka_unit_test(add__the_default_one),
		cmocka_unit_test(add__a_name_that_is_a_path),
		cmocka_unit_test(add__any_of_many_is_found_by_its_qualifier),
		cmocka_unit_test(add__what_is_meant_without_a_qualifier),
		cmocka_unit_test(add__others_need_not_wait_for_its_connection),
	};

	unsetenv("DBWRIGHT_ENV");
	return cmocka_run_group_tests_name("databases_change", tests, NULL, NULL);
}

/* Databases as files, the environment and the program make them; those that come and go; and what a list of them says. */
#include "fixture_session.h"

#include <dbwright/config.h>

#include <ftw.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static dbw_databases *databases;
static dbw_error error;
static char folder[64];
static char told[3000];

static int make_folder(void **state)
{
	(void)state;
	strcpy(folder, "/tmp/dbwright-test-XXXXXX");
	unsetenv("DBWRIGHT_ENV");
	return mkdtemp(folder) == NULL || setenv("DBWRIGHT_ROOT", folder, 1) != 0;
}

static int remove_one(const char *path, const struct stat *about, int kind, struct FTW *at)
{
	(void)about;
	(void)kind;
	(void)at;
	return remove(path);
}

static int remove_folder(void **state)
{
	(void)state;
	return nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static void write_file(const char *name, const char *text)
{
	char path[200];
	FILE *file;

	snprintf(path, sizeof path, "%s/%s", folder, name);
	for (char *slash = strchr(path + strlen(folder) + 1, '/'); slash != NULL;
		slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(path, 0700);
		*slash = '/';
	}
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static bool exists(const char *name)
{
	struct stat facts;
	char path[200];

	snprintf(path, sizeof path, "%s/%s", folder, name);
	return stat(path, &facts) == 0;
}

static void tell(void *argument, const dbw_problem *problem)
{
	size_t used = strlen(told);

	(void)argument;
	snprintf(told + used, sizeof told - used, "%s %s: %s\n", problem->is_error ? "E" : "W",
		problem->source == NULL ? "-" : problem->source, problem->message);
}

static dbw_status open_with(const dbw_program *program, dbw_options options)
{
	told[0] = '\0';
	options.on_problem = tell;
	return dbw_databases_open(&databases, program, &options, &error);
}

static void close_all(void)
{
	assert_int_equal(dbw_databases_close(databases, &error), DBW_OK);
	databases = NULL;
}

/* What the list says of a database: its URL without the folder, its source, and with `settings` each of them. */
static const char *said_of(const char *name, bool settings)
{
	static char text[2000];
	dbw_database_list list;
	size_t used = 0;

	strcpy(text, "not there");
	assert_int_equal(dbw_databases_list(databases, &list, &error), DBW_OK);
	for (size_t i = 0; i < list.count; i++) {
		const dbw_database_info *info = &list.items[i];
		const char *at = strstr(info->url, folder);

		if (strcmp(info->name, name) != 0)
			continue;
		if (at != NULL)
			used = (size_t)snprintf(text, sizeof text, "%.*s%s", (int)(at - info->url), info->url,
				at + strlen(folder));
		else
			used = (size_t)snprintf(text, sizeof text, "%s", info->url);
		used += (size_t)snprintf(text + used, sizeof text - used, " by %s", info->source);
		for (size_t k = 0; settings && k < info->setting_count; k++)
			used += (size_t)snprintf(text + used, sizeof text - used, "\n%c %s=%s by %s",
				info->settings[k].used ? '+' : '-', info->settings[k].key,
				info->settings[k].value, info->settings[k].source);
	}
	dbw_database_list_free(&list);
	return text;
}

static const dbw_entry entries[] = {
	{ .name = "auth",
		.settings = (const dbw_setting[]){ { "connection_string", "sqlite:compiled.db" },
			{ "pool_size", "4" } },
		.setting_count = 2,
		.source = "dbwright.yaml:2:3",
		.sources = (const char *const[]){ "dbwright.yaml:3:5", "dbwright.yaml:4:5" } },
	{ .name = "other", .schema = "auth", .source = "dbwright.yaml:9:3" },
};
static const dbw_entry production[] = {
	{ .name = "auth", .connection_string = "sqlite:production.db", .source = "dbwright.yaml:20:3" },
};
static const dbw_profile profiles[] = { { "production", production, 1 } };

/* The program of the fixture with entries that know where they come from. */
static dbw_program program_of_file(void)
{
	dbw_program program = fixture_program;

	program.entries = entries;
	program.entry_count = 2;
	program.profiles = profiles;
	program.profile_count = 1;
	return program;
}

static void file__overrides_by_name_below_environment_and_program(void **state)
{
	const dbw_program program = program_of_file();
	const dbw_entry mine = { .name = "auth", .connection_string = "sqlite:program.db" };
	dbw_options options = { .file = "etc/shop.yaml", .reader = dbw_config_reader };

	(void)state;
	write_file("etc/shop.yaml", "defaults: {busy_timeout_ms: 9}\n"
				    "databases:\n"
				    "  auth: {path: file.db}\n"
				    "  more: {schema: auth, extends: auth, path: ':memory:'}\n"
				    "profiles:\n"
				    "  test: {databases: {auth: {path: profile.db}}}\n");
	assert_int_equal(open_with(&program, options), DBW_OK);
	assert_string_equal(said_of("auth", true),
		"sqlite:/etc/file.db by etc/shop.yaml:3:16\n"
		"+ path=file.db by etc/shop.yaml:3:16\n"
		"+ busy_timeout_ms=9 by etc/shop.yaml:1:29\n"
		"- connection_string=sqlite:compiled.db by dbwright.yaml:3:5\n"
		"+ pool_size=4 by dbwright.yaml:4:5");
	assert_string_equal(said_of("more", false), "sqlite::memory: by etc/shop.yaml:4:45");
	assert_true(exists("data/database"));
	assert_string_equal(said_of("other", false), "sqlite:/data/database/other.db by nothing said");
	close_all();
	setenv("DBWRIGHT_ENV", "test", 1);
	assert_int_equal(open_with(&program, options), DBW_OK);
	assert_string_equal(said_of("auth", false), "sqlite:/etc/profile.db by etc/shop.yaml:6:35");
	close_all();
	unsetenv("DBWRIGHT_ENV");
	setenv("AUTH_DATABASE_URL", "sqlite:environment.db", 1);
	assert_int_equal(open_with(&program, options), DBW_OK);
	assert_string_equal(
		said_of("auth", false), "sqlite:/environment.db by environment AUTH_DATABASE_URL");
	close_all();
	options.entries = &mine;
	options.entry_count = 1;
	assert_int_equal(open_with(&program, options), DBW_OK);
	assert_string_equal(said_of("auth", false), "sqlite:/program.db by set by the program");
	close_all();
	unsetenv("AUTH_DATABASE_URL");
}

static void file__all_mistakes_are_told_and_nothing_is_opened(void **state)
{
	const dbw_program program = program_of_file();
	const dbw_options options = {
		.file = "shop.yaml", .reader = dbw_config_reader, .connect = DBW_CONNECT_EAGER
	};

	(void)state;
	write_file("shop.yaml", "databases:\n"
				"  auth: {pool_size: many, jurnal_mode: wal}\n"
				"  other: {connection_string: '${DBW_TEST_NOT_SET}'}\n"
				"models: {}\n");
	setenv("DATABASES__AUTH__CONNECT", "x", 1);
	assert_int_equal(open_with(&program, options), DBW_CONFIG);
	unsetenv("DATABASES__AUTH__CONNECT");
	assert_null(databases);
	assert_string_equal(told,
		"E environment DATABASES__AUTH__CONNECT: \"connect\" of database \"auth\" must be lazy or eager\n"
		"E shop.yaml:2:21: \"pool_size\" of database \"auth\" must be a whole number, not text\n"
		"E shop.yaml:2:27: unknown key \"jurnal_mode\" in database \"auth\"\n"
		"E shop.yaml:3:30: \"connection_string\" of database \"other\": the environment variable DBW_TEST_NOT_SET is not set\n"
		"E shop.yaml:4:1: \"models\" belongs to the declarations\n");
	assert_false(exists("compiled.db"));
	assert_int_equal(
		open_with(&program, (dbw_options){ .file = "none.yaml", .reader = dbw_config_reader }),
		DBW_CONFIG);
	assert_string_equal(error.message, "none.yaml: No such file or directory");
	write_file("shop.yaml", "- a\n");
	assert_int_equal(open_with(&program, options), DBW_CONFIG);
	assert_string_equal(
		error.message, "shop.yaml:1:1: a configuration file must be a mapping, not a list");
}

static void environment__dotenv_fills_up(void **state)
{
	const dbw_program program = program_of_file();

	(void)state;
	write_file(".env", "AUTH_DATABASE_URL=sqlite:dotenv.db\nDBWRIGHT_ENV=production\n");
	assert_int_equal(open_with(&program, (dbw_options){ .dotenv = "" }), DBW_OK);
	assert_string_equal(said_of("auth", false), "sqlite:/compiled.db by dbwright.yaml:3:5");
	close_all();
	/* In production nothing is made up for `other`. */
	assert_int_equal(open_with(&program, (dbw_options){ .dotenv = NULL }), DBW_CONFIG);
	assert_string_equal(told, "E dbwright.yaml:9:3: database \"other\" does not say where it is\n");
	setenv("OTHER_DATABASE_URL", "sqlite::memory:", 1);
	assert_int_equal(open_with(&program, (dbw_options){ .dotenv = NULL }), DBW_OK);
	assert_string_equal(said_of("auth", true),
		"sqlite:/dotenv.db by .env AUTH_DATABASE_URL\n"
		"+ connection_string=sqlite:dotenv.db by .env AUTH_DATABASE_URL\n"
		"- connection_string=sqlite:production.db by dbwright.yaml:20:3");
	close_all();
	setenv("AUTH_DATABASE_URL", "sqlite:process.db", 1);
	assert_int_equal(open_with(&program, (dbw_options){ .dotenv = NULL }), DBW_OK);
	assert_string_equal(said_of("auth", false), "sqlite:/process.db by environment AUTH_DATABASE_URL");
	close_all();
	unsetenv("AUTH_DATABASE_URL");
	unsetenv("OTHER_DATABASE_URL");
	write_file(".env", "what is this\n");
	assert_int_equal(open_with(&program, (dbw_options){ .dotenv = NULL }), DBW_CONFIG);
	assert_int_equal(open_with(&program, (dbw_options){ .dotenv = "none.env" }), DBW_CONFIG);
}

static void environment__a_profile_that_is_not_there(void **state)
{
	const dbw_options alone = { .dotenv = "" };
	const dbw_options with_file = { .file = "shop.yaml", .reader = dbw_config_reader };
	dbw_program program = program_of_file();

	(void)state;
	write_file("shop.yaml", "profiles: {staging: {}}\n");
	setenv("DBWRIGHT_ENV", "prodution", 1);
	assert_int_equal(open_with(&program, alone), DBW_CONFIG);
	assert_string_equal(error.message,
		"environment DBWRIGHT_ENV: there is no profile \"prodution\";"
		" did you mean \"production\"? If not, write the profile, {} for an empty one");
	setenv("DBWRIGHT_ENV", "stagin", 1);
	assert_int_equal(open_with(&program, with_file), DBW_CONFIG);
	assert_non_null(strstr(error.message, "did you mean \"staging\"?"));
	/* Not near to any: a warning. */
	assert_int_equal(open_with(&program, alone), DBW_OK);
	assert_string_equal(
		told, "W environment DBWRIGHT_ENV: there is no profile \"stagin\": no profile counts\n");
	close_all();
	setenv("DBWRIGHT_ENV", "staging", 1);
	assert_int_equal(open_with(&program, with_file), DBW_OK);
	assert_string_equal(told, "");
	close_all();
	/* The program's profile says one place, the file another one: the file's counts, which is not what a test means. */
	write_file("shop.yaml", "databases: {auth: {path: real.db}, other: {pool_size: 2}}\n");
	program.profiles = &(dbw_profile){ "testing", production, 1 };
	setenv("DBWRIGHT_ENV", "testing", 1);
	assert_int_equal(open_with(&program, with_file), DBW_OK);
	assert_string_equal(told,
		"W shop.yaml:1:26: database \"auth\": what this file says counts more than the program's profile "
		"\"testing\"; write the profile in the file, too\n");
	assert_non_null(strstr(said_of("auth", false), "real.db"));
	close_all();
	/* Where something nearer says the place, or the profile says none, nothing is lost. */
	setenv("AUTH_DATABASE_URL", "sqlite:mine.db", 1);
	assert_int_equal(open_with(&program, with_file), DBW_OK);
	assert_string_equal(told, "");
	close_all();
	unsetenv("AUTH_DATABASE_URL");
	program.profiles = &(dbw_profile){ "testing", &(dbw_entry){ .name = "auth", .is_default = true }, 1 };
	assert_int_equal(open_with(&program, with_file), DBW_OK);
	assert_string_equal(told, "");
	close_all();
	program.profiles = &(dbw_profile){ "testing", production, 1 };
	write_file("shop.yaml", "databases: {auth: {path: real.db}}\nprofiles: {testing: {}}\n");
	assert_int_equal(open_with(&program, with_file), DBW_OK);
	assert_string_equal(told, "");
	close_all();
	write_file("shop.yaml", "databases: {auth: {path: real.db}, other: {path: other.db}}\n");
	program.profiles = profiles;
	setenv("DBWRIGHT_ENV", "production", 1);
	assert_int_equal(open_with(&program, with_file), DBW_OK);
	assert_string_equal(told, "");
	close_all();
	setenv("DBWRIGHT_ENV", "staging", 1);
	/* Without profiles it is only a word; empty it is none. */
	program.profile_count = 0;
	assert_int_equal(open_with(&program, alone), DBW_OK);
	assert_string_equal(told, "");
	close_all();
	setenv("DBWRIGHT_ENV", "", 1);
	assert_int_equal(open_with(&program, with_file), DBW_OK);
	assert_string_equal(told, "");
	close_all();
	unsetenv("DBWRIGHT_ENV");
}

static void connect__eager_is_done_at_once(void **state)
{
	const dbw_program program = program_of_file();
	const dbw_setting eager[] = { { "path", "eager.db" }, { "connect", "eager" } };
	const dbw_entry entry = { .name = "auth", .settings = eager, .setting_count = 2 };
	dbw_options options = { .entries = &entry, .entry_count = 1 };

	(void)state;
	assert_int_equal(open_with(&program, options), DBW_OK);
	assert_true(exists("eager.db"));
	assert_false(exists("data/database/other.db"));
	close_all();
	options.connect = DBW_CONNECT_EAGER;
	assert_int_equal(open_with(&program, options), DBW_OK);
	assert_true(exists("data/database/other.db"));
	close_all();
	setenv("AUTH_DATABASE_URL", "sqlite:no/such.db", 1);
	options.entry_count = 0;
	options.entries = NULL;
	assert_int_equal(open_with(&program, options), DBW_CONNECTION);
	options.connect = DBW_CONNECT_LAZY;
	assert_int_equal(open_with(&program, options), DBW_OK);
	close_all();
	unsetenv("AUTH_DATABASE_URL");
}

static dbw_status begin(const char *qualifier, auth_session *out)
{
	dbw_session_options options = { .purpose = "test", .qualifier = qualifier };

	return dbw__begin(databases, &auth__schema, &options, true, &out->any, &error);
}

static void databases__come_and_go(void **state)
{
	const dbw_program program = program_of_file();
	const dbw_entry tenant = {
		.name = "tenant", .schema = "auth", .connection_string = "sqlite:${DBW_TENANT}.db"
	};
	auth_session s;

	(void)state;
	setenv("DBW_TENANT", "tenant", 1);
	assert_int_equal(open_with(&program, (dbw_options){ .dotenv = "" }), DBW_OK);
	assert_true(dbw_databases_have(databases, "auth"));
	assert_false(dbw_databases_have(databases, "tenant"));
	assert_false(dbw_databases_have(databases, NULL));
	assert_int_equal(dbw_databases_add(databases, &tenant, &error), DBW_OK);
	assert_true(dbw_databases_have(databases, "tenant"));
	assert_string_equal(said_of("tenant", false), "sqlite:/tenant.db by set by the program");
	assert_int_equal(dbw_databases_add(databases, &tenant, &error), DBW_EXISTS);
	assert_int_equal(begin("tenant", &s), DBW_OK);
	assert_int_equal(dbw_databases_remove(databases, "tenant", &error), DBW_BUSY);
	assert_string_equal(error.message, "database \"tenant\" has sessions; end them first");
	assert_int_equal(dbw__end(s.any), DBW_OK);
	assert_int_equal(dbw_databases_remove(databases, "tenant", &error), DBW_OK);
	assert_int_equal(begin("tenant", &s), DBW_CONFIG);
	assert_int_equal(dbw_databases_remove(databases, "tenant", &error), DBW_NOT_FOUND);
	/* What is wrong changes nothing. */
	unsetenv("DBW_TENANT");
	assert_int_equal(dbw_databases_add(databases, &tenant, &error), DBW_CONFIG);
	assert_false(dbw_databases_have(databases, "tenant"));
	assert_int_equal(dbw_databases_add(databases,
				 &(dbw_entry){ .name = "x",
					 .schema = "auth",
					 .connection_string = "sqlite::temp:",
					 .qualifier = "other" },
				 &error),
		DBW_CONFIG);
	assert_false(dbw_databases_have(databases, "x"));
	assert_int_equal(dbw_databases_add(databases, &(dbw_entry){ .schema = "auth" }, &error), DBW_MISUSE);
	assert_int_equal(dbw_databases_add(NULL, &tenant, NULL), DBW_MISUSE);
	assert_int_equal(dbw_databases_remove(NULL, "x", NULL), DBW_MISUSE);
	close_all();
}

static void *begin_and_end(void *argument)
{
	dbw_session_options options = { .purpose = "thread" };

	for (int i = 0; i < 300; i++) {
		dbw_error mine;
		dbw_session s;

		if (dbw__begin(databases, &auth__schema, &options, false, &s, &mine) == DBW_OK &&
			dbw__end(s) != DBW_OK)
			return argument;
	}
	return NULL;
}

static void databases__change_while_others_use_them(void **state)
{
	const dbw_program program = program_of_file();
	const dbw_entry tenant = {
		.name = "tenant", .schema = "auth", .connection_string = "sqlite::memory:"
	};
	pthread_t threads[3];
	void *result;

	(void)state;
	assert_int_equal(open_with(&program, (dbw_options){ .dotenv = "" }), DBW_OK);
	for (int i = 0; i < 3; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, begin_and_end, &threads), 0);
	for (int i = 0; i < 100; i++) {
		assert_int_equal(dbw_databases_add(databases, &tenant, &error), DBW_OK);
		assert_true(dbw_databases_have(databases, "tenant"));
		assert_int_equal(dbw_databases_remove(databases, "tenant", &error), DBW_OK);
	}
	for (int i = 0; i < 3; i++) {
		assert_int_equal(pthread_join(threads[i], &result), 0);
		assert_null(result);
	}
	close_all();
}

static atomic_bool done;

/* Begins on handles of a database that comes and goes, the present one and the one before. */
static void *begin_on_handles(void *argument)
{
	const dbw_session_options options = { .purpose = "thread" };
	dbw_database handles[2] = { { NULL, 0 }, { NULL, 0 } };

	for (unsigned i = 0; !atomic_load(&done); i++) {
		dbw_database *handle = &handles[i % 2];
		dbw_session s;
		dbw_error mine;
		dbw_status status;

		if (i % 4 < 2 &&
			dbw__database_of(databases, &auth__schema, "tenant", handle, &mine) != DBW_OK)
			continue;
		if (handle->slot == NULL)
			continue;
		status = dbw__begin_on(*handle, &auth__schema, &options, false, &s, &mine);
		if (status == DBW_OK)
			status = dbw__end(s);
		if (status != DBW_OK && status != DBW_ENDED && status != DBW_BUSY)
			return argument;
	}
	return NULL;
}

static void databases__handles_while_they_come_and_go(void **state)
{
	const dbw_program program = program_of_file();
	const dbw_entry tenant = {
		.name = "tenant", .schema = "auth", .connection_string = "sqlite::memory:"
	};
	pthread_t threads[3];
	void *result;

	(void)state;
	atomic_store(&done, false);
	assert_int_equal(open_with(&program, (dbw_options){ .dotenv = "" }), DBW_OK);
	for (int i = 0; i < 3; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, begin_on_handles, &threads), 0);
	for (int i = 0; i < 40; i++) {
		dbw_status status;

		assert_int_equal(dbw_databases_add(databases, &tenant, &error), DBW_OK);
		do
			status = dbw_databases_remove(databases, "tenant", &error);
		while (status == DBW_BUSY);
		assert_int_equal(status, DBW_OK);
	}
	atomic_store(&done, true);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(pthread_join(threads[i], &result), 0);
		assert_null(result);
	}
	close_all();
}

static dbw_model first_model, second_model;
static const dbw_model *const first_models[] = { &first_model }, *const second_models[] = { &second_model };
static const dbw_schema first_schema = {
	.abi = DBW_ABI, .name = "first", .engines = 1U << DBW_SQLITE, .models = first_models, .model_count = 1
};
static const dbw_schema second_schema = { .abi = DBW_ABI,
	.name = "second",
	.engines = 1U << DBW_SQLITE,
	.models = second_models,
	.model_count = 1 };
static const dbw_schema *const two_schemas[] = { &first_schema, &second_schema };

static void places__are_shared_unless_tables_clash(void **state)
{
	static const dbw_setting shared[] = { { "shared_default", "true" } };
	static const dbw_entry two[] = { { .name = "first", .is_default = true },
		{ .name = "second", .settings = shared, .setting_count = 1 } };
	dbw_program program = { .abi = DBW_ABI,
		.name = "two",
		.schemas = two_schemas,
		.schema_count = 2,
		.entries = two,
		.entry_count = 2 };
	dbw_session_options options = { .purpose = "test" };
	dbw_session s;

	(void)state;
	first_model = user__model;
	second_model = user__model;
	second_model.table = "others";
	second_model.select[DBW_SQLITE] = "SELECT \"id\" FROM \"others\"";
	setenv("DATABASE_URL", "sqlite:shared.db", 1);
	assert_int_equal(open_with(&program, (dbw_options){ .dotenv = "" }), DBW_OK);
	assert_string_equal(said_of("first", false), "sqlite:/shared.db by environment DATABASE_URL");
	assert_string_equal(said_of("second", false), "sqlite:/shared.db by environment DATABASE_URL");
	/* One pool: a session of the one keeps the other's connection busy, whose removal closes nothing. */
	assert_int_equal(dbw__begin(databases, &first_schema, &options, false, &s, &error), DBW_OK);
	assert_int_equal(dbw_databases_remove(databases, "first", &error), DBW_OK);
	assert_int_equal(dbw_databases_remove(databases, "second", &error), DBW_BUSY);
	assert_int_equal(dbw__end(s), DBW_OK);
	assert_int_equal(dbw_databases_remove(databases, "second", &error), DBW_OK);
	close_all();
	second_model = user__model;
	assert_int_equal(open_with(&program, (dbw_options){ .dotenv = "" }), DBW_CONFIG);
	assert_string_equal(told,
		"E environment DATABASE_URL: databases \"first\" and \"second\" are one, and their schemas \"first\" and \"second\" both have a table \"users\"\n");
	unsetenv("DATABASE_URL");
	assert_int_equal(open_with(&program, (dbw_options){ .dotenv = "" }), DBW_OK);
	assert_string_equal(said_of("second", false), "sqlite:/data/database/second.db by nothing said");
	close_all();
}

static void schema__not_made_for_the_engine(void **state)
{
	static const dbw_schema schema = { .abi = DBW_ABI,
		.name = "first",
		.engines = 1U << DBW_POSTGRESQL,
		.models = first_models,
		.model_count = 1 };
	static const dbw_schema *const schemas[] = { &schema };
	static const dbw_entry entry = { .name = "first", .connection_string = "sqlite:first.db" };
	const dbw_program program = { .abi = DBW_ABI,
		.name = "one",
		.schemas = schemas,
		.schema_count = 1,
		.entries = &entry,
		.entry_count = 1 };

	(void)state;
	first_model = user__model;
	assert_int_equal(open_with(&program, (dbw_options){ .dotenv = "" }), DBW_PROVIDER);
	assert_non_null(strstr(error.message,
		"database \"first\": the schema \"first\" is not generated for sqlite; add it to engines: of the schema"));
}

int main(void)
{
#define CASE_(name) cmocka_unit_test_setup_teardown(name, make_folder, remove_folder)
	const struct CMUnitTest tests[] = {
		CASE_(file__overrides_by_name_below_environment_and_program),
		CASE_(file__all_mistakes_are_told_and_nothing_is_opened),
		CASE_(environment__dotenv_fills_up),
		CASE_(environment__a_profile_that_is_not_there),
		CASE_(connect__eager_is_done_at_once),
		CASE_(schema__not_made_for_the_engine),
		CASE_(databases__come_and_go),
		CASE_(databases__change_while_others_use_them),
		CASE_(databases__handles_while_they_come_and_go),
		CASE_(places__are_shared_unless_tables_clash),
	};

	return cmocka_run_group_tests_name("databases_config", tests, NULL, NULL);
}

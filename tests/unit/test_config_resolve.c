/* What a database comes to be from all that is said of it: sources, their order, and how places are put together. */
#include <base/text.h>
#include <entries/resolve.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { MOST_VARIABLES = 16 };

/* One case: what is said, and after resolve() what came of it. */
static struct {
	dbw_arena *arena;
	dbw_diagnostics *diagnostics;
	char *process[MOST_VARIABLES], *file[MOST_VARIABLES];
	dbw__environment environment;
	dbw__entry program, entries[2];
	dbw__said said[3][12];
	dbw__request request;
	dbw__resolved resolved;
	bool good;
	dbw_text_buffer text; /* Of the diagnostics. */
} test;

static void begin(const char *name)
{
	memset(&test, 0, sizeof test);
	test.arena = dbw_arena_new(0);
	test.diagnostics = dbw_diagnostics_new(0);
	assert_non_null(test.arena);
	assert_non_null(test.diagnostics);
	test.environment = (dbw__environment){ test.process, test.file };
	test.program = (dbw__entry){ name, { "set by the program", 0, 0 }, test.said[0], 0 };
	test.entries[0] = (dbw__entry){ name, { "/etc/shop.yaml", 2, 3 }, test.said[1], 0 };
	test.entries[1] = (dbw__entry){ name, { "apps/auth/database.yaml", 2, 3 }, test.said[2], 0 };
	test.request = (dbw__request){ .arena = test.arena,
		.diagnostics = test.diagnostics,
		.environment = &test.environment,
		.root = "/base",
		.name = name,
		.program = &test.program,
		.entries = test.entries,
		.entry_count = 2,
		.sqlite = true };
	dbw_text_init(&test.text, NULL, 0);
}

static void end(void)
{
	dbw_text_clear(&test.text);
	dbw_diagnostics_free(test.diagnostics);
	dbw_arena_free(test.arena);
}

static void add_variable(char **list, const char *variable)
{
	while (*list != NULL)
		list++;
	*list = dbw_arena_copy(test.arena, variable, strlen(variable));
}

static void set(const char *variable)
{
	add_variable(test.process, variable);
}

/* Adds a key, or an option where there is no such key. */
static void say(dbw__entry *entry, const char *name, const char *value)
{
	size_t which = entry == &test.program ? 0 : entry == &test.entries[0] ? 1 : 2;
	dbw_position at = entry->at;

	if (at.line != 0) {
		at.line = (uint32_t)(10 + entry->count);
		at.column = 5;
	}
	test.said[which][entry->count++] =
		(dbw__said){ dbw__key_find(name, strlen(name), false), name, value, at };
}

static void resolve(void)
{
	test.good = dbw__resolve(&test.request, &test.resolved);
	dbw_text_clear(&test.text);
	dbw_diagnostics_render(test.diagnostics, false, &test.text);
	assert_int_equal(test.good, dbw_diagnostics_errors(test.diagnostics) == 0);
}

static void resolves_to(const char *location, const char *source)
{
	resolve();
	if (!test.good)
		fail_msg("%s", test.text.data);
	assert_string_equal(test.resolved.location == NULL ? "NULL" : test.resolved.location, location);
	assert_string_equal(dbw__position_text(test.arena, test.resolved.at), source);
}

static void fails_with(const char *text)
{
	resolve();
	assert_false(test.good);
	assert_string_equal(test.text.data, text);
}

/* The sources of a place, nearest first, and what each makes of it. */
static void say_program(void)
{
	say(&test.program, "connection_string", "sqlite:/program.db");
}

static void say_url(void)
{
	set("AUTH_EU_DATABASE_URL=sqlite:/named-url.db");
}

static void say_keys(void)
{
	set("DATABASES__AUTH_EU__CONNECTION_STRING=sqlite:/keys.db");
}

static void say_parts(void)
{
	set("AUTH_EU_DB_TYPE=sqlite");
	set("AUTH_EU_DB_NAME=/named-parts.db");
}

static void say_default_parts(void)
{
	set("DB_TYPE=sqlite");
	set("DB_NAME=/parts.db");
}

static void say_file(void)
{
	say(&test.entries[0], "connection_string", "sqlite:/file.db");
}

static void say_compiled(void)
{
	say(&test.entries[1], "path", "/compiled.db");
}

static void say_default_url(void)
{
	set("DATABASE_URL=sqlite:/url.db");
}

static void say_nothing(void)
{
}

static const struct {
	void (*say)(void);
	const char *location, *source;
} sources[] = {
	{ say_program, "/program.db", "set by the program" },
	{ say_url, "/named-url.db", "environment AUTH_EU_DATABASE_URL" },
	{ say_keys, "/keys.db", "environment DATABASES__AUTH_EU__CONNECTION_STRING" },
	{ say_parts, "/named-parts.db", "environment AUTH_EU_DB_NAME" },
	{ say_default_parts, "/parts.db", "environment DB_NAME" },
	{ say_file, "/file.db", "/etc/shop.yaml:10:5" },
	{ say_compiled, "/compiled.db", "apps/auth/database.yaml:10:5" },
	{ say_default_url, "/url.db", "environment DATABASE_URL" },
	{ say_nothing, "/base/data/database/auth-eu.db", "nothing said" },
};
enum { SOURCES = sizeof sources / sizeof *sources };

static void order__of_every_pair_the_nearer_source_wins(void **state)
{
	(void)state;
	for (size_t near = 0; near < SOURCES; near++) {
		for (size_t far = near; far < SOURCES; far++) {
			for (int turned = 0; turned < 2; turned++) {
				begin("auth-eu");
				test.request.is_default = true;
				sources[turned ? far : near].say();
				if (near != far)
					sources[turned ? near : far].say();
				resolves_to(sources[near].location, sources[near].source);
				assert_string_equal(test.resolved.provider, "sqlite");
				end();
			}
		}
	}
}

static void order__of_other_keys_the_nearer_value_wins(void **state)
{
	static const char *const values[] = { "1", "2", "3", "4" };

	(void)state;
	for (size_t near = 0; near < 4; near++) {
		const dbw__value *size;

		begin("auth");
		if (near <= 0)
			say(&test.program, "pool_size", values[0]);
		if (near <= 1)
			set("DATABASES__auth__pool_size=2");
		if (near <= 2)
			say(&test.entries[0], "pool_size", values[2]);
		say(&test.entries[1], "pool_size", values[3]);
		resolve();
		size = dbw__resolved_find(&test.resolved, DBW__KEY_POOL_SIZE);
		assert_non_null(size);
		assert_string_equal(size->text, values[near]);
		assert_int_equal(dbw__resolved_number(&test.resolved, DBW__KEY_POOL_SIZE, 8), near + 1);
		/* The losers are kept, unexpanded. */
		assert_int_equal(test.resolved.count, 4 - near);
		assert_int_equal(test.resolved.values[test.resolved.count - 1].outcome,
			near == 3 ? DBW__USED : DBW__LOST);
		assert_string_equal(test.resolved.values[test.resolved.count - 1].shown, "4");
		end();
	}
}

static void environment__default_names_are_for_the_default_database(void **state)
{
	(void)state;
	for (int is_default = 0; is_default < 2; is_default++) {
		begin("auth");
		test.request.is_default = is_default;
		set("DB_TYPE=sqlite");
		set("DB_NAME=/parts.db");
		resolves_to(is_default ? "/parts.db" : "/base/data/database/auth.db",
			is_default ? "environment DB_NAME" : "nothing said");
		end();
		begin("auth");
		test.request.is_default = is_default;
		set("DATABASE_URL=sqlite:/url.db");
		resolves_to(is_default ? "/url.db" : "/base/data/database/auth.db",
			is_default ? "environment DATABASE_URL" : "nothing said");
		end();
		begin("auth");
		test.request.shared_default = true;
		set("DATABASE_URL=sqlite:/url.db");
		resolves_to("/url.db", "environment DATABASE_URL");
		end();
	}
}

static void environment__empty_says_nothing_and_files_fill_up(void **state)
{
	(void)state;
	begin("auth");
	set("AUTH_DATABASE_URL=");
	add_variable(test.file, "AUTH_DATABASE_URL=sqlite:/from-file.db");
	/* Set in the process, if empty: the file does not override it. */
	resolves_to("/base/data/database/auth.db", "nothing said");
	end();
	begin("auth");
	set("OTHER=x");
	set("AUTH_DATABASE_URL_=sqlite:/longer.db");
	add_variable(test.file, "AUTH_DATABASE_URL=sqlite:/from-file.db");
	resolves_to("/from-file.db", ".env AUTH_DATABASE_URL");
	end();
	begin("auth");
	test.request.is_default = true;
	add_variable(test.file, "DATABASE_URL=sqlite:/default.db");
	resolves_to("/default.db", ".env DATABASE_URL");
	end();
	begin("auth");
	add_variable(test.file, "DATABASES__AUTH__PATH=/from-file.db");
	set("DATABASES__AUTH__PATH=/from-process.db");
	resolves_to("/from-process.db", "environment DATABASES__AUTH__PATH");
	end();
}

static void environment__unknown_keys_are_refused(void **state)
{
	(void)state;
	begin("auth");
	set("DATABASES__AUTH__PASSWROD=geheim");
	set("DATABASES__AUTH__SCHEMA=x");
	set("DATABASES__OTHER__PASSWROD=geheim");
	set("DATABASES__AUTHOR__PASSWROD=geheim");
	fails_with(
		"environment DATABASES__AUTH__PASSWROD: error: database \"auth\" has no such key\n"
		"hint: did you mean \"password\"?\n"
		"environment DATABASES__AUTH__SCHEMA: error: \"schema\" of database \"auth\" cannot be set in the environment\n"
		"hint: it is about the entry itself: say it where the entry stands\n");
	end();
}

static void environment__names_that_are_nearly_known(void **state)
{
	static const char *const names[] = { "auth", "auth-eu", "shop" };
	char *variables[] = { (char[]){ "DATABASES__AUHT__POOL_SIZE=3" },
		(char[]){ "DATABASES__AUTH__POOL_SIZE=3" }, (char[]){ "DATABASES__AUTH_EU__PATH=x" },
		(char[]){ "DATABASES__AUTH_UE__PATH=x" }, (char[]){ "DATABASES__ORDERS__PATH=x" },
		(char[]){ "DATABASES__SHP__NO_KEY=x" }, (char[]){ "DATABASES__SHP__PATH=" },
		(char[]){ "DATABASES__SHP__SCHEMA=x" }, (char[]){ "DATABASES__SHP" },
		(char[]){ "DATABASES__PATH=x" }, (char[]){ "DATABASES____PATH=x" },
		(char[]){ "MY_DATABASES__SHP__PATH=x" }, NULL };
	char *file[] = { (char[]){ "DATABASES__sohp__password=geheim" }, NULL };
	const dbw__environment environment = { variables, file };
	dbw_text_buffer told;

	(void)state;
	begin("auth");
	assert_true(dbw__environment_check_names(test.arena, test.diagnostics, &environment, names, 3));
	assert_int_equal(dbw_diagnostics_errors(test.diagnostics), 0);
	dbw_text_init(&told, NULL, 0);
	dbw_diagnostics_render(test.diagnostics, false, &told);
	assert_string_equal(told.data,
		".env DATABASES__sohp__password: warning: there is no database \"sohp\"\n"
		"hint: did you mean \"shop\"?\n"
		"environment DATABASES__AUHT__POOL_SIZE: warning: there is no database \"AUHT\"\n"
		"hint: did you mean \"auth\"?\n"
		"environment DATABASES__AUTH_UE__PATH: warning: there is no database \"AUTH_UE\"\n"
		"hint: did you mean \"auth-eu\"?\n");
	dbw_text_clear(&told);
	end();
}

static void pool__no_more_stay_than_there_may_be(void **state)
{
	(void)state;
	begin("auth");
	set("DATABASES__AUTH__MIN_IDLE=9");
	fails_with(
		"environment DATABASES__AUTH__MIN_IDLE: error: \"min_idle\" of database \"auth\" is 9, and its pool "
		"has at most 8 connections\nhint: lower it, or raise pool_size\n");
	end();
	begin("auth");
	set("DATABASES__AUTH__MIN_IDLE=9");
	set("DATABASES__AUTH__MAX_OVERFLOW=1");
	set("AUTH_DATABASE_URL=sqlite:/x.db");
	resolves_to("/x.db", "environment AUTH_DATABASE_URL");
	end();
}

static void place__parts_are_put_on_the_nearest_url(void **state)
{
	(void)state;
	begin("auth");
	say(&test.entries[1], "connection_string", "postgres://app:old@db.example:5433/shop?sslmode=require");
	set("AUTH_DB_PASSWORD=p@ss word/%");
	set("AUTH_DB_PORT=6000");
	resolves_to("postgresql://app:p%40ss%20word%2F%25@db.example:6000/shop?sslmode=require",
		"apps/auth/database.yaml:10:5");
	assert_string_equal(test.resolved.shown, "postgresql://app:***@db.example:6000/shop?sslmode=require");
	assert_int_equal(test.resolved.kind, DBW_URL_SERVER);
	end();
	begin("auth");
	say(&test.entries[1], "provider", "postgresql");
	say(&test.entries[1], "host", "::1");
	say(&test.entries[1], "name", "shop");
	set("AUTH_DB_USER=ada");
	resolves_to("postgresql://ada@[::1]/shop", "apps/auth/database.yaml:11:5");
	end();
	/* Another provider starts anew: what is below belongs to another database. */
	begin("auth");
	say(&test.entries[1], "connection_string", "postgresql://app@db.example/shop");
	set("AUTH_DB_TYPE=sqlite");
	set("AUTH_DB_NAME=x.db");
	resolves_to("/base/x.db", "environment AUTH_DB_NAME");
	end();
	begin("auth");
	say(&test.entries[1], "path", "x.db");
	say(&test.entries[1], "journal_mode", "wal");
	set("AUTH_DB_HOST=db.example");
	resolves_to("postgresql://db.example", "environment AUTH_DB_HOST");
	assert_string_equal(test.resolved.provider, "postgresql");
	assert_int_equal(test.resolved.values[2].outcome, DBW__OTHER_ENGINE);
	end();
	/* A password alone is of no place, and changes none of another engine. */
	begin("auth");
	say(&test.entries[1], "path", "/x.db");
	set("AUTH_DB_PASSWORD=geheim");
	set("AUTH_DB_PORT=5432");
	resolves_to("/x.db", "apps/auth/database.yaml:10:5");
	assert_int_equal(test.resolved.values[0].outcome, DBW__OTHER_ENGINE);
	assert_int_equal(test.resolved.values[1].outcome, DBW__OTHER_ENGINE);
	assert_int_equal(test.resolved.values[2].outcome, DBW__USED);
	end();
	/* A host beside the type of a file is of no file. */
	begin("auth");
	set("AUTH_DB_HOST=db.example");
	set("AUTH_DB_TYPE=sqlite");
	resolves_to("/base/data/database/auth.db", "nothing said");
	assert_string_equal(test.resolved.provider, "sqlite");
	end();
	/* What was read to learn a source's provider is lost with the source. */
	begin("auth");
	say(&test.entries[1], "connection_string", "sqlite:x.db");
	set("AUTH_DB_HOST=db.example");
	resolves_to("postgresql://db.example", "environment AUTH_DB_HOST");
	assert_int_equal(test.resolved.values[1].outcome, DBW__LOST);
	assert_null(test.resolved.values[1].text);
	end();
	begin("auth");
	test.request.is_default = true;
	set("AUTH_DB_PASSWORD=geheim");
	set("DATABASE_URL=postgresql://db.example/shop");
	resolves_to("postgresql://:geheim@db.example/shop", "environment DATABASE_URL");
	end();
	begin("auth");
	say(&test.entries[1], "connection_string", "postgresql://a,b/shop");
	set("AUTH_DB_PORT=6000");
	fails_with(
		"apps/auth/database.yaml:10:5: error: database \"auth\": of several hosts each has its own port:"
		" host1:5432,host2:5433\n");
	end();
}

static void place__paths_are_relative_to_who_says_them(void **state)
{
	(void)state;
	begin("auth");
	say(&test.entries[0], "path", "a.db");
	resolves_to("/etc/a.db", "/etc/shop.yaml:10:5");
	end();
	begin("auth");
	say(&test.entries[1], "connection_string", "sqlite:a.db");
	resolves_to("/base/apps/auth/a.db", "apps/auth/database.yaml:10:5");
	end();
	begin("auth");
	set("AUTH_DATABASE_URL=sqlite:a.db");
	resolves_to("/base/a.db", "environment AUTH_DATABASE_URL");
	assert_string_equal(test.resolved.shown, "sqlite:/base/a.db");
	end();
	begin("auth");
	say(&test.program, "path", ":memory:");
	resolves_to("NULL", "set by the program");
	assert_int_equal(test.resolved.kind, DBW_URL_MEMORY);
	end();
}

static void place__none_is_made_up_in_production(void **state)
{
	(void)state;
	begin("auth-eu");
	test.request.production = true;
	fails_with(
		"/etc/shop.yaml:2:3: error: database \"auth-eu\" does not say where it is\n"
		"hint: in production no new file is made up: set AUTH_EU_DATABASE_URL, or write connection_string\n");
	end();
	begin("auth");
	test.request.sqlite = false;
	fails_with("/etc/shop.yaml:2:3: error: database \"auth\" does not say where it is\n"
		   "hint: set AUTH_DATABASE_URL, or write connection_string: postgresql://host/name\n");
	end();
	begin("auth");
	say(&test.entries[1], "provider", "postgresql");
	resolves_to("postgresql://", "apps/auth/database.yaml:10:5");
	end();
	begin("auth");
	test.request.is_default = true;
	say(&test.entries[1], "provider", "postgresql");
	set("DATABASE_URL=postgresql://db.example/shop");
	resolves_to("postgresql://db.example/shop", "environment DATABASE_URL");
	end();
	begin("auth");
	set("AUTH_DB_NAME=x");
	fails_with(
		"environment AUTH_DB_NAME: error: database \"auth\" has a name, and nothing says of which provider\n"
		"hint: say provider: sqlite or postgresql, or write connection_string\n");
	end();
}

static void place__one_source_must_agree_with_itself(void **state)
{
	(void)state;
	begin("auth");
	say(&test.entries[1], "connection_string", "${URL}");
	say(&test.entries[1], "provider", "sqlite");
	say(&test.entries[1], "host", "other.example");
	say(&test.entries[1], "name", "shop");
	set("URL=postgresql://db.example/shop");
	fails_with(
		"apps/auth/database.yaml:11:5: error: the provider of database \"auth\" is sqlite and its connection string is postgresql's\n"
		"hint: leave \"provider\" out: it follows from the connection string\n"
		"apps/auth/database.yaml:12:5: error: database \"auth\" has a connection string, and \"host\" besides\n"
		"hint: keep one of the two\n");
	end();
	/* What stands before it was said nearer, by a profile or by an entry that extends the other. */
	begin("auth");
	say(&test.entries[1], "host", "near.example");
	say(&test.entries[1], "password", "geheim");
	say(&test.entries[1], "connection_string", "${URL}");
	set("URL=postgresql://ada@db.example/shop");
	resolves_to("postgresql://ada:geheim@near.example/shop", "apps/auth/database.yaml:12:5");
	end();
	begin("auth");
	say(&test.entries[1], "provider", "sqlite");
	say(&test.entries[1], "name", "near.db");
	say(&test.entries[1], "connection_string", "postgresql://ada@db.example/shop");
	resolves_to("/base/apps/auth/near.db", "apps/auth/database.yaml:11:5");
	end();
	/* A file has two words, and the nearer one counts. */
	begin("auth");
	say(&test.entries[1], "name", "near.db");
	say(&test.entries[1], "path", "far.db");
	resolves_to("/base/apps/auth/near.db", "apps/auth/database.yaml:10:5");
	end();
	begin("auth");
	say(&test.entries[1], "path", "near.db");
	say(&test.entries[1], "name", "far.db");
	resolves_to("/base/apps/auth/near.db", "apps/auth/database.yaml:10:5");
	end();
	/* A farther provider is of another place. */
	begin("auth");
	say(&test.entries[1], "provider", "sqlite");
	set("AUTH_DATABASE_URL=postgresql://db.example/shop");
	resolves_to("postgresql://db.example/shop", "environment AUTH_DATABASE_URL");
	end();
}

static void values__only_what_wins_has_to_resolve(void **state)
{
	(void)state;
	begin("auth");
	say(&test.entries[1], "connection_string", "${NOT_SET}");
	say(&test.entries[1], "pool_size", "${NOT_SET_EITHER}");
	set("AUTH_DATABASE_URL=sqlite:/a.db");
	set("DATABASES__AUTH__POOL_SIZE=3");
	resolves_to("/a.db", "environment AUTH_DATABASE_URL");
	end();
	begin("auth");
	say(&test.entries[1], "connection_string", "${NOT_SET}");
	say(&test.entries[1], "pool_size", "${NOT_SET_EITHER}");
	say(&test.entries[1], "foreign_keys", "${WORD:-false}");
	say(&test.entries[1], "busy_timeout_ms", "${WORD}");
	set("WORD=geheim");
	fails_with(
		"apps/auth/database.yaml:10:5: error: \"connection_string\" of database \"auth\": the environment variable NOT_SET is not set\n"
		"apps/auth/database.yaml:11:5: error: \"pool_size\" of database \"auth\": the environment variable NOT_SET_EITHER is not set\n"
		"apps/auth/database.yaml:12:5: error: \"foreign_keys\" of database \"auth\" must be true or false\n"
		"apps/auth/database.yaml:13:5: error: \"busy_timeout_ms\" of database \"auth\" must be a whole number from 0 to 3600000\n");
	end();
	begin("auth");
	say(&test.entries[1], "pool_size", "${SIZE:-12}");
	say(&test.entries[1], "foreign_keys", "${WORD:-false}");
	resolve();
	assert_true(test.good);
	assert_int_equal(dbw__resolved_number(&test.resolved, DBW__KEY_POOL_SIZE, 8), 12);
	end();
}

static void values__options_go_with_their_provider(void **state)
{
	(void)state;
	begin("auth");
	say(&test.entries[1], "connection_string", "postgresql://db.example/shop");
	say(&test.entries[1], "application_name", "${APP:-shop}");
	resolve();
	assert_true(test.good);
	assert_string_equal(test.resolved.values[1].text, "shop");
	end();
	begin("auth");
	say(&test.entries[1], "connection_string", "postgresql://db.example/shop");
	say(&test.entries[1], "application_name", "${APP}");
	set("AUTH_DATABASE_URL=sqlite::temp:");
	resolve();
	assert_true(test.good);
	assert_int_equal(test.resolved.values[2].outcome, DBW__OTHER_ENGINE);
	end();
}

static void secrets__come_from_files_and_are_masked(void **state)
{
	char folder[] = "/tmp/dbwright-test-XXXXXX", path[64], variable[80];
	FILE *file;

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof path, "%s/db_password", folder);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs("geheim\r\n", file);
	fclose(file);
	snprintf(variable, sizeof variable, "CREDENTIALS_DIRECTORY=%s", folder);
	begin("auth");
	set(variable);
	say(&test.entries[1], "host", "db.example");
	say(&test.entries[1], "password", "${file:db_password}");
	say(&test.entries[1], "sslkey", "${file:db_password}");
	say(&test.entries[1], "user", "ada");
	resolves_to("postgresql://ada:geheim@db.example", "apps/auth/database.yaml:10:5");
	assert_string_equal(test.resolved.shown, "postgresql://ada:***@db.example");
	for (size_t i = 0; i < test.resolved.count; i++)
		assert_null(strstr(test.resolved.values[i].shown, "geheim"));
	assert_string_equal(dbw__resolved_find(&test.resolved, DBW__KEY_PASSWORD)->shown, "***");
	end();
	/* Without the folder, a name is relative to the file that says it. */
	begin("auth");
	say(&test.entries[1], "password", "${file:db_password}");
	say(&test.entries[0], "connection_string", "postgresql://x@h/n?sslpassword=${file:/not/there}");
	fails_with(
		"/etc/shop.yaml:10:5: error: \"connection_string\" of database \"auth\": the file /not/there cannot be read: No such file or directory\n");
	assert_string_equal(test.resolved.values[0].shown, "postgresql://x@h/n?sslpassword=***");
	end();
	unlink(path);
	rmdir(folder);
}

static void url__masked(void **state)
{
	static const struct {
		const char *text, *masked;
	} cases[] = {
		{ "sqlite:data/a.db", "sqlite:data/a.db" },
		{ "postgresql://h/d", "postgresql://h/d" },
		{ "postgresql://u@h/d", "postgresql://u@h/d" },
		{ "postgresql://u:p@h/d", "postgresql://u:***@h/d" },
		{ "postgresql://u:p@q@h/d", "postgresql://u:***@h/d" },
		{ "postgresql://u:p/q@h/d", "postgresql://u:***@h/d" },
		{ "${X:-postgresql://u:p@h/d}", "${X:-postgresql://u:***@h/d}" },
		{ "postgresql://h/d?password=a&x=b&SSLPASSWORD=c",
			"postgresql://h/d?password=***&x=b&SSLPASSWORD=***" },
		{ "postgresql://h/d?application_name=a", "postgresql://h/d?application_name=a" },
		{ "postgresql://h/d?passfile=a&scram_client_key=b&oauth_client_secret=c",
			"postgresql://h/d?passfile=a&scram_client_key=***&oauth_client_secret=***" },
		{ "postgresql://h/d?pass%77ord=a?b", "postgresql://h/d?pass%77ord=***" },
		{ "postgresql://h/d?p%zz=a&x=b", "postgresql://h/d?p%zz=***&x=b" },
		{ "postgresql://u:p@q/r@h/d", "postgresql://u:***@h/d" },
		{ "postgresql://u:p@q/r?s@h/d", "postgresql://u:***@h/d" },
		{ "${A:-postgresql://u:p@h}${B:-postgresql://u:q@h}", "${A:-postgresql://u:***@h}" },
		{ "${A:-postgresql://h?x=y}?password=p", "${A:-postgresql://h?x=y}?password=***" },
		{ "postgresql://h/d?password=", "postgresql://h/d?password=***" },
		{ "postgresql://h/d?", "postgresql://h/d?" },
		{ "postgresql://u:@h", "postgresql://u:***@h" },
	};
	dbw_arena *arena = dbw_arena_new(0);

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_string_equal(dbw__url_masked(arena, cases[i].text), cases[i].masked);
	dbw_arena_free(arena);
}

static void values__options_of_defaults_are_for_servers(void **state)
{
	(void)state;
	/* SQLite takes none: its entry got them from `defaults:`. */
	begin("auth");
	say(&test.entries[1], "path", "/a.db");
	say(&test.entries[1], "application_name", "shop");
	resolves_to("/a.db", "apps/auth/database.yaml:10:5");
	assert_int_equal(test.resolved.values[1].outcome, DBW__OTHER_ENGINE);
	end();
	/* What is beside a variable is for what that leads to, not for its default alone. */
	begin("auth");
	set("URL=postgresql://h/d");
	say(&test.entries[1], "connection_string", "${URL:-sqlite:a.db}");
	say(&test.entries[1], "application_name", "shop");
	resolves_to("postgresql://h/d", "apps/auth/database.yaml:10:5");
	assert_int_equal(test.resolved.values[1].outcome, DBW__USED);
	end();
}

/* DATABASES__auth__eu__POOL_SIZE is of "auth__eu", and not an odd key of "auth". */
static void environment__names_that_begin_like_others(void **state)
{
	(void)state;
	begin("auth");
	set("DATABASES__auth__eu__POOL_SIZE=3");
	set("DATABASES__auth__PATH=/a.db");
	resolves_to("/a.db", "environment DATABASES__auth__PATH");
	assert_int_equal(test.resolved.count, 1);
	end();
	begin("auth__eu");
	set("DATABASES__auth__eu__POOL_SIZE=3");
	set("DATABASES__auth__PATH=/a.db");
	set("AUTH__EU_DATABASE_URL=sqlite:/b.db");
	resolves_to("/b.db", "environment AUTH__EU_DATABASE_URL");
	assert_int_equal(dbw__resolved_number(&test.resolved, DBW__KEY_POOL_SIZE, 0), 3);
	end();
	begin("auth");
	set("DATABASES__auth__pool__size=3");
	fails_with("environment DATABASES__auth__pool__size: error: database \"auth\" has no such key\n"
		   "hint: did you mean \"pool_size\"?\n");
	end();
}

static void path__is_written_one_way(void **state)
{
	static const char *const paths[] = { "x/a.db", "./x/a.db", "x//./a.db", "/base/x/a.db",
		"//base/././x///a.db" };

	(void)state;
	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
		begin("auth");
		say(&test.program, "path", paths[i]);
		resolves_to("/base/x/a.db", "set by the program");
		end();
	}
	begin("auth");
	say(&test.program, "path", "x/../.a./..b/a.db/.");
	resolves_to("/base/x/../.a./..b/a.db/.", "set by the program");
	end();
}

static void environment__says_it_as_it_stands(void **state)
{
	(void)state;
	begin("auth");
	set("AUTH_DB_PASSWORD=a$$b${HOME}$");
	set("HOME=h");
	set("AUTH_DB_HOST=h");
	resolves_to("postgresql://:a%24%24b%24%7BHOME%7D%24@h", "environment AUTH_DB_HOST");
	end();
	begin("auth");
	test.request.is_default = true;
	set("DATABASE_URL=sqlite:/a$$b${");
	resolves_to("/a$$b${", "environment DATABASE_URL");
	end();
	/* Where an entry asks for a variable, its value is not looked into either. */
	begin("auth");
	set("URL=sqlite:/$$${X}");
	say(&test.entries[1], "connection_string", "${URL}$$");
	resolves_to("/$$${X}$", "apps/auth/database.yaml:10:5");
	end();
}

static void provider__said_twice_is_used_once(void **state)
{
	(void)state;
	begin("auth");
	set("AUTH_DB_TYPE=postgresql");
	say(&test.entries[0], "provider", "postgresql");
	say(&test.entries[0], "host", "h");
	say(&test.entries[1], "provider", "postgresql");
	say(&test.entries[1], "connection_string", "postgresql://g/d");
	resolves_to("postgresql://h/d", "apps/auth/database.yaml:11:5");
	assert_int_equal(test.resolved.values[0].outcome, DBW__USED);
	assert_int_equal(test.resolved.values[1].outcome, DBW__LOST);
	assert_int_equal(test.resolved.values[2].outcome, DBW__USED);
	assert_int_equal(test.resolved.values[3].outcome, DBW__LOST);
	end();
}

/* What stands where a URL should may be a password altogether. */
static void secrets__what_is_no_url_is_not_shown(void **state)
{
	static const struct {
		const char *text, *masked;
	} cases[] = {
		{ "host=db password=geheim", "***" },
		{ "postgresql:u:geheim@h/d", "***" },
		{ "geheim", "***" },
		{ "", "" },
		{ "${X:-geheim}", "***" },
		{ "${X}${file:/f:g}", "${X}${file:/f:g}" },
		{ "${file:/f:g}geheim", "***" },
		{ "${X", "***" },
		{ "${X}", "${X}" },
		{ "${X}${Y}", "${X}${Y}" },
		{ "${file:/f:g}", "${file:/f:g}" },
		{ "${X:-sqlite:a.db}", "${X:-sqlite:a.db}" },
		{ "SQLite:${X}", "SQLite:${X}" },
		{ "sqlite:a.db?key=geheim", "sqlite:a.db?key=***" },
		{ "mysql://u:geheim@h", "mysql://u:***@h" },
	};
	dbw_arena *arena = dbw_arena_new(0);

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_string_equal(dbw__connection_string_masked(arena, cases[i].text), cases[i].masked);
	dbw_arena_free(arena);
	/* Before and after its variables are replaced, and where it loses. */
	begin("auth");
	set("AUTH_DATABASE_URL=host=db password=geheim");
	say(&test.entries[0], "connection_string", "${X:-password=geheim}");
	say(&test.entries[0], "oauth_client_secret", "geheim");
	fails_with(
		"environment AUTH_DATABASE_URL: error: \"connection_string\" of database \"auth\": libpq's words are written as a URL here: postgresql://user@host/name?word=value\n"
		"hint: write sqlite:path/to/file.db, sqlite::memory:, sqlite::temp: or postgresql://...\n");
	for (size_t i = 0; i < test.resolved.count; i++)
		assert_string_equal(test.resolved.values[i].shown, "***");
	end();
}

static void url__taken_apart_and_composed(void **state)
{
	static const struct {
		const char *url, *user, *password, *host, *port, *name;
	} cases[] = {
		{ "postgresql://", NULL, NULL, NULL, NULL, NULL },
		{ "postgresql:///d", NULL, NULL, NULL, NULL, "d" },
		{ "postgresql://h", NULL, NULL, "h", NULL, NULL },
		{ "postgresql://a%40b:c%3Ad@h:1/d%2Fe?x=y", "a@b", "c:d", "h", "1", "d/e" },
		{ "postgresql://[::1]:5/d", NULL, NULL, "::1", "5", "d" },
		{ "postgresql://a:1,b:2/d", NULL, NULL, "a:1,b:2", NULL, "d" },
		{ "postgresql://u@/d", "u", NULL, NULL, NULL, "d" },
		{ "postgresql://%2Fvar%2Frun/d", NULL, NULL, "/var/run", NULL, "d" },
		{ "postgresql://u@h/d?host=/tmp&us%65r=v&port=1&password=p%26&dbname=e&dbname=f", "v", "p&",
			"/tmp", "1", "f" },
		{ "postgresql:///d?x&user=a", "a", NULL, NULL, NULL, "d" },
	};
	char problem[DBW__PROBLEM_SIZE];
	dbw_arena *arena = dbw_arena_new(0);
	dbw_url_parts parts;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const dbw_url_parts none = { NULL, NULL, NULL, NULL, NULL };

		assert_true(dbw__url_take_apart(arena, cases[i].url, problem, &parts));
#define SAME_(part)                                                     \
	do {                                                            \
		if (cases[i].part == NULL)                              \
			assert_null(parts.part);                        \
		else                                                    \
			assert_string_equal(parts.part, cases[i].part); \
	} while (0)
		SAME_(user);
		SAME_(password);
		SAME_(host);
		SAME_(port);
		SAME_(name);
		assert_string_equal(dbw__url_compose(arena, cases[i].url, &none, problem), cases[i].url);
	}
	assert_false(dbw__url_take_apart(arena, "postgresql://%zz/d", problem, &parts));
	assert_non_null(strstr(problem, "hexadecimal"));
	assert_false(dbw__url_take_apart(arena, "postgresql://%00/d", problem, &parts));
	assert_false(dbw__url_take_apart(arena, "postgresql://h/a%2", problem, &parts));
	dbw_arena_free(arena);
}

static void url__parts_stay_what_they_are(void **state)
{
	static const struct {
		const char *base;
		dbw_url_parts parts;
		const char *url, *problem;
	} cases[] = {
		/* Nothing in a part begins another one. */
		{ NULL, { .host = "a,b/d?sslmode=disable&x=" },
			"postgresql://a,b%2Fd%3Fsslmode%3Ddisable%26x%3D", NULL },
		{ NULL, { .host = "[::1]/d?x=y", .name = "n" }, "postgresql://[::1]/n", NULL },
		{ NULL, { .host = "/a?b@c,@d" }, "postgresql://%2Fa%3Fb%40c,%40d", NULL },
		{ NULL, { .user = "a:b@c/d", .password = "@", .name = "x?y=z#" },
			"postgresql://a%3Ab%40c%2Fd:%40@/x%3Fy%3Dz%23", NULL },
		/* Addresses of IP version 6, with and without brackets. */
		{ NULL, { .host = "::1", .port = "5" }, "postgresql://[::1]:5", NULL },
		{ NULL, { .host = "[fe80::1%eth0]:6,::2" }, "postgresql://[fe80::1%25eth0]:6,[::2]", NULL },
		{ "postgresql://h:5/d", { .host = "a:1,b" }, "postgresql://a:1,b/d", NULL },
		{ "postgresql://h:5/d", { .host = "a:1" }, "postgresql://a:1/d", NULL },
		{ NULL, { .host = "a:1", .port = "2" }, NULL,
			"of several hosts each has its own port: host1:5432,host2:5433" },
		{ NULL, { .host = "a:secret" }, NULL, "what stands behind the colon of a host is no port" },
		/* A part counts more than what the query says of it. */
		{ "postgresql:///d?host=/tmp&x=y&hostaddr=1.2.3.4", { .host = "h" }, "postgresql://h/d?x=y",
			NULL },
		{ "postgresql:///d?d%62name=e&user=u", { .name = "n", .user = "v" }, "postgresql://v@/n",
			NULL },
		{ "postgresql:///d?host=a,b", { .port = "7", .password = "p" },
			"postgresql://:p@:7/d?host=a,b", NULL },
	};
	char problem[DBW__PROBLEM_SIZE];
	dbw_arena *arena = dbw_arena_new(0);

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const char *url = dbw__url_compose(arena, cases[i].base, &cases[i].parts, problem);

		if (cases[i].url == NULL) {
			assert_null(url);
			assert_string_equal(problem, cases[i].problem);
		} else {
			assert_non_null(url);
			assert_string_equal(url, cases[i].url);
		}
	}
	dbw_arena_free(arena);
}

static void dotenv__reads(void **state)
{
	static const char text[] = "# comment\n\n"
				   "A=1\r\n"
				   "  export B = \n"
				   "export B=two words  # comment\n"
				   "C='single $A \\n # no comment'\n"
				   "D=\"double\\n\\\"q\\\" \\$x\" # comment\n"
				   "E=a#b\n"
				   "F=\n"
				   "A=again\n"
				   "exported=1";
	static const char *const expected[] = { "A=1", "B=two words", "C=single $A \\n # no comment",
		"D=double\n\"q\" $x", "E=a#b", "F=", "A=again", "exported=1", NULL };
	char **list;

	(void)state;
	begin("auth");
	/* One line above is wrong: it is the only thing said. */
	assert_false(dbw__dotenv_parse(test.arena, test.diagnostics, ".env", text, sizeof text - 1, &list));
	assert_null(list);
	dbw_diagnostics_render(test.diagnostics, false, &test.text);
	assert_string_equal(test.text.data, ".env:4:10: error: this is not NAME=value\n"
					    "hint: a line is NAME=value, a comment behind #, or empty\n");
	end();
	begin("auth");
	char *good = dbw_arena_copy(test.arena, text, sizeof text - 1);
	memset(strstr(good, "  export B = "), ' ', strlen("  export B = "));
	assert_true(dbw__dotenv_parse(test.arena, test.diagnostics, ".env", good, sizeof text - 1, &list));
	for (size_t i = 0; expected[i] != NULL || list[i] != NULL; i++) {
		assert_non_null(list[i]);
		assert_non_null(expected[i]);
		assert_string_equal(list[i], expected[i]);
	}
	test.environment.file = list;
	assert_string_equal(dbw__environment_get(&test.environment, "A"), "again");
	assert_null(dbw__environment_get(&test.environment, "NONE"));
	end();
}

static void dotenv__mistakes_have_positions_and_no_values(void **state)
{
	static const char text[] = "geheim\n"
				   "A='geheim\n"
				   "B=\"geheim\\x\"\n"
				   "C='geheim' geheim\n"
				   "1C=geheim\n"
				   "=geheim\n";
	static const char *const places[] = {
		".env:1:1: ", ".env:2:3: ", ".env:3:10: ", ".env:4:12: ", ".env:5:1: ", ".env:6:1: "
	};
	char **list;

	(void)state;
	begin("auth");
	assert_false(dbw__dotenv_parse(test.arena, test.diagnostics, ".env", text, sizeof text - 1, &list));
	dbw_diagnostics_render(test.diagnostics, false, &test.text);
	assert_int_equal(dbw_diagnostics_errors(test.diagnostics), 6);
	assert_null(strstr(test.text.data, "geheim"));
	for (size_t i = 0; i < 6; i++)
		assert_non_null(strstr(test.text.data, places[i]));
	assert_false(dbw__dotenv_parse(test.arena, test.diagnostics, ".env", "A=\xff", 3, &list));
	assert_true(dbw__dotenv_read(test.arena, test.diagnostics, "/not/there", false, &list));
	assert_null(list[0]);
	assert_false(dbw__dotenv_read(test.arena, test.diagnostics, "/not/there", true, &list));
	/* Python's virtual environments may have that name. */
	assert_true(dbw__dotenv_read(test.arena, test.diagnostics, "/tmp", false, &list));
	assert_null(list[0]);
	assert_false(dbw__dotenv_read(test.arena, test.diagnostics, "/tmp", true, &list));
	assert_false(dbw__dotenv_read(test.arena, test.diagnostics, "/dev/zero", false, &list));
	end();
}

static void entry__merging_keeps_one_place(void **state)
{
	dbw__entry out;

	(void)state;
	begin("auth");
	say(&test.entries[0], "pool_size", "1");
	say(&test.entries[0], "user", "near");
	say(&test.entries[1], "pool_size", "2");
	say(&test.entries[1], "user", "far");
	say(&test.entries[1], "host", "far");
	say(&test.entries[1], "application_name", "far");
	assert_true(dbw__entry_merge(test.arena, &test.entries[0], &test.entries[1], &out));
	assert_int_equal(out.count, 4);
	assert_string_equal(dbw__entry_find(&out, DBW__KEY_USER)->value, "near");
	assert_string_equal(dbw__entry_find(&out, DBW__KEY_HOST)->value, "far");
	assert_string_equal(out.said[3].name, "application_name");
	/* A connection string hides the parts; so does another provider. */
	test.entries[0].count = 0;
	say(&test.entries[0], "connection_string", "postgresql://h/n");
	assert_true(dbw__entry_merge(test.arena, &test.entries[0], &test.entries[1], &out));
	assert_null(dbw__entry_find(&out, DBW__KEY_HOST));
	assert_non_null(dbw__entry_find(&out, DBW__KEY_POOL_SIZE));
	test.entries[0].count = 0;
	say(&test.entries[0], "provider", "sqlite");
	assert_true(dbw__entry_merge(test.arena, &test.entries[0], &test.entries[1], &out));
	assert_null(dbw__entry_find(&out, DBW__KEY_HOST));
	end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(order__of_every_pair_the_nearer_source_wins),
		cmocka_unit_test(order__of_other_keys_the_nearer_value_wins),
		cmocka_unit_test(environment__default_names_are_for_the_default_database),
		cmocka_unit_test(environment__empty_says_nothing_and_files_fill_up),
		cmocka_unit_test(environment__unknown_keys_are_refused),
		cmocka_unit_test(environment__names_that_are_nearly_known),
		cmocka_unit_test(pool__no_more_stay_than_there_may_be),
		cmocka_unit_test(place__parts_are_put_on_the_nearest_url),
		cmocka_unit_test(place__paths_are_relative_to_who_says_them),
		cmocka_unit_test(place__none_is_made_up_in_production),
		cmocka_unit_test(place__one_source_must_agree_with_itself),
		cmocka_unit_test(values__only_what_wins_has_to_resolve),
		cmocka_unit_test(values__options_go_with_their_provider),
		cmocka_unit_test(secrets__come_from_files_and_are_masked),
		cmocka_unit_test(url__masked),
		cmocka_unit_test(values__options_of_defaults_are_for_servers),
		cmocka_unit_test(environment__names_that_begin_like_others),
		cmocka_unit_test(path__is_written_one_way),
		cmocka_unit_test(environment__says_it_as_it_stands),
		cmocka_unit_test(provider__said_twice_is_used_once),
		cmocka_unit_test(secrets__what_is_no_url_is_not_shown),
		cmocka_unit_test(url__parts_stay_what_they_are),
		cmocka_unit_test(url__taken_apart_and_composed),
		cmocka_unit_test(dotenv__reads),
		cmocka_unit_test(dotenv__mistakes_have_positions_and_no_values),
		cmocka_unit_test(entry__merging_keeps_one_place),
	};

	return cmocka_run_group_tests_name("config_resolve", tests, NULL, NULL);
}

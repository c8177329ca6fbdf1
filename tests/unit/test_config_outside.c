/* Providers that are not bundled, as entries name them: the form of the name, and what becomes of the place beside it. */
#include <base/text.h>
#include <entries/outside.h>
#include <entries/resolve.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* One case: what the program, a file and the compiled-in entry say, and what comes of it. */
static struct {
	dbw_arena *arena;
	dbw_diagnostics *diagnostics;
	char *process[4];
	dbw__said said[3][8];
	dbw__entry levels[3];
	dbw__resolved resolved;
	dbw_text_buffer text;
} test;

enum { PROGRAM, FILE_ENTRY, COMPILED };

static void begin(void)
{
	memset(&test, 0, sizeof test);
	test.arena = dbw_arena_new(0);
	test.diagnostics = dbw_diagnostics_new(0);
	assert_non_null(test.arena);
	assert_non_null(test.diagnostics);
	test.levels[PROGRAM] = (dbw__entry){ "auth", { "set by the program", 0, 0 }, test.said[0], 0 };
	test.levels[FILE_ENTRY] = (dbw__entry){ "auth", { "/etc/shop.yaml", 2, 3 }, test.said[1], 0 };
	test.levels[COMPILED] = (dbw__entry){ "auth", { "apps/auth/database.yaml", 2, 3 }, test.said[2], 0 };
	dbw_text_init(&test.text, NULL, 0);
}

static void end(void)
{
	dbw_text_clear(&test.text);
	dbw_diagnostics_free(test.diagnostics);
	dbw_arena_free(test.arena);
}

static void say(int level, const char *name, const char *value)
{
	dbw__entry *entry = &test.levels[level];

	test.said[level][entry->count++] =
		(dbw__said){ dbw__key_find(name, strlen(name), false), name, value, entry->at };
}

static bool resolve(void)
{
	const dbw__environment environment = { test.process, NULL };
	const dbw__request request = { .arena = test.arena,
		.diagnostics = test.diagnostics,
		.environment = &environment,
		.root = "/base",
		.name = "auth",
		.program = &test.levels[PROGRAM],
		.entries = &test.levels[FILE_ENTRY],
		.entry_count = 2,
		.is_default = true,
		.sqlite = true };
	const bool good = dbw__resolve(&request, &test.resolved);

	dbw_diagnostics_render(test.diagnostics, false, &test.text);
	assert_int_equal(good, dbw_diagnostics_errors(test.diagnostics) == 0);
	return good;
}

/* NULL: there is no library. */
static void resolves(const char *library, const char *symbol, dbw_url_kind kind, const char *location)
{
	if (!resolve())
		fail_msg("%s", test.text.data);
	assert_int_equal(library == NULL, test.resolved.library == NULL);
	if (library != NULL)
		assert_string_equal(test.resolved.library, library);
	assert_string_equal(test.resolved.symbol, symbol);
	assert_int_equal(test.resolved.kind, kind);
	assert_string_equal(test.resolved.location == NULL ? "NULL" : test.resolved.location, location);
}

static void name__has_a_library_and_a_symbol(void **state)
{
	static const struct {
		const char *text, *library, *symbol;
	} good[] = {
		{ "lib.so:acme", "lib.so", "acme" },
		{ "a/b.so:acme_2", "a/b.so", "acme_2" },
		{ "/a:b/c:d", "/a:b/c", "d" },
		{ "program:acme", "", "acme" },
		{ "./program:acme", "./program", "acme" },
		{ "programs:acme", "programs", "acme" },
	};
	static const char *const bad[] = { ":", ":acme", "lib.so:", "lib.so:2", "lib.so:a-b", "lib/:a",
		"a:b/c" };
	char problem[DBW__PROBLEM_SIZE];
	dbw__outside outside;

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		assert_true(dbw__is_outside(good[i].text));
		assert_true(dbw__outside_split(good[i].text, &outside, problem));
		assert_int_equal(outside.library_length, strlen(good[i].library));
		assert_string_equal(outside.symbol, good[i].symbol);
		assert_string_equal(problem, "");
	}
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		assert_true(dbw__is_outside(bad[i]));
		assert_false(dbw__outside_split(bad[i], &outside, problem));
		assert_string_not_equal(problem, "");
	}
	assert_false(dbw__is_outside("sqlite"));
	assert_false(dbw__is_outside("${PROVIDER:-sqlite}"));
	assert_true(dbw__is_outside("${LIB:-a}/b.so:acme"));
	assert_false(dbw__is_written_outside("${LIB:-a}/b.so:acme"));
	assert_true(dbw__is_written_outside("b.so:acme"));
}

static void place__is_of_any_kind(void **state)
{
	(void)state;
	begin();
	say(COMPILED, "provider", "lib.so:acme");
	say(COMPILED, "connection_string", "sqlite:data/a.db");
	resolves("lib.so", "acme", DBW_URL_PATH, "/base/apps/auth/data/a.db");
	assert_string_equal(test.resolved.provider, "lib.so:acme");
	end();
	begin();
	say(COMPILED, "provider", "../lib.so:acme");
	say(COMPILED, "connection_string", "sqlite::memory:");
	resolves("/base/apps/auth/../lib.so", "acme", DBW_URL_MEMORY, "NULL");
	end();
	begin();
	say(FILE_ENTRY, "provider", "program:acme");
	say(FILE_ENTRY, "connection_string", "postgresql://u:geheim@h/d");
	resolves(NULL, "acme", DBW_URL_SERVER, "postgresql://u:geheim@h/d");
	assert_string_equal(test.resolved.shown, "postgresql://u:***@h/d");
	end();
	begin();
	say(FILE_ENTRY, "provider", "program:acme");
	say(FILE_ENTRY, "connection_string", "acme://u:geheim@h?token=1");
	resolves(NULL, "acme", DBW_URL_OTHER, "acme://u:geheim@h?token=1");
	assert_string_equal(test.resolved.shown, "acme://u:***@h?token=***");
	end();
	begin();
	say(FILE_ENTRY, "provider", "program:acme");
	say(FILE_ENTRY, "path", "a.db");
	say(FILE_ENTRY, "password", "geheim");
	resolves(NULL, "acme", DBW_URL_PATH, "/etc/a.db");
	assert_string_equal(dbw__resolved_find(&test.resolved, DBW__KEY_PASSWORD)->text, "geheim");
	assert_string_equal(dbw__resolved_find(&test.resolved, DBW__KEY_PASSWORD)->shown, "***");
	end();
	/* Nothing at all, even in production, is the provider's own affair: no file is made up. */
	begin();
	say(FILE_ENTRY, "provider", "program:acme");
	say(FILE_ENTRY, "host", "h");
	say(FILE_ENTRY, "options.api_key", "geheim");
	resolves(NULL, "acme", DBW_URL_OTHER, "");
	for (size_t i = 0; i < test.resolved.count; i++)
		assert_string_not_equal(test.resolved.values[i].shown, "geheim");
	end();
}

static void place__is_said_nearer_and_the_provider_stays(void **state)
{
	(void)state;
	begin();
	say(COMPILED, "provider", "lib.so:acme");
	say(COMPILED, "path", "far.db");
	say(PROGRAM, "connection_string", "sqlite:near.db");
	resolves("lib.so", "acme", DBW_URL_PATH, "/base/near.db");
	end();
	begin();
	say(COMPILED, "connection_string", "sqlite:/far.db");
	say(PROGRAM, "provider", "lib.so:acme");
	resolves("lib.so", "acme", DBW_URL_PATH, "/far.db");
	end();
	begin();
	say(COMPILED, "provider", "lib.so:acme");
	test.process[0] = (char[]){ "AUTH_DATABASE_URL=acme:there" };
	resolves("lib.so", "acme", DBW_URL_OTHER, "acme:there");
	end();
	begin();
	say(FILE_ENTRY, "provider", "${LIB}.so:acme");
	say(FILE_ENTRY, "path", "/a.db");
	test.process[0] = (char[]){ "LIB=other" };
	resolves("other.so", "acme", DBW_URL_PATH, "/a.db");
	end();
	begin();
	say(COMPILED, "connection_string", "postgresql://h/d");
	say(PROGRAM, "provider", "lib.so:acme");
	say(PROGRAM, "user", "ada");
	resolves("lib.so", "acme", DBW_URL_SERVER, "postgresql://ada@h/d");
	end();
	/* DATABASE_URL is for who says nothing. */
	begin();
	say(COMPILED, "provider", "lib.so:acme");
	test.process[0] = (char[]){ "DATABASE_URL=sqlite:/default.db" };
	resolves("lib.so", "acme", DBW_URL_PATH, "/default.db");
	end();
	begin();
	say(COMPILED, "provider", "lib.so:acme");
	say(COMPILED, "host", "h");
	test.process[0] = (char[]){ "DATABASE_URL=sqlite:/default.db" };
	resolves("lib.so", "acme", DBW_URL_OTHER, "");
	end();
}

static void provider__a_nearer_one_wins(void **state)
{
	(void)state;
	begin();
	say(COMPILED, "provider", "lib.so:acme");
	say(COMPILED, "connection_string", "acme:far");
	say(PROGRAM, "provider", "sqlite");
	say(PROGRAM, "path", "near.db");
	assert_true(resolve());
	assert_string_equal(test.resolved.provider, "sqlite");
	assert_null(test.resolved.symbol);
	assert_string_equal(test.resolved.location, "/base/near.db");
	end();
	/* What the other provider's entry says of the place is not sqlite's. */
	begin();
	say(COMPILED, "provider", "lib.so:acme");
	say(COMPILED, "path", "far.db");
	say(PROGRAM, "provider", "sqlite");
	assert_true(resolve());
	assert_string_equal(test.resolved.location, "/base/data/database/auth.db");
	end();
	begin();
	say(COMPILED, "provider", "lib.so:acme");
	say(COMPILED, "path", "/a.db");
	say(PROGRAM, "provider", "program:other");
	resolves(NULL, "other", DBW_URL_PATH, "/a.db");
	end();
	/* A provider of no use any more need not resolve. */
	begin();
	say(COMPILED, "provider", "${NOT_SET}");
	say(PROGRAM, "connection_string", "sqlite:/a.db");
	assert_true(resolve());
	end();
}

static void mistakes__are_refused_once(void **state)
{
	(void)state;
	begin();
	say(PROGRAM, "provider", "lib.so:2");
	say(PROGRAM, "path", "/a.db");
	assert_false(resolve());
	assert_string_equal(test.text.data,
		"set by the program: error: \"provider\" of database \"auth\" must have the name of a symbol behind"
		" its colon, as in path/lib.so:symbol\n");
	end();
	begin();
	say(PROGRAM, "provider", "lib.so:acme");
	say(PROGRAM, "connection_string", "sqlite://host/a.db");
	assert_false(resolve());
	assert_non_null(strstr(test.text.data, "\"connection_string\" of database \"auth\": two slashes"));
	end();
	begin();
	say(PROGRAM, "provider", "lib.so:acme");
	say(PROGRAM, "connection_string", "${NOT_SET}");
	assert_false(resolve());
	assert_int_equal(dbw_diagnostics_errors(test.diagnostics), 1);
	end();
	/* By itself: two places in one entry, and settings of whatever engine. */
	begin();
	say(FILE_ENTRY, "provider", "lib.so:acme");
	say(FILE_ENTRY, "connection_string", "acme:there");
	say(FILE_ENTRY, "journal_mode", "wal");
	say(FILE_ENTRY, "sslmode", "require");
	say(FILE_ENTRY, "options.x", "y");
	assert_true(dbw__entry_check(
		test.arena, test.diagnostics, "database \"auth\"", &test.levels[FILE_ENTRY]));
	say(FILE_ENTRY, "path", "a.db");
	assert_false(dbw__entry_check(
		test.arena, test.diagnostics, "database \"auth\"", &test.levels[FILE_ENTRY]));
	end();
}

static void merge__keeps_how_apart_from_where(void **state)
{
	dbw__entry out;

	(void)state;
	/* A profile that says how takes the place of the entry below it ... */
	begin();
	say(PROGRAM, "provider", "lib.so:acme");
	say(COMPILED, "connection_string", "sqlite:/a.db");
	assert_true(dbw__entry_merge(test.arena, &test.levels[PROGRAM], &test.levels[COMPILED], &out));
	assert_int_equal(out.count, 2);
	end();
	/* ... and one that says where leaves how it is. */
	begin();
	say(PROGRAM, "connection_string", "sqlite:/b.db");
	say(COMPILED, "provider", "lib.so:acme");
	say(COMPILED, "connection_string", "sqlite:/a.db");
	assert_true(dbw__entry_merge(test.arena, &test.levels[PROGRAM], &test.levels[COMPILED], &out));
	assert_int_equal(out.count, 2);
	assert_string_equal(dbw__entry_find(&out, DBW__KEY_CONNECTION_STRING)->value, "sqlite:/b.db");
	assert_string_equal(dbw__entry_find(&out, DBW__KEY_PROVIDER)->value, "lib.so:acme");
	assert_string_equal(dbw__entry_provider(&out), "lib.so:acme");
	end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(name__has_a_library_and_a_symbol),
		cmocka_unit_test(place__is_of_any_kind),
		cmocka_unit_test(place__is_said_nearer_and_the_provider_stays),
		cmocka_unit_test(provider__a_nearer_one_wins),
		cmocka_unit_test(mistakes__are_refused_once),
		cmocka_unit_test(merge__keeps_how_apart_from_where),
	};

	return cmocka_run_group_tests_name("config_outside", tests, NULL, NULL);
}

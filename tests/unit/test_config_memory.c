/*
 * What happens when memory is short: every allocation of a piece of work fails once, one after the other.
 */
#include "../memory/allocations.h"

#include <base/arena.h>
#include <base/diagnostic.h>
#include <base/text.h>
#include <entries/expand.h>
#include <entries/resolve.h>
#include <entries/url.h>
#include <yaml/tree.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Does `work` with each allocation failing in turn, until it gets through without meeting one that fails. */
static void fail_everywhere(bool (*work)(void))
{
	for (int all_after = 0; all_after < 2; all_after++) {
		bool met = true;

		for (size_t number = 1; met; number++) {
			bool done;

			assert_true(number < 10000);
			allocations_fail(number, all_after == 1);
			done = work();
			met = allocations_recover();
			assert_true(met || done);
		}
	}
}

static void arena__one_malloc_for_the_first_chunk(void **state)
{
	dbw_arena *arena;
	size_t used;

	(void)state;
	allocations = 0;
	arena = dbw_arena_new(4000);
	assert_non_null(arena);
	if (arena->top == arena->bottom) {
		dbw_arena_free(arena);
		skip(); /* DBWRIGHT_DEBUG_ARENA: one malloc each, by intent. */
	}
	for (int i = 0; i < 100; i++)
		assert_non_null(dbw_arena_alloc(arena, 16));
	assert_non_null(dbw_arena_alloc_bytes(arena, 2400));
	used = allocations;
	dbw_arena_free(arena);
	assert_int_equal(used, 1);
}

static void arena__chunks_double_up_to_a_megabyte(void **state)
{
	dbw_arena *arena;

	(void)state;
	allocations = 0;
	arena = dbw_arena_new(0);
	assert_non_null(arena);
	if (arena->top == arena->bottom) {
		dbw_arena_free(arena);
		skip();
	}
	for (int i = 0; i < 1000000; i++)
		assert_non_null(dbw_arena_alloc_bytes(arena, 20));
	/* 4 kB, then 8 kB to 1 MB, then 1 MB each: 20 MB take 9 and some 18 more. */
	assert_in_range(allocations, 20, 30);
	dbw_arena_free(arena);
}

static bool use_arena(void)
{
	dbw_arena *arena = dbw_arena_new(100);
	bool done = true;

	if (arena == NULL)
		return false;
	for (size_t size = 1; size < 100000; size *= 3) {
		unsigned char *bytes = dbw_arena_alloc_bytes(arena, size),
			      *object = dbw_arena_alloc(arena, size);
		char *text = dbw_arena_printf(arena, "%0*d", (int)size, 1);

		done = done && bytes != NULL && object != NULL && text != NULL;
		if (bytes != NULL)
			memset(bytes, 1, size);
		if (object != NULL)
			memset(object, 1, size);
	}
	dbw_arena_reset(arena);
	done = dbw_arena_alloc_zeroed(arena, 1000, 7) != NULL && done;
	dbw_arena_free(arena);
	return done;
}

static void arena__survives_failure(void **state)
{
	(void)state;
	fail_everywhere(use_arena);
}

static bool use_text(void)
{
	char storage[4], *stolen;
	dbw_text_buffer text;
	size_t before;
	bool failed;

	dbw_text_init(&text, storage, sizeof(storage));
	for (int i = 0; i < 50; i++) {
		before = text.length;
		if (!dbw_text_append_z(&text, "some text ") || !dbw_text_printf(&text, "%d", i))
			assert_true(text.failed);
		/* Never half a piece. */
		assert_int_equal(strlen(text.data), text.length);
		assert_true(!text.failed || text.length - before <= 10);
	}
	failed = text.failed;
	stolen = dbw_text_steal(&text, NULL);
	assert_true(stolen == NULL || !failed);
	free(stolen);
	failed = stolen == NULL;
	dbw_text_clear(&text);
	return !failed;
}

static void text__survives_failure(void **state)
{
	(void)state;
	fail_everywhere(use_text);
}

static bool use_diagnostics(void)
{
	dbw_diagnostics *diagnostics = dbw_diagnostics_new(40);
	dbw_position position = { "file.yaml", 1, 1 };
	dbw_text_buffer out;
	bool done;
	char message[1000];

	if (diagnostics == NULL)
		return false;
	memset(message, 'm', sizeof(message) - 1);
	message[sizeof(message) - 1] = '\0';
	done = dbw_diagnostics_add_source(diagnostics, "file.yaml", "text\n", 5);
	for (uint32_t i = 0; i < 60; i++) {
		position.line = i;
		dbw_report(diagnostics, DBW_SEVERITY_ERROR, position, "code", "hint", "%s", message);
		dbw_report(diagnostics, DBW_SEVERITY_NOTE, position, "code", NULL, "%s", "note");
	}
	/* However short memory is, the errors are counted, and what is lost is said. */
	assert_int_equal(dbw_diagnostics_errors(diagnostics), 60);
	dbw_text_init(&out, NULL, 0);
	dbw_diagnostics_render(diagnostics, true, &out);
	if (dbw_diagnostics_failed(diagnostics) && !out.failed)
		assert_non_null(strstr(out.data, "out of memory: some messages are lost"));
	done = done && !dbw_diagnostics_failed(diagnostics) && !out.failed;
	dbw_text_clear(&out);
	dbw_diagnostics_render_json(diagnostics, &out);
	done = done && !out.failed;
	dbw_text_clear(&out);
	dbw_diagnostics_free(diagnostics);
	return done;
}

static void diagnostics__survive_failure(void **state)
{
	(void)state;
	fail_everywhere(use_diagnostics);
}

static const char *yaml_text;

static bool use_yaml(void)
{
	dbw_arena *arena = dbw_arena_new(64);
	dbw_diagnostics *diagnostics = dbw_diagnostics_new(0);
	const dbw_yaml_node *root = (const dbw_yaml_node *)yaml_text;
	bool done = false;

	if (arena != NULL && diagnostics != NULL) {
		done = dbw_yaml_parse(
			arena, diagnostics, "f.yaml", yaml_text, strlen(yaml_text), NULL, &root);
		assert_true(done ? root != NULL : root == NULL);
		/* No failure without an error that is counted. */
		assert_true(done || dbw_diagnostics_errors(diagnostics) > 0);
		/* A text that is wrong is done with when all there is to say was said. */
		if (strstr(yaml_text, "wrong") != NULL)
			done = !done && !dbw_diagnostics_failed(diagnostics);
	}
	dbw_diagnostics_free(diagnostics);
	dbw_arena_free(arena);
	return done;
}

static void yaml__survives_failure(void **state)
{
	dbw_text_buffer text;

	(void)state;
	dbw_text_init(&text, NULL, 0);
	dbw_text_append_z(
		&text, "base: &base {a: 1, b: [x, 'y', 2.5]}\nmore: {<<: *base, c: !!str 5}\nlarge:\n");
	for (int i = 0; i < 40; i++)
		dbw_text_printf(
			&text, "  a_key_of_some_length_%d: a text that takes some room in the arena\n", i);
	dbw_text_append_z(&text, "list: {<<: [*base, {q: r}]}\n");
	yaml_text = text.data;
	fail_everywhere(use_yaml);
	dbw_text_append_z(&text, "wrong: *none\nwrong: !x 1\n1: 2\nlast: [\n");
	yaml_text = text.data;
	fail_everywhere(use_yaml);
	dbw_text_clear(&text);
}

static bool use_yaml_file(void)
{
	dbw_arena *arena = dbw_arena_new(64);
	dbw_diagnostics *diagnostics = dbw_diagnostics_new(0);
	const dbw_yaml_node *root;
	bool done = false;

	if (arena != NULL && diagnostics != NULL) {
		assert_false(dbw_yaml_read_file(arena, diagnostics, "/dev/null", NULL, &root));
		assert_null(root);
		assert_true(dbw_diagnostics_errors(diagnostics) > 0);
		done = dbw_diagnostics_count(diagnostics) == 1 &&
		       strcmp(dbw_diagnostics_at(diagnostics, 0)->code, "empty-document") == 0;
	}
	dbw_diagnostics_free(diagnostics);
	dbw_arena_free(arena);
	return done;
}

static void yaml__reading_survives_failure(void **state)
{
	(void)state;
	fail_everywhere(use_yaml_file);
}

static const char *long_value(void *context, const char *name)
{
	(void)name;
	return context;
}

static bool use_entries(void)
{
	char value[300], problem[DBW__PROBLEM_SIZE];
	dbw_arena *arena = dbw_arena_new(16);
	dbw_text_buffer text;
	dbw_url url;
	bool expanded, parsed = true;

	memset(value, 'v', sizeof(value) - 1);
	value[sizeof(value) - 1] = '\0';
	dbw_text_init(&text, NULL, 0);
	expanded = dbw__expand("sqlite:${A}/${B}.db", long_value, value, &text, problem);
	assert_string_equal(problem, expanded ? "" : "out of memory");
	assert_int_equal(text.failed, !expanded);
	assert_int_equal(text.length, expanded ? 7 + 299 + 1 + 299 + 3 : 0);
	for (int i = 0; arena != NULL && expanded && i < 2; i++) {
		bool done = dbw__url_parse(
			arena, i == 0 ? text.data : "postgresql://user:secret@host/database", problem, &url);

		assert_string_equal(problem, done ? "" : "out of memory");
		parsed = parsed && done;
	}
	dbw_text_clear(&text);
	parsed = parsed && arena != NULL;
	dbw_arena_free(arena);
	return expanded && parsed;
}

static char password[] = "AUTH_DB_PASSWORD=p@ss", port[] = "AUTH_DB_PORT=6000",
	    pool_size[] = "DATABASES__AUTH__POOL_SIZE=3", unknown[] = "DATABASES__AUTH__PASSWROD=x";
static char *variables[] = { password, port, pool_size, unknown, NULL };

/* A database of which an entry says this; the environment completes it, and has a mistake. */
static bool resolve_entry(const dbw__entry entry, const char *shown, const char *library)
{
	const dbw__environment environment = { variables, NULL };
	dbw_arena *arena = dbw_arena_new(16);
	dbw_diagnostics *diagnostics = dbw_diagnostics_new(0);
	const dbw__request request = { .arena = arena,
		.diagnostics = diagnostics,
		.environment = &environment,
		.root = "/base",
		.name = "auth",
		.entries = &entry,
		.entry_count = 1 };
	dbw__resolved resolved;
	bool done = false;

	if (arena != NULL && diagnostics != NULL) {
		assert_false(dbw__resolve(&request, &resolved));
		assert_true(dbw_diagnostics_failed(diagnostics) || dbw_diagnostics_errors(diagnostics) > 0);
		done = !dbw_diagnostics_failed(diagnostics) && dbw_diagnostics_errors(diagnostics) == 1 &&
		       strcmp(dbw_diagnostics_at(diagnostics, 0)->code, "unknown-key") == 0;
		if (done)
			assert_string_equal(resolved.shown, shown);
		if (done && library != NULL)
			assert_string_equal(resolved.library, library);
	}
	dbw_diagnostics_free(diagnostics);
	dbw_arena_free(arena);
	return done;
}

static const dbw_position said_at = { "apps/auth/database.yaml", 1, 1 };

/* A server, put together from three sources. */
static bool use_server(void)
{
	const dbw__said said[] = {
		{ &dbw__keys[DBW__KEY_CONNECTION_STRING], "connection_string",
			"postgresql://${U:-ada}@db.example/d?x=y", said_at },
		{ NULL, "application_name", "${APP:-shop}", said_at },
	};

	return resolve_entry(
		(dbw__entry){ "auth", said_at, said, 2 }, "postgresql://ada:***@db.example:6000/d?x=y", NULL);
}

/* A provider from outside, with a place of its own kind, a name that is longer than what is kept on the stack, and a path. */
static bool use_outside(const char *location, const char *shown)
{
	char provider[400];
	const dbw__said said[] = {
		{ &dbw__keys[DBW__KEY_PROVIDER], "provider", provider, said_at },
		{ location == NULL ? &dbw__keys[DBW__KEY_PATH] : &dbw__keys[DBW__KEY_CONNECTION_STRING],
			location == NULL ? "path" : "connection_string",
			location == NULL ? "${P:-a}.db" : location, said_at },
		{ NULL, "token", "${APP:-shop}", said_at },
	};

	snprintf(provider, sizeof provider, "${LIB:-lib}/acme.so:a%0300d", 1);
	return resolve_entry((dbw__entry){ "auth", said_at, said, 3 }, shown, "/base/apps/auth/lib/acme.so");
}

static bool use_outside_with_url(void)
{
	return use_outside("acme://${U:-ada}:x@h", "acme://ada:***@h");
}

static bool use_outside_with_path(void)
{
	return use_outside(NULL, "/base/apps/auth/a.db");
}

static void resolve__survives_failure(void **state)
{
	(void)state;
	fail_everywhere(use_server);
	fail_everywhere(use_outside_with_url);
	fail_everywhere(use_outside_with_path);
}

static void entries__survive_failure(void **state)
{
	(void)state;
	fail_everywhere(use_entries);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(arena__one_malloc_for_the_first_chunk),
		cmocka_unit_test(arena__chunks_double_up_to_a_megabyte),
		cmocka_unit_test(arena__survives_failure),
		cmocka_unit_test(text__survives_failure),
		cmocka_unit_test(diagnostics__survive_failure),
		cmocka_unit_test(yaml__survives_failure),
		cmocka_unit_test(yaml__reading_survives_failure),
		cmocka_unit_test(entries__survive_failure),
		cmocka_unit_test(resolve__survives_failure),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

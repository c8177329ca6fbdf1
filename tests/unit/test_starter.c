/* New projects: their names, and that all files are written or none. */
#include "../memory/allocations.h"

#include <model/name.h>
#include <render/starter.h>

#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static void starter__name_of_a_folder(void **state)
{
	static const char *const cases[][2] = {
		{ "shop", "shop" },
		{ "a/b/Shop//", "shop" },
		{ "my  shop-2", "my_shop_2" },
		{ "2_shops", "shops" },
		{ "-", "app" },
		{ "/", "app" },
		{ "", "app" },
		{ "a_", "a" },
		{ "aaaaaaaaaabbbbbbbbbbccccccccccddddddddd-eeee", "aaaaaaaaaabbbbbbbbbbccccccccccddddddddd" },
		{ "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeee",
			"aaaaaaaaaabbbbbbbbbbccccccccccdddddddddd" },
	};
	dbw_arena *arena = dbw_arena_new(0);

	(void)state;
	assert_non_null(arena);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const char *name = ir_starter_name(arena, cases[i][0]);

		assert_string_equal(name, cases[i][1]);
		assert_null(ir_starter_name_problem(name, "cmake"));
	}
	dbw_arena_free(arena);
}

static void starter__names_that_will_not_do(void **state)
{
	(void)state;
	assert_string_equal(ir_starter_name_problem("Shop", "make"), ir_name_problem("Shop"));
	assert_non_null(ir_starter_name_problem("test", "cmake"));
	assert_non_null(ir_starter_name_problem("notes", "meson"));
	assert_null(ir_starter_name_problem("notes", "make"));
	assert_non_null(ir_starter_name_problem("aaaaaaaaaabbbbbbbbbbccccccccccdddddddddde", "make"));
}

/* How many entries a folder has; SIZE_MAX if it is not there. */
static size_t entries(const char *path)
{
	DIR *folder = opendir(path);
	size_t count = 0;

	if (folder == NULL)
		return SIZE_MAX;
	for (struct dirent *entry; (entry = readdir(folder)) != NULL;)
		count += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
	closedir(folder);
	return count;
}

static void remove_project(const char *folder)
{
	static const char *const names[] = { "models/notes.yaml", "models", "dbwright.yaml", "main.c",
		"store.h", "store.c", "test.c", "CMakeLists.txt", "Makefile", "meson.build", ".gitignore",
		"README.md" };
	char path[128];

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		snprintf(path, sizeof path, "%s/%s", folder, names[i]);
		remove(path);
	}
	assert_int_equal(rmdir(folder), 0);
}

static void starter__memory_may_fail_anywhere(void **state)
{
	static const char *const builds[] = { "cmake", "make", "meson" };
	char base[] = "/tmp/dbwright_starter_XXXXXX", folder[64];

	(void)state;
	assert_non_null(mkdtemp(base));
	snprintf(folder, sizeof folder, "%s/new", base);
	for (size_t i = 0; i < 3; i++) {
		const ir_starter starter = { .folder = folder, .name = "shop", .build = builds[i] };
		long n = 1;

		for (bool done = false; !done; n++) {
			dbw_arena *arena = dbw_arena_new(0);
			dbw_diagnostics *diagnostics = dbw_diagnostics_new(0);
			ir_starter_result result;

			assert_non_null(arena);
			assert_non_null(diagnostics);
			allocations_fail((size_t)n, false);
			done = ir_render_starter(arena, &starter, &result, diagnostics);
			bool was_used = allocations_recover();
			assert_int_equal(done, !was_used);
			assert_true(done || dbw_diagnostics_errors(diagnostics) > 0 ||
				    dbw_diagnostics_failed(diagnostics));
			if (done)
				assert_int_equal(result.files, 9);
			else
				assert_int_equal(entries(folder), SIZE_MAX);
			dbw_diagnostics_free(diagnostics);
			dbw_arena_free(arena);
		}
		assert_true(n > 10);
		assert_int_equal(entries(folder), 9); /* with models/, and one file in there */
		remove_project(folder);
	}
	assert_int_equal(rmdir(base), 0);
}

/* A folder that was there stays, with what it had, when the last of the files cannot be written. */
static void starter__a_failed_write_takes_all_back(void **state)
{
	char base[] = "/tmp/dbwright_starter_XXXXXX", path[64];
	dbw_arena *arena = dbw_arena_new(0);
	dbw_diagnostics *diagnostics = dbw_diagnostics_new(0);
	ir_starter_result result;

	(void)state;
	assert_non_null(mkdtemp(base));
	snprintf(path, sizeof path, "%s/models", base);
	int file = open(path, O_WRONLY | O_CREAT, 0600);
	assert_true(file >= 0 && close(file) == 0);
	assert_false(ir_render_starter(arena,
		&(ir_starter){ .folder = base, .name = "shop", .build = "make" }, &result, diagnostics));
	assert_string_equal(dbw_diagnostics_at(diagnostics, 0)->code, "write-failed");
	assert_int_equal(entries(base), 1);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(rmdir(base), 0);
	dbw_diagnostics_free(diagnostics);
	dbw_arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(starter__name_of_a_folder),
		cmocka_unit_test(starter__names_that_will_not_do),
		cmocka_unit_test(starter__memory_may_fail_anywhere),
		cmocka_unit_test(starter__a_failed_write_takes_all_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Every allocation of a command fails in turn. */
#include "../memory/allocations.h"
#include "cli.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { WORDS_MAX = 8, WAS_USED = 64 };

/* What standard error says in the end has this many bytes; with `shown`, standard output counts, too. */
static off_t said;
static bool shown;

/*
 * Runs a command in a process of its own, which getopt() and standard output deserve; its exit code, with WAS_USED when
 * allocation number `n` was made, and so failed.
 */
static int run(const char *const *words, long n)
{
	FILE *err = tmpfile();
	int status;

	assert_non_null(err);
	fflush(NULL);
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		char *argv[WORDS_MAX + 2] = { (char[]){ "dbwright" } };
		int argc = 1, null = open("/dev/null", O_WRONLY);

		for (; words[argc - 1] != NULL; argc++)
			argv[argc] = strdup(words[argc - 1]);
		dup2(shown ? fileno(err) : null, STDOUT_FILENO);
		dup2(fileno(err), STDERR_FILENO);
		allocations_fail((size_t)n, false);
		int code = cli_main(argc, argv);
		bool was_used = allocations_recover();
		for (int i = 1; i < argc; i++)
			free(argv[i]);
		_exit(code | (was_used ? WAS_USED : 0));
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	said = lseek(fileno(err), 0, SEEK_END);
	fclose(err);
	return WEXITSTATUS(status);
}

/*
 * Until an allocation is not made any more, and the exit code is `last`: each failure is exit code 1 and is said, or 2 when
 * reading the words failed.
 */
static void fail_until(const char *const *words, int last)
{
	long n = 1;

	for (int code = WAS_USED; code != last; n++) {
		code = run(words, n);
		if (code != last) {
			assert_true(code == (WAS_USED | CLI_FAILED) ||
				    (n == 1 && code == (WAS_USED | CLI_USAGE)));
			assert_true(said > 0);
		}
	}
	assert_true(n > 2);
}

static void fail_everywhere(const char *const *words)
{
	fail_until(words, CLI_DONE);
}

static void cli__commands_survive_failed_allocations(void **state)
{
	static const char *const commands[][WORDS_MAX] = {
		{ "man" },
		{ "completions", "bash" },
		{ "schema" },
		{ "help", "init" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
		fail_everywhere(commands[i]);
}

/* What it writes, and that it then writes nothing, is tested in test_starter.c. */
static void cli__init_survives_failed_allocations(void **state)
{
	char folder[] = "/tmp/dbwright_cli_XXXXXX", new[64], path[128];
	const char *const words[WORDS_MAX] = { "init", new, "--build", "make" };
	static const char *const names[] = { "models/notes.yaml", "models", "dbwright.yaml", "main.c",
		"store.h", "store.c", "test.c", "Makefile", ".gitignore", "README.md" };

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(new, sizeof new, "%s/new", folder);
	fail_everywhere(words);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		snprintf(path, sizeof path, "%s/%s", new, names[i]);
		assert_int_equal(remove(path), 0);
	}
	assert_int_equal(rmdir(new), 0);
	assert_int_equal(rmdir(folder), 0);
}

static void write_file(const char *folder, const char *name, const char *text)
{
	char path[128];
	FILE *file;

	snprintf(path, sizeof path, "%s/%s", folder, name);
	file = fopen(path, "w");
	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static void remove_file(const char *folder, const char *name)
{
	char path[128];

	snprintf(path, sizeof path, "%s/%s", folder, name);
	assert_true(remove(path) == 0);
}

/* Each ends well in the end: what failed before has left nothing that is in its way. */
static void cli__db_survives_failed_allocations(void **state)
{
	static const char *const actions[][3] = { { "setup", "main" }, { "list" }, { "test" }, { "status" },
		{ "reset", "main", "--yes" }, { "status", "--json" }, { "test", "passing" }, { "config" },
		{ "providers", "--json" } };
	char folder[] = "/tmp/dbwright_cli_XXXXXX", project[64];

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(project, sizeof project, "%s/dbwright.yaml", folder);
	write_file(folder, "dbwright.yaml",
		"project: shop\nschema: main\ndatabases:\n"
		"  main: {connection_string: \"sqlite:main.db\", default: true}\n"
		"  passing: {schema: main, connection_string: \"sqlite::temp:\"}\n"
		"models: {note: {fields: {id: id, text: text}}}\n");
	shown = true;
	for (size_t i = 0; i < sizeof actions / sizeof *actions; i++) {
		const char *const *action = actions[i];
		const char *const words[WORDS_MAX] = { "db", action[0], "-p", project, action[1],
			action[1] == NULL ? NULL : action[2] };

		fail_everywhere(words);
	}
	/* Some of the tables are there: it refuses, and names what is missing, in more than a few bytes. */
	write_file(folder, "dbwright.yaml",
		"project: shop\nschema: main\n"
		"databases: {main: {connection_string: \"sqlite:main.db\"}}\nmodels:\n"
		"  note: {fields: {id: id, text: text}}\n"
		"  a: {table: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, fields: {id: id}}\n"
		"  b: {table: bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb, fields: {id: id}}\n"
		"  c: {table: ccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc, fields: {id: id}}\n"
		"  d: {table: ddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd, fields: {id: id}}\n");
	fail_until((const char *const[WORDS_MAX]){ "db", "setup", "-p", project }, CLI_FAILED);
	shown = false;
	remove_file(folder, "main.db");
	remove_file(folder, "dbwright.yaml");
	assert_int_equal(rmdir(folder), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cli__commands_survive_failed_allocations),
		cmocka_unit_test(cli__init_survives_failed_allocations),
		cmocka_unit_test(cli__db_survives_failed_allocations),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "cli.h"

#include <render/starter.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The name of the folder; "." and its like have to be looked up. */
static const char *name_of(dbw_arena *arena, const char *folder)
{
	char *path = strcmp(folder, ".") == 0 || strcmp(folder, "..") == 0 ? realpath(folder, NULL) : NULL;
	const char *name = ir_starter_name(arena, path != NULL ? path : folder);

	free(path);
	return name;
}

/* A word as a shell takes it. */
static void print_word(const char *word)
{
	if (word[strspn(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./+-")] ==
		'\0') {
		fputs(word, stdout);
		return;
	}
	putchar('\'');
	for (; *word != '\0'; word++)
		if (*word == '\'')
			fputs("'\\''", stdout);
		else
			putchar(*word);
	putchar('\'');
}

static void print_next(const char *folder, const ir_starter_result *result)
{
	printf("Wrote %zu files to ", result->files);
	print_word(folder);
	puts(". Next:\n");
	if (strcmp(folder, ".") != 0) {
		fputs(folder[0] == '-' ? "  cd -- " : "  cd ", stdout);
		print_word(folder);
		putchar('\n');
	}
	for (const char *const *command = result->commands; *command != NULL; command++)
		printf("  %s\n", *command);
}

int cli_init(const cli_arguments *arguments)
{
	ir_starter starter = { .folder = arguments->word != NULL ? arguments->word : ".",
		.name = arguments->name,
		.build = arguments->build != NULL ? arguments->build : "cmake" };
	ir_starter_result result;
	const char *problem = NULL;
	cli_run run;
	bool done = cli_begin(&run, arguments);

	if (done && starter.name == NULL && (starter.name = name_of(run.arena, starter.folder)) == NULL) {
		dbw_report(run.diagnostics, DBW_SEVERITY_ERROR, (dbw_position){ 0 }, "out-of-memory", NULL,
			"out of memory");
		done = false;
	}
	if (done && (problem = ir_starter_name_problem(starter.name, starter.build)) != NULL)
		cli_usage_error("dbwright init --name NAME gives it another", "the name '%s' %s",
			starter.name, problem);
	done = done && problem == NULL && ir_render_starter(run.arena, &starter, &result, run.diagnostics);
	if (done && !arguments->quiet)
		print_next(starter.folder, &result);
	int code = cli_close(&run, done);
	return problem != NULL ? CLI_USAGE : code;
}

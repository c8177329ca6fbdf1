#include "cli.h"

#include <check/check.h>
#include <load/load.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* https://no-color.org: set and not empty means no colours, whatever else is asked but an explicit --color=always. */
static bool wants_color(const cli_arguments *arguments)
{
	const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");

	if (arguments->color != CLI_COLOR_AUTO)
		return arguments->color == CLI_COLOR_ALWAYS;
	if (no_color != NULL && *no_color != '\0')
		return false;
	return isatty(STDERR_FILENO) && term != NULL && strcmp(term, "dumb") != 0;
}

bool cli_begin(cli_run *run, const cli_arguments *arguments)
{
	*run = (cli_run){ .arguments = arguments };
	run->arena = dbw_arena_new(1 << 16);
	run->diagnostics = dbw_diagnostics_new(0);
	return run->arena != NULL && run->diagnostics != NULL;
}

bool cli_open(cli_run *run, const cli_arguments *arguments)
{
	if (!cli_begin(run, arguments))
		return false;
	bool loaded = ir_load_project(run->arena, run->diagnostics, arguments->project, &run->project);
	/* What could be read is checked all the same: many mistakes are shown at once. */
	return run->project != NULL && ir_check_project(run->project, run->diagnostics) && loaded;
}

/* Diagnostics go to standard error; as JSON they are the output of a command that has no other. */
static bool print_diagnostics(const cli_run *run)
{
	FILE *to = run->arguments->json && !run->arguments->prints ? stdout : stderr;
	dbw_text_buffer text;

	dbw_text_init(&text, NULL, 0);
	if (run->arguments->json)
		dbw_diagnostics_render_json(run->diagnostics, &text);
	else
		dbw_diagnostics_render(run->diagnostics, wants_color(run->arguments), &text);
	bool done = !text.failed && fwrite(text.data, 1, text.length, to) == text.length && fflush(to) == 0;
	dbw_text_clear(&text);
	return done;
}

bool cli_flush(void)
{
	static bool told;

	/* Once: what failed stays failed, and the reason is only known at first. */
	if (fflush(stdout) == 0 && !ferror(stdout))
		return true;
	if (!told)
		perror("dbwright: standard output");
	told = true;
	return false;
}

int cli_close(cli_run *run, bool done)
{
	int code = done ? CLI_DONE : CLI_FAILED;

	if (run->arena == NULL || run->diagnostics == NULL || dbw_diagnostics_failed(run->diagnostics)) {
		fputs("dbwright: out of memory\n", stderr);
		code = CLI_FAILED;
	}
	if (run->diagnostics != NULL && !print_diagnostics(run))
		code = CLI_FAILED;
	if (!cli_flush())
		code = CLI_FAILED;
	dbw_diagnostics_free(run->diagnostics);
	dbw_arena_free(run->arena);
	return code;
}

bool cli_write(const dbw_text_buffer *text)
{
	if (text->failed) {
		fputs("dbwright: out of memory\n", stderr);
		return false;
	}
	fwrite(text->data, 1, text->length, stdout);
	return cli_flush();
}

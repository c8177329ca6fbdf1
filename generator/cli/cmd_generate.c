#include "cli.h"

#include <render/render.h>

#include <stdio.h>
#include <string.h>

static bool is_expected(const cli_arguments *arguments, const char *source)
{
	for (size_t i = 0; i < arguments->source_count; i++)
		if (strcmp(arguments->sources[i], source) == 0)
			return true;
	return false;
}

static bool is_made(const ir_project *project, const char *source)
{
	if (strcmp(project->tables_source, source) == 0)
		return true;
	for (size_t i = 0; i < project->file_count; i++)
		if (strcmp(project->files[i]->source, source) == 0)
			return true;
	return false;
}

/* A build system names the sources it will compile before the generator runs: both lists have to be one. */
static bool sources_agree(const cli_run *run)
{
	const ir_project *project = run->project;
	const cli_arguments *arguments = run->arguments;
	dbw_position whole = { .file = project->files[0]->path };
	size_t errors = dbw_diagnostics_errors(run->diagnostics);

	if (arguments->source_count == 0)
		return true;
	for (size_t i = 0; i < project->file_count; i++)
		if (!is_expected(arguments, project->files[i]->source))
			dbw_report(run->diagnostics, DBW_SEVERITY_ERROR, whole, "unexpected-source",
				"add it to MODELS of dbwright_generate(), or take it out of `include`",
				"\"%s\" is included, but the build does not expect its source %s",
				project->files[i]->name, project->files[i]->source);
	if (!is_expected(arguments, project->tables_source))
		dbw_report(run->diagnostics, DBW_SEVERITY_ERROR, whole, "unexpected-source",
			"add it to the sources of the build",
			"the build does not expect %s, the source that creates the tables",
			project->tables_source);
	for (size_t i = 0; i < arguments->source_count; i++)
		if (!is_made(project, arguments->sources[i]))
			dbw_report(run->diagnostics, DBW_SEVERITY_ERROR, whole, "missing-source",
				"add its YAML file to `include`, or take it out of MODELS of dbwright_generate()",
				"the build expects %s, but no included file makes it", arguments->sources[i]);
	return dbw_diagnostics_errors(run->diagnostics) == errors;
}

int cli_generate(const cli_arguments *arguments)
{
	cli_run run;
	ir_render_options options = {
		.out_dir = arguments->out, .depfile = arguments->depfile, .stamp = arguments->stamp
	};
	ir_render_result result = { 0 };

	if (arguments->out == NULL)
		return cli_usage_error(
			"dbwright generate -o build/generated", "generate wants a folder for the C: -o DIR");
	if (arguments->depfile != NULL && arguments->stamp == NULL)
		return cli_usage_error(
			"dbwright generate -o build/db --depfile build/db.d --stamp build/db/stamp",
			"--depfile wants --stamp: the rule is for the stamp");
	bool done = cli_open(&run, arguments) && sources_agree(&run) &&
		    ir_render_project(run.project, &options, &result, run.diagnostics);
	if (done && !arguments->quiet && !arguments->json) {
		printf("%zu files in %s, %zu of them new or changed", result.files, arguments->out,
			result.written);
		if (result.removed != 0)
			printf("; %zu removed, which are no longer made", result.removed);
		putchar('\n');
	}
	return cli_close(&run, done);
}

#include "cli.h"

#include <base/suggest.h>
#include <render/render.h>

#include <string.h>

static const ir_schema *find_schema(const ir_project *project, const char *name)
{
	for (size_t i = 0; i < project->schema_count; i++)
		if (strcmp(project->schemas[i]->name.text, name) == 0)
			return project->schemas[i];
	return NULL;
}

/* The hint to a name that no schema has; NULL where none is near. */
static const char *near_schema(const cli_run *run, const char *name)
{
	dbw_suggestion near;

	dbw_suggestion_begin(&near, name, strlen(name));
	for (size_t i = 0; i < run->project->schema_count; i++)
		dbw_suggestion_offer(&near, run->project->schemas[i]->name.text);
	return near.best == NULL ? NULL : dbw_arena_printf(run->arena, "did you mean \"%s\"?", near.best);
}

static bool has_engine(const ir_schema *schema, const char *engine)
{
	return engine == NULL || schema->engines[strcmp(engine, "sqlite") == 0 ? DBW_SQLITE : DBW_POSTGRESQL];
}

/* The script of what was asked for; a schema or engine that is not there is an error, never an empty script. */
static bool print_sql(const cli_run *run)
{
	const cli_arguments *arguments = run->arguments;
	const ir_schema *schema = NULL;
	dbw_position whole = { .file = run->project->files[0]->path };
	dbw_text_buffer text;

	if (arguments->schema != NULL && (schema = find_schema(run->project, arguments->schema)) == NULL) {
		dbw_report(run->diagnostics, DBW_SEVERITY_ERROR, whole, "unknown-schema",
			near_schema(run, arguments->schema), "there is no schema \"%s\"", arguments->schema);
		return false;
	}
	if (schema != NULL && !has_engine(schema, arguments->engine)) {
		dbw_report(run->diagnostics, DBW_SEVERITY_ERROR, schema->name.position, "unknown-engine",
			NULL, "schema \"%s\" is not for %s", arguments->schema, arguments->engine);
		return false;
	}
	dbw_text_init(&text, NULL, 0);
	bool done = ir_render_sql(run->project, schema, arguments->engine, &text, run->diagnostics) &&
		    cli_write(&text);
	dbw_text_clear(&text);
	return done;
}

int cli_sql(const cli_arguments *arguments)
{
	cli_run run;
	bool done = cli_open(&run, arguments) && print_sql(&run);

	return cli_close(&run, done);
}

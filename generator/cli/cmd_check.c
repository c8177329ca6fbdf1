#include "cli.h"

#include <databases/databases.h>

#include <stdio.h>

static const char *plural(size_t count)
{
	return count == 1 ? "" : "s";
}

static void summarise(const ir_project *project)
{
	size_t models = 0;

	for (size_t i = 0; i < project->schema_count; i++)
		models += project->schemas[i]->model_count;
	printf("%s: %zu schema%s, %zu model%s, %zu database%s: no errors\n", project->name.text,
		project->schema_count, plural(project->schema_count), models, plural(models),
		project->database_count, plural(project->database_count));
}

/* What the drivers say of the addresses. */
static bool check_addresses(const cli_run *run, const cli_databases *databases)
{
	bool good = true;

	for (size_t i = 0; i < databases->count; i++) {
		const ir_place place = { .database = databases->databases[i],
			.resolved = &databases->resolved[i] };
		dbw_error error;

		if (place.database->schema == NULL || ir_check_address(run->arena, &place, &error) == DBW_OK)
			continue;
		dbw_report(run->diagnostics, DBW_SEVERITY_ERROR, place.resolved->at, "address", NULL, "%s",
			error.message);
		good = false;
	}
	return good;
}

int cli_check(const cli_arguments *arguments)
{
	cli_run run;
	cli_databases databases;
	bool done = cli_open(&run, arguments);

	if (done && arguments->all)
		done = cli_find_databases(&run, &databases) && cli_resolve(&run, &databases) &&
		       check_addresses(&run, &databases);
	if (done && !arguments->quiet && !arguments->json)
		summarise(run.project);
	return cli_close(&run, done);
}

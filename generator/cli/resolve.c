/* The databases of a project as a program would see them, started here and now. */
#include "cli.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PATH_SIZE = 4096 };

extern char **environ;

static bool no_memory(const cli_run *run)
{
	dbw_report(run->diagnostics, DBW_SEVERITY_ERROR, (dbw_position){ NULL, 0, 0 }, "out-of-memory", NULL,
		"out of memory");
	return false;
}

/* The entries, with those of the profile in their places. */
static bool choose(const cli_run *run, const char *profile_name, cli_databases *out)
{
	const ir_project *project = run->project;
	const ir_profile *profile = NULL;

	for (size_t i = 0; i < project->profile_count && profile_name != NULL; i++)
		if (strcmp(project->profiles[i].name.text, profile_name) == 0)
			profile = &project->profiles[i];
	out->databases = dbw_arena_alloc_zeroed(run->arena,
		project->database_count + (profile == NULL ? 0 : profile->database_count) + 1,
		sizeof(ir_database *));
	if (out->databases == NULL)
		return no_memory(run);
	for (size_t i = 0; i < project->database_count; i++)
		out->databases[out->count++] = project->databases[i];
	for (size_t i = 0; profile != NULL && i < profile->database_count; i++) {
		size_t place = 0;

		while (place < out->count &&
			strcmp(out->databases[place]->name.text, profile->databases[i]->name.text) != 0)
			place++;
		out->databases[place] = profile->databases[i];
		out->count += place == out->count;
	}
	return true;
}

/* What relative paths count from: where the program would be started. */
static const char *find_root(const cli_run *run)
{
	char folder[PATH_SIZE], *root = realpath(run->project->folder, folder);

	return root == NULL ? NULL : dbw_arena_copy(run->arena, root, strlen(root));
}

/* Positions are those of the compiled-in entries: relative to the project's folder. */
static dbw_position seen_from(const ir_project *project, dbw_position at)
{
	const size_t length = strlen(project->folder);

	if (at.file != NULL && strncmp(at.file, project->folder, length) == 0 && at.file[length] == '/')
		at.file += length + 1;
	return at;
}

static bool copy_entry(const cli_run *run, const dbw__entry *from, dbw__entry *out)
{
	dbw__said *said = dbw_arena_alloc_zeroed(run->arena, from->count + 1, sizeof *said);

	if (said == NULL)
		return no_memory(run);
	*out = *from;
	out->at = seen_from(run->project, from->at);
	out->said = said;
	for (size_t i = 0; i < from->count; i++) {
		said[i] = from->said[i];
		said[i].at = seen_from(run->project, from->said[i].at);
	}
	return true;
}

static bool resolve(const cli_run *run, const dbw__environment *environment, const char *root,
	const ir_database *database, dbw__resolved *out)
{
	const dbw__said *shared = dbw__entry_find(&database->entry, DBW__KEY_SHARED_DEFAULT);
	const char *word = dbw__environment_get(environment, "DBWRIGHT_ENV");
	dbw__entry *entry = dbw_arena_alloc_zeroed(run->arena, 1, sizeof *entry);
	dbw__request request = { .arena = run->arena,
		.diagnostics = run->diagnostics,
		.environment = environment,
		.root = root,
		.name = database->name.text,
		.entries = entry,
		.entry_count = 1,
		.is_default = database->is_default,
		.shared_default = shared != NULL && strcmp(shared->value, "true") == 0,
		.sqlite = database->schema != NULL && database->schema->engines[DBW_SQLITE],
		.production = word != NULL && strcmp(word, "production") == 0 };

	if (entry == NULL)
		return no_memory(run);
	return copy_entry(run, &database->entry, entry) && dbw__resolve(&request, out);
}

static bool check_engine(const cli_run *run, const ir_database *database, const dbw__resolved *resolved)
{
	const dbw_engine engine = strcmp(resolved->provider, "sqlite") == 0 ? DBW_SQLITE : DBW_POSTGRESQL;

	if (database->schema->engines[engine])
		return true;
	dbw_report(run->diagnostics, DBW_SEVERITY_ERROR, resolved->at, "engine-limit", NULL,
		"database \"%s\" is of the provider %s, which schema \"%s\" is not made for",
		database->name.text, resolved->provider, database->schema->name.text);
	return false;
}

bool cli_resolve(const cli_run *run, cli_databases *out)
{
	const char *root = find_root(run), *path;
	dbw__environment environment = { environ, NULL };
	char **variables = NULL;
	bool good;

	*out = (cli_databases){ NULL, NULL, 0 };
	path = root == NULL ? NULL : dbw_arena_printf(run->arena, "%s/.env", root);
	if (path == NULL)
		return no_memory(run);
	good = dbw__dotenv_read(run->arena, run->diagnostics, path, false, &variables);
	environment.file = variables;
	if (!choose(run, dbw__environment_get(&environment, "DBWRIGHT_ENV"), out))
		return false;
	out->resolved = dbw_arena_alloc_zeroed(run->arena, out->count + 1, sizeof *out->resolved);
	if (out->resolved == NULL)
		return no_memory(run);
	for (size_t i = 0; i < out->count; i++) {
		if (!resolve(run, &environment, root, out->databases[i], &out->resolved[i]) ||
			!check_engine(run, out->databases[i], &out->resolved[i])) {
			out->resolved[i].provider = NULL;
			good = false;
		}
	}
	return good;
}

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

/* What relative paths count from: DBWRIGHT_ROOT, else where the program would be started. */
static const char *find_root(const cli_run *run)
{
	const char *said = getenv("DBWRIGHT_ROOT");
	char folder[PATH_SIZE], *root;

	if (said != NULL && said[0] == '/')
		return dbw_arena_copy(run->arena, said, strlen(said));
	root = realpath(run->project->folder, folder);
	if (root == NULL)
		return NULL;
	return said == NULL || said[0] == '\0' ? dbw_arena_copy(run->arena, root, strlen(root))
					       : dbw_arena_printf(run->arena, "%s/%s", root, said);
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

static bool resolve(
	const cli_run *run, const cli_databases *databases, const ir_database *database, dbw__resolved *out)
{
	const dbw__said *shared = dbw__entry_find(&database->entry, DBW__KEY_SHARED_DEFAULT);
	const char *word = dbw__environment_get(&databases->environment, "DBWRIGHT_ENV");
	dbw__entry *entry = dbw_arena_alloc_zeroed(run->arena, 1, sizeof *entry);
	dbw__request request = { .arena = run->arena,
		.diagnostics = run->diagnostics,
		.environment = &databases->environment,
		.root = databases->root,
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

	/* What a provider from outside speaks is known where it is loaded. */
	if (resolved->symbol != NULL || database->schema->engines[engine])
		return true;
	dbw_report(run->diagnostics, DBW_SEVERITY_ERROR, resolved->at, "engine-limit", NULL,
		"database \"%s\" is of the provider %s, which schema \"%s\" is not made for",
		database->name.text, resolved->provider, database->schema->name.text);
	return false;
}

/* Reports a DBWRIGHT_ENV that is no profile. */
static bool check_profile(const cli_run *run, const cli_databases *databases)
{
	const ir_project *project = run->project;
	const size_t errors = dbw_diagnostics_errors(run->diagnostics);
	const char **names = dbw_arena_alloc_zeroed(run->arena, project->profile_count + 1, sizeof *names);

	if (names == NULL)
		return no_memory(run);
	for (size_t i = 0; i < project->profile_count; i++)
		names[i] = project->profiles[i].name.text;
	dbw__environment_check_profile(
		run->diagnostics, &databases->environment, names, project->profile_count);
	return dbw_diagnostics_errors(run->diagnostics) == errors;
}

/* Reports variables of a database that is not there. */
static bool check_names(const cli_run *run, const cli_databases *databases)
{
	const char **names = dbw_arena_alloc_zeroed(run->arena, databases->count + 1, sizeof *names);

	for (size_t i = 0; i < databases->count && names != NULL; i++)
		names[i] = databases->databases[i]->name.text;
	return (names != NULL && dbw__environment_check_names(run->arena, run->diagnostics,
					 &databases->environment, names, databases->count)) ||
	       no_memory(run);
}

bool cli_find_databases(const cli_run *run, cli_databases *out)
{
	char **variables = NULL;
	const char *path;
	bool good;

	*out = (cli_databases){ .root = find_root(run), .environment = { environ, NULL } };
	path = out->root == NULL ? NULL : dbw_arena_printf(run->arena, "%s/.env", out->root);
	if (path == NULL)
		return no_memory(run);
	good = dbw__dotenv_read(run->arena, run->diagnostics, path, false, &variables);
	out->environment.file = variables;
	return check_profile(run, out) &&
	       choose(run, dbw__environment_get(&out->environment, "DBWRIGHT_ENV"), out) &&
	       check_names(run, out) && good;
}

static bool is_same_place(const dbw__resolved *a, const dbw__resolved *b)
{
	/* What a provider from outside makes of its place is known where it is loaded. */
	return a->provider != NULL && b->provider != NULL && a->symbol == NULL &&
	       strcmp(a->provider, b->provider) == 0 && a->kind == b->kind &&
	       (a->kind == DBW_URL_PATH || a->kind == DBW_URL_SERVER) &&
	       strcmp(a->location, b->location) == 0;
}

/* A table that both schemas have in one database; NULL if there is none. */
static const char *common_table(const ir_schema *a, const ir_schema *b, bool sqlite)
{
	const char *first = a->namespace_ == NULL || sqlite ? "" : a->namespace_;
	const char *second = b->namespace_ == NULL || sqlite ? "" : b->namespace_;

	for (size_t i = 0; i < a->model_count && strcmp(first, second) == 0; i++)
		for (size_t j = 0; j < b->model_count; j++)
			if (strcmp(a->models[i]->table.text, b->models[j]->table.text) == 0)
				return a->models[i]->table.text;
	return NULL;
}

/* Whether the tables of a database are those of one before it: a program refuses to open both. Reported then. */
static bool check_tables(const cli_run *run, const cli_databases *databases, size_t place)
{
	const ir_database *added = databases->databases[place];
	const dbw__resolved *resolved = &databases->resolved[place];

	for (size_t i = 0; i < place; i++) {
		const ir_database *first = databases->databases[i];
		const char *table;

		if (first->schema == NULL || added->schema == NULL || first->schema == added->schema ||
			!is_same_place(&databases->resolved[i], resolved))
			continue;
		table = common_table(first->schema, added->schema, strcmp(resolved->provider, "sqlite") == 0);
		if (table == NULL)
			continue;
		dbw_report(run->diagnostics, DBW_SEVERITY_ERROR, resolved->at, "table-clash",
			"give each its own database, or one of the models another table:",
			"databases \"%s\" and \"%s\" are one, and their schemas \"%s\" and \"%s\" both have a table \"%s\"",
			first->name.text, added->name.text, first->schema->name.text,
			added->schema->name.text, table);
		return false;
	}
	return true;
}

bool cli_resolve(const cli_run *run, cli_databases *databases)
{
	bool good = true;

	databases->resolved =
		dbw_arena_alloc_zeroed(run->arena, databases->count + 1, sizeof *databases->resolved);
	if (databases->resolved == NULL)
		return no_memory(run);
	for (size_t i = 0; i < databases->count; i++) {
		const ir_database *database = databases->databases[i];
		dbw__resolved *resolved = &databases->resolved[i];

		if (!resolve(run, databases, database, resolved) || !check_engine(run, database, resolved) ||
			!check_tables(run, databases, i)) {
			resolved->provider = NULL;
			good = false;
		}
	}
	return good;
}

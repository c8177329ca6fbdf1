/*
 * Entries of `databases:`: their schemas and qualifiers, and whether the schema is made for the provider. What is wrong
 * with an entry by itself has been reported when it was read. No variable is looked up.
 */
#include "checker.h"

#include <entries/entry.h>
#include <entries/order.h>
#include <entries/outside.h>
#include <string.h>

static const char *engine_name(const char *provider)
{
	return strcmp(provider, "sqlite") == 0 ? "SQLite" : "PostgreSQL";
}

/* The value that says the provider. */
static const dbw__said *what_says(const dbw__entry *entry, const char *provider)
{
	const dbw__said *said = dbw__entry_find(entry, DBW__KEY_CONNECTION_STRING);

	if (said == NULL)
		said = dbw__entry_find(entry, DBW__KEY_PROVIDER);
	for (size_t i = 0; i < entry->count && said == NULL; i++) {
		const dbw__key *key = entry->said[i].key;

		if (key != NULL && key->provider != NULL && strcmp(key->provider, provider) == 0)
			said = &entry->said[i];
	}
	return said;
}

static void check_provider(ir_checker *checker, const ir_database *database)
{
	const char *provider = dbw__entry_provider(&database->entry);
	const ir_schema *schema = database->schema;

	/* What one from outside speaks is known where it is loaded. */
	if (provider == NULL || schema == NULL || dbw__is_outside(provider) ||
		schema->engines[strcmp(provider, "sqlite") == 0 ? DBW_SQLITE : DBW_POSTGRESQL])
		return;
	ir__check_error(checker, what_says(&database->entry, provider)->at, "engine-limit",
		ir__check_format(
			checker, "add %s to the engines of schema \"%s\"", provider, schema->name.text),
		"database \"%s\" is %s, which schema \"%s\" is not made for", database->name.text,
		engine_name(provider), schema->name.text);
}

static void check_pool(ir_checker *checker, const ir_database *database)
{
	const char *what = ir__check_format(checker, "database \"%s\"", database->name.text);

	dbw__entry_check_pool(
		checker->arena, checker->diagnostics, what == NULL ? "a database" : what, &database->entry);
}

/* Where the models may be that are missed: in files that do not say a schema. The first of them are enough. */
static void note_takers(ir_checker *checker)
{
	const ir_project *project = checker->project;
	size_t noted = 0;

	for (size_t i = 0; i < project->file_count && noted < 3; i++) {
		const ir_file *file = project->files[i];

		if (file->taken == NULL)
			continue;
		dbw_report(checker->diagnostics, DBW_SEVERITY_NOTE, file->taken_position, "no-schema", NULL,
			"this file says no schema: its models are of \"%s\"", file->taken->name.text);
		noted++;
	}
	checker->takers_noted = noted > 0;
}

static void resolve_schema(ir_checker *checker, ir_database *database)
{
	const ir_project *project = checker->project;
	const char *near;
	ir_schema *schema;

	if (database->schema_name.text == NULL)
		return;
	schema = ir_find_schema(project, database->schema_name.text);
	if (schema != NULL && schema->model_count != 0) {
		database->schema = schema;
		return;
	}
	if (project->incomplete || dbw__entry_may_be_store(&database->entry))
		return;
	near = ir__suggest_schema(project, database->schema_name.text, ir__has_models);
	ir__check_error(checker, database->schema_name.position, "unknown-schema",
		near != NULL ? ir__did_you_mean(checker, near)
			     : "write schema: and the name of the schema whose models it holds",
		"database \"%s\" is of schema \"%s\", which has no models", database->name.text,
		database->schema_name.text);
	if (near == NULL)
		note_takers(checker);
}

static void check_pair(ir_checker *checker, const ir_database *first, const ir_database *second)
{
	if (first->is_default && second->is_default) {
		ir__check_error(checker, second->default_position, "duplicate-name",
			"only one database is the default",
			"database \"%s\" is a second default; the first is \"%s\"", second->name.text,
			first->name.text);
	}
	if (first->schema != NULL && first->schema == second->schema &&
		strcmp(first->qualifier.text, second->qualifier.text) == 0)
		ir__check_error(checker, second->qualifier.position, "duplicate-name",
			"qualifiers tell the databases of one schema apart at run time",
			"the databases \"%s\" and \"%s\" of schema \"%s\" have the same qualifier \"%s\"",
			first->name.text, second->name.text, first->schema->name.text,
			second->qualifier.text);
}

/* One list of databases that a program may have: the usual one, or that of a profile. */
static void check_list(ir_checker *checker, ir_database *const *databases, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		resolve_schema(checker, databases[i]);
		if (!databases[i]->broken) {
			check_provider(checker, databases[i]);
			check_pool(checker, databases[i]);
		}
		for (size_t k = 0; k < i; k++)
			check_pair(checker, databases[k], databases[i]);
	}
}

/* What depends on what is there, and not on itself. */
static bool check_order(ir_checker *checker, ir_database *const *databases, size_t count)
{
	dbw__ordered *all = ir__check_alloc(checker, count + 1, sizeof *all);

	if (all == NULL)
		return false;
	for (size_t i = 0; i < count; i++) {
		const ir_database *database = databases[i];
		const dbw__said *said = dbw__entry_find(&database->entry, DBW__KEY_DEPENDS_ON);

		/* A broken entry that says no schema is taken to mean the one of its name, as others do. */
		all[i] = (dbw__ordered){ .name = database->name.text,
			.schema = database->schema_name.text != NULL ? database->schema_name.text
								     : database->name.text,
			.qualifier = database->qualifier.text,
			.depends_on = said == NULL ? NULL : said->value,
			.lenient = checker->project->incomplete };
		if (said != NULL)
			all[i].at = said->at;
	}
	return dbw__order_databases(checker->diagnostics, all, count);
}

static bool is_in(const ir_profile *profile, const ir_database *database)
{
	for (size_t i = 0; i < profile->database_count; i++)
		if (strcmp(profile->databases[i]->name.text, database->name.text) == 0)
			return true;
	return false;
}

/* The databases with those of a profile in their places; a mistake in the order without it is not told again. */
static void check_profile(ir_checker *checker, const ir_profile *profile, bool ordered)
{
	const ir_project *project = checker->project;
	ir_database **all = ir__check_alloc(
		checker, project->database_count + profile->database_count + 1, sizeof(ir_database *));
	size_t count = 0;

	if (all == NULL)
		return;
	for (size_t i = 0; i < project->database_count; i++)
		if (!is_in(profile, project->databases[i]))
			all[count++] = project->databases[i];
	for (size_t i = 0; i < profile->database_count; i++)
		all[count++] = profile->databases[i];
	check_list(checker, all, count);
	if (ordered)
		check_order(checker, all, count);
}

void ir__check_databases(ir_checker *checker)
{
	const ir_project *project = checker->project;
	bool ordered;

	check_list(checker, project->databases, project->database_count);
	ordered = check_order(checker, project->databases, project->database_count);
	for (size_t i = 0; i < project->profile_count; i++)
		check_profile(checker, &project->profiles[i], ordered);
}

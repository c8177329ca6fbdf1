/* Schemas: those that nothing belongs to, and those that only a slip of the pen can have made. */
#include "checker.h"

#include <base/suggest.h>
#include <string.h>

bool ir__has_models(const ir_project *project, const ir_schema *schema)
{
	(void)project;
	return schema->model_count != 0;
}

static bool has_database(const ir_project *project, const ir_schema *schema)
{
	for (size_t i = 0; i < project->database_count; i++) {
		const char *name = project->databases[i]->schema_name.text;

		if (name != NULL && strcmp(name, schema->name.text) == 0)
			return true;
	}
	return false;
}

/* Whether the project file knows it, be it as the schema of a database. */
static bool is_known(const ir_project *project, const ir_schema *schema)
{
	return schema->listed || has_database(project, schema);
}

const char *ir__suggest_schema(const ir_project *project, const char *name,
	bool (*test)(const ir_project *project, const ir_schema *schema))
{
	dbw_suggestion search;

	dbw_suggestion_begin(&search, name, strlen(name));
	for (size_t i = 0; i < project->schema_count; i++)
		if (test(project, project->schemas[i]))
			dbw_suggestion_offer(&search, project->schemas[i]->name.text);
	return search.best;
}

/* Whether all its models stand in one file, which is not the project file. */
static bool is_of_one_file(const ir_project *project, const ir_schema *schema)
{
	for (size_t i = 0; i < schema->model_count; i++)
		if (schema->models[i]->file == project->files[0] ||
			schema->models[i]->file != schema->models[0]->file)
			return false;
	return schema->model_count != 0;
}

/* A `schema:` of a model file that the project file does not know, beside one with nearly the same name. */
static bool report_misspelt(ir_checker *checker, const ir_schema *schema)
{
	const ir_project *project = checker->project;
	const char *near =
		is_known(project, schema) ? NULL : ir__suggest_schema(project, schema->name.text, is_known);

	/* Where the other one has no models either, it may as well be the one that is misspelt. */
	if (near == NULL ||
		(ir_find_schema(project, near)->model_count == 0 && !is_of_one_file(project, schema)))
		return false;
	ir__check_error(checker, schema->name.position, "unknown-schema",
		ir__check_format(checker, "did you mean \"%s\"? if not, list it in \"schemas\"", near),
		"the project file has no schema \"%s\"", schema->name.text);
	return true;
}

void ir__check_schemas(ir_checker *checker)
{
	ir_project *project = checker->project;
	bool misspelt = false;

	for (size_t i = 0; i < project->schema_count; i++)
		misspelt |= report_misspelt(checker, project->schemas[i]);
	/* Where models are in the wrong schema, others miss them. */
	project->incomplete = project->incomplete || misspelt;
	for (size_t i = 0; i < project->schema_count && !project->incomplete; i++) {
		const ir_schema *schema = project->schemas[i];
		const char *near;

		/* Of a database's schema is said there that it has no models. */
		if (!schema->listed || schema->model_count != 0 || has_database(project, schema))
			continue;
		near = ir__suggest_schema(project, schema->name.text, ir__has_models);
		ir__check_error(checker, schema->name.position, "unknown-schema",
			near != NULL
				? ir__did_you_mean(checker, near)
				: "write schema: and this name at the top of a file of models, or take it away",
			"schema \"%s\" has no models", schema->name.text);
	}
}

/*
 * A file that does not say its schema, where other model files do: that there is one schema only may be for that reason
 * alone. What the project file says of itself speaks for no other file.
 */
void ir__warn_of_takers(ir_checker *checker)
{
	const ir_project *project = checker->project;
	bool others_say = false;

	if (checker->takers_noted)
		return;
	for (size_t i = 1; i < project->file_count; i++)
		others_say |= project->files[i]->says_schema;
	for (size_t i = 0; i < project->file_count && others_say; i++) {
		const ir_file *file = project->files[i];

		if (file->taken == NULL)
			continue;
		dbw_report(checker->diagnostics, DBW_SEVERITY_WARNING, file->taken_position, "no-schema",
			ir__check_format(checker,
				"write schema: %s at the top of the file, or the one they belong to",
				file->taken->name.text),
			"other files say their schema and this one does not: its models are taken to be of \"%s\"",
			file->taken->name.text);
	}
}

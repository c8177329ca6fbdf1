/* The views of a schema and of the program. */
#include "view_model.h"

#include "statements.h"

#include <dbwright/model.h>
#include <stdio.h>
#include <string.h>

/*
 * "auth/user.h" as a guard: AUTH__USER__H. No name has two underscores in a row, so that "auth_user.h" has another guard, and
 * no enumerator has that of a header. Such names are reserved in C++ alone, where the library has them as well.
 */
static void set_guard(ir__view_maker *maker, ir__view *view, const char *path)
{
	char storage[256];
	dbw_text_buffer guard;

	dbw_text_init(&guard, storage, sizeof storage);
	for (const char *c = path; *c != '\0'; c++)
		if (*c >= 'a' && *c <= 'z')
			dbw_text_append_char(&guard, (char)(*c - 'a' + 'A'));
		else if ((*c >= '0' && *c <= '9') || *c == '_')
			dbw_text_append_char(&guard, *c);
		else
			dbw_text_append(&guard, "__", 2);
	ir__view_take(maker, view, "guard", &guard);
	dbw_text_clear(&guard);
}

ir__view *ir__view_file(ir__view_maker *maker, const char *source, const char *path)
{
	ir__view *view = ir__view_object(maker);

	ir__view_set_text(maker, view, "version", DBWRIGHT_VERSION);
	ir__view_set_text(maker, view, "source", source);
	ir__view_printf(maker, view, "abi", "%d", DBW_ABI);
	set_guard(maker, view, path);
	return view;
}

void ir__view_schema(ir__view_maker *maker, ir__view *view, const ir_schema *schema)
{
	ir__view *models = ir__view_set_list(maker, view, "models");
	char storage[256];
	dbw_text_buffer text;

	dbw_text_init(&text, storage, sizeof storage);
	ir__view_set_text(maker, view, "schema", schema->name.text);
	if (schema->comment != NULL)
		ir__append_sentence(&text, schema->comment);
	ir__view_take(maker, view, "comment", &text);
	dbw_text_clear(&text);
	for (size_t i = 0; i < schema->model_count; i++) {
		ir__view *model = ir__view_add_object(maker, models);
		const bool writes = !schema->models[i]->read_only;

		ir__view_set_text(maker, model, "model", schema->models[i]->c_name);
		ir__view_set_text(maker, model, "name", schema->models[i]->name.text);
		ir__view_set_bool(maker, model, "writes", writes);
		ir__view_set_bool(maker, model, "update", writes && ir__has_writable(schema->models[i]));
		ir__view_printf(
			maker, model, "header", "%s/%s.h", schema->name.text, schema->models[i]->name.text);
	}
}

static void view_schemas(ir__view_maker *maker, ir__view *view, const ir_project *project)
{
	ir__view *schemas = ir__view_set_list(maker, view, "schemas");
	ir__view *slots = ir__view_set_list(maker, view, "slots");
	size_t slot = 0;

	for (size_t i = 0; i < project->schema_count; i++) {
		const ir_schema *schema = project->schemas[i];
		ir__view *one = ir__view_add_object(maker, schemas);
		ir__view *models = ir__view_set_list(maker, one, "models");
		bool both = schema->engines[DBW_SQLITE] && schema->engines[DBW_POSTGRESQL];

		ir__view_set_text(maker, one, "schema", schema->name.text);
		ir__view_printf(maker, one, "engines", "%s%s%s",
			schema->engines[DBW_SQLITE] ? "1U << DBW_SQLITE" : "", both ? " | " : "",
			schema->engines[DBW_POSTGRESQL] ? "1U << DBW_POSTGRESQL" : "");
		ir__view_printf(maker, one, "model_count", "%zu", schema->model_count);
		for (size_t j = 0; j < schema->model_count; j++) {
			const ir_model *model = schema->creation_order[j];
			ir__view *first = ir__view_add_object(maker, slots);

			ir__view_add_text(maker, models, model->c_name);
			ir__view_set_text(maker, first, "model", model->c_name);
			ir__view_printf(maker, first, "slot", "%zu", slot);
			slot += ir__slot_count(model);
		}
	}
	ir__view_printf(maker, view, "schema_count", "%zu", project->schema_count);
	ir__view_printf(maker, view, "slot_count", "%zu", slot);
}

/* "dbwright.yaml:12:3", as seen from the project's folder: the program must not depend on where it was built. */
static void set_source(ir__view_maker *maker, ir__view *view, const ir_project *project, dbw_position at)
{
	const char *file = at.file;
	const size_t length = strlen(project->folder);

	if (strncmp(file, project->folder, length) == 0 && file[length] == '/')
		file += length + 1;
	if (at.line == 0)
		ir__view_set_text(maker, view, "source", file);
	else
		ir__view_printf(
			maker, view, "source", "%s:%u:%u", file, (unsigned)at.line, (unsigned)at.column);
}

/* What stands in members of its own. */
static bool is_member(const dbw__key *key)
{
	return key == &dbw__keys[DBW__KEY_SCHEMA] || key == &dbw__keys[DBW__KEY_QUALIFIER] ||
	       key == &dbw__keys[DBW__KEY_DEFAULT];
}

static void view_entry(
	ir__view_maker *maker, ir__view *list, const ir_project *project, const ir_database *database)
{
	ir__view *view = ir__view_add_object(maker, list);
	ir__view *settings = ir__view_set_list(maker, view, "settings");
	const dbw__entry *entry = &database->entry;
	size_t count = 0;

	ir__view_set_text(maker, view, "name", database->name.text);
	/* A store has none. */
	ir__view_set_text(maker, view, "schema", database->schema == NULL ? "" : database->schema_name.text);
	ir__view_set_text(maker, view, "qualifier", database->qualifier.text);
	ir__view_set_bool(maker, view, "is_default", database->is_default);
	set_source(maker, view, project, entry->at);
	for (size_t i = 0; i < entry->count; i++) {
		const dbw__said *said = &entry->said[i];
		ir__view *setting;

		if (said->key != NULL && is_member(said->key))
			continue;
		setting = ir__view_add_object(maker, settings);
		ir__view_printf(
			maker, setting, "key", "%s%s", said->key == NULL ? "options." : "", said->name);
		ir__view_set_text(maker, setting, "value", said->value);
		set_source(maker, setting, project, said->at);
		count++;
	}
	ir__view_printf(maker, view, "setting_count", "%zu", count);
}

static void view_profile(
	ir__view_maker *maker, ir__view *list, const ir_project *project, const ir_profile *profile)
{
	ir__view *view = ir__view_add_object(maker, list);
	ir__view *entries = ir__view_set_list(maker, view, "entries");

	ir__view_set_text(maker, view, "profile", profile->name.text);
	for (size_t i = 0; i < profile->database_count; i++)
		view_entry(maker, entries, project, profile->databases[i]);
	ir__view_printf(maker, view, "entry_count", "%zu", profile->database_count);
}

void ir__view_members(ir__view_maker *maker, ir__view *view, const ir_project *project)
{
	ir__view *members = ir__view_set_list(maker, view, "members");

	ir__view_printf(maker, view, "member_count", "%zu", project->member_count);
	for (size_t i = 0; i < project->member_count; i++) {
		const ir_member *member = &project->members[i];
		const ir_database *database = member->database;
		ir__view *one = ir__view_add_object(maker, members);

		ir__view_set_text(maker, one, "member", member->c_name);
		ir__view_set_text(maker, one, "schema", member->schema->name.text);
		ir__view_set_text(maker, one, "database", database == NULL ? "" : database->name.text);
		if (database != NULL && strcmp(database->qualifier.text, member->c_name) == 0)
			ir__view_set_text(maker, one, "comment", "");
		else if (database != NULL)
			ir__view_printf(maker, one, "comment", "Qualifier %s.", database->qualifier.text);
		else
			ir__view_printf(
				maker, one, "comment", "The default one of %s.", member->schema->name.text);
	}
}

void ir__view_program(ir__view_maker *maker, ir__view *view, const ir_project *project)
{
	view_schemas(maker, view, project);
	ir__view_members(maker, view, project);
	ir__view *entries = ir__view_set_list(maker, view, "entries");
	for (size_t i = 0; i < project->database_count; i++)
		view_entry(maker, entries, project, project->databases[i]);
	ir__view *profiles = ir__view_set_list(maker, view, "profiles");
	for (size_t i = 0; i < project->profile_count; i++)
		view_profile(maker, profiles, project, &project->profiles[i]);
	ir__view_printf(maker, view, "profile_count", "%zu", project->profile_count);
	ir__view_printf(maker, view, "entry_count", "%zu", project->database_count);
	ir__view_set_text(maker, view, "program", project->name.text);
}

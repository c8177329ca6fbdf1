/* Entries of `databases:`, unresolved: what files say is read by config/files, names are looked at here. */
#include "loader.h"

#include <files/sections.h>
#include <string.h>
#include <unistd.h>

static void set_word(
	ir_loader *loader, const dbw__said *said, const char *kind, ir_database *database, ir_word *out)
{
	if (said == NULL)
		return;
	if (ir__check_name(loader, said->at, kind, said->value))
		*out = (ir_word){ said->value, said->at };
	else
		database->broken = true;
}

/* The database that an entry makes; NULL when memory is short, or its name was reported. */
static ir_database *make_database(ir_loader *loader, const dbw__entry *entry, bool broken)
{
	const dbw__said *is_default = dbw__entry_find(entry, DBW__KEY_DEFAULT);
	ir_database *database;

	if (!ir__check_name(loader, entry->at, "database", entry->name))
		return NULL;
	database = ir__load_alloc(loader, 1, sizeof(*database));
	if (database == NULL)
		return NULL;
	database->entry = *entry;
	database->broken = broken;
	database->name = (ir_word){ entry->name, entry->at };
	database->qualifier = database->name;
	database->schema_name = database->name;
	set_word(loader, dbw__entry_find(entry, DBW__KEY_QUALIFIER), "qualifier", database,
		&database->qualifier);
	set_word(loader, dbw__entry_find(entry, DBW__KEY_SCHEMA), "schema", database, &database->schema_name);
	/* Which schema a broken entry means is not sure. */
	if (broken && dbw__entry_find(entry, DBW__KEY_SCHEMA) == NULL)
		database->schema_name.text = NULL;
	if (database->schema_name.text != NULL && !dbw__entry_may_be_store(entry))
		ir__load_schema_named(loader, database->schema_name);
	if (is_default != NULL) {
		database->is_default = strcmp(is_default->value, "true") == 0;
		database->default_position = is_default->at;
	}
	return database;
}

static ir_database *load_database(ir_loader *loader, dbw__file_reader *reader, const dbw__sections *sections,
	const dbw__file_profile *profile, const char *name)
{
	dbw__entry entry;
	bool broken;

	if (!dbw__sections_entry(reader, sections, profile, name, &entry, &broken))
		return NULL;
	return make_database(loader, &entry, broken);
}

static bool is_listed(const ir_profile *profile, const char *name)
{
	for (size_t i = 0; i < profile->database_count; i++)
		if (strcmp(profile->databases[i]->name.text, name) == 0)
			return true;
	return false;
}

static void load_profile(ir_loader *loader, dbw__file_reader *reader, const dbw__sections *sections,
	const dbw__file_profile *read, ir_profile *out)
{
	const dbw__file_entries *lists[2] = { &sections->databases, &read->databases };

	ir__check_name(loader, read->at, "profile", read->name);
	out->name = (ir_word){ read->name, read->at };
	out->databases = ir__load_alloc(loader, lists[0]->count + lists[1]->count + 1, sizeof(ir_database *));
	for (size_t k = 0; k < 2 && out->databases != NULL; k++) {
		for (size_t i = 0; i < lists[k]->count; i++) {
			const char *name = lists[k]->items[i].name;
			ir_database *database;

			if (is_listed(out, name) || !dbw__profile_changes(sections, read, name))
				continue;
			database = load_database(loader, reader, sections, read, name);
			if (database != NULL)
				out->databases[out->database_count++] = database;
		}
	}
}

/* The file of an app: the mapping of one entry. */
static void load_app(ir_loader *loader, dbw__file_reader *reader, dbw__sections *sections, const ir_app *app)
{
	const char *folder = loader->project->folder;
	bool here = strcmp(folder, ".") == 0;
	char *path = ir__load_format(
		loader, "%s%s%s/database.yaml", here ? "" : folder, here ? "" : "/", app->folder);
	const dbw_yaml_node *root;
	dbw__file_entry entry;
	const char *what;

	if (path == NULL || access(path, F_OK) != 0)
		return;
	ir__load_add(loader, &loader->inputs, path);
	what = ir__load_format(loader, "database \"%s\"", app->name.text);
	if (what == NULL || !dbw_yaml_read_file(loader->arena, loader->diagnostics, path, NULL, &root)) {
		loader->project->incomplete = true;
		return;
	}
	dbw__file_entry_read(reader, app->name.text, (dbw_position){ path, 1, 1 }, what, root, &entry);
	dbw__sections_add(reader, sections, &entry, what);
}

void ir__load_databases(ir_loader *loader, const dbw_yaml_node *root)
{
	dbw__file_reader reader = { loader->arena, loader->diagnostics, false };
	dbw__sections sections;

	dbw__sections_read(&reader, dbw_yaml_get(root, "databases"), dbw_yaml_get(root, "defaults"),
		dbw_yaml_get(root, "profiles"), &sections);
	for (size_t i = 0; i < loader->apps.count; i++)
		load_app(loader, &reader, &sections, loader->apps.items[i]);
	for (size_t i = 0; i < sections.databases.count; i++) {
		ir_database *database =
			load_database(loader, &reader, &sections, NULL, sections.databases.items[i].name);

		if (database != NULL)
			ir__load_add(loader, &loader->databases, database);
	}
	loader->project->profiles =
		ir__load_alloc(loader, sections.profile_count + 1, sizeof(*loader->project->profiles));
	for (size_t i = 0; i < sections.profile_count && loader->project->profiles != NULL; i++)
		load_profile(loader, &reader, &sections, &sections.profiles[i],
			&loader->project->profiles[loader->project->profile_count++]);
	loader->out_of_memory |= reader.out_of_memory;
}

static bool has_models(const ir_loader *loader, const char *schema)
{
	for (size_t i = 0; i < loader->models.count; i++) {
		const ir_model *model = loader->models.items[i];

		if (strcmp(model->schema->name.text, schema) == 0)
			return true;
	}
	return false;
}

static bool has_database(const ir_loader *loader, const ir_app *app)
{
	for (size_t i = 0; i < loader->databases.count; i++) {
		const ir_database *database = loader->databases.items[i];

		/* What was reported may be just the word that says it. */
		if (database->schema_name.text == NULL ||
			strcmp(database->schema_name.text, app->name.text) == 0 ||
			strcmp(database->name.text, app->name.text) == 0)
			return true;
	}
	return false;
}

void ir__load_implied_databases(ir_loader *loader)
{
	for (size_t i = 0; i < loader->apps.count; i++) {
		const ir_app *app = loader->apps.items[i];
		const dbw__entry entry = { app->name.text, { app->folder, 0, 0 }, NULL, 0 };
		ir_database *database;

		if (has_database(loader, app) || !has_models(loader, app->name.text))
			continue;
		database = make_database(loader, &entry, false);
		if (database != NULL)
			ir__load_add(loader, &loader->databases, database);
	}
}

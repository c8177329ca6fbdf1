/* The project: its file, the files it includes, and which schema each of them belongs to. */
#include "loader.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const project_known[] = { "project", "include", "discover", "schemas", "databases",
	"defaults", "profiles", "schema", "models", "mixins" };
static const char *const project_later[] = { "queries", "views", "types", "seeds" };
static const ir_keys project_keys = { project_known, IR_COUNT(project_known), project_later,
	IR_COUNT(project_later), NULL, 0 };

static const char *const file_known[] = { "schema", "models", "mixins" };
static const char *const file_later[] = { "queries", "views", "types", "seeds" };
static const ir_keys file_keys = { file_known, IR_COUNT(file_known), file_later, IR_COUNT(file_later), NULL,
	0 };

/* Keys of the project file that stand in a model file. */
static bool has_project_keys(ir_loader *loader, const ir_source *source)
{
	static const char *const keys[] = { "project", "include", "discover", "schemas", "databases",
		"defaults", "profiles" };
	bool found = false;

	for (size_t i = 0; i < IR_COUNT(keys); i++) {
		const dbw_yaml_pair *pair = dbw_yaml_find(source->root, keys[i]);

		if (pair == NULL)
			continue;
		found = true;
		ir__load_error(loader, pair->key->position, "misplaced", "move it to the project file",
			"\"%s\" stands in a model file; only the project file has it", keys[i]);
	}
	return found;
}

/* The folder of "path/to/dbwright.yaml"; "." where there is none. */
static const char *folder_of(ir_loader *loader, const char *path, const char **name)
{
	const char *slash = strrchr(path, '/');

	*name = slash != NULL ? slash + 1 : path;
	if (slash == NULL)
		return ".";
	return slash == path ? "" : ir__load_format(loader, "%.*s", (int)(slash - path), path);
}

/* "apps/shop/models/item.yaml" implies schema "shop". */
static void schema_of_app(ir_loader *loader, const ir_file *file, ir_word *out)
{
	const ir_app *app = ir__app_of(loader, file->name);

	if (app != NULL && ir__check_name(loader, out->position, "schema", app->name.text))
		out->text = app->name.text;
}

/* The schema that a file says or implies; text NULL if neither. False where `schema:` is wrong. */
static bool schema_of(ir_loader *loader, const ir_source *source, ir_word *out)
{
	const ir_scope scope = { "the file", NULL, NULL };
	const dbw_yaml_node *schema = dbw_yaml_get(source->root, "schema");
	bool good = true;

	*out = (ir_word){ NULL, { source->file->path, 1, 1 } };
	loader->scope = &scope;
	if (schema != NULL)
		good = ir__load_name(loader, schema, "schema", out);
	else
		schema_of_app(loader, source->file, out);
	loader->scope = NULL;
	source->file->says_schema = schema != NULL || out->text != NULL;
	if (out->text != NULL)
		ir__load_schema_named(loader, *out);
	return good;
}

static void load_contents(ir_loader *loader, const ir_source *source, bool is_project)
{
	const ir_scope scope = { is_project ? "the project file" : "the model file", NULL, NULL };
	const dbw_yaml_pair *models = dbw_yaml_find(source->root, "models");
	const dbw_yaml_node *mixins = dbw_yaml_get(source->root, "mixins");
	ir_schema *schema = NULL;
	ir_word name;

	loader->file = source->file;
	if (!schema_of(loader, source, &name)) {
		loader->project->incomplete = true;
		return;
	}
	if (name.text == NULL && models != NULL) {
		if (loader->only_schema == NULL) {
			loader->project->incomplete = true;
			ir__load_error(loader, models->key->position, "no-schema",
				"write schema: and a name at the top of the file",
				loader->schemas.count == 0
					? "it is not said which schema these models belong to"
					: "it is not said which of the schemas these models belong to");
			return;
		}
		schema = loader->only_schema;
		source->file->taken = schema;
		source->file->taken_position = models->key->position;
	} else if (name.text != NULL) {
		schema = ir__load_schema_named(loader, name);
	}
	loader->scope = &scope;
	/* Mixins of the project file that is no model file of one schema serve all schemas. */
	if (mixins != NULL)
		ir__load_mixins(loader, mixins, name);
	if (models != NULL && schema != NULL)
		ir__load_models(loader, models->value, schema);
	loader->scope = NULL;
}

static void load_head(ir_loader *loader, const ir_source *source)
{
	const ir_scope scope = { "the project file", NULL, NULL };
	const dbw_yaml_node *root = source->root, *value;
	const dbw_position top = { source->file->path, 1, 1 };
	ir_word name = { NULL, top };

	loader->scope = &scope;
	ir__load_keys(loader, root, &project_keys);
	/* A project without a name has had its report; what follows may still want to mention it. */
	loader->project->name = (ir_word){ "unnamed", top };
	if (dbw_yaml_get(root, "project") == NULL)
		ir__load_error(loader, top, "missing-key", "write project: and a name, as in project: shop",
			"the project has no name");
	else
		ir__get_name(loader, root, "project", &name);
	if (name.text != NULL)
		loader->project->name = name;
	if ((value = dbw_yaml_get(root, "schemas")) != NULL)
		ir__load_schemas(loader, value);
	loader->scope = NULL;
}

static int compare_places(dbw_position a, dbw_position b)
{
	int order = strcmp(a.file, b.file);

	if (order == 0)
		order = (a.line > b.line) - (a.line < b.line);
	return order != 0 ? order : (a.column > b.column) - (a.column < b.column);
}

static int compare_schemas(const void *left, const void *right)
{
	const ir_schema *const *a = left, *const *b = right;

	return strcmp((*a)->name.text, (*b)->name.text);
}

/* By name; of two with one name the one declared first. */
static int compare_models(const void *left, const void *right)
{
	const ir_model *const *a = left, *const *b = right;
	int order = strcmp((*a)->name.text, (*b)->name.text);

	return order != 0 ? order : compare_places((*a)->name.position, (*b)->name.position);
}

/* The pointers of a list as an array of their own. */
static void *array_of(ir_loader *loader, const ir_list *list)
{
	void **items = ir__load_alloc(loader, list->count + 1, sizeof(*items));

	if (items != NULL && list->count != 0)
		memcpy(items, list->items, list->count * sizeof(*items));
	return items;
}

static void report_twice(ir_loader *loader, const char *kind, ir_word again, ir_word first)
{
	ir__load_error(loader, again.position, "duplicate-name", NULL, "the %s \"%s\" is declared twice",
		kind, again.text);
	dbw_report(loader->diagnostics, DBW_SEVERITY_NOTE, first.position, "duplicate-name", NULL,
		"the first one is here");
}

/* Gives each schema its models, sorted; a second model of one name is reported and left out. */
static void distribute_models(ir_loader *loader)
{
	ir_project *project = loader->project;
	size_t *counts = ir__load_alloc(loader, project->schema_count + 1, sizeof(*counts));

	for (size_t s = 0; counts != NULL && s < project->schema_count; s++) {
		ir_schema *schema = project->schemas[s];
		size_t kept = 0;

		for (size_t i = 0; i < loader->models.count; i++)
			counts[s] += ((ir_model *)loader->models.items[i])->schema == schema;
		schema->models = ir__load_alloc(loader, counts[s] + 1, sizeof(ir_model *));
		if (schema->models == NULL)
			return;
		for (size_t i = 0; i < loader->models.count; i++)
			if (((ir_model *)loader->models.items[i])->schema == schema)
				schema->models[kept++] = loader->models.items[i];
		if (kept != 0)
			qsort(schema->models, kept, sizeof(ir_model *), compare_models);
		for (size_t i = 0; i < kept; i++) {
			ir_model *model = schema->models[i], *last;

			last = schema->model_count != 0 ? schema->models[schema->model_count - 1] : NULL;
			if (last != NULL && strcmp(last->name.text, model->name.text) == 0)
				report_twice(loader, "model", model->name, last->name);
			else
				schema->models[schema->model_count++] = model;
		}
	}
}

static void check_mixin_names(ir_loader *loader)
{
	for (size_t i = 0; i < loader->mixins.count; i++) {
		const ir_mixin *mixin = loader->mixins.items[i];

		for (size_t k = 0; k < i; k++) {
			const ir_mixin *other = loader->mixins.items[k];
			const char *a = mixin->schema_name.text, *b = other->schema_name.text;

			if (strcmp(mixin->name.text, other->name.text) == 0 &&
				(a == NULL || b == NULL || strcmp(a, b) == 0)) {
				report_twice(loader, "mixin", mixin->name, other->name);
				break;
			}
		}
	}
}

static void finish(ir_loader *loader)
{
	ir_project *project = loader->project;

	project->schemas = array_of(loader, &loader->schemas);
	project->databases = array_of(loader, &loader->databases);
	project->mixins = array_of(loader, &loader->mixins);
	project->files = array_of(loader, &loader->files);
	project->inputs = array_of(loader, &loader->inputs);
	if (loader->out_of_memory)
		return;
	project->schema_count = loader->schemas.count;
	project->database_count = loader->databases.count;
	project->mixin_count = loader->mixins.count;
	project->file_count = loader->files.count;
	project->input_count = loader->inputs.count;
	if (project->schema_count != 0)
		qsort(project->schemas, project->schema_count, sizeof(ir_schema *), compare_schemas);
	distribute_models(loader);
	check_mixin_names(loader);
}

static void load_sources(ir_loader *loader, const char *path)
{
	ir_list sources = { NULL, 0, 0 };
	const char *name;
	ir_source *first;
	ir_word ignored;
	bool implied;

	loader->project->folder = folder_of(loader, path, &name);
	if (access(path, F_OK) != 0 && errno == ENOENT) {
		ir__load_error(loader, (dbw_position){ path, 0, 0 }, "unreadable-file",
			"-p FILE names the project file", "there is no such project file");
		return;
	}
	first = loader->project->folder != NULL ? ir__load_source(loader, path, name) : NULL;
	if (first == NULL || first->root == NULL)
		return;
	loader->project->tables_source = ir__load_source_name(loader, name, "_tables.c");
	ir__load_add(loader, &sources, first);
	load_head(loader, first);
	ir__load_apps(loader, dbw_yaml_get(first->root, "discover"));
	if (dbw_yaml_get(first->root, "include") != NULL)
		ir__load_includes(loader, dbw_yaml_get(first->root, "include"), &sources);
	for (size_t i = 0; i < sources.count; i++) {
		const ir_source *source = sources.items[i];
		const ir_scope scope = { "the model file", NULL, NULL };

		ir__load_add(loader, &loader->files, source->file);
		if (source->root == NULL)
			loader->project->incomplete = true;
		if (source->root == NULL || i == 0)
			continue;
		loader->scope = &scope;
		if (!has_project_keys(loader, source))
			ir__load_keys(loader, source->root, &file_keys);
		loader->scope = NULL;
	}
	/*
	 * All schemas are known before the first file that leaves out its schema is read. A database's schema counts
	 * only where nothing else says one: it may be misspelt.
	 */
	for (size_t i = 0; i < sources.count; i++)
		if (((ir_source *)sources.items[i])->root != NULL)
			schema_of(loader, sources.items[i], &ignored);
	if (loader->schemas.count == 1)
		loader->only_schema = loader->schemas.items[0];
	implied = loader->schemas.count == 0;
	loader->file = first->file;
	ir__load_databases(loader, first->root);
	if (implied && loader->schemas.count == 1)
		loader->only_schema = loader->schemas.items[0];
	for (size_t i = 0; i < sources.count; i++)
		if (((ir_source *)sources.items[i])->root != NULL)
			load_contents(loader, sources.items[i], i == 0);
	ir__load_implied_databases(loader);
}

bool ir_load_project(dbw_arena *arena, dbw_diagnostics *diagnostics, const char *path, ir_project **out)
{
	ir_loader loader = { .arena = arena, .diagnostics = diagnostics };
	size_t before = dbw_diagnostics_errors(diagnostics);

	*out = NULL;
	loader.project = ir__load_alloc(&loader, 1, sizeof(*loader.project));
	if (loader.project != NULL) {
		loader.project->arena = arena;
		load_sources(&loader, path);
		finish(&loader);
	}
	if (loader.out_of_memory || dbw_diagnostics_failed(diagnostics)) {
		ir__load_error(&loader, (dbw_position){ path, 0, 0 }, "out-of-memory", NULL, "out of memory");
		return false;
	}
	if (loader.project->file_count != 0)
		*out = loader.project;
	return dbw_diagnostics_errors(diagnostics) == before;
}

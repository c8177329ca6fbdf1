/* The view of the source that creates the tables. */
#include "view_model.h"

#include "ddl.h"

#include <string.h>

/* Longer texts are marked: a compiler need not take a literal of more than 4,095 bytes with its end (C11 5.2.4.1). */
enum { LITERAL_MAX = 4094 };

void ir__view_sql(ir__view_maker *maker, ir__view *object, const char *sql)
{
	ir__view_set_text(maker, object, "text", sql);
	ir__view_set_bool(maker, object, "long", strlen(sql) > LITERAL_MAX);
}

static void view_objects(
	ir__view_maker *maker, ir__view *engines, const ir__dialect *dialect, const ir_model *model)
{
	static const char *const kinds[] = { "TYPE", "TABLE", "INDEX", "FOREIGN_KEY" };
	ir__view *engine = ir__view_add_object(maker, engines);
	ir__view *list = ir__view_set_list(maker, engine, "objects");
	ir__object *objects = NULL;
	size_t count = 0;

	if (!ir__objects(maker->arena, dialect, model, &objects))
		maker->failed = true;
	ir__view_set_text(maker, engine, "engine", dialect->constant);
	ir__view_set_text(maker, engine, "suffix", dialect->name);
	for (const ir__object *object = objects; object != NULL; object = object->next, count++) {
		ir__view *view = ir__view_add_object(maker, list);

		ir__view_set_text(maker, view, "kind", kinds[object->kind]);
		ir__view_sql(maker, view, object->sql);
	}
	ir__view_printf(maker, engine, "count", "%zu", count);
}

static void view_model(ir__view_maker *maker, ir__view *list, const ir_model *model)
{
	ir__view *view = ir__view_add_object(maker, list);
	ir__view *engines = ir__view_set_list(maker, view, "engines");

	ir__view_set_text(maker, view, "model", model->c_name);
	for (size_t i = 0; i < DBW_ENGINE_COUNT; i++)
		if (model->schema->engines[i])
			view_objects(maker, engines, ir__dialects[i], model);
}

void ir__view_tables(ir__view_maker *maker, ir__view *view, const ir_project *project)
{
	ir__view *schemas = ir__view_set_list(maker, view, "schemas");

	ir__view_set_text(maker, view, "program", project->name.text);
	for (size_t i = 0; i < project->schema_count; i++) {
		const ir_schema *schema = project->schemas[i];
		ir__view *one = ir__view_add_object(maker, schemas);
		ir__view *models = ir__view_set_list(maker, one, "models");

		ir__view_set_text(maker, one, "schema", schema->name.text);
		ir__view_printf(maker, one, "model_count", "%zu", schema->model_count);
		for (size_t j = 0; j < schema->model_count; j++)
			view_model(maker, models, schema->creation_order[j]);
	}
}

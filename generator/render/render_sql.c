#include <render/render.h>

#include "ddl.h"

#include <string.h>

/* The objects of all models of a schema, by kind: types first, foreign keys that close a cycle last. */
static bool append_schema(
	dbw_text_buffer *out, const ir_schema *schema, const ir__dialect *dialect, dbw_arena *arena)
{
	ir__object **objects = dbw_arena_alloc_zeroed(arena, schema->model_count + 1, sizeof *objects);
	bool done = objects != NULL;

	for (size_t i = 0; done && i < schema->model_count; i++)
		done = ir__objects(arena, dialect, schema->creation_order[i], &objects[i]);
	dbw_text_printf(out, "-- Schema %s on %s.\n", schema->name.text, dialect->title);
	for (int kind = IR__OBJECT_TYPE; done && kind < IR__OBJECT_KIND_COUNT; kind++)
		for (size_t i = 0; i < schema->model_count; i++)
			for (const ir__object *object = objects[i]; object != NULL; object = object->next) {
				/* Indexes stand with their table. */
				bool with_table =
					kind == IR__OBJECT_TABLE && object->kind == IR__OBJECT_INDEX;

				if (kind == IR__OBJECT_INDEX ||
					(object->kind != (ir__object_kind)kind && !with_table))
					continue;
				dbw_text_printf(out, "%s%s;\n", with_table ? "" : "\n", object->sql);
			}
	return done;
}

bool ir_render_sql(const ir_project *project, const ir_schema *schema, const char *engine,
	dbw_text_buffer *out, dbw_diagnostics *diagnostics)
{
	dbw_arena *arena = dbw_arena_new(0);
	bool done = arena != NULL;
	bool any = false;

	for (size_t i = 0; done && i < project->schema_count; i++) {
		const ir_schema *one = project->schemas[i];

		for (size_t j = 0; done && j < DBW_ENGINE_COUNT; j++) {
			if ((schema != NULL && schema != one) || !one->engines[j] ||
				(engine != NULL && strcmp(engine, ir__dialects[j]->name) != 0))
				continue;
			if (any)
				dbw_text_append_char(out, '\n');
			any = true;
			dbw_arena_reset(arena);
			done = append_schema(out, one, ir__dialects[j], arena);
		}
	}
	dbw_arena_free(arena);
	if (!done || out->failed) {
		dbw_report(diagnostics, DBW_SEVERITY_ERROR, (dbw_position){ 0 }, "out-of-memory", NULL,
			"out of memory");
		return false;
	}
	return true;
}

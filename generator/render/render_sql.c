#include <render/render.h>

#include "ddl.h"
#include "sql.h"

#include <string.h>

static bool append_schema(
	dbw_text_buffer *out, const ir_schema *schema, const ir__dialect *dialect, dbw_arena *arena)
{
	ir__object **objects;
	size_t count;

	dbw_text_printf(out, "-- Schema %s on %s.\n", schema->name.text, dialect->title);
	if (dialect->has_namespaces && schema->namespace_ != NULL) {
		dbw_text_append_z(out, "\nCREATE SCHEMA IF NOT EXISTS ");
		ir__sql_ident(out, schema->namespace_);
		dbw_text_append_z(out, ";\n");
	}
	if (!ir__schema_objects(arena, dialect, schema, &objects, &count))
		return false;
	/* Indexes stand with their table. */
	for (size_t i = 0; i < count; i++)
		dbw_text_printf(
			out, "%s%s;\n", objects[i]->kind == IR__OBJECT_INDEX ? "" : "\n", objects[i]->sql);
	return true;
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

#include <render/tables.h>

#include "ddl.h"
#include "sql.h"

#include <string.h>

/* What is in the buffer, in the arena; the buffer is emptied. */
static const char *take(dbw_arena *arena, dbw_text_buffer *text)
{
	const char *copy = text->failed ? NULL : dbw_arena_copy(arena, text->data, text->length);

	dbw_text_clear(text);
	return copy;
}

static bool add(ir_statements *out, const char *sql)
{
	out->items[out->count] = sql;
	out->count += sql != NULL;
	return sql != NULL;
}

bool ir_render_tables(dbw_arena *arena, const ir_schema *schema, dbw_engine engine, ir_statements *out)
{
	ir__object **objects;
	size_t count;

	out->count = 0;
	if (!ir__schema_objects(arena, ir__dialects[engine], schema, &objects, &count))
		return false;
	out->items = dbw_arena_alloc_zeroed(arena, count + 1, sizeof *out->items);
	for (size_t i = 0; out->items != NULL && i < count; i++)
		add(out, objects[i]->sql);
	return out->items != NULL;
}

/* Tables of PostgreSQL's that name each other go in one statement. */
static const char *drop_tables(
	dbw_arena *arena, const ir__dialect *dialect, const ir_schema *schema, size_t first, size_t count)
{
	dbw_text_buffer text;

	dbw_text_init(&text, NULL, 0);
	dbw_text_append_z(&text, "DROP TABLE IF EXISTS ");
	for (size_t i = first + count; i-- > first;) {
		ir__sql_table(&text, dialect, schema->creation_order[i]);
		if (i > first)
			dbw_text_append(&text, ", ", 2);
	}
	return take(arena, &text);
}

/* The name of a type is as the statement that makes it spells it, quoted and with its namespace. */
static const char *drop_type(dbw_arena *arena, const ir__object *type)
{
	return dbw_arena_printf(arena, "DROP TYPE IF EXISTS %s", type->name);
}

bool ir_render_drops(dbw_arena *arena, const ir_schema *schema, dbw_engine engine, ir_statements *out)
{
	const ir__dialect *dialect = ir__dialects[engine];
	ir__object **objects;
	size_t count;
	bool done = true;

	out->count = 0;
	if (!ir__schema_objects(arena, dialect, schema, &objects, &count))
		return false;
	out->items = dbw_arena_alloc_zeroed(arena, count + 1, sizeof *out->items);
	if (out->items == NULL)
		return false;
	if (schema->model_count > 0 && dialect->adds_foreign_keys)
		done = add(out, drop_tables(arena, dialect, schema, 0, schema->model_count));
	for (size_t i = schema->model_count; !dialect->adds_foreign_keys && done && i-- > 0;)
		done = add(out, drop_tables(arena, dialect, schema, i, 1));
	for (size_t i = 0; done && i < count; i++)
		if (objects[i]->kind == IR__OBJECT_TYPE)
			done = add(out, drop_type(arena, objects[i]));
	return done;
}

static const char *name_after(dbw_arena *arena, const char *before, const char *name, const char *after)
{
	dbw_text_buffer text;

	dbw_text_init(&text, NULL, 0);
	dbw_text_append_z(&text, before);
	ir__sql_ident(&text, name);
	dbw_text_append_z(&text, after);
	return take(arena, &text);
}

const char *ir_render_namespace(dbw_arena *arena, const char *name)
{
	return name_after(arena, "CREATE SCHEMA ", name, "");
}

const char *ir_render_server_database(dbw_arena *arena, const char *name)
{
	/* Another encoding than the template's can only be had from template0 (PostgreSQL manual, CREATE DATABASE). */
	return name_after(arena, "CREATE DATABASE ", name, " TEMPLATE template0 ENCODING 'UTF8'");
}

#include "statements.h"

#include "sql.h"
#include "view_model.h"

#include <dbwright/model.h>
#include <string.h>

/* What is being made. */
typedef struct maker {
	dbw_arena *arena;
	const ir_model *model;
	ir__statement **tail;
	dbw_text_buffer *text;
	bool failed;
} maker;

bool ir__makes_finder(const ir_index *index)
{
	return !index->primary && index->finder != NULL && *index->finder != '\0';
}

size_t ir__slot_count(const ir_model *model)
{
	size_t count = DBW_STATEMENT_FIRST_FINDER;

	for (size_t i = 0; i < model->index_count; i++)
		count += ir__makes_finder(model->indexes[i]) ? 1 : 0;
	return count;
}

bool ir__has_assigned_id(const ir_model *model)
{
	return model->key_count == 1 && model->key[0]->type == IR_ID;
}

/*
 * One form for every engine, so that most statements are one text: SQLite takes $1 for a name, and numbers names as they
 * first occur (https://www.sqlite.org/lang_expr.html#varparam). So a statement has to use its parameters in order.
 */
static void append_placeholder(dbw_text_buffer *out, size_t number)
{
	dbw_text_printf(out, "$%zu", number);
}

/* "a" = $1 AND "b" = $2, counting from `number`. */
static void append_equals(dbw_text_buffer *out, const ir_field *const *fields, size_t count, size_t number)
{
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			dbw_text_append_z(out, " AND ");
		ir__sql_ident(out, fields[i]->column);
		dbw_text_append_z(out, " = ");
		append_placeholder(out, number + i);
	}
}

static void append_live(dbw_text_buffer *out, const ir_model *model)
{
	if (model->deleted_at == NULL)
		return;
	dbw_text_append_z(out, " AND ");
	ir__sql_ident(out, model->deleted_at->column);
	dbw_text_append_z(out, " IS NULL");
}

void ir__sql_select(dbw_text_buffer *out, const ir__dialect *dialect, const ir_model *model)
{
	bool any = false;

	for (size_t i = 0; i < model->field_count; i++) {
		if (model->fields[i]->on_demand)
			continue;
		dbw_text_append_z(out, any ? ", " : "SELECT ");
		ir__sql_ident(out, model->fields[i]->column);
		any = true;
	}
	dbw_text_append_z(out, " FROM ");
	ir__sql_table(out, dialect, model);
}

/* Writes a statement for one engine. */
typedef void (*writer)(
	dbw_text_buffer *out, const ir__dialect *dialect, const ir_model *model, const ir__statement *s);

static void write_delete(
	dbw_text_buffer *out, const ir__dialect *dialect, const ir_model *model, const ir__statement *s)
{
	dbw_text_append_z(out, "DELETE FROM ");
	ir__sql_table(out, dialect, model);
	dbw_text_append_z(out, " WHERE ");
	append_equals(out, s->parameters, s->parameter_count, 1);
}

/* The first parameter is the time of deletion. */
static void write_soft_delete(
	dbw_text_buffer *out, const ir__dialect *dialect, const ir_model *model, const ir__statement *s)
{
	dbw_text_append_z(out, "UPDATE ");
	ir__sql_table(out, dialect, model);
	dbw_text_append_z(out, " SET ");
	append_equals(out, s->parameters, 1, 1);
	if (model->version_field != NULL) {
		dbw_text_append_z(out, ", ");
		ir__sql_ident(out, model->version_field->column);
		dbw_text_append_z(out, " = ");
		ir__sql_ident(out, model->version_field->column);
		dbw_text_append_z(out, " + 1");
	}
	dbw_text_append_z(out, " WHERE ");
	append_equals(out, s->parameters + 1, s->parameter_count - 1, 2);
	append_live(out, model);
}

static void write_exists(
	dbw_text_buffer *out, const ir__dialect *dialect, const ir_model *model, const ir__statement *s)
{
	dbw_text_append_z(out, "SELECT 1 FROM ");
	ir__sql_table(out, dialect, model);
	dbw_text_append_z(out, " WHERE ");
	append_equals(out, s->parameters, s->parameter_count, 1);
}

/* Many rows come in an order that does not change from call to call: by what of the key is not the same in all of them. */
static void append_order(dbw_text_buffer *out, const ir_model *model, const ir__statement *s)
{
	bool any = false;

	for (size_t i = 0; i < model->key_count; i++) {
		bool same = false;

		for (size_t j = 0; j < s->parameter_count; j++)
			same = same || s->parameters[j] == model->key[i];
		if (same)
			continue;
		dbw_text_append_z(out, any ? ", " : " ORDER BY ");
		ir__sql_ident(out, model->key[i]->column);
		any = true;
	}
}

static void write_find(
	dbw_text_buffer *out, const ir__dialect *dialect, const ir_model *model, const ir__statement *s)
{
	ir__sql_select(out, dialect, model);
	dbw_text_append_z(out, " WHERE ");
	append_equals(out, s->parameters, s->parameter_count, 1);
	append_live(out, model);
	if (s->finder != NULL && !s->finder->unique)
		append_order(out, model, s);
}

static const char *to_upper(dbw_arena *arena, const char *text)
{
	char *copy = dbw_arena_copy(arena, text, strlen(text));

	for (char *c = copy; c != NULL && *c != '\0'; c++)
		if (*c >= 'a' && *c <= 'z')
			*c = (char)(*c - 'a' + 'A');
	return copy;
}

static ir__statement *start(maker *m, const char *slot, const char *name)
{
	ir__statement *statement = dbw_arena_alloc_zeroed(m->arena, 1, sizeof *statement);

	if (statement != NULL)
		statement->parameters = dbw_arena_alloc_zeroed(
			m->arena, m->model->field_count + 1, sizeof *statement->parameters);
	if (statement == NULL || statement->parameters == NULL || slot == NULL || name == NULL) {
		m->failed = true;
		return NULL;
	}
	statement->slot = slot;
	statement->name = name;
	return statement;
}

static void take(maker *m, ir__statement *statement)
{
	*m->tail = statement;
	m->tail = &statement->next;
}

/* Writes the statement for each engine and takes it into the list. */
static void finish(maker *m, ir__statement *statement, writer write)
{
	if (statement == NULL)
		return;
	for (size_t i = 0; i < DBW_ENGINE_COUNT; i++) {
		if (!m->model->schema->engines[i])
			continue;
		dbw_text_truncate(m->text, 0);
		write(m->text, ir__dialects[i], m->model, statement);
		statement->sql[i] =
			m->text->failed ? NULL : dbw_arena_copy(m->arena, m->text->data, m->text->length);
		if (statement->sql[i] == NULL)
			m->failed = true;
	}
	take(m, statement);
}

static void add_key(ir__statement *statement, const ir_model *model)
{
	for (size_t i = 0; statement != NULL && i < model->key_count; i++)
		statement->parameters[statement->parameter_count++] = model->key[i];
}

/* The runtime writes it: to say so in generated code as well would be to say it twice. */
static void make_insert(maker *m, const char *slot, const char *ending, bool with_id)
{
	const ir_model *model = m->model;
	ir__statement *s = start(m, slot, dbw_arena_printf(m->arena, "%s_insert%s", model->c_name, ending));

	for (size_t i = 0; s != NULL && i < model->field_count; i++) {
		const ir_field *field = model->fields[i];

		if (field->generated.text == NULL && field->generated.sql[DBW_SQLITE] == NULL &&
			field->generated.sql[DBW_POSTGRESQL] == NULL && (with_id || field->type != IR_ID))
			s->parameters[s->parameter_count++] = field;
	}
	if (s != NULL)
		take(m, s);
}

static void make_by_key(maker *m, const char *slot, const char *name, writer write)
{
	ir__statement *s = start(m, slot, name);

	add_key(s, m->model);
	finish(m, s, write);
}

static void make_writers(maker *m)
{
	const ir_model *model = m->model;
	const char *key = model->indexes[0]->finder;
	const char *delete_name = dbw_arena_printf(m->arena, "%s_delete_by_%s", model->c_name, key);

	make_insert(m, "DBW_STATEMENT_INSERT", "", false);
	if (ir__has_assigned_id(model))
		make_insert(m, "DBW_STATEMENT_INSERT_WITH_ID", "_with_id", true);
	if (model->deleted_at == NULL) {
		make_by_key(m, "DBW_STATEMENT_DELETE", delete_name, write_delete);
		return;
	}
	ir__statement *s = start(m, "DBW_STATEMENT_DELETE", delete_name);
	if (s != NULL)
		s->parameters[s->parameter_count++] = model->deleted_at;
	add_key(s, model);
	finish(m, s, write_soft_delete);
	make_by_key(m, "DBW_STATEMENT_PURGE",
		dbw_arena_printf(m->arena, "%s_purge_by_%s", model->c_name, key), write_delete);
}

static void make_finder(maker *m, const ir_index *index)
{
	const ir_model *model = m->model;
	const char *verb = index->unique ? "find" : "list";
	const char *slot = dbw_arena_printf(m->arena, "%s__%s_by_%s", model->c_name, verb, index->finder);
	ir__statement *s = start(m, slot == NULL ? NULL : to_upper(m->arena, slot),
		dbw_arena_printf(m->arena, "%s_%s_by_%s", model->c_name, verb, index->finder));

	if (s == NULL)
		return;
	s->finder = index;
	for (size_t i = 0; i < index->part_count; i++)
		s->parameters[s->parameter_count++] = index->parts[i].field;
	finish(m, s, write_find);
}

bool ir__statements(dbw_arena *arena, const ir_model *model, ir__statement **out)
{
	const char *key = model->indexes[0]->finder;
	dbw_text_buffer text;
	maker m = { .arena = arena, .model = model, .tail = out, .text = &text };

	*out = NULL;
	dbw_text_init(&text, NULL, 0);
	if (!model->read_only)
		make_writers(&m);
	make_by_key(&m, "DBW_STATEMENT_FIND", dbw_arena_printf(arena, "%s_find_by_%s", model->c_name, key),
		write_find);
	/* Who has changed nothing asks whether the row is gone or has another version. */
	if (model->version_field != NULL && ir__has_writable(model) && !model->read_only)
		make_by_key(&m, "DBW_STATEMENT_EXISTS",
			dbw_arena_printf(arena, "%s_exists_by_%s", model->c_name, key), write_exists);
	for (size_t i = 0; i < model->index_count; i++)
		if (ir__makes_finder(model->indexes[i]))
			make_finder(&m, model->indexes[i]);
	dbw_text_clear(&text);
	return !m.failed;
}

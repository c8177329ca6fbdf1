#include "ddl.h"

#include "sql.h"

#include <string.h>

/* What is being made. */
typedef struct maker {
	dbw_arena *arena;
	const ir__dialect *dialect;
	ir__object **tail;
	dbw_text_buffer *text; /* the statement under construction */
	bool failed;
} maker;

/* Makes an object of the statement in the buffer, and empties the buffer. */
static void finish(maker *m, ir__object_kind kind, const char *name)
{
	ir__object *object = dbw_arena_alloc_zeroed(m->arena, 1, sizeof *object);
	const char *sql = m->text->failed ? NULL : dbw_arena_copy(m->arena, m->text->data, m->text->length);

	dbw_text_truncate(m->text, 0);
	if (object == NULL || sql == NULL) {
		m->failed = true;
		return;
	}
	*object = (ir__object){ .kind = kind, .name = name, .sql = sql };
	*m->tail = object;
	m->tail = &object->next;
}

static void append_constraint_name(dbw_text_buffer *out, const char *name)
{
	dbw_text_append_z(out, "CONSTRAINT ");
	ir__sql_ident(out, name);
	dbw_text_append_char(out, ' ');
}

/* The value's rule, if the dialect has one for this column, as a constraint of the column. */
static void append_rule(dbw_text_buffer *out, const ir__dialect *dialect, const ir_field *field)
{
	char storage[512];
	dbw_text_buffer rule;

	dbw_text_init(&rule, storage, sizeof storage);
	dialect->rule(&rule, field);
	if (rule.failed) {
		out->failed = true;
	} else if (rule.length > 0) {
		dbw_text_append_z(out, " CONSTRAINT ");
		ir__sql_made_name(out, field, "valid");
		dbw_text_printf(out, " CHECK (%s)", rule.data);
	}
	dbw_text_clear(&rule);
}

static void append_column(dbw_text_buffer *out, const ir__dialect *dialect, const ir_field *field)
{
	ir__sql_ident(out, field->column);
	dbw_text_append_char(out, ' ');
	dialect->type(out, field);
	if (field->generated.text != NULL || field->generated.sql[dialect->engine] != NULL) {
		dbw_text_printf(
			out, " GENERATED ALWAYS AS (%s) STORED", field->generated.sql[dialect->engine]);
	} else if (field->type == IR_ID) {
		dialect->assigned_id(out, field);
		return;
	} else {
		size_t before = out->length;

		dbw_text_append_z(out, " DEFAULT ");
		size_t behind = out->length;
		dialect->default_value(out, field);
		if (out->length == behind)
			dbw_text_truncate(out, before);
	}
	if (!field->nullable)
		dbw_text_append_z(out, " NOT NULL");
	append_rule(out, dialect, field);
}

static void append_action(dbw_text_buffer *out, const char *event, ir_action action)
{
	static const char *const actions[] = {
		[IR_RESTRICT] = "RESTRICT",
		[IR_CASCADE] = "CASCADE",
		[IR_SET_NULL] = "SET NULL",
		[IR_SET_DEFAULT] = "SET DEFAULT",
	};

	if (action != IR_NO_ACTION)
		dbw_text_printf(out, " ON %s %s", event, actions[action]);
}

static void append_foreign_key(
	dbw_text_buffer *out, const ir__dialect *dialect, const ir_constraint *constraint)
{
	const ir_relation *relation = constraint->relation;

	append_constraint_name(out, constraint->name);
	dbw_text_append_z(out, "FOREIGN KEY (");
	ir__sql_columns(out, relation->fields, relation->field_count);
	dbw_text_append_z(out, ") REFERENCES ");
	ir__sql_table(out, dialect, relation->target);
	dbw_text_append_z(out, " (");
	ir__sql_columns(out, relation->references, relation->field_count);
	dbw_text_append_char(out, ')');
	append_action(out, "DELETE", relation->on_delete);
	append_action(out, "UPDATE", relation->on_update);
}

/* Whether a constraint stands in CREATE TABLE: unique ones are indexes, and some foreign keys come later. */
static bool is_inline(const ir__dialect *dialect, const ir_model *model, const ir_constraint *constraint)
{
	switch (constraint->kind) {
	case IR_PRIMARY_KEY: return dialect->names_id_key || model->key[0]->type != IR_ID;
	case IR_UNIQUE: return false;
	case IR_FOREIGN: return !(dialect->adds_foreign_keys && constraint->relation->add_later);
	case IR_CHECK: break;
	}
	return true;
}

static void append_inline(dbw_text_buffer *out, const ir__dialect *dialect, const ir_model *model,
	const ir_constraint *constraint)
{
	if (constraint->kind == IR_FOREIGN) {
		append_foreign_key(out, dialect, constraint);
		return;
	}
	append_constraint_name(out, constraint->name);
	if (constraint->kind == IR_CHECK) {
		dbw_text_printf(out, "CHECK (%s)", constraint->check->expression.sql[dialect->engine]);
		return;
	}
	dbw_text_append_z(out, "PRIMARY KEY (");
	ir__sql_columns(out, model->key, model->key_count);
	dbw_text_append_char(out, ')');
}

static void make_table(maker *m, const ir_model *model)
{
	dbw_text_buffer *out = m->text;

	dbw_text_append_z(out, "CREATE TABLE ");
	ir__sql_table(out, m->dialect, model);
	for (size_t i = 0; i < model->field_count; i++) {
		dbw_text_append_z(out, i == 0 ? " (\n  " : ",\n  ");
		append_column(out, m->dialect, model->fields[i]);
	}
	for (size_t i = 0; i < model->constraint_count; i++)
		if (is_inline(m->dialect, model, model->constraints[i])) {
			dbw_text_append_z(out, ",\n  ");
			append_inline(out, m->dialect, model, model->constraints[i]);
		}
	dbw_text_append_z(out, "\n)");
	dbw_text_append_z(out, m->dialect->table_ending);
	finish(m, IR__OBJECT_TABLE, model->table.text);
}

static void append_index_part(dbw_text_buffer *out, const ir__dialect *dialect, const ir_index_part *part)
{
	if (part->field != NULL)
		ir__sql_ident(out, part->field->column);
	else
		dbw_text_printf(out, "(%s)", part->expression.sql[dialect->engine]);
	if (part->descending)
		dbw_text_append_z(out, " DESC");
	/* NULLs come first in ASC and last in DESC, as queries order them; PostgreSQL's own rule is the contrary. */
	if (!dialect->sorts_nulls_last)
		return;
	if (part->nulls == IR_NULLS_FIRST || (part->nulls == IR_NULLS_DEFAULT && part->field != NULL &&
						     part->field->nullable && !part->descending))
		dbw_text_append_z(out, " NULLS FIRST");
	else if (part->nulls == IR_NULLS_LAST || (part->field != NULL && part->field->nullable))
		dbw_text_append_z(out, " NULLS LAST");
}

static void make_index(maker *m, const ir_model *model, const ir_index *index)
{
	dbw_text_buffer *out = m->text;

	dbw_text_append_z(out, index->unique ? "CREATE UNIQUE INDEX " : "CREATE INDEX ");
	ir__sql_ident(out, index->name.text);
	dbw_text_append_z(out, " ON ");
	ir__sql_table(out, m->dialect, model);
	dbw_text_append_z(out, " (");
	for (size_t i = 0; i < index->part_count; i++) {
		if (i > 0)
			dbw_text_append_z(out, ", ");
		append_index_part(out, m->dialect, &index->parts[i]);
	}
	dbw_text_append_char(out, ')');
	if (index->where.sql[m->dialect->engine] != NULL)
		dbw_text_printf(out, " WHERE %s", index->where.sql[m->dialect->engine]);
	finish(m, IR__OBJECT_INDEX, index->name.text);
}

/* Enums that are types of their own. */
static void make_type(maker *m, const ir_field *field)
{
	dbw_text_buffer *out = m->text;
	char storage[256];
	dbw_text_buffer name;
	const char *copy;

	dbw_text_append_z(out, "CREATE TYPE ");
	m->dialect->type(out, field);
	dbw_text_append_z(out, " AS ENUM (");
	for (size_t i = 0; i < field->value_count; i++) {
		if (i > 0)
			dbw_text_append_z(out, ", ");
		ir__sql_string(out, field->values[i].word.text, strlen(field->values[i].word.text));
	}
	dbw_text_append_char(out, ')');
	dbw_text_init(&name, storage, sizeof storage);
	m->dialect->type(&name, field);
	copy = name.failed ? NULL : dbw_arena_copy(m->arena, name.data, name.length);
	if (copy == NULL)
		m->failed = true;
	dbw_text_clear(&name);
	finish(m, IR__OBJECT_TYPE, copy);
}

static void make_foreign_key(maker *m, const ir_model *model, const ir_constraint *constraint)
{
	dbw_text_append_z(m->text, "ALTER TABLE ");
	ir__sql_table(m->text, m->dialect, model);
	dbw_text_append_z(m->text, " ADD ");
	append_foreign_key(m->text, m->dialect, constraint);
	finish(m, IR__OBJECT_FOREIGN_KEY, constraint->name);
}

bool ir__objects(dbw_arena *arena, const ir__dialect *dialect, const ir_model *model, ir__object **out)
{
	dbw_text_buffer text;
	maker m = { .arena = arena, .dialect = dialect, .tail = out, .text = &text };

	*out = NULL;
	dbw_text_init(&text, NULL, 0);
	for (size_t i = 0; i < model->field_count; i++)
		if (dialect->has_native_enums && model->fields[i]->type == IR_ENUM &&
			model->fields[i]->storage == IR_STORAGE_NATIVE)
			make_type(&m, model->fields[i]);
	make_table(&m, model);
	for (size_t i = 0; i < model->index_count; i++)
		if (!model->indexes[i]->primary && model->indexes[i]->create)
			make_index(&m, model, model->indexes[i]);
	for (size_t i = 0; i < model->constraint_count; i++)
		if (model->constraints[i]->kind == IR_FOREIGN &&
			!is_inline(dialect, model, model->constraints[i]))
			make_foreign_key(&m, model, model->constraints[i]);
	dbw_text_clear(&text);
	return !m.failed;
}

/* Indexes are made with their table. */
static ir__object_kind turn_of(ir__object_kind kind)
{
	return kind == IR__OBJECT_INDEX ? IR__OBJECT_TABLE : kind;
}

bool ir__schema_objects(dbw_arena *arena, const ir__dialect *dialect, const ir_schema *schema,
	ir__object ***out, size_t *count)
{
	static const ir__object_kind turns[] = { IR__OBJECT_TYPE, IR__OBJECT_TABLE, IR__OBJECT_FOREIGN_KEY };
	ir__object **firsts = dbw_arena_alloc_zeroed(arena, schema->model_count + 1, sizeof *firsts);
	size_t total = 0;

	*count = 0;
	if (firsts == NULL)
		return false;
	for (size_t i = 0; i < schema->model_count; i++) {
		if (!ir__objects(arena, dialect, schema->creation_order[i], &firsts[i]))
			return false;
		for (const ir__object *each = firsts[i]; each != NULL; each = each->next)
			total++;
	}
	*out = dbw_arena_alloc_zeroed(arena, total + 1, sizeof(ir__object *));
	if (*out == NULL)
		return false;
	for (size_t turn = 0; turn < sizeof turns / sizeof *turns; turn++)
		for (size_t i = 0; i < schema->model_count; i++)
			for (ir__object *each = firsts[i]; each != NULL; each = each->next)
				if (turn_of(each->kind) == turns[turn])
					(*out)[(*count)++] = each;
	return true;
}

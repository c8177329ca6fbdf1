/* The view of a source: the tables of its models. */
#include "view_model.h"

#include "c_text.h"
#include "dialect.h"
#include "statements.h"

#include <inttypes.h>
#include <string.h>

/* What the views of a model share. */
typedef struct tables {
	ir__view_maker *maker;
	const ir_model *model;
	ir__view *view;
	const char *selects[DBW_ENGINE_COUNT];
	dbw_text_buffer *text;
} tables;

static void append_flag(dbw_text_buffer *text, bool is_set, const char *flag)
{
	if (is_set)
		dbw_text_printf(text, "%sDBW_COLUMN_%s", text->length == 0 ? "" : " | ", flag);
}

static void append_flags(dbw_text_buffer *text, const ir_field *field)
{
	const ir_model *model = field->model;
	ir_default_kind kind = ir__is_generated(field) ? IR_DEFAULT_NONE : field->default_.kind;

	append_flag(text, field->nullable, "NULLABLE");
	append_flag(text, field->in_key, "KEY");
	append_flag(text, field->type == IR_ID, "AUTO_ID");
	append_flag(text, kind == IR_DEFAULT_NOW, "NOW");
	append_flag(text, field == model->updated_at, "NOW_ON_UPDATE");
	append_flag(text, kind == IR_DEFAULT_UUID_V4, "UUID_V4");
	append_flag(text, kind == IR_DEFAULT_UUID_V7, "UUID_V7");
	append_flag(text, kind == IR_DEFAULT_EXPRESSION, "EXPRESSION");
	append_flag(text, ir__is_generated(field), "GENERATED");
	append_flag(text, field == model->version_field, "VERSION");
	append_flag(text, field == model->deleted_at, "DELETED_AT");
	append_flag(text, field->sensitive, "SENSITIVE");
	append_flag(text, ir__stored_as_text(field), "TEXT_STORAGE");
	append_flag(text, field->type == IR_ENUM && field->storage == IR_STORAGE_NATIVE, "NATIVE_ENUM");
	append_flag(text, field->sql_type[DBW_POSTGRESQL] != NULL, "OTHER_TYPE");
	append_flag(text, ir__needs_id(field), "REFERENCE_ID");
	append_flag(text, ir__is_required(field), "REQUIRED");
}

/* An offset in one of the model's structs, or that there is none. */
static void append_offset(dbw_text_buffer *text, const char *key, bool has, const ir_field *field,
	const char *ending, const char *before)
{
	if (has)
		dbw_text_printf(text, ", .%s = offsetof(%s%s, %s%s)", key, field->model->c_name, ending,
			before, field->c_name);
	else
		dbw_text_printf(text, ", .%s = DBW_NO_MEMBER", key);
}

/* What the column is called in the database and in the declarations, which most often is the same. */
static void append_names(dbw_text_buffer *text, const ir_field *field)
{
	const bool same = strcmp(field->column, field->name.text) == 0;

	dbw_text_append_z(text, same ? "DBW_NAMED(" : ".name = ");
	ir__c_literal(text, field->column, strlen(field->column));
	dbw_text_append_z(text, same ? ")" : ", .field = ");
	if (!same)
		ir__c_literal(text, field->name.text, strlen(field->name.text));
}

/* The initialiser of a dbw_column. */
static void view_column(tables *t, ir__view *list, const ir_field *field)
{
	dbw_text_buffer *text = t->text;

	append_flags(text, field);
	const char *flags = dbw_arena_copy(t->maker->arena, text->data, text->length);
	dbw_text_truncate(text, 0);
	if (flags == NULL) {
		t->maker->failed = true;
		return;
	}
	append_names(text, field);
	dbw_text_printf(text, ", .kind = %s", ir_type_of(field->type)->kind);
	append_offset(text, "offset", true, field, "", "");
	append_offset(text, "filter_offset", ir__has_filter(field), field, "_filter", "");
	if (field->nullable)
		append_offset(text, "null_offset", true, field, "_filter", "null_.");
	append_offset(text, "order_offset", ir__has_order(field), field, "_order", "");
	if (*flags != '\0')
		dbw_text_printf(text, ", .flags = %s", flags);
	if (field->type == IR_STRING)
		dbw_text_printf(text, ", .length = %u", (unsigned)field->length);
	if (field->type == IR_DECIMAL)
		dbw_text_printf(text, ", .precision = %u, .scale = %u", (unsigned)field->precision,
			(unsigned)field->scale);
	if (field->type == IR_ENUM)
		dbw_text_printf(text, ", .values = &%s__%s_enum", field->model->c_name, field->c_name);
	if (text->failed)
		t->maker->failed = true;
	ir__view *view = ir__view_add_object(t->maker, list);
	ir__view_printf(t->maker, view, "number", "%zu", field->number);
	ir__view_take(t->maker, view, "initialiser", text);
}

/* The numbers of fields, "1, 2, 3". */
static void append_numbers(dbw_text_buffer *text, const ir_field *const *fields, size_t count)
{
	for (size_t i = 0; i < count; i++)
		dbw_text_printf(text, "%s%zu", i == 0 ? "" : ", ", fields[i]->number);
}

/* A text for each engine that has one, under `key`; a single one without an engine where they are the same for all. */
static void view_texts(tables *t, ir__view *owner, const char *key, const char *const sql[DBW_ENGINE_COUNT])
{
	ir__view *list = ir__view_set_list(t->maker, owner, key);
	bool same = true;

	for (size_t i = 0; i < DBW_ENGINE_COUNT; i++)
		same = same && sql[i] != NULL && strcmp(sql[i], sql[0]) == 0;
	for (size_t i = 0; i < (same ? 1 : DBW_ENGINE_COUNT); i++) {
		if (sql[i] == NULL)
			continue;
		ir__view *one = ir__view_add_object(t->maker, list);
		ir__view_set_text(t->maker, one, "engine", same ? "" : ir__dialects[i]->constant);
		ir__view_sql(t->maker, one, sql[i]);
	}
}

/* What every statement that reads rows begins with, on each engine. */
static void make_selects(tables *t)
{
	dbw_text_buffer sql;

	dbw_text_init(&sql, NULL, 0);
	for (size_t i = 0; i < DBW_ENGINE_COUNT; i++) {
		if (!t->model->schema->engines[i])
			continue;
		dbw_text_truncate(&sql, 0);
		ir__sql_select(&sql, ir__dialects[i], t->model);
		t->selects[i] = sql.failed ? NULL : dbw_arena_copy(t->maker->arena, sql.data, sql.length);
		t->maker->failed |= t->selects[i] == NULL;
	}
	dbw_text_clear(&sql);
	view_texts(t, t->view, "selects", t->selects);
}

/* Whether there is a text, and it begins with the model's SELECT on every engine: what is kept of it then follows that. */
static bool take_select(const tables *t, const char *sql[DBW_ENGINE_COUNT])
{
	const char *tails[DBW_ENGINE_COUNT] = { NULL };
	bool any = false;

	for (size_t i = 0; i < DBW_ENGINE_COUNT; i++) {
		size_t length = t->selects[i] == NULL ? 0 : strlen(t->selects[i]);

		if (sql[i] == NULL)
			continue;
		if (length == 0 || strncmp(sql[i], t->selects[i], length) != 0)
			return false;
		tails[i] = sql[i] + length;
		any = true;
	}
	memcpy(sql, tails, sizeof tails);
	return any;
}

static void view_statement(tables *t, ir__view *list, const ir__statement *statement)
{
	ir__view *view = ir__view_add_object(t->maker, list);
	const char *sql[DBW_ENGINE_COUNT];

	memcpy(sql, statement->sql, sizeof sql);
	ir__view_set_text(t->maker, view, "slot", statement->slot);
	ir__view_set_text(t->maker, view, "name", statement->name);
	ir__view_set_bool(t->maker, view, "selects", take_select(t, sql));
	view_texts(t, view, "sql", sql);
	append_numbers(t->text, statement->parameters, statement->parameter_count);
	ir__view_take(t->maker, view, "numbers", t->text);
	ir__view_printf(t->maker, view, "count", "%zu", statement->parameter_count);
}

static void view_statements(tables *t)
{
	ir__view *list = ir__view_set_list(t->maker, t->view, "statements");
	ir__view *slots = ir__view_set_list(t->maker, t->view, "finder_slots");
	ir__statement *statements;

	make_selects(t);
	if (!ir__statements(t->maker->arena, t->model, &statements))
		t->maker->failed = true;
	for (const ir__statement *s = statements; s != NULL; s = s->next) {
		view_statement(t, list, s);
		if (s->finder != NULL)
			ir__view_add_text(t->maker, slots, s->slot);
	}
}

/* The columns of a constraint as numbers; none where it is not about columns alone. */
static void view_constraint_columns(tables *t, ir__view *view, const ir_field *const *fields, size_t count)
{
	append_numbers(t->text, fields, count);
	ir__view_take(t->maker, view, "numbers", t->text);
	ir__view_printf(t->maker, view, "count", "%zu", count);
}

static void view_constraint(tables *t, ir__view *list, const ir_constraint *constraint)
{
	static const char *const kinds[] = { "DBW_PRIMARY_KEY", "DBW_UNIQUE", "DBW_FOREIGN_KEY",
		"DBW_CHECK" };
	const ir_relation *relation = constraint->relation;
	ir__view *view = ir__view_add_object(t->maker, list);

	ir__view_set_text(t->maker, view, "c_name", constraint->c_name);
	ir__view_set_text(t->maker, view, "kind", kinds[constraint->kind]);
	ir__view_set_text(t->maker, view, "name", constraint->name);
	ir__view_set_text(t->maker, view, "message", constraint->message);
	ir__view_set_text(
		t->maker, view, "target", constraint->kind == IR_FOREIGN ? relation->target->c_name : "");
	if (constraint->kind == IR_FOREIGN) {
		append_numbers(t->text, (const ir_field *const *)relation->references, relation->field_count);
		ir__view_take(t->maker, view, "target_numbers", t->text);
		view_constraint_columns(
			t, view, (const ir_field *const *)relation->fields, relation->field_count);
		return;
	}
	ir__view_set_text(t->maker, view, "target_numbers", "");
	const ir_index *index = constraint->kind == IR_CHECK ? NULL : constraint->index;
	size_t count = index == NULL ? 0 : index->part_count;
	const ir_field **fields = dbw_arena_alloc_zeroed(t->maker->arena, count + 1, sizeof *fields);

	if (fields == NULL) {
		t->maker->failed = true;
		return;
	}
	for (size_t i = 0; i < count; i++)
		fields[i] = index->parts[i].field;
	for (size_t i = 0; i < count; i++)
		if (fields[i] == NULL)
			count = 0;
	view_constraint_columns(t, view, fields, count);
}

/* The number of a column that a model may have. */
static void view_place(tables *t, const char *key, const ir_field *field)
{
	if (field == NULL)
		ir__view_set_text(t->maker, t->view, key, "DBW_NO_COLUMN");
	else
		ir__view_printf(t->maker, t->view, key, "%zu", field->number);
}

/* The columns that are read unless a query names others, and the bits of those that are left out; empty for all. */
static void view_reads(tables *t)
{
	const ir_model *model = t->model;
	uint64_t bits = 0;
	size_t count = 0;
	bool any = false;

	for (size_t i = 0; i < model->field_count; i++) {
		if (!model->fields[i]->on_demand)
			dbw_text_printf(t->text, "%s%zu", count++ == 0 ? "" : ", ", i);
	}
	if (count == model->field_count)
		dbw_text_truncate(t->text, 0);
	ir__view_take(t->maker, t->view, "read_numbers", t->text);
	ir__view_printf(t->maker, t->view, "read_count", "%zu", count);
	for (size_t i = 0; count != model->field_count && i < model->field_count; i++) {
		bits |= (uint64_t)model->fields[i]->on_demand << i % 64;
		if (i % 64 != 63 && i + 1 != model->field_count)
			continue;
		dbw_text_printf(t->text, "%sUINT64_C(0x%" PRIx64 ")", any ? ", " : "", bits);
		bits = 0;
		any = true;
	}
	ir__view_take(t->maker, t->view, "left_out", t->text);
}

static void view_tables(ir__view_maker *maker, ir__view *view, const ir_model *model, const ir__facts *facts)
{
	char storage[2048];
	dbw_text_buffer text;
	tables t = { .maker = maker, .model = model, .view = view, .text = &text };
	size_t count;
	const ir_constraint *const *incoming = ir__referenced_by(facts, model, &count);

	dbw_text_init(&text, storage, sizeof storage);
	ir__view *columns = ir__view_set_list(maker, view, "column_table");
	for (size_t i = 0; i < model->field_count; i++)
		view_column(&t, columns, model->fields[i]);
	ir__view_printf(maker, view, "column_count", "%zu", model->field_count);
	view_statements(&t);
	ir__view *constraints = ir__view_set_list(maker, view, "constraint_table");
	for (size_t i = 0; i < model->constraint_count; i++)
		view_constraint(&t, constraints, model->constraints[i]);
	ir__view_printf(maker, view, "constraint_count", "%zu", model->constraint_count);
	ir__view *pointing = ir__view_set_list(maker, view, "referenced_by");
	for (size_t i = 0; i < count; i++)
		ir__view_add_text(maker, pointing, incoming[i]->c_name);
	ir__view_printf(maker, view, "referenced_by_count", "%zu", count);
	append_numbers(&text, (const ir_field *const *)model->key, model->key_count);
	ir__view_take(maker, view, "key_numbers", &text);
	ir__view_printf(maker, view, "key_count", "%zu", model->key_count);
	view_place(&t, "id_number", ir__has_assigned_id(model) ? model->key[0] : NULL);
	view_place(&t, "version_number", model->version_field);
	view_place(&t, "deleted_at_number", model->deleted_at);
	ir__view_set_text(maker, view, "schema", model->schema->name.text);
	ir__view_set_text(maker, view, "declared", model->name.text);
	view_reads(&t);
	if (text.failed)
		maker->failed = true;
	dbw_text_clear(&text);
}

/* What the program's source defines or points to besides what it has of models: everything. */
static void use_all(ir__view_maker *maker, const ir_project *project, const ir_file *file, ir__view *schemas,
	ir__view *models)
{
	for (size_t i = 0; i < project->schema_count; i++) {
		const ir_schema *schema = project->schemas[i];

		ir__view_add_text(maker, schemas, schema->name.text);
		for (size_t j = 0; j < schema->model_count; j++)
			if (schema->models[j]->file != file)
				ir__view_add_text(maker, models, schema->models[j]->c_name);
	}
}

/* Appends a text that is not in the list yet. */
static void add_once(ir__view_maker *maker, ir__view *list, const char *text)
{
	if (list == NULL)
		return;
	for (const ir__view_member *member = list->first; member != NULL; member = member->next)
		if (strcmp(member->value->text, text) == 0)
			return;
	ir__view_add_text(maker, list, text);
}

void ir__view_source(ir__view_maker *maker, ir__view *view, const ir_project *project, const ir_file *file,
	const ir__facts *facts)
{
	ir__view *headers = ir__view_set_list(maker, view, "headers");
	ir__view *schemas = ir__view_set_list(maker, view, "schemas_used");
	ir__view *targets = ir__view_set_list(maker, view, "models_used");
	ir__view *others = ir__view_set_list(maker, view, "other_models_used");
	ir__view *constraints = ir__view_set_list(maker, view, "constraints_used");
	ir__view *models = ir__view_set_list(maker, view, "models");
	bool is_program = file == project->files[0];

	for (size_t i = 0; i < file->model_count; i++) {
		const ir_model *model = file->models[i];
		const char *header =
			dbw_arena_printf(maker->arena, "%s/%s.h", model->schema->name.text, model->name.text);
		size_t count;
		const ir_constraint *const *incoming = ir__referenced_by(facts, model, &count);

		if (header == NULL) {
			maker->failed = true;
			return;
		}
		ir__view_add_text(maker, headers, header);
		if (!is_program)
			add_once(maker, schemas, model->schema->name.text);
		ir__view_add_text(maker, targets, model->c_name);
		for (size_t j = 0; !is_program && j < model->constraint_count; j++)
			if (model->constraints[j]->kind == IR_FOREIGN &&
				model->constraints[j]->relation->target->file != file)
				add_once(maker, others, model->constraints[j]->relation->target->c_name);
		for (size_t j = 0; j < count; j++)
			if (incoming[j]->relation->model->file != file)
				ir__view_add_text(maker, constraints, incoming[j]->c_name);
	}
	if (is_program)
		use_all(maker, project, file, schemas, targets);
	for (size_t i = 0; i < file->model_count; i++) {
		ir__view *one = ir__view_add_object(maker, models);

		ir__view_model(maker, one, file->models[i], facts);
		view_tables(maker, one, file->models[i], facts);
	}
	ir__view_set_bool(maker, view, "is_program", is_program);
	if (is_program)
		ir__view_program(maker, view, project);
}

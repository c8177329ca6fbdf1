/* The fields that keys of the model add, and what a field may be on the engines of its schema. */
#include "checker.h"

#include <stdlib.h>
#include <string.h>

/* Adds a field that a key of the model makes, unless the user has one of that name. */
static ir_field *add_made(ir_checker *checker, ir_model *model, const char *name, dbw_position at,
	ir_type_id type, ir_origin origin, const char *key)
{
	ir_field *field = ir_find_field(model, name);

	if (field != NULL) {
		ir__check_error(checker, field->name.position, "duplicate-field",
			ir__check_format(checker, "rename it, or take \"%s\" away", key),
			"field \"%s\" in model \"%s\" is made by \"%s\"", name, model->name.text, key);
		return NULL;
	}
	field = ir__check_alloc(checker, 1, sizeof(*field));
	if (field == NULL)
		return NULL;
	field->name = (ir_word){ name, at };
	field->type_position = at;
	field->column = name;
	field->type = type;
	field->origin = origin;
	field->default_.position = at;
	return ir__add_field(checker, model, field) ? field : NULL;
}

void ir__check_model_fields(ir_checker *checker, ir_model *model)
{
	if (model->timestamps) {
		model->created_at = add_made(checker, model, "created_at", model->timestamps_position,
			IR_TIMESTAMP, IR_CREATED_AT, "timestamps");
		model->updated_at = add_made(checker, model, "updated_at", model->timestamps_position,
			IR_TIMESTAMP, IR_UPDATED_AT, "timestamps");
		if (model->created_at != NULL)
			model->created_at->default_.kind = IR_DEFAULT_NOW;
		if (model->updated_at != NULL)
			model->updated_at->default_.kind = IR_DEFAULT_NOW;
	}
	if (model->version) {
		model->version_field = add_made(
			checker, model, "version", model->version_position, IR_INT64, IR_VERSION, "version");
		if (model->version_field != NULL) {
			model->version_field->default_.kind = IR_DEFAULT_LITERAL;
			model->version_field->default_.literal.text = "1";
			model->version_field->default_.literal.length = 1;
			model->version_field->default_.literal.integer = 1;
		}
	}
	if (model->soft_delete) {
		model->deleted_at = add_made(checker, model, "deleted_at", model->soft_delete_position,
			IR_TIMESTAMP, IR_DELETED_AT, "soft_delete");
		if (model->deleted_at != NULL)
			model->deleted_at->nullable = true;
	}
}

/* Which storage a field has: its own word, else the schema's where the type has that choice. */
static void resolve_storage(ir_checker *checker, ir_field *field)
{
	const ir_schema *schema = field->model->schema;
	const ir_type *type = ir_type_of(field->type);

	if (field->storage == IR_STORAGE_TEXT && !schema->engines[DBW_SQLITE])
		ir__check_error(checker, field->storage_position, "contradiction", "take \"storage\" away",
			"field \"%s\" in model \"%s\" is to be stored as text in SQLite, which schema \"%s\" does not have",
			field->name.text, field->model->name.text, schema->name.text);
	if (field->storage == IR_STORAGE_NATIVE && !schema->engines[DBW_POSTGRESQL])
		ir__check_error(checker, field->storage_position, "contradiction", "take \"storage\" away",
			"field \"%s\" in model \"%s\" is to be a type of PostgreSQL, which schema \"%s\" does not have",
			field->name.text, field->model->name.text, schema->name.text);
	if (field->storage != IR_STORAGE_DEFAULT)
		return;
	if (field->type == IR_DECIMAL)
		/* Scaled integers hold 18 digits in SQLite; above, text. */
		field->storage = field->precision > 18 ? IR_STORAGE_TEXT : IR_STORAGE_DEFAULT;
	else if (schema->storage == IR_STORAGE_TEXT && type->sqlite_text != NULL)
		field->storage = IR_STORAGE_TEXT;
	else if (schema->storage == IR_STORAGE_NATIVE && field->type == IR_ENUM)
		field->storage = IR_STORAGE_NATIVE;
}

static void resolve_operators(ir_field *field)
{
	const ir_schema *schema = field->model->schema;

	field->operators = ir_type_of(field->type)->operators;
	/* Text of a fixed scale is equal byte by byte, and has no order. */
	if (field->type == IR_DECIMAL && field->precision > 18 && schema->engines[DBW_SQLITE])
		field->operators = IR_OP_EQUAL;
	/* A native enum is ordered by declaration, text by bytes. */
	if (field->type == IR_ENUM && field->storage == IR_STORAGE_NATIVE)
		field->operators = IR_OP_EQUAL;
}

const char *ir__sqlite_class(const ir_field *field)
{
	const ir_type *type = ir_type_of(field->type);

	return field->storage == IR_STORAGE_TEXT && type->sqlite_text != NULL ? type->sqlite_text
									      : type->sqlite;
}

static void check_collation(ir_checker *checker, ir_field *field)
{
	const ir_model *model = field->model;

	if (field->collation == NULL)
		return;
	if (model->schema->engines[DBW_SQLITE])
		ir__check_error(checker, field->collation_position, "engine-limit",
			"SQLite orders text by bytes: leave \"collation\" out, or take sqlite out of the schema's engines",
			"field \"%s\" in model \"%s\" has a collation, which SQLite does not have",
			field->name.text, model->name.text);
	else if (field->collation[0] == '\0' || strlen(field->collation) > IR_NAME_MAX ||
		 strchr(field->collation, '"') != NULL)
		ir__check_error(checker, field->collation_position, "bad-name", NULL,
			"field \"%s\" in model \"%s\" has a collation that is no name", field->name.text,
			model->name.text);
}

void ir__check_field_engines(ir_checker *checker, ir_field *field)
{
	const ir_model *model = field->model;

	if (field->broken)
		return;
	resolve_storage(checker, field);
	resolve_operators(field);
	ir__check_sql_type(checker, field);
	check_collation(checker, field);
	if (field->autoincrement && field->type == IR_ID && !model->schema->engines[DBW_SQLITE])
		ir__check_error(checker, field->autoincrement_position, "contradiction",
			"take \"autoincrement\" away",
			"field \"%s\" in model \"%s\" has \"autoincrement\", which is SQLite's, and schema \"%s\" does not have SQLite",
			field->name.text, model->name.text, model->schema->name.text);
}

/* Where the relation that made a field stands among its model's; 0 for all other fields. */
static size_t relation_place(const ir_field *field)
{
	const ir_model *model = field->model;

	if (field->origin != IR_FOREIGN_KEY)
		return 0;
	for (size_t i = 0; i < model->relation_count; i++)
		if (model->relations[i] == field->relation)
			return i;
	return model->relation_count;
}

/* The order of struct and DDL: by origin, made foreign keys in the order of relations, else as they are. */
static int compare_fields(const void *left, const void *right)
{
	const ir_field *a = *(ir_field *const *)left, *b = *(ir_field *const *)right;
	size_t a_place, b_place;

	if (a->origin != b->origin)
		return a->origin < b->origin ? -1 : 1;
	a_place = relation_place(a);
	b_place = relation_place(b);
	if (a_place != b_place)
		return a_place < b_place ? -1 : 1;
	return (a->number > b->number) - (a->number < b->number);
}

/* SQLITE_MAX_COLUMN is 2000 (https://www.sqlite.org/limits.html); PostgreSQL has 1600 (manual, appendix K). */
static void check_count(ir_checker *checker, const ir_model *model)
{
	size_t most = model->schema->engines[DBW_POSTGRESQL] ? 1600 : 2000;

	if (model->field_count > most)
		ir__check_error(checker, model->name.position, "engine-limit", "make two models of it",
			"model \"%s\" has %zu fields; a table has at most %zu columns", model->name.text,
			model->field_count, most);
}

void ir__order_fields(ir_checker *checker, ir_model *model)
{
	check_count(checker, model);
	for (size_t i = 0; i < model->field_count; i++)
		model->fields[i]->number = i;
	if (model->field_count != 0)
		qsort(model->fields, model->field_count, sizeof(ir_field *), compare_fields);
	for (size_t i = 0; i < model->field_count; i++) {
		ir_field *field = model->fields[i];

		field->number = i;
		model->reads_back |=
			field->generated.text != NULL || field->default_.kind == IR_DEFAULT_EXPRESSION;
	}
}

static bool is_indexed(const ir_model *model, const ir_field *field)
{
	for (size_t i = 0; i < model->index_count; i++)
		for (size_t j = 0; j < model->indexes[i]->part_count; j++)
			if (model->indexes[i]->parts[j].field == field)
				return true;
	return false;
}

static bool may_be_large(const ir_field *field)
{
	return field->type == IR_STRING || field->type == IR_TEXT || field->type == IR_BYTES ||
	       field->type == IR_JSON;
}

static bool is_computed(const ir_field *field)
{
	const ir_fragment *generated = &field->generated;

	return field->default_.kind == IR_DEFAULT_EXPRESSION || generated->text != NULL ||
	       generated->only[DBW_SQLITE] != NULL || generated->only[DBW_POSTGRESQL] != NULL;
}

/* Why a field is always read; NULL where it may be left out. */
static const char *why_always(const ir_model *model, const ir_field *field, const char **hint)
{
	*hint = "take \"load\" away";
	if (!may_be_large(field)) {
		*hint = "string, text, bytes and json can be loaded on demand: other values are small";
		return "is of a type that is always loaded";
	}
	if (field->in_key)
		return "is part of the key, which is always loaded";
	if (field->relation != NULL)
		return "is a foreign key, which is always loaded";
	if (is_computed(field))
		return "is computed by the database, and read back";
	if (is_indexed(model, field)) {
		*hint = "what is short enough for an index is short enough to be loaded; take one of the two away";
		return "stands in an index, and is always loaded";
	}
	return NULL;
}

void ir__check_on_demand(ir_checker *checker, ir_model *model)
{
	for (size_t i = 0; i < model->field_count; i++) {
		const ir_field *field = model->fields[i];
		const char *hint;
		const char *why;

		if (!field->on_demand || field->broken)
			continue;
		why = why_always(model, field, &hint);
		if (why != NULL)
			ir__check_error(checker, field->on_demand_position, "contradiction", hint,
				"field \"%s\" in model \"%s\" cannot be loaded on demand: it %s",
				field->name.text, model->name.text, why);
	}
}

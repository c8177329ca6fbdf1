/* Fields: the short form `name: text?` and the long form with keys. */
#include "loader.h"

#include <math.h>
#include <string.h>

static const char *const known_keys[] = { "type", "length", "precision", "scale", "values", "nullable",
	"default", "unique", "index", "comment", "c_name", "column", "sql_type", "storage", "collation",
	"sensitive", "generated", "autoincrement", "renamed_from", "load" };

static const ir_foreign_word foreign_keys[] = {
	{ "null", "write nullable: false, or nullable: true" },
	{ "not_null", "a field is NOT NULL unless it has a '?' or nullable: true" },
	{ "required", "a field is NOT NULL unless it has a '?' or nullable: true" },
	{ "optional", "write nullable: true, or a '?' behind the type" },
	{ "primary_key",
		"name the field in the \"key\" of the model, or write type: id for one that the database assigns" },
	{ "primary",
		"name the field in the \"key\" of the model, or write type: id for one that the database assigns" },
	{ "auto_increment", "write type: id for a key that the database assigns" },
	{ "references", "a foreign key is a relation: relations: {sensor: {belongs_to: sensor}}" },
	{ "foreign_key", "a foreign key is a relation: relations: {sensor: {belongs_to: sensor}}" },
	{ "size", "write length: the greatest number of characters" },
	{ "max_length", "write length: the greatest number of characters" },
	{ "enum", "write type: enum, and values: [a, b]" },
	{ "choices", "write type: enum, and values: [a, b]" },
	{ "description", "write comment:" },
	{ "check", "checks stand in the \"checks\" of the model" },
};
static const ir_keys field_keys = { known_keys, IR_COUNT(known_keys), NULL, 0, foreign_keys,
	IR_COUNT(foreign_keys) };

/* length, precision and scale: each by its key or in the brackets of the type, not both. */
static void load_number(ir_loader *loader, const dbw_yaml_node *node, const char *key, bool given,
	ir_field *field, uint32_t *out)
{
	const dbw_yaml_node *number = dbw_yaml_get(node, key);
	int64_t value;

	if (number == NULL || field->broken)
		return;
	if (given) {
		ir__load_error(loader, number->position, "given-twice", "keep one of the two",
			"%s has its %s in the type and by the key \"%s\"", ir__scope_text(loader), key, key);
		return;
	}
	if (!ir__load_int(loader, number, key, 0, INT32_MAX, &value))
		field->broken = true;
	*out = (uint32_t)value;
}

/* Keys that only one type has. */
static void check_type_keys(ir_loader *loader, const dbw_yaml_node *node, const ir_field *field)
{
	static const struct {
		const char *key;
		ir_type_arguments of;
		const char *hint;
	} only[] = {
		{ "length", IR_LENGTH, "only string has a length; text and bytes have none" },
		{ "precision", IR_PRECISION_SCALE, "only decimal has a precision" },
		{ "scale", IR_PRECISION_SCALE, "only decimal has a scale" },
		{ "values", IR_VALUES, "only enum has values" },
	};

	for (size_t i = 0; !field->broken && i < IR_COUNT(only); i++) {
		const dbw_yaml_pair *pair = dbw_yaml_find(node, only[i].key);

		if (pair != NULL && ir_type_of(field->type)->arguments != only[i].of)
			ir__load_error(loader, pair->key->position, "bad-type-arguments", only[i].hint,
				"%s is of type %s, which has no \"%s\"", ir__scope_text(loader),
				ir_type_of(field->type)->name, only[i].key);
	}
}

/* Infinities and NaN have no place in a column. */
static void load_number_default(const dbw_yaml_node *node, ir_default *out)
{
	out->integer_fits = dbw_yaml_as_int(node, &out->integer);
	out->number_fits = dbw_yaml_as_float(node, &out->number) && isfinite(out->number);
}

static void load_scalar_default(ir_loader *loader, const dbw_yaml_node *node, ir_default *out)
{
	out->text = node->of.text;
	out->length = node->count;
	out->kind = IR_DEFAULT_LITERAL;
	switch (node->type) {
	case DBW_YAML_BOOL: out->written = IR_WRITTEN_BOOL; break;
	case DBW_YAML_FLOAT:
	case DBW_YAML_INT:
		out->written = node->type == DBW_YAML_INT ? IR_WRITTEN_INT : IR_WRITTEN_FLOAT;
		load_number_default(node, out);
		break;
	case DBW_YAML_NULL:
		ir__load_error(loader, node->position, "null-default",
			"a nullable field without a default is NULL by itself: leave \"default\" out",
			"the default of %s cannot be null", ir__scope_text(loader));
		out->kind = IR_DEFAULT_NONE;
		break;
	case DBW_YAML_TEXT:
	case DBW_YAML_LIST:
	case DBW_YAML_MAP: out->written = IR_WRITTEN_TEXT; break;
	}
}

static void load_default(ir_loader *loader, const dbw_yaml_node *node, bool json, ir_default *out)
{
	static const char *const known[] = { "sql", "sqlite", "postgresql" };
	static const ir_keys keys = { known, IR_COUNT(known), NULL, 0, NULL, 0 };
	const ir_scope scope = { "default", NULL, loader->scope }, *outer = loader->scope;
	const dbw_yaml_pair *sql;

	out->position = node->position;
	if (node->kind == DBW_YAML_SCALAR) {
		load_scalar_default(loader, node, out);
		return;
	}
	if (node->kind == DBW_YAML_SEQUENCE || (json && node->count == 0)) {
		ir__load_error(loader, node->position, "wrong-kind",
			json ? "write the JSON as text: \"{}\", \"[]\""
			     : "write a value, or {sql: \"...\"} for an expression",
			"the default of %s cannot be %s", ir__scope_text(loader), dbw_yaml_describe(node));
		return;
	}
	loader->scope = &scope;
	sql = dbw_yaml_find(node, "sql");
	if (!ir__load_keys(loader, node, &keys))
		out->kind = IR_DEFAULT_NONE;
	else if (sql != NULL && node->count > 1)
		ir__load_error(loader, sql->key->position, "given-twice",
			"write {sql: \"...\"} for all engines, or {sqlite: \"...\", postgresql: \"...\"}",
			"%s has \"sql\" and an engine's own text", ir__scope_text(loader));
	else if (ir__load_fragment(loader, sql != NULL ? sql->value : node, "default", &out->expression))
		out->kind = IR_DEFAULT_EXPRESSION;
	loader->scope = outer;
}

static void load_nullable(ir_loader *loader, const dbw_yaml_node *node, ir_field *field)
{
	bool nullable;
	dbw_position at;

	if (!ir__get_bool(loader, node, "nullable", &nullable, &at))
		return;
	if (field->nullable && !nullable)
		ir__load_error(loader, at, "contradiction", "take the '?' away, or the key",
			"%s is nullable by the '?' of its type and not nullable by \"nullable\"",
			ir__scope_text(loader));
	field->nullable = field->nullable || nullable;
}

static void load_storage(ir_loader *loader, const dbw_yaml_node *node, ir_field *field)
{
	static const char *const choices[] = { "text", "native" };
	const dbw_yaml_node *storage = dbw_yaml_get(node, "storage");
	int choice;

	if (storage == NULL ||
		!ir__load_choice(loader, storage, "storage", choices, IR_COUNT(choices), &choice))
		return;
	field->storage = choice == 0 ? IR_STORAGE_TEXT : IR_STORAGE_NATIVE;
	field->storage_position = storage->position;
}

static void load_load(ir_loader *loader, const dbw_yaml_node *node, ir_field *field)
{
	static const char *const loads[] = { "on_demand" };
	const dbw_yaml_node *load = dbw_yaml_get(node, "load");
	int choice;

	if (load == NULL || !ir__load_choice(loader, load, "load", loads, IR_COUNT(loads), &choice))
		return;
	field->on_demand = true;
	field->on_demand_position = load->position;
}

static void load_words(ir_loader *loader, const dbw_yaml_node *node, ir_field *field)
{
	const dbw_yaml_node *sql_type = dbw_yaml_get(node, "sql_type");
	ir_word word;

	if (ir__get_text(loader, node, "comment", &word))
		field->comment = word.text;
	if (ir__get_name(loader, node, "c_name", &word)) {
		field->c_name = word.text;
		field->c_name_position = word.position;
		field->c_name_given = true;
	}
	if (ir__get_name(loader, node, "column", &word)) {
		field->column = word.text;
		field->column_position = word.position;
	}
	if (ir__get_text(loader, node, "collation", &word)) {
		field->collation = word.text;
		field->collation_position = word.position;
	}
	if (ir__get_name(loader, node, "renamed_from", &word)) {
		field->renamed_from = word.text;
		field->renamed_from_position = word.position;
	}
	if (sql_type != NULL) {
		field->sql_type_position = sql_type->position;
		if (ir__load_per_engine(loader, sql_type, "sql_type", field->sql_type) &&
			field->sql_type[DBW_SQLITE] == NULL && field->sql_type[DBW_POSTGRESQL] == NULL)
			ir__load_error(loader, sql_type->position, "empty-mapping",
				"write the type as one text, or one per engine",
				"\"sql_type\" of %s has no type", ir__scope_text(loader));
	}
}

/* "enum(a" of {type: enum(a, b)}: the rest of it would be reported as a key. */
static bool is_cut(const dbw_yaml_node *type)
{
	return type != NULL && type->type == DBW_YAML_TEXT && strchr(type->of.text, '(') != NULL &&
	       strchr(type->of.text, ')') == NULL;
}

static void load_long_form(ir_loader *loader, const dbw_yaml_node *node, ir_field *field)
{
	const dbw_yaml_node *type = dbw_yaml_get(node, "type"), *values = dbw_yaml_get(node, "values");
	const dbw_yaml_node *default_ = dbw_yaml_get(node, "default"),
			    *generated = dbw_yaml_get(node, "generated");
	bool length_given = false, precision_given = false;

	if (!is_cut(type))
		ir__load_keys(loader, node, &field_keys);
	if (type == NULL) {
		ir__load_error(loader, field->name.position, "missing-type", "write type: text, for instance",
			"%s has no type", ir__scope_text(loader));
		field->broken = true;
	} else {
		ir__load_type(loader, type, node, field, &length_given, &precision_given);
	}
	check_type_keys(loader, node, field);
	if (!field->broken && ir_type_of(field->type)->arguments == IR_LENGTH)
		load_number(loader, node, "length", length_given, field, &field->length);
	if (!field->broken && ir_type_of(field->type)->arguments == IR_PRECISION_SCALE) {
		load_number(loader, node, "precision", precision_given, field, &field->precision);
		load_number(loader, node, "scale", precision_given, field, &field->scale);
	}
	if (values != NULL && !field->broken && field->type == IR_ENUM && field->value_count != 0)
		ir__load_error(loader, values->position, "given-twice", "keep one of the two",
			"%s has its values in the type and by the key \"values\"", ir__scope_text(loader));
	else if (values != NULL && !field->broken && field->type == IR_ENUM)
		ir__load_values(loader, values, field);
	load_nullable(loader, node, field);
	load_storage(loader, node, field);
	load_load(loader, node, field);
	load_words(loader, node, field);
	ir__get_bool(loader, node, "unique", &field->unique, &field->unique_position);
	ir__get_bool(loader, node, "index", &field->index, NULL);
	ir__get_bool(loader, node, "sensitive", &field->sensitive, NULL);
	ir__get_bool(loader, node, "autoincrement", &field->autoincrement, &field->autoincrement_position);
	if (default_ != NULL)
		load_default(loader, default_, !field->broken && field->type == IR_JSON, &field->default_);
	if (generated != NULL)
		ir__load_fragment(loader, generated, "generated", &field->generated);
}

/* A relation among the fields: a common slip, worth more than "unknown key". */
static bool is_relation(const dbw_yaml_node *node)
{
	return dbw_yaml_get(node, "belongs_to") != NULL || dbw_yaml_get(node, "has_many") != NULL ||
	       dbw_yaml_get(node, "has_one") != NULL;
}

ir_field *ir__load_field(ir_loader *loader, const dbw_yaml_pair *pair)
{
	const ir_scope scope = { "field", pair->key->of.text, loader->scope }, *outer = loader->scope;
	ir_field *field = ir__load_alloc(loader, 1, sizeof(*field));
	bool length_given, precision_given;

	if (field == NULL || !ir__load_key_name(loader, pair->key, "field", &field->name))
		return NULL;
	loader->scope = &scope;
	field->type_position = pair->value->position;
	if (is_relation(pair->value)) {
		loader->scope = outer;
		ir__load_error(loader, pair->key->position, "misplaced",
			"move it under \"relations\"; a belongs_to makes its field itself",
			"\"%s\" is a relation among the fields of %s", pair->key->of.text,
			ir__scope_text(loader));
		return NULL;
	}
	if (pair->value->kind == DBW_YAML_MAPPING) {
		load_long_form(loader, pair->value, field);
	} else if (pair->value->kind == DBW_YAML_SEQUENCE) {
		ir__load_error(loader, pair->value->position, "wrong-kind",
			"write a type, as in text?, or a mapping with the key \"type\"",
			"%s cannot be a list", ir__scope_text(loader));
		field->broken = true;
	} else {
		ir__load_type(loader, pair->value, NULL, field, &length_given, &precision_given);
	}
	loader->scope = outer;
	return field;
}

void ir__load_fields(ir_loader *loader, const dbw_yaml_node *node, ir_field ***out, size_t *count)
{
	ir_field **fields;

	*out = NULL;
	*count = 0;
	if (node == NULL || !ir__load_mapping(loader, node, "fields"))
		return;
	fields = ir__load_alloc(loader, node->count + 1, sizeof(ir_field *));
	for (size_t i = 0; fields != NULL && i < node->count; i++) {
		ir_field *field = ir__load_field(loader, &node->of.pairs[i]);

		if (field != NULL)
			fields[(*count)++] = field;
	}
	*out = fields;
}

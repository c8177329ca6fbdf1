/* belongs_to: finds the other model, and finds or makes the foreign key's fields. */
#include "checker.h"

#include <string.h>

static void break_relation(ir_relation *relation)
{
	relation->broken = true;
	relation->model->broken = true;
}

ir_model *ir__find_target(ir_checker *checker, ir_relation *relation, ir_word name)
{
	const ir_project *project = checker->project;
	const ir_model *model = relation->model;
	ir_model *target = ir_find_model(model->schema, name.text);

	if (target != NULL)
		return target;
	break_relation(relation);
	for (size_t i = 0; i < project->schema_count && !project->incomplete; i++) {
		if (ir_find_model(project->schemas[i], name.text) == NULL)
			continue;
		ir__check_error(checker, name.position, "cross-schema",
			"schemas may live in different databases: keep the key as a plain field, or move the model",
			"relation \"%s\" in model \"%s\" leads to model \"%s\" of schema \"%s\"; relations cannot cross schemas",
			relation->name.text, model->name.text, name.text, project->schemas[i]->name.text);
		return NULL;
	}
	if (!project->incomplete)
		ir__check_error(checker, name.position, "unknown-model",
			ir__did_you_mean(checker, ir_suggest_model(model->schema, name.text)),
			"relation \"%s\" in model \"%s\" leads to the unknown model \"%s\"",
			relation->name.text, model->name.text, name.text);
	return NULL;
}

/* The columns on the other side: its key, or the field that `references` names. */
static bool find_references(ir_checker *checker, ir_relation *relation, unsigned depth)
{
	ir_model *target = relation->target;
	const ir_word name = relation->references_name;
	ir_field **field;

	if (name.text == NULL) {
		ir__check_key(checker, target, depth + 1);
		relation->references = target->key;
		relation->field_count = target->key_count;
		return target->key_count != 0;
	}
	field = ir__check_alloc(checker, 1, sizeof(ir_field *));
	if (field == NULL)
		return false;
	*field = ir_find_field(target, name.text);
	if (*field == NULL && !target->broken)
		ir__check_error(checker, name.position, "unknown-field",
			ir__did_you_mean(checker, ir_suggest_field(target, name.text)),
			"relation \"%s\" in model \"%s\" references the unknown field \"%s\" of model \"%s\"",
			relation->name.text, relation->model->name.text, name.text, target->name.text);
	relation->references = field;
	relation->field_count = 1;
	return *field != NULL;
}

/* An id is an int64 wherever it is pointed to from. */
static ir_type_id pointing_type(const ir_field *field)
{
	return field->type == IR_ID ? IR_INT64 : field->type;
}

static bool same_values(const ir_field *a, const ir_field *b)
{
	if (a->value_count != b->value_count)
		return false;
	for (size_t i = 0; i < a->value_count; i++)
		if (strcmp(a->values[i].word.text, b->values[i].word.text) != 0)
			return false;
	return true;
}

static bool same_type(const ir_field *a, const ir_field *b)
{
	return pointing_type(a) == pointing_type(b) && a->precision == b->precision && a->scale == b->scale &&
	       a->length == b->length && a->storage == b->storage && same_values(a, b);
}

/* "decimal(10,2)" for messages. */
static const char *type_text(ir_checker *checker, const ir_field *field)
{
	const char *name = ir_type_of(pointing_type(field))->name;

	switch (ir_type_of(field->type)->arguments) {
	case IR_LENGTH: return ir__check_format(checker, "%s(%u)", name, field->length);
	case IR_PRECISION_SCALE:
		return ir__check_format(checker, "%s(%u,%u)", name, field->precision, field->scale);
	case IR_VALUES: return ir__check_format(checker, "%s of its own values", name);
	case IR_NO_ARGUMENTS: break;
	}
	return field->storage == IR_STORAGE_TEXT ? ir__check_format(checker, "%s stored as text", name)
						 : name;
}

static bool same_text(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

/* A declared field that serves as foreign key. */
static bool use_field(ir_checker *checker, ir_relation *relation, ir_field *field, const ir_field *reference)
{
	const ir_model *model = relation->model;

	if (field->broken)
		return false;
	if (field->type == IR_ID || !same_type(field, reference)) {
		ir__check_error(checker, field->type_position, "type-mismatch",
			ir__check_format(checker, "make it %s, or take the field away: the relation makes it",
				type_text(checker, reference)),
			"field \"%s\" in model \"%s\" is %s and the foreign key of relation \"%s\", which needs %s",
			field->name.text, model->name.text,
			field->type == IR_ID ? "an id" : type_text(checker, field), relation->name.text,
			type_text(checker, reference));
		return false;
	}
	for (size_t i = 0; i < DBW_ENGINE_COUNT; i++) {
		if (!model->schema->engines[i] || same_text(field->sql_type[i], reference->sql_type[i]))
			continue;
		ir__check_error(checker, field->type_position, "type-mismatch",
			"give both the same sql_type, or take the field away: the relation makes it",
			"field \"%s\" in model \"%s\" is the foreign key of relation \"%s\" and has another sql_type than the field it points to",
			field->name.text, model->name.text, relation->name.text);
		return false;
	}
	if (relation->optional && !field->nullable) {
		ir__check_error(checker, relation->name.position, "contradiction",
			"make the field nullable with '?', or take \"optional\" away",
			"relation \"%s\" in model \"%s\" is optional and its field \"%s\" is not nullable",
			relation->name.text, model->name.text, field->name.text);
		return false;
	}
	if (relation->column.text != NULL || relation->c_name.text != NULL) {
		ir__check_error(checker,
			relation->column.text != NULL ? relation->column.position : relation->c_name.position,
			"contradiction", "say it at the field",
			"relation \"%s\" in model \"%s\" does not make its field \"%s\", which is declared",
			relation->name.text, model->name.text, field->name.text);
		return false;
	}
	/* Nothing writes to a generated column: not what SET does, nor what CASCADE does when the parent's key changes. */
	if (field->generated.text != NULL &&
		(relation->on_delete >= IR_SET_NULL || relation->on_update >= IR_CASCADE)) {
		ir__check_error(checker,
			relation->on_delete >= IR_SET_NULL ? relation->on_delete_position
							   : relation->on_update_position,
			"contradiction", NULL,
			"relation \"%s\" in model \"%s\" cannot set its field \"%s\", which is a generated column",
			relation->name.text, model->name.text, field->name.text);
		return false;
	}
	relation->optional = relation->optional || field->nullable;
	return true;
}

static ir_field *make_field(
	ir_checker *checker, ir_relation *relation, const char *name, const ir_field *reference)
{
	ir_field *field;

	if (strlen(name) > IR_NAME_MAX) {
		ir__check_error(checker, relation->name.position, "bad-name", "name it: field: short_name",
			"the field \"%s\" that relation \"%s\" in model \"%s\" makes is longer than 63 bytes",
			name, relation->name.text, relation->model->name.text);
		return NULL;
	}
	field = ir__check_alloc(checker, 1, sizeof(*field));
	if (field == NULL)
		return NULL;
	field->name = (ir_word){ name, relation->name.position };
	field->type = pointing_type(reference);
	field->type_position = relation->name.position;
	field->nullable = relation->optional;
	field->length = reference->length;
	field->precision = reference->precision;
	field->scale = reference->scale;
	field->storage = reference->storage;
	field->operators = reference->operators;
	field->collation = reference->collation;
	memcpy(field->sql_type, reference->sql_type, sizeof(field->sql_type));
	field->column =
		relation->column.text != NULL && relation->field_count == 1 ? relation->column.text : name;
	field->column_position = relation->column.position;
	if (relation->c_name.text != NULL && relation->field_count == 1) {
		field->c_name = relation->c_name.text;
		field->c_name_position = relation->c_name.position;
		field->c_name_given = true;
	}
	if (reference->value_count != 0) {
		field->values = ir__check_alloc(checker, reference->value_count, sizeof(*field->values));
		if (field->values == NULL)
			return NULL;
		memcpy(field->values, reference->values, reference->value_count * sizeof(*field->values));
		field->value_count = reference->value_count;
	}
	field->origin = IR_FOREIGN_KEY;
	field->relation = relation;
	return ir__add_field(checker, relation->model, field) ? field : NULL;
}

static bool find_fields(ir_checker *checker, ir_relation *relation)
{
	const ir_model *model = relation->model;

	if (relation->field_name_count != 0 && relation->field_name_count != relation->field_count) {
		ir__check_error(checker, relation->field_names[0].position, "wrong-count", NULL,
			"relation \"%s\" in model \"%s\" names %zu fields for the %zu that it points to",
			relation->name.text, model->name.text, relation->field_name_count,
			relation->field_count);
		return false;
	}
	if (relation->field_count > 1 && (relation->column.text != NULL || relation->c_name.text != NULL)) {
		ir__check_error(checker,
			relation->column.text != NULL ? relation->column.position : relation->c_name.position,
			"contradiction", "declare the fields, and name them with \"field\"",
			"relation \"%s\" in model \"%s\" makes several fields, which cannot share one name",
			relation->name.text, model->name.text);
		return false;
	}
	relation->fields = ir__check_alloc(checker, relation->field_count, sizeof(ir_field *));
	for (size_t i = 0; relation->fields != NULL && i < relation->field_count; i++) {
		ir_field *reference = relation->references[i], *field;
		const char *name;

		if (relation->field_name_count != 0)
			name = relation->field_names[i].text;
		else
			name = ir__check_format(checker, "%s_%s", relation->name.text, reference->name.text);
		if (name == NULL || reference->broken)
			return false;
		/* Each native enum is a type of its own on PostgreSQL, and types that differ do not refer to each other. */
		if (reference->type == IR_ENUM && reference->storage == IR_STORAGE_NATIVE) {
			ir__check_error(checker, relation->name.position, "type-mismatch",
				"store the enum as text, which is what it is without storage: native",
				"relation \"%s\" in model \"%s\" points to field \"%s\", which is an enum with a type of its own",
				relation->name.text, model->name.text, reference->name.text);
			return false;
		}
		field = ir_find_field(model, name);
		if (field != NULL && !use_field(checker, relation, field, reference))
			return false;
		if (field == NULL)
			field = make_field(checker, relation, name, reference);
		if (field == NULL)
			return false;
		if (field->relation == NULL)
			field->relation = relation;
		relation->fields[i] = field;
	}
	return relation->fields != NULL;
}

static void check_action(
	ir_checker *checker, ir_relation *relation, ir_action action, dbw_position at, const char *key)
{
	for (size_t i = 0; i < relation->field_count; i++) {
		const ir_field *field = relation->fields[i];

		if (action == IR_SET_NULL && !field->nullable) {
			ir__check_error(checker, at, "contradiction",
				"make the relation optional: true, or choose restrict or cascade",
				"relation \"%s\" in model \"%s\" has %s: set_null and is not optional",
				relation->name.text, relation->model->name.text, key);
			return;
		}
		if (action == IR_SET_DEFAULT && field->default_.kind == IR_DEFAULT_NONE) {
			ir__check_error(checker, at, "contradiction",
				ir__check_format(
					checker, "declare the field \"%s\" with a default", field->name.text),
				"relation \"%s\" in model \"%s\" has %s: set_default, and its field has no default",
				relation->name.text, relation->model->name.text, key);
			return;
		}
	}
}

void ir__check_belongs_to(ir_checker *checker, ir_relation *relation, unsigned depth)
{
	const ir_field *twin = ir_find_field(relation->model, relation->name.text);

	if (relation->mark != IR_UNSEEN)
		return;
	relation->mark = IR_IN_WORK;
	if (relation->broken)
		return;
	if (twin != NULL) {
		ir__check_error(checker, relation->name.position, "duplicate-name",
			"name the relation after the other model and the field after its key, as in user and user_id",
			"relation \"%s\" in model \"%s\" has the name of a field", relation->name.text,
			relation->model->name.text);
		break_relation(relation);
		return;
	}
	relation->target = ir__find_target(checker, relation, relation->target_name);
	if (relation->target == NULL)
		return;
	if (!find_references(checker, relation, depth) || !find_fields(checker, relation)) {
		break_relation(relation);
		return;
	}
	check_action(checker, relation, relation->on_delete, relation->on_delete_position, "on_delete");
	check_action(checker, relation, relation->on_update, relation->on_update_position, "on_update");
	relation->mark = IR_DONE;
}

void ir__drop_broken_relations(ir_model *model)
{
	size_t kept = 0;

	for (size_t i = 0; i < model->relation_count; i++)
		if (!model->relations[i]->broken)
			model->relations[kept++] = model->relations[i];
	model->relation_count = kept;
}

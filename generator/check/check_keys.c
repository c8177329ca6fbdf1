/* Primary keys. A key may consist of foreign keys, whose types come from the keys of other models. */
#include "checker.h"

#include <string.h>

/* Whether the relation could be the one that makes the field: it names it, or the field begins with its name. */
static bool may_make(const ir_relation *relation, const char *field)
{
	size_t length = strlen(relation->name.text);

	if (relation->kind != IR_BELONGS_TO)
		return false;
	for (size_t i = 0; i < relation->field_name_count; i++)
		if (strcmp(relation->field_names[i].text, field) == 0)
			return true;
	return relation->field_name_count == 0 && strncmp(relation->name.text, field, length) == 0 &&
	       field[length] == '_';
}

/* A field of the key; those that relations make are made now. */
static ir_field *find_key_field(ir_checker *checker, ir_model *model, const char *name, unsigned depth)
{
	ir_field *field = ir_find_field(model, name);

	for (size_t i = 0; field == NULL && i < model->relation_count; i++) {
		if (!may_make(model->relations[i], name))
			continue;
		ir__check_belongs_to(checker, model->relations[i], depth + 1);
		field = ir_find_field(model, name);
	}
	return field;
}

static bool check_key_field(
	ir_checker *checker, const ir_model *model, const ir_field *field, dbw_position at)
{
	const char *problem = NULL, *hint = NULL;

	if (field->broken)
		return false;
	if (field->nullable) {
		problem = "may be NULL";
		hint = field->origin == IR_FOREIGN_KEY ? "take \"optional\" away from the relation"
						       : "take the '?' or \"nullable\" away";
	} else if (field->type == IR_JSON || field->type == IR_FLOAT32 || field->type == IR_FLOAT64) {
		problem = field->type == IR_JSON ? "is json, which has no equality"
						 : "is a float, which is not exact";
	} else if (field->generated.text != NULL) {
		problem = "is a generated column";
	} else if (field->origin == IR_DELETED_AT || field->origin == IR_UPDATED_AT ||
		   field->origin == IR_VERSION) {
		problem = "changes with every update";
	}
	if (problem == NULL)
		return true;
	ir__check_error(checker, at, "bad-key", hint, "field \"%s\" in the key of model \"%s\" %s",
		field->name.text, model->name.text, problem);
	return false;
}

static ir_field *find_id(ir_checker *checker, const ir_model *model)
{
	ir_field *id = NULL;

	for (size_t i = 0; i < model->field_count; i++) {
		ir_field *field = model->fields[i];

		if (field->type != IR_ID || field->broken)
			continue;
		if (id != NULL)
			ir__check_error(checker, field->type_position, "bad-key",
				"use int64, or belongs_to for the key of another model",
				"model \"%s\" has two ids, \"%s\" and \"%s\"", model->name.text,
				id->name.text, field->name.text);
		else
			id = field;
	}
	return id;
}

/* The fields that `key:` names. */
static bool read_key(ir_checker *checker, ir_model *model, unsigned depth)
{
	bool good = true;

	for (size_t i = 0; i < model->key_name_count; i++) {
		const ir_word name = model->key_names[i];
		ir_field *field = find_key_field(checker, model, name.text, depth);

		for (size_t k = 0; field != NULL && k < model->key_count; k++) {
			if (model->key[k] != field)
				continue;
			ir__check_error(checker, name.position, "bad-key", NULL,
				"the key of model \"%s\" names field \"%s\" twice", model->name.text,
				name.text);
			return false;
		}
		if (field == NULL) {
			if (!model->broken)
				ir__check_error(checker, name.position, "unknown-field",
					ir__is_awaited(model, name.text)
						? "add the belongs_to that makes it to the relations of the model"
						: ir__did_you_mean(
							  checker, ir_suggest_field(model, name.text)),
					"the key of model \"%s\" names the unknown field \"%s\"",
					model->name.text, name.text);
			good = false;
		} else if (!check_key_field(checker, model, field, name.position)) {
			good = false;
		} else {
			model->key[model->key_count++] = field;
		}
	}
	return good;
}

static void report_no_key(ir_checker *checker, ir_model *model)
{
	const ir_field *candidate = ir_find_field(model, "id");

	if (model->broken)
		return;
	ir__check_error(checker, model->name.position, "no-key",
		candidate != NULL
			? "write id: id for a key that the database assigns, or key: id for one that you assign"
			: "add id: id to its fields, or name the fields of its key: key: [code]",
		"model \"%s\" has no key", model->name.text);
}

void ir__check_key(ir_checker *checker, ir_model *model, unsigned depth)
{
	ir_field *id;
	bool good = true;

	if (model->mark == IR_DONE)
		return;
	if (model->mark == IR_IN_WORK || depth > IR_KEY_DEPTH) {
		if (!model->broken)
			ir__check_error(checker, model->key_position, "bad-key",
				"give one of the models an id of its own",
				model->mark == IR_IN_WORK
					? "the key of model \"%s\" depends on itself by its relations"
					: "the key of model \"%s\" depends on too many other models",
				model->name.text);
		model->broken = true;
		return;
	}
	model->mark = IR_IN_WORK;
	id = find_id(checker, model);
	model->key = ir__check_alloc(checker, model->key_name_count + 1, sizeof(ir_field *));
	if (model->key == NULL)
		return;
	if (model->key_name_count != 0) {
		good = read_key(checker, model, depth);
		if (good && id != NULL && (model->key_count != 1 || model->key[0] != id)) {
			ir__check_error(checker, model->key_position, "bad-key",
				"leave \"key\" out, or make the id an int64",
				"the id of model \"%s\" has to be its whole key", model->name.text);
			good = false;
		}
	} else if (id != NULL) {
		model->key[model->key_count++] = id;
	} else {
		report_no_key(checker, model);
		good = false;
	}
	if (!good) {
		model->key_count = 0;
		model->broken = true;
	}
	for (size_t i = 0; i < model->key_count; i++)
		model->key[i]->in_key = true;
	model->mark = IR_DONE;
}

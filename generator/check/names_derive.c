/* The C names of a model: what it is called, its fields, enums, finders and constraints. */
#include "names_private.h"

#include <string.h>

static bool is_letter(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

static bool is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

void ir__append_upper(dbw_text_buffer *out, const char *text)
{
	size_t at = out->length;

	if (!dbw_text_append_z(out, text))
		return;
	for (; at < out->length; at++)
		if (out->data[at] >= 'a' && out->data[at] <= 'z')
			out->data[at] = (char)(out->data[at] - 'a' + 'A');
}

/*
 * An enum's value as a part of its enumerator: letters and digits, with one '_' for whatever stands between
 * them.
 */
static void append_value(dbw_text_buffer *out, const char *value)
{
	bool gap = false;

	for (size_t start = out->length; *value != '\0'; value++) {
		char letter[2] = { *value, '\0' };

		if (!is_letter(*value) && !is_digit(*value)) {
			gap = out->length > start;
			continue;
		}
		if (gap)
			dbw_text_append_char(out, '_');
		gap = false;
		ir__append_upper(out, letter);
	}
}

static void derive_values(ir__names *names, ir_model *model, ir_field *field)
{
	dbw_text_buffer *text = &names->text;

	dbw_text_truncate(text, 0);
	dbw_text_append_z(text, model->c_name);
	dbw_text_append_char(text, '_');
	dbw_text_append_z(text, field->c_name);
	field->enum_c_type = ir__names_keep(names);
	for (size_t i = 0; i < field->value_count; i++) {
		ir_enum_value *value = &field->values[i];
		size_t stem;

		dbw_text_truncate(text, 0);
		dbw_text_append_z(text, model->c_upper);
		dbw_text_append_char(text, '_');
		ir__append_upper(text, field->c_name);
		dbw_text_append_char(text, '_');
		stem = text->length;
		append_value(text, value->word.text);
		if (text->length > stem) {
			value->c_name = ir__names_keep(names);
			continue;
		}
		if (!text->failed)
			ir__names_report(names, DBW_SEVERITY_ERROR, value->word.position, "nameless-value",
				"an enumerator is made of the ASCII letters and digits of its value",
				"value \"%s\" of field \"%s\" in model \"%s\" has no letter or digit to name it by",
				value->word.text, field->name.text, model->name.text);
	}
}

static void derive_fields(ir__names *names, ir_model *model)
{
	for (size_t i = 0; i < model->field_count; i++) {
		ir_field *field = model->fields[i];

		if (!field->c_name_given || field->c_name == NULL)
			field->c_name = field->name.text;
		if (field->type == IR_ENUM)
			derive_values(names, model, field);
	}
}

/* Whether the index can be looked up by equality of all its columns, over all rows. */
static bool has_finder(const ir_index *index)
{
	bool partial = index->where.text != NULL;

	for (size_t i = 0; i < DBW_ENGINE_COUNT; i++)
		partial = partial || index->where.only[i] != NULL;
	if (partial || index->part_count == 0)
		return false;
	for (size_t i = 0; i < index->part_count; i++)
		if (index->parts[i].field == NULL || (index->parts[i].field->operators & IR_OP_EQUAL) == 0)
			return false;
	return true;
}

bool ir__same_fields(const ir_index *a, const ir_index *b)
{
	if (a->part_count != b->part_count)
		return false;
	for (size_t i = 0; i < a->part_count; i++)
		if (a->parts[i].field != b->parts[i].field)
			return false;
	return true;
}

/* Of two indexes over the same fields one makes the finder: the unique one, else the first. */
static void settle_finder(ir_model *model, size_t number)
{
	ir_index *index = model->indexes[number];

	for (size_t i = 0; i < number && index->finder[0] != '\0'; i++) {
		ir_index *before = model->indexes[i];

		if (before->finder[0] == '\0' || !ir__same_fields(before, index))
			continue;
		if (index->unique && !before->unique && !before->primary)
			before->finder = "";
		else
			index->finder = "";
	}
}

static void derive_finders(ir__names *names, ir_model *model)
{
	for (size_t i = 0; i < model->index_count; i++) {
		ir_index *index = model->indexes[i];
		const char *finder;

		index->finder = "";
		if (!has_finder(index))
			continue;
		dbw_text_truncate(&names->text, 0);
		for (size_t k = 0; k < index->part_count; k++) {
			if (k != 0)
				dbw_text_append(&names->text, "_and_", 5);
			dbw_text_append_z(&names->text, index->parts[k].field->c_name);
		}
		finder = ir__names_keep(names);
		if (finder != NULL)
			index->finder = finder;
		settle_finder(model, i);
	}
}

/* The name of an index without what its constant says anyway: the table before, "_key" after it. */
static void append_index_name(dbw_text_buffer *out, const ir_model *model, const char *name)
{
	size_t table = strlen(model->table.text), length;

	if (strncmp(name, model->table.text, table) == 0 && name[table] == '_' && name[table + 1] != '\0')
		name += table + 1;
	length = strlen(name);
	ir__append_upper(out, name);
	if (length > 4 && strcmp(name + length - 4, "_key") == 0)
		dbw_text_truncate(out, out->length - 4);
}

/* Appends "_EMAIL" for every field. False where the index has something else than fields. */
static bool append_index_fields(dbw_text_buffer *out, const ir_index *index)
{
	for (size_t i = 0; i < index->part_count; i++)
		if (index->parts[i].field == NULL)
			return false;
	for (size_t i = 0; i < index->part_count; i++) {
		dbw_text_append_char(out, '_');
		ir__append_upper(out, index->parts[i].field->c_name);
	}
	return true;
}

/*
 * Appends what follows the model's name in a constraint's constant. False for a constraint that is not
 * resolved.
 */
static bool append_constraint(dbw_text_buffer *out, const ir_model *model, const ir_constraint *constraint)
{
	switch (constraint->kind) {
	case IR_PRIMARY_KEY: dbw_text_append_z(out, "_PKEY"); return true;
	case IR_UNIQUE:
		if (constraint->index == NULL || constraint->index->name.text == NULL)
			return false;
		if (!append_index_fields(out, constraint->index)) {
			dbw_text_append_char(out, '_');
			append_index_name(out, model, constraint->index->name.text);
		}
		dbw_text_append_z(out, "_KEY");
		return true;
	case IR_FOREIGN:
		if (constraint->relation == NULL || constraint->relation->field_count == 0)
			return false;
		for (size_t i = 0; i < constraint->relation->field_count; i++) {
			if (constraint->relation->fields[i] == NULL)
				return false;
			dbw_text_append_char(out, '_');
			ir__append_upper(out, constraint->relation->fields[i]->c_name);
		}
		dbw_text_append_z(out, "_FKEY");
		return true;
	case IR_CHECK:
		if (constraint->check == NULL)
			return false;
		dbw_text_append_char(out, '_');
		ir__append_upper(out, constraint->check->name.text);
		dbw_text_append_z(out, "_CHECK");
		return true;
	}
	return false;
}

static void derive_constraints(ir__names *names, ir_model *model)
{
	for (size_t i = 0; i < model->constraint_count; i++) {
		dbw_text_truncate(&names->text, 0);
		dbw_text_append_z(&names->text, model->c_upper);
		if (append_constraint(&names->text, model, model->constraints[i]))
			model->constraints[i]->c_name = ir__names_keep(names);
	}
}

void ir__derive_c_names(ir__names *names, ir_model *model)
{
	const char *prefix = model->schema->prefix;

	dbw_text_truncate(&names->text, 0);
	if (prefix != NULL)
		dbw_text_append_z(&names->text, prefix);
	dbw_text_append_z(&names->text,
		model->c_name_given && model->c_name != NULL ? model->c_name : model->name.text);
	model->c_name = ir__names_keep(names);
	dbw_text_truncate(&names->text, 0);
	if (model->c_name != NULL)
		ir__append_upper(&names->text, model->c_name);
	model->c_upper = ir__names_keep(names);
	if (model->c_name == NULL || model->c_upper == NULL)
		return;
	derive_fields(names, model);
	derive_finders(names, model);
	derive_constraints(names, model);
}

/* The view of writes of many rows and of upserts: what c/writes.h and c/writes.c are filled with. */
#include "statements.h"
#include "view_model.h"

#include <string.h>

/* "dbw_text_assignment" for "dbw_text_filter". */
static void set_assignment_type(ir__view_maker *maker, ir__view *view, const ir_field *field)
{
	const char *filter = ir_type_of(field->type)->filter;

	if (field->type == IR_ENUM)
		ir__view_printf(maker, view, "type", "%s_assignment", field->enum_c_type);
	else
		ir__view_printf(maker, view, "type", "%.*sassignment",
			(int)(strlen(filter) - strlen("filter")), filter);
}

static void view_assignments(
	ir__view_maker *maker, ir__view *view, const ir_model *model, dbw_text_buffer *text)
{
	ir__view *list = ir__view_set_list(maker, view, "assignments");
	size_t count = 0;

	for (size_t i = 0; i < model->field_count; i++) {
		const ir_field *field = model->fields[i];

		if (!ir__is_writable(field))
			continue;
		ir__view *assignment = ir__view_add_object(maker, list);
		set_assignment_type(maker, assignment, field);
		ir__view_set_text(maker, assignment, "name", field->c_name);
		ir__view_printf(maker, assignment, "initialiser",
			field->nullable ? ".column = %zu, .offset = offsetof(%s_assignments, %s), "
					  ".null_offset = offsetof(%s_assignments, null_.%s)"
					: ".column = %zu, .offset = offsetof(%s_assignments, %s)",
			field->number, model->c_name, field->c_name, model->c_name, field->c_name);
		count++;
		if (field->nullable)
			dbw_text_printf(text, "%s%s", text->length == 0 ? "" : ", ", field->c_name);
	}
	ir__view_take(maker, view, "set_nulls", text);
	ir__view_printf(maker, view, "settable_count", "%zu", count);
}

static void view_unique_key(
	ir__view_maker *maker, ir__view *list, const ir_index *index, dbw_text_buffer *text)
{
	const ir_model *model = index->model;
	ir__view *view = ir__view_add_object(maker, list);

	ir__view_set_text(maker, view, "by", index->finder);
	ir__view_set_bool(maker, view, "primary", index->primary);
	ir__view_printf(maker, view, "slot", index->primary ? "DBW_STATEMENT_FIND" : "%s__find_by_%s",
		model->c_upper, index->finder);
	for (size_t i = 0; i < index->part_count; i++)
		ir__append_listed(text, index->parts[i].field->c_name, i, index->part_count);
	ir__view_take(maker, view, "words", text);
	ir__view_unique_key_comments(maker, view, index, text);
}

/* The type that lists of keys have: that of the key's filter. "" where the key has no filter, or several columns. */
static const char *key_list(ir__view_maker *maker, const ir_model *model)
{
	const ir_field *field = model->key[0];

	if (model->key_count != 1 || !ir__has_filter(field))
		return "";
	switch (field->type) {
	case IR_INT16:
	case IR_INT32: return "const int64_t ";
	case IR_FLOAT32: return "const double ";
	case IR_STRING:
	case IR_TEXT: return "const char *const ";
	default: break;
	}
	const char *type = dbw_arena_printf(maker->arena, "const %s", ir__c_type(maker, field, true));
	if (type == NULL)
		maker->failed = true;
	return type == NULL ? "" : type;
}

void ir__view_writes(ir__view_maker *maker, ir__view *view, const ir_model *model, dbw_text_buffer *text)
{
	view_assignments(maker, view, model, text);
	ir__view *keys = ir__view_set_list(maker, view, "unique_keys");
	view_unique_key(maker, keys, model->indexes[0], text);
	for (size_t i = 0; i < model->index_count; i++)
		if (ir__makes_finder(model->indexes[i]) && model->indexes[i]->unique)
			view_unique_key(maker, keys, model->indexes[i], text);
	ir__view_set_text(maker, view, "key_list", key_list(maker, model));
	ir__view_set_text(maker, view, "key_by", model->indexes[0]->finder);
}

#include "names_private.h"

void ir__thing_describe(dbw_text_buffer *out, const ir__thing *thing)
{
	switch (thing->kind) {
	case IR__PROJECT:
		dbw_text_printf(out, "project \"%s\"", ((const ir_project *)thing->item)->name.text);
		return;
	case IR__SCHEMA:
		dbw_text_printf(out, "schema \"%s\"", ((const ir_schema *)thing->item)->name.text);
		return;
	case IR__MODEL:
		dbw_text_printf(out, "model \"%s\"", ((const ir_model *)thing->item)->name.text);
		return;
	case IR__FIELD:
		dbw_text_printf(out, "field \"%s\"", ((const ir_field *)thing->item)->name.text);
		return;
	case IR__VALUE:
		dbw_text_printf(out, "value \"%s\" of field \"%s\"",
			((const ir_enum_value *)thing->item)->word.text, thing->field->name.text);
		return;
	case IR__INDEX:
		dbw_text_printf(out, "index \"%s\"", ((const ir_index *)thing->item)->name.text);
		return;
	case IR__RELATION:
		dbw_text_printf(out, "relation \"%s\"", ((const ir_relation *)thing->item)->name.text);
		return;
	case IR__CONSTRAINT:
		dbw_text_printf(out, "constraint \"%s\"", ((const ir_constraint *)thing->item)->name);
		return;
	case IR__FILE: dbw_text_printf(out, "\"%s\"", ((const ir_file *)thing->item)->name); return;
	case IR__WORD: dbw_text_append_z(out, "the system"); return;
	}
}

void ir__thing_describe_whole(dbw_text_buffer *out, const ir__thing *thing, bool schema)
{
	ir__thing_describe(out, thing);
	if (thing->model != NULL && thing->kind != IR__MODEL)
		dbw_text_printf(out, " in model \"%s\"", thing->model->name.text);
	if (thing->model != NULL && schema)
		dbw_text_printf(out, " in schema \"%s\"", thing->model->schema->name.text);
}

dbw_position ir__thing_position(const ir__thing *thing)
{
	dbw_position whole = { NULL, 0, 0 };

	switch (thing->kind) {
	case IR__PROJECT: return ((const ir_project *)thing->item)->name.position;
	case IR__SCHEMA: return ((const ir_schema *)thing->item)->name.position;
	case IR__MODEL: {
		const ir_model *model = thing->item;

		return model->c_name_given ? model->c_name_position : model->name.position;
	}
	case IR__FIELD: {
		const ir_field *field = thing->item;

		return field->c_name_given ? field->c_name_position : field->name.position;
	}
	case IR__VALUE: return ((const ir_enum_value *)thing->item)->word.position;
	case IR__INDEX: return ((const ir_index *)thing->item)->position;
	case IR__RELATION: return ((const ir_relation *)thing->item)->name.position;
	case IR__CONSTRAINT: return ((const ir_constraint *)thing->item)->position;
	case IR__FILE: whole.file = ((const ir_file *)thing->item)->path; return whole;
	case IR__WORD: return whole;
	}
	return whole;
}

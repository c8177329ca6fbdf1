#include "names_shape.h"

#include <string.h>

/* Who has identifiers of a shape. */
enum {
	OF_PROJECT = 1 << 0,
	OF_SCHEMA = 1 << 1,
	OF_MODEL = 1 << 2,
	OF_ENUM = 1 << 3,    /* A field; its C name is the variable part. */
	OF_KEY = 1 << 4,     /* The primary key; "id" or "a_and_b" is the variable part. */
	OF_UNIQUE = 1 << 5,  /* Any other unique index that makes a finder. */
	OF_INDEX = 1 << 6,   /* An index that makes a finder of many rows. */
	OF_RELATION = 1 << 7 /* Its name is the variable part. */
};

/* An identifier is the stem, `before`, the variable part of its owner, and `after`. */
struct shape {
	unsigned of;
	ir__shape_kind kind;
	const char *before, *after;
};

#define TYPE     IR__SHAPE_TYPE
#define FUNCTION IR__SHAPE_FUNCTION
#define OBJECT   IR__SHAPE_OBJECT
#define MACRO    IR__SHAPE_MACRO

/* The shapes of each owner stand together. */
static const struct shape shapes[] = {
	{ OF_ENUM, TYPE, "_", "" },
	{ OF_ENUM, TYPE, "_", "_filter" },
	{ OF_ENUM, TYPE, "_", "_assignment" },
	{ OF_ENUM, FUNCTION, "_", "_set" },
	{ OF_ENUM, FUNCTION, "_", "_eq" },
	{ OF_ENUM, FUNCTION, "_", "_ne" },
	{ OF_ENUM, FUNCTION, "_", "_in" },
	{ OF_ENUM, FUNCTION, "_", "_not_in" },
	{ OF_ENUM, MACRO, "_", "_when" },
	{ OF_ENUM, FUNCTION, "_", "_name" },
	{ OF_ENUM, FUNCTION, "_", "_parse" },

	{ OF_KEY | OF_UNIQUE, FUNCTION, "_find_by_", "" },
	{ OF_KEY | OF_UNIQUE, FUNCTION, "_upsert_by_", "" },
	{ OF_KEY | OF_UNIQUE, FUNCTION, "_insert_or_ignore_by_", "" },
	{ OF_KEY, FUNCTION, "_delete_by_", "" },
	{ OF_KEY, FUNCTION, "_purge_by_", "" },
	{ OF_KEY, FUNCTION, "_delete_many_by_", "" },
	{ OF_INDEX, FUNCTION, "_list_by_", "" },

	{ OF_RELATION, FUNCTION, "_load_", "" },

	{ OF_PROJECT, OBJECT, "_program", "" },
	{ OF_PROJECT, TYPE, "_databases", "" },
	{ OF_PROJECT, FUNCTION, "_databases_of", "" },

	{ OF_SCHEMA, TYPE, "_session", "" },
	{ OF_SCHEMA, TYPE, "_reader", "" },
	{ OF_SCHEMA, TYPE, "_database", "" },
	{ OF_SCHEMA, FUNCTION, "_database_of", "" },
	{ OF_SCHEMA, FUNCTION, "_begin", "" },
	{ OF_SCHEMA, FUNCTION, "_begin_with", "" },
	{ OF_SCHEMA, FUNCTION, "_read_begin", "" },
	{ OF_SCHEMA, FUNCTION, "_read_begin_with", "" },
	{ OF_SCHEMA, FUNCTION, "_begin_on", "" },
	{ OF_SCHEMA, FUNCTION, "_begin_on_with", "" },
	{ OF_SCHEMA, FUNCTION, "_read_begin_on", "" },
	{ OF_SCHEMA, FUNCTION, "_read_begin_on_with", "" },
	{ OF_SCHEMA, FUNCTION, "_commit", "" },
	{ OF_SCHEMA, FUNCTION, "_end", "" },
	{ OF_SCHEMA, FUNCTION, "_read_end", "" },
	{ OF_SCHEMA, FUNCTION, "_nest", "" },
	{ OF_SCHEMA, FUNCTION, "_transaction", "" },
	{ OF_SCHEMA, FUNCTION, "_transaction_on", "" },
	{ OF_SCHEMA, FUNCTION, "_cancel", "" },
	{ OF_SCHEMA, FUNCTION, "_create_tables", "" },
	{ OF_SCHEMA, FUNCTION, "_migrate", "" },
	{ OF_SCHEMA, FUNCTION, "_verify", "" },

	{ OF_MODEL, TYPE, "", "" },
	{ OF_MODEL, TYPE, "_list", "" },
	{ OF_MODEL, TYPE, "_query", "" },
	{ OF_MODEL, TYPE, "_filter", "" },
	{ OF_MODEL, TYPE, "_filters", "" },
	{ OF_MODEL, TYPE, "_nulls", "" },
	{ OF_MODEL, TYPE, "_match", "" },
	{ OF_MODEL, TYPE, "_order", "" },
	{ OF_MODEL, TYPE, "_columns", "" },
	{ OF_MODEL, TYPE, "_assignments", "" },
	{ OF_MODEL, TYPE, "_change", "" },
	{ OF_MODEL, TYPE, "_cursor", "" },
	{ OF_MODEL, TYPE, "_page", "" },
	{ OF_MODEL, FUNCTION, "_init", "" },
	{ OF_MODEL, FUNCTION, "_all_columns", "" },
	{ OF_MODEL, FUNCTION, "_every_column", "" },
	{ OF_MODEL, FUNCTION, "_insert", "" },
	{ OF_MODEL, FUNCTION, "_insert_many", "" },
	{ OF_MODEL, FUNCTION, "_load", "" },
	{ OF_MODEL, FUNCTION, "_update", "" },
	{ OF_MODEL, FUNCTION, "_update_where", "" },
	{ OF_MODEL, FUNCTION, "_delete_where", "" },
	{ OF_MODEL, FUNCTION, "_delete_all", "" },
	{ OF_MODEL, FUNCTION, "_find", "" },
	{ OF_MODEL, FUNCTION, "_find_one", "" },
	{ OF_MODEL, FUNCTION, "_find_page", "" },
	{ OF_MODEL, FUNCTION, "_count", "" },
	{ OF_MODEL, FUNCTION, "_exists", "" },
	{ OF_MODEL, FUNCTION, "_has", "" },
	{ OF_MODEL, FUNCTION, "_free", "" },
	{ OF_MODEL, FUNCTION, "_list_free", "" },
	{ OF_MODEL, FUNCTION, "_page_free", "" },
	{ OF_MODEL, FUNCTION, "_cursor_open", "" },
	{ OF_MODEL, FUNCTION, "_cursor_next", "" },
	{ OF_MODEL, FUNCTION, "_cursor_close", "" },
	{ OF_MODEL, FUNCTION, "_copy", "" },
	{ OF_MODEL, FUNCTION, "_equal", "" },
	{ OF_MODEL, FUNCTION, "_print", "" },
	{ OF_MODEL, FUNCTION, "_to_json", "" },
	{ OF_MODEL, FUNCTION, "_from_json", "" },
	{ OF_MODEL, FUNCTION, "_list_to_json", "" },
	{ OF_MODEL, FUNCTION, "_list_from_json", "" },
	{ OF_MODEL, FUNCTION, "_patch_json", "" },
	{ OF_MODEL, MACRO, "_each", "" },
	{ OF_MODEL, MACRO, "_INIT", "" },
	{ OF_MODEL, MACRO, "_ANY_OF", "" },
	{ OF_MODEL, MACRO, "_ALL_OF", "" },
	{ OF_MODEL, MACRO, "_NONE_OF", "" },
};

struct visit {
	ir__names *names;
	const ir__stem *stem;
	ir__shape_visitor *visitor;
	void *context;
};

/* Visits the identifiers of all shapes that `of` has. */
static void visit_shapes(const struct visit *visit, unsigned of, const char *variable, const ir__thing *thing)
{
	dbw_text_buffer *text = &visit->names->text;
	size_t length = strlen(variable);
	bool found = false;

	for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
		const struct shape *shape = &shapes[i];
		bool capitals = shape->before[0] == '_' && shape->before[1] >= 'A' && shape->before[1] <= 'Z';

		if ((shape->of & of) == 0) {
			if (found)
				return;
			continue;
		}
		found = true;
		dbw_text_truncate(text, 0);
		dbw_text_append_z(text, capitals ? visit->stem->upper : visit->stem->lower);
		dbw_text_append_z(text, shape->before);
		dbw_text_append(text, variable, length);
		dbw_text_append_z(text, shape->after);
		if (!text->failed)
			visit->visitor(
				visit->names, text->data, text->length, shape->kind, thing, visit->context);
	}
}

/* Visits an identifier that was made before, whole: an enumerator or a constraint's constant. */
static void visit_whole(
	const struct visit *visit, const char *name, ir__shape_kind kind, const ir__thing *thing)
{
	dbw_text_buffer *text = &visit->names->text;

	if (name == NULL)
		return;
	dbw_text_truncate(text, 0);
	if (dbw_text_append_z(text, name))
		visit->visitor(visit->names, text->data, text->length, kind, thing, visit->context);
}

static void visit_enum(const struct visit *visit, const ir_model *model, const ir_field *field)
{
	ir__thing thing = { IR__FIELD, field, model, field };

	visit_shapes(visit, OF_ENUM, field->c_name, &thing);
	for (size_t i = 0; i < field->value_count; i++) {
		ir__thing value = { IR__VALUE, &field->values[i], model, field };

		visit_whole(visit, field->values[i].c_name, IR__SHAPE_ENUMERATOR, &value);
	}
}

static void visit_model(const struct visit *visit, const ir_model *model)
{
	for (size_t i = 0; i < model->field_count; i++)
		if (model->fields[i]->type == IR_ENUM)
			visit_enum(visit, model, model->fields[i]);
	for (size_t i = 0; i < model->index_count; i++) {
		const ir_index *index = model->indexes[i];
		ir__thing thing = { IR__INDEX, index, model, NULL };

		if (index->finder[0] != '\0')
			visit_shapes(visit,
				index->primary  ? OF_KEY
				: index->unique ? OF_UNIQUE
						: OF_INDEX,
				index->finder, &thing);
	}
	for (size_t i = 0; i < model->relation_count; i++) {
		ir__thing thing = { IR__RELATION, model->relations[i], model, NULL };

		visit_shapes(visit, OF_RELATION, model->relations[i]->name.text, &thing);
	}
	for (size_t i = 0; i < model->constraint_count; i++) {
		ir__thing thing = { IR__CONSTRAINT, model->constraints[i], model, NULL };

		visit_whole(visit, model->constraints[i]->c_name, IR__SHAPE_OBJECT, &thing);
	}
}

void ir__shapes_visit(ir__names *names, const ir__stem *stem, bool fixed, bool variable,
	ir__shape_visitor *visitor, void *context)
{
	struct visit visit = { names, stem, visitor, context };

	if (fixed)
		visit_shapes(&visit,
			stem->thing.kind == IR__PROJECT  ? OF_PROJECT
			: stem->thing.kind == IR__SCHEMA ? OF_SCHEMA
							 : OF_MODEL,
			"", &stem->thing);
	if (variable && stem->thing.kind == IR__MODEL)
		visit_model(&visit, stem->thing.item);
}

#include "fixture_names.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void *make(struct build *build, size_t size)
{
	void *made = dbw_arena_alloc_zeroed(build->arena, 1, size);

	assert_non_null(made);
	return made;
}

dbw_position here(struct build *build)
{
	return (dbw_position){ "f.yaml", ++build->line, 1 };
}

static void add(struct build *build, ir_list *list, void *item)
{
	assert_true(ir_list_add(build->arena, list, item));
}

struct build begin(const char *project)
{
	struct build build = { .arena = dbw_arena_new(0), .diagnostics = dbw_diagnostics_new(0) };

	assert_non_null(build.arena);
	assert_non_null(build.diagnostics);
	build.project = make(&build, sizeof(*build.project));
	build.project->arena = build.arena;
	build.project->name = (ir_word){ project, here(&build) };
	return build;
}

struct schema *add_schema(struct build *build, const char *name)
{
	struct schema *schema = make(build, sizeof(*schema));

	schema->schema.name = (ir_word){ name, here(build) };
	schema->schema.prefix = "";
	add(build, &build->schemas, schema);
	build->project->schemas = (ir_schema **)build->schemas.items;
	build->project->schema_count = build->schemas.count;
	return schema;
}

ir_field *add_field(struct build *build, struct model *model, const char *name, ir_type_id type)
{
	ir_field *field = make(build, sizeof(*field));

	field->name = (ir_word){ name, here(build) };
	field->model = &model->model;
	field->column = name;
	field->type = type;
	field->operators = type == IR_JSON ? 0 : IR_OP_EQUAL;
	add(build, &model->fields, field);
	model->model.fields = (ir_field **)model->fields.items;
	model->model.field_count = model->fields.count;
	return field;
}

static ir_field *find_field(const struct model *model, const char *name, size_t length)
{
	for (size_t i = 0; i < model->model.field_count; i++)
		if (strlen(model->model.fields[i]->name.text) == length &&
			memcmp(model->model.fields[i]->name.text, name, length) == 0)
			return model->model.fields[i];
	fail_msg("no field %.*s", (int)length, name);
	return NULL;
}

ir_field *add_enum(struct build *build, struct model *model, const char *name, const char *values)
{
	ir_field *field = add_field(build, model, name, IR_ENUM);
	char *copy = dbw_arena_copy(build->arena, values, strlen(values));

	field->values = dbw_arena_alloc_zeroed(build->arena, 8, sizeof(*field->values));
	assert_non_null(field->values);
	while (copy != NULL) {
		char *end = strchr(copy, '|');

		if (end != NULL)
			*end++ = '\0';
		field->values[field->value_count++].word = (ir_word){ copy, here(build) };
		copy = end;
	}
	return field;
}

ir_constraint *add_constraint(
	struct build *build, struct model *model, ir_constraint_kind kind, dbw_position position)
{
	ir_constraint *constraint = make(build, sizeof(*constraint));

	constraint->kind = kind;
	constraint->position = position;
	add(build, &model->constraints, constraint);
	model->model.constraints = (ir_constraint **)model->constraints.items;
	model->model.constraint_count = model->constraints.count;
	return constraint;
}

ir_index *add_index(struct build *build, struct model *model, bool unique, const char *parts)
{
	ir_index *index = make(build, sizeof(*index));

	index->model = &model->model;
	index->position = here(build);
	index->unique = unique;
	index->create = true;
	index->parts = dbw_arena_alloc_zeroed(build->arena, 16, sizeof(*index->parts));
	assert_non_null(index->parts);
	while (*parts != '\0') {
		size_t length = strcspn(parts, " ");
		ir_index_part *part = &index->parts[index->part_count++];

		if (parts[0] == '(')
			part->expression.text = dbw_arena_copy(build->arena, parts, length);
		else
			part->field = find_field(model, parts, length);
		parts += length + (parts[length] == ' ');
	}
	add(build, &model->indexes, index);
	model->model.indexes = (ir_index **)model->indexes.items;
	model->model.index_count = model->indexes.count;
	if (unique) {
		index->constraint = add_constraint(build, model, IR_UNIQUE, index->position);
		index->constraint->index = index;
	}
	return index;
}

struct model *add_model(struct build *build, struct schema *schema, const char *name)
{
	struct model *model = make(build, sizeof(*model));
	ir_index *key;

	model->model.name = (ir_word){ name, here(build) };
	model->model.schema = &schema->schema;
	model->model.table = (ir_word){ name, { NULL, 0, 0 } };
	add(build, &schema->models, model);
	schema->schema.models = (ir_model **)schema->models.items;
	schema->schema.model_count = schema->models.count;
	add_field(build, model, "id", IR_ID);
	key = add_index(build, model, true, "id");
	key->primary = true;
	key->constraint->kind = IR_PRIMARY_KEY;
	return model;
}

ir_relation *add_relation(struct build *build, struct model *model, const char *name, ir_relation_kind kind)
{
	ir_relation *relation = make(build, sizeof(*relation));

	relation->name = (ir_word){ name, here(build) };
	relation->model = &model->model;
	relation->kind = kind;
	add(build, &model->relations, relation);
	model->model.relations = (ir_relation **)model->relations.items;
	model->model.relation_count = model->relations.count;
	return relation;
}

ir_relation *add_belongs_to(struct build *build, struct model *model, const char *name, const char *field)
{
	ir_relation *relation = add_relation(build, model, name, IR_BELONGS_TO);
	ir_constraint *constraint = add_constraint(build, model, IR_FOREIGN, relation->name.position);

	relation->fields = make(build, sizeof(*relation->fields));
	relation->fields[0] = add_field(build, model, field, IR_INT64);
	relation->fields[0]->origin = IR_FOREIGN_KEY;
	relation->field_count = 1;
	constraint->relation = relation;
	return relation;
}

void add_check(struct build *build, struct model *model, const char *name)
{
	ir_check *check = make(build, sizeof(*check));

	check->name = (ir_word){ name, here(build) };
	check->model = &model->model;
	check->constraint = add_constraint(build, model, IR_CHECK, check->name.position);
	check->constraint->check = check;
	add(build, &model->checks, check);
	model->model.checks = (ir_check **)model->checks.items;
	model->model.check_count = model->checks.count;
}

void finish(struct build *build)
{
	dbw_diagnostics_free(build->diagnostics);
	dbw_arena_free(build->arena);
}

void expect(struct build *build, const char *expected)
{
	dbw_text_buffer out;
	size_t errors = dbw_diagnostics_errors(build->diagnostics);
	bool good = ir_check_names(build->project, build->diagnostics);

	dbw_text_init(&out, NULL, 0);
	dbw_diagnostics_render(build->diagnostics, false, &out);
	assert_string_equal(out.data, expected);
	assert_int_equal(good, dbw_diagnostics_errors(build->diagnostics) == errors);
	dbw_text_clear(&out);
	finish(build);
}

struct build one_model(const char *model)
{
	struct build build = begin("shop");

	add_model(&build, add_schema(&build, "primary"), model);
	return build;
}

struct build one_field(const char *field)
{
	struct build build = begin("shop");

	add_field(&build, add_model(&build, add_schema(&build, "primary"), "user"), field, IR_TEXT);
	return build;
}

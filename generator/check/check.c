#include "checker.h"

#include <check/names.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

void ir__check_error(
	ir_checker *checker, dbw_position at, const char *code, const char *hint, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	dbw_vreport(checker->diagnostics, DBW_SEVERITY_ERROR, at, code, hint, format, arguments);
	va_end(arguments);
}

void *ir__check_alloc(ir_checker *checker, size_t count, size_t size)
{
	void *memory = dbw_arena_alloc_zeroed(checker->arena, count, size);

	if (memory == NULL)
		checker->out_of_memory = true;
	return memory;
}

char *ir__check_format(ir_checker *checker, const char *format, ...)
{
	va_list arguments;
	char *text;

	va_start(arguments, format);
	text = dbw_arena_vprintf(checker->arena, format, arguments);
	va_end(arguments);
	if (text == NULL)
		checker->out_of_memory = true;
	return text;
}

const char *ir__did_you_mean(ir_checker *checker, const char *word)
{
	return word == NULL ? NULL : ir__check_format(checker, "did you mean \"%s\"?", word);
}

/* Arrays of models grow by a handful of members: a new array each time is cheap enough, and needs no capacity. */
bool ir__add_field(ir_checker *checker, ir_model *model, ir_field *field)
{
	ir_field **fields = ir__check_alloc(checker, model->field_count + 1, sizeof(ir_field *));

	if (fields == NULL)
		return false;
	if (model->field_count != 0)
		memcpy(fields, model->fields, model->field_count * sizeof(ir_field *));
	fields[model->field_count++] = field;
	field->model = model;
	model->fields = fields;
	return true;
}

bool ir__add_index(ir_checker *checker, ir_model *model, ir_index *index)
{
	ir_index **indexes = ir__check_alloc(checker, model->index_count + 1, sizeof(ir_index *));

	if (indexes == NULL)
		return false;
	if (model->index_count != 0)
		memcpy(indexes, model->indexes, model->index_count * sizeof(ir_index *));
	indexes[model->index_count++] = index;
	index->model = model;
	model->indexes = indexes;
	return true;
}

static void report_rename(
	ir_checker *checker, const char *kind, ir_word name, const char *from, dbw_position at, bool exists)
{
	if (from == NULL)
		return;
	if (strcmp(from, name.text) == 0)
		ir__check_error(checker, at, "bad-rename", "\"renamed_from\" is the name it had before",
			"the %s \"%s\" cannot be renamed from itself", kind, name.text);
	else if (exists)
		ir__check_error(checker, at, "bad-rename", "take \"renamed_from\" away, or the other one",
			"the %s \"%s\" cannot be renamed from \"%s\", which is still declared", kind,
			name.text, from);
}

static void check_renames(ir_checker *checker, ir_model *model)
{
	report_rename(checker, "model", model->name, model->renamed_from, model->renamed_from_position,
		model->renamed_from != NULL && ir_find_model(model->schema, model->renamed_from) != NULL);
	for (size_t i = 0; i < model->field_count; i++) {
		const ir_field *field = model->fields[i];

		report_rename(checker, "field", field->name, field->renamed_from,
			field->renamed_from_position,
			field->renamed_from != NULL && ir_find_field(model, field->renamed_from) != NULL);
	}
}

/* The functions of one step for every model; a step begins when the one before is done for all. */
static void each_model(ir_checker *checker, void (*step)(ir_checker *, ir_model *))
{
	for (size_t s = 0; s < checker->project->schema_count && !checker->out_of_memory; s++) {
		const ir_schema *schema = checker->project->schemas[s];

		for (size_t i = 0; i < schema->model_count && !checker->out_of_memory; i++)
			step(checker, schema->models[i]);
	}
}

static void check_fields(ir_checker *checker, ir_model *model)
{
	char owner[128];

	if (model->table.text == NULL)
		model->table = model->name;
	snprintf(owner, sizeof(owner), "model \"%s\"", model->name.text);
	for (size_t i = 0; i < model->field_count; i++) {
		model->fields[i]->model = model;
		ir__check_field_type(checker, model->fields[i], owner);
	}
	ir__mix_in(checker, model);
	ir__check_model_fields(checker, model);
	for (size_t i = 0; i < model->field_count; i++)
		ir__check_field_engines(checker, model->fields[i]);
}

static void check_keys(ir_checker *checker, ir_model *model)
{
	ir__check_key(checker, model, 0);
	for (size_t i = 0; i < model->relation_count; i++)
		if (model->relations[i]->kind == IR_BELONGS_TO)
			ir__check_belongs_to(checker, model->relations[i], 0);
}

static void check_inverses(ir_checker *checker, ir_model *model)
{
	for (size_t i = 0; i < model->relation_count; i++)
		ir__check_inverse(checker, model->relations[i]);
}

static void finish_model(ir_checker *checker, ir_model *model)
{
	ir__drop_broken_relations(model);
	ir__make_constraints(checker, model);
}

bool ir_check_project(ir_project *project, dbw_diagnostics *diagnostics)
{
	ir_checker checker = { .project = project, .arena = project->arena, .diagnostics = diagnostics };
	size_t before = dbw_diagnostics_errors(diagnostics);

	ir__check_schemas(&checker);
	ir__check_mixins(&checker);
	each_model(&checker, check_fields);
	each_model(&checker, check_keys);
	each_model(&checker, ir__order_fields);
	each_model(&checker, check_renames);
	each_model(&checker, ir__check_indexes);
	each_model(&checker, ir__check_references);
	each_model(&checker, ir__check_on_demand);
	each_model(&checker, check_inverses);
	each_model(&checker, ir__check_fragments);
	ir__check_databases(&checker);
	ir__warn_of_takers(&checker);
	each_model(&checker, finish_model);
	for (size_t i = 0; i < project->schema_count && !checker.out_of_memory; i++)
		ir__order_models(&checker, project->schemas[i]);
	sqlite3_close(checker.scratch);
	if (checker.out_of_memory || dbw_diagnostics_failed(diagnostics)) {
		ir__check_error(
			&checker, (dbw_position){ NULL, 0, 0 }, "out-of-memory", NULL, "out of memory");
		return false;
	}
	ir_check_names(project, diagnostics);
	return dbw_diagnostics_errors(diagnostics) == before;
}

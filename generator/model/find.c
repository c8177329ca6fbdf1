#include <base/suggest.h>
#include <model/find.h>
#include <string.h>

ir_schema *ir_find_schema(const ir_project *project, const char *name)
{
	for (size_t i = 0; i < project->schema_count; i++)
		if (strcmp(project->schemas[i]->name.text, name) == 0)
			return project->schemas[i];
	return NULL;
}

ir_model *ir_find_model(const ir_schema *schema, const char *name)
{
	size_t low = 0, high = schema->model_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(name, schema->models[middle]->name.text);

		if (order == 0)
			return schema->models[middle];
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

ir_field *ir_find_field(const ir_model *model, const char *name)
{
	for (size_t i = 0; i < model->field_count; i++)
		if (strcmp(model->fields[i]->name.text, name) == 0)
			return model->fields[i];
	return NULL;
}

ir_field *ir_find_column(const ir_model *model, const char *column)
{
	for (size_t i = 0; i < model->field_count; i++)
		if (strcmp(model->fields[i]->column, column) == 0)
			return model->fields[i];
	return NULL;
}

ir_relation *ir_find_relation(const ir_model *model, const char *name)
{
	for (size_t i = 0; i < model->relation_count; i++)
		if (strcmp(model->relations[i]->name.text, name) == 0)
			return model->relations[i];
	return NULL;
}

const char *ir_suggest_field(const ir_model *model, const char *name)
{
	dbw_suggestion search;

	dbw_suggestion_begin(&search, name, strlen(name));
	for (size_t i = 0; i < model->field_count; i++)
		dbw_suggestion_offer(&search, model->fields[i]->name.text);
	return search.best;
}

const char *ir_suggest_model(const ir_schema *schema, const char *name)
{
	dbw_suggestion search;

	dbw_suggestion_begin(&search, name, strlen(name));
	for (size_t i = 0; i < schema->model_count; i++)
		dbw_suggestion_offer(&search, schema->models[i]->name.text);
	return search.best;
}

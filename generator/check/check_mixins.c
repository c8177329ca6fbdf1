/* Mixins: checked once where they stand, then copied into the models that name them. */
#include "checker.h"

#include <base/suggest.h>
#include <stdio.h>
#include <string.h>

void ir__check_mixins(ir_checker *checker)
{
	const ir_project *project = checker->project;
	char owner[128];

	for (size_t i = 0; i < project->mixin_count; i++) {
		const ir_mixin *mixin = project->mixins[i];

		snprintf(owner, sizeof(owner), "mixin \"%s\"", mixin->name.text);
		for (size_t k = 0; k < mixin->field_count; k++)
			ir__check_field_type(checker, mixin->fields[k], owner);
	}
}

static bool serves(const ir_mixin *mixin, const ir_model *model)
{
	return mixin->schema_name.text == NULL ||
	       strcmp(mixin->schema_name.text, model->schema->name.text) == 0;
}

/* The mixin of this name that the model's schema sees; without one, reports it. */
static const ir_mixin *find_mixin(ir_checker *checker, ir_model *model, ir_word name)
{
	const ir_project *project = checker->project;
	dbw_suggestion search;

	dbw_suggestion_begin(&search, name.text, strlen(name.text));
	for (size_t i = 0; i < project->mixin_count; i++) {
		const ir_mixin *mixin = project->mixins[i];

		if (!serves(mixin, model))
			continue;
		if (strcmp(mixin->name.text, name.text) == 0)
			return mixin;
		dbw_suggestion_offer(&search, mixin->name.text);
	}
	model->broken = true;
	if (!project->incomplete)
		ir__check_error(checker, name.position, "unknown-mixin",
			ir__did_you_mean(checker, search.best), "model \"%s\" names the unknown mixin \"%s\"",
			model->name.text, name.text);
	return NULL;
}

static void copy_field(ir_checker *checker, ir_model *model, const ir_mixin *mixin, const ir_field *from)
{
	ir_field *existing = ir_find_field(model, from->name.text), *field;

	if (existing != NULL) {
		ir__check_error(checker, existing->name.position, "duplicate-field",
			"take one of the two away",
			"field \"%s\" in model \"%s\" comes with the mixin \"%s\", too", from->name.text,
			model->name.text, mixin->name.text);
		dbw_report(checker->diagnostics, DBW_SEVERITY_NOTE, from->name.position, "duplicate-field",
			NULL, "the mixin declares it here");
		return;
	}
	field = ir__check_alloc(checker, 1, sizeof(*field));
	if (field == NULL)
		return;
	*field = *from;
	field->origin = IR_MIXED_IN;
	/* Enum values get C names of the model's own. */
	if (field->value_count != 0) {
		field->values = ir__check_alloc(checker, field->value_count, sizeof(*field->values));
		if (field->values == NULL)
			return;
		memcpy(field->values, from->values, from->value_count * sizeof(*field->values));
	}
	if (field->broken)
		model->broken = true;
	ir__add_field(checker, model, field);
}

static void copy_index(ir_checker *checker, ir_model *model, const ir_index *from)
{
	ir_index *index = ir__check_alloc(checker, 1, sizeof(*index));

	if (index == NULL)
		return;
	*index = *from;
	if (index->part_count != 0) {
		index->parts = ir__check_alloc(checker, from->part_count, sizeof(*index->parts));
		if (index->parts == NULL)
			return;
		memcpy(index->parts, from->parts, from->part_count * sizeof(*index->parts));
	}
	ir__add_index(checker, model, index);
}

static void copy_check(ir_checker *checker, ir_model *model, const ir_check *from)
{
	ir_check **checks, *check;

	for (size_t i = 0; i < model->check_count; i++) {
		if (strcmp(model->checks[i]->name.text, from->name.text) != 0)
			continue;
		ir__check_error(checker, model->checks[i]->name.position, "duplicate-name",
			"take one of the two away", "check \"%s\" in model \"%s\" comes with a mixin, too",
			from->name.text, model->name.text);
		return;
	}
	checks = ir__check_alloc(checker, model->check_count + 1, sizeof(ir_check *));
	check = ir__check_alloc(checker, 1, sizeof(*check));
	if (checks == NULL || check == NULL)
		return;
	if (model->check_count != 0)
		memcpy(checks, model->checks, model->check_count * sizeof(ir_check *));
	*check = *from;
	checks[model->check_count++] = check;
	model->checks = checks;
}

void ir__mix_in(ir_checker *checker, ir_model *model)
{
	for (size_t i = 0; i < model->mixin_name_count; i++) {
		const ir_mixin *mixin;
		bool twice = false;

		for (size_t k = 0; k < i; k++)
			twice |= strcmp(model->mixin_names[i].text, model->mixin_names[k].text) == 0;
		if (twice) {
			ir__check_error(checker, model->mixin_names[i].position, "duplicate-name", NULL,
				"model \"%s\" names the mixin \"%s\" twice", model->name.text,
				model->mixin_names[i].text);
			continue;
		}
		mixin = find_mixin(checker, model, model->mixin_names[i]);
		if (mixin == NULL)
			continue;
		for (size_t k = 0; k < mixin->field_count; k++)
			copy_field(checker, model, mixin, mixin->fields[k]);
		for (size_t k = 0; k < mixin->index_count; k++)
			copy_index(checker, model, mixin->indexes[k]);
		for (size_t k = 0; k < mixin->check_count; k++)
			copy_check(checker, model, mixin->checks[k]);
	}
}

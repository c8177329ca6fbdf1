/* The constraints of a model that a program can tell apart: key, uniques, foreign keys, checks, in this order. */
#include "checker.h"

static ir_constraint *add(ir_checker *checker, ir_model *model, ir_constraint_kind kind, dbw_position at)
{
	ir_constraint *constraint = ir__check_alloc(checker, 1, sizeof(*constraint));

	if (constraint == NULL)
		return NULL;
	constraint->kind = kind;
	constraint->position = at;
	model->constraints[model->constraint_count++] = constraint;
	return constraint;
}

void ir__make_constraints(ir_checker *checker, ir_model *model)
{
	size_t most = model->index_count + model->relation_count + model->check_count;
	ir_constraint *constraint;

	model->constraints = ir__check_alloc(checker, most + 1, sizeof(ir_constraint *));
	if (model->constraints == NULL)
		return;
	for (size_t i = 0; i < model->index_count; i++) {
		ir_index *index = model->indexes[i];

		if (!index->unique)
			continue;
		constraint =
			add(checker, model, index->primary ? IR_PRIMARY_KEY : IR_UNIQUE, index->position);
		if (constraint == NULL)
			return;
		constraint->index = index;
		constraint->message = index->message;
		index->constraint = constraint;
	}
	for (size_t i = 0; i < model->relation_count; i++) {
		if (model->relations[i]->kind != IR_BELONGS_TO)
			continue;
		constraint = add(checker, model, IR_FOREIGN, model->relations[i]->name.position);
		if (constraint == NULL)
			return;
		constraint->relation = model->relations[i];
	}
	for (size_t i = 0; i < model->check_count; i++) {
		constraint = add(checker, model, IR_CHECK, model->checks[i]->name.position);
		if (constraint == NULL)
			return;
		constraint->check = model->checks[i];
		constraint->message = model->checks[i]->message;
		model->checks[i]->constraint = constraint;
	}
}

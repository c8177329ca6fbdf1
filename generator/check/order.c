/* The order in which tables are made: parents first. */
#include "checker.h"

/* A model on the way down, and the next of its relations to look at. */
struct step {
	ir_model *model;
	size_t next;
};

/*
 * Depth first over parents. A foreign key that leads to a model still in work closes a cycle and is added later; one
 * to the model itself needs no order. The stack is an array, not calls: chains of models may be long.
 */
static void visit(ir_model *first, struct step *stack, ir_schema *schema, size_t *placed)
{
	size_t depth = 0;

	stack[depth++] = (struct step){ first, 0 };
	first->mark = IR_IN_WORK;
	while (depth != 0) {
		struct step *step = &stack[depth - 1];
		ir_relation *relation;

		if (step->next == step->model->relation_count) {
			step->model->mark = IR_DONE;
			schema->creation_order[(*placed)++] = step->model;
			depth--;
			continue;
		}
		relation = step->model->relations[step->next++];
		if (relation->kind != IR_BELONGS_TO || relation->target == step->model)
			continue;
		if (relation->target->mark == IR_IN_WORK) {
			relation->add_later = true;
		} else if (relation->target->mark == IR_UNSEEN) {
			relation->target->mark = IR_IN_WORK;
			stack[depth++] = (struct step){ relation->target, 0 };
		}
	}
}

void ir__order_models(ir_checker *checker, ir_schema *schema)
{
	struct step *stack = ir__check_alloc(checker, schema->model_count + 1, sizeof(*stack));
	size_t placed = 0;

	schema->creation_order = ir__check_alloc(checker, schema->model_count + 1, sizeof(ir_model *));
	if (stack == NULL || schema->creation_order == NULL)
		return;
	for (size_t i = 0; i < schema->model_count; i++)
		schema->models[i]->mark = IR_UNSEEN;
	for (size_t i = 0; i < schema->model_count; i++)
		if (schema->models[i]->mark == IR_UNSEEN)
			visit(schema->models[i], stack, schema, &placed);
}

/* has_many and has_one: each mirrors a belongs_to on the other side, or on the model between. */
#include "checker.h"

#include <string.h>

/* The belongs_to relations of `from` that lead to `to`, in a search. */
struct candidates {
	ir_relation *found;  /* The first one, or the one that was named. */
	ir_relation *second; /* Another one: not clear which is meant. */
};

static struct candidates find_candidates(const ir_model *from, const ir_model *to, const ir_relation *but)
{
	struct candidates result = { NULL, NULL };

	for (size_t i = 0; i < from->relation_count; i++) {
		ir_relation *relation = from->relations[i];

		if (relation->kind != IR_BELONGS_TO || relation->broken || relation->target != to ||
			relation == but)
			continue;
		if (result.found == NULL)
			result.found = relation;
		else if (result.second == NULL)
			result.second = relation;
	}
	return result;
}

static ir_relation *named_inverse(ir_checker *checker, const ir_relation *relation, const ir_model *from)
{
	const ir_word name = relation->inverse_name;
	ir_relation *inverse = ir_find_relation(from, name.text);

	if (inverse != NULL && inverse->broken)
		return NULL;
	if (inverse != NULL && inverse->kind == IR_BELONGS_TO && inverse->target == relation->model)
		return inverse;
	if (inverse == NULL && from->broken)
		return NULL;
	ir__check_error(checker, name.position, "bad-inverse", "name a belongs_to that leads back",
		inverse == NULL
			? "relation \"%s\" in model \"%s\": model \"%s\" has no relation \"%s\""
			: "relation \"%s\" in model \"%s\": the inverse in model \"%s\", \"%s\", does not lead back",
		relation->name.text, relation->model->name.text, from->name.text, name.text);
	return NULL;
}

/* The belongs_to of `from` that leads to the relation's model. */
static ir_relation *find_inverse(ir_checker *checker, const ir_relation *relation, const ir_model *from)
{
	const ir_model *model = relation->model;
	struct candidates candidates;

	if (relation->inverse_name.text != NULL)
		return named_inverse(checker, relation, from);
	candidates = find_candidates(from, model, NULL);
	if (candidates.second != NULL) {
		ir__check_error(checker, relation->name.position, "ambiguous-inverse",
			ir__check_format(checker, "write inverse: %s, or another one of them",
				candidates.found->name.text),
			"relation \"%s\" in model \"%s\" could mirror \"%s\" or \"%s\" of model \"%s\"",
			relation->name.text, model->name.text, candidates.found->name.text,
			candidates.second->name.text, from->name.text);
		return NULL;
	}
	if (candidates.found == NULL && !from->broken)
		ir__check_error(checker, relation->target_name.position, "no-inverse",
			ir__check_format(checker, "add to the relations of \"%s\": %s: {belongs_to: %s}",
				from->name.text, model->name.text, model->name.text),
			"relation \"%s\" in model \"%s\" needs a belongs_to in model \"%s\" that leads back",
			relation->name.text, model->name.text, from->name.text);
	return candidates.found;
}

static bool resolve_through(ir_checker *checker, ir_relation *relation)
{
	struct candidates far;
	const ir_model *through;

	relation->through = ir__find_target(checker, relation, relation->through_name);
	if (relation->through == NULL)
		return false;
	through = relation->through;
	relation->inverse = find_inverse(checker, relation, through);
	if (relation->inverse == NULL)
		return false;
	far = find_candidates(through, relation->target, relation->inverse);
	if (far.found == NULL || far.second != NULL) {
		if (far.second != NULL)
			ir__check_error(checker, relation->through_name.position, "ambiguous-inverse",
				ir__check_format(checker,
					"write {has_many: %s}, and follow its relations from there",
					through->name.text),
				"relation \"%s\" in model \"%s\" leads through model \"%s\", which belongs to model \"%s\" twice",
				relation->name.text, relation->model->name.text, through->name.text,
				relation->target->name.text);
		else if (!through->broken)
			ir__check_error(checker, relation->through_name.position, "no-inverse",
				ir__check_format(checker,
					"add to the relations of \"%s\": %s: {belongs_to: %s}",
					through->name.text, relation->target->name.text,
					relation->target->name.text),
				"relation \"%s\" in model \"%s\" leads through model \"%s\", which does not belong to model \"%s\"",
				relation->name.text, relation->model->name.text, through->name.text,
				relation->target->name.text);
		return false;
	}
	relation->far = far.found;
	return true;
}

static bool resolve(ir_checker *checker, ir_relation *relation)
{
	const ir_relation *inverse;

	if (ir_find_field(relation->model, relation->name.text) != NULL) {
		ir__check_error(checker, relation->name.position, "duplicate-name", "rename one of the two",
			"relation \"%s\" in model \"%s\" has the name of a field", relation->name.text,
			relation->model->name.text);
		return false;
	}
	relation->target = ir__find_target(checker, relation, relation->target_name);
	if (relation->target == NULL)
		return false;
	if (relation->through_name.text != NULL)
		return resolve_through(checker, relation);
	relation->inverse = find_inverse(checker, relation, relation->target);
	inverse = relation->inverse;
	if (inverse == NULL)
		return false;
	if (relation->kind == IR_HAS_ONE &&
		!ir__is_unique(inverse->model, inverse->fields, inverse->field_count)) {
		ir__check_error(checker, relation->name.position, "not-unique",
			ir__check_format(checker,
				"add unique: true to relation \"%s\" of model \"%s\", or write has_many",
				inverse->name.text, inverse->model->name.text),
			"relation \"%s\" in model \"%s\" is has_one, and several rows of model \"%s\" may belong to one",
			relation->name.text, relation->model->name.text, inverse->model->name.text);
		return false;
	}
	return true;
}

/* The inverse that a belongs_to names has to mirror it. */
static void check_named_mirror(ir_checker *checker, const ir_relation *relation)
{
	const ir_relation *mirror = ir_find_relation(relation->target, relation->inverse_name.text);

	if (mirror == NULL && relation->target->broken)
		return;
	if (mirror == NULL || mirror->kind == IR_BELONGS_TO ||
		(mirror->target_name.text != NULL &&
			strcmp(mirror->target_name.text, relation->model->name.text) != 0))
		ir__check_error(checker, relation->inverse_name.position, "bad-inverse",
			"name a has_many or has_one of the other model that leads back",
			"relation \"%s\" in model \"%s\": \"%s\" of model \"%s\" does not mirror it",
			relation->name.text, relation->model->name.text, relation->inverse_name.text,
			relation->target->name.text);
}

/* Whether a relation of `other` needs a belongs_to in `model`, which is not there. */
static bool misses_belongs_to(const ir_model *other, const ir_model *model)
{
	bool wanted = false;

	for (size_t i = 0; i < model->relation_count; i++)
		if (model->relations[i]->kind == IR_BELONGS_TO &&
			model->relations[i]->target_name.text != NULL &&
			strcmp(model->relations[i]->target_name.text, other->name.text) == 0)
			return false;
	for (size_t i = 0; i < other->relation_count && !wanted; i++) {
		const ir_relation *relation = other->relations[i];
		const char *name = relation->through_name.text != NULL ? relation->through_name.text
								       : relation->target_name.text;

		wanted = relation->kind != IR_BELONGS_TO && relation->inverse_name.text == NULL &&
			 name != NULL && strcmp(name, model->name.text) == 0;
	}
	return wanted;
}

bool ir__is_awaited(const ir_model *model, const char *field)
{
	for (size_t i = 0; i < model->schema->model_count; i++) {
		const ir_model *other = model->schema->models[i];
		size_t length = strlen(other->name.text);

		if (strncmp(other->name.text, field, length) == 0 && field[length] == '_' &&
			misses_belongs_to(other, model))
			return true;
	}
	return false;
}

void ir__check_inverse(ir_checker *checker, ir_relation *relation)
{
	if (relation->kind == IR_BELONGS_TO) {
		if (!relation->broken && relation->inverse_name.text != NULL)
			check_named_mirror(checker, relation);
		return;
	}
	if (!relation->broken && !resolve(checker, relation))
		relation->broken = true;
}

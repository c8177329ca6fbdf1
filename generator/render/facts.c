#include "view_model.h"

#include <stdlib.h>
#include <string.h>

/* A foreign key by where it points; `place` keeps the order of those that point to one model. */
typedef struct incoming {
	const ir_model *target;
	size_t place;
	const ir_constraint *constraint;
} incoming;

struct ir__facts {
	const char **names; /* open addressing; the size is a power of two, at least half of it empty */
	size_t size;
	incoming *incoming;                /* sorted by target */
	const ir_constraint **constraints; /* of the same order */
	size_t incoming_count;
};

/* What is added to the name of a model, and to that of an enum, to make a type. */
static const char *const model_types[] = { "", "_list", "_query", "_filter", "_nulls", "_order", "_columns",
	"_cursor" };
static const char *const enum_types[] = { "", "_filter", "_opt" };

enum {
	MODEL_TYPES = sizeof model_types / sizeof *model_types,
	ENUM_TYPES = sizeof enum_types / sizeof *enum_types,
	SCHEMA_TYPES = 2,
};

/* The place of a name, or the empty one where it belongs. */
static size_t find(const ir__facts *facts, const char *name)
{
	size_t at = ir__view_hash(name, strlen(name)) & (facts->size - 1);

	while (facts->names[at] != NULL && strcmp(facts->names[at], name) != 0)
		at = (at + 1) & (facts->size - 1);
	return at;
}

static bool add(dbw_arena *arena, ir__facts *facts, const char *stem, const char *ending)
{
	const char *name = dbw_arena_printf(arena, "%s%s", stem, ending);

	if (name != NULL)
		facts->names[find(facts, name)] = name;
	return name != NULL;
}

static bool add_model(dbw_arena *arena, ir__facts *facts, const ir_model *model)
{
	bool done = true;

	for (size_t i = 0; done && i < MODEL_TYPES; i++)
		done = add(arena, facts, model->c_name, model_types[i]);
	for (size_t i = 0; i < model->field_count; i++)
		for (size_t j = 0; done && model->fields[i]->type == IR_ENUM && j < ENUM_TYPES; j++)
			done = add(arena, facts, model->fields[i]->enum_c_type, enum_types[j]);
	return done;
}

/* The most names there can be, and the number of foreign keys. */
static size_t count_all(const ir_project *project, size_t *foreign)
{
	size_t names = 0;

	*foreign = 0;
	for (size_t i = 0; i < project->schema_count; i++) {
		const ir_schema *schema = project->schemas[i];

		names += SCHEMA_TYPES;
		for (size_t j = 0; j < schema->model_count; j++) {
			const ir_model *model = schema->models[j];

			names += MODEL_TYPES + ENUM_TYPES * model->field_count;
			for (size_t k = 0; k < model->constraint_count; k++)
				*foreign += model->constraints[k]->kind == IR_FOREIGN ? 1 : 0;
		}
	}
	return names;
}

static bool collect(dbw_arena *arena, ir__facts *facts, const ir_schema *schema)
{
	bool done = add(arena, facts, schema->name.text, "_session") &&
		    add(arena, facts, schema->name.text, "_reader");

	for (size_t i = 0; done && i < schema->model_count; i++) {
		const ir_model *model = schema->models[i];

		done = add_model(arena, facts, model);
		for (size_t j = 0; j < model->constraint_count; j++)
			if (model->constraints[j]->kind == IR_FOREIGN) {
				facts->incoming[facts->incoming_count] =
					(incoming){ .target = model->constraints[j]->relation->target,
						.place = facts->incoming_count,
						.constraint = model->constraints[j] };
				facts->incoming_count++;
			}
	}
	return done;
}

static int compare_targets(const ir_model *a, const ir_model *b)
{
	return ((uintptr_t)a > (uintptr_t)b) - ((uintptr_t)a < (uintptr_t)b);
}

static int compare(const void *left, const void *right)
{
	const incoming *a = left;
	const incoming *b = right;
	int order = compare_targets(a->target, b->target);

	return order != 0 ? order : (a->place > b->place) - (a->place < b->place);
}

const ir__facts *ir__facts_of(dbw_arena *arena, const ir_project *project)
{
	ir__facts *facts = dbw_arena_alloc_zeroed(arena, 1, sizeof *facts);
	size_t foreign;
	size_t names = count_all(project, &foreign);
	bool done = true;

	if (facts == NULL)
		return NULL;
	for (facts->size = 64; facts->size < 2 * names;)
		facts->size *= 2;
	facts->names = dbw_arena_alloc_zeroed(arena, facts->size, sizeof *facts->names);
	facts->incoming = dbw_arena_alloc_zeroed(arena, foreign + 1, sizeof *facts->incoming);
	facts->constraints = dbw_arena_alloc_zeroed(arena, foreign + 1, sizeof *facts->constraints);
	if (facts->names == NULL || facts->incoming == NULL || facts->constraints == NULL)
		return NULL;
	for (size_t i = 0; done && i < project->schema_count; i++)
		done = collect(arena, facts, project->schemas[i]);
	qsort(facts->incoming, facts->incoming_count, sizeof *facts->incoming, compare);
	for (size_t i = 0; i < facts->incoming_count; i++)
		facts->constraints[i] = facts->incoming[i].constraint;
	return done ? facts : NULL;
}

bool ir__is_type_name(const ir__facts *facts, const char *name)
{
	return facts->names[find(facts, name)] != NULL;
}

const ir_constraint *const *ir__referenced_by(const ir__facts *facts, const ir_model *model, size_t *count)
{
	size_t low = 0, high = facts->incoming_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare_targets(facts->incoming[middle].target, model) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	*count = 0;
	while (low + *count < facts->incoming_count && facts->incoming[low + *count].target == model)
		++*count;
	return (const ir_constraint *const *)facts->constraints + low;
}

/* Indexes: the primary key, those that fields and relations imply, and the declared ones. */
#include "checker.h"

#include <string.h>

/* An index over fields, made by the checker. */
static ir_index *make_index(
	ir_checker *checker, ir_model *model, ir_field *const *fields, size_t count, dbw_position at)
{
	ir_index *index = ir__check_alloc(checker, 1, sizeof(*index));

	if (index == NULL)
		return NULL;
	index->position = at;
	index->implied = true;
	index->create = true;
	index->parts = ir__check_alloc(checker, count, sizeof(*index->parts));
	if (index->parts == NULL)
		return NULL;
	for (size_t i = 0; i < count; i++) {
		index->parts[i].field_name = fields[i]->name;
		index->parts[i].field = fields[i];
		index->parts[i].position = at;
	}
	index->part_count = count;
	return ir__add_index(checker, model, index) ? index : NULL;
}

static bool is_partial(const ir_index *index)
{
	return index->where.text != NULL || (index->unique && !index->primary && index->model->soft_delete);
}

/* Whether the first parts of the index are these fields, in order. */
static bool begins_with(const ir_index *index, ir_field *const *fields, size_t count)
{
	if (index->part_count < count)
		return false;
	for (size_t i = 0; i < count; i++)
		if (index->parts[i].field != fields[i])
			return false;
	return true;
}

static bool has_field(const ir_index *index, const ir_field *field)
{
	for (size_t i = 0; i < index->part_count; i++)
		if (index->parts[i].field == field)
			return true;
	return false;
}

/* Whether the columns of the index are exactly these fields, in any order. */
static bool is_over(const ir_index *index, ir_field *const *fields, size_t count)
{
	if (index->part_count != count)
		return false;
	for (size_t i = 0; i < count; i++)
		if (!has_field(index, fields[i]))
			return false;
	return true;
}

bool ir__is_unique(const ir_model *model, ir_field *const *fields, size_t count)
{
	/* One row per owner among the living is one row for has_one: that a soft delete makes it partial is fine. */
	for (size_t i = 0; i < model->index_count; i++)
		if (model->indexes[i]->unique && model->indexes[i]->where.text == NULL &&
			is_over(model->indexes[i], fields, count))
			return true;
	return false;
}

static bool check_part(ir_checker *checker, const ir_model *model, const ir_index *index, size_t place)
{
	ir_index_part *part = &index->parts[place];
	bool first;

	if (part->expression.text != NULL)
		return true;
	part->field = ir_find_field(model, part->field_name.text);
	if (part->field == NULL) {
		if (!model->broken && !ir__is_awaited(model, part->field_name.text))
			ir__check_error(checker, part->field_name.position, "unknown-field",
				ir__did_you_mean(checker, ir_suggest_field(model, part->field_name.text)),
				"an index in model \"%s\" names the unknown field \"%s\"", model->name.text,
				part->field_name.text);
		return false;
	}
	if (part->field->broken)
		return false;
	for (size_t i = 0; i < place; i++) {
		if (index->parts[i].field != part->field)
			continue;
		ir__check_error(checker, part->field_name.position, "bad-index", NULL,
			"an index in model \"%s\" names field \"%s\" twice", model->name.text,
			part->field->name.text);
		return false;
	}
	if (part->field->type == IR_JSON) {
		ir__check_error(checker, part->field_name.position, "bad-index",
			"index an expression over one of its members instead",
			"an index in model \"%s\" cannot have field \"%s\", which is json", model->name.text,
			part->field->name.text);
		return false;
	}
	first = part->nulls == IR_NULLS_FIRST;
	if (part->nulls != IR_NULLS_DEFAULT && first == part->descending &&
		model->schema->engines[DBW_SQLITE]) {
		ir__check_error(checker, part->position, "engine-limit",
			"SQLite puts NULLs first in ascending and last in descending order: leave \"nulls\" out",
			"an index in model \"%s\" has the NULLs of field \"%s\" where SQLite cannot put them",
			model->name.text, part->field->name.text);
		return false;
	}
	return true;
}

/* PostgreSQL: INDEX_MAX_KEYS is 32 (manual, CREATE INDEX). SQLite takes as many as a table has columns. */
static bool check_width(ir_checker *checker, const ir_model *model, const ir_index *index)
{
	enum { WIDEST = 32 };

	if (!model->schema->engines[DBW_POSTGRESQL] || index->part_count <= WIDEST)
		return true;
	ir__check_error(checker, index->position, "engine-limit", NULL,
		"%s of model \"%s\" has %zu fields; on PostgreSQL an index has at most %d",
		index->primary ? "the key" : "an index", model->name.text, index->part_count, WIDEST);
	return false;
}

static void resolve_index(ir_checker *checker, ir_model *model, ir_index *index)
{
	index->model = model;
	index->broken = index->broken || !check_width(checker, model, index);
	for (size_t i = 0; !index->broken && i < index->part_count; i++)
		index->broken = !check_part(checker, model, index, i);
	if (index->message != NULL && !index->unique && !index->broken)
		ir__check_error(checker, index->position, "contradiction",
			"add unique: true, or take \"message\" away",
			"an index in model \"%s\" has a message and is not unique: nothing can violate it",
			model->name.text);
}

static bool same_text(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static bool is_expression(const ir_index *index)
{
	return index->part_count != 0 && index->parts[0].expression.text != NULL;
}

static bool same_index(const ir_index *a, const ir_index *b)
{
	if (a->unique != b->unique || a->part_count != b->part_count ||
		!same_text(a->where.text, b->where.text))
		return false;
	for (size_t i = 0; i < a->part_count; i++)
		if (a->parts[i].field != b->parts[i].field ||
			a->parts[i].descending != b->parts[i].descending ||
			!same_text(a->parts[i].expression.text, b->parts[i].expression.text))
			return false;
	return true;
}

/* Both unique, over the same columns: SQLite tells a violated index by its columns alone. */
static bool same_columns(const ir_index *a, const ir_index *b)
{
	if (!a->unique || !b->unique || is_expression(a) || is_expression(b) ||
		a->part_count != b->part_count)
		return false;
	for (size_t i = 0; i < a->part_count; i++)
		if (!has_field(a, b->parts[i].field))
			return false;
	return true;
}

static void check_pair(ir_checker *checker, const ir_model *model, const ir_index *first, ir_index *second)
{
	const char *problem;

	if (same_columns(first, second))
		problem = first->primary
				  ? "a unique index over the columns of its key, which is unique anyway"
				  : "two unique indexes over the same columns";
	else if (same_index(first, second))
		problem = "the same index twice";
	else
		return;
	ir__check_error(checker, second->position, "duplicate-index",
		first->primary ? "take it away" : "take one of them away", "model \"%s\" has %s",
		model->name.text, problem);
	dbw_report(checker->diagnostics, DBW_SEVERITY_NOTE, first->position, "duplicate-index", NULL,
		"the first one is here");
	second->broken = true;
}

static void check_pairs(ir_checker *checker, ir_model *model)
{
	for (size_t i = 0; i < model->index_count; i++)
		for (size_t k = 0; k < i && !model->indexes[i]->broken; k++)
			if (!model->indexes[k]->broken)
				check_pair(checker, model, model->indexes[k], model->indexes[i]);
}

/* The index that a foreign key wants: deleting a parent looks for its children. */
static void add_relation_index(ir_checker *checker, ir_model *model, const ir_relation *relation)
{
	ir_field *const *fields = relation->fields;
	size_t count = relation->field_count;
	bool served = false;
	ir_index *index;

	if (relation->unique) {
		if (ir__is_unique(model, fields, count))
			return;
		index = make_index(checker, model, fields, count, relation->name.position);
		if (index != NULL)
			index->unique = true;
		return;
	}
	if (!relation->index)
		return;
	for (size_t i = 0; i < model->index_count; i++) {
		const ir_index *other = model->indexes[i];

		if (is_partial(other) || !begins_with(other, fields, count))
			continue;
		if (other->part_count == count)
			return;
		served = true;
	}
	/* What another index serves needs no index of its own, yet still makes a finder. */
	index = make_index(checker, model, fields, count, relation->name.position);
	if (index != NULL && served)
		index->create = false;
}

static void add_field_indexes(ir_checker *checker, ir_model *model)
{
	for (size_t i = 0; i < model->field_count; i++) {
		ir_field *field = model->fields[i];
		dbw_position at = field->unique ? field->unique_position : field->name.position;
		ir_index *index;

		if (field->broken || (!field->unique && !field->index))
			continue;
		if (field->type == IR_JSON) {
			ir__check_error(checker, at, "bad-index", NULL,
				"field \"%s\" in model \"%s\" is json, which cannot be indexed",
				field->name.text, model->name.text);
			continue;
		}
		index = make_index(checker, model, &field, 1, at);
		if (index != NULL)
			index->unique = field->unique;
	}
}

static void drop_broken(ir_model *model)
{
	size_t kept = 0;

	for (size_t i = 0; i < model->index_count; i++)
		if (!model->indexes[i]->broken)
			model->indexes[kept++] = model->indexes[i];
	model->index_count = kept;
}

void ir__check_indexes(ir_checker *checker, ir_model *model)
{
	ir_index **declared = model->indexes, *primary;
	size_t declared_count = model->index_count;

	model->indexes = NULL;
	model->index_count = 0;
	if (model->key_count != 0) {
		primary = make_index(checker, model, model->key, model->key_count,
			model->key_name_count != 0 ? model->key_position : model->key[0]->name.position);
		if (primary == NULL)
			return;
		primary->primary = primary->unique = true;
		primary->create = false;
		check_width(checker, model, primary);
	}
	add_field_indexes(checker, model);
	for (size_t i = 0; i < declared_count; i++) {
		resolve_index(checker, model, declared[i]);
		ir__add_index(checker, model, declared[i]);
	}
	check_pairs(checker, model);
	drop_broken(model);
	for (size_t i = 0; i < model->relation_count; i++)
		if (model->relations[i]->kind == IR_BELONGS_TO && !model->relations[i]->broken)
			add_relation_index(checker, model, model->relations[i]);
	for (size_t i = 0; i < model->index_count; i++) {
		ir_index *index = model->indexes[i];

		index->only_live = model->deleted_at != NULL && index->unique && !index->primary &&
				   index->where.text == NULL;
	}
}

void ir__check_references(ir_checker *checker, ir_model *model)
{
	for (size_t i = 0; i < model->relation_count; i++) {
		ir_relation *relation = model->relations[i];
		const ir_model *target = relation->target;
		const ir_field *field;

		if (relation->kind != IR_BELONGS_TO || relation->broken ||
			relation->references_name.text == NULL)
			continue;
		field = relation->references[0];
		if (target->key_count == 1 && target->key[0] == field)
			continue;
		if (!ir__is_unique(target, relation->references, 1)) {
			ir__check_error(checker, relation->references_name.position, "not-unique",
				ir__check_format(checker, "add unique: true to field \"%s\" of model \"%s\"",
					field->name.text, target->name.text),
				"relation \"%s\" in model \"%s\" references field \"%s\" of model \"%s\", which is not unique",
				relation->name.text, model->name.text, field->name.text, target->name.text);
			relation->broken = true;
		} else if (target->soft_delete) {
			ir__check_error(checker, relation->references_name.position, "not-unique",
				"reference the key: leave \"references\" out",
				"relation \"%s\" in model \"%s\" references field \"%s\" of model \"%s\", which is unique among the rows that are not deleted only",
				relation->name.text, model->name.text, field->name.text, target->name.text);
			relation->broken = true;
		}
	}
}

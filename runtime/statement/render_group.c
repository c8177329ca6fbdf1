#include "render_group.h"

#include "render_key.h"

#include <statement/render.h>

#include <string.h>

dbw__filters dbw__group_at(const dbw_model *model, const void *filter, unsigned group)
{
	dbw__filters filters;

	/* The members are of the model's own type, which has the same layout under another name. */
	memcpy(&filters, (const char *)filter + model->groups[group], sizeof filters);
	return filters;
}

static unsigned what_at(const char *items, size_t place)
{
	dbw__key_item item;

	memcpy(&item, items + place * sizeof item, sizeof item);
	return item.what;
}

bool dbw__group_has_parts(const char *items, size_t place)
{
	size_t parts = 0;
	unsigned depth = 0;

	for (;; place++) {
		switch (what_at(items, place)) {
		case DBW__GROUP_BEGIN:
			if (depth++ == 0)
				parts++;
			break;
		case DBW__GROUP_OR:
			if (depth == 0)
				return parts > 1;
			break;
		case DBW__GROUP_END_ANY:
		case DBW__GROUP_END_NONE:
			if (depth-- == 0)
				return parts > 1;
			break;
		default:
			if (depth == 0)
				parts++;
			break;
		}
	}
}

size_t dbw__group_height(const char *items, size_t size)
{
	/* The most that one condition takes: a range in two halves. */
	enum { CONDITION = 4 };
	struct level {
		size_t terms, members; /* of the filter so far, of the group so far */
		size_t highest_term, highest_member;
	} levels[DBW_GROUP_DEPTH + 1] = { { 0, 0, 0, 0 } };
	struct level *level = levels;

	for (size_t i = 0; i < size / sizeof(dbw__key_item); i++) {
		const unsigned what = what_at(items, i);
		size_t term = CONDITION;

		if (what == DBW__GROUP_BEGIN) {
			*++level = (struct level){ 0, 0, 0, 0 };
			continue;
		}
		if (what == DBW__GROUP_OR || what == DBW__GROUP_END_ANY || what == DBW__GROUP_END_NONE) {
			const size_t member = level->terms + level->highest_term;

			level->members++;
			if (member > level->highest_member)
				level->highest_member = member;
			level->terms = level->highest_term = 0;
			if (what == DBW__GROUP_OR)
				continue;
			term = level->members + level->highest_member + 1;
			level--;
		}
		level->terms++;
		if (term > level->highest_term)
			level->highest_term = term;
	}
	return level->terms + level->highest_term;
}

/* What is known of a filter before any row is seen. */
enum truth { NEVER, DEPENDS, ALWAYS };

static enum truth truth_of(const dbw_model *model, const char *filter, unsigned depth);

static enum truth truth_of_columns(const dbw_model *model, const char *filter)
{
	enum truth truth = ALWAYS;

	for (uint16_t i = 0; i < model->column_count; i++) {
		const dbw_column *column = &model->columns[i];

		if (column->filter_offset != DBW_NO_MEMBER) {
			dbw_predicate predicate;

			memcpy(&predicate, filter + column->filter_offset, sizeof predicate);
			if (!dbw__predicate_is_made(&predicate))
				return DEPENDS;
			if (predicate.operator_ == DBW_OPERATOR_IN && predicate.count == 0)
				return NEVER;
			if (predicate.operator_ != DBW_OPERATOR_NONE &&
				(predicate.operator_ != DBW_OPERATOR_NOT_IN || predicate.count != 0))
				truth = DEPENDS;
		}
		if ((column->flags & DBW_COLUMN_NULLABLE) != 0) {
			dbw_nullness nullness;

			memcpy(&nullness, filter + column->null_offset, sizeof nullness);
			if (nullness != DBW_NULL_OR_NOT)
				truth = DEPENDS;
		}
	}
	return truth;
}

static enum truth truth_of_group(
	const dbw_model *model, unsigned group, const dbw__filters *filters, unsigned depth)
{
	const char *items = filters->items;
	enum truth least = ALWAYS;
	enum truth most = NEVER;

	if (items == NULL)
		return filters->count == 0 ? ALWAYS : DEPENDS;
	/* Deeper is refused elsewhere. */
	if (depth == DBW_GROUP_DEPTH)
		return DEPENDS;
	for (size_t i = 0; i < filters->count; i++) {
		const enum truth truth = truth_of(model, items + i * model->filter_size, depth + 1);

		if (truth < least)
			least = truth;
		if (truth > most)
			most = truth;
	}
	switch (group) {
	case DBW__GROUP_ALL_OF: return least;
	case DBW__GROUP_ANY_OF: return most;
	default: return most == NEVER ? ALWAYS : most == ALWAYS ? NEVER : DEPENDS;
	}
}

static enum truth truth_of(const dbw_model *model, const char *filter, unsigned depth)
{
	enum truth truth = truth_of_columns(model, filter);

	for (unsigned group = 0; model->filter_size != 0 && group < DBW__GROUP_KINDS; group++) {
		const dbw__filters filters = dbw__group_at(model, filter, group);
		const enum truth other = truth_of_group(model, group, &filters, depth);

		if (other < truth)
			truth = other;
	}
	return truth;
}

bool dbw__filter_is_empty(const dbw_model *model, const void *filter)
{
	return truth_of(model, filter, 0) == ALWAYS;
}

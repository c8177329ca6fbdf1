/* Mappings once they are read: duplicate keys, the merge key, the index. */
#include <string.h>

#include "key_index.h"
#include "parser.h"

/* A table of keys under construction. */
struct table {
	const dbw_yaml_pair *pairs;
	size_t count;
	uint32_t *index; /* NULL while the pairs are few. */
	uint32_t mask;
};

static bool table_begin(
	struct dbw__parse *parse, struct table *table, const dbw_yaml_pair *pairs, size_t expected)
{
	uint32_t size = dbw__key_index_size(expected);

	table->pairs = pairs;
	table->count = 0;
	table->index = NULL;
	table->mask = size == 0 ? 0 : size - 1;
	if (size == 0)
		return true;
	table->index = dbw_arena_alloc_zeroed(parse->arena, size, sizeof(*table->index));
	if (table->index == NULL)
		dbw__parse_out_of_memory(parse);
	return table->index != NULL;
}

/* Takes in the pair that stands at `count` of the array. */
static void table_add(struct table *table)
{
	if (table->index != NULL)
		dbw__key_index_add(table->index, table->mask, table->pairs, table->count);
	table->count++;
}

static const dbw_yaml_pair *table_find(const struct table *table, const dbw_yaml_node *key)
{
	return dbw__yaml_key_find(
		table->pairs, table->count, table->index, table->mask, key->of.text, key->count);
}

void dbw__report_duplicate(struct dbw__parse *parse, const dbw_yaml_node *first, const dbw_yaml_node *key)
{
	dbw__parse_error(parse, key->position, "duplicate-key", NULL, "duplicate key \"%s\"", key->of.text);
	dbw_report(parse->diagnostics, DBW_SEVERITY_NOTE, first->position, "duplicate-key", NULL,
		"\"%s\" stands here already", key->of.text);
}

/* Drops from `pairs` all keys that come a second time. */
static bool drop_duplicates(struct dbw__parse *parse, struct dbw__pairs *pairs, struct table *table)
{
	size_t merge_at = pairs->merge_at;

	if (!table_begin(parse, table, pairs->items, pairs->count))
		return false;
	for (size_t i = 0; i < pairs->count; i++) {
		const dbw_yaml_pair *first = table_find(table, pairs->items[i].key);

		if (first != NULL) {
			dbw__report_duplicate(parse, first->key, pairs->items[i].key);
			if (i < merge_at)
				pairs->merge_at--;
			continue;
		}
		pairs->items[table->count] = pairs->items[i];
		table_add(table);
	}
	pairs->count = table->count;
	return true;
}

/* The mappings that `<<` names: its value, or the items of the list that it is. */
static bool merge_sources(struct dbw__parse *parse, const dbw_yaml_pair *merge,
	const dbw_yaml_node *const **sources, size_t *count)
{
	const dbw_yaml_node *value = merge->value;

	*sources = value->kind == DBW_YAML_SEQUENCE ? value->of.items : &merge->value;
	*count = value->kind == DBW_YAML_SEQUENCE ? value->count : 1;
	for (size_t i = 0; i < *count; i++) {
		if ((*sources)[i]->kind == DBW_YAML_MAPPING)
			continue;
		/* An alias that leads nowhere is null and was reported. */
		if (parse->failed && (*sources)[i]->type == DBW_YAML_NULL)
			return false;
		if (value->kind == DBW_YAML_SEQUENCE)
			dbw__parse_error(parse, merge->key->position, "bad-merge", NULL,
				"\"<<\" merges mappings, but item %zu of this list is %s", i + 1,
				dbw_yaml_describe((*sources)[i]));
		else
			dbw__parse_error(parse, merge->key->position, "bad-merge",
				"to use << as a key of its own, write it in quotes",
				"\"<<\" merges a mapping or a list of mappings, but this is %s",
				dbw_yaml_describe(value));
		return false;
	}
	return true;
}

/* Puts the pairs of the sources between the mapping's own; own keys win, then those of the earlier source. */
static void merge(struct dbw__parse *parse, dbw_yaml_node *mapping, const struct dbw__pairs *pairs,
	const struct table *own)
{
	const dbw_yaml_node *const *sources;
	size_t source_count, most = pairs->count;
	dbw_yaml_pair *merged;
	struct table table;

	if (!merge_sources(parse, pairs->merge, &sources, &source_count))
		return;
	for (size_t i = 0; i < source_count; i++)
		most += sources[i]->count;
	merged = dbw_arena_alloc_zeroed(parse->arena, most, sizeof(*merged));
	if (merged == NULL) {
		dbw__parse_out_of_memory(parse);
		return;
	}
	if (!table_begin(parse, &table, merged, most))
		return;
	for (size_t i = 0; i < pairs->merge_at; i++) {
		merged[table.count] = pairs->items[i];
		table_add(&table);
	}
	for (size_t i = 0; i < source_count; i++) {
		for (size_t j = 0; j < sources[i]->count; j++) {
			const dbw_yaml_pair *pair = &sources[i]->of.pairs[j];

			if (table_find(own, pair->key) != NULL || table_find(&table, pair->key) != NULL)
				continue;
			merged[table.count] = *pair;
			merged[table.count].merged = true;
			table_add(&table);
		}
	}
	for (size_t i = pairs->merge_at; i < pairs->count; i++) {
		merged[table.count] = pairs->items[i];
		table_add(&table);
	}
	mapping->of.pairs = merged;
	mapping->count = table.count;
	mapping->index = table.index;
	mapping->index_mask = table.mask;
}

void dbw__finish_mapping(struct dbw__parse *parse, dbw_yaml_node *mapping, struct dbw__pairs *pairs)
{
	struct table own;

	if (!drop_duplicates(parse, pairs, &own))
		return;
	mapping->of.pairs = pairs->items;
	mapping->count = pairs->count;
	mapping->index = own.index;
	mapping->index_mask = own.mask;
	if (pairs->merge != NULL)
		merge(parse, mapping, pairs, &own);
}

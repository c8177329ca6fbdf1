/* Indexes and checks. */
#include "loader.h"

#include <string.h>

static const char *const index_known[] = { "fields", "unique", "where", "name", "expression", "message",
	"comment" };
static const ir_keys index_keys = { index_known, IR_COUNT(index_known), NULL, 0, NULL, 0 };

static const char *const part_known[] = { "field", "order", "nulls" };
static const ir_keys part_keys = { part_known, IR_COUNT(part_known), NULL, 0, NULL, 0 };

static const char *const check_known[] = { "check", "message" };
static const ir_keys check_keys = { check_known, IR_COUNT(check_known), NULL, 0, NULL, 0 };

/* "created_at" or "created_at desc". */
static bool load_short_part(ir_loader *loader, const dbw_yaml_node *node, ir_index_part *part)
{
	ir_word word;
	const char *blank;
	dbw_yaml_node name = *node;
	char *copy;

	if (!ir__load_text(loader, node, "fields", &word))
		return false;
	blank = strchr(word.text, ' ');
	if (blank == NULL)
		return ir__load_name(loader, node, "field", &part->field_name);
	part->descending = strcmp(blank + strspn(blank, " "), "desc") == 0;
	if (!part->descending && strcmp(blank + strspn(blank, " "), "asc") != 0) {
		ir__load_error(loader, node->position, "bad-index-part",
			"write \"name\", \"name desc\", or {field: name, order: desc}; SQL goes under \"expression\"",
			"%s cannot have \"%s\" among its fields", ir__scope_text(loader), word.text);
		return false;
	}
	copy = dbw_arena_copy(loader->arena, word.text, (size_t)(blank - word.text));
	if (copy == NULL) {
		loader->out_of_memory = true;
		return false;
	}
	name.of.text = copy;
	name.count = strlen(copy);
	return ir__load_name(loader, &name, "field", &part->field_name);
}

static bool load_part(ir_loader *loader, const dbw_yaml_node *node, ir_index_part *part)
{
	static const char *const orders[] = { "asc", "desc" }, *const places[] = { "first", "last" };
	const dbw_yaml_node *order = dbw_yaml_get(node, "order"), *nulls = dbw_yaml_get(node, "nulls");
	bool good;
	int choice;

	part->position = node->position;
	if (node->kind != DBW_YAML_MAPPING)
		return load_short_part(loader, node, part);
	good = ir__load_keys(loader, node, &part_keys);
	if (dbw_yaml_get(node, "field") == NULL) {
		ir__load_error(loader, node->position, "missing-key", "write {field: name, order: desc}",
			"a part of %s has no \"field\"", ir__scope_text(loader));
		return false;
	}
	good &= ir__get_name(loader, node, "field", &part->field_name);
	if (order != NULL && ir__load_choice(loader, order, "order", orders, IR_COUNT(orders), &choice))
		part->descending = choice == 1;
	if (nulls != NULL && ir__load_choice(loader, nulls, "nulls", places, IR_COUNT(places), &choice)) {
		part->nulls = choice == 0 ? IR_NULLS_FIRST : IR_NULLS_LAST;
		part->position = nulls->position;
	}
	return good;
}

/* One part or a list of them: `fields` or `expression`, by the function that reads one. */
static bool load_parts(ir_loader *loader, const dbw_yaml_node *node, bool expressions, ir_index *index)
{
	bool list = node->kind == DBW_YAML_SEQUENCE, good = true;
	size_t count = list ? node->count : 1;

	if (count == 0) {
		ir__load_error(loader, node->position, "empty-list", NULL, "\"%s\" of %s is an empty list",
			expressions ? "expression" : "fields", ir__scope_text(loader));
		return false;
	}
	index->parts = ir__load_alloc(loader, count, sizeof(*index->parts));
	for (size_t i = 0; index->parts != NULL && i < count; i++) {
		const dbw_yaml_node *part = list ? node->of.items[i] : node;

		index->parts[i].position = part->position;
		good &= expressions
				? ir__load_fragment(loader, part, "expression", &index->parts[i].expression)
				: load_part(loader, part, &index->parts[i]);
		index->part_count++;
	}
	return good && index->parts != NULL;
}

static void load_index(ir_loader *loader, const dbw_yaml_node *node, ir_index *index)
{
	const dbw_yaml_node *fields = dbw_yaml_get(node, "fields"),
			    *expression = dbw_yaml_get(node, "expression");
	const dbw_yaml_node *where = dbw_yaml_get(node, "where");
	ir_word word;

	index->position = node->position;
	index->create = true;
	if (node->kind != DBW_YAML_MAPPING) {
		ir__load_error(loader, node->position, "wrong-kind", "write - {fields: [name, created_at]}",
			"%s must be a mapping, not %s", ir__scope_text(loader), dbw_yaml_describe(node));
		index->broken = true;
		return;
	}
	ir__load_keys(loader, node, &index_keys);
	if ((fields == NULL) == (expression == NULL)) {
		ir__load_error(loader, node->position, fields == NULL ? "missing-key" : "contradiction",
			"write fields: [name], or expression: \"lower(name)\"", "%s has %s",
			ir__scope_text(loader),
			fields == NULL ? "neither \"fields\" nor \"expression\""
				       : "both \"fields\" and \"expression\"");
		index->broken = true;
	} else {
		index->broken =
			!load_parts(loader, fields != NULL ? fields : expression, fields == NULL, index);
	}
	if (dbw_yaml_get(node, "unique") != NULL &&
		!ir__get_bool(loader, node, "unique", &index->unique, NULL))
		index->broken = true;
	if (where != NULL && !ir__load_fragment(loader, where, "where", &index->where))
		index->broken = true;
	ir__get_name(loader, node, "name", &index->name);
	if (ir__get_text(loader, node, "message", &word))
		index->message = word.text;
	if (ir__get_text(loader, node, "comment", &word))
		index->comment = word.text;
}

void ir__load_indexes(ir_loader *loader, const dbw_yaml_node *node, ir_index ***out, size_t *count)
{
	const ir_scope scope = { "an index", NULL, loader->scope }, *outer = loader->scope;
	ir_index **indexes;

	*out = NULL;
	*count = 0;
	if (node == NULL)
		return;
	if (node->kind != DBW_YAML_SEQUENCE) {
		ir__load_error(loader, node->position, "wrong-kind",
			ir__empty_hint(node, "write - {fields: [name, created_at]}"),
			"\"indexes\" of %s must be a list, not %s", ir__scope_text(loader),
			dbw_yaml_describe(node));
		return;
	}
	indexes = ir__load_alloc(loader, node->count + 1, sizeof(ir_index *));
	loader->scope = &scope;
	for (size_t i = 0; indexes != NULL && i < node->count; i++) {
		ir_index *index = ir__load_alloc(loader, 1, sizeof(*index));

		if (index == NULL)
			break;
		load_index(loader, node->of.items[i], index);
		indexes[(*count)++] = index;
	}
	loader->scope = outer;
	*out = indexes;
}

static ir_check *load_check(ir_loader *loader, const dbw_yaml_pair *pair)
{
	const ir_scope scope = { "check", pair->key->of.text, loader->scope }, *outer = loader->scope;
	ir_check *check = ir__load_alloc(loader, 1, sizeof(*check));
	const dbw_yaml_node *sql = pair->value;
	ir_word message;
	bool good = true;

	if (check == NULL || !ir__load_key_name(loader, pair->key, "check", &check->name))
		return NULL;
	loader->scope = &scope;
	if (sql->kind == DBW_YAML_MAPPING && dbw_yaml_get(sql, "sqlite") == NULL &&
		dbw_yaml_get(sql, "postgresql") == NULL) {
		ir__load_keys(loader, sql, &check_keys);
		if (ir__get_text(loader, sql, "message", &message))
			check->message = message.text;
		sql = dbw_yaml_get(sql, "check");
		if (sql == NULL)
			ir__load_error(loader, pair->value->position, "missing-key",
				"write {check: \"price >= {dec 0}\", message: \"...\"}",
				"%s has no \"check\"", ir__scope_text(loader));
	}
	good = sql != NULL && ir__load_fragment(loader, sql, "check", &check->expression);
	loader->scope = outer;
	return good ? check : NULL;
}

void ir__load_checks(ir_loader *loader, const dbw_yaml_node *node, ir_check ***out, size_t *count)
{
	ir_check **checks;

	*out = NULL;
	*count = 0;
	if (node == NULL || !ir__load_mapping(loader, node, "checks"))
		return;
	checks = ir__load_alloc(loader, node->count + 1, sizeof(ir_check *));
	for (size_t i = 0; checks != NULL && i < node->count; i++) {
		ir_check *check = load_check(loader, &node->of.pairs[i]);

		if (check != NULL)
			checks[(*count)++] = check;
	}
	*out = checks;
}

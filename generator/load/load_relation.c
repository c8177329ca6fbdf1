/* Relations: belongs_to, has_many, has_one. */
#include "loader.h"

#include <base/suggest.h>
#include <string.h>

static const char *const kind_names[] = { "belongs_to", "has_many", "has_one" };

static const char *const belongs_to_known[] = { "belongs_to", "optional", "unique", "on_delete", "on_update",
	"field", "references", "index", "inverse", "comment", "column", "c_name" };
static const char *const has_many_known[] = { "has_many", "through", "inverse", "comment" };
static const char *const has_one_known[] = { "has_one", "inverse", "comment" };

static const ir_keys kind_keys[] = {
	{ belongs_to_known, IR_COUNT(belongs_to_known), NULL, 0, NULL, 0 },
	{ has_many_known, IR_COUNT(has_many_known), NULL, 0, NULL, 0 },
	{ has_one_known, IR_COUNT(has_one_known), NULL, 0, NULL, 0 },
};

static void load_action(
	ir_loader *loader, const dbw_yaml_node *node, const char *key, ir_action *out, dbw_position *at)
{
	/* In the order of ir_action. */
	static const char *const choices[] = { "no_action", "restrict", "cascade", "set_null",
		"set_default" };
	const dbw_yaml_node *action = dbw_yaml_get(node, key);
	int choice;

	if (action == NULL)
		return;
	*at = action->position;
	if (ir__load_choice(loader, action, key, choices, IR_COUNT(choices), &choice))
		*out = (ir_action)choice;
}

static void load_belongs_to(ir_loader *loader, const dbw_yaml_node *node, ir_relation *relation)
{
	const dbw_yaml_node *field = dbw_yaml_get(node, "field");

	ir__get_bool(loader, node, "optional", &relation->optional, NULL);
	ir__get_bool(loader, node, "unique", &relation->unique, NULL);
	ir__get_bool(loader, node, "index", &relation->index, NULL);
	load_action(loader, node, "on_delete", &relation->on_delete, &relation->on_delete_position);
	load_action(loader, node, "on_update", &relation->on_update, &relation->on_update_position);
	if (field != NULL &&
		!ir__load_names(loader, field, "field", &relation->field_names, &relation->field_name_count))
		relation->broken = true;
	if (dbw_yaml_get(node, "references") != NULL &&
		!ir__get_name(loader, node, "references", &relation->references_name))
		relation->broken = true;
	ir__get_name(loader, node, "column", &relation->column);
	ir__get_name(loader, node, "c_name", &relation->c_name);
}

/* The kind that a misspelt key is near to; NULL for none. */
static const char *near_kind(const dbw_yaml_node *node)
{
	const char *near = NULL;

	for (size_t i = 0; i < node->count && near == NULL; i++)
		near = dbw_suggest(node->of.pairs[i].key->of.text, kind_names, IR_COUNT(kind_names));
	return near;
}

/* Which of the three kinds the mapping says; exactly one has to be there. */
static bool load_kind(ir_loader *loader, const dbw_yaml_node *node, ir_relation *relation)
{
	const dbw_yaml_pair *found = NULL;

	for (size_t i = 0; i < IR_COUNT(kind_names); i++) {
		const dbw_yaml_pair *pair = dbw_yaml_find(node, kind_names[i]);

		if (pair == NULL)
			continue;
		if (found != NULL) {
			ir__load_error(loader, pair->key->position, "contradiction",
				"make two relations of it", "%s is both %s and %s", ir__scope_text(loader),
				found->key->of.text, kind_names[i]);
			return false;
		}
		found = pair;
		relation->kind = (ir_relation_kind)i;
	}
	if (found == NULL) {
		const char *near = near_kind(node);

		ir__load_error(loader, relation->name.position, "missing-key",
			near != NULL ? ir__load_format(loader, "did you mean \"%s\"?", near)
				     : "write {belongs_to: model}, {has_many: model} or {has_one: model}",
			"%s does not say what it relates to", ir__scope_text(loader));
		return false;
	}
	return ir__load_name(loader, found->value, kind_names[relation->kind], &relation->target_name);
}

ir_relation *ir__load_relation(ir_loader *loader, const dbw_yaml_pair *pair)
{
	const ir_scope scope = { "relation", pair->key->of.text, loader->scope }, *outer = loader->scope;
	ir_relation *relation = ir__load_alloc(loader, 1, sizeof(*relation));
	const dbw_yaml_node *node = pair->value;
	ir_word comment;

	if (relation == NULL || !ir__load_key_name(loader, pair->key, "relation", &relation->name))
		return NULL;
	loader->scope = &scope;
	relation->index = true;
	if (node->kind != DBW_YAML_MAPPING) {
		ir__load_error(loader, node->position, "wrong-kind",
			"write {belongs_to: model}, for instance", "%s must be a mapping, not %s",
			ir__scope_text(loader), dbw_yaml_describe(node));
		relation->broken = true;
	} else if (!load_kind(loader, node, relation)) {
		relation->broken = true;
	} else {
		ir__load_keys(loader, node, &kind_keys[relation->kind]);
		if (relation->kind == IR_BELONGS_TO)
			load_belongs_to(loader, node, relation);
		if (relation->kind == IR_HAS_MANY && dbw_yaml_get(node, "through") != NULL &&
			!ir__get_name(loader, node, "through", &relation->through_name))
			relation->broken = true;
		ir__get_name(loader, node, "inverse", &relation->inverse_name);
		if (ir__get_text(loader, node, "comment", &comment))
			relation->comment = comment.text;
	}
	loader->scope = outer;
	return relation;
}

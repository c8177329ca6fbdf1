/* Mixins: fields, indexes and checks that models share. */
#include "loader.h"

static const char *const known_keys[] = { "fields", "indexes", "checks", "comment" };
static const ir_keys mixin_keys = { known_keys, IR_COUNT(known_keys), NULL, 0, NULL, 0 };

static void load_mixin(ir_loader *loader, const dbw_yaml_pair *pair, ir_word schema_name)
{
	const ir_scope scope = { "mixin", pair->key->of.text, NULL }, *outer = loader->scope;
	ir_mixin *mixin = ir__load_alloc(loader, 1, sizeof(*mixin));
	const dbw_yaml_node *node = pair->value;

	if (mixin == NULL || !ir__load_key_name(loader, pair->key, "mixin", &mixin->name)) {
		loader->project->incomplete = true;
		return;
	}
	mixin->schema_name = schema_name;
	if (node->kind != DBW_YAML_MAPPING) {
		ir__load_error(loader, node->position, "wrong-kind", NULL,
			"mixin \"%s\" must be a mapping, not %s", mixin->name.text, dbw_yaml_describe(node));
	} else {
		loader->scope = &scope;
		ir_word comment;

		ir__load_keys(loader, node, &mixin_keys);
		if (dbw_yaml_get(node, "comment") != NULL)
			ir__load_text(loader, dbw_yaml_get(node, "comment"), "comment", &comment);
		ir__load_fields(loader, dbw_yaml_get(node, "fields"), &mixin->fields, &mixin->field_count);
		ir__load_indexes(loader, dbw_yaml_get(node, "indexes"), &mixin->indexes, &mixin->index_count);
		ir__load_checks(loader, dbw_yaml_get(node, "checks"), &mixin->checks, &mixin->check_count);
		loader->scope = outer;
	}
	ir__load_add(loader, &loader->mixins, mixin);
}

void ir__load_mixins(ir_loader *loader, const dbw_yaml_node *node, ir_word schema_name)
{
	if (!ir__load_mapping(loader, node, "mixins")) {
		loader->project->incomplete = true;
		return;
	}
	for (size_t i = 0; i < node->count; i++)
		load_mixin(loader, &node->of.pairs[i], schema_name);
}

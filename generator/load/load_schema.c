/* Schemas: those listed, and those that a model file or a database implies. */
#include "loader.h"

#include <string.h>

static const char *const known_keys[] = { "engines", "prefix", "storage", "namespace", "comment" };
static const char *const later_keys[] = { "migrations", "readable_views", "defaults", "baseline" };
static const ir_keys schema_keys = { known_keys, IR_COUNT(known_keys), later_keys, IR_COUNT(later_keys), NULL,
	0 };

ir_schema *ir__load_schema_named(ir_loader *loader, ir_word name)
{
	ir_schema *schema;

	for (size_t i = 0; i < loader->schemas.count; i++) {
		schema = loader->schemas.items[i];
		if (strcmp(schema->name.text, name.text) == 0)
			return schema;
	}
	schema = ir__load_alloc(loader, 1, sizeof(*schema));
	if (schema == NULL)
		return NULL;
	schema->name = name;
	schema->prefix = "";
	schema->prefix_position = name.position;
	for (size_t engine = 0; engine < DBW_ENGINE_COUNT; engine++)
		schema->engines[engine] = true;
	ir__load_add(loader, &loader->schemas, schema);
	return schema;
}

static void load_engines(ir_loader *loader, const dbw_yaml_node *node, ir_schema *schema)
{
	static const char *const names[DBW_ENGINE_COUNT] = { "sqlite", "postgresql" };
	bool list = node->kind == DBW_YAML_SEQUENCE, engines[DBW_ENGINE_COUNT] = { false, false };
	size_t count = list ? node->count : 1;
	int choice;

	if (count == 0) {
		ir__load_error(loader, node->position, "empty-list",
			"write engines: [sqlite, postgresql], or leave it out",
			"\"engines\" of %s is an empty list", ir__scope_text(loader));
		return;
	}
	for (size_t i = 0; i < count; i++) {
		if (!ir__load_choice(loader, list ? node->of.items[i] : node, "engines", names,
			    IR_COUNT(names), &choice))
			return;
		engines[choice] = true;
	}
	memcpy(schema->engines, engines, sizeof(engines));
}

static void load_prefix(ir_loader *loader, const dbw_yaml_node *node, ir_schema *schema)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789_";
	ir_word word;

	if (!ir__load_text(loader, node, "prefix", &word))
		return;
	schema->prefix_position = node->position;
	if (word.text[0] != '\0' && (word.text[0] < 'a' || word.text[0] > 'z' || strlen(word.text) > 32 ||
					    word.text[strspn(word.text, letters)] != '\0')) {
		ir__load_error(loader, node->position, "bad-name",
			"a prefix is at most 32 of a-z, 0-9 and '_', beginning with a letter, as in auth_",
			"\"prefix\" of %s cannot be \"%s\"", ir__scope_text(loader), word.text);
		return;
	}
	schema->prefix = word.text;
}

static void load_schema(ir_loader *loader, const dbw_yaml_pair *pair)
{
	static const char *const storages[] = { "text", "native" };
	const ir_scope scope = { "schema", pair->key->of.text, NULL }, *outer = loader->scope;
	const dbw_yaml_node *node = pair->value, *value;
	ir_word name, word;
	ir_schema *schema;
	int choice;

	if (!ir__load_key_name(loader, pair->key, "schema", &name))
		return;
	schema = ir__load_schema_named(loader, name);
	if (schema == NULL)
		return;
	schema->listed = true;
	if (dbw_yaml_is_null(node))
		return;
	loader->scope = &scope;
	if (node->kind != DBW_YAML_MAPPING) {
		ir__load_error(loader, node->position, "wrong-kind", "write {engines: [sqlite, postgresql]}",
			"schema \"%s\" must be a mapping, not %s", name.text, dbw_yaml_describe(node));
		loader->scope = outer;
		return;
	}
	ir__load_keys(loader, node, &schema_keys);
	if ((value = dbw_yaml_get(node, "engines")) != NULL)
		load_engines(loader, value, schema);
	if ((value = dbw_yaml_get(node, "prefix")) != NULL)
		load_prefix(loader, value, schema);
	if ((value = dbw_yaml_get(node, "storage")) != NULL &&
		ir__load_choice(loader, value, "storage", storages, IR_COUNT(storages), &choice)) {
		schema->storage = choice == 0 ? IR_STORAGE_TEXT : IR_STORAGE_NATIVE;
		schema->storage_position = value->position;
	}
	if (ir__get_name(loader, node, "namespace", &word)) {
		schema->namespace_ = word.text;
		schema->namespace_position = word.position;
	}
	if (ir__get_text(loader, node, "comment", &word))
		schema->comment = word.text;
	loader->scope = outer;
}

void ir__load_schemas(ir_loader *loader, const dbw_yaml_node *node)
{
	if (!ir__load_mapping(loader, node, "schemas"))
		return;
	for (size_t i = 0; i < node->count; i++)
		load_schema(loader, &node->of.pairs[i]);
}

/* Entries of `databases:`, unresolved. */
#include "loader.h"

#include <string.h>

static const char *const known_keys[] = { "connection_string", "provider", "settings", "schema", "qualifier",
	"default", "pool_size" };
static const char *const later_keys[] = { "max_overflow", "min_size", "url", "host", "port", "user",
	"password", "name", "options", "connect", "replicas", "shards", "shared_default", "tls", "pooler",
	"read_from", "dsn", "timeout", "lifetime", "namespace" };
static const ir_keys database_keys = { known_keys, IR_COUNT(known_keys), later_keys, IR_COUNT(later_keys),
	NULL, 0 };

/* The words that other designs use for `schema:`. */
static bool check_schema_key(ir_loader *loader, const dbw_yaml_node *node)
{
	static const char *const others[] = { "of", "database", "model", "models" };
	bool good = true;

	for (size_t i = 0; i < IR_COUNT(others); i++) {
		const dbw_yaml_pair *pair = dbw_yaml_find(node, others[i]);

		if (pair == NULL)
			continue;
		ir__load_error(loader, pair->key->position, "unknown-key",
			"write \"schema\": the schema whose models the database holds",
			"unknown key \"%s\" in %s", others[i], ir__scope_text(loader));
		good = false;
	}
	return good;
}

static void load_settings(ir_loader *loader, const dbw_yaml_node *node, ir_database *database)
{
	if (node == NULL || !ir__load_mapping(loader, node, "settings"))
		return;
	database->settings = ir__load_alloc(loader, node->count + 1, sizeof(*database->settings));
	for (size_t i = 0; database->settings != NULL && i < node->count; i++) {
		const dbw_yaml_pair *pair = &node->of.pairs[i];
		ir_setting *setting = &database->settings[database->setting_count];

		if (pair->value->kind != DBW_YAML_SCALAR || dbw_yaml_is_null(pair->value) ||
			memchr(pair->value->of.text, '\0', pair->value->count) != NULL) {
			ir__load_error(loader, pair->value->position, "wrong-kind", NULL,
				"setting \"%s\" of %s must be a single value, not %s", pair->key->of.text,
				ir__scope_text(loader), dbw_yaml_describe(pair->value));
			continue;
		}
		setting->key = (ir_word){ pair->key->of.text, pair->key->position };
		setting->value = (ir_word){ pair->value->of.text, pair->value->position };
		database->setting_count++;
	}
}

static void load_entry(ir_loader *loader, const dbw_yaml_node *node, ir_database *database)
{
	static const char *const providers[] = { "sqlite", "postgresql" };
	const dbw_yaml_node *provider = dbw_yaml_get(node, "provider"),
			    *size = dbw_yaml_get(node, "pool_size");
	bool usual = check_schema_key(loader, node);
	int choice;

	/* With one of those keys the list of all known keys would only hide the advice. */
	if (usual)
		ir__load_keys(loader, node, &database_keys);
	if (provider != NULL) {
		database->provider.position = provider->position;
		if (ir__load_choice(loader, provider, "provider", providers, IR_COUNT(providers), &choice))
			database->provider.text = providers[choice];
	}
	if (!usual)
		database->schema_name.text = NULL;
	else if (dbw_yaml_get(node, "schema") != NULL)
		ir__get_name(loader, node, "schema", &database->schema_name);
	if (database->schema_name.text != NULL)
		ir__load_schema_named(loader, database->schema_name);
	ir__get_text(loader, node, "connection_string", &database->connection_string);
	ir__get_name(loader, node, "qualifier", &database->qualifier);
	ir__get_bool(loader, node, "default", &database->is_default, &database->default_position);
	if (size != NULL)
		ir__load_int(loader, size, "pool_size", 1, 1000, &database->pool_size);
	load_settings(loader, dbw_yaml_get(node, "settings"), database);
}

static void load_database(ir_loader *loader, const dbw_yaml_pair *pair)
{
	const ir_scope scope = { "database", pair->key->of.text, NULL }, *outer = loader->scope;
	ir_database *database = ir__load_alloc(loader, 1, sizeof(*database));
	const dbw_yaml_node *node = pair->value;
	size_t before = dbw_diagnostics_errors(loader->diagnostics);

	if (database == NULL || !ir__load_key_name(loader, pair->key, "database", &database->name))
		return;
	database->file = loader->file;
	database->qualifier = database->name;
	database->schema_name = database->name;
	if (node->kind != DBW_YAML_MAPPING) {
		ir__load_error(loader, node->position, "wrong-kind",
			"write connection_string: \"sqlite:data/app.db\"",
			"database \"%s\" must be a mapping, not %s", database->name.text,
			dbw_yaml_describe(node));
		return;
	}
	loader->scope = &scope;
	load_entry(loader, node, database);
	loader->scope = outer;
	database->broken = dbw_diagnostics_errors(loader->diagnostics) != before;
	if (database->qualifier.text == NULL)
		database->qualifier = database->name;
	ir__load_add(loader, &loader->databases, database);
}

void ir__load_databases(ir_loader *loader, const dbw_yaml_node *node)
{
	if (!ir__load_mapping(loader, node, "databases"))
		return;
	for (size_t i = 0; i < node->count; i++)
		load_database(loader, &node->of.pairs[i]);
}

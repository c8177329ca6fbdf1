/* Models. */
#include "loader.h"

#include <string.h>

static const char *const known_keys[] = { "table", "comment", "fields", "relations", "indexes", "checks",
	"mixins", "key", "timestamps", "version", "soft_delete", "read_only", "c_name", "renamed_from" };
static const char *const later_keys[] = { "seeds", "views", "queries", "managed", "abstract" };
static const ir_keys model_keys = { known_keys, IR_COUNT(known_keys), later_keys, IR_COUNT(later_keys), NULL,
	0 };

static void load_relations(ir_loader *loader, const dbw_yaml_node *node, ir_model *model)
{
	if (node == NULL || !ir__load_mapping(loader, node, "relations"))
		return;
	model->relations = ir__load_alloc(loader, node->count + 1, sizeof(ir_relation *));
	for (size_t i = 0; model->relations != NULL && i < node->count; i++) {
		ir_relation *relation = ir__load_relation(loader, &node->of.pairs[i]);

		if (relation == NULL || relation->broken)
			model->broken = true;
		if (relation != NULL) {
			relation->model = model;
			model->relations[model->relation_count++] = relation;
		}
	}
}

static void load_words(ir_loader *loader, const dbw_yaml_node *node, ir_model *model)
{
	const dbw_yaml_node *mixins = dbw_yaml_get(node, "mixins"), *key = dbw_yaml_get(node, "key");
	ir_word word;

	ir__get_name(loader, node, "table", &model->table);
	if (ir__get_text(loader, node, "comment", &word))
		model->comment = word.text;
	if (ir__get_name(loader, node, "c_name", &word)) {
		model->c_name = word.text;
		model->c_name_position = word.position;
		model->c_name_given = true;
	}
	if (ir__get_name(loader, node, "renamed_from", &word)) {
		model->renamed_from = word.text;
		model->renamed_from_position = word.position;
	}
	if (mixins != NULL &&
		!ir__load_names(loader, mixins, "mixins", &model->mixin_names, &model->mixin_name_count))
		model->broken = true;
	if (key != NULL) {
		model->key_position = key->position;
		if (!ir__load_names(loader, key, "key", &model->key_names, &model->key_name_count))
			model->broken = true;
	}
	ir__get_bool(loader, node, "timestamps", &model->timestamps, &model->timestamps_position);
	ir__get_bool(loader, node, "version", &model->version, &model->version_position);
	ir__get_bool(loader, node, "soft_delete", &model->soft_delete, &model->soft_delete_position);
	ir__get_bool(loader, node, "read_only", &model->read_only, NULL);
}

static void load_model(ir_loader *loader, const dbw_yaml_pair *pair, ir_schema *schema, ir_list *in_file)
{
	const ir_scope scope = { "model", pair->key->of.text, NULL }, *outer = loader->scope;
	ir_model *model = ir__load_alloc(loader, 1, sizeof(*model));
	const dbw_yaml_node *node = pair->value, *fields;
	size_t before = dbw_diagnostics_errors(loader->diagnostics);

	if (model == NULL || !ir__load_key_name(loader, pair->key, "model", &model->name)) {
		loader->project->incomplete = true;
		return;
	}
	model->schema = schema;
	model->file = loader->file;
	/* Until said otherwise, words about the model point to its name. */
	model->c_name_position = model->key_position = model->name.position;
	loader->scope = &scope;
	if (node->kind != DBW_YAML_MAPPING) {
		ir__load_error(loader, node->position, "wrong-kind", "write fields: {id: id, name: text}",
			"%s must be a mapping, not %s", ir__scope_text(loader), dbw_yaml_describe(node));
		model->broken = true;
	} else {
		ir__load_keys(loader, node, &model_keys);
		load_words(loader, node, model);
		fields = dbw_yaml_get(node, "fields");
		ir__load_fields(loader, fields, &model->fields, &model->field_count);
		load_relations(loader, dbw_yaml_get(node, "relations"), model);
		ir__load_indexes(loader, dbw_yaml_get(node, "indexes"), &model->indexes, &model->index_count);
		ir__load_checks(loader, dbw_yaml_get(node, "checks"), &model->checks, &model->check_count);
	}
	loader->scope = outer;
	/* What was reported may be what would be missed later: a field, a relation, a key. */
	if (dbw_diagnostics_errors(loader->diagnostics) != before)
		model->broken = true;
	ir__load_add(loader, &loader->models, model);
	ir__load_add(loader, in_file, model);
}

void ir__load_models(ir_loader *loader, const dbw_yaml_node *node, ir_schema *schema)
{
	ir_list in_file = { NULL, 0, 0 };

	if (!ir__load_mapping(loader, node, "models")) {
		loader->project->incomplete = true;
		return;
	}
	for (size_t i = 0; i < node->count; i++)
		load_model(loader, &node->of.pairs[i], schema, &in_file);
	loader->file->models = ir__load_alloc(loader, in_file.count + 1, sizeof(ir_model *));
	if (loader->file->models == NULL)
		return;
	for (size_t i = 0; i < in_file.count; i++)
		loader->file->models[i] = in_file.items[i];
	loader->file->model_count = in_file.count;
}

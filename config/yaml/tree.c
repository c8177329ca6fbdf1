/* Looking things up in a finished tree. */
#include <base/suggest.h>
#include <string.h>
#include <yaml/tree.h>

#include "key_index.h"

const dbw_yaml_limits dbw_yaml_default_limits = { (size_t)16 * 1024 * 1024, 64, 1000, 1000000 };

const dbw_yaml_pair *dbw_yaml_find_n(const dbw_yaml_node *mapping, const char *key, size_t length)
{
	if (mapping == NULL || mapping->kind != DBW_YAML_MAPPING)
		return NULL;
	return dbw__yaml_key_find(
		mapping->of.pairs, mapping->count, mapping->index, mapping->index_mask, key, length);
}

const dbw_yaml_pair *dbw_yaml_find(const dbw_yaml_node *mapping, const char *key)
{
	return dbw_yaml_find_n(mapping, key, strlen(key));
}

const dbw_yaml_node *dbw_yaml_get(const dbw_yaml_node *mapping, const char *key)
{
	const dbw_yaml_pair *pair = dbw_yaml_find(mapping, key);

	return pair != NULL ? pair->value : NULL;
}

const char *dbw_yaml_describe(const dbw_yaml_node *node)
{
	switch (node->type) {
	case DBW_YAML_NULL: return "null";
	case DBW_YAML_BOOL: return "a boolean";
	case DBW_YAML_INT:
	case DBW_YAML_FLOAT: return "a number";
	case DBW_YAML_TEXT: return "text";
	case DBW_YAML_LIST: return "a list";
	case DBW_YAML_MAP: break;
	}
	return "a mapping";
}

static bool is_known(const char *key, const char *const *known, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(key, known[i]) == 0)
			return true;
	return false;
}

static void report_unknown(dbw_diagnostics *diagnostics, const dbw_yaml_node *key, const char *const *known,
	size_t count, const char *what)
{
	const char *near = dbw_suggest(key->of.text, known, count);
	char storage[256];
	dbw_text_buffer hint;

	dbw_text_init(&hint, storage, sizeof(storage));
	if (near != NULL) {
		dbw_text_printf(&hint, "did you mean \"%s\"?", near);
	} else if (count != 0) {
		dbw_text_append_z(&hint, "known keys are ");
		for (size_t i = 0; i < count; i++)
			dbw_text_printf(&hint, "%s%s", i == 0 ? "" : ", ", known[i]);
	}
	dbw_report(diagnostics, DBW_SEVERITY_ERROR, key->position, "unknown-key",
		hint.length != 0 ? hint.data : NULL, "unknown key \"%s\" in %s", key->of.text, what);
	dbw_text_clear(&hint);
}

bool dbw_yaml_check_keys(dbw_diagnostics *diagnostics, const dbw_yaml_node *mapping, const char *const *known,
	size_t count, const char *what)
{
	bool all = true;

	if (mapping == NULL || mapping->kind != DBW_YAML_MAPPING)
		return true;
	for (size_t i = 0; i < mapping->count; i++) {
		const dbw_yaml_node *key = mapping->of.pairs[i].key;

		if (is_known(key->of.text, known, count))
			continue;
		report_unknown(diagnostics, key, known, count, what);
		all = false;
	}
	return all;
}

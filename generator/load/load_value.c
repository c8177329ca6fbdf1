/* Single values, and what is said when they are not what they should be. */
#include "loader.h"

#include <base/suggest.h>
#include <model/name.h>
#include <string.h>

void ir__load_error(
	ir_loader *loader, dbw_position at, const char *code, const char *hint, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	dbw_vreport(loader->diagnostics, DBW_SEVERITY_ERROR, at, code, hint, format, arguments);
	va_end(arguments);
}

void *ir__load_alloc(ir_loader *loader, size_t count, size_t size)
{
	void *memory = dbw_arena_alloc_zeroed(loader->arena, count, size);

	if (memory == NULL)
		loader->out_of_memory = true;
	return memory;
}

void ir__load_add(ir_loader *loader, ir_list *list, void *item)
{
	if (!ir_list_add(loader->arena, list, item))
		loader->out_of_memory = true;
}

char *ir__load_format(ir_loader *loader, const char *format, ...)
{
	va_list arguments;
	char *text;

	va_start(arguments, format);
	text = dbw_arena_vprintf(loader->arena, format, arguments);
	va_end(arguments);
	if (text == NULL)
		loader->out_of_memory = true;
	return text;
}

/* `field "name" in model "user"`; only made when there is something to report. */
const char *ir__scope_text(ir_loader *loader)
{
	char storage[256];
	dbw_text_buffer text;
	const char *copy;

	dbw_text_init(&text, storage, sizeof(storage));
	for (const ir_scope *scope = loader->scope; scope != NULL; scope = scope->in) {
		dbw_text_printf(&text, "%s%s", scope == loader->scope ? "" : " in ", scope->kind);
		if (scope->name != NULL)
			dbw_text_printf(&text, " \"%s\"", scope->name);
	}
	copy = dbw_arena_copy(loader->arena, text.data, text.length);
	dbw_text_clear(&text);
	if (copy == NULL)
		loader->out_of_memory = true;
	return copy != NULL ? copy : "the project";
}

bool ir__load_mapping(ir_loader *loader, const dbw_yaml_node *node, const char *what)
{
	if (node->kind == DBW_YAML_MAPPING)
		return true;
	const char *hint = node->kind == DBW_YAML_SEQUENCE
				   ? "write its entries as name: value, without the dashes"
				   : NULL;

	ir__load_error(loader, node->position, "wrong-kind", ir__empty_hint(node, hint),
		"\"%s\" of %s must be a mapping, not %s", what, ir__scope_text(loader),
		dbw_yaml_describe(node));
	return false;
}

const char *ir__empty_hint(const dbw_yaml_node *node, const char *hint)
{
	return dbw_yaml_is_null(node) ? "indent its entries below it, or take the key away" : hint;
}

static bool is_among(const char *word, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(words[i], word) == 0)
			return true;
	return false;
}

static bool report_foreign(ir_loader *loader, const dbw_yaml_node *key, const ir_keys *keys)
{
	for (size_t i = 0; i < keys->foreign_count; i++) {
		if (strcmp(keys->foreign[i].theirs, key->of.text) != 0)
			continue;
		ir__load_error(loader, key->position, "unknown-key", keys->foreign[i].hint,
			"unknown key \"%s\" in %s", key->of.text, ir__scope_text(loader));
		return true;
	}
	return false;
}

bool ir__load_keys(ir_loader *loader, const dbw_yaml_node *mapping, const ir_keys *keys)
{
	bool good = true;

	for (size_t i = 0; i < mapping->count; i++) {
		const dbw_yaml_pair *pair = &mapping->of.pairs[i];
		dbw_yaml_node alone = *mapping;

		if (is_among(pair->key->of.text, keys->known, keys->known_count))
			continue;
		good = false;
		if (report_foreign(loader, pair->key, keys))
			continue;
		if (is_among(pair->key->of.text, keys->later, keys->later_count)) {
			ir__load_error(loader, pair->key->position, "not-supported", NULL,
				"\"%s\" in %s is not supported yet", pair->key->of.text,
				ir__scope_text(loader));
			continue;
		}
		/* One key at a time, so that the advice never names a key of the other list. */
		alone.of.pairs = pair;
		alone.count = 1;
		alone.index = NULL;
		dbw_yaml_check_keys(
			loader->diagnostics, &alone, keys->known, keys->known_count, ir__scope_text(loader));
	}
	return good;
}

bool ir__load_text(ir_loader *loader, const dbw_yaml_node *node, const char *what, ir_word *out)
{
	out->position = node->position;
	if (dbw_yaml_as_text(node, &out->text))
		return true;
	if (node->type == DBW_YAML_TEXT)
		ir__load_error(loader, node->position, "wrong-kind", NULL, "\"%s\" of %s has a NUL byte",
			what, ir__scope_text(loader));
	else if (node->kind == DBW_YAML_SCALAR && !dbw_yaml_is_null(node))
		ir__load_error(loader, node->position, "wrong-kind",
			ir__load_format(loader, "write it in quotes: \"%s\"", node->of.text),
			"\"%s\" of %s must be text, not %s", what, ir__scope_text(loader),
			dbw_yaml_describe(node));
	else
		ir__load_error(loader, node->position, "wrong-kind", NULL,
			"\"%s\" of %s must be text, not %s", what, ir__scope_text(loader),
			dbw_yaml_describe(node));
	return false;
}

/* The nearest good name ("createdAt": "created_at"), or NULL if nothing is left of it. */
static const char *repaired_name(ir_loader *loader, const char *name)
{
	char storage[128];
	dbw_text_buffer text;
	const char *copy = NULL;

	dbw_text_init(&text, storage, sizeof(storage));
	for (; *name != '\0'; name++) {
		bool upper = *name >= 'A' && *name <= 'Z';
		char byte = upper ? (char)(*name - 'A' + 'a') : *name;
		char last = text.length == 0 ? '_' : text.data[text.length - 1];

		if ((byte >= 'a' && byte <= 'z') || (text.length != 0 && byte >= '0' && byte <= '9')) {
			if (upper && last >= 'a' && last <= 'z' && name[-1] == last)
				dbw_text_append_char(&text, '_');
			dbw_text_append_char(&text, byte);
		} else if (last != '_') {
			dbw_text_append_char(&text, '_');
		}
	}
	while (text.length != 0 && text.data[text.length - 1] == '_')
		dbw_text_truncate(&text, text.length - 1);
	if (text.length != 0 && text.length <= IR_NAME_MAX && !text.failed) {
		copy = dbw_arena_copy(loader->arena, text.data, text.length);
		loader->out_of_memory |= copy == NULL;
	}
	dbw_text_clear(&text);
	return copy;
}

bool ir__check_name(ir_loader *loader, dbw_position at, const char *kind, const char *name)
{
	const char *problem = ir_name_problem(name), *repaired;

	if (problem == NULL)
		return true;
	repaired = repaired_name(loader, name);
	ir__load_error(loader, at, "bad-name",
		repaired != NULL ? ir__load_format(loader, "write %s", repaired)
				 : "names are made of a-z, 0-9 and '_', and begin with a letter",
		"the %s name \"%s\" %s", kind, name, problem);
	return false;
}

bool ir__load_name(ir_loader *loader, const dbw_yaml_node *node, const char *what, ir_word *out)
{
	if (!ir__load_text(loader, node, what, out))
		return false;
	if (ir__check_name(loader, node->position, what, out->text))
		return true;
	out->text = NULL;
	return false;
}

bool ir__load_key_name(ir_loader *loader, const dbw_yaml_node *key, const char *kind, ir_word *out)
{
	out->position = key->position;
	out->text = NULL;
	if (!ir__check_name(loader, key->position, kind, key->of.text))
		return false;
	out->text = key->of.text;
	return true;
}

bool ir__load_names(
	ir_loader *loader, const dbw_yaml_node *node, const char *what, ir_word **out, size_t *count)
{
	bool list = node->kind == DBW_YAML_SEQUENCE, good = true;
	size_t items = list ? node->count : 1;
	ir_word *words;

	*out = NULL;
	*count = 0;
	if (items == 0) {
		ir__load_error(loader, node->position, "empty-list", NULL, "\"%s\" of %s is an empty list",
			what, ir__scope_text(loader));
		return false;
	}
	words = ir__load_alloc(loader, items, sizeof(*words));
	if (words == NULL)
		return false;
	for (size_t i = 0; i < items; i++)
		good &= ir__load_name(loader, list ? node->of.items[i] : node, what, &words[i]);
	if (!good)
		return false;
	*out = words;
	*count = items;
	return true;
}

bool ir__load_bool(ir_loader *loader, const dbw_yaml_node *node, const char *what, bool *out)
{
	static const char *const old[] = { "yes", "no", "on", "off", "y", "n", "Yes", "No", "On", "Off" };
	const char *hint = NULL;

	if (dbw_yaml_as_bool(node, out))
		return true;
	if (node->type == DBW_YAML_TEXT && is_among(node->of.text, old, IR_COUNT(old)))
		hint = "YAML 1.2 has true and false; yes, no, on and off are text";
	ir__load_error(loader, node->position, "wrong-kind", hint,
		"\"%s\" of %s must be true or false, not %s", what, ir__scope_text(loader),
		dbw_yaml_describe(node));
	return false;
}

bool ir__load_int(ir_loader *loader, const dbw_yaml_node *node, const char *what, int64_t least, int64_t most,
	int64_t *out)
{
	*out = 0;
	if (node->type != DBW_YAML_INT) {
		ir__load_error(loader, node->position, "wrong-kind", NULL,
			"\"%s\" of %s must be a whole number, not %s", what, ir__scope_text(loader),
			node->type == DBW_YAML_FLOAT ? "one with a fraction" : dbw_yaml_describe(node));
		return false;
	}
	if (!dbw_yaml_as_int(node, out) || *out < least || *out > most) {
		ir__load_error(loader, node->position, "out-of-range", NULL,
			"\"%s\" of %s must be from %lld to %lld", what, ir__scope_text(loader),
			(long long)least, (long long)most);
		*out = 0;
		return false;
	}
	return true;
}

bool ir__load_choice(ir_loader *loader, const dbw_yaml_node *node, const char *what,
	const char *const *choices, size_t count, int *out)
{
	ir_word word;
	const char *near;
	char storage[256];
	dbw_text_buffer hint;

	*out = 0;
	if (!ir__load_text(loader, node, what, &word))
		return false;
	for (size_t i = 0; i < count; i++) {
		if (strcmp(choices[i], word.text) == 0) {
			*out = (int)i;
			return true;
		}
	}
	near = dbw_suggest(word.text, choices, count);
	dbw_text_init(&hint, storage, sizeof(storage));
	if (near != NULL)
		dbw_text_printf(&hint, "did you mean \"%s\"?", near);
	else
		dbw_text_append_z(&hint, "it is one of ");
	for (size_t i = 0; near == NULL && i < count; i++)
		dbw_text_printf(&hint, "%s%s", i == 0 ? "" : ", ", choices[i]);
	ir__load_error(loader, node->position, "bad-choice", hint.data, "\"%s\" of %s cannot be \"%s\"", what,
		ir__scope_text(loader), word.text);
	dbw_text_clear(&hint);
	return false;
}

bool ir__get_text(ir_loader *loader, const dbw_yaml_node *mapping, const char *key, ir_word *out)
{
	const dbw_yaml_node *node = dbw_yaml_get(mapping, key);

	return node != NULL && ir__load_text(loader, node, key, out);
}

bool ir__get_name(ir_loader *loader, const dbw_yaml_node *mapping, const char *key, ir_word *out)
{
	const dbw_yaml_node *node = dbw_yaml_get(mapping, key);

	return node != NULL && ir__load_name(loader, node, key, out);
}

bool ir__get_bool(
	ir_loader *loader, const dbw_yaml_node *mapping, const char *key, bool *out, dbw_position *at)
{
	const dbw_yaml_node *node = dbw_yaml_get(mapping, key);

	if (node == NULL)
		return false;
	if (at != NULL)
		*at = node->position;
	return ir__load_bool(loader, node, key, out);
}

/* Single values, and what is said when they are not what they should be. */
#include "files.h"

#include <base/text.h>
#include <string.h>

void dbw__files_report(dbw__file_reader *reader, dbw_position at, const char *code, const char *hint,
	const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	dbw_vreport(reader->diagnostics, DBW_SEVERITY_ERROR, at, code, hint, format, arguments);
	va_end(arguments);
}

const char *dbw__files_format(dbw__file_reader *reader, const char *format, ...)
{
	va_list arguments;
	const char *text;

	va_start(arguments, format);
	text = dbw_arena_vprintf(reader->arena, format, arguments);
	va_end(arguments);
	reader->out_of_memory |= text == NULL;
	return text == NULL ? "" : text;
}

void *dbw__files_alloc(dbw__file_reader *reader, size_t count, size_t size)
{
	void *memory = dbw_arena_alloc_zeroed(reader->arena, count, size);

	reader->out_of_memory |= memory == NULL;
	return memory;
}

bool dbw__files_mapping(dbw__file_reader *reader, const dbw_yaml_node *node, const char *what, const char *in)
{
	if (node->kind == DBW_YAML_MAPPING)
		return true;
	dbw__files_report(reader, node->position, "wrong-kind",
		dbw_yaml_is_null(node)            ? "indent its entries below it, or take the key away"
		: node->kind == DBW_YAML_SEQUENCE ? "write its entries as name: value, without the dashes"
						  : NULL,
		"\"%s\" of %s must be a mapping, not %s", what, in, dbw_yaml_describe(node));
	return false;
}

/* What a value may be in YAML so that it can become the key's. */
static bool fits(const dbw__key *key, const dbw_yaml_node *node)
{
	/* With a variable in it, it is text until the program runs. */
	const bool is_open = node->type == DBW_YAML_TEXT && strstr(node->of.text, "${") != NULL;

	if (node->kind != DBW_YAML_SCALAR || dbw_yaml_is_null(node))
		return false;
	if (key == NULL)
		return true;
	switch (key->kind) {
	case DBW__KEY_BOOL: return node->type == DBW_YAML_BOOL || (is_open && key->group != DBW__GROUP_ENTRY);
	case DBW__KEY_INT: return node->type == DBW_YAML_INT || is_open;
	default: return node->type == DBW_YAML_TEXT;
	}
}

static const char *expected(const dbw__key *key)
{
	if (key == NULL)
		return "a single value";
	switch (key->kind) {
	case DBW__KEY_BOOL: return "true or false";
	case DBW__KEY_INT: return "a whole number";
	default: return "text";
	}
}

/* The milliseconds of "3s"; -1 where the text is no number with a unit, or more than the key takes. */
static int64_t milliseconds_of(const dbw__key *key, const char *text)
{
	static const struct {
		const char *unit;
		int64_t ms;
	} units[] = { { "ms", 1 }, { "s", 1000 }, { "m", 60000 }, { "h", 3600000 } };
	const size_t length = strspn(text, "0123456789");
	int64_t number = 0;

	if (length == 0 || length > 10)
		return -1;
	for (size_t i = 0; i < length; i++)
		number = number * 10 + (text[i] - '0');
	for (size_t i = 0; i < sizeof units / sizeof *units; i++)
		if (strcmp(text + length, units[i].unit) == 0)
			return number * units[i].ms <= key->most ? number * units[i].ms : -1;
	return -1;
}

/* What to do about a number that is none: a time may have been written with its unit. */
static const char *hint_of_number(dbw__file_reader *reader, const dbw__key *key, const dbw_yaml_node *node)
{
	static const char ending[] = "_ms";
	const size_t length = strlen(key->name);
	int64_t ms;

	if (node->type != DBW_YAML_TEXT || length < sizeof ending ||
		strcmp(key->name + length + 1 - sizeof ending, ending) != 0)
		return NULL;
	ms = milliseconds_of(key, node->of.text);
	return ms < 0 ? NULL : dbw__files_format(reader, "write %lld: it is in milliseconds", (long long)ms);
}

static const char *hint_of(dbw__file_reader *reader, const dbw__key *key, const dbw_yaml_node *node)
{
	static const char *const old[] = { "yes", "no", "on", "off", "y", "n", "Yes", "No", "On", "Off" };

	if (key == NULL || node->kind != DBW_YAML_SCALAR || dbw_yaml_is_null(node))
		return NULL;
	if (key->kind == DBW__KEY_BOOL) {
		for (size_t i = 0; i < sizeof old / sizeof *old; i++)
			if (strcmp(node->of.text, old[i]) == 0)
				return "YAML 1.2 has true and false; yes, no, on and off are text";
		return NULL;
	}
	if (key->kind == DBW__KEY_INT)
		return hint_of_number(reader, key, node);
	/* What is secret is not said again. */
	return key->secret ? "write it in quotes"
			   : dbw__files_format(reader, "write it in quotes: \"%s\"", node->of.text);
}

/* A name that can stand among others with commas between them. */
static bool is_name(const dbw_yaml_node *node)
{
	return node->kind == DBW_YAML_SCALAR && node->type == DBW_YAML_TEXT && node->count != 0 &&
	       strcspn(node->of.text, ", \t\r\n$") == node->count;
}

/* A list of names as one text: "primary, auth:eu". */
static const char *join_names(
	dbw__file_reader *reader, const char *name, const dbw_yaml_node *node, const char *what)
{
	const char *joined = NULL;
	dbw_text_buffer text;
	char storage[256];
	bool good = true;

	if (node->kind != DBW_YAML_SEQUENCE) {
		dbw__files_report(reader, node->position, "wrong-kind",
			is_name(node) ? dbw__files_format(reader, "write [%s]", node->of.text) : NULL,
			"\"%s\" of %s must be a list of names, not %s", name, what, dbw_yaml_describe(node));
		return NULL;
	}
	dbw_text_init(&text, storage, sizeof storage);
	for (size_t i = 0; i < node->count && good; i++) {
		const dbw_yaml_node *item = node->of.items[i];

		good = is_name(item);
		if (good)
			dbw_text_printf(&text, "%s%s", i == 0 ? "" : ", ", item->of.text);
		else
			dbw__files_report(reader, item->position, "wrong-kind",
				"write the name of an entry, or schema:qualifier",
				"\"%s\" of %s must be a list of names", name, what);
	}
	if (good && !text.failed)
		joined = dbw_arena_copy(reader->arena, text.length == 0 ? "" : text.data, text.length);
	reader->out_of_memory |= good && joined == NULL;
	dbw_text_clear(&text);
	return joined;
}

const char *dbw__files_value(dbw__file_reader *reader, const dbw__key *key, const char *name,
	const dbw_yaml_node *node, const char *what)
{
	int64_t number;

	if (key != NULL && key->kind == DBW__KEY_NAMES)
		return join_names(reader, name, node, what);
	if (!fits(key, node)) {
		dbw__files_report(reader, node->position, "wrong-kind", hint_of(reader, key, node),
			"\"%s\" of %s must be %s, not %s", name, what, expected(key),
			node->type == DBW_YAML_FLOAT && key != NULL && key->kind == DBW__KEY_INT
				? "one with a fraction"
				: dbw_yaml_describe(node));
		return NULL;
	}
	if (memchr(node->of.text, '\0', node->count) != NULL) {
		dbw__files_report(reader, node->position, "wrong-kind", NULL, "\"%s\" of %s has a NUL byte",
			name, what);
		return NULL;
	}
	/* YAML has several ways to write a number and a truth value. */
	if (key != NULL && key->kind == DBW__KEY_INT && dbw_yaml_as_int(node, &number))
		return dbw__files_format(reader, "%lld", (long long)number);
	if (key != NULL && key->kind == DBW__KEY_BOOL && node->type == DBW_YAML_BOOL)
		return node->of.text[0] == 't' || node->of.text[0] == 'T' ? "true" : "false";
	return node->of.text;
}

/* Types as they are written: "text?", "string(255)", "decimal(10,2)?", "enum(member, admin)". */
#include "loader.h"

#include <base/suggest.h>
#include <base/utf8.h>
#include <model/name.h>
#include <string.h>
#include <strings.h>

/* A type's text, taken apart. Lengths are in bytes. */
struct type_text {
	const char *name, *arguments;
	size_t name_length, arguments_length;
	bool bracket, nullable, array;
};

static bool is_blank(char byte)
{
	return byte == ' ' || byte == '\t' || byte == '\n';
}

static void trim(const char **text, size_t *length)
{
	while (*length != 0 && is_blank((*text)[0]))
		++*text, --*length;
	while (*length != 0 && is_blank((*text)[*length - 1]))
		--*length;
}

/* Splits name, brackets and '?'. False for brackets that do not close or have text behind them. */
static bool split_type(const char *text, struct type_text *out)
{
	const char *open;
	size_t length = strlen(text);

	memset(out, 0, sizeof(*out));
	trim(&text, &length);
	if (length != 0 && text[length - 1] == '?') {
		out->nullable = true;
		length--;
		trim(&text, &length);
	}
	if (length > 2 && memcmp(text + length - 2, "[]", 2) == 0) {
		out->array = true;
		length -= 2;
		trim(&text, &length);
	}
	out->name = text;
	out->name_length = length;
	open = memchr(text, '(', length);
	if (open != NULL) {
		if (text[length - 1] != ')')
			return false;
		out->bracket = true;
		out->arguments = open + 1;
		out->arguments_length = (size_t)(text + length - 1 - (open + 1));
		out->name_length = (size_t)(open - text);
		trim(&out->name, &out->name_length);
		trim(&out->arguments, &out->arguments_length);
	}
	return memchr(out->name, ')', out->name_length) == NULL;
}

static void type_error(
	ir_loader *loader, ir_field *field, const char *code, const char *hint, const char *problem)
{
	ir__load_error(
		loader, field->type_position, code, hint, "%s has %s", ir__scope_text(loader), problem);
	field->broken = true;
}

/* A number of digits alone, at most nine of them. */
static bool read_number(const char *text, size_t length, uint32_t *out)
{
	*out = 0;
	trim(&text, &length);
	if (length == 0 || length > 9)
		return false;
	for (size_t i = 0; i < length; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
		*out = *out * 10 + (uint32_t)(text[i] - '0');
	}
	return true;
}

static bool read_precision(const struct type_text *type, uint32_t *precision, uint32_t *scale)
{
	const char *comma = type->bracket ? memchr(type->arguments, ',', type->arguments_length) : NULL;

	*precision = *scale = 0;
	return comma != NULL && read_number(type->arguments, (size_t)(comma - type->arguments), precision) &&
	       read_number(comma + 1, type->arguments_length - (size_t)(comma + 1 - type->arguments), scale);
}

/* Advice to write a string with the length that was written, or of 255 (a char: 1) characters. */
static const char *string_hint(
	ir_loader *loader, const struct type_text *type, const dbw_yaml_node *keys, uint32_t usual)
{
	uint32_t length = 0;
	bool given = type->bracket && read_number(type->arguments, type->arguments_length, &length);

	if (keys == NULL)
		return ir__load_format(
			loader, "did you mean \"string(%u)\"?", (unsigned)(given ? length : usual));
	if (!given && dbw_yaml_get(keys, "length") != NULL)
		return "write type: string";
	return ir__load_format(
		loader, "write type: string with length: %u", (unsigned)(given ? length : usual));
}

static const char *decimal_hint(ir_loader *loader, const struct type_text *type, const dbw_yaml_node *keys)
{
	uint32_t precision, scale;

	if (!read_precision(type, &precision, &scale)) {
		bool whole =
			type->bracket && read_number(type->arguments, type->arguments_length, &precision);

		if (!whole && keys != NULL && dbw_yaml_get(keys, "precision") != NULL)
			return "write type: decimal";
		if (!whole)
			precision = 10, scale = 2;
	}
	return ir__load_format(loader,
		keys != NULL ? "write type: decimal with precision: %u and scale: %u"
			     : "did you mean \"decimal(%u,%u)\"?",
		(unsigned)precision, (unsigned)scale);
}

/* Advice for what other tools call our types; NULL for a word that is none of theirs. */
static const char *foreign_hint(
	ir_loader *loader, const char *name, const struct type_text *type, const dbw_yaml_node *keys)
{
	/* "string" and "decimal" take their numbers along. */
	static const struct {
		const char *theirs, *ours;
	} others[] = {
		{ "integer", "int32\" or \"int64" },
		{ "int", "int32\" or \"int64" },
		{ "long", "int64" },
		{ "tinyint", "int16" },
		{ "bigint", "int64" },
		{ "smallint", "int16" },
		{ "float", "float32" },
		{ "double", "float64" },
		{ "real", "float64" },
		{ "number", "decimal" },
		{ "numeric", "decimal" },
		{ "money", "decimal" },
		{ "boolean", "bool" },
		{ "varchar", "string" },
		{ "nvarchar", "string" },
		{ "char", "string" },
		{ "character", "string" },
		{ "str", "string" },
		{ "clob", "text" },
		{ "datetime", "timestamp" },
		{ "timestamptz", "timestamp" },
		{ "blob", "bytes" },
		{ "bytea", "bytes" },
		{ "binary", "bytes" },
		{ "jsonb", "json" },
		{ "serial", "id" },
		{ "bigserial", "id" },
		{ "guid", "uuid" },
	};

	for (size_t i = 0; i < IR_COUNT(others); i++) {
		if (strcasecmp(others[i].theirs, name) != 0)
			continue;
		if (strcmp(others[i].ours, "string") == 0)
			return string_hint(loader, type, keys, strncasecmp(name, "char", 4) == 0 ? 1 : 255);
		if (strcmp(others[i].ours, "decimal") == 0)
			return decimal_hint(loader, type, keys);
		return ir__load_format(loader, "did you mean \"%s\"?", others[i].ours);
	}
	return NULL;
}

static void report_unknown(
	ir_loader *loader, ir_field *field, const struct type_text *type, const dbw_yaml_node *keys)
{
	char *name = dbw_arena_copy(loader->arena, type->name, type->name_length);
	const char *near, *hint;
	size_t count;
	const char *const *names = ir_type_names(&count);

	field->broken = true;
	if (name == NULL) {
		loader->out_of_memory = true;
		return;
	}
	near = dbw_suggest(name, names, count);
	hint = foreign_hint(loader, name, type, keys);
	ir__load_error(loader, field->type_position, "unknown-type",
		hint != NULL ? hint
		: near != NULL
			? ir__load_format(loader, "did you mean \"%s\"?", near)
			: "types are id, bool, int16, int32, int64, float32, float64, decimal(p,s), string(n), text, bytes, timestamp, date, time, uuid, json and enum(a, b)",
		"%s has the unknown type \"%s\"", ir__scope_text(loader), name);
}

/* An enum's value: any short text that both engines can hold. */
static bool load_value(ir_loader *loader, ir_field *field, const char *text, size_t length, dbw_position at)
{
	ir_enum_value *value = &field->values[field->value_count];

	if (length == 0 || length > IR_NAME_MAX || memchr(text, '\0', length) != NULL) {
		ir__load_error(loader, at, "bad-enum-value", NULL, "%s has a value that is %s",
			ir__scope_text(loader),
			length == 0            ? "empty"
			: length > IR_NAME_MAX ? "longer than 63 bytes"
					       : "not text: it has a NUL byte");
		field->broken = true;
		return false;
	}
	for (size_t i = 0; i < field->value_count; i++) {
		if (strlen(field->values[i].word.text) == length &&
			memcmp(field->values[i].word.text, text, length) == 0) {
			ir__load_error(loader, at, "duplicate-enum-value", "take one of them away",
				"%s has the value \"%.*s\" twice", ir__scope_text(loader), (int)length, text);
			return false;
		}
	}
	value->word.text = dbw_arena_copy(loader->arena, text, length);
	value->word.position = at;
	if (value->word.text == NULL) {
		loader->out_of_memory = true;
		return false;
	}
	field->value_count++;
	return true;
}

static void load_value_list(ir_loader *loader, ir_field *field, const char *text, size_t length)
{
	size_t count = 1;

	for (size_t i = 0; i < length; i++)
		count += text[i] == ',';
	field->values = ir__load_alloc(loader, count, sizeof(*field->values));
	if (field->values == NULL)
		return;
	for (;;) {
		const char *comma = memchr(text, ',', length), *value = text;
		size_t value_length = comma != NULL ? (size_t)(comma - text) : length;
		size_t rest = length - value_length;

		trim(&value, &value_length);
		if (value_length != 0 && (value[0] == '"' || value[0] == '\'')) {
			type_error(loader, field, "bad-enum-value",
				"write enum(a, b), or values: [\"a, b\", c] where a value has a comma or quotes",
				"an enum whose values stand in quotes");
			return;
		}
		if (!load_value(loader, field, value, value_length, field->type_position) && field->broken)
			return;
		if (comma == NULL)
			return;
		text = comma + 1;
		length = rest - 1;
	}
}

void ir__load_values(ir_loader *loader, const dbw_yaml_node *node, ir_field *field)
{
	bool mapping = node->kind == DBW_YAML_MAPPING;

	field->value_count = 0;
	if (node->kind == DBW_YAML_SCALAR) {
		ir__load_error(loader, node->position, "wrong-kind", "write values: [member, admin]",
			"\"values\" of %s must be a list, not %s", ir__scope_text(loader),
			dbw_yaml_describe(node));
		field->broken = true;
		return;
	}
	field->values = ir__load_alloc(loader, node->count + 1, sizeof(*field->values));
	for (size_t i = 0; field->values != NULL && i < node->count; i++) {
		const dbw_yaml_node *value = mapping ? node->of.pairs[i].key : node->of.items[i];
		ir_word word;

		if (mapping)
			word = (ir_word){ value->of.text, value->position };
		else if (!ir__load_text(loader, value, "values", &word))
			field->broken = true;
		if (word.text == NULL ||
			!load_value(loader, field, word.text, strlen(word.text), word.position))
			continue;
		value = mapping ? node->of.pairs[i].value : NULL;
		if (value != NULL && !dbw_yaml_is_null(value) &&
			ir__load_text(loader, value, "values", &word))
			field->values[field->value_count - 1].comment = word.text;
	}
}

static void load_arguments(ir_loader *loader, ir_field *field, const struct type_text *type,
	bool *length_given, bool *precision_given)
{
	switch (ir_type_of(field->type)->arguments) {
	case IR_NO_ARGUMENTS:
		ir__load_error(loader, field->type_position, "bad-type-arguments",
			ir__load_format(loader, "write %s", ir_type_of(field->type)->name),
			"%s: the type \"%s\" takes nothing in brackets", ir__scope_text(loader),
			ir_type_of(field->type)->name);
		field->broken = true;
		break;
	case IR_LENGTH:
		*length_given = true;
		if (!read_number(type->arguments, type->arguments_length, &field->length))
			type_error(loader, field, "bad-type-arguments", "write string(255)",
				"a length that is not a number");
		break;
	case IR_PRECISION_SCALE:
		*precision_given = true;
		if (!read_precision(type, &field->precision, &field->scale))
			type_error(loader, field, "bad-type-arguments",
				"write decimal(10,2): ten digits, two of them after the point",
				"a decimal type without precision and scale");
		break;
	case IR_VALUES: load_value_list(loader, field, type->arguments, type->arguments_length); break;
	}
}

void ir__load_type(ir_loader *loader, const dbw_yaml_node *node, const dbw_yaml_node *keys, ir_field *field,
	bool *length_given, bool *precision_given)
{
	struct type_text type;
	ir_word word;

	*length_given = *precision_given = false;
	field->type_position = node->position;
	if (dbw_yaml_is_null(node)) {
		type_error(
			loader, field, "missing-type", "write a type, as in text? or string(255)", "no type");
		return;
	}
	if (!ir__load_text(loader, node, "type", &word)) {
		field->broken = true;
		return;
	}
	if (!split_type(word.text, &type)) {
		type_error(loader, field, "bad-type",
			"inside { } a comma ends the value: write the type in quotes, as in \"decimal(10,2)\"",
			"a type whose brackets do not match");
		return;
	}
	field->nullable = type.nullable;
	if (type.array || (type.name_length == 5 && memcmp(type.name, "array", 5) == 0)) {
		type_error(loader, field, "not-supported", "a list of values is a model of its own, or json",
			"an array type, and arrays are not supported yet");
		return;
	}
	if (!ir_type_find(type.name, type.name_length, &field->type)) {
		report_unknown(loader, field, &type, keys);
		return;
	}
	if (type.bracket)
		load_arguments(loader, field, &type, length_given, precision_given);
}

/* libyaml's events into the tree. */
#include <base/suggest.h>
#include <stdio.h>
#include <string.h>

#include "parser.h"

enum { DEEPEST = 1000 };

static const char standard_tag[] = "tag:yaml.org,2002:";

static const dbw_yaml_node *parse_node(struct dbw__parse *parse, const yaml_event_t *event, size_t depth);

void dbw__parse_error(struct dbw__parse *parse, dbw_position position, const char *code, const char *hint,
	const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	dbw_vreport(parse->diagnostics, DBW_SEVERITY_ERROR, position, code, hint, format, arguments);
	va_end(arguments);
	parse->failed = true;
}

void dbw__parse_out_of_memory(struct dbw__parse *parse)
{
	dbw_position position = { parse->file, 0, 0 };

	dbw__parse_error(parse, position, "out-of-memory", NULL, "out of memory");
	parse->stopped = true;
}

static bool next_event(struct dbw__parse *parse, yaml_event_t *event)
{
	if (parse->stopped)
		return false;
	if (yaml_parser_parse(&parse->parser, event))
		return true;
	dbw__report_syntax(parse);
	parse->stopped = true;
	return false;
}

/* Counts nodes; stops the parse at the limit. */
static bool count_nodes(struct dbw__parse *parse, const yaml_event_t *event, size_t more)
{
	if (more <= parse->limits.expanded - parse->expanded) {
		parse->expanded += more;
		return true;
	}
	dbw__parse_error(parse, dbw__locate(parse, &event->start_mark), "too-many-nodes",
		"split the file, or use fewer aliases of aliases",
		"the file has more than %zu nodes when its aliases are written out", parse->limits.expanded);
	parse->stopped = true;
	return false;
}

static dbw_yaml_node *new_node(
	struct dbw__parse *parse, const yaml_event_t *event, dbw_yaml_kind kind, dbw_yaml_type type)
{
	dbw_yaml_node *node;

	if (!count_nodes(parse, event, 1))
		return NULL;
	node = dbw_arena_alloc_zeroed(parse->arena, 1, sizeof(*node));
	if (node == NULL) {
		dbw__parse_out_of_memory(parse);
		return NULL;
	}
	node->position = dbw__locate(parse, &event->start_mark);
	node->kind = kind;
	node->type = type;
	node->expanded = 1;
	return node;
}

/* Remembers the name of a node; NULL `name` is fine. */
static struct dbw__anchor *add_anchor(
	struct dbw__parse *parse, const yaml_char_t *name, dbw_position position, const dbw_yaml_node *node)
{
	struct dbw__anchor *anchor;

	if (name == NULL)
		return NULL;
	anchor = dbw_arena_alloc(parse->arena, sizeof(*anchor));
	if (anchor != NULL)
		anchor->name = dbw_arena_copy(parse->arena, (const char *)name, strlen((const char *)name));
	if (anchor == NULL || anchor->name == NULL) {
		dbw__parse_out_of_memory(parse);
		return NULL;
	}
	anchor->position = position;
	anchor->node = node;
	anchor->next = parse->anchors;
	parse->anchors = anchor;
	return anchor;
}

static void report_tag(struct dbw__parse *parse, dbw_position position, const char *tag)
{
	bool standard = strncmp(tag, standard_tag, sizeof(standard_tag) - 1) == 0;

	dbw__parse_error(parse, position, "custom-tag",
		"known tags are !!str, !!int, !!float, !!bool, !!null, !!map and !!seq",
		"the tag %s%s is not known", standard ? "!!" : "",
		standard ? tag + sizeof(standard_tag) - 1 : tag);
}

/* The type that a tag gives; reports a tag that is not among the standard ones. False without a known tag. */
static bool tag_type(
	struct dbw__parse *parse, dbw_position position, const yaml_char_t *event_tag, dbw_yaml_type *type)
{
	static const struct {
		const char *name;
		dbw_yaml_type type;
	} tags[] = { { "str", DBW_YAML_TEXT }, { "int", DBW_YAML_INT }, { "float", DBW_YAML_FLOAT },
		{ "bool", DBW_YAML_BOOL }, { "null", DBW_YAML_NULL }, { "map", DBW_YAML_MAP },
		{ "seq", DBW_YAML_LIST } };
	const char *tag = (const char *)event_tag;

	/* `!` alone says that there is no tag. */
	if (tag == NULL || strcmp(tag, "!") == 0 || *tag == '\0')
		return false;
	for (size_t i = 0; strncmp(tag, standard_tag, sizeof(standard_tag) - 1) == 0 && i < 7; i++) {
		if (strcmp(tag + sizeof(standard_tag) - 1, tags[i].name) == 0) {
			*type = tags[i].type;
			return true;
		}
	}
	report_tag(parse, position, tag);
	return false;
}

static void report_bad_tag(
	struct dbw__parse *parse, dbw_position position, const yaml_char_t *tag, const dbw_yaml_node *node)
{
	dbw__parse_error(parse, position, "bad-tag", NULL, "the tag !!%s does not fit: this is %s",
		(const char *)tag + sizeof(standard_tag) - 1, dbw_yaml_describe(node));
}

static const dbw_yaml_node *parse_scalar(struct dbw__parse *parse, const yaml_event_t *event)
{
	const char *text = (const char *)event->data.scalar.value;
	size_t length = event->data.scalar.length;
	dbw_yaml_node *node = new_node(parse, event, DBW_YAML_SCALAR, DBW_YAML_NULL);
	dbw_yaml_type type;

	if (node == NULL)
		return NULL;
	switch (event->data.scalar.style) {
	case YAML_SINGLE_QUOTED_SCALAR_STYLE:
	case YAML_DOUBLE_QUOTED_SCALAR_STYLE: node->style = DBW_YAML_QUOTED; break;
	case YAML_LITERAL_SCALAR_STYLE:
	case YAML_FOLDED_SCALAR_STYLE: node->style = DBW_YAML_BLOCK; break;
	default: node->style = DBW_YAML_PLAIN; break;
	}
	node->count = length;
	node->of.text = dbw_arena_copy(parse->arena, text, length);
	if (node->of.text == NULL) {
		dbw__parse_out_of_memory(parse);
		return NULL;
	}
	if (node->style == DBW_YAML_PLAIN)
		dbw__check_spaces(parse, text, length);
	node->type = dbw__resolve_scalar(text, length, node->style);
	if (tag_type(parse, node->position, event->data.scalar.tag, &type)) {
		if (dbw__scalar_fits(text, length, type))
			node->type = type;
		else
			report_bad_tag(parse, node->position, event->data.scalar.tag, node);
	}
	add_anchor(parse, event->data.scalar.anchor, node->position, node);
	return node;
}

/* What stands in for an alias that leads nowhere, so that the rest can still be looked at. */
static const dbw_yaml_node *nothing(struct dbw__parse *parse, const yaml_event_t *event)
{
	dbw_yaml_node *node = new_node(parse, event, DBW_YAML_SCALAR, DBW_YAML_NULL);

	if (node != NULL)
		node->of.text = "";
	return node;
}

static void report_unknown_anchor(struct dbw__parse *parse, dbw_position position, const char *name)
{
	dbw_suggestion near;
	char hint[128];

	dbw_suggestion_begin(&near, name, strlen(name));
	for (const struct dbw__anchor *anchor = parse->anchors; anchor != NULL; anchor = anchor->next)
		dbw_suggestion_offer(&near, anchor->name);
	if (near.best != NULL)
		snprintf(hint, sizeof(hint), "did you mean *%s?", near.best);
	else
		snprintf(hint, sizeof(hint), "a text that begins with * needs quotes");
	dbw__parse_error(
		parse, position, "unknown-anchor", hint, "no anchor &%s stands before this alias", name);
}

static const dbw_yaml_node *parse_alias(struct dbw__parse *parse, const yaml_event_t *event)
{
	const char *name = (const char *)event->data.alias.anchor;
	dbw_position position = dbw__locate(parse, &event->start_mark);
	const struct dbw__anchor *anchor = parse->anchors;

	if (parse->aliases == parse->limits.aliases) {
		dbw__parse_error(parse, position, "too-many-aliases", NULL,
			"the file has more than %zu aliases", parse->limits.aliases);
		parse->stopped = true;
		return NULL;
	}
	parse->aliases++;
	while (anchor != NULL && strcmp(anchor->name, name) != 0)
		anchor = anchor->next;
	if (anchor == NULL) {
		report_unknown_anchor(parse, position, name);
		return nothing(parse, event);
	}
	if (anchor->node == NULL) {
		dbw__parse_error(parse, position, "alias-cycle", NULL,
			"the alias *%s stands inside what it repeats", name);
		dbw_report(parse->diagnostics, DBW_SEVERITY_NOTE, anchor->position, "alias-cycle", NULL,
			"&%s begins here", name);
		return nothing(parse, event);
	}
	return count_nodes(parse, event, anchor->node->expanded) ? anchor->node : NULL;
}

static bool check_depth(struct dbw__parse *parse, const yaml_event_t *event, size_t depth)
{
	if (depth <= parse->limits.depth)
		return true;
	dbw__parse_error(parse, dbw__locate(parse, &event->start_mark), "too-deep", NULL,
		"nested more than %zu levels deep", parse->limits.depth);
	parse->stopped = true;
	return false;
}

/* Opens a mapping or a sequence: depth, node, tag, anchor. NULL when the parse stops. */
static dbw_yaml_node *open_collection(struct dbw__parse *parse, const yaml_event_t *event, dbw_yaml_kind kind,
	size_t depth, struct dbw__anchor **anchor)
{
	bool map = kind == DBW_YAML_MAPPING;
	const yaml_char_t *tag = map ? event->data.mapping_start.tag : event->data.sequence_start.tag;
	dbw_yaml_type type, natural = map ? DBW_YAML_MAP : DBW_YAML_LIST;
	dbw_yaml_node *node;

	if (!check_depth(parse, event, depth))
		return NULL;
	node = new_node(parse, event, kind, natural);
	if (node == NULL)
		return NULL;
	if (tag_type(parse, node->position, tag, &type) && type != natural)
		report_bad_tag(parse, node->position, tag, node);
	*anchor =
		add_anchor(parse, map ? event->data.mapping_start.anchor : event->data.sequence_start.anchor,
			node->position, NULL);
	return parse->stopped ? NULL : node;
}

/* `array` with room for one more element of `size` bytes; reports when memory is short. */
static void *grow(struct dbw__parse *parse, void *array, size_t count, size_t *capacity, size_t size)
{
	size_t more = *capacity == 0 ? 4 : *capacity * 2;
	void *grown;

	if (count < *capacity)
		return array;
	grown = dbw_arena_alloc_zeroed(parse->arena, more, size);
	if (grown == NULL) {
		dbw__parse_out_of_memory(parse);
		return NULL;
	}
	if (count != 0)
		memcpy(grown, array, count * size);
	*capacity = more;
	return grown;
}

static const dbw_yaml_node *parse_sequence(struct dbw__parse *parse, const yaml_event_t *start, size_t depth)
{
	size_t before = parse->expanded, capacity = 0;
	struct dbw__anchor *anchor = NULL;
	const dbw_yaml_node **items = NULL;
	dbw_yaml_node *sequence = open_collection(parse, start, DBW_YAML_SEQUENCE, depth, &anchor);
	yaml_event_t event;

	if (sequence == NULL)
		return NULL;
	while (next_event(parse, &event)) {
		bool last = event.type == YAML_SEQUENCE_END_EVENT;
		const dbw_yaml_node *item = last ? NULL : parse_node(parse, &event, depth);

		yaml_event_delete(&event);
		if (last)
			break;
		if (item != NULL)
			items = grow(parse, items, sequence->count, &capacity, sizeof(*items));
		if (item != NULL && items != NULL)
			items[sequence->count++] = item;
	}
	if (parse->stopped)
		return NULL;
	sequence->of.items = items;
	sequence->expanded = (uint32_t)(parse->expanded - before);
	if (anchor != NULL)
		anchor->node = sequence;
	return sequence;
}

static void report_key_type(struct dbw__parse *parse, const dbw_yaml_node *key)
{
	char hint[80];

	if (key->count == 0) {
		dbw__parse_error(parse, key->position, "non-string-key", NULL, "a key is missing here");
		return;
	}
	if (strcmp(key->of.text, "null") == 0)
		snprintf(hint, sizeof(hint),
			"did you mean nullable: true, or false? a name needs quotes: \"null\"");
	else
		snprintf(hint, sizeof(hint), "write it in quotes: \"%.40s\"", key->of.text);
	dbw__parse_error(parse, key->position, "non-string-key", hint, "a key must be text, but %.40s is %s",
		key->of.text, dbw_yaml_describe(key));
}

/* The key that begins with `event`; NULL when it is none, which is reported. */
static const dbw_yaml_node *parse_key(struct dbw__parse *parse, const yaml_event_t *event, size_t depth)
{
	const dbw_yaml_node *key;

	if (event->type == YAML_ALIAS_EVENT) {
		dbw__parse_error(parse, dbw__locate(parse, &event->start_mark), "alias-key",
			"write the key itself; to merge a mapping, write <<: *name",
			"an alias cannot be a key");
		return NULL;
	}
	if (event->type != YAML_SCALAR_EVENT) {
		dbw__parse_error(parse, dbw__locate(parse, &event->start_mark), "complex-key",
			event->type == YAML_MAPPING_START_EVENT ? "a text that begins with { needs quotes"
								: "a text that begins with [ needs quotes",
			"a key must be text, not %s",
			event->type == YAML_MAPPING_START_EVENT ? "a mapping" : "a list");
		parse_node(parse, event, depth);
		return NULL;
	}
	key = parse_scalar(parse, event);
	if (key == NULL)
		return NULL;
	if (key->type != DBW_YAML_TEXT) {
		report_key_type(parse, key);
		return NULL;
	}
	if (memchr(key->of.text, '\0', key->count) != NULL) {
		dbw__parse_error(
			parse, key->position, "control-character", NULL, "a key cannot hold a NUL character");
		return NULL;
	}
	return key;
}

static void add_pair(struct dbw__parse *parse, struct dbw__pairs *pairs, const dbw_yaml_node *key,
	const dbw_yaml_node *value)
{
	dbw_yaml_pair pair = { key, value, false };

	if (key->style == DBW_YAML_PLAIN && strcmp(key->of.text, "<<") == 0) {
		if (pairs->merge != NULL) {
			dbw__report_duplicate(parse, pairs->merge->key, key);
			return;
		}
		pairs->merge_pair = pair;
		pairs->merge = &pairs->merge_pair;
		pairs->merge_at = pairs->count;
		return;
	}
	pairs->items = grow(parse, pairs->items, pairs->count, &pairs->capacity, sizeof(*pairs->items));
	if (pairs->items != NULL)
		pairs->items[pairs->count++] = pair;
}

static const dbw_yaml_node *parse_mapping(struct dbw__parse *parse, const yaml_event_t *start, size_t depth)
{
	size_t before = parse->expanded;
	struct dbw__anchor *anchor = NULL;
	struct dbw__pairs pairs = { NULL, 0, 0, NULL, { NULL, NULL, false }, 0 };
	dbw_yaml_node *mapping = open_collection(parse, start, DBW_YAML_MAPPING, depth, &anchor);
	yaml_event_t event;

	if (mapping == NULL)
		return NULL;
	while (next_event(parse, &event)) {
		bool last = event.type == YAML_MAPPING_END_EVENT;
		const dbw_yaml_node *key = last ? NULL : parse_key(parse, &event, depth), *value;

		yaml_event_delete(&event);
		if (last || !next_event(parse, &event))
			break;
		value = parse_node(parse, &event, depth);
		yaml_event_delete(&event);
		if (key != NULL && value != NULL)
			add_pair(parse, &pairs, key, value);
	}
	if (!parse->stopped)
		dbw__finish_mapping(parse, mapping, &pairs);
	if (parse->stopped)
		return NULL;
	mapping->expanded = (uint32_t)(parse->expanded - before);
	if (anchor != NULL)
		anchor->node = mapping;
	return mapping;
}

/* The node that begins with `event`, inside `depth` collections; NULL when the parse has stopped. */
static const dbw_yaml_node *parse_node(struct dbw__parse *parse, const yaml_event_t *event, size_t depth)
{
	switch (event->type) {
	case YAML_ALIAS_EVENT: return parse_alias(parse, event);
	case YAML_SCALAR_EVENT: return parse_scalar(parse, event);
	case YAML_SEQUENCE_START_EVENT: return parse_sequence(parse, event, depth + 1);
	case YAML_MAPPING_START_EVENT: return parse_mapping(parse, event, depth + 1);
	default: break;
	}
	return NULL;
}

static void report_empty(struct dbw__parse *parse)
{
	dbw_position position = { parse->file, 1, 1 };

	dbw__parse_error(parse, position, "empty-document", NULL, "the file is empty");
}

/* Stream start, one document with one root, stream end. */
static const dbw_yaml_node *parse_stream(struct dbw__parse *parse)
{
	const dbw_yaml_node *root = NULL;
	size_t documents = 0;
	bool end = false;
	yaml_event_t event;

	while (!end && next_event(parse, &event)) {
		switch (event.type) {
		case YAML_STREAM_END_EVENT: end = true; break;
		case YAML_DOCUMENT_START_EVENT:
			if (++documents > 1) {
				dbw__parse_error(parse, dbw__locate(parse, &event.start_mark),
					"several-documents", "put it into a file of its own",
					"a second document begins here");
				parse->stopped = true;
			}
			break;
		case YAML_STREAM_START_EVENT:
		case YAML_DOCUMENT_END_EVENT: break;
		default: root = parse_node(parse, &event, 0); break;
		}
		yaml_event_delete(&event);
	}
	if (!parse->stopped &&
		(root == NULL || (root->type == DBW_YAML_NULL && root->count == 0 && !parse->failed)))
		report_empty(parse);
	return root;
}

static dbw_yaml_limits sane_limits(const dbw_yaml_limits *limits)
{
	dbw_yaml_limits sane = limits != NULL ? *limits : dbw_yaml_default_limits;

	if (sane.depth > DEEPEST)
		sane.depth = DEEPEST;
	if (sane.expanded > UINT32_MAX)
		sane.expanded = UINT32_MAX;
	return sane;
}

bool dbw_yaml_parse(dbw_arena *arena, dbw_diagnostics *diagnostics, const char *file_name, const char *text,
	size_t length, const dbw_yaml_limits *limits, const dbw_yaml_node **root)
{
	struct dbw__parse parse;
	const dbw_yaml_node *node;

	*root = NULL;
	memset(&parse, 0, sizeof(parse));
	parse.arena = arena;
	parse.diagnostics = diagnostics;
	parse.limits = sane_limits(limits);
	parse.file = dbw_arena_copy(arena, file_name, strlen(file_name));
	if (parse.file == NULL) {
		dbw__parse_out_of_memory(&parse);
		return false;
	}
	if (!dbw__prepare_text(&parse, text, length))
		return false;
	if (!yaml_parser_initialize(&parse.parser)) {
		dbw__parse_out_of_memory(&parse);
		return false;
	}
	yaml_parser_set_encoding(&parse.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(
		&parse.parser, (const unsigned char *)parse.locator.text, parse.locator.length);
	node = parse_stream(&parse);
	yaml_parser_delete(&parse.parser);
	if (!parse.failed)
		*root = node;
	return !parse.failed;
}

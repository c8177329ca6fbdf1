/* What a template is after parsing; shared by the parser and by what fills it. */
#ifndef DBWRIGHT_RENDER_TEMPLATE_TREE_H
#define DBWRIGHT_RENDER_TEMPLATE_TREE_H

#include <render/template.h>

typedef enum ir__node_kind {
	IR__NODE_TEXT,
	IR__NODE_VALUE,
	IR__NODE_EACH,
	IR__NODE_IF,
	IR__NODE_UNLESS,
	IR__NODE_FILL,
	IR__NODE_PARTIAL,
} ir__node_kind;

/* One part of a dotted name. */
typedef struct ir__segment {
	const char *name;
	size_t length;
	uint32_t hash;
	struct ir__segment *next;
} ir__segment;

/* Where the output stands while a filter works. */
typedef struct ir__filter_place {
	const char *line; /* The present line so far, without the indent of the partials around it. */
	size_t length;    /* Its bytes. */
	size_t outer;     /* Columns that the indent of the partials takes. */
} ir__filter_place;

/* Appends `text`, transformed, to `out`. */
typedef void (*ir__filter_function)(
	const ir__filter_place *place, const char *text, size_t length, dbw_text_buffer *out);

typedef struct ir__filter {
	ir__filter_function function;
	struct ir__filter *next;
} ir__filter;

typedef struct ir__node {
	ir__node_kind kind;
	dbw_position position;
	const char *
		text; /* TEXT: what it says; VALUE, EACH, IF, UNLESS: the name as written; PARTIAL, FILL: the name */
	size_t length;
	ir__segment *path;
	ir__filter *filters;
	const char *indent; /* PARTIAL */
	size_t indent_length;
	struct ir__node *children;
	struct ir__node *otherwise; /* IF, UNLESS: after {{else}} */
	struct ir__node *next;
} ir__node;

/* The filter of a name; NULL if there is none. */
ir__filter_function ir__filter_find(const char *name, size_t length);

/* Parses a template into nodes of the arena; an empty template has none. False after an error, which is reported. */
bool ir__template_parse(
	dbw_arena *arena, const ir__template_text *text, ir__node **out, dbw_diagnostics *diagnostics);

#endif

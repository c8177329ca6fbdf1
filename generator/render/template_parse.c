#include "template_tree.h"

#include <string.h>

/* Blocks inside blocks. */
enum { DEPTH_MAX = 32 };

/* What a tag is, by its first character or word. */
typedef enum tag_kind {
	TAG_VALUE,
	TAG_EACH,
	TAG_IF,
	TAG_UNLESS,
	TAG_FILL,
	TAG_ELSE,
	TAG_CLOSE,
	TAG_PARTIAL,
	TAG_COMMENT
} tag_kind;

typedef struct tag {
	tag_kind kind;
	dbw_position position;
	const char *start, *end; /* from "{{" to behind "}}" */
	const char *word;        /* what is inside, without the mark and blanks */
	size_t length;
} tag;

/* A block that is open. */
typedef struct block {
	ir__node *node;
	bool otherwise; /* {{else}} was seen */
} block;

typedef struct parser {
	dbw_arena *arena;
	dbw_diagnostics *diagnostics;
	const ir__template_text *source;
	const char *at, *end;
	const char *line_start; /* of the line that `at` is in */
	uint32_t line;
	block blocks[DEPTH_MAX];
	size_t depth;
	ir__node **tail; /* where the next node goes */
} parser;

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool out_of_memory(const parser *p)
{
	dbw_report(p->diagnostics, DBW_SEVERITY_ERROR, (dbw_position){ .file = p->source->file },
		"out-of-memory", NULL, "out of memory");
	return false;
}

/* The position of a character at or behind the present line's start, in that line. */
static dbw_position position_of(const parser *p, const char *at)
{
	return (dbw_position){
		.file = p->source->file, .line = p->line, .column = (uint32_t)(at - p->line_start) + 1
	};
}

static void advance(parser *p, const char *to)
{
	for (; p->at < to; p->at++)
		if (*p->at == '\n') {
			p->line++;
			p->line_start = p->at + 1;
		}
}

static ir__node *add(parser *p, ir__node_kind kind, dbw_position position, const char *text, size_t length)
{
	ir__node *node = dbw_arena_alloc_zeroed(p->arena, 1, sizeof *node);

	if (node == NULL) {
		out_of_memory(p);
		return NULL;
	}
	node->kind = kind;
	node->position = position;
	node->text = text;
	node->length = length;
	*p->tail = node;
	p->tail = &node->next;
	return node;
}

static bool add_text(parser *p, const char *from, const char *to)
{
	return from == to || add(p, IR__NODE_TEXT, position_of(p, p->at), from, (size_t)(to - from)) != NULL;
}

/* Splits "a.b.c" into the node's path. */
static bool parse_path(parser *p, ir__node *node)
{
	ir__segment **tail = &node->path;
	const char *end = node->text + node->length;

	for (const char *from = node->text; from <= end;) {
		const char *dot = memchr(from, '.', (size_t)(end - from));
		const char *to = dot == NULL ? end : dot;
		ir__segment *segment;

		for (const char *c = from; c <= to; c++)
			if (c == to ? from == to
				    : !(*c == '_' || (*c == '@' && c == node->text) ||
					      (*c >= 'a' && *c <= 'z') || (*c >= '0' && *c <= '9'))) {
				dbw_report(p->diagnostics, DBW_SEVERITY_ERROR, node->position,
					"template-name", NULL, "\"%.*s\" is not a name", (int)node->length,
					node->text);
				return false;
			}
		segment = dbw_arena_alloc_zeroed(p->arena, 1, sizeof *segment);
		if (segment == NULL)
			return out_of_memory(p);
		segment->name = from;
		segment->length = (size_t)(to - from);
		segment->hash = ir__view_hash(from, segment->length);
		*tail = segment;
		tail = &segment->next;
		from = to + 1;
	}
	return true;
}

static ir__filter *new_filter(parser *p, dbw_position position, const char *name, size_t length)
{
	ir__filter *filter = dbw_arena_alloc_zeroed(p->arena, 1, sizeof *filter);

	if (filter == NULL) {
		out_of_memory(p);
		return NULL;
	}
	filter->function = ir__filter_find(name, length);
	if (filter->function == NULL) {
		dbw_report(p->diagnostics, DBW_SEVERITY_ERROR, position, "template-filter", NULL,
			"there is no filter \"%.*s\"", (int)length, name);
		return NULL;
	}
	return filter;
}

static bool parse_value(parser *p, const tag *t)
{
	const char *end = t->word + t->length;
	const char *bar = memchr(t->word, '|', t->length);
	ir__node *node =
		add(p, IR__NODE_VALUE, t->position, t->word, (size_t)((bar == NULL ? end : bar) - t->word));
	ir__filter **tail;

	if (node == NULL || !parse_path(p, node))
		return false;
	tail = &node->filters;
	while (bar != NULL) {
		const char *name = bar + 1;

		bar = memchr(name, '|', (size_t)(end - name));
		*tail = new_filter(p, t->position, name, (size_t)((bar == NULL ? end : bar) - name));
		if (*tail == NULL)
			return false;
		tail = &(*tail)->next;
	}
	return true;
}

static bool open_block(parser *p, const tag *t)
{
	ir__node_kind kind = t->kind == TAG_EACH   ? IR__NODE_EACH
			     : t->kind == TAG_IF   ? IR__NODE_IF
			     : t->kind == TAG_FILL ? IR__NODE_FILL
						   : IR__NODE_UNLESS;
	ir__node *node;

	if (p->depth == DEPTH_MAX) {
		dbw_report(p->diagnostics, DBW_SEVERITY_ERROR, t->position, "template-depth", NULL,
			"more than %d blocks inside each other", DEPTH_MAX);
		return false;
	}
	node = add(p, kind, t->position, t->word, t->length);
	if (node == NULL)
		return false;
	if (kind == IR__NODE_FILL)
		node->filters = new_filter(p, t->position, t->word, t->length);
	if (kind == IR__NODE_FILL ? node->filters == NULL : !parse_path(p, node))
		return false;
	p->blocks[p->depth++] = (block){ .node = node };
	p->tail = &node->children;
	return true;
}

static const char *block_word(const ir__node *node)
{
	switch (node->kind) {
	case IR__NODE_EACH: return "each";
	case IR__NODE_IF: return "if";
	case IR__NODE_FILL: return "fill";
	default: return "unless";
	}
}

static bool otherwise(parser *p, const tag *t)
{
	block *top = p->depth == 0 ? NULL : &p->blocks[p->depth - 1];

	if (top == NULL || top->node->kind == IR__NODE_EACH || top->node->kind == IR__NODE_FILL ||
		top->otherwise) {
		dbw_report(p->diagnostics, DBW_SEVERITY_ERROR, t->position, "template-else", NULL,
			"{{else}} belongs to no {{#if}} or {{#unless}}");
		return false;
	}
	top->otherwise = true;
	p->tail = &top->node->otherwise;
	return true;
}

static bool close_block(parser *p, const tag *t)
{
	ir__node *node = p->depth == 0 ? NULL : p->blocks[p->depth - 1].node;

	if (node == NULL || strlen(block_word(node)) != t->length ||
		memcmp(block_word(node), t->word, t->length) != 0) {
		dbw_report(p->diagnostics, DBW_SEVERITY_ERROR, t->position, "template-close", NULL,
			node == NULL ? "{{/%.*s}} closes nothing"
				     : "{{/%.*s}} does not close {{#%s}} of line %u",
			(int)t->length, t->word, node == NULL ? "" : block_word(node),
			node == NULL ? 0 : (unsigned)node->position.line);
		return false;
	}
	p->depth--;
	p->tail = &node->next;
	return true;
}

/* True, with what is left of the tag, if it begins with this word. */
static bool takes_word(tag *t, const char *word)
{
	size_t length = strlen(word);

	if (t->length <= length || memcmp(t->word, word, length) != 0 || !is_blank(t->word[length]))
		return false;
	t->word += length;
	t->length -= length;
	while (t->length > 0 && is_blank(*t->word))
		t->word++, t->length--;
	return true;
}

/* Reads the tag at p->at. */
static bool read_tag(parser *p, tag *t)
{
	const char *close = p->at + 2;

	*t = (tag){ .start = p->at, .position = position_of(p, p->at) };
	while (close + 1 < p->end && !(close[0] == '}' && close[1] == '}') && *close != '\n')
		close++;
	if (close + 1 >= p->end || *close == '\n') {
		dbw_report(p->diagnostics, DBW_SEVERITY_ERROR, t->position, "template-tag", NULL,
			"this tag does not end in its line");
		return false;
	}
	t->end = close + 2;
	t->word = p->at + 2;
	t->length = (size_t)(close - t->word);
	char mark = *t->word;
	if (mark == '#' || mark == '/' || mark == '>' || mark == '!')
		t->word++, t->length--;
	while (t->length > 0 && is_blank(*t->word))
		t->word++, t->length--;
	while (t->length > 0 && is_blank(t->word[t->length - 1]))
		t->length--;
	t->kind = TAG_VALUE;
	if (mark == '!') {
		t->kind = TAG_COMMENT;
	} else if (mark == '>') {
		t->kind = TAG_PARTIAL;
	} else if (mark == '/') {
		t->kind = TAG_CLOSE;
	} else if (mark == '#') {
		t->kind = takes_word(t, "each")   ? TAG_EACH
			  : takes_word(t, "if")   ? TAG_IF
			  : takes_word(t, "fill") ? TAG_FILL
						  : TAG_UNLESS;
		if (t->kind == TAG_UNLESS && !takes_word(t, "unless")) {
			dbw_report(p->diagnostics, DBW_SEVERITY_ERROR, t->position, "template-block", NULL,
				"there is no block \"#%.*s\"", (int)t->length, t->word);
			return false;
		}
	} else if (t->length == 4 && memcmp(t->word, "else", 4) == 0) {
		t->kind = TAG_ELSE;
	}
	return true;
}

static bool take_tag(parser *p, const tag *t, const char *indent, size_t indent_length)
{
	ir__node *node;

	switch (t->kind) {
	case TAG_VALUE: return parse_value(p, t);
	case TAG_EACH:
	case TAG_IF:
	case TAG_UNLESS:
	case TAG_FILL: return open_block(p, t);
	case TAG_ELSE: return otherwise(p, t);
	case TAG_CLOSE: return close_block(p, t);
	case TAG_COMMENT: return true;
	case TAG_PARTIAL: break;
	}
	node = add(p, IR__NODE_PARTIAL, t->position, t->word, t->length);
	if (node == NULL)
		return false;
	node->indent = indent;
	node->indent_length = indent_length;
	return true;
}

/* Whether a tag that prints nothing stands alone in its line; then *from and *to are the line with its end. */
static bool is_standalone(const parser *p, const tag *t, const char **from, const char **to)
{
	const char *before = t->start;
	const char *after = t->end;

	if (t->kind == TAG_VALUE)
		return false;
	while (before > p->line_start && is_blank(before[-1]))
		before--;
	while (after < p->end && is_blank(*after))
		after++;
	if (before != p->line_start || (after < p->end && *after != '\n'))
		return false;
	*from = before;
	*to = after < p->end ? after + 1 : after;
	return true;
}

bool ir__template_parse(
	dbw_arena *arena, const ir__template_text *text, ir__node **out, dbw_diagnostics *diagnostics)
{
	parser p = { .arena = arena,
		.diagnostics = diagnostics,
		.source = text,
		.at = text->text,
		.end = text->text + text->length,
		.line_start = text->text,
		.line = 1 };
	const char *from = p.at; /* text that is not a node yet */
	ir__node *first = NULL;

	*out = NULL;
	p.tail = &first;
	while (p.at < p.end) {
		const char *before = NULL, *after = NULL;
		tag t;

		if (*p.at != '{' || p.at + 1 == p.end || p.at[1] != '{') {
			advance(&p, p.at + 1);
			continue;
		}
		if (!read_tag(&p, &t))
			return false;
		bool alone = is_standalone(&p, &t, &before, &after);
		if (!alone) {
			before = t.start;
			after = t.end;
		}
		if (!add_text(&p, from, before) ||
			!take_tag(&p, &t, before, alone ? (size_t)(t.start - before) : 0))
			return false;
		advance(&p, after);
		from = after;
	}
	if (p.depth > 0) {
		const ir__node *node = p.blocks[p.depth - 1].node;

		dbw_report(diagnostics, DBW_SEVERITY_ERROR, node->position, "template-open", NULL,
			"{{#%s}} is not closed", block_word(node));
		return false;
	}
	if (!add_text(&p, from, p.end))
		return false;
	*out = first;
	return true;
}

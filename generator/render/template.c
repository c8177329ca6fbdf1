#include "template_tree.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Objects and list items that are open, and partials inside partials. */
enum { SCOPE_MAX = 32, PARTIAL_MAX = 16, INDENT_MAX = 128 };

/* A template that was parsed. */
typedef struct parsed {
	const char *name;
	ir__node *nodes;
	struct parsed *next;
} parsed;

struct ir__templates {
	dbw_arena *arena;
	ir__template_lookup lookup;
	void *context;
	parsed *first;
};

/* An object or list item in which names are looked up. */
typedef struct scope {
	const ir__view *value;
	bool is_item;
	bool is_last;
	size_t index;
} scope;

typedef struct run {
	ir__templates *templates;
	dbw_diagnostics *diagnostics;
	dbw_text_buffer *out;
	scope scopes[SCOPE_MAX];
	size_t scope_count;
	size_t partials;
	char indent[INDENT_MAX]; /* of the partials around, at each line that is not empty */
	size_t indent_length;
	dbw_text_buffer piece[2]; /* what filters write; kept for their memory */
} run;

ir__templates *ir__templates_new(ir__template_lookup lookup, void *context)
{
	dbw_arena *arena = dbw_arena_new(0);
	ir__templates *templates = arena == NULL ? NULL : dbw_arena_alloc_zeroed(arena, 1, sizeof *templates);

	if (templates == NULL) {
		dbw_arena_free(arena);
		return NULL;
	}
	*templates = (ir__templates){ .arena = arena, .lookup = lookup, .context = context };
	return templates;
}

void ir__templates_free(ir__templates *templates)
{
	if (templates != NULL)
		dbw_arena_free(templates->arena);
}

static bool out_of_memory(const run *r)
{
	dbw_report(r->diagnostics, DBW_SEVERITY_ERROR, (dbw_position){ 0 }, "out-of-memory", NULL,
		"out of memory");
	return false;
}

/* The nodes of a template, parsed now or earlier. `asked` is where it is asked for. */
static bool find_template(run *r, const char *name, size_t length, dbw_position asked, const ir__node **out)
{
	ir__templates *templates = r->templates;
	ir__template_text text;
	parsed *made;

	*out = NULL;
	for (const parsed *p = templates->first; p != NULL; p = p->next)
		if (strlen(p->name) == length && memcmp(p->name, name, length) == 0) {
			*out = p->nodes;
			return true;
		}
	made = dbw_arena_alloc_zeroed(templates->arena, 1, sizeof *made);
	if (made == NULL || (made->name = dbw_arena_copy(templates->arena, name, length)) == NULL)
		return out_of_memory(r);
	/* A name with a NUL in it is that of no template, whatever stands before the NUL. */
	if (strlen(made->name) != length || !templates->lookup(templates->context, made->name, &text)) {
		dbw_report(r->diagnostics, DBW_SEVERITY_ERROR, asked, "template-missing", NULL,
			"there is no template \"%s\"", made->name);
		return false;
	}
	if (!ir__template_parse(templates->arena, &text, &made->nodes, r->diagnostics))
		return false;
	made->next = templates->first;
	templates->first = made;
	*out = made->nodes;
	return true;
}

/* Appends text, with the indent of the partials around at each line that is not empty. */
static void emit(run *r, const char *text, size_t length)
{
	while (length > 0 && r->indent_length > 0) {
		const char *newline = memchr(text, '\n', length);
		size_t line = newline == NULL ? length : (size_t)(newline - text) + 1;

		if (*text != '\n' && (r->out->length == 0 || r->out->data[r->out->length - 1] == '\n'))
			dbw_text_append(r->out, r->indent, r->indent_length);
		dbw_text_append(r->out, text, line);
		text += line;
		length -= line;
	}
	dbw_text_append(r->out, text, length);
}

/* The line that the output stands in. */
static ir__filter_place place_of(const run *r)
{
	const dbw_text_buffer *out = r->out;
	size_t start = out->length;
	ir__filter_place place = { .line = "" };

	while (start > 0 && out->data[start - 1] != '\n')
		start--;
	for (size_t i = 0; i < r->indent_length; i++)
		place.outer += r->indent[i] == '\t' ? 8 - place.outer % 8 : 1;
	if (start < out->length) {
		start += r->indent_length;
		place.line = out->data + start;
		place.length = out->length - start;
	}
	return place;
}

static const char *kind_name(const ir__view *view)
{
	static const char *const names[] = { "a text", "a truth", "a list", "an object" };

	return names[view->kind];
}

static bool wrong_kind(const run *r, const ir__node *node, const ir__view *value, const char *wanted)
{
	dbw_report(r->diagnostics, DBW_SEVERITY_ERROR, node->position, "template-kind", NULL,
		"\"%.*s\" is %s, not %s", (int)node->length, node->text, kind_name(value), wanted);
	return false;
}

static bool is_segment(const ir__segment *segment, const char *name)
{
	return strlen(name) == segment->length && memcmp(segment->name, name, segment->length) == 0;
}

/* The innermost item of an {{#each}}; NULL outside of any. */
static const scope *innermost_item(const run *r)
{
	for (size_t i = r->scope_count; i > 0; i--)
		if (r->scopes[i - 1].is_item)
			return &r->scopes[i - 1];
	return NULL;
}

/* {{this}}, {{@first}} and their like; `scratch` holds the value of those that are computed. */
static const ir__view *find_special(
	const run *r, const ir__segment *segment, ir__view *scratch, char digits[24])
{
	const scope *item = innermost_item(r);

	if (item == NULL)
		return NULL;
	if (is_segment(segment, "this"))
		return item->value;
	*scratch = (ir__view){ .kind = IR__VIEW_BOOL };
	if (is_segment(segment, "@first")) {
		scratch->truth = item->index == 0;
	} else if (is_segment(segment, "@last")) {
		scratch->truth = item->is_last;
	} else if (is_segment(segment, "@index")) {
		scratch->kind = IR__VIEW_TEXT;
		scratch->length = (size_t)snprintf(digits, 24, "%zu", item->index);
		scratch->text = digits;
	} else {
		return NULL;
	}
	return scratch;
}

/* The value of a node's name; NULL after reporting that there is none. */
static const ir__view *find_value(const run *r, const ir__node *node, ir__view *scratch, char digits[24])
{
	const ir__segment *segment = node->path;
	const ir__view *value = NULL;

	for (size_t i = r->scope_count; i > 0 && value == NULL; i--)
		if (r->scopes[i - 1].value->kind == IR__VIEW_OBJECT)
			value = ir__view_member_of(
				r->scopes[i - 1].value, segment->name, segment->length, segment->hash);
	if (value == NULL)
		value = find_special(r, segment, scratch, digits);
	while (value != NULL && (segment = segment->next) != NULL)
		value = value->kind != IR__VIEW_OBJECT
				? NULL
				: ir__view_member_of(value, segment->name, segment->length, segment->hash);
	if (value == NULL)
		dbw_report(r->diagnostics, DBW_SEVERITY_ERROR, node->position, "template-unknown", NULL,
			"there is no \"%.*s\"", (int)node->length, node->text);
	return value;
}

/* Emits a text as its filters make it. */
static bool emit_filtered(run *r, const ir__filter *filter, const char *text, size_t length)
{
	ir__filter_place place;
	size_t turn = 0;

	if (filter != NULL)
		place = place_of(r);
	for (; filter != NULL; filter = filter->next, turn ^= 1) {
		dbw_text_buffer *piece = &r->piece[turn];

		dbw_text_truncate(piece, 0);
		filter->function(&place, text, length, piece);
		if (piece->failed)
			return out_of_memory(r);
		text = piece->data;
		length = piece->length;
	}
	emit(r, text, length);
	return true;
}

static bool run_value(run *r, const ir__node *node)
{
	char digits[24];
	ir__view scratch;
	const ir__view *value = find_value(r, node, &scratch, digits);

	if (value == NULL)
		return false;
	if (value->kind != IR__VIEW_TEXT)
		return wrong_kind(r, node, value, "a text");
	return emit_filtered(r, node->filters, value->text, value->length);
}

static bool run_nodes(run *r, const ir__node *node);

/* Lines as one, with a blank between them; behind an empty line a new one begins. Returns the length. */
static size_t join_lines(char *text, size_t length)
{
	char *const end = text + length - (length > 0 && text[length - 1] == '\n');
	char *out = text;

	for (const char *at = text; at < end; at++)
		if (*at != '\n')
			*out++ = *at;
		else if (at + 1 < end && at[1] == '\n')
			*out++ = *at++;
		else
			*out++ = ' ';
	return (size_t)(out - text);
}

static bool run_fill(run *r, const ir__node *node)
{
	char storage[1024];
	dbw_text_buffer inner;
	dbw_text_buffer *outer = r->out;
	const size_t indent_length = r->indent_length;
	bool done;

	dbw_text_init(&inner, storage, sizeof storage);
	r->out = &inner;
	r->indent_length = 0;
	done = run_nodes(r, node->children);
	r->out = outer;
	r->indent_length = indent_length;
	if (done && inner.failed) {
		done = out_of_memory(r);
	} else if (done) {
		const bool ends_line = inner.length > 0 && inner.data[inner.length - 1] == '\n';

		done = emit_filtered(r, node->filters, inner.data, join_lines(inner.data, inner.length));
		if (ends_line)
			emit(r, "\n", 1);
	}
	dbw_text_clear(&inner);
	return done;
}

static bool run_each(run *r, const ir__node *node)
{
	char digits[24];
	ir__view scratch;
	const ir__view *list = find_value(r, node, &scratch, digits);
	size_t index = 0;
	bool done = true;

	if (list == NULL)
		return false;
	if (list->kind != IR__VIEW_LIST)
		return wrong_kind(r, node, list, "a list");
	if (r->scope_count == SCOPE_MAX) {
		dbw_report(r->diagnostics, DBW_SEVERITY_ERROR, node->position, "template-depth", NULL,
			"more than %d lists inside each other", SCOPE_MAX);
		return false;
	}
	r->scope_count++;
	for (const ir__view_member *item = list->first; done && item != NULL; item = item->next, index++) {
		r->scopes[r->scope_count - 1] = (scope){
			.value = item->value, .is_item = true, .is_last = item->next == NULL, .index = index
		};
		done = run_nodes(r, node->children);
	}
	r->scope_count--;
	return done;
}

static bool run_if(run *r, const ir__node *node)
{
	char digits[24];
	ir__view scratch;
	const ir__view *value = find_value(r, node, &scratch, digits);
	bool holds;

	if (value == NULL)
		return false;
	if (value->kind == IR__VIEW_OBJECT)
		return wrong_kind(r, node, value, "a truth, text or list");
	holds = value->kind == IR__VIEW_BOOL ? value->truth : value->length > 0;
	return run_nodes(r, holds == (node->kind == IR__NODE_IF) ? node->children : node->otherwise);
}

static bool run_partial(run *r, const ir__node *node)
{
	size_t indent_length = r->indent_length;
	const ir__node *nodes;
	bool done;

	if (!find_template(r, node->text, node->length, node->position, &nodes))
		return false;
	if (r->partials == PARTIAL_MAX || node->indent_length > INDENT_MAX - indent_length) {
		dbw_report(r->diagnostics, DBW_SEVERITY_ERROR, node->position, "template-depth", NULL,
			"more than %d partials inside each other, or too far to the right", PARTIAL_MAX);
		return false;
	}
	if (node->indent_length > 0)
		memcpy(r->indent + indent_length, node->indent, node->indent_length);
	r->indent_length += node->indent_length;
	r->partials++;
	done = run_nodes(r, nodes);
	r->partials--;
	r->indent_length = indent_length;
	return done;
}

static bool run_nodes(run *r, const ir__node *node)
{
	bool done = true;

	for (; done && node != NULL; node = node->next) {
		switch (node->kind) {
		case IR__NODE_TEXT: emit(r, node->text, node->length); break;
		case IR__NODE_VALUE: done = run_value(r, node); break;
		case IR__NODE_EACH: done = run_each(r, node); break;
		case IR__NODE_IF:
		case IR__NODE_UNLESS: done = run_if(r, node); break;
		case IR__NODE_FILL: done = run_fill(r, node); break;
		case IR__NODE_PARTIAL: done = run_partial(r, node); break;
		}
	}
	return done;
}

bool ir__template_render(ir__templates *templates, const char *name, const ir__view *view,
	dbw_text_buffer *out, dbw_diagnostics *diagnostics)
{
	run r = { .templates = templates, .diagnostics = diagnostics, .out = out };
	const ir__node *nodes;
	bool done;

	r.scopes[r.scope_count++] = (scope){ .value = view };
	dbw_text_init(&r.piece[0], NULL, 0);
	dbw_text_init(&r.piece[1], NULL, 0);
	done = find_template(&r, name, strlen(name), (dbw_position){ 0 }, &nodes) && run_nodes(&r, nodes);
	if (done && out->failed)
		done = out_of_memory(&r);
	dbw_text_clear(&r.piece[0]);
	dbw_text_clear(&r.piece[1]);
	return done;
}

/*
 * Templates: text with tags, filled from a view. Strict: a name that is not there, a value of the wrong kind, a block
 * that is not closed, a filter or partial that does not exist is an error at its line and column in the template.
 *
 *     {{name}} {{a.b}} {{name|filter}}      a text; a name is looked for in the innermost object first, then outwards
 *     {{#each list}} ... {{/each}}          {{this}} is the item; {{@index}} counts from 0; {{#if @first}}, {{#if @last}}
 *     {{#if x}} ... {{else}} ... {{/if}}    a truth, or a text or list that is not empty; {{#unless x}} the contrary
 *     {{#fill filter}} ... {{/fill}}        what is inside, its lines joined by blanks, as the filter makes it: c_doc, wrap;
 *                                           behind an empty line a new one begins
 *     {{> name}}                            another template, indented as the tag if that stands alone in its line
 *     {{! comment }}
 *
 * Tags that print nothing vanish with their line when they stand alone in it. Nothing is escaped unless a filter says:
 * upper, c_string, c_tail, c_comment, c_doc, wrap; shell, man (see template_filter.c).
 */
#ifndef DBWRIGHT_RENDER_TEMPLATE_H
#define DBWRIGHT_RENDER_TEMPLATE_H

#include <render/view.h>

#include <base/diagnostic.h>
#include <base/text.h>

/** A template as it stands: its text (not NUL-terminated) and what messages call its file. */
typedef struct ir__template_text {
	const char *text;
	size_t length;
	const char *file;
} ir__template_text;

/** Gives the template called `name`, such as "c/model.h"; false if there is none. What it gives outlives the set. */
typedef bool (*ir__template_lookup)(void *context, const char *name, ir__template_text *out);

/** The lookup over the texts that are compiled in (see cmake/DbwrightEmbed.cmake). The context is not used. */
bool ir__find_embedded(void *context, const char *name, ir__template_text *out);

/** A set of templates that parses each of them once. */
typedef struct ir__templates ir__templates;

/** A new set over a lookup function. NULL when memory is short. Release with ir__templates_free(). */
ir__templates *ir__templates_new(ir__template_lookup lookup, void *context);

/** Releases the set. NULL is fine. */
void ir__templates_free(ir__templates *templates);

/**
 * Appends the template `name`, filled from the object `view`, to `out`. False after an error, which is reported;
 * `out` then holds what came before it.
 */
bool ir__template_render(ir__templates *templates, const char *name, const ir__view *view,
	dbw_text_buffer *out, dbw_diagnostics *diagnostics);

#endif

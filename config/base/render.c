/* Diagnostics as text and as JSON. */
#include "diagnostic_list.h"

#include <base/json.h>
#include <base/utf8.h>
#include <stdio.h>
#include <string.h>

#define COLOUR_OFF  "\x1B[0m"
#define COLOUR_BOLD "\x1B[1m"

static const char *colour_of(dbw_severity severity)
{
	static const char *const colours[] = { "\x1B[1;31m", "\x1B[1;35m", "\x1B[1;36m" };

	return colours[severity];
}

/* The messages that stand for those not kept, made on the fly; returns how many there are, at most three. */
static size_t closing_messages(
	const dbw_diagnostics *diagnostics, char texts[3][96], dbw_diagnostic closing[3])
{
	static const dbw_position nowhere = { NULL, 0, 0 };
	size_t more_errors = diagnostics->errors - diagnostics->kept_errors;
	size_t more_warnings = diagnostics->warnings - diagnostics->kept_warnings;
	size_t count = 0;

	if (more_warnings != 0) {
		snprintf(texts[count], sizeof(texts[count]), "too many warnings: %zu more not shown",
			more_warnings);
		closing[count] = (dbw_diagnostic){ DBW_SEVERITY_WARNING, nowhere, "too-many-warnings",
			texts[count], NULL };
		count++;
	}
	if (more_errors != 0) {
		snprintf(texts[count], sizeof(texts[count]), "too many errors: %zu more not shown",
			more_errors);
		closing[count] = (dbw_diagnostic){ DBW_SEVERITY_ERROR, nowhere, "too-many-errors",
			texts[count], NULL };
		count++;
	}
	if (diagnostics->failed) {
		closing[count] = (dbw_diagnostic){ DBW_SEVERITY_ERROR, nowhere, "out-of-memory",
			"out of memory: some messages are lost", NULL };
		count++;
	}
	return count;
}

static void render_one(
	const dbw_diagnostics *diagnostics, const dbw_diagnostic *message, bool colours, dbw_text_buffer *out)
{
	const dbw_position *position = &message->position;
	const struct dbw__source *source = NULL;

	dbw_text_append_z(out, colours ? COLOUR_BOLD : "");
	if (position->file != NULL) {
		dbw__printable_append(out, position->file);
		if (position->line != 0)
			dbw_text_printf(out, ":%u:%u", (unsigned)position->line, (unsigned)position->column);
		dbw_text_append_z(out, ": ");
		source = dbw__source_find(diagnostics, position->file);
	}
	dbw_text_append_z(out, colours ? colour_of(message->severity) : "");
	dbw_text_append_z(out, dbw__severity_name(message->severity));
	dbw_text_append_z(out, ": ");
	dbw_text_append_z(out, colours ? COLOUR_OFF COLOUR_BOLD : "");
	dbw__printable_append(out, message->message);
	dbw_text_append_z(out, colours ? COLOUR_OFF "\n" : "\n");
	if (source != NULL && position->line != 0)
		dbw__excerpt_render(source, *position, colours, out);
	if (message->hint != NULL) {
		dbw_text_append_z(out, colours ? COLOUR_BOLD "hint: " COLOUR_OFF : "hint: ");
		dbw__printable_append(out, message->hint);
		dbw_text_append_char(out, '\n');
	}
}

void dbw_diagnostics_render(dbw_diagnostics *diagnostics, bool colours, dbw_text_buffer *out)
{
	char texts[3][96];
	dbw_diagnostic closing[3];
	size_t more = closing_messages(diagnostics, texts, closing);

	for (size_t i = 0; i < diagnostics->count; i++)
		render_one(diagnostics, dbw_diagnostics_at(diagnostics, i), colours, out);
	for (size_t i = 0; i < more; i++)
		render_one(diagnostics, &closing[i], colours, out);
}

static void render_json_one(const dbw_diagnostic *message, dbw_text_buffer *out)
{
	dbw_text_append_z(out, "{\"file\":");
	dbw__json_append(out, message->position.file);
	dbw_text_printf(out,
		",\"line\":%u,\"column\":%u,\"severity\":\"%s\",\"code\":", (unsigned)message->position.line,
		(unsigned)message->position.column, dbw__severity_name(message->severity));
	dbw__json_append(out, message->code);
	dbw_text_append_z(out, ",\"message\":");
	dbw__json_append(out, message->message);
	dbw_text_append_z(out, ",\"hint\":");
	dbw__json_append(out, message->hint);
	dbw_text_append_z(out, "}\n");
}

void dbw_diagnostics_render_json(dbw_diagnostics *diagnostics, dbw_text_buffer *out)
{
	char texts[3][96];
	dbw_diagnostic closing[3];
	size_t more = closing_messages(diagnostics, texts, closing);

	for (size_t i = 0; i < diagnostics->count; i++)
		render_json_one(dbw_diagnostics_at(diagnostics, i), out);
	for (size_t i = 0; i < more; i++)
		render_json_one(&closing[i], out);
}

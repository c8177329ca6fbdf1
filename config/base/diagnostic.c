#include "diagnostic_list.h"

#include <stdlib.h>
#include <string.h>

dbw_diagnostics *dbw_diagnostics_new(size_t limit)
{
	dbw_diagnostics *diagnostics = calloc(1, sizeof(*diagnostics));

	if (diagnostics == NULL)
		return NULL;
	diagnostics->arena = dbw_arena_new(0);
	if (diagnostics->arena == NULL) {
		free(diagnostics);
		return NULL;
	}
	diagnostics->limit = limit == 0 ? DBW_DIAGNOSTICS_LIMIT : limit;
	return diagnostics;
}

void dbw_diagnostics_free(dbw_diagnostics *diagnostics)
{
	if (diagnostics == NULL)
		return;
	dbw_arena_free(diagnostics->arena);
	free(diagnostics->entries);
	free(diagnostics);
}

const struct dbw__source *dbw__source_find(const dbw_diagnostics *diagnostics, const char *file)
{
	const struct dbw__source *source = diagnostics->sources;

	while (source != NULL && strcmp(source->file, file) != 0)
		source = source->next;
	return source;
}

bool dbw_diagnostics_add_source(
	dbw_diagnostics *diagnostics, const char *file, const char *text, size_t length)
{
	struct dbw__source *source;

	if (dbw__source_find(diagnostics, file) != NULL)
		return true;
	source = dbw_arena_alloc(diagnostics->arena, sizeof(*source));
	if (source == NULL)
		return false;
	source->file = dbw_arena_copy(diagnostics->arena, file, strlen(file));
	source->text = dbw_arena_copy(diagnostics->arena, text, length);
	source->length = length;
	source->next = diagnostics->sources;
	if (source->file == NULL || source->text == NULL)
		return false;
	diagnostics->sources = source;
	return true;
}

static bool same_text(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static bool same_message(const dbw_diagnostic *a, const dbw_diagnostic *b)
{
	return a->severity == b->severity && a->position.line == b->position.line &&
	       a->position.column == b->position.column && same_text(a->position.file, b->position.file) &&
	       same_text(a->code, b->code) && same_text(a->message, b->message) &&
	       same_text(a->hint, b->hint);
}

/* Whether the collector has this message already; for notes, below the same parent. */
static bool is_repeated(const dbw_diagnostics *diagnostics, const dbw_diagnostic *message)
{
	for (size_t i = 0; i < diagnostics->count; i++) {
		const struct dbw__entry *entry = &diagnostics->entries[i];

		if (message->severity == DBW_SEVERITY_NOTE && entry->parent != diagnostics->parent)
			continue;
		if (same_message(&entry->shown, message))
			return true;
	}
	return false;
}

/*
 * A copy of `text` that lives as long as the collector; NULL for NULL. `*ok` becomes false when memory is
 * short.
 */
static const char *keep(dbw_diagnostics *diagnostics, const char *text, bool *ok)
{
	const char *copy;

	if (text == NULL)
		return NULL;
	copy = dbw_arena_copy(diagnostics->arena, text, strlen(text));
	if (copy == NULL)
		*ok = false;
	return copy;
}

static bool add(dbw_diagnostics *diagnostics, const dbw_diagnostic *message)
{
	struct dbw__entry entry = { *message, { NULL, 0, 0 }, 0, diagnostics->numbered };
	bool ok = true;

	if (diagnostics->count == diagnostics->capacity) {
		size_t capacity = diagnostics->capacity == 0 ? 16 : diagnostics->capacity * 2;
		struct dbw__entry *entries = realloc(diagnostics->entries, capacity * sizeof(*entries));

		if (entries == NULL)
			return false;
		diagnostics->entries = entries;
		diagnostics->capacity = capacity;
	}
	entry.shown.position.file = keep(diagnostics, message->position.file, &ok);
	entry.shown.code = keep(diagnostics, message->code, &ok);
	entry.shown.message = keep(diagnostics, message->message, &ok);
	entry.shown.hint = keep(diagnostics, message->hint, &ok);
	if (!ok)
		return false;
	entry.parent = diagnostics->parent;
	entry.place = entry.shown.position;
	for (size_t i = 0; message->severity == DBW_SEVERITY_NOTE && i < diagnostics->count; i++)
		if (diagnostics->entries[i].number == entry.parent)
			entry.place = diagnostics->entries[i].shown.position;
	diagnostics->entries[diagnostics->count++] = entry;
	diagnostics->sorted = false;
	return true;
}

/* Counts an error or warning and says whether there is room to keep it. */
static bool has_room(dbw_diagnostics *diagnostics, dbw_severity severity)
{
	bool error = severity == DBW_SEVERITY_ERROR;
	size_t *kept = error ? &diagnostics->kept_errors : &diagnostics->kept_warnings;

	++*(error ? &diagnostics->errors : &diagnostics->warnings);
	if (*kept == diagnostics->limit)
		return false;
	++*kept;
	return true;
}

void dbw_vreport(dbw_diagnostics *diagnostics, dbw_severity severity, dbw_position position, const char *code,
	const char *hint, const char *format, va_list arguments)
{
	char storage[512];
	dbw_text_buffer text;
	dbw_diagnostic message = { severity, position, code, NULL, hint };
	bool note = severity == DBW_SEVERITY_NOTE;

	dbw_text_init(&text, storage, sizeof(storage));
	dbw_text_vprintf(&text, format, arguments);
	if (text.failed)
		diagnostics->failed = true;
	message.message = text.data;
	diagnostics->numbered++;
	if (!note) {
		diagnostics->parent = diagnostics->numbered;
		diagnostics->parent_kept =
			!is_repeated(diagnostics, &message) && has_room(diagnostics, severity);
		if (diagnostics->parent_kept && !add(diagnostics, &message)) {
			diagnostics->parent_kept = false;
			diagnostics->failed = true;
		}
	} else if (diagnostics->parent == 0 || diagnostics->parent_kept) {
		if (!is_repeated(diagnostics, &message) && !add(diagnostics, &message))
			diagnostics->failed = true;
	}
	dbw_text_clear(&text);
}

void dbw_report(dbw_diagnostics *diagnostics, dbw_severity severity, dbw_position position, const char *code,
	const char *hint, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	dbw_vreport(diagnostics, severity, position, code, hint, format, arguments);
	va_end(arguments);
}

size_t dbw_diagnostics_errors(const dbw_diagnostics *diagnostics)
{
	return diagnostics->errors;
}

size_t dbw_diagnostics_warnings(const dbw_diagnostics *diagnostics)
{
	return diagnostics->warnings;
}

bool dbw_diagnostics_failed(const dbw_diagnostics *diagnostics)
{
	return diagnostics->failed;
}

size_t dbw_diagnostics_count(const dbw_diagnostics *diagnostics)
{
	return diagnostics->count;
}

static int compare_numbers(size_t a, size_t b)
{
	return (a > b) - (a < b);
}

/* By place; at one place in the order of reporting, a note behind its parent. */
static int compare_entries(const void *left, const void *right)
{
	const struct dbw__entry *a = left, *b = right;
	int order = 0;

	if (a->place.file != b->place.file)
		order = strcmp(a->place.file != NULL ? a->place.file : "",
			b->place.file != NULL ? b->place.file : "");
	if (order == 0)
		order = compare_numbers(a->place.line, b->place.line);
	if (order == 0)
		order = compare_numbers(a->place.column, b->place.column);
	if (order == 0)
		order = compare_numbers(a->parent, b->parent);
	return order != 0 ? order : compare_numbers(a->number, b->number);
}

const dbw_diagnostic *dbw_diagnostics_at(dbw_diagnostics *diagnostics, size_t index)
{
	if (index >= diagnostics->count)
		return NULL;
	if (!diagnostics->sorted)
		qsort(diagnostics->entries, diagnostics->count, sizeof(*diagnostics->entries),
			compare_entries);
	diagnostics->sorted = true;
	return &diagnostics->entries[index].shown;
}

const char *dbw__severity_name(dbw_severity severity)
{
	static const char *const names[] = { "error", "warning", "note" };

	return names[severity];
}

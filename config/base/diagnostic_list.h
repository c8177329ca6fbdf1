/*
 * What the files of the diagnostics share: the collector's inside.
 */
#ifndef DBWRIGHT_BASE_DIAGNOSTIC_LIST_H
#define DBWRIGHT_BASE_DIAGNOSTIC_LIST_H

#include <base/arena.h>
#include <base/diagnostic.h>

/* One kept message; notes hang on their parent's place. */
struct dbw__entry {
	dbw_diagnostic shown;
	dbw_position place; /* Where it is sorted: its own position, for a note that of its parent. */
	size_t parent;      /* Number of the error or warning it belongs to, its own unless it is a note. */
	size_t number;      /* The order of reporting. */
};

/* The text of one file. */
struct dbw__source {
	struct dbw__source *next;
	const char *file;
	const char *text;
	size_t length;
};

struct dbw_diagnostics {
	dbw_arena *arena;
	struct dbw__entry *entries;
	size_t count;
	size_t capacity;
	size_t limit;
	size_t errors;
	size_t warnings;
	size_t numbered; /* Messages reported so far. */
	size_t parent;   /* The number of the last error or warning. */
	size_t kept_errors;
	size_t kept_warnings;
	bool parent_kept; /* False while the last error or warning was a repetition or beyond the limit. */
	bool sorted;
	bool failed;
	struct dbw__source *sources;
};

/* "error", "warning" or "note". */
const char *dbw__severity_name(dbw_severity severity);

/* The text registered for `file`, or NULL. */
const struct dbw__source *dbw__source_find(const dbw_diagnostics *diagnostics, const char *file);

/*
 * Appends line `position.line` of `source` and a line with the caret; nothing if that line is missing or
 * empty.
 */
void dbw__excerpt_render(
	const struct dbw__source *source, dbw_position position, bool colours, dbw_text_buffer *out);

/* Whether a terminal could take the character for a command, a line end, or a change of direction. */
bool dbw__is_unprintable(uint32_t character);

#endif

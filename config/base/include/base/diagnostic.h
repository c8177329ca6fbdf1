/*
 * Diagnostics: everything there is to say about what a person wrote, collected first and shown in order
 * afterwards.
 *
 * Nothing here prints: text and JSON are rendered into a text buffer. A collector copies all that it is
 * given. It belongs to one thread at a time. When memory is short it keeps counting and remembers that
 * messages are lost.
 */
#ifndef DBWRIGHT_BASE_DIAGNOSTIC_H
#define DBWRIGHT_BASE_DIAGNOSTIC_H

#include <base/text.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A place in a text. Where it is a member of something else, `file` is borrowed from there. */
typedef struct dbw_position {
	const char *file; /**< Name to show; NULL when the message belongs to no file. */
	uint32_t line;    /**< From 1; 0 when the message is about the file as a whole. */
	uint32_t column;  /**< From 1, in characters (code points), not bytes; 0 together with line. */
} dbw_position;

/** How bad it is. */
typedef enum dbw_severity {
	DBW_SEVERITY_ERROR,
	DBW_SEVERITY_WARNING,
	DBW_SEVERITY_NOTE /**< Adds to the error or warning reported last, and is shown right after it. */
} dbw_severity;

/** One message. All pointers belong to the collector and live as long as it. */
typedef struct dbw_diagnostic {
	dbw_severity severity;
	dbw_position position;
	const char *code;    /**< A stable word for programs, such as "unknown-key". */
	const char *message; /**< One line, no full stop. */
	const char *hint;    /**< What to do about it, one line; NULL if there is no advice. */
} dbw_diagnostic;

/** A collector. */
typedef struct dbw_diagnostics dbw_diagnostics;

/** How many errors, and how many warnings, a collector keeps unless told otherwise. */
#define DBW_DIAGNOSTICS_LIMIT 100

/**
 * A new collector that keeps at most `limit` errors and as many warnings (0: DBW_DIAGNOSTICS_LIMIT); the
 * rest is counted and mentioned. Returns NULL when memory is short. Release with dbw_diagnostics_free().
 */
dbw_diagnostics *dbw_diagnostics_new(size_t limit);

/** Releases the collector and all its messages. NULL is fine. */
void dbw_diagnostics_free(dbw_diagnostics *diagnostics);

/**
 * Makes the text of a file known, so that messages about `file` can show the line. The `length` bytes at
 * `text` are copied; of several texts for one name the first stays. Returns false when memory is short:
 * lines are then not shown.
 */
bool dbw_diagnostics_add_source(
	dbw_diagnostics *diagnostics, const char *file, const char *text, size_t length);

/**
 * Adds one message. `code` is a stable word; `hint` may be NULL; the message is formatted as by printf. It
 * must not hold values that could be secret. A message that is there already, at the same place, is not
 * added again. A note shares the fate of the message it follows; one with nothing before it stands alone.
 */
void dbw_report(dbw_diagnostics *diagnostics, dbw_severity severity, dbw_position position, const char *code,
	const char *hint, const char *format, ...) __attribute__((format(printf, 6, 7)));

/** As dbw_report() with the arguments in a list, which it leaves undefined as vprintf does. */
void dbw_vreport(dbw_diagnostics *diagnostics, dbw_severity severity, dbw_position position, const char *code,
	const char *hint, const char *format, va_list arguments) __attribute__((format(printf, 6, 0)));

/** How many different errors were reported, those beyond the limit included. */
size_t dbw_diagnostics_errors(const dbw_diagnostics *diagnostics);

/** How many different warnings were reported, those beyond the limit included. */
size_t dbw_diagnostics_warnings(const dbw_diagnostics *diagnostics);

/** Whether memory was short, so that messages are missing. */
bool dbw_diagnostics_failed(const dbw_diagnostics *diagnostics);

/** How many messages are kept, notes included. */
size_t dbw_diagnostics_count(const dbw_diagnostics *diagnostics);

/**
 * The message at `index`, counted from 0, in the order of file name, line and column; what stands at one
 * place is in the order of reporting, notes directly after what they add to. NULL beyond the last one. The
 * order is made at the first call after a report, therefore not const.
 */
const dbw_diagnostic *dbw_diagnostics_at(dbw_diagnostics *diagnostics, size_t index);

/**
 * Appends all messages to `out` as text, in order:
 *
 *     models/auth.yaml:3:5: error: unknown key "feilds" in a model
 *         feilds: {}
 *         ^
 *     hint: did you mean "fields"?
 *
 * The source line follows where it is known, cut around the caret when it is long. Control characters and
 * what would change the direction of text never get through; neither do passwords in URLs of the source
 * line. `colours` adds ANSI colours. When memory is short, `out->failed` says so.
 */
void dbw_diagnostics_render(dbw_diagnostics *diagnostics, bool colours, dbw_text_buffer *out);

/**
 * Appends all messages to `out` as JSON, one object per line, in order. The members are always file, line,
 * column, severity, code, message and hint; file and hint may be null.
 */
void dbw_diagnostics_render_json(dbw_diagnostics *diagnostics, dbw_text_buffer *out);

/** Appends `text` for a terminal: U+FFFD stands for all that it could take for a command, and for what is not UTF-8. */
void dbw__printable_append(dbw_text_buffer *out, const char *text);

#ifdef __cplusplus
}
#endif

#endif

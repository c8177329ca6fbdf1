/*
 * ${VAR} in the texts of database entries.
 *
 *     ${VAR}           the variable's value; an error when it is not set (set and empty is set)
 *     ${VAR:-default}  its value, or the default where it is not set or empty, as in the shell
 *     ${file:path}     the text of a file, without the line end at its end
 *     $$               one $
 *
 * A $ before anything else stays. Names are letters, digits and _, not beginning with a digit. A default
 * ends at the next } and cannot hold ${; values are put in as they are and not looked into.
 */
#ifndef DBWRIGHT_ENTRIES_EXPAND_H
#define DBWRIGHT_ENTRIES_EXPAND_H

#include <base/text.h>
#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Bytes of a problem's text, its NUL included. */
#define DBW__PROBLEM_SIZE 256

/**
 * Gives the value of the variable `name`, borrowed until the next call, or NULL if it is not set. For ${file:path} the
 * name is "file:path", and NULL comes with errno.
 */
typedef const char *(*dbw__variable)(void *context, const char *name);

/**
 * Appends `text` to `out` with its variables replaced. `variable` is asked with `context`.
 * On failure returns false, `out` has the text it had before, and `problem` says why without any
 * value: a variable that is not set, bad syntax, or "out of memory" (then `out->failed` too). On success
 * `problem` is "".
 */
bool dbw__expand(const char *text, dbw__variable variable, void *context, dbw_text_buffer *out,
	char problem[DBW__PROBLEM_SIZE]);

/**
 * Checks the syntax alone; no variable is looked up. False with the reason in `problem` and in `*offset`
 * the byte of `text` at which the mistake begins; `*offset` is 0 on success.
 */
bool dbw__expand_check(const char *text, char problem[DBW__PROBLEM_SIZE], size_t *offset);

#ifdef __cplusplus
}
#endif

#endif

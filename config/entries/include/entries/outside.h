/*
 * Providers that are not bundled, as entries name them.
 *
 *     path/lib.so:symbol    a library, and what it exports; a path without a slash is a name that is looked for in the
 *                           folders that the program allows
 *     program:name          what the program registers under this name
 *
 * Such a provider says how to connect, and the connection string, of whatever kind, only where.
 */
#ifndef DBWRIGHT_ENTRIES_OUTSIDE_H
#define DBWRIGHT_ENTRIES_OUTSIDE_H

#include <entries/expand.h>
#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A provider's name in its parts. */
typedef struct dbw__outside {
	size_t library_length; /**< Of the library, at the front of the text; 0: the program registers it. */
	const char *symbol;    /**< The rest of the text behind the colon. */
} dbw__outside;

/** Whether a text names such a provider, rightly or not: it has a colon, and not only inside of ${...}. */
bool dbw__is_outside(const char *provider);

/** The same, and it has no variable. */
bool dbw__is_written_outside(const char *provider);

/**
 * Takes the name of such a provider apart. False with the reason in `problem`, which continues the sentence `"provider" of
 * database "auth" ...`.
 */
bool dbw__outside_split(const char *provider, dbw__outside *out, char problem[DBW__PROBLEM_SIZE]);

#ifdef __cplusplus
}
#endif

#endif

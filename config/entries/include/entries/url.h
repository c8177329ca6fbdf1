/*
 * Database URLs.
 *
 *     sqlite:data/app.db            a file, the path as it stands
 *     sqlite:/var/lib/app.db        the same, absolute
 *     sqlite:///data/app.db         a file, relative; percent escapes are decoded
 *     sqlite:////var/lib/app.db     the same, absolute
 *     sqlite::memory:               in memory, one connection
 *     sqlite::temp:                 a file that goes when the database is closed
 *     postgresql://... postgres://  all of it goes to libpq (PostgreSQL manual, section 34.1.1.2)
 *
 * Schemes may be written in any case. Nothing of a URL ever appears in the text of a problem, since it may
 * be secret.
 */
#ifndef DBWRIGHT_ENTRIES_URL_H
#define DBWRIGHT_ENTRIES_URL_H

#include <base/arena.h>
#include <entries/expand.h>
#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What a URL leads to. */
typedef enum dbw_url_kind {
	DBW_URL_PATH,      /**< A file; `path`. */
	DBW_URL_MEMORY,    /**< A database in memory. */
	DBW_URL_TEMPORARY, /**< A file of its own that is removed at close. */
	DBW_URL_SERVER     /**< A server; `opaque` is for its driver. */
} dbw_url_kind;

/** A URL in its parts. */
typedef struct dbw_url {
	const char *provider; /**< "sqlite" or "postgresql"; static. */
	dbw_url_kind kind;
	const char *path;   /**< DBW_URL_PATH: the path, in the arena, never empty; else NULL. */
	const char *opaque; /**< DBW_URL_SERVER: the whole URL with its scheme spelt postgresql, in the arena,
	                           secrets included; else NULL. */
} dbw_url;

/**
 * Takes the NUL-terminated `text` apart; its strings go into the arena. On failure returns false, `*out` is
 * all NULL, and `problem` says why: a scheme that is not known (with the nearest one), a URL without a
 * path, a bad percent escape, options after `?` (not supported yet), or "out of memory". On success
 * `problem` is "".
 */
bool dbw__url_parse(dbw_arena *arena, const char *text, char problem[DBW__PROBLEM_SIZE], dbw_url *out);

#ifdef __cplusplus
}
#endif

#endif

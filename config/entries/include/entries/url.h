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
	DBW_URL_SERVER,    /**< A server; `opaque` is for its driver. */
	DBW_URL_OTHER /**< Whatever a provider from outside makes of it; no URL is parsed to this kind. */
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
 * path, a bad percent escape, options after `?` (not supported yet), an @ too many or a port that is no number (both
 * are mostly a password that is not escaped, which libpq would print), or "out of memory". On success `problem` is "".
 */
bool dbw__url_parse(dbw_arena *arena, const char *text, char problem[DBW__PROBLEM_SIZE], dbw_url *out);

/** The part of dbw__url_parse() that is about the URL of a server; `url` has its "://". */
bool dbw__url_check_server(const char *url, char problem[DBW__PROBLEM_SIZE]);

/**
 * The provider of a URL as it is written, its variables not replaced: by its scheme, or by that of the default where it
 * begins with ${VAR:-default}. Static; NULL where that does not tell.
 */
const char *dbw__url_provider(const char *text);

/** What a server's URL may say; NULL: it does not. */
typedef struct dbw_url_parts {
	const char *user;
	const char *password;
	const char *
		host; /**< With several hosts, or a port for each: all of them as they stand. One address of IP
	                       version 6 is without brackets, or with them where it is given. */
	const char *port;
	const char *name; /**< Of the database. */
} dbw_url_parts;

/**
 * Takes a server's URL (`opaque`) apart; the strings, percent escapes decoded, go into the arena. Parameters such as
 * `?host=` are parts too, and count more, as they do for libpq. On failure returns false with the reason in `problem`: a
 * bad percent escape, or "out of memory".
 */
bool dbw__url_take_apart(
	dbw_arena *arena, const char *opaque, char problem[DBW__PROBLEM_SIZE], dbw_url_parts *out);

/**
 * The postgresql:// URL that has these parts, escaped where need be, in the arena; `base` (NULL: none) is a server's
 * URL that gives the others and what stands behind `?`, but for parameters that say another thing of these parts. NULL
 * with the reason in `problem`.
 */
const char *dbw__url_compose(
	dbw_arena *arena, const char *base, const dbw_url_parts *parts, char problem[DBW__PROBLEM_SIZE]);

/**
 * A copy of the URL in the arena to be shown: *** stands for the password, and for the value of every parameter whose
 * name, its escapes decoded, is that of a secret. NULL when memory is short.
 */
const char *dbw__url_masked(dbw_arena *arena, const char *text);

/**
 * As dbw__url_masked() for what is said of a connection string, its variables replaced or not: where that is no URL,
 * it is *** as a whole. NULL when memory is short.
 */
const char *dbw__connection_string_masked(dbw_arena *arena, const char *text);

/** Whether an option, or a parameter of a URL, of this name holds a secret: a password, a key. */
bool dbw__is_secret_name(const char *name);

#ifdef __cplusplus
}
#endif

#endif

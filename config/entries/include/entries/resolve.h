/*
 * What a database comes to be from all that is said of it. Sources, nearest first:
 *
 *   1. the program
 *   2. <NAME>_DATABASE_URL
 *   3. DATABASES__<name>__<KEY>, then <NAME>_DB_HOST and its like, then, for the default database, DB_HOST
 *   4. entries: of a file read at run time, then compiled in
 *   5. DATABASE_URL, for the default database and for those that say `shared_default: true`
 *   6. sqlite:data/database/<name>.db, if the schema runs on SQLite and this is not production
 *
 * 5 and 6 count only where nothing before says a place. Of each key the nearest value wins. The place is one: a
 * connection string, or a path, hides what farther sources say of it; parts (host, user, ...) are put on top of the
 * nearest connection string below them, if it is one of the same provider, also within an entry that is merged of several. A provider from outside (outside.h) holds
 * wherever the place is said, until a nearer source names another provider.
 */
#ifndef DBWRIGHT_ENTRIES_RESOLVE_H
#define DBWRIGHT_ENTRIES_RESOLVE_H

#include <entries/environment.h>
#include <entries/url.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What is asked. All is borrowed, and has to live as long as the arena. */
typedef struct dbw__request {
	dbw_arena *arena;
	dbw_diagnostics *diagnostics;
	const dbw__environment *environment;
	const char *
		root; /**< Absolute: what relative paths count from, unless a file in another folder says them. */
	const char *name;
	const dbw__entry *program; /**< What the program says; NULL for nothing. */
	const dbw__entry *entries; /**< What files say, nearest first. */
	size_t entry_count;
	bool is_default;
	bool shared_default;
	bool sqlite; /**< The schema runs on SQLite. */
	bool production;
} dbw__request;

/** What became of a value. */
typedef enum dbw__outcome {
	DBW__USED,
	DBW__LOST,        /**< A nearer source says it, or hides it. */
	DBW__OTHER_ENGINE /**< It is only for another provider than the one that won. */
} dbw__outcome;

/** A value that was said, nearest source first. */
typedef struct dbw__value {
	const dbw__said *said;
	const char *text;  /**< With its variables replaced; NULL unless used. */
	const char *shown; /**< To be shown: secrets masked; what was never read as it is written. */
	dbw__outcome outcome;
} dbw__value;

/** A database that was resolved; all in the arena. */
typedef struct dbw__resolved {
	const char *provider; /**< "sqlite", "postgresql", or one from outside as it was said. */
	const char *library;  /**< Of one from outside: an absolute path, or a name without a slash ... */
	const char *
		symbol; /**< ... and what it exports, or what the program calls it: `library` is then NULL. */
	dbw_url_kind kind;
	const char *location; /**< DBW_URL_PATH: absolute; DBW_URL_SERVER: the URL with its secrets;
		                    DBW_URL_OTHER: the text with its secrets; else NULL. */
	const char *shown;    /**< The URL without secrets; of a provider from outside also a path. */
	dbw_position at;      /**< What says where it is. */
	bool is_fallback;     /**< Nothing does: it is data/database/<name>.db. */
	dbw__value *values;
	size_t count;
} dbw__resolved;

/**
 * Resolves a database. Returns false after reports ("bad-variable", "bad-value", "bad-url", "contradiction",
 * "no-place", "unknown-key", "out-of-memory"), of which one names every mistake; *out then holds what could be found
 * out, with `provider` NULL where the place could not.
 */
bool dbw__resolve(const dbw__request *request, dbw__resolved *out);

/**
 * Of a provider from outside the engine is known once it is there: gives up what is said for other ones ("sqlite",
 * "postgresql"; NULL: for any).
 */
void dbw__resolved_set_engine(dbw__resolved *resolved, const char *engine);

/** The value used for the key at `place` of the table; NULL if none. */
const dbw__value *dbw__resolved_find(const dbw__resolved *resolved, size_t place);

/** The number used for a key, or `otherwise`. */
int64_t dbw__resolved_number(const dbw__resolved *resolved, size_t place, int64_t otherwise);

#ifdef __cplusplus
}
#endif

#endif

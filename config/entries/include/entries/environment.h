/*
 * The environment as configuration sees it: the variables of the process, filled up from a .env file, and the
 * spellings by which they speak of databases.
 *
 * For a database "auth-eu": AUTH_EU_DATABASE_URL; DATABASES__AUTH_EU__<KEY> for every key that is not about the entry
 * itself; AUTH_EU_DB_TYPE, _DB_HOST, _DB_PORT, _DB_USER, _DB_PASSWORD, _DB_NAME. DB_TYPE and its like are the default
 * database's. A variable that is empty says nothing. What one says is meant as it stands: a password may have a $ in it.
 */
#ifndef DBWRIGHT_ENTRIES_ENVIRONMENT_H
#define DBWRIGHT_ENTRIES_ENVIRONMENT_H

#include <entries/entry.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Variables as "NAME=value", ended by NULL; both lists may be NULL, for none. Borrowed. */
typedef struct dbw__environment {
	char *const *process; /**< As environ. */
	char *const *file;    /**< As dbw__dotenv_parse() gives it; never overrides the process. */
} dbw__environment;

/** The value of a variable, borrowed; NULL: it is not set. */
const char *dbw__environment_get(const dbw__environment *environment, const char *name);

/** Who says a variable, for messages and lists: "environment", or ".env". */
const char *dbw__environment_source(const dbw__environment *environment, const char *name);

/**
 * Looks whether DBWRIGHT_ENV, if it is set, names one of the profiles; nothing is said where there are none, and of
 * "production", which has a meaning of its own. Reports "unknown-profile": an error where the word is near the name of a
 * profile, which would be missed, else a warning, since a profile need not change every environment.
 */
void dbw__environment_check_profile(dbw_diagnostics *diagnostics, const dbw__environment *environment,
	const char *const *profiles, size_t count);

/**
 * Reads the text of a .env file: lines `NAME=value`, also with `export ` before them, empty lines, and comments from
 * `#` at the front of a line or behind a blank. In single quotes a value stands as it is, in double quotes \n, \r,
 * \t, \", \\ and \$ are replaced; quoted values end on their line. A name that stands twice has its last value.
 * What is wrong is reported as "bad-environment-file", with a position in `file_name` and never with the value. The
 * list is in the arena. False where something was reported or memory is short ("out-of-memory"); *out is then NULL.
 */
bool dbw__dotenv_parse(dbw_arena *arena, dbw_diagnostics *diagnostics, const char *file_name,
	const char *text, size_t length, char ***out);

/**
 * As dbw__dotenv_parse() for the file at `path`. A file that does not exist, or is a folder, is an empty one, unless
 * `wanted`; one that cannot be read is reported as "unreadable-file".
 */
bool dbw__dotenv_read(
	dbw_arena *arena, dbw_diagnostics *diagnostics, const char *path, bool wanted, char ***out);

/** The value of a variable as a text that dbw__expand() makes the value of: `value`, or a copy. NULL: out of memory. */
const char *dbw__environment_text(dbw_arena *arena, const char *value);

/**
 * Reports DATABASES__<name>__<KEY> of a database that is not among the `count` names, where it is spelt nearly as one of them
 * and the key is one: a warning ("unknown-database"), since it may be meant for another program. Positions are in the arena.
 * False: out of memory.
 */
bool dbw__environment_check_names(dbw_arena *arena, dbw_diagnostics *diagnostics,
	const dbw__environment *environment, const char *const *names, size_t count);

/** How many entries dbw__environment_entries() makes: the first wins. */
enum {
	DBW__ENVIRONMENT_URL,
	DBW__ENVIRONMENT_KEYS,
	DBW__ENVIRONMENT_PARTS,
	DBW__ENVIRONMENT_DEFAULT_PARTS,
	DBW__ENVIRONMENT_ENTRIES
};

/**
 * What the environment says of the database `name`, in four entries, each with what it may hide of the next; those
 * without a word have count 0. `is_default` asks for DB_HOST and its like, too. Reports "unknown-key" for a
 * DATABASES__<name>__<KEY> that is no key or cannot be set here. False: out of memory.
 */
bool dbw__environment_entries(dbw_arena *arena, dbw_diagnostics *diagnostics,
	const dbw__environment *environment, const char *name, bool is_default,
	dbw__entry out[DBW__ENVIRONMENT_ENTRIES]);

#ifdef __cplusplus
}
#endif

#endif

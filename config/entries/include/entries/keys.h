/*
 * The keys of a database entry: one table for the generator, the configuration files, the environment and the
 * runtime.
 *
 * An entry may be written flat (`pool_size: 10`), with its settings below `settings:`, and with the blocks `pool:` and
 * `security:` (`pool: {size: 10}`); all mean the same, and are known by the flat name from here on.
 */
#ifndef DBWRIGHT_ENTRIES_KEYS_H
#define DBWRIGHT_ENTRIES_KEYS_H

#include <entries/expand.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What a key's value has to be, once its variables are replaced. */
typedef enum dbw__key_kind {
	DBW__KEY_TEXT, /**< Anything that is not empty. */
	DBW__KEY_NAME, /**< As TEXT; in declarations a name. */
	DBW__KEY_BOOL,
	DBW__KEY_INT,
	DBW__KEY_WORD,    /**< One of `words`. */
	DBW__KEY_FACTORY, /**< One of `words`, or a provider from outside (outside.h). */
	DBW__KEY_NAMES    /**< Names, or none, with commas between; a list where files say it. */
} dbw__key_kind;

/** What a key is about. */
typedef enum dbw__key_group {
	DBW__GROUP_ENTRY, /**< The entry itself: without variables, not below `settings:`, not from the environment. */
	DBW__GROUP_PLACE, /**< Where the database is. */
	DBW__GROUP_POOL,  /**< How the runtime uses it. */
	DBW__GROUP_DRIVER /**< What its driver is told. */
} dbw__key_group;

/** A key. Static. */
typedef struct dbw__key {
	const char *name;     /**< The flat name. */
	const char *block;    /**< "pool" or "security", where it may also stand; NULL for none ... */
	const char *in_block; /**< ... under this name. */
	dbw__key_kind kind;
	dbw__key_group group;
	int64_t least, most;      /**< DBW__KEY_INT */
	const char *const *words; /**< DBW__KEY_WORD, DBW__KEY_FACTORY; ends with NULL. */
	const char *provider;     /**< The only provider that knows it; NULL: all do. */
	bool secret;              /**< Its value is never shown. */
} dbw__key;

/** Places in the table of the keys that code asks for by name. */
enum {
	DBW__KEY_SCHEMA,
	DBW__KEY_QUALIFIER,
	DBW__KEY_DEFAULT,
	DBW__KEY_SHARED_DEFAULT,
	DBW__KEY_PROTECTED,
	DBW__KEY_DEPENDS_ON,
	DBW__KEY_PROVIDER,
	DBW__KEY_CONNECTION_STRING,
	DBW__KEY_PATH,
	DBW__KEY_HOST,
	DBW__KEY_PORT,
	DBW__KEY_USER,
	DBW__KEY_PASSWORD,
	DBW__KEY_DATABASE,
	DBW__KEY_CONNECT,
	DBW__KEY_POOL_SIZE,
	DBW__KEY_MAX_OVERFLOW,
	DBW__KEY_MIN_IDLE,
	DBW__KEY_ACQUIRE_TIMEOUT,
	DBW__KEY_IDLE_TIMEOUT,
	DBW__KEY_MAX_LIFETIME,
	DBW__KEY_MAX_READ_SESSION,
	DBW__KEYS_FIXED /**< The driver's keys follow. */
};

/** What pool_size is where nobody says. */
enum { DBW__POOL_SIZE_DEFAULT = 8 };

extern const dbw__key dbw__keys[];
extern const size_t dbw__key_count;

/** The row of a flat name of `length` bytes, in any case where `any_case`; NULL if there is none. */
const dbw__key *dbw__key_find(const char *name, size_t length, bool any_case);

/** The row of a name inside a block; NULL if the block has none. */
const dbw__key *dbw__key_find_in_block(const char *block, const char *name);

/**
 * Whether `value`, with nothing left to expand, fits the key. If not, `problem` continues the sentence `"pool_size" of
 * database "auth" ...`: "must be from 1 to 1000". It never holds the value.
 */
bool dbw__key_check(const dbw__key *key, const char *value, char problem[DBW__PROBLEM_SIZE]);

/** The number that dbw__key_check() let through for a DBW__KEY_INT. */
int64_t dbw__key_number(const char *value);

#ifdef __cplusplus
}
#endif

#endif

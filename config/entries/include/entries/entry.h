/*
 * A database entry as it is written, in whatever file, environment or program: keys, values with their ${...}
 * untouched, and where each stands.
 */
#ifndef DBWRIGHT_ENTRIES_ENTRY_H
#define DBWRIGHT_ENTRIES_ENTRY_H

#include <base/arena.h>
#include <base/diagnostic.h>
#include <entries/keys.h>

#ifdef __cplusplus
extern "C" {
#endif

/** One value that is said of a database. All pointers are borrowed from where it is said. */
typedef struct dbw__said {
	const dbw__key *key; /**< NULL: an option for the driver. */
	const char *name;    /**< The key's flat name, or the option's own. */
	const char *value;   /**< As written. */
	/** Where. Line 0: `file` is no file but says it in words ("environment AUTH_DATABASE_URL"). */
	dbw_position at;
} dbw__said;

/** All that one place says of a database. */
typedef struct dbw__entry {
	const char *name;
	dbw_position at;
	const dbw__said *said; /**< Each key and each option once. */
	size_t count;
} dbw__entry;

/** What `entry` says for the key at `place` of the table; NULL if nothing. */
const dbw__said *dbw__entry_find(const dbw__entry *entry, size_t place);

/**
 * Moves the connection string to the front. So it stands in what is said in one place; in an entry that is merged of several,
 * what stands before it is said nearer, and parts there are put on top of it.
 */
void dbw__entry_begin_with_url(dbw__said *said, size_t count);

/**
 * Makes *out all of `near`, and behind it of `far` what `near` leaves open: a key or option that `near` has hides the one of
 * `far`; a connection string or path of `near` hides all that `far` says of the place, and so does another provider; one
 * from outside is said of how to connect, and neither hides a place nor is hidden by one.
 * The array is in the arena. False: out of memory.
 */
bool dbw__entry_merge(dbw_arena *arena, const dbw__entry *near, const dbw__entry *far, dbw__entry *out);

/**
 * Checks what one mapping, file or program says of a database: the syntax of ${...}, values without variables, a
 * connection string against provider and parts, settings against the engine. `what` is the entry in messages:
 * `database "auth"`. Returns whether there was no error; reports with the codes "bad-variable", "bad-value", "bad-url",
 * "contradiction", "engine-limit".
 */
bool dbw__entry_check(
	dbw_arena *arena, dbw_diagnostics *diagnostics, const char *what, const dbw__entry *entry);

/**
 * Checks what an entry as a whole, with all that it takes over from others, says of its pool, as far as it is known without
 * variables: no more connections stay open than there may be. Reports "bad-value".
 */
bool dbw__entry_check_pool(
	dbw_arena *arena, dbw_diagnostics *diagnostics, const char *what, const dbw__entry *entry);

/** The same of numbers; `at` is where `min_idle` is said. */
bool dbw__check_min_idle(dbw_diagnostics *diagnostics, const char *what, dbw_position at, int64_t min_idle,
	int64_t size, int64_t max_overflow);

/** Gives the text of a value with its variables replaced, in an arena; NULL where it is not known, or was reported. */
typedef const char *(*dbw__said_text)(void *context, const dbw__said *said);

/**
 * The part of dbw__entry_check() that is about the connection string: that it is a URL, that the provider is its, and
 * that no part beside it says something else. `text` gives values. Without a connection string there is nothing to check.
 */
bool dbw__entry_check_url(dbw_arena *arena, dbw_diagnostics *diagnostics, const char *what,
	const dbw__entry *entry, dbw__said_text text, void *context);

/**
 * The provider that an entry names as far as it is known without variables: one from outside, from its connection
 * string (with all defaults), from `provider`, from its path or host. NULL: it is not known.
 */
const char *dbw__entry_provider(const dbw__entry *entry);

/**
 * Whether an entry may be a store's, which has no schema: its provider is one from outside, and it says no schema. What it is,
 * is known where the provider is loaded.
 */
bool dbw__entry_may_be_store(const dbw__entry *entry);

/** `file:line:column`, or the words of a position without a line; in the arena, NULL when memory is short. */
const char *dbw__position_text(dbw_arena *arena, dbw_position at);

#ifdef __cplusplus
}
#endif

#endif

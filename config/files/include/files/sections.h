/*
 * The sections `databases:`, `defaults:` and `profiles:` of a file, as entries with everything worked in:
 *
 *     defaults: {pool_size: 10}                    # for all entries that do not say
 *     databases:
 *       primary: {connection_string: ..., pool: {max_overflow: 5}}
 *       test: {extends: primary, path: test.db}    # all of primary, but for what is said here
 *     profiles:
 *       production:                                # where DBWRIGHT_ENV says so
 *         defaults: {pool_size: 20}
 *         databases: {primary: {connection_string: "${DATABASE_URL}"}}
 *
 * What an entry comes to be, nearest first: the profile's entry, the entry, what it extends, the profile's defaults, the
 * defaults. `extends` hands everything on but `default` and `qualifier`, the schema too.
 */
#ifndef DBWRIGHT_FILES_SECTIONS_H
#define DBWRIGHT_FILES_SECTIONS_H

#include <entries/entry.h>
#include <yaml/tree.h>

#ifdef __cplusplus
extern "C" {
#endif

/** One entry of `databases:` before anything is worked in. */
typedef struct dbw__file_entry {
	const char *name;
	dbw_position at;  /**< Of the name. */
	dbw__entry own;   /**< What its mapping says. */
	const char *base; /**< `extends:`; NULL for none. */
	dbw_position base_at;
	bool broken; /**< Something in it was reported. */
} dbw__file_entry;

/** Mappings that were read. */
typedef struct dbw__file_entries {
	dbw__file_entry *items;
	size_t count;
} dbw__file_entries;

/** A profile. */
typedef struct dbw__file_profile {
	const char *name;
	dbw_position at;
	dbw__entry defaults;
	dbw__file_entries databases;
} dbw__file_profile;

/** The sections of a file, or of several. */
typedef struct dbw__sections {
	dbw__entry defaults;
	dbw__file_entries databases;
	dbw__file_profile *profiles;
	size_t profile_count;
} dbw__sections;

/** Where things go, and where they are reported. */
typedef struct dbw__file_reader {
	dbw_arena *arena;
	dbw_diagnostics *diagnostics;
	bool out_of_memory;
} dbw__file_reader;

/**
 * Reads the nodes of the sections, any of which may be NULL, and checks every mapping by itself. What is wrong is
 * reported, all of it: "wrong-kind", "unknown-key", "not-supported", "duplicate-key", "bad-value" and the codes of
 * dbw__entry_check(). False where anything was; *out then has what could be read.
 */
bool dbw__sections_read(dbw__file_reader *reader, const dbw_yaml_node *databases,
	const dbw_yaml_node *defaults, const dbw_yaml_node *profiles, dbw__sections *out);

/**
 * Reads one mapping of an entry: `name` and its place are given, `what` is the entry in messages. False after reports.
 */
bool dbw__file_entry_read(dbw__file_reader *reader, const char *name, dbw_position at, const char *what,
	const dbw_yaml_node *node, dbw__file_entry *out);

/**
 * Adds what another file says of one database. An entry of that name that is there already gets it, too: a key in both
 * is reported as "duplicate-key", and `what` is the entry in messages. False after a report.
 */
bool dbw__sections_add(
	dbw__file_reader *reader, dbw__sections *sections, const dbw__file_entry *entry, const char *what);

/**
 * Makes *out the entry `name` with everything worked in; `profile` NULL for none. `*broken` tells that something of it
 * was reported before. Reports an `extends` that leads to nothing ("unknown-database") or to itself ("extends-cycle").
 * False where it was reported, or there is no such entry.
 */
bool dbw__sections_entry(dbw__file_reader *reader, const dbw__sections *sections,
	const dbw__file_profile *profile, const char *name, dbw__entry *out, bool *broken);

/** Whether a profile changes what the entry `name` comes to be, or adds it. */
bool dbw__profile_changes(const dbw__sections *sections, const dbw__file_profile *profile, const char *name);

/** The entry of a name among those that were read; NULL if there is none. */
const dbw__file_entry *dbw__file_entry_find(const dbw__file_entries *entries, const char *name);

#ifdef __cplusplus
}
#endif

#endif

/* The databases of a program and how an entry becomes one. */
#ifndef DBWRIGHT_REGISTRY_REGISTRY_H
#define DBWRIGHT_REGISTRY_REGISTRY_H

#include <base/arena.h>
#include <dbwright/databases.h>
#include <dbwright/driver.h>
#include <pool/pool.h>
#include <session/sessions.h>

/* An entry that was resolved. The strings are in the arena. */
typedef struct database {
	const char *name;
	const char *qualifier;
	const dbw_schema *schema;
	const dbw_driver *driver;
	const char *location;
	const dbw_setting *settings;
	size_t setting_count;
	uint32_t pool_size;
	bool is_default;
	bool temporary; /* The file at `location` was made for this run and goes at close. */
	dbw__pool *pool;
} database;

struct dbw_databases {
	dbw_arena *arena;
	const dbw_program *program;
	dbw__pool_common common;
	dbw__sessions *sessions;
	database *items;
	size_t count;
};

/* merge.c: the entries that the program uses, overridden by the options, strings borrowed. */
dbw_status dbw__merge_entries(dbw_arena *arena, const dbw_program *program, const dbw_options *options,
	dbw_entry **out, size_t *count, dbw_error *error);

/* resolve.c: makes *out the database of an entry. Where it fails, a temporary file may stand in *out
 * already. */
dbw_status dbw__resolve_entry(dbw_arena *arena, const dbw_program *program, const dbw_entry *entry,
	database *out, dbw_error *error);

/* location.c */
/* An absolute path for one that may be relative to DBWRIGHT_ROOT or the working directory; in the arena. */
dbw_status dbw__absolute_path(dbw_arena *arena, const char *path, const char **out, dbw_error *error);
/* Makes an empty file in /dev/shm, $TMPDIR or /tmp, whichever can be used first; its path in the arena. */
dbw_status dbw__make_temporary(dbw_arena *arena, const char **out, dbw_error *error);
/* Removes such a file and what SQLite keeps beside it. */
dbw_status dbw__remove_temporary(const char *path, dbw_error *error);

#endif

/* Providers: the drivers of this build, and what a driver is told of a database that was resolved. */
#ifndef DBWRIGHT_PROVIDER_PROVIDER_H
#define DBWRIGHT_PROVIDER_PROVIDER_H

#include <base/arena.h>
#include <dbwright/driver.h>
#include <entries/resolve.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A provider that dbwright knows. Static. */
typedef struct dbw__provider {
	const char *name;         /**< "sqlite" */
	const char *title;        /**< As people write it: "SQLite". */
	const dbw_driver *driver; /**< NULL: not in this build ... */
	const char *absent;       /**< ... and why: "this dbwright was built without ..." */
} dbw__provider;

extern const dbw__provider dbw__providers[];
extern const size_t dbw__provider_count;

/** The provider of this name; NULL if there is none. */
const dbw__provider *dbw__provider_find(const char *name);

/** Whether databases of a provider can be opened by this build: DBW_OK, or DBW_PROVIDER with the reason. */
dbw_status dbw__provider_check(const dbw__provider *provider, dbw_error *error);

/**
 * What the driver of the database `name` is told: the keys that are the driver's, then options. The location is a
 * server's URL or a file's path, ":memory:", or NULL for a temporary file, which is still to be made; for a provider
 * from outside whatever its connection string is. Everything is in the
 * arena or borrowed from *resolved. False: out of memory.
 */
bool dbw__provider_address(
	dbw_arena *arena, const char *name, const dbw__resolved *resolved, dbw_address *out);

/** The folder that relative paths count from, absolute: DBWRIGHT_ROOT, else the working directory; in the arena. */
dbw_status dbw__find_root(dbw_arena *arena, const char **out, dbw_error *error);

/** Makes an empty file in /dev/shm, $TMPDIR or /tmp, whichever can be used first; its path in the arena. */
dbw_status dbw__make_temporary(dbw_arena *arena, const char **out, dbw_error *error);

/** Makes the folders of a file's path that are not there. DBW_CONFIG. */
dbw_status dbw__make_folders(const char *path, dbw_error *error);

/** Removes a file of SQLite's and what SQLite keeps beside it. DBW_ENGINE. */
dbw_status dbw__remove_temporary(const char *path, dbw_error *error);

#ifdef __cplusplus
}
#endif

#endif

/* Providers of a program that are not bundled: those that it registers and those that were loaded for it. */
#ifndef DBWRIGHT_PROVIDER_OUTSIDE_H
#define DBWRIGHT_PROVIDER_OUTSIDE_H

#include <provider/loading.h>
#include <provider/provider.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What every provider is given. */
extern const dbw_provider_host dbw__provider_host;

/** Loads a provider: dbw_load_provider() or NULL. */
typedef dbw_status (*dbw__provider_loader)(struct dbw__provider_loading *loading, dbw_error *error);

/** What a program allows, borrowed, and what of it is in use. All zero allows nothing. One thread at a time. */
typedef struct dbw__outside_providers {
	const dbw_provider *const *registered;
	size_t registered_count;
	dbw__provider_loader load;  /**< NULL: nothing is loaded ... */
	const char *const *folders; /**< ... and only what is in one of these, absolute. */
	size_t folder_count;
	const char *setting; /**< What names them, for messages. */
	struct dbw__engagement *engaged;
} dbw__outside_providers;

/** A provider that can be used: it has one of the two. */
typedef struct dbw__used_provider {
	const char *name;  /**< "sqlite" */
	const char *title; /**< "SQLite" */
	const dbw_driver *driver;
	const dbw_store *store;
} dbw__used_provider;

/**
 * The provider of a database that was resolved, bundled or not; it stays until dbw__outside_end(). DBW_PROVIDER: it is not
 * in this build, not registered, not to be loaded (of the reasons each has a text of its own), made for another interface,
 * or its factory fails; DBW_OUT_OF_MEMORY.
 */
dbw_status dbw__provider_use(dbw__outside_providers *outside, const dbw__resolved *resolved,
	dbw__used_provider *out, dbw_error *error);

/** Gives up what is in use and unloads its libraries, in a child of fork() without touching them. */
void dbw__outside_end(dbw__outside_providers *outside, bool forked);

#ifdef __cplusplus
}
#endif

#endif

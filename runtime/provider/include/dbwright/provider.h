/**
 * Providers from outside: what a library exports so that `provider: LIBRARY:SYMBOL` of a database entry finds it, and
 * what a program registers for `provider: program:NAME`. docs/providers.md is the guide.
 *
 * A provider is a constant object with a name and a factory. It is either a database with SQL, and its factory gives the
 * driver of driver.h, or a store: anything else, whose handle has a type of its own.
 */
#ifndef DBWRIGHT_PROVIDER_H
#define DBWRIGHT_PROVIDER_H

#include <dbwright/driver.h>

/**
 * What a provider is given by the program that uses it. A library needs no symbol of dbwright with it, so that it fits
 * programs that link dbwright statically as well as others. Static.
 */
typedef struct dbw_provider_host {
	uint32_t size;       /**< sizeof(dbw_provider_host) */
	const char *version; /**< Of dbwright. */
	/** The bundled drivers, to build upon; NULL: not in this dbwright. */
	const dbw_driver *sqlite;
	const dbw_driver *postgresql;
	/** Fills *error (NULL is fine) with a status and one line of text, and returns the status. */
	dbw_status (*set_error)(dbw_error *error, dbw_status status, const char *format, ...)
		DBW_PRINTF(3, 4);
	/** `size` bytes of an arena, aligned for any type and not initialised; NULL when memory is short. */
	void *(*allocate)(dbw_arena *arena, size_t size);
	/** A copy of `length` bytes in an arena, with a NUL byte behind it; NULL when memory is short. */
	char *(*copy)(dbw_arena *arena, const void *bytes, size_t length);
} dbw_provider_host;

/**
 * The calls of a store. One handle is opened for each entry, at its first use or with the databases where the entry says
 * `connect: eager`, and closed with them; no session, no pool and no SQL is involved. What the handle points to, and which
 * functions take it, says the header of the provider. They have to be safe from any thread.
 */
typedef struct dbw_store {
	/** Looks at an address without opening anything; NULL: any is right. DBW_CONFIG names the setting. */
	dbw_status (*check)(const dbw_address *address, dbw_error *error);
	/** Opens it. The address is borrowed for the call. On failure *error says why. */
	dbw_status (*open)(const dbw_address *address, void **out, dbw_error *error);
	/** Closes it and frees what it held, whatever it returns. No thread uses it any more. */
	dbw_status (*close)(void *store, dbw_error *error);
	/** Whether it works; any thread. NULL: it always does. */
	dbw_status (*health)(void *store, dbw_error *error);
	/** Removes everything in it; any thread. NULL: that cannot be asked for. */
	dbw_status (*reset)(void *store, dbw_error *error);
} dbw_store;

/**
 * A provider. The first four members never move; the others follow the number in the first. Set them with
 * DBW_PROVIDER_HEAD:
 *
 *     const dbw_provider acme_provider = { DBW_PROVIDER_HEAD, .name = "acme", .driver = acme_driver };
 */
typedef struct dbw_provider {
	uint32_t abi;         /**< DBW_DRIVER_ABI */
	uint32_t model_abi;   /**< DBW_ABI, since drivers read and write rows by their descriptors. */
	uint32_t size;        /**< sizeof(dbw_provider) */
	uint32_t driver_size; /**< sizeof(dbw_driver) */
	const char
		*name; /**< Letters, digits and `_`, for lists and messages; programs ask for stores by it. */
	const char *title; /**< As people write it; NULL: the name. */
	/**
	 * The factory of a database with SQL: makes *out, which is all zero, for instance from a bundled one
	 * (`*out = *host->sqlite`) with some calls of its own. Called once by each dbw_databases that has an entry of the
	 * provider; *out stays as long as they are open. On failure *error says why. NULL: a store.
	 */
	dbw_status (*driver)(const dbw_provider_host *host, dbw_driver *out, dbw_error *error);
	const dbw_store *store; /**< NULL: a database with SQL. */
} dbw_provider;

#define DBW_PROVIDER_HEAD                                                                    \
	.abi = DBW_DRIVER_ABI, .model_abi = DBW_ABI, .size = (uint32_t)sizeof(dbw_provider), \
	.driver_size = (uint32_t)sizeof(dbw_driver)

/** One loading. Private to dbw_load_provider(). */
struct dbw__provider_loading;

DBW_BEGIN_DECLS

/**
 * Loads providers from libraries: for dbw_options.load_provider, which has to be this function or NULL. It is a function of its own so that a program
 * that loads none does not refer to the dynamic linker.
 *
 * A library is loaded from one of the folders that dbw_options.provider_folders names, or from a folder below one, and
 * from nowhere else: links are followed before that is looked at. Neither the file nor any of these folders may be writable
 * by everybody. It stays loaded until the databases are closed.
 */
DBW_API dbw_status dbw_load_provider(struct dbw__provider_loading *loading, dbw_error *error);

DBW_END_DECLS
#endif

/** The named databases of a program: opened once, asked for sessions, closed once. */
#ifndef DBWRIGHT_DATABASES_H
#define DBWRIGHT_DATABASES_H

#include <dbwright/event.h>
#include <dbwright/session.h>
#include <dbwright/statistics.h>

/** All databases of a program. Safe to use from any thread. */
typedef struct dbw_databases dbw_databases;

/**
 * One of the databases, whatever its schema: generated code wraps it in a type per schema (auth_database). A handle is a
 * value, and all zero is none. Safe to use from any thread, as long as its dbw_databases is open; of a database that
 * was taken away it is DBW_ENDED.
 */
typedef struct dbw_database {
	struct dbw__database *slot;
	uint64_t generation;
} dbw_database;

/** Connections of an entry that does not say pool_size. */
#define DBW_POOL_SIZE_DEFAULT 8

/** Something that is wrong with the configuration, or worth a warning. Borrowed for the call. */
typedef struct dbw_problem {
	bool is_error;
	const char *
		source; /**< "shop.yaml:12:5", "environment AUTH_DB_PORT", "set by the program"; NULL: none. */
	const char *code;    /**< A word that does not change, such as "bad-url". */
	const char *message; /**< One line, without secrets. */
	const char *hint;    /**< What to do about it; NULL if there is no advice. */
} dbw_problem;

/** Takes one problem; the argument is dbw_options.problem_argument. */
typedef void (*dbw_problem_function)(void *argument, const dbw_problem *problem);

/** When the first connection of a database is made. */
typedef enum dbw_connect {
	DBW_CONNECT_AS_DECLARED, /**< `connect:` of the entry says it; lazy where it does not. */
	DBW_CONNECT_LAZY,        /**< With the first session. */
	DBW_CONNECT_EAGER /**< With dbw_databases_open(), which then fails where a database cannot be reached. */
} dbw_connect;

/** What a reader of configuration files is asked, and gives. Private to dbw_config_reader(). */
struct dbw__config_reading;

/** Reads a configuration file: dbw_config_reader of <dbwright/config.h>, or NULL. */
typedef bool (*dbw_config_reader_function)(struct dbw__config_reading *reading);

struct dbw_provider;
struct dbw__provider_loading;

/** Loads providers from libraries: dbw_load_provider of <dbwright/provider.h>, or NULL. */
typedef dbw_status (*dbw_provider_loader)(struct dbw__provider_loading *loading, dbw_error *error);

/** How to open. All zero is the default. Everything is borrowed for the call, but for the arguments of functions that are called later. */
typedef struct dbw_options {
	/** Override the environment, files and compiled-in entries of the same name, key by key, or add to them. */
	const dbw_entry *entries;
	size_t entry_count;
	/** Names of the entries the program uses; the others are not resolved. NULL: all. */
	const char *const *only;
	size_t only_count;
	dbw_event_function on_event; /**< Called for every event; NULL: none. See event.h. */
	void *event_argument;
	/**
	 * A YAML file with `databases:`, `defaults:` and `profiles:` that overrides compiled-in entries by name, key by
	 * key; NULL: none. It is read by `reader`, which has to be dbw_config_reader: a program that never reads a file
	 * need not link libyaml.
	 */
	const char *file;
	dbw_config_reader_function reader;
	/** A file of variables that the environment lacks. NULL: .env, if it is there; "": none. */
	const char *dotenv;
	dbw_connect connect;
	dbw_problem_function on_problem; /**< Called for every error and warning that is found; NULL: none. */
	void *problem_argument;
	/** Called for every connection that is opened, and before it is closed; NULL: none. See event.h. Errors of all
	 * kinds are seen by `on_event`. */
	dbw_connect_function on_connect;
	dbw_close_function before_close;
	void *connection_argument;
	/**
	 * Providers that are linked into the program, for entries that say `provider: program:NAME`. Each stays as long as
	 * the databases are open. See provider.h.
	 */
	const struct dbw_provider *const *providers;
	size_t provider_count;
	/**
	 * For entries that say `provider: LIBRARY:SYMBOL`: dbw_load_provider, and the folders that libraries may be loaded
	 * from. Only the program says them: whoever writes a configuration file chooses among the libraries there, and
	 * brings in no code of their own. NULL: none is loaded.
	 */
	dbw_provider_loader load_provider;
	const char *const *provider_folders;
	size_t provider_folder_count;
} dbw_options;

/** Does something at close; the argument is what was given with it. */
typedef void (*dbw_cleanup_function)(void *argument);

DBW_BEGIN_DECLS

/**
 * An entry for the SQLite file at `path`, relative to DBWRIGHT_ROOT or the working directory as in dbw_databases_open().
 * Set what else it says in its members: is_default, schema, pool_size, settings. The strings are borrowed until the
 * entry is used. A path that is NULL or empty is DBW_CONFIG then.
 */
DBW_API dbw_entry dbw_entry_sqlite(const char *name, const char *path);

/**
 * The same for a database on a PostgreSQL server. When the entry is used, an empty text or a port that is none is
 * DBW_CONFIG, and a build without libpq DBW_PROVIDER.
 */
DBW_API dbw_entry dbw_entry_postgresql(const char *name, dbw_server server);

/**
 * Resolves every entry (schema, provider, connection string with ${VAR} taken from the environment, settings) and
 * opens no connection, unless `connect` says so: the first session of a database does. Release *out with
 * dbw_databases_close(). docs/configuration.md says where values come from and which wins.
 *
 * Relative paths (SQLite files, `file`, `dotenv`, `provider_folders`) are relative to the environment's DBWRIGHT_ROOT, else to the working
 * directory of the time of this call; what a file in another folder says, to that folder.
 *
 * What another database depends on is connected before it, where both are connected here.
 *
 * All mistakes are found before anything is opened, and given to `on_problem`; the error has the first one, and how
 * many there are more: DBW_CONFIG (an unset variable, a wrong URL or value, a file that cannot be read, an unknown name
 * in `only`, two entries of one schema with the same qualifier, equal tables in one database, a `depends_on` of what is
 * not there or that leads back), DBW_PROVIDER (no such provider, one that is not to be loaded or fits another dbwright, or
 * not the schema's engine), DBW_MISUSE (no program, another ABI, a file without a reader),
 * DBW_OUT_OF_MEMORY; with eager connections what the driver says. *out is then NULL. `error` may be NULL.
 */
DBW_NODISCARD DBW_API dbw_status dbw_databases_open(
	dbw_databases **out, const dbw_program *program, const dbw_options *options, dbw_error *error);

/**
 * The first half of closing, for programs with threads: from now on no session begins, those that wait for a connection
 * included (DBW_LIFECYCLE), and those that are open may go on for `wait_ms`. What has not ended by then is cancelled
 * where the engine can, and its handle ends: each further call is DBW_ENDED, and nothing more of it is committed (a
 * commit that is under way may still come through, and its caller hears of it). Then let the threads come to their end
 * and call dbw_databases_close(), which rolls such sessions back. Any thread; may be called again.
 *
 * DBW_OK; DBW_LIFECYCLE, with the purposes of the sessions that held on; DBW_FORKED; DBW_MISUSE.
 */
DBW_API dbw_status dbw_databases_drain(dbw_databases *databases, int64_t wait_ms, dbw_error *error);

/**
 * Has `function` called by dbw_databases_close(), after everything is closed: the one that was given last comes first. It
 * is not called in a child of fork(), and cannot use the databases any more.
 *
 * DBW_OK; DBW_OUT_OF_MEMORY; DBW_FORKED; DBW_MISUSE.
 */
DBW_NODISCARD DBW_API dbw_status dbw_databases_on_close(
	dbw_databases *databases, dbw_cleanup_function function, void *argument, dbw_error *error);

/**
 * Closes connections that have been idle longer than idle_timeout_ms or have lived longer than max_lifetime_ms, and opens
 * those that min_idle asks for. The runtime has no thread of its own: it looks at a connection's age when the
 * connection is leased or given back. A program that is quiet at times, and wants its connections closed then, or opened
 * before they are needed, calls this now and then. It tells of sessions that have read for too long, too
 * (DBW_EVENT_LONG_READ). Any thread.
 *
 * DBW_OK; why a connection could not be opened (the others are seen to all the same); DBW_FORKED; DBW_MISUSE.
 */
DBW_API dbw_status dbw_databases_maintain(dbw_databases *databases, dbw_error *error);

/**
 * What the pool of a database has done so far. DBW_OK; DBW_NOT_FOUND; DBW_UNSUPPORTED for a store; DBW_FORKED; DBW_MISUSE:
 * *out is then zero.
 */
DBW_API dbw_status dbw_databases_statistics(
	dbw_databases *databases, const char *name, dbw_pool_statistics *out, dbw_error *error);

/**
 * Rolls back what is open, closes every connection (of databases that depend on others first, else in the reverse order of
 * opening), removes `sqlite::temp:` files and
 * frees everything, whatever fails on the way. NULL is fine. No other thread may still be in a call; handles of
 * sessions must not be used afterwards.
 *
 * DBW_LIFECYCLE when sessions had not been ended (the message names their purposes): they are rolled back, and
 * everything is freed all the same. Else the first error met, else DBW_OK.
 */
DBW_API dbw_status dbw_databases_close(dbw_databases *databases, dbw_error *error);

/**
 * Adds a database while the program runs, as an entry of dbw_options would: the environment and files have their say,
 * and with `connect: eager` it is connected; others are not kept waiting for that. The name must be new.
 *
 * DBW_EXISTS (the name); what dbw_databases_open() says of an entry; nothing is changed then.
 */
DBW_NODISCARD DBW_API dbw_status dbw_databases_add(
	dbw_databases *databases, const dbw_entry *entry, dbw_error *error);

/**
 * Takes a database away and closes its connections. DBW_NOT_FOUND; DBW_BUSY while it has sessions: end them first.
 */
DBW_NODISCARD DBW_API dbw_status dbw_databases_remove(
	dbw_databases *databases, const char *name, dbw_error *error);

/** Whether there is a database of this name. */
DBW_API bool dbw_databases_have(dbw_databases *databases, const char *name);

/**
 * The handle of a store: of the entry `name`, whose provider has to have the name `provider`, which tells what the handle
 * points to. For the typed function in a provider's header; see provider.h. Opened where it is not yet; it stays until
 * dbw_databases_close(), or until the entry is removed. *out is emptied first.
 *
 * DBW_OK; DBW_NOT_FOUND; DBW_MISUSE (no store, another provider's, or `out` is NULL); DBW_FORKED; what the provider says.
 */
DBW_NODISCARD DBW_API dbw_status dbw_databases_store(
	dbw_databases *databases, const char *name, const char *provider, void **out, dbw_error *error);

/**
 * Whether a database can be used: a connection of its pool is leased, or made, and looked at; a store is asked. Any thread.
 *
 * DBW_OK; DBW_NOT_FOUND; why there is no connection, as a session would hear it; DBW_FORKED; DBW_MISUSE; what the provider says.
 */
DBW_NODISCARD DBW_API dbw_status dbw_databases_health(
	dbw_databases *databases, const char *name, dbw_error *error);

/**
 * Removes everything in a store. DBW_OK; DBW_NOT_FOUND; DBW_MISUSE for what is no store; DBW_UNSUPPORTED; DBW_FORKED; what
 * the provider says.
 */
DBW_NODISCARD DBW_API dbw_status dbw_databases_reset_store(
	dbw_databases *databases, const char *name, dbw_error *error);

/** A key of a database as it was resolved. */
typedef struct dbw_database_setting {
	const char *key;
	const char *value; /**< To be shown: *** stands for secrets. */
	const char *
		source; /**< What says it: "dbwright.yaml:12:5", "environment AUTH_DB_PORT", "set by the program". */
	bool used; /**< Otherwise a nearer source won, or it is for another engine. */
} dbw_database_setting;

/** A database as it was resolved. */
typedef struct dbw_database_info {
	const char *name;
	const char *qualifier;
	const char *schema; /**< NULL: a store, which has none. */
	const char *provider;
	const char *url;    /**< Without secrets; of a provider from outside also a path. */
	const char *source; /**< What says the URL. */
	bool is_default;
	uint32_t pool_size;                   /**< 0 for a store. */
	const dbw_database_setting *settings; /**< All that was said of it, nearest source first. */
	size_t setting_count;
} dbw_database_info;

/** The databases at one moment. */
typedef struct dbw_database_list {
	const dbw_database_info *items;
	size_t count;
	void *memory; /* The runtime's own. */
} dbw_database_list;

/**
 * Lists the databases, in the order in which they were declared and added. Release with dbw_database_list_free().
 * DBW_OK; DBW_OUT_OF_MEMORY; DBW_FORKED; DBW_MISUSE.
 */
DBW_NODISCARD DBW_API dbw_status dbw_databases_list(
	dbw_databases *databases, dbw_database_list *out, dbw_error *error);

/** Releases a list and leaves it empty. NULL and an empty one are fine. */
DBW_API void dbw_database_list_free(dbw_database_list *list);

/* For generated code: auth_begin() and its like. A writer's transaction begins at once, a reader's with its first read. */

/**
 * Leases a connection of the schema's database. Empties *out on failure.
 * DBW_MISUSE (no purpose, an isolation that is none, NULL for `out`), DBW_CONFIG (no such qualifier; lists them), DBW_TIMEOUT (no connection
 * came free within acquire_timeout_ms, to this session or to the one whose turn it is to write, or the session's deadline passed meanwhile), DBW_LIFECYCLE (after dbw_databases_drain()), DBW_BUSY (the pool is full and the
 * session may not wait, or the database is in memory; or other writers
 * held the database longer than busy_timeout_ms; the message has the purpose of one of *databases; or the server
 * has no connection left), DBW_CONNECTION, DBW_CORRUPT, DBW_OUT_OF_MEMORY.
 */
DBW_API dbw_status dbw__begin(dbw_databases *databases, const dbw_schema *schema,
	const dbw_session_options *options, bool writer, dbw_session *out, dbw_error *error);

/**
 * The same on one database, without a search; the options take no qualifier.
 * DBW_MISUSE (an empty handle, one of another schema, a qualifier, no purpose), DBW_ENDED (the database was taken away),
 * and what dbw__begin() gives but DBW_CONFIG.
 */
DBW_API dbw_status dbw__begin_on(dbw_database on, const dbw_schema *schema,
	const dbw_session_options *options, bool writer, dbw_session *out, dbw_error *error);

/**
 * The schema's database of this qualifier; NULL: the one that auth_begin() takes. Empties *out on failure.
 * DBW_CONFIG (there is none; lists the qualifiers), DBW_FORKED, DBW_MISUSE.
 */
DBW_API dbw_status dbw__database_of(dbw_databases *databases, const dbw_schema *schema, const char *qualifier,
	dbw_database *out, dbw_error *error);

/** A member of a program's container, such as shop_databases: a struct that holds a dbw_database and nothing else. */
typedef struct dbw__member {
	const char *
		database; /**< Its name; NULL: the one that the schema's sessions begin on unless they say. */
	const dbw_schema *schema;
	size_t offset; /**< In the container. */
} dbw__member;

/**
 * Fills a container of `size` bytes. A member whose database is not open is empty. All of it is empty on failure:
 * DBW_CONFIG (a database is of another schema now than was declared), DBW_FORKED, DBW_MISUSE.
 */
DBW_API dbw_status dbw__databases_fill(dbw_databases *databases, const dbw__member *members, size_t count,
	void *out, size_t size, dbw_error *error);

/** What dbw__transaction() runs: the work with a writer of its own, and what was given with it. */
typedef dbw_status (*dbw__work)(dbw_session session, void *argument);

/**
 * Runs the work in a session and commits when it returns DBW_OK; anything else rolls back and is returned. All of it is
 * done again, in a new session and after a pause that grows and is random, where somebody else was in the way or the
 * connection broke before the commit: DBW_BUSY (from begin, work or commit, also where the work has returned
 * DBW_SESSION_FAILED after it), DBW_CONNECTION after begin. Never after DBW_UNKNOWN_OUTCOME. *error, which may be
 * NULL, tells of the last attempt, without its SQL, which belongs to the connection.
 * \return DBW_OK; what dbw__begin(), the work or dbw__commit() returned last; DBW_MISUSE (no work, or one that ended
 * the session by itself, whose outcome then stands).
 */
DBW_API dbw_status dbw__transaction(dbw_databases *databases, const dbw_schema *schema,
	const dbw_session_options *options, dbw__work work, void *argument, dbw_error *error);

/** The same on one database; DBW_MISUSE and DBW_ENDED as of dbw__begin_on(), too. */
DBW_API dbw_status dbw__transaction_on(dbw_database on, const dbw_schema *schema,
	const dbw_session_options *options, dbw__work work, void *argument, dbw_error *error);

DBW_END_DECLS
#endif

/* The databases of a program and how entries become them. */
#ifndef DBWRIGHT_REGISTRY_REGISTRY_H
#define DBWRIGHT_REGISTRY_REGISTRY_H

#include <base/arena.h>
#include <base/diagnostic.h>
#include <dbwright/databases.h>
#include <dbwright/driver.h>
#include <entries/reading.h>
#include <entries/resolve.h>
#include <pool/pool.h>
#include <provider/outside.h>
#include <provider/provider.h>
#include <session/sessions.h>

#include <pthread.h>
#include <stdatomic.h>

/* Where databases are: one file or one server's database, with the pool that all entries of the place share. */
typedef struct dbw__place {
	dbw_arena *arena; /* Of its strings. */
	dbw__pool_options options;
	dbw__pool *pool;
	bool temporary;    /* The file was made for this run and goes with the place. */
	bool shareable;    /* Not in memory and not temporary: those are one place for each entry. */
	size_t references; /* Databases that are here. */
	uint32_t depth;    /* The least of them. */
	struct dbw__place *next;
} dbw__place;

/*
 * An entry that was resolved. The memory of one that was taken away is kept for the next, so that a handle, which is a
 * pointer to it and its generation, can be looked at as long as the databases are open.
 */
typedef struct dbw__database {
	dbw_databases *databases; /* That it is, or was, one of; read without the lock, never changed. */
	uint64_t generation;      /* Another one for each entry that the memory has held. */
	dbw_arena *arena;         /* Of its strings and of what follows. */
	const char *name;
	const char *qualifier;
	const char *provider;     /* Its name. */
	const dbw_schema *schema; /* NULL: a store. */
	const dbw_driver *driver; /* NULL: a store. */
	const dbw_store *store;   /* NULL: a database with SQL; what follows is of stores. */
	dbw_address address;
	void *handle;         /* Once it is open. */
	unsigned long opened; /* The number of its opening among those of connections; 0: it is not open. */
	dbw__resolved resolved;
	bool is_default;
	bool is_eager;
	uint32_t
		depth; /* Greater than of those that it depends on: connected after them and closed before. */
	atomic_uint beginning;    /* Threads that chose it and have no lease yet. */
	struct dbw__place *place; /* NULL: a store. */
	struct dbw__database *next;
} database;

/* Something to be done at close. */
typedef struct dbw__cleanup {
	dbw_cleanup_function function;
	void *argument;
	struct dbw__cleanup *next; /* The one that was asked for before. */
} dbw__cleanup;

typedef struct dbw__choices dbw__choices;

struct dbw_databases {
	dbw_arena *arena; /* Of what lives as long as the databases. */
	const dbw_program *program;
	dbw__pool_common common;
	dbw__sessions *sessions;
	const char *root;
	char *const *dotenv;
	const dbw_profile *profile;     /* NULL: none. */
	bool some;                      /* `only` has left some out. */
	dbw__outside_providers outside; /* Guarded by the lock. */
	dbw__entry *file_entries;       /* Of options.file. */
	size_t file_entry_count;
	dbw_connect connect;
	pthread_mutex_t opening; /* Of stores, one at a time. */
	pthread_rwlock_t lock;   /* Over the two lists. */
	database *items;         /* In the order in which they were added. */
	dbw__choices *choices;   /* Of them; guarded by the lock. */
	database *spares;        /* Memory of databases that were taken away. */
	dbw__place *places;
	dbw__cleanup *cleanups; /* Guarded by the lock. */
};

/* databases.c */
/* Makes the connections of a database that asks for it: one, or min_idle. */
dbw_status dbw__connect_eagerly(database *item, dbw_error *error);

/* store.c: a store's address looked at; the store opened, if it is not; closed, if it is. */
dbw_status dbw__store_check(const database *item, dbw_error *error);
dbw_status dbw__store_open(database *item, dbw_error *error);
dbw_status dbw__store_close(database *item, dbw_error *error);

/* lifecycle.c: does and frees what dbw_databases_on_close() asked for; in a child of fork() it only frees. */
void dbw__run_cleanups(dbw_databases *databases, bool forked);

/* change.c: takes the lock over the lists; pthread_rwlock_unlock() gives it back. DBW_FORKED in a child. */
dbw_status dbw__databases_enter(dbw_databases *databases, bool writer, dbw_error *error);

/* entries.c */
/* What an entry of C, or a compiled-in one, says; all strings are copied into the arena where `copied`. Reports keys
 * that do not exist or stand twice. False: out of memory. */
bool dbw__entry_of(
	dbw_arena *arena, dbw_diagnostics *diagnostics, const dbw_entry *from, bool copied, dbw__entry *out);

/* resolve.c */
/* What is known of one database before it is resolved. */
typedef struct dbw__wanted {
	const char *name;
	const dbw_entry *compiled; /* NULL: none. */
	const dbw__entry *file;    /* NULL: none. */
	const dbw_entry *program;  /* Of this name in an array of ... */
	size_t program_count;      /* ... that many entries, of any names. */
	bool is_default;
} dbw__wanted;

/* Makes the database of an entry, and its place or its share of one; not in the lists yet. What is wrong is reported
 * and *out is NULL. */
void dbw__make_database(
	dbw_databases *databases, dbw_diagnostics *diagnostics, const dbw__wanted *wanted, database **out);
/* A database that is in no list goes in three steps. Its handles end, and its place has one less: */
void dbw__leave_database(dbw_databases *databases, database *item);
/* what it alone holds is closed and freed, for which no lock is needed: DBW_OK, or what could not be closed or removed; */
dbw_status dbw__close_database(const dbw_databases *databases, database *item, dbw_error *error);
/* and its memory is a spare one from then on. */
void dbw__spare_database(dbw_databases *databases, database *item);
/* All three. */
dbw_status dbw__free_database(dbw_databases *databases, database *item, dbw_error *error);
/* Frees the spare memory: no handle can be looked at any more. */
void dbw__free_spares(dbw_databases *databases);

/* choices.c */
/* To be called when databases have come or gone: from now on dbw__choose() knows those that there are. False: out of
 * memory, and it is as it was; never where none has come. */
bool dbw__choices_make(dbw_databases *databases);
/* The database of a schema by its qualifier; without one (NULL) the default, else the one named like the schema, else the
 * only one. NULL if there is none. The lock is held. */
database *dbw__choose(const dbw_databases *databases, const dbw_schema *schema, const char *qualifier);

/* collect.c */
/* All databases that the program, its file and its options name, without those that `only` leaves out; reports names
 * of `only` that are not there. False: out of memory, reported. */
bool dbw__collect_wanted(const dbw_databases *databases, dbw_arena *arena, dbw_diagnostics *diagnostics,
	const dbw_options *options, dbw__wanted **out, size_t *count);

/* Whether an entry of C, or of a file (NULL: none), says that it is the default one. */
bool dbw__says_default(const dbw_entry *entry);
bool dbw__file_says_default(const dbw__entry *entry);

/* rules.c: what a database must not have in common with the others of the list; reports. */
void dbw__check_against_others(
	const dbw_databases *databases, dbw_diagnostics *diagnostics, const database *added);

/* order.c */
/* Finds the depth of all databases and places; reports what depends on something that is not there, unless it may have
 * been left out or taken away (`added` NULL: all are new), or on itself. False then. */
bool dbw__find_order(dbw_databases *databases, dbw_diagnostics *diagnostics, const database *added);

/* place.c */
/* The place of `options`: one that is there already and can be shared, or a new one, whose strings are copied. The
 * references are counted. NULL when memory is short. */
dbw__place *dbw__place_take(
	dbw_databases *databases, const dbw__pool_options *options, bool shareable, bool temporary);
/* Gives it up. The last one gets it out of the list, to be freed: NULL for all others. */
dbw__place *dbw__place_leave(dbw_databases *databases, dbw__place *taken);
/* Closes its connections and frees it; needs no lock. DBW_OK, or that a temporary file could not be removed. */
dbw_status dbw__place_free(const dbw_databases *databases, dbw__place *left, dbw_error *error);

/* problems.c */
/* Gives all that was reported to the function, and fills the error with the first one. DBW_OK if there was no error. */
dbw_status dbw__tell_problems(
	dbw_diagnostics *diagnostics, dbw_problem_function on_problem, void *argument, dbw_error *error);
/* Reports a failed call of a layer below. */
void dbw__report_error(dbw_diagnostics *diagnostics, dbw_position at, const dbw_error *error);

#endif

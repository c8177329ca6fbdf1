/**
 * The prepared statements of one connection: fixed ones in an array by slot, filter shapes in a bounded
 * table that forgets the one that was used longest ago.
 *
 * A cache belongs to its connection and, with it, to one thread at a time.
 */
#ifndef DBWRIGHT_STATEMENT_CACHE_H
#define DBWRIGHT_STATEMENT_CACHE_H

#include <base/arena.h>
#include <dbwright/driver.h>

/** How many shapes a connection keeps. */
enum { DBW__SHAPE_LIMIT = 128 };

/** A statement that was built at run time. Valid until it is forgotten: never while `held` or `awaited` is not 0. */
typedef struct dbw__shape {
	dbw_prepared *prepared;
	const char *sql; /**< The cache's copy of the text, for errors and events. */
	bool takes_rows; /**< dbw_driver.plan_rows() was asked: execute_rows() may take it. False at first. */
	uint32_t held;   /**< Raise it while the statement runs across other calls; lower it after. */
	uint32_t awaited; /**< The same while it is sent and not answered: it may be sent again meanwhile. */

	/* Private to cache.c. */
	uint32_t key_length;
	uint64_t hash;
	const void *key;
	uint16_t newer, older;
} dbw__shape;

/** A fixed statement. Either member is NULL before its first use. */
typedef struct dbw__fixed {
	dbw_prepared *prepared;
	char *text; /* where it was put together from two */
} dbw__fixed;

/** The most columns that are read back for an upsert that is known. */
enum { DBW__UPSERT_READS = 4 };

/** An upsert that takes rows as they are, with what reads back the row that it met. */
typedef struct dbw__known_upsert {
	dbw__shape *shape; /**< NULL: there is none, or one of the statements is forgotten. */
	dbw__shape *back;  /**< Reads the columns `reads` by the unique key; NULL where nothing is read. */
	const dbw_model *model;
	uint16_t finder; /**< The statement that finds a row by the unique key. */
	uint16_t insert; /**< The statement that would insert the row: with its id or without. */
	uint16_t read_count;
	uint16_t reads[DBW__UPSERT_READS];
	bool sets; /**< A row that is there is changed: these columns of it. */
	unsigned char columns[8];
} dbw__known_upsert;

/** The cache. Members are private; `fixed` stands here for the inline function below. */
typedef struct dbw__cache {
	const dbw_driver *driver;
	dbw_connection *connection;
	dbw__fixed *fixed;
	uint32_t fixed_count;
	struct dbw__shapes *shapes; /* NULL until the first one. */

	/* The set of columns that was updated last, as dbw__update_shape() keeps it. */
	struct {
		dbw__shape *shape; /* NULL: none, or it is forgotten. */
		const dbw_model *model;
		unsigned char columns[8];
	} updated;

	dbw__known_upsert upserted; /* The last one, as dbw__upsert_keep() has it. */
} dbw__cache;

DBW_BEGIN_DECLS

/**
 * Makes *cache the empty cache of a connection, with room for `fixed_count` fixed statements. Both pointers
 * are borrowed. Release with dbw__cache_clear().
 * \return DBW_OK; DBW_OUT_OF_MEMORY.
 */
dbw_status dbw__cache_init(
	dbw__cache *cache, const dbw_driver *driver, dbw_connection *connection, uint32_t fixed_count);

/** Releases all statements and the memory; before the connection is closed. A cache that is all zero is
 * fine. */
void dbw__cache_clear(dbw__cache *cache);

/** Frees the memory and leaves the statements alone: for a connection that belongs to the parent process. */
void dbw__cache_abandon(dbw__cache *cache);

/** The fixed statement of a slot (*model->first_slot + its place in the model's table); NULL before its first use. */
static inline dbw_prepared *dbw__cache_fixed(const dbw__cache *cache, uint32_t slot)
{
	return slot < cache->fixed_count ? cache->fixed[slot].prepared : NULL;
}

/** The text that dbw__cache_join() made for the statement of a slot, which is there. */
static inline const char *dbw__cache_text(const dbw__cache *cache, uint32_t slot)
{
	return cache->fixed[slot].text;
}

/**
 * Puts the text of the fixed statement of a slot together, in front of dbw__cache_prepare(). It stays until the connection
 * closes, whether or not it can be prepared.
 * \return DBW_OK; DBW_MISUSE for a slot the program does not have; DBW_OUT_OF_MEMORY.
 */
dbw_status dbw__cache_join(dbw__cache *cache, uint32_t slot, const char *head, const char *tail,
	const char **out, dbw_error *error);

/**
 * Prepares the fixed statement of a slot that is not there yet. It stays until the connection closes. `sql` and `result`
 * are as dbw_driver.prepare has them.
 * \return DBW_OK; DBW_MISUSE for a slot the program does not have; what the driver says about the text.
 */
dbw_status dbw__cache_prepare(dbw__cache *cache, uint32_t slot, const char *sql, const dbw_result *result,
	dbw_prepared **out, dbw_error *error);

/**
 * The shape with these `length` bytes as its key, or NULL. Makes it the one that was used last.
 */
dbw__shape *dbw__shape_lookup(dbw__cache *cache, const void *key, size_t length);

/** Makes a shape that was looked up before, and is not forgotten, the one that was used last. */
void dbw__shape_use(dbw__cache *cache, dbw__shape *shape);

/**
 * Prepares `sql` and keeps it under a key that is not there yet; key and text are copied. `result` is as
 * dbw_driver.prepare has it. Where the table
 * is full, the shape that was used longest ago is released.
 * \return DBW_OK with *out; DBW_BUSY when every shape is held; DBW_OUT_OF_MEMORY; what the driver says
 * about the text.
 */
dbw_status dbw__shape_insert(dbw__cache *cache, const void *key, size_t length, const char *sql,
	const dbw_result *result, dbw__shape **out, dbw_error *error);

DBW_END_DECLS
#endif

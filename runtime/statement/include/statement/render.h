/**
 * From a query, or from a set of columns, to SQL: a request is taken apart once into its shape (which conditions on
 * which columns, in which order) and its values. Equal shapes are equal keys, and the text is a function of the key
 * alone, so it is built only where a connection has not seen the shape yet.
 *
 * The same query means the same on every engine: text compares as bytes, `like` minds case and `ilike` folds A-Z only,
 * NULLs come first in ASC and last in DESC.
 */
#ifndef DBWRIGHT_STATEMENT_RENDER_H
#define DBWRIGHT_STATEMENT_RENDER_H

#include <base/arena.h>
#include <base/text.h>
#include <dbwright/driver.h>
#include <dbwright/filter.h>
#include <statement/cache.h>

/** What a request asks for. */
typedef enum dbw__request_kind {
	DBW__REQUEST_FIND = 'f',        /**< The rows of a query. */
	DBW__REQUEST_FIND_ONE = 'o',    /**< The first of them; a limit does not count. */
	DBW__REQUEST_PAGE = 'g',        /**< A page of them: see statement/page.h. */
	DBW__REQUEST_COUNT = 'c',       /**< How many there are; without order, limit and offset. */
	DBW__REQUEST_EXISTS = 'e',      /**< Whether there is one; likewise. */
	DBW__REQUEST_INSERT = 'i',      /**< A row with some of its columns. */
	DBW__REQUEST_UPDATE = 'u',      /**< Some columns of the row with a key. */
	DBW__REQUEST_INSERT_MANY = 'm', /**< A number of rows with some of their columns. */
	DBW__REQUEST_INSERT_ARRAYS =
		'a', /**< As many rows as its parameters, which are lists, have items: PostgreSQL's. */
	DBW__REQUEST_COPY = 'l',   /**< Rows that follow in a stream: PostgreSQL's. */
	DBW__REQUEST_UPSERT = 'p', /**< An insert that says what happens where its row is there already. */
	DBW__REQUEST_UPDATE_WHERE = 'w', /**< Some columns of all rows that match. */
	DBW__REQUEST_DELETE_WHERE = 'd', /**< All rows that match. */
} dbw__request_kind;

enum {
	DBW__REQUEST_KEY =
		192, /**< Bytes of shape key that need no memory: 44 conditions, orders or columns. */
	DBW__REQUEST_VALUES = 16,  /**< Values that need no memory. */
	DBW__LIST_LIMIT = 1 << 14, /**< Longest list whose values are a parameter each. */
	DBW__PATTERN_LIMIT =
		50000, /**< Bytes of a pattern that SQLite takes (SQLITE_MAX_LIKE_PATTERN_LENGTH). */
	DBW__HEIGHT_LIMIT = 900, /**< Height of an expression; SQLite takes 1,000 (SQLITE_MAX_EXPR_DEPTH). */
};

/** A request taken apart. Read `key`, `values` and `count`. */
typedef struct dbw__request {
	const dbw_model *model;
	dbw_engine engine;
	dbw_text_buffer key; /**< The shape; bytes, not text. */
	dbw_value *values;
	size_t count;
	dbw_result result; /**< Of a find: what its rows become. */
	bool locks;        /**< A find whose rows are locked, which is for writers alone. */
	bool returns;      /**< An upsert that gives its row. */

	/* Private. */
	size_t capacity;
	dbw_arena *scratch;
	char key_storage[DBW__REQUEST_KEY];
	dbw_value value_storage[DBW__REQUEST_VALUES];
} dbw__request;

DBW_BEGIN_DECLS

/**
 * Begins a request without columns and values. What does not fit into *request comes from `scratch`, which has to
 * outlive it. Release with dbw__request_clear(); *request must not be moved.
 */
void dbw__request_init(dbw__request *request, const dbw_model *model, dbw_engine engine,
	dbw__request_kind kind, dbw_arena *scratch);

/** Releases what the request holds beside the scratch arena. */
void dbw__request_clear(dbw__request *request);

/**
 * Adds a generated query struct to a find, find_one, page, count or exists; NULL is all rows that are not deleted. Values are checked
 * and coded; text and bytes stay borrowed from the query.
 * \return DBW_OK; DBW_INVALID for a value that does not fit its column, or a pattern that ends in a single `\`;
 * DBW_MISUSE: NULL in a filter, a filter that is none, a group without its items or too deep in others, two columns in
 * one entry of order_by or a gap in it, a negative limit or offset, a lock in what is no find or find_one; DBW_UNSUPPORTED: a list, a pattern or a group too
 * long for the engine, an order that text storage does not have; DBW_OUT_OF_MEMORY.
 */
dbw_status dbw__request_query(dbw__request *request, const void *query, dbw_error *error);

/** Adds to a find that a column is equal to a value that is coded, and not NULL. DBW_OK or DBW_OUT_OF_MEMORY. */
dbw_status dbw__request_equal(
	dbw__request *request, uint16_t column, const dbw_value *value, dbw_error *error);

/**
 * Ends a find: only these columns are read. `columns` is in order, and borrowed as long as the request. DBW_OK or
 * DBW_OUT_OF_MEMORY.
 */
dbw_status dbw__request_select(
	dbw__request *request, const uint16_t *columns, uint16_t count, dbw_error *error);

/**
 * Makes the shape another one with the same text, for a statement that is to run while this one does. DBW_OK or
 * DBW_OUT_OF_MEMORY.
 */
dbw_status dbw__request_again(dbw__request *request, dbw_error *error);

/**
 * Whether a filter (the generated struct) excludes no row: nothing is set, or only what says nothing, as an empty
 * group, a group of empty filters, or dbw_not_in() of an empty list. For calls that change the rows of a filter and must
 * not take all of them by accident.
 */
bool dbw__filter_is_empty(const dbw_model *model, const void *filter);

/** Adds a column to an insert or update. DBW_OK or DBW_OUT_OF_MEMORY. */
dbw_status dbw__request_column(dbw__request *request, uint16_t column, dbw_error *error);

/**
 * The parts of writes that are more than a list of columns. DBW_OK or DBW_OUT_OF_MEMORY. In their order:
 *
 *     INSERT_MANY   rows, column ...
 *     INSERT_ARRAYS column ...; the parameters are arrays, and the ids come as one
 *     COPY          column ...
 *     UPSERT        column ..., conflict ..., [living], set ..., [dbw__request_return()]
 *     UPDATE_WHERE  set ..., then dbw__request_where()
 *     DELETE_WHERE  dbw__request_where()
 *
 * `set` is one of excluded (an upsert's own value), set and add (one value of dbw__request_values() each), null, and
 * count_up (itself plus 1). An upsert without any does nothing with a row that is there already.
 */
dbw_status dbw__request_rows(dbw__request *request, uint16_t rows, dbw_error *error);
dbw_status dbw__request_conflict(dbw__request *request, uint16_t column, dbw_error *error);
dbw_status dbw__request_living(dbw__request *request, dbw_error *error);
dbw_status dbw__request_excluded(dbw__request *request, uint16_t column, dbw_error *error);
dbw_status dbw__request_set(dbw__request *request, uint16_t column, dbw_error *error);
dbw_status dbw__request_add(dbw__request *request, uint16_t column, dbw_error *error);
dbw_status dbw__request_null(dbw__request *request, uint16_t column, dbw_error *error);
dbw_status dbw__request_count_up(dbw__request *request, uint16_t column, dbw_error *error);

/**
 * Ends an upsert that sets something: it gives the row as it is then, these columns of it (at least one). `columns` is
 * borrowed as long as the request. DBW_OK or DBW_OUT_OF_MEMORY.
 */
dbw_status dbw__request_return(
	dbw__request *request, const uint16_t *columns, uint16_t count, dbw_error *error);

/**
 * Adds the conditions of a generated filter struct (NULL: none) and, where the model deletes softly, which rows are meant.
 * Errors as dbw__request_query().
 */
dbw_status dbw__request_where(
	dbw__request *request, const void *where, dbw_deleted deleted, dbw_error *error);

/**
 * The next `count` values, for the caller to fill in: of an insert or an update one per column in the order of adding;
 * an update goes on with the new version (if the model has one), the key and the old version. NULL when memory is short.
 * The pointer is good until the next call. Values that were not needed are given back by lowering request->count.
 */
dbw_value *dbw__request_values(dbw__request *request, size_t count);

/** Whether the statement of the request gives rows of its model. */
bool dbw__request_gives_rows(const dbw__request *request);

/**
 * The columns of a row that the parameters of the request's statement are, in their order: of an update, an upsert or an
 * insert of many rows, one by one or as arrays, that binds nothing else. Returns how many; 0 where it is not so, or there are more than `room`.
 */
uint16_t dbw__request_row_columns(const dbw__request *request, uint16_t *columns, uint16_t room);

/**
 * The shape of an update of a set of columns (the generated struct of one-bit fields), as dbw__shape_lookup() finds it
 * under the key of a request that has these columns and no others. NULL where this connection has not seen it.
 */
dbw__shape *dbw__update_shape(dbw__cache *cache, const dbw_model *model, const void *columns);

/**
 * The upsert that this connection ran last, where it is one of this model by this key (`finder` and `insert` are as
 * dbw__known_upsert has them) and of these columns; NULL for `columns`: one that changes no row. Its statements become the ones
 * used last. NULL where it is another, or one of its statements is forgotten or held.
 */
const dbw__known_upsert *dbw__upsert_again(
	dbw__cache *cache, const dbw_model *model, uint16_t finder, uint16_t insert, const void *columns);

/**
 * Keeps an upsert for dbw__upsert_again(), in place of the last one: everything but `sets` and `columns`, which `columns` is. One
 * whose model has too many columns is not kept.
 */
void dbw__upsert_keep(dbw__cache *cache, const dbw__known_upsert *upsert, const void *columns);

/** The table as the model's own SQL spells it, with a PostgreSQL schema where it has one. Part of a static text. */
const char *dbw__table_text(const dbw_model *model, dbw_engine engine);

/**
 * Appends the SQL text of the request's shape. Whether memory was enough is told by out->failed.
 */
void dbw__request_render(const dbw__request *request, dbw_text_buffer *out);

/**
 * The text a query has on an engine, appended to `out`, without running it. Errors as dbw__request_query().
 */
dbw_status dbw__render_query(const dbw_model *model, dbw_engine engine, dbw__request_kind kind,
	const void *query, dbw_text_buffer *out, dbw_error *error);

DBW_END_DECLS
#endif

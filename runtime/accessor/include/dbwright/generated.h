/**
 * What generated functions call: one runtime function per kind of accessor, driven by the model's descriptor. A
 * program calls the generated functions, not these.
 *
 * All of them return DBW_ENDED for a handle that has ended, DBW_SESSION_FAILED after a failed write, DBW_MISUSE for what
 * breaks a rule (a reader that writes, a nested session left open, NULL where a value is needed in the call itself), and
 * DBW_OUT_OF_MEMORY. dbw_session_error() tells more.
 */
#ifndef DBWRIGHT_GENERATED_H
#define DBWRIGHT_GENERATED_H

#include <dbwright/databases.h>
#include <dbwright/filter.h>
#include <dbwright/model.h>
#include <dbwright/session.h>

DBW_BEGIN_DECLS

/* Sessions: dbw__begin() is in databases.h; dbw__commit(), dbw__end() and dbw__nest() are in session.h. */

/** Makes all tables of the schema; DBW_EXISTS, naming the first, where one is there already, and nothing is made. */
DBW_API dbw_status dbw__create_tables(dbw_session session, const dbw_schema *schema);

/* Rows: `row` is the generated struct; `key` holds one pointer per parameter of the statement. */

/** Inserts *row; writes back id, times, uuids, version and what the database filled in, on success only. */
DBW_API dbw_status dbw__insert(dbw_session session, const dbw_model *model, void *row);
/** Writes the columns of the set (the generated struct of one-bit fields) to the row with *row's key. */
DBW_API dbw_status dbw__update(dbw_session session, const dbw_model *model, void *row, const void *columns);
/** Runs a statement by key: DBW_STATEMENT_DELETE or DBW_STATEMENT_PURGE. DBW_NOT_FOUND where no row has it. */
DBW_API dbw_status dbw__delete(dbw_session session, const dbw_model *model, uint16_t statement, const void *const *key);
/** At most one row by a unique key; `out` is the address of a row pointer. DBW_NOT_FOUND. */
DBW_API dbw_status dbw__find_by(dbw_session session, const dbw_model *model, uint16_t statement, const void *const *key,
	void *out);
/** All rows with a key; `out` is the address of the generated list struct. */
DBW_API dbw_status dbw__list_by(dbw_session session, const dbw_model *model, uint16_t statement, const void *const *key,
	void *out);
/** Rows of a query (NULL: all rows). */
DBW_API dbw_status dbw__find(dbw_session session, const dbw_model *model, const void *query, void *out);
/** How many rows match; order, limit and offset do not count. */
DBW_API dbw_status dbw__count(dbw_session session, const dbw_model *model, const void *query, int64_t *out);
/** Whether any row matches. */
DBW_API dbw_status dbw__exists(dbw_session session, const dbw_model *model, const void *query, bool *out);

/** Frees a row of dbw__find_by(); any other row, and NULL, is left alone. */
DBW_API void dbw__row_free(const dbw_model *model, void *row);
/** Frees the rows of a list and empties it. */
DBW_API void dbw__list_free(void *list);

/** Whether a set of one-bit fields names column `number`. */
bool dbw__columns_has(const void *columns, uint16_t number);

/** What every generated list is; `items` is never NULL. */
typedef struct dbw__list {
	void *items;
	size_t count;
	struct dbw_arena *arena_;
} dbw__list;

DBW_END_DECLS
#endif

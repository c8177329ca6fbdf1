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

#include <dbwright/assignment.h>
#include <dbwright/cursor.h>
#include <dbwright/databases.h>
#include <dbwright/filter.h>
#include <dbwright/model.h>
#include <dbwright/session.h>

DBW_BEGIN_DECLS

/* Sessions: dbw__begin() is in databases.h; dbw__commit(), dbw__end() and dbw__nest() are in session.h. */

/** Makes all tables of the schema; DBW_EXISTS, naming the first, where one is there already, and nothing is made. */
DBW_API dbw_status dbw__create_tables(dbw_session session, const dbw_tables *tables);

/* Rows: `row` is the generated struct; `key` holds one pointer per parameter of the statement. */

/**
 * Inserts *row: what is in the struct is what is written. An id of 0 is assigned by the database; unset times and uuids
 * are made here, with one reading of the clock; unset members with an expression default are left to the database and
 * read back, as generated columns are (their text belongs to the session until it ends). *row changes on success only.
 * DBW_INVALID (a value that does not fit), DBW_CONFLICT, DBW_MISUSE (a row that was not started with INIT or read; one
 * that was read without some of its columns).
 */
DBW_API dbw_status dbw__insert(dbw_session session, const dbw_model *model, void *row);
/**
 * Writes the columns of the set (the generated struct of one-bit fields) to the row with *row's key, deleted softly or
 * not. Times that follow updates are always written, also where they are all that the set names; a version goes up by one.
 * Both, and generated columns, are written back to *row, on success only. DBW_NOT_FOUND; DBW_STALE where the stored
 * version is not *row's; DBW_INVALID; DBW_CONFLICT; DBW_MISUSE (a set that is empty or names the key, a generated column,
 * the version, or a column that was not read).
 */
DBW_API dbw_status dbw__update(dbw_session session, const dbw_model *model, void *row, const void *columns);
/**
 * Runs a statement by key: DBW_STATEMENT_DELETE (which only marks the row where the model deletes softly) or
 * DBW_STATEMENT_PURGE. `key` has the key's columns alone, without the time that a soft delete writes.
 * DBW_NOT_FOUND where no row has the key; DBW_CONFLICT where another row refers to it.
 */
DBW_API dbw_status dbw__delete(
	dbw_session session, const dbw_model *model, uint16_t statement, const void *const *key);
/* Writes of many rows. What is refused before it is sent leaves the session as it was, and nothing is sent at all. */

/**
 * Inserts `count` rows, all or none within the session, in as few statements as the engine takes; one reading of the clock
 * serves all. Rows are filled in as by dbw__insert(), on success of the whole only. Errors as dbw__insert(); the message
 * says which row it was where that is known: "user[17].email is not set", counted from 0. Zero rows are DBW_OK.
 */
DBW_API dbw_status dbw__insert_many(dbw_session session, const dbw_model *model, void *rows, size_t count);
/** The same without writing anything back: the fastest way in. */
DBW_API dbw_status dbw__load(dbw_session session, const dbw_model *model, const void *rows, size_t count);
/**
 * Inserts *row, or leaves alone the row that has the same unique key: the one of `finder`, a statement that finds one row.
 * The key of the row that is there afterwards is written back; of a new one also what dbw__insert() writes back. *inserted
 * (NULL: not wanted) tells which it was. Errors as dbw__insert(); DBW_CONFLICT for other constraints.
 */
DBW_API dbw_status dbw__insert_or_ignore(
	dbw_session session, const dbw_model *model, uint16_t finder, void *row, bool *inserted);
/**
 * Inserts *row, or writes the columns of the set to the row that has the same unique key; times that follow updates and the
 * version as by dbw__update(), without looking at *row's version. Key, version, those times, generated columns and what was
 * unset are written back from the row that is there afterwards. Errors as dbw__insert(), and as dbw__update() for the set.
 */
DBW_API dbw_status dbw__upsert(
	dbw_session session, const dbw_model *model, uint16_t finder, void *row, const void *columns);
/**
 * Changes all rows that match the generated change struct; *changed (NULL: not wanted) receives how many. DBW_INVALID (a
 * value that does not fit, a sum that its column does not hold), DBW_CONFLICT, DBW_MISUSE (an empty filter, nothing to
 * set, NULL outside of `null_`), and as dbw__find() for the filter.
 */
DBW_API dbw_status dbw__update_where(
	dbw_session session, const dbw_model *model, const void *change, int64_t *changed);
/**
 * Deletes the rows that match a generated filter struct, softly where the model does so; *deleted (NULL: not wanted) receives
 * how many. DBW_MISUSE: the filter is empty. DBW_CONFLICT: other rows refer to one of them.
 */
DBW_API dbw_status dbw__delete_where(
	dbw_session session, const dbw_model *model, const void *where, int64_t *deleted);
/** The same for every row. */
DBW_API dbw_status dbw__delete_all(dbw_session session, const dbw_model *model, int64_t *deleted);
/** The same for the rows with one of `count` keys, as lists of the key's filter hold them. Keys that no row has are no error. */
DBW_API dbw_status dbw__delete_many(
	dbw_session session, const dbw_model *model, const void *keys, size_t count, int64_t *deleted);

/**
 * At most one row by a unique key; `out` is the address of a row pointer, NULL on failure. Release the row with
 * dbw__row_free(). DBW_NOT_FOUND; DBW_INVALID for an argument that no row can have; DBW_DATA.
 */
DBW_API dbw_status dbw__find_by(
	dbw_session session, const dbw_model *model, uint16_t statement, const void *const *key, void *out);
/** All rows with a key; `out` is the address of the generated list struct. Release it with dbw__list_free(). */
DBW_API dbw_status dbw__list_by(
	dbw_session session, const dbw_model *model, uint16_t statement, const void *const *key, void *out);
/**
 * Rows of a query (NULL: all rows that are not deleted), with the columns that it names, or all; key and version are
 * always read, and what is left out is marked in the row's word. No row is DBW_OK with an empty list. DBW_INVALID (a value in
 * the filter that does not fit its column), DBW_MISUSE (NULL in a filter, two columns in one entry of order_by, a
 * negative limit), DBW_UNSUPPORTED (a list too long for the engine), DBW_DATA. Release with dbw__list_free().
 */
DBW_API dbw_status dbw__find(dbw_session session, const dbw_model *model, const void *query, void *out);
/**
 * The first row of a query's order, its limit left aside; `out` is the address of a row pointer, NULL on failure. Release
 * the row with dbw__row_free(). DBW_NOT_FOUND; else as dbw__find().
 */
DBW_API dbw_status dbw__find_one(dbw_session session, const dbw_model *model, const void *query, void *out);
/**
 * A page of the rows of a query, which has to have a limit and no offset. `from` says where it begins: `next` or `previous`
 * of another page of the same query, or NULL for the first page. `out` is the address of the generated page struct. The
 * rows have the query's order, and among equals that of the key. Errors as dbw__find(); DBW_INVALID also for a text that
 * is none of this query; DBW_MISUSE for a limit of 0, for an offset, and for an order by a column that is `sensitive`.
 * Release the page with dbw__page_free().
 */
DBW_API dbw_status dbw__find_page(
	dbw_session session, const dbw_model *model, const void *query, const char *from, void *out);
/**
 * Begins a query whose rows are read one at a time; `out` is the address of the generated cursor struct, which is a
 * dbw_cursor. Until it is closed, or has given its last row, the session refuses to write, and to nest (DBW_MISUSE). What
 * the query points to is copied. Errors as dbw__find().
 */
DBW_API dbw_status dbw__cursor_open(
	dbw_session session, const dbw_model *model, const void *query, void *out);
/**
 * The next row; `out` is the address of a row pointer, NULL at the end, which is DBW_OK, and on failure. Row and text are
 * borrowed until the next call on the cursor. DBW_ENDED where the cursor or its session has ended, and after a failure;
 * DBW_DATA.
 */
DBW_API dbw_status dbw__cursor_next(const void *cursor, void *out);
/** Ends a cursor. NULL, and one that has ended, are left alone. */
DBW_API void dbw__cursor_close(void *cursor);
/** How many rows match; order, limit and offset do not count. */
DBW_API dbw_status dbw__count(dbw_session session, const dbw_model *model, const void *query, int64_t *out);
/** Whether any row matches. */
DBW_API dbw_status dbw__exists(dbw_session session, const dbw_model *model, const void *query, bool *out);

/** Frees a row that came by itself: of dbw__find_by(), dbw__find_one(), dbw__row_copy() or JSON. Any other (one of a list, your own), and NULL, is left alone. */
DBW_API void dbw__row_free(const dbw_model *model, void *row);
/** Frees the rows of a list and empties it. */
DBW_API void dbw__list_free(void *list);
/** Frees the rows and the texts of a page and empties it. */
DBW_API void dbw__page_free(void *page);

/* Rows as values: what needs no session. */

/**
 * A deep copy in one piece of memory; `out` is the address of a row pointer, NULL on failure. Release it with
 * dbw__row_free(). Columns that were not read stay so, what was unset stays unset, and related rows are not copied. The
 * copy counts as a row that was found. DBW_MISUSE: `row` is NULL or comes from nowhere. DBW_OUT_OF_MEMORY.
 */
DBW_API dbw_status dbw__row_copy(const dbw_model *model, const void *row, void *out);
/**
 * Copies of `count` rows that stand one behind the other, as a generated list at `out`, which is empty on failure.
 * Release it with dbw__list_free(). DBW_OUT_OF_MEMORY.
 */
DBW_API dbw_status dbw__list_copy(const dbw_model *model, const void *rows, size_t count, void *out);
/**
 * Whether two rows hold the same values, column by column: text, json and bytes byte by byte (json that means the same
 * but is written differently is not equal), decimals by value (1.0 is 1.00), NULL and what is unset equal to themselves.
 * A column that was not read is equal to one that was not read. NULL rows are equal.
 */
DBW_API bool dbw__row_equal(const dbw_model *model, const void *a, const void *b);
/**
 * Writes a row on one line, `user{id: 1, name: "Ada", bio: NULL}`, as snprintf() does: at most `size` bytes with the NUL
 * at the end, cut between characters; `out` may be NULL for a size of 0. Sensitive columns are `***`, bytes their number,
 * text of more than 200 bytes is cut, what has no value yet is `unset`, and control characters are escaped. Columns that
 * were not read are left out; a row that is NULL is `NULL`. Returns the length of the whole line.
 */
DBW_API size_t dbw__row_print(const dbw_model *model, const void *row, char *out, size_t size);

/** Whether a row comes from INIT or from a read. */
DBW_API bool dbw__row_is_known(const dbw_model *model, const void *row);
/** Whether a column was left out when the row was read: its member has no meaning. */
DBW_API bool dbw__row_is_absent(const dbw_model *model, const void *row, uint16_t number);
/** Whether a row has all columns of a set (the generated struct of one-bit fields). False for NULL. */
DBW_API bool dbw__row_has(const dbw_model *model, const void *row, const void *columns);
/** Whether a member has no value yet: its default, or nothing, takes its place at insert. */
DBW_API bool dbw__column_is_unset(const dbw_column *column, const void *member);
/**
 * Whether a member holds what its column takes: DBW_OK, or DBW_INVALID with a message, "user.email is not set", as an
 * insert would give it.
 */
DBW_API dbw_status dbw__column_check(
	const dbw_model *model, const dbw_column *column, const void *member, dbw_error *error);

/** Whether two members of a column hold the same, as dbw__row_equal() has it. */
DBW_API bool dbw__column_equal(const dbw_column *column, const void *a, const void *b);
/** The value in a member, of the column's NOT NULL type; NULL where the member is NULL. */
DBW_API const void *dbw__column_value(const dbw_column *column, const void *member);
/** Empties a member and makes it one that holds a value, to be put where this points: zero until then. */
DBW_API void *dbw__column_room(const dbw_column *column, void *member);

/** Whether a set of one-bit fields names column `number`. */
bool dbw__columns_has(const void *columns, uint16_t number);
/** Whether a set for `count` columns names none. */
bool dbw__columns_is_empty(const void *columns, uint16_t count);
/** Adds column `number` to a set. */
DBW_API void dbw__columns_add(void *columns, uint16_t number);

/** What every generated list is; `items` is never NULL. */
typedef struct dbw__list {
	void *items;
	size_t count;
	struct dbw_arena *arena_;
} dbw__list;

/** What every generated page is; the texts belong to the list's arena. */
typedef struct dbw__page {
	dbw__list rows;
	const char *next;
	const char *previous;
} dbw__page;

DBW_END_DECLS
#endif

/**
 * Pages: a query whose rows have one order, and a place in it where the page begins. A place is the values that the
 * columns of the order have in a row; the page holds the rows behind it.
 *
 *     dbw__request_init(&request, model, engine, DBW__REQUEST_PAGE, scratch);
 *     dbw__request_page(&request, query, &order, error);
 *     ... where it does not begin at the first row: dbw__request_behind(&request, &order, values, ...);
 *     dbw__request_page_rows(&request, 21, error);
 *
 * The place is no OR of conditions: engines read an index from a place on where that is one comparison of rows,
 * `(a, b) > (?, ?)`. What is not (directions that differ, columns that may be NULL) becomes several queries, each with one
 * range, joined by UNION ALL.
 */
#ifndef DBWRIGHT_STATEMENT_PAGE_H
#define DBWRIGHT_STATEMENT_PAGE_H

#include <statement/render.h>

/** The order of a page's rows: where it is in the request's key. Read `count`. */
typedef struct dbw__page_order {
	size_t count;

	/* Private. */
	size_t first;
} dbw__page_order;

/** Where the rows of a page begin. */
typedef struct dbw__page_place {
	dbw_value *values; /**< One per column of the order; kind 0 where it is NULL. */
	bool backward;     /**< The rows before it, the nearest first. */
	bool included;     /**< The row at the place as well. */
} dbw__page_place;

DBW_BEGIN_DECLS

/**
 * Adds conditions and order of a generated query struct. Unless the order has the whole key in it, the rest of the key is
 * added to its end, in the direction of its last column; what stands behind a whole key decides nothing and is left out.
 * \return As dbw__request_query(); DBW_MISUSE also for a column of the order that is `sensitive`: its values would be in the
 * text of the page.
 */
dbw_status dbw__request_page(
	dbw__request *request, const void *query, dbw__page_order *order, dbw_error *error);

/** The number of a column of the order. */
uint16_t dbw__page_column(const dbw__request *request, const dbw__page_order *order, size_t place);

/**
 * A number that tells queries apart whose places mean nothing to one another: model, conditions with their values (but for
 * those of sensitive columns, which nobody shall guess from it), columns and directions of the order, and how the values
 * of those columns are coded. The same in every process and on every machine.
 */
uint64_t dbw__page_identity(const dbw__request *request, const dbw__page_order *order);

/** The rows behind a place, or before it. Call it at most once. DBW_OK or DBW_OUT_OF_MEMORY. */
dbw_status dbw__request_behind(
	dbw__request *request, const dbw__page_order *order, const dbw__page_place *place, dbw_error *error);

/** At most so many rows, 1 or more. DBW_OK or DBW_OUT_OF_MEMORY. */
dbw_status dbw__request_page_rows(dbw__request *request, int64_t rows, dbw_error *error);

/** Where dbw__page_hash() begins. */
#define DBW__PAGE_HASH UINT64_C(14695981039346656037)

/**
 * FNV-1a with 64 bits (http://www.isthe.com/chongo/tech/comp/fnv/): every step is a bijection of the hash, so that two texts of
 * one length that differ in one byte never have the same. It finds accidents and other queries; it is no signature.
 */
uint64_t dbw__page_hash(uint64_t hash, const void *bytes, size_t size);

DBW_END_DECLS
#endif

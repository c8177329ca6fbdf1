/**
 * Filters: one struct per kind of column, set by dbw_eq() and its like. A filter that is all zero matches every row.
 *
 *     .where = { .email = dbw_eq("ada@example.com"), .created_at = dbw_ge(since) }
 *
 * dbw_eq and its like choose the filter by the type of their argument (C11 _Generic, overloads in C++), so a text for
 * an integer column does not compile. Text, lists and bytes are borrowed until the call that takes the filter returns.
 *
 * A NULL text is DBW_MISUSE that names the field, never "unset": to find NULLs say `.null_ = { .bio = DBW_IS_NULL }`.
 * Comparisons are SQL's: no comparison but the null test matches a row whose column is NULL, dbw_ne() included.
 * Enum columns have filters of their own: user_role_eq(), user_role_ne(), user_role_in().
 */
#ifndef DBWRIGHT_FILTER_H
#define DBWRIGHT_FILTER_H

#include <dbwright/model.h>

/** A comparison; 0 is none. */
typedef enum dbw_operator {
	DBW_OPERATOR_NONE,
	DBW_OPERATOR_EQ,
	DBW_OPERATOR_NE,
	DBW_OPERATOR_LT,
	DBW_OPERATOR_LE,
	DBW_OPERATOR_GT,
	DBW_OPERATOR_GE,
	DBW_OPERATOR_BETWEEN,    /**< low <= x <= high */
	DBW_OPERATOR_FROM_UNTIL, /**< low <= x < high */
	DBW_OPERATOR_IN,
	DBW_OPERATOR_LIKE,  /**< % and _ are wildcards, \ makes the next character plain; case matters. */
	DBW_OPERATOR_ILIKE, /**< The same with A-Z as a-z. */
} dbw_operator;

/** How every filter begins. */
typedef struct dbw_predicate {
	uint32_t operator_; /**< dbw_operator */
	uint32_t count;     /**< IN: length of the list. */
} dbw_predicate;

/* The filters: a predicate, and two values or a list. `as_.list` counts for IN, `as_.value` for all others. */
#define DBW__FILTER(name, type) \
	typedef struct name { \
		dbw_predicate predicate_; \
		union { \
			type value[2]; \
			type const *list; \
		} as_; \
	} name
DBW__FILTER(dbw_bool_filter, bool);
DBW__FILTER(dbw_i64_filter, int64_t); /**< All integer columns; checked against the column's width. */
DBW__FILTER(dbw_f64_filter, double);
DBW__FILTER(dbw_decimal_filter, dbw_decimal);
DBW__FILTER(dbw_text_filter, const char *);
DBW__FILTER(dbw_bytes_filter, dbw_bytes);
DBW__FILTER(dbw_timestamp_filter, dbw_timestamp);
DBW__FILTER(dbw_date_filter, dbw_date);
DBW__FILTER(dbw_time_filter, dbw_time);
DBW__FILTER(dbw_uuid_filter, dbw_uuid);
DBW__FILTER(dbw_enum_filter, int); /**< Inside the generated filters of enum columns. */
#undef DBW__FILTER

/** The test for NULL; 0 is no test. A NOT NULL column has none to name. */
typedef enum dbw_nullness { DBW_NULL_OR_NOT, DBW_IS_NULL, DBW_IS_NOT_NULL } dbw_nullness;

/** One byte per column of an order; 0 is "not by this one". NULLs come first in ASC and last in DESC. */
typedef uint8_t dbw_direction;
enum { DBW_ASC = 1, DBW_DESC = 2 };

/** Which rows of a soft-deleting model a query sees: `.deleted_`. */
typedef enum dbw_deleted { DBW_WITHOUT_DELETED, DBW_WITH_DELETED, DBW_ONLY_DELETED } dbw_deleted;

/* The rest of this header (constructors dbw_eq_i64() ... and the generic macros dbw_eq() ...) is in operators.h. */
#include <dbwright/operators.h>

#endif

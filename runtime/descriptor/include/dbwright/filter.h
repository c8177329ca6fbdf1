/**
 * Filters: one struct per kind of column, set by dbw_eq() and its like. A filter that is all zero matches every row.
 *
 *     .where = { .email = dbw_eq("ada@example.com"), .created_at = dbw_ge(since) }
 *
 * dbw_eq and its like choose the filter by the type of their argument (C11 _Generic, overloads in C++), so a text for
 * an integer column does not compile. Text, lists and bytes are borrowed until the call that takes the filter returns.
 *
 * A NULL text is DBW_MISUSE that names the field, never "unset": to find NULLs say `.null_ = { .bio = DBW_IS_NULL }`.
 * Comparisons are SQL's: no comparison but the null test matches a row whose column is NULL, dbw_ne() and dbw_not_in()
 * included. Enum columns have filters of their own: user_role_eq(), user_role_ne(), user_role_in(), user_role_not_in().
 *
 * A number that the column's integer type cannot hold is DBW_INVALID in every comparison, also where the answer would
 * be plain: such a filter is a mistake more often than a question.
 *
 * The members of a filter are joined by AND. Groups take filters of the same model and stand beside the columns:
 *
 *     .where = { .is_active = dbw_is(true),
 *         .any_of_ = USER_ANY_OF({ .name = dbw_eq("Ada") }, { .role = user_role_eq(USER_ROLE_ADMIN) }) }
 *
 * `all_of_`: every one matches; `any_of_`: one at least does; `none_of_`: none is true, so that a row for which a
 * comparison is unknown because of a NULL is among those found. A group without items is not set. With items and a
 * count of 0, `all_of_` and `none_of_` match every row and `any_of_` none. An empty filter in a group matches every row.
 * Groups nest DBW_GROUP_DEPTH deep.
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
	DBW_OPERATOR_NOT_IN,
	DBW_OPERATOR_CONTAINS, /**< The text, which has no wildcards, anywhere; case matters. */
	DBW_OPERATOR_STARTS_WITH,
	DBW_OPERATOR_ENDS_WITH,
	DBW_OPERATOR_ICONTAINS, /**< The same with A-Z as a-z. */
	DBW_OPERATOR_ISTARTS_WITH,
	DBW_OPERATOR_IENDS_WITH,
} dbw_operator;

/*
 * A type that no value has, with advice for a name: `.id = 6` initialises the first scalar in the filter (C11 6.7.9,
 * paragraph 20), and what the compiler then says of a pointer to this type quotes it.
 */
struct dbw_write_dbw_eq_or_its_kind;

/** How every filter begins. */
typedef struct dbw_predicate {
	union {
		const struct dbw_write_dbw_eq_or_its_kind
			*made_;  /**< NULL in a filter that a constructor made. */
		uint64_t width_; /* So that all filters have their values at the same place. */
	};
	uint32_t operator_; /**< dbw_operator */
	uint32_t count;     /**< IN and NOT_IN: length of the list. */
} dbw_predicate;

/* The filters: a predicate, and two values or a list. `as_.list` counts for IN and NOT_IN, `as_.value` for all others. */
#define DBW__FILTER(name, type)           \
	typedef struct name {             \
		dbw_predicate predicate_; \
		union {                   \
			type value[2];    \
			type const *list; \
		} as_;                    \
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

/** How deep groups may stand in groups. */
enum { DBW_GROUP_DEPTH = 8 };

/** What every generated <model>_filters is: `items` are filters of the model, borrowed as long as the query is used. */
typedef struct dbw__filters {
	const void *items;
	size_t count;
} dbw__filters;

/*
 * Behind <MODEL>_ANY_OF() and its like: an initialiser for a group. The array lives until the enclosing block ends, and
 * for ever outside of functions, where it may be part of a `static const` query.
 */
#define DBW__GROUP(filter_type, ...)                                                       \
	{                                                                                  \
		(const filter_type[]){ __VA_ARGS__ },                                      \
			sizeof((const filter_type[]){ __VA_ARGS__ }) / sizeof(filter_type) \
	}

/** One byte per column of an order; 0 is "not by this one". NULLs come first in ASC and last in DESC. */
typedef uint8_t dbw_direction;
enum { DBW_ASC = 1, DBW_DESC = 2 };

/** Which rows of a soft-deleting model a query sees: `.deleted_`. */
typedef enum dbw_deleted { DBW_WITHOUT_DELETED, DBW_WITH_DELETED, DBW_ONLY_DELETED } dbw_deleted;

/**
 * Whether the rows that a query finds are locked for their writer, until its session ends: `.lock_`. A reader locks nothing
 * (DBW_MISUSE). On SQLite a writer is granted every lock: no other session writes beside it.
 */
typedef enum dbw_lock {
	DBW_NOT_LOCKED,
	DBW_FOR_UPDATE, /**< Waits for rows that another session has locked; see lock_timeout_ms. */
	DBW_FOR_UPDATE_SKIP_LOCKED, /**< Passes over them. */
	DBW_FOR_UPDATE_NO_WAIT      /**< DBW_BUSY where there are such rows; the session has failed then. */
} dbw_lock;

/* An enum's filter that is not set. */
#ifdef __cplusplus
#define DBW__UNSET_ENUM(filter_type) filter_type()
#else
#define DBW__UNSET_ENUM(filter_type) ((filter_type){ { { { NULL }, 0, 0 }, { { 0, 0 } } } })
#endif

/*
 * Filters as constant expressions, for queries that are `static const`:
 *
 *     static const user_query active = { .where = { .is_active = DBW_TRUE, .name = DBW_GE_TEXT("a") } };
 *
 * These are initialisers, not values, and know nothing of types but what the initialisation checks. They exist for
 * the types whose values are numbers and texts; others, and enums, want the functions.
 */
/* clang-format off */
#define DBW__CONSTANT(number, low, high) { { { NULL }, number, 0 }, { { (low), (high) } } }

#define DBW_TRUE                       DBW__CONSTANT(DBW_OPERATOR_EQ, true, false)
#define DBW_FALSE                      DBW__CONSTANT(DBW_OPERATOR_EQ, false, false)
#define DBW_EQ_I64(value)              DBW__CONSTANT(DBW_OPERATOR_EQ, value, 0)
#define DBW_NE_I64(value)              DBW__CONSTANT(DBW_OPERATOR_NE, value, 0)
#define DBW_LT_I64(value)              DBW__CONSTANT(DBW_OPERATOR_LT, value, 0)
#define DBW_LE_I64(value)              DBW__CONSTANT(DBW_OPERATOR_LE, value, 0)
#define DBW_GT_I64(value)              DBW__CONSTANT(DBW_OPERATOR_GT, value, 0)
#define DBW_GE_I64(value)              DBW__CONSTANT(DBW_OPERATOR_GE, value, 0)
#define DBW_BETWEEN_I64(low, high)     DBW__CONSTANT(DBW_OPERATOR_BETWEEN, low, high)
#define DBW_FROM_UNTIL_I64(low, high)  DBW__CONSTANT(DBW_OPERATOR_FROM_UNTIL, low, high)
#define DBW_EQ_F64(value)              DBW__CONSTANT(DBW_OPERATOR_EQ, value, 0.0)
#define DBW_NE_F64(value)              DBW__CONSTANT(DBW_OPERATOR_NE, value, 0.0)
#define DBW_LT_F64(value)              DBW__CONSTANT(DBW_OPERATOR_LT, value, 0.0)
#define DBW_LE_F64(value)              DBW__CONSTANT(DBW_OPERATOR_LE, value, 0.0)
#define DBW_GT_F64(value)              DBW__CONSTANT(DBW_OPERATOR_GT, value, 0.0)
#define DBW_GE_F64(value)              DBW__CONSTANT(DBW_OPERATOR_GE, value, 0.0)
#define DBW_BETWEEN_F64(low, high)     DBW__CONSTANT(DBW_OPERATOR_BETWEEN, low, high)
#define DBW_FROM_UNTIL_F64(low, high)  DBW__CONSTANT(DBW_OPERATOR_FROM_UNTIL, low, high)
#define DBW_EQ_TEXT(value)             DBW__CONSTANT(DBW_OPERATOR_EQ, value, NULL)
#define DBW_NE_TEXT(value)             DBW__CONSTANT(DBW_OPERATOR_NE, value, NULL)
#define DBW_LT_TEXT(value)             DBW__CONSTANT(DBW_OPERATOR_LT, value, NULL)
#define DBW_LE_TEXT(value)             DBW__CONSTANT(DBW_OPERATOR_LE, value, NULL)
#define DBW_GT_TEXT(value)             DBW__CONSTANT(DBW_OPERATOR_GT, value, NULL)
#define DBW_GE_TEXT(value)             DBW__CONSTANT(DBW_OPERATOR_GE, value, NULL)
#define DBW_BETWEEN_TEXT(low, high)    DBW__CONSTANT(DBW_OPERATOR_BETWEEN, low, high)
#define DBW_FROM_UNTIL_TEXT(low, high) DBW__CONSTANT(DBW_OPERATOR_FROM_UNTIL, low, high)
#define DBW_LIKE(value)                DBW__CONSTANT(DBW_OPERATOR_LIKE, value, NULL)
#define DBW_ILIKE(value)               DBW__CONSTANT(DBW_OPERATOR_ILIKE, value, NULL)
#define DBW_CONTAINS(value)            DBW__CONSTANT(DBW_OPERATOR_CONTAINS, value, NULL)
#define DBW_STARTS_WITH(value)         DBW__CONSTANT(DBW_OPERATOR_STARTS_WITH, value, NULL)
#define DBW_ENDS_WITH(value)           DBW__CONSTANT(DBW_OPERATOR_ENDS_WITH, value, NULL)
#define DBW_ICONTAINS(value)           DBW__CONSTANT(DBW_OPERATOR_ICONTAINS, value, NULL)
#define DBW_ISTARTS_WITH(value)        DBW__CONSTANT(DBW_OPERATOR_ISTARTS_WITH, value, NULL)
#define DBW_IENDS_WITH(value)          DBW__CONSTANT(DBW_OPERATOR_IENDS_WITH, value, NULL)
/* clang-format on */

/* The rest of this header (constructors dbw_eq_i64() ... and the generic macros dbw_eq() ...) is in operators.h. */
#include <dbwright/operators.h>

#endif

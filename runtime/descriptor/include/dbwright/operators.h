/**
 * Constructors of filters. Include <dbwright/filter.h>, which includes this.
 *
 *     dbw_eq(x) dbw_ne(x) dbw_lt(x) dbw_le(x) dbw_gt(x) dbw_ge(x)   one comparison
 *     dbw_between(low, high)      low <= column <= high
 *     dbw_from_until(low, high)   low <= column < high
 *     dbw_in(list, count)         equal to one of `count` values; a count of 0 matches no row
 *     dbw_not_in(list, count)     equal to none of them, and not NULL; a count of 0 matches every row that is not NULL
 *     dbw_is(true)                boolean columns
 *     dbw_like(pattern), dbw_ilike(pattern)   text, see dbw_operator
 *     dbw_contains(text), dbw_starts_with(text), dbw_ends_with(text)   text as it is, without wildcards
 *     dbw_icontains(text), dbw_istarts_with(text), dbw_iends_with(text)   the same with the letters A-Z as a-z
 *     dbw_when(condition, filter)   the filter, or one that is not set
 *
 * The type of the argument chooses the filter, and with it the columns it fits:
 *
 *     integers up to 64 bits                dbw_i64_filter; for all integer columns
 *     float, double                         dbw_f64_filter
 *     const char *                          dbw_text_filter
 *     bool                                  dbw_bool_filter; eq and ne only. `true` is an int in C11: say dbw_is(true)
 *     dbw_decimal, dbw_bytes, dbw_uuid, dbw_timestamp, dbw_date, dbw_time   the filter of that name
 *
 * An argument of another type does not compile. That includes `char`, and `unsigned long` and `unsigned long long`
 * (size_t too), which may hold numbers that no column can: write dbw_eq((int64_t)size) where they cannot. Both ends of
 * a range must choose the same filter, and dbw_in() and dbw_not_in() take lists of exactly the filter's type: int64_t,
 * double, const char *, and so on. Lists may have any length, except on SQLite, where those of floating point and of
 * bytes end at 16,384 values.
 *
 * What the compiler says. A filter for another type of column is an "incompatible type" whose names tell both types. A
 * value without a constructor, `.id = 6`, is a pointer made of it, of the type "const struct
 * dbw_write_dbw_eq_or_its_kind *": an error for numbers with a point and in C++, an error with gcc 14, clang 15 and later
 * ones for integers, and a warning that -Werror=int-conversion makes an error with those before. Where the warning went
 * unseen the call is DBW_MISUSE. The one value that says nothing is a literal 0 (or NULL), which is how C writes a filter
 * that is not set: write dbw_eq(0).
 *
 * Every constructor also exists under a name with its type, dbw_eq_i64() to dbw_in_uuid(), for tables of functions and
 * other languages. Nothing here fails or allocates: what is wrong with a value (NULL text, a date that is unset) is
 * found by the call that takes the filter, which can name the column.
 */
#ifndef DBWRIGHT_OPERATORS_H
#define DBWRIGHT_OPERATORS_H

#include <dbwright/filter.h>

#include <string.h>

/* One comparison with one value. */
#define DBW__COMPARISON(function, filter_type, type, number) \
	static inline filter_type function(type value)       \
	{                                                    \
		filter_type filter;                          \
		memset(&filter, 0, sizeof filter);           \
		filter.predicate_.operator_ = number;        \
		filter.as_.value[0] = value;                 \
		return filter;                               \
	}

#define DBW__EQUALITY(name, type)                                                  \
	DBW__COMPARISON(dbw_eq_##name, dbw_##name##_filter, type, DBW_OPERATOR_EQ) \
	DBW__COMPARISON(dbw_ne_##name, dbw_##name##_filter, type, DBW_OPERATOR_NE)

/* The ends of a range come as equality filters, so that ends of two types are two struct types and do not compile. */
#define DBW__RANGE(function, filter_type, number)                             \
	static inline filter_type function(filter_type low, filter_type high) \
	{                                                                     \
		low.predicate_.operator_ = number;                            \
		low.as_.value[1] = high.as_.value[0];                         \
		return low;                                                   \
	}

/* A count that does not fit is cut to one that is refused on every engine. */
#define DBW__LIST(function, name, type, number)                                              \
	static inline dbw_##name##_filter function(type const *list, size_t count)           \
	{                                                                                    \
		dbw_##name##_filter filter;                                                  \
		memset(&filter, 0, sizeof filter);                                           \
		filter.predicate_.operator_ = number;                                        \
		filter.predicate_.count = count < UINT32_MAX ? (uint32_t)count : UINT32_MAX; \
		filter.as_.list = list;                                                      \
		return filter;                                                               \
	}

#define DBW__ORDERED(name, type)                                                         \
	DBW__EQUALITY(name, type)                                                        \
	DBW__COMPARISON(dbw_lt_##name, dbw_##name##_filter, type, DBW_OPERATOR_LT)       \
	DBW__COMPARISON(dbw_le_##name, dbw_##name##_filter, type, DBW_OPERATOR_LE)       \
	DBW__COMPARISON(dbw_gt_##name, dbw_##name##_filter, type, DBW_OPERATOR_GT)       \
	DBW__COMPARISON(dbw_ge_##name, dbw_##name##_filter, type, DBW_OPERATOR_GE)       \
	DBW__RANGE(dbw__between_##name, dbw_##name##_filter, DBW_OPERATOR_BETWEEN)       \
	DBW__RANGE(dbw__from_until_##name, dbw_##name##_filter, DBW_OPERATOR_FROM_UNTIL) \
	static inline dbw_##name##_filter dbw_between_##name(type low, type high)        \
	{                                                                                \
		return dbw__between_##name(dbw_eq_##name(low), dbw_eq_##name(high));     \
	}                                                                                \
	static inline dbw_##name##_filter dbw_from_until_##name(type low, type high)     \
	{                                                                                \
		return dbw__from_until_##name(dbw_eq_##name(low), dbw_eq_##name(high));  \
	}                                                                                \
	DBW__LIST(dbw_in_##name, name, type, DBW_OPERATOR_IN)                            \
	DBW__LIST(dbw_not_in_##name, name, type, DBW_OPERATOR_NOT_IN)

DBW__EQUALITY(bool, bool)
DBW__ORDERED(i64, int64_t)
DBW__ORDERED(f64, double)
DBW__ORDERED(decimal, dbw_decimal)
DBW__ORDERED(text, const char *)
DBW__ORDERED(bytes, dbw_bytes)
DBW__ORDERED(timestamp, dbw_timestamp)
DBW__ORDERED(date, dbw_date)
DBW__ORDERED(time, dbw_time)
DBW__ORDERED(uuid, dbw_uuid)

/** Matches rows whose boolean column is `value`. */
DBW__COMPARISON(dbw_is, dbw_bool_filter, bool, DBW_OPERATOR_EQ)
/** Matches text of the pattern: % is any text, _ any character, \ makes the next character plain; case matters. */
DBW__COMPARISON(dbw_like, dbw_text_filter, const char *, DBW_OPERATOR_LIKE)
/** As dbw_like() with the letters A-Z as a-z, in text and pattern. */
DBW__COMPARISON(dbw_ilike, dbw_text_filter, const char *, DBW_OPERATOR_ILIKE)
/** Matches text with `value` in it, which stands for itself alone: % and _ are characters like others; case matters. */
DBW__COMPARISON(dbw_contains, dbw_text_filter, const char *, DBW_OPERATOR_CONTAINS)
/** Matches text that starts with `value`, see dbw_contains(). */
DBW__COMPARISON(dbw_starts_with, dbw_text_filter, const char *, DBW_OPERATOR_STARTS_WITH)
/** Matches text that ends with `value`, see dbw_contains(). */
DBW__COMPARISON(dbw_ends_with, dbw_text_filter, const char *, DBW_OPERATOR_ENDS_WITH)
/** As dbw_contains() with the letters A-Z as a-z. */
DBW__COMPARISON(dbw_icontains, dbw_text_filter, const char *, DBW_OPERATOR_ICONTAINS)
/** As dbw_starts_with() with the letters A-Z as a-z. */
DBW__COMPARISON(dbw_istarts_with, dbw_text_filter, const char *, DBW_OPERATOR_ISTARTS_WITH)
/** As dbw_ends_with() with the letters A-Z as a-z. */
DBW__COMPARISON(dbw_iends_with, dbw_text_filter, const char *, DBW_OPERATOR_IENDS_WITH)

/* For the functions of enum columns. */
DBW__COMPARISON(dbw__eq_enum, dbw_enum_filter, int, DBW_OPERATOR_EQ)
DBW__COMPARISON(dbw__ne_enum, dbw_enum_filter, int, DBW_OPERATOR_NE)
DBW__LIST(dbw__in_enum, enum, int, DBW_OPERATOR_IN)
DBW__LIST(dbw__not_in_enum, enum, int, DBW_OPERATOR_NOT_IN)

/* A filter that is not set, of each type. */
#define DBW__UNSET(name)                                          \
	static inline dbw_##name##_filter dbw__unset_##name(void) \
	{                                                         \
		dbw_##name##_filter filter;                       \
		memset(&filter, 0, sizeof filter);                \
		return filter;                                    \
	}
DBW__UNSET(bool)
DBW__UNSET(i64)
DBW__UNSET(f64)
DBW__UNSET(decimal)
DBW__UNSET(text)
DBW__UNSET(bytes)
DBW__UNSET(timestamp)
DBW__UNSET(date)
DBW__UNSET(time)
DBW__UNSET(uuid)
#undef DBW__UNSET

#undef DBW__COMPARISON
#undef DBW__EQUALITY
#undef DBW__RANGE
#undef DBW__LIST
#undef DBW__ORDERED

#ifdef __cplusplus

/* Overloads. The deleted ones stop conversions that C's selection would not make either. */
#define DBW__OVERLOAD(operation, name, type)                    \
	static inline dbw_##name##_filter operation(type value) \
	{                                                       \
		return operation##_##name(value);               \
	}
#define DBW__OVERLOAD_INTEGER(operation, type)             \
	static inline dbw_i64_filter operation(type value) \
	{                                                  \
		return operation##_i64(value);             \
	}
#define DBW__OVERLOADS(operation)                          \
	DBW__OVERLOAD_INTEGER(operation, signed char)      \
	DBW__OVERLOAD_INTEGER(operation, unsigned char)    \
	DBW__OVERLOAD_INTEGER(operation, short)            \
	DBW__OVERLOAD_INTEGER(operation, unsigned short)   \
	DBW__OVERLOAD_INTEGER(operation, int)              \
	DBW__OVERLOAD_INTEGER(operation, unsigned int)     \
	DBW__OVERLOAD_INTEGER(operation, long)             \
	DBW__OVERLOAD_INTEGER(operation, long long)        \
	DBW__OVERLOAD(operation, f64, double)              \
	DBW__OVERLOAD(operation, decimal, dbw_decimal)     \
	DBW__OVERLOAD(operation, text, const char *)       \
	DBW__OVERLOAD(operation, bytes, dbw_bytes)         \
	DBW__OVERLOAD(operation, timestamp, dbw_timestamp) \
	DBW__OVERLOAD(operation, date, dbw_date)           \
	DBW__OVERLOAD(operation, time, dbw_time)           \
	DBW__OVERLOAD(operation, uuid, dbw_uuid)           \
	void operation(char) = delete;                     \
	void operation(unsigned long) = delete;            \
	void operation(unsigned long long) = delete;
DBW__OVERLOADS(dbw_eq)
DBW__OVERLOADS(dbw_ne)
DBW__OVERLOADS(dbw_lt)
DBW__OVERLOADS(dbw_le)
DBW__OVERLOADS(dbw_gt)
DBW__OVERLOADS(dbw_ge)
DBW__OVERLOAD(dbw_eq, bool, bool)
DBW__OVERLOAD(dbw_ne, bool, bool)
void dbw_lt(bool) = delete;
void dbw_le(bool) = delete;
void dbw_gt(bool) = delete;
void dbw_ge(bool) = delete;
#undef DBW__OVERLOADS
#undef DBW__OVERLOAD_INTEGER
#undef DBW__OVERLOAD

#define DBW__OVERLOAD(name, type)                                                                            \
	static inline dbw_##name##_filter dbw__between(dbw_##name##_filter low, dbw_##name##_filter high)    \
	{                                                                                                    \
		return dbw__between_##name(low, high);                                                       \
	}                                                                                                    \
	static inline dbw_##name##_filter dbw__from_until(dbw_##name##_filter low, dbw_##name##_filter high) \
	{                                                                                                    \
		return dbw__from_until_##name(low, high);                                                    \
	}                                                                                                    \
	static inline dbw_##name##_filter dbw_in(type const *list, size_t count)                             \
	{                                                                                                    \
		return dbw_in_##name(list, count);                                                           \
	}                                                                                                    \
	static inline dbw_##name##_filter dbw_not_in(type const *list, size_t count)                         \
	{                                                                                                    \
		return dbw_not_in_##name(list, count);                                                       \
	}
DBW__OVERLOAD(i64, int64_t)
DBW__OVERLOAD(f64, double)
DBW__OVERLOAD(decimal, dbw_decimal)
DBW__OVERLOAD(text, const char *)
DBW__OVERLOAD(bytes, dbw_bytes)
DBW__OVERLOAD(timestamp, dbw_timestamp)
DBW__OVERLOAD(date, dbw_date)
DBW__OVERLOAD(time, dbw_time)
DBW__OVERLOAD(uuid, dbw_uuid)
#undef DBW__OVERLOAD

/** low <= column <= high. */
template <typename Low, typename High>
static inline auto dbw_between(Low low, High high) -> decltype(dbw__between(dbw_eq(low), dbw_eq(high)))
{
	return dbw__between(dbw_eq(low), dbw_eq(high));
}

/** low <= column < high. */
template <typename Low, typename High>
static inline auto dbw_from_until(Low low, High high) -> decltype(dbw__from_until(dbw_eq(low), dbw_eq(high)))
{
	return dbw__from_until(dbw_eq(low), dbw_eq(high));
}

/* For its type alone. */
template <typename Filter> Filter dbw__plain(const Filter &filter);

#define dbw_when(condition, filter) ((condition) ? (filter) : decltype(dbw__plain(filter))())

#else

/* `char **` becomes `const char *const *` only by a cast in C. */
static inline dbw_text_filter dbw__in_plain_text(char *const *list, size_t count)
{
	return dbw_in_text((const char *const *)list, count);
}

static inline dbw_text_filter dbw__not_in_plain_text(char *const *list, size_t count)
{
	return dbw_not_in_text((const char *const *)list, count);
}

/* What every operation takes. `void *` is here for NULL, which the call that takes the filter refuses by name. */
/* clang-format off */
#define DBW__SELECT(operation, value, ...)                                                        \
	_Generic((value),                                                                         \
		signed char: operation##_i64,    unsigned char: operation##_i64,                  \
		short: operation##_i64,          unsigned short: operation##_i64,                 \
		int: operation##_i64,            unsigned int: operation##_i64,                   \
		long: operation##_i64,           long long: operation##_i64,                      \
		float: operation##_f64,          double: operation##_f64,                         \
		char *: operation##_text,        const char *: operation##_text,                  \
		void *: operation##_text,                                                         \
		dbw_decimal: operation##_decimal,     dbw_bytes: operation##_bytes,               \
		dbw_timestamp: operation##_timestamp, dbw_date: operation##_date,                 \
		dbw_time: operation##_time,           dbw_uuid: operation##_uuid                  \
		__VA_ARGS__)
#define DBW__COMMA ,

/** Equal to `value`. */
#define dbw_eq(value) DBW__SELECT(dbw_eq, value, DBW__COMMA bool: dbw_eq_bool)(value)
/** Not equal to `value`, and not NULL. */
#define dbw_ne(value) DBW__SELECT(dbw_ne, value, DBW__COMMA bool: dbw_ne_bool)(value)
/** Less than `value`. */
#define dbw_lt(value) DBW__SELECT(dbw_lt, value,)(value)
/** Less than or equal to `value`. */
#define dbw_le(value) DBW__SELECT(dbw_le, value,)(value)
/** Greater than `value`. */
#define dbw_gt(value) DBW__SELECT(dbw_gt, value,)(value)
/** Greater than or equal to `value`. */
#define dbw_ge(value) DBW__SELECT(dbw_ge, value,)(value)
/** low <= column <= high. */
#define dbw_between(low, high) DBW__SELECT(dbw__between, low,)(dbw_eq(low), dbw_eq(high))
/** low <= column < high: days, months, pages of time. */
#define dbw_from_until(low, high) DBW__SELECT(dbw__from_until, low,)(dbw_eq(low), dbw_eq(high))

/* What dbw_in() and dbw_not_in() take. */
#define DBW__SELECT_LIST(operation, list)                                                         \
	_Generic((list),                                                                          \
		int64_t *: dbw_##operation##_i64,         const int64_t *: dbw_##operation##_i64, \
		double *: dbw_##operation##_f64,          const double *: dbw_##operation##_f64,  \
		const char **: dbw_##operation##_text,                                            \
		const char *const *: dbw_##operation##_text,                                      \
		char **: dbw__##operation##_plain_text,                                           \
		char *const *: dbw__##operation##_plain_text,                                     \
		dbw_decimal *: dbw_##operation##_decimal,                                         \
		const dbw_decimal *: dbw_##operation##_decimal,                                   \
		dbw_bytes *: dbw_##operation##_bytes,                                             \
		const dbw_bytes *: dbw_##operation##_bytes,                                       \
		dbw_timestamp *: dbw_##operation##_timestamp,                                     \
		const dbw_timestamp *: dbw_##operation##_timestamp,                               \
		dbw_date *: dbw_##operation##_date,       const dbw_date *: dbw_##operation##_date, \
		dbw_time *: dbw_##operation##_time,       const dbw_time *: dbw_##operation##_time, \
		dbw_uuid *: dbw_##operation##_uuid,       const dbw_uuid *: dbw_##operation##_uuid)

/** Equal to one of the `count` values at `list`, which stay the caller's and have to outlive the filter. */
#define dbw_in(list, count) DBW__SELECT_LIST(in, list)(list, count)
/** Equal to none of the `count` values at `list`, and not NULL; as dbw_in() otherwise. */
#define dbw_not_in(list, count) DBW__SELECT_LIST(not_in, list)(list, count)

/**
 * `filter` where `condition` is true, else one that is not set and matches every row: `.email = dbw_when(email,
 * dbw_eq(email))`. The filter is evaluated only where the condition is true. Enums have one of their own,
 * user_role_when().
 */
#define dbw_when(condition, filter)                                                               \
	((condition) ? (filter) : _Generic((filter),                                              \
		dbw_bool_filter: dbw__unset_bool,         dbw_i64_filter: dbw__unset_i64,         \
		dbw_f64_filter: dbw__unset_f64,           dbw_decimal_filter: dbw__unset_decimal, \
		dbw_text_filter: dbw__unset_text,         dbw_bytes_filter: dbw__unset_bytes,     \
		dbw_timestamp_filter: dbw__unset_timestamp, dbw_date_filter: dbw__unset_date,     \
		dbw_time_filter: dbw__unset_time,         dbw_uuid_filter: dbw__unset_uuid)())
/* clang-format on */

#endif
#endif

/**
 * Constructors of filters. Include <dbwright/filter.h>, which includes this.
 *
 *     dbw_eq(x) dbw_ne(x) dbw_lt(x) dbw_le(x) dbw_gt(x) dbw_ge(x)   one comparison
 *     dbw_between(low, high)      low <= column <= high
 *     dbw_from_until(low, high)   low <= column < high
 *     dbw_in(list, count)         equal to one of `count` values; a count of 0 matches no row
 *     dbw_is(true)                boolean columns
 *     dbw_like(pattern), dbw_ilike(pattern)   text, see dbw_operator
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
 * a range must choose the same filter, and dbw_in() takes lists of exactly the filter's type: int64_t, double,
 * const char *, and so on.
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

/* A count that does not fit is cut to one that every engine refuses. */
#define DBW__LIST(name, type)                                                                \
	static inline dbw_##name##_filter dbw_in_##name(type const *list, size_t count)      \
	{                                                                                    \
		dbw_##name##_filter filter;                                                  \
		memset(&filter, 0, sizeof filter);                                           \
		filter.predicate_.operator_ = DBW_OPERATOR_IN;                               \
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
	DBW__LIST(name, type)

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

#else

/* `char **` becomes `const char *const *` only by a cast in C. */
static inline dbw_text_filter dbw__in_plain_text(char *const *list, size_t count)
{
	return dbw_in_text((const char *const *)list, count);
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

/** Equal to one of the `count` values at `list`, which stay the caller's and have to outlive the filter. */
#define dbw_in(list, count)                                                                       \
	_Generic((list),                                                                          \
		int64_t *: dbw_in_i64,             const int64_t *: dbw_in_i64,                   \
		double *: dbw_in_f64,              const double *: dbw_in_f64,                    \
		const char **: dbw_in_text,        const char *const *: dbw_in_text,              \
		char **: dbw__in_plain_text,       char *const *: dbw__in_plain_text,             \
		dbw_decimal *: dbw_in_decimal,     const dbw_decimal *: dbw_in_decimal,           \
		dbw_bytes *: dbw_in_bytes,         const dbw_bytes *: dbw_in_bytes,               \
		dbw_timestamp *: dbw_in_timestamp, const dbw_timestamp *: dbw_in_timestamp,       \
		dbw_date *: dbw_in_date,           const dbw_date *: dbw_in_date,                 \
		dbw_time *: dbw_in_time,           const dbw_time *: dbw_in_time,                 \
		dbw_uuid *: dbw_in_uuid,           const dbw_uuid *: dbw_in_uuid)(list, count)
/* clang-format on */

#endif
#endif

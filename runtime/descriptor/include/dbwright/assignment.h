/**
 * Assignments: what <model>_update_where() writes, one struct per kind of column. All zero is "leave it as it is".
 *
 *     .set = { .name = dbw_set("Ada"), .score = dbw_add(1), .null_ = { .bio = true } }
 *
 *     dbw_set(x)   the column becomes x
 *     dbw_add(x)   the column becomes itself plus x (integers, floating point, decimals); NULL stays NULL
 *
 * The type of the argument chooses the assignment, and with it the columns it fits, as for dbw_eq(): one that does not
 * fit its column does not compile. `true` is an int in C11: say dbw_set_bool(true). Enum columns have functions of their
 * own, user_role_set(). A value without dbw_set() is what compilers call a pointer made of it, "const struct
 * dbw_write_dbw_set_or_its_kind *"; see operators.h. To write NULL name the column in `.null_`, where only nullable ones
 * are; dbw_set(NULL) is DBW_MISUSE. Text and bytes are borrowed until the call that takes the assignment returns.
 */
#ifndef DBWRIGHT_ASSIGNMENT_H
#define DBWRIGHT_ASSIGNMENT_H

#include <dbwright/model.h>

#include <string.h>

/** What an assignment does; 0 is nothing. */
typedef enum dbw_assign { DBW_ASSIGN_NOTHING, DBW_ASSIGN_SET, DBW_ASSIGN_ADD } dbw_assign;

/* For `.name = "Ada"`, as in filters: a type that no value has, with advice for a name. */
struct dbw_write_dbw_set_or_its_kind;

/** How every assignment begins. */
typedef struct dbw_assign_header {
	const struct dbw_write_dbw_set_or_its_kind
		*made_;   /**< NULL in an assignment that a constructor made. */
	uint32_t assign_; /**< dbw_assign */
} dbw_assign_header;

/* The assignments: what to do, and with which value. */
#define DBW__ASSIGNMENT(name, type)        \
	typedef struct name {              \
		dbw_assign_header header_; \
		type value_;               \
	} name
DBW__ASSIGNMENT(dbw_bool_assignment, bool);
DBW__ASSIGNMENT(dbw_i64_assignment, int64_t); /**< All integer columns; checked against the column's width. */
DBW__ASSIGNMENT(dbw_f64_assignment, double);
DBW__ASSIGNMENT(dbw_decimal_assignment, dbw_decimal);
DBW__ASSIGNMENT(dbw_text_assignment, const char *);
DBW__ASSIGNMENT(dbw_bytes_assignment, dbw_bytes);
DBW__ASSIGNMENT(dbw_timestamp_assignment, dbw_timestamp);
DBW__ASSIGNMENT(dbw_date_assignment, dbw_date);
DBW__ASSIGNMENT(dbw_time_assignment, dbw_time);
DBW__ASSIGNMENT(dbw_uuid_assignment, dbw_uuid);
DBW__ASSIGNMENT(dbw_enum_assignment, int); /**< Inside the generated assignments of enum columns. */
#undef DBW__ASSIGNMENT

#define DBW__ASSIGN(function, name, type, number)                  \
	static inline dbw_##name##_assignment function(type value) \
	{                                                          \
		dbw_##name##_assignment assignment;                \
		memset(&assignment, 0, sizeof assignment);         \
		assignment.header_.assign_ = number;               \
		assignment.value_ = value;                         \
		return assignment;                                 \
	}
/** The column becomes `value`. */
DBW__ASSIGN(dbw_set_bool, bool, bool, DBW_ASSIGN_SET)
DBW__ASSIGN(dbw_set_i64, i64, int64_t, DBW_ASSIGN_SET)
DBW__ASSIGN(dbw_set_f64, f64, double, DBW_ASSIGN_SET)
DBW__ASSIGN(dbw_set_decimal, decimal, dbw_decimal, DBW_ASSIGN_SET)
DBW__ASSIGN(dbw_set_text, text, const char *, DBW_ASSIGN_SET)
DBW__ASSIGN(dbw_set_bytes, bytes, dbw_bytes, DBW_ASSIGN_SET)
DBW__ASSIGN(dbw_set_timestamp, timestamp, dbw_timestamp, DBW_ASSIGN_SET)
DBW__ASSIGN(dbw_set_date, date, dbw_date, DBW_ASSIGN_SET)
DBW__ASSIGN(dbw_set_time, time, dbw_time, DBW_ASSIGN_SET)
DBW__ASSIGN(dbw_set_uuid, uuid, dbw_uuid, DBW_ASSIGN_SET)
/* For the functions of enum columns. */
DBW__ASSIGN(dbw__set_enum, enum, int, DBW_ASSIGN_SET)
/** The column becomes itself plus `value`. */
DBW__ASSIGN(dbw_add_i64, i64, int64_t, DBW_ASSIGN_ADD)
DBW__ASSIGN(dbw_add_f64, f64, double, DBW_ASSIGN_ADD)
DBW__ASSIGN(dbw_add_decimal, decimal, dbw_decimal, DBW_ASSIGN_ADD)
#undef DBW__ASSIGN

#ifdef __cplusplus

/* Overloads; the deleted ones stop conversions that C's selection would not make either. */
#define DBW__OVERLOAD(operation, name, type)                        \
	static inline dbw_##name##_assignment operation(type value) \
	{                                                           \
		return operation##_##name(value);                   \
	}
#define DBW__OVERLOADS(operation)                      \
	DBW__OVERLOAD(operation, i64, signed char)     \
	DBW__OVERLOAD(operation, i64, unsigned char)   \
	DBW__OVERLOAD(operation, i64, short)           \
	DBW__OVERLOAD(operation, i64, unsigned short)  \
	DBW__OVERLOAD(operation, i64, int)             \
	DBW__OVERLOAD(operation, i64, unsigned int)    \
	DBW__OVERLOAD(operation, i64, long)            \
	DBW__OVERLOAD(operation, i64, long long)       \
	DBW__OVERLOAD(operation, f64, double)          \
	DBW__OVERLOAD(operation, decimal, dbw_decimal) \
	void operation(char) = delete;                 \
	void operation(unsigned long) = delete;        \
	void operation(unsigned long long) = delete;
DBW__OVERLOADS(dbw_set)
DBW__OVERLOADS(dbw_add)
DBW__OVERLOAD(dbw_set, bool, bool)
DBW__OVERLOAD(dbw_set, text, const char *)
DBW__OVERLOAD(dbw_set, bytes, dbw_bytes)
DBW__OVERLOAD(dbw_set, timestamp, dbw_timestamp)
DBW__OVERLOAD(dbw_set, date, dbw_date)
DBW__OVERLOAD(dbw_set, time, dbw_time)
DBW__OVERLOAD(dbw_set, uuid, dbw_uuid)
void dbw_add(bool) = delete;
#undef DBW__OVERLOADS
#undef DBW__OVERLOAD

#else

/* `void *` is here for NULL, which the call that takes the assignment refuses by name. */
/* clang-format off */
/** The column becomes `value`. */
#define dbw_set(value)                                                                        \
	_Generic((value),                                                                     \
		signed char: dbw_set_i64,    unsigned char: dbw_set_i64,                      \
		short: dbw_set_i64,          unsigned short: dbw_set_i64,                     \
		int: dbw_set_i64,            unsigned int: dbw_set_i64,                       \
		long: dbw_set_i64,           long long: dbw_set_i64,                          \
		float: dbw_set_f64,          double: dbw_set_f64,                             \
		bool: dbw_set_bool,                                                           \
		char *: dbw_set_text,        const char *: dbw_set_text,                      \
		void *: dbw_set_text,                                                         \
		dbw_decimal: dbw_set_decimal,     dbw_bytes: dbw_set_bytes,                   \
		dbw_timestamp: dbw_set_timestamp, dbw_date: dbw_set_date,                     \
		dbw_time: dbw_set_time,           dbw_uuid: dbw_set_uuid)(value)
/** The column becomes itself plus `value`; NULL stays NULL. */
#define dbw_add(value)                                                                        \
	_Generic((value),                                                                     \
		signed char: dbw_add_i64,    unsigned char: dbw_add_i64,                      \
		short: dbw_add_i64,          unsigned short: dbw_add_i64,                     \
		int: dbw_add_i64,            unsigned int: dbw_add_i64,                       \
		long: dbw_add_i64,           long long: dbw_add_i64,                          \
		float: dbw_add_f64,          double: dbw_add_f64,                             \
		dbw_decimal: dbw_add_decimal)(value)
/* clang-format on */

#endif
#endif

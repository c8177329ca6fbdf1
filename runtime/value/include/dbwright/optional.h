/**
 * Values that may be NULL: one struct per type, so that a plain value does not compile where a NULL is
 * possible. All bytes zero is NULL. `value` means something only where `has` is true; dbw_none_...() leaves
 * it zero.
 *
 * Text and bytes need no such struct: NULL text is a NULL pointer, and NULL bytes are a dbw_bytes whose data
 * is NULL (so that empty bytes need a data pointer that is not NULL).
 */
#ifndef DBWRIGHT_OPTIONAL_H
#define DBWRIGHT_OPTIONAL_H

#include "dbwright/decimal.h"
#include "dbwright/status.h"
#include "dbwright/time.h"
#include "dbwright/uuid.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

DBW_BEGIN_DECLS

/** A truth value, or NULL. */
typedef struct dbw_opt_bool {
	bool has;
	bool value;
} dbw_opt_bool;

/** `value`, not NULL. */
static inline dbw_opt_bool dbw_some_bool(bool value)
{
	dbw_opt_bool some;
	some.has = true;
	some.value = value;
	return some;
}

/** NULL. */
static inline dbw_opt_bool dbw_none_bool(void)
{
	dbw_opt_bool none;
	memset(&none, 0, sizeof none);
	return none;
}

/** A 16-bit integer, or NULL. */
typedef struct dbw_opt_i16 {
	bool has;
	int16_t value;
} dbw_opt_i16;

/** `value`, not NULL. */
static inline dbw_opt_i16 dbw_some_i16(int16_t value)
{
	dbw_opt_i16 some;
	some.has = true;
	some.value = value;
	return some;
}

/** NULL. */
static inline dbw_opt_i16 dbw_none_i16(void)
{
	dbw_opt_i16 none;
	memset(&none, 0, sizeof none);
	return none;
}

/** A 32-bit integer, or NULL. */
typedef struct dbw_opt_i32 {
	bool has;
	int32_t value;
} dbw_opt_i32;

/** `value`, not NULL. */
static inline dbw_opt_i32 dbw_some_i32(int32_t value)
{
	dbw_opt_i32 some;
	some.has = true;
	some.value = value;
	return some;
}

/** NULL. */
static inline dbw_opt_i32 dbw_none_i32(void)
{
	dbw_opt_i32 none;
	memset(&none, 0, sizeof none);
	return none;
}

/** A 64-bit integer, or NULL. */
typedef struct dbw_opt_i64 {
	bool has;
	int64_t value;
} dbw_opt_i64;

/** `value`, not NULL. */
static inline dbw_opt_i64 dbw_some_i64(int64_t value)
{
	dbw_opt_i64 some;
	some.has = true;
	some.value = value;
	return some;
}

/** NULL. */
static inline dbw_opt_i64 dbw_none_i64(void)
{
	dbw_opt_i64 none;
	memset(&none, 0, sizeof none);
	return none;
}

/** A single precision number, or NULL. */
typedef struct dbw_opt_f32 {
	bool has;
	float value;
} dbw_opt_f32;

/** `value`, not NULL. */
static inline dbw_opt_f32 dbw_some_f32(float value)
{
	dbw_opt_f32 some;
	some.has = true;
	some.value = value;
	return some;
}

/** NULL. */
static inline dbw_opt_f32 dbw_none_f32(void)
{
	dbw_opt_f32 none;
	memset(&none, 0, sizeof none);
	return none;
}

/** A double precision number, or NULL. */
typedef struct dbw_opt_f64 {
	bool has;
	double value;
} dbw_opt_f64;

/** `value`, not NULL. */
static inline dbw_opt_f64 dbw_some_f64(double value)
{
	dbw_opt_f64 some;
	some.has = true;
	some.value = value;
	return some;
}

/** NULL. */
static inline dbw_opt_f64 dbw_none_f64(void)
{
	dbw_opt_f64 none;
	memset(&none, 0, sizeof none);
	return none;
}

/** A decimal, or NULL. */
typedef struct dbw_opt_decimal {
	bool has;
	dbw_decimal value;
} dbw_opt_decimal;

/** `value`, not NULL. */
static inline dbw_opt_decimal dbw_some_decimal(dbw_decimal value)
{
	dbw_opt_decimal some;
	some.has = true;
	some.value = value;
	return some;
}

/** NULL. */
static inline dbw_opt_decimal dbw_none_decimal(void)
{
	dbw_opt_decimal none;
	memset(&none, 0, sizeof none);
	return none;
}

/** A point in time, or NULL. */
typedef struct dbw_opt_timestamp {
	bool has;
	dbw_timestamp value;
} dbw_opt_timestamp;

/** `value`, not NULL. */
static inline dbw_opt_timestamp dbw_some_timestamp(dbw_timestamp value)
{
	dbw_opt_timestamp some;
	some.has = true;
	some.value = value;
	return some;
}

/** NULL. */
static inline dbw_opt_timestamp dbw_none_timestamp(void)
{
	dbw_opt_timestamp none;
	memset(&none, 0, sizeof none);
	return none;
}

/** A day, or NULL. */
typedef struct dbw_opt_date {
	bool has;
	dbw_date value;
} dbw_opt_date;

/** `value`, not NULL. */
static inline dbw_opt_date dbw_some_date(dbw_date value)
{
	dbw_opt_date some;
	some.has = true;
	some.value = value;
	return some;
}

/** NULL. */
static inline dbw_opt_date dbw_none_date(void)
{
	dbw_opt_date none;
	memset(&none, 0, sizeof none);
	return none;
}

/** A time of day, or NULL. */
typedef struct dbw_opt_time {
	bool has;
	dbw_time value;
} dbw_opt_time;

/** `value`, not NULL. */
static inline dbw_opt_time dbw_some_time(dbw_time value)
{
	dbw_opt_time some;
	some.has = true;
	some.value = value;
	return some;
}

/** NULL. */
static inline dbw_opt_time dbw_none_time(void)
{
	dbw_opt_time none;
	memset(&none, 0, sizeof none);
	return none;
}

/** A uuid, or NULL. */
typedef struct dbw_opt_uuid {
	bool has;
	dbw_uuid value;
} dbw_opt_uuid;

/** `value`, not NULL. */
static inline dbw_opt_uuid dbw_some_uuid(dbw_uuid value)
{
	dbw_opt_uuid some;
	some.has = true;
	some.value = value;
	return some;
}

/** NULL. */
static inline dbw_opt_uuid dbw_none_uuid(void)
{
	dbw_opt_uuid none;
	memset(&none, 0, sizeof none);
	return none;
}

DBW_END_DECLS
#endif

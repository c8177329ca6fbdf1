/**
 * Members of rows that go to a database as they are. Most do: they are checked and coded in one step, from where they
 * are, without a dbw_value between. What is not plain is not wrong for that: the statement layer, which knows all cases
 * and what to say of them, takes the row. So what is plain has to be what dbw__encode_member() takes, to the same end.
 */
#ifndef DBWRIGHT_DRIVER_PLAIN_H
#define DBWRIGHT_DRIVER_PLAIN_H

#include <base/json.h>
#include <base/utf8.h>
#include <dbwright/driver.h>

#include <math.h>
#include <string.h>

/** How a member is read. */
typedef enum dbw__plain_way {
	DBW__WAY_NULLABLE, /**< Text, json or bytes that may be a NULL pointer. */
	DBW__WAY_OPTIONAL, /**< A dbw_opt_ struct. */
	DBW__WAY_BOOL,
	DBW__WAY_INT16,
	DBW__WAY_INT32,
	DBW__WAY_DATE,
	DBW__WAY_INT64,
	DBW__WAY_RANGE, /**< 64 bits within a range. */
	DBW__WAY_DECIMAL,
	DBW__WAY_TEXT,
	DBW__WAY_JSON,
	DBW__WAY_ENUM,
	DBW__WAY_UUID,
	DBW__WAY_FLOAT32,
	DBW__WAY_FLOAT64,
	DBW__WAY_BYTES,
} dbw__plain_way;

/** A column's member in rows: how it is read, and what of it is plain. */
typedef struct dbw__plain_member {
	uint32_t offset; /**< In the row. */
	uint8_t way;
	uint8_t plain_way; /**< DBW__WAY_NULLABLE and DBW__WAY_OPTIONAL: of a value that is there ... */
	uint8_t inside;    /**< ... which stands so far inside the struct. */
	uint8_t scale;
	uint32_t length; /**< Text: greatest number of characters, 0 for no limit. */
	uint64_t least;  /**< Numbers: the least, modulo 2^64, ... */
	uint64_t span;   /**< ... and how far the greatest is above it. */
	const dbw_enum *values;
} dbw__plain_member;

DBW_BEGIN_DECLS

/** The integers that a column takes: from *least on, modulo 2^64, as far as *span above it. */
void dbw__integer_range(const dbw_column *column, uint64_t *least, uint64_t *span);

/**
 * Works out how the members of a column are read.
 * \return False where a member can be more than what it looks like: printed, left to the database, or made by the
 * runtime. Then none is plain.
 */
bool dbw__plain_plan(const dbw_column *column, dbw_engine engine, dbw__plain_member *out);

/** Whether every value of the member is plain. */
bool dbw__plain_takes_all(const dbw__plain_member *member);

/** Whether all members of a row are plain. */
bool dbw__plain_row(const dbw__plain_member *members, size_t count, const void *row);

DBW_END_DECLS

static inline bool dbw__plain_in_range(const dbw__plain_member *member, int64_t number)
{
	/* One comparison for both ends: what is below the least one wraps round. */
	return (uint64_t)number - member->least <= member->span;
}

/* The column's scale, and digits that fit 64 bits and the column. */
static inline bool dbw__plain_decimal(const dbw__plain_member *member, const dbw_decimal *decimal)
{
	const int64_t low = (int64_t)decimal->low;

	return decimal->scale == member->scale && decimal->high == (low < 0 ? -1 : 0) &&
	       dbw__plain_in_range(member, low);
}

/* *length is that of the text, in bytes. */
static inline bool dbw__plain_text(const dbw__plain_member *member, const char *text, size_t *length)
{
	size_t characters;

	if (text == NULL)
		return false;
	*length = strlen(text);
	if (*length > DBW__VALUE_SIZE_LIMIT)
		return false;
	/* No text has more characters than bytes. */
	if (member->length == 0 || *length <= member->length)
		return dbw__utf8_check(text, *length, NULL);
	return dbw__utf8_check(text, *length, &characters) && characters <= member->length;
}

static inline bool dbw__plain_json(const dbw__plain_member *member, const char *text, size_t *length)
{
	return dbw__plain_text(member, text, length) && dbw__json_is_valid(text, *length);
}

static inline bool dbw__plain_enum(const dbw__plain_member *member, int enumerator)
{
	return (unsigned)enumerator - 1U < member->values->count;
}

static inline bool dbw__plain_uuid(const void *bytes)
{
	uint64_t halves[2];

	memcpy(halves, bytes, sizeof halves);
	return (halves[0] | halves[1]) != 0;
}

static inline bool dbw__plain_bytes(const dbw_bytes *bytes)
{
	return bytes->data != NULL && bytes->size <= DBW__VALUE_SIZE_LIMIT;
}

/** Whether a text, json or bytes of a nullable column is NULL. */
static inline bool dbw__plain_is_null(const dbw__plain_member *member, const void *at)
{
	if (member->plain_way != DBW__WAY_BYTES)
		return *(const char *const *)at == NULL;
	return ((const dbw_bytes *)at)->data == NULL && ((const dbw_bytes *)at)->size == 0;
}

#endif

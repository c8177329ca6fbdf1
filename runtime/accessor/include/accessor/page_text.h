/**
 * The text of a page: where it begins, in a form that goes through URLs and forms and is checked when it comes back.
 *
 * It is base64url without padding (RFC 4648, section 5) of
 *
 *     1 byte    the version of this format, 1
 *     1 byte    which way the page lies, and whether the row at the place is part of it
 *     8 bytes   a checksum of the query's identity and all other bytes
 *     the rest  the values of the order's columns in one row
 *
 * Numbers have their highest byte first. Before the value of a column that may be NULL stands a byte, 0 for NULL, else 1.
 * Integers, times, floating point and enumerators take 8 bytes, decimals and uuids 16; text ends in a NUL byte; bytes
 * have their length in 4 bytes before them.
 *
 * It is no secret: anybody can read the values. It is not signed: who knows this format can make one, and gets a page of
 * the query that the program runs, from another place on.
 */
#ifndef DBWRIGHT_ACCESSOR_PAGE_TEXT_H
#define DBWRIGHT_ACCESSOR_PAGE_TEXT_H

#include <base/arena.h>
#include <statement/page.h>

DBW_BEGIN_DECLS

/** What a text holds: the way, and the values as bytes. */
typedef struct dbw__page_seal {
	bool backward, included;
	const char *bytes;
	size_t size;
} dbw__page_seal;

/** The text of a place, NUL-terminated, owned by the arena. NULL when memory is short. */
const char *dbw__page_text_make(const dbw__page_seal *seal, uint64_t identity, dbw_arena *arena);

/**
 * Opens a text. seal->bytes are in the arena and followed by a NUL byte.
 * \return DBW_OK; DBW_INVALID where it is none, was changed, or belongs to another identity; DBW_OUT_OF_MEMORY.
 */
dbw_status dbw__page_text_open(const char *text, uint64_t identity, dbw_arena *arena, dbw__page_seal *seal);

/** Appends the values that the order's columns have in a row of the model. */
void dbw__page_values_write(
	const dbw__request *request, const dbw__page_order *order, const void *row, dbw_text_buffer *out);

/**
 * The values in the bytes of a text, one per column of the order; text and bytes stay where they are. Nothing is believed:
 * values are checked as those of a filter.
 * \return Whether all of them are there and nothing else is.
 */
bool dbw__page_values_read(const dbw__request *request, const dbw__page_order *order,
	const dbw__page_seal *seal, dbw_value *values);

DBW_END_DECLS
#endif

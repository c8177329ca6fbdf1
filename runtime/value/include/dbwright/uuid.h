/** Universally unique identifiers, RFC 9562. */
#ifndef DBWRIGHT_UUID_H
#define DBWRIGHT_UUID_H

#include "dbwright/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

DBW_BEGIN_DECLS

/** The 16 bytes in the order of RFC 9562, section 4: the order in which they are written and sort. */
typedef struct dbw_uuid {
	uint8_t bytes[16];
} dbw_uuid;

/** Braces that initialise a uuid as unset, which is the nil uuid: all bytes zero. */
#define DBW_UUID_UNSET    \
	{                 \
		{         \
			0 \
		}         \
	}

/** The same by the name that the times use. */
#define DBW_UUID_UNSET_INIT DBW_UUID_UNSET

/** Bytes for a printed uuid, its end mark included. */
#define DBW_UUID_SIZE 37

/**
 * A random uuid (version 4; RFC 9562, section 5.4). Safe from any thread and after fork().
 * \return DBW_OK; DBW_UNSUPPORTED when the system gives no random bytes.
 */
DBW_NODISCARD DBW_API dbw_status dbw_uuid_v4(dbw_uuid *out);

/**
 * A uuid that begins with the time in milliseconds (version 7; RFC 9562, section 5.7), so that newer ones
 * sort behind older ones. Those that one thread makes sort in the order of making, also within one
 * millisecond and when the clock is set back: a counter stands behind the time, and the time part never goes
 * back within a thread. Safe from any thread and after fork().
 * \return DBW_OK; DBW_UNSUPPORTED when the system gives no random bytes.
 */
DBW_NODISCARD DBW_API dbw_status dbw_uuid_v7(dbw_uuid *out);

/**
 * Reads "f81d4fae-7dec-11d0-a765-00a0c91e6bf6" from `length` bytes of text, which need no end mark; letters
 * of either case, any version.
 * \return DBW_OK; DBW_INVALID for any other text.
 */
DBW_NODISCARD DBW_API dbw_status dbw_uuid_parse(const char *text, size_t length, dbw_uuid *out);

/** Writes the 36 characters in lower case, ended by a zero byte. Returns 36. */
DBW_API size_t dbw_uuid_print(dbw_uuid uuid, char out[DBW_UUID_SIZE]);

/** True for the uuid of zeros, which marks one that nobody has set. */
DBW_API bool dbw_uuid_is_nil(dbw_uuid uuid);

/** Compares byte by byte, as databases do. Returns -1, 0 or 1. */
DBW_API int dbw_uuid_compare(dbw_uuid a, dbw_uuid b);

DBW_END_DECLS
#endif

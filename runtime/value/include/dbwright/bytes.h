/** Binary data that belongs to somebody else. */
#ifndef DBWRIGHT_BYTES_H
#define DBWRIGHT_BYTES_H

#include "dbwright/status.h"

#include <stddef.h>

DBW_BEGIN_DECLS

/**
 * A borrowed view of `size` bytes; whoever made the bytes frees them. `data` NULL is NULL, the absence of a
 * value, so a value of no bytes has some other pointer, to anything, and size 0. All bytes zero is NULL.
 */
typedef struct dbw_bytes {
	const void *data;
	size_t size; /**< Bytes. */
} dbw_bytes;

/** A view of `size` bytes at `data`, which stay the caller's and have to outlive the view. */
static inline dbw_bytes dbw_bytes_of(const void *data, size_t size)
{
	dbw_bytes bytes;
	bytes.data = data;
	bytes.size = size;
	return bytes;
}

DBW_END_DECLS
#endif

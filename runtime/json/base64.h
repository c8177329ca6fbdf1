/** Base64 with padding, RFC 4648, section 4. */
#ifndef DBWRIGHT_JSON_BASE64_H
#define DBWRIGHT_JSON_BASE64_H

#include <base/text.h>

/** Appends the bytes as base64. */
void dbw__base64_append(dbw_text_buffer *out, const unsigned char *bytes, size_t size);

/**
 * Reads `length` characters into *out, which has room for length / 4 * 3 bytes; *size receives how many there are. False
 * for anything that dbw__base64_append() would not have written.
 */
bool dbw__base64_read(const char *text, size_t length, unsigned char *out, size_t *size);

#endif

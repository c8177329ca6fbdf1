/*
 * UTF-8: strict checking (RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF) and decoding.
 */
#ifndef DBWRIGHT_BASE_UTF8_H
#define DBWRIGHT_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Whether the `length` bytes at `text` are UTF-8. A NUL byte is a character like any other. `*characters`
 * (NULL if not wanted) is the number of code points, 0 when the text is not UTF-8.
 */
bool dbw__utf8_check(const char *text, size_t length, size_t *characters);

/**
 * The same for NUL-terminated text, whose length in bytes goes to `*length` (NULL if not wanted) whether or
 * not it is UTF-8.
 */
bool dbw__utf8_check_z(const char *text, size_t *length, size_t *characters);

/**
 * Decodes the character that starts at `text`, of which `length` > 0 bytes may be read. Returns its length
 * in bytes, 1 to 4, with the code point in `*character`; 0 when no valid character starts there,
 * `*character` is then U+FFFD.
 */
size_t dbw__utf8_decode(const char *text, size_t length, uint32_t *character);

#ifdef __cplusplus
}
#endif

#endif

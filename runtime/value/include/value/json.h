/** Whether a text is JSON. */
#ifndef DBWRIGHT_VALUE_JSON_H
#define DBWRIGHT_VALUE_JSON_H

#include <stdbool.h>
#include <stddef.h>

/**
 * True when the `length` bytes at `text` are one JSON value as RFC 8259 has it, at most 500 deep: what both SQLite's
 * json_valid() and PostgreSQL's jsonb take. The text is UTF-8 already.
 */
bool dbw__json_is_valid(const char *text, size_t length);

#endif

/*
 * JSON as RFC 8259 has it. Whether a text is of it: what SQLite's json_valid() and PostgreSQL's jsonb both accept. And texts
 * as strings of it.
 */
#ifndef DBWRIGHT_BASE_JSON_H
#define DBWRIGHT_BASE_JSON_H

#include <base/text.h>
#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/** How many values of a stored document may stand in each other: well below SQLite's limit, which is 1000. */
enum { DBW__JSON_DEPTH = 500 };

/** What is wrong with a text, and how many bytes into it. Static. */
typedef struct dbw__json_problem {
	size_t offset;
	const char *what; /* "a colon is expected" */
} dbw__json_problem;

/**
 * True when the `length` bytes at `text` are one JSON value with at most `depth` values in each other, itself one of them; else
 * *problem (NULL if not wanted) is the first thing that is wrong. The text is UTF-8 already. "\u0000" and halves of
 * surrogate pairs count as wrong: jsonb refuses them (PostgreSQL manual, section 8.14).
 */
bool dbw__json_check(const char *text, size_t length, unsigned depth, dbw__json_problem *problem);

/** dbw__json_check() with DBW__JSON_DEPTH, where nobody asks what is wrong. */
bool dbw__json_is_valid(const char *text, size_t length);

/** Appends a text as a string, or null for NULL. What is not UTF-8 becomes U+FFFD. RFC 8259, section 7. */
void dbw__json_append(dbw_text_buffer *out, const char *text);

#ifdef __cplusplus
}
#endif

#endif

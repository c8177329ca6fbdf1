/** One value of JSON as the value of a column. */
#ifndef DBWRIGHT_JSON_PARSE_H
#define DBWRIGHT_JSON_PARSE_H

#include <base/arena.h>
#include <dbwright/model.h>

/** A value, or a name, where it stands in a document that has been checked; quotes included. */
typedef struct dbw__json_slice {
	const char *begin, *end;
} dbw__json_slice;

/** What dbw__json_parse() returns when memory is short. */
extern const char dbw__json_no_memory[];

/** The text of a string, NUL-terminated, in the arena, with its length in bytes. NULL when memory is short. */
char *dbw__json_decode(dbw_arena *arena, dbw__json_slice string, size_t *length);

/**
 * Reads a value that is not null to `room`, where the column's NOT NULL type is. Text and bytes are in the arena. Returns
 * NULL, or what is wrong, to be put behind the column's name: "is not an integer". Whether the value fits the column in
 * all else (its length, its digits) is not looked at.
 */
const char *dbw__json_parse(dbw_arena *arena, const dbw_column *column, dbw__json_slice value, void *room);

#endif

/**
 * Rows to and from JSON: the library `dbwright::json`. Programs call the typed functions of the generated header
 * `<schema>/json.h`: user_to_json(), user_list_to_json(), user_from_json(), user_list_from_json(), user_patch_json().
 *
 * | a field of           | is in JSON                                                                             |
 * |----------------------|----------------------------------------------------------------------------------------|
 * | bool                 | true, false                                                                            |
 * | int16, int32, int64  | 42; int64 as "42" where options say so, and read as either                             |
 * | float32, float64     | 0.1: the fewest digits that give the number back; there is no infinity                 |
 * | decimal              | "10.50": exact; a whole number is read, too, one with a point or an exponent is not    |
 * | string, text         | "text"; "\u0000" is refused                                                            |
 * | bytes                | base64 with padding (RFC 4648, section 4)                                              |
 * | timestamp            | "2024-01-31T23:59:59.123456Z"; all that dbw_timestamp_parse() takes is read            |
 * | date, time           | "2024-01-31", "23:59:59.123456"                                                        |
 * | uuid                 | "f81d4fae-7dec-11d0-a765-00a0c91e6bf6"                                                 |
 * | enum                 | its value as it is stored: "member"                                                    |
 * | json                 | what it holds, byte for byte: not a text with JSON in it                               |
 * | any that is NULL     | null; a nullable json field that holds `null` reads back as NULL                       |
 */
#ifndef DBWRIGHT_JSON_H
#define DBWRIGHT_JSON_H

#include <dbwright/dbwright.h>

DBW_BEGIN_DECLS

/** How rows are written and read; NULL stands for all zero. */
typedef struct dbw_json_options {
	bool sensitive; /**< Writes fields that are declared sensitive; they are left out unless this is set. */
	bool int64_as_text; /**< Writes ids and int64 as "42": JavaScript loses digits beyond 2^53. */
	bool ignore_unknown; /**< Reads documents with members that the model does not have; they are passed over. */
} dbw_json_options;

/** Frees a text that a function of a generated json.h gave. NULL is fine. */
DBW_API void dbw_json_free(char *text);

/*
 * What the generated functions call. `*error`, which may be NULL, tells what failed; a message never holds a value.
 * Positions are "line:column", both counted from 1, the column in characters.
 */

/**
 * Writes a row as an object, in one line where its json fields are; *out is NUL-terminated, NULL on failure, and released with dbw_json_free(). Left
 * out are columns that were not read, those without a value yet (unset), and sensitive ones unless options ask for them.
 * DBW_INVALID: a value does not fit its field ("user.name is not UTF-8"), or is an infinity. DBW_MISUSE: the row is NULL
 * or comes from nowhere. DBW_OUT_OF_MEMORY.
 */
DBW_API dbw_status dbw__row_to_json(const dbw_model *model, const void *row, const dbw_json_options *options,
	char **out, dbw_error *error);

/**
 * The same for the rows of a list, whose address `rows` is, as a list of objects. The message says which: "user[17].name ...".
 */
DBW_API dbw_status dbw__list_to_json(const dbw_model *model, const void *rows,
	const dbw_json_options *options, char **out, dbw_error *error);

/**
 * Reads an object from `size` bytes of UTF-8, which need no end mark. Members that are missing are as in *start, a new
 * row. `out` is the address of a row pointer, NULL on failure; release the row with dbw__row_free(). It is written at
 * insert as a new row would be.
 * DBW_INVALID, "3:14: user.email has 300 characters, 255 is the most": the text is not JSON; a member is unknown, there
 * twice, of another type, out of range, or missing though the field is NOT NULL and has no default. DBW_MISUSE: `text` is
 * NULL. DBW_OUT_OF_MEMORY.
 */
DBW_API dbw_status dbw__row_from_json(const dbw_model *model, const void *start, const char *text,
	size_t size, const dbw_json_options *options, void *out, dbw_error *error);

/** The same for a list of objects; `out` is the address of the generated list struct, empty on failure. */
DBW_API dbw_status dbw__list_from_json(const dbw_model *model, const void *start, const char *text,
	size_t size, const dbw_json_options *options, void *out, dbw_error *error);

/**
 * Reads an object of changes: *out is a copy of `row` with the members of the document in it, and `columns`, the generated
 * set of one-bit fields, holds those that update writes. Nothing has to be there. Key and computed fields may be there as
 * they are in `row`; the version becomes the one that update checks. Errors as dbw__row_from_json(), and DBW_INVALID for
 * another key; DBW_MISUSE: `row` is NULL or comes from nowhere.
 */
DBW_API dbw_status dbw__row_patch_json(const dbw_model *model, const void *row, const char *text, size_t size,
	const dbw_json_options *options, void *out, void *columns, dbw_error *error);

DBW_END_DECLS
#endif

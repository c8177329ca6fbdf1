/** The rule for every name that a user gives: [a-z][a-z0-9_]*, not ending in '_', at most 63 bytes. */
#ifndef DBWRIGHT_MODEL_NAME_H
#define DBWRIGHT_MODEL_NAME_H

#include <base/text.h>
#include <model/model.h>
#include <stdint.h>

/** Longest name in bytes: what PostgreSQL keeps of an identifier (NAMEDATALEN - 1; manual, section 4.1.1). */
enum { IR_NAME_MAX = 63 };

/**
 * What is wrong with a name, as the end of a sentence that begins with the name ("ends in '_', which is kept for
 * generated members"); NULL for a good one. The text is static.
 */
const char *ir_name_problem(const char *name);

/** Where a hash of names begins: FNV-1a, 32 bits. Names in databases hang on it, so it never changes. */
#define IR_NAME_HASH UINT32_C(2166136261)

/** The hash `hash` carried on over `length` bytes. */
uint32_t ir_name_hash(uint32_t hash, const char *bytes, size_t length);

/** Appends a hash as eight hexadecimal digits. */
void ir_name_append_hash(dbw_text_buffer *name, uint32_t hash);

/**
 * A made name of the database that is longer than IR_NAME_MAX is cut, at the border of a character, and told apart by
 * `_` and the hash of the whole. A shorter one stays as it is. Running out of memory shows in name->failed.
 */
void ir_name_shorten(dbw_text_buffer *name);

/**
 * Makes `name` "<table>_<column>_<ending>", shortened: the name of what a column needs and no declaration names, such as the
 * type of a native enum. Running out of memory shows in name->failed.
 */
void ir_name_of_column(dbw_text_buffer *name, const ir_field *field, const char *ending);

#endif

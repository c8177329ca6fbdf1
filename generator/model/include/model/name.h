/** The rule for every name that a user gives: [a-z][a-z0-9_]*, not ending in '_', at most 63 bytes. */
#ifndef DBWRIGHT_MODEL_NAME_H
#define DBWRIGHT_MODEL_NAME_H

/** Longest name in bytes: what PostgreSQL keeps of an identifier (NAMEDATALEN - 1; manual, section 4.1.1). */
enum { IR_NAME_MAX = 63 };

/**
 * What is wrong with a name, as the end of a sentence that begins with the name ("ends in '_', which is kept for
 * generated members"); NULL for a good one. The text is static.
 */
const char *ir_name_problem(const char *name);

#endif

/*
 * Floating point as text, with a point whatever the locale says.
 */
#ifndef DBWRIGHT_BASE_NUMBER_H
#define DBWRIGHT_BASE_NUMBER_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Bytes for the longest text of dbw__real_print(), its end mark included: "-2.2250738585072014e-308". */
enum { DBW__REAL_SIZE = 25 };

/**
 * Writes the number with the fewest digits that read back as the same one: as the same float for `single`, where
 * `number` holds a float. Infinities are "inf" and "-inf", what is no number is "nan". Returns the length.
 */
size_t dbw__real_print(double number, bool single, char out[DBW__REAL_SIZE]);

/**
 * The double, or for `single` the float, nearest to the number that stands at `text` as JSON spells it, "-12.5e3"; what
 * follows it is no part of a number. Too large is an infinity. False when memory is short.
 */
bool dbw__real_parse(const char *text, bool single, double *out);

#ifdef __cplusplus
}
#endif

#endif

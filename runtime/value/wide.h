/** Unsigned 256-bit integers, in portable C: wide enough for the product of two 38-digit coefficients. */
#ifndef DBWRIGHT_VALUE_WIDE_H
#define DBWRIGHT_VALUE_WIDE_H

#include <stdbool.h>
#include <stdint.h>

#define DBW__WIDE_LIMBS 8
#define DBW__WIDE_BITS  256

/** The least significant limb is the first. */
typedef struct dbw__wide {
	uint32_t limb[DBW__WIDE_LIMBS];
} dbw__wide;

/** The number high * 2^64 + low. */
dbw__wide dbw__wide_of(uint64_t high, uint64_t low);

/** True when the number fits 128 bits, which then stand in *high and *low; else both are left alone. */
bool dbw__wide_to_halves(const dbw__wide *wide, uint64_t *high, uint64_t *low);

/** -1, 0 or 1. */
int dbw__wide_compare(const dbw__wide *a, const dbw__wide *b);

/** Number of bits up to the highest one that is set; 0 for zero. */
unsigned dbw__wide_bit_length(const dbw__wide *wide);

/** a += b. The caller knows that the sum fits. */
void dbw__wide_add(dbw__wide *a, const dbw__wide *b);

/** a -= b. The caller knows that b is not the larger. */
void dbw__wide_subtract(dbw__wide *a, const dbw__wide *b);

/** The product of two numbers below 2^128. */
dbw__wide dbw__wide_product(const dbw__wide *a, const dbw__wide *b);

/** Multiplies by 10^power. The caller knows that the product fits. */
void dbw__wide_scale_up(dbw__wide *wide, unsigned power);

/** Divides by 10^power, rounding down. Returns true when the division left a remainder. */
bool dbw__wide_scale_down(dbw__wide *wide, unsigned power);

/** Divides by `divisor`, which is not 0, rounding down. Returns the remainder. */
uint32_t dbw__wide_divide(dbw__wide *wide, uint32_t divisor);

/** Multiplies by 2^count; bits that leave at the top are lost. */
void dbw__wide_shift_up(dbw__wide *wide, unsigned count);

/** Divides by 2^count, rounding down. Returns true when the division left a remainder. */
bool dbw__wide_shift_down(dbw__wide *wide, unsigned count);

#endif

/**
 * What tells a handle that has ended from one that is valid: both have the number of the place they point to as it was
 * when they were made. Another thread may hold a handle that ended long ago and look while the place is taken anew, so
 * the number alone is atomic. It counts to 2^32 where 64-bit atomics would need a lock.
 */
#ifndef DBWRIGHT_SESSION_GENERATION_H
#define DBWRIGHT_SESSION_GENERATION_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#if ATOMIC_LLONG_LOCK_FREE == 2
typedef _Atomic uint64_t dbw__generation;
#else
typedef _Atomic uint32_t dbw__generation;
#endif

/** Whether a handle with this number is the valid one. */
static inline bool dbw__generation_is(dbw__generation *generation, uint64_t number)
{
	return atomic_load_explicit(generation, memory_order_acquire) == number;
}

/** Ends the handles there are; the number of the next one. */
static inline uint64_t dbw__generation_next(dbw__generation *generation)
{
	return atomic_fetch_add(generation, 1) + 1;
}

#endif

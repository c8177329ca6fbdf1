/*
 * Allocations that fail on purpose. A program that is built with dbwright_failing_allocations() has its own calls of malloc(),
 * calloc() and realloc() counted here; those of shared libraries go past it.
 */
#ifndef DBWRIGHT_TESTS_ALLOCATIONS_H
#define DBWRIGHT_TESTS_ALLOCATIONS_H

#include <stdbool.h>
#include <stddef.h>

/* How many there have been. */
extern size_t allocations;

/* The allocation with this number from now on fails, the next one being 1, and with `and_after` all that follow it. */
void allocations_fail(size_t number, bool and_after);

/* From now on none fails. Whether one has. */
bool allocations_recover(void);

/* Between a call with true and one with false none is counted, and none fails. */
void allocations_pause(bool paused);

/* Counts one; whether it has to fail. For the allocator of a library that takes another one. */
bool allocation_fails(void);

#endif

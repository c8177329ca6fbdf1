#include "allocations.h"

size_t allocations;
static size_t failing; /* Counted down to 1, which fails; 0: none does. */
static bool failing_on, met, pausing;

/* The linker sends the program's calls here (--wrap). */
void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);

void allocations_fail(size_t number, bool and_after)
{
	failing = number;
	failing_on = and_after;
	met = false;
}

bool allocations_recover(void)
{
	failing = 0;
	return met;
}

void allocations_pause(bool paused)
{
	pausing = paused;
}

bool allocation_fails(void)
{
	if (pausing)
		return false;
	allocations++;
	if (failing == 0)
		return false;
	if (failing > 1) {
		failing--;
		return false;
	}
	met = true;
	failing = failing_on ? 1 : 0;
	return true;
}

void *__wrap_malloc(size_t size)
{
	return allocation_fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
	return allocation_fails() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t size)
{
	return allocation_fails() ? NULL : __real_realloc(old, size);
}

/*
 * Arena: many small objects, one release.
 *
 * The generator keeps a whole run in one arena, the runtime the rows of one result with their text. Objects
 * are never freed by themselves. An arena is one malloc until its first chunk is full; later chunks double
 * from 4 kB up to 1 MB. Objects are taken from the bottom of the chunk, bytes of text from its top, so that
 * text is packed tightly and objects need no padding between them.
 *
 * An arena belongs to one thread at a time. The library may be built with DBWRIGHT_DEBUG_ARENA: then every
 * allocation is a malloc of its own, so that sanitizers see each object. Nothing in this header changes for
 * that.
 */
#ifndef DBWRIGHT_BASE_ARENA_H
#define DBWRIGHT_BASE_ARENA_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#define DBW_ARENA_ALIGNMENT alignof(max_align_t)
#else
#define DBW_ARENA_ALIGNMENT _Alignof(max_align_t)
#endif

/** An arena. Its members are private to the functions of this header. */
typedef struct dbw_arena {
	unsigned char *bottom; /* Next object; always aligned. */
	unsigned char *top;    /* End of the free window; text grows down from here. */
	struct dbw__arena_chunk *chunks;
	struct dbw__arena_adopted *adopted;
	size_t next_chunk;
	unsigned char *first_bottom;
	unsigned char *first_top;
} dbw_arena;

/* The paths the inline functions take when the window is too small; never called directly. */
void *dbw__arena_alloc_slowly(dbw_arena *arena, size_t size);
void *dbw__arena_alloc_bytes_slowly(dbw_arena *arena, size_t size);

/**
 * A new arena whose first chunk can hold `first_chunk` bytes before another malloc is needed; 0 takes the
 * default, 4 kB together with the arena itself. Returns NULL when memory is short. Release with
 * dbw_arena_free().
 */
dbw_arena *dbw_arena_new(size_t first_chunk);

/** Releases the arena and everything that was allocated from it. NULL is fine. */
void dbw_arena_free(dbw_arena *arena);

/**
 * Forgets every allocation and keeps the arena with its first chunk for use again. All pointers that the
 * arena gave out are invalid afterwards.
 */
void dbw_arena_reset(dbw_arena *arena);

/**
 * `size` bytes, aligned for any type and not initialised; owned by the arena, valid until reset or free. 0
 * bytes give a pointer that may not be read through. Returns NULL when memory is short; the arena stays
 * usable.
 */
static inline void *dbw_arena_alloc(dbw_arena *arena, size_t size)
{
	size_t rounded = (size + DBW_ARENA_ALIGNMENT - 1) & ~(size_t)(DBW_ARENA_ALIGNMENT - 1);

	/* `rounded` is 0 for no bytes and where the sum wrapped; minus one, both fail this test. */
	if (rounded - 1 < (size_t)(arena->top - arena->bottom)) {
		void *object = arena->bottom;

		arena->bottom += rounded;
		return object;
	}
	return dbw__arena_alloc_slowly(arena, size);
}

/** As dbw_arena_alloc() for text and other bytes: at any address, without padding. */
static inline void *dbw_arena_alloc_bytes(dbw_arena *arena, size_t size)
{
	if (size - 1 < (size_t)(arena->top - arena->bottom)) {
		arena->top -= size;
		return arena->top;
	}
	return dbw__arena_alloc_bytes_slowly(arena, size);
}

/**
 * `count` objects of `size` bytes each, all bytes zero, aligned for any type. Returns NULL when memory is
 * short or the product does not fit.
 */
void *dbw_arena_alloc_zeroed(dbw_arena *arena, size_t count, size_t size);

/**
 * A copy of the `length` bytes at `text` (NULL only with 0) followed by a NUL byte; owned by the arena.
 * Returns NULL when memory is short.
 */
char *dbw_arena_copy(dbw_arena *arena, const char *text, size_t length);

/**
 * Has the arena release what is another's memory: `release(object)` is called when the arena is reset or freed, the last
 * adopted first. False when memory is short; the object is still the caller's then.
 */
bool dbw_arena_adopt(dbw_arena *arena, void (*release)(void *object), void *object);

/** Text formatted as by printf, NUL-terminated, owned by the arena. Returns NULL when memory is short. */
char *dbw_arena_printf(dbw_arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));

/** As dbw_arena_printf() with the arguments in a list, which it leaves undefined as vprintf does. */
char *dbw_arena_vprintf(dbw_arena *arena, const char *format, va_list arguments)
	__attribute__((format(printf, 2, 0)));

#ifdef __cplusplus
}
#endif

#endif

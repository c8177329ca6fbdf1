#include <base/arena.h>

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ALIGNMENT     DBW_ARENA_ALIGNMENT
#define ROUND_UP(n)   (((n) + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1))
#define FIRST_TOTAL   ((size_t)4096)
#define LARGEST_CHUNK ((size_t)1024 * 1024)
#define HEADER        ROUND_UP(sizeof(dbw_arena))
#define CHUNK_HEADER  ROUND_UP(sizeof(struct dbw__arena_chunk))

/* Every chunk but the first, newest first. */
struct dbw__arena_chunk {
	struct dbw__arena_chunk *next;
};

/* In the arena's own memory. */
struct dbw__arena_adopted {
	struct dbw__arena_adopted *next;
	void (*release)(void *object);
	void *object;
};

dbw_arena *dbw_arena_new(size_t first_chunk)
{
	size_t usable = first_chunk == 0 ? FIRST_TOTAL - HEADER : first_chunk;
	dbw_arena *arena;

	if (usable > PTRDIFF_MAX - HEADER - ALIGNMENT)
		return NULL;
	usable = ROUND_UP(usable);
#ifdef DBWRIGHT_DEBUG_ARENA
	usable = 0;
#endif
	arena = malloc(HEADER + usable);
	if (arena == NULL)
		return NULL;
	arena->bottom = arena->first_bottom = (unsigned char *)arena + HEADER;
	arena->top = arena->first_top = arena->first_bottom + usable;
	arena->chunks = NULL;
	arena->adopted = NULL;
	arena->next_chunk = FIRST_TOTAL;
	while (arena->next_chunk < LARGEST_CHUNK && arena->next_chunk < 2 * (usable + HEADER))
		arena->next_chunk *= 2;
	return arena;
}

static void free_chunks(dbw_arena *arena)
{
	for (; arena->adopted != NULL; arena->adopted = arena->adopted->next)
		arena->adopted->release(arena->adopted->object);
	while (arena->chunks != NULL) {
		struct dbw__arena_chunk *next = arena->chunks->next;

		free(arena->chunks);
		arena->chunks = next;
	}
}

void dbw_arena_free(dbw_arena *arena)
{
	if (arena == NULL)
		return;
	free_chunks(arena);
	free(arena);
}

void dbw_arena_reset(dbw_arena *arena)
{
	free_chunks(arena);
	arena->bottom = arena->first_bottom;
	arena->top = arena->first_top;
}

/* A linked chunk with `usable` bytes behind its header, or NULL. */
static unsigned char *new_chunk(dbw_arena *arena, size_t usable)
{
	struct dbw__arena_chunk *chunk;

	if (usable > PTRDIFF_MAX - CHUNK_HEADER)
		return NULL;
	chunk = malloc(CHUNK_HEADER + usable);
	if (chunk == NULL)
		return NULL;
	chunk->next = arena->chunks;
	arena->chunks = chunk;
	return (unsigned char *)chunk + CHUNK_HEADER;
}

#ifdef DBWRIGHT_DEBUG_ARENA

/* Exactly the size asked for, so that the first byte too far is seen. */
void *dbw__arena_alloc_slowly(dbw_arena *arena, size_t size)
{
	return new_chunk(arena, size);
}

void *dbw__arena_alloc_bytes_slowly(dbw_arena *arena, size_t size)
{
	return new_chunk(arena, size);
}

#else

/*
 * Room for `size` bytes that the window lacks. What would fill a large part of the next chunk gets a chunk
 * of its own and leaves the window as it is; for the rest a new window is opened and NULL in `*own` says
 * so.
 */
static bool make_room(dbw_arena *arena, size_t size, unsigned char **own)
{
	unsigned char *memory;
	size_t usable = arena->next_chunk - CHUNK_HEADER;

	*own = NULL;
	if (size > usable / 4) {
		*own = new_chunk(arena, size);
		return *own != NULL;
	}
	memory = new_chunk(arena, usable);
	if (memory == NULL)
		return false;
	arena->bottom = memory;
	arena->top = memory + usable;
	if (arena->next_chunk < LARGEST_CHUNK)
		arena->next_chunk *= 2;
	return true;
}

void *dbw__arena_alloc_slowly(dbw_arena *arena, size_t size)
{
	unsigned char *own;

	if (size == 0)
		size = 1;
	if (size > PTRDIFF_MAX || !make_room(arena, ROUND_UP(size), &own))
		return NULL;
	return own != NULL ? own : dbw_arena_alloc(arena, size);
}

void *dbw__arena_alloc_bytes_slowly(dbw_arena *arena, size_t size)
{
	unsigned char *own;

	if (size == 0)
		size = 1;
	if (size <= (size_t)(arena->top - arena->bottom))
		return dbw_arena_alloc_bytes(arena, size);
	if (!make_room(arena, size, &own))
		return NULL;
	return own != NULL ? own : dbw_arena_alloc_bytes(arena, size);
}

#endif

void *dbw_arena_alloc_zeroed(dbw_arena *arena, size_t count, size_t size)
{
	void *objects;

	if (size != 0 && count > SIZE_MAX / size)
		return NULL;
	objects = dbw_arena_alloc(arena, count * size);
	if (objects != NULL)
		memset(objects, 0, count * size);
	return objects;
}

bool dbw_arena_adopt(dbw_arena *arena, void (*release)(void *object), void *object)
{
	struct dbw__arena_adopted *adopted = dbw_arena_alloc(arena, sizeof *adopted);

	if (adopted == NULL)
		return false;
	adopted->next = arena->adopted;
	adopted->release = release;
	adopted->object = object;
	arena->adopted = adopted;
	return true;
}

char *dbw_arena_copy(dbw_arena *arena, const char *text, size_t length)
{
	char *copy;

	if (length == SIZE_MAX)
		return NULL;
	copy = dbw_arena_alloc_bytes(arena, length + 1);
	if (copy == NULL)
		return NULL;
	if (length != 0)
		memcpy(copy, text, length);
	copy[length] = '\0';
	return copy;
}

char *dbw_arena_vprintf(dbw_arena *arena, const char *format, va_list arguments)
{
	va_list again;
	char storage[256]; /* Most texts are shorter, and formatted once. */
	char *text = NULL;
	int length;

	va_copy(again, arguments);
	length = vsnprintf(storage, sizeof storage, format, arguments);
	if (length >= 0)
		text = dbw_arena_alloc_bytes(arena, (size_t)length + 1);
	if (text != NULL && (size_t)length < sizeof storage)
		memcpy(text, storage, (size_t)length + 1);
	else if (text != NULL)
		vsnprintf(text, (size_t)length + 1, format, again);
	va_end(again);
	return text;
}

char *dbw_arena_printf(dbw_arena *arena, const char *format, ...)
{
	va_list arguments;
	char *text;

	va_start(arguments, format);
	text = dbw_arena_vprintf(arena, format, arguments);
	va_end(arguments);
	return text;
}

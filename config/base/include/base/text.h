/*
 * Text buffer: text that is built piece by piece, in the caller's memory first and on the heap when it
 * grows.
 *
 * Errors stick: once memory was short, `failed` is true, later pieces are dropped, and one look at the end
 * is enough. `data` is never NULL and always ends in a NUL byte that `length` does not count.
 */
#ifndef DBWRIGHT_BASE_TEXT_H
#define DBWRIGHT_BASE_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A text under construction. Read `data`, `length` and `failed`; the rest is private. */
typedef struct dbw_text_buffer {
	char *data;      /**< The text so far; valid until the next call that changes the buffer. */
	size_t length;   /**< Its length in bytes. */
	bool failed;     /**< Memory was short at some time: the text is not complete. */
	bool owned;      /* data came from malloc. */
	size_t capacity; /* Bytes of text that fit, the NUL not counted. */
} dbw_text_buffer;

/**
 * Makes `buffer` empty. It uses the `size` bytes at `storage` before it asks for memory; the caller keeps
 * them alive and untouched until dbw_text_clear() or dbw_text_steal(). NULL and 0 start without.
 */
void dbw_text_init(dbw_text_buffer *buffer, char *storage, size_t size);

/**
 * Releases what the buffer holds and leaves it empty, without storage, ready for use; `failed` is false
 * again.
 */
void dbw_text_clear(dbw_text_buffer *buffer);

/** Cuts the text to its first `length` bytes and keeps the memory; does nothing if it is not longer. */
void dbw_text_truncate(dbw_text_buffer *buffer, size_t length);

/**
 * Makes room for `more` bytes after the present text. Returns false, and sets `failed`, when memory is
 * short.
 */
bool dbw_text_reserve(dbw_text_buffer *buffer, size_t more);

/**
 * Appends the `length` bytes at `text` (NULL only with 0; not part of the buffer). False when it failed,
 * now or before.
 */
static inline bool dbw_text_append(dbw_text_buffer *buffer, const char *text, size_t length)
{
	if (buffer->failed)
		return false;
	if (length == 0)
		return true;
	if (length > buffer->capacity - buffer->length && !dbw_text_reserve(buffer, length))
		return false;
	memcpy(buffer->data + buffer->length, text, length);
	buffer->length += length;
	buffer->data[buffer->length] = '\0';
	return true;
}

/** Appends the NUL-terminated `text`. False when it failed, now or before. */
static inline bool dbw_text_append_z(dbw_text_buffer *buffer, const char *text)
{
	return dbw_text_append(buffer, text, strlen(text));
}

/** Appends one byte. False when it failed, now or before. */
static inline bool dbw_text_append_char(dbw_text_buffer *buffer, char byte)
{
	return dbw_text_append(buffer, &byte, 1);
}

/** Appends text formatted as by printf. False when it failed, now or before. */
bool dbw_text_printf(dbw_text_buffer *buffer, const char *format, ...) __attribute__((format(printf, 2, 3)));

/** As dbw_text_printf() with the arguments in a list, which it leaves undefined as vprintf does. */
bool dbw_text_vprintf(dbw_text_buffer *buffer, const char *format, va_list arguments)
	__attribute__((format(printf, 2, 0)));

/**
 * Hands the text over: memory from malloc that the caller releases with free(); its length in bytes goes to
 * `*length` unless that is NULL. The buffer is empty afterwards, as after dbw_text_clear(). Returns NULL,
 * with 0 in `*length`, when the buffer has failed or memory is short now.
 */
char *dbw_text_steal(dbw_text_buffer *buffer, size_t *length);

#ifdef __cplusplus
}
#endif

#endif

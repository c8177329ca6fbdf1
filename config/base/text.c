#include <base/text.h>

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* What an empty buffer without storage shows; never written, as its capacity is 0. */
static char nothing[1];

void dbw_text_init(dbw_text_buffer *buffer, char *storage, size_t size)
{
	buffer->length = 0;
	buffer->failed = false;
	buffer->owned = false;
	if (storage == NULL || size == 0) {
		buffer->data = nothing;
		buffer->capacity = 0;
		return;
	}
	buffer->data = storage;
	buffer->data[0] = '\0';
	buffer->capacity = size - 1;
}

void dbw_text_clear(dbw_text_buffer *buffer)
{
	if (buffer->owned)
		free(buffer->data);
	dbw_text_init(buffer, NULL, 0);
}

void dbw_text_truncate(dbw_text_buffer *buffer, size_t length)
{
	if (length >= buffer->length)
		return;
	buffer->length = length;
	buffer->data[length] = '\0';
}

bool dbw_text_reserve(dbw_text_buffer *buffer, size_t more)
{
	size_t wanted, capacity = buffer->capacity < 32 ? 63 : buffer->capacity;
	char *data = NULL;

	if (buffer->failed)
		return false;
	if (more <= buffer->capacity - buffer->length)
		return true;
	if (more < PTRDIFF_MAX - buffer->length) {
		wanted = buffer->length + more;
		if (capacity <= PTRDIFF_MAX / 2)
			capacity = capacity * 2 + 1;
		if (capacity < wanted)
			capacity = wanted;
		data = buffer->owned ? realloc(buffer->data, capacity + 1) : malloc(capacity + 1);
	}
	if (data == NULL) {
		buffer->failed = true;
		return false;
	}
	if (!buffer->owned)
		memcpy(data, buffer->data, buffer->length + 1);
	buffer->data = data;
	buffer->owned = true;
	buffer->capacity = capacity;
	return true;
}

bool dbw_text_vprintf(dbw_text_buffer *buffer, const char *format, va_list arguments)
{
	va_list again;
	size_t room = buffer->capacity - buffer->length;
	int length;

	if (buffer->failed)
		return false;
	va_copy(again, arguments);
	/* Most texts fit at once. Without capacity even the NUL of vsnprintf has no room. */
	length = vsnprintf(buffer->capacity == 0 ? NULL : buffer->data + buffer->length,
		buffer->capacity == 0 ? 0 : room + 1, format, arguments);
	if (length >= 0 && (size_t)length > room) {
		if (dbw_text_reserve(buffer, (size_t)length))
			vsnprintf(buffer->data + buffer->length, (size_t)length + 1, format, again);
	}
	va_end(again);
	if (length < 0)
		buffer->failed = true;
	if (!buffer->failed)
		buffer->length += (size_t)length;
	else if (buffer->capacity != 0)
		buffer->data[buffer->length] = '\0'; /* Not the cut text that the first attempt left. */
	return !buffer->failed;
}

bool dbw_text_printf(dbw_text_buffer *buffer, const char *format, ...)
{
	va_list arguments;
	bool done;

	va_start(arguments, format);
	done = dbw_text_vprintf(buffer, format, arguments);
	va_end(arguments);
	return done;
}

char *dbw_text_steal(dbw_text_buffer *buffer, size_t *length)
{
	char *text = NULL;

	if (length != NULL)
		*length = 0;
	if (!buffer->failed && buffer->owned) {
		text = buffer->data;
		buffer->owned = false;
	} else if (!buffer->failed) {
		text = malloc(buffer->length + 1);
		if (text != NULL)
			memcpy(text, buffer->data, buffer->length + 1);
	}
	if (text != NULL && length != NULL)
		*length = buffer->length;
	dbw_text_clear(buffer);
	return text;
}

#include "outputs.h"

#include "manifest.h"

#include <base/text.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

void ir__outputs_begin(
	ir__outputs *outputs, const char *folder, dbw_arena *arena, dbw_diagnostics *diagnostics)
{
	*outputs = (ir__outputs){
		.folder = folder,
		.arena = arena,
		.diagnostics = diagnostics,
		.waiting = -1,
	};
	outputs->last = &outputs->first;
}

void ir__outputs_end(ir__outputs *outputs)
{
	for (ir__output *file = outputs->first; file != NULL; file = file->next)
		ir__drop_file(&file->beside);
	if (outputs->waiting >= 0)
		close(outputs->waiting);
	outputs->waiting = -1;
}

static bool out_of_memory(const ir__outputs *outputs)
{
	dbw_report(outputs->diagnostics, DBW_SEVERITY_ERROR, (dbw_position){ 0 }, "out-of-memory", NULL,
		"out of memory");
	return false;
}

/* Puts the text at the end of those that wait. Returns an error of errno.h, 0 if there is none. */
static int put(ir__outputs *outputs, const char *text, size_t length)
{
	if (outputs->waiting < 0) {
		int error = ir__open_nameless(outputs->folder, &outputs->waiting);

		if (error != 0)
			return error;
	}
	return ir__append_file(outputs->waiting, text, length);
}

/* Reads a text that waits. Returns an error of errno.h, 0 if there is none. */
static int get(const ir__outputs *outputs, const ir__output *file, char *text)
{
	for (size_t done = 0; done < file->length;) {
		ssize_t count =
			pread(outputs->waiting, text + done, file->length - done, file->at + (off_t)done);

		if (count < 0 && errno != EINTR)
			return errno;
		if (count == 0)
			return EIO;
		if (count > 0)
			done += (size_t)count;
	}
	return 0;
}

static const char *path_of(const ir__outputs *outputs, dbw_text_buffer *buffer, const char *path)
{
	dbw_text_truncate(buffer, 0);
	return dbw_text_printf(buffer, "%s/%s", outputs->folder, path) ? buffer->data : NULL;
}

bool ir__outputs_add(ir__outputs *outputs, const char *path, const char *text, size_t length)
{
	char storage[1024];
	dbw_text_buffer buffer;
	ir__output *file = dbw_arena_alloc_zeroed(outputs->arena, 1, sizeof *file);
	const char *whole;
	int error = 0;

	dbw_text_init(&buffer, storage, sizeof storage);
	whole = file == NULL ? NULL : path_of(outputs, &buffer, path);
	if (whole == NULL) {
		dbw_text_clear(&buffer);
		return out_of_memory(outputs);
	}
	*file = (ir__output){ .path = path, .sum = ir__checksum(text, length), .length = length, .at = -1 };
	if (!ir__file_has(whole, text, length)) {
		error = put(outputs, text, length);
		file->at = outputs->end;
		outputs->end += (off_t)length;
		if (length > outputs->longest)
			outputs->longest = length;
	}
	if (error != 0)
		ir__write_failed(outputs->diagnostics, whole, error);
	dbw_text_clear(&buffer);
	*outputs->last = file;
	outputs->last = &file->next;
	outputs->count++;
	return error == 0;
}

static bool write_file(const ir__outputs *outputs, ir__output *file, dbw_text_buffer *path, char *text)
{
	const char *whole = path_of(outputs, path, file->path);
	int error;

	if (whole == NULL)
		return out_of_memory(outputs);
	error = get(outputs, file, text);
	if (error != 0)
		return ir__write_failed(outputs->diagnostics, whole, error);
	return ir__write_beside(&file->beside, whole, text, file->length, outputs->diagnostics);
}

bool ir__outputs_write(ir__outputs *outputs)
{
	char storage[1024];
	dbw_text_buffer path;
	char *text;
	bool done = true;

	if (outputs->waiting < 0)
		return true;
	text = malloc(outputs->longest + 1);
	if (text == NULL)
		return out_of_memory(outputs);
	dbw_text_init(&path, storage, sizeof storage);
	for (ir__output *file = outputs->first; done && file != NULL; file = file->next)
		done = file->at < 0 || write_file(outputs, file, &path, text);
	dbw_text_clear(&path);
	free(text);
	return done;
}

bool ir__outputs_place(ir__outputs *outputs, size_t *written)
{
	*written = 0;
	for (ir__output *file = outputs->first; file != NULL; file = file->next) {
		if (file->at < 0)
			continue;
		if (!ir__place_file(&file->beside, outputs->diagnostics))
			return false;
		*written += 1;
	}
	return true;
}

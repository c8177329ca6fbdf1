#include "write.h"

#include <base/text.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool ir__write_failed(dbw_diagnostics *diagnostics, const char *path, int error)
{
	dbw_report(diagnostics, DBW_SEVERITY_ERROR, (dbw_position){ .file = path }, "write-failed", NULL,
		"cannot write this file: %s", strerror(error));
	return false;
}

/* What cannot be read has another content. */
bool ir__file_has(const char *path, const char *text, size_t length)
{
	char piece[16384];
	struct stat status;
	size_t done = 0;
	ssize_t count = 0;
	int file = open(path, O_RDONLY | O_CLOEXEC);

	if (file < 0)
		return false;
	if (fstat(file, &status) == 0 && S_ISREG(status.st_mode) &&
		(unsigned long long)status.st_size == length)
		while (done < length && (count = read(file, piece, sizeof piece)) > 0 &&
			(size_t)count <= length - done && memcmp(piece, text + done, (size_t)count) == 0)
			done += (size_t)count;
	else
		count = -1;
	close(file);
	return count >= 0 && done == length;
}

/* Makes the folders that lead to the file. Returns an error of errno.h, 0 if there is none. */
static int make_folders(char *path)
{
	for (char *slash = strchr(path + (*path == '/'), '/'); slash != NULL;
		slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		const int error = mkdir(path, 0777) == 0 ? 0 : errno;

		/* A folder that is there need not be one that could be made. */
		if (error != 0 && error != EEXIST && access(path, F_OK) != 0)
			return error;
		*slash = '/';
	}
	return 0;
}

int ir__append_file(int file, const char *text, size_t length)
{
	while (length > 0) {
		ssize_t count = write(file, text, length);

		if (count < 0 && errno != EINTR)
			return errno;
		if (count > 0) {
			text += count;
			length -= (size_t)count;
		}
	}
	return 0;
}

int ir__open_nameless(const char *folder, int *file)
{
	char storage[1024];
	dbw_text_buffer path;
	int error = ENOMEM;

	*file = -1;
	dbw_text_init(&path, storage, sizeof storage);
	if (dbw_text_printf(&path, "%s/.%ld.new", folder, (long)getpid())) {
		error = make_folders(path.data);
		if (error == 0) {
			*file = open(path.data, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
			error = *file < 0 || unlink(path.data) != 0 ? errno : 0;
		}
	}
	dbw_text_clear(&path);
	return error;
}

/* Makes a file. `how` is what open() does with one that is there. Nothing is left of it after an error. */
static int create(const char *path, int how, const char *text, size_t length)
{
	int file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | how, 0666);
	int error;

	if (file < 0)
		return errno;
	error = ir__append_file(file, text, length);
	if (close(file) != 0 && error == 0)
		error = errno;
	if (error != 0)
		unlink(path);
	return error;
}

bool ir__create_file(const char *path, const char *text, size_t length, dbw_diagnostics *diagnostics)
{
	char storage[1024];
	dbw_text_buffer folders;
	int error = ENOMEM;

	dbw_text_init(&folders, storage, sizeof storage);
	if (dbw_text_append_z(&folders, path)) {
		error = make_folders(folders.data);
		if (error == 0)
			error = create(path, O_EXCL, text, length);
	}
	dbw_text_clear(&folders);
	return error == 0 || ir__write_failed(diagnostics, path, error);
}

/* What nothing can be renamed to is found before anything is renamed. */
static bool is_folder(const char *path)
{
	struct stat status;

	return lstat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

static bool name_beside(ir__beside *beside, const char *path)
{
	enum { MORE = 32 };
	const size_t length = strlen(path) + 1;

	*beside = (ir__beside){ .path = malloc(2 * length + MORE) };
	if (beside->path == NULL)
		return false;
	memcpy(beside->path, path, length);
	beside->name = beside->path + length;
	/* Two generators at work on one folder do not meet. */
	snprintf(beside->name, length + MORE, "%s.%ld.new", path, (long)getpid());
	return true;
}

static void forget(ir__beside *beside)
{
	free(beside->path);
	*beside = (ir__beside){ 0 };
}

bool ir__write_beside(
	ir__beside *beside, const char *path, const char *text, size_t length, dbw_diagnostics *diagnostics)
{
	int error = ENOMEM;

	if (name_beside(beside, path)) {
		error = is_folder(path) ? EISDIR : make_folders(beside->name);
		if (error == 0)
			error = create(beside->name, O_TRUNC, text, length);
	}
	if (error == 0)
		return true;
	forget(beside);
	return ir__write_failed(diagnostics, path, error);
}

bool ir__place_file(ir__beside *beside, dbw_diagnostics *diagnostics)
{
	if (beside->path == NULL)
		return true;
	const int error = rename(beside->name, beside->path) == 0 ? 0 : errno;

	if (error != 0) {
		ir__write_failed(diagnostics, beside->path, error);
		unlink(beside->name);
	}
	forget(beside);
	return error == 0;
}

void ir__drop_file(ir__beside *beside)
{
	if (beside->path != NULL)
		unlink(beside->name);
	forget(beside);
}

static bool write_anew(const char *path, const char *text, size_t length, dbw_diagnostics *diagnostics)
{
	ir__beside beside;

	return ir__write_beside(&beside, path, text, length, diagnostics) &&
	       ir__place_file(&beside, diagnostics);
}

bool ir__write_file(
	const char *path, const char *text, size_t length, bool *changed, dbw_diagnostics *diagnostics)
{
	bool same = ir__file_has(path, text, length);
	bool done = same || write_anew(path, text, length, diagnostics);

	if (changed != NULL)
		*changed = done && !same;
	return done;
}

bool ir__touch_file(const char *path, const char *text, size_t length, dbw_diagnostics *diagnostics)
{
	return write_anew(path, text, length, diagnostics);
}

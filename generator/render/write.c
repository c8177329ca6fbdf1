#include "write.h"

#include <base/text.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool fail(dbw_diagnostics *diagnostics, const char *path, int error)
{
	dbw_report(diagnostics, DBW_SEVERITY_ERROR, (dbw_position){ .file = path }, "write-failed", NULL,
		"cannot write this file: %s", strerror(error));
	return false;
}

static void fail_folder(dbw_diagnostics *diagnostics, const char *path, const char *folder, int error)
{
	dbw_report(diagnostics, DBW_SEVERITY_ERROR, (dbw_position){ .file = path }, "write-failed", NULL,
		"cannot make its folder %s: %s", folder, strerror(error));
}

/* Whether the file is there with exactly this content. What cannot be read is not. */
static bool has_content(const char *path, const char *text, size_t length)
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

/*
 * Makes the folders that lead to the file. Returns an error of errno.h where one cannot be made, with the path cut behind
 * it, and 0 where all are there.
 */
static int make_folders(char *path)
{
	for (char *slash = strchr(path + (*path == '/'), '/'); slash != NULL;
		slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		const int error = mkdir(path, 0777) == 0 ? 0 : errno;

		/* A folder that is there need not be writable. */
		if (error != 0 && error != EEXIST && access(path, F_OK) != 0)
			return error;
		*slash = '/';
	}
	return 0;
}

static int write_all(int file, const char *text, size_t length)
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

/* Writes the new file and puts it in the place of the old one. Returns an error of errno.h, 0 if there is none. */
static int replace(const char *path, const char *beside, const char *text, size_t length)
{
	int file = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	int error;

	if (file < 0)
		return errno;
	error = write_all(file, text, length);
	if (close(file) != 0 && error == 0)
		error = errno;
	if (error == 0 && rename(beside, path) != 0)
		error = errno;
	if (error != 0)
		unlink(beside);
	return error;
}

static int create(const char *path, const char *text, size_t length)
{
	int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	int error;

	if (file < 0)
		return errno;
	error = write_all(file, text, length);
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
	bool done = false;
	int error;

	dbw_text_init(&folders, storage, sizeof storage);
	if (!dbw_text_append_z(&folders, path))
		fail(diagnostics, path, ENOMEM);
	else if ((error = make_folders(folders.data)) != 0)
		fail_folder(diagnostics, path, folders.data, error);
	else
		done = (error = create(path, text, length)) == 0 || fail(diagnostics, path, error);
	dbw_text_clear(&folders);
	return done;
}

static bool write_anew(const char *path, const char *text, size_t length, dbw_diagnostics *diagnostics)
{
	char storage[1024];
	dbw_text_buffer beside;
	bool done = false;
	int error;

	dbw_text_init(&beside, storage, sizeof storage);
	/* Two generators at work on one folder do not meet. */
	if (!dbw_text_printf(&beside, "%s.%ld.new", path, (long)getpid()))
		fail(diagnostics, path, ENOMEM);
	else if ((error = make_folders(beside.data)) != 0)
		fail_folder(diagnostics, path, beside.data, error);
	else
		done = (error = replace(path, beside.data, text, length)) == 0 ||
		       fail(diagnostics, path, error);
	dbw_text_clear(&beside);
	return done;
}

bool ir__write_file(
	const char *path, const char *text, size_t length, bool *changed, dbw_diagnostics *diagnostics)
{
	bool same = has_content(path, text, length);
	bool done = same || write_anew(path, text, length, diagnostics);

	if (changed != NULL)
		*changed = done && !same;
	return done;
}

bool ir__touch_file(const char *path, const char *text, size_t length, dbw_diagnostics *diagnostics)
{
	return write_anew(path, text, length, diagnostics);
}

/* A provider that is no database with SQL: see memo.h. One text is one file. */
#include "memo.h"

#include <dbwright/provider.h>

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_SIZE = 4096 };

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_";

/* The handle, and what is behind it. */
struct folder {
	memo calls;
	const dbw_provider_host *host;
	char *path;
};

static struct folder *folder_of(void *handle)
{
	return handle;
}

static dbw_status fail(const struct folder *folder, dbw_status status, const char *what, dbw_error *error)
{
	return folder->host->set_error(error, status, "%s", what);
}

static int is_name(const char *text)
{
	return *text != '\0' && text[strspn(text, letters)] == '\0';
}

/* The path of a name's file, or of the one that is written before it takes its place. */
static dbw_status find_file(const struct folder *folder, const char *name, const char *suffix,
	char path[PATH_SIZE], dbw_error *error)
{
	int length = is_name(name) ? snprintf(path, PATH_SIZE, "%s/%s%s", folder->path, name, suffix) : -1;

	return length < 0 || length >= PATH_SIZE
		       ? fail(folder, DBW_INVALID, "a memo's name is letters, digits and _", error)
		       : DBW_OK;
}

static dbw_status put(memo *own, const char *name, const char *text, dbw_error *error)
{
	const struct folder *folder = folder_of(own);
	char path[PATH_SIZE], fresh[PATH_SIZE];
	dbw_status status = find_file(folder, name, "", path, error);
	int file, good;

	if (status == DBW_OK)
		status = find_file(folder, name, ".XXXXXX", fresh, error);
	if (status != DBW_OK)
		return status;
	if (strlen(text) >= MEMO_SIZE)
		return fail(folder, DBW_INVALID, "a memo is too long", error);
	file = mkstemp(fresh);
	if (file < 0)
		return fail(folder, DBW_ENGINE, strerror(errno), error);
	good = write(file, text, strlen(text)) == (ssize_t)strlen(text);
	good = close(file) == 0 && good && rename(fresh, path) == 0;
	if (!good)
		unlink(fresh);
	return good ? DBW_OK : fail(folder, DBW_ENGINE, "the memo cannot be written", error);
}

static dbw_status get(memo *own, const char *name, char out[MEMO_SIZE], dbw_error *error)
{
	const struct folder *folder = folder_of(own);
	char path[PATH_SIZE];
	dbw_status status = find_file(folder, name, "", path, error);
	size_t length;
	FILE *file;

	out[0] = '\0';
	if (status != DBW_OK)
		return status;
	file = fopen(path, "r");
	if (file == NULL)
		return errno == ENOENT ? fail(folder, DBW_NOT_FOUND, "there is no such memo", error)
				       : fail(folder, DBW_ENGINE, strerror(errno), error);
	length = fread(out, 1, MEMO_SIZE - 1, file);
	out[length] = '\0';
	if (ferror(file) != 0)
		status = fail(folder, DBW_ENGINE, "the memo cannot be read", error);
	fclose(file);
	return status;
}

static dbw_status memo_check(const dbw_address *address, dbw_error *error)
{
	if (address->setting_count != 0)
		return address->host->set_error(
			error, DBW_CONFIG, "a memo has no setting %s", address->settings[0].key);
	return address->location[0] == '/'
		       ? DBW_OK
		       : address->host->set_error(error, DBW_CONFIG, "say path: and the folder of the memos");
}

static dbw_status memo_close(void *handle, dbw_error *error)
{
	(void)error;
	free(folder_of(handle)->path);
	free(handle);
	return DBW_OK;
}

static dbw_status memo_open(const dbw_address *address, void **out, dbw_error *error)
{
	struct folder *folder = malloc(sizeof *folder);

	*out = NULL;
	if (folder == NULL)
		return address->host->set_error(error, DBW_OUT_OF_MEMORY, "out of memory");
	*folder = (struct folder){ { put, get }, address->host, strdup(address->location) };
	if (folder->path == NULL || (mkdir(folder->path, 0777) != 0 && errno != EEXIST)) {
		dbw_status status = folder->path == NULL ? DBW_OUT_OF_MEMORY : DBW_CONNECTION;

		fail(folder, status, strerror(errno), error);
		memo_close(folder, error);
		return status;
	}
	*out = folder;
	return DBW_OK;
}

static dbw_status memo_health(void *handle, dbw_error *error)
{
	const struct folder *folder = folder_of(handle);

	return access(folder->path, R_OK | W_OK | X_OK) == 0
		       ? DBW_OK
		       : fail(folder, DBW_CONNECTION, strerror(errno), error);
}

static dbw_status memo_reset(void *handle, dbw_error *error)
{
	const struct folder *folder = folder_of(handle);
	DIR *files = opendir(folder->path);
	dbw_status status = DBW_OK;
	struct dirent *each;

	if (files == NULL)
		return fail(folder, DBW_ENGINE, strerror(errno), error);
	while ((each = readdir(files)) != NULL && status == DBW_OK)
		if (is_name(each->d_name) && unlinkat(dirfd(files), each->d_name, 0) != 0)
			status = fail(folder, DBW_ENGINE, strerror(errno), error);
	closedir(files);
	return status;
}

static const dbw_store memo_store = {
	.check = memo_check,
	.open = memo_open,
	.close = memo_close,
	.health = memo_health,
	.reset = memo_reset,
};

DBW_API extern const dbw_provider memo_provider;
const dbw_provider memo_provider = {
	DBW_PROVIDER_HEAD,
	.name = "memo",
	.title = "memos in a folder",
	.store = &memo_store,
};

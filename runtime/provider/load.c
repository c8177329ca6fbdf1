/* Providers from libraries, found by the dynamic linker. */
#include <provider/loading.h>

#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static dbw_status refuse_folder(
	const struct dbw__provider_loading *loading, const char *path, dbw_error *error)
{
	if (loading->folder_count == 0)
		return dbw__fail(error, DBW_PROVIDER,
			"the library %s is not loaded: no folder is allowed to load from (%s)", path,
			loading->setting);
	return dbw__fail(error, DBW_PROVIDER,
		"the library %s is not loaded: its folder is none of those that may be loaded from (%s: %s%s)",
		path, loading->setting, loading->folders[0], loading->folder_count > 1 ? ", ..." : "");
}

static dbw_status refuse_path(const char *path, int problem, dbw_error *error)
{
	if (problem == ENAMETOOLONG)
		return dbw__fail(error, DBW_PROVIDER, "the path of a provider's library is too long");
	return dbw__fail(error, DBW_PROVIDER, "there is no library %s to load: %s", path, strerror(problem));
}

/* The first of the folders that has the library; the path of the first where none has. */
static dbw_status look_in_folders(
	const struct dbw__provider_loading *loading, char real[PATH_MAX], dbw_error *error)
{
	for (size_t i = 0; i < loading->folder_count; i++) {
		char path[PATH_MAX];
		const int length =
			snprintf(path, sizeof path, "%s/%s", loading->folders[i], loading->library);

		if (length < 0 || (size_t)length >= sizeof path)
			return refuse_path("", ENAMETOOLONG, error);
		if (realpath(path, real) != NULL)
			return DBW_OK;
		if (errno != ENOENT && errno != ENOTDIR)
			return refuse_path(path, errno, error);
	}
	if (loading->folder_count == 0)
		return refuse_folder(loading, loading->library, error);
	return dbw__fail(error, DBW_PROVIDER,
		"there is no library %s in the folders that may be loaded from (%s: %s%s)", loading->library,
		loading->setting, loading->folders[0], loading->folder_count > 1 ? ", ..." : "");
}

/* The length of the allowed folder that the path is below; 0: none. */
static size_t allowed_folder(const struct dbw__provider_loading *loading, const char *path)
{
	for (size_t i = 0; i < loading->folder_count; i++) {
		char folder[PATH_MAX];
		size_t length;

		if (realpath(loading->folders[i], folder) == NULL)
			continue;
		length = strlen(folder);
		if (length > 1 && strncmp(path, folder, length) == 0 && path[length] == '/')
			return length;
	}
	return 0;
}

/* Whoever can write to the file, or put another one in its place, decides what the program does. */
static dbw_status check_writers(char path[PATH_MAX], size_t folder, dbw_error *error)
{
	struct stat facts;

	for (size_t length = strlen(path); length >= folder;) {
		const char cut = path[length];

		path[length] = '\0';
		if (stat(path, &facts) != 0)
			return refuse_path(path, errno, error);
		if ((facts.st_mode & S_IWOTH) != 0)
			return dbw__fail(error, DBW_PROVIDER,
				"a provider's library is not loaded: everybody may write to %s", path);
		path[length] = cut;
		do
			length--;
		while (length >= folder && path[length] != '/');
	}
	return DBW_OK;
}

/* The file that is meant, in `real`, if it may be loaded. */
static dbw_status find(const struct dbw__provider_loading *loading, char real[PATH_MAX], dbw_error *error)
{
	dbw_status status = DBW_OK;
	size_t folder;

	if (strchr(loading->library, '/') == NULL)
		status = look_in_folders(loading, real, error);
	else if (realpath(loading->library, real) == NULL)
		status = refuse_path(loading->library, errno, error);
	if (status != DBW_OK)
		return status;
	folder = allowed_folder(loading, real);
	return folder == 0 ? refuse_folder(loading, real, error) : check_writers(real, folder, error);
}

static void unload(void *handle)
{
	dlclose(handle);
}

dbw_status dbw_load_provider(struct dbw__provider_loading *loading, dbw_error *error)
{
	char path[PATH_MAX];
	const char *reason;
	dbw_status status = find(loading, path, error);
	void *handle;

	if (status != DBW_OK)
		return status;
	/* All of its symbols now, so that none is missing later, and none of them for other libraries. */
	handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	if (handle == NULL) {
		reason = dlerror();
		return dbw__fail(error, DBW_PROVIDER, "the library %s cannot be loaded: %s", path,
			reason == NULL ? "the dynamic linker does not say why" : reason);
	}
	loading->provider = dlsym(handle, loading->symbol);
	if (loading->provider == NULL) {
		unload(handle);
		return dbw__fail(error, DBW_PROVIDER,
			"the library %s has no symbol %s: a provider is a `const dbw_provider` with default visibility",
			path, loading->symbol);
	}
	loading->handle = handle;
	loading->unload = unload;
	return DBW_OK;
}

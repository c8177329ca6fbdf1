#include "registry.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_SIZE = 4096 };

static dbw_status no_memory(dbw_error *error)
{
	return dbw__fail(error, DBW_OUT_OF_MEMORY, "out of memory");
}

dbw_status dbw__find_root(dbw_arena *arena, const char **out, dbw_error *error)
{
	const char *root = getenv("DBWRIGHT_ROOT");
	char folder[PATH_SIZE];

	if (root == NULL)
		root = "";
	if (root[0] == '/') {
		*out = dbw_arena_copy(arena, root, strlen(root));
	} else {
		if (getcwd(folder, sizeof folder) == NULL)
			return dbw__fail(error, DBW_CONFIG,
				"the working directory cannot be found: %s; set DBWRIGHT_ROOT",
				strerror(errno));
		*out = root[0] == '\0' ? dbw_arena_copy(arena, folder, strlen(folder))
				       : dbw_arena_printf(arena, "%s/%s", folder, root);
	}
	return *out == NULL ? no_memory(error) : DBW_OK;
}

dbw_status dbw__make_folders(const char *path, dbw_error *error)
{
	char folder[PATH_SIZE];

	for (const char *slash = strchr(path + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
		const size_t length = (size_t)(slash - path);

		if (length >= sizeof folder)
			return dbw__fail(error, DBW_CONFIG, "the path of a database is too long");
		memcpy(folder, path, length);
		folder[length] = '\0';
		if (mkdir(folder, 0777) != 0 && errno != EEXIST)
			return dbw__fail(error, DBW_CONFIG, "the folder %s cannot be made: %s", folder,
				strerror(errno));
	}
	return DBW_OK;
}

dbw_status dbw__make_temporary(dbw_arena *arena, const char **out, dbw_error *error)
{
	static const char suffix[] = ".db";
	const char *folders[] = { "/dev/shm", getenv("TMPDIR"), "/tmp" };

	for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
		char *path;
		int file;

		if (folders[i] == NULL || folders[i][0] == '\0')
			continue;
		path = dbw_arena_printf(arena, "%s/dbwright-XXXXXX%s", folders[i], suffix);
		if (path == NULL)
			return no_memory(error);
		file = mkstemps(path, (int)strlen(suffix));
		if (file >= 0) {
			close(file);
			*out = path;
			return DBW_OK;
		}
	}
	return dbw__fail(error, DBW_CONFIG, "no temporary file can be made in /dev/shm, $TMPDIR or /tmp: %s",
		strerror(errno));
}

dbw_status dbw__remove_temporary(const char *path, dbw_error *error)
{
	static const char *const suffixes[] = { "-wal", "-shm", "-journal", "" };
	dbw_status status = DBW_OK;

	for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++) {
		char name[PATH_SIZE + 16];

		snprintf(name, sizeof name, "%s%s", path, suffixes[i]);
		if (unlink(name) != 0 && errno != ENOENT)
			status = dbw__fail(error, DBW_ENGINE, "cannot remove the temporary file %s: %s", name,
				strerror(errno));
	}
	return status;
}

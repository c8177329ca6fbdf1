#include "connection.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { OLDEST_SQLITE = 3037000 };

dbw_status dbw__sqlite_check(const dbw_address *address, dbw_error *error)
{
	sqlite_settings settings;

	if (sqlite3_libversion_number() < OLDEST_SQLITE)
		return dbw__fail(error, DBW_PROVIDER, "SQLite %s is too old: 3.37 or later is needed",
			sqlite3_libversion());
	if (sqlite3_threadsafe() == 0)
		return dbw__fail(error, DBW_PROVIDER, "this SQLite was built without threads");
	/* To SQLite no name is a file of its own that goes with the connection. */
	if (address->location != NULL && address->location[0] == '\0')
		return dbw__fail(error, DBW_CONFIG,
			"database \"%s\": nothing says which file it is; write path: or connection_string:",
			address->database);
	return dbw__sqlite_settings_read(address, &settings, error);
}

/* Why a file cannot be opened, in words that say what to do. */
static dbw_status explain_open(const char *path, int code, int number, dbw_error *error)
{
	const char *slash = strrchr(path, '/');
	int folder_length = slash == NULL ? 0 : (int)(slash - path);
	struct stat facts;
	dbw_status status = DBW_CONNECTION;

	if (stat(path, &facts) == 0) {
		if (S_ISDIR(facts.st_mode))
			dbw__fail(error, status, "cannot open %s: it is a folder", path);
		else if (access(path, R_OK | W_OK) != 0)
			dbw__fail(error, status, "cannot open %s: no permission to read and write it", path);
		else
			dbw__fail(error, status, "cannot open %s: %s", path, sqlite3_errstr(code));
	} else if (errno == ENOENT && folder_length > 0) {
		char folder[512];

		if ((size_t)folder_length >= sizeof folder) {
			dbw__fail(error, status, "cannot open %s: its folder does not exist", path);
		} else {
			memcpy(folder, path, (size_t)folder_length);
			folder[folder_length] = '\0';
			if (stat(folder, &facts) != 0)
				dbw__fail(error, status, "cannot open %s: the folder %s does not exist", path,
					folder);
			else if (access(folder, W_OK | X_OK) != 0)
				dbw__fail(error, status, "cannot open %s: no permission to create it in %s",
					path, folder);
			else
				dbw__fail(error, status, "cannot open %s: %s", path,
					number != 0 ? strerror(number) : sqlite3_errstr(code));
		}
	} else {
		dbw__fail(error, status, "cannot open %s: %s", path,
			number != 0 ? strerror(number) : sqlite3_errstr(code));
	}
	error->native_code = code;
	return status;
}

/* Puts the file's name before what went wrong while it was set up. */
static dbw_status explain_setup(const dbw_address *address, dbw_status status, dbw_error *error)
{
	const dbw_error said = *error;
	int code = error->native_code;

	switch (code & 0xff) {
	case SQLITE_NOTADB:
		dbw__fail(error, DBW_CONNECTION, "cannot open %s: it is not a SQLite database",
			address->location);
		break;
	case SQLITE_READONLY:
		dbw__fail(error, DBW_CONNECTION, "cannot open %s: no permission to write it",
			address->location);
		break;
	case SQLITE_CANTOPEN: return explain_open(address->location, code, 0, error);
	case SQLITE_OK:
	case SQLITE_NOMEM: return status;
	default: dbw__fail(error, status, "cannot open %s: %s", address->location, said.message); break;
	}
	error->native_code = code;
	return error->status;
}

dbw_status dbw__sqlite_open(const dbw_address *address, dbw_connection **out, dbw_error *error)
{
	sqlite_settings settings;
	sqlite_connection *own;
	dbw_status status;
	int code;

	*out = NULL;
	status = dbw__sqlite_settings_read(address, &settings, error);
	if (status != DBW_OK)
		return status;
	own = calloc(1, sizeof *own);
	if (own == NULL)
		return dbw__fail(error, DBW_OUT_OF_MEMORY, "out of memory");
	own->in_memory = strcmp(address->location, ":memory:") == 0;
	code = sqlite3_open_v2(address->location, &own->db,
		SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
		NULL);
	if (code == SQLITE_NOMEM || own->db == NULL) {
		status = dbw__fail(error, DBW_OUT_OF_MEMORY, "out of memory");
		goto out;
	}
	if (code != SQLITE_OK) {
		status = explain_open(address->location, code, sqlite3_system_errno(own->db), error);
		goto out;
	}
	/* SQLite falls back to reading alone where it may not write. */
	if (sqlite3_db_readonly(own->db, "main") == 1) {
		status = dbw__fail(error, DBW_CONNECTION, "cannot open %s: no permission to write it",
			address->location);
		goto out;
	}
	status = dbw__sqlite_settings_apply(own, address, &settings, error);
	if (status != DBW_OK)
		status = explain_setup(address, status, error);
out:
	if (status != DBW_OK) {
		dbw__sqlite_close((dbw_connection *)own);
		return status;
	}
	*out = (dbw_connection *)own;
	return DBW_OK;
}

void dbw__sqlite_close(dbw_connection *connection)
{
	sqlite_connection *own = connection_of(connection);

	if (own == NULL)
		return;
	if (own->db != NULL) {
		sqlite3_stmt *statement;

		/* Ours and whatever the layers above have not released. */
		while ((statement = sqlite3_next_stmt(own->db, NULL)) != NULL)
			sqlite3_finalize(statement);
		sqlite3_close(own->db);
	}
	free(own);
}

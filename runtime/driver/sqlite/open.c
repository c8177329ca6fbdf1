#include "connection.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { OLDEST_SQLITE = 3037000 };

/* A provider that builds upon this driver may be told of a place of any kind, with its secrets: it is not shown. */
static dbw_status check_location(const dbw_address *address, dbw_error *error)
{
	const char *location = address->location;

	/* To SQLite no name is a file of its own that goes with the connection. */
	if (location[0] == '\0')
		return dbw__fail(error, DBW_CONFIG,
			"database \"%s\": nothing says which file it is; write path: or connection_string:",
			address->database);
	if (location[0] != '/' && strcmp(location, ":memory:") != 0)
		return dbw__fail(error, DBW_CONFIG,
			"database \"%s\": its connection string names no file of SQLite; write sqlite:path/to/file.db",
			address->database);
	return DBW_OK;
}

dbw_status dbw__sqlite_check(const dbw_address *address, dbw_error *error)
{
	sqlite_settings settings;
	dbw_status status = DBW_OK;

	if (sqlite3_libversion_number() < OLDEST_SQLITE)
		return dbw__fail(error, DBW_PROVIDER, "SQLite %s is too old: 3.37 or later is needed",
			sqlite3_libversion());
	if (sqlite3_threadsafe() == 0)
		return dbw__fail(error, DBW_PROVIDER, "this SQLite was built without threads");
	if (address->location != NULL)
		status = check_location(address, error);
	return status != DBW_OK ? status : dbw__sqlite_settings_read(address, &settings, error);
}

static dbw_status fail_open(
	const dbw_address *address, dbw_status status, int code, const char *why, dbw_error *error)
{
	dbw__fail(error, status, "database \"%s\": cannot open %s: %s", address->database, address->location,
		why);
	error->native_code = code;
	return status;
}

/* Why a file that is not there cannot be made in its folder; false where that is not the folder's fault. */
static bool explain_folder(const char *path, char *why, size_t size)
{
	const char *slash = strrchr(path, '/');
	struct stat facts;
	char folder[512];

	if (slash == NULL || slash == path)
		return false;
	if ((size_t)(slash - path) >= sizeof folder) {
		snprintf(why, size, "its folder does not exist; make it, as dbwright db setup does");
		return true;
	}
	memcpy(folder, path, (size_t)(slash - path));
	folder[slash - path] = '\0';
	if (stat(folder, &facts) != 0)
		snprintf(why, size, "the folder %s does not exist; make it, as dbwright db setup does",
			folder);
	else if (access(folder, W_OK | X_OK) != 0)
		snprintf(why, size, "no permission to create it in %s", folder);
	else
		return false;
	return true;
}

/* Why a file cannot be opened, in words that say what to do. */
static dbw_status explain_open(const dbw_address *address, int code, int number, dbw_error *error)
{
	const char *path = address->location;
	struct stat facts;
	char folder[640];
	const char *why = number != 0 ? strerror(number) : sqlite3_errstr(code);

	if (stat(path, &facts) == 0) {
		if (S_ISDIR(facts.st_mode))
			why = "it is a folder";
		else if (access(path, R_OK | W_OK) != 0)
			why = "no permission to read and write it";
		else
			why = sqlite3_errstr(code);
	} else if (errno == ENOENT && explain_folder(path, folder, sizeof folder)) {
		why = folder;
	}
	return fail_open(address, DBW_CONNECTION, code, why, error);
}

/* Puts the file's name before what went wrong while it was set up. */
static dbw_status explain_setup(const dbw_address *address, dbw_status status, dbw_error *error)
{
	const dbw_error said = *error;
	int code = error->native_code;

	switch (code & 0xff) {
	case SQLITE_NOTADB:
		return fail_open(address, DBW_CONNECTION, code, "it is not a SQLite database", error);
	case SQLITE_READONLY:
		return fail_open(address, DBW_CONNECTION, code, "no permission to write it", error);
	case SQLITE_CANTOPEN: return explain_open(address, code, 0, error);
	case SQLITE_OK:
	case SQLITE_NOMEM: return status;
	default: return fail_open(address, status, code, said.message, error);
	}
}

/* Applies the settings, which may have to wait for others: until the deadline. */
static dbw_status set_up(
	sqlite_connection *own, const dbw_address *address, const sqlite_settings *settings, dbw_error *error)
{
	dbw_status status;

	own->deadline_ms = address->deadline_ms;
	status = dbw__sqlite_settings_apply(own, address, settings, error);
	if ((status == DBW_BUSY || status == DBW_CANCELLED) && dbw__sqlite_is_late(own) != NULL)
		status = dbw__fail(error, DBW_TIMEOUT,
			"database \"%s\": another connection has locked it until the session's deadline",
			address->database);
	if (own->deadline_ms != 0) {
		own->deadline_ms = 0;
		dbw__sqlite_set_limits(own);
	}
	return status;
}

dbw_status dbw__sqlite_open(const dbw_address *address, dbw_connection **out, dbw_error *error)
{
	sqlite_settings settings;
	sqlite_connection *own;
	dbw_status status;
	int code;

	*out = NULL;
	status = check_location(address, error);
	if (status == DBW_OK)
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
		status = explain_open(address, code, sqlite3_system_errno(own->db), error);
		goto out;
	}
	/* SQLite falls back to reading alone where it may not write. */
	if (sqlite3_db_readonly(own->db, "main") == 1) {
		status = fail_open(address, DBW_CONNECTION, 0, "no permission to write it", error);
		goto out;
	}
	status = set_up(own, address, &settings, error);
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

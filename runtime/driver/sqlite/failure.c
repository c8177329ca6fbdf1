#include "connection.h"

#include <errno.h>
#include <string.h>

/* The class of a result code; SQLite's manual, "Result and Error Codes". */
static dbw_status status_of(int code)
{
	if (code == SQLITE_IOERR_NOMEM)
		return DBW_OUT_OF_MEMORY;
	switch (code & 0xff) {
	case SQLITE_OK:
	case SQLITE_DONE:
	case SQLITE_ROW: return DBW_OK;
	case SQLITE_BUSY:
	case SQLITE_LOCKED: return DBW_BUSY;
	case SQLITE_NOMEM: return DBW_OUT_OF_MEMORY;
	case SQLITE_INTERRUPT: return DBW_CANCELLED;
	case SQLITE_CONSTRAINT: return DBW_CONFLICT;
	case SQLITE_TOOBIG: return DBW_INVALID;
	case SQLITE_SCHEMA: return DBW_SCHEMA_MISMATCH;
	case SQLITE_MISUSE: return DBW_MISUSE;
	case SQLITE_FULL: return DBW_DISK_FULL;
	case SQLITE_CORRUPT: return DBW_CORRUPT;
	case SQLITE_CANTOPEN:
	case SQLITE_NOTADB:
	case SQLITE_READONLY:
	case SQLITE_PERM:
	case SQLITE_AUTH: return DBW_CONNECTION;
	default: return DBW_ENGINE;
	}
}

/* SQLite's own words, or others where they leave open what to do. */
static const char *text_of(int code)
{
	switch (code & 0xff) {
	case SQLITE_FULL: return "the disk is full: make room";
	case SQLITE_IOERR: return "disk I/O error: look at the disk, its room and quotas";
	case SQLITE_BUSY:
		return "another connection has locked the database: end its transaction, or raise busy_timeout_ms";
	case SQLITE_CORRUPT: return "the database file is damaged: restore it from a copy";
	case SQLITE_NOTADB: return "the file is not a SQLite database";
	case SQLITE_READONLY:
		return "the database takes no writes: look at the rights of the file and its folder";
	default: return sqlite3_errstr(code);
	}
}

dbw_status dbw__sqlite_fail_code(int code, dbw_error *error)
{
	dbw_status status = dbw__fail(error, status_of(code), "%s", text_of(code));

	error->native_code = code;
	return status;
}

static bool begins_with(const char *text, const char *start)
{
	return strncmp(text, start, strlen(start)) == 0;
}

/* SQLite has one code for all mistakes in SQL; its text tells a missing table, column or unique index from the rest. */
static bool misses_an_object(const char *text)
{
	return begins_with(text, "no such table") || begins_with(text, "no such column") ||
	       strstr(text, "has no column named") != NULL || begins_with(text, "no such index") ||
	       begins_with(text, "ON CONFLICT clause does not match");
}

dbw_status dbw__sqlite_fail_prepare(sqlite_connection *own, int code, dbw_error *error)
{
	const char *text = sqlite3_errmsg(own->db);
	dbw_status status = status_of(code);

	if ((code & 0xff) == SQLITE_ERROR && misses_an_object(text))
		status = DBW_SCHEMA_MISMATCH;
	dbw__fail(error, status, "%s", (code & 0xff) == SQLITE_NOMEM ? "out of memory" : text);
	error->native_code = code;
	return status;
}

static void violate(dbw_violation *violation, dbw_constraint_kind kind, bool by_columns, const char *text)
{
	size_t length = strlen(text);

	if (length >= sizeof violation->text)
		length = sizeof violation->text - 1;
	violation->kind = kind;
	violation->by_columns = by_columns;
	memcpy(violation->text, text, length);
	violation->text[length] = '\0';
}

/* "UNIQUE constraint failed: users.email, users.name" or "UNIQUE constraint failed: index
 * 'users_lower_key'" */
static void violate_unique(dbw_violation *violation, dbw_constraint_kind kind, const char *text)
{
	violate(violation, kind, true, text);
	if (begins_with(text, "index '")) {
		size_t length;

		violate(violation, kind, false, text + strlen("index '"));
		length = strlen(violation->text);
		if (length > 0 && violation->text[length - 1] == '\'')
			violation->text[length - 1] = '\0';
	}
}

/*
 * What a constraint's failure says. The texts are those of sqlite3VdbeHalt(), OP_HaltIfNull and
 * sqlite3UniqueConstraint(); they hold names and never values. Foreign keys are not named; ON DELETE
 * RESTRICT reports them as a trigger.
 */
static dbw_status fail_constraint(sqlite_connection *own, int code, dbw_error *error)
{
	static const char foreign_key[] = "FOREIGN KEY constraint failed";
	dbw_violation *violation = &own->violation;
	const char *text = sqlite3_errmsg(own->db);
	const char *detail = strstr(text, "failed: ");

	detail = detail == NULL ? "" : detail + strlen("failed: ");
	switch (code) {
	case SQLITE_CONSTRAINT_UNIQUE: violate_unique(violation, DBW_UNIQUE, detail); break;
	case SQLITE_CONSTRAINT_PRIMARYKEY:
	case SQLITE_CONSTRAINT_ROWID: violate_unique(violation, DBW_PRIMARY_KEY, detail); break;
	case SQLITE_CONSTRAINT_CHECK: violate(violation, DBW_CHECK, false, detail); break;
	case SQLITE_CONSTRAINT_NOTNULL: violate(violation, DBW_NOT_NULL, true, detail); break;
	case SQLITE_CONSTRAINT_FOREIGNKEY: violate(violation, DBW_FOREIGN_KEY, false, ""); break;
	case SQLITE_CONSTRAINT_TRIGGER:
		if (strcmp(text, foreign_key) == 0) {
			violate(violation, DBW_FOREIGN_KEY, false, "");
			break;
		}
		dbw__fail(error, DBW_CONFLICT, "a trigger refuses the change");
		error->native_code = code;
		return DBW_CONFLICT;
	case SQLITE_CONSTRAINT_DATATYPE:
		/* "cannot store TEXT value in INTEGER column t.c": types and names only. */
		dbw__fail(error, DBW_SCHEMA_MISMATCH, "%s", text);
		error->native_code = code;
		return DBW_SCHEMA_MISMATCH;
	default: dbw__fail(error, DBW_CONFLICT, "%s", sqlite3_errstr(code)); break;
	}
	if (error->status != DBW_CONFLICT)
		dbw__fail(error, DBW_CONFLICT, "%s", text);
	error->native_code = code;
	return DBW_CONFLICT;
}

static bool is_room_missing(int number)
{
	return number == ENOSPC || number == EDQUOT || number == EFBIG;
}

/* What the last failed call on the database's file, or on its journal, gave (SQLite's manual, SQLITE_FCNTL_LAST_ERRNO). */
static int errno_of(sqlite3 *db, int which)
{
	sqlite3_file *file = NULL;
	int number = 0;

	if (sqlite3_file_control(db, "main", which, &file) != SQLITE_OK || file == NULL ||
		file->pMethods == NULL ||
		file->pMethods->xFileControl(file, SQLITE_FCNTL_LAST_ERRNO, &number) != SQLITE_OK)
		return 0;
	return number;
}

/*
 * SQLite knows a full disk by ENOSPC alone: a quota, or a limit of the process, is an I/O error to it. Of a COMMIT that fails
 * it keeps no number of the system.
 */
static bool is_out_of_room(const sqlite_connection *own, int code)
{
	if ((code & 0xff) != SQLITE_IOERR)
		return false;
	return is_room_missing(sqlite3_system_errno(own->db)) ||
	       (code == SQLITE_IOERR_WRITE &&
		       (is_room_missing(errno_of(own->db, SQLITE_FCNTL_FILE_POINTER)) ||
			       is_room_missing(errno_of(own->db, SQLITE_FCNTL_JOURNAL_POINTER))));
}

dbw_status dbw__sqlite_fail_step(sqlite_connection *own, int code, dbw_error *error)
{
	dbw_status status = status_of(code);
	const char *text, *late;
	size_t length;

	violate(&own->violation, 0, false, "");
	late = status == DBW_CANCELLED || status == DBW_BUSY ? dbw__sqlite_is_late(own) : NULL;
	if (late != NULL) {
		dbw__fail(error, DBW_TIMEOUT, "%s", late);
		error->native_code = code;
		return DBW_TIMEOUT;
	}
	if ((code & 0xff) == SQLITE_CONSTRAINT)
		return fail_constraint(own, code, error);
	if (is_out_of_room(own, code)) {
		dbw__fail(error, DBW_DISK_FULL,
			"no room to write, by the disk, a quota or a limit of file sizes: make room");
		error->native_code = code;
		return DBW_DISK_FULL;
	}
	if (code != SQLITE_ERROR)
		return dbw__sqlite_fail_code(code, error);
	/* The text of a plain error may quote what an SQL function was given ("fts5: syntax error near
	 * ..."): it is cut before anything that could be a value. */
	text = sqlite3_errmsg(own->db);
	if (misses_an_object(text))
		status = DBW_SCHEMA_MISMATCH;
	length = strcspn(text, ":\"'`[(0123456789");
	dbw__fail(error, status, "%.*s", (int)length, text);
	error->native_code = code;
	return status;
}

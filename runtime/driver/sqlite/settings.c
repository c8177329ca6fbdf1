#include "connection.h"

#include <base/suggest.h>

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Where a NULL ends each list. */
static const char *const journal_modes[] = { "wal", "delete", "truncate", "persist", "memory", "off", NULL };
static const char *const synchronous_modes[] = { "off", "normal", "full", "extra", NULL };
static const char *const temp_stores[] = { "default", "file", "memory", NULL };

static const char *const known_keys[] = { "path", "journal_mode", "synchronous", "busy_timeout_ms",
	"foreign_keys", "cache_size", "temp_store", "mmap_size", "operation_timeout_ms" };

static dbw_status wrong_setting(
	const dbw_address *address, const dbw_setting *setting, const char *expected, dbw_error *error)
{
	return dbw__fail(error, DBW_CONFIG, "database \"%s\": settings.%s has to be %s", address->database,
		setting->key, expected);
}

static bool read_word(const char *text, const char *const *words, const char **out)
{
	for (; *words != NULL; words++) {
		if (strcasecmp(text, *words) == 0) {
			*out = *words;
			return true;
		}
	}
	return false;
}

static bool read_integer(const char *text, int64_t least, int64_t greatest, int64_t *out)
{
	char *end;
	long long number;

	errno = 0;
	number = strtoll(text, &end, 10);
	if (end == text || *end != '\0' || errno != 0 || number < least || number > greatest)
		return false;
	*out = number;
	return true;
}

static dbw_status read_setting(
	const dbw_address *address, const dbw_setting *setting, sqlite_settings *out, dbw_error *error)
{
	const char *key = setting->key;
	const char *value = setting->value;
	int64_t number;

	if (strcmp(key, "journal_mode") == 0) {
		if (!read_word(value, journal_modes, &out->journal_mode))
			return wrong_setting(
				address, setting, "wal, delete, truncate, persist, memory or off", error);
	} else if (strcmp(key, "synchronous") == 0) {
		if (!read_word(value, synchronous_modes, &out->synchronous))
			return wrong_setting(address, setting, "off, normal, full or extra", error);
	} else if (strcmp(key, "temp_store") == 0) {
		if (!read_word(value, temp_stores, &out->temp_store))
			return wrong_setting(address, setting, "default, file or memory", error);
	} else if (strcmp(key, "busy_timeout_ms") == 0) {
		if (!read_integer(value, 0, INT_MAX, &number))
			return wrong_setting(address, setting, "a number of milliseconds", error);
		out->busy_timeout_ms = (int)number;
	} else if (strcmp(key, "operation_timeout_ms") == 0) {
		if (!read_integer(value, 0, INT_MAX, &number))
			return wrong_setting(address, setting, "a number of milliseconds", error);
		out->operation_timeout_ms = (int)number;
	} else if (strcmp(key, "foreign_keys") == 0) {
		if (strcmp(value, "true") != 0 && strcmp(value, "false") != 0)
			return wrong_setting(address, setting, "true or false", error);
		out->foreign_keys = strcmp(value, "true") == 0;
	} else if (strcmp(key, "cache_size") == 0) {
		if (!read_integer(value, INT_MIN + 1, INT_MAX, &out->cache_size))
			return wrong_setting(
				address, setting, "a number of pages, or of KiB with a minus sign", error);
		out->has_cache_size = true;
	} else if (strcmp(key, "mmap_size") == 0) {
		if (!read_integer(value, 0, INT64_MAX, &out->mmap_size))
			return wrong_setting(address, setting, "a number of bytes", error);
		out->has_mmap_size = true;
	} else if (strcmp(key, "path") != 0) {
		/* The path is the location by now. */
		const char *near = dbw_suggest(key, known_keys, sizeof known_keys / sizeof known_keys[0]);

		return dbw__fail(error, DBW_CONFIG, "database \"%s\": SQLite has no setting %s%s%s%s",
			address->database, key, near == NULL ? "" : "; did you mean ",
			near == NULL ? "" : near, near == NULL ? "" : "?");
	}
	return DBW_OK;
}

static void set_defaults(sqlite_settings *out)
{
	memset(out, 0, sizeof *out);
	out->journal_mode = "wal";
	out->synchronous = "normal";
	out->busy_timeout_ms = 5000;
	out->foreign_keys = true;
}

dbw_status dbw__sqlite_settings_read(const dbw_address *address, sqlite_settings *out, dbw_error *error)
{
	set_defaults(out);
	for (size_t i = 0; i < address->setting_count; i++) {
		dbw_status status = read_setting(address, &address->settings[i], out, error);

		if (status != DBW_OK)
			return status;
	}
	return DBW_OK;
}

bool dbw__sqlite_one_writer(const dbw_address *address, dbw_writer_wait *out)
{
	sqlite_settings settings;

	/* A database in memory has one connection. */
	if (strcmp(address->location, ":memory:") == 0)
		return false;
	set_defaults(&settings);
	/* Some may be for a provider that builds upon this driver: it checks its own. */
	for (size_t i = 0; i < address->setting_count; i++) {
		dbw_error unheard;

		(void)read_setting(address, &address->settings[i], &settings, &unheard);
	}
	*out = (dbw_writer_wait){ settings.busy_timeout_ms, DBW_BUSY, "busy_timeout_ms" };
	if (settings.operation_timeout_ms != 0 && settings.operation_timeout_ms < settings.busy_timeout_ms)
		*out = (dbw_writer_wait){ settings.operation_timeout_ms, DBW_TIMEOUT,
			"operation_timeout_ms" };
	return true;
}

/* Runs a PRAGMA and gives the text of its first answer, "" for none. */
static int ask(sqlite3 *db, const char *sql, char *answer, size_t size)
{
	sqlite3_stmt *statement;
	int code = sqlite3_prepare_v2(db, sql, -1, &statement, NULL);

	answer[0] = '\0';
	if (code != SQLITE_OK)
		return code;
	code = sqlite3_step(statement);
	if (code == SQLITE_ROW) {
		const unsigned char *text = sqlite3_column_text(statement, 0);

		/* No answer of these is NULL: only the memory for the text can be missing. */
		code = text == NULL ? SQLITE_NOMEM : SQLITE_DONE;
		if (text != NULL)
			snprintf(answer, size, "%s", (const char *)text);
	}
	sqlite3_finalize(statement);
	return code == SQLITE_DONE ? SQLITE_OK : code;
}

/* Sets a PRAGMA, asks for it, and compares: SQLite ignores in silence what it cannot do. */
static dbw_status set_and_verify(sqlite_connection *own, const dbw_address *address, const char *name,
	const char *value, const char *expected, dbw_error *error)
{
	char sql[96], answer[32];
	int code;

	snprintf(sql, sizeof sql, "PRAGMA %s = %s", name, value);
	code = ask(own->db, sql, answer, sizeof answer);
	if (code == SQLITE_OK) {
		snprintf(sql, sizeof sql, "PRAGMA %s", name);
		code = ask(own->db, sql, answer, sizeof answer);
	}
	if (code != SQLITE_OK)
		return dbw__sqlite_fail_code(code, error);
	if (strcmp(answer, expected) == 0)
		return DBW_OK;
	return dbw__fail(error, DBW_CONFIG,
		"database \"%s\": settings.%s: SQLite keeps \"%s\" here and not \"%s\"", address->database,
		name, answer, expected);
}

static dbw_status set_number(
	sqlite_connection *own, const dbw_address *address, const char *name, int64_t value, dbw_error *error)
{
	char text[24];

	snprintf(text, sizeof text, "%lld", (long long)value);
	return set_and_verify(own, address, name, text, text, error);
}

/* `word` by its number in a list, as PRAGMA answers it. */
static dbw_status set_word(sqlite_connection *own, const dbw_address *address, const char *name,
	const char *word, const char *const *words, dbw_error *error)
{
	char number[16];
	int place = 0;

	while (words[place] != word)
		place++;
	snprintf(number, sizeof number, "%d", place);
	return set_and_verify(own, address, name, number, number, error);
}

/*
 * While one connection turns a file to WAL, SQLite gives SQLITE_BUSY to another one without asking its busy
 * handler (it could be a deadlock); so it is tried again here until the busy timeout has passed.
 */
static dbw_status set_journal_mode(
	sqlite_connection *own, const dbw_address *address, const sqlite_settings *settings, dbw_error *error)
{
	enum { PAUSE_MS = 5 };
	int waited_ms = 0;

	for (;;) {
		dbw_status status = set_and_verify(
			own, address, "journal_mode", settings->journal_mode, settings->journal_mode, error);

		if (status != DBW_BUSY || waited_ms >= settings->busy_timeout_ms ||
			dbw__sqlite_is_late(own) != NULL)
			return status;
		sqlite3_sleep(PAUSE_MS);
		waited_ms += PAUSE_MS;
	}
}

static bool configure(sqlite3 *db, int option, int value)
{
	int actual = -1;

	return sqlite3_db_config(db, option, value, &actual) == SQLITE_OK && actual == value;
}

dbw_status dbw__sqlite_settings_apply(
	sqlite_connection *own, const dbw_address *address, const sqlite_settings *settings, dbw_error *error)
{
	dbw_status status = DBW_OK;

	own->busy_timeout_ms = settings->busy_timeout_ms;
	own->timeout_ms = settings->operation_timeout_ms;
	dbw__sqlite_set_limits(own);
	if (!configure(own->db, SQLITE_DBCONFIG_ENABLE_FKEY, settings->foreign_keys ? 1 : 0))
		return dbw__fail(error, DBW_CONFIG,
			"database \"%s\": this SQLite was built without foreign keys", address->database);
	/*
	 * "name" in double quotes is a name and never a text. (SQLITE_DBCONFIG_TRUSTED_SCHEMA stays as it is: without
	 * it SQLite 3.40 takes json_valid() for unsafe in a CHECK.)
	 */
	if (!configure(own->db, SQLITE_DBCONFIG_DQS_DML, 0) ||
		!configure(own->db, SQLITE_DBCONFIG_DQS_DDL, 0))
		return dbw__fail(error, DBW_UNSUPPORTED, "this SQLite cannot be set to strict rules");
	/* A database in memory has no journal to choose. */
	if (!own->in_memory)
		status = set_journal_mode(own, address, settings, error);
	if (status == DBW_OK)
		status = set_word(
			own, address, "synchronous", settings->synchronous, synchronous_modes, error);
	if (status == DBW_OK && settings->temp_store != NULL)
		status = set_word(own, address, "temp_store", settings->temp_store, temp_stores, error);
	if (status == DBW_OK && settings->has_cache_size)
		status = set_number(own, address, "cache_size", settings->cache_size, error);
	if (status == DBW_OK && settings->has_mmap_size && !own->in_memory)
		status = set_number(own, address, "mmap_size", settings->mmap_size, error);
	return status;
}

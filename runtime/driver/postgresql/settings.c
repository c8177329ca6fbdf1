#include "connection.h"

#include <base/suggest.h>

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CONNECT_TIMEOUT_MS = 10000 };

static const char *const own_keys[] = { "connect_timeout_ms", "operation_timeout_ms", "lock_timeout_ms",
	"pooler" };

/* Words of libpq that dbwright sets by itself, or that make another protocol of it. */
static const char *const refused_keys[] = { "client_encoding", "replication", "connect_timeout",
	"fallback_application_name" };

static bool is_among(const char *word, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(words[i], word) == 0)
			return true;
	return false;
}

#define IS_AMONG(word, words) is_among(word, words, sizeof(words) / sizeof *(words))

static dbw_status wrong_setting(
	const dbw_address *address, const char *key, const char *expected, dbw_error *error)
{
	return dbw__fail(error, DBW_CONFIG, "database \"%s\": settings.%s has to be %s", address->database,
		key, expected);
}

static bool read_integer(const char *text, int64_t greatest, int64_t *out)
{
	char *end;
	long long number;

	errno = 0;
	number = strtoll(text, &end, 10);
	if (end == text || *end != '\0' || errno != 0 || number < 0 || number > greatest)
		return false;
	*out = number;
	return true;
}

static const char *find_option(const PQconninfoOption *options, const char *key)
{
	for (; options != NULL && options->keyword != NULL; options++)
		if (strcmp(options->keyword, key) == 0)
			return options->val;
	return NULL;
}

static const char *find_setting(const dbw_address *address, const char *key)
{
	for (size_t i = 0; i < address->setting_count; i++)
		if (strcmp(address->settings[i].key, key) == 0)
			return address->settings[i].value;
	return NULL;
}

static dbw_status read_own(
	const dbw_address *address, const dbw_setting *setting, postgresql_settings *out, dbw_error *error)
{
	static const char milliseconds[] = "a number of milliseconds";
	const char *key = setting->key;
	const char *value = setting->value;
	int64_t *number = strcmp(key, "operation_timeout_ms") == 0 ? &out->timeout_ms
			  : strcmp(key, "lock_timeout_ms") == 0    ? &out->lock_timeout_ms
								   : &out->connect_timeout_ms;

	if (strcmp(key, "pooler") != 0)
		return read_integer(value, INT_MAX, number)
			       ? DBW_OK
			       : wrong_setting(address, key, milliseconds, error);
	if (strcmp(value, "none") != 0 && strcmp(value, "session") != 0 && strcmp(value, "transaction") != 0)
		return wrong_setting(address, key, "none, session or transaction", error);
	out->pooled = strcmp(value, "transaction") == 0;
	return DBW_OK;
}

/* A key that is neither ours nor libpq's. */
static dbw_status unknown_key(
	const dbw_address *address, const PQconninfoOption *known, const char *key, dbw_error *error)
{
	dbw_suggestion search;

	dbw_suggestion_begin(&search, key, strlen(key));
	for (size_t i = 0; i < sizeof own_keys / sizeof *own_keys; i++)
		dbw_suggestion_offer(&search, own_keys[i]);
	for (; known->keyword != NULL; known++)
		dbw_suggestion_offer(&search, known->keyword);
	return dbw__fail(error, DBW_CONFIG, "database \"%s\": PostgreSQL has no setting %s%s%s%s",
		address->database, key, search.best == NULL ? "" : "; did you mean ",
		search.best == NULL ? "" : search.best, search.best == NULL ? "" : "?");
}

static dbw_status read_setting(const dbw_address *address, const PQconninfoOption *known,
	const dbw_setting *setting, postgresql_settings *out, dbw_error *error)
{
	const char *key = setting->key;
	const PQconninfoOption *each = known;

	if (IS_AMONG(key, own_keys))
		return read_own(address, setting, out, error);
	while (each->keyword != NULL && strcmp(each->keyword, key) != 0)
		each++;
	if (each->keyword == NULL)
		return unknown_key(address, known, key, error);
	if (IS_AMONG(key, refused_keys))
		return dbw__fail(error, DBW_CONFIG, "database \"%s\": settings.%s is dbwright's own%s",
			address->database, key,
			strcmp(key, "connect_timeout") == 0 ? "; say connect_timeout_ms" : "");
	return DBW_OK;
}

/* libpq's reason may quote the location, with its password: what stands before the first quotation is kept. */
static dbw_status wrong_location(const dbw_address *address, const char *reason, dbw_error *error)
{
	const int length = reason == NULL ? 0 : (int)strcspn(reason, ":\"\n");

	if (length == 0)
		return dbw__fail(error, DBW_OUT_OF_MEMORY, "out of memory");
	return dbw__fail(error, DBW_CONFIG, "database \"%s\": connection_string: %.*s", address->database,
		length, reason);
}

/* The location in parts; NULL where there is none. */
static dbw_status read_location(const dbw_address *address, PQconninfoOption **out, dbw_error *error)
{
	char *reason = NULL;
	const char *host;

	*out = NULL;
	if (address->location == NULL || address->location[0] == '\0')
		return DBW_OK;
	*out = PQconninfoParse(address->location, &reason);
	if (*out == NULL) {
		dbw_status status = wrong_location(address, reason, error);

		PQfreemem(reason);
		return status;
	}
	/* "user:pass@word@host": the rest of the password would be printed as a host. */
	host = find_option(*out, "host");
	if (host == NULL || host[0] == '@' || strchr(host, '@') == NULL)
		return DBW_OK;
	PQconninfoFree(*out);
	*out = NULL;
	return dbw__fail(error, DBW_CONFIG,
		"database \"%s\": connection_string: there is an @ in the host; in a password it is %%40",
		address->database);
}

/* One source says each thing: what is in the location and in the settings has to be the same. */
static dbw_status check_agreement(
	const dbw_address *address, const PQconninfoOption *location, dbw_error *error)
{
	for (size_t i = 0; i < address->setting_count; i++) {
		const dbw_setting *setting = &address->settings[i];
		const char *said = find_option(location, setting->key);

		if (said != NULL && strcmp(said, setting->value) != 0)
			return dbw__fail(error, DBW_CONFIG,
				"database \"%s\": connection_string and settings.%s disagree",
				address->database, setting->key);
	}
	return DBW_OK;
}

/* A whole number, with blanks before and behind it, as libpq takes it. */
static bool read_as_libpq(const char *text, int64_t *out)
{
	static const char blanks[] = " \t\n\v\f\r";
	char *end;
	long long number;

	errno = 0;
	number = strtoll(text, &end, 10);
	*out = number;
	return end != text && end[strspn(end, blanks)] == '\0' && errno == 0 && number >= INT_MIN &&
	       number <= INT_MAX;
}

/* A list of ports; one that is left out is the usual one. */
static bool is_port_list(const char *text)
{
	for (;;) {
		int64_t port;
		char one[32];
		const size_t length = strcspn(text, ",");

		if (length >= sizeof one)
			return false;
		memcpy(one, text, length);
		one[length] = '\0';
		if (length != 0 && (!read_as_libpq(one, &port) || port < 1 || port > 65535))
			return false;
		if (text[length] == '\0')
			return true;
		text += length + 1;
	}
}

/*
 * What libpq would say of some values only when it connects, and as of a server that cannot be reached (PostgreSQL's
 * manual, "Parameter Key Words"). NULL: nothing is wrong.
 */
static const char *wrong_value(const char *key, const char *value)
{
	static const struct {
		const char *key, *expected;
		const char *words[7];
	} closed[] = {
		{ "sslmode", "disable, allow, prefer, require, verify-ca or verify-full",
			{ "disable", "allow", "prefer", "require", "verify-ca", "verify-full" } },
		{ "channel_binding", "disable, prefer or require", { "disable", "prefer", "require" } },
		{ "gssencmode", "disable, prefer or require", { "disable", "prefer", "require" } },
		{ "target_session_attrs", "any, read-write, read-only, primary, standby or prefer-standby",
			{ "any", "read-write", "read-only", "primary", "standby", "prefer-standby" } },
	};
	static const char *const numbers[] = { "keepalives", "keepalives_idle", "keepalives_interval",
		"keepalives_count", "tcp_user_timeout" };
	int64_t number;

	if (value == NULL || value[0] == '\0')
		return NULL;
	if (strcmp(key, "port") == 0)
		return is_port_list(value) ? NULL : "a number from 1 to 65535";
	if (IS_AMONG(key, numbers))
		return read_as_libpq(value, &number) ? NULL : "a whole number";
	for (size_t i = 0; i < sizeof closed / sizeof *closed; i++) {
		const char *const *word = closed[i].words;

		if (strcmp(closed[i].key, key) != 0)
			continue;
		while (*word != NULL && strcmp(*word, value) != 0)
			word++;
		return *word != NULL ? NULL : closed[i].expected;
	}
	return NULL;
}

static dbw_status check_values(const dbw_address *address, const PQconninfoOption *location, dbw_error *error)
{
	for (size_t i = 0; i < address->setting_count; i++) {
		const dbw_setting *setting = &address->settings[i];
		const char *expected = wrong_value(setting->key, setting->value);

		if (expected != NULL)
			return wrong_setting(address, setting->key, expected, error);
	}
	for (; location != NULL && location->keyword != NULL; location++) {
		const char *expected = wrong_value(location->keyword, location->val);

		if (expected != NULL)
			return dbw__fail(error, DBW_CONFIG,
				"database \"%s\": connection_string: %s has to be %s", address->database,
				location->keyword, expected);
	}
	return DBW_OK;
}

static dbw_status read_all(const dbw_address *address, const PQconninfoOption *location,
	postgresql_settings *out, dbw_error *error)
{
	PQconninfoOption *known = PQconndefaults();
	const char *seconds = find_option(location, "connect_timeout");
	dbw_status status = check_agreement(address, location, error);
	int64_t number;

	if (known == NULL)
		return dbw__fail(error, DBW_OUT_OF_MEMORY, "out of memory");
	if (seconds != NULL && read_integer(seconds, INT_MAX / 1000, &number) && number > 0)
		out->connect_timeout_ms = number * 1000;
	for (size_t i = 0; status == DBW_OK && i < address->setting_count; i++)
		status = read_setting(address, known, &address->settings[i], out, error);
	PQconninfoFree(known);
	return status == DBW_OK ? check_values(address, location, error) : status;
}

dbw_status dbw__postgresql_settings_read(
	const dbw_address *address, postgresql_settings *out, dbw_error *error)
{
	PQconninfoOption *location;
	dbw_status status = read_location(address, &location, error);

	memset(out, 0, sizeof *out);
	out->connect_timeout_ms = CONNECT_TIMEOUT_MS;
	if (status == DBW_OK)
		status = read_all(address, location, out, error);
	PQconninfoFree(location);
	return status;
}

/* What was said of a key: by the settings, the location, or the environment. */
static const char *said_of(
	const dbw_address *address, const connect_words *words, const char *key, const char *variable)
{
	const char *value = find_setting(address, key);

	if (value == NULL)
		value = find_option(words->location, key);
	if (value == NULL)
		value = getenv(variable);
	return value != NULL && value[0] != '\0' ? value : NULL;
}

/* Of IP version 4, and not a name that begins like one. */
static bool is_loopback(const char *host, size_t length)
{
	return strncmp(host, "127.", 4) == 0 && strspn(host, "0123456789.") == length;
}

/* Whether every host of a list is this machine. */
static bool is_local(const char *hosts)
{
	static const char *const names[] = { "localhost", "::1" };

	for (;;) {
		const size_t length = strcspn(hosts, ",");
		bool local = length == 0 || hosts[0] == '/' || hosts[0] == '@' || is_loopback(hosts, length);

		for (size_t i = 0; !local && i < sizeof names / sizeof *names; i++)
			local = strlen(names[i]) == length && strncmp(hosts, names[i], length) == 0;
		if (!local)
			return false;
		if (hosts[length] == '\0')
			return true;
		hosts += length + 1;
	}
}

/* Whether the user keeps certificates where libpq looks for them. */
static bool has_root_file(void)
{
	const char *home = getenv("HOME");
	char path[4096];

	if (home == NULL)
		return false;
	snprintf(path, sizeof path, "%s/.postgresql/root.crt", home);
	return access(path, R_OK) == 0;
}

static void add_word(connect_words *words, const char *key, const char *value)
{
	words->keys[words->count] = key;
	words->values[words->count] = value;
	words->count++;
}

/*
 * Off this machine a server has to prove who it is, unless somebody says otherwise: libpq's own default goes on without
 * encryption where the server has none. What a service file says is not known here, and is left to it.
 */
static void add_security(const dbw_address *address, connect_words *words)
{
	const char *host = said_of(address, words, "hostaddr", "PGHOSTADDR");

	if (host == NULL)
		host = said_of(address, words, "host", "PGHOST");
	if (host == NULL || is_local(host) || said_of(address, words, "sslmode", "PGSSLMODE") != NULL ||
		said_of(address, words, "service", "PGSERVICE") != NULL)
		return;
	add_word(words, "sslmode", "verify-full");
	/* libpq 16 knows the certificates of the system. */
	if (PQlibVersion() >= 160000 && !has_root_file() &&
		said_of(address, words, "sslrootcert", "PGSSLROOTCERT") == NULL)
		add_word(words, "sslrootcert", "system");
}

/* The server's own limits, before what the user says in `options`. A pooler refuses such words. */
static dbw_status add_options(const dbw_address *address, const postgresql_settings *settings,
	connect_words *words, dbw_error *error)
{
	const char *said = said_of(address, words, "options", "PGOPTIONS");
	char limits[128] = "";
	size_t used = 0;

	if (settings->pooled || (settings->timeout_ms == 0 && settings->lock_timeout_ms == 0))
		return DBW_OK;
	if (settings->timeout_ms != 0)
		used = (size_t)snprintf(
			limits, sizeof limits, "-c statement_timeout=%lld ", (long long)settings->timeout_ms);
	if (settings->lock_timeout_ms != 0)
		snprintf(limits + used, sizeof limits - used, "-c lock_timeout=%lld ",
			(long long)settings->lock_timeout_ms);
	if (snprintf(words->options, sizeof words->options, "%s%s", limits, said == NULL ? "" : said) >=
		(int)sizeof words->options)
		return dbw__fail(
			error, DBW_CONFIG, "database \"%s\": options is too long", address->database);
	add_word(words, "options", words->options);
	return DBW_OK;
}

dbw_status dbw__postgresql_connect_words(
	const dbw_address *address, const postgresql_settings *settings, connect_words *out, dbw_error *error)
{
	dbw_status status;

	memset(out, 0, sizeof *out);
	status = read_location(address, &out->location, error);
	if (status != DBW_OK)
		return status;
	/* libpq takes it apart again; words behind it count more. */
	if (out->location != NULL)
		add_word(out, "dbname", address->location);
	for (size_t i = 0; i < address->setting_count; i++) {
		const dbw_setting *setting = &address->settings[i];

		if (IS_AMONG(setting->key, own_keys) || find_option(out->location, setting->key) != NULL)
			continue;
		if (out->count >= CONNECT_LIMIT - 5)
			return dbw__fail(error, DBW_CONFIG, "database \"%s\": there are too many settings",
				address->database);
		add_word(out, setting->key, setting->value);
	}
	add_security(address, out);
	add_word(out, "client_encoding", "UTF8");
	add_word(out, "fallback_application_name", "dbwright");
	return add_options(address, settings, out, error);
}

#include "connection.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

enum { LEAST_GRACE_MS = 100, MOST_GRACE_MS = 2000 };

dbw_status dbw__postgresql_check(const dbw_address *address, dbw_error *error)
{
	postgresql_settings settings;
	connect_words words;
	dbw_status status;

	if (PQlibVersion() < 140000)
		return dbw__fail(error, DBW_PROVIDER, "libpq %d is too old: 14 or later is needed",
			PQlibVersion() / 10000);
	status = dbw__postgresql_settings_read(address, &settings, error);
	if (status != DBW_OK)
		return status;
	status = dbw__postgresql_connect_words(address, &settings, &words, error);
	PQconninfoFree(words.location);
	return status;
}

/* Where the server's code stands in what libpq says ("FATAL:  28P01: ..."), NULL where there is none. */
static const char *find_state(const char *reason, size_t length)
{
	static const char letters[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

	for (size_t i = 2; i + 6 < length; i++)
		if (memcmp(reason + i - 2, "  ", 2) == 0 && strspn(reason + i, letters) == 5 &&
			memcmp(reason + i + 5, ": ", 2) == 0)
			return reason + i;
	return NULL;
}

/* What to do about it; the manual, "PostgreSQL Error Codes". Without a code no server has answered, if one was asked. */
static const char *advice_of(const char *state, const char *reason)
{
	static const struct {
		const char *state, *advice;
	} known[] = {
		{ "", "is the server running, and are host and port right?" },
		{ "28P01", "are user and password right?" },
		{ "28000", "is the user right, and does the server let it in (pg_hba.conf)?" },
		{ "3D000", "is the database's name right, and has it been made?" },
		{ "53300", "lower pool_size, or raise the server's max_connections" },
		{ "57P03", "the server is starting or stopping: try again in a moment" },
	};

	/* What libpq refuses by itself, as a port that is none, it explains. */
	if (*state == '\0' && strncmp(reason, "invalid ", 8) == 0)
		return NULL;
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (strcmp(known[i].state, state) == 0)
			return known[i].advice;
	return NULL;
}

/* The first line of libpq's reason: it names hosts, users and databases. */
static dbw_status fail_connect(const dbw_address *address, const postgresql_connection *own, dbw_error *error)
{
	const char *reason = PQerrorMessage(own->link);
	const int length = (int)strcspn(reason, "\n");
	const char *found = find_state(reason, (size_t)length);
	const int before = found == NULL ? length : (int)(found - reason) - 1;
	const char *rest = found == NULL ? "" : found + 7;
	char state[6] = "";
	const char *advice;

	if (found != NULL)
		memcpy(state, found, 5);
	advice = advice_of(state, reason);
	dbw__fail(error, strcmp(state, "53300") == 0 ? DBW_BUSY : DBW_CONNECTION,
		"database \"%s\": %.*s%.*s%s%s", address->database, before, reason,
		found == NULL ? 0 : length - (int)(rest - reason), rest, advice == NULL ? "" : "; ",
		advice == NULL ? "" : advice);
	if (found != NULL)
		dbw__postgresql_set_state(error, state);
	return error->status;
}

/* The host's name is looked up before anything can be waited for: that may take longer than the deadline. */
static dbw_status connect_link(
	const dbw_address *address, postgresql_connection *own, int64_t timeout_ms, dbw_error *error)
{
	PostgresPollingStatusType wanted = PGRES_POLLING_WRITING;

	bool is_nearer = false;

	own->deadline_ms = timeout_ms == 0 ? 0 : dbw__postgresql_clock_ms() + timeout_ms;
	if (address->deadline_ms != 0 && (own->deadline_ms == 0 || address->deadline_ms < own->deadline_ms)) {
		own->deadline_ms = address->deadline_ms;
		is_nearer = true;
	}
	while (PQstatus(own->link) != CONNECTION_BAD) {
		dbw_status status;

		if (wanted == PGRES_POLLING_OK)
			return DBW_OK;
		if (wanted == PGRES_POLLING_FAILED)
			break;
		status = dbw__postgresql_wait(own, wanted == PGRES_POLLING_READING ? POLLIN : POLLOUT, error);
		if (status == DBW_TIMEOUT && is_nearer)
			return dbw__fail(error, DBW_TIMEOUT,
				"database \"%s\": no connection to the server before the session's deadline",
				address->database);
		if (status == DBW_TIMEOUT)
			return dbw__fail(error, DBW_TIMEOUT,
				"database \"%s\": no connection to the server within %lld ms",
				address->database, (long long)timeout_ms);
		if (status != DBW_OK)
			break;
		wanted = PQconnectPoll(own->link);
	}
	return fail_connect(address, own, error);
}

/*
 * What the server has to say in between; libpq would print it. Its last word is one, too: libpq makes a notice of it where no
 * statement runs.
 */
static void hear_notice(void *argument, const PGresult *notice)
{
	postgresql_connection *own = argument;
	const char *severity = PQresultErrorField(notice, PG_DIAG_SEVERITY_NONLOCALIZED);

	if (severity != NULL && (strcmp(severity, "FATAL") == 0 || strcmp(severity, "PANIC") == 0))
		own->lost = true;
	if (own->on_notice != NULL && severity != NULL) {
		dbw_error said;

		dbw__postgresql_take_notice(notice, &said);
		own->on_notice(severity, &said, own->notice_argument);
	}
}

static bool has_parameter(const postgresql_connection *own, const char *name, const char *value)
{
	const char *said = PQparameterStatus(own->link, name);

	return said != NULL && strcmp(said, value) == 0;
}

static dbw_status set_up(const dbw_address *address, postgresql_connection *own, dbw_error *error)
{
	if (!has_parameter(own, "client_encoding", "UTF8"))
		return dbw__fail(error, DBW_CONFIG, "database \"%s\": the server does not speak UTF-8",
			address->database);
	if (!has_parameter(own, "integer_datetimes", "on"))
		return dbw__fail(error, DBW_UNSUPPORTED,
			"database \"%s\": the server keeps times as floating point numbers",
			address->database);
	own->cancel = PQgetCancel(own->link);
	if (own->cancel == NULL || PQsetnonblocking(own->link, 1) != 0)
		return dbw__fail(error, DBW_OUT_OF_MEMORY, "out of memory");
	return DBW_OK;
}

/*
 * Times go to the server as those of UTC. Where it makes a timestamp of one with a time zone, or the other way round, as for the
 * items of an array, it goes by the zone of the session. Behind a pooler each transaction is told.
 */
static dbw_status use_utc(postgresql_connection *own, dbw_error *error)
{
	if (has_parameter(own, "TimeZone", "UTC") || has_parameter(own, "TimeZone", "Etc/UTC"))
		return DBW_OK;
	own->tells_zone = own->pooled;
	return own->pooled ? DBW_OK : dbw__postgresql_command(own, "SET TimeZone TO 'UTC'", error);
}

static int64_t grace_of(int64_t timeout_ms)
{
	const int64_t half = timeout_ms / 2;

	return half < LEAST_GRACE_MS ? LEAST_GRACE_MS : half > MOST_GRACE_MS ? MOST_GRACE_MS : half;
}

dbw_status dbw__postgresql_open(const dbw_address *address, dbw_connection **out, dbw_error *error)
{
	postgresql_settings settings;
	postgresql_connection *own;
	connect_words words;
	dbw_status status;

	*out = NULL;
	status = dbw__postgresql_settings_read(address, &settings, error);
	if (status != DBW_OK)
		return status;
	own = calloc(1, sizeof *own);
	if (own == NULL)
		return dbw__fail(error, DBW_OUT_OF_MEMORY, "out of memory");
	own->on_notice = address->on_notice;
	own->notice_argument = address->notice_argument;
	own->pooled = settings.pooled;
	own->lock_timeout_ms = settings.lock_timeout_ms;
	status = dbw__postgresql_connect_words(address, &settings, &words, error);
	if (status == DBW_OK) {
		own->link = PQconnectStartParams(words.keys, words.values, 1);
		if (own->link == NULL)
			status = dbw__fail(error, DBW_OUT_OF_MEMORY, "out of memory");
	}
	PQconninfoFree(words.location);
	if (status == DBW_OK) {
		PQsetNoticeReceiver(own->link, hear_notice, own);
		/* So that libpq tells the server's code. */
		PQsetErrorVerbosity(own->link, PQERRORS_VERBOSE);
		status = connect_link(address, own, settings.connect_timeout_ms, error);
		PQsetErrorVerbosity(own->link, PQERRORS_DEFAULT);
	}
	if (status == DBW_OK)
		status = set_up(address, own, error);
	own->lost = false;
	if (status == DBW_OK)
		status = use_utc(own, error);
	if (status != DBW_OK) {
		dbw__postgresql_close((dbw_connection *)own);
		return status;
	}
	own->deadline_ms = 0;
	own->timeout_ms = settings.timeout_ms;
	own->grace_ms = grace_of(settings.timeout_ms);
	*out = (dbw_connection *)own;
	return DBW_OK;
}

void dbw__postgresql_close(dbw_connection *connection)
{
	postgresql_connection *own = connection_of(connection);

	if (own == NULL)
		return;
	PQfreeCancel(own->cancel);
	PQfinish(own->link);
	free(own->released);
	free(own->writes);
	dbw_arena_free(own->written);
	free(own);
}

dbw_status dbw__postgresql_cancel(dbw_connection *connection)
{
	postgresql_connection *own = connection_of(connection);
	char reason[256];

	atomic_store_explicit(&own->cancelled, true, memory_order_relaxed);
	return PQcancel(own->cancel, reason, sizeof reason) == 1 ? DBW_OK : DBW_CONNECTION;
}

/*
 * A provider of one's own: SQLite that notes every statement which takes long, in a file.
 *
 *     provider: libtracing.so:tracing
 *     path: notes.db
 *     options: {log: slow.log, slow_ms: 20}
 *
 * It is the bundled driver with two calls of its own. What it notes is SQL with placeholders: never a value.
 */
#include <dbwright/provider.h>

#include <sqlite3.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SETTINGS_MAX = 32, NANOSECONDS_PER_MS = 1000000 };

/* The options that are this provider's; the others are the bundled driver's. */
struct options {
	const char *log;
	long slow_ms;
	dbw_address inner;
	dbw_setting rest[SETTINGS_MAX];
};

/* What one connection has besides SQLite's own. */
struct trace {
	FILE *log;
	sqlite3_int64 slow_ns;
};

static dbw_status wrong(const dbw_address *address, const char *text, dbw_error *error)
{
	return address->host->set_error(error, DBW_CONFIG, "database \"%s\": %s", address->database, text);
}

/* "20" as a number. */
static int read_number(const char *text, long *out)
{
	char *end;

	errno = 0;
	*out = strtol(text, &end, 10);
	return end != text && *end == '\0' && errno == 0 && *out >= 0 && *out <= 3600000;
}

static dbw_status read_options(const dbw_address *address, struct options *out, dbw_error *error)
{
	memset(out, 0, sizeof *out);
	out->inner = *address;
	out->inner.settings = out->rest;
	out->inner.setting_count = 0;
	for (size_t i = 0; i < address->setting_count; i++) {
		const dbw_setting *each = &address->settings[i];

		if (strcmp(each->key, "log") == 0)
			out->log = each->value;
		else if (strcmp(each->key, "slow_ms") != 0 && out->inner.setting_count == SETTINGS_MAX)
			return wrong(address, "too many settings", error);
		else if (strcmp(each->key, "slow_ms") != 0)
			out->rest[out->inner.setting_count++] = *each;
		else if (!read_number(each->value, &out->slow_ms))
			return wrong(address, "options.slow_ms has to be a number of milliseconds", error);
	}
	return out->log != NULL ? DBW_OK : wrong(address, "options.log has to name a file", error);
}

/* SQLite calls this when a statement has ended, and when the connection is closed (sqlite3_trace_v2()). */
static int note(unsigned event, void *context, void *subject, void *detail)
{
	struct trace *trace = context;

	if (event == SQLITE_TRACE_CLOSE) {
		fclose(trace->log);
		free(trace);
	} else if (*(sqlite3_int64 *)detail >= trace->slow_ns) {
		fprintf(trace->log, "%.3f ms: %s\n", (double)*(sqlite3_int64 *)detail / NANOSECONDS_PER_MS,
			sqlite3_sql(subject));
		fflush(trace->log);
	}
	return 0;
}

static dbw_status start_trace(
	const dbw_address *address, const struct options *options, sqlite3 *db, dbw_error *error)
{
	struct trace *trace = malloc(sizeof *trace);

	if (trace == NULL)
		return address->host->set_error(error, DBW_OUT_OF_MEMORY, "out of memory");
	trace->slow_ns = (sqlite3_int64)options->slow_ms * NANOSECONDS_PER_MS;
	trace->log = fopen(options->log, "a");
	if (trace->log == NULL) {
		free(trace);
		return address->host->set_error(error, DBW_CONFIG,
			"database \"%s\": options.log cannot be written: %s", address->database,
			strerror(errno));
	}
	if (sqlite3_trace_v2(db, SQLITE_TRACE_PROFILE | SQLITE_TRACE_CLOSE, note, trace) != SQLITE_OK) {
		fclose(trace->log);
		free(trace);
		return address->host->set_error(error, DBW_ENGINE, "this SQLite cannot trace");
	}
	return DBW_OK;
}

static dbw_status tracing_check(const dbw_address *address, dbw_error *error)
{
	struct options options;
	dbw_status status = read_options(address, &options, error);

	return status == DBW_OK ? address->host->sqlite->check(&options.inner, error) : status;
}

static dbw_status tracing_open(const dbw_address *address, dbw_connection **out, dbw_error *error)
{
	const dbw_driver *sqlite = address->host->sqlite;
	struct options options;
	dbw_status status = read_options(address, &options, error);

	*out = NULL;
	if (status == DBW_OK)
		status = sqlite->open(&options.inner, out, error);
	if (status != DBW_OK)
		return status;
	status = start_trace(address, &options, sqlite->native_handle(*out), error);
	if (status != DBW_OK) {
		sqlite->close(*out);
		*out = NULL;
	}
	return status;
}

/* The factory. */
static dbw_status make_driver(const dbw_provider_host *host, dbw_driver *out, dbw_error *error)
{
	(void)error;
	*out = *host->sqlite;
	out->check = tracing_check;
	out->open = tracing_open;
	return DBW_OK;
}

DBW_API extern const dbw_provider tracing;
const dbw_provider tracing = {
	DBW_PROVIDER_HEAD,
	.name = "tracing",
	.title = "SQLite that notes slow statements",
	.driver = make_driver,
};

#include "connection.h"

#include <string.h>

/*
 * The server's own texts may quote values of rows: DETAIL always, and the message itself where a value is at fault.
 * So a message is taken over only where the rules of SQLSTATE say that it speaks of the statement or the server; all
 * else is told in words from here. Names of constraints, tables and columns come in fields of their own.
 */

static bool in_class(const char *state, const char *class)
{
	return strncmp(state, class, 2) == 0;
}

static bool is_one_of(const char *state, const char *const *states)
{
	for (; *states != NULL; states++)
		if (strcmp(state, *states) == 0)
			return true;
	return false;
}

/* The manual, "PostgreSQL Error Codes". */
static dbw_status status_of(const char *state)
{
	static const char *const busy[] = { "40001", "40P01", "55P03", "55006", "53300", NULL };
	static const char *const gone[] = { "57P01", "57P02", "57P03", "57P05", "25006", "25P03", NULL };
	/* Of a table, a column, a function, a type, a namespace. */
	static const char *const missing[] = { "42P01", "42703", "42883", "42704", "3F000", "42804", NULL };
	static const char *const there[] = { "42P07", "42710", "42P06", "42701", NULL };

	if (is_one_of(state, busy))
		return DBW_BUSY;
	if (is_one_of(state, gone) || in_class(state, "08"))
		return DBW_CONNECTION;
	if (is_one_of(state, missing))
		return DBW_SCHEMA_MISMATCH;
	if (is_one_of(state, there))
		return DBW_EXISTS;
	/* Of the class, but no value's fault: a sequence has no more numbers. */
	if (strcmp(state, "2200H") == 0)
		return DBW_ENGINE;
	if (in_class(state, "22"))
		return DBW_INVALID;
	if (strcmp(state, "53100") == 0)
		return DBW_DISK_FULL;
	if (strcmp(state, "XX001") == 0 || strcmp(state, "XX002") == 0)
		return DBW_CORRUPT;
	/* Constraints, WITH CHECK OPTION of a view, and what a trigger raises. */
	if (in_class(state, "23") || in_class(state, "44") || strcmp(state, "P0001") == 0)
		return DBW_CONFLICT;
	if (strcmp(state, "25P02") == 0)
		return DBW_SESSION_FAILED;
	if (in_class(state, "0A") || in_class(state, "54"))
		return DBW_UNSUPPORTED;
	return DBW_ENGINE;
}

/* Whether messages of the class speak of the statement or the server, and so of no value. */
static bool speaks_of_server(const char *state)
{
	static const char *const classes[] = { "08", "0A", "25", "26", "28", "2B", "3D", "3F", "42", "53",
		"54", "55", "57" };

	for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
		if (in_class(state, classes[i]))
			return true;
	return false;
}

/* What is told instead of the server's text; NULL where that can be taken over. */
static const char *text_of(const char *state)
{
	static const struct {
		const char *state, *text;
	} texts[] = {
		{ "22003", "a number is out of the range of its column" },
		{ "2200H", "a sequence has come to its end" },
		{ "22001", "a text is too long for its column" },
		{ "22008", "a time is out of the range of its column" },
		{ "22012", "a division by zero" },
		{ "22P02", "a text does not read as a value of the type it is for" },
		{ "22P03", "a value has not the form of the type it is for" },
		{ "22021", "a text has a byte that the database's encoding does not know" },
		{ "40001", "another transaction has changed the same rows: try again" },
		{ "40P01", "two transactions have waited for each other: try again" },
		{ "55P03", "another connection holds a lock" },
		{ "25006", "the server takes no writes" },
		{ "53100", "the server's disk is full: make room there" },
		{ "XX001", "the server has found damaged data: restore it from a copy" },
		{ "XX002", "the server has found a damaged index: have it made anew (REINDEX)" },
		{ "25P02", "the transaction has failed" },
		{ "P0001", "a trigger refuses the change" },
		{ "42601", NULL },
	};

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		if (strcmp(state, texts[i].state) == 0)
			return texts[i].text;
	if (speaks_of_server(state))
		return NULL;
	if (in_class(state, "22"))
		return "a value is refused";
	return in_class(state, "23") || in_class(state, "44") ? "a constraint is violated"
							      : "the server reports an error";
}

static void violate(dbw_violation *violation, dbw_constraint_kind kind, const PGresult *result, int field)
{
	const char *text = PQresultErrorField(result, field);
	size_t length;

	violation->kind = kind;
	violation->by_columns = false;
	if (text == NULL)
		text = "";
	length = strlen(text);
	if (length >= sizeof violation->text)
		length = sizeof violation->text - 1;
	memcpy(violation->text, text, length);
	violation->text[length] = '\0';
}

static void note_violation(postgresql_connection *own, const PGresult *result, const char *state)
{
	dbw_violation *violation = &own->violation;

	if (strcmp(state, "23505") == 0 || strcmp(state, "23P01") == 0)
		violate(violation, DBW_UNIQUE, result, PG_DIAG_CONSTRAINT_NAME);
	else if (strcmp(state, "23503") == 0 || strcmp(state, "23001") == 0)
		violate(violation, DBW_FOREIGN_KEY, result, PG_DIAG_CONSTRAINT_NAME);
	else if (strcmp(state, "23514") == 0)
		violate(violation, DBW_CHECK, result, PG_DIAG_CONSTRAINT_NAME);
	else if (strcmp(state, "23502") == 0)
		violate(violation, DBW_NOT_NULL, result, PG_DIAG_COLUMN_NAME);
}

/* A SQLSTATE as a number, six bits for each character, as PostgreSQL itself packs them (utils/elog.h). */
static int pack(const char *state)
{
	int number = 0;

	for (int i = 0; i < 5; i++)
		number |= ((state[i] - '0') & 0x3f) << 6 * i;
	return number;
}

void dbw__postgresql_set_state(dbw_error *error, const char *state)
{
	memcpy(error->sqlstate, state, 5);
	error->sqlstate[5] = '\0';
	error->native_code = pack(state);
}

dbw_status dbw__postgresql_fail_lost(postgresql_connection *own, dbw_error *error)
{
	own->lost = true;
	dbw__fail(error, DBW_CONNECTION, "the connection to the server is lost");
	dbw__postgresql_set_state(error, "08006");
	return DBW_CONNECTION;
}

dbw_status dbw__postgresql_fail_deadline(postgresql_connection *own, dbw_error *error)
{
	own->lost = true;
	return dbw__fail(
		error, DBW_TIMEOUT, "the server has not answered in time; the connection is given up");
}

/* The server has stopped the statement: in its own time, or because it was told to. */
static dbw_status fail_stopped(postgresql_connection *own, dbw_error *error)
{
	const int64_t now_ms = dbw__postgresql_clock_ms();

	if (atomic_load_explicit(&own->cancelled, memory_order_relaxed) || own->stops_ms == 0 ||
		now_ms < own->stops_ms)
		return dbw__fail(error, DBW_CANCELLED, "the statement was cancelled");
	return dbw__fail(error, DBW_TIMEOUT, "the statement took longer than %s",
		own->terms.deadline_ms != 0 && now_ms >= own->terms.deadline_ms
			? "the session's deadline allows"
			: "operation_timeout_ms");
}

/*
 * What a function or a trigger raises may hold anything, under any SQLSTATE. It has a context; what the server says of a command
 * by itself has none, but for COPY, which tells the row.
 */
static bool is_of_a_function(const PGresult *said)
{
	const char *context = PQresultErrorField(said, PG_DIAG_CONTEXT);

	return context != NULL && strncmp(context, "COPY ", 5) != 0;
}

/*
 * Whether the server would take the statement if it were prepared anew: its result has other types by now, or somebody
 * has had the server forget it. "cached plan must not change result type" has no SQLSTATE of its own; the function that
 * says it is RevalidateCachedQuery() (src/backend/utils/cache/plancache.c).
 */
static bool is_stale(const PGresult *result, const char *state)
{
	const char *function = PQresultErrorField(result, PG_DIAG_SOURCE_FUNCTION);

	if (strcmp(state, "26000") == 0)
		return true;
	return strcmp(state, "0A000") == 0 && function != NULL &&
	       strcmp(function, "RevalidateCachedQuery") == 0;
}

/*
 * Whether the server finds a mistake in the statement itself, and says where in its text; what it finds while it runs has no such
 * place. The text of a statement that was prepared had none: a table is another one by now, and takes other parameters, perhaps.
 */
static bool is_mistake(const PGresult *result, const char *state)
{
	return status_of(state) == DBW_SCHEMA_MISMATCH &&
	       PQresultErrorField(result, PG_DIAG_STATEMENT_POSITION) != NULL;
}

/*
 * Whether more than one statement was to be prepared. It has the SQLSTATE of any mistake in the syntax; the function that says
 * it is exec_parse_message() (src/backend/tcop/postgres.c).
 */
static bool is_several(const PGresult *result, const char *state)
{
	const char *function = PQresultErrorField(result, PG_DIAG_SOURCE_FUNCTION);

	return strcmp(state, "42601") == 0 && function != NULL && strcmp(function, "exec_parse_message") == 0;
}

dbw_status dbw__postgresql_fail_result(
	postgresql_connection *own, const PGresult *result, bool prepared, dbw_error *error)
{
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
	const char *text;

	violate(&own->violation, 0, result, PG_DIAG_CONSTRAINT_NAME);
	own->violation.text[0] = '\0';
	/* libpq's own failures have none. */
	if (state == NULL || strlen(state) != 5) {
		if (PQstatus(own->link) == CONNECTION_BAD)
			return dbw__postgresql_fail_lost(own, error);
		own->lost = true;
		return dbw__fail(error, DBW_OUT_OF_MEMORY, "the client library cannot take the answer");
	}
	if (PQstatus(own->link) == CONNECTION_BAD)
		own->lost = true;
	own->stale = is_stale(result, state) || (prepared && is_mistake(result, state));
	/* Another server has become the one that writes; or a type that the statement knows by its number is gone (XX000). */
	own->outdated = own->outdated || own->stale || strcmp(state, "25006") == 0 ||
			(prepared && strcmp(state, "XX000") == 0);
	if (strcmp(state, "57014") == 0) {
		fail_stopped(own, error);
	} else if (own->stale) {
		dbw__fail(error, DBW_BUSY,
			"what the statement reads has changed since it was prepared: begin again");
	} else if (is_several(result, state)) {
		dbw__fail(error, DBW_MISUSE, "more than one statement");
	} else {
		note_violation(own, result, state);
		text = text_of(state);
		if (text == NULL)
			text = is_of_a_function(result) ? "a function or a trigger reports an error"
							: PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
		dbw__fail(error, status_of(state), "%s", text == NULL ? "the server reports an error" : text);
	}
	dbw__postgresql_set_state(error, state);
	return error->status;
}

void dbw__postgresql_take_notice(const PGresult *notice, dbw_error *said)
{
	const char *state = PQresultErrorField(notice, PG_DIAG_SQLSTATE);
	const char *text = PQresultErrorField(notice, PG_DIAG_MESSAGE_PRIMARY);

	if (state == NULL || strlen(state) != 5)
		state = "00000";
	if (text == NULL || is_of_a_function(notice) ||
		!(speaks_of_server(state) || in_class(state, "00") || in_class(state, "01")))
		text = "a function or a trigger says something of its own";
	dbw__fail(said, DBW_OK, "%s", text);
	dbw__postgresql_set_state(said, state);
}

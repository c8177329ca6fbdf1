/* The actions of `dbwright db` that connect: test, status, setup, reset. */
#include "db.h"

#include <base/json.h>
#include <dbwright/error.h>

#include <stdio.h>
#include <string.h>

static int code_of(dbw_status status)
{
	switch (status) {
	case DBW_OK: return CLI_DONE;
	case DBW_CONNECTION:
	case DBW_NOT_FOUND:
	case DBW_TIMEOUT: return CLI_UNREACHABLE;
	default: return CLI_FAILED;
	}
}

static const char *plural(size_t count)
{
	return count == 1 ? "" : "s";
}

/* What a code is called: for programs, and for people. */
static const char *state_of(int code)
{
	switch (code) {
	case CLI_DONE: return "ready";
	case CLI_PENDING: return "pending";
	case CLI_UNREACHABLE: return "unreachable";
	default: return "failed";
	}
}

static const char *words_of(int code)
{
	switch (code) {
	case CLI_PENDING: return "tables are missing";
	case CLI_UNREACHABLE: return "cannot connect";
	default: return state_of(code);
	}
}

/* What to do about a file, or a server's database, that is not there (the manual, "PostgreSQL Error Codes"). */
static void append_remedy(dbw_text_buffer *out, const ir_database *database, const dbw_error *error)
{
	if (error->status == DBW_NOT_FOUND || strcmp(error->sqlstate, "3D000") == 0)
		dbw_text_printf(out, "    dbwright db setup %s makes it\n", database->name.text);
}

static void append_failure(
	dbw_text_buffer *out, const ir_database *database, int code, const dbw_error *error)
{
	dbw_text_printf(out, "%s: %s: ", database->name.text, words_of(code));
	dbw__printable_append(out, error->message);
	dbw_text_append_char(out, '\n');
}

/* Ends an object: the error, or null. */
static void append_error(dbw_text_buffer *out, const dbw_error *error)
{
	if (error->status == DBW_OK) {
		dbw_text_append_z(out, ",\"error\":null}\n");
		return;
	}
	dbw_text_append_z(out, ",\"error\":");
	db_append_text(out, "status", dbw_status_name(error->status), true);
	db_append_text(out, "message", error->message, false);
	dbw_text_append_z(out, "}}\n");
}

/* What is said of a database that is not resolved: why, stands in the diagnostics. */
static int append_unresolved(
	const cli_run *run, const ir_database *database, const dbw__resolved *resolved, dbw_text_buffer *out)
{
	dbw_error error;

	dbw__fail(&error, DBW_CONFIG, "not resolved");
	if (run->arguments->json) {
		db_append_head(out, database, resolved);
		db_append_text(out, "state", "unresolved", false);
		append_error(out, &error);
	} else {
		dbw_text_printf(out, "%s: not resolved\n", database->name.text);
	}
	return CLI_FAILED;
}

static ir_place place_of(const cli_run *run, const ir_database *database, const dbw__resolved *resolved)
{
	return (ir_place){ database, resolved, run->arguments->provider_dirs,
		run->arguments->provider_dir_count };
}

static double milliseconds(int64_t us)
{
	return (double)us / 1000.0;
}

int db_test_one(
	const cli_run *run, const ir_database *database, const dbw__resolved *resolved, dbw_text_buffer *out)
{
	const ir_place place = place_of(run, database, resolved);
	ir_findings found;
	dbw_error error = { .status = DBW_OK };
	int code;

	if (resolved->provider == NULL)
		return append_unresolved(run, database, resolved, out);
	code = code_of(ir_test_database(run->arena, &place, &found, &error));
	if (run->arguments->json) {
		db_append_head(out, database, resolved);
		db_append_text(out, "state", state_of(code), false);
		if (code == CLI_DONE) {
			db_append_text(out, "server", found.server, false);
			dbw_text_printf(out, ",\"latency_us\":%lld", (long long)found.latency_us);
		}
		append_error(out, &error);
	} else if (code != CLI_DONE) {
		append_failure(out, database, code, &error);
		append_remedy(out, database, &error);
	} else {
		dbw_text_printf(out, "%s: %s answers in %.2f ms\n", database->name.text, found.server,
			milliseconds(found.latency_us));
	}
	return code;
}

/* A database in memory lives in its one connection, whatever is said of its pool. */
static long long pool_size(const dbw__resolved *resolved)
{
	return resolved->kind == DBW_URL_MEMORY ? 1
						: (long long)dbw__resolved_number(resolved,
							  DBW__KEY_POOL_SIZE, DBW__POOL_SIZE_DEFAULT);
}

static long long pool_overflow(const dbw__resolved *resolved)
{
	return resolved->kind == DBW_URL_MEMORY
		       ? 0
		       : (long long)dbw__resolved_number(resolved, DBW__KEY_MAX_OVERFLOW, 0);
}

static void append_pool(dbw_text_buffer *out, const dbw__resolved *resolved)
{
	dbw_text_printf(out, ",\"pool\":{\"size\":%lld,\"max_overflow\":%lld,\"min_idle\":%lld}",
		pool_size(resolved), pool_overflow(resolved),
		(long long)dbw__resolved_number(resolved, DBW__KEY_MIN_IDLE, 0));
}

static void append_table_members(dbw_text_buffer *out, const ir_findings *found)
{
	dbw_text_printf(out, ",\"tables\":%zu,\"missing\":[", found->table_count);
	for (size_t i = 0; i < found->missing_count; i++) {
		if (i > 0)
			dbw_text_append_char(out, ',');
		dbw__json_append(out, found->missing[i]);
	}
	dbw_text_append_char(out, ']');
}

/* A store has neither pool nor tables. */
static void append_status_object(const ir_place *place, const ir_findings *found, const char *state,
	const dbw_error *error, dbw_text_buffer *out)
{
	db_append_head(out, place->database, place->resolved);
	db_append_text(out, "state", state, false);
	if (!ir_is_store(place))
		append_pool(out, place->resolved);
	if (error->status == DBW_OK) {
		db_append_text(out, "server", found->server, false);
		dbw_text_printf(out, ",\"latency_us\":%lld", (long long)found->latency_us);
		if (!ir_is_store(place))
			append_table_members(out, found);
	}
	append_error(out, error);
}

static void append_tables(dbw_text_buffer *out, const ir_place *place, const ir_findings *found)
{
	const size_t all = found->table_count;

	if (ir_is_passing(place)) {
		dbw_text_append_z(out,
			"    each program that opens it has an empty one of its own, which goes at its end\n");
	} else if (found->missing_count == 0) {
		dbw_text_printf(out, "    %zu table%s of schema %s; columns are not compared\n", all,
			plural(all), place->database->schema_name.text);
	} else {
		dbw_text_printf(out,
			"    %zu of %zu table%s of schema %s; missing:", all - found->missing_count, all,
			plural(all), place->database->schema_name.text);
		for (size_t i = 0; i < found->missing_count; i++)
			dbw_text_printf(out, "%s %s", i == 0 ? "" : ",", found->missing[i]);
		dbw_text_append_char(out, '\n');
		if (found->missing_count == all)
			dbw_text_printf(
				out, "    dbwright db setup %s makes them\n", place->database->name.text);
	}
}

static void append_status_lines(const ir_place *place, const ir_findings *found, const char *state,
	const dbw_error *error, dbw_text_buffer *out)
{
	const dbw__resolved *resolved = place->resolved;
	const long long size = pool_size(resolved), more = pool_overflow(resolved);

	dbw_text_printf(out, "%s: %s", place->database->name.text, state);
	if (error->status == DBW_OK && found->missing_count == 0 && !ir_is_store(place) &&
		!ir_is_passing(place))
		dbw_text_printf(out,
			found->table_count == 1 ? ": its table is there" : ": its %zu tables are there",
			found->table_count);
	dbw_text_append_char(out, '\n');
	db_append_place(out, resolved);
	if (error->status != DBW_OK) {
		dbw_text_append_z(out, "    ");
		dbw__printable_append(out, error->message);
		dbw_text_append_char(out, '\n');
		append_remedy(out, place->database, error);
		return;
	}
	if (ir_is_store(place)) {
		dbw_text_printf(
			out, "    %s answers in %.2f ms\n", found->server, milliseconds(found->latency_us));
		return;
	}
	dbw_text_printf(out, "    %s answers in %.2f ms\n    a pool of %lld connection%s", found->server,
		milliseconds(found->latency_us), size, plural((size_t)size));
	if (more > 0)
		dbw_text_printf(out, ", %lld more when all are taken", more);
	dbw_text_append_char(out, '\n');
	append_tables(out, place, found);
}

int db_status_one(
	const cli_run *run, const ir_database *database, const dbw__resolved *resolved, dbw_text_buffer *out)
{
	const ir_place place = place_of(run, database, resolved);
	ir_findings found;
	dbw_error error = { .status = DBW_OK };
	int code;

	if (resolved->provider == NULL)
		return append_unresolved(run, database, resolved, out);
	code = code_of(ir_inspect_database(run->arena, &place, &found, &error));
	if (code == CLI_DONE && found.missing_count > 0)
		code = CLI_PENDING;
	if (run->arguments->json)
		append_status_object(&place, &found, state_of(code), &error, out);
	else
		append_status_lines(&place, &found, words_of(code), &error, out);
	return code;
}

/* What a setup or reset has come to. */
static int append_change(const cli_run *run, const ir_place *place, bool reset, const ir_change *change,
	const dbw_error *error, dbw_text_buffer *out)
{
	const char *name = place->database->name.text;
	const int code = code_of(error->status);
	const size_t all = ir_is_store(place) ? 0 : place->database->schema->model_count;

	if (run->arguments->json) {
		db_append_head(out, place->database, place->resolved);
		db_append_text(out, "state", code == CLI_DONE ? "done" : state_of(code), false);
		dbw_text_printf(out, ",\"database_made\":%s,\"tables_dropped\":%zu,\"tables_made\":%zu",
			change->database_made ? "true" : "false", change->tables_dropped,
			change->tables_made);
		append_error(out, error);
		return code;
	}
	if (code != CLI_DONE) {
		append_failure(out, place->database, code, error);
		if (reset)
			append_remedy(out, place->database, error);
	} else if (ir_is_passing(place)) {
		dbw_text_printf(out,
			"%s: nothing to do: each program that opens it has an empty one of its own\n", name);
	} else if (ir_is_store(place)) {
		dbw_text_printf(out, "%s: %s\n", name,
			reset ? "everything in it is removed" : "nothing to do: it is a store");
	} else if (change->tables_made == 0 && !change->database_made) {
		dbw_text_printf(
			out, "%s: nothing to do: %zu table%s there\n", name, all, all == 1 ? " is" : "s are");
	} else if (change->tables_made == 0 && all > 0) {
		dbw_text_printf(out, "%s: database made; somebody else has made its tables\n", name);
	} else {
		dbw_text_printf(out, "%s: %s", name, change->database_made ? "database made, " : "");
		if (change->tables_dropped > 0)
			dbw_text_printf(out, "%zu table%s removed, ", change->tables_dropped,
				plural(change->tables_dropped));
		dbw_text_printf(out, "%zu table%s made\n", change->tables_made, plural(change->tables_made));
	}
	return code;
}

int db_set_up_one(
	const cli_run *run, const ir_database *database, const dbw__resolved *resolved, dbw_text_buffer *out)
{
	const ir_place place = place_of(run, database, resolved);
	ir_change change;
	dbw_error error = { .status = DBW_OK };

	if (resolved->provider == NULL)
		return append_unresolved(run, database, resolved, out);
	ir_set_up_database(run->arena, &place, &change, &error);
	return append_change(run, &place, false, &change, &error, out);
}

static bool is_protected(const ir_database *database)
{
	const dbw__said *said = dbw__entry_find(&database->entry, DBW__KEY_PROTECTED);

	return said != NULL && strcmp(said->value, "true") == 0;
}

/* Whether the name was typed, or need not be. */
static bool is_confirmed(const cli_run *run, const ir_place *place)
{
	const char *name = place->database->name.text;
	char line[256];

	if (run->arguments->yes || ir_is_passing(place))
		return true;
	if (ir_is_store(place))
		fprintf(stderr, "\nThis removes everything in %s %s\nType the name %s to go on: ",
			place->resolved->provider, place->resolved->shown, name);
	else
		fprintf(stderr,
			"\nThis removes the tables of schema %s, with their rows, from %s\nType the name %s to go on: ",
			place->database->schema_name.text, place->resolved->shown, name);
	fflush(stderr);
	if (fgets(line, sizeof line, stdin) == NULL) {
		line[0] = '\0';
		fputc('\n', stderr); /* Nobody typed the end of this line. */
	}
	line[strcspn(line, "\n")] = '\0';
	return strcmp(line, name) == 0;
}

int db_reset_one(
	const cli_run *run, const ir_database *database, const dbw__resolved *resolved, dbw_text_buffer *out)
{
	const ir_place place = place_of(run, database, resolved);
	ir_change change = { 0 };
	dbw_error error = { .status = DBW_OK };

	if (resolved->provider == NULL)
		return append_unresolved(run, database, resolved, out);
	if (is_protected(database))
		dbw__fail(&error, DBW_MISUSE, "it is protected: its declaration says so");
	else if (!is_confirmed(run, &place))
		dbw__fail(&error, DBW_MISUSE, "the name was not typed; --yes goes without");
	else
		ir_reset_database(run->arena, &place, &change, &error);
	return append_change(run, &place, true, &change, &error, out);
}

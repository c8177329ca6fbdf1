/* Databases and tables are made and removed. */
#include "live.h"

#include <base/text.h>
#include <render/tables.h>

#include <string.h>
#include <unistd.h>

static dbw_status run_all(ir__live *live, const ir_statements *statements, dbw_error *error)
{
	dbw_status status = DBW_OK;

	for (size_t i = 0; status == DBW_OK && i < statements->count; i++)
		status = live->driver->run(live->connection, statements->items[i], error);
	return status;
}

/* PostgreSQL's schema, which asks for a privilege even where it is there already. */
static dbw_status make_namespace(ir__live *live, dbw_error *error)
{
	static const char sql[] = "SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = $1";
	const char *name = live->schema->namespace_, *statement;
	bool exists;
	dbw_status status;

	if (live->driver->engine != DBW_POSTGRESQL || name == NULL)
		return DBW_OK;
	status = ir__live_ask(live, sql, &name, 1, &exists, error);
	if (status != DBW_OK || exists)
		return status;
	statement = ir_render_namespace(live->arena, name);
	return statement == NULL ? ir__no_memory(error)
				 : live->driver->run(live->connection, statement, error);
}

static dbw_status make_tables(ir__live *live, ir_change *out, dbw_error *error)
{
	ir_statements statements;
	dbw_status status = make_namespace(live, error);

	if (status != DBW_OK)
		return status;
	if (!ir_render_tables(live->arena, live->schema, live->driver->engine, &statements))
		return ir__no_memory(error);
	status = run_all(live, &statements, error);
	if (status == DBW_OK)
		out->tables_made = live->schema->model_count;
	return status;
}

static dbw_status drop_tables(ir__live *live, dbw_error *error)
{
	ir_statements statements;

	if (!ir_render_drops(live->arena, live->schema, live->driver->engine, &statements))
		return ir__no_memory(error);
	return run_all(live, &statements, error);
}

/* A few of the names, and how many more there are. */
static void name_tables(const char **tables, size_t count, dbw_text_buffer *out)
{
	const size_t named = count > 4 ? 3 : count;

	for (size_t i = 0; i < named; i++)
		dbw_text_printf(out, "%s%s", i == 0 ? "" : ", ", tables[i]);
	if (count > named)
		dbw_text_printf(out, " and %zu more", count - named);
}

/* What is to be done by hand comes first: it keeps the rows. */
static dbw_status refuse_some(const ir__live *live, const char **missing, size_t count, dbw_error *error)
{
	const ir_schema *schema = live->schema;
	const size_t all = schema->model_count;
	char storage[256];
	dbw_text_buffer names;
	dbw_status status;

	dbw_text_init(&names, storage, sizeof storage);
	name_tables(missing, count, &names);
	status = names.failed ? ir__no_memory(error)
			      : dbw__fail(error, DBW_EXISTS,
					"%zu of the %zu tables %s there already; missing: %s. "
					"dbwright sql -s %s -e %s prints the statements that make them; "
					"reset removes the others, with their rows, and makes all anew",
					all - count, all, all - count == 1 ? "is" : "are", names.data,
					schema->name.text,
					live->driver->engine == DBW_SQLITE ? "sqlite" : "postgresql");
	dbw_text_clear(&names);
	return status;
}

/* What there is to do inside of the transaction. */
static dbw_status change_tables(ir__live *live, bool reset, ir_change *out, dbw_error *error)
{
	const size_t all = live->schema->model_count;
	const char **missing;
	size_t count;
	dbw_status status = ir__find_missing(live, &missing, &count, error);

	if (status != DBW_OK)
		return status;
	if (!reset && count == 0)
		return DBW_OK;
	if (!reset && count < all)
		return refuse_some(live, missing, count, error);
	if (reset) {
		status = drop_tables(live, error);
		out->tables_dropped = all - count;
	}
	return status == DBW_OK ? make_tables(live, out, error) : status;
}

/* Of two that do this at the same time one waits: PostgreSQL would refuse the second one's tables, or half of them. SQLite
 * has one writer anyway. */
static dbw_status take_turn(ir__live *live, dbw_error *error)
{
	/* Any number that nobody else has. */
	return live->driver->engine == DBW_POSTGRESQL
		       ? live->driver->run(live->connection,
				 "SELECT pg_catalog.pg_advisory_xact_lock(7227170530472534625)", error)
		       : DBW_OK;
}

/* Whether the server says that the role may not (PostgreSQL, "Error Codes": insufficient_privilege). */
static bool is_forbidden(const dbw_error *error)
{
	return strcmp(error->sqlstate, "42501") == 0;
}

/*
 * Says who may not, and who can help: behind what the server has said, or, where `name` is that of a database that was to
 * be made, instead of it.
 */
static void explain_forbidden(ir__live *live, const char *name, dbw_error *error)
{
	const dbw_error said = *error;
	const char *role = ir__live_role(live);

	if (name != NULL)
		dbw__fail(error, said.status,
			"the role \"%s\" may not make the database \"%s\": have an administrator make it, with this role as its owner, "
			"or allow the role to make databases",
			role, name);
	else
		dbw__fail(error, said.status,
			"%s: the role \"%s\" may not; have an administrator do it, or allow it", said.message,
			role);
	error->native_code = said.native_code;
	memcpy(error->sqlstate, said.sqlstate, sizeof error->sqlstate);
}

static dbw_status in_transaction(ir__live *live, bool reset, ir_change *out, dbw_error *error)
{
	dbw_error ignored;
	dbw_status status = live->driver->begin(live->connection, DBW_TRANSACTION_WRITE, error);

	if (status != DBW_OK)
		return status;
	status = take_turn(live, error);
	if (status == DBW_OK)
		status = change_tables(live, reset, out, error);
	if (status == DBW_OK)
		status = live->driver->commit(live->connection, error);
	if (status != DBW_OK) {
		live->driver->rollback(live->connection, &ignored);
		out->tables_made = 0;
		out->tables_dropped = 0;
	}
	if (status != DBW_OK && is_forbidden(error))
		explain_forbidden(live, NULL, error);
	return status;
}

/* The place of the database `postgres` of the same server, and the name of the one that is wanted. */
static const char *find_server(dbw_arena *arena, const ir_place *place, const char **name)
{
	char problem[DBW__PROBLEM_SIZE];
	dbw_url_parts parts;

	if (!dbw__url_take_apart(arena, place->resolved->location, problem, &parts) || parts.name == NULL)
		return NULL;
	*name = parts.name;
	return dbw__url_compose(
		arena, place->resolved->location, &(dbw_url_parts){ .name = "postgres" }, problem);
}

/*
 * Makes the server's database if it is not there; DBW_OK when it is worth connecting to it again. Where it cannot be
 * found out, *error stays what connecting has said: no code tells why a connection failed.
 */
static dbw_status make_server_database(
	dbw_arena *arena, const ir_place *place, ir_change *out, dbw_error *error)
{
	static const char sql[] = "SELECT 1 FROM pg_catalog.pg_database WHERE datname = $1";
	const dbw_status before = error->status;
	const char *name, *statement, *location = find_server(arena, place, &name);
	dbw_error other;
	ir__live live;
	bool exists;
	dbw_status status;

	if (location == NULL)
		return before;
	status = ir__live_open(arena, place, &(ir__opening){ .location = location }, &live, &other);
	if (status == DBW_OK)
		status = ir__live_ask(&live, sql, &name, 1, &exists, &other);
	if (status != DBW_OK || exists) {
		ir__live_close(&live);
		/* Another one may have made it meanwhile. If not, connecting says the same once more. */
		return status == DBW_OK ? DBW_OK : before;
	}
	statement = ir_render_server_database(arena, name);
	status = statement == NULL ? ir__no_memory(error)
				   : live.driver->run(live.connection, statement, error);
	out->database_made = status == DBW_OK;
	if (status != DBW_OK && is_forbidden(error))
		explain_forbidden(&live, name, error);
	ir__live_close(&live);
	/* Another one has made it meanwhile (PostgreSQL, "Error Codes": duplicate_database, unique_violation). */
	if (strcmp(error->sqlstate, "42P04") == 0 || strcmp(error->sqlstate, "23505") == 0)
		status = DBW_OK;
	return status;
}

static dbw_status change(
	dbw_arena *arena, const ir_place *place, bool reset, ir_change *out, dbw_error *error)
{
	const ir__opening opening = { .may_make_file = true, .without_foreign_keys = reset };
	ir__live live;
	dbw_status status;

	*out = (ir_change){ 0 };
	*error = (dbw_error){ .status = DBW_OK };
	if (ir_is_passing(place))
		return DBW_OK;
	if (place->resolved->kind == DBW_URL_PATH && !ir_is_store(place))
		out->database_made = access(place->resolved->location, F_OK) != 0;
	status = ir__live_open(arena, place, &opening, &live, error);
	if (status == DBW_CONNECTION && place->resolved->kind == DBW_URL_SERVER && !ir_is_store(place)) {
		ir__live_close(&live);
		status = make_server_database(arena, place, out, error);
		if (status == DBW_OK)
			status = ir__live_open(arena, place, &opening, &live, error);
	}
	if (status == DBW_OK && live.store != NULL)
		status = reset ? ir__live_reset_store(&live, error) : DBW_OK;
	else if (status == DBW_OK)
		status = in_transaction(&live, reset, out, error);
	ir__live_close(&live);
	/* A failure on the way was what the database is made for. */
	if (status == DBW_OK)
		*error = (dbw_error){ .status = DBW_OK };
	return status;
}

dbw_status ir_set_up_database(dbw_arena *arena, const ir_place *place, ir_change *out, dbw_error *error)
{
	return change(arena, place, false, out, error);
}

dbw_status ir_reset_database(dbw_arena *arena, const ir_place *place, ir_change *out, dbw_error *error)
{
	return change(arena, place, true, out, error);
}

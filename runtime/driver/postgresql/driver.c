#include "connection.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_RELEASED = 16 };

static void postgresql_capabilities(dbw_connection *connection, dbw_capabilities *out)
{
	memset(out, 0, sizeof *out);
	/* The zone goes with BEGIN. */
	out->read_needs_transaction = connection_of(connection)->tells_zone;
	out->returning_is_free = true;
	out->array_parameters = true;
	/* The number of parameters is one of 16 bits in the protocol ("Message Formats", Bind). */
	out->parameter_limit = UINT16_MAX;
}

/* The server forgets it in front of the next statement that is prepared; where memory is short, with the connection. */
static void forget_name(postgresql_connection *own, unsigned number)
{
	if (number == 0 || own->lost)
		return;
	if (own->released_count == own->released_capacity) {
		const unsigned capacity =
			own->released_capacity == 0 ? FIRST_RELEASED : 2 * own->released_capacity;
		unsigned *numbers = realloc(own->released, capacity * sizeof *numbers);

		if (numbers == NULL)
			return;
		own->released = numbers;
		own->released_capacity = capacity;
	}
	own->released[own->released_count++] = number;
}

static void free_arrays(postgresql_statement *statement)
{
	free(statement->storage);
	statement->storage = NULL;
	statement->parameter_count = 0;
	statement->takes = TAKES_NOTHING;
}

static void postgresql_release(dbw_connection *connection, dbw_prepared *prepared)
{
	postgresql_statement *statement = statement_of(prepared);

	forget_name(connection_of(connection), statement->number);
	PQclear(statement->result);
	dbw_text_clear(&statement->lists);
	dbw__postgresql_free_members(statement);
	free_arrays(statement);
	free(statement->plan);
	free(statement->declare);
	free(statement->sql);
	free(statement);
}

/* The arrays that libpq wants, in one block: those of the widest items first. */
static bool make_arrays(postgresql_statement *statement, size_t count)
{
	const size_t item = PARAMETER_SIZE + sizeof *statement->values + sizeof *statement->types +
			    sizeof *statement->lengths + sizeof *statement->formats;
	char *block = calloc(count + 1, item);

	if (block == NULL)
		return false;
	statement->storage = (char(*)[PARAMETER_SIZE])(void *)block;
	block += count * PARAMETER_SIZE;
	statement->values = (const char **)(void *)block;
	block += count * sizeof *statement->values;
	statement->types = (Oid *)(void *)block;
	block += count * sizeof *statement->types;
	statement->lengths = (int *)(void *)block;
	block += count * sizeof *statement->lengths;
	statement->formats = (int *)(void *)block;
	statement->parameter_count = count;
	return true;
}

/* Has the server prepare the statement, and learns the types of its parameters. *described is its rows' description. */
static dbw_status introduce(
	postgresql_connection *own, postgresql_statement *statement, PGresult **described, dbw_error *error)
{
	dbw_status status;

	/* Behind a pooler the name would be left on a server that is somebody else's next. */
	if (!own->pooled)
		statement->number = ++own->last_name;
	if (statement->number != 0)
		snprintf(statement->name, sizeof statement->name, "dbw_%u", statement->number);
	status = dbw__postgresql_exchange(own, MESSAGE_PREPARE, NULL, statement, described, error);
	if (status != DBW_OK) {
		if (own->outcome.done)
			forget_name(own, statement->number);
		statement->number = 0;
		return status;
	}
	free_arrays(statement);
	if (!make_arrays(statement, (size_t)PQnparams(*described)))
		return dbw__fail(error, DBW_OUT_OF_MEMORY, "out of memory");
	for (size_t i = 0; i < statement->parameter_count; i++)
		statement->types[i] = PQparamtype(*described, (int)i);
	dbw__postgresql_plan_parameters(statement);
	return DBW_OK;
}

static dbw_status postgresql_prepare(dbw_connection *connection, const char *sql, const dbw_result *result,
	dbw_prepared **out, dbw_error *error)
{
	postgresql_connection *own = connection_of(connection);
	postgresql_statement *statement = calloc(1, sizeof *statement);
	const size_t size = strlen(sql) + 1;
	PGresult *described = NULL;
	dbw_status status;

	*out = NULL;
	if (statement == NULL)
		return dbw__fail(error, DBW_OUT_OF_MEMORY, "out of memory");
	dbw_text_init(&statement->lists, NULL, 0);
	statement->sql = malloc(size);
	if (statement->sql != NULL)
		memcpy(statement->sql, sql, size);
	statement->kind = dbw__postgresql_kind_of(sql);
	status = statement->sql == NULL ? dbw__fail(error, DBW_OUT_OF_MEMORY, "out of memory")
					: introduce(own, statement, &described, error);
	if (status == DBW_OK && result != NULL)
		status = dbw__postgresql_plan_rows(statement, described, result, error);
	PQclear(described);
	if (status == DBW_OK)
		*out = (dbw_prepared *)(void *)statement;
	else
		postgresql_release(connection, (dbw_prepared *)(void *)statement);
	return status;
}

/* What a run binds: values, or members of rows. */
typedef struct binding {
	const dbw_value *values;
	const void *rows; /* NULL: values. */
	size_t count;     /* Of either. */
	size_t taken;     /* Rows that were bound; 0: none, and nothing was sent. */
} binding;

/* *out stays NULL where rows are not taken. */
static dbw_status run_once(postgresql_connection *own, postgresql_statement *statement, binding *bound,
	PGresult **out, dbw_error *error)
{
	dbw_status status;

	*out = NULL;
	if (bound->rows == NULL)
		status = dbw__postgresql_bind_values(statement, bound->values, bound->count, error);
	else
		status =
			dbw__postgresql_bind_rows(statement, bound->rows, bound->count, &bound->taken, error);
	if (status == DBW_OK && (bound->rows == NULL || bound->taken != 0))
		status = dbw__postgresql_exchange(own, MESSAGE_RUN, NULL, statement, out, error);
	if (bound->rows == NULL)
		dbw__postgresql_end_lists(statement);
	else if (statement->takes == TAKES_ARRAYS)
		dbw__postgresql_end_rows(statement);
	return status;
}

/* Prepares a statement again that the server has refused. */
static dbw_status introduce_again(
	postgresql_connection *own, postgresql_statement *statement, dbw_error *error)
{
	PGresult *described = NULL;
	dbw_status status;

	/* What the server has forgotten it cannot be told to forget. */
	if (strcmp(error->sqlstate, "26000") == 0)
		own->released_count = 0;
	else
		forget_name(own, statement->number);
	dbw_error_clear(error);
	status = introduce(own, statement, &described, error);
	if (status == DBW_OK)
		status = dbw__postgresql_plan_types(statement, described, error);
	PQclear(described);
	return status;
}

/*
 * Binds, and runs to the end. Where the server wants the statement prepared anew, it has not run it: nothing is lost
 * outside of a transaction, or where it was the first one of its transaction and no write travelled with it. Other
 * statements are likely to be as old: the session may go on, and the next one has another connection.
 */
static dbw_status run_statement(postgresql_connection *own, postgresql_statement *statement, binding *bound,
	PGresult **out, dbw_error *error)
{
	waiting_step steps[STEP_LIMIT];
	unsigned step_count = 0;
	bool need_row;
	dbw_status status;

	if (dbw__postgresql_is_unbegun(own) && !dbw__postgresql_writes_wait(own, &need_row)) {
		step_count = own->step_count;
		memcpy(steps, own->steps, step_count * sizeof *steps);
	}
	own->stale = false;
	status = run_once(own, statement, bound, out, error);
	if (status == DBW_OK || !own->stale || own->lost)
		return status;
	if (step_count != 0) {
		if (dbw__postgresql_rollback((dbw_connection *)own, error) != DBW_OK)
			return error->status;
		memcpy(own->steps, steps, step_count * sizeof *steps);
		own->step_count = step_count;
	} else if (PQtransactionStatus(own->link) != PQTRANS_IDLE) {
		return status;
	}
	status = introduce_again(own, statement, error);
	return status != DBW_OK ? status : run_once(own, statement, bound, out, error);
}

static void take_effect(PGresult *result, dbw_effect *effect)
{
	effect->rows = strtoll(PQcmdTuples(result), NULL, 10);
}

/* RETURNING gives the ids, in the order of rows. Rows of another statement are nobody's. */
static dbw_status take_id(PGresult *result, dbw_effect *effect, dbw_error *error)
{
	const int rows = PQntuples(result);

	if (rows > 0 && PQnfields(result) > 0 && strncmp(PQcmdStatus(result), "INSERT", 6) == 0 &&
		!dbw__postgresql_read_integer(result, rows - 1, 0, &effect->assigned_id))
		return dbw__fail(error, DBW_DATA, "the id that the database made is not an integer");
	return DBW_OK;
}

static dbw_status execute(dbw_connection *connection, dbw_prepared *prepared, binding *bound,
	dbw_effect *effect, dbw_error *error)
{
	PGresult *result;
	dbw_status status =
		run_statement(connection_of(connection), statement_of(prepared), bound, &result, error);

	effect->rows = 0;
	effect->assigned_id = 0;
	if (status == DBW_OK && result != NULL) {
		take_effect(result, effect);
		status = take_id(result, effect, error);
		PQclear(result);
	}
	return status;
}

static dbw_status postgresql_execute(dbw_connection *connection, dbw_prepared *prepared,
	const dbw_value *values, size_t count, dbw_effect *effect, dbw_error *error)
{
	binding bound = { .values = values, .count = count };

	return execute(connection, prepared, &bound, effect, error);
}

static dbw_status postgresql_execute_rows(dbw_connection *connection, dbw_prepared *prepared,
	const void *rows, size_t count, bool checked, bool *plain, dbw_effect *effect, dbw_error *error)
{
	binding bound = { .rows = rows, .count = count };
	dbw_status status = DBW_OK;

	(void)checked; /* To look again costs less than a second copy of the loop. */
	if (statement_of(prepared)->takes == TAKES_ROWS)
		status = execute(connection, prepared, &bound, effect, error);
	*plain = bound.taken != 0;
	return status;
}

/* As many ids as there are, or as there is room for. */
static dbw_status take_ids(
	const PGresult *result, int64_t *ids, size_t room, dbw_effect *effect, dbw_error *error)
{
	const char *first;
	size_t count;

	if (PQntuples(result) != 1 || PQftype(result, 0) != TYPE_INT8_ARRAY ||
		!dbw__postgresql_read_ids(result, &count, &first))
		return dbw__fail(error, DBW_DATA, "the ids that the database made are no integers");
	for (size_t i = 0; i < count && i < room; i++)
		ids[i] = dbw__postgresql_id_at(first, i);
	effect->rows = (int64_t)count;
	return DBW_OK;
}

static dbw_status postgresql_execute_arrays(dbw_connection *connection, dbw_prepared *prepared,
	const void *rows, size_t count, int64_t *ids, size_t *taken, dbw_effect *effect, dbw_error *error)
{
	postgresql_statement *statement = statement_of(prepared);
	binding bound = { .rows = rows, .count = count };
	PGresult *result = NULL;
	dbw_status status = DBW_OK;

	effect->rows = 0;
	effect->assigned_id = 0;
	if (statement->takes == TAKES_ARRAYS)
		status = run_statement(connection_of(connection), statement, &bound, &result, error);
	*taken = bound.taken;
	if (result == NULL)
		return status;
	/* A statement that gives ids says so even where nobody wants them, and its own tag counts one row, of one array. */
	if (PQresultStatus(result) == PGRES_TUPLES_OK)
		status = take_ids(result, ids, ids == NULL ? 0 : bound.taken, effect, error);
	else
		take_effect(result, effect);
	PQclear(result);
	return status;
}

static dbw_status postgresql_query(dbw_connection *connection, dbw_prepared *prepared,
	const dbw_value *values, size_t count, dbw_error *error)
{
	postgresql_connection *own = connection_of(connection);
	postgresql_statement *statement = statement_of(prepared);
	binding bound = { .values = values, .count = count };
	PGresult *result;
	dbw_status status;

	if (statement->result != NULL)
		return dbw__fail(error, DBW_MISUSE, "the statement is running");
	status = run_statement(own, statement, &bound, &result, error);
	/* What is not prepared may have other types each time. */
	if (status == DBW_OK && own->pooled) {
		status = dbw__postgresql_plan_types(statement, result, error);
		if (status != DBW_OK)
			PQclear(result);
	}
	if (status != DBW_OK)
		return status;
	statement->result = result;
	statement->row = 0;
	statement->item = 0;
	statement->row_count = PQntuples(result);
	own->running++;
	return DBW_OK;
}

/* The next item of a row that is an array. */
static dbw_status fetch_item(postgresql_statement *statement, int64_t *out, bool *more, dbw_error *error)
{
	const char *first;
	size_t count;

	if (statement->row_count != 1 || !dbw__postgresql_read_ids(statement->result, &count, &first))
		return dbw__fail(error, DBW_DATA, "the result is not an array of integers");
	*more = statement->item < count;
	if (*more)
		*out = dbw__postgresql_id_at(first, statement->item++);
	return DBW_OK;
}

static dbw_status postgresql_fetch_integer(
	dbw_connection *connection, dbw_prepared *prepared, int64_t *out, bool *more, dbw_error *error)
{
	postgresql_statement *statement = statement_of(prepared);

	(void)connection;
	*more = false;
	if (statement->row == statement->row_count)
		return DBW_OK;
	if (PQftype(statement->result, 0) == TYPE_INT8_ARRAY)
		return fetch_item(statement, out, more, error);
	*more = true;
	if (!dbw__postgresql_read_integer(statement->result, statement->row, 0, out)) {
		*more = false;
		return dbw__fail(error, DBW_DATA, "the result is not an integer");
	}
	statement->row++;
	return DBW_OK;
}

static void postgresql_finish(dbw_connection *connection, dbw_prepared *prepared)
{
	postgresql_statement *statement = statement_of(prepared);

	connection_of(connection)->running--;
	if (!statement->kept)
		PQclear(statement->result);
	statement->kept = false;
	statement->result = NULL;
	dbw__postgresql_end_stream(connection_of(connection), statement);
}

static const dbw_violation *postgresql_violation(dbw_connection *connection)
{
	return &connection_of(connection)->violation;
}

static dbw_status postgresql_run(dbw_connection *connection, const char *sql, dbw_error *error)
{
	return dbw__postgresql_command(connection_of(connection), sql, error);
}

static dbw_status postgresql_table_exists(
	dbw_connection *connection, const char *table, bool *out, dbw_error *error)
{
	/* What a name without a namespace finds: tables, partitioned and foreign ones, views. */
	static const char sql[] =
		"SELECT 1 FROM pg_catalog.pg_class WHERE relname = $1 "
		"AND relkind IN ('r', 'p', 'f', 'v', 'm') AND pg_catalog.pg_table_is_visible(oid)";
	dbw_value name = { .kind = DBW_KIND_TEXT, .size = (uint32_t)strlen(table), .as.data = table };
	dbw_prepared *statement;
	int64_t one;
	dbw_status status;

	*out = false;
	status = postgresql_prepare(connection, sql, NULL, &statement, error);
	if (status != DBW_OK)
		return status;
	status = postgresql_query(connection, statement, &name, 1, error);
	if (status == DBW_OK) {
		status = postgresql_fetch_integer(connection, statement, &one, out, error);
		postgresql_finish(connection, statement);
	}
	postgresql_release(connection, statement);
	return status;
}

static bool postgresql_is_clean(dbw_connection *connection)
{
	const postgresql_connection *own = connection_of(connection);

	return !own->lost && !own->outdated && own->running == 0 && own->step_count == 0 &&
	       PQtransactionStatus(own->link) == PQTRANS_IDLE;
}

static dbw_status postgresql_ping(dbw_connection *connection, dbw_error *error)
{
	return dbw__postgresql_stands(connection_of(connection), error);
}

static void *postgresql_native_handle(dbw_connection *connection)
{
	return connection_of(connection)->link;
}

static int postgresql_descriptor(dbw_connection *connection)
{
	return PQsocket(connection_of(connection)->link);
}

static dbw_status postgresql_facts(dbw_connection *connection, char *version, size_t size, dbw_error *error)
{
	const char *said = PQparameterStatus(connection_of(connection)->link, "server_version");

	(void)error;
	snprintf(version, size, "PostgreSQL %s", said == NULL ? "of no version" : said);
	return DBW_OK;
}

const dbw_driver dbw__postgresql_driver = {
	.abi = DBW_DRIVER_ABI,
	.name = "postgresql",
	.engine = DBW_POSTGRESQL,
	.check = dbw__postgresql_check,
	.open = dbw__postgresql_open,
	.close = dbw__postgresql_close,
	.capabilities = postgresql_capabilities,
	.prepare = postgresql_prepare,
	.release = postgresql_release,
	.execute = postgresql_execute,
	.query = postgresql_query,
	.fetch = dbw__postgresql_fetch,
	.fetch_integer = postgresql_fetch_integer,
	.column_count = dbw__postgresql_column_count,
	.column_name = dbw__postgresql_column_name,
	.fetch_values = dbw__postgresql_fetch_values,
	.finish = postgresql_finish,
	.violation = postgresql_violation,
	.set_terms = dbw__postgresql_set_terms,
	.begin = dbw__postgresql_begin,
	.commit = dbw__postgresql_commit,
	.rollback = dbw__postgresql_rollback,
	.savepoint = dbw__postgresql_savepoint,
	.release_savepoint = dbw__postgresql_release_savepoint,
	.rollback_to_savepoint = dbw__postgresql_rollback_to_savepoint,
	.run = postgresql_run,
	.table_exists = postgresql_table_exists,
	.is_clean = postgresql_is_clean,
	.fetch_rows = dbw__postgresql_fetch_rows,
	.stream = dbw__postgresql_stream,
	.plan_rows = dbw__postgresql_plan_members,
	.execute_rows = postgresql_execute_rows,
	.execute_arrays = postgresql_execute_arrays,
	.send = dbw__postgresql_send,
	.collect = dbw__postgresql_collect,
	.answer = dbw__postgresql_answer,
	.load_begin = dbw__postgresql_load_begin,
	.load_rows = dbw__postgresql_load_rows,
	.load_members = dbw__postgresql_load_members,
	.load_end = dbw__postgresql_load_end,
	.ping = postgresql_ping,
	.cancel = dbw__postgresql_cancel,
	.native_handle = postgresql_native_handle,
	.descriptor = postgresql_descriptor,
	.facts = postgresql_facts,
};

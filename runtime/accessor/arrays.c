/*
 * What only engines with arrays and sequences want of inserts: many rows as one array per column, and a sequence that
 * goes on behind ids that were given.
 */
#include "insertion.h"

#include <base/text.h>

#include <inttypes.h>

/*
 * The greatest id that a sequence goes on behind. One that has come to its end gives no more ids, and a rollback does not
 * undo that: nobody's single row may take a sequence so far. As many ids again are left behind this one.
 */
static const int64_t greatest_counted = INT64_C(1) << 62;

bool dbw__takes_arrays(const dbw__lease *lease, const dbw_model *model)
{
	if (!lease->capabilities->array_parameters)
		return false;
	/* What a text in an array becomes is known for the types of the kinds alone. */
	for (uint16_t i = 0; i < model->column_count; i++)
		if ((model->columns[i].flags & (DBW_COLUMN_NATIVE_ENUM | DBW_COLUMN_OTHER_TYPE)) != 0)
			return false;
	return true;
}

dbw_status dbw__too_few_ids(dbw__lease *lease, const dbw_model *model)
{
	return dbw__fail(lease->error, DBW_ENGINE,
		"%s: the database has not made an id for each row; insert them one by one", model->name);
}

dbw_status dbw__arrays_statement(dbw__lease *lease, const dbw_model *model, const dbw_statement *statement,
	dbw__call *call, dbw_prepared **out)
{
	dbw__request request;
	dbw_status status = DBW_OK;

	dbw__request_init(
		&request, model, lease->engine, DBW__REQUEST_INSERT_ARRAYS, dbw__lease_scratch(lease));
	for (uint16_t i = 0; status == DBW_OK && i < statement->parameter_count; i++)
		status = dbw__request_column(&request, statement->parameters[i], lease->error);
	if (status == DBW_OK)
		status = dbw__shaped_statement(lease, &request, call, out);
	dbw__request_clear(&request);
	return status;
}

/* The ids that the insert gives, as many as there are rows; NULL: only how many. */
static dbw_status take_ids(dbw__lease *lease, const dbw_model *model, dbw_prepared *prepared, size_t rows,
	int64_t *ids, int64_t *inserted)
{
	dbw_status status = DBW_OK;
	bool more = true;
	size_t count = 0;

	while (status == DBW_OK && more) {
		int64_t id;

		status = lease->driver->fetch_integer(lease->connection, prepared, &id, &more, lease->error);
		if (status == DBW_OK && more && count++ < rows && ids != NULL)
			ids[count - 1] = id;
	}
	*inserted = (int64_t)count;
	if (status == DBW_OK && ids != NULL && count != rows)
		status = dbw__too_few_ids(lease, model);
	return status;
}

dbw_status dbw__insert_arrays(dbw__lease *lease, const dbw_model *model, const dbw_statement *statement,
	const dbw_value *lists, size_t rows, int64_t *ids, dbw__call *call, int64_t *inserted)
{
	dbw_prepared *prepared;
	dbw_effect effect = { 0, 0 };
	dbw_status status = dbw__arrays_statement(lease, model, statement, call, &prepared);

	if (status != DBW_OK)
		return status;
	if (model->id < 0) {
		status = lease->driver->execute(lease->connection, prepared, lists,
			statement->parameter_count, &effect, lease->error);
		*inserted = effect.rows;
		return status;
	}
	status = lease->driver->query(
		lease->connection, prepared, lists, statement->parameter_count, lease->error);
	if (status != DBW_OK)
		return status;
	status = take_ids(lease, model, prepared, rows, ids, inserted);
	lease->driver->finish(lease->connection, prepared);
	return status;
}

/* `quote` around the text, and twice where it stands in it. */
static void append_quoted(dbw_text_buffer *out, const char *name, char quote)
{
	dbw_text_append_char(out, quote);
	for (; *name != '\0'; name++) {
		if (*name == quote)
			dbw_text_append_char(out, quote);
		dbw_text_append_char(out, *name);
	}
	dbw_text_append_char(out, quote);
}

const char *dbw__counting_tail(dbw__lease *lease, const dbw_model *model)
{
	const char *column = model->columns[model->id].name;
	char storage[1024];
	dbw_text_buffer tail;
	const char *copy;

	dbw_text_init(&tail, storage, sizeof storage);
	/* The table is the one that the row went to: a name would be looked for anew. */
	dbw_text_append_z(&tail, " RETURNING ");
	append_quoted(&tail, column, '"');
	dbw_text_append_z(&tail, ", (SELECT CASE WHEN pg_catalog.has_sequence_privilege(dbw_s, 'UPDATE') "
				 "AND pg_catalog.has_sequence_privilege(dbw_s, 'USAGE') "
				 "THEN CASE WHEN coalesce(pg_catalog.pg_sequence_last_value(dbw_s), 0) < ");
	append_quoted(&tail, column, '"');
	dbw_text_append_z(&tail, " THEN pg_catalog.setval(dbw_s, ");
	append_quoted(&tail, column, '"');
	dbw_text_append_z(&tail, ") END END FROM (SELECT pg_catalog.pg_get_serial_sequence("
				 "tableoid::pg_catalog.regclass::pg_catalog.text, ");
	append_quoted(&tail, column, '\'');
	dbw_text_append_z(&tail, ")::pg_catalog.regclass AS dbw_s) AS dbw_q WHERE ");
	append_quoted(&tail, column, '"');
	dbw_text_printf(&tail, " BETWEEN 1 AND %" PRId64 ")", greatest_counted);
	copy = tail.failed ? NULL : dbw_arena_copy(dbw__lease_scratch(lease), tail.data, tail.length);
	dbw_text_clear(&tail);
	return copy;
}

dbw_status dbw__count_on(dbw__lease *lease, const dbw_model *model, int64_t id)
{
	/* A role that may insert need not be one that may set the sequence: then it stays as it is. */
	static const char sql[] =
		"SELECT pg_catalog.setval(s, $3) FROM "
		"(SELECT pg_catalog.pg_get_serial_sequence($1, $2)::pg_catalog.regclass AS s) AS q "
		"WHERE CASE WHEN pg_catalog.has_sequence_privilege(s, 'UPDATE') "
		"AND pg_catalog.has_sequence_privilege(s, 'USAGE') "
		"THEN $3 > coalesce(pg_catalog.pg_sequence_last_value(s), 0) ELSE false END";
	const char *column, *table;
	dbw_value values[3];
	dbw_effect effect;
	dbw__shape *shape;
	dbw_status status = DBW_OK;

	if (lease->engine != DBW_POSTGRESQL || id <= 0 || id > greatest_counted)
		return DBW_OK;
	column = model->columns[model->id].name;
	/* As SQL names it: the function reads it as SQL does. */
	table = dbw__table_text(model, lease->engine);
	values[0] = (dbw_value){ .kind = DBW_KIND_TEXT, .size = (uint32_t)strlen(table), .as.data = table };
	values[1] = (dbw_value){ .kind = DBW_KIND_TEXT, .size = (uint32_t)strlen(column), .as.data = column };
	values[2] = (dbw_value){ .kind = DBW_KIND_INT64, .as.integer = id };
	shape = dbw__shape_lookup(lease->cache, sql, sizeof sql);
	if (shape == NULL)
		status = dbw__shape_insert(lease->cache, sql, sizeof sql, sql, NULL, &shape, lease->error);
	if (status == DBW_OK)
		status = lease->driver->execute(
			lease->connection, shape->prepared, values, 3, &effect, lease->error);
	return status;
}

#include "fixture_session.h"

#include <stdio.h>
#include <string.h>

dbw_status fixture_create(dbw_session session)
{
	dbw__call call = { .statement = "create_tables", .writes = true };
	dbw__lease *lease;
	dbw_status status = dbw__session_enter(session, true, &lease);

	if (status != DBW_OK)
		return status;
	call.sent = true;
	for (size_t i = 0; i < auth__tables.count && status == DBW_OK; i++) {
		const dbw_objects *objects = &auth__tables.items[i].objects[DBW_SQLITE];

		for (size_t j = 0; j < objects->count && status == DBW_OK; j++)
			status = lease->driver->run(lease->connection, objects->items[j].sql, lease->error);
	}
	return dbw__session_leave(lease, status, &call);
}

static dbw_status execute(dbw__lease *lease, const dbw_model *model, uint16_t number, const dbw_value *values,
	size_t count, bool deletes)
{
	const dbw_statement *fixed = &model->statements[number];
	const char *sql = fixed->sql[DBW_SQLITE];
	dbw__call call = { .model = model,
		.statement = fixed->name,
		.sql = sql,
		.values = values,
		.value_count = count,
		.writes = true,
		.deletes = deletes,
		.sent = true };
	const uint32_t slot = *model->first_slot + number;
	dbw_prepared *statement = dbw__cache_fixed(lease->cache, slot);
	dbw_effect effect;
	dbw_status status = DBW_OK;

	if (statement == NULL)
		status = dbw__cache_prepare(lease->cache, slot, sql, NULL, &statement, lease->error);
	if (status == DBW_OK)
		status = lease->driver->execute(
			lease->connection, statement, values, count, &effect, lease->error);
	if (status == DBW_OK)
		call.rows = effect.rows;
	return dbw__session_leave(lease, status, &call);
}

static dbw_value integer(const dbw_column *column, int64_t number)
{
	return (dbw_value){ .column = column, .kind = column->kind, .as.integer = number };
}

static dbw_value text(const dbw_column *column, const char *data)
{
	if (data == NULL)
		return (dbw_value){ .column = column };
	return (dbw_value){
		.column = column, .kind = DBW_KIND_TEXT, .size = (uint32_t)strlen(data), .as.data = data
	};
}

dbw_status fixture_insert_user(dbw_session session, const char *name, const char *email, int64_t balance)
{
	const dbw_column *columns = user__model.columns;
	dbw_value values[7];
	dbw__lease *lease;
	dbw_status status = dbw__session_enter(session, true, &lease);

	if (status != DBW_OK)
		return status;
	values[0] = text(&columns[1], name);
	values[1] = text(&columns[2], email);
	values[2] = text(&columns[3], NULL);
	values[3] = integer(&columns[4], USER_ROLE_MEMBER);
	values[4] = (dbw_value){ .column = &columns[5], .kind = DBW_KIND_DECIMAL, .as.decimal = { 0, 0, 0 } };
	values[4].as.decimal = dbw_decimal_of(balance, 2);
	values[5] = integer(&columns[6], 0);
	values[6] = integer(&columns[7], 1);
	return execute(lease, &user__model, DBW_STATEMENT_INSERT, values, 7, false);
}

dbw_status fixture_insert_session(dbw_session session, const char *token, int64_t user_id)
{
	const dbw_column *columns = user_session__model.columns;
	dbw_value values[3];
	dbw__lease *lease;
	dbw_status status = dbw__session_enter(session, true, &lease);

	if (status != DBW_OK)
		return status;
	values[0] = text(&columns[1], token);
	values[1] = integer(&columns[2], 0);
	values[2] = integer(&columns[3], user_id);
	return execute(lease, &user_session__model, DBW_STATEMENT_INSERT, values, 3, false);
}

dbw_status fixture_insert_note(dbw_session session, const char *title, int64_t user_id)
{
	const dbw_column *columns = note__model.columns;
	dbw_value values[6];
	dbw__lease *lease;
	dbw_status status = dbw__session_enter(session, true, &lease);

	if (status != DBW_OK)
		return status;
	values[0] = text(&columns[1], title);
	values[1] = text(&columns[2], "slug");
	values[2] = integer(&columns[4], user_id);
	values[3] = integer(&columns[5], 0);
	values[4] = integer(&columns[6], 1);
	values[5] = (dbw_value){ .column = &columns[7] };
	return execute(lease, &note__model, DBW_STATEMENT_INSERT, values, 6, false);
}

/* Runs SQL that the models have no statement for, kept as a shape with the text as its key. */
static dbw_status shape_of(dbw__lease *lease, const char *sql, dbw__shape **out)
{
	*out = dbw__shape_lookup(lease->cache, sql, strlen(sql));
	if (*out != NULL)
		return DBW_OK;
	return dbw__shape_insert(lease->cache, sql, strlen(sql), sql, NULL, out, lease->error);
}

dbw_status fixture_move_session(dbw_session session, int64_t id, int64_t user_id)
{
	dbw_value values[2] = { integer(&user_session__model.columns[3], user_id),
		integer(&user_session__model.columns[0], id) };
	dbw__call call = { .model = &user_session__model,
		.statement = "user_session_update",
		.values = values,
		.value_count = 2,
		.writes = true };
	dbw_effect effect;
	dbw__shape *shape;
	dbw__lease *lease;
	dbw_status status = dbw__session_enter(session, true, &lease);

	if (status != DBW_OK)
		return status;
	call.sent = true;
	status = shape_of(lease, "UPDATE user_sessions SET user_id = ?1 WHERE id = ?2", &shape);
	if (status == DBW_OK) {
		call.sql = shape->sql;
		status = lease->driver->execute(
			lease->connection, shape->prepared, values, 2, &effect, lease->error);
	}
	return dbw__session_leave(lease, status, &call);
}

dbw_status fixture_delete_user(dbw_session session, int64_t id)
{
	dbw_value key;
	dbw__lease *lease;
	dbw_status status = dbw__session_enter(session, true, &lease);

	if (status != DBW_OK)
		return status;
	key = integer(&user__model.columns[0], id);
	return execute(lease, &user__model, DBW_STATEMENT_DELETE, &key, 1, true);
}

dbw_status fixture_count(dbw_session session, const char *table, int64_t *out)
{
	dbw__call call = { .statement = "count" };
	const char *sql;
	dbw__shape *shape;
	dbw__lease *lease;
	dbw_status status = dbw__session_enter(session, false, &lease);
	bool more;

	if (status != DBW_OK)
		return status;
	call.sent = true;
	sql = dbw_arena_printf(dbw__lease_scratch(lease), "SELECT count(*) FROM %s", table);
	status = sql == NULL ? DBW_OUT_OF_MEMORY : shape_of(lease, sql, &shape);
	if (status == DBW_OK) {
		call.sql = shape->sql;
		status = lease->driver->query(lease->connection, shape->prepared, NULL, 0, lease->error);
	}
	if (status == DBW_OK) {
		status = lease->driver->fetch_integer(
			lease->connection, shape->prepared, out, &more, lease->error);
		lease->driver->finish(lease->connection, shape->prepared);
	}
	call.rows = 1;
	return dbw__session_leave(lease, status, &call);
}

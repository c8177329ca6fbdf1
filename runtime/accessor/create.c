#include "call.h"

/* In the order that lets each object find what it names: types, tables, indexes, and foreign keys that close a circle. */
static const int object_order[] = {
	DBW_OBJECT_TYPE,
	DBW_OBJECT_TABLE,
	DBW_OBJECT_INDEX,
	DBW_OBJECT_FOREIGN_KEY,
};

/* DBW_EXISTS for the first table that is there. */
static dbw_status check_tables(dbw__lease *lease, const dbw_tables *tables, dbw__call *call)
{
	for (size_t i = 0; i < tables->count; i++) {
		const dbw_model *model = tables->items[i].model;
		bool exists = false;
		dbw_status status;

		call->model = model;
		call->sent = true;
		status = lease->driver->table_exists(lease->connection, model->table, &exists, lease->error);
		if (status != DBW_OK)
			return status;
		/* Nothing was changed, so the session can go on. */
		call->sent = false;
		if (exists)
			return dbw__fail(
				lease->error, DBW_EXISTS, "the table %s is there already", model->table);
	}
	return DBW_OK;
}

static dbw_status make_objects(dbw__lease *lease, const dbw_table *table, int kind, dbw__call *call)
{
	const dbw_objects *objects = &table->objects[lease->engine];

	for (size_t i = 0; i < objects->count; i++) {
		dbw_status status;

		if ((int)objects->items[i].kind != kind)
			continue;
		call->model = table->model;
		call->sql = objects->items[i].sql;
		call->sent = true;
		status = lease->driver->run(lease->connection, call->sql, lease->error);
		if (status != DBW_OK)
			return status;
	}
	return DBW_OK;
}

static dbw_status create(dbw__lease *lease, const dbw_tables *tables, dbw__call *call)
{
	dbw_status status;

	if (tables->schema != lease->schema)
		return dbw__fail(lease->error, DBW_MISUSE,
			"the tables of schema %s in a session of schema %s", tables->schema->name,
			lease->schema->name);
	status = check_tables(lease, tables, call);
	for (size_t place = 0; place < sizeof object_order / sizeof object_order[0]; place++)
		for (size_t i = 0; status == DBW_OK && i < tables->count; i++)
			status = make_objects(lease, &tables->items[i], object_order[place], call);
	return status;
}

dbw_status dbw__create_tables(dbw_session session, const dbw_tables *tables)
{
	dbw__call call = { .statement = "create_tables", .writes = true, .creates = true };
	dbw__lease *lease;
	dbw_status status = dbw__session_enter(session, true, &lease);

	if (status != DBW_OK)
		return status;
	status = create(lease, tables, &call);
	return dbw__session_leave(lease, status, &call);
}

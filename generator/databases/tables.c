/* Which tables of a schema are there. */
#include "live.h"

static dbw_status has_table(ir__live *live, const ir_model *model, bool *out, dbw_error *error)
{
	/* What the driver looks for is what a name without a namespace finds. */
	static const char sql[] =
		"SELECT 1 FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace "
		"WHERE n.nspname = $1 AND c.relname = $2 AND c.relkind IN ('r', 'p', 'f', 'v', 'm')";
	const char *const names[] = { live->schema->namespace_, model->table.text };

	if (live->driver->engine != DBW_POSTGRESQL || live->schema->namespace_ == NULL)
		return live->driver->table_exists(live->connection, model->table.text, out, error);
	return ir__live_ask(live, sql, names, 2, out, error);
}

dbw_status ir__find_missing(ir__live *live, const char ***out, size_t *count, dbw_error *error)
{
	const ir_schema *schema = live->schema;

	*count = 0;
	*out = dbw_arena_alloc_zeroed(live->arena, schema->model_count + 1, sizeof **out);
	if (*out == NULL)
		return ir__no_memory(error);
	for (size_t i = 0; i < schema->model_count; i++) {
		const ir_model *model = schema->creation_order[i];
		bool exists = false;
		dbw_status status = has_table(live, model, &exists, error);

		if (status != DBW_OK)
			return status;
		if (!exists)
			(*out)[(*count)++] = model->table.text;
	}
	return DBW_OK;
}

/* What the databases of a program must not have in common. */
#include "registry.h"

#include <string.h>

/* What stands behind FROM: the table with its namespace, quoted as the engine has it. */
static const char *table_of(const dbw_model *model, dbw_engine engine)
{
	const char *select = model->select[engine], *found = NULL;

	for (const char *at = select; at != NULL; at = strstr(at + 1, " FROM "))
		found = at;
	return found == select ? model->table : found;
}

/* The first table that both schemas have; NULL if there is none. */
static const char *common_table(const dbw_schema *a, const dbw_schema *b, dbw_engine engine)
{
	for (size_t i = 0; i < a->model_count; i++)
		for (size_t j = 0; j < b->model_count; j++)
			if (strcmp(table_of(a->models[i], engine), table_of(b->models[j], engine)) == 0)
				return a->models[i]->table;
	return NULL;
}

static bool same_place(const database *a, const database *b)
{
	return a->place == b->place ||
	       (a->driver == b->driver && a->place->shareable && b->place->shareable &&
		       strcmp(a->place->options.address.location, b->place->options.address.location) == 0);
}

static void check_place(dbw_diagnostics *diagnostics, const database *first, const database *added)
{
	const char *table;

	if (first->schema == added->schema || !same_place(first, added))
		return;
	table = common_table(first->schema, added->schema, added->driver->engine);
	if (table != NULL)
		dbw_report(diagnostics, DBW_SEVERITY_ERROR, added->resolved.at, "table-clash",
			"give each its own database, or one of the models another table:",
			"databases \"%s\" and \"%s\" are one, and their schemas \"%s\" and \"%s\" both have a table \"%s\"",
			first->name, added->name, first->schema->name, added->schema->name, table);
}

static void check_pair(dbw_diagnostics *diagnostics, const database *first, const database *added)
{
	/* A store has nothing that could be another's. */
	if (first->schema == NULL || added->schema == NULL)
		return;
	check_place(diagnostics, first, added);
	if (first->schema != added->schema)
		return;
	if (strcmp(first->qualifier, added->qualifier) == 0)
		dbw_report(diagnostics, DBW_SEVERITY_ERROR, (dbw_position){ NULL, 0, 0 }, "duplicate-name",
			NULL, "databases \"%s\" and \"%s\" of schema \"%s\" have the same qualifier \"%s\"",
			first->name, added->name, added->schema->name, added->qualifier);
	if (first->is_default && added->is_default)
		dbw_report(diagnostics, DBW_SEVERITY_ERROR, (dbw_position){ NULL, 0, 0 }, "duplicate-name",
			NULL, "databases \"%s\" and \"%s\" of schema \"%s\" are both default", first->name,
			added->name, added->schema->name);
}

void dbw__check_against_others(
	const dbw_databases *databases, dbw_diagnostics *diagnostics, const database *added)
{
	for (const database *each = databases->items; each != NULL; each = each->next)
		if (each != added)
			check_pair(diagnostics, each, added);
}

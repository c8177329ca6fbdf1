/* Which databases are connected before others and closed after them. */
#include "registry.h"

#include <entries/order.h>

static dbw__ordered describe(const dbw_databases *databases, const database *item, const database *added)
{
	const dbw__value *value = dbw__resolved_find(&item->resolved, DBW__KEY_DEPENDS_ON);
	dbw__ordered out = { .name = item->name,
		.schema = item->schema == NULL ? item->name : item->schema->name,
		.qualifier = item->qualifier,
		.lenient = databases->some || (added != NULL && added != item) };

	if (value != NULL) {
		out.depends_on = value->text;
		out.at = value->said->at;
	}
	return out;
}

/* Databases of one place share its connections: the least depth counts, so that they stay for who depends on them. */
static void set_depths(dbw_databases *databases, const dbw__ordered *all)
{
	size_t number = 0;

	for (dbw__place *each = databases->places; each != NULL; each = each->next)
		each->depth = UINT32_MAX;
	for (database *each = databases->items; each != NULL; each = each->next) {
		each->depth = all[number++].depth;
		if (each->place != NULL && each->depth < each->place->depth)
			each->place->depth = each->depth;
	}
}

bool dbw__find_order(dbw_databases *databases, dbw_diagnostics *diagnostics, const database *added)
{
	dbw_arena *arena = dbw_arena_new(0);
	dbw__ordered *all = NULL;
	size_t count = 0;
	bool good = false;

	for (const database *each = databases->items; each != NULL; each = each->next)
		count++;
	if (arena != NULL)
		all = dbw_arena_alloc_zeroed(arena, count + 1, sizeof *all);
	count = 0;
	for (const database *each = databases->items; each != NULL && all != NULL; each = each->next)
		all[count++] = describe(databases, each, added);
	if (all == NULL)
		dbw_report(diagnostics, DBW_SEVERITY_ERROR, (dbw_position){ NULL, 0, 0 }, "out-of-memory",
			NULL, "out of memory");
	else
		good = dbw__order_databases(diagnostics, all, count);
	if (good)
		set_depths(databases, all);
	dbw_arena_free(arena);
	return good;
}

#include "fixture_plan.h"

#include <accessor/page_text.h>

#include <stdio.h>

/* The tables are seen in their source alone. */
#include PLACES_TABLES

enum { ROWS = 20 };

const dbw_objects *fixture_event_objects(dbw_engine engine)
{
	return &places__tables.items[0].objects[engine];
}

static const struct {
	event_order order_by[2];
	int64_t id;
	bool backward;
} pages[] = {
	{ .id = 50001 },
	{ .id = 50001, .backward = true },
	{ { { .happened_at = DBW_ASC } }, 50001, false },
	{ { { .happened_at = DBW_DESC } }, 50001, false },
	{ { { .happened_at = DBW_DESC } }, 50001, true },
	{ { { .happened_at = DBW_DESC }, { .id = DBW_ASC } }, 50001, false },
	{ { { .noticed_at = DBW_ASC } }, 50001, false },
	{ { { .noticed_at = DBW_DESC } }, 50001, false },
	/* Among the events that nobody has noticed. */
	{ { { .noticed_at = DBW_ASC } }, 50000, false },
	{ { { .noticed_at = DBW_ASC } }, 50000, true },
	{ { { .noticed_at = DBW_DESC } }, 50000, false },
	{ { { .kind = DBW_ASC }, { .title = DBW_DESC } }, 55001, false },
	{ { { .kind = DBW_ASC }, { .title = DBW_DESC } }, 55001, true },
	{ { { .kind = DBW_DESC }, { .title = DBW_ASC } }, 55001, false },
};

/* The row of FIXTURE_EVENTS. */
static event event_of(int64_t id, char title[32])
{
	event row = EVENT_INIT;

	snprintf(title, 32, "title %d", (int)(id % 10000));
	row.id = id;
	row.happened_at = (dbw_timestamp){ id / 4 * 1000000 };
	if (id % 2 != 0)
		row.noticed_at = dbw_some_timestamp(row.happened_at);
	row.kind = (int16_t)(id / 10000);
	row.title = title;
	return row;
}

static bool visit(int number, dbw__request *request, fixture_visitor *visitor, void *context)
{
	const event_query query = { .order_by = { pages[number].order_by[0], pages[number].order_by[1] } };
	char title[32], storage[128];
	const event row = event_of(pages[number].id, title);
	dbw_text_buffer bytes;
	dbw_value values[3];
	dbw__page_order order;
	dbw__page_place place = { .values = values, .backward = pages[number].backward };
	dbw_error error = { 0 };
	bool good = dbw__request_page(request, &query, &order, &error) == DBW_OK;

	dbw_text_init(&bytes, storage, sizeof storage);
	if (good) {
		dbw__page_values_write(request, &order, &row, &bytes);
		const dbw__page_seal seal = { .bytes = bytes.data, .size = bytes.length };

		good = dbw__page_values_read(request, &order, &seal, values) &&
		       dbw__request_behind(request, &order, &place, &error) == DBW_OK &&
		       dbw__request_page_rows(request, ROWS + 1, &error) == DBW_OK;
	}
	if (good)
		visitor(number, request, context);
	else
		fprintf(stderr, "page %d: %s\n", number, error.message);
	dbw_text_clear(&bytes);
	return good;
}

bool fixture_plans(dbw_engine engine, fixture_visitor *visitor, void *context)
{
	dbw_arena *scratch = dbw_arena_new(0);
	bool good = scratch != NULL;

	for (int i = 0; good && i < (int)(sizeof pages / sizeof pages[0]); i++) {
		dbw__request request;

		dbw__request_init(&request, &event__model, engine, DBW__REQUEST_PAGE, scratch);
		good = visit(i, &request, visitor, context);
		dbw__request_clear(&request);
	}
	dbw_arena_free(scratch);
	return good;
}

/*
 * Writes a script for psql, and beside it what the script has to print: the ids of the rows of a page, one on a line, and
 * a line with a point behind them.
 *
 *   script_pages pages SCRIPT EXPECTED    random pages of `sample`
 *   script_pages plans SCRIPT EXPECTED    the plans of pages in the middle of a large table; nothing is expected
 */
#include "fixture_order.h"
#include "fixture_plan.h"
#include "fixture_script.h"

#include <accessor/page_text.h>

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* The statement of a request, prepared and run. */
static void run(int number, const dbw__request *request, const char *how)
{
	dbw_text_buffer sql;

	dbw_text_init(&sql, NULL, 0);
	dbw__request_render(request, &sql);
	fprintf(script, "PREPARE q%d AS %s;\n%s EXECUTE q%d(", number, sql.data, how, number);
	for (size_t i = 0; i < request->count; i++) {
		fputs(i == 0 ? "" : ", ", script);
		script_literal(&request->values[i]);
	}
	fprintf(script, ");\n\\echo .\nDEALLOCATE q%d;\n", number);
	dbw_text_clear(&sql);
}

/* Each page reads other columns; those of its order are always among them. */
static dbw_status choose_columns(
	int number, dbw__request *request, const dbw__page_order *order, dbw_arena *arena, dbw_error *error)
{
	uint16_t *columns = dbw_arena_alloc(arena, sample__model.column_count * sizeof *columns);
	uint16_t count = 0;

	if (columns == NULL)
		return DBW_OUT_OF_MEMORY;
	for (uint16_t i = 0; i < sample__model.column_count; i++) {
		bool wanted = i == 0 || number % (i + 1) == 0;

		for (size_t place = 0; place < order->count; place++)
			wanted = wanted || dbw__page_column(request, order, place) == i;
		if (wanted)
			columns[count++] = i;
	}
	return dbw__request_select(request, columns, count, error);
}

/* A page of `limit` rows from a row on, as text makes it; NULL is the first page. */
static bool write_page(int number, const sample_query *query, const fixture_sorted *from, bool backward,
	bool included, dbw_arena *arena)
{
	dbw__request request;
	dbw__page_order order;
	dbw_error error = { 0 };
	bool good;

	dbw__request_init(&request, &sample__model, DBW_POSTGRESQL, DBW__REQUEST_PAGE, arena);
	good = dbw__request_page(&request, query, &order, &error) == DBW_OK;
	if (good && from != NULL) {
		sample row = fixture_row(&from->places);
		dbw__page_place place = { .backward = backward, .included = included };
		dbw__page_seal seal = { 0 };
		dbw_text_buffer bytes;

		row.id = from->id;
		dbw_text_init(&bytes, NULL, 0);
		dbw__page_values_write(&request, &order, &row, &bytes);
		seal.size = bytes.length;
		seal.bytes = dbw_arena_copy(arena, bytes.data, bytes.length);
		place.values = dbw_arena_alloc(arena, order.count * sizeof *place.values);
		good = dbw__page_values_read(&request, &order, &seal, place.values) &&
		       dbw__request_behind(&request, &order, &place, &error) == DBW_OK;
		dbw_text_clear(&bytes);
	}
	good = good && dbw__request_page_rows(&request, query->limit, &error) == DBW_OK &&
	       choose_columns(number, &request, &order, arena, &error) == DBW_OK;
	if (good)
		run(number, &request, "");
	else
		fprintf(stderr, "page %d: %s\n", number, error.message);
	dbw__request_clear(&request);
	return good;
}

/* The rows in order, and the place of the page among them. */
static void write_expected(FILE *expected, const fixture_sorted *rows, int count, int from, bool backward,
	bool included, int64_t limit)
{
	const int step = backward ? -1 : 1;

	if (from >= 0 && !included)
		from += step;
	for (int i = from < 0 && !backward ? 0 : from; i >= 0 && i < count && limit > 0; i += step, limit--)
		fprintf(expected, "%" PRId64 "\n", rows[i].id);
	fputs(".\n", expected);
}

static bool write_pages(FILE *expected)
{
	sample_fixture given = { .seed = 20240229, .arena = dbw_arena_new(0) };
	bool good = given.arena != NULL && script_samples();

	fixture_rows(&given);
	for (int i = 0; good && i < ROW_COUNT; i++)
		good = script_row(&given.rows[i]);
	for (int turn = 0; good && turn < 1000; turn++) {
		sample_query query = { .limit = 1 + fixture_choose(&given, 7) };
		const sample_node *filter = fixture_filter(&given, 1, &query.where);
		const fixture_order order = fixture_choose_order(&given, query.order_by);
		fixture_sorted rows[ROW_COUNT];
		int count = 0;

		for (int i = 0; i < ROW_COUNT; i++)
			if (fixture_matches(filter, &given.rows[i]))
				rows[count++] = (fixture_sorted){ i + 1, given.rows[i] };
		fixture_sort(&order, rows, (size_t)count);
		/* A first page, or one from a row on. */
		const int from =
			fixture_choose(&given, 10) == 0 || count == 0 ? -1 : fixture_choose(&given, count);
		const bool backward = from >= 0 && fixture_choose(&given, 2) != 0;
		const bool included = fixture_choose(&given, 4) == 0;

		good = write_page(
			turn, &query, from < 0 ? NULL : &rows[from], backward, included, given.arena);
		write_expected(expected, rows, count, from, backward, included, query.limit);
		dbw_arena_reset(given.arena);
	}
	dbw_arena_free(given.arena);
	return good;
}

static void explain(int number, const dbw__request *request, void *context)
{
	(void)context;
	run(number, request, "EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF)");
}

static bool write_plans(void)
{
	bool good = script_objects(fixture_event_objects(DBW_POSTGRESQL));

	fprintf(script, FIXTURE_EVENTS "ANALYZE;\n", "to_timestamp(n / 4)", "to_timestamp(n / 4)",
		"FROM generate_series(1, 100000) AS n");
	return good && fixture_plans(DBW_POSTGRESQL, explain, NULL);
}

int main(int argc, char **argv)
{
	FILE *expected;
	bool good;

	if (argc != 4 || (script = fopen(argv[2], "w")) == NULL || (expected = fopen(argv[3], "w")) == NULL) {
		fputs("usage: script_pages pages|plans SCRIPT EXPECTED\n", stderr);
		return 2;
	}
	good = strcmp(argv[1], "plans") == 0 ? write_plans() : write_pages(expected);
	good = fclose(script) == 0 && fclose(expected) == 0 && good;
	return good ? 0 : 1;
}

/*
 * Writes a script for psql that makes the table of `sample` on PostgreSQL, fills it and runs random filters, and beside
 * it what the script has to print: the numbers of the rows found, one line per filter.
 *
 *   script_filters SCRIPT EXPECTED
 */
#include "fixture_script.h"

#include <statement/render.h>

#include <stdlib.h>
#include <string.h>

/* Each filter reads other columns: what they are does not change which rows there are. */
static dbw_status choose_columns(int number, dbw__request *request, dbw_arena *arena, dbw_error *error)
{
	uint16_t *columns = dbw_arena_alloc(arena, sample__model.column_count * sizeof *columns);
	uint16_t count = 0;

	if (columns == NULL)
		return DBW_OUT_OF_MEMORY;
	for (uint16_t i = 0; i < sample__model.column_count; i++)
		if (i == 0 || number % (i + 1) == 0)
			columns[count++] = i;
	return dbw__request_select(request, columns, count, error);
}

static bool write_filter(int number, const sample_query *query, dbw_arena *arena)
{
	dbw_text_buffer sql;
	dbw__request request;
	dbw_error error;

	dbw__request_init(&request, &sample__model, DBW_POSTGRESQL, DBW__REQUEST_FIND, arena);
	if (dbw__request_query(&request, query, &error) != DBW_OK ||
		choose_columns(number, &request, arena, &error) != DBW_OK) {
		fprintf(stderr, "%s\n", error.message);
		return false;
	}
	dbw_text_init(&sql, NULL, 0);
	dbw__request_render(&request, &sql);
	fprintf(script,
		"PREPARE q%d AS SELECT coalesce(string_agg(id::text, ' ' ORDER BY id), '-') FROM (%s) AS q;\n"
		"EXECUTE q%d",
		number, sql.data, number);
	for (size_t i = 0; i < request.count; i++) {
		fputs(i == 0 ? "(" : ", ", script);
		script_literal(&request.values[i]);
	}
	fputs(request.count == 0 ? ";\n" : ");\n", script);
	dbw_text_clear(&sql);
	dbw__request_clear(&request);
	return true;
}

static void write_expected(FILE *expected, const sample_node *filter, const sample_fixture *given)
{
	bool any = false;

	for (int i = 0; i < ROW_COUNT; i++)
		if (fixture_matches(filter, &given->rows[i])) {
			fprintf(expected, any ? " %d" : "%d", i + 1);
			any = true;
		}
	fputs(any ? "\n" : "-\n", expected);
}

int main(int argc, char **argv)
{
	sample_fixture given = { .seed = 20240229, .arena = dbw_arena_new(0) };
	FILE *expected;
	bool good = true;

	if (argc != 3 || given.arena == NULL || (script = fopen(argv[1], "w")) == NULL ||
		(expected = fopen(argv[2], "w")) == NULL) {
		fputs("usage: script_filters SCRIPT EXPECTED\n", stderr);
		return 2;
	}
	good = script_samples();
	fixture_rows(&given);
	for (int i = 0; good && i < ROW_COUNT; i++)
		good = script_row(&given.rows[i]);
	for (int turn = 0; good && turn < 1000; turn++) {
		sample_query query = { .limit = 0 };
		const sample_node *filter = fixture_filter(&given, 3, &query.where);

		good = write_filter(turn, &query, given.arena);
		write_expected(expected, filter, &given);
		dbw_arena_reset(given.arena);
	}
	dbw_arena_free(given.arena);
	good = fclose(script) == 0 && fclose(expected) == 0 && good;
	return good ? 0 : 1;
}

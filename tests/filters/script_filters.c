/*
 * Writes a script for psql that makes the table of `sample` on PostgreSQL, fills it and runs random filters, and beside
 * it what the script has to print: the numbers of the rows found, one line per filter.
 *
 *   script_filters SCRIPT EXPECTED
 */
#include "fixture_sample.h"

#include <statement/encode.h>
#include <statement/render.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern const dbw_model sample__model;

static FILE *script;

static void quoted(const char *text, size_t length)
{
	putc('\'', script);
	for (size_t i = 0; i < length; i++) {
		if (text[i] == '\'')
			putc('\'', script);
		putc(text[i], script);
	}
	putc('\'', script);
}

static void bytes(const unsigned char *data, size_t size)
{
	fputs("'\\x", script);
	for (size_t i = 0; i < size; i++)
		fprintf(script, "%02x", data[i]);
	putc('\'', script);
}

/* The type of a column's array; what has an order of its own wants it said. */
static const char *type_of(const dbw_column *column)
{
	switch (column->kind) {
	case DBW_KIND_INT16: return "smallint";
	case DBW_KIND_INT32: return "integer";
	case DBW_KIND_INT64: return "bigint";
	case DBW_KIND_FLOAT32: return "real";
	case DBW_KIND_FLOAT64: return "double precision";
	case DBW_KIND_DECIMAL: return "numeric";
	case DBW_KIND_BYTES: return "bytea";
	case DBW_KIND_TIMESTAMP: return "timestamptz";
	case DBW_KIND_DATE: return "date";
	case DBW_KIND_TIME: return "time";
	case DBW_KIND_UUID: return "uuid";
	default: return "text";
	}
}

static void literal(const dbw_value *value)
{
	char text[64];

	switch (value->kind) {
	case 0: fputs("NULL", script); return;
	case DBW_KIND_BOOL: fputs(value->as.integer != 0 ? "true" : "false", script); return;
	case DBW_KIND_FLOAT32:
	case DBW_KIND_FLOAT64: fprintf(script, "'%.17g'", value->as.real); return;
	case DBW_KIND_DECIMAL: dbw_decimal_print(value->as.decimal, text); break;
	case DBW_KIND_TEXT: quoted(value->as.data, value->size); return;
	case DBW_KIND_BYTES: bytes(value->as.data, value->size); return;
	case DBW_KIND_TIMESTAMP: dbw_timestamp_print((dbw_timestamp){ value->as.integer }, text); break;
	case DBW_KIND_DATE: dbw_date_print((dbw_date){ (int32_t)value->as.integer }, text); break;
	case DBW_KIND_TIME: dbw_time_print((dbw_time){ value->as.integer }, text); break;
	case DBW_KIND_UUID: dbw_uuid_print(value->as.uuid, text); break;
	case DBW_KIND_ENUM:
		snprintf(text, sizeof text, "%s", value->column->values->values[value->as.integer - 1]);
		break;
	case DBW_VALUE_LIST:
		fputs("ARRAY[", script);
		for (uint32_t i = 0; i < value->size; i++) {
			if (i != 0)
				putc(',', script);
			literal(&value->as.items[i]);
		}
		fprintf(script, "]::%s[]", type_of(value->column));
		return;
	default: snprintf(text, sizeof text, "%" PRId64, value->as.integer); break;
	}
	quoted(text, strlen(text));
}

static bool write_tables(void)
{
	const dbw_objects *objects = &sample__model.objects[DBW_POSTGRESQL];

	fputs("SET client_min_messages = warning;\n", script);
	for (size_t i = 0; i < objects->count; i++)
		fprintf(script, "%s;\n", objects->items[i].sql);
	return objects->count != 0;
}

static bool write_row(const sample_places *places)
{
	sample row = fixture_row(places);
	dbw_error error;

	fprintf(script, "INSERT INTO \"%s\" VALUES (DEFAULT", sample__model.table);
	for (uint16_t i = 1; i < sample__model.column_count; i++) {
		const dbw_column *column = &sample__model.columns[i];
		dbw_value value;

		if (dbw__encode_member(&sample__model, column, (const char *)&row + column->offset, &value,
			    &error) != DBW_OK) {
			fprintf(stderr, "%s\n", error.message);
			return false;
		}
		fputs(", ", script);
		literal(&value);
	}
	fputs(");\n", script);
	return true;
}

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
		literal(&request.values[i]);
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
	good = write_tables();
	fixture_rows(&given);
	for (int i = 0; good && i < ROW_COUNT; i++)
		good = write_row(&given.rows[i]);
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

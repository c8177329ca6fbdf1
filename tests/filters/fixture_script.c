#include "fixture_script.h"

#include <statement/encode.h>

#include <inttypes.h>
#include <string.h>

/* The tables are seen in their source alone. */
#include SAMPLES_TABLES

FILE *script;

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

void script_literal(const dbw_value *value)
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
			script_literal(&value->as.items[i]);
		}
		fprintf(script, "]::%s[]", type_of(value->column));
		return;
	default: snprintf(text, sizeof text, "%" PRId64, value->as.integer); break;
	}
	quoted(text, strlen(text));
}

bool script_objects(const dbw_objects *objects)
{
	fputs("SET client_min_messages = warning;\n", script);
	for (size_t i = 0; i < objects->count; i++)
		fprintf(script, "%s;\n", objects->items[i].sql);
	return objects->count != 0;
}

bool script_samples(void)
{
	return script_objects(&samples__tables.items[0].objects[DBW_POSTGRESQL]);
}

bool script_row(const sample_places *places)
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
		script_literal(&value);
	}
	fputs(");\n", script);
	return true;
}

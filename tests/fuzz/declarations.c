#include "declarations.h"

#define COUNT(array)      (sizeof(array) / sizeof((array)[0]))
#define CHOOSE(bytes, of) ((of)[fuzz_take(bytes) % COUNT(of)])

enum { MODELS_MAX = 4, FIELDS_MAX = 6 };

/* A type as it is written in a mapping, defaults that suit it, and a condition over the column `f`. */
typedef struct type {
	const char *text;
	const char *defaults[4];
	const char *condition;
} type;

static const type types[] = {
	{ "type: bool", { "true", "false" }, "f" },
	{ "type: int16", { "-32768", "32767", "0x10", "{sql: \"1 + 1\"}" }, "f > -5" },
	{ "type: int32", { "2147483647", "-2147483648", "{sql: \"abs(-3)\"}" }, "f BETWEEN 1 AND 9" },
	{ "type: int64", { "9223372036854775807", "-9223372036854775808", "0" }, "f % 2 = 0" },
	{ "type: float32", { "0.1", "-1e30", "3" }, "f < 1.5" },
	{ "type: float64", { "1e308", "-0.0", "5e-324" }, "f <> 2" },
	{ "type: decimal, precision: 10, scale: 2", { "\"-12.50\"", "\"99999999.99\"", "\"0\"" },
		"f >= {dec 0.05}" },
	{ "type: decimal, precision: 38, scale: 10", { "\"1234567890123456789012345678.0123456789\"" },
		"f IS NOT NULL" },
	{ "type: decimal, precision: 18, scale: 18", { "\"0.999999999999999999\"", "\"-0.1\"" },
		"f < {dec 1}" },
	{ "type: string, length: 80", { "\"it's \\\"q\\\" \\\\ \\u00e9\"", "\"\"", "\"%s\"", "\"?\?/\"" },
		"length(f) > 0" },
	{ "type: text", { "\"*/ -- ; ' \\\" \\n\"", "\"{sql}\"", "\"\\U0001F600\"" }, "f <> 'a''b'" },
	{ "type: bytes", { "\"00ff\"", "\"\"" }, "length(f) < 9" },
	{ "type: timestamp", { "now", "\"2026-01-02T03:04:05.678Z\"", "\"0001-01-01T00:00:00Z\"" },
		"f IS NOT NULL" },
	{ "type: date", { "now", "\"9999-12-31\"", "\"2024-02-29\"" }, "f IS NOT NULL" },
	{ "type: time", { "now", "\"23:59:59.999999\"", "\"00:00:00\"" }, "f IS NOT NULL" },
	{ "type: uuid", { "uuid_v4", "uuid_v7", "\"f81d4fae-7dec-11d0-a765-00a0c91e6bf6\"" },
		"f IS NOT NULL" },
	{ "type: json", { "\"{\\\"a\\\": [1, null, \\\"'\\\"]}\"", "\"null\"" }, "f IS NOT NULL" },
	{ "type: timestamp, storage: text", { "now", "\"2026-01-02T03:04:05.678Z\"" }, "f IS NOT NULL" },
	{ "type: date, storage: text", { "\"0001-01-01\"" }, "f IS NOT NULL" },
	{ "type: time, storage: text", { "now", "\"12:00:00\"" }, "f IS NOT NULL" },
	{ "type: uuid, storage: text", { "uuid_v7", "\"f81d4fae-7dec-11d0-a765-00a0c91e6bf6\"" },
		"f IS NOT NULL" },
	{ "type: enum, values: [open, closed, on hold, it's]", { "open", "on hold", "\"it's\"" },
		"f <> 'open'" },
};

static const char *const models[MODELS_MAX] = { "order", "user", "a", "group_line" };
static const char *const columns[] = { "select", "from", "rowid", "oid", "_id", "count_1", "check" };

static void append_field(fuzz_bytes *bytes, unsigned number, const type *what, dbw_text_buffer *out)
{
	const unsigned flags = fuzz_take(bytes), choice = fuzz_take(bytes);

	dbw_text_printf(out, "      f%u: {%s", number, what->text);
	if (flags % 3 == 0)
		dbw_text_append_z(out, ", nullable: true");
	if (flags % 5 == 1)
		dbw_text_append_z(out, ", unique: true");
	if (flags % 5 == 2)
		dbw_text_append_z(out, ", index: true");
	if (flags % 11 == 5)
		dbw_text_printf(out, ", column: \"%s\"", CHOOSE(bytes, columns));
	if (flags % 13 == 6)
		dbw_text_append_z(out, ", comment: \"ends */ here\"");
	if (choice < 4 && what->defaults[choice] != NULL)
		dbw_text_printf(out, ", default: %s", what->defaults[choice]);
	dbw_text_append_z(out, "}\n");
}

/* A condition of a type with the column's name put in: the letter `f` that stands alone. */
static void append_condition(const char *condition, unsigned number, dbw_text_buffer *out)
{
	for (const char *at = condition; *at != '\0'; at++) {
		const bool word_before = at != condition && at[-1] >= 'a' && at[-1] <= 'z';

		dbw_text_append_char(out, *at);
		if (*at == 'f' && !word_before && !(at[1] >= 'a' && at[1] <= 'z'))
			dbw_text_printf(out, "%u", number);
	}
}

static void append_relation(fuzz_bytes *bytes, size_t place, size_t count, dbw_text_buffer *out)
{
	static const char *const actions[] = { "set_null", "cascade", "restrict", "no_action" };
	const unsigned flags = fuzz_take(bytes);

	dbw_text_printf(
		out, "    relations:\n      parent%zu: {belongs_to: %s", place, models[flags / 8 % count]);
	if (flags % 2 != 0)
		dbw_text_append_z(out, ", optional: true");
	if (flags % 4 >= 2)
		dbw_text_printf(out, ", on_delete: %s",
			flags % 2 != 0 ? CHOOSE(bytes, actions) : actions[1 + flags / 4 % 3]);
	if (flags % 8 >= 4)
		dbw_text_append_z(out, ", unique: true");
	dbw_text_append_z(out, "}\n");
}

static void append_indexes(
	fuzz_bytes *bytes, const type *const fields[], unsigned count, dbw_text_buffer *out)
{
	const unsigned flags = fuzz_take(bytes), first = fuzz_take(bytes) % count,
		       second = fuzz_take(bytes) % count;

	if (flags % 2 != 0) {
		dbw_text_printf(
			out, "    indexes:\n      - {fields: [f%u%s", first, flags % 4 == 1 ? " desc" : "");
		if (second != first)
			dbw_text_printf(out, ", f%u", second);
		dbw_text_printf(out, "]%s", flags % 8 < 4 ? ", unique: true" : "");
		if (flags % 16 >= 8) {
			dbw_text_append_z(out, ", name: partial_one, where: \"");
			append_condition(fields[first]->condition, first, out);
			dbw_text_append_z(out, "\"");
		}
		dbw_text_append_z(out, "}\n");
	}
	if (flags % 32 >= 16) {
		dbw_text_append_z(out, "    checks:\n      sound: {check: \"");
		append_condition(fields[second]->condition, second, out);
		dbw_text_append_z(out, "\", message: \"it's not \\\"sound\\\"\"}\n");
	}
}

static void append_model(fuzz_bytes *bytes, size_t place, size_t model_count, dbw_text_buffer *out)
{
	const unsigned flags = fuzz_take(bytes), count = 1 + fuzz_take(bytes) % FIELDS_MAX;
	const type *fields[FIELDS_MAX];

	dbw_text_printf(out, "  %s:\n    table: \"%ss\"\n", models[place], models[place]);
	if (flags % 2 != 0)
		dbw_text_append_z(out, "    timestamps: true\n");
	if (flags % 4 >= 2)
		dbw_text_append_z(out, "    version: true\n");
	if (flags % 8 >= 4)
		dbw_text_append_z(out, "    soft_delete: true\n");
	dbw_text_append_z(out, "    fields:\n");
	/* An assigned id, or the first field as key; where that is none, the checks have to say so. */
	if (flags < 192)
		dbw_text_append_z(out,
			flags % 16 >= 8 ? "      id: {type: id, autoincrement: true}\n" : "      id: id\n");
	for (unsigned i = 0; i < count; i++) {
		fields[i] = &CHOOSE(bytes, types);
		append_field(bytes, i, fields[i], out);
	}
	if (flags >= 192)
		dbw_text_append_z(
			out, count > 1 && flags % 16 >= 8 ? "    key: [f0, f1]\n" : "    key: f0\n");
	if (fuzz_take(bytes) % 2 != 0)
		append_relation(bytes, place, model_count, out);
	append_indexes(bytes, fields, count, out);
}

void fuzz_declare(fuzz_bytes *bytes, dbw_text_buffer *out)
{
	const unsigned flags = fuzz_take(bytes);
	const size_t count = 1 + flags % MODELS_MAX;

	dbw_text_printf(out, "project: shop\nschemas:\n  main: {engines: [sqlite%s]%s}\n",
		flags % 8 >= 4 ? ", postgresql" : "", flags % 16 >= 8 ? ", prefix: m_" : "");
	dbw_text_append_z(out, "databases:\n  main: {connection_string: \"sqlite::temp:\"}\n");
	dbw_text_append_z(out, "schema: main\nmodels:\n");
	for (size_t i = 0; i < count; i++)
		append_model(bytes, i, count, out);
}

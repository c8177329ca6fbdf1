#include <model/type.h>
#include <string.h>

enum {
	ORDERED = IR_OP_EQUAL | IR_OP_ORDER,
	TEXTUAL = IR_OP_EQUAL | IR_OP_ORDER | IR_OP_PATTERN,
};

/*
 * In the order of ir_type_id. SQLite: the only types of a STRICT table that we use are INTEGER, REAL, TEXT and BLOB
 * (https://www.sqlite.org/stricttables.html). An id has no C default of its own: 0 is "not inserted yet".
 */
static const ir_type types[IR_TYPE_COUNT] = {
	{ "id", IR_NO_ARGUMENTS, "int64_t ", "dbw_opt_i64 ", "dbw_i64_filter", "DBW_KIND_INT64", ORDERED,
		"INTEGER", NULL, "bigint" },
	{ "bool", IR_NO_ARGUMENTS, "bool ", "dbw_opt_bool ", "dbw_bool_filter", "DBW_KIND_BOOL", IR_OP_EQUAL,
		"INTEGER", NULL, "boolean" },
	{ "int16", IR_NO_ARGUMENTS, "int16_t ", "dbw_opt_i16 ", "dbw_i64_filter", "DBW_KIND_INT16", ORDERED,
		"INTEGER", NULL, "smallint" },
	{ "int32", IR_NO_ARGUMENTS, "int32_t ", "dbw_opt_i32 ", "dbw_i64_filter", "DBW_KIND_INT32", ORDERED,
		"INTEGER", NULL, "integer" },
	{ "int64", IR_NO_ARGUMENTS, "int64_t ", "dbw_opt_i64 ", "dbw_i64_filter", "DBW_KIND_INT64", ORDERED,
		"INTEGER", NULL, "bigint" },
	{ "float32", IR_NO_ARGUMENTS, "float ", "dbw_opt_f32 ", "dbw_f64_filter", "DBW_KIND_FLOAT32", ORDERED,
		"REAL", NULL, "real" },
	{ "float64", IR_NO_ARGUMENTS, "double ", "dbw_opt_f64 ", "dbw_f64_filter", "DBW_KIND_FLOAT64",
		ORDERED, "REAL", NULL, "double precision" },
	/* Up to 18 digits: an integer of 10^-scale; above: text, which is compared for equality only. */
	{ "decimal", IR_PRECISION_SCALE, "dbw_decimal ", "dbw_opt_decimal ", "dbw_decimal_filter",
		"DBW_KIND_DECIMAL", ORDERED, "INTEGER", "TEXT", "numeric(%u,%u)" },
	{ "string", IR_LENGTH, "const char *", "const char *", "dbw_text_filter", "DBW_KIND_TEXT", TEXTUAL,
		"TEXT", NULL, "varchar(%u)" },
	{ "text", IR_NO_ARGUMENTS, "const char *", "const char *", "dbw_text_filter", "DBW_KIND_TEXT",
		TEXTUAL, "TEXT", NULL, "text" },
	{ "bytes", IR_NO_ARGUMENTS, "dbw_bytes ", "dbw_bytes ", "dbw_bytes_filter", "DBW_KIND_BYTES",
		IR_OP_EQUAL, "BLOB", NULL, "bytea" },
	{ "timestamp", IR_NO_ARGUMENTS, "dbw_timestamp ", "dbw_opt_timestamp ", "dbw_timestamp_filter",
		"DBW_KIND_TIMESTAMP", ORDERED, "INTEGER", "TEXT", "timestamptz" },
	{ "date", IR_NO_ARGUMENTS, "dbw_date ", "dbw_opt_date ", "dbw_date_filter", "DBW_KIND_DATE", ORDERED,
		"INTEGER", "TEXT", "date" },
	{ "time", IR_NO_ARGUMENTS, "dbw_time ", "dbw_opt_time ", "dbw_time_filter", "DBW_KIND_TIME", ORDERED,
		"INTEGER", "TEXT", "time" },
	{ "uuid", IR_NO_ARGUMENTS, "dbw_uuid ", "dbw_opt_uuid ", "dbw_uuid_filter", "DBW_KIND_UUID", ORDERED,
		"BLOB", "TEXT", "uuid" },
	/* json is equal as a value, not as text: no comparison that means the same on both engines. */
	{ "json", IR_NO_ARGUMENTS, "const char *", "const char *", "dbw_text_filter", "DBW_KIND_JSON", 0,
		"TEXT", NULL, "jsonb" },
	/* The C type of an enum is generated with the model. */
	{ "enum", IR_VALUES, NULL, NULL, NULL, "DBW_KIND_ENUM", ORDERED, "TEXT", NULL, "text" },
};

const ir_type *ir_type_of(ir_type_id id)
{
	return &types[id];
}

bool ir_type_find(const char *name, size_t length, ir_type_id *out)
{
	*out = IR_ID;
	for (int id = IR_ID; id < IR_TYPE_COUNT; id++) {
		if (strlen(types[id].name) == length && memcmp(types[id].name, name, length) == 0) {
			*out = (ir_type_id)id;
			return true;
		}
	}
	return false;
}

const char *const *ir_type_names(size_t *count)
{
	static const char *const names[IR_TYPE_COUNT] = { "id", "bool", "int16", "int32", "int64", "float32",
		"float64", "decimal", "string", "text", "bytes", "timestamp", "date", "time", "uuid", "json",
		"enum" };

	*count = IR_TYPE_COUNT;
	return names;
}

/*
 * SQLite. Tables are STRICT (https://www.sqlite.org/stricttables.html): a column holds the one storage class of its
 * type, and checks say the rest. Times are integers of microseconds or days, decimals of up to 18 digits scaled
 * integers: these compare, sort and sum exactly.
 */
#include "dialect.h"
#include "sql.h"

#include <string.h>

/*
 * The present, as SQL. One statement sees one time (https://www.sqlite.org/lang_datefunc.html, section 2: "now" is
 * stable within one sqlite3_step()); SQLite knows it to the millisecond, which is what substr() takes from "SS.SSS".
 */
#define SECONDS      "CAST(strftime('%s', 'now') AS INTEGER)"
#define MICROSECONDS "CAST(substr(strftime('%f', 'now'), 4) AS INTEGER) * 1000"

static void type(dbw_text_buffer *out, const ir_field *field)
{
	const ir_type *type = ir_type_of(field->type);
	const char *override = field->sql_type[DBW_SQLITE];

	dbw_text_append_z(out, override != NULL            ? override
			       : ir__stored_as_text(field) ? type->sqlite_text
							   : type->sqlite);
}

static void assigned_id(dbw_text_buffer *out, const ir_field *field)
{
	dbw_text_append_z(out, field->autoincrement ? " PRIMARY KEY AUTOINCREMENT" : " PRIMARY KEY");
}

/* Nines: the largest number of so many digits. */
static void append_nines(dbw_text_buffer *out, uint32_t digits)
{
	while (digits-- > 0)
		dbw_text_append_char(out, '9');
}

static void decimal_rule(dbw_text_buffer *out, const ir_field *field)
{
	ir__sql_ident(out, field->column);
	if (ir__stored_as_text(field)) {
		/* The sign, the point and a zero before it are not among the digits. */
		dbw_text_append_z(out, " NOT GLOB '*[^-0-9.]*' AND length(");
		ir__sql_ident(out, field->column);
		dbw_text_printf(out, ") <= %u", (unsigned)(field->precision + 3));
		return;
	}
	dbw_text_append_z(out, " BETWEEN -");
	append_nines(out, field->precision);
	dbw_text_append_z(out, " AND ");
	append_nines(out, field->precision);
}

static void length_rule(dbw_text_buffer *out, const ir_field *field, const char *comparison, unsigned length)
{
	dbw_text_append_z(out, "length(");
	ir__sql_ident(out, field->column);
	dbw_text_printf(out, ") %s %u", comparison, length);
}

/* The fixed width of a time's text: each 0 of `form` is any character. */
static void form_rule(dbw_text_buffer *out, const ir_field *field, const char *form)
{
	ir__sql_ident(out, field->column);
	dbw_text_append_z(out, " GLOB '");
	for (; *form != '\0'; form++)
		dbw_text_append_char(out, *form == '0' ? '?' : *form);
	dbw_text_append_char(out, '\'');
}

static void uuid_rule(dbw_text_buffer *out, const ir_field *field)
{
	bool text = ir__stored_as_text(field);

	length_rule(out, field, "=", text ? 36 : 16);
	if (!text)
		return;
	dbw_text_append_z(out, " AND ");
	ir__sql_ident(out, field->column);
	dbw_text_append_z(out, " NOT GLOB '*[^-0-9a-f]*'");
}

static void rule(dbw_text_buffer *out, const ir_field *field)
{
	bool text = ir__stored_as_text(field);

	switch (field->type) {
	case IR_BOOL:
		ir__sql_ident(out, field->column);
		dbw_text_append_z(out, " IN (0, 1)");
		break;
	case IR_DECIMAL: decimal_rule(out, field); break;
	case IR_STRING: length_rule(out, field, "<=", field->length); break;
	case IR_TIMESTAMP:
	case IR_DATE:
	case IR_TIME:
		if (text)
			form_rule(out, field,
				field->type == IR_TIMESTAMP ? "0000-00-00T00:00:00.000000Z"
				: field->type == IR_DATE    ? "0000-00-00"
							    : "00:00:00.000000");
		break;
	case IR_UUID: uuid_rule(out, field); break;
	case IR_JSON:
		/* json_valid(NULL) is 0, not NULL, in SQLite 3.40. */
		if (field->nullable) {
			ir__sql_ident(out, field->column);
			dbw_text_append_z(out, " IS NULL OR ");
		}
		dbw_text_append_z(out, "json_valid(");
		ir__sql_ident(out, field->column);
		dbw_text_append_char(out, ')');
		break;
	case IR_ENUM: ir__sql_enum_rule(out, field); break;
	case IR_ID:
	case IR_INT16:
	case IR_INT32:
	case IR_INT64:
	case IR_FLOAT32:
	case IR_FLOAT64:
	case IR_TEXT:
	case IR_BYTES: break;
	}
}

static void literal(dbw_text_buffer *out, const ir_field *field)
{
	const ir_literal *value = &field->default_.literal;
	bool text = ir__stored_as_text(field);

	switch (field->type) {
	case IR_BOOL: dbw_text_append_char(out, value->integer != 0 ? '1' : '0'); break;
	case IR_DECIMAL:
		/* Up to 18 digits the coefficient fits its lower half. */
		if (text)
			ir__sql_string(out, value->text, value->length);
		else
			dbw_text_printf(out, "%lld", (long long)(int64_t)value->low);
		break;
	case IR_TIMESTAMP:
	case IR_DATE:
	case IR_TIME:
		if (text)
			ir__sql_string(out, value->text, value->length);
		else
			dbw_text_printf(out, "%lld", (long long)value->integer);
		break;
	case IR_UUID:
		if (text) {
			ir__sql_uuid(out, value->text);
			break;
		} /* fall through */
	case IR_BYTES: dbw_text_printf(out, "X'%.*s'", (int)value->length, value->text); break;
	case IR_STRING:
	case IR_TEXT:
	case IR_JSON:
	case IR_ENUM: ir__sql_string(out, value->text, value->length); break;
	case IR_ID:
	case IR_INT16:
	case IR_INT32:
	case IR_INT64:
	case IR_FLOAT32:
	case IR_FLOAT64: dbw_text_append(out, value->text, value->length); break;
	}
}

static void now(dbw_text_buffer *out, const ir_field *field)
{
	bool text = ir__stored_as_text(field);

	if (field->type == IR_TIMESTAMP)
		dbw_text_append_z(out, text ? "(strftime('%Y-%m-%dT%H:%M:%f000Z', 'now'))"
					    : "(" SECONDS " * 1000000 + " MICROSECONDS ")");
	else if (field->type == IR_DATE)
		dbw_text_append_z(out, text ? "(date('now'))" : "(" SECONDS " / 86400)");
	else
		dbw_text_append_z(out, text ? "(strftime('%H:%M:%f000', 'now'))"
					    : "(" SECONDS " % 86400 * 1000000 + " MICROSECONDS ")");
}

/* A random uuid with the bits of version and variant (RFC 9562, section 5.4). */
static void uuid_v4(dbw_text_buffer *out, const ir_field *field)
{
	if (ir__stored_as_text(field)) {
		dbw_text_append_z(out,
			"(lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2)"
			" || '-' || substr('89ab', 1 + (random() & 3), 1) || substr(hex(randomblob(2)), 2) || '-'"
			" || hex(randomblob(6))))");
		return;
	}
	/* The byte of the version is one of 40 to 4F, that of the variant one of 80 to BF. */
	dbw_text_append_z(out,
		"(CAST(randomblob(6) || substr(X'404142434445464748494A4B4C4D4E4F', 1 + (random() & 15), 1)"
		" || randomblob(1) || substr(X'");
	for (unsigned byte = 0x80; byte <= 0xbf; byte++)
		dbw_text_printf(out, "%02X", byte);
	dbw_text_append_z(out, "', 1 + (random() & 63), 1) || randomblob(7) AS BLOB))");
}

static void default_value(dbw_text_buffer *out, const ir_field *field)
{
	switch (field->default_.kind) {
	case IR_DEFAULT_NONE:
	case IR_DEFAULT_UUID_V7: break; /* the runtime makes those of version 7 */
	case IR_DEFAULT_LITERAL: literal(out, field); break;
	case IR_DEFAULT_NOW: now(out, field); break;
	case IR_DEFAULT_UUID_V4: uuid_v4(out, field); break;
	case IR_DEFAULT_EXPRESSION:
		dbw_text_append_char(out, '(');
		dbw_text_append_z(out, field->default_.expression.sql[DBW_SQLITE]);
		dbw_text_append_char(out, ')');
		break;
	}
}

const ir__dialect ir__sqlite = {
	.engine = DBW_SQLITE,
	.name = "sqlite",
	.constant = "DBW_SQLITE",
	.title = "SQLite",
	.table_ending = " STRICT",
	.type = type,
	.assigned_id = assigned_id,
	.rule = rule,
	.default_value = default_value,
};

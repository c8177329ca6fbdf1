/* What generated code says of a field: its type, its comment, its part of the initialiser. */
#include "view_model.h"

#include "c_text.h"
#include "dialect.h"
#include "sql.h"

#include <string.h>

const char *ir__c_type(ir__view_maker *maker, const ir_field *field, bool plain)
{
	const ir_type *type = ir_type_of(field->type);
	const char *made;

	if (field->type != IR_ENUM)
		return plain || !field->nullable ? type->c_type : type->c_optional;
	made = dbw_arena_printf(
		maker->arena, "%s%s ", field->enum_c_type, plain || !field->nullable ? "" : "_opt");
	if (made == NULL)
		maker->failed = true;
	return made == NULL ? "" : made;
}

bool ir__has_filter(const ir_field *field)
{
	return field->operators != 0;
}

bool ir__has_order(const ir_field *field)
{
	return (field->operators & IR_OP_ORDER) != 0;
}

bool ir__is_generated(const ir_field *field)
{
	return field->generated.text != NULL || field->generated.sql[DBW_SQLITE] != NULL ||
	       field->generated.sql[DBW_POSTGRESQL] != NULL;
}

bool ir__is_writable(const ir_field *field)
{
	return !field->in_key && !ir__is_generated(field) && field != field->model->version_field &&
	       field != field->model->updated_at;
}

bool ir__has_writable(const ir_model *model)
{
	for (size_t i = 0; i < model->field_count; i++)
		if (ir__is_writable(model->fields[i]))
			return true;
	return false;
}

bool ir__is_required(const ir_field *field)
{
	const ir_model *model = field->model;

	return !field->nullable && field->default_.kind == IR_DEFAULT_NONE && !ir__is_generated(field) &&
	       field->type != IR_ID && field != model->updated_at && field != model->created_at &&
	       field != model->version_field;
}

void ir__append_sentence(dbw_text_buffer *out, const char *text)
{
	size_t length = strlen(text);

	while (length > 0 && strchr(" \t\r\n", text[length - 1]) != NULL)
		length--;
	while (length > 0 && strchr(" \t\r\n", *text) != NULL)
		text++, length--;
	dbw_text_append(out, text, length);
	if (length > 0 && strchr(".!?:", text[length - 1]) == NULL)
		dbw_text_append_char(out, '.');
}

/* Sets clauses apart: "; " between them, the first with a capital letter. */
typedef struct clauses {
	dbw_text_buffer *out;
	bool any;
} clauses;

static void begin_clause(clauses *c)
{
	if (c->any)
		dbw_text_append(c->out, "; ", 2);
	else if (c->out->length > 0)
		dbw_text_append_char(c->out, ' ');
	c->any = true;
}

/* A clause in plain words. */
static void say(clauses *c, const char *text)
{
	bool first = !c->any;

	begin_clause(c);
	if (first && *text >= 'a' && *text <= 'z') {
		dbw_text_append_char(c->out, (char)(*text - 'a' + 'A'));
		text++;
	}
	dbw_text_append_z(c->out, text);
}

/* The unique index over this field alone, if there is one that holds for all rows (or all that live). */
static const ir_index *own_unique_index(const ir_field *field)
{
	const ir_model *model = field->model;

	for (size_t i = 0; i < model->index_count; i++) {
		const ir_index *index = model->indexes[i];

		if (index->unique && !index->primary && index->part_count == 1 &&
			index->parts[0].field == field && (index->where.text == NULL || index->only_live))
			return index;
	}
	return NULL;
}

/* "One of USER_ROLE_*", where no default names one of them. */
static void say_enumerators(clauses *c, const ir_field *field)
{
	if (field->default_.kind == IR_DEFAULT_LITERAL)
		return;
	say(c, "one of ");
	for (const char *at = field->enum_c_type; *at != '\0'; at++)
		dbw_text_append_char(c->out, (char)(*at >= 'a' && *at <= 'z' ? *at - 'a' + 'A' : *at));
	dbw_text_append_z(c->out, "_*");
}

static void say_type(clauses *c, const ir_field *field)
{
	switch (field->type) {
	case IR_STRING:
		begin_clause(c);
		dbw_text_printf(c->out, "UTF-8, at most %u character%s", (unsigned)field->length,
			field->length == 1 ? "" : "s");
		break;
	case IR_TEXT: say(c, "UTF-8"); break;
	case IR_JSON: say(c, "JSON in UTF-8"); break;
	case IR_DECIMAL:
		begin_clause(c);
		dbw_text_printf(c->out, "decimal(%u,%u)", (unsigned)field->precision, (unsigned)field->scale);
		break;
	case IR_TIMESTAMP: say(c, "microseconds since the epoch, UTC"); break;
	case IR_DATE: say(c, "days since 1970-01-01"); break;
	case IR_TIME: say(c, "microseconds since midnight"); break;
	case IR_ID:
	case IR_BOOL:
	case IR_INT16:
	case IR_INT32:
	case IR_INT64:
	case IR_FLOAT32:
	case IR_FLOAT64:
	case IR_BYTES:
	case IR_UUID: break;
	case IR_ENUM: say_enumerators(c, field); break;
	}
}

static void say_relation(clauses *c, const ir_field *field)
{
	const ir_relation *relation = field->relation;

	for (size_t i = 0; relation != NULL && i < relation->field_count; i++)
		if (relation->fields[i] == field) {
			bool first = !c->any;

			begin_clause(c);
			dbw_text_printf(c->out, first ? "Refers to %s.%s" : "refers to %s.%s",
				relation->target->c_name, relation->references[i]->c_name);
		}
}

/* Texts and bytes are shown only where they are short. */
enum { SHOWN_MAX = 32 };

static void say_literal(clauses *c, const ir_field *field)
{
	const ir_literal *literal = &field->default_.literal;

	begin_clause(c);
	if (field->type == IR_ENUM)
		dbw_text_append_z(c->out, field->values[literal->integer].c_name);
	else if (literal->length > SHOWN_MAX)
		dbw_text_append_z(c->out, "a literal of the declaration");
	else if (field->type == IR_STRING || field->type == IR_TEXT || field->type == IR_JSON)
		ir__c_shown(c->out, literal->text, literal->length);
	else if (field->type == IR_BYTES)
		dbw_text_printf(c->out, "0x%s", literal->text);
	else if (field->type == IR_UUID)
		dbw_text_printf(c->out, "%.8s-%.4s-%.4s-%.4s-%.12s", literal->text, literal->text + 8,
			literal->text + 12, literal->text + 16, literal->text + 20);
	else
		dbw_text_append(c->out, literal->text, literal->length);
	dbw_text_append_z(c->out, " by default");
}

static void say_default(clauses *c, const ir_field *field)
{
	switch (field->default_.kind) {
	case IR_DEFAULT_NONE: break;
	case IR_DEFAULT_LITERAL: say_literal(c, field); break;
	case IR_DEFAULT_NOW: say(c, "now by default"); break;
	case IR_DEFAULT_UUID_V4: say(c, "random by default (version 4)"); break;
	case IR_DEFAULT_UUID_V7: say(c, "made on insert by default (version 7)"); break;
	case IR_DEFAULT_EXPRESSION:
		say(c, "computed by the database and read back where it is left unset");
		break;
	}
}

/* What the kinds of fields that come with a key of the model are for. Nobody writes those of a model that is only read. */
static void say_origin(clauses *c, const ir_field *field)
{
	const ir_model *model = field->model;

	if (field == model->deleted_at && model->read_only) {
		say(c, "NULL while the row lives");
	} else if (ir__is_generated(field)) {
		say(c, model->read_only
				? "computed by the database"
				: "computed by the database; never written, read back after insert and update");
	} else if (model->read_only) {
		return;
	} else if (field == model->updated_at) {
		say(c, "set on insert and by every update");
	} else if (field == model->version_field) {
		say(c, "counted up by every update, which refuses a row that has another");
	} else if (field == model->deleted_at) {
		begin_clause(c);
		dbw_text_printf(c->out, "set by %s_delete_by_%s(), NULL while the row lives", model->c_name,
			model->indexes[0]->finder);
	} else {
		say_default(c, field);
	}
}

bool ir__needs_id(const ir_field *field)
{
	const ir_relation *relation = field->relation;

	if (relation == NULL || field->nullable || ir__is_generated(field) ||
		field->default_.kind != IR_DEFAULT_NONE)
		return false;
	for (size_t i = 0; i < relation->field_count; i++)
		if (relation->fields[i] == field && relation->references[i]->type == IR_ID)
			return true;
	return false;
}

/* Whether insert refuses the field as <MODEL>_INIT has it. */
static bool has_to_be_set(const ir_field *field)
{
	if (!ir__is_required(field) || field->model->read_only)
		return false;
	switch (field->type) {
	case IR_ID:
	case IR_BOOL:
	case IR_INT16:
	case IR_INT32:
	case IR_FLOAT32:
	case IR_FLOAT64: return false;
	case IR_INT64: return ir__needs_id(field);
	default: return true;
	}
}

/* Whether the member is a struct of `has` and `value`. */
static bool has_twin(const ir_field *field)
{
	switch (field->type) {
	case IR_STRING:
	case IR_TEXT:
	case IR_JSON:
	case IR_BYTES: return false;
	default: return field->nullable;
	}
}

/* What NULL in the member means: nobody has set it, or, where something else stands there until then, NULL. */
static void say_null(clauses *c, const ir_field *field)
{
	const bool is_unset = !has_twin(field) && field->default_.kind == IR_DEFAULT_NONE &&
			      !ir__is_generated(field) && !field->model->read_only;

	if (!field->nullable || field == field->model->deleted_at)
		return;
	if (field->type == IR_BYTES)
		say(c, is_unset ? "NULL data when unset" : "data may be NULL");
	else
		say(c, is_unset ? "NULL when unset" : "may be NULL");
}

void ir__field_doc(dbw_text_buffer *out, const ir_field *field)
{
	clauses c = { .out = out };
	const ir_index *unique = own_unique_index(field);

	if (field->comment != NULL)
		ir__append_sentence(out, field->comment);
	if (field->type == IR_ID && !field->model->read_only)
		say(&c, "primary key; assigned on insert");
	else if (field->in_key)
		say(&c, field->model->key_count == 1 ? "primary key" : "part of the primary key");
	say_relation(&c, field);
	say_type(&c, field);
	if (unique != NULL)
		say(&c, unique->only_live ? "unique among rows that are not deleted" : "unique");
	say_origin(&c, field);
	if (has_to_be_set(field))
		say(&c, "has to be set");
	say_null(&c, field);
	if (field->sensitive)
		say(&c, "never logged");
	if (field->on_demand)
		say(&c, "loaded on demand");
	if (c.any)
		dbw_text_append_char(out, '.');
}

/* An integer as a constant of C; the least ones have no literal. */
static void append_integer(dbw_text_buffer *out, int64_t value)
{
	if (value == INT64_MIN)
		dbw_text_append_z(out, "INT64_MIN");
	else if (value > INT32_MAX || value < -INT32_MAX)
		dbw_text_printf(out, "INT64_C(%lld)", (long long)value);
	else
		dbw_text_printf(out, "%lld", (long long)value);
}

static void append_float(dbw_text_buffer *out, const ir_field *field)
{
	const ir_literal *literal = &field->default_.literal;

	dbw_text_append(out, literal->text, literal->length);
	if (strpbrk(literal->text, ".eE") == NULL)
		dbw_text_append_z(out, ".0");
	if (field->type == IR_FLOAT32)
		dbw_text_append_char(out, 'f');
}

static void append_decimal(dbw_text_buffer *out, const ir_field *field)
{
	const ir_literal *literal = &field->default_.literal;
	int64_t small = (int64_t)literal->low;

	if (literal->high == (small < 0 ? -1 : 0) && small != INT64_MIN) {
		dbw_text_append_z(out, "DBW_DECIMAL_INIT(");
		append_integer(out, small);
		dbw_text_printf(out, ", %u)", (unsigned)field->scale);
		return;
	}
	dbw_text_append_z(out, "{ ");
	append_integer(out, literal->high);
	dbw_text_printf(
		out, ", UINT64_C(%llu), %u }", (unsigned long long)literal->low, (unsigned)field->scale);
}

static unsigned digit_value(char digit)
{
	return digit <= '9' ? (unsigned)(digit - '0') : ((unsigned)digit | 0x20) - 'a' + 10;
}

static void append_bytes(dbw_text_buffer *out, const ir_literal *literal)
{
	dbw_text_append_z(out, "{ \"");
	for (size_t i = 0; i + 1 < literal->length; i += 2)
		dbw_text_printf(out, "\\%03o",
			digit_value(literal->text[i]) << 4 | digit_value(literal->text[i + 1]));
	dbw_text_printf(out, "\", %zu }", literal->length / 2);
}

static void append_uuid(dbw_text_buffer *out, const ir_literal *literal)
{
	dbw_text_append_z(out, "{ { ");
	for (size_t i = 0; i + 1 < literal->length; i += 2)
		dbw_text_printf(out, "%s0x%.2s", i == 0 ? "" : ", ", literal->text + i);
	dbw_text_append_z(out, " } }");
}

static bool is_zero(const ir_field *field)
{
	switch (field->type) {
	case IR_BOOL:
	case IR_INT16:
	case IR_INT32:
	case IR_INT64: return field->default_.literal.integer == 0;
	default: return false;
	}
}

static void append_literal(dbw_text_buffer *out, const ir_field *field)
{
	const ir_literal *literal = &field->default_.literal;

	switch (field->type) {
	case IR_BOOL: dbw_text_append_z(out, literal->integer != 0 ? "true" : "false"); break;
	case IR_ID:
	case IR_INT16:
	case IR_INT32:
	case IR_INT64: append_integer(out, literal->integer); break;
	case IR_FLOAT32:
	case IR_FLOAT64: append_float(out, field); break;
	case IR_DECIMAL: append_decimal(out, field); break;
	case IR_STRING:
	case IR_TEXT:
	case IR_JSON: ir__c_literal(out, literal->text, literal->length); break;
	case IR_BYTES: append_bytes(out, literal); break;
	case IR_TIMESTAMP:
	case IR_DATE:
	case IR_TIME:
		dbw_text_append_z(out, "{ ");
		append_integer(out, literal->integer);
		dbw_text_append_z(out, " }");
		break;
	case IR_UUID: append_uuid(out, literal); break;
	case IR_ENUM: dbw_text_append_z(out, field->values[literal->integer].c_name); break;
	}
}

/* The mark of a type for a value that nobody has set; NULL where that is all zero or where there is none. */
static const char *unset_mark(const ir_field *field)
{
	switch (field->type) {
	case IR_TIMESTAMP: return "DBW_TIMESTAMP_UNSET_INIT";
	case IR_DATE: return "DBW_DATE_UNSET_INIT";
	case IR_TIME: return "DBW_TIME_UNSET_INIT";
	case IR_UUID: return "DBW_UUID_UNSET_INIT";
	case IR_INT16: return "DBW_INT16_UNSET";
	case IR_INT32: return "DBW_INT32_UNSET";
	case IR_INT64: return "DBW_INT64_UNSET";
	case IR_FLOAT32:
	case IR_FLOAT64: return "DBW_FLOAT_UNSET";
	case IR_DECIMAL: return "DBW_DECIMAL_UNSET_INIT";
	case IR_STRING:
	case IR_TEXT:
	case IR_JSON: return "DBW_TEXT_UNSET";
	case IR_BYTES: return "{ DBW_TEXT_UNSET, 0 }";
	case IR_ENUM: /* 0, which only a nullable one has to say */
	case IR_ID:
	case IR_BOOL: break;
	}
	return NULL;
}

/* Whether INIT puts the mark there: the database or the runtime fills it in, or zero would be taken for a value. */
static bool wants_unset_mark(const ir_field *field)
{
	bool is_time = field->type == IR_TIMESTAMP || field->type == IR_DATE || field->type == IR_TIME;

	if (ir__is_generated(field))
		return false;
	if (field->default_.kind == IR_DEFAULT_NONE)
		return !field->nullable && (is_time || field->type == IR_UUID || field->type == IR_DECIMAL);
	if (field->type == IR_ENUM)
		return field->nullable && field->default_.kind == IR_DEFAULT_EXPRESSION;
	return field->default_.kind != IR_DEFAULT_LITERAL;
}

void ir__field_init(dbw_text_buffer *out, const ir_field *field)
{
	bool literal = field->default_.kind == IR_DEFAULT_LITERAL;
	const char *mark = field->type == IR_ENUM ? field->enum_c_type : unset_mark(field);

	if (literal ? is_zero(field) && !field->nullable : !wants_unset_mark(field) || mark == NULL)
		return;
	dbw_text_printf(out, ".%s = %s", field->c_name, has_twin(field) ? "{ true, " : "");
	if (literal)
		append_literal(out, field);
	else
		dbw_text_printf(out, field->type == IR_ENUM ? "(%s)0" : "%s", mark);
	if (has_twin(field))
		dbw_text_append_z(out, " }");
}

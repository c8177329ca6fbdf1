/* Defaults: each read by the rules of its type, as the runtime would read the value. */
#include "checker.h"

#include <base/json.h>
#include <base/suggest.h>
#include <base/utf8.h>
#include <dbwright/decimal.h>
#include <dbwright/time.h>
#include <dbwright/uuid.h>
#include <float.h>
#include <stdio.h>
#include <string.h>
#include <value/coefficient.h>

static void default_error(
	ir_checker *checker, ir_field *field, const char *owner, const char *hint, const char *problem)
{
	ir__check_error(checker, field->default_.position, "bad-default", hint,
		"the default of field \"%s\" in %s %s", field->name.text, owner, problem);
	field->default_.kind = IR_DEFAULT_NONE;
}

static void set_text(ir_checker *checker, ir_literal *literal, const char *text, size_t length)
{
	literal->text = dbw_arena_copy(checker->arena, text, length);
	literal->length = length;
	if (literal->text == NULL)
		checker->out_of_memory = true;
}

static void read_bool(ir_checker *checker, ir_field *field, const char *owner)
{
	ir_default *default_ = &field->default_;

	if (default_->written != IR_WRITTEN_BOOL) {
		default_error(
			checker, field, owner, "write true or false, without quotes", "is not true or false");
		return;
	}
	default_->literal.integer = default_->text[0] == 't' || default_->text[0] == 'T';
	default_->literal.text = default_->literal.integer ? "true" : "false";
	default_->literal.length = strlen(default_->literal.text);
}

static void read_integer(ir_checker *checker, ir_field *field, const char *owner)
{
	ir_default *default_ = &field->default_;
	int64_t least = INT64_MIN, most = INT64_MAX;

	if (field->type == IR_INT16)
		least = INT16_MIN, most = INT16_MAX;
	if (field->type == IR_INT32)
		least = INT32_MIN, most = INT32_MAX;
	if (default_->written != IR_WRITTEN_INT) {
		default_error(checker, field, owner, "write a whole number, without quotes",
			"is not a whole number");
		return;
	}
	if (!default_->integer_fits || default_->integer < least || default_->integer > most) {
		default_error(checker, field, owner,
			ir__check_format(checker, "%s is from %lld to %lld", ir_type_of(field->type)->name,
				(long long)least, (long long)most),
			"does not fit its type");
		return;
	}
	default_->literal.integer = default_->integer;
	default_->literal.text = ir__check_format(checker, "%lld", (long long)default_->integer);
	default_->literal.length = default_->literal.text != NULL ? strlen(default_->literal.text) : 0;
}

/* Whether a number that is written with other digits than 0 becomes zero: C and PostgreSQL refuse to read it. */
static bool underflows(const ir_field *field)
{
	const char *first = field->default_.text + strcspn(field->default_.text, "123456789eE");
	double number = field->default_.number;

	if (field->type == IR_FLOAT32 ? (float)number != 0 : number != 0)
		return false;
	return *first >= '1' && *first <= '9';
}

static void read_float(ir_checker *checker, ir_field *field, const char *owner)
{
	ir_default *default_ = &field->default_;
	double number = default_->number;

	if (default_->written != IR_WRITTEN_INT && default_->written != IR_WRITTEN_FLOAT) {
		default_error(checker, field, owner, "write a number, without quotes", "is not a number");
		return;
	}
	if (!default_->number_fits || (default_->written == IR_WRITTEN_INT && !default_->integer_fits &&
					      strpbrk(default_->text, "xo") != NULL)) {
		default_error(checker, field, owner, "not-a-number and infinities are refused on write, too",
			"is not a finite number");
		return;
	}
	if (field->type == IR_FLOAT32 && (number > (double)FLT_MAX || number < -(double)FLT_MAX)) {
		default_error(checker, field, owner, "use float64", "does not fit its type");
		return;
	}
	if (underflows(field)) {
		default_error(
			checker, field, owner, "write 0.0 where zero is meant", "is too small for its type");
		return;
	}
	/* C and SQL read a YAML float as it stands, but not all of its ints: 010 is eight in C. */
	if (default_->written == IR_WRITTEN_FLOAT) {
		set_text(checker, &default_->literal, default_->text, default_->length);
		return;
	}
	default_->literal.text = default_->integer_fits
					 ? ir__check_format(checker, "%lld.0", (long long)default_->integer)
					 : ir__check_format(checker, "%s.0", default_->text);
	default_->literal.length = default_->literal.text != NULL ? strlen(default_->literal.text) : 0;
}

static void read_decimal(ir_checker *checker, ir_field *field, const char *owner)
{
	ir_default *default_ = &field->default_;
	char text[DBW_DECIMAL_SIZE];
	dbw_decimal value;

	if (dbw_decimal_parse(default_->text, default_->length, &value) != DBW_OK) {
		default_error(
			checker, field, owner, "write a number, as in \"0.00\"", "is not a decimal number");
		return;
	}
	if (!dbw__decimal_fits(value, (int32_t)field->precision, (int32_t)field->scale) ||
		dbw_decimal_round(value, (int32_t)field->scale, DBW_ROUND_EXACT, &value) != DBW_OK) {
		default_error(checker, field, owner,
			ir__check_format(checker,
				"decimal(%u,%u) has %u digits before the point and %u after it",
				field->precision, field->scale, field->precision - field->scale,
				field->scale),
			"does not fit its type");
		return;
	}
	default_->literal.high = value.high;
	default_->literal.low = value.low;
	set_text(checker, &default_->literal, text, dbw_decimal_print(value, text));
}

/* Text has to be written as text: 010 or true without quotes would lose what was meant. */
static bool is_text(ir_checker *checker, ir_field *field, const char *owner)
{
	const ir_default *default_ = &field->default_;

	if (default_->written == IR_WRITTEN_TEXT)
		return true;
	default_error(checker, field, owner,
		ir__check_format(checker, "write it in quotes: \"%s\"", default_->text), "is not text");
	return false;
}

static void read_text(ir_checker *checker, ir_field *field, const char *owner)
{
	ir_default *default_ = &field->default_;
	size_t characters;

	if (!is_text(checker, field, owner))
		return;
	if (memchr(default_->text, '\0', default_->length) != NULL) {
		default_error(checker, field, owner, NULL, "has a NUL byte, which no text can hold");
		return;
	}
	if (field->type == IR_STRING && (!dbw__utf8_check(default_->text, default_->length, &characters) ||
						characters > field->length)) {
		default_error(checker, field, owner,
			ir__check_format(checker, "string(%u) has at most %u characters", field->length,
				field->length),
			"is too long");
		return;
	}
	default_->literal.text = default_->text;
	default_->literal.length = default_->length;
}

static int hex_value(char byte)
{
	if (byte >= '0' && byte <= '9')
		return byte - '0';
	if (byte >= 'a' && byte <= 'f')
		return byte - 'a' + 10;
	return byte >= 'A' && byte <= 'F' ? byte - 'A' + 10 : -1;
}

static void read_bytes(ir_checker *checker, ir_field *field, const char *owner)
{
	ir_default *default_ = &field->default_;
	const char *digits = default_->text + 2;
	bool good =
		default_->length >= 2 && default_->length % 2 == 0 && memcmp(default_->text, "0x", 2) == 0;
	char *copy;

	for (size_t i = 0; good && i < default_->length - 2; i++)
		good = hex_value(digits[i]) >= 0;
	if (!good) {
		default_error(checker, field, owner,
			"write \"0x\" and two hexadecimal digits for each byte, as in \"0x00ff\"",
			"is not bytes");
		return;
	}
	copy = dbw_arena_copy(checker->arena, digits, default_->length - 2);
	if (copy == NULL) {
		checker->out_of_memory = true;
		return;
	}
	for (size_t i = 0; copy[i] != '\0'; i++)
		copy[i] = "0123456789abcdef"[hex_value(copy[i])];
	default_->literal.text = copy;
	default_->literal.length = default_->length - 2;
}

static void read_time(ir_checker *checker, ir_field *field, const char *owner)
{
	ir_default *default_ = &field->default_;
	char text[DBW_TIMESTAMP_SIZE] = "";
	size_t length = 0;
	dbw_timestamp timestamp;
	dbw_date date;
	dbw_time time;

	if (default_->length == 3 && memcmp(default_->text, "now", 3) == 0) {
		default_->kind = IR_DEFAULT_NOW;
		return;
	}
	if (field->type == IR_TIMESTAMP &&
		dbw_timestamp_parse(default_->text, default_->length, &timestamp) == DBW_OK) {
		default_->literal.integer = timestamp.us;
		length = dbw_timestamp_print(timestamp, text);
	} else if (field->type == IR_DATE &&
		   dbw_date_parse(default_->text, default_->length, &date) == DBW_OK) {
		default_->literal.integer = date.days;
		length = dbw_date_print(date, text);
	} else if (field->type == IR_TIME &&
		   dbw_time_parse(default_->text, default_->length, &time) == DBW_OK) {
		default_->literal.integer = time.us;
		length = dbw_time_print(time, text);
	}
	if (length == 0)
		default_error(checker, field, owner,
			field->type == IR_TIMESTAMP ? "write now, or a time as in 2024-01-31T23:59:59Z"
			: field->type == IR_DATE    ? "write now, or a day as in 2024-01-31"
						    : "write now, or a time of day as in \"23:59:59\"",
			field->type == IR_TIMESTAMP ? "is not a timestamp"
			: field->type == IR_DATE    ? "is not a date"
						    : "is not a time of day");
	else
		set_text(checker, &default_->literal, text, length);
}

static void read_uuid(ir_checker *checker, ir_field *field, const char *owner)
{
	ir_default *default_ = &field->default_;
	char text[33];
	dbw_uuid uuid;

	if (default_->length == 7 && memcmp(default_->text, "uuid_v4", 7) == 0) {
		default_->kind = IR_DEFAULT_UUID_V4;
		return;
	}
	if (default_->length == 7 && memcmp(default_->text, "uuid_v7", 7) == 0) {
		default_->kind = IR_DEFAULT_UUID_V7;
		return;
	}
	if (dbw_uuid_parse(default_->text, default_->length, &uuid) != DBW_OK) {
		default_error(checker, field, owner,
			"write uuid_v7, uuid_v4, or a uuid as in f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
			"is not a uuid");
		return;
	}
	if (dbw_uuid_is_nil(uuid)) {
		default_error(checker, field, owner, "make the field nullable instead",
			"is the nil uuid, which marks one that is not set");
		return;
	}
	for (size_t i = 0; i < sizeof(uuid.bytes); i++)
		snprintf(text + 2 * i, 3, "%02x", (unsigned)uuid.bytes[i]);
	set_text(checker, &default_->literal, text, 32);
}

static void read_json(ir_checker *checker, ir_field *field, const char *owner)
{
	ir_default *default_ = &field->default_;

	if (!dbw__json_is_valid(default_->text, default_->length)) {
		default_error(checker, field, owner, "write JSON as text: \"{}\", \"[]\", '\"text\"'",
			"is not JSON");
		return;
	}
	default_->literal.text = default_->text;
	default_->literal.length = default_->length;
}

static void read_enum(ir_checker *checker, ir_field *field, const char *owner)
{
	ir_default *default_ = &field->default_;
	dbw_suggestion search;

	if (!is_text(checker, field, owner))
		return;
	dbw_suggestion_begin(&search, default_->text, default_->length);
	for (size_t i = 0; i < field->value_count; i++) {
		if (strcmp(field->values[i].word.text, default_->text) == 0) {
			default_->literal.integer = (int64_t)i;
			default_->literal.text = default_->text;
			default_->literal.length = default_->length;
			return;
		}
		dbw_suggestion_offer(&search, field->values[i].word.text);
	}
	default_error(
		checker, field, owner, ir__did_you_mean(checker, search.best), "is not one of its values");
}

void ir__check_default(ir_checker *checker, ir_field *field, const char *owner)
{
	static void (*const readers[IR_TYPE_COUNT])(ir_checker *, ir_field *, const char *) = {
		[IR_BOOL] = read_bool,
		[IR_INT16] = read_integer,
		[IR_INT32] = read_integer,
		[IR_INT64] = read_integer,
		[IR_FLOAT32] = read_float,
		[IR_FLOAT64] = read_float,
		[IR_DECIMAL] = read_decimal,
		[IR_STRING] = read_text,
		[IR_TEXT] = read_text,
		[IR_BYTES] = read_bytes,
		[IR_TIMESTAMP] = read_time,
		[IR_DATE] = read_time,
		[IR_TIME] = read_time,
		[IR_UUID] = read_uuid,
		[IR_JSON] = read_json,
		[IR_ENUM] = read_enum,
	};

	if (field->default_.kind == IR_DEFAULT_LITERAL && readers[field->type] != NULL)
		readers[field->type](checker, field, owner);
}

/* What a field says about itself: the bounds of its type, and keys that contradict each other. */
#include "checker.h"

#include <string.h>

enum {
	LENGTH_MAX = 10485760, /* varchar's limit: PostgreSQL manual, section 8.3. */
	DIGITS_MAX = 38,       /* What dbw_decimal holds. */
};

static void type_error(
	ir_checker *checker, ir_field *field, const char *owner, const char *hint, const char *problem)
{
	ir__check_error(checker, field->type_position, "bad-type", hint, "field \"%s\" in %s %s",
		field->name.text, owner, problem);
	field->broken = true;
}

static void check_bounds(ir_checker *checker, ir_field *field, const char *owner)
{
	switch (ir_type_of(field->type)->arguments) {
	case IR_LENGTH:
		if (field->length == 0 || field->length > LENGTH_MAX)
			type_error(checker, field, owner,
				"write string(255), or text where there is no limit",
				field->length == 0 ? "is a string without a length"
						   : "is a string of more than 10485760 characters");
		break;
	case IR_PRECISION_SCALE:
		if (field->precision == 0)
			type_error(checker, field, owner,
				"write decimal(10,2): ten digits, two of them after the point",
				"is a decimal without a precision");
		else if (field->precision > DIGITS_MAX)
			type_error(checker, field, owner, "38 digits are the most",
				"is a decimal of more than 38 digits");
		else if (field->scale > field->precision)
			type_error(checker, field, owner,
				"the first number counts all digits, the second those after the point",
				"has more digits after the point than digits");
		break;
	case IR_VALUES:
		if (field->value_count == 0)
			type_error(checker, field, owner,
				"write enum(member, admin), or values: [member, admin]",
				"is an enum without values");
		break;
	case IR_NO_ARGUMENTS: break;
	}
}

static void contradiction(ir_checker *checker, const ir_field *field, dbw_position at, const char *owner,
	const char *hint, const char *problem)
{
	ir__check_error(checker, at, "contradiction", hint, "field \"%s\" in %s %s", field->name.text, owner,
		problem);
}

static void check_id(ir_checker *checker, ir_field *field, const char *owner)
{
	if (field->nullable) {
		contradiction(checker, field, field->type_position, owner, "take the '?' away",
			"is an id, which is never NULL");
		field->nullable = false;
	}
	if (field->default_.kind != IR_DEFAULT_NONE) {
		contradiction(checker, field, field->default_.position, owner,
			"take \"default\" away, or use int64 for a key that you assign",
			"is an id, which the database assigns: it cannot have a default");
		field->default_.kind = IR_DEFAULT_NONE;
	}
	if (field->generated.text != NULL) {
		contradiction(checker, field, field->generated.position, owner, NULL,
			"is an id and cannot be a generated column");
		field->generated.text = NULL;
	}
	if (field->unique) {
		contradiction(checker, field, field->unique_position, owner, "take \"unique\" away",
			"is an id, which is unique anyway");
		field->unique = false;
	}
	if (field->sql_type[DBW_SQLITE] != NULL || field->sql_type[DBW_POSTGRESQL] != NULL) {
		contradiction(checker, field, field->sql_type_position, owner,
			"take \"sql_type\" away, or use int16, int32 or int64 with \"key\"",
			"is an id and cannot have another type in the database");
		memset(field->sql_type, 0, sizeof(field->sql_type));
	}
	field->index = false;
}

static void check_storage(ir_checker *checker, ir_field *field, const char *owner)
{
	if (field->storage == IR_STORAGE_TEXT &&
		(ir_type_of(field->type)->sqlite_text == NULL || field->type == IR_DECIMAL)) {
		contradiction(checker, field, field->storage_position, owner,
			"timestamp, date, time and uuid can be stored as text", "cannot be stored as text");
		field->storage = IR_STORAGE_DEFAULT;
	}
	if (field->storage == IR_STORAGE_NATIVE && field->type != IR_ENUM) {
		contradiction(checker, field, field->storage_position, owner,
			"an enum can be stored as a type of its own", "cannot have the storage \"native\"");
		field->storage = IR_STORAGE_DEFAULT;
	}
}

void ir__check_field_type(ir_checker *checker, ir_field *field, const char *owner)
{
	if (field->column == NULL)
		field->column = field->name.text;
	if (field->broken) {
		if (field->model != NULL)
			field->model->broken = true;
		return;
	}
	check_bounds(checker, field, owner);
	if (field->type == IR_ID)
		check_id(checker, field, owner);
	if (field->autoincrement && field->type != IR_ID)
		contradiction(checker, field, field->autoincrement_position, owner, "use the type id",
			"is no id: only an id has \"autoincrement\"");
	if (field->collation != NULL && field->type != IR_STRING && field->type != IR_TEXT) {
		contradiction(checker, field, field->collation_position, owner, NULL,
			"has a collation and is neither string nor text");
		field->collation = NULL;
	}
	check_storage(checker, field, owner);
	if (field->generated.text != NULL && field->default_.kind != IR_DEFAULT_NONE) {
		contradiction(checker, field, field->default_.position, owner, "take one of the two away",
			"is a generated column and has a default");
		field->default_.kind = IR_DEFAULT_NONE;
	}
	if (!field->broken)
		ir__check_default(checker, field, owner);
	if (field->broken && field->model != NULL)
		field->model->broken = true;
}

/**
 * From C to the database: members of rows, arguments of finders and operands of filters become checked dbw_values. What
 * passes here is something every engine stores and gives back as it was.
 *
 * Failures are told as "model.field ..." and never hold the value. Values borrow text and bytes from where they were.
 */
#ifndef DBWRIGHT_STATEMENT_ENCODE_H
#define DBWRIGHT_STATEMENT_ENCODE_H

#include <base/arena.h>
#include <dbwright/driver.h>

DBW_BEGIN_DECLS

/**
 * The member of a row at `member`, in the column's C type: nullable scalars are dbw_opt_ structs there, and a NULL comes
 * out as kind 0.
 * \return DBW_OK with *out; DBW_INVALID: NULL, 0 (an enum, a reference to an id), the nil uuid, an unset time or decimal
 * where a value is needed ("user.email is not set"), text that is not UTF-8 or longer than the column takes, json that is
 * none, an enumerator that does not exist, a decimal that precision and scale do not hold exactly, NaN, a time outside its range, bytes without
 * data, more bytes than DBW__VALUE_SIZE_LIMIT.
 */
dbw_status dbw__encode_member(const dbw_model *model, const dbw_column *column, const void *member,
	dbw_value *out, dbw_error *error);

/**
 * dbw__encode_member() for the columns `numbers[0]` to `numbers[count - 1]` of a row, out[i] being that of numbers[i]. Ends
 * before the first column that has one of the flags in `stop`, which the caller deals with.
 * \return DBW_OK with *done, how many columns are coded; else as dbw__encode_member(), *done being the one that failed.
 */
dbw_status dbw__encode_members(const dbw_model *model, const uint16_t *numbers, uint16_t count, unsigned stop,
	const void *row, dbw_value *out, uint16_t *done, dbw_error *error);

/** As dbw__encode_member() for an argument of a finder: the column's NOT NULL type, whether it is nullable or not. */
dbw_status dbw__encode_argument(const dbw_model *model, const dbw_column *column, const void *argument,
	dbw_value *out, dbw_error *error);

/**
 * As dbw__encode_argument() for a value inside a filter, where integers are int64_t and floating point is double: an
 * integer has to fit the column's width, and a number for a float column is rounded to a float as stored ones were.
 * Text may be longer than the column: patterns and the ends of ranges are.
 */
dbw_status dbw__encode_operand(const dbw_model *model, const dbw_column *column, const void *operand,
	dbw_value *out, dbw_error *error);

/**
 * Whether a member holds the mark of its type for "unset". It means so only in columns whose flags give unset fields a
 * value (DBW_COLUMN_NOW, _NOW_ON_UPDATE, _UUID_V4, _UUID_V7, _EXPRESSION); the caller looks at them first.
 */
bool dbw__member_is_unset(const dbw_column *column, const void *member);

/** Whether the member of a nullable column is NULL; false for any other column. */
bool dbw__member_is_null(const dbw_column *column, const void *member);

DBW_END_DECLS
#endif

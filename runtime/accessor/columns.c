#include <dbwright/generated.h>
#include <descriptor/member.h>
#include <statement/encode.h>

#include <string.h>

/*
 * The generated struct is a row of one-bit bool fields. Compilers fill its bytes in the order of declaration, from the
 * least significant bit on little-endian machines and from the most significant one on big-endian ones (System V ABI
 * and its descendants: "bit-fields are allocated from right to left" and the reverse).
 */
static unsigned char bit_of(uint16_t number)
{
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	return (unsigned char)(0x80U >> number % 8U);
#else
	return (unsigned char)(1U << number % 8U);
#endif
}

bool dbw__columns_has(const void *columns, uint16_t number)
{
	return (((const unsigned char *)columns)[number / 8] & bit_of(number)) != 0;
}

void dbw__columns_add(void *columns, uint16_t number)
{
	unsigned char *byte = (unsigned char *)columns + number / 8;

	*byte = (unsigned char)(*byte | bit_of(number));
}

const void *dbw__column_value(const dbw_column *column, const void *member)
{
	if ((column->flags & DBW_COLUMN_NULLABLE) == 0)
		return member;
	return dbw__member_is_null(column, member) ? NULL
						   : (const char *)member + dbw__member_value_offset(column);
}

void *dbw__column_room(const dbw_column *column, void *member)
{
	memset(member, 0, dbw__member_size(column));
	if ((column->flags & DBW_COLUMN_NULLABLE) == 0)
		return member;
	if (dbw__member_value_offset(column) != 0)
		*(bool *)member = true; /* `has` comes first in every dbw_opt_ struct */
	return (char *)member + dbw__member_value_offset(column);
}

bool dbw__column_is_unset(const dbw_column *column, const void *member)
{
	enum {
		FILLED_IN = DBW_COLUMN_NOW | DBW_COLUMN_NOW_ON_UPDATE | DBW_COLUMN_UUID_V4 |
			    DBW_COLUMN_UUID_V7 | DBW_COLUMN_EXPRESSION
	};

	switch ((dbw_kind)column->kind) {
	case DBW_KIND_INT64:
		if ((column->flags & DBW_COLUMN_REFERENCE_ID) != 0)
			return *(const int64_t *)member == 0;
		/* fall through */
	case DBW_KIND_BOOL:
	case DBW_KIND_INT16:
	case DBW_KIND_INT32:
	case DBW_KIND_FLOAT32:
	case DBW_KIND_FLOAT64:
		/* The marks of these are values like others where nothing fills them in. */
		return (column->flags & FILLED_IN) != 0 && dbw__member_is_unset(column, member);
	default: return dbw__member_is_unset(column, member);
	}
}

dbw_status dbw__column_check(
	const dbw_model *model, const dbw_column *column, const void *member, dbw_error *error)
{
	dbw_value value;

	return dbw__encode_member(model, column, member, &value, error);
}

bool dbw__columns_is_empty(const void *columns, uint16_t count)
{
	const unsigned char *bytes = columns;
	uint16_t number = 0;

	for (; count - number >= 8; number += 8)
		if (*bytes++ != 0)
			return false;
	/* What is behind the last field need not be 0. */
	for (; number < count; number++)
		if (dbw__columns_has(columns, number))
			return false;
	return true;
}

#include <dbwright/generated.h>
#include <statement/encode.h>

/*
 * The generated struct is a row of one-bit bool fields. Compilers fill its bytes in the order of declaration, from the
 * least significant bit on little-endian machines and from the most significant one on big-endian ones (System V ABI
 * and its descendants: "bit-fields are allocated from right to left" and the reverse).
 */
bool dbw__columns_has(const void *columns, uint16_t number)
{
	const unsigned char byte = ((const unsigned char *)columns)[number / 8];
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	const unsigned bit = 7U - number % 8U;
#else
	const unsigned bit = number % 8U;
#endif

	return (byte >> bit & 1U) != 0;
}

bool dbw__column_is_unset(const dbw_column *column, const void *member)
{
	enum {
		FILLED_IN = DBW_COLUMN_NOW | DBW_COLUMN_NOW_ON_UPDATE | DBW_COLUMN_UUID_V4 |
			    DBW_COLUMN_UUID_V7 | DBW_COLUMN_EXPRESSION
	};

	switch ((dbw_kind)column->kind) {
	case DBW_KIND_BOOL:
	case DBW_KIND_INT16:
	case DBW_KIND_INT32:
	case DBW_KIND_INT64:
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

#include "row.h"

#include <dbwright/generated.h>
#include <descriptor/member.h>

#include <math.h>

/* The mark of an unset text is an empty one elsewhere; it is equal to itself alone. */
static bool same_text(const char *a, const char *b)
{
	if (a == b)
		return true;
	return a != NULL && b != NULL && a != dbw__text_unset && b != dbw__text_unset && strcmp(a, b) == 0;
}

static bool same_bytes(const dbw_bytes *a, const dbw_bytes *b)
{
	if (a->size != b->size)
		return false;
	if (a->data == b->data)
		return true;
	return a->data != NULL && b->data != NULL && a->data != dbw__text_unset &&
	       b->data != dbw__text_unset && memcmp(a->data, b->data, a->size) == 0;
}

/* NaN is the mark of an unset number. */
static bool same_real(double a, double b)
{
	return a == b || (isnan(a) && isnan(b));
}

static bool same_value(const dbw_column *column, const void *a, const void *b)
{
	switch ((dbw_kind)column->kind) {
	case DBW_KIND_TEXT:
	case DBW_KIND_JSON: return same_text(*(const char *const *)a, *(const char *const *)b);
	case DBW_KIND_BYTES: return same_bytes(a, b);
	case DBW_KIND_FLOAT32: return same_real((double)*(const float *)a, (double)*(const float *)b);
	case DBW_KIND_FLOAT64: return same_real(*(const double *)a, *(const double *)b);
	case DBW_KIND_DECIMAL:
		return dbw_decimal_compare(*(const dbw_decimal *)a, *(const dbw_decimal *)b) == 0;
	case DBW_KIND_BOOL:
	case DBW_KIND_INT16:
	case DBW_KIND_INT32:
	case DBW_KIND_INT64:
	case DBW_KIND_TIMESTAMP:
	case DBW_KIND_DATE:
	case DBW_KIND_TIME:
	case DBW_KIND_UUID:
	case DBW_KIND_ENUM: break;
	}
	/* One integer, or 16 bytes: nothing in them that is not part of the value. */
	return memcmp(a, b, dbw__value_size(column)) == 0;
}

bool dbw__column_equal(const dbw_column *column, const void *a, const void *b)
{
	a = dbw__column_value(column, a);
	b = dbw__column_value(column, b);
	return a == NULL || b == NULL ? a == b : same_value(column, a, b);
}

bool dbw__row_equal(const dbw_model *model, const void *a, const void *b)
{
	if (a == NULL || b == NULL)
		return a == b;
	for (uint16_t i = 0; i < model->column_count; i++) {
		const dbw_column *column = &model->columns[i];
		const bool is_absent = dbw__row_is_absent(model, a, i);

		if (is_absent != dbw__row_is_absent(model, b, i))
			return false;
		if (!is_absent && !dbw__column_equal(column, dbw__row_member_of(column, a),
					  dbw__row_member_of(column, b)))
			return false;
	}
	return true;
}

#include <base/json.h>
#include <base/utf8.h>
#include <dbwright/uuid.h>
#include <descriptor/member.h>
#include <statement/encode.h>
#include <value/coefficient.h>

#include <float.h>
#include <math.h>
#include <string.h>

/* Failures stand apart, so that what does not fail keeps to its registers. */
static __attribute__((noinline, cold)) dbw_status invalid(
	const dbw_model *model, const dbw_column *column, const char *what, dbw_error *error)
{
	return dbw__fail(error, DBW_INVALID, "%s.%s %s", model->name, column->field, what);
}

static dbw_status not_set(const dbw_model *model, const dbw_column *column, dbw_error *error)
{
	return invalid(model, column, "is not set", error);
}

static __attribute__((noinline, cold)) dbw_status too_long(
	const dbw_model *model, const dbw_column *column, size_t characters, uint32_t limit, dbw_error *error)
{
	return dbw__fail(error, DBW_INVALID, "%s.%s has %zu characters, %lu is the most", model->name,
		column->field, characters, (unsigned long)limit);
}

static dbw_status too_large(const dbw_model *model, const dbw_column *column, dbw_error *error)
{
	return dbw__fail(error, DBW_INVALID, "%s.%s has more than %u bytes", model->name, column->field,
		DBW__VALUE_SIZE_LIMIT);
}

/* `limit` is the greatest number of characters, 0 for none. */
static inline dbw_status encode_text(const dbw_model *model, const dbw_column *column, const char *text,
	uint32_t limit, dbw_value *out, dbw_error *error)
{
	size_t length;
	size_t characters;

	if (text == NULL)
		return not_set(model, column, error);
	length = strlen(text);
	if (!dbw__utf8_check(text, length, &characters))
		return invalid(model, column, "is not UTF-8", error);
	if (limit != 0 && characters > limit)
		return too_long(model, column, characters, limit, error);
	if (length > DBW__VALUE_SIZE_LIMIT)
		return too_large(model, column, error);
	out->as.data = text;
	out->size = (uint32_t)length;
	return DBW_OK;
}

/* Engines refuse what is no JSON in ways of their own, after it was sent. */
static dbw_status encode_json(
	const dbw_model *model, const dbw_column *column, const char *text, dbw_value *out, dbw_error *error)
{
	dbw_status status = encode_text(model, column, text, 0, out, error);

	if (status == DBW_OK && !dbw__json_is_valid(text, out->size))
		status = invalid(model, column, "is not JSON", error);
	return status;
}

static dbw_status encode_bytes(
	const dbw_model *model, const dbw_column *column, dbw_bytes bytes, dbw_value *out, dbw_error *error)
{
	if (bytes.data == NULL)
		return bytes.size == 0 ? not_set(model, column, error)
				       : invalid(model, column, "has a size but no data", error);
	if (bytes.size > DBW__VALUE_SIZE_LIMIT)
		return too_large(model, column, error);
	out->as.data = bytes.data;
	out->size = (uint32_t)bytes.size;
	return DBW_OK;
}

/* The common case, without arithmetic on 128 bits: the column's scale, and digits that fit 64 bits. */
static inline bool is_plain_decimal(const dbw_column *column, dbw_decimal decimal)
{
	static const uint64_t powers[] = { UINT64_C(1), UINT64_C(10), UINT64_C(100), UINT64_C(1000),
		UINT64_C(10000), UINT64_C(100000), UINT64_C(1000000), UINT64_C(10000000), UINT64_C(100000000),
		UINT64_C(1000000000), UINT64_C(10000000000), UINT64_C(100000000000), UINT64_C(1000000000000),
		UINT64_C(10000000000000), UINT64_C(100000000000000), UINT64_C(1000000000000000),
		UINT64_C(10000000000000000), UINT64_C(100000000000000000), UINT64_C(1000000000000000000) };
	uint64_t magnitude = decimal.low;

	if (decimal.scale != column->scale || column->precision >= sizeof powers / sizeof powers[0])
		return false;
	if (decimal.high == -1 && decimal.low != 0)
		magnitude = 0 - decimal.low;
	else if (decimal.high != 0)
		return false;
	return magnitude < powers[column->precision];
}

static const dbw_decimal unset_decimal = DBW_DECIMAL_UNSET_INIT;

/* The uncommon case. */
static __attribute__((noinline)) dbw_status encode_wide_decimal(const dbw_model *model,
	const dbw_column *column, dbw_decimal decimal, dbw_value *out, dbw_error *error)
{
	if (decimal.scale == unset_decimal.scale)
		return not_set(model, column, error);
	if (!dbw__decimal_fits(decimal, column->precision, column->scale) ||
		dbw_decimal_round(decimal, column->scale, DBW_ROUND_EXACT, &out->as.decimal) != DBW_OK)
		return dbw__fail(error, DBW_INVALID, "%s.%s does not fit decimal(%u, %u)", model->name,
			column->field, (unsigned)column->precision, (unsigned)column->scale);
	return DBW_OK;
}

static dbw_status encode_real(
	const dbw_model *model, const dbw_column *column, double real, dbw_value *out, dbw_error *error)
{
	if (isnan(real))
		return invalid(model, column, "is not a number", error);
	out->as.real = real;
	return DBW_OK;
}

/* Inlined into the loop over a row, and once more for all others. */
static inline __attribute__((always_inline)) dbw_status encode_in_place(const dbw_model *model,
	const dbw_column *column, const void *plain, uint32_t limit, dbw_value *out, dbw_error *error)
{
	out->column = column;
	out->kind = column->kind;
	out->size = 0;
	switch ((dbw_kind)column->kind) {
	case DBW_KIND_INT64: out->as.integer = *(const int64_t *)plain; return DBW_OK;
	case DBW_KIND_INT32: out->as.integer = *(const int32_t *)plain; return DBW_OK;
	case DBW_KIND_INT16: out->as.integer = *(const int16_t *)plain; return DBW_OK;
	case DBW_KIND_BOOL: out->as.integer = *(const bool *)plain; return DBW_OK;
	case DBW_KIND_TEXT: return encode_text(model, column, *(const char *const *)plain, limit, out, error);
	case DBW_KIND_JSON: return encode_json(model, column, *(const char *const *)plain, out, error);
	case DBW_KIND_TIMESTAMP: {
		dbw_timestamp timestamp = *(const dbw_timestamp *)plain;

		if (dbw_timestamp_is_unset(timestamp))
			return not_set(model, column, error);
		if (!dbw_timestamp_is_valid(timestamp))
			return invalid(model, column, "is outside the years 1 to 9999", error);
		out->as.integer = timestamp.us;
		return DBW_OK;
	}
	case DBW_KIND_DATE: {
		dbw_date date = *(const dbw_date *)plain;

		if (dbw_date_is_unset(date))
			return not_set(model, column, error);
		if (!dbw_date_is_valid(date))
			return invalid(model, column, "is outside the years 1 to 9999", error);
		out->as.integer = date.days;
		return DBW_OK;
	}
	case DBW_KIND_TIME: {
		dbw_time time = *(const dbw_time *)plain;

		if (dbw_time_is_unset(time))
			return not_set(model, column, error);
		if (!dbw_time_is_valid(time))
			return invalid(model, column, "is not within one day", error);
		out->as.integer = time.us;
		return DBW_OK;
	}
	case DBW_KIND_ENUM: {
		int enumerator = *(const int *)plain;

		if (enumerator == 0)
			return not_set(model, column, error);
		if (enumerator < 0 || enumerator > column->values->count)
			return invalid(model, column, "is none of its enumerators", error);
		out->as.integer = enumerator;
		return DBW_OK;
	}
	case DBW_KIND_UUID:
		out->as.uuid = *(const dbw_uuid *)plain;
		return dbw_uuid_is_nil(out->as.uuid) ? not_set(model, column, error) : DBW_OK;
	case DBW_KIND_FLOAT64: return encode_real(model, column, *(const double *)plain, out, error);
	case DBW_KIND_FLOAT32: return encode_real(model, column, (double)*(const float *)plain, out, error);
	case DBW_KIND_DECIMAL:
		if (!is_plain_decimal(column, *(const dbw_decimal *)plain))
			return encode_wide_decimal(model, column, *(const dbw_decimal *)plain, out, error);
		out->as.decimal = *(const dbw_decimal *)plain;
		return DBW_OK;
	case DBW_KIND_BYTES: return encode_bytes(model, column, *(const dbw_bytes *)plain, out, error);
	}
	return dbw__fail(
		error, DBW_MISUSE, "%s.%s has a type this runtime does not know", model->name, column->field);
}

static dbw_status encode_plain(const dbw_model *model, const dbw_column *column, const void *plain,
	uint32_t limit, dbw_value *out, dbw_error *error)
{
	return encode_in_place(model, column, plain, limit, out, error);
}

static inline bool is_null(const dbw_column *column, const void *member)
{
	switch (column->kind) {
	case DBW_KIND_TEXT:
	case DBW_KIND_JSON: return *(const char *const *)member == NULL;
	case DBW_KIND_BYTES: {
		const dbw_bytes *bytes = (const dbw_bytes *)member;

		return bytes->data == NULL && bytes->size == 0;
	}
	default: return !*(const bool *)member; /* `has` comes first in every dbw_opt_ struct */
	}
}

bool dbw__member_is_null(const dbw_column *column, const void *member)
{
	return (column->flags & DBW_COLUMN_NULLABLE) != 0 && is_null(column, member);
}

static inline void encode_null(const dbw_column *column, dbw_value *out)
{
	out->column = column;
	out->kind = 0;
	out->size = 0;
}

/* A reference to an id that nobody has set: an id is never 0, see DBW_COLUMN_AUTO_ID. */
static inline bool lacks_reference(const dbw_column *column, const void *member)
{
	return (column->flags & DBW_COLUMN_REFERENCE_ID) != 0 && *(const int64_t *)member == 0;
}

dbw_status dbw__encode_member(const dbw_model *model, const dbw_column *column, const void *member,
	dbw_value *out, dbw_error *error)
{
	if (lacks_reference(column, member))
		return not_set(model, column, error);
	if ((column->flags & DBW_COLUMN_NULLABLE) != 0) {
		if (is_null(column, member)) {
			encode_null(column, out);
			return DBW_OK;
		}
		member = (const char *)member + dbw__member_value_offset(column);
	}
	return encode_plain(model, column, member, column->length, out, error);
}

dbw_status dbw__encode_members(const dbw_model *model, const uint16_t *numbers, uint16_t count, unsigned stop,
	const void *row, dbw_value *out, uint16_t *done, dbw_error *error)
{
	uint16_t i = 0;
	dbw_status status = DBW_OK;

	for (; i < count; i++) {
		const dbw_column *column = &model->columns[numbers[i]];
		const char *member = (const char *)row + column->offset;

		if ((column->flags & (stop | DBW_COLUMN_NULLABLE | DBW_COLUMN_REFERENCE_ID)) != 0) {
			if ((column->flags & stop) != 0)
				break;
			if (lacks_reference(column, member)) {
				status = not_set(model, column, error);
				break;
			}
			if ((column->flags & DBW_COLUMN_NULLABLE) != 0) {
				if (is_null(column, member)) {
					encode_null(column, &out[i]);
					continue;
				}
				member += dbw__member_value_offset(column);
			}
		}
		status = encode_in_place(model, column, member, column->length, &out[i], error);
		if (status != DBW_OK)
			break;
	}
	*done = i;
	return status;
}

dbw_status dbw__encode_argument(const dbw_model *model, const dbw_column *column, const void *argument,
	dbw_value *out, dbw_error *error)
{
	return encode_plain(model, column, argument, column->length, out, error);
}

static dbw_status encode_integer_operand(const dbw_model *model, const dbw_column *column, int64_t operand,
	int64_t least, int64_t greatest, unsigned bits, dbw_value *out, dbw_error *error)
{
	if (operand < least || operand > greatest)
		return dbw__fail(error, DBW_INVALID, "%s.%s: the number in the filter does not fit %u bits",
			model->name, column->field, bits);
	out->column = column;
	out->kind = column->kind;
	out->size = 0;
	out->as.integer = operand;
	return DBW_OK;
}

dbw_status dbw__encode_operand(const dbw_model *model, const dbw_column *column, const void *operand,
	dbw_value *out, dbw_error *error)
{
	switch (column->kind) {
	case DBW_KIND_INT16:
		return encode_integer_operand(
			model, column, *(const int64_t *)operand, INT16_MIN, INT16_MAX, 16, out, error);
	case DBW_KIND_INT32:
		return encode_integer_operand(
			model, column, *(const int64_t *)operand, INT32_MIN, INT32_MAX, 32, out, error);
	case DBW_KIND_FLOAT32: {
		double number = *(const double *)operand;
		float rounded;

		/* The conversion of what no float can hold is undefined (C11 6.3.1.5). */
		if (isfinite(number) && fabs(number) > (double)FLT_MAX)
			return invalid(model, column,
				"is a float, and the number in the filter is too large for one", error);
		rounded = (float)number;
		return encode_plain(model, column, &rounded, 0, out, error);
	}
	default: return encode_plain(model, column, operand, 0, out, error);
	}
}

bool dbw__member_is_unset(const dbw_column *column, const void *member)
{
	const bool nullable = (column->flags & DBW_COLUMN_NULLABLE) != 0;
	const void *plain = (const char *)member + (nullable ? dbw__member_value_offset(column) : 0);

	switch ((dbw_kind)column->kind) {
	case DBW_KIND_TEXT:
	case DBW_KIND_JSON: {
		const char *text = *(const char *const *)member;

		return text == dbw__text_unset || (text == NULL && !nullable);
	}
	case DBW_KIND_BYTES: {
		const dbw_bytes *bytes = (const dbw_bytes *)member;

		return bytes->data == dbw__text_unset ||
		       (bytes->data == NULL && bytes->size == 0 && !nullable);
	}
	case DBW_KIND_INT16: return *(const int16_t *)plain == DBW_INT16_UNSET;
	case DBW_KIND_INT32: return *(const int32_t *)plain == DBW_INT32_UNSET;
	case DBW_KIND_INT64: return *(const int64_t *)plain == DBW_INT64_UNSET;
	case DBW_KIND_FLOAT32: return isnan(*(const float *)plain);
	case DBW_KIND_FLOAT64: return isnan(*(const double *)plain);
	case DBW_KIND_DECIMAL: return ((const dbw_decimal *)plain)->scale == unset_decimal.scale;
	case DBW_KIND_TIMESTAMP: return dbw_timestamp_is_unset(*(const dbw_timestamp *)plain);
	case DBW_KIND_DATE: return dbw_date_is_unset(*(const dbw_date *)plain);
	case DBW_KIND_TIME: return dbw_time_is_unset(*(const dbw_time *)plain);
	case DBW_KIND_UUID:
		return (!nullable || !is_null(column, member)) && dbw_uuid_is_nil(*(const dbw_uuid *)plain);
	case DBW_KIND_ENUM: return (!nullable || !is_null(column, member)) && *(const int *)plain == 0;
	case DBW_KIND_BOOL: break;
	}
	return false;
}

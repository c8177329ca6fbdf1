/* What SQL of the user's own has given, value by value. */
#include <base/arena.h>
#include <dbwright/driver.h>
#include <dbwright/sql.h>

#include <string.h>

void dbw_records_free(dbw_records *records)
{
	if (records == NULL)
		return;
	dbw_arena_free(records->arena_);
	*records = (dbw_records){ .count = 0 };
}

int dbw_records_column(const dbw_records *records, const char *name)
{
	for (uint32_t i = 0; records != NULL && name != NULL && i < records->column_count; i++)
		if (strcmp(records->names[i], name) == 0)
			return (int)i;
	return -1;
}

/* The value at a place; NULL where there is no such place. */
static const dbw_value *value_at(const dbw_records *records, size_t row, uint32_t column)
{
	if (records == NULL || row >= records->count || column >= records->column_count)
		return NULL;
	return &records->values_[row * records->column_count + column];
}

bool dbw_records_is_null(const dbw_records *records, size_t row, uint32_t column)
{
	const dbw_value *value = value_at(records, row, column);

	return value == NULL || value->kind == 0;
}

static bool is_text(const dbw_value *value)
{
	return value->kind == DBW_KIND_TEXT || value->kind == DBW_KIND_JSON;
}

dbw_status dbw_records_int64(const dbw_records *records, size_t row, uint32_t column, int64_t *out)
{
	const dbw_value *value = value_at(records, row, column);

	if (value == NULL)
		return DBW_MISUSE;
	if (value->kind == DBW_KIND_DECIMAL)
		return dbw_decimal_to_int(value->as.decimal, out) == DBW_OK ? DBW_OK : DBW_DATA;
	if (value->kind != DBW_KIND_INT64)
		return DBW_DATA;
	*out = value->as.integer;
	return DBW_OK;
}

dbw_status dbw_records_double(const dbw_records *records, size_t row, uint32_t column, double *out)
{
	const dbw_value *value = value_at(records, row, column);

	if (value == NULL)
		return DBW_MISUSE;
	switch (value->kind) {
	case DBW_KIND_FLOAT64: *out = value->as.real; return DBW_OK;
	case DBW_KIND_INT64: *out = (double)value->as.integer; return DBW_OK;
	case DBW_KIND_DECIMAL: *out = dbw_decimal_to_double(value->as.decimal); return DBW_OK;
	default: return DBW_DATA;
	}
}

dbw_status dbw_records_bool(const dbw_records *records, size_t row, uint32_t column, bool *out)
{
	const dbw_value *value = value_at(records, row, column);

	if (value == NULL)
		return DBW_MISUSE;
	if (value->kind != DBW_KIND_BOOL && value->kind != DBW_KIND_INT64)
		return DBW_DATA;
	if (value->as.integer != 0 && value->as.integer != 1)
		return DBW_DATA;
	*out = value->as.integer == 1;
	return DBW_OK;
}

dbw_status dbw_records_text(const dbw_records *records, size_t row, uint32_t column, const char **out)
{
	const dbw_value *value = value_at(records, row, column);

	if (value == NULL)
		return DBW_MISUSE;
	/* A NUL inside would cut it unseen; SQLite takes one. */
	if (!is_text(value) || strlen(value->as.data) != value->size)
		return DBW_DATA;
	*out = value->as.data;
	return DBW_OK;
}

dbw_status dbw_records_bytes(const dbw_records *records, size_t row, uint32_t column, dbw_bytes *out)
{
	const dbw_value *value = value_at(records, row, column);

	if (value == NULL)
		return DBW_MISUSE;
	if (value->kind != DBW_KIND_BYTES)
		return DBW_DATA;
	*out = dbw_bytes_of(value->as.data, value->size);
	return DBW_OK;
}

dbw_status dbw_records_decimal(
	const dbw_records *records, size_t row, uint32_t column, int32_t scale, dbw_decimal *out)
{
	const dbw_value *value = value_at(records, row, column);
	dbw_decimal read, rounded;

	if (value == NULL || scale < 0 || scale > DBW_DECIMAL_MAX_SCALE)
		return DBW_MISUSE;
	switch (value->kind) {
	case DBW_KIND_DECIMAL: read = value->as.decimal; break;
	case DBW_KIND_INT64: read = dbw_decimal_of(value->as.integer, scale); break;
	case DBW_KIND_TEXT:
		if (dbw_decimal_parse(value->as.data, value->size, &read) != DBW_OK)
			return DBW_DATA;
		break;
	default: return DBW_DATA;
	}
	if (dbw_decimal_round(read, scale, DBW_ROUND_HALF_EVEN, &rounded) != DBW_OK ||
		dbw_decimal_compare(read, rounded) != 0)
		return DBW_DATA;
	*out = rounded;
	return DBW_OK;
}

/* What the kinds of time share: a number of the kind, an integer, or a text. */
static dbw_status time_at(
	const dbw_records *records, size_t row, uint32_t column, dbw_kind kind, int64_t *out)
{
	const dbw_value *value = value_at(records, row, column);
	dbw_timestamp timestamp;
	dbw_date date;
	dbw_time time;

	if (value == NULL)
		return DBW_MISUSE;
	if (value->kind == kind || value->kind == DBW_KIND_INT64) {
		*out = value->as.integer;
		return DBW_OK;
	}
	if (value->kind != DBW_KIND_TEXT)
		return DBW_DATA;
	if (kind == DBW_KIND_TIMESTAMP &&
		dbw_timestamp_parse(value->as.data, value->size, &timestamp) == DBW_OK)
		*out = timestamp.us;
	else if (kind == DBW_KIND_DATE && dbw_date_parse(value->as.data, value->size, &date) == DBW_OK)
		*out = date.days;
	else if (kind == DBW_KIND_TIME && dbw_time_parse(value->as.data, value->size, &time) == DBW_OK)
		*out = time.us;
	else
		return DBW_DATA;
	return DBW_OK;
}

dbw_status dbw_records_timestamp(const dbw_records *records, size_t row, uint32_t column, dbw_timestamp *out)
{
	dbw_timestamp read;
	dbw_status status = time_at(records, row, column, DBW_KIND_TIMESTAMP, &read.us);

	if (status != DBW_OK)
		return status;
	if (!dbw_timestamp_is_valid(read))
		return DBW_DATA;
	*out = read;
	return DBW_OK;
}

dbw_status dbw_records_date(const dbw_records *records, size_t row, uint32_t column, dbw_date *out)
{
	int64_t days;
	dbw_status status = time_at(records, row, column, DBW_KIND_DATE, &days);

	if (status != DBW_OK)
		return status;
	if (days < DBW_DATE_MIN || days > DBW_DATE_MAX)
		return DBW_DATA;
	out->days = (int32_t)days;
	return DBW_OK;
}

dbw_status dbw_records_time(const dbw_records *records, size_t row, uint32_t column, dbw_time *out)
{
	dbw_time read;
	dbw_status status = time_at(records, row, column, DBW_KIND_TIME, &read.us);

	if (status != DBW_OK)
		return status;
	if (!dbw_time_is_valid(read))
		return DBW_DATA;
	*out = read;
	return DBW_OK;
}

dbw_status dbw_records_uuid(const dbw_records *records, size_t row, uint32_t column, dbw_uuid *out)
{
	const dbw_value *value = value_at(records, row, column);

	if (value == NULL)
		return DBW_MISUSE;
	if (value->kind == DBW_KIND_UUID)
		*out = value->as.uuid;
	else if (value->kind == DBW_KIND_BYTES && value->size == sizeof *out)
		memcpy(out, value->as.data, sizeof *out);
	else if (value->kind != DBW_KIND_TEXT || dbw_uuid_parse(value->as.data, value->size, out) != DBW_OK)
		return DBW_DATA;
	return DBW_OK;
}

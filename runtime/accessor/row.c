#include "row.h"

#include <descriptor/member.h>
#include <statement/encode.h>

#include <string.h>

void dbw__row_free(const dbw_model *model, void *row)
{
	dbw_arena *arena;

	if (row == NULL || dbw__row_word(model, row)->origin != dbw__found_origin(row))
		return;
	memcpy(&arena, (char *)row - DBW__FOUND_HEADER, sizeof arena);
	dbw_arena_free(arena);
}

bool dbw__row_is_known(const dbw_model *model, const void *row)
{
	return dbw__origin_is_known(dbw__row_word_of(model, row)->origin);
}

bool dbw__row_is_absent(const dbw_model *model, const void *row, uint16_t number)
{
	const uint64_t *absent = dbw__row_word_of(model, row)->absent;

	return absent != NULL && (absent[number / 64] >> number % 64 & 1U) != 0;
}

bool dbw__row_has(const dbw_model *model, const void *row, const void *columns)
{
	if (row == NULL)
		return false;
	for (uint16_t i = 0; i < model->column_count; i++)
		if (dbw__columns_has(columns, i) && dbw__row_is_absent(model, row, i))
			return false;
	return true;
}

dbw_status dbw__unknown_origin(dbw__lease *lease, const dbw_model *model, const void *row)
{
	return dbw__misuse(lease, model,
		row == NULL
			? "the row is NULL"
			: "the row comes from nowhere; start it with the INIT macro of its model, or read it");
}

dbw_status dbw__encode_now(dbw__lease *lease, const dbw_model *model, const dbw_column *column,
	dbw__clock *clock, dbw_value *value)
{
	const int64_t day = INT64_C(86400000000);
	int64_t us;

	if (!clock->is_read) {
		clock->now = dbw_timestamp_now();
		clock->is_read = true;
	}
	if (!dbw_timestamp_is_valid(clock->now))
		return dbw__fail(lease->error, DBW_UNSUPPORTED, "%s.%s: the system's clock cannot be used",
			model->name, column->field);
	us = clock->now.us;
	value->column = column;
	value->kind = column->kind;
	value->size = 0;
	if (column->kind == DBW_KIND_TIMESTAMP)
		value->as.integer = us;
	else if (column->kind == DBW_KIND_TIME)
		value->as.integer = (us % day + day) % day;
	else
		value->as.integer = us / day - (us % day < 0);
	return DBW_OK;
}

void dbw__write_back(const dbw_column *column, void *row, const dbw_value *value)
{
	const bool nullable = (column->flags & DBW_COLUMN_NULLABLE) != 0;
	void *member = dbw__row_member(column, row);
	void *plain = (char *)member + (nullable ? dbw__member_value_offset(column) : 0);

	if (nullable)
		*(bool *)member = true; /* `has` comes first in every dbw_opt_ struct */
	switch (column->kind) {
	case DBW_KIND_INT16: *(int16_t *)plain = (int16_t)value->as.integer; break;
	case DBW_KIND_INT32: *(int32_t *)plain = (int32_t)value->as.integer; break;
	case DBW_KIND_INT64: *(int64_t *)plain = value->as.integer; break;
	case DBW_KIND_TIMESTAMP: ((dbw_timestamp *)plain)->us = value->as.integer; break;
	case DBW_KIND_DATE: ((dbw_date *)plain)->days = (int32_t)value->as.integer; break;
	case DBW_KIND_TIME: ((dbw_time *)plain)->us = value->as.integer; break;
	case DBW_KIND_UUID: *(dbw_uuid *)plain = value->as.uuid; break;
	default: break;
	}
}

static bool is_read_back(const dbw_column *column, bool defaults, void *row)
{
	if ((column->flags & DBW_COLUMN_GENERATED) != 0)
		return true;
	return defaults && (column->flags & DBW_COLUMN_EXPRESSION) != 0 &&
	       dbw__member_is_unset(column, dbw__row_member(column, row));
}

/* Moves a member's text or bytes from memory of the call to memory of the session. */
static bool keep(const dbw_column *column, void *row, dbw_arena *kept)
{
	void *member = dbw__row_member(column, row);

	if (column->kind == DBW_KIND_TEXT || column->kind == DBW_KIND_JSON) {
		const char **text = member;

		if (*text != NULL)
			return (*text = dbw_arena_copy(kept, *text, strlen(*text))) != NULL;
	} else if (column->kind == DBW_KIND_BYTES) {
		dbw_bytes *bytes = member;

		if (bytes->data != NULL)
			return (bytes->data = dbw_arena_copy(kept, bytes->data, bytes->size)) != NULL;
	}
	return true;
}

const uint16_t *dbw__numbers_of(
	dbw__lease *lease, const dbw_model *model, const bool *wanted, uint16_t *count)
{
	uint16_t *numbers = dbw_arena_alloc(dbw__lease_scratch(lease), model->column_count * sizeof *numbers);

	*count = 0;
	for (uint16_t i = 0; numbers != NULL && i < model->column_count; i++)
		if (wanted[i])
			numbers[(*count)++] = i;
	return numbers;
}

static dbw_status select_back(dbw__lease *lease, const dbw__found_key *key, const uint16_t *numbers,
	uint16_t count, dbw__request *request)
{
	dbw_status status = DBW_OK;

	for (uint16_t i = 0; status == DBW_OK && i < key->count; i++)
		status = dbw__request_equal(request, key->columns[i], &key->values[i], lease->error);
	if (status == DBW_OK && key->living)
		status = dbw__request_where(request, NULL, DBW_WITHOUT_DELETED, lease->error);
	return status != DBW_OK ? status : dbw__request_select(request, numbers, count, lease->error);
}

/* Columns of `copy`, whose text is in memory of the call. */
static dbw_status take_columns(dbw__lease *lease, const dbw_model *model, const uint16_t *numbers,
	uint16_t count, void *copy, void *row)
{
	for (uint16_t i = 0; i < count; i++)
		if (!keep(&model->columns[numbers[i]], copy, dbw__lease_kept(lease)))
			return dbw__out_of_memory(lease->error);
	for (uint16_t i = 0; i < count; i++) {
		const dbw_column *column = &model->columns[numbers[i]];

		memcpy(dbw__row_member(column, row), dbw__row_member(column, copy), dbw__member_size(column));
	}
	return DBW_OK;
}

dbw_status dbw__take_written(dbw__lease *lease, const dbw_model *model, dbw_prepared *prepared,
	const dbw_value *values, size_t count, const uint16_t *numbers, uint16_t number_count, void *row)
{
	const dbw_driver *driver = lease->driver;
	void *copy = dbw_arena_alloc_zeroed(dbw__lease_scratch(lease), 1, model->row_size);
	bool more = false;
	dbw_status status;

	if (copy == NULL)
		return dbw__out_of_memory(lease->error);
	status = driver->query(lease->connection, prepared, values, count, lease->error);
	if (status != DBW_OK)
		return status;
	status = driver->fetch(
		lease->connection, prepared, copy, dbw__lease_scratch(lease), &more, lease->error);
	driver->finish(lease->connection, prepared);
	if (status == DBW_OK && !more)
		status = dbw__fail(lease->error, DBW_ENGINE,
			"%s: the row that was written cannot be read back", model->name);
	return status != DBW_OK ? status : take_columns(lease, model, numbers, number_count, copy, row);
}

dbw_status dbw__read_columns(dbw__lease *lease, const dbw_model *model, const dbw__found_key *key,
	const bool *wanted, void *row, dbw__shape **shape)
{
	dbw__call call = { .model = model };
	uint16_t count;
	const uint16_t *numbers = dbw__numbers_of(lease, model, wanted, &count);
	dbw__request request;
	dbw_status status;

	*shape = NULL;
	if (numbers == NULL)
		return dbw__out_of_memory(lease->error);
	dbw__request_init(&request, model, lease->engine, DBW__REQUEST_FIND, dbw__lease_scratch(lease));
	status = select_back(lease, key, numbers, count, &request);
	if (status == DBW_OK)
		status = dbw__find_shape(lease, &request, &call, shape);
	if (status == DBW_OK)
		status = dbw__take_written(
			lease, model, (*shape)->prepared, request.values, request.count, numbers, count, row);
	dbw__request_clear(&request);
	return status;
}

dbw_status dbw__read_back(
	dbw__lease *lease, const dbw_model *model, const dbw_value *key, bool defaults, void *row)
{
	bool *wanted = dbw_arena_alloc(dbw__lease_scratch(lease), model->column_count * sizeof *wanted);
	bool any = false;
	dbw__shape *shape;

	if (wanted == NULL)
		return dbw__out_of_memory(lease->error);
	for (uint16_t i = 0; i < model->column_count; i++) {
		wanted[i] = is_read_back(&model->columns[i], defaults, row);
		any = any || wanted[i];
	}
	if (!any)
		return DBW_OK;
	return dbw__read_columns(lease, model, &(dbw__found_key){ model->key, key, model->key_count, false },
		wanted, row, &shape);
}

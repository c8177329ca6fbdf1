#include "request.h"
#include "render_group.h"

#include <string.h>

_Static_assert(sizeof(dbw__key_item) == 4, "key items have no gaps");

void dbw__request_init(dbw__request *request, const dbw_model *model, dbw_engine engine,
	dbw__request_kind kind, dbw_arena *scratch)
{
	const char kind_byte = (char)kind;

	request->model = model;
	request->engine = engine;
	request->values = request->value_storage;
	request->count = 0;
	request->capacity = DBW__REQUEST_VALUES;
	request->scratch = scratch;
	request->result = (dbw_result){ model, model->read, model->read_count };
	request->locks = request->returns = false;
	dbw_text_init(&request->key, request->key_storage, sizeof request->key_storage);
	dbw_text_append(&request->key, (const char *)&model, sizeof model);
	dbw_text_append(&request->key, &kind_byte, 1);
}

static char kind_of(const dbw__request *request)
{
	return request->key.data[DBW__KEY_HEADER_SIZE - 1];
}

bool dbw__request_gives_rows(const dbw__request *request)
{
	const char kind = kind_of(request);

	return request->returns || kind == DBW__REQUEST_FIND || kind == DBW__REQUEST_FIND_ONE ||
	       kind == DBW__REQUEST_PAGE;
}

void dbw__request_clear(dbw__request *request)
{
	dbw_text_clear(&request->key);
}

dbw_status dbw__request_column(dbw__request *request, uint16_t column, dbw_error *error)
{
	return dbw__request_item(request, DBW__ITEM_COLUMN, 0, column, error);
}

/* The older arrays stay in the scratch arena: it is emptied when the call ends. */
static bool reserve_values(dbw__request *request, size_t more)
{
	size_t capacity = request->capacity;
	dbw_value *values;

	while (capacity - request->count < more)
		capacity *= 2;
	if (capacity == request->capacity)
		return true;
	values = dbw_arena_alloc(request->scratch, capacity * sizeof *values);
	if (values == NULL)
		return false;
	memcpy(values, request->values, request->count * sizeof *values);
	request->values = values;
	request->capacity = capacity;
	return true;
}

dbw_value *dbw__request_values(dbw__request *request, size_t count)
{
	dbw_value *values;

	if (!reserve_values(request, count))
		return NULL;
	values = request->values + request->count;
	request->count += count;
	return values;
}

static dbw_status add_deleted(dbw__request *request, unsigned deleted, dbw_error *error)
{
	const uint16_t column = (uint16_t)request->model->deleted_at;

	switch (deleted) {
	case DBW_WITHOUT_DELETED:
		return dbw__request_item(request, DBW__ITEM_NULL + DBW_IS_NULL, 0, column, error);
	case DBW_ONLY_DELETED:
		return dbw__request_item(request, DBW__ITEM_NULL + DBW_IS_NOT_NULL, 0, column, error);
	case DBW_WITH_DELETED: return DBW_OK;
	default:
		return dbw__fail(error, DBW_MISUSE, "%s: .deleted_ is none of the numbers of dbw_deleted",
			request->model->name);
	}
}

/* Adds the column of one entry of order_by; *set is false when it has none. */
static dbw_status add_order_entry(
	dbw__request *request, const dbw_direction *entry, unsigned place, bool *set, dbw_error *error)
{
	const dbw_model *model = request->model;
	const dbw_column *const end = model->columns + model->column_count;

	*set = false;
	for (const dbw_column *column = model->columns; column != end; column++) {
		dbw_direction direction;
		dbw_status status;

		if (column->order_offset == DBW_NO_MEMBER || (direction = entry[column->order_offset]) == 0)
			continue;
		if (direction != DBW_ASC && direction != DBW_DESC)
			return dbw__fail(error, DBW_MISUSE,
				"%s.%s: order_by[%u] is neither DBW_ASC nor DBW_DESC", model->name,
				column->field, place);
		if (*set)
			return dbw__fail(error, DBW_MISUSE,
				"%s.%s: order_by[%u] names more than one column; give each an entry of its own",
				model->name, column->field, place);
		if (dbw__lacks_order(request, column))
			return dbw__fail(error, DBW_UNSUPPORTED,
				"%s.%s: SQLite stores this decimal as text, which has no order", model->name,
				column->field);
		status = dbw__request_item(
			request, DBW__ITEM_ORDER + direction, 0, (uint16_t)(column - model->columns), error);
		if (status != DBW_OK)
			return status;
		*set = true;
	}
	return DBW_OK;
}

/* Whether all bytes are 0: the first one is, and each is like the one before it. */
static bool is_zero(const dbw_direction *entries, size_t size)
{
	return size == 0 || (entries[0] == 0 && memcmp(entries, entries + 1, size - 1) == 0);
}

static dbw_status add_order(dbw__request *request, const char *query, dbw_error *error)
{
	const size_t size = request->model->query.order_size;
	const void *order_by = query + request->model->query.order_by;
	const dbw_direction *entries = order_by;
	unsigned place = 0;

	for (; place < DBW_ORDER_MAX && !is_zero(entries, (DBW_ORDER_MAX - place) * size);
		place++, entries += size) {
		bool set;
		dbw_status status = add_order_entry(request, entries, place, &set, error);

		if (status != DBW_OK)
			return status;
		/* What stands behind an empty entry would be lost without a word. */
		if (!set)
			return dbw__fail(error, DBW_MISUSE,
				"%s: order_by[%u] is empty but a later entry is not", request->model->name,
				place);
	}
	return DBW_OK;
}

static dbw_status add_bound(dbw__request *request, unsigned what, int64_t number, dbw_error *error)
{
	dbw_value *value;

	if (number == 0)
		return DBW_OK;
	if (number < 0)
		return dbw__fail(error, DBW_MISUSE, "%s: the %s is negative", request->model->name,
			what == DBW__ITEM_LIMIT ? "limit" : "offset");
	value = dbw__request_values(request, 1);
	if (value == NULL)
		return dbw__request_is_short(error);
	value->column = NULL;
	value->kind = DBW_KIND_INT64;
	value->size = 0;
	value->as.integer = number;
	return dbw__request_item(request, what, 0, 0, error);
}

static int64_t bound_at(const char *query, uint32_t offset)
{
	const void *member = query + offset;
	const int64_t *bound = member;

	return *bound;
}

static dbw_status add_limit(dbw__request *request, const char *query, dbw_error *error)
{
	const int64_t limit = query == NULL ? 0 : bound_at(query, request->model->query.limit);

	if (kind_of(request) == DBW__REQUEST_FIND_ONE && limit >= 0)
		return dbw__request_item(request, DBW__ITEM_ONE, 0, 0, error);
	return add_bound(request, DBW__ITEM_LIMIT, limit, error);
}

static unsigned lock_of(const dbw_model *model, const char *query)
{
	const void *member;
	const dbw_lock *lock;

	if (query == NULL || model->query.lock == DBW_NO_MEMBER)
		return DBW_NOT_LOCKED;
	member = query + model->query.lock;
	lock = member;
	return (unsigned)*lock;
}

static dbw_status check_lock(dbw__request *request, unsigned lock, dbw_error *error)
{
	const char kind = kind_of(request);

	if (lock > DBW_FOR_UPDATE_NO_WAIT)
		return dbw__fail(error, DBW_MISUSE, "%s: .lock_ is none of the numbers of dbw_lock",
			request->model->name);
	if (kind != DBW__REQUEST_FIND && kind != DBW__REQUEST_FIND_ONE)
		return dbw__fail(error, DBW_MISUSE, "%s: .lock_ is for find, find_one and cursors",
			request->model->name);
	request->locks = true;
	return DBW_OK;
}

dbw_status dbw__request_query(dbw__request *request, const void *query, dbw_error *error)
{
	const dbw_model *model = request->model;
	const char *members = query;
	const unsigned lock = lock_of(model, members);
	unsigned deleted = DBW_WITHOUT_DELETED;
	dbw_status status = lock == DBW_NOT_LOCKED ? DBW_OK : check_lock(request, lock, error);

	if (status == DBW_OK && members != NULL)
		status = dbw__request_conditions(request, members + model->query.where, 0, error);
	/* An item has four bytes, and none adds more than four to the height. */
	if (status == DBW_OK && request->engine == DBW_SQLITE && request->key.length > DBW__HEIGHT_LIMIT &&
		dbw__group_height(request->key.data + DBW__KEY_HEADER_SIZE,
			request->key.length - DBW__KEY_HEADER_SIZE) > DBW__HEIGHT_LIMIT)
		status = dbw__fail(error, DBW_UNSUPPORTED,
			"%s: the groups have more members than SQLite takes in one query, about %d; split it",
			model->name, (int)DBW__HEIGHT_LIMIT);
	if (status == DBW_OK && model->deleted_at >= 0) {
		if (members != NULL && model->query.deleted != DBW_NO_MEMBER) {
			const void *member = members + model->query.deleted;
			const dbw_deleted *choice = member;

			deleted = (unsigned)*choice;
		}
		status = add_deleted(request, deleted, error);
	}
	if (status != DBW_OK || !dbw__request_gives_rows(request))
		return status;
	if (members != NULL)
		status = add_order(request, members, error);
	/* Where a page begins and how many rows it has comes later, see statement/page.h. */
	if (kind_of(request) == DBW__REQUEST_PAGE)
		return status;
	if (status == DBW_OK)
		status = add_limit(request, members, error);
	if (status == DBW_OK && members != NULL)
		status = add_bound(request, DBW__ITEM_OFFSET, bound_at(members, model->query.offset), error);
	/* A writer on SQLite has the whole database: there is nothing to say. */
	if (status == DBW_OK && request->locks && request->engine == DBW_POSTGRESQL)
		status = dbw__request_item(request, DBW__ITEM_LOCK + lock, 0, 0, error);
	return status;
}

dbw_status dbw__request_equal(
	dbw__request *request, uint16_t column, const dbw_value *value, dbw_error *error)
{
	dbw_value *own = dbw__request_values(request, 1);

	if (own == NULL)
		return dbw__request_is_short(error);
	*own = *value;
	return dbw__request_item(request, DBW_OPERATOR_EQ, 0, column, error);
}

dbw_status dbw__request_select(
	dbw__request *request, const uint16_t *columns, uint16_t count, dbw_error *error)
{
	const dbw_model *model = request->model;
	dbw_status status = DBW_OK;

	/* The same as without a choice: then it is the same shape, too. */
	if (model->read == NULL ? count == model->column_count
				: count == model->read_count &&
					  memcmp(columns, model->read, count * sizeof *columns) == 0)
		return DBW_OK;
	for (uint16_t i = 0; status == DBW_OK && i < count; i++)
		status = dbw__request_column(request, columns[i], error);
	request->result.columns = columns;
	request->result.count = count;
	return status;
}

dbw_status dbw__request_return(
	dbw__request *request, const uint16_t *columns, uint16_t count, dbw_error *error)
{
	dbw_status status = DBW_OK;

	for (uint16_t i = 0; status == DBW_OK && i < count; i++)
		status = dbw__request_item(request, DBW__ITEM_RETURN, 0, columns[i], error);
	request->result.columns = columns;
	request->result.count = count;
	request->returns = true;
	return status;
}

dbw_status dbw__request_again(dbw__request *request, dbw_error *error)
{
	return dbw__request_item(request, DBW__ITEM_AGAIN, 0, 0, error);
}

dbw_status dbw__request_where(dbw__request *request, const void *where, dbw_deleted deleted, dbw_error *error)
{
	dbw_status status = where == NULL ? DBW_OK : dbw__request_conditions(request, where, 0, error);

	if (status == DBW_OK && request->model->deleted_at >= 0)
		status = add_deleted(request, (unsigned)deleted, error);
	return status;
}

dbw_status dbw__request_rows(dbw__request *request, uint16_t rows, dbw_error *error)
{
	return dbw__request_item(request, DBW__ITEM_ROWS, 0, rows, error);
}

dbw_status dbw__request_conflict(dbw__request *request, uint16_t column, dbw_error *error)
{
	return dbw__request_item(request, DBW__ITEM_CONFLICT, 0, column, error);
}

dbw_status dbw__request_living(dbw__request *request, dbw_error *error)
{
	return dbw__request_item(request, DBW__ITEM_LIVING, 0, 0, error);
}

dbw_status dbw__request_excluded(dbw__request *request, uint16_t column, dbw_error *error)
{
	return dbw__request_item(request, DBW__ITEM_EXCLUDED, 0, column, error);
}

dbw_status dbw__request_set(dbw__request *request, uint16_t column, dbw_error *error)
{
	return dbw__request_item(request, DBW__ITEM_SET, 0, column, error);
}

dbw_status dbw__request_add(dbw__request *request, uint16_t column, dbw_error *error)
{
	if (dbw__lacks_order(request, &request->model->columns[column]))
		return dbw__fail(error, DBW_UNSUPPORTED,
			"%s.%s: SQLite stores this decimal as text, which cannot be added to",
			request->model->name, request->model->columns[column].field);
	return dbw__request_item(request, DBW__ITEM_ADD, 0, column, error);
}

dbw_status dbw__request_null(dbw__request *request, uint16_t column, dbw_error *error)
{
	return dbw__request_item(request, DBW__ITEM_SET_NULL, 0, column, error);
}

dbw_status dbw__request_count_up(dbw__request *request, uint16_t column, dbw_error *error)
{
	return dbw__request_item(request, DBW__ITEM_COUNT_UP, 0, column, error);
}

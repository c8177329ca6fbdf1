#include "render_group.h"
#include "render_key.h"
#include "render_pattern.h"

#include <statement/encode.h>
#include <statement/render.h>

#include <string.h>

_Static_assert(sizeof(dbw__key_item) == 4, "key items have no gaps");
_Static_assert((int)DBW_OPERATOR_IENDS_WITH < (int)DBW__ITEM_NULL, "operators fit an item");
_Static_assert(offsetof(dbw_i64_filter, predicate_) == 0 && offsetof(dbw_bool_filter, predicate_) == 0,
	"filters begin alike");

static const char *const constructor_names[] = {
	[DBW_OPERATOR_EQ] = "dbw_eq",
	[DBW_OPERATOR_NE] = "dbw_ne",
	[DBW_OPERATOR_LT] = "dbw_lt",
	[DBW_OPERATOR_LE] = "dbw_le",
	[DBW_OPERATOR_GT] = "dbw_gt",
	[DBW_OPERATOR_GE] = "dbw_ge",
	[DBW_OPERATOR_BETWEEN] = "dbw_between",
	[DBW_OPERATOR_FROM_UNTIL] = "dbw_from_until",
	[DBW_OPERATOR_IN] = "dbw_in",
	[DBW_OPERATOR_LIKE] = "dbw_like",
	[DBW_OPERATOR_ILIKE] = "dbw_ilike",
	[DBW_OPERATOR_NOT_IN] = "dbw_not_in",
	[DBW_OPERATOR_CONTAINS] = "dbw_contains",
	[DBW_OPERATOR_STARTS_WITH] = "dbw_starts_with",
	[DBW_OPERATOR_ENDS_WITH] = "dbw_ends_with",
	[DBW_OPERATOR_ICONTAINS] = "dbw_icontains",
	[DBW_OPERATOR_ISTARTS_WITH] = "dbw_istarts_with",
	[DBW_OPERATOR_IENDS_WITH] = "dbw_iends_with",
};

/* The filter struct of each kind: where its values are, and how far apart. */
static const struct {
	uint8_t values, size;
} filter_layout[] = {
	[DBW_KIND_BOOL] = { offsetof(dbw_bool_filter, as_), sizeof(bool) },
	[DBW_KIND_INT16] = { offsetof(dbw_i64_filter, as_), sizeof(int64_t) },
	[DBW_KIND_INT32] = { offsetof(dbw_i64_filter, as_), sizeof(int64_t) },
	[DBW_KIND_INT64] = { offsetof(dbw_i64_filter, as_), sizeof(int64_t) },
	[DBW_KIND_FLOAT32] = { offsetof(dbw_f64_filter, as_), sizeof(double) },
	[DBW_KIND_FLOAT64] = { offsetof(dbw_f64_filter, as_), sizeof(double) },
	[DBW_KIND_DECIMAL] = { offsetof(dbw_decimal_filter, as_), sizeof(dbw_decimal) },
	[DBW_KIND_TEXT] = { offsetof(dbw_text_filter, as_), sizeof(const char *) },
	[DBW_KIND_BYTES] = { offsetof(dbw_bytes_filter, as_), sizeof(dbw_bytes) },
	[DBW_KIND_TIMESTAMP] = { offsetof(dbw_timestamp_filter, as_), sizeof(dbw_timestamp) },
	[DBW_KIND_DATE] = { offsetof(dbw_date_filter, as_), sizeof(dbw_date) },
	[DBW_KIND_TIME] = { offsetof(dbw_time_filter, as_), sizeof(dbw_time) },
	[DBW_KIND_UUID] = { offsetof(dbw_uuid_filter, as_), sizeof(dbw_uuid) },
	[DBW_KIND_JSON] = { offsetof(dbw_text_filter, as_), sizeof(const char *) },
	[DBW_KIND_ENUM] = { offsetof(dbw_enum_filter, as_), sizeof(int) },
};

static dbw_status out_of_memory(dbw_error *error)
{
	return dbw__fail(error, DBW_OUT_OF_MEMORY, "out of memory");
}

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

static dbw_status add_item(
	dbw__request *request, unsigned what, unsigned list, uint16_t column, dbw_error *error)
{
	dbw__key_item item = { (uint8_t)what, (uint8_t)list, column };

	if (!dbw_text_append(&request->key, (const char *)&item, sizeof item))
		return out_of_memory(error);
	return DBW_OK;
}

dbw_status dbw__request_column(dbw__request *request, uint16_t column, dbw_error *error)
{
	return add_item(request, DBW__ITEM_COLUMN, 0, column, error);
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

static bool is_null_operand(const dbw_column *column, const void *operand)
{
	if (column->kind == DBW_KIND_TEXT)
		return *(const char *const *)operand == NULL;
	if (column->kind == DBW_KIND_BYTES) {
		const dbw_bytes *bytes = (const dbw_bytes *)operand;

		return bytes->data == NULL && bytes->size == 0;
	}
	return false;
}

static dbw_status encode_operand(dbw__request *request, const dbw_column *column, unsigned operation,
	const void *operand, dbw_value *out, dbw_error *error)
{
	if (is_null_operand(column, operand)) {
		if ((column->flags & DBW_COLUMN_NULLABLE) != 0)
			return dbw__fail(error, DBW_MISUSE,
				"%s.%s: %s(NULL) matches nothing; use .null_ = { .%s = DBW_IS_NULL }",
				request->model->name, column->field, constructor_names[operation],
				column->field);
		return dbw__fail(error, DBW_MISUSE,
			"%s.%s: %s(NULL) matches nothing, and the field is never NULL", request->model->name,
			column->field, constructor_names[operation]);
	}
	return dbw__encode_operand(request->model, column, operand, out, error);
}

static dbw_status add_operand(dbw__request *request, const dbw_column *column, unsigned operation,
	const void *operand, dbw_error *error)
{
	dbw_value *value = dbw__request_values(request, 1);
	dbw_status status;

	if (value == NULL)
		return out_of_memory(error);
	status = encode_operand(request, column, operation, operand, value, error);
	if (status != DBW_OK)
		return status;
	if (operation == DBW_OPERATOR_LIKE || operation == DBW_OPERATOR_ILIKE)
		return dbw__pattern_translate(request->model, request->engine,
			operation == DBW_OPERATOR_ILIKE, request->scratch, value, error);
	if (operation >= DBW_OPERATOR_CONTAINS)
		return dbw__pattern_find(
			request->model, request->engine, operation, request->scratch, value, error);
	return DBW_OK;
}

static dbw_status encode_list_item(dbw__request *request, const dbw_column *column, const char *list,
	uint32_t place, dbw_value *out, dbw_error *error)
{
	const char *operand = list + place * (size_t)filter_layout[column->kind].size;

	if (is_null_operand(column, operand))
		return dbw__fail(error, DBW_MISUSE, "%s.%s: item %lu of the list in the filter is NULL",
			request->model->name, column->field, (unsigned long)place);
	return dbw__encode_operand(request->model, column, operand, out, error);
}

/* One parameter that holds the list. */
static dbw_status add_array(
	dbw__request *request, const dbw_column *column, const char *list, uint32_t count, dbw_error *error)
{
	dbw_value *value = dbw__request_values(request, 1);
	dbw_value *items = NULL;
	const size_t length = count;
	dbw_status status = DBW_OK;

	if (length <= SIZE_MAX / sizeof *items)
		items = dbw_arena_alloc(request->scratch, length * sizeof *items);
	if (value == NULL || items == NULL)
		return out_of_memory(error);
	for (uint32_t i = 0; status == DBW_OK && i < count; i++)
		status = encode_list_item(request, column, list, i, &items[i], error);
	value->column = column;
	value->kind = DBW_VALUE_LIST;
	value->size = count;
	value->as.items = items;
	return status;
}

/*
 * One parameter per value, in a number that is a power of two, so that lists of all lengths need no more than 15
 * shapes. The last value is repeated to fill them up: equal to it twice is equal to it once.
 */
static dbw_status add_parameters(dbw__request *request, const dbw_column *column, const char *list,
	uint32_t count, unsigned power, dbw_error *error)
{
	const size_t padded = (size_t)1 << power;

	if (!reserve_values(request, padded))
		return out_of_memory(error);
	for (uint32_t i = 0; i < count; i++) {
		dbw_status status =
			encode_list_item(request, column, list, i, &request->values[request->count], error);

		if (status != DBW_OK)
			return status;
		request->count++;
	}
	for (size_t i = count; i < padded; i++) {
		request->values[request->count] = request->values[request->count - 1];
		request->count++;
	}
	return DBW_OK;
}

/* Whether SQLite gets a long list as one value: where that value holds every item exactly. */
static bool takes_whole_list(const dbw_column *column)
{
	switch (column->kind) {
	case DBW_KIND_FLOAT32:
	case DBW_KIND_FLOAT64:
	case DBW_KIND_BYTES: return false;
	default: return true;
	}
}

static dbw_status add_list(
	dbw__request *request, uint16_t number, const dbw_predicate *predicate, dbw_error *error)
{
	const dbw_column *column = &request->model->columns[number];
	const unsigned operation = predicate->operator_;
	const uint32_t count = predicate->count;
	const char *list;
	unsigned power = 0;
	dbw_status status;

	/* The list's address is the first thing behind the predicate in every filter; see filter_layout. */
	memcpy(&list, (const char *)predicate + filter_layout[column->kind].values, sizeof list);
	if (count == 0)
		return add_item(request, operation, DBW__LIST_EMPTY, number, error);
	if (list == NULL)
		return dbw__fail(error, DBW_MISUSE, "%s.%s: %s(NULL, %lu) has no list", request->model->name,
			column->field, constructor_names[operation], (unsigned long)count);
	if (request->engine == DBW_POSTGRESQL || (count > DBW__LIST_LIMIT && takes_whole_list(column))) {
		status = add_item(request, operation, DBW__LIST_WHOLE, number, error);
		return status != DBW_OK ? status : add_array(request, column, list, count, error);
	}
	if (count > DBW__LIST_LIMIT)
		return dbw__fail(error, DBW_UNSUPPORTED,
			"%s.%s: SQLite takes lists of up to %d such values, this one has %lu; split it",
			request->model->name, column->field, (int)DBW__LIST_LIMIT, (unsigned long)count);
	while ((uint32_t)1 << power < count)
		power++;
	status = add_item(request, operation, power, number, error);
	return status != DBW_OK ? status : add_parameters(request, column, list, count, power, error);
}

/* Whether the engine stores the column in a form that has equality but no order. */
static bool lacks_order(const dbw__request *request, const dbw_column *column)
{
	return request->engine == DBW_SQLITE && column->kind == DBW_KIND_DECIMAL &&
	       (column->flags & DBW_COLUMN_TEXT_STORAGE) != 0;
}

/* The operator that is in the text: what looks for a text is like or ilike with another pattern. */
static unsigned item_of(unsigned operation)
{
	if (operation >= DBW_OPERATOR_ICONTAINS)
		return DBW_OPERATOR_ILIKE;
	return operation >= DBW_OPERATOR_CONTAINS ? DBW_OPERATOR_LIKE : operation;
}

static dbw_status add_comparison(
	dbw__request *request, uint16_t number, const dbw_predicate *predicate, dbw_error *error)
{
	const dbw_column *column = &request->model->columns[number];
	const unsigned operation = predicate->operator_;
	const char *operand = (const char *)predicate + filter_layout[column->kind].values;
	dbw_status status;

	if (!dbw__predicate_is_made(predicate))
		goto unknown;
	switch (operation) {
	case DBW_OPERATOR_IN:
	case DBW_OPERATOR_NOT_IN: return add_list(request, number, predicate, error);
	case DBW_OPERATOR_EQ:
	case DBW_OPERATOR_NE: break;
	case DBW_OPERATOR_LIKE:
	case DBW_OPERATOR_ILIKE:
	case DBW_OPERATOR_CONTAINS:
	case DBW_OPERATOR_STARTS_WITH:
	case DBW_OPERATOR_ENDS_WITH:
	case DBW_OPERATOR_ICONTAINS:
	case DBW_OPERATOR_ISTARTS_WITH:
	case DBW_OPERATOR_IENDS_WITH:
		if (column->kind != DBW_KIND_TEXT)
			goto unknown;
		break;
	case DBW_OPERATOR_LT:
	case DBW_OPERATOR_LE:
	case DBW_OPERATOR_GT:
	case DBW_OPERATOR_GE:
	case DBW_OPERATOR_BETWEEN:
	case DBW_OPERATOR_FROM_UNTIL:
		/* No constructor makes these; what an engine would compare is not what the C type says. */
		if (column->kind == DBW_KIND_BOOL || column->kind == DBW_KIND_ENUM)
			goto unknown;
		if (lacks_order(request, column))
			return dbw__fail(error, DBW_UNSUPPORTED,
				"%s.%s: %s needs an order, and SQLite stores this decimal as text without one",
				request->model->name, column->field, constructor_names[operation]);
		break;
	default: goto unknown;
	}
	status = add_item(request, item_of(operation), 0, number, error);
	if (status == DBW_OK)
		status = add_operand(request, column, operation, operand, error);
	if (status == DBW_OK && (operation == DBW_OPERATOR_BETWEEN || operation == DBW_OPERATOR_FROM_UNTIL))
		status = add_operand(
			request, column, operation, operand + filter_layout[column->kind].size, error);
	return status;
unknown:
	return dbw__fail(error, DBW_MISUSE, "%s.%s: the filter was not made by dbw_eq() or one of its kind",
		request->model->name, column->field);
}

static dbw_status add_nullness(dbw__request *request, uint16_t number, unsigned nullness, dbw_error *error)
{
	if (nullness != DBW_IS_NULL && nullness != DBW_IS_NOT_NULL)
		return dbw__fail(error, DBW_MISUSE, "%s.null_.%s is neither DBW_IS_NULL nor DBW_IS_NOT_NULL",
			request->model->name, request->model->columns[number].field);
	return add_item(request, DBW__ITEM_NULL + nullness, 0, number, error);
}

static dbw_status add_conditions(dbw__request *request, const char *where, unsigned depth, dbw_error *error);

static dbw_status add_part(dbw__request *request, unsigned part, dbw_error *error)
{
	return add_item(request, part, 0, 0, error);
}

/* The members of a group: one after the other for all_of_, else with OR between BEGIN and END. */
static dbw_status add_members(
	dbw__request *request, unsigned group, const dbw__filters *filters, unsigned depth, dbw_error *error)
{
	const bool joined = group != DBW__GROUP_ALL_OF;
	const char *items = filters->items;
	dbw_status status = joined ? add_part(request, DBW__GROUP_BEGIN, error) : DBW_OK;

	for (size_t i = 0; status == DBW_OK && i < filters->count; i++) {
		if (joined && i != 0)
			status = add_part(request, DBW__GROUP_OR, error);
		if (status == DBW_OK)
			status = add_conditions(
				request, items + i * request->model->filter_size, depth + 1, error);
	}
	if (status == DBW_OK && joined)
		status = add_part(request,
			group == DBW__GROUP_ANY_OF ? DBW__GROUP_END_ANY : DBW__GROUP_END_NONE, error);
	return status;
}

static dbw_status add_groups(dbw__request *request, const char *where, unsigned depth, dbw_error *error)
{
	static const char *const names[] = { "all_of_", "any_of_", "none_of_" };
	const dbw_model *model = request->model;

	for (unsigned group = 0; model->filter_size != 0 && group < DBW__GROUP_KINDS; group++) {
		const dbw__filters filters = dbw__group_at(model, where, group);
		dbw_status status = DBW_OK;

		if (filters.items == NULL && filters.count != 0)
			return dbw__fail(error, DBW_MISUSE, "%s.%s: items is NULL, and count is not 0",
				model->name, names[group]);
		if (filters.items == NULL)
			continue;
		if (depth == DBW_GROUP_DEPTH)
			return dbw__fail(error, DBW_MISUSE, "%s.%s: groups stand more than %d deep in groups",
				model->name, names[group], (int)DBW_GROUP_DEPTH);
		if (filters.count != 0)
			status = add_members(request, group, &filters, depth, error);
		else if (group == DBW__GROUP_ANY_OF)
			status = add_part(request, DBW__GROUP_NEVER, error);
		if (status != DBW_OK)
			return status;
	}
	return DBW_OK;
}

/* What a filter says; `depth` is how many groups it stands in. */
static dbw_status add_conditions(dbw__request *request, const char *where, unsigned depth, dbw_error *error)
{
	const dbw_column *const columns = request->model->columns;
	const dbw_column *const end = columns + request->model->column_count;
	dbw_status status;

	/* By address: most columns of most queries are looked at here and passed over. */
	for (const dbw_column *column = columns; column != end; column++) {
		if (column->filter_offset != DBW_NO_MEMBER) {
			const void *filter = where + column->filter_offset;
			const dbw_predicate *predicate = filter;

			if (predicate->operator_ != DBW_OPERATOR_NONE || !dbw__predicate_is_made(predicate)) {
				status = add_comparison(
					request, (uint16_t)(column - columns), predicate, error);
				if (status != DBW_OK)
					return status;
			}
		}
		if (column->null_offset != DBW_NO_MEMBER) {
			const void *member = where + column->null_offset;
			const dbw_nullness *nullness = member;

			if (*nullness != DBW_NULL_OR_NOT) {
				status = add_nullness(
					request, (uint16_t)(column - columns), (unsigned)*nullness, error);
				if (status != DBW_OK)
					return status;
			}
		}
	}
	return add_groups(request, where, depth, error);
}

static dbw_status add_deleted(dbw__request *request, unsigned deleted, dbw_error *error)
{
	const uint16_t column = (uint16_t)request->model->deleted_at;

	switch (deleted) {
	case DBW_WITHOUT_DELETED: return add_item(request, DBW__ITEM_NULL + DBW_IS_NULL, 0, column, error);
	case DBW_ONLY_DELETED: return add_item(request, DBW__ITEM_NULL + DBW_IS_NOT_NULL, 0, column, error);
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
		if (lacks_order(request, column))
			return dbw__fail(error, DBW_UNSUPPORTED,
				"%s.%s: SQLite stores this decimal as text, which has no order", model->name,
				column->field);
		status = add_item(
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
		return out_of_memory(error);
	value->column = NULL;
	value->kind = DBW_KIND_INT64;
	value->size = 0;
	value->as.integer = number;
	return add_item(request, what, 0, 0, error);
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
		return add_item(request, DBW__ITEM_ONE, 0, 0, error);
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
		status = add_conditions(request, members + model->query.where, 0, error);
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
		status = add_item(request, DBW__ITEM_LOCK + lock, 0, 0, error);
	return status;
}

dbw_status dbw__request_equal(
	dbw__request *request, uint16_t column, const dbw_value *value, dbw_error *error)
{
	dbw_value *own = dbw__request_values(request, 1);

	if (own == NULL)
		return out_of_memory(error);
	*own = *value;
	return add_item(request, DBW_OPERATOR_EQ, 0, column, error);
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
		status = add_item(request, DBW__ITEM_RETURN, 0, columns[i], error);
	request->result.columns = columns;
	request->result.count = count;
	request->returns = true;
	return status;
}

dbw_status dbw__request_again(dbw__request *request, dbw_error *error)
{
	return add_item(request, DBW__ITEM_AGAIN, 0, 0, error);
}

dbw_status dbw__request_where(dbw__request *request, const void *where, dbw_deleted deleted, dbw_error *error)
{
	dbw_status status = where == NULL ? DBW_OK : add_conditions(request, where, 0, error);

	if (status == DBW_OK && request->model->deleted_at >= 0)
		status = add_deleted(request, (unsigned)deleted, error);
	return status;
}

dbw_status dbw__request_rows(dbw__request *request, uint16_t rows, dbw_error *error)
{
	return add_item(request, DBW__ITEM_ROWS, 0, rows, error);
}

dbw_status dbw__request_conflict(dbw__request *request, uint16_t column, dbw_error *error)
{
	return add_item(request, DBW__ITEM_CONFLICT, 0, column, error);
}

dbw_status dbw__request_living(dbw__request *request, dbw_error *error)
{
	return add_item(request, DBW__ITEM_LIVING, 0, 0, error);
}

dbw_status dbw__request_excluded(dbw__request *request, uint16_t column, dbw_error *error)
{
	return add_item(request, DBW__ITEM_EXCLUDED, 0, column, error);
}

dbw_status dbw__request_set(dbw__request *request, uint16_t column, dbw_error *error)
{
	return add_item(request, DBW__ITEM_SET, 0, column, error);
}

dbw_status dbw__request_add(dbw__request *request, uint16_t column, dbw_error *error)
{
	if (lacks_order(request, &request->model->columns[column]))
		return dbw__fail(error, DBW_UNSUPPORTED,
			"%s.%s: SQLite stores this decimal as text, which cannot be added to",
			request->model->name, request->model->columns[column].field);
	return add_item(request, DBW__ITEM_ADD, 0, column, error);
}

dbw_status dbw__request_null(dbw__request *request, uint16_t column, dbw_error *error)
{
	return add_item(request, DBW__ITEM_SET_NULL, 0, column, error);
}

dbw_status dbw__request_count_up(dbw__request *request, uint16_t column, dbw_error *error)
{
	return add_item(request, DBW__ITEM_COUNT_UP, 0, column, error);
}

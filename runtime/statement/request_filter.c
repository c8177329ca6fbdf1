#include "render_group.h"
#include "render_pattern.h"
#include "request.h"

#include <statement/encode.h>

#include <string.h>

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
		return dbw__request_is_short(error);
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
		return dbw__request_is_short(error);
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
	dbw_value *values = dbw__request_values(request, padded);

	if (values == NULL)
		return dbw__request_is_short(error);
	for (uint32_t i = 0; i < count; i++) {
		dbw_status status = encode_list_item(request, column, list, i, &values[i], error);

		if (status != DBW_OK)
			return status;
	}
	for (size_t i = count; i < padded; i++)
		values[i] = values[i - 1];
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
		return dbw__request_item(request, operation, DBW__LIST_EMPTY, number, error);
	if (list == NULL)
		return dbw__fail(error, DBW_MISUSE, "%s.%s: %s(NULL, %lu) has no list", request->model->name,
			column->field, constructor_names[operation], (unsigned long)count);
	if (count == UINT32_MAX)
		return dbw__fail(error, DBW_MISUSE, "%s.%s: the list of %s is too long", request->model->name,
			column->field, constructor_names[operation]);
	if (request->engine == DBW_POSTGRESQL || (count > DBW__LIST_LIMIT && takes_whole_list(column))) {
		status = dbw__request_item(request, operation, DBW__LIST_WHOLE, number, error);
		return status != DBW_OK ? status : add_array(request, column, list, count, error);
	}
	if (count > DBW__LIST_LIMIT)
		return dbw__fail(error, DBW_UNSUPPORTED,
			"%s.%s: SQLite takes lists of up to %d such values, this one has %lu; split it",
			request->model->name, column->field, (int)DBW__LIST_LIMIT, (unsigned long)count);
	while ((uint32_t)1 << power < count)
		power++;
	status = dbw__request_item(request, operation, power, number, error);
	return status != DBW_OK ? status : add_parameters(request, column, list, count, power, error);
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
		if (dbw__lacks_order(request, column))
			return dbw__fail(error, DBW_UNSUPPORTED,
				"%s.%s: %s needs an order, and SQLite stores this decimal as text without one",
				request->model->name, column->field, constructor_names[operation]);
		break;
	default: goto unknown;
	}
	status = dbw__request_item(request, item_of(operation), 0, number, error);
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
	return dbw__request_item(request, DBW__ITEM_NULL + nullness, 0, number, error);
}

static dbw_status add_part(dbw__request *request, unsigned part, dbw_error *error)
{
	return dbw__request_item(request, part, 0, 0, error);
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
			status = dbw__request_conditions(
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

dbw_status dbw__request_conditions(dbw__request *request, const char *where, unsigned depth, dbw_error *error)
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
		if ((column->flags & DBW_COLUMN_NULLABLE) != 0) {
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

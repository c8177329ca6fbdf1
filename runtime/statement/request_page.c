#include "render_writer.h"
#include "request.h"

#include <statement/page.h>

static const char *items_of(const dbw__request *request)
{
	return request->key.data + DBW__KEY_HEADER_SIZE;
}

static size_t count_items(const dbw__request *request)
{
	return (request->key.length - DBW__KEY_HEADER_SIZE) / sizeof(dbw__key_item);
}

static dbw__key_item order_at(const dbw__request *request, const dbw__page_order *order, size_t place)
{
	return item_at(items_of(request), order->first + place);
}

/* How many columns of the order there are up to this one; 0 where it is not among them. */
static size_t place_of(const dbw__request *request, const dbw__page_order *order, uint16_t column)
{
	for (size_t i = 0; i < order->count; i++)
		if (dbw__page_column(request, order, i) == column)
			return i + 1;
	return 0;
}

static dbw_status end_by_key(dbw__request *request, dbw__page_order *order, dbw_error *error)
{
	const dbw_model *model = request->model;
	const size_t given = order->count;
	const unsigned what =
		given == 0 ? DBW__ITEM_ORDER + DBW_ASC : order_at(request, order, given - 1).what;
	size_t needed = 0;
	dbw_status status = DBW_OK;

	for (uint16_t i = 0; status == DBW_OK && i < model->key_count; i++) {
		const size_t place = place_of(request, order, model->key[i]);

		needed = place > needed ? place : needed;
		if (place == 0) {
			status = dbw__request_item(request, what, 0, model->key[i], error);
			needed = ++order->count;
		}
	}
	if (status != DBW_OK)
		return status;
	order->count = needed;
	dbw_text_truncate(
		&request->key, DBW__KEY_HEADER_SIZE + (order->first + needed) * sizeof(dbw__key_item));
	return DBW_OK;
}

dbw_status dbw__request_page(
	dbw__request *request, const void *query, dbw__page_order *order, dbw_error *error)
{
	const dbw_model *model = request->model;
	dbw_status status = dbw__request_query(request, query, error);
	size_t count;

	if (status != DBW_OK)
		return status;
	count = count_items(request);
	order->first = 0;
	while (order->first < count &&
		(item_at(items_of(request), order->first).what & DBW__ITEM_CLASS) != DBW__ITEM_ORDER)
		order->first++;
	order->count = count - order->first;
	status = end_by_key(request, order, error);
	for (size_t i = 0; status == DBW_OK && i < order->count; i++) {
		const dbw_column *column = &model->columns[dbw__page_column(request, order, i)];

		if ((column->flags & DBW_COLUMN_SENSITIVE) != 0)
			status = dbw__fail(error, DBW_MISUSE,
				"%s.%s is sensitive, and the text of a page shows the values of its order",
				model->name, column->field);
	}
	return status;
}

uint16_t dbw__page_column(const dbw__request *request, const dbw__page_order *order, size_t place)
{
	return order_at(request, order, place).column;
}

uint64_t dbw__page_hash(uint64_t hash, const void *bytes, size_t size)
{
	const unsigned char *at = bytes;

	for (size_t i = 0; i < size; i++)
		hash = (hash ^ at[i]) * UINT64_C(1099511628211);
	return hash;
}

/* The end mark keeps texts in a row apart. */
static uint64_t hash_text(uint64_t hash, const char *text)
{
	return dbw__page_hash(hash, text, strlen(text) + 1);
}

/* The same bytes on every machine. */
static uint64_t hash_number(uint64_t hash, uint64_t number)
{
	for (int shift = 56; shift >= 0; shift -= 8) {
		const unsigned char byte = (unsigned char)(number >> shift);

		hash = dbw__page_hash(hash, &byte, 1);
	}
	return hash;
}

static uint64_t hash_value(uint64_t hash, const dbw_value *value)
{
	uint64_t bits;

	hash = hash_number(hash, value->kind);
	hash = hash_number(hash, value->size);
	switch (value->kind) {
	case 0: return hash;
	case DBW_VALUE_LIST:
		for (uint32_t i = 0; i < value->size; i++)
			hash = hash_value(hash, &value->as.items[i]);
		return hash;
	case DBW_KIND_TEXT:
	case DBW_KIND_JSON:
	case DBW_KIND_BYTES: return dbw__page_hash(hash, value->as.data, value->size);
	case DBW_KIND_FLOAT32:
	case DBW_KIND_FLOAT64: memcpy(&bits, &value->as.real, sizeof bits); return hash_number(hash, bits);
	case DBW_KIND_DECIMAL:
		hash = hash_number(hash, (uint64_t)value->as.decimal.high);
		hash = hash_number(hash, value->as.decimal.low);
		return hash_number(hash, (uint64_t)value->as.decimal.scale);
	case DBW_KIND_UUID: return dbw__page_hash(hash, &value->as.uuid, sizeof value->as.uuid);
	case DBW_KIND_ENUM:
		/* Its number changes when one is declared before it. */
		return hash_text(hash, value->column->values->values[value->as.integer - 1]);
	default: return hash_number(hash, (uint64_t)value->as.integer);
	}
}

/* How values of the column are coded in a text. */
static uint64_t hash_coding(uint64_t hash, const dbw_column *column)
{
	hash = hash_number(hash, column->kind);
	hash = hash_number(hash, (column->flags & DBW_COLUMN_NULLABLE) != 0);
	hash = hash_number(hash, column->scale);
	for (uint16_t i = 0; column->kind == DBW_KIND_ENUM && i < column->values->count; i++)
		hash = hash_text(hash, column->values->values[i]);
	return hash;
}

uint64_t dbw__page_identity(const dbw__request *request, const dbw__page_order *order)
{
	const dbw_model *model = request->model;
	uint64_t hash = DBW__PAGE_HASH;

	hash = hash_text(hash, model->schema->name);
	hash = hash_text(hash, model->name);
	for (size_t i = 0; i < order->first + order->count; i++) {
		const dbw__key_item item = item_at(items_of(request), i);

		hash = hash_number(hash, item.what);
		hash = hash_number(hash, item.list);
		if ((item.what & DBW__ITEM_CLASS) != DBW__ITEM_GROUP)
			hash = hash_text(hash, model->columns[item.column].name);
		if (i >= order->first)
			hash = hash_coding(hash, &model->columns[item.column]);
	}
	for (size_t i = 0; i < request->count; i++) {
		const dbw_value *value = &request->values[i];

		if ((value->column->flags & DBW_COLUMN_SENSITIVE) == 0)
			hash = hash_value(hash, value);
	}
	return hash;
}

dbw_status dbw__request_behind(
	dbw__request *request, const dbw__page_order *order, const dbw__page_place *place, dbw_error *error)
{
	dbw_value *values = dbw__request_values(request, order->count);
	size_t count = 0;

	if (values == NULL)
		return dbw__request_is_short(error);
	for (size_t i = 0; i < order->count; i++) {
		const bool is_null = place->values[i].kind == 0;
		dbw__key_item item = order_at(request, order, i);

		item.list = is_null ? DBW__PLACE_NULL : DBW__PLACE_VALUE;
		if (place->included && i + 1 == order->count)
			item.list |= DBW__PLACE_INCLUDED;
		if (place->backward)
			item.what =
				(uint8_t)(item.what == DBW__ITEM_ORDER + DBW_ASC ? DBW__ITEM_ORDER + DBW_DESC
										 : DBW__ITEM_ORDER + DBW_ASC);
		memcpy(request->key.data + DBW__KEY_HEADER_SIZE + (order->first + i) * sizeof item, &item,
			sizeof item);
		if (!is_null)
			values[count++] = place->values[i];
	}
	request->count -= order->count - count;
	return DBW_OK;
}

dbw_status dbw__request_page_rows(dbw__request *request, int64_t rows, dbw_error *error)
{
	dbw_value *value = dbw__request_values(request, 1);

	if (value == NULL)
		return dbw__request_is_short(error);
	*value = (dbw_value){ .kind = DBW_KIND_INT64, .as.integer = rows };
	return dbw__request_item(request, DBW__ITEM_LIMIT, 0, 0, error);
}

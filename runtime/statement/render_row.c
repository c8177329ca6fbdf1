#include "render_key.h"

#include <statement/render.h>

#include <string.h>

/* Statements whose parameters are the members of a row, and the key of an update straight from its set of columns. */

static dbw__key_item item_at(const char *items, size_t place)
{
	dbw__key_item item;

	memcpy(&item, items + place * sizeof item, sizeof item);
	return item;
}

/* Whether an update writes nothing but what is in the row, by the key alone. */
static bool is_plain_update(const dbw_model *model)
{
	if (model->version >= 0 || model->reads_back)
		return false;
	for (uint16_t i = 0; i < model->column_count; i++)
		if ((model->columns[i].flags & DBW_COLUMN_NOW_ON_UPDATE) != 0)
			return false;
	return true;
}

uint16_t dbw__request_row_columns(const dbw__request *request, uint16_t *columns, uint16_t room)
{
	const dbw_model *model = request->model;
	const char kind = request->key.data[DBW__KEY_HEADER_SIZE - 1];
	const char *items = request->key.data + DBW__KEY_HEADER_SIZE;
	const size_t item_count = (request->key.length - DBW__KEY_HEADER_SIZE) / sizeof(dbw__key_item);
	uint16_t count = 0;

	if (kind == DBW__REQUEST_UPDATE
			? !is_plain_update(model)
			: kind != DBW__REQUEST_INSERT_MANY && kind != DBW__REQUEST_INSERT_ARRAYS &&
				  kind != DBW__REQUEST_UPSERT)
		return 0;
	for (size_t i = 0; i < item_count; i++) {
		const dbw__key_item item = item_at(items, i);

		if (item.what == DBW__ITEM_SET || count == room)
			return 0;
		if (item.what == DBW__ITEM_COLUMN)
			columns[count++] = item.column;
	}
	if (kind != DBW__REQUEST_UPDATE)
		return count;
	if (room - count < model->key_count)
		return 0;
	memcpy(columns + count, model->key, model->key_count * sizeof *columns);
	return (uint16_t)(count + model->key_count);
}

/* Eight columns of a set, the first in the lowest bit; the compiler's order of bit-fields is in columns.c. */
static unsigned set_byte(const unsigned char *columns, uint16_t place)
{
	unsigned byte = columns[place];
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	unsigned turned = 0;

	for (unsigned i = 0; i < 8; i++)
		turned |= (byte >> i & 1U) << (7U - i);
	byte = turned;
#endif
	return byte;
}

static dbw__shape *find_update(dbw__cache *cache, const dbw_model *model, const void *columns)
{
	char key[DBW__REQUEST_KEY];
	char *end = key;

	memcpy(end, &model, sizeof model);
	end += sizeof model;
	*end++ = (char)DBW__REQUEST_UPDATE;
	for (uint16_t place = 0; place * 8 < model->column_count; place++) {
		unsigned rest = set_byte(columns, place);

		for (; rest != 0; rest &= rest - 1) {
			const uint16_t number = (uint16_t)(place * 8 + __builtin_ctz(rest));
			const dbw__key_item item = { DBW__ITEM_COLUMN, 0, number };

			if (number >= model->column_count)
				break;
			if (end - key > (ptrdiff_t)(sizeof key - sizeof item))
				return NULL;
			memcpy(end, &item, sizeof item);
			end += sizeof item;
		}
	}
	return dbw__shape_lookup(cache, key, (size_t)(end - key));
}

/* How many bytes a set of columns has. */
static inline size_t set_size(const dbw_model *model)
{
	return (model->column_count + 7U) / 8U;
}

/* Bits behind the last column may differ where the sets do not: then it is looked up. */
static inline bool is_same_set(
	const dbw_model *model, const unsigned char *kept, const unsigned char *columns)
{
	for (size_t i = 0; i < set_size(model); i++)
		if (kept[i] != columns[i])
			return false;
	return true;
}

static inline bool was_updated_last(const dbw__cache *cache, const dbw_model *model, const void *columns)
{
	return cache->updated.shape != NULL && cache->updated.model == model &&
	       is_same_set(model, cache->updated.columns, columns);
}

dbw__shape *dbw__update_shape(dbw__cache *cache, const dbw_model *model, const void *columns)
{
	dbw__shape *shape;

	/* Programs update the same columns of one row after the other: no key has to be made for that. */
	if (was_updated_last(cache, model, columns)) {
		dbw__shape_use(cache, cache->updated.shape);
		return cache->updated.shape;
	}
	shape = find_update(cache, model, columns);
	if (shape != NULL && set_size(model) <= sizeof cache->updated.columns) {
		cache->updated.shape = shape;
		cache->updated.model = model;
		memcpy(cache->updated.columns, columns, set_size(model));
	}
	return shape;
}

const dbw__known_upsert *dbw__upsert_again(
	dbw__cache *cache, const dbw_model *model, uint16_t finder, uint16_t insert, const void *columns)
{
	const dbw__known_upsert *upsert = &cache->upserted;

	if (upsert->shape == NULL || upsert->model != model || upsert->finder != finder ||
		upsert->insert != insert || upsert->sets != (columns != NULL) ||
		(columns != NULL && !is_same_set(model, upsert->columns, columns)))
		return NULL;
	if (upsert->back != NULL) {
		if (upsert->back->held != 0)
			return NULL;
		dbw__shape_use(cache, upsert->back);
	}
	dbw__shape_use(cache, upsert->shape);
	return upsert;
}

void dbw__upsert_keep(dbw__cache *cache, const dbw__known_upsert *upsert, const void *columns)
{
	if (set_size(upsert->model) > sizeof upsert->columns)
		return;
	cache->upserted = *upsert;
	cache->upserted.sets = columns != NULL;
	if (columns != NULL)
		memcpy(cache->upserted.columns, columns, set_size(upsert->model));
}

#include <statement/cache.h>

#include <stdlib.h>
#include <string.h>

/* The table has twice as many places as there are shapes, so that a search ends soon. */
enum { TABLE_SIZE = 2 * DBW__SHAPE_LIMIT, NO_SHAPE = UINT16_MAX };

struct dbw__shapes {
	uint16_t count;
	uint16_t newest, oldest;
	uint16_t table[TABLE_SIZE]; /* Open addressing, linear probing: numbers of shapes, or NO_SHAPE. */
	dbw__shape items[DBW__SHAPE_LIMIT];
};

dbw_status dbw__cache_init(
	dbw__cache *cache, const dbw_driver *driver, dbw_connection *connection, uint32_t fixed_count)
{
	memset(cache, 0, sizeof *cache);
	if (fixed_count != 0) {
		cache->fixed = calloc(fixed_count, sizeof *cache->fixed);
		if (cache->fixed == NULL)
			return DBW_OUT_OF_MEMORY;
	}
	cache->fixed_count = fixed_count;
	cache->driver = driver;
	cache->connection = connection;
	return DBW_OK;
}

/* One block holds the text and, after it, the key. */
static void free_shape(dbw__shape *shape)
{
	union {
		const char *constant;
		char *memory;
	} block = { shape->sql };

	free(block.memory);
}

void dbw__cache_abandon(dbw__cache *cache)
{
	if (cache->shapes != NULL) {
		for (uint16_t i = 0; i < cache->shapes->count; i++)
			free_shape(&cache->shapes->items[i]);
		free(cache->shapes);
	}
	for (uint32_t i = 0; i < cache->fixed_count; i++)
		free(cache->fixed[i].text);
	free(cache->fixed);
	memset(cache, 0, sizeof *cache);
}

void dbw__cache_clear(dbw__cache *cache)
{
	for (uint32_t i = 0; i < cache->fixed_count; i++) {
		if (cache->fixed[i].prepared != NULL)
			cache->driver->release(cache->connection, cache->fixed[i].prepared);
	}
	if (cache->shapes != NULL) {
		for (uint16_t i = 0; i < cache->shapes->count; i++)
			cache->driver->release(cache->connection, cache->shapes->items[i].prepared);
	}
	dbw__cache_abandon(cache);
}

static dbw_status check_slot(const dbw__cache *cache, uint32_t slot, dbw_error *error)
{
	if (slot < cache->fixed_count)
		return DBW_OK;
	return dbw__fail(error, DBW_MISUSE, "the statement does not belong to the program that was opened");
}

dbw_status dbw__cache_join(dbw__cache *cache, uint32_t slot, const char *head, const char *tail,
	const char **out, dbw_error *error)
{
	const size_t head_length = strlen(head);
	const size_t tail_size = strlen(tail) + 1;
	dbw_status status = check_slot(cache, slot, error);
	char *text;

	*out = NULL;
	if (status != DBW_OK)
		return status;
	text = cache->fixed[slot].text;
	if (text == NULL) {
		text = malloc(head_length + tail_size);
		if (text == NULL)
			return dbw__fail(error, DBW_OUT_OF_MEMORY, "out of memory");
		memcpy(text, head, head_length);
		memcpy(text + head_length, tail, tail_size);
		cache->fixed[slot].text = text;
	}
	*out = text;
	return DBW_OK;
}

dbw_status dbw__cache_prepare(dbw__cache *cache, uint32_t slot, const char *sql, const dbw_result *result,
	dbw_prepared **out, dbw_error *error)
{
	dbw_status status = check_slot(cache, slot, error);

	*out = NULL;
	if (status != DBW_OK)
		return status;
	status = cache->driver->prepare(cache->connection, sql, result, &cache->fixed[slot].prepared, error);
	if (status == DBW_OK)
		*out = cache->fixed[slot].prepared;
	else
		cache->fixed[slot].prepared = NULL;
	return status;
}

/*
 * 64 bits of every key byte, eight bytes a step: the multiply spreads low bits upwards, the shift brings
 * high bits back down (the finalizer of splitmix64 with its constants).
 */
static uint64_t hash_key(const unsigned char *key, size_t length)
{
	uint64_t hash = UINT64_C(0x9e3779b97f4a7c15) ^ (uint64_t)length;
	uint64_t word;

	for (; length >= sizeof word; length -= sizeof word, key += sizeof word) {
		memcpy(&word, key, sizeof word);
		hash = (hash ^ word) * UINT64_C(0xbf58476d1ce4e5b9);
		hash ^= hash >> 31;
	}
	if (length > 0) {
		word = 0;
		memcpy(&word, key, length);
		hash = (hash ^ word) * UINT64_C(0xbf58476d1ce4e5b9);
		hash ^= hash >> 31;
	}
	hash *= UINT64_C(0x94d049bb133111eb);
	return hash ^ (hash >> 31);
}

/* The place of the key in the table, or the free place where it would go. */
static unsigned place_of(const struct dbw__shapes *shapes, uint64_t hash, const void *key, size_t length)
{
	unsigned place = (unsigned)(hash % TABLE_SIZE);

	while (shapes->table[place] != NO_SHAPE) {
		const dbw__shape *shape = &shapes->items[shapes->table[place]];

		if (shape->hash == hash && shape->key_length == length &&
			memcmp(shape->key, key, length) == 0)
			break;
		place = (place + 1) % TABLE_SIZE;
	}
	return place;
}

/* Empties a place and moves later entries of its run back, so that each is still found from its own place
 * on. */
static void empty_place(struct dbw__shapes *shapes, unsigned place)
{
	unsigned next = place;

	for (;;) {
		unsigned home;

		next = (next + 1) % TABLE_SIZE;
		if (shapes->table[next] == NO_SHAPE)
			break;
		home = (unsigned)(shapes->items[shapes->table[next]].hash % TABLE_SIZE);
		/* It may move if `place` is not before its home on the way round. */
		if ((next - home) % TABLE_SIZE >= (next - place) % TABLE_SIZE) {
			shapes->table[place] = shapes->table[next];
			place = next;
		}
	}
	shapes->table[place] = NO_SHAPE;
}

static void unlink_shape(struct dbw__shapes *shapes, dbw__shape *shape)
{
	if (shape->newer != NO_SHAPE)
		shapes->items[shape->newer].older = shape->older;
	else
		shapes->newest = shape->older;
	if (shape->older != NO_SHAPE)
		shapes->items[shape->older].newer = shape->newer;
	else
		shapes->oldest = shape->newer;
}

static void link_newest(struct dbw__shapes *shapes, dbw__shape *shape)
{
	uint16_t number = (uint16_t)(shape - shapes->items);

	shape->newer = NO_SHAPE;
	shape->older = shapes->newest;
	if (shapes->newest != NO_SHAPE)
		shapes->items[shapes->newest].newer = number;
	else
		shapes->oldest = number;
	shapes->newest = number;
}

dbw__shape *dbw__shape_lookup(dbw__cache *cache, const void *key, size_t length)
{
	struct dbw__shapes *shapes = cache->shapes;
	dbw__shape *shape;
	uint16_t number;

	if (shapes == NULL)
		return NULL;
	/* What is asked for again and again is the newest. */
	if (shapes->newest != NO_SHAPE) {
		shape = &shapes->items[shapes->newest];
		if (shape->key_length == length && memcmp(shape->key, key, length) == 0)
			return shape;
	}
	number = shapes->table[place_of(shapes, hash_key(key, length), key, length)];
	if (number == NO_SHAPE)
		return NULL;
	dbw__shape_use(cache, &shapes->items[number]);
	return &shapes->items[number];
}

void dbw__shape_use(dbw__cache *cache, dbw__shape *shape)
{
	if (shape->newer == NO_SHAPE)
		return;
	unlink_shape(cache->shapes, shape);
	link_newest(cache->shapes, shape);
}

static struct dbw__shapes *new_shapes(void)
{
	struct dbw__shapes *shapes = calloc(1, sizeof *shapes);

	if (shapes != NULL) {
		shapes->newest = shapes->oldest = NO_SHAPE;
		for (unsigned i = 0; i < TABLE_SIZE; i++)
			shapes->table[i] = NO_SHAPE;
	}
	return shapes;
}

/* The shape that may be forgotten, NULL when all are held. */
static dbw__shape *oldest_free(struct dbw__shapes *shapes)
{
	uint16_t number = shapes->oldest;

	while (number != NO_SHAPE && (shapes->items[number].held != 0 || shapes->items[number].awaited != 0))
		number = shapes->items[number].newer;
	return number == NO_SHAPE ? NULL : &shapes->items[number];
}

/* A place for one more shape, not linked: a new one, or that of a shape that is forgotten. */
static dbw__shape *take_item(dbw__cache *cache)
{
	struct dbw__shapes *shapes = cache->shapes;
	dbw__shape *shape;

	if (shapes->count < DBW__SHAPE_LIMIT)
		return &shapes->items[shapes->count++];
	shape = oldest_free(shapes);
	if (cache->updated.shape == shape)
		cache->updated.shape = NULL;
	if (cache->upserted.shape == shape || cache->upserted.back == shape)
		cache->upserted.shape = NULL;
	empty_place(shapes, place_of(shapes, shape->hash, shape->key, shape->key_length));
	unlink_shape(shapes, shape);
	cache->driver->release(cache->connection, shape->prepared);
	free_shape(shape);
	return shape;
}

dbw_status dbw__shape_insert(dbw__cache *cache, const void *key, size_t length, const char *sql,
	const dbw_result *result, dbw__shape **out, dbw_error *error)
{
	size_t sql_size = strlen(sql) + 1;
	dbw_prepared *prepared;
	dbw__shape *shape;
	dbw_status status;
	char *block;

	*out = NULL;
	if (length > UINT32_MAX)
		return dbw__fail(error, DBW_UNSUPPORTED, "the query is too large");
	if (cache->shapes == NULL) {
		cache->shapes = new_shapes();
		if (cache->shapes == NULL)
			return dbw__fail(error, DBW_OUT_OF_MEMORY, "out of memory");
	}
	if (cache->shapes->count == DBW__SHAPE_LIMIT && oldest_free(cache->shapes) == NULL)
		return dbw__fail(error, DBW_BUSY, "%d queries are open on this connection: end some",
			DBW__SHAPE_LIMIT);
	block = malloc(sql_size + length);
	if (block == NULL)
		return dbw__fail(error, DBW_OUT_OF_MEMORY, "out of memory");
	status = cache->driver->prepare(cache->connection, sql, result, &prepared, error);
	if (status != DBW_OK) {
		free(block);
		return status;
	}
	memcpy(block, sql, sql_size);
	memcpy(block + sql_size, key, length);
	shape = take_item(cache);
	*shape = (dbw__shape){ .prepared = prepared,
		.sql = block,
		.key = block + sql_size,
		.key_length = (uint32_t)length,
		.hash = hash_key(key, length) };
	cache->shapes->table[place_of(cache->shapes, shape->hash, key, length)] =
		(uint16_t)(shape - cache->shapes->items);
	link_newest(cache->shapes, shape);
	*out = shape;
	return DBW_OK;
}

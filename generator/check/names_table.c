#include "names_private.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_CAPACITY = 1024 };

/* FNV-1a: http://www.isthe.com/chongo/tech/comp/fnv/ (public domain). */
uint64_t ir__name_hash(const char *name, size_t length)
{
	uint64_t hash = UINT64_C(14695981039346656037);

	for (size_t i = 0; i < length; i++)
		hash = (hash ^ (unsigned char)name[i]) * UINT64_C(1099511628211);
	return hash;
}

/* FNV-1a mixes upwards: the high half is the better one. */
static size_t bucket_of(const ir__name_table *table, uint64_t hash)
{
	return (size_t)(hash ^ hash >> 32) & (table->bucket_count - 1);
}

static void link_entry(ir__name_table *table, size_t index)
{
	ir__name_entry *entry = &table->entries[index];
	uint32_t *bucket = &table->buckets[bucket_of(table, entry->hash)];

	entry->next = *bucket;
	*bucket = (uint32_t)index + 1;
}

/*
 * Twice the room. The chains are made anew in the order of arrival, so that the newest entry stays at their
 * heads.
 */
static bool grow(ir__name_table *table)
{
	size_t capacity = table->capacity == 0 ? FIRST_CAPACITY : table->capacity * 2;
	ir__name_entry *entries;
	uint32_t *buckets;

	if (capacity > UINT32_MAX / 2 || capacity > SIZE_MAX / sizeof(*entries))
		return false;
	entries = realloc(table->entries, capacity * sizeof(*entries));
	if (entries == NULL)
		return false;
	table->entries = entries;
	buckets = calloc(capacity, sizeof(*buckets));
	if (buckets == NULL)
		return false;
	free(table->buckets);
	table->buckets = buckets;
	table->bucket_count = capacity;
	table->capacity = capacity;
	for (size_t i = 0; i < table->count; i++)
		link_entry(table, i);
	return true;
}

const ir__thing *ir__table_find(const ir__name_table *table, const char *name, uint64_t hash)
{
	if (table->count == 0)
		return NULL;
	for (uint32_t i = table->buckets[bucket_of(table, hash)]; i != 0; i = table->entries[i - 1].next) {
		const ir__name_entry *entry = &table->entries[i - 1];

		if (entry->hash == hash && strcmp(entry->name, name) == 0)
			return &entry->thing;
	}
	return NULL;
}

bool ir__table_add(ir__name_table *table, const char *name, uint64_t hash, const ir__thing *thing)
{
	ir__name_entry *entry;

	if (table->count == table->capacity && !grow(table))
		return false;
	entry = &table->entries[table->count];
	entry->name = name;
	entry->hash = hash;
	entry->thing = *thing;
	link_entry(table, table->count++);
	return true;
}

void ir__table_release(ir__name_table *table, size_t count)
{
	while (table->count > count) {
		const ir__name_entry *entry = &table->entries[--table->count];

		table->buckets[bucket_of(table, entry->hash)] = entry->next;
	}
}

void ir__table_clear(ir__name_table *table)
{
	free(table->entries);
	free(table->buckets);
	memset(table, 0, sizeof(*table));
}

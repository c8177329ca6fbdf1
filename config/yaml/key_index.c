#include "key_index.h"

#include <string.h>

/* FNV-1a: keys are short, and the number of them is limited, so that nothing stronger is needed. */
static uint32_t hash_of(const char *key, size_t length)
{
	uint32_t hash = UINT32_C(2166136261);

	for (size_t i = 0; i < length; i++)
		hash = (hash ^ (unsigned char)key[i]) * UINT32_C(16777619);
	return hash ^ hash >> 15;
}

uint32_t dbw__key_index_size(size_t count)
{
	uint32_t size = 32;

	if (count < DBW__KEY_INDEX_FROM || count > UINT32_MAX / 4)
		return 0;
	while (size < count * 2)
		size *= 2;
	return size;
}

void dbw__key_index_add(uint32_t *index, uint32_t mask, const dbw_yaml_pair *pairs, size_t number)
{
	const dbw_yaml_node *key = pairs[number].key;
	uint32_t slot = hash_of(key->of.text, key->count) & mask;

	while (index[slot] != 0)
		slot = (slot + 1) & mask;
	index[slot] = (uint32_t)number + 1; /* 0 is an empty slot. */
}

static bool has_key(const dbw_yaml_pair *pair, const char *key, size_t length)
{
	return pair->key->count == length && memcmp(pair->key->of.text, key, length) == 0;
}

const dbw_yaml_pair *dbw__yaml_key_find(const dbw_yaml_pair *pairs, size_t count, const uint32_t *index,
	uint32_t mask, const char *key, size_t length)
{
	if (index == NULL) {
		for (size_t i = 0; i < count; i++)
			if (has_key(&pairs[i], key, length))
				return &pairs[i];
		return NULL;
	}
	for (uint32_t slot = hash_of(key, length) & mask; index[slot] != 0; slot = (slot + 1) & mask)
		if (has_key(&pairs[index[slot] - 1], key, length))
			return &pairs[index[slot] - 1];
	return NULL;
}

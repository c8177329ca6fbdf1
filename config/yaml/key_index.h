/*
 * Finding a key among many: a hash table of pair numbers, open addressing, built once the pairs are known.
 */
#ifndef DBWRIGHT_YAML_KEY_INDEX_H
#define DBWRIGHT_YAML_KEY_INDEX_H

#include <yaml/tree.h>

/* Mappings with fewer pairs are searched from the front. */
enum { DBW__KEY_INDEX_FROM = 12 };

/* The size of the table for `count` pairs, a power of two at most half full; 0 if none is worth while. */
uint32_t dbw__key_index_size(size_t count);

/* Puts pair `number` into the table of `mask` + 1 zeroed slots. */
void dbw__key_index_add(uint32_t *index, uint32_t mask, const dbw_yaml_pair *pairs, size_t number);

/*
 * The first pair among `count` with this key, or NULL. Without a table (NULL) the pairs are searched from
 * the front.
 */
const dbw_yaml_pair *dbw__yaml_key_find(const dbw_yaml_pair *pairs, size_t count, const uint32_t *index,
	uint32_t mask, const char *key, size_t length);

#endif

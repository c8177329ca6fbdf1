/*
 * "Did you mean ...?": the known word that is nearest to what was written.
 *
 * Nearness is the number of letters to insert, drop, replace or swap with their neighbour. Case does not
 * count, nor does `-` against `_`. How far apart words may be depends on the longer one: 0 below 3 bytes, 1
 * below 6, 2 below 9, else 3. Words of more than 64 bytes are never suggested.
 */
#ifndef DBWRIGHT_BASE_SUGGEST_H
#define DBWRIGHT_BASE_SUGGEST_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A search in progress, for words that do not stand in one array. Read `best`; the rest is private. */
typedef struct dbw_suggestion {
	const char *best; /**< The nearest so far, as it was offered (borrowed); NULL if none is near. */
	const char *word;
	size_t length;
	size_t distance;
} dbw_suggestion;

/** Starts a search for the `length` bytes at `word`, which stay borrowed until the search is over. */
void dbw_suggestion_begin(dbw_suggestion *search, const char *word, size_t length);

/** Looks at one known word, NUL-terminated. Of words equally near the first one stays. */
void dbw_suggestion_offer(dbw_suggestion *search, const char *known);

/**
 * The nearest of `count` known words to the NUL-terminated `word`: one of `known`, or NULL if none is near.
 */
const char *dbw_suggest(const char *word, const char *const *known, size_t count);

#ifdef __cplusplus
}
#endif

#endif

#include <base/suggest.h>

#include <string.h>

enum { LONGEST = 64 };

static unsigned char fold(char byte)
{
	if (byte >= 'A' && byte <= 'Z')
		return (unsigned char)(byte - 'A' + 'a');
	return byte == '-' ? '_' : (unsigned char)byte;
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* The optimal string alignment distance: Damerau-Levenshtein in which no part is edited twice. */
static size_t distance_between(const char *a, size_t a_length, const char *b, size_t b_length)
{
	size_t rows[3][LONGEST + 1];
	size_t *before = rows[0], *last = rows[1], *now = rows[2];

	for (size_t j = 0; j <= b_length; j++) {
		before[j] = j;
		last[j] = j;
	}
	for (size_t i = 1; i <= a_length; i++) {
		unsigned char letter = fold(a[i - 1]);
		size_t *oldest = before;

		now[0] = i;
		for (size_t j = 1; j <= b_length; j++) {
			unsigned char other = fold(b[j - 1]);

			now[j] = least(last[j - 1] + (letter != other), least(last[j], now[j - 1]) + 1);
			if (i > 1 && j > 1 && letter == fold(b[j - 2]) && fold(a[i - 2]) == other)
				now[j] = least(now[j], before[j - 2] + 1);
		}
		before = last;
		last = now;
		now = oldest;
	}
	return last[b_length];
}

static size_t allowed_distance(size_t longer)
{
	return longer < 3 ? 0 : longer < 6 ? 1 : longer < 9 ? 2 : 3;
}

void dbw_suggestion_begin(dbw_suggestion *search, const char *word, size_t length)
{
	search->best = NULL;
	search->word = word;
	search->length = length;
	search->distance = LONGEST;
}

void dbw_suggestion_offer(dbw_suggestion *search, const char *known)
{
	size_t length = strlen(known), longer, shorter, distance;

	longer = length > search->length ? length : search->length;
	shorter = least(length, search->length);
	if (longer > LONGEST || shorter == 0 || longer - shorter > allowed_distance(longer))
		return;
	distance = distance_between(search->word, search->length, known, length);
	if (distance <= allowed_distance(longer) && distance < search->distance) {
		search->distance = distance;
		search->best = known;
	}
}

const char *dbw_suggest(const char *word, const char *const *known, size_t count)
{
	dbw_suggestion search;

	dbw_suggestion_begin(&search, word, strlen(word));
	for (size_t i = 0; i < count; i++)
		dbw_suggestion_offer(&search, known[i]);
	return search.best;
}

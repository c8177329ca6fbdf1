/* Which database is meant by a schema and a qualifier, found without a look at the others. */
#include "registry.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* How much a database is its schema's when no qualifier is given. */
enum { ONE_OF_THEM, NAMED_ALIKE, DEFAULT };

/* What may be asked for, and what is meant by it. */
struct choice {
	const dbw_schema *schema; /* NULL: a free place. */
	const char *qualifier;    /* NULL: none is given. */
	database *item;           /* NULL: several, none of them more than the others. */
	int rank;                 /* Where no qualifier is given. */
};

/* Open addressing, linear probing; never more than half full. */
struct dbw__choices {
	unsigned bits; /* There are 1 << bits places. */
	struct choice places[];
};

static size_t size_of(unsigned bits)
{
	return sizeof(dbw__choices) + ((size_t)1 << bits) * sizeof(struct choice);
}

/* Multiplying spreads low bits upwards (Fibonacci hashing: 2^64 divided by the golden ratio). */
static size_t home_of(const dbw__choices *choices, const dbw_schema *schema, const char *qualifier)
{
	const uint64_t factor = UINT64_C(0x9e3779b97f4a7c15);
	uint64_t hash = (uintptr_t)schema;

	for (; qualifier != NULL && *qualifier != '\0'; qualifier++)
		hash = hash * factor + (unsigned char)*qualifier;
	return (size_t)((hash * factor) >> (64 - choices->bits));
}

static bool is_same(const char *qualifier, const char *other)
{
	return qualifier == NULL || other == NULL ? qualifier == other : strcmp(qualifier, other) == 0;
}

/* The place of a choice, or the free one where it would go. */
static size_t place_of(const dbw__choices *choices, const dbw_schema *schema, const char *qualifier)
{
	const size_t last = ((size_t)1 << choices->bits) - 1;
	size_t place = home_of(choices, schema, qualifier);

	while (choices->places[place].schema != NULL &&
		(choices->places[place].schema != schema ||
			!is_same(choices->places[place].qualifier, qualifier)))
		place = (place + 1) & last;
	return place;
}

static int rank_of(const database *item)
{
	if (item->is_default)
		return DEFAULT;
	return strcmp(item->name, item->schema->name) == 0 ? NAMED_ALIKE : ONE_OF_THEM;
}

static void add(dbw__choices *choices, database *item, const char *qualifier)
{
	struct choice *choice = &choices->places[place_of(choices, item->schema, qualifier)];
	const struct choice own = { item->schema, qualifier, item, qualifier != NULL ? 0 : rank_of(item) };

	if (choice->schema == NULL || own.rank > choice->rank)
		*choice = own;
	else if (own.rank == choice->rank)
		choice->item = NULL;
}

/* Empty, with room for two choices of each database. */
static bool make_room(dbw_databases *databases, size_t count)
{
	dbw__choices *choices = databases->choices;
	unsigned bits = 3;

	while (((size_t)1 << bits) < 4 * count)
		bits++;
	if (choices == NULL || choices->bits < bits) {
		choices = malloc(size_of(bits));
		if (choices == NULL)
			return false;
		free(databases->choices);
		databases->choices = choices;
		choices->bits = bits;
	}
	memset(choices->places, 0, size_of(choices->bits) - sizeof *choices);
	return true;
}

bool dbw__choices_make(dbw_databases *databases)
{
	size_t count = 0;

	for (const database *each = databases->items; each != NULL; each = each->next)
		count++;
	if (!make_room(databases, count))
		return false;
	for (database *each = databases->items; each != NULL; each = each->next) {
		if (each->schema == NULL)
			continue;
		add(databases->choices, each, each->qualifier);
		add(databases->choices, each, NULL);
	}
	return true;
}

database *dbw__choose(const dbw_databases *databases, const dbw_schema *schema, const char *qualifier)
{
	const dbw__choices *choices = databases->choices;

	return choices->places[place_of(choices, schema, qualifier)].item;
}

/*
 * Random rows and random filters of the model `sample`, and an evaluation of the filters in C by three-valued logic. The
 * values of a column come from a list in ascending order, so that comparing two is comparing their places.
 */
#ifndef FIXTURE_SAMPLE_H
#define FIXTURE_SAMPLE_H

#include <base/arena.h>
#include <samples.h>

#include <stdint.h>

/* The columns but the id, in their order. */
enum column {
	FLAG,
	SMALL,
	MEDIUM,
	LARGE,
	RATIO,
	WEIGHT,
	PRICE,
	HUGE_,
	NAME,
	LABEL,
	DATA,
	SEEN,
	DAY,
	MOMENT,
	CODE,
	COLOR,
	SEEN_TEXT,
	DAY_TEXT,
	CODE_TEXT,
	COLUMN_COUNT
};

enum { ROW_COUNT = 60 };

/* A row as the places of its values; -1 is NULL. */
typedef struct sample_places {
	int of[COLUMN_COUNT];
} sample_places;

/* A filter as the evaluation sees it. */
typedef struct sample_node sample_node;

typedef struct sample_fixture {
	uint64_t seed;
	dbw_arena *arena; /* Of the filters; the caller empties it. */
	sample_places rows[ROW_COUNT];
} sample_fixture;

/* The next random number: 0 to limit - 1. */
int fixture_choose(sample_fixture *fixture, int limit);

/* A random row. */
void fixture_places(sample_fixture *fixture, sample_places *row);

/* The rows, by the seed: row i is to have the id i + 1. */
void fixture_rows(sample_fixture *fixture);

/* The row that `places` describes. */
sample fixture_row(const sample_places *places);

/* A random filter, with groups up to `depth` deep; *out is the same as a filter of the model. */
const sample_node *fixture_filter(sample_fixture *fixture, unsigned depth, sample_filter *out);

/* Whether the filter is true for a row. */
bool fixture_matches(const sample_node *filter, const sample_places *row);

#endif

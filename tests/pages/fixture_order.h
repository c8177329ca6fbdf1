/* Random orders of the model `sample`, and what they make of its rows, in C. */
#ifndef FIXTURE_ORDER_H
#define FIXTURE_ORDER_H

#include "fixture_sample.h"

enum { ORDERED_BY = 4 };

/* An order by columns; COLUMN_COUNT stands for the id. */
typedef struct fixture_order {
	int count;
	struct {
		enum column column;
		dbw_direction direction;
	} by[ORDERED_BY + 1]; /* The id comes last, if not before. */
} fixture_order;

/* A row of the model, by its id. */
typedef struct fixture_sorted {
	int64_t id;
	sample_places places;
} fixture_sorted;

/* A random order of up to ORDERED_BY columns, and the same in *entries of a query, without the id that is added. */
fixture_order fixture_choose_order(sample_fixture *fixture, sample_order *entries);

/* As for qsort(). */
int fixture_compare(const fixture_order *order, const fixture_sorted *one, const fixture_sorted *other);

/* Puts rows into order. */
void fixture_sort(const fixture_order *order, fixture_sorted *rows, size_t count);

#endif

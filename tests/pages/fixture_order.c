#include "fixture_order.h"

#include <string.h>

/* Those that have an order on every engine. */
static const struct {
	enum column column;
	size_t offset;
} columns[] = {
	{ COLUMN_COUNT, offsetof(sample_order, id) },
	{ SMALL, offsetof(sample_order, small) },
	{ MEDIUM, offsetof(sample_order, medium) },
	{ LARGE, offsetof(sample_order, large) },
	{ RATIO, offsetof(sample_order, ratio) },
	{ WEIGHT, offsetof(sample_order, weight) },
	{ PRICE, offsetof(sample_order, price) },
	{ NAME, offsetof(sample_order, name) },
	{ LABEL, offsetof(sample_order, label) },
	{ SEEN, offsetof(sample_order, seen) },
	{ DAY, offsetof(sample_order, day) },
	{ MOMENT, offsetof(sample_order, moment) },
	{ CODE, offsetof(sample_order, code) },
	{ COLOR, offsetof(sample_order, color) },
	{ SEEN_TEXT, offsetof(sample_order, seen_text) },
	{ DAY_TEXT, offsetof(sample_order, day_text) },
	{ CODE_TEXT, offsetof(sample_order, code_text) },
};

enum { ORDERS = sizeof columns / sizeof columns[0] };

fixture_order fixture_choose_order(sample_fixture *fixture, sample_order *entries)
{
	fixture_order order = { .count = fixture_choose(fixture, ORDERED_BY + 1) };
	bool by_id = false;

	memset(entries, 0, ORDERED_BY * sizeof *entries);
	for (int i = 0; i < order.count; i++) {
		const int chosen = fixture_choose(fixture, ORDERS);
		/* One direction for all is what most programs have. */
		const bool turns = i == 0 || fixture_choose(fixture, 2) == 0;
		const dbw_direction direction =
			!turns ? order.by[i - 1].direction
			       : (dbw_direction)(fixture_choose(fixture, 2) != 0 ? DBW_ASC : DBW_DESC);

		order.by[i].column = columns[chosen].column;
		order.by[i].direction = direction;
		memcpy((char *)&entries[i] + columns[chosen].offset, &direction, sizeof direction);
		by_id = by_id || columns[chosen].column == COLUMN_COUNT;
	}
	if (!by_id) {
		order.by[order.count].column = COLUMN_COUNT;
		order.by[order.count].direction =
			order.count == 0 ? (dbw_direction)DBW_ASC : order.by[order.count - 1].direction;
		order.count++;
	}
	return order;
}

/* NULL, which is -1, is less than all values; enums go by their text: blue, green, red. */
static int compare_places(enum column column, int one, int other)
{
	if (column == COLOR && one >= 0 && other >= 0)
		return other - one;
	return one - other;
}

int fixture_compare(const fixture_order *order, const fixture_sorted *one, const fixture_sorted *other)
{
	for (int i = 0; i < order->count; i++) {
		const enum column column = order->by[i].column;
		const int difference = column == COLUMN_COUNT ? (one->id > other->id) - (one->id < other->id)
							      : compare_places(column, one->places.of[column],
									other->places.of[column]);

		if (difference != 0)
			return order->by[i].direction == DBW_ASC ? difference : -difference;
	}
	return 0;
}

void fixture_sort(const fixture_order *order, fixture_sorted *rows, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		const fixture_sorted row = rows[i];
		size_t place = i;

		for (; place > 0 && fixture_compare(order, &row, &rows[place - 1]) < 0; place--)
			rows[place] = rows[place - 1];
		rows[place] = row;
	}
}

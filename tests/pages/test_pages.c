/* Walks through the pages of random queries forward and back, while the table rests and while it changes. */
#include "fixture_order.h"

#include <filters_program.h>
#include <pages_program.h>
#include <places.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../postgres/fresh.h"

static dbw_databases *databases, *others;
static samples_session s;
static places_session p;
static dbw_error error;
static sample_fixture given;

static int setup(void **state)
{
	char samples_url[FRESH_URL_SIZE], places_url[FRESH_URL_SIZE];
	const dbw_entry samples = { .name = "samples",
		.connection_string = fresh_database("samples", samples_url) };
	const dbw_entry places = { .name = "places",
		.connection_string = fresh_database("places", places_url) };
	const dbw_options samples_options = { .entries = &samples, .entry_count = 1 };
	const dbw_options places_options = { .entries = &places, .entry_count = 1 };

	(void)state;
	assert_int_equal(dbw_databases_open(&databases, &filters_program, &samples_options, &error), DBW_OK);
	assert_int_equal(samples_begin(databases, "pages", &s, &error), DBW_OK);
	assert_int_equal(samples_create_tables(s), DBW_OK);
	assert_int_equal(dbw_databases_open(&others, &pages_program, &places_options, &error), DBW_OK);
	assert_int_equal(places_begin(others, "pages", &p, &error), DBW_OK);
	assert_int_equal(places_create_tables(p), DBW_OK);
	given = (sample_fixture){ .seed = 20240229, .arena = dbw_arena_new(0) };
	assert_non_null(given.arena);
	fixture_rows(&given);
	for (int i = 0; i < ROW_COUNT; i++) {
		sample row = fixture_row(&given.rows[i]);

		assert_int_equal(sample_insert(s, &row), DBW_OK);
		assert_int_equal(row.id, i + 1);
	}
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	dbw_arena_free(given.arena);
	assert_int_equal(samples_end(s), DBW_OK);
	assert_int_equal(dbw_databases_close(databases, &error), DBW_OK);
	assert_int_equal(places_end(p), DBW_OK);
	assert_int_equal(dbw_databases_close(others, &error), DBW_OK);
	fresh_remove();
	return 0;
}

/* A page of 1 to 7 rows; `from` is freed and becomes a copy of the text that leads on. */
static sample_page turn(samples_reader r, sample_query *query, char **from, bool backward)
{
	sample_page page;
	const char *on;

	query->limit = 1 + fixture_choose(&given, 7);
	if (sample_find_page(r, query, *from, &page) != DBW_OK)
		fail_msg("%s", dbw_session_error(r.any)->message);
	assert_in_range(page.rows.count, 0, (size_t)query->limit);
	/* A page that has more behind it is full. */
	on = backward ? page.previous : page.next;
	if (on != NULL)
		assert_int_equal(page.rows.count, (size_t)query->limit);
	free(*from);
	*from = on == NULL ? NULL : strdup(on);
	return page;
}

static char *copy_of(const char *text)
{
	return text == NULL ? NULL : strdup(text);
}

/* A query as random as the order: every second one has a filter. */
static const sample_node *choose_query(sample_query *query, fixture_order *order)
{
	const bool filtered = fixture_choose(&given, 2) != 0;
	const sample_node *filter = NULL;

	memset(query, 0, sizeof *query);
	if (filtered)
		filter = fixture_filter(&given, 1, &query->where);
	*order = fixture_choose_order(&given, query->order_by);
	query->columns.label = fixture_choose(&given, 3) == 0;
	return filter;
}

static void walk__sees_what_find_sees(void **state)
{
	size_t pages = 0;

	(void)state;
	for (int round = 0; round < 700; round++) {
		fixture_sorted rows[ROW_COUNT];
		sample_query query;
		fixture_order order;
		const sample_node *filter = choose_query(&query, &order);
		size_t count = 0, seen = 0;
		char *from = NULL, *back = NULL;

		for (int i = 0; i < ROW_COUNT; i++)
			if (filter == NULL || fixture_matches(filter, &given.rows[i]))
				rows[count++] = (fixture_sorted){ i + 1, given.rows[i] };
		fixture_sort(&order, rows, count);
		do {
			const bool first = from == NULL;
			sample_page page = turn(s.read, &query, &from, false);

			assert_int_equal(page.previous == NULL, first);
			sample_each(row, &page.rows)
			{
				assert_true(seen < count);
				assert_int_equal(row->id, rows[seen].id);
				seen++;
			}
			if (from == NULL) {
				back = copy_of(page.previous);
				seen -= page.rows.count;
			}
			sample_page_free(&page);
			pages++;
		} while (from != NULL);
		/* And back from where the last page began. */
		while (back != NULL) {
			sample_page page = turn(s.read, &query, &back, true);

			assert_non_null(page.next);
			assert_true(page.rows.count <= seen);
			for (size_t i = page.rows.count; i-- > 0;)
				assert_int_equal(page.rows.items[i].id, rows[--seen].id);
			sample_page_free(&page);
		}
		assert_int_equal(seen, 0);
		dbw_arena_reset(given.arena);
	}
	assert_true(pages > 3000);
}

/* Rows that come and go. */

enum { MOST_ROWS = 400 };

static struct table {
	int count;
	struct {
		fixture_sorted row;
		bool matches;
		bool lives;
		bool stayed; /* Since the walk began. */
		int seen;
	} rows[MOST_ROWS];
} table;

static void begin_walk(void)
{
	for (int i = 0; i < table.count; i++) {
		table.rows[i].stayed = table.rows[i].lives;
		table.rows[i].seen = 0;
	}
}

static void add(const sample_node *filter, int64_t id, const sample_places *places)
{
	assert_true(table.count < MOST_ROWS);
	table.rows[table.count].row = (fixture_sorted){ id, *places };
	table.rows[table.count].matches = filter == NULL || fixture_matches(filter, places);
	table.rows[table.count].lives = true;
	table.rows[table.count].stayed = false;
	table.rows[table.count].seen = 0;
	table.count++;
}

static void remove_row(samples_session session, int place)
{
	assert_int_equal(sample_delete_by_id(session, table.rows[place].row.id), DBW_OK);
	table.rows[place].lives = table.rows[place].stayed = false;
}

/* All rows go that the walk has not seen yet. */
static void remove_rest(samples_session session)
{
	for (int i = 0; i < table.count; i++)
		if (table.rows[i].lives && table.rows[i].seen == 0)
			remove_row(session, i);
}

/* Up to three rows go, or come. */
static void change(samples_session session, const sample_node *filter)
{
	for (int i = fixture_choose(&given, 4); i > 0; i--) {
		const int chosen = fixture_choose(&given, table.count);

		if (fixture_choose(&given, 2) != 0 && table.count < MOST_ROWS) {
			sample_places places;
			sample row;

			fixture_places(&given, &places);
			row = fixture_row(&places);
			assert_int_equal(sample_insert(session, &row), DBW_OK);
			add(filter, row.id, &places);
		} else if (table.rows[chosen].lives) {
			remove_row(session, chosen);
		}
	}
}

/* Counts the rows of a page, and checks that each comes behind (or before) the one seen last. */
static void see(const fixture_order *order, const sample_page *page, bool backward, int *last)
{
	for (size_t n = 0; n < page->rows.count; n++) {
		const sample *row = &page->rows.items[backward ? page->rows.count - 1 - n : n];
		int place = table.count - 1;

		/* The newest: the id of a row that is gone may be given once more. */
		while (place >= 0 && table.rows[place].row.id != row->id)
			place--;
		assert_true(place >= 0);
		assert_true(table.rows[place].lives && table.rows[place].matches);
		table.rows[place].seen++;
		if (*last >= 0) {
			const int difference =
				fixture_compare(order, &table.rows[*last].row, &table.rows[place].row);

			assert_true(backward ? difference > 0 : difference < 0);
		}
		*last = place;
	}
}

static void check_walk(int round)
{
	for (int i = 0; i < table.count; i++) {
		if (table.rows[i].seen > 1)
			fail_msg("round %d: a row is seen twice", round);
		if (table.rows[i].stayed && table.rows[i].matches && table.rows[i].seen != 1)
			fail_msg("round %d: a row that stayed is not seen", round);
	}
}

static void walk__sees_rows_that_stay_once(void **state)
{
	int turned = 0;

	(void)state;
	for (int round = 0; round < 300; round++) {
		sample_query query;
		fixture_order order;
		const sample_node *filter = choose_query(&query, &order);
		samples_session session;
		char *from = NULL, *back = NULL;
		int last = -1;

		assert_int_equal(samples_nest(s, "changes", &session), DBW_OK);
		table.count = 0;
		for (int i = 0; i < ROW_COUNT; i++)
			add(filter, i + 1, &given.rows[i]);
		begin_walk();
		do {
			sample_page page = turn(session.read, &query, &from, false);

			see(&order, &page, false, &last);
			if (from == NULL) {
				check_walk(round);
				/* The way back begins with this page. */
				begin_walk();
				last = -1;
				see(&order, &page, true, &last);
				back = copy_of(page.previous);
				turned += page.rows.count == 0 && back != NULL;
			}
			sample_page_free(&page);
			if (from != NULL && fixture_choose(&given, 20) == 0)
				remove_rest(session);
			else
				change(session, filter);
		} while (from != NULL);
		while (back != NULL) {
			sample_page page = turn(session.read, &query, &back, true);

			see(&order, &page, true, &last);
			sample_page_free(&page);
			if (back != NULL)
				change(session, filter);
		}
		check_walk(round);
		assert_int_equal(samples_end(session), DBW_OK);
		dbw_arena_reset(given.arena);
	}
	/* Some walks end on a page whose rows were all deleted. */
	assert_true(turned > 10);
}

/* A key of several columns, one of them an enum; soft deletion. */
static void key__of_several_columns_breaks_ties(void **state)
{
	static const char *const rooms[] = { "attic", "cellar", "hall" };
	static const char *const titles[] = { NULL, "", "a" };
	int rows = 0;

	(void)state;
	for (int i = 0; i < 3 * 5 * 2; i++) {
		shelf row = SHELF_INIT;

		row.room = rooms[i / 10];
		row.number = (int16_t)(i / 2 % 5 - 2);
		row.side = i % 2 == 0 ? SHELF_SIDE_LEFT : SHELF_SIDE_RIGHT;
		row.title = titles[fixture_choose(&given, 3)];
		row.height = dbw_decimal_of(fixture_choose(&given, 2), 2);
		assert_int_equal(shelf_insert(p, &row), DBW_OK);
		if (fixture_choose(&given, 4) == 0)
			assert_int_equal(
				shelf_delete_by_room_and_number_and_side(p, row.room, row.number, row.side),
				DBW_OK);
	}
	for (int round = 0; round < 500; round++) {
		shelf_query query = { .deleted_ = (dbw_deleted)fixture_choose(&given, 3) }, sorted;
		const char *words[] = { NULL, "attic", "hall" };
		const char *from = words[fixture_choose(&given, 3)];
		char *text = NULL;
		shelf_list list;
		size_t seen = 0;
		int entries = fixture_choose(&given, 4), entry = 0;
		dbw_direction direction = DBW_ASC;

		query.where.room = dbw_when(from, dbw_ge(from));
		for (; entry < entries; entry++) {
			dbw_direction *const members[] = { &query.order_by[entry].room,
				&query.order_by[entry].number, &query.order_by[entry].side,
				&query.order_by[entry].title, &query.order_by[entry].height };

			direction = (dbw_direction)(fixture_choose(&given, 2) != 0 ? DBW_ASC : DBW_DESC);
			*members[fixture_choose(&given, 5)] = direction;
		}
		sorted = query;
		sorted.order_by[entry++].room = direction;
		sorted.order_by[entry++].number = direction;
		sorted.order_by[entry++].side = direction;
		assert_int_equal(shelf_find(p.read, &sorted, &list), DBW_OK);
		query.limit = 1 + fixture_choose(&given, 7);
		do {
			shelf_page page;

			if (shelf_find_page(p.read, &query, text, &page) != DBW_OK)
				fail_msg("%s", dbw_session_error(p.any)->message);
			shelf_each(row, &page.rows)
			{
				assert_true(seen < list.count);
				assert_string_equal(row->room, list.items[seen].room);
				assert_int_equal(row->number, list.items[seen].number);
				assert_int_equal(row->side, list.items[seen].side);
				seen++;
			}
			free(text);
			text = copy_of(page.next);
			shelf_page_free(&page);
		} while (text != NULL);
		assert_int_equal(seen, list.count);
		rows += (int)seen;
		shelf_list_free(&list);
	}
	assert_true(rows > 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(walk__sees_what_find_sees),
		cmocka_unit_test(walk__sees_rows_that_stay_once),
		cmocka_unit_test(key__of_several_columns_breaks_ties),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}

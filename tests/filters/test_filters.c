/* Generated filters on SQLite: random ones against an evaluation in C, long lists, and the idioms of a program. */
#include "fixture_sample.h"

#include <filters_program.h>

#include "../postgres/fresh.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static dbw_databases *databases;
static samples_session s;
static dbw_error error;
static sample_fixture given;

static int setup(void **state)
{
	char url[FRESH_URL_SIZE];
	const dbw_entry entry = { .name = "samples", .connection_string = fresh_database("samples", url) };
	const dbw_options options = { .entries = &entry, .entry_count = 1 };

	(void)state;
	assert_int_equal(dbw_databases_open(&databases, &filters_program, &options, &error), DBW_OK);
	assert_int_equal(samples_begin(databases, "filters", &s, &error), DBW_OK);
	assert_int_equal(samples_create_tables(s), DBW_OK);
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
	fresh_remove();
	return 0;
}

static void random__filters_find_what_they_say(void **state)
{
	int found = 0;

	(void)state;
	for (int turn = 0; turn < 3000; turn++) {
		sample_query query = { .order_by = { { .id = DBW_ASC } } };
		const sample_node *filter = fixture_filter(&given, 3, &query.where);
		sample_list list;
		size_t expected = 0;
		int64_t count;

		if (sample_find(s.read, &query, &list) != DBW_OK)
			fail_msg("turn %d: %s", turn, dbw_session_error(s.any)->message);
		for (int i = 0; i < ROW_COUNT; i++) {
			if (!fixture_matches(filter, &given.rows[i]))
				continue;
			if (expected >= list.count || list.items[expected].id != i + 1)
				fail_msg("turn %d: row %d is not found", turn, i + 1);
			expected++;
		}
		if (list.count != expected)
			fail_msg("turn %d: %zu rows, not %zu", turn, list.count, expected);
		if (expected != ROW_COUNT && expected != 0)
			found++;
		sample_list_free(&list);
		assert_int_equal(sample_count(s.read, &query, &count), DBW_OK);
		assert_int_equal(count, expected);
		dbw_arena_reset(given.arena);
	}
	/* Most filters tell rows apart: not all of them match all or none. */
	assert_in_range(found, 1000, 3000);
}

enum { LONG = 100000 };

#define CHECK_LONG(member, list, expression)                                                                 \
	do {                                                                                                 \
		int64_t in_, not_in_, set_;                                                                  \
		assert_int_equal(                                                                            \
			sample_count(                                                                        \
				s.read, &(sample_query){ .where = { .member = dbw_in(list, LONG) } }, &in_), \
			DBW_OK);                                                                             \
		assert_int_equal(                                                                            \
			sample_count(s.read,                                                                 \
				&(sample_query){ .where = { .member = dbw_not_in(list, LONG) } }, &not_in_), \
			DBW_OK);                                                                             \
		assert_int_equal(                                                                            \
			sample_count(s.read, &(sample_query){ .where = { .member = dbw_not_in(list, 0) } },  \
				&set_),                                                                      \
			DBW_OK);                                                                             \
		assert_int_equal(in_, expression);                                                           \
		assert_int_equal(not_in_, set_ - in_);                                                       \
	} while (0)

/* Of the list's values, the first and the last three are in rows, the others are not. */
static int64_t rows_with(enum column column, const int *places, int count)
{
	int64_t rows = 0;

	for (int i = 0; i < ROW_COUNT; i++)
		for (int p = 0; p < count; p++)
			rows += given.rows[i].of[column] == places[p];
	return rows;
}

static void list__of_a_hundred_thousand(void **state)
{
	int64_t *integers = malloc(LONG * sizeof *integers);
	const char **texts = malloc(LONG * sizeof *texts);
	char(*storage)[32] = malloc(LONG * sizeof *storage);
	dbw_uuid *uuids = malloc(LONG * sizeof *uuids);
	dbw_timestamp *stamps = malloc(LONG * sizeof *stamps);
	dbw_decimal *decimals = malloc(LONG * sizeof *decimals);
	double *numbers = malloc(LONG * sizeof *numbers);
	const int ends[] = { 0, 4 };

	(void)state;
	assert_non_null(integers);
	assert_non_null(texts);
	assert_non_null(storage);
	assert_non_null(uuids);
	assert_non_null(stamps);
	assert_non_null(decimals);
	assert_non_null(numbers);
	for (int i = 0; i < LONG; i++) {
		integers[i] = 1000 + i;
		snprintf(storage[i], sizeof storage[i], "no \"row\" \\ \x01 \xc3\xa9 %d", i);
		texts[i] = storage[i];
		uuids[i] = (dbw_uuid){ { 1, (uint8_t)(i >> 16), (uint8_t)(i >> 8), (uint8_t)i } };
		stamps[i] = (dbw_timestamp){ 1000 + i };
		decimals[i] = dbw_decimal_of(5000 + i, 2);
		numbers[i] = 0.5 + i;
	}
	for (int i = 0; i < 3; i++)
		integers[i] = INT64_MIN, integers[LONG - 1 - i] = INT64_MAX;
	CHECK_LONG(large, integers, rows_with(LARGE, ends, 2));

	texts[0] = "'; DROP TABLE sample; --";
	texts[LONG - 1] = "a\\b";
	CHECK_LONG(name, texts, rows_with(NAME, (const int[]){ 2, 13 }, 2));

	uuids[0] = (dbw_uuid){ { 0x7f } };
	uuids[LONG - 1] = (dbw_uuid){ { 0xff, 0xff } };
	CHECK_LONG(code, uuids, rows_with(CODE, (const int[]){ 1, 3 }, 2));
	CHECK_LONG(code_text, uuids, rows_with(CODE_TEXT, (const int[]){ 1, 3 }, 2));

	stamps[0] = (dbw_timestamp){ -1 };
	stamps[LONG - 1] = (dbw_timestamp){ 1 };
	CHECK_LONG(seen, stamps, rows_with(SEEN, (const int[]){ 0, 2 }, 2));
	CHECK_LONG(seen_text, stamps, rows_with(SEEN_TEXT, (const int[]){ 0, 2 }, 2));

	decimals[0] = dbw_decimal_of(-105, 1);
	decimals[LONG - 1] = dbw_decimal_of(1, 2);
	CHECK_LONG(price, decimals, rows_with(PRICE, (const int[]){ 0, 2 }, 2));
	CHECK_LONG(huge, decimals, rows_with(HUGE_, (const int[]){ 0 }, 1));

	assert_int_equal(sample_count(s.read, &(sample_query){ .where = { .weight = dbw_in(numbers, LONG) } },
				 &(int64_t){ 0 }),
		fresh_on_postgresql() ? DBW_OK : DBW_UNSUPPORTED);
	texts[50000] = NULL;
	assert_int_equal(sample_count(s.read, &(sample_query){ .where = { .name = dbw_in(texts, LONG) } },
				 &(int64_t){ 0 }),
		DBW_MISUSE);
	assert_string_equal(dbw_session_error(s.any)->message,
		"sample.name: item 50000 of the list in the filter is NULL");
	free(integers);
	free(texts);
	free(storage);
	free(uuids);
	free(stamps);
	free(decimals);
	free(numbers);
}

static int64_t count_of(sample_filter filter)
{
	int64_t count = -1;

	assert_int_equal(sample_count(s.read, &(sample_query){ .where = filter }, &count), DBW_OK);
	return count;
}

static const sample_query constant = {
	.where = { .any_of_ = SAMPLE_ANY_OF({ .flag = DBW_TRUE }, { .large = DBW_LE_I64(-1) },
			   { .none_of_ = SAMPLE_NONE_OF(
				     { .null_ = { .name = DBW_IS_NULL } }, { .name = DBW_NE_TEXT("a") }) }) },
};

static void query__may_be_constant(void **state)
{
	int64_t count;
	int64_t expected = 0;

	(void)state;
	for (int i = 0; i < ROW_COUNT; i++) {
		const int *of = given.rows[i].of;

		expected += of[FLAG] == 1 || of[LARGE] <= 1 || of[NAME] == 9;
	}
	assert_int_equal(sample_count(s.read, &constant, &count), DBW_OK);
	assert_int_equal(count, expected);
	assert_in_range(count, 1, ROW_COUNT - 1);
}

static void when__chooses_the_filter_or_none(void **state)
{
	const sample_color *no_color = NULL;
	const sample_color red = SAMPLE_COLOR_RED;
	const sample_color *color = &red;
	const char *name = NULL;
	const dbw_uuid code = { { 0x7f } };

	(void)state;
	assert_int_equal(count_of((sample_filter){ .name = dbw_when(name, dbw_eq(name)) }), ROW_COUNT);
	name = "a";
	assert_int_equal(count_of((sample_filter){ .name = dbw_when(name, dbw_eq(name)) }),
		rows_with(NAME, (const int[]){ 9 }, 1));
	/* The filter is not evaluated where the condition is false. */
	assert_int_equal(
		count_of((sample_filter){ .color = sample_color_when(no_color, sample_color_eq(*no_color)) }),
		ROW_COUNT);
	assert_int_equal(
		count_of((sample_filter){ .color = sample_color_when(color, sample_color_not_in(color, 1)) }),
		rows_with(COLOR, (const int[]){ 1, 2 }, 2));
	for (int is = 0; is < 2; is++) {
		const sample_filter filter = {
			.flag = dbw_when(is, dbw_is(true)),
			.large = dbw_when(is, dbw_gt(0)),
			.weight = dbw_when(is, dbw_lt(1.5)),
			.price = dbw_when(is, dbw_gt(dbw_decimal_of(0, 0))),
			.data = dbw_when(is, dbw_ne(dbw_bytes_of("a", 1))),
			.seen = dbw_when(is, dbw_ge((dbw_timestamp){ 0 })),
			.day = dbw_when(is, dbw_ge((dbw_date){ 0 })),
			.moment = dbw_when(is, dbw_ge((dbw_time){ 0 })),
			.code = dbw_when(is, dbw_ne(code)),
		};
		const dbw_predicate all[] = { filter.flag.predicate_, filter.large.predicate_,
			filter.weight.predicate_, filter.price.predicate_, filter.data.predicate_,
			filter.seen.predicate_, filter.day.predicate_, filter.moment.predicate_,
			filter.code.predicate_ };

		for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
			assert_int_equal(all[i].operator_ != DBW_OPERATOR_NONE, is);
	}
}

static void group__takes_an_array_and_a_count(void **state)
{
	sample_filter wanted[3];
	size_t count = 0;
	sample_query query;
	int64_t found;

	(void)state;
	memset(wanted, 0, sizeof wanted);
	memset(&query, 0, sizeof query);
	query.where.any_of_.items = wanted;
	assert_int_equal(sample_count(s.read, &query, &found), DBW_OK);
	assert_int_equal(found, 0);
	wanted[count++].label = dbw_eq("$1");
	wanted[count++].label = dbw_eq("?1");
	query.where.any_of_.count = count;
	assert_int_equal(sample_count(s.read, &query, &found), DBW_OK);
	assert_int_equal(found, rows_with(LABEL, (const int[]){ 1, 2 }, 2));
	query.where.none_of_ = query.where.any_of_;
	assert_int_equal(sample_count(s.read, &query, &found), DBW_OK);
	assert_int_equal(found, 0);
	query.where.any_of_.items = NULL;
	assert_int_equal(sample_count(s.read, &query, &found), DBW_MISUSE);
	assert_string_equal(
		dbw_session_error(s.any)->message, "sample.any_of_: items is NULL, and count is not 0");
}

/* 800 members are close to what SQLite takes. */
static void group__may_be_large(void **state)
{
	sample_filter *many = calloc(800, sizeof *many);
	int64_t found;

	(void)state;
	assert_non_null(many);
	for (int i = 0; i < 800; i++) {
		many[i].id = dbw_eq(i + 31);
		many[i].label = dbw_from_until("", "y");
	}
	assert_int_equal(
		sample_count(s.read, &(sample_query){ .where = { .any_of_ = { many, 800 } } }, &found),
		DBW_OK);
	assert_int_equal(found, ROW_COUNT - 30);
	assert_int_equal(sample_count(s.read,
				 &(sample_query){ .where = { .none_of_ = SAMPLE_NONE_OF(
								     { .any_of_ = { many, 800 } }) } },
				 &found),
		DBW_OK);
	assert_int_equal(found, 30);
	free(many);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random__filters_find_what_they_say),
		cmocka_unit_test(list__of_a_hundred_thousand),
		cmocka_unit_test(query__may_be_constant),
		cmocka_unit_test(when__chooses_the_filter_or_none),
		cmocka_unit_test(group__takes_an_array_and_a_count),
		cmocka_unit_test(group__may_be_large),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}

/* The SQL of pages on both engines, word for word. */
#include "fixture_user.h"

#include <statement/page.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static dbw_error error;

#define SELECT_SQLITE     "SELECT \"id\" FROM \"users\""
#define SELECT_POSTGRESQL "SELECT \"id\" FROM \"auth\".\"users\""

/* Where a page begins: which of the order's columns are NULL there. */
struct from {
	unsigned nulls; /* Bits. */
	bool backward, included;
};

static void render(dbw_engine engine, const user_query *query, const struct from *from, char out[4096])
{
	dbw_model model = user__model;
	dbw_arena *arena = dbw_arena_new(0);
	dbw__page_order order;
	dbw__request request;
	dbw_text_buffer text;

	assert_non_null(arena);
	model.select[DBW_SQLITE] = SELECT_SQLITE;
	model.select[DBW_POSTGRESQL] = SELECT_POSTGRESQL;
	dbw__request_init(&request, &model, engine, DBW__REQUEST_PAGE, arena);
	assert_int_equal(dbw__request_page(&request, query, &order, &error), DBW_OK);
	const size_t conditions = request.count;
	size_t places = 0;
	if (from != NULL) {
		dbw_value values[9];
		const dbw__page_place place = { values, from->backward, from->included };

		for (size_t i = 0; i < order.count; i++) {
			values[i] = (dbw_value){ .kind = DBW_KIND_INT64, .as.integer = (int64_t)i };
			if ((from->nulls >> i & 1) != 0)
				values[i].kind = 0;
			places += values[i].kind != 0;
		}
		assert_int_equal(dbw__request_behind(&request, &order, &place, &error), DBW_OK);
	}
	assert_int_equal(dbw__request_page_rows(&request, 21, &error), DBW_OK);
	/* A value for each column that is not NULL, and the limit. */
	assert_int_equal(request.count, conditions + places + 1);
	assert_true(request.values[request.count - 1].as.integer == 21);
	dbw_text_init(&text, NULL, 0);
	dbw__request_render(&request, &text);
	assert_true(!text.failed && text.length < 4096);
	memcpy(out, text.data, text.length + 1);
	dbw_text_clear(&text);
	dbw__request_clear(&request);
	dbw_arena_free(arena);
}

/* `expected` is that of SQLite; on PostgreSQL parameters and the table are written in another way. */
static void check(const user_query *query, const struct from *from, const char *expected)
{
	static const char namespace[] = "\"auth\".";
	char text[4096], postgresql[4096], *end = postgresql;

	render(DBW_SQLITE, query, from, text);
	assert_string_equal(text, expected);
	for (const char *at = expected; *at != '\0'; at++) {
		assert_true((size_t)(end - postgresql) + sizeof namespace + 1 < sizeof postgresql);
		if (strncmp(at, "\"users\"", 7) == 0) {
			memcpy(end, namespace, sizeof namespace - 1);
			end += sizeof namespace - 1;
		}
		*end++ = *at == '?' ? '$' : *at;
	}
	*end = '\0';
	render(DBW_POSTGRESQL, query, from, text);
	assert_string_equal(text, postgresql);
}

static const struct from here = { 0 };

static void page__ends_its_order_by_the_key(void **state)
{
	(void)state;
	check(&(user_query){ .limit = 1 }, NULL, SELECT_SQLITE " ORDER BY \"id\" ASC LIMIT ?1");
	check(&(user_query){ .order_by = { { .name = DBW_DESC } } }, NULL,
		SELECT_SQLITE " ORDER BY \"name\" DESC, \"id\" DESC LIMIT ?1");
	check(&(user_query){ .order_by = { { .name = DBW_DESC }, { .bio = DBW_ASC } } }, NULL,
		SELECT_SQLITE " ORDER BY \"name\" DESC, \"bio\" ASC NULLS FIRST, \"id\" ASC LIMIT ?1");
	check(&(user_query){ .order_by = { { .id = DBW_DESC }, { .name = DBW_ASC } } }, NULL,
		SELECT_SQLITE " ORDER BY \"id\" DESC LIMIT ?1");
}

static void place__is_one_comparison_of_rows(void **state)
{
	const user_query query = {
		.where = { .name = dbw_ge("b"),
			.any_of_ = USER_ANY_OF({ .id = dbw_eq(1) }, { .null_ = { .bio = DBW_IS_NULL } }) },
		.order_by = { { .name = DBW_ASC }, { .email = DBW_ASC } }
	};

	(void)state;
	check(&(user_query){ .limit = 1 }, &here,
		SELECT_SQLITE " WHERE \"id\" > ?1 ORDER BY \"id\" ASC LIMIT ?2");
	check(&query, &here,
		SELECT_SQLITE " WHERE \"name\" >= ?1 AND (\"id\" = ?2 OR \"bio\" IS NULL) AND "
			      "(\"name\", \"email\", \"id\") > (?3, ?4, ?5) "
			      "ORDER BY \"name\" ASC, \"email\" ASC, \"id\" ASC LIMIT ?6");
	check(&query, &(struct from){ .backward = true, .included = true },
		SELECT_SQLITE " WHERE \"name\" >= ?1 AND (\"id\" = ?2 OR \"bio\" IS NULL) AND "
			      "(\"name\", \"email\", \"id\") <= (?3, ?4, ?5) "
			      "ORDER BY \"name\" DESC, \"email\" DESC, \"id\" DESC LIMIT ?6");
	/* NULLs come before it: no comparison is true of them. */
	check(&(user_query){ .order_by = { { .bio = DBW_ASC } } }, &here,
		SELECT_SQLITE " WHERE (\"bio\", \"id\") > (?1, ?2) "
			      "ORDER BY \"bio\" ASC NULLS FIRST, \"id\" ASC LIMIT ?3");
}

static void place__between_directions_is_a_range_for_each(void **state)
{
	const char *const end = " ORDER BY \"name\" ASC, \"email\" DESC, \"id\" DESC LIMIT ?5";
	char expected[4096];

	(void)state;
	strcpy(expected, "SELECT * FROM (" SELECT_SQLITE " WHERE \"balance\" <> ?1 AND \"name\" = ?2 AND "
			 "(\"email\", \"id\") <= (?3, ?4)");
	strcat(expected, end);
	strcat(expected, ") AS part UNION ALL SELECT * FROM (" SELECT_SQLITE
			 " WHERE \"balance\" <> ?1 AND \"name\" > ?2");
	strcat(expected, end);
	strcat(expected, ") AS part");
	strcat(expected, end);
	check(&(user_query){ .where = { .balance = dbw_ne(dbw_decimal_of(1, 2)) },
		      .order_by = { { .name = DBW_ASC }, { .email = DBW_DESC } } },
		&(struct from){ .included = true }, expected);
}

static void place__with_nulls_behind_it_has_a_range_for_them(void **state)
{
	const user_query down = { .order_by = { { .name = DBW_DESC }, { .bio = DBW_DESC } } };
	const char *const end = " ORDER BY \"name\" DESC, \"bio\" DESC NULLS LAST, \"id\" DESC LIMIT ?4";
	char expected[4096];

	(void)state;
	strcpy(expected, "SELECT * FROM (" SELECT_SQLITE " WHERE (\"name\", \"bio\", \"id\") < (?1, ?2, ?3)");
	strcat(expected, end);
	strcat(expected, ") AS part UNION ALL SELECT * FROM (" SELECT_SQLITE
			 " WHERE \"name\" = ?1 AND \"bio\" IS NULL");
	strcat(expected, end);
	strcat(expected, ") AS part");
	strcat(expected, end);
	check(&down, &here, expected);
}

static void place__at_a_null(void **state)
{
	const user_query up = { .order_by = { { .bio = DBW_ASC } } },
			 down = { .order_by = { { .bio = DBW_DESC } } };
	const struct from null = { .nulls = 1 };
	const char *const end = " ORDER BY \"bio\" ASC NULLS FIRST, \"id\" ASC LIMIT ?2";
	char expected[4096];

	(void)state;
	/* In DESC nothing comes behind the NULLs. */
	check(&down, &null,
		SELECT_SQLITE " WHERE \"bio\" IS NULL AND \"id\" < ?1 "
			      "ORDER BY \"bio\" DESC NULLS LAST, \"id\" DESC LIMIT ?2");
	strcpy(expected, "SELECT * FROM (" SELECT_SQLITE " WHERE \"bio\" IS NULL AND \"id\" > ?1");
	strcat(expected, end);
	strcat(expected, ") AS part UNION ALL SELECT * FROM (" SELECT_SQLITE " WHERE \"bio\" IS NOT NULL");
	strcat(expected, end);
	strcat(expected, ") AS part");
	strcat(expected, end);
	check(&up, &null, expected);
	check(&down, &(struct from){ .nulls = 1, .backward = true }, expected);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(page__ends_its_order_by_the_key),
		cmocka_unit_test(place__is_one_comparison_of_rows),
		cmocka_unit_test(place__between_directions_is_a_range_for_each),
		cmocka_unit_test(place__with_nulls_behind_it_has_a_range_for_them),
		cmocka_unit_test(place__at_a_null),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Pages: the texts of places, what is refused, and how a page ends. Walks through random orders are in tests/pages. */
#include "fixture_user.h"

#include <accessor/page_text.h>
#include <dbwright/generated.h>
#include <statement/encode.h>

#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

typedef struct user_page {
	user_list rows;
	const char *next;
	const char *previous;
} user_page;

typedef struct note_page {
	note_list rows;
	const char *next;
	const char *previous;
} note_page;

static dbw_databases *databases;
static auth_session s;
static dbw_error error;

static int setup(void **state)
{
	dbw_session_options options = { .purpose = "page", .qualifier = "memory" };

	(void)state;
	assert_int_equal(dbw_databases_open(&databases, &fixture_program, NULL, &error), DBW_OK);
	assert_int_equal(dbw__begin(databases, &auth__schema, &options, true, &s.any, &error), DBW_OK);
	assert_int_equal(dbw__create_tables(s.any, &auth__tables), DBW_OK);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	assert_int_equal(dbw__end(s.any), DBW_OK);
	assert_int_equal(dbw_databases_close(databases, &error), DBW_OK);
	return 0;
}

#define TOLD(call, expected, text)                                            \
	do {                                                                  \
		assert_int_equal(call, expected);                             \
		assert_string_equal(dbw_session_error(s.any)->message, text); \
	} while (0)

static const char not_of_this_query[] =
	"user: the page text does not belong to this query; start at the first page";

/* Users with the names a, b, c ... and nothing else that tells them apart but their keys. */
static void add_users(int count)
{
	for (int i = 0; i < count; i++) {
		char name[2] = { (char)('a' + i), '\0' };
		user row = USER_INIT;

		row.name = row.email = name;
		row.created_at = (dbw_timestamp){ 5 };
		assert_int_equal(dbw__insert(s.any, &user__model, &row), DBW_OK);
	}
}

static dbw_status find_page(const user_query *query, const char *from, user_page *page)
{
	return dbw__find_page(s.any, &user__model, query, from, page);
}

/* The names on a page. */
static const char *names(const user_page *page)
{
	static char text[64];

	text[0] = '\0';
	for (size_t i = 0; i < page->rows.count; i++)
		strcat(text, page->rows.items[i].name);
	return text;
}

static char *copy_of(const char *text)
{
	char *copy = malloc(strlen(text) + 1);

	assert_non_null(copy);
	return strcpy(copy, text);
}

/* The text of the page behind the first. */
static char *next_of(const user_query *query)
{
	user_page page;
	char *copy;

	assert_int_equal(find_page(query, NULL, &page), DBW_OK);
	assert_non_null(page.next);
	copy = copy_of(page.next);
	dbw__page_free(&page);
	return copy;
}

static void page__ends_where_the_rows_end(void **state)
{
	const user_query query = { .order_by = { { .created_at = DBW_DESC } }, .limit = 2 };
	user_page first, second, third, back;

	(void)state;
	add_users(5);
	assert_int_equal(find_page(&query, NULL, &first), DBW_OK);
	assert_string_equal(names(&first), "ed"); /* The key goes the way of the last column. */
	assert_null(first.previous);
	assert_int_equal(find_page(&query, first.next, &second), DBW_OK);
	assert_string_equal(names(&second), "cb");
	assert_int_equal(find_page(&query, second.next, &third), DBW_OK);
	assert_string_equal(names(&third), "a");
	assert_null(third.next);
	assert_int_equal(find_page(&query, third.previous, &back), DBW_OK);
	assert_string_equal(names(&back), "cb");
	assert_non_null(back.next);
	dbw__page_free(&back);
	assert_int_equal(find_page(&query, second.previous, &back), DBW_OK);
	assert_string_equal(names(&back), "ed");
	assert_null(back.previous);
	dbw__page_free(&first);
	dbw__page_free(&second);
	dbw__page_free(&third);
	dbw__page_free(&back);
	assert_int_equal(back.rows.count, 0);
	assert_null(back.next);
	dbw__page_free(&back);
	dbw__page_free(NULL);
}

static void page__of_as_many_rows_as_there_are_is_the_last(void **state)
{
	user_page page;

	(void)state;
	add_users(3);
	assert_int_equal(find_page(&(user_query){ .limit = 3 }, NULL, &page), DBW_OK);
	assert_string_equal(names(&page), "abc");
	assert_null(page.next);
	assert_null(page.previous);
	dbw__page_free(&page);
	assert_int_equal(find_page(&(user_query){ .limit = INT64_MAX }, NULL, &page), DBW_OK);
	assert_string_equal(names(&page), "abc");
	assert_null(page.next);
	dbw__page_free(&page);
}

static void page__of_no_rows_is_empty(void **state)
{
	user_page page;

	(void)state;
	assert_int_equal(find_page(&(user_query){ .limit = 3 }, NULL, &page), DBW_OK);
	assert_int_equal(page.rows.count, 0);
	assert_non_null(page.rows.items);
	assert_null(page.next);
	assert_null(page.previous);
	dbw__page_free(&page);
}

/* The rows behind the place are gone, and so is the way on; the way back has the row at the place. */
static void page__whose_rows_were_deleted_leads_back(void **state)
{
	const user_query query = { .limit = 2 };
	user_page page, back, forth;
	char *text;
	int64_t deleted;

	(void)state;
	add_users(4);
	text = next_of(&query);
	assert_int_equal(
		dbw__delete_where(s.any, &user__model, &(user_filter){ .name = dbw_ge("c") }, &deleted),
		DBW_OK);
	assert_int_equal(find_page(&query, text, &page), DBW_OK);
	assert_int_equal(page.rows.count, 0);
	assert_null(page.next);
	assert_int_equal(find_page(&query, page.previous, &back), DBW_OK);
	assert_string_equal(names(&back), "ab");
	assert_null(back.previous);
	/* Nothing is left at all: both ways stay open, and lead to the rows that come. */
	assert_int_equal(dbw__delete_all(s.any, &user__model, &deleted), DBW_OK);
	assert_int_equal(find_page(&query, page.previous, &forth), DBW_OK);
	assert_int_equal(forth.rows.count, 0);
	assert_null(forth.previous);
	dbw__page_free(&page);
	assert_int_equal(find_page(&query, forth.next, &page), DBW_OK);
	assert_int_equal(page.rows.count, 0);
	assert_null(page.next);
	assert_non_null(page.previous);
	dbw__page_free(&page);
	dbw__page_free(&back);
	dbw__page_free(&forth);
	free(text);
}

static void text__goes_through_a_url(void **state)
{
	const user_query query = { .order_by = { { .name = DBW_ASC } }, .limit = 1 };
	char *text;

	(void)state;
	add_users(2);
	text = next_of(&query);
	assert_int_equal(strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
		strlen(text));
	/* Head and checksum, "a" with its end, the id: 20 bytes. */
	assert_int_equal(strlen(text), 27);
	free(text);
}

/* On every machine, in every process, and with every version of the library: this one was made before. */
static void text__is_the_same_everywhere(void **state)
{
	const int64_t ids[] = { 1, 2, 3 };
	const user_query query = { .where = { .id = dbw_in(ids, 3),
					   .name = dbw_starts_with("a"),
					   .balance = dbw_ge(dbw_decimal_of(0, 0)) },
		.order_by = { { .name = DBW_ASC }, { .bio = DBW_DESC }, { .balance = DBW_ASC } },
		.limit = 1 };
	char *text;

	(void)state;
	add_users(1);
	user row = USER_INIT;
	row.name = "ab";
	row.email = "ab";
	assert_int_equal(dbw__insert(s.any, &user__model, &row), DBW_OK);
	text = next_of(&query);
	assert_string_equal(text, "AQDWDnhkzSnmbmEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAQ");
	free(text);
}

/* Every byte of the text becomes every other one; the end mark among them cuts it off. */
static void check_changes(const user_query *query)
{
	char *text = next_of(query);
	const size_t length = strlen(text);
	user_page page;

	for (size_t i = 0; i < length; i++) {
		const char kept = text[i];

		for (int byte = 0; byte < 256; byte++) {
			if ((char)(unsigned char)byte == kept)
				continue;
			text[i] = (char)(unsigned char)byte;
			assert_int_equal(find_page(query, text, &page), DBW_INVALID);
		}
		text[i] = kept;
		assert_string_equal(dbw_session_error(s.any)->message, not_of_this_query);
		assert_int_equal(page.rows.count, 0);
		assert_null(page.next);
	}
	/* The session goes on. */
	assert_int_equal(find_page(query, text, &page), DBW_OK);
	assert_string_equal(names(&page), "cd");
	dbw__page_free(&page);
	free(text);
}

/* The last digit of a text holds 2, 4 or 6 bits, as the bytes are 1, 2 or 3 in a group. */
static void text__with_any_byte_changed_is_refused(void **state)
{
	(void)state;
	add_users(4);
	check_changes(&(user_query){ .limit = 2 });
	check_changes(&(user_query){ .order_by = { { .name = DBW_ASC } }, .limit = 2 });
	check_changes(&(user_query){ .order_by = { { .email = DBW_ASC }, { .name = DBW_ASC } }, .limit = 2 });
	check_changes(&(user_query){ .order_by = { { .bio = DBW_DESC }, { .name = DBW_ASC } }, .limit = 2 });
}

static void text__that_is_none_is_refused(void **state)
{
	const char *const texts[] = { "", "A", "AQ", "page=2", "AQAAAAAAAAAAAA",
		"AQAAAAAAAAAAAA==", "AgAAAAAAAAAAAAAAAAAAAAAAAA", "\xff", "AQAAAAAAAAAAAAAAAAAAAAAAAA AAAA" };
	const user_query query = { .limit = 1 };
	user_page page;
	char *text;
	char *longer;

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		TOLD(find_page(&query, texts[i], &page), DBW_INVALID, not_of_this_query);
	add_users(2);
	text = next_of(&query);
	longer = malloc(strlen(text) + 5);
	assert_non_null(longer);
	strcpy(longer, text);
	for (size_t more = 1; more < 5; more++) {
		strcat(longer, "A");
		TOLD(find_page(&query, longer, &page), DBW_INVALID, not_of_this_query);
	}
	free(longer);
	free(text);
}

static void text__of_another_query_is_refused(void **state)
{
	const int64_t some[] = { 1, 2, 3 }, others[] = { 1, 2, 4 };
	const user_query query = { .where = { .id = dbw_in(some, 3), .name = dbw_lt("z") },
		.order_by = { { .name = DBW_ASC } },
		.limit = 2 };
	const user_query queries[] = {
		{ .where = { .id = dbw_in(others, 3), .name = dbw_lt("z") },
			.order_by = { { .name = DBW_ASC } },
			.limit = 2 },
		{ .where = { .id = dbw_in(some, 3), .name = dbw_lt("y") },
			.order_by = { { .name = DBW_ASC } },
			.limit = 2 },
		{ .where = { .id = dbw_in(some, 3), .name = dbw_le("z") },
			.order_by = { { .name = DBW_ASC } },
			.limit = 2 },
		{ .where = { .id = dbw_in(some, 3), .email = dbw_lt("z") },
			.order_by = { { .name = DBW_ASC } },
			.limit = 2 },
		{ .where = { .id = dbw_in(some, 3) }, .order_by = { { .name = DBW_ASC } }, .limit = 2 },
		{ .where = { .id = dbw_in(some, 3), .name = dbw_lt("z") },
			.order_by = { { .name = DBW_DESC } },
			.limit = 2 },
		{ .where = { .id = dbw_in(some, 3), .name = dbw_lt("z") },
			.order_by = { { .email = DBW_ASC } },
			.limit = 2 },
		{ .where = { .id = dbw_in(some, 3), .name = dbw_lt("z") },
			.order_by = { { .name = DBW_ASC }, { .id = DBW_DESC } },
			.limit = 2 },
		{ .limit = 2 },
	};
	user_page page;
	note_page notes;
	char *text;

	(void)state;
	add_users(3);
	text = next_of(&query);
	for (size_t i = 0; i < sizeof queries / sizeof queries[0]; i++)
		TOLD(find_page(&queries[i], text, &page), DBW_INVALID, not_of_this_query);
	assert_int_equal(
		dbw__find_page(s.any, &note__model, &(note_query){ .limit = 2 }, text, &notes), DBW_INVALID);
	/* The key that is added by itself may be written, too, and a page may have another size. */
	assert_int_equal(find_page(&(user_query){ .where = query.where,
					   .order_by = { { .name = DBW_ASC }, { .id = DBW_ASC },
						   { .email = DBW_ASC } },
					   .limit = 9 },
				 text, &page),
		DBW_OK);
	assert_string_equal(names(&page), "c");
	dbw__page_free(&page);
	free(text);
}

static void note__deleted_or_not_is_part_of_the_query(void **state)
{
	note_query query = { .limit = 1 };
	note_page page;
	char *text;

	(void)state;
	add_users(1);
	for (int i = 0; i < 3; i++) {
		const int64_t id = i;
		const void *const key[] = { &id };
		note row = NOTE_INIT;

		row.title = "t";
		row.user_id = 1;
		assert_int_equal(dbw__insert(s.any, &note__model, &row), DBW_OK);
		if (i == 2)
			assert_int_equal(dbw__delete(s.any, &note__model, DBW_STATEMENT_DELETE, key), DBW_OK);
	}
	assert_int_equal(dbw__find_page(s.any, &note__model, &query, NULL, &page), DBW_OK);
	assert_int_equal(page.rows.items[0].id, 1);
	text = copy_of(page.next);
	dbw__page_free(&page);
	assert_int_equal(dbw__find_page(s.any, &note__model, &query, text, &page), DBW_OK);
	assert_int_equal(page.rows.items[0].id, 3);
	dbw__page_free(&page);
	query.deleted_ = DBW_WITH_DELETED;
	TOLD(dbw__find_page(s.any, &note__model, &query, text, &page), DBW_INVALID,
		"note: the page text does not belong to this query; start at the first page");
	free(text);
}

static void query__without_a_limit_is_misuse(void **state)
{
	user_page page;

	(void)state;
	TOLD(find_page(&(user_query){ .limit = 0 }, NULL, &page), DBW_MISUSE,
		"user: a page needs a limit: how many rows it has");
	TOLD(find_page(NULL, NULL, &page), DBW_MISUSE, "user: a page needs a limit: how many rows it has");
	TOLD(find_page(&(user_query){ .limit = -1 }, NULL, &page), DBW_MISUSE, "user: the limit is negative");
	TOLD(find_page(&(user_query){ .limit = 1, .offset = 1 }, NULL, &page), DBW_MISUSE,
		"user: a page has no offset; its text says where it begins");
	TOLD(find_page(&(user_query){ .limit = 1 }, NULL, NULL), DBW_MISUSE,
		"user: there is no place for the page");
}

/* Nobody can read a sensitive value in a text, nor find it by trying. */
static void column__that_is_sensitive_is_in_no_text(void **state)
{
	dbw_column columns[8];
	dbw_model model = user__model;
	user_page page;
	char *text;

	(void)state;
	add_users(3);
	memcpy(columns, model.columns, sizeof columns);
	columns[2].flags |= DBW_COLUMN_SENSITIVE;
	model.columns = columns;
	TOLD(dbw__find_page(s.any, &model,
		     &(user_query){ .order_by = { { .name = DBW_ASC }, { .email = DBW_ASC } }, .limit = 1 },
		     NULL, &page),
		DBW_MISUSE, "user.email is sensitive, and the text of a page shows the values of its order");
	assert_int_equal(dbw__find_page(s.any, &model,
				 &(user_query){ .where = { .email = dbw_le("b") }, .limit = 1 }, NULL, &page),
		DBW_OK);
	text = copy_of(page.next);
	dbw__page_free(&page);
	assert_int_equal(dbw__find_page(s.any, &model,
				 &(user_query){ .where = { .email = dbw_le("c") }, .limit = 1 }, NULL, &page),
		DBW_OK);
	assert_string_equal(page.next, text);
	dbw__page_free(&page);
	free(text);
}

/* A text needs their values, whether the query names them or leaves them out. */
static void column__of_the_order_is_read_as_well(void **state)
{
	static const uint16_t read[] = { 0, 1, 2, 4, 5, 6, 7 };
	static const uint64_t left_out[] = { 1 << 3 };
	const user_query named = {
		.columns = { .name = true }, .order_by = { { .bio = DBW_ASC } }, .limit = 2
	};
	user_query query = { .order_by = { { .bio = DBW_ASC } }, .limit = 2 };
	dbw_model model = user__model;
	user_page page, next;

	(void)state;
	add_users(3);
	assert_int_equal(find_page(&named, NULL, &page), DBW_OK);
	assert_string_equal(names(&page), "ab");
	assert_true(dbw__row_has(
		&user__model, &page.rows.items[1], &(user_columns){ .id = true, .name = true, .bio = true }));
	assert_false(dbw__row_has(&user__model, &page.rows.items[1], &(user_columns){ .email = true }));
	/* What is read does not count for what a text belongs to. */
	assert_int_equal(find_page(&query, page.next, &next), DBW_OK);
	assert_string_equal(names(&next), "c");
	assert_true(dbw__row_has(&user__model, &next.rows.items[0], &(user_columns){ .email = true }));
	dbw__page_free(&next);
	dbw__page_free(&page);

	/* As for a field that is declared to be loaded on demand. */
	model.read = read;
	model.read_count = sizeof read / sizeof read[0];
	model.left_out = left_out;
	assert_int_equal(dbw__find_page(s.any, &model, &query, NULL, &page), DBW_OK);
	assert_true(dbw__row_has(&model, &page.rows.items[0], &(user_columns){ .email = true, .bio = true }));
	assert_int_equal(dbw__find_page(s.any, &model, &query, page.next, &next), DBW_OK);
	assert_string_equal(names(&next), "c");
	dbw__page_free(&next);
	dbw__page_free(&page);
}

/* Values */

static const uint64_t identity = 42;

/* A request whose order has every column of `everything` but those that are json. */
static dbw_model ordered_by_everything(uint16_t *numbers)
{
	dbw_model model = everything__model;

	model.key = numbers;
	model.key_count = 0;
	for (uint16_t i = 0; i < model.column_count; i++)
		if (model.columns[i].kind != DBW_KIND_JSON)
			numbers[model.key_count++] = i;
	return model;
}

/* The values of a row, in a text and out of it again. */
static void check_row(const everything *row)
{
	uint16_t numbers[EVERYTHING__COLUMN_COUNT];
	const dbw_model model = ordered_by_everything(numbers);
	dbw_arena *arena = dbw_arena_new(0);
	dbw_value values[EVERYTHING__COLUMN_COUNT], expected;
	dbw__page_order order;
	dbw__page_seal seal = { .included = true }, opened;
	dbw__request request;
	dbw_text_buffer bytes;
	const char *text;

	assert_non_null(arena);
	dbw__request_init(&request, &model, DBW_SQLITE, DBW__REQUEST_PAGE, arena);
	assert_int_equal(dbw__request_page(&request, NULL, &order, &error), DBW_OK);
	assert_int_equal(order.count, model.key_count);
	dbw_text_init(&bytes, NULL, 0);
	dbw__page_values_write(&request, &order, row, &bytes);
	assert_false(bytes.failed);
	seal.bytes = bytes.data;
	seal.size = bytes.length;
	text = dbw__page_text_make(&seal, identity, arena);
	assert_non_null(text);
	assert_int_equal(dbw__page_text_open(text, identity + 1, arena, &opened), DBW_INVALID);
	assert_int_equal(dbw__page_text_open(text, identity, arena, &opened), DBW_OK);
	assert_true(opened.included && !opened.backward);
	assert_true(dbw__page_values_read(&request, &order, &opened, values));
	for (size_t i = 0; i < order.count; i++) {
		const dbw_column *column = &model.columns[dbw__page_column(&request, &order, i)];

		assert_int_equal(dbw__encode_member(&model, column, (const char *)row + column->offset,
					 &expected, &error),
			DBW_OK);
		assert_int_equal(values[i].kind, expected.kind);
		assert_int_equal(values[i].size, expected.size);
		assert_ptr_equal(values[i].column, column);
		switch (expected.kind) {
		case 0: break;
		case DBW_KIND_TEXT:
			assert_string_equal((const char *)values[i].as.data, (const char *)expected.as.data);
			break;
		case DBW_KIND_BYTES:
			assert_memory_equal(values[i].as.data, expected.as.data, expected.size);
			break;
		case DBW_KIND_DECIMAL:
			assert_true(values[i].as.decimal.high == expected.as.decimal.high &&
				    values[i].as.decimal.low == expected.as.decimal.low &&
				    values[i].as.decimal.scale == expected.as.decimal.scale);
			break;
		case DBW_KIND_UUID:
			assert_memory_equal(&values[i].as.uuid, &expected.as.uuid, sizeof(dbw_uuid));
			break;
		case DBW_KIND_FLOAT32:
		case DBW_KIND_FLOAT64: assert_true(values[i].as.real == expected.as.real); break;
		default: assert_true(values[i].as.integer == expected.as.integer); break;
		}
	}
	/* Bytes that are too few, or too many, are no values. */
	for (size_t size = 0; size < opened.size; size++) {
		const dbw__page_seal shorter = { .bytes = opened.bytes, .size = size };

		assert_false(dbw__page_values_read(&request, &order, &shorter, values));
	}
	opened.size++;
	assert_false(dbw__page_values_read(&request, &order, &opened, values));
	dbw_text_clear(&bytes);
	dbw__request_clear(&request);
	dbw_arena_free(arena);
}

static void values__of_every_kind_come_back(void **state)
{
	const dbw_uuid uuid = { { 1, 0, 0xff } };
	everything row = { .id = INT64_MIN,
		.a_bool = true,
		.a_int16 = INT16_MIN,
		.a_int32 = INT32_MIN,
		.a_int64 = INT64_MAX,
		.a_float32 = -INFINITY,
		.a_float64 = INFINITY,
		.a_decimal = dbw_decimal_of(-12345, 4),
		.a_string = "",
		.a_bytes = dbw_bytes_of("", 0),
		.a_timestamp = { -1 },
		.a_date = { -1 },
		.a_time = { 0 },
		.a_uuid = uuid,
		.a_json = "1",
		.a_enum = USER_ROLE_ADMIN,
		.t_decimal = dbw_decimal_of(INT64_MIN, 10),
		.t_timestamp = { INT64_C(1700000000123456) },
		.t_date = { 20000 },
		.t_time = { INT64_C(86399999999) },
		.t_uuid = uuid };

	(void)state;
	check_row(&row);
	row.n_bool = dbw_some_bool(false);
	row.n_int16 = dbw_some_i16(INT16_MAX);
	row.n_int32 = dbw_some_i32(INT32_MAX);
	row.n_int64 = dbw_some_i64(0);
	row.n_float32 = dbw_some_f32(FLT_MIN);
	row.n_float64 = dbw_some_f64(-DBL_MAX);
	row.n_decimal = dbw_some_decimal(dbw_decimal_of(1, 4));
	row.n_string = "\xc3\xa9\xf0\x9f\x8c\xb3";
	row.n_bytes = dbw_bytes_of("\0a\0", 3);
	row.n_timestamp = dbw_some_timestamp((dbw_timestamp){ 0 });
	row.n_date = dbw_some_date((dbw_date){ 0 });
	row.n_time = dbw_some_time((dbw_time){ 1 });
	row.n_uuid = dbw_some_uuid(uuid);
	row.n_enum = (user_role_opt){ true, USER_ROLE_MEMBER };
	check_row(&row);
}

/* A request ordered by one column of `everything`, and whether these bytes are a value of it. */
static bool takes(size_t offset, const char *bytes, size_t size)
{
	dbw_model model = everything__model;
	uint16_t number = 0;
	dbw_arena *arena = dbw_arena_new(0);
	const dbw__page_seal seal = { .bytes = bytes, .size = size };
	dbw__request request;
	dbw__page_order order;
	dbw_value value;
	bool taken;

	assert_non_null(arena);
	while (model.columns[number].offset != offset)
		number++;
	model.key = &number;
	dbw__request_init(&request, &model, DBW_SQLITE, DBW__REQUEST_PAGE, arena);
	assert_int_equal(dbw__request_page(&request, NULL, &order, &error), DBW_OK);
	taken = dbw__page_values_read(&request, &order, &seal, &value);
	dbw__request_clear(&request);
	dbw_arena_free(arena);
	return taken;
}

#define TAKES(member, bytes) takes(offsetof(everything, member), bytes, sizeof(bytes) - 1)

static void values__that_a_column_cannot_have_are_refused(void **state)
{
	(void)state;
	assert_true(TAKES(a_bool, "\0\0\0\0\0\0\0\1"));
	assert_false(TAKES(a_bool, "\0\0\0\0\0\0\0\2"));
	assert_true(TAKES(a_int16, "\xff\xff\xff\xff\xff\xff\x80\0"));
	assert_false(TAKES(a_int16, "\xff\xff\xff\xff\xff\xff\x7f\xff"));
	assert_false(TAKES(a_int32, "\0\0\0\0\x80\0\0\0"));
	assert_true(TAKES(a_float64, "\x7f\xf0\0\0\0\0\0\0"));
	assert_false(TAKES(a_float64, "\x7f\xf8\0\0\0\0\0\0"));
	/* No float is as large as this double. */
	assert_false(TAKES(a_float32, "\x7f\xe0\0\0\0\0\0\0"));
	assert_false(TAKES(a_timestamp, "\x7f\xff\xff\xff\xff\xff\xff\xff"));
	assert_false(TAKES(a_date, "\0\0\0\1\0\0\0\0"));
	assert_false(TAKES(a_time, "\xff\xff\xff\xff\xff\xff\xff\xff"));
	assert_true(TAKES(a_enum, "\0\0\0\0\0\0\0\2"));
	assert_false(TAKES(a_enum, "\0\0\0\0\0\0\0\3"));
	assert_false(TAKES(a_enum, "\0\0\0\0\0\0\0\0"));
	assert_false(TAKES(a_enum, "\0\0\0\1\0\0\0\1"));
	assert_true(TAKES(a_string, "a\0"));
	assert_false(TAKES(a_string, "a"));
	assert_false(TAKES(a_string, "\xff\0"));
	assert_false(TAKES(a_string, "a\0b\0"));
	assert_true(TAKES(a_bytes, "\0\0\0\2ab"));
	assert_false(TAKES(a_bytes, "\0\0\0\3ab"));
	assert_false(TAKES(a_bytes, "\xff\xff\xff\xff"));
	assert_false(TAKES(a_decimal, "\x7f\xff\xff\xff\xff\xff\xff\xff\0\0\0\0\0\0\0\0"));
	assert_true(TAKES(n_string, "\0"));
	assert_true(TAKES(n_string, "\1a\0"));
	assert_false(TAKES(n_string, "\2a\0"));
	assert_false(TAKES(n_string, ""));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(page__ends_where_the_rows_end),
		TEST(page__of_as_many_rows_as_there_are_is_the_last),
		TEST(page__of_no_rows_is_empty),
		TEST(page__whose_rows_were_deleted_leads_back),
		TEST(text__goes_through_a_url),
		TEST(text__is_the_same_everywhere),
		TEST(text__with_any_byte_changed_is_refused),
		TEST(text__that_is_none_is_refused),
		TEST(text__of_another_query_is_refused),
		TEST(note__deleted_or_not_is_part_of_the_query),
		TEST(query__without_a_limit_is_misuse),
		TEST(column__that_is_sensitive_is_in_no_text),
		TEST(column__of_the_order_is_read_as_well),
		cmocka_unit_test(values__of_every_kind_come_back),
		cmocka_unit_test(values__that_a_column_cannot_have_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

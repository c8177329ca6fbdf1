/* Cursors on a server: their rows come in pieces, so that memory holds no more than one of them. */
#include "fresh.h"
#include "proxy.h"
#include "through.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <malloc.h>

/* What the program has allocated and not freed. */
#ifdef __SANITIZE_ADDRESS__
#define WITH_SANITIZER
#elif defined __has_feature
#if __has_feature(address_sanitizer)
#define WITH_SANITIZER
#endif
#endif
#ifdef WITH_SANITIZER
size_t __sanitizer_get_current_allocated_bytes(void);

static size_t allocated(void)
{
	return __sanitizer_get_current_allocated_bytes();
}
#else
static size_t allocated(void)
{
	const struct mallinfo2 all = mallinfo2();

	return all.uordblks + all.hblkhd;
}
#endif

/* Has the server make users 1 to `count`; a biography has `size` bytes. */
static void fill(int count, int size)
{
	char sql[512];

	snprintf(sql, sizeof sql,
		"INSERT INTO users (name, email, bio, created_at, token) SELECT 'Ada', 'mail-' || n, "
		"repeat('x', %d), now(), gen_random_uuid() FROM generate_series(1, %d) AS n",
		size, count);
	assert_true(fresh_run("store", sql));
}

#define assert_ok(call, session)                                                              \
	do {                                                                                  \
		if ((call) != DBW_OK)                                                         \
			fail_msg("%s: %s", #call, dbw_session_error((session).any)->message); \
	} while (0)

static const user_query in_order = { .order_by = { { .id = DBW_ASC } } };

/* Reads a cursor to its end: the rows from `first` on. How many there were. */
static int64_t read_to_the_end(store_reader r, user_cursor *cursor, int64_t first)
{
	int64_t count = 0;
	const user *row;

	for (;;) {
		assert_ok(user_cursor_next(cursor, &row), r);
		if (row == NULL)
			return count;
		assert_int_equal(row->id, first + count);
		assert_int_equal(row->email[4], '-');
		count++;
	}
}

static void memory__does_not_grow_with_rows(void **state)
{
	enum { ROWS = 300000, MOST = 2 << 20 };
	store_reader r;
	user_cursor cursor;
	const user *row;
	size_t before, most = 0;
	int64_t count = 0;

	(void)state;
	open_store(NULL);
	fill(ROWS, 100);
	r = begin_reading();
	before = allocated();
	assert_ok(user_cursor_open(r, &in_order, &cursor), r);
	for (;;) {
		assert_ok(user_cursor_next(&cursor, &row), r);
		if (row == NULL)
			break;
		assert_int_equal(row->id, ++count);
		if (count % 100 == 0 && allocated() > most)
			most = allocated();
	}
	assert_int_equal(count, ROWS);
	/* All of it would be more than 30 MB of biographies alone. */
	assert_in_range(most, before, before + MOST);
	user_cursor_close(&cursor);
	assert_int_equal(store_read_end(r), DBW_OK);
}

/* Large rows come fewer at a time; how large they are is known after the first piece. */
static void memory__does_not_grow_with_the_size_of_rows(void **state)
{
	enum { ROWS = 400, FIRST = 64, SIZE = 100000, MOST = 2 << 20 };
	store_reader r;
	user_cursor cursor;
	const user *row;
	size_t before, most = 0;
	int64_t count = 0;

	(void)state;
	open_store(NULL);
	fill(ROWS, SIZE);
	r = begin_reading();
	before = allocated();
	assert_ok(user_cursor_open(r, &in_order, &cursor), r);
	for (;;) {
		assert_ok(user_cursor_next(&cursor, &row), r);
		if (row == NULL)
			break;
		assert_int_equal(row->id, ++count);
		assert_int_equal(strlen(row->bio), SIZE);
		if (count > FIRST && allocated() > most)
			most = allocated();
	}
	assert_int_equal(count, ROWS);
	assert_in_range(most, before, before + MOST);
	user_cursor_close(&cursor);
	assert_int_equal(store_read_end(r), DBW_OK);
}

/* A list has its texts where the answer of the server is, which is the list's own: session and connection may go. */
static void list__outlives_its_connection(void **state)
{
	store_reader r;
	user_list lists[2];

	(void)state;
	open_store(NULL);
	fill(500, 3);
	r = begin_reading();
	for (int i = 0; i < 2; i++)
		assert_ok(user_find(r, &in_order, &lists[i]), r);
	assert_int_equal(store_read_end(r), DBW_OK);
	proxy_cut();
	r = begin_reading();
	assert_int_equal(store_read_end(r), DBW_OK);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(lists[i].count, 500);
		for (size_t j = 0; j < lists[i].count; j++) {
			char email[32];

			snprintf(email, sizeof email, "mail-%zu", j + 1);
			assert_string_equal(lists[i].items[j].email, email);
			assert_string_equal(lists[i].items[j].bio, "xxx");
			assert_false(lists[i].items[j].wakes.has);
		}
		user_list_free(&lists[i]);
	}
}

/* Numbers of rows at which a piece is full, or the next one is empty. */
static void pieces__have_all_rows(void **state)
{
	static const int counts[] = { 0, 1, 63, 64, 65, 319, 320, 321, 501 };
	store_reader r;
	user_cursor cursor;

	(void)state;
	open_store(NULL);
	fill(501, 1);
	r = begin_reading();
	for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
		user_query query = in_order;

		query.where.id = dbw_le(counts[i]);
		assert_ok(user_cursor_open(r, &query, &cursor), r);
		assert_int_equal(read_to_the_end(r, &cursor, 1), counts[i]);
		assert_int_equal(read_to_the_end(r, &cursor, 1), 0);
		user_cursor_close(&cursor);
	}
	assert_int_equal(store_read_end(r), DBW_OK);
}

/* Everything else may be read while rows are left to come, by a reader and by a writer. */
static void others__read_in_between(void **state)
{
	store_session s;
	store_reader r;
	user_cursor outer, inner;
	const user *left, *right;
	user *found;
	user_list list;
	int64_t count;

	(void)state;
	open_store(NULL);
	fill(2000, 1);
	s = begin();
	for (int turn = 0; turn < 2; turn++) {
		r = turn == 0 ? begin_reading() : s.read;
		assert_ok(user_cursor_open(r, &in_order, &outer), r);
		for (int64_t i = 1; i <= 600; i++) {
			assert_ok(user_cursor_next(&outer, &left), r);
			assert_int_equal(left->id, i);
			if (i % 150 != 0)
				continue;
			assert_ok(user_cursor_open(r, &in_order, &inner), r);
			for (int64_t j = 1; j <= 300; j++) {
				assert_ok(user_cursor_next(&inner, &right), r);
				assert_int_equal(right->id, j);
			}
			user_cursor_close(&inner);
			assert_ok(user_find_by_id(r, 1000 + i, &found), r);
			assert_int_equal(found->id, 1000 + i);
			user_free(found);
			assert_ok(user_count(r, NULL, &count), r);
			assert_int_equal(count, 2000);
			assert_ok(user_find(r, &in_order, &list), r);
			assert_int_equal(list.count, 2000);
			user_list_free(&list);
			/* The outer row stands. */
			assert_int_equal(left->id, i);
		}
		assert_int_equal(read_to_the_end(r, &outer, 601), 1400);
		user_cursor_close(&outer);
		if (turn == 0)
			assert_int_equal(store_read_end(r), DBW_OK);
	}
	/* And the writer goes on to write. */
	insert_in(s, "another");
	assert_int_equal(store_commit(s), DBW_OK);
}

/* A cursor has the rows of its beginning, whatever is committed later. */
static void rows__are_those_of_one_moment(void **state)
{
	store_reader r;
	user_cursor cursor;
	const user *row;

	(void)state;
	open_store(NULL);
	fill(2000, 1);
	r = begin_reading();
	assert_ok(user_cursor_open(r, &in_order, &cursor), r);
	assert_ok(user_cursor_next(&cursor, &row), r);
	assert_true(fresh_run("store", "DELETE FROM users WHERE id > 1"));
	assert_int_equal(read_to_the_end(r, &cursor, 2), 1999);
	user_cursor_close(&cursor);
	assert_int_equal(store_read_end(r), DBW_OK);
}

/* Cursors that are broken off, in nested sessions too, leave nothing behind on the server. */
static void closed__cursors_are_closed_on_the_server(void **state)
{
	store_session s, inner;
	user_cursor cursor;
	const user *row;
	dbw_records records;
	int64_t open = -1;

	(void)state;
	open_store(NULL);
	fill(2000, 1);
	s = begin();
	for (int i = 0; i < 100; i++) {
		const bool nested = i % 3 == 0;

		if (nested)
			assert_ok(store_nest(s, "inner", &inner), s);
		else
			inner = s;
		if (i % 5 == 0)
			insert_in(inner, "mail");
		assert_ok(user_cursor_open(inner.read, &in_order, &cursor), inner);
		assert_ok(user_cursor_next(&cursor, &row), inner);
		if (i % 2 == 0)
			user_cursor_close(&cursor);
		if (i % 5 == 0) {
			user_cursor_close(&cursor);
			assert_ok(user_delete_where(inner, &(user_filter){ .email = dbw_eq("mail") }, &open),
				inner);
			assert_int_equal(open, 1);
		}
		if (nested)
			assert_int_equal(i % 2 == 0 ? store_commit(inner) : store_end(inner), DBW_OK);
		user_cursor_close(&cursor);
	}
	assert_ok(dbw_sql(s.any, DBW_SQL("SELECT count(*) FROM pg_cursors WHERE name LIKE 'dbw_%'"), NULL, 0,
			  &records),
		s);
	assert_int_equal(dbw_records_int64(&records, 0, 0, &open), DBW_OK);
	assert_int_equal(open, 0);
	dbw_records_free(&records);
	assert_int_equal(store_commit(s), DBW_OK);
}

/* Many that are closed with nothing in between. */
static void closed__many_at_once(void **state)
{
	enum { MANY = 100 };
	store_reader r;
	user_cursor cursors[MANY];
	const user *row;
	int64_t count;

	(void)state;
	open_store(NULL);
	fill(300, 1);
	r = begin_reading();
	for (int turn = 0; turn < 2; turn++) {
		for (int i = 0; i < MANY; i++)
			assert_ok(user_cursor_open(r, &in_order, &cursors[i]), r);
		for (int i = 0; i < MANY; i++)
			assert_ok(user_cursor_next(&cursors[i], &row), r);
		for (int i = 0; i < MANY; i++)
			user_cursor_close(&cursors[i]);
		assert_ok(user_count(r, NULL, &count), r);
		assert_int_equal(count, 300);
	}
	assert_int_equal(store_read_end(r), DBW_OK);
}

static void trips__are_one_for_each_piece(void **state)
{
	store_session s;
	store_reader r;
	user_cursor cursor;
	const user *row;

	(void)state;
	open_store(NULL);
	fill(100, 1);
	for (int turn = 0; turn < 2; turn++) {
		proxy_trips();
		r = begin_reading();
		assert_ok(user_cursor_open(r, &(user_query){ .limit = 50 }, &cursor), r);
		for (int i = 0; i <= 50; i++)
			assert_ok(user_cursor_next(&cursor, &row), r);
		assert_null(row);
		user_cursor_close(&cursor);
		/* BEGIN, the cursor and its first rows. */
		if (turn == 1)
			assert_int_equal(proxy_trips(), 1);
		/* The end of the transaction, which closes it. */
		assert_int_equal(store_read_end(r), DBW_OK);
		if (turn == 1)
			assert_int_equal(proxy_trips(), 1);
		proxy_trips();
		s = begin();
		assert_ok(user_cursor_open(s.read, &(user_query){ .limit = 50 }, &cursor), s);
		assert_ok(user_cursor_next(&cursor, &row), s);
		user_cursor_close(&cursor);
		insert_in(s, turn == 0 ? "a" : "b");
		assert_int_equal(store_commit(s), DBW_OK);
		if (turn == 1)
			assert_int_equal(proxy_trips(), 3);
	}
}

/* What fails on the way ends the cursor; a reader begins anew, a writer has failed. */
static void failure__on_the_way(void **state)
{
	const dbw_setting settings[] = { { "operation_timeout_ms", "400" }, { NULL, NULL } };
	store_session s;
	user_cursor cursor;
	const user *row;
	dbw_status status = DBW_OK;

	(void)state;
	open_store(settings);
	fill(2000, 1);
	s = begin();
	assert_ok(user_cursor_open(s.read, &in_order, &cursor), s);
	assert_ok(user_cursor_next(&cursor, &row), s);
	proxy_freeze(1);
	for (int i = 1; i < 2000 && status == DBW_OK; i++)
		status = user_cursor_next(&cursor, &row);
	assert_int_equal(status, DBW_TIMEOUT);
	assert_null(row);
	assert_int_equal(user_cursor_next(&cursor, &row), DBW_ENDED);
	user_cursor_close(&cursor);
	assert_int_equal(store_commit(s), DBW_SESSION_FAILED);
	store_end(s);
	proxy_freeze(0);
	s = begin();
	assert_ok(user_cursor_open(s.read, &in_order, &cursor), s);
	assert_int_equal(read_to_the_end(s.read, &cursor, 1), 2000);
	assert_int_equal(store_commit(s), DBW_OK);
}

/* Behind a pooler nothing is prepared, and several cursors are open at once all the same. */
static void pooler__streams_as_well(void **state)
{
	const dbw_setting settings[] = { { "pooler", "transaction" }, { NULL, NULL } };
	store_reader r;
	user_cursor one, other;
	const user *row;
	user_query from_there = in_order;

	(void)state;
	open_store(settings);
	fill(1500, 1);
	r = begin_reading();
	from_there.where.id = dbw_gt(1000);
	assert_ok(user_cursor_open(r, &in_order, &one), r);
	assert_ok(user_cursor_open(r, &from_there, &other), r);
	assert_ok(user_cursor_next(&one, &row), r);
	assert_int_equal(row->id, 1);
	assert_int_equal(read_to_the_end(r, &other, 1001), 500);
	assert_int_equal(read_to_the_end(r, &one, 2), 1499);
	assert_int_equal(store_read_end(r), DBW_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(memory__does_not_grow_with_rows, close_store),
		cmocka_unit_test_teardown(memory__does_not_grow_with_the_size_of_rows, close_store),
		cmocka_unit_test_teardown(list__outlives_its_connection, close_store),
		cmocka_unit_test_teardown(pieces__have_all_rows, close_store),
		cmocka_unit_test_teardown(others__read_in_between, close_store),
		cmocka_unit_test_teardown(rows__are_those_of_one_moment, close_store),
		cmocka_unit_test_teardown(closed__cursors_are_closed_on_the_server, close_store),
		cmocka_unit_test_teardown(closed__many_at_once, close_store),
		cmocka_unit_test_teardown(trips__are_one_for_each_piece, close_store),
		cmocka_unit_test_teardown(failure__on_the_way, close_store),
		cmocka_unit_test_teardown(pooler__streams_as_well, close_store),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

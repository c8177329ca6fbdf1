/* Rows that a writer locks, and what other sessions see of that. */
#include "opened.h"

static const dbw_lock locks[] = { DBW_FOR_UPDATE, DBW_FOR_UPDATE_SKIP_LOCKED, DBW_FOR_UPDATE_NO_WAIT };

/* Ada, Bob and Cyd. */
static void add_people(void **state)
{
	store_session s = begin(state, "add people");
	user people[] = { new_user("Ada", "a@example.com"), new_user("Bob", "b@example.com"),
		new_user("Cyd", "c@example.com") };

	assert_ok(user_insert_many(s, people, 3), s);
	assert_ok(store_commit(s), s);
}

/* By name, with a lock. */
static user_query by_name(dbw_lock lock)
{
	return (user_query){ .order_by = { { .name = DBW_ASC } }, .lock_ = lock };
}

/* The first letters of those that a query finds. */
static const char *initials(store_session s, const user_query *query)
{
	static char letters[8];
	size_t length = 0;
	user_list list;

	assert_ok(user_find(s.read, query, &list), s);
	user_each(each, &list) letters[length++] = each->name[0];
	letters[length] = '\0';
	user_list_free(&list);
	return letters;
}

/* Locks the first by name that is not locked. */
static void take(store_session s, const char *name)
{
	const user_query query = by_name(DBW_FOR_UPDATE_SKIP_LOCKED);
	user *found;

	assert_ok(user_find_one(s.read, &query, &found), s);
	assert_string_equal(found->name, name);
	user_free(found);
}

static void locks__are_granted_to_a_writer(void **state)
{
	store_session s;

	add_people(state);
	s = begin(state, "lock");
	for (size_t i = 0; i < sizeof locks / sizeof locks[0]; i++) {
		user_query query = by_name(locks[i]);
		user_cursor cursor;
		const user *row;
		user *found;

		assert_string_equal(initials(s, &query), "ABC");
		query.columns.name = true;
		query.offset = 1;
		assert_string_equal(initials(s, &query), "BC");
		assert_ok(user_cursor_open(s.read, &query, &cursor), s);
		assert_ok(user_cursor_next(&cursor, &row), s);
		assert_string_equal(row->name, "Bob");
		user_cursor_close(&cursor);
		assert_ok(user_find_one(s.read, &query, &found), s);
		found->name = "Bob";
		assert_ok(user_update(s, found, (user_columns){ .name = true }), s);
		user_free(found);
	}
	assert_ok(store_commit(s), s);
}

static void locks__are_not_for_readers(void **state)
{
	static const char said[] = "user: a reader locks no rows; ask in a session that writes";
	store_reader r;

	add_people(state);
	r = begin_reading(state, "lock");
	for (size_t i = 0; i < sizeof locks / sizeof locks[0]; i++) {
		const user_query query = by_name(locks[i]);
		user_cursor cursor;
		user_list list;
		user *found;

		assert_refused(user_find(r, &query, &list), DBW_MISUSE, r, said);
		assert_refused(user_find_one(r, &query, &found), DBW_MISUSE, r, said);
		assert_refused(user_cursor_open(r, &query, &cursor), DBW_MISUSE, r, said);
	}
	store_read_end(r);
}

static void locks__are_for_rows_that_are_found(void **state)
{
	static const char said[] = "user: .lock_ is for find, find_one and cursors";
	store_session s;
	user_query query = by_name(DBW_FOR_UPDATE);
	user_page some;
	int64_t count;
	bool exists;

	add_people(state);
	s = begin(state, "lock");
	query.limit = 2;
	assert_refused(user_count(s.read, &query, &count), DBW_MISUSE, s, said);
	assert_refused(user_exists(s.read, &query, &exists), DBW_MISUSE, s, said);
	assert_refused(user_find_page(s.read, &query, NULL, &some), DBW_MISUSE, s, said);
	query.lock_ = (dbw_lock)4;
	assert_refused(user_count(s.read, &query, &count), DBW_MISUSE, s,
		"user: .lock_ is none of the numbers of dbw_lock");
	/* Nothing was sent: the session goes on. */
	query.lock_ = DBW_FOR_UPDATE;
	assert_string_equal(initials(s, &query), "AB");
	assert_ok(store_commit(s), s);
}

static void skip_locked__passes_over(void **state)
{
	store_session s, other;
	user_query query = by_name(DBW_FOR_UPDATE_SKIP_LOCKED);
	user *found;

	/* One writer at a time. */
	if (!fresh_on_postgresql())
		skip();
	add_people(state);
	s = begin(state, "take one");
	take(s, "Ada");
	other = begin(state, "take another");
	take(other, "Bob");
	assert_string_equal(initials(other, &query), "BC");
	query.where.name = dbw_eq("Ada");
	assert_int_equal(user_find_one(other.read, &query, &found), DBW_NOT_FOUND);
	assert_null(found);
	/* What is locked can be read. */
	query.lock_ = DBW_NOT_LOCKED;
	assert_string_equal(initials(other, &query), "A");
	/* The end of the session frees its rows. */
	store_end(s);
	query.lock_ = DBW_FOR_UPDATE_SKIP_LOCKED;
	assert_string_equal(initials(other, &query), "A");
	assert_ok(store_commit(other), other);
}

static void no_wait__is_busy(void **state)
{
	store_session s, other, inner;
	const user_query query = by_name(DBW_FOR_UPDATE_NO_WAIT);
	user_list list;
	user *found;

	if (!fresh_on_postgresql())
		skip();
	add_people(state);
	s = begin(state, "take one");
	take(s, "Ada");
	other = begin(state, "want all");
	/* In a nested session it can be tried. */
	assert_ok(store_nest(other, "try", &inner), other);
	assert_int_equal(user_find(inner.read, &query, &list), DBW_BUSY);
	assert_string_equal(dbw_session_error(inner.any)->sqlstate, "55P03");
	assert_int_equal(list.count, 0);
	assert_int_equal(user_find(inner.read, NULL, &list), DBW_SESSION_FAILED);
	store_end(inner);
	take(other, "Bob");
	assert_int_equal(user_find_one(other.read, &query, &found), DBW_BUSY);
	assert_null(found);
	assert_int_equal(user_find(other.read, NULL, &list), DBW_SESSION_FAILED);
	assert_int_equal(store_commit(other), DBW_SESSION_FAILED);
	store_end(other);
	assert_ok(store_commit(s), s);
	s = begin(state, "nobody else");
	assert_string_equal(initials(s, &query), "ABC");
	assert_ok(store_commit(s), s);
}

static void for_update__waits(void **state)
{
	const dbw_session_options options = { .purpose = "wait", .deadline_ms = 200 };
	const user_query query = by_name(DBW_FOR_UPDATE);
	store_session s, other;
	user_list list;

	if (!fresh_on_postgresql())
		skip();
	add_people(state);
	s = begin(state, "take one");
	take(s, "Ada");
	assert_int_equal(store_begin_with(*state, &options, &other, NULL), DBW_OK);
	assert_int_equal(user_find(other.read, &query, &list), DBW_TIMEOUT);
	store_end(other);
	store_end(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(locks__are_granted_to_a_writer),
		CASE(locks__are_not_for_readers),
		CASE(locks__are_for_rows_that_are_found),
		CASE(skip_locked__passes_over),
		CASE(no_wait__is_busy),
		CASE(for_update__waits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

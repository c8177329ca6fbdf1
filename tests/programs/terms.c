/* What sessions may ask for: to hear of their end, an isolation, a deadline; and to be cancelled. */
#include "opened.h"

#include <pthread.h>
#include <unistd.h>

/* Longer than any test waits. */
static const char endless[] =
	"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT 1 FROM n) SELECT count(*) FROM n";

static char heard[256];

static void note(dbw_status outcome, void *argument)
{
	const size_t length = strlen(heard);

	snprintf(heard + length, sizeof heard - length, "%s%s:%s", length == 0 ? "" : " ",
		(const char *)argument, outcome == DBW_OK ? "kept" : dbw_status_name(outcome));
}

/* Texts of one letter each, which may be written as far as C knows. */
static char letters[][2] = { "a", "b", "c", "d", "e", "f" };

static void ask(store_session s, char commit, char rollback)
{
	assert_ok(dbw_after_commit(s.any, note, letters[commit - 'a']), s);
	assert_ok(dbw_after_rollback(s.any, note, letters[rollback - 'a']), s);
}

static void after__one_of_two_is_called(void **state)
{
	store_session s = begin(state, "committed");
	user row = new_user("Ada", "ada@example.com"), other = row;

	heard[0] = '\0';
	ask(s, 'a', 'b');
	ask(s, 'c', 'd');
	assert_ok(user_insert(s, &row), s);
	assert_string_equal(heard, "");
	assert_ok(store_commit(s), s);
	assert_string_equal(heard, "a:kept c:kept");

	heard[0] = '\0';
	s = begin(state, "ended");
	ask(s, 'a', 'b');
	store_end(s);
	assert_string_equal(heard, "b:DBW_ENDED");

	heard[0] = '\0';
	s = begin(state, "failed");
	ask(s, 'a', 'b');
	assert_int_equal(user_insert(s, &other), DBW_CONFLICT);
	assert_int_equal(dbw_after_commit(s.any, note, NULL), DBW_SESSION_FAILED);
	assert_int_equal(store_commit(s), DBW_SESSION_FAILED);
	assert_string_equal(heard, "");
	store_end(s);
	assert_string_equal(heard, "b:DBW_CONFLICT");

	heard[0] = '\0';
	s = begin(state, "none");
	assert_ok(store_commit(s), s);
	assert_string_equal(heard, "");
}

static void after__nested_sessions(void **state)
{
	store_session s = begin(state, "outer"), inner;

	heard[0] = '\0';
	ask(s, 'a', 'b');
	assert_ok(store_nest(s, "kept", &inner), s);
	ask(inner, 'c', 'd');
	assert_int_equal(dbw_after_commit(s.any, note, NULL), DBW_MISUSE);
	assert_ok(store_commit(inner), inner);
	assert_ok(store_nest(s, "undone", &inner), s);
	ask(inner, 'e', 'f');
	store_end(inner);
	assert_string_equal(heard, "");
	assert_ok(store_commit(s), s);
	assert_string_equal(heard, "a:kept c:kept f:DBW_ENDED");

	heard[0] = '\0';
	s = begin(state, "outer");
	assert_ok(store_nest(s, "kept in vain", &inner), s);
	ask(inner, 'a', 'b');
	assert_ok(store_commit(inner), inner);
	store_end(s);
	assert_string_equal(heard, "b:DBW_ENDED");
}

static void begin_another(dbw_status outcome, void *argument)
{
	store_session s;
	user row = new_user("Bob", "bob@example.com");

	assert_int_equal(outcome, DBW_OK);
	assert_int_equal(store_begin(argument, "afterwards", &s, NULL), DBW_OK);
	assert_ok(user_insert(s, &row), s);
	assert_ok(store_commit(s), s);
}

static void after__a_new_session(void **state)
{
	store_session s = begin(state, "first");
	store_reader r;
	int64_t count;

	assert_ok(dbw_after_commit(s.any, begin_another, *state), s);
	assert_ok(store_commit(s), s);
	assert_int_equal(dbw_after_commit(s.any, note, NULL), DBW_ENDED);
	r = begin_reading(state, "count");
	assert_int_equal(dbw_after_commit(r.any, note, NULL), DBW_MISUSE);
	assert_ok(user_count(r, NULL, &count), r);
	assert_int_equal(count, 1);
	store_read_end(r);
	s = begin(state, "no function");
	assert_int_equal(dbw_after_commit(s.any, NULL, NULL), DBW_MISUSE);
	store_end(s);
}

/* What the server calls the isolation of a session. */
static const char *level(dbw_session session, char out[32])
{
	const char *text;
	dbw_records rows;

	assert_int_equal(dbw_sql(session, DBW_SQL("SHOW transaction_isolation"), NULL, 0, &rows), DBW_OK);
	assert_int_equal(dbw_records_text(&rows, 0, 0, &text), DBW_OK);
	snprintf(out, 32, "%s", text);
	dbw_records_free(&rows);
	return out;
}

static void isolation__is_what_was_asked_for(void **state)
{
	static const char *const names[] = { "read committed", "read committed", "repeatable read",
		"serializable" };
	char said[32];

	for (int i = DBW_ISOLATION_DEFAULT; i <= DBW_SERIALIZABLE; i++) {
		const dbw_session_options options = { .purpose = "isolated", .isolation = (dbw_isolation)i };
		store_session s;
		store_reader r;
		int64_t count;

		assert_int_equal(store_begin_with(*state, &options, &s, NULL), DBW_OK);
		assert_ok(user_count(s.read, NULL, &count), s);
		if (fresh_on_postgresql())
			assert_string_equal(level(s.any, said), names[i]);
		assert_ok(store_commit(s), s);
		assert_int_equal(store_read_begin_with(*state, &options, &r, NULL), DBW_OK);
		assert_ok(user_count(r, NULL, &count), r);
		if (fresh_on_postgresql())
			assert_string_equal(level(r.any, said), names[i]);
		store_read_end(r);
	}
	/* The next session has its own terms. */
	store_session s = begin(state, "ordinary");
	if (fresh_on_postgresql())
		assert_string_equal(level(s.any, said), "read committed");
	store_end(s);
}

static void isolation__a_snapshot_is_one_moment(void **state)
{
	const dbw_session_options options = { .purpose = "snapshot", .snapshot = true };
	user row = new_user("Ada", "ada@example.com");
	store_session s;
	store_reader r;
	int64_t count;

	assert_int_equal(store_read_begin_with(*state, &options, &r, NULL), DBW_OK);
	assert_ok(user_count(r, NULL, &count), r);
	assert_int_equal(count, 0);
	s = begin(state, "meanwhile");
	assert_ok(user_insert(s, &row), s);
	assert_ok(store_commit(s), s);
	assert_ok(user_count(r, NULL, &count), r);
	assert_int_equal(count, 0);
	store_read_end(r);
}

struct race {
	dbw_databases *databases;
	unsigned runs;
};

/* Another session changes the row after this one has read it: the first time only. */
static dbw_status read_and_write(store_session s, void *argument)
{
	struct race *race = argument;
	store_session other;
	user *found;
	dbw_status status = user_find_by_email(s.read, "ada@example.com", &found);

	if (status != DBW_OK)
		return status;
	if (race->runs++ == 0) {
		assert_int_equal(store_begin(race->databases, "in between", &other, NULL), DBW_OK);
		assert_ok(dbw_sql_run(other.any, DBW_SQL("UPDATE users SET name = 'Eve'"), NULL, 0, NULL),
			other);
		assert_ok(store_commit(other), other);
	}
	found->bio = found->name;
	status = user_update(s, found, (user_columns){ .bio = true });
	user_free(found);
	return status;
}

static void isolation__what_could_not_be_serialised_is_done_again(void **state)
{
	const dbw_session_options options = { .purpose = "copy", .isolation = DBW_REPEATABLE_READ };
	struct race race = { .databases = *state };
	user row = new_user("Ada", "ada@example.com"), *found;
	store_session s = begin(state, "make");
	store_reader r;
	dbw_error error;

	/* SQLite's writers wait for each other: nobody comes in between. */
	race.runs = !fresh_on_postgresql();
	assert_ok(user_insert(s, &row), s);
	assert_ok(store_commit(s), s);
	if (store_transaction(*state, &options, read_and_write, &race, &error) != DBW_OK)
		fail_msg("%s", error.message);
	assert_int_equal(race.runs, 2);
	r = begin_reading(state, "look");
	assert_ok(user_find_by_email(r, "ada@example.com", &found), r);
	assert_string_equal(found->bio, fresh_on_postgresql() ? "Eve" : "Ada");
	user_free(found);
	store_read_end(r);
}

static void deadline__stops_a_statement(void **state)
{
	const dbw_session_options options = { .purpose = "in a hurry", .deadline_ms = 50 };
	const dbw_sql_text text = { .any = endless };
	user row = new_user("Ada", "ada@example.com");
	dbw_records rows;
	store_session s;
	store_reader r;
	int64_t count;

	assert_int_equal(store_read_begin_with(*state, &options, &r, NULL), DBW_OK);
	assert_int_equal(dbw_sql(r.any, text, NULL, 0, &rows), DBW_TIMEOUT);
	assert_int_equal(user_count(r, NULL, &count), DBW_TIMEOUT);
	assert_non_null(strstr(dbw_session_error(r.any)->message, "in a hurry"));
	assert_int_equal(store_read_end(r), DBW_OK);

	assert_int_equal(store_begin_with(*state, &options, &s, NULL), DBW_OK);
	assert_ok(user_insert(s, &row), s);
	assert_int_equal(dbw_sql(s.any, text, NULL, 0, &rows), DBW_TIMEOUT);
	assert_int_not_equal(store_commit(s), DBW_OK);
	assert_int_equal(store_end(s), DBW_OK);
	/* The connection is as good as before, and has no deadline any more. */
	s = begin(state, "after");
	assert_ok(user_count(s.read, NULL, &count), s);
	assert_int_equal(count, 0);
	assert_ok(user_insert(s, &row), s);
	assert_ok(store_commit(s), s);
}

static void deadline__a_long_one_is_not_felt(void **state)
{
	const dbw_session_options options = { .purpose = "at leisure", .deadline_ms = 600000 };
	user row = new_user("Ada", "ada@example.com");
	store_session s, inner;

	assert_int_equal(store_begin_with(*state, &options, &s, NULL), DBW_OK);
	assert_ok(store_nest(s, "inside", &inner), s);
	assert_ok(user_insert(inner, &row), inner);
	assert_ok(store_commit(inner), inner);
	assert_ok(store_commit(s), s);
}

/* The store with a limit for each call. */
static void open_limited(dbw_databases **out)
{
	static const char *const used[] = { "store" };
	static const dbw_setting limit[] = { { "operation_timeout_ms", "100" }, { "pool_size", "2" } };
	char url[FRESH_URL_SIZE];
	const dbw_entry entry = { .name = "store",
		.connection_string = fresh_database("limited", url),
		.settings = limit,
		.setting_count = 2 };
	const dbw_options options = { .entries = &entry, .entry_count = 1, .only = used, .only_count = 1 };
	store_session s;
	dbw_error error;

	if (dbw_databases_open(out, &programs_program, &options, &error) != DBW_OK)
		fail_msg("%s", error.message);
	assert_int_equal(store_begin(*out, "make", &s, NULL), DBW_OK);
	assert_ok(store_create_tables(s), s);
	for (int i = 0; i < 3; i++) {
		char email[16];
		user row = new_user("Ada", email);

		snprintf(email, sizeof email, "%d", i);
		assert_ok(user_insert(s, &row), s);
	}
	assert_ok(store_commit(s), s);
}

static void limit__is_for_each_call(void **state)
{
	const dbw_sql_text text = { .any = endless };
	user row = new_user("Ada", "ada@example.com");
	const user *each;
	dbw_databases *limited;
	dbw_records rows;
	user_cursor cursor;
	store_session s;
	store_reader r;
	int64_t count;

	(void)state;
	open_limited(&limited);
	assert_int_equal(store_read_begin(limited, "read", &r, NULL), DBW_OK);
	assert_int_equal(dbw_sql(r.any, text, NULL, 0, &rows), DBW_TIMEOUT);
	assert_non_null(strstr(dbw_session_error(r.any)->message, "operation_timeout_ms"));
	assert_int_equal(store_read_end(r), DBW_OK);
	assert_int_equal(store_read_begin(limited, "read", &r, NULL), DBW_OK);
	assert_ok(user_count(r, NULL, &count), r);
	assert_int_equal(count, 3);
	/* What the program does between two calls, or two rows, takes the time that it takes. */
	assert_ok(user_cursor_open(r, NULL, &cursor), r);
	for (int i = 0; i < 3; i++) {
		usleep(60000);
		assert_ok(user_cursor_next(&cursor, &each), r);
		assert_non_null(each);
	}
	assert_ok(user_cursor_next(&cursor, &each), r);
	assert_null(each);
	user_cursor_close(&cursor);
	assert_int_equal(store_read_end(r), DBW_OK);
	/* A writer that was stopped keeps nothing, and its connection is as good as before. */
	assert_int_equal(store_begin(limited, "write", &s, NULL), DBW_OK);
	assert_ok(user_insert(s, &row), s);
	assert_int_equal(dbw_sql(s.any, text, NULL, 0, &rows), DBW_TIMEOUT);
	assert_int_equal(store_commit(s), DBW_SESSION_FAILED);
	assert_int_equal(store_end(s), DBW_OK);
	assert_int_equal(store_begin(limited, "write", &s, NULL), DBW_OK);
	row.id = 0;
	assert_ok(user_insert(s, &row), s);
	assert_ok(store_commit(s), s);
	assert_int_equal(dbw_databases_close(limited, NULL), DBW_OK);
}

/* Where a writer waits for another one, that is part of the call. */
static void limit__is_for_locks_too(void **state)
{
	dbw_databases *limited;
	store_session one, two;
	dbw_error error;
	dbw_status status;

	(void)state;
	open_limited(&limited);
	assert_int_equal(store_begin(limited, "one", &one, NULL), DBW_OK);
	assert_ok(user_delete_by_id(one, 1), one);
	status = store_begin(limited, "two", &two, &error);
	if (status == DBW_OK) {
		status = user_delete_by_id(two, 1);
		error = *dbw_session_error(two.any);
		store_end(two);
	}
	assert_int_equal(status, DBW_TIMEOUT);
	assert_non_null(strstr(error.message, "operation_timeout_ms"));
	assert_ok(store_commit(one), one);
	assert_int_equal(dbw_databases_close(limited, NULL), DBW_OK);
}

static void cancel__from_the_same_thread(void **state)
{
	store_session s = begin(state, "outer"), inner;
	user row = new_user("Ada", "ada@example.com");
	int64_t count;

	assert_ok(store_nest(s, "inner", &inner), s);
	assert_ok(user_insert(inner, &row), inner);
	assert_int_equal(store_cancel(inner.read), DBW_OK);
	assert_int_equal(user_count(inner.read, NULL, &count), DBW_CANCELLED);
	assert_int_equal(store_commit(inner), DBW_CANCELLED);
	store_end(inner);
	assert_int_equal(store_commit(s), DBW_CANCELLED);
	assert_non_null(strstr(dbw_session_error(s.any)->message, "outer"));
	store_end(s);
	assert_int_equal(store_cancel(s.read), DBW_ENDED);
	s = begin(state, "after");
	assert_ok(user_count(s.read, NULL, &count), s);
	assert_int_equal(count, 0);
	store_end(s);
}

struct stopper {
	store_reader reader;
	dbw_status last;
};

/* What is about to begin may run: so again and again, until the session has ended. */
static void *stop(void *argument)
{
	struct stopper *stopper = argument;

	do
		stopper->last = store_cancel(stopper->reader);
	while (stopper->last != DBW_ENDED);
	return NULL;
}

static void cancel__from_another_thread(void **state)
{
	const dbw_sql_text text = { .any = endless };
	dbw_records rows;

	for (int turn = 0; turn < 3; turn++) {
		struct stopper stopper = { .reader = begin_reading(state, "endless") };
		pthread_t thread;

		assert_int_equal(pthread_create(&thread, NULL, stop, &stopper), 0);
		assert_int_equal(dbw_sql(stopper.reader.any, text, NULL, 0, &rows), DBW_CANCELLED);
		store_read_end(stopper.reader);
		assert_int_equal(pthread_join(thread, NULL), 0);
	}
	/* The connection is as good as before. */
	store_session s = begin(state, "after");
	user row = new_user("Ada", "ada@example.com");
	assert_ok(user_insert(s, &row), s);
	assert_ok(store_commit(s), s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(after__one_of_two_is_called),
		CASE(after__nested_sessions),
		CASE(after__a_new_session),
		CASE(isolation__is_what_was_asked_for),
		CASE(isolation__a_snapshot_is_one_moment),
		CASE(isolation__what_could_not_be_serialised_is_done_again),
		CASE(deadline__stops_a_statement),
		CASE(deadline__a_long_one_is_not_felt),
		CASE(limit__is_for_each_call),
		CASE(limit__is_for_locks_too),
		CASE(cancel__from_the_same_thread),
		CASE(cancel__from_another_thread),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

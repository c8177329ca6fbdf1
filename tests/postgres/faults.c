/*
 * Connections that break, hang and are slow, at every place: what the statuses say is what the server has, work is done
 * again only where nothing of it can be left, and the pool heals.
 */
#include "fresh.h"
#include "proxy.h"
#include "through.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { POOL_SIZE = 3, MANY = 300, EMAIL_SIZE = 32 };

static dbw_error error;

/* Users that are there, asked past the proxy. */
static int there(void)
{
	char count[32];

	return atoi(fresh_ask("store", "SELECT count(*) FROM users", count, sizeof count));
}

/* No connection is held, and each that there may be works. */
static void assert_healed(void)
{
	store_reader readers[POOL_SIZE];
	dbw_pool_statistics pool;
	int64_t count;

	proxy_delay(0);
	proxy_calm();
	assert_int_equal(dbw_databases_statistics(databases, "store", &pool, NULL), DBW_OK);
	assert_int_equal(pool.leased + pool.waiting, 0);
	assert_int_equal(pool.size, POOL_SIZE);
	for (int i = 0; i < POOL_SIZE; i++)
		readers[i] = begin_reading();
	for (int i = 0; i < POOL_SIZE; i++) {
		assert_int_equal(user_count(readers[i], NULL, &count), DBW_OK);
		assert_int_equal(count, there());
	}
	for (int i = 0; i < POOL_SIZE; i++)
		assert_int_equal(store_read_end(readers[i]), DBW_OK);
}

struct work {
	const char *email;
	int runs;
};

static dbw_status sign_up(store_session s, void *argument)
{
	struct work *work = argument;
	user row = new_user(work->email);

	work->runs++;
	return user_insert(s, &row);
}

static dbw_status transact(struct work *work)
{
	const dbw_session_options options = { .purpose = "sign up" };

	work->runs = 0;
	return store_transaction(databases, &options, sign_up, work, &error);
}

static const dbw_setting in_time[] = { { "operation_timeout_ms", "300" }, { NULL, NULL } };

static void transaction__is_done_again_only_where_nothing_is_left(void **state)
{
	static const struct {
		proxy_fault fault;
		const char *word;
		size_t bytes;
		int times;
		dbw_status status;
		int runs, kept;
	} cases[] = {
		{ PROXY_RESET, "ada@", 0, 1, DBW_OK, 2, 1 },
		{ PROXY_CUT, "ada@", 0, 1, DBW_OK, 2, 1 },
		{ PROXY_CUT, "ada@", 20, 2, DBW_OK, 3, 1 },
		{ PROXY_RESET, "ada@", 0, 100, DBW_CONNECTION, DBW_ATTEMPTS, 0 },
		/* Who waits for the answer has waited for it already: no second time. */
		{ PROXY_STALL, "ada@", 0, 1, DBW_TIMEOUT, 1, 0 },
		{ PROXY_RESET, "COMMIT", 0, 1, DBW_UNKNOWN_OUTCOME, 1, 0 },
		{ PROXY_CUT, "COMMIT", 0, 1, DBW_UNKNOWN_OUTCOME, 1, 1 },
		{ PROXY_CUT, "COMMIT", 12, 1, DBW_UNKNOWN_OUTCOME, 1, 1 },
		{ PROXY_STALL, "COMMIT", 0, 1, DBW_UNKNOWN_OUTCOME, 1, 1 },
		/* What is answered is known, whatever is said behind it. */
		{ PROXY_END, "COMMIT", 0, 1, DBW_OK, 1, 1 },
		/* Not to be had at all. */
		{ PROXY_RESET, "search_path", 0, 1, DBW_CONNECTION, 0, 0 },
	};

	(void)state;
	open_store(in_time);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char email[EMAIL_SIZE];
		struct work work = { .email = email };
		const int before = there();
		dbw_status status;

		snprintf(email, sizeof email, "ada@%zu", i);
		/* A connection that is there would not have to be made. */
		if (strcmp(cases[i].word, "search_path") == 0)
			proxy_cut();
		proxy_strike(cases[i].fault, cases[i].word, cases[i].bytes, cases[i].times);
		status = transact(&work);
		if (status != cases[i].status || work.runs != cases[i].runs ||
			there() != before + cases[i].kept)
			fail_msg("case %zu: %s, %d runs, %d kept: %s", i, dbw_status_name(status), work.runs,
				there() - before, error.message);
		assert_int_equal(error.status, status);
		if (cases[i].times == 1)
			assert_int_equal(proxy_calm(), 0);
		assert_healed();
	}
}

/* Wherever the answer to a word breaks off, from the first byte to behind the last. */
static void cut_at_each_byte(const char *word, size_t step, size_t longest)
{
	int unknown = 0, again = 0, last = 0;

	for (size_t bytes = 0; bytes <= longest; bytes += step) {
		char email[EMAIL_SIZE];
		struct work work = { .email = email };
		const int before = there();
		dbw_status status;

		snprintf(email, sizeof email, "%zu@word", bytes);
		proxy_strike(PROXY_CUT, word, bytes, 1);
		status = transact(&work);
		if (status == DBW_OK)
			assert_int_equal(there(), before + 1);
		else if (status == DBW_UNKNOWN_OUTCOME)
			assert_in_range(there(), before, before + 1);
		else
			fail_msg("%zu bytes of the answer: %s: %s", bytes, dbw_status_name(status),
				error.message);
		unknown += status == DBW_UNKNOWN_OUTCOME;
		again += work.runs > 1;
		last = status == DBW_OK && work.runs == 1;
		assert_int_equal(proxy_calm(), 0);
	}
	assert_healed();
	/* Of each kind there was something, and the last one was not reached. */
	assert_int_equal(unknown > 0, strcmp(word, "COMMIT") == 0);
	/* A cut right behind an answer may be the next transaction's to notice, so a commit may be of a second run, too. */
	if (strcmp(word, "COMMIT") != 0)
		assert_true(again > 0);
	assert_true(last);
}

static void commit__cut_at_each_byte(void **state)
{
	(void)state;
	open_store(in_time);
	cut_at_each_byte("COMMIT", 1, 80);
}

static void work__cut_at_each_byte(void **state)
{
	(void)state;
	open_store(in_time);
	cut_at_each_byte("@word", 3, 300);
}

static char emails[MANY][EMAIL_SIZE], bio[3000];

static void fill(user rows[MANY])
{
	memset(bio, 'x', sizeof bio - 1);
	for (int i = 0; i < MANY; i++) {
		snprintf(emails[i], EMAIL_SIZE, "%d@many", i);
		rows[i] = new_user(emails[i]);
		rows[i].bio = bio;
	}
}

typedef dbw_status (*store_many)(store_session s, user *rows, size_t count);

static dbw_status load(store_session s, user *rows, size_t count)
{
	return user_load(s, rows, count);
}

struct rows_work {
	store_many function;
	int runs;
};

static dbw_status write_many(store_session s, void *argument)
{
	static user rows[MANY];
	struct rows_work *work = argument;
	dbw_status status;

	work->runs++;
	fill(rows);
	status = work->function(s, rows, MANY);
	/* A session that has lost its connection keeps nothing, whoever asks. */
	if (status != DBW_OK)
		assert_int_equal(store_commit(s), DBW_SESSION_FAILED);
	return status;
}

static void rows__written_in_one_go(void **state)
{
	static const store_many functions[] = { user_insert_many, load };
	static const struct {
		proxy_fault fault;
		const char *word;
		size_t bytes;
	} faults[] = {
		{ PROXY_RESET, "0@many", 0 },
		{ PROXY_CUT, "0@many", 0 },
		{ PROXY_CUT, "0@many", 10 },
		{ PROXY_RESET, "299@many", 0 },
		{ PROXY_CUT, "299@many", 0 },
	};
	const dbw_session_options options = { .purpose = "many" };
	store_session s;

	(void)state;
	open_store(NULL);
	for (size_t i = 0; i < 2; i++) {
		for (size_t j = 0; j < sizeof faults / sizeof *faults; j++) {
			struct rows_work work = { .function = functions[i] };

			proxy_strike(faults[j].fault, faults[j].word, faults[j].bytes, 1);
			if (store_transaction(databases, &options, write_many, &work, &error) != DBW_OK)
				fail_msg("way %zu, fault %zu: %s", i, j, error.message);
			assert_int_equal(work.runs, 2);
			assert_int_equal(there(), MANY);
			assert_int_equal(proxy_calm(), 0);
			assert_healed();
			s = begin();
			assert_int_equal(user_delete_all(s, NULL), DBW_OK);
			assert_int_equal(store_commit(s), DBW_OK);
		}
	}
}

static void write_rows(void)
{
	static user rows[MANY];
	store_session s = begin();

	fill(rows);
	assert_int_equal(user_insert_many(s, rows, MANY), DBW_OK);
	assert_int_equal(store_commit(s), DBW_OK);
}

static void list__that_breaks_off(void **state)
{
	const user_query query = { .where = { .email = dbw_ne("nobody@list") } };

	(void)state;
	open_store(NULL);
	write_rows();
	for (size_t bytes = 0; bytes < (size_t)MANY * sizeof bio; bytes += 100001) {
		store_reader r = begin_reading();
		user_list list;
		int64_t count;

		proxy_strike(PROXY_CUT, "nobody@list", bytes, 1);
		assert_int_equal(user_find(r, &query, &list), DBW_CONNECTION);
		assert_int_equal(list.count, 0);
		user_list_free(&list);
		assert_string_equal(dbw_session_error(r.any)->sqlstate, "08006");
		/* The session has no other connection. */
		assert_int_equal(user_count(r, NULL, &count), DBW_CONNECTION);
		store_read_end(r);
		assert_healed();
	}
}

/* Rows come in pieces, and any of them may break off: the one of the opening, or one that is fetched after it. */
static void break_off(const char *word, size_t bytes)
{
	const user_query query = { .where = { .email = dbw_ne("nobody@list") } };
	const bool at_once = strcmp(word, "FETCH") != 0;
	store_reader r = begin_reading();
	const user *row = NULL;
	user_cursor cursor;
	dbw_status status;
	int count = 0;

	if (at_once)
		proxy_strike(PROXY_CUT, word, bytes, 1);
	status = user_cursor_open(r, &query, &cursor);
	if (!at_once)
		proxy_strike(PROXY_CUT, word, bytes, 1);
	while (status == DBW_OK) {
		status = user_cursor_next(&cursor, &row);
		/* What is given is whole. */
		if (status == DBW_OK) {
			assert_non_null(row);
			assert_string_equal(row->bio, bio);
			count++;
		}
	}
	assert_int_equal(status, DBW_CONNECTION);
	assert_true(count < MANY);
	assert_int_equal(count != 0, !at_once);
	assert_int_equal(user_cursor_next(&cursor, &row), DBW_ENDED);
	user_cursor_close(&cursor);
	store_read_end(r);
	assert_healed();
}

static void cursor__that_breaks_off(void **state)
{
	(void)state;
	open_store(NULL);
	write_rows();
	for (size_t bytes = 0; bytes < 100000; bytes += 30011) {
		break_off("nobody@list", bytes);
		break_off("FETCH", bytes);
	}
}

/* A session's time is that of all its calls together, and of the waits in between. */
static void delay__counts_against_the_deadline(void **state)
{
	enum { DELAY_MS = 100, DEADLINE_MS = 350 };
	const dbw_session_options options = { .purpose = "slow", .deadline_ms = DEADLINE_MS };
	store_reader r;
	store_session s;
	int64_t count;
	int done = 0;
	dbw_status status;

	(void)state;
	open_store(NULL);
	proxy_delay(DELAY_MS);
	assert_int_equal(store_read_begin_with(databases, &options, &r, &error), DBW_OK);
	while ((status = user_count(r, NULL, &count)) == DBW_OK)
		done++;
	assert_int_equal(status, DBW_TIMEOUT);
	/* Each took that long at least. */
	assert_true(done <= DEADLINE_MS / DELAY_MS);
	store_read_end(r);
	assert_healed();
	/* A writer keeps nothing of it. */
	proxy_delay(DELAY_MS);
	assert_int_equal(store_begin_with(databases, &options, &s, &error), DBW_OK);
	for (done = 0, status = DBW_OK; status == DBW_OK; done++) {
		char email[EMAIL_SIZE];
		user row;

		snprintf(email, sizeof email, "%d@slow", done);
		row = new_user(email);
		status = user_insert(s, &row);
	}
	assert_int_equal(status, DBW_TIMEOUT);
	assert_true(done <= DEADLINE_MS / DELAY_MS + 1);
	assert_int_not_equal(store_commit(s), DBW_OK);
	store_end(s);
	assert_int_equal(there(), 0);
	assert_healed();
	/* What is slow and has the time is done. */
	proxy_delay(DELAY_MS / 10);
	s = begin();
	insert_in(s, "slow@well");
	assert_int_equal(store_commit(s), DBW_OK);
	assert_int_equal(there(), 1);
	assert_healed();
}

/* No limit but the session's own. */
static void stall__ends_at_the_deadline(void **state)
{
	const dbw_session_options options = { .purpose = "stalled", .deadline_ms = 200 };
	store_session s;
	user row = new_user("stalled@");

	(void)state;
	open_store(NULL);
	proxy_strike(PROXY_STALL, "stalled@", 0, 1);
	assert_int_equal(store_begin_with(databases, &options, &s, &error), DBW_OK);
	assert_int_equal(user_insert(s, &row), DBW_TIMEOUT);
	assert_int_equal(store_commit(s), DBW_SESSION_FAILED);
	store_end(s);
	assert_int_equal(there(), 0);
	assert_healed();
	proxy_strike(PROXY_STALL, "COMMIT", 0, 1);
	assert_int_equal(store_begin_with(databases, &options, &s, &error), DBW_OK);
	assert_int_equal(user_insert(s, &row), DBW_OK);
	assert_int_equal(store_commit(s), DBW_UNKNOWN_OUTCOME);
	store_end(s);
	assert_int_equal(there(), 1);
	assert_healed();
}

/* Nothing more is asked of the session, and the end of it is not waited for without a limit, before its deadline or after it. */
static void frozen__sessions_with_a_deadline_end(void **state)
{
	static const dbw_session_options options = { .purpose = "limited", .deadline_ms = 1500 };
	store_session s, inner;
	store_reader r;
	int64_t count;

	(void)state;
	open_store(NULL);
	for (int late = 0; late < 2; late++) {
		assert_int_equal(store_begin_with(databases, &options, &s, &error), DBW_OK);
		insert_in(s, "frozen@");
		assert_int_equal(store_nest(s, "inner", &inner), DBW_OK);
		insert_in(inner, "inner@");
		assert_int_equal(store_read_begin_with(databases, &options, &r, &error), DBW_OK);
		assert_int_equal(user_count(r, NULL, &count), DBW_OK);
		proxy_freeze(1);
		if (late)
			usleep(1600 * 1000);
		assert_int_not_equal(store_end(s), DBW_OK);
		assert_int_not_equal(store_read_end(r), DBW_OK);
		proxy_freeze(0);
		assert_healed();
		assert_int_equal(there(), 0);
	}
	/* A server that answers has undone it, and the connection is kept. */
	assert_int_equal(store_begin_with(databases, &options, &s, &error), DBW_OK);
	insert_in(s, "late@");
	usleep(1600 * 1000);
	assert_int_equal(store_end(s), DBW_OK);
	assert_int_equal(there(), 0);
}

/* The server ends a connection by itself, in the middle of a transaction and while nobody has it. */
static void terminated__is_told_and_done_again(void **state)
{
	char end_all[256];
	struct work work = { .email = "again@" };
	char ended[16];
	store_session s;
	user row = new_user("lost@");

	(void)state;
	/* Waits until the processes are gone. */
	snprintf(end_all, sizeof end_all,
		"SELECT count(pg_terminate_backend(pid, 60000)) FROM pg_stat_activity "
		"WHERE application_name = 'test_%ld'",
		(long)getpid());
	open_store_directly();
	s = begin();
	insert_in(s, "first@");
	assert_int_not_equal(atoi(fresh_ask("store", end_all, ended, sizeof ended)), 0);
	assert_int_equal(user_insert(s, &row), DBW_CONNECTION);
	assert_string_equal(dbw_session_error(s.any)->sqlstate, "57P01");
	assert_int_equal(store_commit(s), DBW_SESSION_FAILED);
	store_end(s);
	/* It went before it heard of the commit. */
	s = begin();
	insert_in(s, "first@");
	fresh_ask("store", end_all, ended, sizeof ended);
	assert_int_equal(store_commit(s), DBW_CONNECTION);
	store_end(s);
	assert_int_equal(there(), 0);
	assert_healed();
	/* Nobody's connections are replaced before they are used. */
	assert_int_equal(atoi(fresh_ask("store", end_all, ended, sizeof ended)), POOL_SIZE);
	assert_int_equal(transact(&work), DBW_OK);
	assert_int_equal(work.runs, 1);
	assert_healed();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(transaction__is_done_again_only_where_nothing_is_left, close_store),
		cmocka_unit_test_teardown(commit__cut_at_each_byte, close_store),
		cmocka_unit_test_teardown(work__cut_at_each_byte, close_store),
		cmocka_unit_test_teardown(rows__written_in_one_go, close_store),
		cmocka_unit_test_teardown(list__that_breaks_off, close_store),
		cmocka_unit_test_teardown(cursor__that_breaks_off, close_store),
		cmocka_unit_test_teardown(delay__counts_against_the_deadline, close_store),
		cmocka_unit_test_teardown(stall__ends_at_the_deadline, close_store),
		cmocka_unit_test_teardown(frozen__sessions_with_a_deadline_end, close_store),
		cmocka_unit_test_teardown(terminated__is_told_and_done_again, close_store),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

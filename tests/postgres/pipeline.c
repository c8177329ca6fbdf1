/* Pipelined sessions on a server: round trips, and connections that break, hang and are ended while writes wait. */
#include "fresh.h"
#include "proxy.h"
#include "through.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include <libpq-fe.h>

enum { EMAIL_SIZE = 32 };

static dbw_error error;
static const dbw_session_options pipelined = { .purpose = "pipeline", .pipeline = true };

#define assert_ok(call, session)                                                              \
	do {                                                                                  \
		if ((call) != DBW_OK)                                                         \
			fail_msg("%s: %s", #call, dbw_session_error((session).any)->message); \
	} while (0)

static store_session begin_pipeline(void)
{
	store_session s;

	if (store_begin_with(databases, &pipelined, &s, &error) != DBW_OK)
		fail_msg("%s", error.message);
	return s;
}

/* Users that are there, asked past the proxy. */
static int there(void)
{
	char count[32];

	return atoi(fresh_ask("store", "SELECT count(*) FROM users", count, sizeof count));
}

static dbw_status put(store_session s, int64_t id, const char *name)
{
	char email[EMAIL_SIZE];
	user row;

	snprintf(email, sizeof email, "%lld@%s", (long long)id, name);
	row = new_user(email);
	row.id = id;
	return user_insert(s, &row);
}

static dbw_status rename_one(store_session s, int64_t id)
{
	user row = new_user("");

	row.id = id;
	row.name = "Grace";
	return user_update(s, &row, (user_columns){ .name = 1 });
}

static dbw_status count_up(store_session s)
{
	return user_update_where(
		s, &(user_change){ .where = { .id = dbw_gt(0) }, .set = { .score = dbw_add(1) } }, NULL);
}

/* Has all statements prepared that these tests use, on the connection that is used next. */
static void warm_up(void)
{
	store_session s = begin();
	int64_t count;
	user row = new_user("warm@up");

	assert_ok(put(s, 1000000, "warm"), s);
	assert_ok(user_insert(s, &row), s);
	assert_ok(rename_one(s, 1000000), s);
	assert_ok(count_up(s), s);
	assert_ok(user_count(s.read, NULL, &count), s);
	assert_ok(user_delete_by_id(s, 1000000), s);
	store_end(s);
}

static void assert_trips(int expected, const char *what)
{
	const int trips = proxy_trips();

	if (trips != expected)
		fail_msg("%s: %d round trips, not %d", what, trips, expected);
}

static void trips__of_units_of_work(void **state)
{
	store_session s, inner;
	user row = new_user("made@here");
	int64_t count;

	(void)state;
	open_store(NULL);
	warm_up();
	proxy_trips();
	/* Nothing can find no row. */
	s = begin_pipeline();
	assert_ok(put(s, 1, "one"), s);
	assert_ok(put(s, 2, "two"), s);
	assert_trips(0, "two writes");
	assert_ok(store_commit(s), s);
	assert_trips(1, "two inserts, commit");
	s = begin_pipeline();
	assert_ok(put(s, 3, "three"), s);
	assert_ok(count_up(s), s);
	assert_ok(store_commit(s), s);
	assert_trips(1, "insert, update where, commit");
	/* What the commit depends on is looked at before. */
	s = begin_pipeline();
	assert_ok(put(s, 4, "four"), s);
	assert_ok(rename_one(s, 4), s);
	assert_ok(store_commit(s), s);
	assert_trips(2, "insert, update, commit");
	/* Writes travel with what waits. */
	s = begin_pipeline();
	assert_ok(rename_one(s, 4), s);
	assert_ok(user_insert(s, &row), s);
	assert_ok(store_commit(s), s);
	assert_trips(2, "update, insert that gives an id, commit");
	s = begin_pipeline();
	assert_ok(rename_one(s, 4), s);
	assert_ok(user_count(s.read, NULL, &count), s);
	assert_int_equal(count, 5);
	assert_ok(dbw_flush(s.any), s);
	assert_trips(1, "update, read");
	assert_ok(rename_one(s, 4), s);
	assert_ok(rename_one(s, 3), s);
	assert_ok(dbw_flush(s.any), s);
	assert_trips(1, "two updates, flush");
	assert_ok(store_commit(s), s);
	assert_trips(1, "commit alone");
	/* What is given up is not sent. */
	s = begin_pipeline();
	assert_ok(rename_one(s, 99), s);
	store_end(s);
	s = begin_pipeline();
	assert_ok(store_nest(s, "inner", &inner), s);
	assert_ok(rename_one(inner, 99), s);
	store_end(inner);
	assert_ok(store_commit(s), s);
	assert_trips(0, "given up");
	s = begin_pipeline();
	assert_ok(store_nest(s, "inner", &inner), s);
	assert_ok(rename_one(inner, 4), s);
	assert_ok(put(inner, 5, "five"), s);
	assert_ok(store_commit(inner), inner);
	assert_trips(1, "nested");
	assert_ok(put(s, 6, "six"), s);
	assert_ok(store_commit(s), s);
	assert_trips(1, "insert behind it, commit");
	/* 64 wait, and the next one takes them along. */
	s = begin_pipeline();
	for (int i = 100; i < 100 + 3 * 65; i++)
		assert_ok(put(s, i, "many"), s);
	assert_trips(3, "many");
	assert_ok(store_commit(s), s);
	assert_trips(1, "commit");
	assert_int_equal(there(), 7 + 3 * 65);
	/* Where it is not asked for it is as it was. */
	s = begin();
	assert_ok(put(s, 7, "seven"), s);
	assert_ok(put(s, 8, "eight"), s);
	assert_ok(store_commit(s), s);
	assert_trips(3, "not pipelined");
}

/* The first use of a statement on a connection waits for the server to tell its types; what was written before travels along. */
static void trips__of_the_first_time(void **state)
{
	store_session s;

	(void)state;
	open_store(NULL);
	proxy_trips();
	s = begin_pipeline();
	assert_ok(put(s, 1, "one"), s);
	assert_ok(rename_one(s, 1), s);
	assert_ok(count_up(s), s);
	assert_ok(store_commit(s), s);
	assert_trips(4, "three statements to prepare, commit");
}

struct work {
	int64_t id;
	bool renames, twice;
	int runs;
};

static dbw_status write_some(store_session s, void *argument)
{
	struct work *work = argument;
	dbw_status status = put(s, work->id, "work");

	work->runs++;
	if (status == DBW_OK && work->renames)
		status = rename_one(s, work->id);
	if (status == DBW_OK && work->twice)
		status = put(s, work->id, "twice");
	return status != DBW_OK ? status : count_up(s);
}

static dbw_status transact(struct work *work)
{
	work->runs = 0;
	return store_transaction(databases, &pipelined, write_some, work, &error);
}

static const dbw_setting in_time[] = { { "operation_timeout_ms", "1500" }, { NULL, NULL } };

/* Wherever the answers break off: what the status says is what the server has. */
static void cut_at_many_bytes(struct work work, const char *word, size_t longest, dbw_status failure)
{
	int unknown = 0, known = 0, again = 0, before = there();

	for (size_t bytes = 0; bytes <= longest; bytes += 5) {
		int after;
		dbw_status status;

		warm_up();
		work.id++;
		proxy_strike(PROXY_CUT, word, bytes, 1);
		status = transact(&work);
		assert_int_equal(proxy_calm(), 0);
		if (status != failure && status != DBW_UNKNOWN_OUTCOME)
			fail_msg("%zu bytes: %s: %s", bytes, dbw_status_name(status), error.message);
		/* The server has heard of all of it. */
		after = there();
		assert_int_equal(after, before + (failure == DBW_OK));
		before = after;
		unknown += status == DBW_UNKNOWN_OUTCOME;
		known += status == failure;
		again += work.runs > 1;
	}
	/* Of each kind there was something; the commit travels with the writes or comes after them. */
	assert_true(known > 0);
	assert_int_equal(unknown > 0, strcmp(word, "COMMIT") == 0);
	assert_int_equal(again > 0, strcmp(word, "COMMIT") != 0);
}

static void cut__with_the_commit(void **state)
{
	(void)state;
	open_store(NULL);
	cut_at_many_bytes((struct work){ .id = 1 }, "COMMIT", 420, DBW_OK);
}

static void cut__with_the_commit_behind_a_failure(void **state)
{
	(void)state;
	open_store(NULL);
	cut_at_many_bytes((struct work){ .id = 1, .twice = true }, "COMMIT", 600, DBW_CONFLICT);
}

static void cut__in_front_of_the_commit(void **state)
{
	(void)state;
	open_store(NULL);
	cut_at_many_bytes((struct work){ .id = 1, .renames = true }, "@work", 420, DBW_OK);
}

static dbw_status write_nested(store_session s, void *argument)
{
	struct work *work = argument;
	store_session inner;
	dbw_status status = store_nest(s, "inner", &inner);

	work->runs++;
	if (status == DBW_OK)
		status = put(inner, work->id, "work");
	return status != DBW_OK ? status : store_commit(inner);
}

/* A pooler's last words are no answer to what travelled in front of the commit, which was done. */
static void words__of_a_pooler(void **state)
{
	static const dbw_session_options plain = { .purpose = "plain" };

	(void)state;
	open_store(NULL);
	for (int nested = 0; nested < 2; nested++) {
		struct work work = { .id = nested + 1 };
		const int before = there();
		dbw_status status;

		warm_up();
		proxy_strike(PROXY_SAY, "COMMIT", 0, 1);
		status = store_transaction(databases, nested ? &plain : &pipelined,
			nested ? write_nested : write_some, &work, &error);
		assert_int_equal(proxy_calm(), 0);
		if (status != DBW_UNKNOWN_OUTCOME)
			fail_msg("%s: %s", dbw_status_name(status), error.message);
		assert_int_equal(work.runs, 1);
		assert_int_equal(there(), before + 1);
	}
}

static void faults__of_the_whole_unit(void **state)
{
	static const struct {
		proxy_fault fault;
		const char *word;
		bool renames;
		dbw_status status;
		int runs, kept;
	} cases[] = {
		{ PROXY_RESET, "COMMIT", false, DBW_UNKNOWN_OUTCOME, 1, 0 },
		{ PROXY_CUT, "COMMIT", false, DBW_UNKNOWN_OUTCOME, 1, 1 },
		{ PROXY_STALL, "COMMIT", false, DBW_UNKNOWN_OUTCOME, 1, 1 },
		{ PROXY_RESET, "@work", true, DBW_OK, 2, 1 },
		{ PROXY_CUT, "@work", true, DBW_OK, 2, 1 },
		{ PROXY_STALL, "@work", true, DBW_TIMEOUT, 1, 0 },
		{ PROXY_RESET, "COMMIT", true, DBW_UNKNOWN_OUTCOME, 1, 0 },
		{ PROXY_STALL, "COMMIT", true, DBW_UNKNOWN_OUTCOME, 1, 1 },
	};

	(void)state;
	open_store(in_time);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct work work = { .id = (int64_t)i + 1, .renames = cases[i].renames };
		int before;
		dbw_status status;

		warm_up();
		before = there();
		proxy_strike(cases[i].fault, cases[i].word, 0, 1);
		status = transact(&work);
		assert_int_equal(proxy_calm(), 0);
		if (status != cases[i].status || work.runs != cases[i].runs ||
			there() != before + cases[i].kept)
			fail_msg("case %zu: %s, %d runs, %d kept: %s", i, dbw_status_name(status), work.runs,
				there() - before, error.message);
	}
	/* A connection that breaks while writes wait has done nothing. */
	store_session s = begin_pipeline();
	assert_ok(put(s, 100, "work"), s);
	proxy_cut();
	assert_int_equal(store_commit(s), DBW_CONNECTION);
	store_end(s);
	s = begin_pipeline();
	assert_ok(put(s, 100, "work"), s);
	assert_ok(store_commit(s), s);
}

/* A write waits for a lock that somebody else holds. */
struct locker {
	store_session holder;
	char act[256]; /* What is done past the proxy when it waits. */
	store_session waiter;
};

static void *act_when_it_waits(void *argument)
{
	const struct locker *locker = argument;
	char answer[32];

	/* Statements of the pipeline run one behind the other: it is the one that waits. */
	do {
		usleep(2000);
		fresh_ask("store",
			"SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND "
			"query LIKE '%users%'",
			answer, sizeof answer);
	} while (atoi(answer) == 0);
	if (locker->act[0] != '\0')
		fresh_ask("store", locker->act, answer, sizeof answer);
	else
		assert_int_equal(store_cancel(locker->waiter.read), DBW_OK);
	return NULL;
}

static void hold_a_lock(struct locker *locker)
{
	warm_up();
	locker->holder = begin();
	assert_ok(rename_one(locker->holder, 1), locker->holder);
}

static dbw_status wait_for_the_lock(struct locker *locker, bool commits)
{
	pthread_t thread;
	dbw_status status;

	locker->waiter = begin_pipeline();
	assert_ok(put(locker->waiter, 50, "waits"), locker->waiter);
	assert_ok(count_up(locker->waiter), locker->waiter);
	assert_ok(put(locker->waiter, 51, "waits"), locker->waiter);
	assert_int_equal(pthread_create(&thread, NULL, act_when_it_waits, locker), 0);
	status = commits ? store_commit(locker->waiter) : dbw_flush(locker->waiter.any);
	assert_int_equal(pthread_join(thread, NULL), 0);
	return status;
}

/* The server ends the connection, or the statement, while a write in front of the commit runs: it is not done. */
static void stopped__in_front_of_the_commit(void **state)
{
	struct locker locker = { .act = "" };
	store_session s;

	(void)state;
	open_store(NULL);
	s = begin();
	assert_ok(put(s, 1, "there"), s);
	assert_ok(store_commit(s), s);
	hold_a_lock(&locker);
	assert_int_equal(wait_for_the_lock(&locker, true), DBW_CANCELLED);
	store_end(locker.waiter);
	snprintf(locker.act, sizeof locker.act,
		"SELECT count(pg_terminate_backend(pid, 60000)) FROM pg_stat_activity "
		"WHERE wait_event_type = 'Lock' AND query LIKE '%%users%%'");
	for (int i = 0; i < 2; i++) {
		assert_int_equal(wait_for_the_lock(&locker, i == 0), DBW_CONNECTION);
		assert_string_equal(dbw_session_error(locker.waiter.any)->sqlstate, "57P01");
		assert_non_null(strstr(
			dbw_session_error(locker.waiter.any)->message, "an earlier user_update_where: "));
		assert_int_equal(store_commit(locker.waiter), DBW_SESSION_FAILED);
		store_end(locker.waiter);
	}
	store_end(locker.holder);
	assert_int_equal(there(), 1);
}

/* What would send rows, or wait for them, is refused in its own call, and nothing is done. */
static void refused__copy(void **state)
{
	static const char *const copies[] = { "COPY users TO STDOUT",
		" /* a /* b */ */\n;-- c\n\tcopy users TO STDOUT", "Copy users FROM STDIN" };
	store_session s;

	(void)state;
	open_store(NULL);
	for (size_t i = 0; i < sizeof copies / sizeof *copies; i++) {
		warm_up();
		s = begin_pipeline();
		assert_ok(put(s, 1, "waits"), s);
		assert_int_equal(dbw_sql_run(s.any, (dbw_sql_text){ .postgresql = copies[i] }, NULL, 0, NULL),
			DBW_UNSUPPORTED);
		assert_int_equal(store_commit(s), DBW_SESSION_FAILED);
		store_end(s);
		assert_int_equal(there(), 0);
	}
}

/* The server's limit is for each statement, and so is what is waited for. A commit behind them is not in doubt. */
static void limits__of_each_statement(void **state)
{
	const dbw_setting settings[] = { { "operation_timeout_ms", "2000" }, { NULL, NULL } };
	store_session s;
	int64_t count;

	(void)state;
	open_store(settings);
	warm_up();
	s = begin_pipeline();
	assert_ok(dbw_sql_run(s.any, DBW_SQL("SELECT pg_sleep(0.5)"), NULL, 0, NULL), s);
	assert_ok(dbw_flush(s.any), s);
	for (int reads = 0; reads < 2; reads++) {
		proxy_trips();
		/* Together they take longer than one may, and than is waited for beyond that. */
		for (int i = 0; i < 8; i++)
			assert_ok(dbw_sql_run(s.any, DBW_SQL("SELECT pg_sleep(0.5)"), NULL, 0, NULL), s);
		assert_ok(put(s, reads + 1, "slow"), s);
		if (reads == 0)
			assert_ok(user_count(s.read, NULL, &count), s);
		else
			assert_ok(store_commit(s), s);
		assert_trips(reads + 1, "what is limited");
	}
	store_end(s);
	assert_int_equal(there(), 2);
	/* It is still the limit of the one that takes longer. */
	s = begin_pipeline();
	assert_ok(put(s, 3, "slow"), s);
	assert_ok(dbw_sql_run(s.any, DBW_SQL("SELECT pg_sleep(100)"), NULL, 0, NULL), s);
	assert_ok(put(s, 4, "slow"), s);
	assert_int_equal(store_commit(s), DBW_TIMEOUT);
	assert_non_null(strstr(dbw_session_error(s.any)->message, "operation_timeout_ms"));
	assert_int_equal(store_end(s), DBW_OK);
	assert_int_equal(there(), 2);
}

static void limits__of_what_waits(void **state)
{
	const dbw_setting settings[] = { { "operation_timeout_ms", "1500" }, { "lock_timeout_ms", "100" },
		{ NULL, NULL } };
	dbw_session_options options = pipelined;
	struct locker locker = { .act = "" };
	store_session s;

	(void)state;
	open_store(settings);
	s = begin();
	assert_ok(put(s, 1, "there"), s);
	assert_ok(store_commit(s), s);
	hold_a_lock(&locker);
	s = begin_pipeline();
	assert_ok(put(s, 2, "waits"), s);
	assert_ok(count_up(s), s);
	assert_int_equal(store_commit(s), DBW_BUSY);
	assert_string_equal(dbw_session_error(s.any)->sqlstate, "55P03");
	store_end(s);
	store_end(locker.holder);
	/* The server stops it, and the connection is as good as before. */
	s = begin_pipeline();
	assert_ok(put(s, 2, "waits"), s);
	assert_ok(dbw_sql_run(s.any, DBW_SQL("SELECT pg_sleep(100)"), NULL, 0, NULL), s);
	assert_int_equal(store_commit(s), DBW_TIMEOUT);
	assert_string_equal(dbw_session_error(s.any)->sqlstate, "57014");
	assert_int_equal(store_end(s), DBW_OK);
	options.deadline_ms = 800;
	assert_int_equal(store_begin_with(databases, &options, &s, &error), DBW_OK);
	assert_ok(put(s, 2, "waits"), s);
	assert_ok(dbw_sql_run(s.any, DBW_SQL("SELECT pg_sleep(100)"), NULL, 0, NULL), s);
	assert_int_equal(dbw_flush(s.any), DBW_TIMEOUT);
	assert_non_null(strstr(dbw_session_error(s.any)->message, "the session's deadline"));
	assert_int_equal(store_end(s), DBW_OK);
	assert_int_equal(there(), 1);
}

/* Statements that the server has forgotten: the session begins again, which a transaction does by itself. */
static void forgotten__statements(void **state)
{
	struct work work = { .id = 1 };
	store_session s;

	(void)state;
	open_store(NULL);
	warm_up();
	s = begin_pipeline();
	PQclear(PQexec(dbw_native_handle(s.any, NULL), "DEALLOCATE ALL"));
	assert_ok(put(s, 1, "gone"), s);
	assert_ok(count_up(s), s);
	assert_int_equal(store_commit(s), DBW_BUSY);
	store_end(s);
	assert_int_equal(transact(&work), DBW_OK);
	assert_int_equal(there(), 1);
	/* What waits does not get in the way of the program's own statements. */
	s = begin_pipeline();
	assert_ok(put(s, 2, "own"), s);
	assert_ok(dbw_flush(s.any), s);
	PQclear(PQexec(dbw_native_handle(s.any, NULL), "UPDATE users SET name = 'own' WHERE id = 2"));
	assert_ok(rename_one(s, 1), s);
	assert_ok(store_commit(s), s);
	assert_int_equal(there(), 2);
}

/* A prepared statement that is made while a write in front of it fails is not left behind, or used. */
static void prepared__behind_a_failure(void **state)
{
	store_session s;
	int64_t count;

	(void)state;
	open_store(NULL);
	warm_up();
	for (int i = 0; i < 3; i++) {
		s = begin_pipeline();
		assert_ok(rename_one(s, 99), s);
		assert_int_equal(
			user_count(s.read,
				&(user_query){ .where = { .score = dbw_gt(i), .email = dbw_ne("") } },
				&count),
			DBW_SESSION_FAILED);
		store_end(s);
	}
	s = begin();
	assert_ok(user_count(s.read, &(user_query){ .where = { .score = dbw_gt(1), .email = dbw_ne("") } },
			  &count),
		s);
	dbw_records records;
	assert_ok(
		dbw_sql(s.any,
			DBW_SQL("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%email%<>%' AND statement NOT LIKE '%pg_prepared%'"),
			NULL, 0, &records),
		s);
	assert_ok(dbw_records_int64(&records, 0, 0, &count), s);
	assert_int_equal(count, 1);
	dbw_records_free(&records);
	store_end(s);
}

/* Statements that the server may forget, asked of it by a new one. */
static int64_t prepared_behind(store_session s, int number)
{
	char sql[32];
	dbw_records records;
	int64_t count = 0;

	snprintf(sql, sizeof sql, "SELECT %d", number);
	assert_ok(dbw_sql_run(s.any, (dbw_sql_text){ .postgresql = sql }, NULL, 0, NULL), s);
	assert_ok(
		dbw_sql(s.any, DBW_SQL("SELECT count(*) FROM pg_prepared_statements"), NULL, 0, &records), s);
	assert_ok(dbw_records_int64(&records, 0, 0, &count), s);
	dbw_records_free(&records);
	return count;
}

/* What the server did not forget behind a write that failed it is told to forget again. */
static void forgotten__behind_a_failure(void **state)
{
	int64_t before = 0, changed;
	store_session s;

	(void)state;
	open_store(NULL);
	warm_up();
	s = begin();
	assert_ok(put(s, 1, "there"), s);
	for (int i = 0; i < 300; i++)
		before = prepared_behind(s, i);
	assert_int_equal(prepared_behind(s, 300), before);
	assert_ok(store_commit(s), s);
	s = begin_pipeline();
	assert_ok(put(s, 1, "again"), s);
	assert_int_equal(dbw_sql_run(s.any, DBW_SQL("SELECT 'new'"), NULL, 0, &changed), DBW_CONFLICT);
	store_end(s);
	s = begin();
	assert_int_equal(prepared_behind(s, 301), before);
	store_end(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(trips__of_units_of_work, close_store),
		cmocka_unit_test_teardown(trips__of_the_first_time, close_store),
		cmocka_unit_test_teardown(cut__with_the_commit, close_store),
		cmocka_unit_test_teardown(cut__with_the_commit_behind_a_failure, close_store),
		cmocka_unit_test_teardown(cut__in_front_of_the_commit, close_store),
		cmocka_unit_test_teardown(words__of_a_pooler, close_store),
		cmocka_unit_test_teardown(faults__of_the_whole_unit, close_store),
		cmocka_unit_test_teardown(stopped__in_front_of_the_commit, close_store),
		cmocka_unit_test_teardown(refused__copy, close_store),
		cmocka_unit_test_teardown(limits__of_each_statement, close_store),
		cmocka_unit_test_teardown(limits__of_what_waits, close_store),
		cmocka_unit_test_teardown(forgotten__statements, close_store),
		cmocka_unit_test_teardown(prepared__behind_a_failure, close_store),
		cmocka_unit_test_teardown(forgotten__behind_a_failure, close_store),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Two threads in each other's way on purpose: a deadlock, and what cannot be serialised. Both come to their end. */
#include "fresh.h"
#include "through.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { RUNNERS = 2 };

/* All have come so far at their first attempt; nobody waits at later ones. */
static pthread_barrier_t meeting;

struct runner {
	dbw_status (*work)(store_session s, struct runner *runner);
	dbw_isolation isolation;
	int64_t first, second; /* Users. */
	int number, runs;
	char refused[6]; /* Why an attempt had to be given up. */
	dbw_status status;
	dbw_error error;
};

static dbw_status attempt(store_session s, void *argument)
{
	struct runner *runner = argument;
	dbw_status status;

	runner->runs++;
	status = runner->work(s, runner);
	if (status != DBW_OK)
		memcpy(runner->refused, dbw_session_error(s.any)->sqlstate, sizeof runner->refused);
	return status;
}

static void meet(const struct runner *runner)
{
	if (runner->runs == 1)
		pthread_barrier_wait(&meeting);
}

static void *run(void *argument)
{
	struct runner *runner = argument;
	const dbw_session_options options = { .purpose = "race", .isolation = runner->isolation };

	runner->status = store_transaction(databases, &options, attempt, runner, &runner->error);
	return NULL;
}

static void race(struct runner runners[RUNNERS])
{
	pthread_t threads[RUNNERS];

	assert_int_equal(pthread_barrier_init(&meeting, NULL, RUNNERS), 0);
	for (int i = 0; i < RUNNERS; i++) {
		runners[i].number = i;
		assert_int_equal(pthread_create(&threads[i], NULL, run, &runners[i]), 0);
	}
	for (int i = 0; i < RUNNERS; i++)
		assert_int_equal(pthread_join(threads[i], NULL), 0);
	pthread_barrier_destroy(&meeting);
	for (int i = 0; i < RUNNERS; i++)
		if (runners[i].status != DBW_OK)
			fail_msg("runner %d: %s", i, runners[i].error.message);
}

static dbw_status pay(store_session s, int64_t id)
{
	return user_update_where(s,
		&(user_change){ .where = { .id = dbw_eq(id) },
			.set = { .balance = dbw_add(dbw_decimal_of(100, 2)) } },
		NULL);
}

static dbw_status pay_both(store_session s, struct runner *runner)
{
	dbw_status status = pay(s, runner->first);

	if (status != DBW_OK)
		return status;
	meet(runner);
	return pay(s, runner->second);
}

static void deadlock__both_come_through(void **state)
{
	struct runner runners[RUNNERS] = { { .work = pay_both, .first = 1, .second = 2 },
		{ .work = pay_both, .first = 2, .second = 1 } };
	char sum[32];
	store_session s;

	(void)state;
	open_store_directly();
	s = begin();
	insert_in(s, "one");
	insert_in(s, "two");
	assert_int_equal(store_commit(s), DBW_OK);
	race(runners);
	/* One of them was sent back; on a machine that is slow for one of them, the other may be too. */
	assert_true(runners[0].runs + runners[1].runs >= 3);
	assert_string_equal(runners[runners[0].runs >= 2 ? 0 : 1].refused, "40P01");
	assert_string_equal(
		fresh_ask("store", "SELECT string_agg(balance::text, ' ') FROM users", sum, sizeof sum),
		"3.50 3.50");
}

/* Writes down how many there are. */
static dbw_status count_and_add(store_session s, struct runner *runner)
{
	user row = new_user(runner->number == 0 ? "one" : "two");
	int64_t count;
	dbw_status status = user_count(s.read, NULL, &count);

	if (status != DBW_OK)
		return status;
	meet(runner);
	row.score = (int32_t)count;
	return user_insert(s, &row);
}

static void serialization__both_come_through(void **state)
{
	struct runner runners[RUNNERS] = { { .work = count_and_add, .isolation = DBW_SERIALIZABLE },
		{ .work = count_and_add, .isolation = DBW_SERIALIZABLE } };
	char scores[32];

	(void)state;
	open_store_directly();
	race(runners);
	/* As if one had come after the other, which at the first attempt they did not. */
	assert_true(runners[0].runs + runners[1].runs >= 3);
	assert_string_equal(
		fresh_ask("store", "SELECT string_agg(score::text, ' ' ORDER BY score) FROM users", scores,
			sizeof scores),
		"0 1");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(deadlock__both_come_through, close_store),
		cmocka_unit_test_teardown(serialization__both_come_through, close_store),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

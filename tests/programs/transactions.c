/* Work that is one transaction: committed, rolled back, tried again. */
#include "opened.h"

struct work {
	const dbw_status *answers; /* Of each run; DBW_OK to go on. */
	unsigned runs;
	dbw_databases *databases;
};

static int64_t users(void **state)
{
	store_reader r = begin_reading(state, "count");
	int64_t count;

	assert_ok(user_count(r, NULL, &count), r);
	store_read_end(r);
	return count;
}

static dbw_status sign_up(store_session s, void *argument)
{
	struct work *work = argument;
	user row = new_user("Ada", "ada@example.com");
	dbw_status status = user_insert(s, &row);

	return status == DBW_OK ? work->answers[work->runs++] : status;
}

static const dbw_session_options plain = { .purpose = "sign up" };

static void transactions__commit_what_is_well(void **state)
{
	static const dbw_status answers[] = { DBW_OK };
	struct work work = { .answers = answers };
	dbw_error error = { .status = DBW_BUSY };

	assert_int_equal(store_transaction(*state, &plain, sign_up, &work, &error), DBW_OK);
	assert_int_equal(error.status, DBW_OK);
	assert_int_equal(work.runs, 1);
	assert_int_equal(users(state), 1);
}

static void transactions__try_again_from_the_beginning(void **state)
{
	static const dbw_status answers[] = { DBW_BUSY, DBW_CONNECTION, DBW_BUSY, DBW_OK };
	struct work work = { .answers = answers };
	dbw_error error;

	/* The address is unique: each run finds nothing of the one before. */
	assert_int_equal(store_transaction(*state, &plain, sign_up, &work, &error), DBW_OK);
	assert_int_equal(error.status, DBW_OK);
	assert_int_equal(work.runs, 4);
	assert_int_equal(users(state), 1);
}

static void transactions__give_up_at_the_limit(void **state)
{
	static const dbw_status answers[DBW_ATTEMPTS + 1] = { DBW_BUSY, DBW_BUSY, DBW_BUSY, DBW_BUSY,
		DBW_BUSY, DBW_OK };
	dbw_session_options options = plain;
	struct work work = { .answers = answers };
	dbw_error error;

	assert_int_equal(store_transaction(*state, &options, sign_up, &work, &error), DBW_BUSY);
	assert_int_equal(error.status, DBW_BUSY);
	assert_int_equal(work.runs, DBW_ATTEMPTS);
	options.attempts = 2;
	work.runs = 0;
	assert_int_equal(store_transaction(*state, &options, sign_up, &work, NULL), DBW_BUSY);
	assert_int_equal(work.runs, 2);
	options.attempts = 1;
	work.runs = 0;
	assert_int_equal(store_transaction(*state, &options, sign_up, &work, NULL), DBW_BUSY);
	assert_int_equal(work.runs, 1);
	assert_int_equal(users(state), 0);
}

static void transactions__what_would_end_the_same_is_not_tried_again(void **state)
{
	static const dbw_status answers[] = { DBW_NOT_FOUND, DBW_UNKNOWN_OUTCOME, DBW_STALE, DBW_TIMEOUT,
		DBW_CANCELLED, DBW_SESSION_FAILED };
	struct work work = { .answers = answers };
	dbw_error error;

	for (unsigned i = 0; i < sizeof answers / sizeof *answers; i++) {
		assert_int_equal(store_transaction(*state, &plain, sign_up, &work, &error), answers[i]);
		assert_int_equal(error.status, answers[i]);
		assert_non_null(strstr(error.message, dbw_status_name(answers[i])));
		assert_int_equal(work.runs, i + 1);
	}
	assert_int_equal(users(state), 0);
}

static dbw_status sign_up_twice(store_session s, void *argument)
{
	struct work *work = argument;
	user row = new_user("Ada", "ada@example.com"), other = row;
	dbw_status status = user_insert(s, &row);

	work->runs++;
	return status == DBW_OK ? user_insert(s, &other) : status;
}

static dbw_status ignore_a_conflict(store_session s, void *argument)
{
	dbw_status status = sign_up_twice(s, argument);

	return status == DBW_CONFLICT ? DBW_OK : status;
}

static void transactions__the_error_is_the_session_s(void **state)
{
	struct work work = { .runs = 0 };
	dbw_error error;

	assert_int_equal(store_transaction(*state, &plain, sign_up_twice, &work, &error), DBW_CONFLICT);
	assert_ptr_equal(error.constraint, USER_EMAIL_KEY);
	/* The session was asked while it was there; its connection may be closed. */
	assert_null(error.statement);
	/* A failed write fails its session, whatever the work says then. */
	assert_int_equal(
		store_transaction(*state, &plain, ignore_a_conflict, &work, &error), DBW_SESSION_FAILED);
	assert_non_null(strstr(error.message, "sign up"));
	assert_int_equal(work.runs, 2);
	assert_int_equal(users(state), 0);
}

static dbw_status commit_alone(store_session s, void *argument)
{
	dbw_status status = sign_up(s, argument);
	dbw_status committed = store_commit(s);

	return committed == DBW_OK ? status : committed;
}

static void transactions__work_that_ends_the_session(void **state)
{
	static const dbw_status answers[] = { DBW_OK, DBW_BUSY };
	struct work work = { .answers = answers };
	dbw_error error;
	store_session s;
	user_list list;

	assert_int_equal(store_transaction(*state, &plain, commit_alone, &work, &error), DBW_MISUSE);
	assert_non_null(strstr(error.message, "sign up"));
	s = begin(state, "clean up");
	assert_ok(user_delete_all(s, NULL), s);
	assert_ok(store_commit(s), s);
	/* It has been committed: once more would be once too often. */
	assert_int_equal(store_transaction(*state, &plain, commit_alone, &work, &error), DBW_BUSY);
	assert_int_equal(error.status, DBW_BUSY);
	assert_int_equal(work.runs, 2);
	store_reader r = begin_reading(state, "look");
	assert_ok(user_find(r, NULL, &list), r);
	assert_int_equal(list.count, 1);
	user_list_free(&list);
	store_read_end(r);
}

static dbw_status leave_nested(store_session s, void *argument)
{
	struct work *work = argument;
	store_session inner;

	work->runs++;
	return store_nest(s, "left open", &inner);
}

static void transactions__misuse(void **state)
{
	static const dbw_status answers[] = { DBW_OK };
	const dbw_session_options nowhere = { .purpose = "nowhere", .qualifier = "nowhere" };
	struct work work = { .answers = answers };
	dbw_error error;

	assert_int_equal(store_transaction(*state, &plain, NULL, NULL, &error), DBW_MISUSE);
	assert_int_equal(store_transaction(*state, NULL, sign_up, &work, &error), DBW_MISUSE);
	assert_int_equal(store_transaction(NULL, &plain, sign_up, &work, &error), DBW_MISUSE);
	assert_int_equal(store_transaction(*state, &nowhere, sign_up, &work, &error), DBW_CONFIG);
	assert_int_equal(work.runs, 0);
	assert_int_equal(store_transaction(*state, &plain, leave_nested, &work, &error), DBW_MISUSE);
	assert_non_null(strstr(error.message, "left open"));
	assert_int_equal(work.runs, 1);
}

static dbw_status read_while_all_is_leased(store_session s, void *argument)
{
	struct work *work = argument;

	(void)s;
	work->runs++;
	return DBW_OK;
}

static void transactions__a_full_pool(void **state)
{
	const dbw_session_options options = { .purpose = "one too many", .attempts = 2 };
	struct work work = { .runs = 0 };
	store_reader r[3];
	dbw_error error;

	for (int i = 0; i < 3; i++)
		r[i] = begin_reading(state, "one of three");
	assert_int_equal(
		store_transaction(*state, &options, read_while_all_is_leased, &work, &error), DBW_BUSY);
	assert_int_equal(work.runs, 0);
	assert_non_null(strstr(error.message, "store"));
	for (int i = 0; i < 3; i++)
		store_read_end(r[i]);
	assert_int_equal(
		store_transaction(*state, &options, read_while_all_is_leased, &work, &error), DBW_OK);
	assert_int_equal(work.runs, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(transactions__commit_what_is_well),
		CASE(transactions__try_again_from_the_beginning),
		CASE(transactions__give_up_at_the_limit),
		CASE(transactions__what_would_end_the_same_is_not_tried_again),
		CASE(transactions__the_error_is_the_session_s),
		CASE(transactions__work_that_ends_the_session),
		CASE(transactions__misuse),
		CASE(transactions__a_full_pool),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

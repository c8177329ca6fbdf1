/* Sessions, conflicts, savepoints, qualifiers and databases, as a program meets them. */
#include "opened.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <unistd.h>

static int64_t users(void **state)
{
	store_reader r = begin_reading(state, "count");
	int64_t count;

	assert_ok(user_count(r, NULL, &count), r);
	store_read_end(r);
	return count;
}

static void sessions__conflict_then_commit_keeps_nothing(void **state)
{
	store_session s = begin(state, "sign up");
	user first = new_user("Ada", "ada@example.com"), second = new_user("Other", "ada@example.com");

	assert_ok(user_insert(s, &first), s);
	assert_int_equal(user_insert(s, &second), DBW_CONFLICT);
	assert_true(dbw_violated(s.any, USER_EMAIL_KEY));
	assert_false(dbw_violated(s.any, USER_PKEY));
	assert_int_equal(second.id, 0);
	second.email = "free@example.com";
	assert_int_equal(user_insert(s, &second), DBW_SESSION_FAILED);
	assert_int_equal(store_commit(s), DBW_SESSION_FAILED);
	store_end(s);
	assert_int_equal(users(state), 0);
}

static void sessions__every_constraint_is_named(void **state)
{
	store_session s = begin(state, "constraints"), inner;
	user row = new_user("Ada", "ada@example.com"), poor = new_user("Poor", "poor@example.com");
	page orphan = PAGE_INIT;

	assert_ok(user_insert(s, &row), s);

	assert_ok(store_nest(s, "same id", &inner), s);
	poor.id = row.id;
	assert_int_equal(user_insert(inner, &poor), DBW_CONFLICT);
	assert_true(dbw_violated(inner.any, USER_PKEY));
	store_end(inner);

	assert_ok(store_nest(s, "check", &inner), s);
	poor.id = 0;
	poor.balance = dbw_decimal_of(-1, 2);
	assert_int_equal(user_insert(inner, &poor), DBW_CONFLICT);
	assert_true(dbw_violated(inner.any, USER_BALANCE_NOT_NEGATIVE_CHECK));
	assert_non_null(strstr(dbw_session_error(inner.any)->message, "An account cannot be overdrawn."));
	store_end(inner);

	assert_ok(store_nest(s, "orphan", &inner), s);
	orphan.path = "/";
	orphan.title = "x";
	orphan.author_id = 4711;
	assert_int_equal(page_insert(inner, &orphan), DBW_CONFLICT);
	assert_true(dbw_violated(inner.any, PAGE_AUTHOR_ID_FKEY));
	store_end(inner);

	orphan.author_id = row.id;
	assert_ok(page_insert(s, &orphan), s);
	assert_ok(store_nest(s, "parent", &inner), s);
	assert_int_equal(user_delete_by_id(inner, row.id), DBW_CONFLICT);
	assert_true(dbw_violated(inner.any, PAGE_AUTHOR_ID_FKEY));
	store_end(inner);

	assert_ok(store_commit(s), s);
	assert_int_equal(users(state), 1);
}

static void sessions__not_committed_is_rolled_back(void **state)
{
	store_session s = begin(state, "forgotten");
	user row = new_user("Ada", "ada@example.com");

	assert_ok(user_insert(s, &row), s);
	assert_int_equal(store_end(s), DBW_OK);
	assert_int_equal(users(state), 0);
}

static void sessions__nest(void **state)
{
	store_session s = begin(state, "outer"), inner;
	user one = new_user("One", "one@example.com"), two = new_user("Two", "two@example.com"),
	     three = new_user("Three", "three@example.com");

	assert_ok(user_insert(s, &one), s);
	assert_ok(store_nest(s, "undone", &inner), s);
	assert_ok(user_insert(inner, &two), inner);
	/* The outer session waits. */
	assert_int_equal(user_insert(s, &three), DBW_MISUSE);
	assert_int_equal(store_commit(s), DBW_MISUSE);
	store_end(inner);
	assert_int_equal(user_insert(inner, &two), DBW_ENDED);
	assert_ok(store_nest(s, "kept", &inner), s);
	assert_ok(user_insert(inner, &three), inner);
	assert_ok(store_commit(inner), inner);
	assert_ok(store_commit(s), s);
	assert_int_equal(users(state), 2);
}

static void sessions__ended_handles(void **state)
{
	store_session s = begin(state, "short"), other;
	user row = new_user("Ada", "ada@example.com"), *found = &row;
	user_list list;
	int64_t count;
	bool any;

	assert_ok(store_commit(s), s);
	assert_int_equal(store_end(s), DBW_OK);
	/* The slot is used again, but not by the old handle. */
	other = begin(state, "next");
	assert_int_equal(user_insert(s, &row), DBW_ENDED);
	assert_int_equal(user_update(s, &row, user_all_columns()), DBW_ENDED);
	assert_int_equal(user_delete_by_id(s, 1), DBW_ENDED);
	assert_int_equal(user_find_by_id(s.read, 1, &found), DBW_ENDED);
	assert_null(found);
	assert_int_equal(user_find(s.read, NULL, &list), DBW_ENDED);
	assert_int_equal(list.count, 0);
	user_list_free(&list);
	assert_int_equal(user_count(s.read, NULL, &count), DBW_ENDED);
	assert_int_equal(user_exists(s.read, NULL, &any), DBW_ENDED);
	assert_int_equal(store_commit(s), DBW_ENDED);
	assert_int_equal(store_nest(s, "x", &s), DBW_ENDED);
	assert_int_equal(dbw_session_error(s.any)->status, DBW_ENDED);
	assert_ok(user_insert(other, &row), other);
	store_end(other);
	assert_int_equal(user_insert((store_session){ .any = { NULL, 0 } }, &row), DBW_ENDED);
}

static void sessions__tables_that_are_there(void **state)
{
	store_session s = begin(state, "again");
	user row = new_user("Ada", "ada@example.com");

	assert_int_equal(store_create_tables(s), DBW_EXISTS);
	assert_non_null(strstr(dbw_session_error(s.any)->message, "users"));
	/* Nothing was sent. */
	assert_ok(user_insert(s, &row), s);
	store_end(s);
}

static void sessions__full_pool(void **state)
{
	store_reader r[3], more;
	dbw_error error;

	for (int i = 0; i < 3; i++)
		r[i] = begin_reading(state, "one of three");
	assert_int_equal(store_read_begin(*state, "fourth", &more, &error), DBW_BUSY);
	assert_non_null(strstr(error.message, "store"));
	store_read_end(r[1]);
	assert_int_equal(store_read_begin(*state, "fourth", &more, &error), DBW_OK);
	store_read_end(more);
	store_read_end(r[0]);
	store_read_end(r[2]);
}

static void sessions__a_purpose_is_needed(void **state)
{
	store_session s;
	dbw_error error;

	assert_int_equal(store_begin(*state, NULL, &s, &error), DBW_MISUSE);
	assert_int_equal(store_begin(*state, "", &s, NULL), DBW_MISUSE);
	assert_int_equal(store_commit(s), DBW_ENDED);
}

static void sessions__two_schemas_in_one_program(void **state)
{
	billing_session s;
	billing_user row = BILLING_USER_INIT;
	billing_invoice bill = BILLING_INVOICE_INIT;
	dbw_error error;

	assert_int_equal(billing_begin(*state, "bill", &s, &error), DBW_OK);
	row.iban = "DE02120300000000202051";
	assert_ok(billing_user_insert(s, &row), s);
	bill.user_id = row.id;
	bill.amount = dbw_decimal_of(1, 4);
	assert_ok(billing_invoice_insert(s, &bill), s);
	assert_ok(billing_commit(s), s);
	assert_int_equal(users(state), 0);
}

static void sessions__a_value_that_is_not_ours(void **state)
{
	(void)state;
	static const char *const used[] = { "store" };
	char path[] = "/tmp/dbwright-program-XXXXXX", url[64];
	int file = mkstemp(path);
	dbw_options options = { .only = used, .only_count = 1 };
	dbw_databases *databases;
	store_session s;
	store_reader r;
	user row = new_user("Ada", "ada@example.com"), *found;
	sqlite3 *db;

	assert_true(file >= 0);
	close(file);
	snprintf(url, sizeof url, "sqlite:%s", path);
	setenv("STORE_URL", url, 1);
	assert_int_equal(dbw_databases_open(&databases, &programs_program, &options, NULL), DBW_OK);
	unsetenv("STORE_URL");
	assert_int_equal(store_begin(databases, "make", &s, NULL), DBW_OK);
	assert_ok(store_create_tables(s), s);
	assert_ok(user_insert(s, &row), s);
	assert_ok(store_commit(s), s);
	/* Somebody else writes what no field can hold. */
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "UPDATE users SET rank = 70000", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
	assert_int_equal(store_read_begin(databases, "read", &r, NULL), DBW_OK);
	assert_int_equal(user_find_by_id(r, 1, &found), DBW_DATA);
	assert_non_null(strstr(dbw_session_error(r.any)->message, "user.rank"));
	assert_null(strstr(dbw_session_error(r.any)->message, "70000"));
	store_read_end(r);
	assert_int_equal(dbw_databases_close(databases, NULL), DBW_OK);
	unlink(path);
}

static void sessions__qualifiers(void **state)
{
	static const char *const used[] = { "tenant_eu", "billing" };
	char folder[] = "/tmp/dbwright-program-XXXXXX", path[64];
	dbw_options options = { .only = used, .only_count = 2 };
	dbw_databases *databases;
	dbw_error error;
	billing_session s;
	billing_reader r;
	int64_t count;

	(void)state;
	assert_non_null(mkdtemp(folder));
	/* A variable that is not set is named. */
	unsetenv("TENANT_FOLDER");
	assert_int_equal(dbw_databases_open(&databases, &programs_program, &options, &error), DBW_CONFIG);
	assert_null(databases);
	assert_non_null(strstr(error.message, "TENANT_FOLDER"));
	assert_non_null(strstr(error.message, "tenant_eu"));
	setenv("TENANT_FOLDER", folder, 1);
	assert_int_equal(dbw_databases_open(&databases, &programs_program, &options, &error), DBW_OK);
	const dbw_session_options eu = { .purpose = "europe", .qualifier = "eu" };
	assert_int_equal(billing_begin_with(databases, &eu, &s, &error), DBW_OK);
	assert_ok(billing_create_tables(s), s);
	billing_user row = BILLING_USER_INIT;
	row.iban = "EU";
	assert_ok(billing_user_insert(s, &row), s);
	assert_ok(billing_commit(s), s);
	/* The default one is another database: it has no tables yet. */
	assert_int_equal(billing_read_begin(databases, "default", &r, &error), DBW_OK);
	assert_int_equal(billing_user_count(r, NULL, &count), DBW_SCHEMA_MISMATCH);
	assert_non_null(strstr(dbw_session_error(r.any)->message,
		": in a new session, billing_create_tables() makes the tables"));
	billing_read_end(r);
	assert_int_equal(
		billing_read_begin_with(databases,
			&(dbw_session_options){ .purpose = "moon", .qualifier = "moon" }, &r, &error),
		DBW_CONFIG);
	assert_non_null(strstr(error.message, "eu"));
	assert_int_equal(dbw_databases_close(databases, NULL), DBW_OK);
	snprintf(path, sizeof path, "%s/eu.db", folder);
	assert_int_equal(unlink(path), 0);
	rmdir(folder);
}

static void sessions__an_entry_of_no_schema(void **state)
{
	const dbw_entry entry = { .name = "new", .schema = "zzz", .connection_string = "sqlite::temp:" };
	static const char *const used[] = { "store", "new" };
	dbw_options options = { .entries = &entry, .entry_count = 1, .only = used, .only_count = 2 };
	dbw_databases *databases;
	dbw_error error;

	(void)state;
	assert_int_equal(dbw_databases_open(&databases, &programs_program, &options, &error), DBW_CONFIG);
	assert_non_null(strstr(error.message, "zzz"));
	assert_null(databases);
}

static void count_event(const dbw_event *event, void *argument)
{
	int *counts = argument;

	counts[event->kind]++;
	if (event->kind == DBW_EVENT_STATEMENT)
		assert_string_equal(event->purpose, "watched");
}

static void sessions__events(void **state)
{
	static const char *const used[] = { "store" };
	int counts[8] = { 0 };
	const dbw_options options = {
		.only = used, .only_count = 1, .on_event = count_event, .event_argument = counts
	};
	dbw_databases *databases;
	store_session s;
	user row = new_user("Ada", "ada@example.com");

	(void)state;
	assert_int_equal(dbw_databases_open(&databases, &programs_program, &options, NULL), DBW_OK);
	assert_int_equal(counts[DBW_EVENT_CONNECT], 0);
	assert_int_equal(store_begin(databases, "watched", &s, NULL), DBW_OK);
	assert_ok(store_create_tables(s), s);
	assert_ok(user_insert(s, &row), s);
	assert_ok(store_commit(s), s);
	assert_int_equal(store_begin(databases, "watched", &s, NULL), DBW_OK);
	assert_int_equal(user_insert(s, &row), DBW_CONFLICT);
	store_end(s);
	assert_int_equal(dbw_databases_close(databases, NULL), DBW_OK);
	assert_int_equal(counts[DBW_EVENT_CONNECT], 1);
	assert_int_equal(counts[DBW_EVENT_BEGIN], 2);
	assert_int_equal(counts[DBW_EVENT_COMMIT], 1);
	assert_int_equal(counts[DBW_EVENT_ROLLBACK], 1);
	assert_int_equal(counts[DBW_EVENT_DISCONNECT], 1);
	assert_true(counts[DBW_EVENT_STATEMENT] >= 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(sessions__conflict_then_commit_keeps_nothing),
		CASE(sessions__every_constraint_is_named),
		CASE(sessions__not_committed_is_rolled_back),
		CASE(sessions__nest),
		CASE(sessions__ended_handles),
		CASE(sessions__tables_that_are_there),
		CASE(sessions__full_pool),
		CASE(sessions__a_purpose_is_needed),
		CASE(sessions__two_schemas_in_one_program),
		cmocka_unit_test(sessions__a_value_that_is_not_ours),
		cmocka_unit_test(sessions__qualifiers),
		cmocka_unit_test(sessions__an_entry_of_no_schema),
		cmocka_unit_test(sessions__events),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

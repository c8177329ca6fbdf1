/* What writes of many rows, upserts and changes do when there is no memory, and how much they ask for. */
#include <bank.h>
#include <writes_program.h>

#include "../../memory/allocations.h"
#include "../../postgres/fresh.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static dbw_error error;

enum {
	ROWS = 130,
	ALONE = 20,     /* Each of these is a statement. */
	CALLBACKS = 70, /* Of each kind; together more than the arena of a session has room for at first. */
};
static char emails[ROWS][16];
static account accounts[ROWS];
static article articles[ROWS];

static void make_rows(void)
{
	for (int i = 0; i < ROWS; i++) {
		snprintf(emails[i], sizeof emails[i], "%d@x", i);
		accounts[i] = account_init();
		accounts[i].email = emails[i];
		articles[i] = article_init();
		articles[i].title = emails[i];
	}
}

static dbw_status insert_many(bank_session s)
{
	return account_insert_many(s, accounts, ROWS);
}

static dbw_status insert_many_alone(bank_session s)
{
	return article_insert_many(s, articles, ALONE);
}

static dbw_status load(bank_session s)
{
	return article_load(s, articles, ROWS);
}

static dbw_status upsert(bank_session s)
{
	dbw_status status = account_insert(s, &accounts[0]);

	if (status != DBW_OK)
		return status;
	accounts[1].email = accounts[0].email;
	return account_upsert_by_email(s, &accounts[1], account_all_columns());
}

/* The last two go by statements that are known. */
static dbw_status upsert_again(bank_session s)
{
	item row = item_init();
	dbw_status status = DBW_OK;

	row.label_text = "a";
	for (int i = 0; status == DBW_OK && i < 3; i++) {
		row.id = 0;
		status = item_upsert_by_label_text(s, &row, (item_columns){ .amount = 1 });
	}
	return status;
}

static dbw_status ignore(bank_session s)
{
	dbw_status status = article_insert_or_ignore_by_title(s, &articles[0], NULL);

	if (status != DBW_OK)
		return status;
	articles[1].title = articles[0].title;
	return article_insert_or_ignore_by_title(s, &articles[1], NULL);
}

static dbw_status change(bank_session s)
{
	return account_update_where(s,
		&(account_change){ .where = { .email = dbw_like("%@x"), .id = dbw_gt(0) },
			.set = { .bio = dbw_set("a"), .score = dbw_add(1), .big = dbw_set(2) } },
		NULL);
}

static dbw_status delete_many(bank_session s)
{
	static int64_t keys[3000];

	for (int i = 0; i < 3000; i++)
		keys[i] = i + 1;
	return account_delete_many_by_id(s, keys, 3000, NULL);
}

static dbw_status delete_where(bank_session s)
{
	return account_delete_where(s, &(account_filter){ .email = dbw_ilike("a%") }, NULL);
}

/* Values of every kind, in rows of which there are more than there is room for at first. */
static dbw_status own_sql(bank_session s)
{
	static const dbw_sql_text text = {
		.sqlite = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1) "
			  "SELECT i, 'a text', x'0102', 1.5, NULL FROM n",
		.postgresql =
			"SELECT i, 'a text'::text, '\\x0102'::bytea, 1.5::float8, NULL::text, '{\"a\": 1}'::jsonb, "
			"12.50::numeric, 'name'::name, gen_random_uuid(), now() FROM generate_series(1, $1::int) AS i",
	};
	dbw_records rows;
	dbw_status status = dbw_sql(s.any, text, DBW_VALUES(dbw_bind(40)), &rows);

	if (status == DBW_OK)
		assert_int_equal(rows.count, 40);
	else
		assert_int_equal(rows.count, 0);
	dbw_records_free(&rows);
	return status;
}

static void never(dbw_status outcome, void *argument)
{
	(void)argument;
	assert_int_not_equal(outcome, DBW_OK);
}

static void only_commit(dbw_status outcome, void *argument)
{
	(void)argument;
	assert_int_equal(outcome, DBW_OK);
}

/* The error of a nested session's call is the nested session's: it is told of by its status alone. */
static dbw_status callbacks(bank_session s)
{
	bank_session inner;
	dbw_status status = DBW_OK;

	for (int i = 0; i < CALLBACKS && status == DBW_OK; i++) {
		status = dbw_after_commit(s.any, only_commit, NULL);
		if (status == DBW_OK)
			status = dbw_after_rollback(s.any, never, NULL);
	}
	if (status != DBW_OK)
		return status;
	status = bank_nest(s, "inner", &inner);
	if (status != DBW_OK)
		return status;
	status = dbw_after_rollback(inner.any, never, NULL);
	if (status == DBW_OK)
		status = account_insert(inner, &accounts[0]);
	if (status != DBW_OK) {
		bank_end(inner);
		return status;
	}
	return bank_commit(inner);
}

/* A cursor that is left in the middle. */
static dbw_status cursor(bank_session s)
{
	dbw_status status = account_insert(s, &accounts[0]);
	account_cursor rows;
	const account *row;

	if (status == DBW_OK)
		status = account_insert(s, &accounts[1]);
	if (status == DBW_OK)
		status = account_cursor_open(s.read, NULL, &rows);
	if (status != DBW_OK)
		return status;
	status = account_cursor_next(&rows, &row);
	account_cursor_close(&rows);
	return status;
}

static char url[FRESH_URL_SIZE];

static dbw_databases *open_bank(bool make_tables)
{
	const dbw_entry entry = { .name = "bank",
		.connection_string = make_tables ? fresh_database("bank", url) : url };
	const dbw_options options = { .entries = &entry, .entry_count = 1 };
	dbw_databases *databases;
	bank_session s;

	assert_int_equal(dbw_databases_open(&databases, &writes_program, &options, &error), DBW_OK);
	if (make_tables) {
		assert_int_equal(bank_begin(databases, "tables", &s, &error), DBW_OK);
		assert_int_equal(bank_create_tables(s), DBW_OK);
		assert_int_equal(bank_commit(s), DBW_OK);
	}
	return databases;
}

/*
 * One connection per round, so that no statement is there from the round before. No round but the last commits anything:
 * the tables of a server serve them all.
 */
static void check(dbw_status (*work)(bank_session))
{
	size_t rounds = 0;
	bool done = false;

	for (size_t n = 1; !done; n++, rounds++) {
		dbw_databases *databases = open_bank(n == 1 || !fresh_on_postgresql());
		bank_session s;
		dbw_status status;
		int64_t count = -1;

		make_rows();
		assert_int_equal(bank_begin(databases, "test", &s, &error), DBW_OK);
		allocations_fail(n, false);
		status = work(s);
		done = !allocations_recover();
		if (status != DBW_OK) {
			assert_int_equal(status, DBW_OUT_OF_MEMORY);
			if (work != callbacks)
				assert_int_equal(dbw_session_error(s.any)->status, DBW_OUT_OF_MEMORY);
			/* Many rows are as they were. */
			if (work == insert_many || work == insert_many_alone)
				for (int i = 0; i < ROWS; i++)
					assert_true(accounts[i].id == 0 && articles[i].id == 0 &&
						    dbw_uuid_is_nil(accounts[i].token) &&
						    articles[i].slug == DBW_TEXT_UNSET);
		} else {
			assert_int_equal(account_count(s.read, NULL, &count), DBW_OK);
			/* Some memory can be done without. */
			if (done)
				assert_int_equal(bank_commit(s), DBW_OK);
		}
		assert_int_equal(bank_end(s), DBW_OK);
		assert_int_equal(dbw_databases_close(databases, &error), DBW_OK);
	}
	assert_true(rounds > 1);
}

static void memory__failing_anywhere_is_told(void **state)
{
	static dbw_status (*const works[])(bank_session) = { insert_many, insert_many_alone, load, upsert,
		upsert_again, ignore, change, delete_many, delete_where, own_sql, callbacks, cursor };

	(void)state;
	for (size_t i = 0; i < sizeof works / sizeof works[0]; i++)
		check(works[i]);
	fresh_remove();
}

static void insert_many__asks_for_memory_by_the_call_and_not_by_the_row(void **state)
{
	dbw_databases *databases;
	bank_session s;
	size_t before, few, many;

	(void)state;
	/* libpq's memory is its own affair. */
	if (fresh_on_postgresql())
		return;
	make_rows();
	databases = open_bank(true);
	assert_int_equal(bank_begin(databases, "test", &s, &error), DBW_OK);
	assert_int_equal(account_insert_many(s, accounts, ROWS), DBW_OK);
	make_rows();
	assert_int_equal(account_purge_by_id(s, 1), DBW_OK);
	before = allocations;
	assert_int_equal(account_insert_many(s, accounts, 1), DBW_OK);
	few = allocations - before;
	assert_int_equal(account_delete_all(s, NULL), DBW_OK);
	make_rows();
	before = allocations;
	assert_int_equal(account_insert_many(s, accounts, ROWS), DBW_OK);
	many = allocations - before;
	assert_int_equal(many, few);
	assert_int_equal(few, 2);
	assert_int_equal(bank_end(s), DBW_OK);
	assert_int_equal(dbw_databases_close(databases, &error), DBW_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(memory__failing_anywhere_is_told),
		cmocka_unit_test(insert_many__asks_for_memory_by_the_call_and_not_by_the_row),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

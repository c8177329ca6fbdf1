/* Writes of many rows, upserts and changes of all rows that match, through generated functions on SQLite. */
#include <bank.h>
#include <writes_program.h>

#include "../../postgres/fresh.h"

#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static dbw_databases *databases;
static bank_session s;
static dbw_error error;
static char own_file[64]; /* of a test that wants one, removed when its databases are closed */

static int setup(void **state)
{
	char url[FRESH_URL_SIZE];
	const dbw_entry entry = { .name = "bank", .connection_string = fresh_database("bank", url) };
	const dbw_options options = { .entries = &entry, .entry_count = 1 };

	(void)state;
	assert_int_equal(dbw_databases_open(&databases, &writes_program, &options, &error), DBW_OK);
	assert_int_equal(bank_begin(databases, "tables", &s, &error), DBW_OK);
	assert_int_equal(bank_create_tables(s), DBW_OK);
	assert_int_equal(bank_commit(s), DBW_OK);
	assert_int_equal(bank_begin(databases, "test", &s, &error), DBW_OK);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	assert_int_equal(bank_end(s), DBW_OK);
	assert_int_equal(dbw_databases_close(databases, &error), DBW_OK);
	fresh_remove();
	if (own_file[0] != '\0')
		unlink(own_file);
	own_file[0] = '\0';
	return 0;
}

#define OK(call)                                                                      \
	do {                                                                          \
		if ((call) != DBW_OK)                                                 \
			fail_msg("%s: %s", #call, dbw_session_error(s.any)->message); \
	} while (0)

#define TOLD(call, expected, text)                                            \
	do {                                                                  \
		assert_int_equal(call, expected);                             \
		assert_string_equal(dbw_session_error(s.any)->message, text); \
	} while (0)

static char labels[100000][32];

/* Items "<prefix>0", "<prefix>1" and so on, without ids. */
static item *make_items(const char *prefix, size_t count)
{
	item *rows = calloc(count + 1, sizeof *rows);

	assert_non_null(rows);
	for (size_t i = 0; i < count; i++) {
		rows[i] = item_init();
		snprintf(labels[i], sizeof labels[i], "%s%zu", prefix, i);
		rows[i].label_text = labels[i];
	}
	return rows;
}

static int64_t count_items(void)
{
	int64_t count = -1;

	OK(item_count(s.read, NULL, &count));
	return count;
}

/* Each row is stored under the id that it was given. */
static void check_items(const item *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		item *found;

		OK(item_find_by_label_text(s.read, rows[i].label_text, &found));
		assert_true(found->id == rows[i].id && found->amount == rows[i].amount);
		item_free(found);
	}
}

static void insert_many__gives_every_row_its_id(void **state)
{
	static const size_t counts[] = { 0, 1, 2, 9, 12, 13, 99, 102, 103, 250, 1000 };
	int64_t expected = 0;
	char prefix[8];

	(void)state;
	for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
		snprintf(prefix, sizeof prefix, "%c", (char)('a' + i));
		item *rows = make_items(prefix, counts[i]);

		OK(item_insert_many(s, rows, counts[i]));
		for (size_t row = 0; row < counts[i]; row++)
			assert_true(rows[row].id == ++expected);
		check_items(rows, counts[i]);
		free(rows);
	}
	assert_true(count_items() == expected);
}

static void insert_many__takes_a_hundred_thousand(void **state)
{
	const size_t count = 100000;
	item *rows = make_items("x", count);
	item *found;

	(void)state;
	OK(item_insert_many(s, rows, count));
	for (size_t i = 0; i < count; i++)
		assert_true(rows[i].id == (int64_t)i + 1);
	OK(item_find_by_label_text(s.read, "x77777", &found));
	assert_true(found->id == 77778);
	item_free(found);
	assert_true(count_items() == 100000);
	free(rows);
}

static void insert_many__takes_ids_that_are_given(void **state)
{
	item *rows = make_items("x", 300);

	(void)state;
	for (size_t i = 0; i < 300; i++)
		rows[i].id = 5000 - (int64_t)i;
	OK(item_insert_many(s, rows, 300));
	assert_true(rows[0].id == 5000 && rows[299].id == 4701);
	check_items(rows, 300);
	free(rows);
}

static void insert_many__takes_ids_in_some_rows(void **state)
{
	item *rows = make_items("x", 400);

	(void)state;
	/* Rows by themselves, in runs, and an id that is smaller than those before. */
	rows[3].id = 1000;
	for (size_t i = 120; i < 250; i++)
		rows[i].id = 9000 + (int64_t)i;
	rows[260].id = 500;
	OK(item_insert_many(s, rows, 400));
	assert_true(rows[2].id == 3 && rows[3].id == 1000 && rows[4].id == 1001 && rows[119].id == 1116);
	assert_true(rows[249].id == 9249 && rows[250].id == 9250 && rows[260].id == 500);
	assert_true(rows[261].id == 9260);
	check_items(rows, 400);
	free(rows);
}

static void insert_many__goes_on_at_the_end_of_the_numbers(void **state)
{
	item *rows;

	(void)state;
	/* Elsewhere there are no more then, and the database says so. */
	if (fresh_on_postgresql())
		return;
	rows = make_items("x", 300);
	rows[0].id = INT64_MAX - 120;
	OK(item_insert_many(s, rows, 300));
	assert_true(rows[120].id == INT64_MAX);
	for (size_t i = 121; i < 300; i++)
		assert_true(rows[i].id > 0 && rows[i].id < INT64_MAX - 120);
	check_items(rows, 300);
	free(rows);
}

static void insert_many__names_the_row_that_is_refused(void **state)
{
	item *rows = make_items("x", 300);

	(void)state;
	rows[217].label_text = NULL;
	TOLD(item_insert_many(s, rows, 300), DBW_INVALID, "item[217].label is not set");
	rows[217].label_text = "a label that is longer than forty characters are";
	TOLD(item_insert_many(s, rows, 300), DBW_INVALID,
		"item[217].label has 48 characters, 40 is the most");
	TOLD(item_load(s, rows, 300), DBW_INVALID, "item[217].label has 48 characters, 40 is the most");
	rows[217] = (item){ .label_text = "x" };
	TOLD(item_insert_many(s, rows, 300), DBW_MISUSE,
		"item[217]: the row comes from nowhere; start it with the INIT macro of its model, or read it");
	TOLD(item_insert_many(s, NULL, 1), DBW_MISUSE, "item: there are no rows at NULL");
	/* Nothing was sent, and the session goes on. */
	for (size_t i = 0; i < 300; i++)
		assert_true(rows[i].id == 0);
	assert_true(count_items() == 0);
	OK(item_insert_many(s, NULL, 0));
	OK(item_insert_many(s, rows, 217));
	free(rows);
}

static void check_conflict(size_t count, size_t place, dbw_status (*insert)(bank_session, item *, size_t))
{
	bank_session inner;
	item *rows = make_items("x", count);
	char text[128];

	OK(bank_nest(s, "conflict", &inner));
	rows[place].label_text = rows[0].label_text;
	assert_int_equal(insert(inner, rows, count), DBW_CONFLICT);
	assert_true(dbw_violated(inner.any, ITEM_LABEL_TEXT_KEY));
	snprintf(text, sizeof text, "item[%zu].label: a row with this value exists (%s)", place,
		ITEM_LABEL_TEXT_KEY->name);
	assert_string_equal(dbw_session_error(inner.any)->message, text);
	for (size_t i = 0; i < count; i++)
		assert_true(rows[i].id == 0);
	assert_int_equal(item_insert_many(inner, rows, 1), DBW_SESSION_FAILED);
	assert_int_equal(bank_end(inner), DBW_OK);
	assert_true(count_items() == 0);
	free(rows);
}

static dbw_status load_items(bank_session session, item *rows, size_t count)
{
	return item_load(session, rows, count);
}

static void insert_many__names_the_row_in_conflict(void **state)
{
	(void)state;
	check_conflict(2, 1, item_insert_many);
	check_conflict(20, 11, item_insert_many);
	check_conflict(1000, 777, item_insert_many);
	check_conflict(1000, 777, load_items);
	check_conflict(1003, 1002, load_items);
}

static void insert__asks_for_decimals_without_default(void **state)
{
	ledger rows[] = { LEDGER_INIT, LEDGER_INIT };
	account of_default = ACCOUNT_INIT;
	ledger *stored;

	(void)state;
	TOLD(ledger_insert(s, &rows[0]), DBW_INVALID, "ledger.huge is not set");
	rows[0].huge = dbw_decimal_of(0, 0);
	TOLD(ledger_insert_many(s, rows, 2), DBW_INVALID, "ledger[1].huge is not set");
	OK(ledger_insert(s, &rows[0]));
	OK(ledger_find_by_id(s.read, rows[0].id, &stored));
	assert_true(stored->huge.low == 0 && stored->huge.high == 0 && stored->huge.scale == 10);
	ledger_free(stored);
	assert_true(of_default.balance.scale == 2 && of_default.balance.low == 0);
}

static void insert_many__explains_foreign_keys_and_checks(void **state)
{
	bank_session inner;
	item *rows = make_items("x", 200);

	(void)state;
	rows[150].account_id = dbw_some_i64(99);
	OK(bank_nest(s, "foreign key", &inner));
	assert_int_equal(item_insert_many(inner, rows, 200), DBW_CONFLICT);
	assert_true(dbw_violated(inner.any, ITEM_ACCOUNT_ID_FKEY));
	assert_non_null(strstr(dbw_session_error(inner.any)->message, "item[150].account_id: "));
	assert_int_equal(bank_end(inner), DBW_OK);
	rows[150].account_id = dbw_none_i64();
	rows[160].amount = 0;
	OK(bank_nest(s, "check", &inner));
	assert_int_equal(item_insert_many(inner, rows, 200), DBW_CONFLICT);
	assert_true(dbw_violated(inner.any, ITEM_SOME_AMOUNT_CHECK));
	assert_string_equal(dbw_session_error(inner.any)->message,
		"item[160]: the check does not hold (items_some_amount_check): an item has some amount");
	assert_int_equal(bank_end(inner), DBW_OK);
	free(rows);
}

static void insert_many__reads_the_clock_once(void **state)
{
	account rows[150];
	char emails[150][16];

	(void)state;
	for (int i = 0; i < 150; i++) {
		snprintf(emails[i], sizeof emails[i], "%d@x", i);
		rows[i] = account_init();
		rows[i].email = emails[i];
	}
	OK(account_insert_many(s, rows, 150));
	for (int i = 0; i < 150; i++) {
		account *found;

		assert_true(rows[i].created_at.us == rows[0].created_at.us);
		assert_true(rows[i].updated_at.us == rows[0].created_at.us);
		assert_false(dbw_uuid_is_nil(rows[i].token));
		assert_true(i == 0 || memcmp(&rows[i].token, &rows[i - 1].token, sizeof rows[i].token) != 0);
		OK(account_find_by_id(s.read, rows[i].id, &found));
		assert_string_equal(found->email, emails[i]);
		assert_memory_equal(&found->token, &rows[i].token, sizeof found->token);
		assert_true(found->created_at.us == rows[i].created_at.us);
		account_free(found);
	}
}

static void insert_many__reads_back_what_the_database_fills_in(void **state)
{
	article rows[120];
	char titles[120][16];

	(void)state;
	for (int i = 0; i < 120; i++) {
		snprintf(titles[i], sizeof titles[i], "title %d", i);
		rows[i] = article_init();
		rows[i].title = titles[i];
		if (i % 3 == 0)
			rows[i].slug = "given";
	}
	OK(article_insert_many(s, rows, 120));
	for (int i = 0; i < 120; i++) {
		assert_true(rows[i].id == i + 1 && rows[i].size == (int64_t)strlen(titles[i]));
		assert_string_equal(rows[i].slug, i % 3 == 0 ? "given" : "none");
	}
	rows[60].id = 0;
	rows[60].title = "new";
	rows[61].id = 0;
	assert_int_equal(article_insert_many(s, &rows[60], 2), DBW_CONFLICT);
	assert_string_equal(dbw_session_error(s.any)->message,
		"article[1].title: a row with this value exists (articles_title_key)");
	/* What the first row was given is taken back. */
	assert_true(rows[60].id == 0 && rows[60].size == 8);
}

/* Goes on with a database in a file, whose table of items has a trigger. */
static void use_file_with_trigger(const char *trigger)
{
	char path[] = "/tmp/dbwright_writes_XXXXXX", url[64];
	const int file = mkstemp(path);
	sqlite3 *db;

	assert_true(file >= 0);
	close(file);
	snprintf(url, sizeof url, "sqlite:%s", path);
	const dbw_entry entry = { .name = "bank", .connection_string = url };
	const dbw_options options = { .entries = &entry, .entry_count = 1 };

	assert_int_equal(teardown(NULL), 0);
	strcpy(own_file, path);
	assert_int_equal(dbw_databases_open(&databases, &writes_program, &options, &error), DBW_OK);
	assert_int_equal(bank_begin(databases, "tables", &s, &error), DBW_OK);
	OK(bank_create_tables(s));
	OK(bank_commit(s));
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, trigger, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
	assert_int_equal(bank_begin(databases, "test", &s, &error), DBW_OK);
}

#define ADDS_A_ROW "BEGIN INSERT INTO items (the_label, amount) VALUES (new.the_label || '+', 1); END"

static void insert_many__gives_ids_beside_a_trigger(void **state)
{
	item *rows = make_items("x", 150);

	(void)state;
	use_file_with_trigger(
		"CREATE TRIGGER adds AFTER INSERT ON items WHEN new.the_label NOT LIKE '%+' " ADDS_A_ROW);
	OK(item_insert_many(s, rows, 150));
	assert_true(rows[149].id == 299);
	check_items(rows, 150);
	free(rows);
}

static void insert_many__notices_a_trigger_that_comes_late(void **state)
{
	item *rows = make_items("x", 150);

	(void)state;
	use_file_with_trigger(
		"CREATE TRIGGER adds AFTER INSERT ON items WHEN new.the_label = 'x50' " ADDS_A_ROW);
	TOLD(item_insert_many(s, rows, 150), DBW_ENGINE,
		"item: the ids of the rows cannot be told, something else adds rows to the table as well; "
		"insert them one by one");
	for (int i = 0; i < 150; i++)
		assert_true(rows[i].id == 0);
	free(rows);
}

static void load__stores_what_insert_many_does(void **state)
{
	const size_t count = 1234;
	item *rows = make_items("x", count);
	article articles[30];
	char titles[30][16];

	(void)state;
	rows[5].id = 70;
	OK(item_load(s, rows, count));
	assert_true(rows[0].id == 0 && rows[5].id == 70 && count_items() == 1234);
	for (size_t i = 0; i < count; i++) {
		item *found;

		OK(item_find_by_label_text(s.read, labels[i], &found));
		assert_true(found->id == (int64_t)(i < 5 ? i + 1 : i + 65));
		item_free(found);
	}
	free(rows);
	for (int i = 0; i < 30; i++) {
		snprintf(titles[i], sizeof titles[i], "t%d", i);
		articles[i] = article_init();
		articles[i].title = titles[i];
		if (i >= 10)
			articles[i].slug = "given";
	}
	OK(article_load(s, articles, 30));
	for (int i = 0; i < 30; i++) {
		article *found;

		assert_true(articles[i].id == 0);
		OK(article_find_by_title(s.read, titles[i], &found));
		assert_string_equal(found->slug, i >= 10 ? "given" : "none");
		article_free(found);
	}
}

static account add_account(const char *email)
{
	account row = account_init();

	row.email = email;
	OK(account_insert(s, &row));
	return row;
}

static void ignore__gives_the_id_of_the_row_that_is_there(void **state)
{
	item row = item_init(), same = item_init(), third = item_init();
	bool inserted = false;
	int64_t taken;

	(void)state;
	row.label_text = same.label_text = "a";
	third.label_text = "b";
	same.amount = 9;
	OK(item_insert_or_ignore_by_label_text(s, &row, &inserted));
	assert_true(inserted && row.id == 1);
	OK(item_insert_or_ignore_by_label_text(s, &third, NULL));
	assert_true(third.id == 2);
	OK(item_insert_or_ignore_by_label_text(s, &same, &inserted));
	assert_true(!inserted && same.id == 1 && same.amount == 9);
	check_items(&row, 1);
	same.id = 2;
	same.label_text = "c";
	OK(item_insert_or_ignore_by_id(s, &same, &inserted));
	assert_true(!inserted && same.id == 2);
	same.id = 0;
	OK(item_insert_or_ignore_by_id(s, &same, &inserted));
	/* Some engines use ids up for rows that they then do not insert. */
	assert_true(inserted && same.id > 2);
	taken = same.id;
	same.id = 0;
	same.label_text = NULL;
	TOLD(item_insert_or_ignore_by_label_text(s, &same, &inserted), DBW_INVALID, "item.label is not set");
	assert_false(inserted);
	/* Another constraint is a conflict as ever. */
	same.id = taken;
	same.label_text = "d";
	assert_int_equal(item_insert_or_ignore_by_label_text(s, &same, &inserted), DBW_CONFLICT);
	assert_true(dbw_violated(s.any, ITEM_PKEY) && !inserted);
}

static void upsert__gives_the_right_id_either_way(void **state)
{
	account first = add_account("a@x"), second = add_account("b@x");
	account row = account_init(), *found;
	const account_columns set = { .bio = 1, .score = 1 };

	(void)state;
	row.email = "a@x";
	row.bio = "new";
	row.score = 7;
	row.balance = dbw_decimal_of(100, 2);
	OK(account_upsert_by_email(s, &row, set));
	assert_true(row.id == first.id && row.version == 2);
	assert_true(row.created_at.us == first.created_at.us && row.updated_at.us >= first.updated_at.us);
	assert_memory_equal(&row.token, &first.token, sizeof row.token);
	OK(account_find_by_id(s.read, first.id, &found));
	assert_string_equal(found->bio, "new");
	assert_true(found->score == 7 && found->version == 2 && found->updated_at.us == row.updated_at.us);
	assert_true(dbw_decimal_compare(found->balance, dbw_decimal_of(0, 2)) == 0);
	account_free(found);
	/* The version that came back is the stored one. */
	row.bio = "newer";
	OK(account_update(s, &row, (account_columns){ .bio = 1 }));
	row = account_init();
	row.email = "c@x";
	OK(account_upsert_by_email(s, &row, set));
	assert_true(row.id > second.id && row.version == 1 && !dbw_timestamp_is_unset(row.created_at));
	row.id = second.id;
	row.email = "d@x";
	OK(account_upsert_by_id(s, &row, account_all_columns()));
	assert_true(row.id == second.id && row.version == 2);
	OK(account_find_by_email(s.read, "d@x", &found));
	assert_true(found->id == second.id);
	account_free(found);
}

/* A key that is made for a row is in the row afterwards; with it, the row is met again. */
static void upsert__gives_a_key_back_that_was_made(void **state)
{
	voucher row = voucher_init();
	dbw_uuid id, code;
	voucher *found;
	int64_t count;

	(void)state;
	row.amount = 1;
	OK(voucher_upsert_by_id(s, &row, voucher_all_columns()));
	assert_false(dbw_uuid_is_nil(row.id) || dbw_uuid_is_nil(row.code));
	OK(voucher_find_by_id(s.read, row.id, &found));
	assert_memory_equal(&found->code, &row.code, sizeof row.code);
	voucher_free(found);
	id = row.id;
	row.amount = 2;
	OK(voucher_upsert_by_id(s, &row, (voucher_columns){ .amount = 1 }));
	assert_memory_equal(&row.id, &id, sizeof id);
	row = voucher_init();
	OK(voucher_upsert_by_code(s, &row, (voucher_columns){ .amount = 1 }));
	assert_false(dbw_uuid_is_nil(row.id) || dbw_uuid_is_nil(row.code));
	id = row.id;
	code = row.code;
	row = voucher_init();
	row.code = code;
	row.amount = 3;
	OK(voucher_upsert_by_code(s, &row, (voucher_columns){ .amount = 1 }));
	assert_memory_equal(&row.id, &id, sizeof id);
	OK(voucher_count(s.read, NULL, &count));
	assert_int_equal(count, 2);
}

/* The same of a row that is left alone; at midnight the second one is of another day, and the third of none. */
static void ignore__gives_a_key_back_that_was_made(void **state)
{
	visit first = visit_init(), again;
	bool inserted = true;

	(void)state;
	first.place = "harbour";
	OK(visit_insert_or_ignore_by_day_and_place(s, &first, NULL));
	for (int i = 0; i < 2 && inserted; i++) {
		again = visit_init();
		again.place = "harbour";
		OK(visit_insert_or_ignore_by_day_and_place(s, &again, &inserted));
		if (inserted)
			first = again;
	}
	assert_false(inserted);
	assert_int_equal(again.id, first.id);
	assert_int_equal(again.day.days, first.day.days);
}

/* A table of somebody who has forgotten its unique index: no conflict of rows, and no fault of the engine. */
static void upsert__wants_the_index_of_its_key(void **state)
{
	account row = account_init();
	const char *said;

	(void)state;
	OK(dbw_sql_run(s.any, DBW_SQL("DROP INDEX accounts_email_key"), NULL, 0, NULL));
	row.email = "a@x";
	assert_int_equal(account_upsert_by_email(s, &row, account_all_columns()), DBW_SCHEMA_MISMATCH);
	said = dbw_session_error(s.any)->message;
	assert_non_null(strstr(said, "ON CONFLICT"));
	assert_non_null(strstr(said, "database \"bank\" has another schema than this program"));
}

static void upsert__refuses_what_update_refuses(void **state)
{
	account row = account_init();

	(void)state;
	row.email = "a@x";
	TOLD(account_upsert_by_email(s, &row, (account_columns){ .id = 1 }), DBW_MISUSE,
		"account.id is the key, which update does not change");
	TOLD(account_upsert_by_email(s, &row, (account_columns){ .version = 1 }), DBW_MISUSE,
		"account.version is the version, which update counts by itself");
	TOLD(account_upsert_by_email(s, &row, (account_columns){ .email = 0 }), DBW_MISUSE,
		"account: the set of columns to update is empty; insert_or_ignore leaves a row that is there alone");
	row.deleted_at = dbw_some_timestamp(dbw_timestamp_now());
	TOLD(account_upsert_by_email(s, &row, (account_columns){ .bio = 1 }), DBW_MISUSE,
		"account: the row is marked as deleted, and the key is unique among the others alone");
	row.deleted_at = dbw_none_timestamp();
	OK(account_upsert_by_email(s, &row, (account_columns){ .bio = 1 }));
}

static void upsert__looks_at_living_rows_alone(void **state)
{
	account old = add_account("a@x"), row = account_init(), again;
	bool inserted;

	(void)state;
	OK(account_delete_by_id(s, old.id));
	row.email = "a@x";
	OK(account_upsert_by_email(s, &row, (account_columns){ .bio = 1 }));
	assert_true(row.id != old.id && row.version == 1);
	again = account_init();
	again.email = "a@x";
	OK(account_insert_or_ignore_by_email(s, &again, &inserted));
	assert_true(!inserted && again.id == row.id);
	/* The key is unique among the deleted, too. */
	old.bio = "changed";
	OK(account_upsert_by_id(s, &old, (account_columns){ .bio = 1 }));
	assert_true(old.version == 3);
}

static void upsert__of_null_is_always_new(void **state)
{
	account one = account_init(), two = account_init(), three = account_init();
	bool inserted;

	(void)state;
	one.email = "a@x";
	two.email = "b@x";
	three.email = "c@x";
	OK(account_upsert_by_nickname(s, &one, (account_columns){ .bio = 1 }));
	OK(account_upsert_by_nickname(s, &two, (account_columns){ .bio = 1 }));
	assert_true(one.id == 1 && two.id == 2);
	three.nickname = "nick";
	OK(account_insert_or_ignore_by_nickname(s, &three, &inserted));
	assert_true(inserted && three.id == 3);
}

static void upsert__of_natural_keys(void **state)
{
	translation row = translation_init(), *found;
	bool inserted;

	(void)state;
	row.language = "de";
	row.word = "Katze";
	row.meaning = "cat";
	OK(translation_upsert_by_language_and_word(s, &row, (translation_columns){ .meaning = 1 }));
	row.meaning = "a cat";
	OK(translation_upsert_by_language_and_word(s, &row, (translation_columns){ .meaning = 1 }));
	row.meaning = "no cat";
	OK(translation_insert_or_ignore_by_language_and_word(s, &row, &inserted));
	assert_false(inserted);
	OK(translation_find_by_language_and_word(s.read, "de", "Katze", &found));
	assert_string_equal(found->meaning, "a cat");
	translation_free(found);
}

static item make_item(const char *label, int32_t amount)
{
	item row = item_init();

	row.label_text = label;
	row.amount = amount;
	return row;
}

static void check_amount(const char *label, int64_t id, int32_t amount)
{
	item *found;

	OK(item_find_by_label_text(s.read, label, &found));
	assert_true(found->id == id && found->amount == amount);
	item_free(found);
}

/* Asks for items in as many ways as a connection remembers statements, and more. */
static void ask_in_other_ways(void)
{
	static const int64_t ids[2] = { -1, -2 };

	for (unsigned i = 0; i < 160; i++) {
		const item_query query = { .where = { .id = (i & 1) != 0 ? dbw_lt(ids[0]) : dbw_in(ids, 2),
						   .label_text = (i & 2) != 0   ? dbw_gt("a")
								 : (i & 4) != 0 ? dbw_ne("b")
										: dbw_ge("c"),
						   .amount = (i & 8) != 0 ? dbw_gt(1) : dbw_ne(2) },
			.order_by = { { .id = (i & 16) != 0 ? DBW_ASC : DBW_DESC },
				{ .amount = (i & 32) != 0 ? DBW_ASC : DBW_DESC } },
			.limit = (i & 64) != 0 ? 1 : 0,
			.offset = (i & 128) != 0 ? 1 : 0 };
		item_list rows;

		OK(item_find(s.read, &query, &rows));
		assert_true(rows.count == 0);
		item_list_free(&rows);
	}
}

static void upsert__again_is_as_the_first_time(void **state)
{
	const item_columns amount = { .amount = 1 }, account_too = { .amount = 1, .account_id = 1 };
	const account owner = add_account("a@x");
	item rows[] = { make_item("a", 1), make_item("a", 2), make_item("b", 3), make_item("a", 4),
		make_item("b", 5), make_item("b", 6) };
	int64_t ids[2];
	item *found;

	(void)state;
	for (int i = 0; i < 5; i++) {
		OK(item_upsert_by_label_text(s, &rows[i], amount));
		if (i == 3)
			ask_in_other_ways();
	}
	ids[0] = rows[0].id;
	ids[1] = rows[2].id;
	assert_true(ids[0] > 0 && ids[1] > ids[0]);
	assert_true(rows[1].id == ids[0] && rows[3].id == ids[0] && rows[4].id == ids[1]);
	check_amount("a", ids[0], 4);
	check_amount("b", ids[1], 5);
	/* Another set of columns is another upsert, and so is one that brings its id. */
	rows[5].account_id = dbw_some_i64(owner.id);
	OK(item_upsert_by_label_text(s, &rows[5], account_too));
	OK(item_find_by_id(s.read, ids[1], &found));
	assert_true(found->account_id.has && found->account_id.value == owner.id && found->amount == 6);
	item_free(found);
	rows[5].account_id = dbw_none_i64();
	rows[5].amount = 7;
	for (int i = 0; i < 2; i++)
		OK(item_upsert_by_label_text(s, &rows[5], amount));
	OK(item_find_by_id(s.read, ids[1], &found));
	assert_true(found->account_id.has && found->amount == 7);
	item_free(found);
	rows[5].label_text = "c";
	OK(item_upsert_by_id(s, &rows[5], amount));
	OK(item_upsert_by_id(s, &rows[5], (item_columns){ .label_text = 1 }));
	check_amount("c", ids[1], 7);
}

static void upsert__again_refuses_as_the_first_time(void **state)
{
	const item_columns amount = { .amount = 1 };
	item row = make_item("a", 1);
	bank_session inner, outer = s;
	item_query some = { .columns = { .label_text = 1 } };
	item *part;

	(void)state;
	for (int i = 0; i < 2; i++)
		OK(item_upsert_by_label_text(s, &row, amount));
	row.id = 0;
	OK(item_upsert_by_label_text(s, &row, amount));
	row.label_text = NULL;
	TOLD(item_upsert_by_label_text(s, &row, amount), DBW_INVALID, "item.label is not set");
	row.label_text = "\xff";
	TOLD(item_upsert_by_label_text(s, &row, amount), DBW_INVALID, "item.label is not UTF-8");
	/* What was not read is not written. */
	OK(item_find_one(s.read, &some, &part));
	TOLD(item_upsert_by_label_text(s, part, amount), DBW_MISUSE,
		"item.amount was not read, so there is nothing to insert");
	item_free(part);
	/* Other constraints. */
	row = make_item("b", 0);
	OK(bank_nest(outer, "check", &inner));
	assert_int_equal(item_upsert_by_label_text(inner, &row, amount), DBW_CONFLICT);
	assert_true(dbw_violated(inner.any, ITEM_SOME_AMOUNT_CHECK) && row.id == 0);
	OK(bank_end(inner));
	row = make_item("b", 1);
	row.account_id = dbw_some_i64(77);
	OK(bank_nest(outer, "reference", &inner));
	assert_int_equal(item_upsert_by_label_text(inner, &row, amount), DBW_CONFLICT);
	assert_non_null(strstr(dbw_session_error(inner.any)->message, "account"));
	assert_true(row.id == 0);
	OK(bank_end(inner));
	row.account_id = dbw_none_i64();
	OK(item_upsert_by_label_text(s, &row, amount));
	check_amount("b", row.id, 1);
}

static void ignore__again_is_as_the_first_time(void **state)
{
	item row;
	bool inserted;

	(void)state;
	for (int i = 0; i < 6; i++) {
		row = make_item(i % 2 == 0 ? "a" : "b", i);
		row.amount += 1;
		OK(item_insert_or_ignore_by_label_text(s, &row, &inserted));
		assert_true(inserted == (i < 2) && row.amount == i + 1);
		check_amount(row.label_text, row.id, i % 2 + 1);
	}
	row = make_item("c", 1);
	OK(item_insert_or_ignore_by_label_text(s, &row, &inserted));
	assert_true(inserted);
	check_amount("c", row.id, 1);
	OK(item_upsert_by_label_text(s, &row, (item_columns){ .amount = 1 }));
}

/* What the runtime made is not written where a row is there: the stored value comes back. What the caller has set stays. */
static void upsert__again_leaves_what_the_row_has(void **state)
{
	const badge_columns note = { .note = 1 };
	badge first = badge_init(), made = badge_init(), own = badge_init();

	(void)state;
	first.code = made.code = own.code = "a";
	assert_int_equal(dbw_uuid_v4(&own.token), DBW_OK);
	const dbw_uuid token = own.token;

	for (int i = 0; i < 2; i++) {
		made.token = (dbw_uuid){ { 0 } };
		OK(badge_upsert_by_code(s, i == 0 ? &first : &made, note));
	}
	assert_true(made.id == first.id);
	assert_memory_equal(&made.token, &first.token, sizeof made.token);
	for (int i = 0; i < 3; i++) {
		own.id = 0;
		OK(badge_upsert_by_code(s, &own, note));
		assert_true(own.id == first.id);
		assert_memory_equal(&own.token, &token, sizeof token);
	}
	made.token = (dbw_uuid){ { 0 } };
	made.id = 0;
	OK(badge_upsert_by_code(s, &made, note));
	assert_true(made.id == first.id);
	assert_memory_equal(&made.token, &first.token, sizeof made.token);
}

static void upsert__reads_back_what_the_database_fills_in(void **state)
{
	article row = article_init(), other = article_init();
	bool inserted;

	(void)state;
	row.title = "one";
	OK(article_upsert_by_title(s, &row, (article_columns){ .title = 1 }));
	assert_true(row.id == 1 && row.size == 3);
	assert_string_equal(row.slug, "none");
	row.slug = "changed";
	OK(article_upsert_by_title(s, &row, (article_columns){ .slug = 1 }));
	other.title = "one";
	TOLD(article_upsert_by_title(s, &other, (article_columns){ .slug = 1 }), DBW_INVALID,
		"article.slug is not set");
	OK(article_upsert_by_title(s, &other, (article_columns){ .title = 1 }));
	assert_true(other.id == 1 && other.size == 3);
	assert_string_equal(other.slug, "changed");
	other = article_init();
	other.title = "two";
	OK(article_insert_or_ignore_by_title(s, &other, &inserted));
	assert_true(inserted && other.id > 1 && other.size == 3);
	assert_string_equal(other.slug, "none");
}

static account read_account(int64_t id)
{
	account_query query = { .where = { .id = dbw_eq(id) }, .deleted_ = DBW_WITH_DELETED };
	account_list list;
	account row;

	OK(account_find(s.read, &query, &list));
	assert_int_equal(list.count, 1);
	row = list.items[0];
	account_list_free(&list);
	return row;
}

static void update_where__changes_what_matches(void **state)
{
	account a = add_account("a@x"), b = add_account("b@x"), c = add_account("c@x");
	int64_t changed = -1;
	account *found;

	(void)state;
	OK(account_delete_by_id(s, c.id));
	OK(account_update_where(s,
		&(account_change){ .where = { .email = dbw_like("%@x") },
			.set = { .bio = dbw_set("text"),
				.role = account_role_set(ACCOUNT_ROLE_ADMIN),
				.score = dbw_add(5),
				.small = dbw_set(3),
				.big = dbw_add(INT64_C(1) << 40),
				.ratio = dbw_add(0.25),
				.balance = dbw_add(dbw_decimal_of(105, 1)),
				.is_active = dbw_set_bool(false) } },
		&changed));
	assert_true(changed == 2);
	OK(account_find_by_id(s.read, a.id, &found));
	assert_string_equal(found->bio, "text");
	assert_true(found->role == ACCOUNT_ROLE_ADMIN && found->score == 5 && found->small.value == 3);
	assert_true(found->big == INT64_C(1) << 40 && found->ratio == 0.25 && !found->is_active);
	assert_true(dbw_decimal_compare(found->balance, dbw_decimal_of(1050, 2)) == 0);
	assert_true(found->version == 2 && found->updated_at.us >= a.updated_at.us);
	account_free(found);
	assert_true(read_account(b.id).version == 2 && read_account(c.id).version == 2);
	assert_true(read_account(c.id).score == 0);
	/* What was read before is stale now. */
	a.score = 1;
	assert_int_equal(account_update(s, &a, (account_columns){ .score = 1 }), DBW_STALE);
	OK(account_update_where(s,
		&(account_change){ .where = { .id = dbw_le(c.id) },
			.set = { .score = dbw_add(-1), .null_ = { .bio = true, .small = true } },
			.deleted_ = DBW_ONLY_DELETED },
		&changed));
	assert_true(changed == 1 && read_account(c.id).score == -1 && read_account(a.id).score == 5);
	OK(account_update_where(s,
		&(account_change){ .where = { .id = dbw_eq(a.id) },
			.set = { .small = dbw_add(1), .null_ = { .bio = true } } },
		NULL));
	OK(account_find_by_id(s.read, a.id, &found));
	assert_true(found->bio == NULL && found->small.value == 4);
	account_free(found);
	OK(account_update_where(s,
		&(account_change){ .where = { .id = dbw_eq(77) }, .set = { .score = dbw_set(1) } },
		&changed));
	assert_true(changed == 0);
}

static void update_where__adds_nothing_to_null(void **state)
{
	account row = add_account("a@x");

	(void)state;
	OK(account_update_where(s,
		&(account_change){ .where = { .id = dbw_eq(row.id) }, .set = { .small = dbw_add(1) } },
		NULL));
	assert_false(read_account(row.id).small.has);
}

static void update_where__refuses_and_leaves_the_session(void **state)
{
	account row = add_account("a@x");
	const char *nothing = NULL;
	const char *const bare = row.email;
	const uintptr_t two = 2;
	account_change change = { .set = { .score = dbw_set(1) } };
	int64_t changed = 5;

	(void)state;
	TOLD(account_update_where(s, &change, &changed), DBW_MISUSE,
		"account: the filter is empty; to change every row, name a condition that all of them meet");
	assert_true(changed == 0);
	change.deleted_ = DBW_WITH_DELETED;
	assert_int_equal(account_update_where(s, &change, &changed), DBW_MISUSE);
	change.where.id = dbw_eq(row.id);
	change.set = (account_assignments){ .score = dbw_set(INT64_C(1) << 31) };
	TOLD(account_update_where(s, &change, &changed), DBW_INVALID,
		"account.score: the number does not fit 32 bits");
	change.set = (account_assignments){ .bio = dbw_set(nothing) };
	TOLD(account_update_where(s, &change, &changed), DBW_MISUSE,
		"account.bio: dbw_set(NULL) is no value; name it in .null_");
	change.set = (account_assignments){ .email = dbw_set(NULL) };
	TOLD(account_update_where(s, &change, &changed), DBW_MISUSE,
		"account.email: dbw_set(NULL), and the field is never NULL");
	change.set = (account_assignments){ .bio = dbw_set("x"), .null_ = { .bio = true } };
	TOLD(account_update_where(s, &change, &changed), DBW_MISUSE,
		"account.bio: it is set and in .null_ as well");
	change.set = (account_assignments){ .balance = dbw_set(dbw_decimal_of(1, 3)) };
	TOLD(account_update_where(s, &change, &changed), DBW_INVALID,
		"account.balance does not fit decimal(10, 2)");
	memset(&change.set, 0, sizeof change.set);
	TOLD(account_update_where(s, &change, &changed), DBW_MISUSE, "account: there is nothing to set");
	/* What `.email = "a"` and `.role = ACCOUNT_ROLE_ADMIN` leave behind where the warning went unseen. */
	memcpy(&change.set.email, &bare, sizeof bare);
	TOLD(account_update_where(s, &change, &changed), DBW_MISUSE,
		"account.email: the assignment was not made by dbw_set() or one of its kind");
	memset(&change.set, 0, sizeof change.set);
	memcpy(&change.set.role, &two, sizeof two);
	TOLD(account_update_where(s, &change, &changed), DBW_MISUSE,
		"account.role: the assignment was not made by dbw_set() or one of its kind");
	memset(&change.set, 0, sizeof change.set);
	memset(&change.where, 0, sizeof change.where);
	memcpy(&change.where.id, &two, sizeof two);
	change.set.score = dbw_set(2);
	TOLD(account_update_where(s, &change, &changed), DBW_MISUSE,
		"account.id: the filter was not made by dbw_eq() or one of its kind");
	TOLD(account_delete_where(s, &change.where, &changed), DBW_MISUSE,
		"account.id: the filter was not made by dbw_eq() or one of its kind");
	assert_true(changed == 0);
	change.where.id = dbw_eq(row.id);
	memset(&change.set, 0, sizeof change.set);
	TOLD(account_update_where(s, NULL, &changed), DBW_MISUSE, "account: the change is NULL");
	if (!fresh_on_postgresql())
		TOLD(ledger_update_where(s,
			     &(ledger_change){ .where = { .id = dbw_eq(1) },
				     .set = { .huge = dbw_add(dbw_decimal_of(1, 0)) } },
			     NULL),
			DBW_UNSUPPORTED,
			"ledger.huge: SQLite stores this decimal as text, which cannot be added to");
	change.set.score = dbw_set(2);
	OK(account_update_where(s, &change, &changed));
	assert_true(changed == 1);
}

static void check_overflow(
	const account_assignments *full, const account_assignments *more, dbw_status expected)
{
	bank_session inner;
	int64_t changed = 5;

	OK(bank_nest(s, "overflow", &inner));
	assert_int_equal(account_update_where(inner,
				 &(account_change){ .where = { .id = dbw_ge(0) }, .set = *full }, NULL),
		DBW_OK);
	assert_int_equal(account_update_where(inner,
				 &(account_change){ .where = { .id = dbw_ge(0) }, .set = *more }, &changed),
		expected);
	assert_true(changed == 0);
	assert_int_equal(bank_end(inner), DBW_OK);
}

static void update_where__never_leaves_the_range_of_a_column(void **state)
{
	(void)state;
	add_account("a@x");
	check_overflow(&(account_assignments){ .small = dbw_set(INT16_MIN) },
		&(account_assignments){ .small = dbw_add(-1) }, DBW_INVALID);
	check_overflow(&(account_assignments){ .score = dbw_set(INT32_MAX) },
		&(account_assignments){ .score = dbw_add(1) }, DBW_INVALID);
	check_overflow(&(account_assignments){ .big = dbw_set(INT64_MAX) },
		&(account_assignments){ .big = dbw_add(1) }, DBW_INVALID);
	check_overflow(&(account_assignments){ .balance = dbw_set(dbw_decimal_of(9999999999, 2)) },
		&(account_assignments){ .balance = dbw_add(dbw_decimal_of(1, 2)) },
		/* In SQLite a type of so many digits is a check. */
		fresh_on_postgresql() ? DBW_INVALID : DBW_CONFLICT);
	assert_true(read_account(1).score == 0);
}

static void update_where__names_the_constraint(void **state)
{
	item row = item_init();
	bank_session inner;

	(void)state;
	row.label_text = "a";
	OK(item_insert(s, &row));
	OK(bank_nest(s, "foreign key", &inner));
	assert_int_equal(item_update_where(inner,
				 &(item_change){ .where = { .id = dbw_eq(row.id) },
					 .set = { .account_id = dbw_set(99) } },
				 NULL),
		DBW_CONFLICT);
	assert_true(dbw_violated(inner.any, ITEM_ACCOUNT_ID_FKEY));
	assert_int_equal(bank_end(inner), DBW_OK);
	OK(bank_nest(s, "check", &inner));
	assert_int_equal(
		item_update_where(inner,
			&(item_change){ .where = { .id = dbw_eq(row.id) }, .set = { .amount = dbw_add(-1) } },
			NULL),
		DBW_CONFLICT);
	assert_true(dbw_violated(inner.any, ITEM_SOME_AMOUNT_CHECK));
	assert_int_equal(bank_end(inner), DBW_OK);
}

static void delete_where__removes_what_matches(void **state)
{
	item *rows = make_items("x", 50);
	int64_t deleted = -1;

	(void)state;
	OK(item_insert_many(s, rows, 50));
	TOLD(item_delete_where(s, &(item_filter){ .null_ = { .account_id = DBW_NULL_OR_NOT } }, &deleted),
		DBW_MISUSE, "item: the filter is empty; delete_all is the function that removes every row");
	assert_int_equal(item_delete_where(s, NULL, &deleted), DBW_MISUSE);
	assert_true(deleted == 0 && count_items() == 50);
	OK(item_delete_where(s, &(item_filter){ .id = dbw_in((const int64_t *)NULL, 0) }, &deleted));
	assert_true(deleted == 0);
	OK(item_delete_where(
		s, &(item_filter){ .id = dbw_gt(40), .null_ = { .account_id = DBW_IS_NULL } }, &deleted));
	assert_true(deleted == 10 && count_items() == 40);
	OK(item_delete_all(s, &deleted));
	assert_true(deleted == 40 && count_items() == 0);
	free(rows);
}

static void delete_where__marks_where_deletes_are_soft(void **state)
{
	account a = add_account("a@x"), b = add_account("b@x"), c = add_account("c@x");
	int64_t deleted = -1;
	account row;

	(void)state;
	OK(account_delete_where(s, &(account_filter){ .email = dbw_eq("b@x") }, &deleted));
	assert_true(deleted == 1);
	row = read_account(b.id);
	assert_true(row.deleted_at.has && row.version == 2);
	assert_false(read_account(a.id).deleted_at.has);
	OK(account_delete_all(s, &deleted));
	assert_true(deleted == 2);
	assert_true(read_account(b.id).version == 2 && read_account(c.id).version == 2);
	OK(account_delete_all(s, &deleted));
	assert_true(deleted == 0);
}

static void delete_many__takes_lists_of_all_lengths(void **state)
{
	item *rows = make_items("x", 3000);
	int64_t *keys = calloc(3000, sizeof *keys);
	int64_t deleted = -1;

	(void)state;
	assert_non_null(keys);
	OK(item_insert_many(s, rows, 3000));
	for (int i = 0; i < 3000; i++)
		keys[i] = rows[i].id;
	OK(item_delete_many_by_id(s, keys, 0, &deleted));
	assert_true(deleted == 0);
	OK(item_delete_many_by_id(s, NULL, 0, NULL));
	keys[2] = 1;
	OK(item_delete_many_by_id(s, keys, 3, &deleted));
	assert_true(deleted == 2);
	OK(item_delete_many_by_id(s, keys, 2999, &deleted));
	assert_true(deleted == 2996 && count_items() == 2);
	TOLD(item_delete_many_by_id(s, NULL, 2, &deleted), DBW_MISUSE, "item: there are no keys at NULL");
	free(keys);
	free(rows);
}

static void delete_many__marks_where_deletes_are_soft(void **state)
{
	account a = add_account("a@x"), b = add_account("b@x");
	const int64_t keys[] = { a.id, b.id, 77 };
	int64_t deleted = -1;

	(void)state;
	OK(account_delete_many_by_id(s, keys, 1, &deleted));
	assert_true(deleted == 1);
	OK(account_delete_many_by_id(s, keys, 3, &deleted));
	assert_true(deleted == 1 && read_account(a.id).version == 2 && read_account(b.id).deleted_at.has);
}

static void delete__of_a_parent_is_a_conflict(void **state)
{
	account parent = add_account("a@x");
	item row = item_init();

	(void)state;
	row.label_text = "a";
	row.account_id = dbw_some_i64(parent.id);
	OK(item_insert(s, &row));
	OK(account_purge_by_id(s, add_account("b@x").id));
	/* A soft delete leaves the row where it is. */
	OK(account_delete_where(s, &(account_filter){ .id = dbw_eq(parent.id) }, NULL));
	assert_int_equal(account_purge_by_id(s, parent.id), DBW_CONFLICT);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(insert_many__gives_every_row_its_id),
		TEST(insert_many__takes_a_hundred_thousand),
		TEST(insert_many__takes_ids_that_are_given),
		TEST(insert_many__takes_ids_in_some_rows),
		TEST(insert_many__goes_on_at_the_end_of_the_numbers),
		TEST(insert_many__names_the_row_that_is_refused),
		TEST(insert_many__names_the_row_in_conflict),
		TEST(insert__asks_for_decimals_without_default),
		TEST(insert_many__explains_foreign_keys_and_checks),
		TEST(insert_many__reads_the_clock_once),
		TEST(insert_many__reads_back_what_the_database_fills_in),
		TEST(insert_many__gives_ids_beside_a_trigger),
		TEST(insert_many__notices_a_trigger_that_comes_late),
		TEST(load__stores_what_insert_many_does),
		TEST(ignore__gives_the_id_of_the_row_that_is_there),
		TEST(upsert__gives_the_right_id_either_way),
		TEST(upsert__gives_a_key_back_that_was_made),
		TEST(ignore__gives_a_key_back_that_was_made),
		TEST(upsert__wants_the_index_of_its_key),
		TEST(upsert__refuses_what_update_refuses),
		TEST(upsert__looks_at_living_rows_alone),
		TEST(upsert__of_null_is_always_new),
		TEST(upsert__of_natural_keys),
		TEST(upsert__again_is_as_the_first_time),
		TEST(upsert__again_refuses_as_the_first_time),
		TEST(ignore__again_is_as_the_first_time),
		TEST(upsert__again_leaves_what_the_row_has),
		TEST(upsert__reads_back_what_the_database_fills_in),
		TEST(update_where__changes_what_matches),
		TEST(update_where__adds_nothing_to_null),
		TEST(update_where__refuses_and_leaves_the_session),
		TEST(update_where__never_leaves_the_range_of_a_column),
		TEST(update_where__names_the_constraint),
		TEST(delete_where__removes_what_matches),
		TEST(delete_where__marks_where_deletes_are_soft),
		TEST(delete_many__takes_lists_of_all_lengths),
		TEST(delete_many__marks_where_deletes_are_soft),
		TEST(delete__of_a_parent_is_a_conflict),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* What calls on a server do when memory is short: at every allocation of ours, libpq keeps its own. */
#include "../memory/allocations.h"
#include "fresh.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <programs_program.h>
#include <store.h>

enum { ROWS = 150 };

static user new_user(const char *email)
{
	user row = USER_INIT;

	row.name = "Ada";
	row.email = email;
	return row;
}

static dbw_status read_cursor(store_session s)
{
	user_cursor cursor;
	const user *row;
	dbw_status status =
		user_cursor_open(s.read, &(user_query){ .where = { .name = dbw_eq("Ada") } }, &cursor);

	for (int i = 0; status == DBW_OK && i <= ROWS; i++) {
		status = user_cursor_next(&cursor, &row);
		if (status == DBW_OK)
			assert_int_equal(row == NULL, i == ROWS);
	}
	user_cursor_close(&cursor);
	return status;
}

static dbw_status read_list(store_session s)
{
	user_list list;
	dbw_status status = user_find(s.read, &(user_query){ .order_by = { { .id = DBW_ASC } } }, &list);

	if (status == DBW_OK)
		assert_int_equal(list.count, ROWS);
	for (size_t i = 0; i < list.count; i++)
		assert_int_equal(strncmp(list.items[i].email, "mail-", 5), 0);
	user_list_free(&list);
	return status;
}

static dbw_status find_one(store_session s)
{
	user *found;
	dbw_status status = user_find_by_email(s.read, "mail-7", &found);

	if (status == DBW_OK)
		assert_string_equal(found->email, "mail-7");
	user_free(found);
	return status;
}

static dbw_status write_some(store_session s)
{
	user row = new_user("other"), rows[2] = { new_user("other 1"), new_user("other 2") };
	dbw_status status = user_insert(s, &row);

	if (status == DBW_OK)
		status = user_insert_many(s, rows, 2);
	if (status == DBW_OK)
		status = user_update(s, &row, (user_columns){ .bio = true });
	rows[0] = new_user("other");
	if (status == DBW_OK)
		status = user_upsert_by_email(s, &rows[0], (user_columns){ .bio = true });
	rows[0] = new_user("other 3");
	rows[1] = new_user("other 4");
	if (status == DBW_OK)
		status = user_load(s, rows, 2);
	return status;
}

/* What nobody waits for. */
static dbw_status write_pipeline(store_session s)
{
	char email[32];
	thing one = THING_INIT;
	user row;
	dbw_status status = thing_insert(s, &one);

	for (int i = 0; status == DBW_OK && i < 3; i++) {
		snprintf(email, sizeof email, "pipeline-%d", i);
		row = new_user(email);
		row.id = 1000 + i;
		status = user_insert(s, &row);
		if (status == DBW_OK && i == 1)
			status = user_update(s, &row, (user_columns){ .bio = true });
	}
	if (status == DBW_OK)
		status = user_delete_where(s, &(user_filter){ .id = dbw_ge(1000) }, NULL);
	return status != DBW_OK ? status : dbw_flush(s.any);
}

static dbw_status ask_sql(store_session s)
{
	dbw_records records;
	dbw_status status = dbw_sql(s.any, DBW_SQL("SELECT * FROM users"), NULL, 0, &records);

	if (status == DBW_OK)
		assert_int_equal(records.count, ROWS);
	dbw_records_free(&records);
	return status;
}

static char url[FRESH_URL_SIZE];
static dbw_databases *databases;
static dbw_error error;

static void open_databases(void)
{
	static const char *const used[] = { "store" };
	const dbw_entry entry = { .name = "store", .connection_string = url };
	const dbw_options options = { .entries = &entry, .entry_count = 1, .only = used, .only_count = 1 };

	if (dbw_databases_open(&databases, &programs_program, &options, &error) != DBW_OK)
		fail_msg("%s", error.message);
}

static int setup(void **state)
{
	store_session s;

	(void)state;
	fresh_database("store", url);
	open_databases();
	assert_int_equal(store_begin(databases, "make", &s, &error), DBW_OK);
	assert_int_equal(store_create_tables(s), DBW_OK);
	assert_int_equal(store_commit(s), DBW_OK);
	assert_int_equal(dbw_databases_close(databases, &error), DBW_OK);
	assert_true(fresh_run("store",
		"INSERT INTO users (name, email, created_at, token) SELECT 'Ada', "
		"'mail-' || n, now(), gen_random_uuid() FROM generate_series(1, 150) AS n"));
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	fresh_remove();
	return 0;
}

/* On a new connection, for which nothing is prepared; nothing is kept. */
static void without_memory(dbw_status (*work)(store_session s))
{
	const dbw_session_options options = { .purpose = "test", .pipeline = work == write_pipeline };
	bool reached = true;

	for (size_t n = 1; reached; n++) {
		store_session s;
		dbw_status status;

		open_databases();
		allocations_fail(n, false);
		status = store_begin_with(databases, &options, &s, &error);
		if (status == DBW_OK)
			status = work(s);
		reached = allocations_recover();
		/* Some memory can be done without. */
		if (!reached || status != DBW_OK)
			assert_string_equal(dbw_status_name(status),
				dbw_status_name(reached ? DBW_OUT_OF_MEMORY : DBW_OK));
		assert_int_equal(store_end(s), DBW_OK);
		assert_int_equal(dbw_databases_close(databases, &error), DBW_OK);
	}
}

static void cursor__without_memory(void **state)
{
	(void)state;
	without_memory(read_cursor);
}

static void list__without_memory(void **state)
{
	(void)state;
	without_memory(read_list);
}

static void find__without_memory(void **state)
{
	(void)state;
	without_memory(find_one);
}

static void sql__without_memory(void **state)
{
	(void)state;
	without_memory(ask_sql);
}

static void writes__without_memory(void **state)
{
	(void)state;
	without_memory(write_some);
}

static void pipeline__without_memory(void **state)
{
	(void)state;
	without_memory(write_pipeline);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cursor__without_memory),
		cmocka_unit_test(list__without_memory),
		cmocka_unit_test(find__without_memory),
		cmocka_unit_test(sql__without_memory),
		cmocka_unit_test(writes__without_memory),
		cmocka_unit_test(pipeline__without_memory),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}

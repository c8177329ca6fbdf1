#include "opened.h"

static void make_tables(dbw_databases *databases)
{
	store_session s;
	billing_session b;

	assert_int_equal(store_begin(databases, "make tables", &s, NULL), DBW_OK);
	assert_ok(store_create_tables(s), s);
	assert_ok(store_commit(s), s);
	assert_int_equal(billing_begin(databases, "make tables", &b, NULL), DBW_OK);
	assert_ok(billing_create_tables(b), b);
	assert_ok(billing_commit(b), b);
}

int open_databases(void **state)
{
	static const char *const used[] = { "store", "billing" };
	char store_url[FRESH_URL_SIZE], billing_url[FRESH_URL_SIZE];
	/* One thread has all sessions: it would wait for itself. */
	static const dbw_setting at_once[] = { { "acquire_timeout_ms", "0" } };
	const dbw_entry entries[] = {
		{ .name = "store",
			.connection_string = fresh_database("store", store_url),
			.settings = at_once,
			.setting_count = 1 },
		{ .name = "billing", .connection_string = fresh_database("billing", billing_url) },
	};
	const dbw_options options = { .entries = entries, .entry_count = 2, .only = used, .only_count = 2 };
	dbw_databases *databases;
	dbw_error error;

	if (dbw_databases_open(&databases, &programs_program, &options, &error) != DBW_OK)
		fail_msg("%s", error.message);
	make_tables(databases);
	*state = databases;
	return 0;
}

int close_databases(void **state)
{
	dbw_error error;

	if (dbw_databases_close(*state, &error) != DBW_OK)
		fail_msg("%s", error.message);
	fresh_remove();
	return 0;
}

store_session begin(void **state, const char *purpose)
{
	store_session s;
	dbw_error error;

	if (store_begin(*state, purpose, &s, &error) != DBW_OK)
		fail_msg("%s", error.message);
	return s;
}

store_reader begin_reading(void **state, const char *purpose)
{
	store_reader r;
	dbw_error error;

	if (store_read_begin(*state, purpose, &r, &error) != DBW_OK)
		fail_msg("%s", error.message);
	return r;
}

user new_user(const char *name, const char *email)
{
	user row = USER_INIT;

	row.name = name;
	row.email = email;
	return row;
}

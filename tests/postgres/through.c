#include "through.h"
#include "fresh.h"
#include "proxy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

dbw_databases *databases;
static dbw_error error;

store_session begin(void)
{
	store_session s;

	if (store_begin(databases, "test", &s, &error) != DBW_OK)
		fail_msg("%s", error.message);
	return s;
}

store_reader begin_reading(void)
{
	store_reader r;

	if (store_read_begin(databases, "test", &r, &error) != DBW_OK)
		fail_msg("%s", error.message);
	return r;
}

static void open_at(const char *url, const dbw_setting *settings)
{
	static const char *const used[] = { "store" };
	dbw_entry entry = { .name = "store", .connection_string = url, .settings = settings };
	const dbw_options all = { .entries = &entry, .entry_count = 1, .only = used, .only_count = 1 };
	store_session s;

	while (settings != NULL && settings[entry.setting_count].key != NULL)
		entry.setting_count++;
	if (dbw_databases_open(&databases, &programs_program, &all, &error) != DBW_OK)
		fail_msg("%s", error.message);
	s = begin();
	if (store_create_tables(s) != DBW_OK)
		fail_msg("%s", dbw_session_error(s.any)->message);
	assert_int_equal(store_commit(s), DBW_OK);
}

void open_store(const dbw_setting *settings)
{
	char direct[FRESH_URL_SIZE], url[FRESH_URL_SIZE + 64];
	const char *folder = proxy_start(getenv("DBWRIGHT_TEST_SERVER")), *options;
	const char *pooler = getenv("DBWRIGHT_TEST_POOLER");

	assert_non_null(folder);
	fresh_database("store", direct);
	options = strstr(direct, "options=");
	assert_non_null(options);
	snprintf(url, sizeof url, "postgresql:///postgres?host=%s&user=postgres&%s", folder, options);
	/* A pooler does not take options: pooler.sh has made a database for the test. */
	open_at(pooler == NULL ? url : pooler, settings);
}

void open_store_directly(void)
{
	char direct[FRESH_URL_SIZE], url[FRESH_URL_SIZE + 64];

	assert_non_null(proxy_start(getenv("DBWRIGHT_TEST_SERVER")));
	snprintf(url, sizeof url, "%s&application_name=test_%ld", fresh_database("store", direct),
		(long)getpid());
	open_at(url, NULL);
}

int close_store(void **state)
{
	(void)state;
	proxy_freeze(0);
	proxy_delay(0);
	proxy_calm();
	assert_int_equal(dbw_databases_close(databases, &error), DBW_OK);
	databases = NULL;
	proxy_stop();
	fresh_remove();
	return 0;
}

user new_user(const char *email)
{
	user row = USER_INIT;

	row.name = "Ada";
	row.email = email;
	return row;
}

void insert_in(store_session s, const char *email)
{
	user row = new_user(email);

	if (user_insert(s, &row) != DBW_OK)
		fail_msg("%s", dbw_session_error(s.any)->message);
}

/* What the programs share: fresh databases of the engine under test, with all tables made. */
#ifndef PROGRAMS_OPENED_H
#define PROGRAMS_OPENED_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <billing.h>
#include <programs_program.h>
#include <store.h>

#include "../postgres/fresh.h"

/* cmocka setup and teardown: *state is a dbw_databases with the tables of store and billing. */
int open_databases(void **state);
int close_databases(void **state);

/* A session or reader on store; fails the test if there is none. */
store_session begin(void **state, const char *purpose);
store_reader begin_reading(void **state, const char *purpose);

/* A user with a name and address; everything else has its default. */
user new_user(const char *name, const char *email);

/* The status, and that the message of the session is this. */
#define assert_refused(call, expected, session, text)                                  \
	do {                                                                           \
		assert_string_equal(dbw_status_name(call), dbw_status_name(expected)); \
		assert_string_equal(dbw_session_error((session).any)->message, text);  \
	} while (0)

/* DBW_OK, or a failure that shows why. */
#define assert_ok(call, session)                                                              \
	do {                                                                                  \
		if ((call) != DBW_OK)                                                         \
			fail_msg("%s: %s", #call, dbw_session_error((session).any)->message); \
	} while (0)

/* A test with databases of its own. */
#define CASE(name) cmocka_unit_test_setup_teardown(name, open_databases, close_databases)

#endif

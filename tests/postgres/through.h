/* The store of tests/programs, reached through the proxy. */
#ifndef TESTS_THROUGH_H
#define TESTS_THROUGH_H

#include <programs_program.h>
#include <store.h>

/* From open_store() to close_store(). */
extern dbw_databases *databases;

/* Starts the proxy and opens the store behind it, with settings (a NULL key ends them); makes its tables. */
void open_store(const dbw_setting *settings);
/* The same without the proxy and without settings; the server knows the connections as test_<process>. */
void open_store_directly(void);
/* cmocka teardown. */
int close_store(void **state);

/* A session or reader; fails the test if there is none. */
store_session begin(void);
store_reader begin_reading(void);

/* A row that is not written yet; and one that is, or the test fails. */
user new_user(const char *email);
void insert_in(store_session s, const char *email);

#endif

/* Databases of their own for tests that run on either engine: the one that the environment names. */
#ifndef TESTS_FRESH_H
#define TESTS_FRESH_H

#include <stdbool.h>
#include <stddef.h>

enum { FRESH_URL_SIZE = 512 };

/* Whether the test runs on PostgreSQL: on the server of DBWRIGHT_TEST_SERVER, as private_server.sh prints it. */
bool fresh_on_postgresql(void);

/*
 * The URL of a database without tables: a temporary file; on PostgreSQL a namespace of the server, which is emptied
 * first and belongs to this process alone. `name` tells the databases of a test apart.
 */
const char *fresh_database(const char *name, char url[FRESH_URL_SIZE]);

/* Removes the namespaces that this process made. */
void fresh_remove(void);

/* Runs one statement on the server, in the namespace of fresh_database(). False where the server refuses it. */
bool fresh_run(const char *name, const char *sql);

/* The first value that a statement gives, as text; "" for none. */
const char *fresh_ask(const char *name, const char *sql, char *out, size_t size);

#endif

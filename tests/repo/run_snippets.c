/*
 * Runs what docs/using.md shows and marks with `<!-- compiled and run -->`: each block as a function, on a database of its
 * own with one user, Ada. None of them may come to fail() or report(), or return anything but 0. What stands behind `with`
 * in the mark is `text`; an address there is Ada's.
 */
#include <auth.h>
#include <auth/json.h>
#include <inttypes.h>
#include <quickstart_databases.h>
#include <quickstart_program.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

struct snippet {
	int line; /* Of the page. */
	int (*run)(dbw_databases *dbs, dbw_error err, auth_session s, auth_reader r, user *ada,
		const char *text);
	const char *text;
	bool beside; /* It begins writers itself. */
};

static int failures;
static int line;

static void report(const dbw_error *error)
{
	failures++;
	fprintf(stderr, "FAILED: line %d: %s: %s\n", line, dbw_status_name(error->status), error->message);
}

static int fail(const dbw_error *error)
{
	report(error);
	return 1;
}

#if defined(__GNUC__)
#pragma GCC diagnostic ignored "-Wunused-variable"
#pragma GCC diagnostic ignored "-Wunused-but-set-variable"
#pragma GCC diagnostic ignored "-Wunused-function"
#pragma GCC diagnostic ignored "-Wshadow"
#endif
#include "snippets.inc"

/* The tables, and Ada: NULL after a failure. */
static user *prepare(dbw_databases *dbs, const char *text, dbw_error *error)
{
	user row = USER_INIT, *ada = NULL;
	auth_session s;

	if (auth_begin(dbs, "prepare", &s, error) != DBW_OK)
		return NULL;
	row.name = "Ada";
	row.email = strchr(text, '@') != NULL ? text : "lovelace@example.com";
	row.balance = dbw_decimal_of(1050, 2);
	if (auth_create_tables(s) != DBW_OK || user_insert(s, &row) != DBW_OK ||
		user_find_by_id(s.read, row.id, &ada) != DBW_OK || auth_commit(s) != DBW_OK)
		*error = *dbw_session_error(s.any);
	auth_end(s);
	return ada;
}

static void run(const struct snippet *snippet)
{
	const dbw_entry entry = { .name = "auth", .connection_string = "sqlite::temp:" };
	const dbw_options options = { .entries = &entry, .entry_count = 1 };
	dbw_databases *dbs;
	auth_session s = { 0 };
	auth_reader r;
	user *ada = NULL;
	dbw_error error;

	line = snippet->line;
	if (dbw_databases_open(&dbs, &quickstart_program, &options, &error) != DBW_OK) {
		report(&error);
		return;
	}
	ada = prepare(dbs, snippet->text, &error);
	if (ada == NULL || (!snippet->beside && auth_begin(dbs, "write", &s, &error) != DBW_OK)) {
		report(&error);
	} else if (auth_read_begin(dbs, "read", &r, &error) != DBW_OK) {
		report(&error);
	} else {
		if (snippet->run(dbs, error, s, r, ada, snippet->text) != 0) {
			failures++;
			fprintf(stderr, "FAILED: line %d does not return 0\n", line);
		}
		auth_read_end(r);
	}
	auth_end(s);
	user_free(ada);
	if (dbw_databases_close(dbs, &error) != DBW_OK)
		report(&error);
}

int main(void)
{
	const size_t count = sizeof snippets / sizeof *snippets;

	for (size_t i = 0; i < count; i++)
		run(&snippets[i]);
	printf("snippets: %zu run, %d failures\n", count, failures);
	return failures > 0;
}

/* A program that is killed in the middle of its work: what it has committed is in the file, and nothing else. */
#include "opened.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ROUNDS = 6, LEAST = 40, MOST = 100000 };

static char path[64];

static dbw_databases *open_file(void)
{
	static const char *const used[] = { "store" };
	char url[80];
	const dbw_entry entry = { .name = "store", .connection_string = url };
	const dbw_options options = { .entries = &entry, .entry_count = 1, .only = used, .only_count = 1 };
	dbw_databases *databases;

	snprintf(url, sizeof url, "sqlite:///%s", path);
	return dbw_databases_open(&databases, &programs_program, &options, NULL) == DBW_OK ? databases : NULL;
}

static dbw_status insert(store_session s, int number, int half)
{
	char email[32];
	user row;

	snprintf(email, sizeof email, "%d.%d", number, half);
	row = new_user("Ada", email);
	return user_insert(s, &row);
}

/* Two rows in each transaction, told through the pipe when they are committed; and a third that never is. */
static int work(int pipe_end, int first)
{
	dbw_databases *databases = open_file();
	store_session s;

	for (int i = first; i < first + MOST; i++) {
		if (store_begin(databases, "work", &s, NULL) != DBW_OK || insert(s, i, 0) != DBW_OK ||
			insert(s, i, 1) != DBW_OK || store_commit(s) != DBW_OK ||
			write(pipe_end, &i, sizeof i) != (ssize_t)sizeof i)
			return 1;
		if (store_begin(databases, "idle", &s, NULL) != DBW_OK || insert(s, i, 2) != DBW_OK ||
			store_end(s) != DBW_OK)
			return 1;
	}
	return 0;
}

/* Reads what was told until there is enough, kills the process, and reads the rest; the last of it. */
static int kill_in_the_middle(int first, int enough)
{
	int ends[2], number, last = -1, result;
	pid_t child;

	assert_int_equal(pipe(ends), 0);
	child = fork();
	if (child == 0) {
		close(ends[0]);
		_exit(work(ends[1], first));
	}
	assert_true(child > 0);
	close(ends[1]);
	while (read(ends[0], &number, sizeof number) == (ssize_t)sizeof number) {
		last = number;
		if (number == first + enough)
			assert_int_equal(kill(child, SIGKILL), 0);
	}
	close(ends[0]);
	assert_int_equal(waitpid(child, &result, 0), child);
	assert_true(WIFSIGNALED(result));
	return last;
}

/* Whether a row is there. */
static int has(store_reader r, int number, int half)
{
	char email[32];
	user *found;
	dbw_status status;

	snprintf(email, sizeof email, "%d.%d", number, half);
	status = user_find_by_email(r, email, &found);
	if (status != DBW_NOT_FOUND)
		assert_int_equal(status, DBW_OK);
	user_free(found);
	return status == DBW_OK;
}

static void killed__keeps_what_was_committed(void **state)
{
	dbw_databases *databases;
	store_session s;
	int first = 0;
	int file;

	(void)state;
	/* What becomes of a server that is killed, storm.c sees. */
	if (fresh_on_postgresql())
		skip();
	file = mkstemp(strcpy(path, "/tmp/dbwright-killed-XXXXXX"));
	assert_true(file >= 0);
	close(file);
	databases = open_file();
	assert_non_null(databases);
	assert_int_equal(store_begin(databases, "make", &s, NULL), DBW_OK);
	assert_ok(store_create_tables(s), s);
	assert_ok(store_commit(s), s);
	assert_int_equal(dbw_databases_close(databases, NULL), DBW_OK);
	for (int round = 0; round < ROUNDS; round++) {
		const int last = kill_in_the_middle(first, LEAST + 7 * round);
		store_reader r;
		int64_t count;

		databases = open_file();
		assert_non_null(databases);
		assert_int_equal(store_read_begin(databases, "look", &r, NULL), DBW_OK);
		for (int i = 0; i <= last; i++)
			assert_true(has(r, i, 0) && has(r, i, 1) && !has(r, i, 2));
		/* The next one may have been committed without a word, but not by half. */
		assert_int_equal(has(r, last + 1, 0), has(r, last + 1, 1));
		first = last + 1 + has(r, last + 1, 0);
		assert_ok(user_count(r, NULL, &count), r);
		assert_int_equal(count, 2 * first);
		store_read_end(r);
		assert_int_equal(dbw_databases_close(databases, NULL), DBW_OK);
	}
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(killed__keeps_what_was_committed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Databases that cannot be had: each has its status and a message that says what to do, and none has the password. */
#include "opened.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static dbw_databases *databases;
static dbw_error error;
static char folder[64], path[80];

/* What is never to be read anywhere. */
#define SECRET "geheim"

static void hear(const dbw_event *event, void *argument)
{
	(void)argument;
	if (event->error != NULL && strstr(event->error->message, SECRET) != NULL)
		fail_msg("event: %s", event->error->message);
}

static void open_url(const char *url, const dbw_setting *settings, size_t count)
{
	static const char *const used[] = { "store" };
	const dbw_entry entry = {
		.name = "store", .connection_string = url, .settings = settings, .setting_count = count
	};
	const dbw_options options = {
		.entries = &entry, .entry_count = 1, .only = used, .only_count = 1, .on_event = hear
	};

	if (dbw_databases_open(&databases, &programs_program, &options, &error) != DBW_OK)
		fail_msg("%s", error.message);
}

static void open_file(const char *settings_key, const char *settings_value)
{
	const dbw_setting setting = { settings_key, settings_value };
	char url[100];

	snprintf(url, sizeof url, "sqlite:///%s", path);
	open_url(url, &setting, settings_key != NULL);
}

static void close_all(void)
{
	assert_int_equal(dbw_databases_close(databases, NULL), DBW_OK);
	databases = NULL;
}

/* A file with tables and some rows, in one piece. */
static void make_file(void)
{
	char name[16];
	store_session s;

	open_file("journal_mode", "delete");
	assert_int_equal(store_begin(databases, "make", &s, &error), DBW_OK);
	assert_ok(store_create_tables(s), s);
	for (int i = 0; i < 500; i++) {
		user row;

		snprintf(name, sizeof name, "%d", i);
		row = new_user("Ada", name);
		assert_ok(user_insert(s, &row), s);
	}
	assert_ok(store_commit(s), s);
	close_all();
}

static int set_up(void **state)
{
	(void)state;
	snprintf(folder, sizeof folder, "/tmp/dbwright-trouble-XXXXXX");
	if (mkdtemp(folder) == NULL)
		return 1;
	snprintf(path, sizeof path, "%s/store.db", folder);
	return 0;
}

static int tear_down(void **state)
{
	static const char *const ends[] = { "", "-journal", "-wal", "-shm" };
	char name[100];

	(void)state;
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		snprintf(name, sizeof name, "%s%s", path, ends[i]);
		unlink(name);
	}
	return rmdir(folder);
}

static void overwrite(long from, long size)
{
	FILE *file = fopen(path, "r+b");

	assert_non_null(file);
	assert_int_equal(fseek(file, from, SEEK_SET), 0);
	for (long i = 0; i < size; i++)
		assert_int_equal(fputc(0xff, file), 0xff);
	assert_int_equal(fclose(file), 0);
}

static void file__that_is_no_database(void **state)
{
	FILE *file = fopen(path, "w");
	store_session s;

	(void)state;
	assert_non_null(file);
	for (int i = 0; i < 200; i++)
		fputs("dear diary\n", file);
	fclose(file);
	open_file(NULL, NULL);
	assert_int_equal(store_begin(databases, "write", &s, &error), DBW_CONNECTION);
	assert_non_null(strstr(error.message, path));
	assert_non_null(strstr(error.message, "it is not a SQLite database"));
	close_all();
}

static void file__that_is_damaged(void **state)
{
	store_reader r;
	user_list list;
	struct stat facts;

	(void)state;
	make_file();
	assert_int_equal(stat(path, &facts), 0);
	/* Rows. */
	overwrite((long)facts.st_size / 2, (long)facts.st_size / 2);
	open_file("journal_mode", "delete");
	assert_int_equal(store_read_begin(databases, "read", &r, &error), DBW_OK);
	assert_int_equal(user_find(r, NULL, &list), DBW_CORRUPT);
	assert_string_equal(dbw_session_error(r.any)->message,
		"user_find: the database file is damaged: restore it from a copy");
	user_list_free(&list);
	store_read_end(r);
	close_all();
	/* All but the first page: what tables there are. */
	overwrite(4096, (long)facts.st_size - 4096);
	open_file("journal_mode", "delete");
	assert_int_equal(store_read_begin(databases, "read", &r, &error), DBW_CORRUPT);
	assert_non_null(strstr(error.message, path));
	assert_non_null(strstr(error.message, "the database file is damaged: restore it from a copy"));
	close_all();
}

/* The program's own word to a connection: no more pages than so many. */
static dbw_status leave_no_room(const dbw_connected *connected, dbw_error *problem, void *argument)
{
	(void)problem;
	(void)argument;
	return sqlite3_exec(connected->native, "PRAGMA max_page_count = 60", NULL, NULL, NULL) == SQLITE_OK
		       ? DBW_OK
		       : DBW_ENGINE;
}

static void disk__that_is_full(void **state)
{
	static const char *const used[] = { "store" };
	const dbw_options options = { .only = used, .only_count = 1, .on_connect = leave_no_room };
	char name[16];
	store_session s;
	store_reader r;
	int64_t count;
	dbw_status status = DBW_OK;

	(void)state;
	assert_int_equal(dbw_databases_open(&databases, &programs_program, &options, &error), DBW_OK);
	assert_int_equal(store_begin(databases, "make", &s, &error), DBW_OK);
	assert_ok(store_create_tables(s), s);
	assert_ok(store_commit(s), s);
	assert_int_equal(store_begin(databases, "fill", &s, &error), DBW_OK);
	for (int i = 0; i < 100000 && status == DBW_OK; i++) {
		user row;

		snprintf(name, sizeof name, "%d", i);
		row = new_user("Ada", name);
		status = user_insert(s, &row);
	}
	assert_int_equal(status, DBW_DISK_FULL);
	assert_string_equal(dbw_session_error(s.any)->message, "user_insert: the disk is full: make room");
	assert_int_equal(store_commit(s), DBW_SESSION_FAILED);
	store_end(s);
	assert_int_equal(store_read_begin(databases, "look", &r, &error), DBW_OK);
	assert_ok(user_count(r, NULL, &count), r);
	assert_int_equal(count, 0);
	store_read_end(r);
	close_all();
}

static void file__that_is_locked(void **state)
{
	store_session s;
	sqlite3 *other;

	(void)state;
	make_file();
	open_file("busy_timeout_ms", "20");
	assert_int_equal(store_begin(databases, "first", &s, &error), DBW_OK);
	assert_int_equal(store_end(s), DBW_OK);
	assert_int_equal(sqlite3_open(path, &other), SQLITE_OK);
	assert_int_equal(sqlite3_exec(other, "BEGIN EXCLUSIVE", NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(store_begin(databases, "second", &s, &error), DBW_BUSY);
	assert_string_equal(
		error.message, "database \"store\": another connection has been writing (waited 20 ms)");
	assert_int_equal(sqlite3_exec(other, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_close(other), SQLITE_OK);
	assert_int_equal(store_begin(databases, "third", &s, &error), DBW_OK);
	assert_int_equal(store_end(s), DBW_OK);
	close_all();
}

/* As somebody who may read the file and not write it; the exit code of the process. */
static int try_read_only(void)
{
	static const char *const used[] = { "store" };
	char url[100];
	const dbw_entry entry = { .name = "store", .connection_string = url };
	const dbw_options options = { .entries = &entry, .entry_count = 1, .only = used, .only_count = 1 };
	store_session s;

	snprintf(url, sizeof url, "sqlite:///%s", path);
	if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0))
		return 2;
	if (dbw_databases_open(&databases, &programs_program, &options, &error) != DBW_OK)
		return 3;
	if (store_begin(databases, "write", &s, &error) != DBW_CONNECTION)
		return 4;
	if (strstr(error.message, path) == NULL || strstr(error.message, "no permission to write it") == NULL)
		return 5;
	return dbw_databases_close(databases, &error) == DBW_OK ? 0 : 6;
}

static void file__that_may_not_be_written(void **state)
{
	int result;
	pid_t child;

	(void)state;
	make_file();
	assert_int_equal(chmod(path, 0444), 0);
	assert_int_equal(chmod(folder, 0755), 0);
	child = fork();
	if (child == 0)
		_exit(try_read_only());
	assert_true(child > 0);
	assert_int_equal(waitpid(child, &result, 0), child);
	assert_true(WIFEXITED(result));
	assert_int_equal(WEXITSTATUS(result), 0);
}

static void file__whose_folder_is_not_there(void **state)
{
	store_session s;
	char kept[sizeof path];

	(void)state;
	memcpy(kept, path, sizeof kept);
	snprintf(path, sizeof path, "%s/no/store.db", folder);
	open_file(NULL, NULL);
	assert_int_equal(store_begin(databases, "write", &s, &error), DBW_CONNECTION);
	assert_non_null(strstr(error.message, "/no does not exist"));
	close_all();
	memcpy(path, kept, sizeof kept);
}

/* Servers */

static char url[FRESH_URL_SIZE + 200];

static void expect(dbw_status status, const char *state, const char *advice)
{
	store_session s;
	user row = new_user("Ada", "ada@example.com");
	dbw_status said;

	open_url(url, NULL, 0);
	said = store_begin(databases, "try", &s, &error);
	if (said == DBW_OK) {
		said = user_insert(s, &row);
		error = *dbw_session_error(s.any);
		store_end(s);
	}
	if (said != status || strcmp(error.sqlstate, state) != 0 || strstr(error.message, advice) == NULL)
		fail_msg("%s: %s: %s", dbw_status_name(said), error.sqlstate, error.message);
	assert_int_equal(strncmp(error.message, "database \"store\": ", 18), 0);
	assert_null(strstr(error.message, SECRET));
	close_all();
}

static void server__that_does_not_answer(void **state)
{
	(void)state;
	if (!fresh_on_postgresql())
		skip();
	snprintf(url, sizeof url, "postgresql://ada:%s@/shop?host=%s", SECRET, folder);
	expect(DBW_CONNECTION, "", "; is the server running, and are host and port right?");
	/* Nobody listens at the first port. */
	snprintf(url, sizeof url, "postgresql://ada:%s@127.0.0.1:1/shop?sslmode=disable", SECRET);
	expect(DBW_CONNECTION, "", "; is the server running, and are host and port right?");
	/* What libpq refuses no server has seen. */
	snprintf(url, sizeof url, "postgresql://ada:%s@127.0.0.1:1/shop?ssl_min_protocol_version=maybe",
		SECRET);
	expect(DBW_CONNECTION, "", ": invalid ssl_min_protocol_version value: \"maybe\"");
	assert_null(strstr(error.message, "is the server running"));
}

static void server__that_lets_nobody_in(void **state)
{
	char direct[FRESH_URL_SIZE], host[FRESH_URL_SIZE], sql[256], role[64];
	const char *from;

	(void)state;
	if (!fresh_on_postgresql())
		skip();
	fresh_database("trouble", direct);
	from = strstr(direct, "host=");
	assert_non_null(from);
	snprintf(host, sizeof host, "%.*s", (int)strcspn(from, "&"), from);
	snprintf(url, sizeof url, "postgresql://postgres:%s@/there_is_none?%s", SECRET, host);
	expect(DBW_CONNECTION, "3D000", "; is the database's name right, and has it been made?");
	snprintf(url, sizeof url, "postgresql://nobody_known:%s@/postgres?%s", SECRET, host);
	expect(DBW_CONNECTION, "28000", "; is the user right, and does the server let it in (pg_hba.conf)?");

	/* The private server asks members of this role for a password. */
	fresh_run("trouble", "DO $$ BEGIN CREATE ROLE guarded; EXCEPTION WHEN duplicate_object THEN NULL; "
			     "WHEN unique_violation THEN NULL; END $$");
	snprintf(role, sizeof role, "guarded_%ld", (long)getpid());
	snprintf(sql, sizeof sql, "CREATE ROLE %s LOGIN PASSWORD '%s' CONNECTION LIMIT 0 IN ROLE guarded",
		role, SECRET);
	assert_true(fresh_run("trouble", sql));
	snprintf(url, sizeof url, "postgresql://%s:%s-no@/postgres?%s", role, SECRET, host);
	expect(DBW_CONNECTION, "28P01", "; are user and password right?");
	snprintf(url, sizeof url, "postgresql://%s:%s@/postgres?%s", role, SECRET, host);
	expect(DBW_BUSY, "53300", "; lower pool_size, or raise the server's max_connections");
	snprintf(sql, sizeof sql, "DROP ROLE %s", role);
	assert_true(fresh_run("trouble", sql));
	fresh_remove();
}

#define WITH_FOLDER(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_FOLDER(file__that_is_no_database),
		WITH_FOLDER(file__that_is_damaged),
		WITH_FOLDER(disk__that_is_full),
		WITH_FOLDER(file__that_is_locked),
		WITH_FOLDER(file__that_may_not_be_written),
		WITH_FOLDER(file__whose_folder_is_not_there),
		WITH_FOLDER(server__that_does_not_answer),
		WITH_FOLDER(server__that_lets_nobody_in),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

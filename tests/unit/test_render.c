/* What the generator writes of a project: files, SQL, and how it treats what is there already. */
#include "../../generator/render/depfile.h"
#include "../../generator/render/statements.h"
#include "../../generator/render/write.h"
#include "../memory/allocations.h"

#include <check/check.h>
#include <load/load.h>
#include <render/render.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

/* The write to a file that finds no room on the disk, counted down, and those that follow; none while it is 0. */
static long failing_write;

ssize_t __real_write(int file, const void *bytes, size_t count);
ssize_t __wrap_write(int file, const void *bytes, size_t count);

ssize_t __wrap_write(int file, const void *bytes, size_t count)
{
	if (failing_write > 1)
		failing_write--;
	else if (failing_write == 1) {
		errno = ENOSPC;
		return -1;
	}
	return __real_write(file, bytes, count);
}

static const char project_yaml[] = "project: shop\n"
				   "include: [models/*.yaml]\n"
				   "databases:\n"
				   "  auth: {connection_string: \"sqlite:auth.db\"}\n";

static const char models_yaml[] =
	"schema: auth\n"
	"models:\n"
	"  user:\n"
	"    table: users\n"
	"    comment: A person.\n"
	"    soft_delete: true\n"
	"    version: true\n"
	"    fields:\n"
	"      id: id\n"
	"      email: {type: string, length: 5, unique: true}\n"
	"      role: {type: enum, values: [member, admin], default: member, nullable: true}\n"
	"      balance: {type: decimal, precision: 4, scale: 2, default: \"0.50\"}\n"
	"      active: {type: bool, default: true}\n"
	"      tag: {type: uuid, default: uuid_v4}\n"
	"      data: json?\n"
	"      seen_at: {type: timestamp, nullable: true, storage: text}\n"
	"      born: {type: date, default: now}\n"
	"  token:\n"
	"    fields: {token: {type: int32}}\n"
	"    key: token\n"
	"    relations: {user: {belongs_to: user, on_delete: cascade}}\n"
	"    indexes: [{fields: [{field: user_id, order: desc}, token]}]\n";

typedef struct fixture {
	char folder[64];
	dbw_arena *arena;
	dbw_diagnostics *diagnostics;
	ir_project *project;
	dbw_text_buffer text;
} fixture;

static char *path_of(const fixture *f, const char *name, char path[256])
{
	snprintf(path, 256, "%s/%s", f->folder, name);
	return path;
}

static void put(const fixture *f, const char *name, const char *text)
{
	char path[256];
	FILE *file = fopen(path_of(f, name, path), "w");

	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

/* The content of a file, from malloc; NULL if there is none. */
static char *get(const fixture *f, const char *name)
{
	char path[256];
	FILE *file = fopen(path_of(f, name, path), "r");
	char *text = calloc(1, 1 << 17);

	if (file == NULL) {
		free(text);
		return NULL;
	}
	assert_non_null(text);
	assert_true(fread(text, 1, (1 << 17) - 1, file) < (1 << 17) - 1);
	fclose(file);
	return text;
}

static const char *said(fixture *f)
{
	dbw_text_truncate(&f->text, 0);
	dbw_diagnostics_render(f->diagnostics, false, &f->text);
	return f->text.data;
}

static int set_up(void **state)
{
	static fixture f;
	char path[256];

	memset(&f, 0, sizeof f);
	strcpy(f.folder, "/tmp/dbwright-render-XXXXXX");
	assert_non_null(mkdtemp(f.folder));
	assert_int_equal(mkdir(path_of(&f, "models", path), 0777), 0);
	put(&f, "dbwright.yaml", project_yaml);
	put(&f, "models/auth.yaml", models_yaml);
	f.arena = dbw_arena_new(0);
	f.diagnostics = dbw_diagnostics_new(0);
	dbw_text_init(&f.text, NULL, 0);
	if (!ir_load_project(f.arena, f.diagnostics, path_of(&f, "dbwright.yaml", path), &f.project) ||
		!ir_check_project(f.project, f.diagnostics))
		fail_msg("%s", said(&f));
	*state = &f;
	return 0;
}

/* Removes a folder with what is in it. */
static void remove_all(const char *path)
{
	DIR *folder = opendir(path);

	for (struct dirent *entry; folder != NULL && (entry = readdir(folder)) != NULL;) {
		char inner[512];

		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		snprintf(inner, sizeof inner, "%.250s/%.250s", path, entry->d_name);
		if (unlink(inner) != 0)
			remove_all(inner);
	}
	if (folder != NULL)
		closedir(folder);
	rmdir(path);
}

static int tear_down(void **state)
{
	fixture *f = *state;

	remove_all(f->folder);
	dbw_text_clear(&f->text);
	dbw_diagnostics_free(f->diagnostics);
	dbw_arena_free(f->arena);
	return 0;
}

static bool render_to(fixture *f, const char *out, ir_render_result *result)
{
	char path[256];
	const ir_render_options options = { .out_dir = path_of(f, out, path) };

	return ir_render_project(f->project, &options, result, f->diagnostics);
}

static const char *const outputs[] = { "auth.h", "auth/forward.h", "auth/json.h", "auth/token.h",
	"auth/user.h", "dbwright.c", "dbwright_tables.c", "models_auth.c", "shop_databases.h",
	"shop_program.h" };

enum { OUTPUTS = sizeof outputs / sizeof *outputs };

static void render__same_project_same_bytes(void **state)
{
	fixture *f = *state;
	ir_render_result result;

	assert_true(render_to(f, "a/b/c", &result));
	assert_int_equal(result.files, OUTPUTS);
	assert_int_equal(result.written, OUTPUTS);
	assert_true(render_to(f, "second", &result));
	for (size_t i = 0; i < OUTPUTS; i++) {
		char name[128];

		snprintf(name, sizeof name, "a/b/c/%s", outputs[i]);
		char *first = get(f, name);
		snprintf(name, sizeof name, "second/%s", outputs[i]);
		char *second = get(f, name);
		assert_non_null(first);
		assert_non_null(second);
		assert_string_equal(first, second);
		/* No trace of where it was made. */
		assert_null(strstr(first, f->folder));
		free(first);
		free(second);
	}
}

static void render__what_did_not_change_is_not_touched(void **state)
{
	fixture *f = *state;
	ir_render_result result;
	char path[256];
	struct stat status;
	const struct timespec past[2] = { { .tv_sec = 1000000 }, { .tv_sec = 1000000 } };

	assert_true(render_to(f, "out", &result));
	assert_int_equal(utimensat(AT_FDCWD, path_of(f, "out/auth/user.h", path), past, 0), 0);
	put(f, "out/auth/token.h", "old");
	assert_true(render_to(f, "out", &result));
	assert_int_equal(result.files, OUTPUTS);
	assert_int_equal(result.written, 1);
	assert_int_equal(stat(path_of(f, "out/auth/user.h", path), &status), 0);
	assert_int_equal(status.st_mtime, 1000000);
	char *token = get(f, "out/auth/token.h");
	assert_non_null(strstr(token, "#ifndef AUTH__TOKEN__H"));
	free(token);
}

static size_t count_entries(const char *path)
{
	DIR *folder = opendir(path);
	size_t entries = 0;

	assert_non_null(folder);
	while (readdir(folder) != NULL)
		entries++;
	closedir(folder);
	return entries - 2;
}

static void render__failed_write_leaves_the_old_file(void **state)
{
	fixture *f = *state;
	char path[256], expected[512];

	/* A folder in the place of the file: nobody may write that, root neither. */
	assert_int_equal(mkdir(path_of(f, "out", path), 0777), 0);
	assert_int_equal(mkdir(path_of(f, "out/file", path), 0777), 0);
	assert_int_equal(mkdir(path_of(f, "out/file/inner", path), 0777), 0);
	assert_false(ir__write_file(path_of(f, "out/file", path), "new", 3, NULL, f->diagnostics));
	snprintf(expected, sizeof expected, "%s: error: cannot write this file: Is a directory\n", path);
	assert_string_equal(said(f), expected);
	assert_int_equal(access(path_of(f, "out/file/inner", path), F_OK), 0);
	/* What was written beside it is gone. */
	assert_int_equal(count_entries(path_of(f, "out", path)), 1);
}

/* The longest file is shorter than the limit, all of them together are not. */
static void render__nothing_is_written_before_all_is_made(void **state)
{
	fixture *f = *state;
	struct rlimit before, small;
	char path[256];

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	small = before;
	small.rlim_cur = 60000;
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	const bool done = render_to(f, "out", NULL);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	assert_false(done);
	assert_non_null(strstr(said(f), "cannot write this file: File too large"));
	assert_int_equal(dbw_diagnostics_errors(f->diagnostics), 1);
	assert_int_equal(count_entries(path_of(f, "out", path)), 0);
	assert_true(render_to(f, "out", NULL));
	for (size_t i = 0; i < OUTPUTS; i++) {
		char name[128];
		struct stat status;

		snprintf(name, sizeof name, "out/%s", outputs[i]);
		assert_int_equal(stat(path_of(f, name, path), &status), 0);
		assert_true(status.st_size < 60000);
	}
}

/* Gives every file of the last run a content of its own. */
static void put_old(const fixture *f)
{
	char path[256];

	for (size_t i = 0; i < OUTPUTS; i++) {
		char name[128];

		snprintf(name, sizeof name, "out/%s", outputs[i]);
		unlink(path_of(
			f, name, path)); /* Some file systems write what was truncated to the disk at once. */
		put(f, name, outputs[i]);
	}
	put(f, "out/dbwright.manifest", "dbwright.manifest");
}

/* How many files are as put_old() left them. */
static size_t count_old(const fixture *f)
{
	size_t count = 0;

	for (size_t i = 0; i <= OUTPUTS; i++) {
		const char *output = i < OUTPUTS ? outputs[i] : "dbwright.manifest";
		char name[128];

		snprintf(name, sizeof name, "out/%s", output);
		char *text = get(f, name);
		count += text != NULL && strcmp(text, output) == 0;
		free(text);
	}
	return count;
}

/* The first writes are to the file without a name, then each file is written beside its place, the list is the last. */
static void render__full_disk_leaves_the_files_of_the_last_run(void **state)
{
	fixture *f = *state;
	char path[256];
	long n = 1;

	assert_true(render_to(f, "out", NULL));
	const size_t entries = count_entries(path_of(f, "out", path));
	const size_t inner = count_entries(path_of(f, "out/auth", path));
	put_old(f);
	for (bool done = false; !done; n++) {
		failing_write = n;
		done = render_to(f, "out", NULL);
		failing_write = 0;
		assert_int_equal(count_old(f), done ? 0 : OUTPUTS + 1);
		assert_int_equal(count_entries(path_of(f, "out", path)), entries);
		assert_int_equal(count_entries(path_of(f, "out/auth", path)), inner);
	}
	assert_int_equal(n - 2, 2 * OUTPUTS + 1);
	assert_non_null(
		strstr(said(f), "/out/auth.h: error: cannot write this file: No space left on device"));
	assert_non_null(
		strstr(said(f), "/out/dbwright.manifest: error: cannot write this file: No space left"));
}

/* Nothing can be renamed to a folder: the other files do not change either. */
static void render__folder_in_the_place_of_a_file(void **state)
{
	static const char *const places[] = { "out/dbwright_tables.c", "out/auth/user.h",
		"out/dbwright.manifest" };
	fixture *f = *state;
	char path[256];

	assert_true(render_to(f, "out", NULL));
	const size_t entries = count_entries(path_of(f, "out", path));
	const size_t inner = count_entries(path_of(f, "out/auth", path));
	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		put_old(f);
		assert_int_equal(unlink(path_of(f, places[i], path)), 0);
		assert_int_equal(mkdir(path, 0777), 0);
		assert_false(render_to(f, "out", NULL));
		assert_int_equal(dbw_diagnostics_errors(f->diagnostics), i + 1);
		assert_int_equal(rmdir(path_of(f, places[i], path)), 0);
		assert_int_equal(count_old(f), OUTPUTS);
		assert_int_equal(count_entries(path_of(f, "out", path)), entries - (i != 1));
		assert_int_equal(count_entries(path_of(f, "out/auth", path)), inner - (i == 1));
	}
	assert_non_null(strstr(said(f), "cannot write this file: Is a directory"));
}

static void render__file_in_the_place_of_a_folder(void **state)
{
	fixture *f = *state;

	put(f, "out", "a file");
	assert_false(render_to(f, "out", NULL));
	assert_non_null(strstr(said(f), "cannot write this file: Not a directory"));
	assert_int_equal(dbw_diagnostics_errors(f->diagnostics), 1);
}

static void render__depfile_and_stamp(void **state)
{
	fixture *f = *state;
	char out[256], depfile[256], stamp[256], expected[2048];
	const ir_render_options options = { .out_dir = path_of(f, "out", out),
		.depfile = path_of(f, "d/x.d", depfile),
		.stamp = path_of(f, "x.stamp", stamp) };
	const struct timespec past[2] = { { .tv_sec = 1000000 }, { .tv_sec = 1000000 } };
	struct stat status;

	assert_true(ir_render_project(f->project, &options, NULL, f->diagnostics));
	snprintf(expected, sizeof expected,
		"%s/x.stamp: \\\n  %s/dbwright.yaml \\\n  %s/models/auth.yaml\n"
		"\n%s/dbwright.yaml:\n\n%s/models/auth.yaml:\n",
		f->folder, f->folder, f->folder, f->folder, f->folder);
	char *text = get(f, "d/x.d");
	assert_string_equal(text, expected);
	free(text);
	/* The stamp is new also when nothing else is. */
	assert_int_equal(utimensat(AT_FDCWD, stamp, past, 0), 0);
	assert_true(ir_render_project(f->project, &options, NULL, f->diagnostics));
	assert_int_equal(stat(stamp, &status), 0);
	assert_true(status.st_mtime > 1000000);
}

static void render__depfile_escapes(void **state)
{
	const char *const paths[] = { "a b.yaml", "c#d.yaml", "$e.yaml", "f\\g.yaml", "h\\ i.yaml" };
	dbw_text_buffer out;

	(void)state;
	dbw_text_init(&out, NULL, 0);
	ir__depfile(&out, "my stamp", paths, 5);
	assert_string_equal(out.data,
		"my\\ stamp: \\\n  a\\ b.yaml \\\n  c\\#d.yaml \\\n  $$e.yaml \\\n  f\\g.yaml \\\n  h\\\\\\ i.yaml\n"
		"\na\\ b.yaml:\n\nc\\#d.yaml:\n\n$$e.yaml:\n\nf\\g.yaml:\n\nh\\\\\\ i.yaml:\n");
	dbw_text_clear(&out);
}

static const char *sql_for(fixture *f, const char *engine)
{
	dbw_text_truncate(&f->text, 0);
	assert_true(ir_render_sql(f->project, f->project->schemas[0], engine, &f->text, f->diagnostics));
	return f->text.data;
}

static void render__sql_for_postgresql(void **state)
{
	assert_string_equal(sql_for(*state, "postgresql"),
		"-- Schema auth on PostgreSQL.\n"
		"\n"
		"CREATE TABLE \"users\" (\n"
		"  \"id\" bigint GENERATED BY DEFAULT AS IDENTITY,\n"
		"  \"email\" varchar(5) COLLATE \"C\" NOT NULL,\n"
		"  \"role\" text COLLATE \"C\" DEFAULT 'member' CONSTRAINT \"users_role_valid\""
		" CHECK (\"role\" IN ('member', 'admin')),\n"
		"  \"balance\" numeric(4,2) DEFAULT 0.50 NOT NULL,\n"
		"  \"active\" boolean DEFAULT true NOT NULL,\n"
		"  \"tag\" uuid DEFAULT gen_random_uuid() NOT NULL,\n"
		"  \"data\" jsonb,\n"
		"  \"seen_at\" timestamptz,\n"
		"  \"born\" date DEFAULT ((CURRENT_TIMESTAMP AT TIME ZONE 'UTC')::date) NOT NULL,\n"
		"  \"version\" bigint DEFAULT 1 NOT NULL,\n"
		"  \"deleted_at\" timestamptz,\n"
		"  CONSTRAINT \"users_pkey\" PRIMARY KEY (\"id\")\n"
		");\n"
		"CREATE UNIQUE INDEX \"users_email_key\" ON \"users\" (\"email\") WHERE \"deleted_at\" IS NULL;\n"
		"\n"
		"CREATE TABLE \"token\" (\n"
		"  \"token\" integer NOT NULL,\n"
		"  \"user_id\" bigint NOT NULL,\n"
		"  CONSTRAINT \"token_pkey\" PRIMARY KEY (\"token\"),\n"
		"  CONSTRAINT \"token_user_id_fkey\" FOREIGN KEY (\"user_id\") REFERENCES \"users\" (\"id\")"
		" ON DELETE CASCADE\n"
		");\n"
		"CREATE INDEX \"token_user_id_token_idx\" ON \"token\" (\"user_id\" DESC, \"token\");\n");
}

static void render__sql_for_sqlite(void **state)
{
	assert_string_equal(sql_for(*state, "sqlite"),
		"-- Schema auth on SQLite.\n"
		"\n"
		"CREATE TABLE \"users\" (\n"
		"  \"id\" INTEGER PRIMARY KEY,\n"
		"  \"email\" TEXT NOT NULL CONSTRAINT \"users_email_valid\" CHECK (length(\"email\") <= 5),\n"
		"  \"role\" TEXT DEFAULT 'member' CONSTRAINT \"users_role_valid\" CHECK (\"role\" IN ('member', 'admin')),\n"
		"  \"balance\" INTEGER DEFAULT 50 NOT NULL CONSTRAINT \"users_balance_valid\""
		" CHECK (\"balance\" BETWEEN -9999 AND 9999),\n"
		"  \"active\" INTEGER DEFAULT 1 NOT NULL CONSTRAINT \"users_active_valid\" CHECK (\"active\" IN (0, 1)),\n"
		"  \"tag\" BLOB DEFAULT (CAST(randomblob(6) || substr(X'404142434445464748494A4B4C4D4E4F', 1 +"
		" (random() & 15), 1) || randomblob(1) || substr(X'808182838485868788898A8B8C8D8E8F90919293949596"
		"9798999A9B9C9D9E9FA0A1A2A3A4A5A6A7A8A9AAABACADAEAFB0B1B2B3B4B5B6B7B8B9BABBBCBDBEBF', 1 + (random()"
		" & 63), 1) || randomblob(7) AS BLOB)) NOT NULL CONSTRAINT \"users_tag_valid\""
		" CHECK (length(\"tag\") = 16),\n"
		"  \"data\" TEXT CONSTRAINT \"users_data_valid\" CHECK (\"data\" IS NULL OR json_valid(\"data\")),\n"
		"  \"seen_at\" TEXT CONSTRAINT \"users_seen_at_valid\""
		" CHECK (\"seen_at\" GLOB '?\?\?\?-?\?-?\?T?\?:?\?:?\?.?\?\?\?\?\?Z'),\n"
		"  \"born\" INTEGER DEFAULT (CAST(strftime('%s', 'now') AS INTEGER) / 86400) NOT NULL,\n"
		"  \"version\" INTEGER DEFAULT 1 NOT NULL,\n"
		"  \"deleted_at\" INTEGER\n"
		") STRICT;\n"
		"CREATE UNIQUE INDEX \"users_email_key\" ON \"users\" (\"email\") WHERE \"deleted_at\" IS NULL;\n"
		"\n"
		"CREATE TABLE \"token\" (\n"
		"  \"token\" INTEGER NOT NULL,\n"
		"  \"user_id\" INTEGER NOT NULL,\n"
		"  CONSTRAINT \"token_pkey\" PRIMARY KEY (\"token\"),\n"
		"  CONSTRAINT \"token_user_id_fkey\" FOREIGN KEY (\"user_id\") REFERENCES \"users\" (\"id\")"
		" ON DELETE CASCADE\n"
		") STRICT;\n"
		"CREATE INDEX \"token_user_id_token_idx\" ON \"token\" (\"user_id\" DESC, \"token\");\n");
}

static void run(sqlite3 *db, const char *sql)
{
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
}

static void violate(sqlite3 *db, const char *sql, const char *constraint)
{
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_CONSTRAINT);
	assert_non_null(strstr(sqlite3_errmsg(db), constraint));
}

static int count(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *statement;
	int number;

	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
	number = sqlite3_column_int(statement, 0);
	sqlite3_finalize(statement);
	return number;
}

static sqlite3 *open_tables(fixture *f)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
	run(db, "PRAGMA foreign_keys = ON");
	run(db, sql_for(f, "sqlite"));
	return db;
}

static void render__sqlite_keeps_the_rules(void **state)
{
	sqlite3 *db = open_tables(*state);

	run(db, "INSERT INTO users(email) VALUES ('12345')");
	run(db, "INSERT INTO users(email, role, data, seen_at) VALUES ('b', NULL, NULL, NULL)");
	run(db, "INSERT INTO users(email, data, seen_at) VALUES ('c', '{}', '2024-02-29T12:00:00.000000Z')");
	violate(db, "INSERT INTO users(email) VALUES ('123456')", "users_email_valid");
	violate(db, "INSERT INTO users(email, role) VALUES ('d', 'boss')", "users_role_valid");
	violate(db, "INSERT INTO users(email, balance) VALUES ('d', 10000)", "users_balance_valid");
	violate(db, "INSERT INTO users(email, balance) VALUES ('d', -9223372036854775808)",
		"users_balance_valid");
	violate(db, "INSERT INTO users(email, active) VALUES ('d', 2)", "users_active_valid");
	violate(db, "INSERT INTO users(email, tag) VALUES ('d', X'00')", "users_tag_valid");
	violate(db, "INSERT INTO users(email, data) VALUES ('d', '{')", "users_data_valid");
	violate(db, "INSERT INTO users(email, seen_at) VALUES ('d', '2024-02-29 12:00:00')",
		"users_seen_at_valid");
	violate(db, "INSERT INTO users(email, balance) VALUES ('d', 'x')",
		"cannot store TEXT value in INTEGER column");
	violate(db, "INSERT INTO users(email) VALUES ('b')", "users.email");
	run(db, "UPDATE users SET deleted_at = 1 WHERE email = 'b'");
	run(db, "INSERT INTO users(email) VALUES ('b')");
	violate(db, "INSERT INTO token VALUES (1, 77)", "FOREIGN KEY");
	run(db, "INSERT INTO token VALUES (1, 1)");
	run(db, "DELETE FROM users WHERE id = 1");
	assert_int_equal(count(db, "SELECT count(*) FROM token"), 0);
	sqlite3_close(db);
}

static void render__sqlite_defaults(void **state)
{
	sqlite3 *db = open_tables(*state);

	run(db, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)"
		" INSERT INTO users(email) SELECT i FROM n");
	assert_int_equal(
		count(db, "SELECT count(*) FROM users WHERE role = 'member' AND balance = 50 AND active = 1"
			  " AND version = 1 AND born = julianday(date('now')) - 2440587.5"),
		1000);
	/* RFC 9562: the version's nibble, the variant's two bits, and all else at random. */
	assert_int_equal(count(db, "SELECT count(*) FROM users WHERE substr(hex(tag), 13, 1) = '4'"
				   " AND substr(hex(tag), 17, 1) IN ('8', '9', 'A', 'B')"),
		1000);
	assert_int_equal(count(db, "SELECT count(DISTINCT tag) FROM users"), 1000);
	sqlite3_close(db);
}

static const char *sql_of(const ir__statement *statement, const char *name, dbw_engine engine)
{
	for (; statement != NULL; statement = statement->next)
		if (strcmp(statement->name, name) == 0)
			return statement->sql[engine];
	return NULL;
}

static void render__fixed_statements(void **state)
{
	fixture *f = *state;
	const ir_model *token = f->project->schemas[0]->models[0];
	const ir_model *user = f->project->schemas[0]->models[1];
	ir__statement *statements;

	assert_true(ir__statements(f->arena, user, &statements));
	/* The runtime writes inserts. */
	assert_string_equal(statements->name, "user_insert");
	assert_int_equal(statements->parameter_count, 10);
	assert_string_equal(statements->next->name, "user_insert_with_id");
	assert_int_equal(statements->next->parameter_count, 11);
	assert_null(sql_of(statements, "user_insert", DBW_POSTGRESQL));
	assert_string_equal(sql_of(statements, "user_delete_by_id", DBW_SQLITE),
		"UPDATE \"users\" SET \"deleted_at\" = $1, \"version\" = \"version\" + 1 WHERE \"id\" = $2"
		" AND \"deleted_at\" IS NULL");
	assert_string_equal(sql_of(statements, "user_purge_by_id", DBW_SQLITE),
		"DELETE FROM \"users\" WHERE \"id\" = $1");
	assert_string_equal(sql_of(statements, "user_exists_by_id", DBW_SQLITE),
		"SELECT 1 FROM \"users\" WHERE \"id\" = $1");
	const char *find = sql_of(statements, "user_find_by_email", DBW_SQLITE);
	assert_non_null(strstr(find, " FROM \"users\" WHERE \"email\" = $1 AND \"deleted_at\" IS NULL"));
	assert_true(ir__statements(f->arena, token, &statements));
	assert_string_equal(sql_of(statements, "token_list_by_user_id_and_token", DBW_POSTGRESQL),
		"SELECT \"token\", \"user_id\" FROM \"token\" WHERE \"user_id\" = $1 AND \"token\" = $2");
	assert_null(sql_of(statements, "token_exists_by_token", DBW_SQLITE));
	assert_null(sql_of(statements, "token_insert_with_id", DBW_SQLITE));
}

static void render__parameters_do_not_hide_types(void **state)
{
	fixture *f = *state;
	char *header;

	assert_true(render_to(f, "out", NULL));
	header = get(f, "out/auth/token.h");
	assert_non_null(
		strstr(header, "token_find_by_token(auth_reader r, int32_t token_value, token **out);"));
	free(header);
}

static void render__default_too_long_for_c(void **state)
{
	fixture *f = *state;
	char path[256], expected[512];
	char yaml[6000] = "schema: auth\nmodels: {note: {fields: {id: id, body: {type: text, default: \"";
	size_t length = strlen(yaml);

	memset(yaml + length, 'x', 5000);
	strcpy(yaml + length + 5000, "\"}}}}\n");
	put(f, "models/auth.yaml", yaml);
	assert_true(
		ir_load_project(f->arena, f->diagnostics, path_of(f, "dbwright.yaml", path), &f->project));
	assert_true(ir_check_project(f->project, f->diagnostics));
	assert_false(render_to(f, "out", NULL));
	snprintf(expected, sizeof expected,
		"%s/models/auth.yaml:2:62: error: this default is 5000 bytes long, and a string literal of C holds 4094\n",
		f->folder);
	assert_memory_equal(said(f), expected, strlen(expected));
	assert_int_equal(access(path_of(f, "out", path), F_OK), -1);
}

static void render__memory_may_fail_anywhere(void **state)
{
	fixture *f = *state;
	char path[256];
	long n = 1;

	assert_true(render_to(f, "out", NULL));
	const size_t entries = count_entries(path_of(f, "out", path));
	const size_t inner = count_entries(path_of(f, "out/auth", path));
	for (bool done = false; !done; n++) {
		dbw_diagnostics *diagnostics = dbw_diagnostics_new(0);
		const ir_render_options options = { .out_dir = path_of(f, "out", path) };

		assert_non_null(diagnostics);
		put_old(f);
		allocations_fail((size_t)n, false);
		done = ir_render_project(f->project, &options, NULL, diagnostics);
		bool was_used = allocations_recover();
		/* Whoever succeeds did not meet the failure; whoever fails says so. */
		assert_int_equal(done, !was_used);
		assert_true(done || dbw_diagnostics_errors(diagnostics) > 0 ||
			    dbw_diagnostics_failed(diagnostics));
		dbw_diagnostics_free(diagnostics);
		assert_int_equal(count_entries(path_of(f, "out", path)), entries);
		assert_int_equal(count_entries(path_of(f, "out/auth", path)), inner);
	}
	assert_true(n > 20);
	char *made = get(f, "out/models_auth.c");
	assert_non_null(made);
	free(made);
}

static void render__memory_may_fail_anywhere_in_sql(void **state)
{
	fixture *f = *state;
	long n = 1;

	for (bool done = false; !done; n++) {
		dbw_diagnostics *diagnostics = dbw_diagnostics_new(0);
		dbw_text_buffer text;

		assert_non_null(diagnostics);
		dbw_text_init(&text, NULL, 0);
		allocations_fail((size_t)n, false);
		done = ir_render_sql(f->project, NULL, NULL, &text, diagnostics);
		bool was_used = allocations_recover();
		assert_int_equal(done, !was_used);
		dbw_text_clear(&text);
		dbw_diagnostics_free(diagnostics);
	}
	assert_true(n > 5);
}

#define CASE(name) cmocka_unit_test_setup_teardown(render__##name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(same_project_same_bytes),
		CASE(what_did_not_change_is_not_touched),
		CASE(failed_write_leaves_the_old_file),
		CASE(nothing_is_written_before_all_is_made),
		CASE(full_disk_leaves_the_files_of_the_last_run),
		CASE(folder_in_the_place_of_a_file),
		CASE(file_in_the_place_of_a_folder),
		CASE(depfile_and_stamp),
		CASE(depfile_escapes),
		CASE(sql_for_postgresql),
		CASE(sql_for_sqlite),
		CASE(sqlite_keeps_the_rules),
		CASE(sqlite_defaults),
		CASE(fixed_statements),
		CASE(parameters_do_not_hide_types),
		CASE(default_too_long_for_c),
		CASE(memory_may_fail_anywhere),
		CASE(memory_may_fail_anywhere_in_sql),
	};

	return cmocka_run_group_tests_name("render", tests, NULL, NULL);
}

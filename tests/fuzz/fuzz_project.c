/*
 * Project files of any bytes. Declarations that pass the checks make C, and SQL that SQLite runs: the tables, then every
 * statement over them. An input that begins with a NUL byte chooses declarations from a grammar. Behind each line
 * "#models.yaml" begins a file of its own in the folder models, for `include:`. With FUZZ_SHOW in the environment the
 * files are printed.
 */
#include "../../generator/render/statements.h"

#include "declarations.h"

#include <check/check.h>
#include <load/load.h>
#include <render/render.h>

#include <fcntl.h>
#include <ftw.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILES_MAX = 4 };

static char folder[4096];

static int remove_one(const char *path, const struct stat *about, int kind, struct FTW *place)
{
	(void)about;
	(void)kind;
	(void)place;
	return remove(path);
}

static void remove_folder(void)
{
	nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* A path in the folder, until the next call. */
static const char *path_of(const char *name)
{
	static char path[sizeof folder + 64];

	snprintf(path, sizeof path, "%s/%s", folder, name);
	return path;
}

/* libFuzzer has relative paths of its own: the present folder stays. */
static void make_folder(void)
{
	const char *parent = getenv("TMPDIR");

	FUZZ_CHECK((size_t)snprintf(folder, sizeof folder, "%s/dbwright-fuzz-XXXXXX",
			   parent == NULL ? "/tmp" : parent) < sizeof folder);
	FUZZ_CHECK(mkdtemp(folder) != NULL && mkdir(path_of("models"), 0700) == 0);
	atexit(remove_folder);
}

static void write_file(const char *name, const void *data, size_t size)
{
	const int file = open(path_of(name), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	FUZZ_CHECK(file >= 0 && write(file, data, size) == (ssize_t)size && close(file) == 0);
}

static void fail_sql(sqlite3 *database, const char *sql)
{
	fprintf(stderr, "SQLite: %s\n%s\n", sqlite3_errmsg(database), sql);
	abort();
}

static void check_statements(sqlite3 *database, const ir_model *model)
{
	dbw_arena *arena = dbw_arena_new(0);
	ir__statement *statement;

	FUZZ_CHECK(arena != NULL && ir__statements(arena, model, &statement));
	for (; statement != NULL; statement = statement->next) {
		const char *sql = statement->sql[DBW_SQLITE];
		sqlite3_stmt *prepared;

		/* An insert, which the runtime writes. */
		if (sql == NULL)
			continue;
		if (sqlite3_prepare_v2(database, sql, -1, &prepared, NULL) != SQLITE_OK)
			fail_sql(database, sql);
		FUZZ_CHECK((size_t)sqlite3_bind_parameter_count(prepared) == statement->parameter_count);
		sqlite3_finalize(prepared);
	}
	dbw_arena_free(arena);
}

static void check_sqlite(const ir_schema *schema, const char *script)
{
	sqlite3 *database;

	FUZZ_CHECK(sqlite3_open(":memory:", &database) == SQLITE_OK);
	/* As the runtime has them: quoted names are never text. */
	FUZZ_CHECK(sqlite3_db_config(database, SQLITE_DBCONFIG_DQS_DDL, 0, NULL) == SQLITE_OK);
	FUZZ_CHECK(sqlite3_db_config(database, SQLITE_DBCONFIG_DQS_DML, 0, NULL) == SQLITE_OK);
	if (sqlite3_exec(database, script, NULL, NULL, NULL) != SQLITE_OK)
		fail_sql(database, script);
	for (size_t i = 0; i < schema->model_count; i++)
		check_statements(database, schema->models[i]);
	sqlite3_close(database);
}

static void check_good(const ir_project *project, dbw_diagnostics *diagnostics)
{
	const ir_render_options options = { .out_dir = path_of("out") };
	dbw_text_buffer script;

	dbw_text_init(&script, NULL, 0);
	for (size_t i = 0; i < project->schema_count; i++) {
		const ir_schema *schema = project->schemas[i];

		for (size_t engine = 0; engine < DBW_ENGINE_COUNT; engine++) {
			if (!schema->engines[engine])
				continue;
			dbw_text_truncate(&script, 0);
			FUZZ_CHECK(ir_render_sql(
				project, schema, ir__dialects[engine]->name, &script, diagnostics));
			if (engine == DBW_SQLITE)
				check_sqlite(schema, script.data);
		}
	}
	dbw_text_clear(&script);
	FUZZ_CHECK(ir_render_project(project, &options, NULL, diagnostics));
	FUZZ_CHECK(nftw(path_of("out"), remove_one, 16, FTW_DEPTH | FTW_PHYS) == 0);
}

/* Writes the input as files; returns how many there are in the folder models. */
static unsigned write_project(const uint8_t *data, size_t size)
{
	static const char mark[] = "\n#models.yaml\n";
	char path[32] = "dbwright.yaml";
	unsigned files = 0;

	for (;;) {
		const uint8_t *cut = size == 0 ? NULL : memmem(data, size, mark, sizeof mark - 1);
		/* The mark is a comment, and its line break a part of what stands before it. */
		const size_t part = cut != NULL && files < FILES_MAX ? (size_t)(cut - data) + 1 : size;

		write_file(path, data, part);
		if (getenv("FUZZ_SHOW") != NULL)
			fwrite(data, 1, part, stderr);
		data += part;
		size -= part;
		if (size == 0)
			return files;
		snprintf(path, sizeof path, "models/%u.yaml", ++files);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	dbw_arena *arena = dbw_arena_new(0);
	dbw_diagnostics *diagnostics = dbw_diagnostics_new(0);
	ir_project *project;
	dbw_text_buffer declared;
	unsigned files;
	bool good;

	FUZZ_CHECK(arena != NULL && diagnostics != NULL);
	if (folder[0] == '\0')
		make_folder();
	dbw_text_init(&declared, NULL, 0);
	if (size > 0 && data[0] == 0) {
		fuzz_bytes bytes = { data + 1, size - 1 };

		fuzz_declare(&bytes, &declared);
		FUZZ_CHECK(!declared.failed);
		data = (const uint8_t *)declared.data;
		size = declared.length;
	}
	files = write_project(data, size);
	good = ir_load_project(arena, diagnostics, path_of("dbwright.yaml"), &project);
	FUZZ_CHECK(good == (dbw_diagnostics_errors(diagnostics) == 0));
	FUZZ_CHECK(!good || project != NULL);
	if (project != NULL)
		good = ir_check_project(project, diagnostics) && good;
	FUZZ_CHECK(good == (dbw_diagnostics_errors(diagnostics) == 0));
	if (good)
		check_good(project, diagnostics);
	fuzz_check_diagnostics(diagnostics);
	dbw_text_clear(&declared);
	for (; files > 0; files--) {
		char path[32];

		snprintf(path, sizeof path, "models/%u.yaml", files);
		FUZZ_CHECK(remove(path_of(path)) == 0);
	}
	dbw_diagnostics_free(diagnostics);
	dbw_arena_free(arena);
	return 0;
}

/*
 * bench_open time program|file DATABASES    opens a configuration of so many databases, without a connection, from
 *                                           entries of C or a YAML file; prints the CPU milliseconds, the least of ten
 * bench_open begin default|qualifier|on DATABASES COUNT
 *                                           begins and ends COUNT readers among so many, the one declared last; the calls
 *                                           stand in measured(), for callgrind
 */
#include <bench_databases.h>
#include <bench_program.h>
#include <dbwright/config.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { RUNS = 10, NAME_SIZE = 32, MOST = 1000 };

static void measured(int count);

static char names[MOST][NAME_SIZE], paths[MOST][NAME_SIZE];
static dbw_entry entries[MOST];
static const dbw_setting settings[] = { { "journal_mode", "wal" }, { "busy_timeout_ms", "2000" },
	{ "cache_size", "-8000" }, { "max_overflow", "5" }, { "min_idle", "1" },
	{ "acquire_timeout_ms", "500" } };
static char file_name[] = "/tmp/dbwright-bench-XXXXXX";

static dbw_databases *databases;
static shop_database on;
static dbw_session_options options = { .purpose = "bench" };
static bool by_handle;

static void fail(const char *what)
{
	fprintf(stderr, "bench_open: %s\n", what);
	exit(1);
}

/* All but the last are of one schema, too: only qualifiers tell them apart. */
static void make_entries(int count)
{
	for (int i = 0; i < count; i++) {
		snprintf(names[i], NAME_SIZE, "shop_%d", i);
		snprintf(paths[i], NAME_SIZE, "data/shop_%d.db", i);
		entries[i] = dbw_entry_sqlite(names[i], paths[i]);
		entries[i].schema = "shop";
		entries[i].pool_size = 10;
		entries[i].settings = settings;
		entries[i].setting_count = sizeof settings / sizeof *settings;
	}
	entries[count - 1].connection_string = "sqlite::temp:";
	entries[count - 1].path = NULL;
	entries[count - 1].is_default = true;
}

static void write_file(int count)
{
	const int descriptor = mkstemp(file_name);
	FILE *file = descriptor < 0 ? NULL : fdopen(descriptor, "w");

	if (file == NULL)
		fail("cannot write a file");
	fputs("databases:\n", file);
	for (int i = 0; i < count; i++) {
		fprintf(file,
			"  shop_%d:\n    schema: shop\n    path: data/shop_%d.db\n    pool: {size: 10}\n", i,
			i);
		for (size_t k = 0; k < sizeof settings / sizeof *settings; k++)
			fprintf(file, "    %s: %s\n", settings[k].key, settings[k].value);
	}
	if (fclose(file) != 0)
		fail("cannot write a file");
}

static void open_all(int count, bool from_file)
{
	dbw_options how = { .dotenv = "" };
	dbw_error error;

	if (from_file) {
		how.file = file_name;
		how.reader = dbw_config_reader;
	} else {
		how.entries = entries;
		how.entry_count = (size_t)count;
	}
	if (dbw_databases_open(&databases, &bench_program, &how, &error) != DBW_OK)
		fail(error.message);
}

static double milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static void time_opening(int count, bool from_file)
{
	double least = 1e9;

	if (from_file)
		write_file(count);
	for (int run = 0; run < RUNS; run++) {
		const double before = milliseconds();
		double took;

		open_all(count, from_file);
		took = milliseconds() - before;
		if (took < least)
			least = took;
		if (dbw_databases_close(databases, NULL) != DBW_OK)
			fail("cannot close");
	}
	if (from_file)
		unlink(file_name);
	printf("%.2f\n", least);
}

static void __attribute__((noinline)) measured(int count)
{
	for (int i = 0; i < count; i++) {
		shop_reader r;
		const dbw_status status = by_handle ? shop_read_begin_on_with(on, &options, &r, NULL)
						    : shop_read_begin_with(databases, &options, &r, NULL);

		if (status != DBW_OK || shop_read_end(r) != DBW_OK)
			fail("cannot begin");
	}
}

static void count_beginnings(const char *how, int databases_wanted, int count)
{
	shop_reader r;

	open_all(databases_wanted, false);
	if (strcmp(how, "qualifier") == 0)
		options.qualifier = names[databases_wanted - 1];
	if (shop_database_of(databases, options.qualifier, &on, NULL) != DBW_OK ||
		shop_read_begin_with(databases, &options, &r, NULL) != DBW_OK || shop_read_end(r) != DBW_OK)
		fail("cannot begin");
	by_handle = strcmp(how, "on") == 0;
	measured(count);
	if (dbw_databases_close(databases, NULL) != DBW_OK)
		fail("cannot close");
}

int main(int argc, char **argv)
{
	const int count = argc > 3 ? atoi(argv[3]) : 0;

	if (count < 1 || count > MOST)
		fail("how many databases?");
	make_entries(count);
	if (argc == 4 && strcmp(argv[1], "time") == 0)
		time_opening(count, strcmp(argv[2], "file") == 0);
	else if (argc == 5 && strcmp(argv[1], "begin") == 0)
		count_beginnings(argv[2], count, atoi(argv[4]));
	else
		fail("what is to be done?");
	return 0;
}

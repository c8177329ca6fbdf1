/*
 * bench_generator write FOLDER MODELS   declares MODELS models of ten columns in FOLDER, ten to a file
 * bench_generator time FOLDER OUT       loads and checks them, makes their C in OUT; prints
 *                                       "load-and-check-seconds render-seconds peak-kilobytes-of-each"
 */
#include <base/arena.h>
#include <base/diagnostic.h>
#include <check/check.h>
#include <load/load.h>
#include <render/render.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>

enum { TO_A_FILE = 10 };

static void fail(const char *what)
{
	fprintf(stderr, "bench_generator: %s: %s\n", what, strerror(errno));
	exit(1);
}

static FILE *create(const char *folder, const char *name)
{
	char path[2048];
	FILE *file;

	snprintf(path, sizeof path, "%s/%s", folder, name);
	file = fopen(path, "w");
	if (file == NULL)
		fail(path);
	return file;
}

static void finish(FILE *file)
{
	if (ferror(file) || fclose(file) != 0)
		fail("write");
}

/* The model that bench/models/shop.yaml has, with a reference in place of the uuid. */
static void write_model(FILE *file, int number, int parent)
{
	fprintf(file,
		"  item_%05d:\n"
		"    fields:\n"
		"      id: id\n"
		"      name: string(255)\n"
		"      email: {type: string, length: 255, unique: true}\n"
		"      bio: text?\n"
		"      role: {type: enum, values: [member, admin], default: member}\n"
		"      balance: {type: decimal, precision: 10, scale: 2, default: \"0.00\"}\n"
		"      score: int32\n"
		"      created_at: {type: timestamp, default: now}\n"
		"      is_active: {type: bool, default: true}\n"
		"    relations:\n"
		"      parent: {belongs_to: item_%05d}\n",
		number, parent);
}

static void write_project(const char *folder, int models)
{
	char inner[1024], name[64];
	FILE *file = create(folder, "dbwright.yaml");

	fputs("project: many\ninclude: [models/*.yaml]\ndatabases: {shop: {connection_string: \"sqlite:shop.db\"}}\n",
		file);
	finish(file);
	snprintf(inner, sizeof inner, "%s/models", folder);
	if (mkdir(inner, 0777) != 0 && errno != EEXIST)
		fail(inner);
	for (int first = 0; first < models; first += TO_A_FILE) {
		snprintf(name, sizeof name, "part_%05d.yaml", first / TO_A_FILE);
		file = create(inner, name);
		fputs("schema: shop\nmodels:\n", file);
		/* The first model of a file refers to the first of the file before, the others to that first one. */
		for (int i = first; i < first + TO_A_FILE && i < models; i++)
			write_model(file, i, i > first ? first : first > 0 ? first - TO_A_FILE : 0);
		finish(file);
	}
}

static double cpu_seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static long peak_kilobytes(void)
{
	struct rusage usage;

	return getrusage(RUSAGE_SELF, &usage) == 0 ? usage.ru_maxrss : 0;
}

static bool time_project(const char *folder, const char *out)
{
	char path[2048];
	const double begun = cpu_seconds();
	dbw_arena *arena = dbw_arena_new(1 << 16);
	dbw_diagnostics *diagnostics = dbw_diagnostics_new(0);
	ir_project *project = NULL;
	bool done = arena != NULL && diagnostics != NULL;

	snprintf(path, sizeof path, "%s/dbwright.yaml", folder);
	done = done && ir_load_project(arena, diagnostics, path, &project) &&
	       ir_check_project(project, diagnostics);
	const double checked = cpu_seconds();
	const long to_check = peak_kilobytes();
	const ir_render_options options = { .out_dir = out };

	done = done && ir_render_project(project, &options, NULL, diagnostics);
	if (done)
		printf("%.4f %.4f %ld %ld\n", checked - begun, cpu_seconds() - checked, to_check,
			peak_kilobytes());
	else
		fprintf(stderr, "bench_generator: the project was refused\n");
	dbw_diagnostics_free(diagnostics);
	dbw_arena_free(arena);
	return done;
}

int main(int argc, char **argv)
{
	if (argc == 4 && strcmp(argv[1], "write") == 0 && atoi(argv[3]) > 0) {
		write_project(argv[2], atoi(argv[3]));
		return 0;
	}
	if (argc == 4 && strcmp(argv[1], "time") == 0)
		return time_project(argv[2], argv[3]) ? 0 : 1;
	fputs("usage: bench_generator write FOLDER MODELS | time FOLDER OUT\n", stderr);
	return 2;
}

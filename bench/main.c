/*
 * bench prepare FILE ROWS                 makes the database file with ROWS rows
 * bench run FILE WORK SIDE COUNT          COUNT operations; prints "checksum allocations trips"
 * bench time FILE WORK SIDE COUNT ROUNDS  the side and the hand-written one in turn, in one process; prints the ratio of
 *                                         their CPU times, that of the hand-written side to itself, and of their
 *                                         times by the clock
 * bench sides                             prints the names of the sides
 * bench pool                              leases and gives back; prints nanoseconds by hand, of the runtime's pool, and of one
 *                                         whose connections have an age limit
 *
 * FILE may be the URL of a server's database, postgresql:...; the hand-written side is another one then.
 *
 * `sh bench/run` calls the second under callgrind, which counts inside measured() alone.
 */
#include "side.h"

#include <bench_program.h>
#include <shop.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);
char *__real_strdup(const char *text);
char *__wrap_strdup(const char *text);

static uint64_t allocations;

void *__wrap_malloc(size_t size)
{
	allocations++;
	return __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
	allocations++;
	return __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t size)
{
	allocations++;
	return __real_realloc(old, size);
}

char *__wrap_strdup(const char *text)
{
	allocations++;
	return __real_strdup(text);
}

bool sums_all;

/* FNV-1a. */
static uint64_t sum_bytes(uint64_t sum, const void *data, size_t size)
{
	const unsigned char *bytes = data;

	for (size_t i = 0; i < size; i++)
		sum = (sum ^ bytes[i]) * UINT64_C(1099511628211);
	return sum;
}

uint64_t sum_row(const seen *row)
{
	const char *const texts[] = { row->name, row->email, row->bio != NULL ? row->bio : "\1" };
	const int64_t numbers[] = { row->id, row->role, row->cents, row->score, row->created_at,
		row->is_active };
	uint64_t sum = UINT64_C(14695981039346656037);

	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		sum = sum_bytes(sum, texts[i], strlen(texts[i]) + 1);
	sum = sum_bytes(sum, numbers, sizeof numbers);
	return sum_bytes(sum, row->token, 16);
}

static void sample_make(sample *out, int64_t number)
{
	uint64_t mixed = (uint64_t)number * UINT64_C(0x9E3779B97F4A7C15);

	snprintf(out->name, sizeof out->name, "Ren\xC3\xA9 Number %lld", (long long)number);
	snprintf(out->email, sizeof out->email, "user%lld@example.com", (long long)number);
	snprintf(out->bio, sizeof out->bio, "Likes the number %lld best.", (long long)number);
	out->has_bio = number % 4 != 0;
	out->role = number % 10 == 0 ? 2 : 1;
	out->cents = (int64_t)(mixed % 1000000);
	out->score = (int32_t)(mixed >> 40);
	for (int i = 0; i < 16; i++)
		out->token[i] = (uint8_t)((mixed >> (i % 8 * 8)) + (uint64_t)i + 1);
	out->created_at = INT64_C(1700000000000000) + number;
	out->is_active = number % 7 != 0;
}

enum work {
	FIND,
	FIND_SESSION,
	FIND_ALONE,
	UNIT,
	PAIR,
	FIND_TEXT,
	QUERY,
	QUERY_NEW,
	LIST,
	CURSOR,
	INSERT,
	INSERT_MANY,
	INSERT_BATCH,
	LOAD,
	UPSERT,
	UPDATE,
	WORKS
};

/* Rows of one insert_many; rows that the works but list and cursor find. */
enum { MANY = 2000, ROWS = 10000 };

static sample samples[SAMPLES_MAX];
static char emails[ROWS][48];

/* The rows that the next writes write. Upserts meet every second one in the table. */
static void stage(const side *on, enum work what, int64_t from)
{
	for (int i = 0; i < SAMPLES_MAX; i++)
		sample_make(&samples[i], from + i);
	for (int i = 0; what == UPSERT && i < SAMPLES_MAX; i += 2) {
		sample_make(&samples[i], i + 1);
		samples[i].score = (int32_t)from;
	}
	for (int i = 0; i < ROWS; i++)
		snprintf(emails[i], sizeof emails[i], "user%d@example.com", i + 1);
	on->stage(samples, SAMPLES_MAX);
}

static bool create_table(const char *path)
{
	char url[300];
	dbw_databases *databases;
	shop_session s;
	dbw_error error;

	snprintf(url, sizeof url, "%s%s", is_server(path) ? "" : "sqlite:", path);
	const dbw_entry entry = { .name = "shop", .connection_string = url };
	const dbw_options options = { .entries = &entry, .entry_count = 1 };

	if (dbw_databases_open(&databases, &bench_program, &options, &error) != DBW_OK) {
		fprintf(stderr, "bench: %s\n", error.message);
		return false;
	}
	bool done = shop_begin(databases, "create", &s, &error) == DBW_OK &&
		    shop_create_tables(s) == DBW_OK && shop_commit(s) == DBW_OK;
	if (!done)
		fprintf(stderr, "bench: the table cannot be made in %s\n", path);
	return dbw_databases_close(databases, NULL) == DBW_OK && done;
}

/* The hand-written side of the engine. */
static const side *hand_of(const char *path)
{
#ifdef BENCH_POSTGRESQL
	if (is_server(path))
		return &libpq;
#endif
	(void)path;
	return &hand;
}

static int prepare(const char *path, int64_t rows)
{
	const side *by = hand_of(path);
	bool good = create_table(path) && by->open(path, BENCH_WRITES);

	for (int64_t i = 1, some; good && i <= rows; i += some) {
		some = by->load == NULL ? 1 : rows - i + 1 < SAMPLES_MAX ? rows - i + 1 : SAMPLES_MAX;
		for (int64_t j = 0; j < some; j++)
			sample_make(&samples[j], i + j);
		by->stage(samples, (int)some);
		good = (by->load == NULL ? by->insert(0) : by->load(0, (int)some)) != 0;
	}
	if (good)
		by->close();
	return !good;
}

static const char *const work_names[] = { "find", "find_session", "find_alone", "unit", "pair", "find_text",
	"query", "query_new", "list", "cursor", "insert", "insert_many", "insert_batch", "load", "upsert",
	"update" };

static bool find_work(const char *name, enum work *out)
{
	for (int i = 0; i < WORKS; i++)
		if (strcmp(name, work_names[i]) == 0) {
			*out = (enum work)i;
			return true;
		}
	return false;
}

static const side *const sides[] = {
	&hand,
	&checked,
	&copied,
	&generated,
#ifdef BENCH_POSTGRESQL
	&libpq,
#endif
#ifdef BENCH_SOCI
	&soci_side,
#endif
};
enum { SIDES = sizeof sides / sizeof sides[0] };

static const side *find_side(const char *name)
{
	for (size_t i = 0; i < SIDES; i++)
		if (strcmp(name, sides[i]->name) == 0)
			return sides[i];
	return NULL;
}

static bool has(const side *on, enum work what)
{
	switch (what) {
	case FIND: return on->find != NULL;
	case FIND_SESSION: return on->find_session != NULL;
	case FIND_ALONE: return on->find_alone != NULL;
	case UNIT: return on->unit != NULL;
	case PAIR: return on->pair != NULL;
	case FIND_TEXT: return on->find_text != NULL;
	case QUERY: return on->query != NULL;
	case QUERY_NEW: return on->query_new != NULL;
	case LIST: return on->list != NULL;
	case CURSOR: return on->cursor != NULL;
	case INSERT: return on->insert != NULL;
	case INSERT_MANY: return on->insert_many != NULL;
	case INSERT_BATCH: return on->insert_batch != NULL;
	case LOAD: return on->load != NULL;
	case UPSERT: return on->upsert != NULL;
	case UPDATE: return on->update != NULL;
	case WORKS: break;
	}
	return false;
}

static bool writes(enum work what)
{
	return what >= INSERT || what == UNIT || what == PAIR;
}

static bench_mode mode_of(enum work what)
{
	if (what == FIND_SESSION || what == FIND_ALONE || what == UNIT || what == PAIR)
		return BENCH_ALONE;
	return writes(what) ? BENCH_WRITES : BENCH_READS;
}

static bool is_bulk(enum work what)
{
	return what == INSERT_MANY || what == INSERT_BATCH || what == LOAD;
}

/* The most operations that there are rows or shapes for; 0: any number. */
static int64_t most(enum work what)
{
	if (what == QUERY_NEW)
		return SHAPES - 2;
	return is_bulk(what) ? SAMPLES_MAX / MANY : writes(what) ? SAMPLES_MAX : 0;
}

/* Takes the number of a shape apart; neighbours differ in much. */
static shape shape_of(int64_t number)
{
	static const int bases[] = { 3, 3, 3, 3, 2, 2, 2, 2 };
	int rest = (int)(number * 601 % SHAPES), digits[8];

	for (int i = 0; i < 8; i++) {
		digits[i] = rest % bases[i];
		rest /= bases[i];
	}
	return (shape){ .score = digits[0],
		.balance = digits[1],
		.created_at = digits[2],
		.bio = digits[3],
		.is_active = digits[4] != 0,
		.role = digits[5] != 0,
		.name = digits[6] != 0,
		.descending = digits[7] != 0 };
}

/* Finds, queries and updates walk the first rows in a scattered order. */
static uint64_t operate(const side *on, enum work what, int64_t i)
{
	const int64_t scattered = i * 7919 % (ROWS - 200) + 100;

	switch (what) {
	case FIND: return on->find(scattered);
	case FIND_SESSION: return on->find_session(scattered);
	case FIND_ALONE: return on->find_alone(scattered);
	case UNIT: return on->unit(scattered, (int)i);
	case PAIR: return on->pair(scattered, (int)i);
	case FIND_TEXT: return on->find_text(emails[scattered]);
	case QUERY: return on->query(scattered);
	case QUERY_NEW: {
		const shape of = shape_of(i);

		return on->query_new(scattered, &of);
	}
	case LIST: return on->list();
	case CURSOR: return on->cursor();
	case INSERT: return on->insert((int)i);
	case INSERT_MANY: return on->insert_many((int)i * MANY, MANY);
	case INSERT_BATCH: return on->insert_batch((int)i * MANY, MANY);
	case LOAD: return on->load((int)i * MANY, MANY);
	case UPSERT: return on->upsert((int)i);
	case UPDATE: return on->update(scattered, (int)i);
	case WORKS: break;
	}
	return 0;
}

static uint64_t repeat(const side *on, enum work what, int64_t first, int64_t count)
{
	uint64_t sum = 0;

	for (int64_t i = first; i < first + count; i++) {
		uint64_t one = operate(on, what, i);

		if (one == 0) {
			fprintf(stderr, "bench: %s of the side \"%s\" failed\n", work_names[what], on->name);
			exit(1);
		}
		sum = sum * 31 + one;
	}
	return sum;
}

/* What callgrind counts. */
static __attribute__((noinline)) uint64_t measured(const side *on, enum work what, int64_t count)
{
	return repeat(on, what, 0, count);
}

/* Statements are prepared and memory is warm afterwards. The shapes that these queries have do not come again. */
static uint64_t warm_up(const side *on, enum work what, int64_t from)
{
	const int64_t first = what == QUERY_NEW ? SHAPES - 2 : 0;

	stage(on, what, from);
	return repeat(on, what, first, what == LIST || what == CURSOR ? 1 : 2);
}

/* A checksum over the whole table. */
static uint64_t sum_table(const char *path)
{
	uint64_t sum;

	if (!hand_of(path)->open(path, BENCH_READS))
		exit(1);
	sums_all = true;
	sum = hand_of(path)->list();
	hand_of(path)->close();
	return sum;
}

static int run(const char *path, enum work what, const side *on, int64_t count)
{
	uint64_t sum, closely;

	if (!on->open(path, mode_of(what)))
		return 1;
	warm_up(on, what, 1000000000);
	sums_all = true;
	closely = writes(what) || what == QUERY_NEW ? 0 : repeat(on, what, 2, count < 100 ? 1 : 100);
	sums_all = false;
	stage(on, what, 2000000000);
	allocations = 0;
	const uint64_t before = trips;
	sum = measured(on, what, count);
	const uint64_t made = allocations, gone = trips - before;
	on->close();
	if (writes(what))
		closely = sum_table(path);
	printf("%llx/%llx %llu %llu\n", (unsigned long long)sum, (unsigned long long)closely,
		(unsigned long long)made, (unsigned long long)gone);
	return 0;
}

static double seconds_of(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static int by_value(const void *a, const void *b)
{
	double left = *(const double *)a, right = *(const double *)b;

	return (left > right) - (left < right);
}

static double median(double *values, int count)
{
	qsort(values, (size_t)count, sizeof *values, by_value);
	return values[count / 2];
}

/* Hand, the side, hand again: the last two give the ratio, the outer two the noise. */
static int compare(const char *path, enum work what, const side *on, int64_t count, int rounds)
{
	enum { ROUNDS_MAX = 99 };
	double ratios[ROUNDS_MAX], noise[ROUNDS_MAX], walls[ROUNDS_MAX];
	const side *const order[] = { hand_of(path), on, hand_of(path) };
	int64_t next = 3000000000;

	if (rounds > ROUNDS_MAX)
		rounds = ROUNDS_MAX;
	for (int round = 0; round < rounds; round++) {
		double spent[3], passed[3];

		for (int i = 0; i < 3; i++) {
			if (!order[i]->open(path, mode_of(what)))
				return 1;
			/* New rows every time. */
			warm_up(order[i], what, next);
			stage(order[i], what, next + SAMPLES_MAX);
			next += 2 * SAMPLES_MAX;
			const double start = seconds_of(CLOCK_PROCESS_CPUTIME_ID),
				     begun = seconds_of(CLOCK_MONOTONIC);

			measured(order[i], what, count);
			spent[i] = seconds_of(CLOCK_PROCESS_CPUTIME_ID) - start;
			passed[i] = seconds_of(CLOCK_MONOTONIC) - begun;
			order[i]->close();
		}
		ratios[round] = spent[1] / ((spent[0] + spent[2]) / 2);
		noise[round] = spent[2] / spent[0];
		walls[round] = passed[1] / ((passed[0] + passed[2]) / 2);
	}
	printf("%.3f %.3f %.3f\n", median(ratios, rounds), median(noise, rounds), median(walls, rounds));
	return 0;
}

/* The least of some rounds in which both take turns: short ones, of which some are not disturbed. */
static bool compare_pool(bool aging, double least[2])
{
	enum { PAIRS = 20000, ROUNDS_OF_POOLS = 400 };
	bool good = pool_open(aging) && pool_of_ours(1);

	for (int round = 0; good && round < 2 * ROUNDS_OF_POOLS; round++) {
		const double start = seconds_of(CLOCK_PROCESS_CPUTIME_ID);
		double spent;

		good = round % 2 == 0 ? pool_by_hand(PAIRS) : pool_of_ours(PAIRS);
		spent = (seconds_of(CLOCK_PROCESS_CPUTIME_ID) - start) / PAIRS * 1e9;
		if (spent < least[round % 2])
			least[round % 2] = spent;
	}
	pool_close();
	return good;
}

static int compare_pools(void)
{
	double plain[2] = { 1e9, 1e9 }, aging[2] = { 1e9, 1e9 };
	const bool good = compare_pool(false, plain) && compare_pool(true, aging);

	if (good)
		printf("%.1f %.1f %.1f\n", plain[0], plain[1], aging[1]);
	return !good;
}

static int usage(void)
{
	fputs("usage: bench prepare FILE ROWS | run FILE WORK SIDE COUNT | time FILE WORK SIDE COUNT ROUNDS | sides | pool\n"
	      "WORK is one of:",
		stderr);
	for (int i = 0; i < WORKS; i++)
		fprintf(stderr, " %s", work_names[i]);
	fputc('\n', stderr);
	return 2;
}

int main(int argc, char **argv)
{
	const side *on;
	enum work what;
	int64_t count;

	if (argc == 2 && strcmp(argv[1], "sides") == 0) {
		for (size_t i = 0; i < SIDES; i++)
			puts(sides[i]->name);
		return 0;
	}
	if (argc == 2 && strcmp(argv[1], "pool") == 0)
		return compare_pools();
	if (argc == 4 && strcmp(argv[1], "prepare") == 0)
		return prepare(argv[2], atoll(argv[3]));
	if (argc < 6 || !find_work(argv[3], &what) || (on = find_side(argv[4])) == NULL)
		return usage();
	count = atoll(argv[5]);
	if (!has(on, what))
		return 3;
	if (count < 1 || (most(what) != 0 && count > most(what))) {
		fprintf(stderr, "bench: 1 to %lld of these\n", (long long)most(what));
		return 2;
	}
	if (argc == 6 && strcmp(argv[1], "run") == 0)
		return run(argv[2], what, on, count);
	if (argc == 7 && strcmp(argv[1], "time") == 0 && atoi(argv[6]) > 0)
		return compare(argv[2], what, on, count, atoi(argv[6]));
	return usage();
}

/*
 * bench prepare FILE ROWS            makes the database file with ROWS rows
 * bench run FILE WORK SIDE COUNT     COUNT operations; prints "checksum allocations"
 * bench time FILE WORK COUNT ROUNDS  both sides in turn in one process; prints the CPU ratios
 *
 * `sh bench/run` calls the second under callgrind with two counts, so that the difference is the work alone.
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

uint64_t sum_bytes(uint64_t sum, const void *data, unsigned long size)
{
	const unsigned char *bytes = data;

	for (unsigned long i = 0; i < size; i++)
		sum = (sum ^ bytes[i]) * UINT64_C(1099511628211);
	return sum;
}

void sample_make(sample *out, int64_t number)
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

enum { SAMPLES_MAX = 4096 };
static sample samples[SAMPLES_MAX];

/* The rows that the next inserts write are made before they are measured. */
static void make_samples(int64_t from)
{
	for (int i = 0; i < SAMPLES_MAX; i++)
		sample_make(&samples[i], from + i);
}

static bool create_table(const char *path)
{
	char url[300];
	dbw_databases *databases;
	shop_session s;
	dbw_error error;

	snprintf(url, sizeof url, "sqlite:%s", path);
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

static int prepare(const char *path, int64_t rows)
{
	if (!create_table(path) || !hand.open(path, true))
		return 1;
	for (int64_t i = 1; i <= rows; i++) {
		sample_make(&samples[0], i);
		if (hand.insert(&samples[0]) == 0)
			return 1;
	}
	hand.close();
	return 0;
}

enum work { FIND, INSERT, LIST, QUERY, INSERT_MANY, UPSERT, UPDATE, WORKS };

/* Rows of one insert_many. */
enum { MANY = 2000 };

static bool find_work(const char *name, enum work *out)
{
	static const char *const names[] = { "find", "insert", "list", "query", "insert_many", "upsert",
		"update" };

	for (int i = 0; i < WORKS; i++)
		if (strcmp(name, names[i]) == 0) {
			*out = (enum work)i;
			return true;
		}
	return false;
}

/* Upserts meet rows that are there; every second one, since half of the samples are. */
static void make_upserts(void)
{
	for (int i = 0; i < SAMPLES_MAX; i += 2)
		sample_make(&samples[i], i + 1);
}

static bool writes(enum work what)
{
	return what != FIND && what != LIST && what != QUERY;
}

/* The most operations that the samples are enough for; 0: any number. */
static int64_t most(enum work what)
{
	return what == INSERT_MANY ? SAMPLES_MAX / MANY : writes(what) ? SAMPLES_MAX : 0;
}

/* Finds, queries and updates walk the first 10,000 rows in a scattered order. */
static uint64_t operate(const side *on, enum work what, int64_t i)
{
	switch (what) {
	case FIND: return on->find(i * 7919 % 10000 + 1);
	case INSERT: return on->insert(&samples[i]);
	case QUERY: return on->query(i * 7919 % 9900 + 1);
	case INSERT_MANY: return on->insert_many(&samples[i % (SAMPLES_MAX / MANY) * MANY], MANY);
	case UPSERT: return on->upsert(&samples[i]);
	case UPDATE: return on->update(i * 7919 % 10000 + 1, &samples[i]);
	case LIST:
	case WORKS: break;
	}
	return on->list();
}

static uint64_t repeat(const side *on, enum work what, int64_t count)
{
	uint64_t sum = 0;

	for (int64_t i = 0; i < count; i++) {
		uint64_t one = operate(on, what, i);

		if (one == 0) {
			fprintf(stderr, "bench: %s failed\n", on->name);
			exit(1);
		}
		sum = sum * 31 + (writes(what) ? 1 : one);
	}
	return sum;
}

static int run(const char *path, enum work what, const side *on, int64_t count)
{
	if (!on->open(path, writes(what)))
		return 1;
	make_samples(1000000000);
	repeat(on, what, 2); /* statements are prepared, memory is warm */
	make_samples(2000000000);
	if (what == UPSERT)
		make_upserts();
	allocations = 0;
	uint64_t sum = repeat(on, what, count);
	printf("%llu %llu\n", (unsigned long long)sum, (unsigned long long)allocations);
	on->close();
	return 0;
}

static double cpu_seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
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

/* Hand, generated, hand again: the last two give the ratio, the outer two the noise. */
static int compare(const char *path, enum work what, int64_t count, int rounds)
{
	enum { ROUNDS_MAX = 99 };
	double ratios[ROUNDS_MAX], noise[ROUNDS_MAX];
	const side *const order[] = { &hand, &generated, &hand };
	int64_t next = 3000000000;

	if (rounds > ROUNDS_MAX)
		rounds = ROUNDS_MAX;
	for (int round = 0; round < rounds; round++) {
		double spent[3];
		uint64_t sums[3];

		for (int i = 0; i < 3; i++) {
			if (!order[i]->open(path, writes(what)))
				return 1;
			make_samples(next);
			repeat(order[i], what, 2);
			make_samples(next + SAMPLES_MAX);
			if (what == UPSERT)
				make_upserts();
			next += 2 * SAMPLES_MAX;
			double start = cpu_seconds();
			sums[i] = repeat(order[i], what, count);
			spent[i] = cpu_seconds() - start;
			order[i]->close();
		}
		if (what != LIST && (sums[0] != sums[1] || sums[0] != sums[2])) {
			fprintf(stderr, "bench: the two sides read different things\n");
			return 1;
		}
		ratios[round] = spent[1] / ((spent[0] + spent[2]) / 2);
		noise[round] = spent[2] / spent[0];
	}
	printf("%.3f %.3f\n", median(ratios, rounds), median(noise, rounds));
	return 0;
}

int main(int argc, char **argv)
{
	enum work what;

	if (argc == 4 && strcmp(argv[1], "prepare") == 0)
		return prepare(argv[2], atoll(argv[3]));
	if (argc == 6 && find_work(argv[3], &what) && most(what) != 0 &&
		atoll(argv[argv[1][0] == 'r' ? 5 : 4]) > most(what)) {
		fprintf(stderr, "bench: at most %lld of these\n", (long long)most(what));
		return 2;
	}
	if (argc == 6 && strcmp(argv[1], "run") == 0 && find_work(argv[3], &what))
		return run(argv[2], what, strcmp(argv[4], "hand") == 0 ? &hand : &generated, atoll(argv[5]));
	if (argc == 6 && strcmp(argv[1], "time") == 0 && find_work(argv[3], &what))
		return compare(argv[2], what, atoll(argv[4]), atoi(argv[5]));
	fputs("usage: bench prepare FILE ROWS | run FILE WORK hand|generated COUNT | "
	      "time FILE WORK COUNT ROUNDS; WORK is find, insert, list, query, insert_many, upsert or update\n",
		stderr);
	return 2;
}

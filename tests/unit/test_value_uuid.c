/* dbwright/uuid.h, bytes.h and optional.h. */
#include "dbwright/bytes.h"
#include "dbwright/optional.h"
#include "dbwright/uuid.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#define MANY    20000
#define THREADS 4

/* RFC 9562, appendix A.6: the example of version 7. */
static const dbw_uuid example = { { 0x01, 0x7f, 0x22, 0xe2, 0x79, 0xb0, 0x7c, 0xc3, 0x98, 0xc4, 0xdc, 0x0c,
	0x0c, 0x07, 0x39, 0x8f } };
static const char example_text[] = "017f22e2-79b0-7cc3-98c4-dc0c0c07398f";

static void uuid__reads_and_prints(void **unused)
{
	dbw_uuid uuid;
	char text[DBW_UUID_SIZE];
	(void)unused;
	assert_int_equal(dbw_uuid_parse(example_text, 36, &uuid), DBW_OK);
	assert_memory_equal(uuid.bytes, example.bytes, 16);
	assert_int_equal(dbw_uuid_parse("017F22E2-79B0-7CC3-98c4-DC0C0C07398F", 36, &uuid), DBW_OK);
	assert_memory_equal(uuid.bytes, example.bytes, 16);
	assert_int_equal(dbw_uuid_print(uuid, text), 36);
	assert_string_equal(text, example_text);
}

static void uuid__refuses_other_texts(void **unused)
{
	static const char *const cases[] = { "", "017f22e2-79b0-7cc3-98c4-dc0c0c07398",
		"017f22e2-79b0-7cc3-98c4-dc0c0c07398f0", "017f22e279b07cc398c4dc0c0c07398f",
		"{017f22e2-79b0-7cc3-98c4-dc0c0c07398f}", "017f22e279b0-7cc3-98c4-dc0c0c07398f-",
		"017f22e2-79b0-7cc3-98c4-dc0c0c07398g", "017f22e2-79b0-7cc3-98c4 dc0c0c07398f" };
	dbw_uuid uuid;
	(void)unused;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		uuid = example;
		assert_int_equal(dbw_uuid_parse(cases[i], strlen(cases[i]), &uuid), DBW_INVALID);
		assert_true(dbw_uuid_is_nil(uuid));
	}
	assert_int_equal(dbw_uuid_parse(NULL, 36, &uuid), DBW_INVALID);
	char text[sizeof example_text];
	memcpy(text, example_text, sizeof text);
	for (size_t i = 0; i < 36; i++) {
		for (int c = 0; c < 256; c++) {
			text[i] = (char)c;
			bool hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
			bool fits = example_text[i] == '-' ? c == '-' : hex;
			assert_int_equal(dbw_uuid_parse(text, 36, &uuid) == DBW_OK, fits);
		}
		text[i] = example_text[i];
	}
}

static void uuid__compares_bytes_without_sign(void **unused)
{
	dbw_uuid a = example, b = example;
	(void)unused;
	assert_int_equal(dbw_uuid_compare(a, b), 0);
	b.bytes[15] = 0x8e;
	assert_int_equal(dbw_uuid_compare(a, b), 1);
	b.bytes[0] = 0x80;
	assert_int_equal(dbw_uuid_compare(a, b), -1);
}

static void uuid__unset_is_nil(void **unused)
{
	static const struct {
		dbw_uuid one, other;
	} row = { DBW_UUID_UNSET, DBW_UUID_UNSET_INIT };
	dbw_uuid last = DBW_UUID_UNSET;
	char text[DBW_UUID_SIZE];
	(void)unused;
	assert_true(dbw_uuid_is_nil(row.one) && dbw_uuid_is_nil(row.other));
	(void)dbw_uuid_print(row.one, text);
	assert_string_equal(text, "00000000-0000-0000-0000-000000000000");
	last.bytes[15] = 1;
	assert_false(dbw_uuid_is_nil(last));
}

static int by_bytes(const void *a, const void *b)
{
	return dbw_uuid_compare(*(const dbw_uuid *)a, *(const dbw_uuid *)b);
}

/* Sorts them and fails when two are equal. */
static void assert_all_different(dbw_uuid *uuids, size_t count)
{
	qsort(uuids, count, sizeof *uuids, by_bytes);
	for (size_t i = 1; i < count; i++)
		assert_int_equal(dbw_uuid_compare(uuids[i - 1], uuids[i]), -1);
}

static void uuid__v4_is_random(void **unused)
{
	dbw_uuid *uuids = calloc(MANY, sizeof *uuids);
	int ones[128] = { 0 };
	(void)unused;
	assert_non_null(uuids);
	for (size_t i = 0; i < MANY; i++) {
		assert_int_equal(dbw_uuid_v4(&uuids[i]), DBW_OK);
		assert_int_equal(uuids[i].bytes[6] >> 4, 4);
		assert_int_equal(uuids[i].bytes[8] >> 6, 2);
		for (unsigned bit = 0; bit < 128; bit++)
			ones[bit] += uuids[i].bytes[bit / 8] >> (7 - bit % 8) & 1;
	}
	/*
	 * Every bit but the six fixed ones is set in about half of them: 20 standard deviations to either
	 * side.
	 */
	for (unsigned bit = 0; bit < 128; bit++) {
		bool fixed = (bit >= 48 && bit < 52) || bit == 64 || bit == 65;
		assert_true(fixed ? ones[bit] == 0 || ones[bit] == MANY
				  : ones[bit] > MANY / 2 - 1415 && ones[bit] < MANY / 2 + 1415);
	}
	assert_all_different(uuids, MANY);
	free(uuids);
}

static uint64_t milliseconds_of(const dbw_uuid *uuid)
{
	uint64_t milliseconds = 0;
	for (size_t i = 0; i < 6; i++)
		milliseconds = milliseconds << 8 | uuid->bytes[i];
	return milliseconds;
}

static uint64_t clock_milliseconds(void)
{
	struct timespec now;
	assert_int_equal(clock_gettime(CLOCK_REALTIME, &now), 0);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static void uuid__v7_sorts_in_order_of_making(void **unused)
{
	dbw_uuid last = DBW_UUID_UNSET;
	size_t same_millisecond = 0;
	uint64_t before = clock_milliseconds();
	(void)unused;
	for (int i = 0; i < MANY; i++) {
		dbw_uuid uuid;
		assert_int_equal(dbw_uuid_v7(&uuid), DBW_OK);
		assert_int_equal(uuid.bytes[6] >> 4, 7);
		assert_int_equal(uuid.bytes[8] >> 6, 2);
		assert_int_equal(dbw_uuid_compare(last, uuid), -1);
		same_millisecond += milliseconds_of(&last) == milliseconds_of(&uuid);
		assert_true(milliseconds_of(&uuid) >= before);
		last = uuid;
	}
	assert_true(milliseconds_of(&last) <= clock_milliseconds());
	/* Else nothing was shown about one millisecond. */
	assert_true(same_millisecond > MANY / 10);
}

static void uuid__v7_tails_are_random(void **unused)
{
	int ones[48] = { 0 };
	(void)unused;
	for (int i = 0; i < MANY; i++) {
		dbw_uuid uuid;
		assert_int_equal(dbw_uuid_v7(&uuid), DBW_OK);
		for (unsigned bit = 0; bit < 48; bit++)
			ones[bit] += uuid.bytes[10 + bit / 8] >> (7 - bit % 8) & 1;
	}
	for (unsigned bit = 0; bit < 48; bit++)
		assert_true(ones[bit] > MANY / 2 - 1415 && ones[bit] < MANY / 2 + 1415);
}

static void *make_many(void *argument)
{
	dbw_uuid *uuids = argument;
	for (size_t i = 0; i < MANY; i++) {
		if (dbw_uuid_v7(&uuids[i]) != DBW_OK)
			return NULL;
	}
	return uuids;
}

static void uuid__v7_of_several_threads_differ(void **unused)
{
	dbw_uuid *uuids = calloc((size_t)THREADS * MANY, sizeof *uuids);
	pthread_t threads[THREADS];
	(void)unused;
	assert_non_null(uuids);
	for (size_t i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, make_many, uuids + i * MANY), 0);
	for (size_t i = 0; i < THREADS; i++) {
		void *made = NULL;
		assert_int_equal(pthread_join(threads[i], &made), 0);
		assert_ptr_equal(made, uuids + i * MANY);
		for (size_t j = 1; j < MANY; j++)
			assert_int_equal(dbw_uuid_compare(uuids[i * MANY + j - 1], uuids[i * MANY + j]), -1);
	}
	assert_all_different(uuids, (size_t)THREADS * MANY);
	free(uuids);
}

static void uuid__parent_and_child_differ(void **unused)
{
	dbw_uuid ours[2], theirs[2];
	int ends[2];
	(void)unused;
	assert_int_equal(dbw_uuid_v7(&ours[0]), DBW_OK);
	assert_int_equal(pipe(ends), 0);
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		bool made = dbw_uuid_v4(&theirs[0]) == DBW_OK && dbw_uuid_v7(&theirs[1]) == DBW_OK;
		_exit(made && write(ends[1], theirs, sizeof theirs) == (ssize_t)sizeof theirs ? 0 : 1);
	}
	assert_int_equal(dbw_uuid_v4(&ours[0]), DBW_OK);
	assert_int_equal(dbw_uuid_v7(&ours[1]), DBW_OK);
	assert_int_equal(read(ends[0], theirs, sizeof theirs), sizeof theirs);
	int result = 1;
	assert_int_equal(waitpid(child, &result, 0), child);
	assert_int_equal(result, 0);
	assert_int_not_equal(dbw_uuid_compare(ours[0], theirs[0]), 0);
	assert_int_not_equal(dbw_uuid_compare(ours[1], theirs[1]), 0);
	assert_int_equal(close(ends[0]), 0);
	assert_int_equal(close(ends[1]), 0);
}

static void bytes__null_and_empty_differ(void **unused)
{
	static const struct {
		dbw_bytes bytes;
		int after;
	} row = { .after = 1 };
	dbw_bytes empty = dbw_bytes_of("", 0), some = dbw_bytes_of(&row, sizeof row);
	(void)unused;
	assert_null(row.bytes.data);
	assert_non_null(empty.data);
	assert_int_equal(empty.size, 0);
	assert_ptr_equal(some.data, &row);
	assert_int_equal(some.size, sizeof row);
}

static void optional__some_holds_and_none_is_empty(void **unused)
{
	const dbw_timestamp timestamp = { -5 };
	const dbw_date date = { -6 };
	const dbw_time time = { 7 };
	(void)unused;
	assert_true(dbw_some_bool(false).has && !dbw_some_bool(false).value && dbw_some_bool(true).value);
	assert_true(dbw_some_i16(INT16_MIN).has && dbw_some_i16(INT16_MIN).value == INT16_MIN);
	assert_true(dbw_some_i32(INT32_MIN).has && dbw_some_i32(INT32_MIN).value == INT32_MIN);
	assert_true(dbw_some_i64(INT64_MIN).has && dbw_some_i64(INT64_MIN).value == INT64_MIN);
	assert_true(dbw_some_f32(0.5f).has && dbw_some_f32(0.5f).value == 0.5f);
	assert_true(dbw_some_f64(0.1).has && dbw_some_f64(0.1).value == (double)0.1);
	dbw_opt_decimal decimal = dbw_some_decimal(dbw_decimal_of(-1050, 2));
	assert_true(decimal.has && dbw_decimal_compare(decimal.value, dbw_decimal_of(-105, 1)) == 0);
	assert_true(dbw_some_timestamp(timestamp).has && dbw_some_timestamp(timestamp).value.us == -5);
	assert_true(dbw_some_date(date).has && dbw_some_date(date).value.days == -6);
	assert_true(dbw_some_time(time).has && dbw_some_time(time).value.us == 7);
	assert_true(
		dbw_some_uuid(example).has && dbw_uuid_compare(dbw_some_uuid(example).value, example) == 0);

	assert_true(!dbw_none_bool().has && !dbw_none_bool().value);
	assert_true(!dbw_none_i16().has && dbw_none_i16().value == 0);
	assert_true(!dbw_none_i32().has && dbw_none_i32().value == 0);
	assert_true(!dbw_none_i64().has && dbw_none_i64().value == 0);
	assert_true(!dbw_none_f32().has && dbw_none_f32().value == 0.0f);
	assert_true(!dbw_none_f64().has && dbw_none_f64().value == 0.0);
	assert_true(!dbw_none_decimal().has && dbw_none_decimal().value.low == 0);
	assert_true(!dbw_none_timestamp().has && dbw_none_timestamp().value.us == 0);
	assert_true(!dbw_none_date().has && dbw_none_date().value.days == 0);
	assert_true(!dbw_none_time().has && dbw_none_time().value.us == 0);
	assert_true(!dbw_none_uuid().has && dbw_uuid_is_nil(dbw_none_uuid().value));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(uuid__reads_and_prints),
		cmocka_unit_test(uuid__refuses_other_texts),
		cmocka_unit_test(uuid__compares_bytes_without_sign),
		cmocka_unit_test(uuid__unset_is_nil),
		cmocka_unit_test(uuid__v4_is_random),
		cmocka_unit_test(uuid__v7_sorts_in_order_of_making),
		cmocka_unit_test(uuid__v7_tails_are_random),
		cmocka_unit_test(uuid__v7_of_several_threads_differ),
		cmocka_unit_test(uuid__parent_and_child_differ),
		cmocka_unit_test(bytes__null_and_empty_differ),
		cmocka_unit_test(optional__some_holds_and_none_is_empty),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

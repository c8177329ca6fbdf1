/*
 * What depends on the system's clock and random bytes, with both replaced: this program's clock_gettime() and
 * getrandom() are the ones that the functions under test are linked with.
 */
#include "dbwright/time.h"
#include "dbwright/uuid.h"

#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/random.h>
#include <sys/types.h>
#include <time.h>

#include <cmocka.h>

static struct {
	int64_t seconds;
	long nanoseconds;
	bool fails;
} clock_is;

static struct {
	int interruptions; /* calls that fail with EINTR before one works */
	size_t at_once;    /* most bytes per call; 0 for any number */
	bool fails;
	uint8_t byte; /* what is given */
} random_is;

int clock_gettime(clockid_t id, struct timespec *out)
{
	(void)id;
	if (clock_is.fails) {
		errno = EINVAL;
		return -1;
	}
	memset(out, 0, sizeof *out);
	out->tv_sec = (time_t)clock_is.seconds;
	out->tv_nsec = clock_is.nanoseconds;
	return 0;
}

ssize_t getrandom(void *buffer, size_t size, unsigned flags)
{
	(void)flags;
	if (random_is.fails || random_is.interruptions > 0) {
		errno = random_is.fails ? ENOSYS : EINTR;
		random_is.interruptions -= !random_is.fails;
		return -1;
	}
	if (random_is.at_once > 0 && size > random_is.at_once)
		size = random_is.at_once;
	memset(buffer, random_is.byte, size);
	return (ssize_t)size;
}

static int set_up(void **unused)
{
	(void)unused;
	memset(&clock_is, 0, sizeof clock_is);
	memset(&random_is, 0, sizeof random_is);
	return 0;
}

static uint64_t milliseconds_of(dbw_uuid uuid)
{
	uint64_t milliseconds = 0;
	for (size_t i = 0; i < 6; i++)
		milliseconds = milliseconds << 8 | uuid.bytes[i];
	return milliseconds;
}

static void clock__now_in_microseconds(void **unused)
{
	static const struct {
		int64_t seconds;
		long nanoseconds;
		int64_t us;
		int32_t days;
	} cases[] = {
		{ 0, 999, 0, 0 },
		{ 86399, 999999999, INT64_C(86399999999), 0 },
		{ 86400, 0, INT64_C(86400000000), 1 },
		{ INT64_C(4102444800), 0, INT64_C(4102444800000000), 47482 }, /* The year 2100. */
		{ -1, 999999999, -1, -1 },
		{ -86400, 0, INT64_C(-86400000000), -1 },
		{ -86401, 999999999, INT64_C(-86400000001), -2 },
	};
	(void)unused;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		clock_is.seconds = cases[i].seconds;
		clock_is.nanoseconds = cases[i].nanoseconds;
		assert_true(dbw_timestamp_now().us == cases[i].us);
		assert_int_equal(dbw_date_today().days, cases[i].days);
	}
}

static void clock__unusable_clock_gives_unset(void **unused)
{
	(void)unused;
	clock_is.fails = true;
	assert_true(dbw_timestamp_is_unset(dbw_timestamp_now()));
	assert_true(dbw_date_is_unset(dbw_date_today()));
	clock_is.fails = false;
	static const int64_t outside[] = { INT64_C(253402300800), INT64_C(-62135596801), INT64_MAX,
		INT64_MIN };
	for (size_t i = 0; i < sizeof outside / sizeof *outside; i++) {
		clock_is.seconds = outside[i];
		assert_true(dbw_timestamp_is_unset(dbw_timestamp_now()));
		assert_true(dbw_date_is_unset(dbw_date_today()));
	}
	clock_is.seconds = INT64_C(253402300799);
	clock_is.nanoseconds = 999999999;
	assert_true(dbw_timestamp_now().us == DBW_TIMESTAMP_MAX);
	clock_is.seconds = INT64_C(-62135596800);
	clock_is.nanoseconds = 0;
	assert_true(dbw_timestamp_now().us == DBW_TIMESTAMP_MIN);
	assert_int_equal(dbw_date_today().days, DBW_DATE_MIN);
}

static void clock__v7_never_goes_back(void **unused)
{
	dbw_uuid last = DBW_UUID_UNSET;
	(void)unused;
	/*
	 * Forwards, standing still, an hour back, and on from there; random bytes at their highest, then
	 * lowest.
	 */
	static const int64_t seconds[] = { 1700000000, 1700000000, 1700000000, 1699996400, 1699996401,
		1700000000, 1700000001 };
	for (size_t i = 0; i < sizeof seconds / sizeof *seconds; i++) {
		dbw_uuid uuid;
		clock_is.seconds = seconds[i];
		random_is.byte = i == 0 ? 0xff : 0;
		assert_int_equal(dbw_uuid_v7(&uuid), DBW_OK);
		assert_int_equal(dbw_uuid_compare(last, uuid), -1);
		assert_int_equal(
			milliseconds_of(uuid), (i < 6 ? INT64_C(1700000000) : INT64_C(1700000001)) * 1000);
		last = uuid;
	}
}

static void *make_one(void *out)
{
	return dbw_uuid_v7(out) == DBW_OK ? out : NULL;
}

/* What a thread makes first begins with its clock's time; each thread has a memory of its own. */
static dbw_uuid first_of_a_thread(void)
{
	dbw_uuid uuid = DBW_UUID_UNSET;
	pthread_t thread;
	void *made = NULL;
	assert_int_equal(pthread_create(&thread, NULL, make_one, &uuid), 0);
	assert_int_equal(pthread_join(thread, &made), 0);
	assert_ptr_equal(made, &uuid);
	return uuid;
}

static void clock__v7_begins_with_the_time(void **unused)
{
	(void)unused;
	/* RFC 9562, appendix A.6: 2022-02-22 14:22:22.00 in UTC-05:00 is 0x017f22e279b0. */
	clock_is.seconds = 1645557742;
	random_is.byte = 0xff;
	dbw_uuid uuid = first_of_a_thread();
	static const uint8_t start[] = { 0x01, 0x7f, 0x22, 0xe2, 0x79, 0xb0 };
	assert_memory_equal(uuid.bytes, start, sizeof start);
	assert_int_equal(uuid.bytes[6], 0x77); /* version, then the counter with its top bit clear */
	assert_int_equal(uuid.bytes[7], 0xff);
	assert_int_equal(uuid.bytes[8], 0xbf);
	assert_int_equal(uuid.bytes[15], 0xff);
	clock_is.nanoseconds = 999999999;
	assert_int_equal(milliseconds_of(first_of_a_thread()), INT64_C(1645557742999));
	clock_is.seconds = -5;
	assert_int_equal(milliseconds_of(first_of_a_thread()), 0);
}

static void random__interrupted_and_cut_short(void **unused)
{
	dbw_uuid uuid;
	(void)unused;
	random_is.interruptions = 3;
	random_is.at_once = 5;
	random_is.byte = 0xa5;
	assert_int_equal(dbw_uuid_v4(&uuid), DBW_OK);
	assert_int_equal(random_is.interruptions, 0);
	for (size_t i = 0; i < 16; i++)
		assert_int_equal(uuid.bytes[i], i == 6 ? 0x45 : 0xa5);
}

static void random__none_to_be_had(void **unused)
{
	dbw_uuid uuid;
	(void)unused;
	random_is.fails = true;
	memset(&uuid, 1, sizeof uuid);
	assert_int_equal(dbw_uuid_v4(&uuid), DBW_UNSUPPORTED);
	assert_true(dbw_uuid_is_nil(uuid));
	memset(&uuid, 1, sizeof uuid);
	assert_int_equal(dbw_uuid_v7(&uuid), DBW_UNSUPPORTED);
	assert_true(dbw_uuid_is_nil(uuid));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(clock__now_in_microseconds, set_up),
		cmocka_unit_test_setup(clock__unusable_clock_gives_unset, set_up),
		cmocka_unit_test_setup(clock__v7_never_goes_back, set_up),
		cmocka_unit_test_setup(clock__v7_begins_with_the_time, set_up),
		cmocka_unit_test_setup(random__interrupted_and_cut_short, set_up),
		cmocka_unit_test_setup(random__none_to_be_had, set_up),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

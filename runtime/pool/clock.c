#include <pool/clock.h>

#include <errno.h>
#include <time.h>

/* Linux and FreeBSD keep a clock that costs a fifth of the exact one. */
#if defined(CLOCK_MONOTONIC_COARSE)
#define CHEAP_CLOCK CLOCK_MONOTONIC_COARSE
#elif defined(CLOCK_MONOTONIC_FAST)
#define CHEAP_CLOCK CLOCK_MONOTONIC_FAST
#else
#define CHEAP_CLOCK CLOCK_MONOTONIC
#endif

static int64_t system_now(void)
{
	struct timespec now;

	if (clock_gettime(CHEAP_CLOCK, &now) != 0)
		return 0;
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static bool system_wait(pthread_cond_t *condition, pthread_mutex_t *mutex, int64_t until_ms)
{
	const struct timespec until = { .tv_sec = (time_t)(until_ms / 1000),
		.tv_nsec = (long)(until_ms % 1000) * 1000000 };

	return pthread_cond_timedwait(condition, mutex, &until) != ETIMEDOUT;
}

const dbw__clock dbw__system_clock = { system_now, system_wait };

dbw_status dbw__condition_init(pthread_cond_t *condition)
{
	pthread_condattr_t attributes;
	int failed;

	if (pthread_condattr_init(&attributes) != 0)
		return DBW_OUT_OF_MEMORY;
	failed = pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	if (failed == 0)
		failed = pthread_cond_init(condition, &attributes);
	pthread_condattr_destroy(&attributes);
	return failed == 0 ? DBW_OK : DBW_OUT_OF_MEMORY;
}

int64_t dbw__clock_after(const dbw__clock *clock, int64_t after_ms)
{
	/* Thirty years are for ever; a time_t of 32 bits does not count to much more. */
	const int64_t most_ms = INT64_C(30) * 365 * 24 * 3600 * 1000;

	return clock->now_ms() + (after_ms < 0 ? 0 : after_ms > most_ms ? most_ms : after_ms);
}

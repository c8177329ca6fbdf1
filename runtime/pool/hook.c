#include <pool/hook.h>

#include <time.h>

void dbw__hook_fire(const dbw__hook *hook, const dbw_event *event)
{
	if (hook->function != NULL)
		hook->function(event, hook->argument);
}

int64_t dbw__hook_clock(const dbw__hook *hook)
{
	struct timespec now;

	if (hook->function == NULL || clock_gettime(CLOCK_MONOTONIC, &now) != 0)
		return 0;
	return (int64_t)now.tv_sec * INT64_C(1000000000) + (int64_t)now.tv_nsec;
}

int64_t dbw__hook_since(const dbw__hook *hook, int64_t started_ns)
{
	return hook->function == NULL ? 0 : dbw__hook_clock(hook) - started_ns;
}

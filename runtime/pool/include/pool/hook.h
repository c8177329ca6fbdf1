/** The event hook as the layers share it, and the clock of its durations. */
#ifndef DBWRIGHT_POOL_HOOK_H
#define DBWRIGHT_POOL_HOOK_H

#include <dbwright/event.h>

/** The program's function; `function` NULL: nobody watches. */
typedef struct dbw__hook {
	dbw_event_function function;
	void *argument;
} dbw__hook;

/** What the program does with connections; each may be NULL. */
typedef struct dbw__connection_hooks {
	dbw_connect_function on_connect;
	dbw_close_function before_close;
	void *argument;
} dbw__connection_hooks;

/** Hands an event to the function, if there is one. */
void dbw__hook_fire(const dbw__hook *hook, const dbw_event *event);

/** Nanoseconds of a clock that is never set back, for durations; 0 where nobody watches, without a look at
 * the clock. */
int64_t dbw__hook_clock(const dbw__hook *hook);

/** Nanoseconds since `started_ns`, which came from dbw__hook_clock(); 0 where nobody watches. */
int64_t dbw__hook_since(const dbw__hook *hook, int64_t started_ns);

#endif

/**
 * The time as the pool sees it: one place to look at it and one to wait, so that tests can put a clock of their own
 * there.
 */
#ifndef DBWRIGHT_POOL_CLOCK_H
#define DBWRIGHT_POOL_CLOCK_H

#include <dbwright/status.h>

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct dbw__clock {
	/** Milliseconds of a clock that is never set back; it may be some milliseconds late. */
	int64_t (*now_ms)(void);
	/**
	 * Waits for the condition, which dbw__condition_init() made; the mutex is held. False when the time has come. May
	 * return true for no reason.
	 */
	bool (*wait)(pthread_cond_t *condition, pthread_mutex_t *mutex, int64_t until_ms);
} dbw__clock;

/** The system's: a look costs no system call. */
extern const dbw__clock dbw__system_clock;

DBW_BEGIN_DECLS

/** A condition to wait for by this clock. DBW_OK; DBW_OUT_OF_MEMORY. */
dbw_status dbw__condition_init(pthread_cond_t *condition);

/** The time `after_ms` from now; never before now, whatever is asked. */
int64_t dbw__clock_after(const dbw__clock *clock, int64_t after_ms);

DBW_END_DECLS
#endif

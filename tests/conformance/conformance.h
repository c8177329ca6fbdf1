/* What the checks share: one run over one provider. */
#ifndef CONFORMANCE_H
#define CONFORMANCE_H

#include <conformance_program.h>
#include <dbwright/sql.h>
#include <probe.h>

#include <stdbool.h>
#include <stddef.h>

enum { REASON_SIZE = 1024 };

/* What is tested, and where a check finds its database: fresh tables, and nobody else there. */
typedef struct trial {
	const char *provider;
	const char *location;
	const dbw_options *options;
	dbw_databases *databases;
	bool single_connection; /* The database lives in one connection. */
	bool skipped;
	char reason[REASON_SIZE];
} trial;

typedef struct claim {
	const char *name;
	bool (*passes)(trial *run);
} claim;

/* values.c, writes.c, sessions.c, limits.c: lists that end with an empty check. */
extern const claim value_checks[];
extern const claim write_checks[];
extern const claim session_checks[];
extern const claim limit_checks[];

/* Says what is wrong; false. */
bool run_fails(trial *run, const char *format, ...) DBW_PRINTF(2, 3);

/* Says that a call gave another status than it should. */
bool run_gave(trial *run, const char *call, dbw_status got, dbw_status wanted, const char *message);

/* Says that there is nothing to check; true. */
bool run_skips(trial *run, const char *why);

/* Opens the database once more than it is; with another number of connections where `pool_size` is not 0. */
dbw_status run_open(const trial *run, uint32_t pool_size, dbw_databases **out, dbw_error *error);

/* Where a call on a session has to give a status, and else the check is over. */
#define WANT(session, call, wanted)                                                                   \
	do {                                                                                          \
		const dbw_status got_ = (call);                                                       \
		if (got_ != (wanted))                                                                 \
			return run_gave(                                                              \
				run, #call, got_, wanted, dbw_session_error((session).any)->message); \
	} while (0)

/* The same for a call that fills an error. */
#define WANT_WITH(error, call, wanted)                                              \
	do {                                                                        \
		const dbw_status got_ = (call);                                     \
		if (got_ != (wanted))                                               \
			return run_gave(run, #call, got_, wanted, (error).message); \
	} while (0)

/* What has to be true. */
#define HOLDS(condition)                                                             \
	do {                                                                         \
		if (!(condition))                                                    \
			return run_fails(run, "this does not hold: %s", #condition); \
	} while (0)

#endif

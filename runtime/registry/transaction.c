/* A piece of work as one transaction, tried again where somebody else was in the way. */
#include <dbwright/databases.h>
#include <session/sessions.h>

#include <string.h>
#include <time.h>

/* The pause before the second attempt is at most the first; each one after it may be twice as long, up to the last. */
enum { FIRST_PAUSE_US = 4000, LONGEST_PAUSE_US = 250000 };

/*
 * Any time up to a limit that doubles: two programs that have met do not meet again at the next attempt. Without random
 * bytes it is the limit.
 */
static int64_t pause_us(unsigned attempt)
{
	int64_t limit = FIRST_PAUSE_US;
	uint32_t number;
	dbw_uuid random;

	for (unsigned i = 1; i < attempt && limit < LONGEST_PAUSE_US; i++)
		limit *= 2;
	if (limit > LONGEST_PAUSE_US)
		limit = LONGEST_PAUSE_US;
	if (dbw_uuid_v4(&random) != DBW_OK)
		return limit;
	/* The last bytes hold neither version nor variant. */
	memcpy(&number, &random.bytes[12], sizeof number);
	return 1 + (int64_t)(number % (uint64_t)limit);
}

/* A signal may end it early: the next attempt is then made earlier. */
static void pause_before(unsigned attempt)
{
	const int64_t us = pause_us(attempt - 1);
	const struct timespec time = { .tv_sec = (time_t)(us / 1000000),
		.tv_nsec = (long)(us % 1000000 * 1000) };

	nanosleep(&time, NULL);
}

struct attempt {
	dbw_status status;
	bool again; /* Another attempt may end otherwise, and nothing of this one is left. */
};

static bool may_end_otherwise(dbw_status status)
{
	return status == DBW_BUSY || status == DBW_CONNECTION;
}

/* Tells why the work or the commit gave `status`, and ends the session. */
static struct attempt give_up(dbw_session session, dbw_status status, dbw_error *error)
{
	const dbw_error *said = dbw_session_error(session);
	const dbw_error *failure = dbw__session_failure(session);
	struct attempt attempt = { status, may_end_otherwise(status) };

	/* The work may go on after a failure; what then comes of it is DBW_SESSION_FAILED. */
	if (status == DBW_SESSION_FAILED && failure != NULL)
		attempt.again = may_end_otherwise(failure->status);
	if (failure != NULL && failure->status == status)
		said = failure;
	if (said->status == status)
		dbw__error_copy(error, said);
	else
		dbw__fail(error, status, "the work of the transaction has returned %s: %s",
			dbw_status_name(status), dbw_status_text(status));
	/* The statement's text is the connection's, which may be closed now. */
	if (error != NULL)
		error->statement = NULL;
	/* Rolled back even where it could not be said: the connection is then closed. */
	dbw__end(session);
	return attempt;
}

/* What sessions begin on: one of the databases, or the one that the options choose. */
struct target {
	dbw_databases *databases; /* NULL: on ... */
	dbw_database one;         /* ... this. */
	const dbw_schema *schema;
};

static dbw_status begin(
	const struct target *target, const dbw_session_options *options, dbw_session *out, dbw_error *error)
{
	if (target->databases == NULL)
		return dbw__begin_on(target->one, target->schema, options, true, out, error);
	return dbw__begin(target->databases, target->schema, options, true, out, error);
}

static struct attempt try_once(const struct target *target, const dbw_session_options *options,
	dbw__work work, void *argument, dbw_error *error)
{
	dbw_session session;
	dbw_status status = begin(target, options, &session, error);

	/* A server that cannot be reached will not be there in a moment. */
	if (status != DBW_OK)
		return (struct attempt){ status, status == DBW_BUSY };
	status = work(session, argument);
	if (!dbw__session_is_open(session)) {
		if (status == DBW_OK && dbw__session_was_drained(session))
			status = dbw__fail(error, DBW_ENDED,
				"transaction \"%s\": the databases are being closed, and nothing of it is kept",
				options->purpose);
		else if (status == DBW_OK)
			status = dbw__fail(error, DBW_MISUSE,
				"transaction \"%s\": the work has ended the session by itself",
				options->purpose);
		else
			dbw__fail(error, status, "transaction \"%s\": %s", options->purpose,
				dbw_status_text(status));
		return (struct attempt){ status, false };
	}
	if (status == DBW_OK)
		status = dbw__commit(session);
	return status == DBW_OK ? (struct attempt){ DBW_OK, false } : give_up(session, status, error);
}

static dbw_status run(const struct target *target, const dbw_session_options *options, dbw__work work,
	void *argument, dbw_error *error)
{
	unsigned attempts;

	dbw_error_clear(error);
	if (work == NULL)
		return dbw__fail(error, DBW_MISUSE, "a transaction needs work to do");
	attempts = options == NULL || options->attempts == 0 ? DBW_ATTEMPTS : options->attempts;
	for (unsigned number = 1;; number++) {
		struct attempt attempt = try_once(target, options, work, argument, error);

		if (!attempt.again || number >= attempts) {
			if (attempt.status == DBW_OK)
				dbw_error_clear(error);
			return attempt.status;
		}
		pause_before(number + 1);
	}
}

dbw_status dbw__transaction(dbw_databases *databases, const dbw_schema *schema,
	const dbw_session_options *options, dbw__work work, void *argument, dbw_error *error)
{
	const struct target target = { .databases = databases, .schema = schema };

	if (databases == NULL)
		return dbw__fail(error, DBW_MISUSE, "no databases are given");
	return run(&target, options, work, argument, error);
}

dbw_status dbw__transaction_on(dbw_database on, const dbw_schema *schema, const dbw_session_options *options,
	dbw__work work, void *argument, dbw_error *error)
{
	const struct target target = { .one = on, .schema = schema };

	return run(&target, options, work, argument, error);
}

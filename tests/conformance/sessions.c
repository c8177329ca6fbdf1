/* Transactions, savepoints and cursors. */
#include "conformance.h"

#include <stdio.h>
#include <string.h>

static dbw_status put(probe_session s, const char *name)
{
	owner row = OWNER_INIT;

	row.name = name;
	return owner_insert(s, &row);
}

/* The owners that a new session sees. */
static bool counts(trial *run, const char *when, int64_t wanted)
{
	int64_t count;
	probe_reader r;
	dbw_error error;

	WANT_WITH(error, probe_read_begin(run->databases, "count", &r, &error), DBW_OK);
	WANT(r, owner_count(r, NULL, &count), DBW_OK);
	WANT(r, probe_read_end(r), DBW_OK);
	if (count != wanted)
		return run_fails(run, "%s there are %lld rows and not %lld", when, (long long)count,
			(long long)wanted);
	return true;
}

static bool a_commit_keeps(trial *run)
{
	probe_session s;
	dbw_error error;

	WANT_WITH(error, probe_begin(run->databases, "keep", &s, &error), DBW_OK);
	WANT(s, put(s, "a"), DBW_OK);
	WANT(s, probe_commit(s), DBW_OK);
	if (!counts(run, "after a commit", 1))
		return false;
	WANT_WITH(error, probe_begin(run->databases, "give up", &s, &error), DBW_OK);
	WANT(s, put(s, "b"), DBW_OK);
	WANT(s, probe_end(s), DBW_OK);
	if (!counts(run, "after a session that did not commit", 1))
		return false;
	WANT_WITH(error, probe_begin(run->databases, "fail", &s, &error), DBW_OK);
	WANT(s, put(s, "c"), DBW_OK);
	WANT(s, put(s, "c"), DBW_CONFLICT);
	WANT(s, probe_commit(s), DBW_SESSION_FAILED);
	WANT(s, probe_end(s), DBW_OK);
	return counts(run, "after a session that failed", 1);
}

static bool savepoints_nest(trial *run)
{
	enum { DEPTH = 15 };
	probe_session s[DEPTH + 1];
	char name[16];
	dbw_error error;

	WANT_WITH(error, probe_begin(run->databases, "outermost", &s[0], &error), DBW_OK);
	for (int depth = 1; depth <= DEPTH; depth++) {
		WANT(s[depth - 1], probe_nest(s[depth - 1], "inside", &s[depth]), DBW_OK);
		snprintf(name, sizeof name, "%d", depth);
		WANT(s[depth], put(s[depth], name), DBW_OK);
	}
	/* Every third is given up: with it goes what was kept inside of it. */
	for (int depth = DEPTH; depth > 0; depth--)
		WANT(s[depth], depth % 3 == 0 ? probe_end(s[depth]) : probe_commit(s[depth]), DBW_OK);
	WANT(s[0], probe_commit(s[0]), DBW_OK);
	if (!counts(run, "after nested sessions", 2))
		return false;
	/* One depth is used again and again. */
	WANT_WITH(error, probe_begin(run->databases, "again", &s[0], &error), DBW_OK);
	for (int turn = 0; turn < 20; turn++) {
		WANT(s[0], probe_nest(s[0], "inside", &s[1]), DBW_OK);
		snprintf(name, sizeof name, "turn %d", turn);
		WANT(s[1], put(s[1], name), DBW_OK);
		if (turn % 2 == 0)
			WANT(s[1], put(s[1], name), DBW_CONFLICT);
		WANT(s[1], turn % 2 == 0 ? probe_end(s[1]) : probe_commit(s[1]), DBW_OK);
	}
	WANT(s[0], probe_commit(s[0]), DBW_OK);
	return counts(run, "after one nested session after the other", 12);
}

static const dbw_session_options pipelined = { .purpose = "pipeline", .pipeline = true };

/* With an id of its own: nothing has to come back. */
static dbw_status put_at(probe_session s, int64_t id, const char *name)
{
	owner row = OWNER_INIT;

	row.id = id;
	row.name = name;
	return owner_insert(s, &row);
}

static dbw_status add_to(probe_session s, int64_t id, int64_t score)
{
	return owner_update_where(s,
		&(owner_change){ .where = { .id = dbw_eq(id) }, .set = { .score = dbw_add(score) } }, NULL);
}

/* What fails is told by that call or by a later one, and nothing is kept. */
static bool pipeline_fails(trial *run, bool twice, dbw_status wanted)
{
	probe_session s;
	dbw_error error;
	dbw_status status;

	WANT_WITH(error, probe_begin_with(run->databases, &pipelined, &s, &error), DBW_OK);
	WANT(s, put_at(s, 500, "before"), DBW_OK);
	status = twice ? put_at(s, 501, "a") : owner_delete_by_id(s, 999);
	if (status == DBW_OK)
		status = put_at(s, 502, "behind");
	if (status == DBW_OK)
		status = probe_commit(s);
	if (status != wanted)
		return run_gave(
			run, "a pipelined session", status, wanted, dbw_session_error(s.any)->message);
	if (twice && !dbw_violated(s.any, OWNER_NAME_KEY))
		return run_fails(run, "a pipelined session does not name its constraint: %s",
			dbw_session_error(s.any)->message);
	WANT(s, probe_commit(s), DBW_SESSION_FAILED);
	WANT(s, probe_end(s), DBW_OK);
	return counts(run, "after a pipelined session that failed", 201);
}

static bool a_pipeline_keeps_order(trial *run)
{
	probe_session s, inner;
	char name[16];
	owner *found;
	int64_t score;
	dbw_error error;

	WANT_WITH(error, probe_begin_with(run->databases, &pipelined, &s, &error), DBW_OK);
	WANT(s, put_at(s, 1, "a"), DBW_OK);
	WANT(s, add_to(s, 1, 2), DBW_OK);
	WANT(s, owner_delete_by_id(s, 1), DBW_OK);
	WANT(s, put_at(s, 1, "a"), DBW_OK);
	for (int i = 2; i <= 200; i++) {
		snprintf(name, sizeof name, "number %d", i);
		WANT(s, put_at(s, i, name), DBW_OK);
	}
	WANT(s, add_to(s, 1, 3), DBW_OK);
	WANT(s, owner_find_by_id(s.read, 1, &found), DBW_OK);
	score = found->score;
	owner_free(found);
	HOLDS(score == 3);
	WANT(s, probe_nest(s, "given up", &inner), DBW_OK);
	WANT(inner, put_at(inner, 300, "given up"), DBW_OK);
	WANT(inner, probe_end(inner), DBW_OK);
	WANT(s, probe_nest(s, "kept", &inner), DBW_OK);
	WANT(inner, put_at(inner, 301, "kept"), DBW_OK);
	WANT(inner, probe_commit(inner), DBW_OK);
	WANT(s, dbw_flush(s.any), DBW_OK);
	WANT(s, probe_commit(s), DBW_OK);
	if (!counts(run, "after a pipelined session", 201))
		return false;
	return pipeline_fails(run, true, DBW_CONFLICT) && pipeline_fails(run, false, DBW_NOT_FOUND);
}

static bool others_see_what_is_committed(trial *run)
{
	int64_t before, after;
	probe_session s;
	dbw_status status;
	probe_reader r;
	dbw_error error;

	if (run->single_connection)
		return run_skips(run, "the database has one connection");
	WANT_WITH(error, probe_begin(run->databases, "write", &s, &error), DBW_OK);
	WANT(s, put(s, "a"), DBW_OK);
	if (!counts(run, "before the commit", 0))
		return false;
	WANT_WITH(error,
		probe_read_begin_with(run->databases,
			&(dbw_session_options){ .purpose = "look", .snapshot = true }, &r, &error),
		DBW_OK);
	WANT(r, owner_count(r, NULL, &before), DBW_OK);
	status = probe_commit(s);
	WANT(r, owner_count(r, NULL, &after), DBW_OK);
	WANT(r, probe_read_end(r), DBW_OK);
	if (status == DBW_BUSY) {
		WANT(s, probe_end(s), DBW_OK);
		return run_skips(run, "readers keep a writer from committing");
	}
	WANT(s, status, DBW_OK);
	if (before != 0 || after != 0)
		return run_fails(run, "a snapshot sees what was committed after it began");
	return counts(run, "after the commit", 1);
}

static bool cursors_stream(trial *run)
{
	enum { COUNT = 250 };
	owner rows[COUNT];
	char names[COUNT][8];
	const owner *each;
	owner_cursor cursor;
	int64_t seen = 0, count;
	probe_session s;
	dbw_error error;

	WANT_WITH(error, probe_begin(run->databases, "stream", &s, &error), DBW_OK);
	for (int i = 0; i < COUNT; i++) {
		rows[i] = owner_init();
		snprintf(names[i], sizeof names[i], "%03d", i);
		rows[i].name = names[i];
	}
	WANT(s, owner_insert_many(s, rows, COUNT), DBW_OK);
	WANT(s, probe_commit(s), DBW_OK);
	for (int stop = 0; stop < 2; stop++) {
		WANT_WITH(error, probe_begin(run->databases, "stream", &s, &error), DBW_OK);
		WANT(s,
			owner_cursor_open(
				s.read, &(owner_query){ .order_by = { { .name = DBW_ASC } } }, &cursor),
			DBW_OK);
		for (seen = 0; seen < (stop ? 3 : COUNT); seen++) {
			WANT(s, owner_cursor_next(&cursor, &each), DBW_OK);
			HOLDS(each != NULL && strcmp(each->name, names[seen]) == 0);
		}
		/* Another statement of the connection, between two rows. */
		WANT(s, owner_count(s.read, NULL, &count), DBW_OK);
		HOLDS(count == COUNT);
		WANT(s, put(s, "new"), DBW_MISUSE);
		if (!stop) {
			WANT(s, owner_cursor_next(&cursor, &each), DBW_OK);
			HOLDS(each == NULL);
		}
		owner_cursor_close(&cursor);
		WANT(s, put(s, "new"), DBW_OK);
		WANT(s, probe_end(s), DBW_OK);
	}
	return true;
}

/* More shapes of statements than a connection keeps prepared. */
static bool many_shapes_are_prepared(trial *run)
{
	int64_t count;
	probe_reader r;
	dbw_error error;

	WANT_WITH(error, probe_read_begin(run->databases, "ask in many ways", &r, &error), DBW_OK);
	for (unsigned bits = 0; bits < 600; bits++) {
		sample_filter filter = { .null_ = { 0 } };

		if (bits & 1)
			filter.flag = dbw_is(true);
		if (bits & 2)
			filter.small = dbw_eq(1);
		if (bits & 4)
			filter.medium = dbw_ge(1);
		if (bits & 8)
			filter.large = dbw_lt(1);
		if (bits & 16)
			filter.body = dbw_like("x%");
		if (bits & 32)
			filter.null_.data = DBW_IS_NULL;
		if (bits & 64)
			filter.day = dbw_eq((dbw_date){ 1 });
		if (bits & 128)
			filter.label = dbw_ne("x");
		if (bits & 256)
			filter.precise = dbw_gt(0.5);
		if (bits & 512)
			filter.null_.code = DBW_IS_NOT_NULL;
		WANT(r, sample_count(r, &(sample_query){ .where = filter }, &count), DBW_OK);
		HOLDS(count == 0);
	}
	WANT(r, probe_read_end(r), DBW_OK);
	return true;
}

const claim session_checks[] = {
	{ "a commit keeps, everything else gives up", a_commit_keeps },
	{ "savepoints nest, and each is kept or given up", savepoints_nest },
	{ "writes that nobody waits for are done in their order, or fail the session",
		a_pipeline_keeps_order },
	{ "others see what is committed, a snapshot what was before", others_see_what_is_committed },
	{ "cursors stream and end early", cursors_stream },
	{ "six hundred shapes of a statement", many_shapes_are_prepared },
	{ NULL, NULL },
};

#include "state.h"

#include <base/text.h>
#include <pool/fork.h>

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* What the threads of a program meet at. False: nothing is made. */
static bool make_locks(dbw__sessions *sessions)
{
	if (pthread_mutex_init(&sessions->mutex, NULL) != 0)
		return false;
	if (pthread_mutex_init(&sessions->cancels.mutex, NULL) == 0) {
		if (dbw__condition_init(&sessions->drained) == DBW_OK) {
			if (dbw__condition_init(&sessions->cancels.over) == DBW_OK)
				return true;
			pthread_cond_destroy(&sessions->drained);
		}
		pthread_mutex_destroy(&sessions->cancels.mutex);
	}
	pthread_mutex_destroy(&sessions->mutex);
	return false;
}

dbw_status dbw__sessions_new(const dbw__pool_common *common, dbw__sessions **out)
{
	dbw__sessions *sessions;

	*out = NULL;
	sessions = calloc(1, sizeof *sessions);
	if (sessions == NULL)
		return DBW_OUT_OF_MEMORY;
	if (!make_locks(sessions)) {
		free(sessions);
		return DBW_OUT_OF_MEMORY;
	}
	sessions->common = common;
	*out = sessions;
	return DBW_OK;
}

void dbw__sessions_free(dbw__sessions *sessions)
{
	if (sessions == NULL)
		return;
	while (sessions->all != NULL) {
		struct dbw_slot *next = sessions->all->next_all;

		dbw__readings_free(sessions->all);
		dbw_arena_free(sessions->all->scratch);
		dbw_arena_free(sessions->all->kept);
		free(sessions->all->sent);
		free(sessions->all);
		sessions->all = next;
	}
	/* Another thread of the parent may have held the mutex when the process forked. */
	if (sessions->common->fork_count == dbw__fork_count()) {
		pthread_cond_destroy(&sessions->drained);
		pthread_cond_destroy(&sessions->cancels.over);
		pthread_mutex_destroy(&sessions->cancels.mutex);
		pthread_mutex_destroy(&sessions->mutex);
	}
	free(sessions);
}

bool dbw__sessions_are_ours(const dbw__sessions *sessions)
{
	return sessions->common->fork_count == dbw__fork_count();
}

cancel_meeting *dbw__cancel_meeting(dbw__sessions *sessions)
{
	return &sessions->cancels;
}

const dbw__hook *dbw__slot_hook(const struct dbw_slot *slot)
{
	return &slot->sessions->common->hook;
}

void dbw__slot_fail(struct dbw_slot *slot)
{
	if ((slot->flags & SLOT_FAILED) != 0)
		return;
	slot->flags |= SLOT_FAILED;
	slot->failure = slot->error;
}

void dbw__slot_report(struct dbw_slot *slot, dbw_event_kind kind, dbw_status status, int64_t started_ns)
{
	const dbw__hook *hook = dbw__slot_hook(slot);

	if (hook->function == NULL)
		return;
	const dbw_event event = { .kind = kind,
		.status = status,
		.database = slot->lease.database,
		.schema = slot->lease.schema->name,
		.purpose = slot->lease.purpose,
		.writes = (slot->flags & SLOT_READER) == 0,
		.duration_ns = dbw__hook_since(hook, started_ns),
		.waited_ns = kind == DBW_EVENT_BEGIN ? slot->waited_ns : 0,
		.error = status == DBW_OK ? NULL : &slot->error };

	dbw__hook_fire(hook, &event);
}

dbw_status dbw__slot_admit(struct dbw_slot *slot, bool writes)
{
	dbw_error *error = &slot->error;

	if (error->status != DBW_OK)
		dbw_error_clear(error);
	if (slot->fork_count != dbw__fork_count())
		return dbw__fail(error, DBW_FORKED, "session \"%s\": begun by the parent process",
			slot->lease.purpose);
	if ((slot->flags & SLOT_NESTED) != 0)
		return dbw__fail(error, DBW_MISUSE,
			"session \"%s\": the nested session \"%s\" is open; end it first",
			slot->lease.purpose, slot->inner->lease.purpose);
	if ((slot->flags & SLOT_FAILED) != 0) {
		dbw__fail(error, DBW_SESSION_FAILED, "session \"%s\" has failed: %s", slot->lease.purpose,
			slot->failure.message);
		return DBW_SESSION_FAILED;
	}
	if (atomic_load(&slot->root->cancelled) && atomic_load(&slot->sessions->over))
		return dbw__fail(error, DBW_ENDED, "session \"%s\" has ended: the databases are being closed",
			slot->lease.purpose);
	if (atomic_load(&slot->root->cancelled))
		return dbw__fail(
			error, DBW_CANCELLED, "session \"%s\" has been cancelled", slot->lease.purpose);
	if ((slot->flags & SLOT_LIMITED) != 0 && dbw__slot_is_late(slot))
		return dbw__fail(
			error, DBW_TIMEOUT, "the deadline of session \"%s\" has passed", slot->lease.purpose);
	if (writes && (slot->flags & SLOT_READER) != 0)
		return dbw__fail(
			error, DBW_MISUSE, "session \"%s\": a reader cannot write", slot->lease.purpose);
	return DBW_OK;
}

dbw_status dbw__slot_check_readings(struct dbw_slot *slot)
{
	if ((slot->flags & SLOT_READING) == 0)
		return DBW_OK;
	return dbw__fail(&slot->error, DBW_MISUSE,
		"session \"%s\": a cursor is open, and what it sees of a write is not the same on all engines; "
		"close it first",
		slot->lease.purpose);
}

/*
 * A slot that nobody uses; slots are made once and used again until the databases close. `purpose` is that of an
 * outermost session, NULL for a nested one. DBW_OUT_OF_MEMORY; DBW_LIFECYCLE: no session begins any more.
 */
static dbw_status take_slot(dbw__sessions *sessions, const char *purpose, struct dbw_slot **out)
{
	struct dbw_slot *slot;

	*out = NULL;
	pthread_mutex_lock(&sessions->mutex);
	if (purpose != NULL && sessions->draining) {
		pthread_mutex_unlock(&sessions->mutex);
		return DBW_LIFECYCLE;
	}
	slot = sessions->free;
	if (slot != NULL) {
		sessions->free = slot->next_free;
	} else {
		slot = calloc(1, sizeof *slot);
		if (slot != NULL) {
			slot->sessions = sessions;
			slot->next_all = sessions->all;
			sessions->all = slot;
		}
	}
	if (slot != NULL && purpose != NULL) {
		slot->held_for = purpose;
		sessions->held++;
	}
	pthread_mutex_unlock(&sessions->mutex);
	*out = slot;
	return slot == NULL ? DBW_OUT_OF_MEMORY : DBW_OK;
}

static void give_slot(struct dbw_slot *slot)
{
	dbw__sessions *sessions = slot->sessions;

	pthread_mutex_lock(&sessions->mutex);
	if (slot->held_for != NULL) {
		slot->held_for = NULL;
		if (--sessions->held == 0 && sessions->draining)
			pthread_cond_broadcast(&sessions->drained);
	}
	slot->next_free = sessions->free;
	sessions->free = slot;
	pthread_mutex_unlock(&sessions->mutex);
}

/* Names the database that a writer could not begin on. */
static void name_database(struct dbw_slot *slot)
{
	dbw_error *error = &slot->error;
	const dbw_error said = *error;

	dbw__fail(error, said.status, "database \"%s\": %s", slot->lease.database, said.message);
	error->native_code = said.native_code;
	memcpy(error->sqlstate, said.sqlstate, sizeof error->sqlstate);
}

static bool has_arenas(struct dbw_slot *slot)
{
	if (slot->scratch == NULL)
		slot->scratch = dbw_arena_new(0);
	if (slot->kept == NULL)
		slot->kept = dbw_arena_new(0);
	return slot->scratch != NULL && slot->kept != NULL;
}

/* From here on the slot's handle is valid. */
static void open_slot(struct dbw_slot *slot, dbw_session *out)
{
	slot->open = true;
	out->slot = slot;
	out->generation = dbw__generation_next(&slot->generation);
}

/* From here on it is not. */
static void close_slot(struct dbw_slot *slot)
{
	dbw__generation_next(&slot->generation);
	slot->open = false;
}

static int64_t clock_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

bool dbw__slot_is_late(const struct dbw_slot *slot)
{
	return clock_ms() >= slot->terms.deadline_ms;
}

void dbw__slot_allow_undo(struct dbw_slot *slot)
{
	const int64_t until_ms = clock_ms() + UNDO_MS;
	const dbw_terms terms = {
		.deadline_ms = slot->terms.deadline_ms < until_ms ? until_ms : slot->terms.deadline_ms
	};

	slot->lease.driver->set_terms(slot->lease.connection, terms);
}

static dbw_terms terms_of(const dbw_session_options *options)
{
	dbw_terms terms = { .isolation = options->isolation };

	if (options->snapshot && terms.isolation < DBW_REPEATABLE_READ)
		terms.isolation = DBW_REPEATABLE_READ;
	if (options->deadline_ms != 0)
		terms.deadline_ms = clock_ms() + options->deadline_ms;
	return terms;
}

static bool asks_for_more(dbw_terms terms)
{
	return terms.isolation != DBW_ISOLATION_DEFAULT || terms.deadline_ms != 0;
}

/* What a writer's transaction gives by itself, a reader needs one for: one moment for all reads, a deadline that the server
 * knows. */
static bool reader_needs_transaction(const struct dbw_slot *slot)
{
	return slot->lease.capabilities->read_needs_transaction || slot->terms.deadline_ms != 0 ||
	       slot->terms.isolation > DBW_READ_COMMITTED;
}

static void fill_lease(struct dbw_slot *slot, dbw__pool *pool, const dbw_schema *schema, const char *purpose)
{
	const dbw__pool_options *options = dbw__pool_options_of(pool);

	slot->lease = (dbw__lease){ .driver = options->driver,
		.capabilities = dbw__pool_capabilities(pool),
		.engine = options->driver->engine,
		.error = &slot->error,
		.schema = schema,
		.purpose = purpose,
		.database = options->address.database,
		.scratch_ = slot->scratch,
		.kept_ = slot->kept,
		.pipelined = slot->pipelined && options->driver->send != NULL,
		.watched_ = dbw__slot_hook(slot)->function != NULL };
}

/* The next session of the connection has its own. */
static void drop_terms(struct dbw_slot *slot)
{
	if (asks_for_more(slot->terms))
		slot->lease.driver->set_terms(slot->lease.connection, (dbw_terms){ .deadline_ms = 0 });
}

static void give_back(struct dbw_slot *slot)
{
	drop_terms(slot);
	slot->pooled->purpose = NULL;
	dbw__pool_release(slot->pooled);
}

static dbw_status fail_drained(dbw_error *error)
{
	return dbw__fail(
		error, DBW_LIFECYCLE, "the databases are being closed, and begin no session any more");
}

/* Waits are part of the session's time. */
static dbw_status lease(
	struct dbw_slot *slot, dbw__pool *pool, const dbw_session_options *options, bool writer)
{
	dbw__asking asking = { .purpose = options->purpose,
		.writes = writer,
		.most_ms = options->deadline_ms == 0 ? -1 : (int64_t)options->deadline_ms,
		.deadline_ms = slot->terms.deadline_ms };
	const int64_t started_ns = dbw__hook_clock(dbw__slot_hook(slot));
	dbw_status status = dbw__pool_acquire_for(pool, &asking, &slot->pooled, &slot->error);

	if (asking.waited) {
		slot->waited_ns = dbw__hook_since(dbw__slot_hook(slot), started_ns);
		dbw__sessions_look(slot->sessions);
	}
	return status;
}

/* A session that comes to nothing before there is a slot for it. */
static void report_refused(const dbw__hook *hook, const dbw__pool *pool, const dbw_schema *schema,
	const char *purpose, bool writer, const dbw_error *error)
{
	const dbw_event event = { .kind = DBW_EVENT_BEGIN,
		.status = error->status,
		.database = dbw__pool_options_of(pool)->address.database,
		.schema = schema->name,
		.purpose = purpose,
		.writes = writer,
		.error = error };

	if (hook->function != NULL)
		dbw__hook_fire(hook, &event);
}

dbw_status dbw__session_begin(dbw__sessions *sessions, dbw__pool *pool, const dbw_schema *schema,
	const dbw_session_options *options, bool writer, dbw_session *out, dbw_error *error)
{
	int64_t started_ns = dbw__hook_clock(&sessions->common->hook);
	struct dbw_slot *slot;
	dbw_status status;

	*out = (dbw_session){ NULL, 0 };
	if (sessions->common->fork_count != dbw__fork_count())
		return dbw__fail(error, DBW_FORKED,
			"the databases were opened by the parent process; open them again");
	status = take_slot(sessions, options->purpose, &slot);
	if (status != DBW_OK) {
		if (status == DBW_LIFECYCLE)
			fail_drained(error);
		else
			dbw__fail(error, status, "out of memory");
		report_refused(&sessions->common->hook, pool, schema, options->purpose, writer, error);
		return status;
	}
	dbw_error_clear(&slot->error);
	slot->flags = writer ? 0 : SLOT_READER;
	slot->fork_count = sessions->common->fork_count;
	slot->depth = 0;
	slot->outer = slot->inner = NULL;
	slot->root = slot;
	slot->after = slot->last_after = NULL;
	atomic_store(&slot->cancelled, false);
	slot->terms = terms_of(options);
	if (slot->terms.deadline_ms != 0)
		slot->flags |= SLOT_LIMITED;
	slot->in_transaction = false;
	slot->pipelined = writer && options->pipeline;
	slot->pooled = NULL;
	slot->waited_ns = 0;
	status = has_arenas(slot) ? lease(slot, pool, options, writer)
				  : dbw__fail(&slot->error, DBW_OUT_OF_MEMORY, "out of memory");
	fill_lease(slot, pool, schema, options->purpose);
	if (status == DBW_OK) {
		slot->pooled->purpose = options->purpose;
		slot->lease.connection = slot->pooled->connection;
		slot->lease.cache = &slot->pooled->cache;
		if (asks_for_more(slot->terms))
			slot->lease.driver->set_terms(slot->lease.connection, slot->terms);
		if (writer) {
			status = slot->lease.driver->begin(
				slot->lease.connection, DBW_TRANSACTION_WRITE, &slot->error);
			slot->in_transaction = status == DBW_OK;
			if (status == DBW_BUSY)
				name_database(slot);
		} else {
			if (reader_needs_transaction(slot))
				slot->flags |= SLOT_LAZY;
			dbw__long_read_begin(slot);
		}
	}
	dbw__slot_report(slot, DBW_EVENT_BEGIN, status, started_ns);
	if (status == DBW_OK) {
		open_slot(slot, out);
		/* Either this is seen here, or the handle is seen, and ended, by dbw__sessions_drain(). */
		if (!atomic_load(&sessions->over))
			return DBW_OK;
		*out = (dbw_session){ NULL, 0 };
		dbw__session_end(slot);
		return fail_drained(error);
	}
	dbw__error_copy(error, &slot->error);
	if (slot->pooled != NULL) {
		give_back(slot);
	}
	give_slot(slot);
	return status;
}

dbw_status dbw__session_nest(struct dbw_slot *outer, const char *purpose, dbw_session *out)
{
	int64_t started_ns = dbw__hook_clock(dbw__slot_hook(outer));
	struct dbw_slot *slot;
	dbw_status status = take_slot(outer->sessions, NULL, &slot);

	if (status != DBW_OK)
		return dbw__fail(&outer->error, status, "out of memory");
	dbw_error_clear(&slot->error);
	slot->flags = outer->flags & SLOT_LIMITED;
	slot->fork_count = outer->fork_count;
	slot->root = outer->root;
	slot->terms = outer->terms;
	slot->after = slot->last_after = NULL;
	slot->depth = outer->depth + 1;
	slot->outer = outer;
	slot->inner = NULL;
	slot->in_transaction = true;
	slot->waited_ns = 0;
	slot->pipelined = outer->pipelined;
	slot->pooled = outer->pooled;
	slot->lease = outer->lease;
	slot->lease.error = &slot->error;
	slot->lease.purpose = purpose;
	status = slot->lease.driver->savepoint(slot->lease.connection, slot->depth, &slot->error);
	dbw__slot_report(slot, DBW_EVENT_BEGIN, status, started_ns);
	if (status != DBW_OK) {
		dbw__error_copy(&outer->error, &slot->error);
		dbw__slot_fail(outer);
		give_slot(slot);
		return status;
	}
	open_slot(slot, out);
	outer->inner = slot;
	outer->flags |= SLOT_NESTED;
	return DBW_OK;
}

void dbw__session_close(struct dbw_slot *slot, dbw_status outcome)
{
	close_slot(slot);
	dbw__cancel_wait(slot);
	if (slot->outer != NULL) {
		slot->outer->inner = NULL;
		slot->outer->flags &= ~(unsigned)SLOT_NESTED;
		dbw__after_pass(slot, outcome);
	} else {
		dbw__long_read_end(slot);
		give_back(slot);
		if (slot->after != NULL)
			dbw__after_call(slot, outcome);
		dbw_arena_reset(slot->kept);
	}
	give_slot(slot);
}

void dbw__session_abandon(struct dbw_slot *slot)
{
	close_slot(slot);
}

/* All handles end. The mutex is held. */
static void end_handles(dbw__sessions *sessions)
{
	atomic_store(&sessions->over, true);
	for (struct dbw_slot *each = sessions->all; each != NULL; each = each->next_all) {
		dbw__generation_next(&each->generation);
		/* Cursors have handles of their own: what they look at is this. */
		atomic_store(&each->cancelled, true);
	}
}

static dbw_status fail_held(const dbw__sessions *sessions, dbw_error *error)
{
	dbw_text_buffer purposes;
	char storage[256];

	dbw_text_init(&purposes, storage, sizeof storage);
	for (const struct dbw_slot *each = sessions->all; each != NULL; each = each->next_all)
		if (each->held_for != NULL)
			dbw_text_printf(
				&purposes, "%s\"%s\"", purposes.length == 0 ? "" : ", ", each->held_for);
	dbw__fail(error, DBW_LIFECYCLE, "%zu session%s did not end in time: %s", sessions->held,
		sessions->held == 1 ? "" : "s", purposes.data);
	dbw_text_clear(&purposes);
	return DBW_LIFECYCLE;
}

dbw_status dbw__sessions_drain(dbw__sessions *sessions, int64_t wait_ms, dbw_error *error)
{
	const dbw__clock *clock =
		sessions->common->clock == NULL ? &dbw__system_clock : sessions->common->clock;
	const int64_t until_ms = dbw__clock_after(clock, wait_ms);
	dbw_status status = DBW_OK;
	bool in_time = wait_ms > 0;

	pthread_mutex_lock(&sessions->mutex);
	sessions->draining = true;
	while (sessions->held != 0 && in_time)
		in_time = clock->wait(&sessions->drained, &sessions->mutex, until_ms);
	if (sessions->held != 0) {
		status = fail_held(sessions, error);
		end_handles(sessions);
	}
	pthread_mutex_unlock(&sessions->mutex);
	return status;
}

bool dbw__session_was_drained(dbw_session session)
{
	return atomic_load(&session.slot->sessions->over);
}

dbw_status dbw__sessions_end_all(dbw__sessions *sessions, dbw_error *error)
{
	dbw_text_buffer purposes;
	char storage[256];
	unsigned count = 0;

	if (sessions->common->fork_count != dbw__fork_count())
		return DBW_OK;
	/* What is done after a rollback begins no session: nobody would end it. */
	pthread_mutex_lock(&sessions->mutex);
	sessions->draining = true;
	pthread_mutex_unlock(&sessions->mutex);
	dbw_text_init(&purposes, storage, sizeof storage);
	for (struct dbw_slot *each = sessions->all; each != NULL; each = each->next_all) {
		if (!each->open || each->outer != NULL)
			continue;
		count++;
		dbw_text_printf(&purposes, "%s\"%s\"", count == 1 ? "" : ", ", each->lease.purpose);
		dbw__session_end(each);
	}
	if (count == 0)
		return DBW_OK;
	dbw__fail(error, DBW_LIFECYCLE, "%u session%s had not been ended: %s", count, count == 1 ? "" : "s",
		purposes.data);
	dbw_text_clear(&purposes);
	return DBW_LIFECYCLE;
}

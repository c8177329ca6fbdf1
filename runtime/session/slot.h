/* A session's memory: what a handle points to. */
#ifndef DBWRIGHT_SESSION_SLOT_H
#define DBWRIGHT_SESSION_SLOT_H

#include <session/lease.h>
#include <session/sessions.h>

#include <stdatomic.h>

/*
 * A handle is valid while its generation is the slot's. Another thread may hold a handle that ended long
 * ago and look while the slot begins anew, so the generation alone is atomic. It counts to 2^32 where
 * 64-bit atomics would need a lock.
 */
#if ATOMIC_LLONG_LOCK_FREE == 2
typedef _Atomic uint64_t slot_generation;
#else
typedef _Atomic uint32_t slot_generation;
#endif

/* How deep sessions nest; the drivers' savepoints count from 1. */
enum { DEPTH_LIMIT = 16 };

/* Why a call may not simply go on; 0 is the ordinary state of a session that has begun. */
enum {
	SLOT_READER = 1 << 0,
	SLOT_FAILED = 1 << 1,
	SLOT_NESTED = 1 << 2, /* An inner session is open. */
	SLOT_LAZY = 1 << 3,   /* A reader's transaction is still to begin. */
};

struct dbw_slot {
	slot_generation generation;
	unsigned flags;
	unsigned fork_count;
	dbw__lease lease;
	dbw_error error;   /* Of the last call. */
	dbw_error failure; /* The first failure, while SLOT_FAILED. */
	bool open;
	bool in_transaction;
	unsigned depth; /* 0 for the outermost. */
	dbw__pooled *pooled;
	dbw__sessions *sessions;
	struct dbw_slot *outer, *inner;
	dbw_arena *scratch, *kept; /* Of an outermost session; inner ones borrow them. */
	bool writing; /* A writer's transaction is open, and lease.purpose can be read. Guarded by the sessions' mutex. */
	struct dbw_slot *next_free, *next_all;
};

/* The slot of a handle, NULL when the handle has ended. */
static inline struct dbw_slot *slot_of(dbw_session session)
{
	if (session.slot == NULL ||
		atomic_load_explicit(&session.slot->generation, memory_order_acquire) != session.generation)
		return NULL;
	return session.slot;
}

/* A savepoint of `outer`, which has been admitted. On failure the reason is in outer->error. */
dbw_status dbw__session_nest(struct dbw_slot *outer, const char *purpose, dbw_session *out);

/* Rolls back what is open, in this slot and in those nested inside, and closes it. */
dbw_status dbw__session_end(struct dbw_slot *slot);

/* Gives the slot back and, for an outermost session, its connection. The handle has ended then. */
void dbw__session_close(struct dbw_slot *slot);

/* In a child of fork(): the handle ends; connection and locks, which may be in any state, are left alone. */
void dbw__session_abandon(struct dbw_slot *slot);

/* The first checks of every call but end: DBW_OK, or the reason in slot->error. Empties the error. */
dbw_status dbw__slot_admit(struct dbw_slot *slot, bool writes);

/* The session has failed because of what stands in slot->error. */
void dbw__slot_fail(struct dbw_slot *slot);

/* Reports an event of a session; status and error are those of slot->error. */
void dbw__slot_report(struct dbw_slot *slot, dbw_event_kind kind, dbw_status status, int64_t started_ns);

/* The hook of the program. */
const dbw__hook *dbw__slot_hook(const struct dbw_slot *slot);

#endif

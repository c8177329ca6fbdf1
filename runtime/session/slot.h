/* A session's memory: what a handle points to. */
#ifndef DBWRIGHT_SESSION_SLOT_H
#define DBWRIGHT_SESSION_SLOT_H

#include <session/generation.h>
#include <session/lease.h>
#include <session/sessions.h>

/* How deep sessions nest; the drivers' savepoints count from 1. */
enum { DEPTH_LIMIT = 16 };

/* Why a call may not simply go on; 0 is the ordinary state of a session that has begun. */
enum {
	SLOT_READER = 1 << 0,
	SLOT_FAILED = 1 << 1,
	SLOT_NESTED = 1 << 2,  /* An inner session is open. */
	SLOT_LAZY = 1 << 3,    /* A reader's transaction is still to begin. */
	SLOT_READING = 1 << 4, /* A cursor has rows to give. */
};

struct dbw_slot {
	dbw__generation generation; /* A handle is valid while it has the same. */
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
	const char *
		held_for; /* The purpose of an outermost session, from before it has a connection to after. Guarded by
				 the sessions' mutex. */
	bool writing; /* A writer's transaction is open, and lease.purpose can be read. Guarded by the sessions' mutex. */
	struct dbw__reading *readings; /* All that were ever taken. */
	unsigned running;              /* How many of them have rows to give. */
	struct dbw_slot *next_free, *next_all;
};

/* The slot that a lease is part of. */
static inline struct dbw_slot *dbw__slot_of_lease(dbw__lease *lease)
{
	return (struct dbw_slot *)(void *)((char *)lease - offsetof(struct dbw_slot, lease));
}

/* The slot of a handle, NULL when the handle has ended. */
static inline struct dbw_slot *slot_of(dbw_session session)
{
	if (session.slot == NULL || !dbw__generation_is(&session.slot->generation, session.generation))
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

/* Reports a statement; the error is slot->error. */
void dbw__slot_report_call(
	struct dbw_slot *slot, dbw_status status, const dbw__call *call, int64_t duration_ns);

/* Refuses what changes anything, or would come between, while a cursor has rows to give. */
dbw_status dbw__slot_check_readings(struct dbw_slot *slot);

/* Ends all readings of a slot; frees their places. */
void dbw__readings_end(struct dbw_slot *slot);
void dbw__readings_free(struct dbw_slot *slot);

/* The hook of the program. */
const dbw__hook *dbw__slot_hook(const struct dbw_slot *slot);

#endif

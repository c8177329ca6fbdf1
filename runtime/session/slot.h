/* A session's memory: what a handle points to. */
#ifndef DBWRIGHT_SESSION_SLOT_H
#define DBWRIGHT_SESSION_SLOT_H

#include <pool/fork.h>
#include <session/generation.h>
#include <session/lease.h>
#include <session/sessions.h>

#include <pthread.h>

/* How deep sessions nest; the drivers' savepoints count from 1. */
enum { DEPTH_LIMIT = 16 };

/* Why a call may not simply go on; 0 is the ordinary state of a session that has begun. */
enum {
	SLOT_READER = 1 << 0,
	SLOT_FAILED = 1 << 1,
	SLOT_NESTED = 1 << 2,  /* An inner session is open. */
	SLOT_LAZY = 1 << 3,    /* A reader's transaction is still to begin. */
	SLOT_READING = 1 << 4, /* A cursor has rows to give. */
	SLOT_LIMITED = 1 << 5, /* There is a deadline. */
};

/* What is called when the outermost session has ended. In its arena. */
struct after {
	struct after *next;
	dbw_after function;
	void *argument;
	dbw_status outcome; /* For those to be called in any case: of the nested session that was undone. */
	bool on_commit, in_any_case;
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
	int64_t waited_ns; /* Before it began, where somebody watches. */
	dbw_terms terms;   /* Of the outermost session. */
	struct after *after, *last_after;
	struct dbw_slot *root;  /* The outermost session. */
	atomic_bool cancelled;  /* By any thread; of the outermost session. */
	atomic_uint cancelling; /* Threads that are about to: they look at the handle afterwards. */
	unsigned depth;         /* 0 for the outermost. */
	dbw__pooled *pooled;
	dbw__sessions *sessions;
	struct dbw_slot *outer, *inner;
	dbw_arena *scratch, *kept; /* Of an outermost session; inner ones borrow them. */
	const char *
		held_for; /* The purpose of an outermost session, from before it has a connection to after. Guarded by
				 the sessions' mutex. */
	int64_t reading_ms; /* Since when a reader is open, where that is watched, or 0. Guarded by the sessions' mutex. */
	bool told;                     /* That it is open for long. Guarded by the sessions' mutex. */
	struct dbw__reading *readings; /* All that were ever taken. */
	unsigned running;              /* How many of them have rows to give. */
	bool pipelined;                /* A write that finds no row fails the session, at once or later. */
	struct sent_calls
		*sent; /* What has not been answered, NULL before the first; of the outermost session. */
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

/*
 * Gives the slot back and, for an outermost session, its connection. The handle has ended then. What is to be done afterwards
 * is done, or left to the outer session. `outcome` is DBW_OK for what was committed.
 */
void dbw__session_close(struct dbw_slot *slot, dbw_status outcome);

/* after.c: passes what a nested session asked for on to the outer one; calls what the outermost asked for. */
void dbw__after_pass(struct dbw_slot *inner, dbw_status outcome);
void dbw__after_call(struct dbw_slot *slot, dbw_status outcome);

/*
 * pipeline.c: takes what became of the calls that were sent, as far as it is known, and fires their events. True: one of them
 * has failed, and that is what the call which has waited failed with: *status is it, it is explained in slot->error, and the
 * session has failed.
 */
bool dbw__sent_failed(struct dbw_slot *slot, dbw_status *status);
/* Forgets them: what becomes of them is told nobody. */
void dbw__sent_forget(struct dbw_slot *slot);
/* Waits for all of them. */
dbw_status dbw__sent_collect(struct dbw_slot *slot);

/*
 * lease.c: completes slot->error for a call that failed with `status`. `earlier`: not the one that runs, but one that was
 * sent before it.
 */
void dbw__slot_explain(struct dbw_slot *slot, dbw_status status, const dbw__call *call, bool earlier);

/* cancel.c: the handle of the slot has ended; waits for threads that have seen it before. */
void dbw__cancel_wait(struct dbw_slot *slot);
/* Where they wait, and hear of it. */
typedef struct cancel_meeting {
	pthread_mutex_t mutex;
	pthread_cond_t over;
} cancel_meeting;
cancel_meeting *dbw__cancel_meeting(dbw__sessions *sessions);

/* long_read.c: from now on the reader's time counts; it counts no longer. */
void dbw__long_read_begin(struct dbw_slot *slot);
void dbw__long_read_end(struct dbw_slot *slot);
/* Not in a child of fork(). */
bool dbw__sessions_are_ours(const dbw__sessions *sessions);

/* Whether the deadline of the session has passed. */
bool dbw__slot_is_late(const struct dbw_slot *slot);

/*
 * What is undone is undone also after the deadline: the engine has UNDO_MS at least. A server that does not answer keeps nobody for
 * longer; it undoes by itself what it hears no more of.
 */
enum { UNDO_MS = 1000 };
void dbw__slot_allow_undo(struct dbw_slot *slot);

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

/* A call begins now, where somebody watches. */
static inline void dbw__slot_start_clock(struct dbw_slot *slot)
{
	if (slot->lease.watched_)
		slot->lease.started_ns_ = dbw__hook_clock(dbw__slot_hook(slot));
}

/*
 * Whether a call may begin just so: none of the flags but those `allowed`, nobody watches, and nothing that
 * dbw__slot_admit() would have to do or refuse.
 */
static inline bool dbw__slot_is_ordinary(const struct dbw_slot *slot, unsigned allowed)
{
	return (slot->flags & ~allowed) == 0 && slot->error.status == DBW_OK && !slot->lease.watched_ &&
	       slot->fork_count == dbw__fork_count() &&
	       !atomic_load_explicit(&slot->root->cancelled, memory_order_relaxed);
}

#endif

/*
 * Cancelling, from any thread. The session's own thread may end it at the same moment, and its connection may then be
 * somebody else's: so the thread that cancels says so first and looks at the handle afterwards, and the one that ends makes
 * the handle invalid first and looks whether somebody cancels afterwards. One of the two sees the other. All four are
 * sequentially consistent; with less, both could miss it.
 */
#include "slot.h"

static bool is_valid(dbw_session session)
{
	return atomic_load(&session.slot->generation) == session.generation;
}

static dbw_status cancel(struct dbw_slot *slot)
{
	const dbw_driver *driver = slot->lease.driver;

	if (driver->cancel == NULL)
		return DBW_UNSUPPORTED;
	atomic_store(&slot->root->cancelled, true);
	return driver->cancel(slot->lease.connection);
}

dbw_status dbw__cancel(dbw_session session)
{
	struct dbw_slot *slot = slot_of(session);
	dbw_status status = DBW_ENDED;

	if (slot == NULL)
		return DBW_ENDED;
	/* In a child the mutex may be held for ever. */
	if (!dbw__sessions_are_ours(slot->sessions))
		return DBW_FORKED;
	atomic_fetch_add(&slot->cancelling, 1);
	/* No lock is held meanwhile: a server that does not answer keeps nobody waiting but this thread and the session's. */
	if (is_valid(session))
		status = cancel(slot);
	if (atomic_fetch_sub(&slot->cancelling, 1) == 1) {
		cancel_meeting *meeting = dbw__cancel_meeting(slot->sessions);

		pthread_mutex_lock(&meeting->mutex);
		pthread_cond_broadcast(&meeting->over);
		pthread_mutex_unlock(&meeting->mutex);
	}
	return status;
}

void dbw__cancel_wait(struct dbw_slot *slot)
{
	cancel_meeting *meeting;

	if (atomic_load(&slot->cancelling) == 0)
		return;
	meeting = dbw__cancel_meeting(slot->sessions);
	pthread_mutex_lock(&meeting->mutex);
	while (atomic_load(&slot->cancelling) != 0)
		pthread_cond_wait(&meeting->over, &meeting->mutex);
	pthread_mutex_unlock(&meeting->mutex);
}

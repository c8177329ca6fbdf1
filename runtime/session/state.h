/* All sessions of one dbw_databases. */
#ifndef DBWRIGHT_SESSION_STATE_H
#define DBWRIGHT_SESSION_STATE_H

#include "slot.h"

struct dbw__sessions {
	const dbw__pool_common *common;
	pthread_mutex_t mutex;
	cancel_meeting cancels;
	struct dbw_slot *free;
	struct dbw_slot *all;
	size_t held; /* Outermost sessions that are open or on their way. */
	bool draining;
	pthread_cond_t drained; /* None is held any more. */
	atomic_bool over;       /* Handles that are made from now on end at once. */
};

#endif

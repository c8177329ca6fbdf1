/* Threads that wait in the order in which they came. */
#include "state.h"

static void append(dbw__queue *queue, dbw__waiter *waiter)
{
	if (queue->last == NULL)
		queue->first = waiter;
	else
		queue->last->next = waiter;
	queue->last = waiter;
	queue->count++;
}

static void take_out(dbw__queue *queue, dbw__waiter *before, const dbw__waiter *waiter)
{
	if (before == NULL)
		queue->first = waiter->next;
	else
		before->next = waiter->next;
	if (queue->last == waiter)
		queue->last = before;
	queue->count--;
}

dbw_status dbw__queue_join(dbw__queue *queue, dbw__waiter *waiter)
{
	if (dbw__condition_init(&waiter->condition) != DBW_OK)
		return DBW_OUT_OF_MEMORY;
	append(queue, waiter);
	return DBW_OK;
}

void dbw__queue_call(dbw__queue *queue, dbw__waiter *before, dbw__waiter *waiter)
{
	take_out(queue, before, waiter);
	waiter->called = true;
	pthread_cond_signal(&waiter->condition);
}

void dbw__queue_leave(dbw__queue *queue, dbw__waiter *waiter)
{
	if (!waiter->called) {
		dbw__waiter *before = NULL;

		for (dbw__waiter *each = queue->first; each != waiter; each = each->next)
			before = each;
		take_out(queue, before, waiter);
	}
	pthread_cond_destroy(&waiter->condition);
}

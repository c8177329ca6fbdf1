#include "slot.h"

#include <pool/fork.h>
#include <session/reading.h>

#include <stdlib.h>

dbw_status dbw__reading_take(dbw__lease *lease, dbw__reading **out)
{
	struct dbw_slot *slot = dbw__slot_of_lease(lease);
	dbw__reading *reading = slot->readings;

	*out = NULL;
	while (reading != NULL && reading->taken)
		reading = reading->next;
	if (reading == NULL) {
		reading = calloc(1, sizeof *reading);
		if (reading == NULL)
			return dbw__fail(lease->error, DBW_OUT_OF_MEMORY, "out of memory");
		reading->slot = slot;
		reading->next = slot->readings;
		slot->readings = reading;
	}
	if (reading->arena == NULL) {
		reading->arena = dbw_arena_new(0);
		if (reading->arena == NULL)
			return dbw__fail(lease->error, DBW_OUT_OF_MEMORY, "out of memory");
	}
	reading->lease = lease;
	reading->taken = true;
	reading->prepared = NULL;
	reading->spent_ns = 0;
	*out = reading;
	return DBW_OK;
}

dbw_cursor dbw__reading_start(dbw__reading *reading, dbw__shape *shape)
{
	struct dbw_slot *slot = reading->slot;

	shape->held++;
	reading->shape = shape;
	reading->prepared = shape->prepared;
	slot->running++;
	slot->flags |= SLOT_READING;
	return (dbw_cursor){ reading, dbw__generation_next(&reading->generation) };
}

/* The statement runs no more. */
static void stop(dbw__reading *reading)
{
	struct dbw_slot *slot = reading->slot;

	if (reading->prepared == NULL)
		return;
	slot->lease.driver->finish(slot->lease.connection, reading->prepared);
	reading->prepared = NULL;
	reading->shape->held--;
	if (--slot->running == 0)
		slot->flags &= ~(unsigned)SLOT_READING;
}

void dbw__reading_count_time(dbw__reading *reading)
{
	reading->spent_ns += dbw__hook_since(dbw__slot_hook(reading->slot), reading->lease->started_ns_);
}

static void report(dbw__reading *reading)
{
	if (reading->prepared != NULL && dbw__lease_watched(reading->lease))
		dbw__slot_report_call(reading->slot, DBW_OK, &reading->call, reading->spent_ns);
}

void dbw__reading_finish(dbw__reading *reading)
{
	dbw__reading_leave(reading);
	report(reading);
	stop(reading);
}

void dbw__reading_end(dbw__reading *reading)
{
	report(reading);
	stop(reading);
	dbw__generation_next(&reading->generation);
	dbw_arena_reset(reading->arena);
	reading->taken = false;
}

void dbw__readings_end(struct dbw_slot *slot)
{
	for (dbw__reading *each = slot->readings; each != NULL; each = each->next)
		if (each->taken)
			dbw__reading_end(each);
}

void dbw__readings_free(struct dbw_slot *slot)
{
	while (slot->readings != NULL) {
		dbw__reading *next = slot->readings->next;

		dbw_arena_free(slot->readings->arena);
		free(slot->readings);
		slot->readings = next;
	}
}

dbw_status dbw__reading_fail(dbw__reading *reading, dbw_status status)
{
	dbw__lease *lease = reading->lease;

	/* The event of the failure is the only one, and has the time of all calls. */
	lease->started_ns_ -= reading->spent_ns;
	stop(reading);
	dbw__session_leave(lease, status, &reading->call);
	dbw__reading_end(reading);
	return status;
}

/* The reading of a handle, NULL when the handle has ended. */
static dbw__reading *reading_of(const dbw_cursor *cursor)
{
	if (cursor->reading == NULL || !dbw__generation_is(&cursor->reading->generation, cursor->generation))
		return NULL;
	return cursor->reading;
}

static __attribute__((noinline)) dbw_status enter_slowly(dbw__reading *reading, dbw__reading **out)
{
	dbw_status status = dbw__slot_admit(reading->slot, false);

	if (status != DBW_OK)
		return status;
	dbw__slot_start_clock(reading->slot);
	*out = reading;
	return DBW_OK;
}

dbw_status dbw__reading_enter(const dbw_cursor *cursor, dbw__reading **out)
{
	dbw__reading *reading = reading_of(cursor);

	if (reading == NULL)
		return DBW_ENDED;
	if (!dbw__slot_is_ordinary(reading->slot, SLOT_READER | SLOT_READING))
		return enter_slowly(reading, out);
	*out = reading;
	return DBW_OK;
}

void dbw__reading_close(const dbw_cursor *cursor)
{
	dbw__reading *reading = reading_of(cursor);

	if (reading != NULL && reading->slot->fork_count == dbw__fork_count())
		dbw__reading_end(reading);
}

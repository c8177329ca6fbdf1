/* What is called when a session has ended. */
#include "slot.h"

static void add(struct dbw_slot *slot, struct after *first, struct after *last)
{
	if (slot->after == NULL)
		slot->after = first;
	else
		slot->last_after->next = first;
	slot->last_after = last;
}

static dbw_status ask(dbw_session session, bool on_commit, dbw_after function, void *argument)
{
	struct dbw_slot *slot = slot_of(session);
	struct after *after;
	dbw_status status;

	if (slot == NULL)
		return DBW_ENDED;
	status = dbw__slot_admit(slot, true);
	if (status != DBW_OK)
		return status;
	if (function == NULL)
		return dbw__fail(&slot->error, DBW_MISUSE, "there is no function to call");
	after = dbw_arena_alloc(dbw__lease_kept(&slot->lease), sizeof *after);
	if (after == NULL)
		return dbw__fail(&slot->error, DBW_OUT_OF_MEMORY, "out of memory");
	*after = (struct after){ .function = function, .argument = argument, .on_commit = on_commit };
	add(slot, after, after);
	return DBW_OK;
}

dbw_status dbw_after_commit(dbw_session session, dbw_after function, void *argument)
{
	return ask(session, true, function, argument);
}

dbw_status dbw_after_rollback(dbw_session session, dbw_after function, void *argument)
{
	return ask(session, false, function, argument);
}

/* What a nested session has undone stays undone, whatever becomes of the outer one. */
void dbw__after_pass(struct dbw_slot *inner, dbw_status outcome)
{
	struct after *next;

	for (struct after *each = inner->after; each != NULL; each = next) {
		next = each->next;
		each->next = NULL;
		if (outcome != DBW_OK && !each->in_any_case) {
			if (each->on_commit)
				continue;
			each->in_any_case = true;
			each->outcome = outcome;
		}
		add(inner->outer, each, each);
	}
	inner->after = inner->last_after = NULL;
}

void dbw__after_call(struct dbw_slot *slot, dbw_status outcome)
{
	for (const struct after *each = slot->after; each != NULL; each = each->next) {
		if (each->in_any_case)
			each->function(each->outcome, each->argument);
		else if (each->on_commit == (outcome == DBW_OK))
			each->function(outcome, each->argument);
	}
	slot->after = slot->last_after = NULL;
}

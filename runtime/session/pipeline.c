/*
 * Calls of a pipelined session that nobody waits for. The driver keeps what they bind and sends it in its own time; here is
 * what their failures and events are told with, in the same order.
 */
#include "slot.h"

#include <stdio.h>
#include <stdlib.h>

struct sent_call {
	const dbw_model *model;
	const char *statement, *sql;
	dbw__shape *shape;
	int64_t started_ns;
	dbw__needs needs;
	bool unnamed, deletes;
};

/* Of an outermost session. They are those of one session: a nested one begins, and is committed, when all are answered. */
struct sent_calls {
	unsigned count, taken;
	struct sent_call calls[DBW_SEND_LIMIT];
};

void dbw__sent_forget(struct dbw_slot *slot)
{
	struct sent_calls *sent = slot->root->sent;

	if (sent == NULL)
		return;
	for (; sent->taken < sent->count; sent->taken++)
		if (sent->calls[sent->taken].shape != NULL)
			sent->calls[sent->taken].shape->awaited--;
	sent->count = sent->taken = 0;
}

/* The next one of which it is known what became of it; NULL: there is none. It is at its place until more are sent. */
static const struct sent_call *take(struct dbw_slot *slot, dbw_answer *answer)
{
	struct sent_calls *sent = slot->root->sent;
	struct sent_call *call;

	if (sent == NULL || sent->taken == sent->count ||
		!slot->lease.driver->answer(slot->lease.connection, answer))
		return NULL;
	call = &sent->calls[sent->taken++];
	if (call->shape != NULL)
		call->shape->awaited--;
	if (sent->taken == sent->count)
		sent->count = sent->taken = 0;
	return call;
}

static dbw__call call_of(const struct sent_call *sent, int64_t rows)
{
	return (dbw__call){ .model = sent->model,
		.statement = sent->statement,
		.sql = sent->sql,
		.rows = rows,
		.unnamed = sent->unnamed,
		.writes = true,
		.deletes = sent->deletes,
		.sent = true };
}

static void report(struct dbw_slot *slot, const struct sent_call *sent, dbw_status status, int64_t rows)
{
	dbw__call call = call_of(sent, rows);
	char name[256];

	if (!slot->lease.watched_)
		return;
	if (call.unnamed) {
		snprintf(name, sizeof name, "%s_%s", call.model->name, call.statement);
		call.statement = name;
	}
	dbw__slot_report_call(slot, status, &call, dbw__hook_since(dbw__slot_hook(slot), sent->started_ns));
}

/* The driver's failure stands in slot->error. */
static dbw_status fail(struct dbw_slot *slot, const struct sent_call *sent, dbw_status status)
{
	const dbw__call call = call_of(sent, 0);

	if (status == DBW_NOT_FOUND && sent->needs == DBW__NEEDS_VERSION)
		status = dbw__fail(&slot->error, DBW_STALE,
			"the row has another %s than the one that was read, or is gone",
			sent->model->columns[sent->model->version].field);
	dbw__slot_explain(slot, status, &call, true);
	dbw__slot_fail(slot);
	report(slot, sent, status, 0);
	return status;
}

bool dbw__sent_failed(struct dbw_slot *slot, dbw_status *status)
{
	const struct sent_call *sent;
	dbw_answer answer;

	while ((sent = take(slot, &answer)) != NULL) {
		if (!answer.given)
			continue;
		if (answer.status != DBW_OK) {
			*status = fail(slot, sent, answer.status);
			dbw__sent_forget(slot);
			return true;
		}
		report(slot, sent, DBW_OK, answer.rows);
	}
	return false;
}

dbw_status dbw__sent_collect(struct dbw_slot *slot)
{
	dbw_status status = dbw__lease_collect(&slot->lease);

	if (!dbw__sent_failed(slot, &status) && status != DBW_OK)
		dbw__slot_fail(slot);
	return status;
}

dbw_status dbw__lease_collect(dbw__lease *lease)
{
	const struct sent_calls *sent = dbw__slot_of_lease(lease)->root->sent;

	return sent == NULL || sent->count == 0 ? DBW_OK
						: lease->driver->collect(lease->connection, lease->error);
}

/* None has failed, or the session had. */
void dbw__lease_settle_now(dbw__lease *lease)
{
	dbw_status status;

	(void)dbw__sent_failed(dbw__slot_of_lease(lease), &status);
}

dbw_status dbw__lease_send_now(dbw__lease *lease, dbw__call *call, dbw_prepared *prepared,
	const dbw_value *values, size_t count, dbw__needs needs, bool *sent)
{
	struct dbw_slot *slot = dbw__slot_of_lease(lease);
	struct sent_calls *calls = slot->root->sent;
	dbw_status status;

	if (calls == NULL) {
		calls = calloc(1, sizeof *calls);
		if (calls == NULL)
			return dbw__fail(lease->error, DBW_OUT_OF_MEMORY, "out of memory");
		slot->root->sent = calls;
	}
	/* What is known of those before: the driver forgets it now. */
	dbw__lease_settle_now(lease);
	if (calls->count == DBW_SEND_LIMIT)
		return DBW_OK;
	status = lease->driver->send(
		lease->connection, prepared, values, count, needs != DBW__NEEDS_NOTHING, sent, lease->error);
	if (status != DBW_OK || !*sent)
		return status;
	call->later = true;
	calls->calls[calls->count++] = (struct sent_call){ .model = call->model,
		.statement = call->statement,
		.sql = call->sql,
		.shape = call->shape,
		.started_ns = lease->started_ns_,
		.needs = needs,
		.unnamed = call->unnamed,
		.deletes = call->deletes };
	if (call->shape != NULL)
		call->shape->awaited++;
	return DBW_OK;
}

dbw_status dbw_flush(dbw_session session)
{
	struct dbw_slot *slot = slot_of(session);
	dbw_status status;

	if (slot == NULL)
		return DBW_ENDED;
	status = dbw__slot_admit(slot, true);
	return status != DBW_OK ? status : dbw__sent_collect(slot);
}

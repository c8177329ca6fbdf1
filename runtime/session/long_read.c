/*
 * Sessions that read for too long. A reader pins SQLite's log, and takes a connection from others; mostly it was forgotten.
 * No thread watches: who ends one looks, who has waited, and who maintains the databases.
 */
#include "state.h"

#include <stdio.h>

static int64_t now_ms(const dbw__sessions *sessions)
{
	const dbw__clock *clock = sessions->common->clock;

	return (clock == NULL ? &dbw__system_clock : clock)->now_ms();
}

static int64_t limit_of(const struct dbw_slot *slot)
{
	return dbw__pool_options_of(slot->pooled->pool)->settings.max_read_session_ms;
}

void dbw__long_read_begin(struct dbw_slot *slot)
{
	dbw__sessions *sessions = slot->sessions;

	if (!slot->lease.watched_ || limit_of(slot) <= 0)
		return;
	pthread_mutex_lock(&sessions->mutex);
	slot->reading_ms = now_ms(sessions);
	slot->told = false;
	pthread_mutex_unlock(&sessions->mutex);
}

/* What is told of a session: a copy, since it may end meanwhile. */
struct long_read {
	char database[128], purpose[128];
	const char *schema;
	int64_t open_ms;
};

/* Whether the session is to be told of, which is then done. The mutex is held. */
static bool take(struct dbw_slot *slot, int64_t at_ms, struct long_read *out)
{
	if (slot->reading_ms == 0 || slot->told || at_ms - slot->reading_ms < limit_of(slot))
		return false;
	slot->told = true;
	snprintf(out->database, sizeof out->database, "%s", slot->lease.database);
	snprintf(out->purpose, sizeof out->purpose, "%s", slot->lease.purpose);
	out->schema = slot->lease.schema->name;
	out->open_ms = at_ms - slot->reading_ms;
	return true;
}

static void tell(const dbw__sessions *sessions, const struct long_read *said)
{
	const dbw_event event = { .kind = DBW_EVENT_LONG_READ,
		.database = said->database,
		.schema = said->schema,
		.purpose = said->purpose,
		.duration_ns = said->open_ms * 1000000 };

	dbw__hook_fire(&sessions->common->hook, &event);
}

void dbw__long_read_end(struct dbw_slot *slot)
{
	dbw__sessions *sessions = slot->sessions;
	struct long_read said;
	bool found;

	/* No other thread changes it. */
	if (slot->reading_ms == 0)
		return;
	pthread_mutex_lock(&sessions->mutex);
	found = take(slot, now_ms(sessions), &said);
	slot->reading_ms = 0;
	pthread_mutex_unlock(&sessions->mutex);
	if (found)
		tell(sessions, &said);
}

void dbw__sessions_look(dbw__sessions *sessions)
{
	struct long_read said;
	bool found = sessions->common->hook.function != NULL;

	while (found) {
		const int64_t at_ms = now_ms(sessions);

		found = false;
		pthread_mutex_lock(&sessions->mutex);
		for (struct dbw_slot *each = sessions->all; each != NULL && !found; each = each->next_all)
			found = take(each, at_ms, &said);
		pthread_mutex_unlock(&sessions->mutex);
		if (found)
			tell(sessions, &said);
	}
}

/* What databases there are, for people. */
#include "registry.h"

#include <string.h>

/* A list on its way; all of it is in one arena. */
struct listing {
	dbw_arena *arena;
	bool out_of_memory;
};

static const char *copy(struct listing *listing, const char *text)
{
	const char *out = dbw_arena_copy(listing->arena, text, strlen(text));

	listing->out_of_memory |= out == NULL;
	return out;
}

static const char *source_text(struct listing *listing, dbw_position at)
{
	const char *text = dbw__position_text(listing->arena, at);

	listing->out_of_memory |= text == NULL;
	return text == NULL ? NULL : copy(listing, text);
}

static const char *key_text(struct listing *listing, const dbw__said *said)
{
	const char *text =
		said->key != NULL ? said->name : dbw_arena_printf(listing->arena, "options.%s", said->name);

	listing->out_of_memory |= text == NULL;
	return text == NULL ? NULL : copy(listing, text);
}

static void describe_settings(struct listing *listing, const dbw__resolved *resolved, dbw_database_info *out)
{
	dbw_database_setting *settings =
		dbw_arena_alloc_zeroed(listing->arena, resolved->count + 1, sizeof *settings);

	if (settings == NULL) {
		listing->out_of_memory = true;
		return;
	}
	for (size_t i = 0; i < resolved->count; i++) {
		const dbw__value *value = &resolved->values[i];

		settings[i] =
			(dbw_database_setting){ key_text(listing, value->said), copy(listing, value->shown),
				source_text(listing, value->said->at), value->outcome == DBW__USED };
	}
	out->settings = settings;
	out->setting_count = resolved->count;
}

static void describe(struct listing *listing, const database *item, dbw_database_info *out)
{
	*out = (dbw_database_info){ .name = copy(listing, item->name),
		.qualifier = copy(listing, item->qualifier),
		.schema = item->schema == NULL ? NULL : copy(listing, item->schema->name),
		.provider = copy(listing, item->resolved.provider),
		.url = copy(listing, item->resolved.shown),
		.source = source_text(listing, item->resolved.at),
		.is_default = item->is_default,
		.pool_size = item->place == NULL ? 0 : item->place->options.settings.size };
	describe_settings(listing, &item->resolved, out);
}

dbw_status dbw_databases_list(dbw_databases *databases, dbw_database_list *out, dbw_error *error)
{
	struct listing listing = { NULL, false };
	dbw_database_info *items = NULL;
	size_t count = 0;
	dbw_status status;

	if (out == NULL)
		return dbw__fail(error, DBW_MISUSE, "no place for the list is given");
	*out = (dbw_database_list){ NULL, 0, NULL };
	dbw_error_clear(error);
	listing.arena = dbw_arena_new(0);
	if (databases == NULL || listing.arena == NULL) {
		dbw_arena_free(listing.arena);
		return databases == NULL ? dbw__fail(error, DBW_MISUSE, "no databases are given")
					 : dbw__fail(error, DBW_OUT_OF_MEMORY, "out of memory");
	}
	status = dbw__databases_enter(databases, false, error);
	if (status != DBW_OK) {
		dbw_arena_free(listing.arena);
		return status;
	}
	for (const database *each = databases->items; each != NULL; each = each->next)
		count++;
	items = dbw_arena_alloc_zeroed(listing.arena, count + 1, sizeof *items);
	listing.out_of_memory = items == NULL;
	count = 0;
	for (const database *each = databases->items; each != NULL && !listing.out_of_memory;
		each = each->next)
		describe(&listing, each, &items[count++]);
	pthread_rwlock_unlock(&databases->lock);
	if (listing.out_of_memory) {
		dbw_arena_free(listing.arena);
		return dbw__fail(error, DBW_OUT_OF_MEMORY, "out of memory");
	}
	*out = (dbw_database_list){ items, count, listing.arena };
	return DBW_OK;
}

void dbw_database_list_free(dbw_database_list *list)
{
	if (list == NULL)
		return;
	dbw_arena_free(list->memory);
	*list = (dbw_database_list){ NULL, 0, NULL };
}

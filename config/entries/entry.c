#include <entries/entry.h>

#include <entries/outside.h>
#include <entries/url.h>
#include <string.h>

const dbw__said *dbw__entry_find(const dbw__entry *entry, size_t place)
{
	for (size_t i = 0; i < entry->count; i++)
		if (entry->said[i].key == &dbw__keys[place])
			return &entry->said[i];
	return NULL;
}

void dbw__entry_begin_with_url(dbw__said *said, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		const dbw__said url = said[i];

		if (url.key != &dbw__keys[DBW__KEY_CONNECTION_STRING])
			continue;
		memmove(said + 1, said, i * sizeof *said);
		said[0] = url;
	}
}

static bool says(const dbw__said *said, size_t count, const dbw__said *what)
{
	for (size_t i = 0; i < count; i++)
		if (said[i].key == what->key && strcmp(said[i].name, what->name) == 0)
			return true;
	return false;
}

/* How to connect, which a nearer word of where does not change. */
static bool says_outside(const dbw__said *said)
{
	return said->key == &dbw__keys[DBW__KEY_PROVIDER] && dbw__is_outside(said->value);
}

bool dbw__entry_merge(dbw_arena *arena, const dbw__entry *near, const dbw__entry *far, dbw__entry *out)
{
	const char *near_provider = dbw__entry_provider(near), *far_provider = dbw__entry_provider(far);
	const bool hides_place = dbw__entry_find(near, DBW__KEY_CONNECTION_STRING) != NULL ||
				 dbw__entry_find(near, DBW__KEY_PATH) != NULL;
	/* A provider from outside takes the place that a bundled one has, and keeps it. */
	const bool is_another = near_provider != NULL && far_provider != NULL &&
				!dbw__is_outside(near_provider) && !dbw__is_outside(far_provider) &&
				strcmp(near_provider, far_provider) != 0;
	dbw__said *said = dbw_arena_alloc_zeroed(arena, near->count + far->count + 1, sizeof *said);

	*out = *near;
	if (said == NULL)
		return false;
	if (near->count != 0)
		memcpy(said, near->said, near->count * sizeof *said);
	out->said = said;
	for (size_t i = 0; i < far->count; i++) {
		const dbw__key *key = far->said[i].key;

		if ((hides_place || is_another) && key != NULL && key->group == DBW__GROUP_PLACE &&
			!says_outside(&far->said[i]))
			continue;
		if (!says(near->said, near->count, &far->said[i]))
			said[out->count++] = far->said[i];
	}
	return true;
}

const char *dbw__entry_provider(const dbw__entry *entry)
{
	const dbw__said *provider = dbw__entry_find(entry, DBW__KEY_PROVIDER);
	const dbw__said *url = dbw__entry_find(entry, DBW__KEY_CONNECTION_STRING);

	/* One from outside takes connection strings of every kind. */
	if (provider != NULL && dbw__is_written_outside(provider->value))
		return provider->value;
	if (provider != NULL && dbw__is_outside(provider->value))
		return NULL;
	if (url != NULL)
		return dbw__url_provider(url->value);
	if (provider != NULL) {
		for (const char *const *word = provider->key->words; *word != NULL; word++)
			if (strcmp(*word, provider->value) == 0)
				return *word;
		return NULL;
	}
	/* A user, a password, a port alone are no place: they may be meant for another database. */
	if (dbw__entry_find(entry, DBW__KEY_PATH) != NULL)
		return dbw__keys[DBW__KEY_PATH].provider;
	return dbw__entry_find(entry, DBW__KEY_HOST) != NULL ? dbw__keys[DBW__KEY_HOST].provider : NULL;
}

bool dbw__entry_may_be_store(const dbw__entry *entry)
{
	const dbw__said *provider = dbw__entry_find(entry, DBW__KEY_PROVIDER);

	return provider != NULL && dbw__is_outside(provider->value) &&
	       dbw__entry_find(entry, DBW__KEY_SCHEMA) == NULL;
}

const char *dbw__position_text(dbw_arena *arena, dbw_position at)
{
	if (at.file == NULL)
		return "";
	if (at.line == 0)
		return dbw_arena_copy(arena, at.file, strlen(at.file));
	return dbw_arena_printf(arena, "%s:%u:%u", at.file, (unsigned)at.line, (unsigned)at.column);
}

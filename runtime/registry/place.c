/* Where databases are: one pool for each place. */
#include "registry.h"

#include <pool/fork.h>

#include <stdlib.h>
#include <string.h>

static bool same_settings(const dbw_address *a, const dbw_address *b)
{
	if (a->setting_count != b->setting_count)
		return false;
	for (size_t i = 0; i < a->setting_count; i++)
		if (strcmp(a->settings[i].key, b->settings[i].key) != 0 ||
			strcmp(a->settings[i].value, b->settings[i].value) != 0)
			return false;
	return true;
}

static bool can_share(const dbw__place *there, const dbw__pool_options *options)
{
	const dbw__pool_settings *a = &there->options.settings, *b = &options->settings;

	return there->shareable && there->options.driver == options->driver &&
	       strcmp(there->options.address.location, options->address.location) == 0 &&
	       same_settings(&there->options.address, &options->address) && a->size == b->size &&
	       a->max_overflow == b->max_overflow && a->min_idle == b->min_idle &&
	       a->acquire_timeout_ms == b->acquire_timeout_ms && a->idle_timeout_ms == b->idle_timeout_ms &&
	       a->max_lifetime_ms == b->max_lifetime_ms && a->max_read_session_ms == b->max_read_session_ms;
}

static bool copy_text(dbw_arena *arena, const char **text)
{
	if (*text != NULL)
		*text = dbw_arena_copy(arena, *text, strlen(*text));
	return *text != NULL;
}

/* Strings of the address that live as long as the place. */
static bool copy_address(dbw_arena *arena, dbw_address *address)
{
	dbw_setting *settings = dbw_arena_alloc_zeroed(arena, address->setting_count + 1, sizeof *settings);

	if (settings == NULL || !copy_text(arena, &address->database) ||
		!copy_text(arena, &address->location))
		return false;
	for (size_t i = 0; i < address->setting_count; i++) {
		settings[i] = address->settings[i];
		if (!copy_text(arena, &settings[i].key) || !copy_text(arena, &settings[i].value))
			return false;
	}
	address->settings = settings;
	return true;
}

dbw__place *dbw__place_take(
	dbw_databases *databases, const dbw__pool_options *options, bool shareable, bool temporary)
{
	dbw__place **last = &databases->places, *made;

	for (; *last != NULL; last = &(*last)->next) {
		if (shareable && can_share(*last, options)) {
			(*last)->references++;
			return *last;
		}
	}
	made = calloc(1, sizeof *made);
	if (made == NULL)
		return NULL;
	made->options = *options;
	made->arena = dbw_arena_new(0);
	if (made->arena == NULL || !copy_address(made->arena, &made->options.address) ||
		dbw__pool_new(&made->options, &made->pool) != DBW_OK) {
		dbw_arena_free(made->arena);
		free(made);
		return NULL;
	}
	made->shareable = shareable;
	made->temporary = temporary;
	made->references = 1;
	*last = made;
	return made;
}

dbw__place *dbw__place_leave(dbw_databases *databases, dbw__place *taken)
{
	dbw__place **link = &databases->places;

	if (--taken->references != 0)
		return NULL;
	while (*link != taken)
		link = &(*link)->next;
	*link = taken->next;
	return taken;
}

dbw_status dbw__place_free(const dbw_databases *databases, dbw__place *left, dbw_error *error)
{
	dbw_status status = DBW_OK;

	dbw__pool_free(left->pool);
	/* In a child of fork() the file is the parent's. */
	if (left->temporary && databases->common.fork_count == dbw__fork_count())
		status = dbw__remove_temporary(left->options.address.location, error);
	dbw_arena_free(left->arena);
	free(left);
	return status;
}

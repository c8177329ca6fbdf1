#include "registry.h"

#include <base/suggest.h>

#include <string.h>

static bool is_path(const dbw_setting *setting)
{
	return strcmp(setting->key, "path") == 0;
}

static dbw_entry *find(dbw_entry *entries, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(entries[i].name, name) == 0)
			return &entries[i];
	}
	return NULL;
}

/* The settings of `base` with those of `over` put over them by key; without a path where `over` has a URL. */
static bool merge_settings(dbw_arena *arena, dbw_entry *base, const dbw_entry *over)
{
	size_t count = 0;
	dbw_setting *settings;

	settings = dbw_arena_alloc_zeroed(
		arena, base->setting_count + over->setting_count + 1, sizeof *settings);
	if (settings == NULL)
		return false;
	for (size_t i = 0; i < base->setting_count; i++) {
		if (over->connection_string == NULL || !is_path(&base->settings[i]))
			settings[count++] = base->settings[i];
	}
	for (size_t i = 0; i < over->setting_count; i++) {
		size_t place = 0;

		while (place < count && strcmp(settings[place].key, over->settings[i].key) != 0)
			place++;
		settings[place] = over->settings[i];
		if (place == count)
			count++;
	}
	base->settings = settings;
	base->setting_count = count;
	return true;
}

static bool merge_entry(dbw_arena *arena, dbw_entry *base, const dbw_entry *over)
{
	/* One source says where the database is: a URL there replaces a path here, and the other way round. */
	for (size_t i = 0; i < over->setting_count; i++) {
		if (is_path(&over->settings[i]))
			base->connection_string = NULL;
	}
	if (!merge_settings(arena, base, over))
		return false;
	if (over->schema != NULL)
		base->schema = over->schema;
	if (over->connection_string != NULL) {
		base->connection_string = over->connection_string;
		/* Another URL may be another provider's. */
		base->provider = NULL;
	}
	if (over->provider != NULL)
		base->provider = over->provider;
	if (over->qualifier != NULL)
		base->qualifier = over->qualifier;
	if (over->pool_size != 0)
		base->pool_size = over->pool_size;
	return true;
}

/* Whether the options say which entry is the default: then the program's own choice does not count. */
static bool choose_default(const dbw_options *options)
{
	for (size_t i = 0; i < options->entry_count; i++) {
		if (options->entries[i].is_default)
			return true;
	}
	return false;
}

static dbw_status fail_unknown(const dbw_entry *entries, size_t count, const char *name, dbw_error *error)
{
	dbw_suggestion search;

	dbw_suggestion_begin(&search, name, strlen(name));
	for (size_t i = 0; i < count; i++)
		dbw_suggestion_offer(&search, entries[i].name);
	if (search.best == NULL)
		return dbw__fail(error, DBW_CONFIG, "only: there is no database \"%s\"", name);
	return dbw__fail(error, DBW_CONFIG, "only: there is no database \"%s\"; did you mean \"%s\"?", name,
		search.best);
}

/* Keeps the entries that `only` names. */
static dbw_status keep_only(const dbw_options *options, dbw_entry *entries, size_t *count, dbw_error *error)
{
	size_t kept = 0;

	for (size_t i = 0; i < options->only_count; i++) {
		if (find(entries, *count, options->only[i]) == NULL)
			return fail_unknown(entries, *count, options->only[i], error);
	}
	for (size_t i = 0; i < *count; i++) {
		for (size_t j = 0; j < options->only_count; j++) {
			if (strcmp(entries[i].name, options->only[j]) == 0) {
				entries[kept++] = entries[i];
				break;
			}
		}
	}
	*count = kept;
	return DBW_OK;
}

dbw_status dbw__merge_entries(dbw_arena *arena, const dbw_program *program, const dbw_options *options,
	dbw_entry **out, size_t *count, dbw_error *error)
{
	static const dbw_options none;
	dbw_entry *entries;
	bool chosen;

	if (options == NULL)
		options = &none;
	entries = dbw_arena_alloc_zeroed(
		arena, program->entry_count + options->entry_count + 1, sizeof *entries);
	if (entries == NULL)
		return dbw__fail(error, DBW_OUT_OF_MEMORY, "out of memory");
	chosen = choose_default(options);
	for (size_t i = 0; i < program->entry_count; i++) {
		entries[i] = program->entries[i];
		entries[i].is_default = entries[i].is_default && !chosen;
	}
	*count = program->entry_count;
	for (size_t i = 0; i < options->entry_count; i++) {
		const dbw_entry *over = &options->entries[i];
		dbw_entry *base;

		if (over->name == NULL || over->name[0] == '\0')
			return dbw__fail(error, DBW_CONFIG, "entries[%zu]: a database needs a name", i);
		base = find(entries, *count, over->name);
		if (base == NULL) {
			base = &entries[(*count)++];
			base->name = over->name;
		}
		if (!merge_entry(arena, base, over))
			return dbw__fail(error, DBW_OUT_OF_MEMORY, "out of memory");
		base->is_default = base->is_default || over->is_default;
	}
	*out = entries;
	return options->only == NULL ? DBW_OK : keep_only(options, entries, count, error);
}

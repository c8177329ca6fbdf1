/* Which databases there are. */
#include "registry.h"

#include <base/suggest.h>
#include <string.h>

struct collection {
	dbw__wanted *items;
	size_t count;
};

static dbw__wanted *find(const struct collection *all, const char *name)
{
	for (size_t i = 0; i < all->count; i++)
		if (strcmp(all->items[i].name, name) == 0)
			return &all->items[i];
	return NULL;
}

/* The one of this name, made if there is none; there is room. */
static dbw__wanted *take(struct collection *all, const char *name)
{
	dbw__wanted *item = find(all, name);

	if (item == NULL) {
		item = &all->items[all->count++];
		item->name = name;
	}
	return item;
}

bool dbw__says_default(const dbw_entry *entry)
{
	for (size_t i = 0; i < entry->setting_count; i++) {
		const dbw_setting *setting = &entry->settings[i];

		if (setting->key != NULL && setting->value != NULL && strcmp(setting->key, "default") == 0)
			return strcmp(setting->value, "true") == 0;
	}
	return entry->is_default;
}

bool dbw__file_says_default(const dbw__entry *entry)
{
	const dbw__said *said = entry == NULL ? NULL : dbw__entry_find(entry, DBW__KEY_DEFAULT);

	return said != NULL && strcmp(said->value, "true") == 0;
}

/* Which entry is the default is said in one place: the nearest that says it at all. */
static void choose_default(struct collection *all, const dbw_options *options)
{
	bool chosen = false;

	for (size_t i = 0; i < options->entry_count; i++) {
		const dbw_entry *entry = &options->entries[i];

		if (entry->name == NULL || !dbw__says_default(entry))
			continue;
		find(all, entry->name)->is_default = true;
		chosen = true;
	}
	for (size_t i = 0; i < all->count && !chosen; i++)
		all->items[i].is_default = dbw__file_says_default(all->items[i].file);
	for (size_t i = 0; i < all->count; i++)
		chosen = chosen || all->items[i].is_default;
	for (size_t i = 0; i < all->count && !chosen; i++)
		all->items[i].is_default =
			all->items[i].compiled != NULL && dbw__says_default(all->items[i].compiled);
}

static void refuse_unknown(dbw_diagnostics *diagnostics, const struct collection *all, const char *name)
{
	dbw_suggestion search;

	dbw_suggestion_begin(&search, name, strlen(name));
	for (size_t i = 0; i < all->count; i++)
		dbw_suggestion_offer(&search, all->items[i].name);
	dbw_report(diagnostics, DBW_SEVERITY_ERROR, (dbw_position){ NULL, 0, 0 }, "unknown-database", NULL,
		"only: there is no database \"%s\"%s%s%s", name,
		search.best == NULL ? "" : "; did you mean \"", search.best == NULL ? "" : search.best,
		search.best == NULL ? "" : "\"?");
}

/* Keeps those that `only` names. */
static void keep_only(struct collection *all, dbw_diagnostics *diagnostics, const dbw_options *options)
{
	size_t kept = 0;

	for (size_t i = 0; i < options->only_count; i++) {
		const char *name = options->only[i] == NULL ? "" : options->only[i];

		if (find(all, name) == NULL)
			refuse_unknown(diagnostics, all, name);
	}
	for (size_t i = 0; i < all->count; i++) {
		for (size_t j = 0; j < options->only_count; j++) {
			if (options->only[j] != NULL && strcmp(all->items[i].name, options->only[j]) == 0) {
				all->items[kept++] = all->items[i];
				break;
			}
		}
	}
	all->count = kept;
}

static void add_compiled(struct collection *all, const dbw_entry *entries, size_t count)
{
	for (size_t i = 0; i < count; i++)
		take(all, entries[i].name)->compiled = &entries[i];
}

/* Whether the environment speaks of a database that nobody has. What it is told by lives as long as the databases. */
static bool check_variables(const dbw_databases *databases, dbw_arena *arena, dbw_diagnostics *diagnostics,
	const struct collection *all)
{
	extern char **environ;
	const dbw__environment environment = { environ, databases->dotenv };
	const char **names = dbw_arena_alloc_zeroed(arena, all->count + 1, sizeof *names);

	for (size_t i = 0; i < all->count && names != NULL; i++)
		names[i] = all->items[i].name;
	return names != NULL &&
	       dbw__environment_check_names(databases->arena, diagnostics, &environment, names, all->count);
}

bool dbw__collect_wanted(const dbw_databases *databases, dbw_arena *arena, dbw_diagnostics *diagnostics,
	const dbw_options *options, dbw__wanted **out, size_t *count)
{
	const dbw_program *program = databases->program;
	const dbw_profile *profile = databases->profile;
	struct collection all = { NULL, 0 };

	all.items = dbw_arena_alloc_zeroed(arena,
		program->entry_count + (profile == NULL ? 0 : profile->entry_count) +
			databases->file_entry_count + options->entry_count + 1,
		sizeof *all.items);
	if (all.items == NULL)
		return false;
	add_compiled(&all, program->entries, program->entry_count);
	if (profile != NULL)
		add_compiled(&all, profile->entries, profile->entry_count);
	for (size_t i = 0; i < databases->file_entry_count; i++)
		take(&all, databases->file_entries[i].name)->file = &databases->file_entries[i];
	for (size_t i = 0; i < options->entry_count; i++) {
		dbw__wanted *item;

		if (options->entries[i].name == NULL || options->entries[i].name[0] == '\0') {
			dbw_report(diagnostics, DBW_SEVERITY_ERROR, (dbw_position){ NULL, 0, 0 },
				"missing-key", NULL, "entries[%zu]: a database needs a name", i);
			continue;
		}
		item = take(&all, options->entries[i].name);
		item->program = options->entries;
		item->program_count = options->entry_count;
	}
	if (!check_variables(databases, arena, diagnostics, &all))
		return false;
	choose_default(&all, options);
	if (options->only != NULL)
		keep_only(&all, diagnostics, options);
	*out = all.items;
	*count = all.count;
	return true;
}

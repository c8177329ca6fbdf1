/* What an entry comes to be with defaults, `extends` and a profile worked in. */
#include "files.h"

#include <base/suggest.h>
#include <string.h>

/* One entry on its way; `outer` is the one that extends it. */
struct working {
	dbw__file_reader *reader;
	const dbw__sections *sections;
	const dbw__file_profile *profile;
	const char *name;
	const struct working *outer;
	bool *broken;
};

const dbw__file_entry *dbw__file_entry_find(const dbw__file_entries *entries, const char *name)
{
	for (size_t i = 0; i < entries->count; i++)
		if (strcmp(entries->items[i].name, name) == 0)
			return &entries->items[i];
	return NULL;
}

static bool put_below(struct working *working, const dbw__entry *far, dbw__entry *near)
{
	const dbw__entry before = *near;

	if (dbw__entry_merge(working->reader->arena, &before, far, near))
		return true;
	working->reader->out_of_memory = true;
	return false;
}

static void report_unknown(struct working *working, const dbw__file_entry *entry)
{
	const dbw__file_entries *known = &working->sections->databases;
	dbw_suggestion near;

	dbw_suggestion_begin(&near, entry->base, strlen(entry->base));
	for (size_t i = 0; i < known->count; i++)
		dbw_suggestion_offer(&near, known->items[i].name);
	dbw__files_report(working->reader, entry->base_at, "unknown-database",
		near.best != NULL ? dbw__files_format(working->reader, "did you mean \"%s\"?", near.best)
				  : NULL,
		"database \"%s\" extends \"%s\", which is not there", entry->name, entry->base);
}

static bool is_own(const dbw__said *said)
{
	return said->key == &dbw__keys[DBW__KEY_QUALIFIER] || said->key == &dbw__keys[DBW__KEY_DEFAULT];
}

/* What an entry hands on to one that extends it. */
static bool hand_on(struct working *working, const dbw__entry *base, dbw__entry *out)
{
	dbw__said *said = dbw__files_alloc(working->reader, base->count + 1, sizeof *said);

	*out = *base;
	out->said = said;
	out->count = 0;
	if (said == NULL)
		return false;
	for (size_t i = 0; i < base->count; i++)
		if (!is_own(&base->said[i]))
			said[out->count++] = base->said[i];
	if (dbw__entry_find(base, DBW__KEY_SCHEMA) == NULL)
		said[out->count++] =
			(dbw__said){ &dbw__keys[DBW__KEY_SCHEMA], "schema", base->name, base->at };
	return true;
}

/* The entry without defaults; false after a report. */
static bool work_in(struct working *working, dbw__entry *out)
{
	const dbw__file_entry *layers[2] = { NULL, NULL }, *extending = NULL;
	size_t count = 0;
	bool good = true;

	if (working->profile != NULL)
		layers[count] = dbw__file_entry_find(&working->profile->databases, working->name);
	count += layers[count] != NULL;
	layers[count] = dbw__file_entry_find(&working->sections->databases, working->name);
	count += layers[count] != NULL;
	if (count == 0)
		return false;
	*out = layers[0]->own;
	for (size_t i = 0; i < count; i++) {
		*working->broken |= layers[i]->broken;
		if (i != 0)
			good &= put_below(working, &layers[i]->own, out);
		if (extending == NULL && layers[i]->base != NULL)
			extending = layers[i];
	}
	if (extending != NULL && good) {
		struct working base = *working;
		dbw__entry below, handed;

		base.name = extending->base;
		base.outer = working;
		for (const struct working *each = working; each != NULL; each = each->outer) {
			if (strcmp(each->name, base.name) != 0)
				continue;
			dbw__files_report(working->reader, extending->base_at, "extends-cycle", NULL,
				"database \"%s\" extends itself", base.name);
			return false;
		}
		if (dbw__file_entry_find(&working->sections->databases, base.name) == NULL &&
			(working->profile == NULL ||
				dbw__file_entry_find(&working->profile->databases, base.name) == NULL)) {
			report_unknown(working, extending);
			return false;
		}
		good = work_in(&base, &below) && hand_on(working, &below, &handed) &&
		       put_below(working, &handed, out);
	}
	return good;
}

bool dbw__sections_entry(dbw__file_reader *reader, const dbw__sections *sections,
	const dbw__file_profile *profile, const char *name, dbw__entry *out, bool *broken)
{
	struct working working = { reader, sections, profile, name, NULL, broken };

	*broken = false;
	if (!work_in(&working, out))
		return false;
	if (profile != NULL && !put_below(&working, &profile->defaults, out))
		return false;
	return put_below(&working, &sections->defaults, out);
}

bool dbw__profile_changes(const dbw__sections *sections, const dbw__file_profile *profile, const char *name)
{
	/* By defaults, by itself, or by what it extends: one step is enough to be sure, and more is only longer code. */
	if (profile->defaults.count != 0 || dbw__file_entry_find(&profile->databases, name) != NULL)
		return true;
	const dbw__file_entry *entry = dbw__file_entry_find(&sections->databases, name);

	for (size_t steps = 0; entry != NULL && entry->base != NULL && steps <= sections->databases.count;
		steps++) {
		if (dbw__file_entry_find(&profile->databases, entry->base) != NULL)
			return true;
		entry = dbw__file_entry_find(&sections->databases, entry->base);
	}
	return false;
}

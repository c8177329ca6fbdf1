/* The sections of a file. */
#include "files.h"

#include <string.h>

static bool read_entries(
	dbw__file_reader *reader, const dbw_yaml_node *node, const char *in, dbw__file_entries *out)
{
	bool good = true;

	out->items = dbw__files_alloc(reader, node->count + 1, sizeof *out->items);
	for (size_t i = 0; i < node->count && out->items != NULL; i++) {
		const dbw_yaml_pair *pair = &node->of.pairs[i];
		const char *name = pair->key->of.text;

		good &= dbw__file_entry_read(reader, name, pair->key->position,
			dbw__files_format(reader, "database \"%s\"%s", name, in), pair->value,
			&out->items[out->count++]);
	}
	return good && out->items != NULL;
}

/* What defaults cannot say, since it is of one entry alone. */
static bool check_defaults(dbw__file_reader *reader, const dbw__file_entry *read, const char *what)
{
	static const size_t own[] = { DBW__KEY_DEFAULT, DBW__KEY_QUALIFIER, DBW__KEY_SCHEMA,
		DBW__KEY_DEPENDS_ON };
	bool good = read->base == NULL;

	if (!good)
		dbw__files_report(reader, read->base_at, "misplaced", NULL, "\"extends\" stands in %s", what);
	for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
		const dbw__said *said = dbw__entry_find(&read->own, own[i]);

		if (said == NULL)
			continue;
		good = false;
		dbw__files_report(reader, said->at, "misplaced", "say it of the database it is meant for",
			"\"%s\" stands in %s", said->name, what);
	}
	return good;
}

static bool read_defaults(
	dbw__file_reader *reader, const dbw_yaml_node *node, const char *what, dbw__entry *out)
{
	dbw__file_entry read;
	bool good = dbw__file_entry_read(reader, "defaults", node->position, what, node, &read);

	good &= check_defaults(reader, &read, what);
	if (good)
		*out = read.own;
	return good;
}

static bool read_profile(dbw__file_reader *reader, const dbw_yaml_pair *pair, dbw__file_profile *out)
{
	static const char *const profile_keys[] = { "databases", "defaults" };
	const char *what = dbw__files_format(reader, "profile \"%s\"", pair->key->of.text);
	const dbw_yaml_node *databases = dbw_yaml_get(pair->value, "databases");
	const dbw_yaml_node *defaults = dbw_yaml_get(pair->value, "defaults");
	bool good;

	out->name = pair->key->of.text;
	out->at = pair->key->position;
	if (!dbw__files_mapping(reader, pair->value, pair->key->of.text, "\"profiles\""))
		return false;
	good = dbw_yaml_check_keys(reader->diagnostics, pair->value, profile_keys,
		sizeof profile_keys / sizeof *profile_keys, what);
	if (defaults != NULL)
		good &= read_defaults(reader, defaults, dbw__files_format(reader, "the defaults of %s", what),
			&out->defaults);
	if (databases != NULL)
		good &= dbw__files_mapping(reader, databases, "databases", what) &&
			read_entries(reader, databases, dbw__files_format(reader, " in %s", what),
				&out->databases);
	return good;
}

static bool read_profiles(dbw__file_reader *reader, const dbw_yaml_node *node, dbw__sections *out)
{
	bool good = true;

	out->profiles = dbw__files_alloc(reader, node->count + 1, sizeof *out->profiles);
	for (size_t i = 0; i < node->count && out->profiles != NULL; i++)
		good &= read_profile(reader, &node->of.pairs[i], &out->profiles[out->profile_count++]);
	return good && out->profiles != NULL;
}

bool dbw__sections_read(dbw__file_reader *reader, const dbw_yaml_node *databases,
	const dbw_yaml_node *defaults, const dbw_yaml_node *profiles, dbw__sections *out)
{
	static const char in[] = "the file";
	bool good = true;

	memset(out, 0, sizeof *out);
	if (defaults != NULL)
		good &= read_defaults(reader, defaults, "\"defaults\"", &out->defaults);
	if (databases != NULL)
		good &= dbw__files_mapping(reader, databases, "databases", in) &&
			read_entries(reader, databases, "", &out->databases);
	if (profiles != NULL)
		good &= dbw__files_mapping(reader, profiles, "profiles", in) &&
			read_profiles(reader, profiles, out);
	return good && !reader->out_of_memory;
}

/* Whether both say the same key; reported then. */
static bool check_both(
	dbw__file_reader *reader, const dbw__entry *first, const dbw__entry *second, const char *what)
{
	bool good = true;

	for (size_t i = 0; i < second->count; i++) {
		for (size_t j = 0; j < first->count; j++) {
			if (second->said[i].key != first->said[j].key ||
				strcmp(second->said[i].name, first->said[j].name) != 0)
				continue;
			good = false;
			dbw__files_report(reader, second->said[i].at, "duplicate-key", "keep one of the two",
				"\"%s\" of %s is given twice", second->said[i].name, what);
			dbw_report(reader->diagnostics, DBW_SEVERITY_NOTE, first->said[j].at, "duplicate-key",
				NULL, "the first one is here");
		}
	}
	return good;
}

static bool join(
	dbw__file_reader *reader, dbw__file_entry *first, const dbw__file_entry *second, const char *what)
{
	const size_t count = first->own.count + second->own.count;
	dbw__said *said = dbw__files_alloc(reader, count + 1, sizeof *said);

	if (said == NULL)
		return false;
	if (!check_both(reader, &first->own, &second->own, what) || second->broken)
		first->broken = true;
	if (second->base != NULL) {
		first->base = second->base;
		first->base_at = second->base_at;
	}
	if (first->broken)
		return false;
	if (first->own.count != 0)
		memcpy(said, first->own.said, first->own.count * sizeof *said);
	if (second->own.count != 0)
		memcpy(said + first->own.count, second->own.said, second->own.count * sizeof *said);
	dbw__entry_begin_with_url(said, count);
	first->own.said = said;
	first->own.count = count;
	/* Each was right by itself; together they may not be. */
	first->broken = !dbw__entry_check(reader->arena, reader->diagnostics, what, &first->own);
	return !first->broken;
}

bool dbw__sections_add(
	dbw__file_reader *reader, dbw__sections *sections, const dbw__file_entry *entry, const char *what)
{
	dbw__file_entries *all = &sections->databases;
	dbw__file_entry *items;

	for (size_t i = 0; i < all->count; i++)
		if (strcmp(all->items[i].name, entry->name) == 0)
			return join(reader, &all->items[i], entry, what);
	items = dbw__files_alloc(reader, all->count + 1, sizeof *items);
	if (items == NULL)
		return false;
	if (all->count != 0)
		memcpy(items, all->items, all->count * sizeof *items);
	items[all->count++] = *entry;
	all->items = items;
	return true;
}

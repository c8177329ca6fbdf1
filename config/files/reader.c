/* A file that is read when the program runs. */
#include "files.h"

#include <entries/file.h>
#include <entries/reading.h>
#include <errno.h>
#include <string.h>

#define EXPORTED __attribute__((visibility("default")))

/* Declared for programs in <dbwright/config.h>, which stands on the headers of the runtime. */
EXPORTED bool dbw_config_reader(struct dbw__config_reading *reading);

static bool check_keys(dbw__file_reader *reader, const dbw_yaml_node *root)
{
	static const char *const keys[] = { "databases", "defaults", "profiles" };
	static const char *const project[] = { "project", "include", "schemas", "schema", "models", "mixins",
		"discover", "queries", "views", "types", "seeds" };
	bool good = true;

	for (size_t i = 0; i < sizeof project / sizeof *project; i++) {
		const dbw_yaml_pair *pair = dbw_yaml_find(root, project[i]);

		if (pair == NULL)
			continue;
		good = false;
		dbw__files_report(reader, pair->key->position, "misplaced",
			"it was compiled into the program; this file has databases, defaults and profiles",
			"\"%s\" belongs to the declarations", project[i]);
	}
	if (!good)
		return false;
	return dbw_yaml_check_keys(
		reader->diagnostics, root, keys, sizeof keys / sizeof *keys, "a configuration file");
}

static const dbw__file_profile *find_profile(const dbw__sections *sections, const char *name)
{
	for (size_t i = 0; i < sections->profile_count && name != NULL; i++)
		if (strcmp(sections->profiles[i].name, name) == 0)
			return &sections->profiles[i];
	return NULL;
}

static bool take(dbw__file_reader *reader, const dbw__sections *sections, struct dbw__config_reading *reading,
	const dbw__file_profile *profile, const char *name)
{
	bool broken;

	for (size_t i = 0; i < reading->count; i++)
		if (strcmp(reading->entries[i].name, name) == 0)
			return true;
	if (!dbw__sections_entry(reader, sections, profile, name, &reading->entries[reading->count], &broken))
		return false;
	reading->count++;
	return true;
}

/* All entries, with the profile worked in. */
static bool take_entries(
	dbw__file_reader *reader, const dbw__sections *sections, struct dbw__config_reading *reading)
{
	const dbw__file_profile *profile = find_profile(sections, reading->profile);
	const size_t more = profile == NULL ? 0 : profile->databases.count;
	bool good = true;

	reading->entries =
		dbw__files_alloc(reader, sections->databases.count + more + 1, sizeof *reading->entries);
	if (reading->entries == NULL)
		return false;
	for (size_t i = 0; i < sections->databases.count; i++)
		good &= take(reader, sections, reading, profile, sections->databases.items[i].name);
	for (size_t i = 0; i < more; i++)
		good &= take(reader, sections, reading, profile, profile->databases.items[i].name);
	return good;
}

static bool take_profiles(
	dbw__file_reader *reader, const dbw__sections *sections, struct dbw__config_reading *reading)
{
	reading->profiles = dbw__files_alloc(reader, sections->profile_count + 1, sizeof *reading->profiles);
	if (reading->profiles == NULL)
		return false;
	for (size_t i = 0; i < sections->profile_count; i++)
		reading->profiles[reading->profile_count++] = sections->profiles[i].name;
	return true;
}

static bool read_root(
	dbw__file_reader *reader, const dbw_yaml_node *root, struct dbw__config_reading *reading)
{
	dbw__sections sections;
	bool good;

	if (root->kind != DBW_YAML_MAPPING) {
		dbw__files_report(reader, root->position, "wrong-kind", NULL,
			"a configuration file must be a mapping, not %s", dbw_yaml_describe(root));
		return false;
	}
	good = check_keys(reader, root);
	good &= dbw__sections_read(reader, dbw_yaml_get(root, "databases"), dbw_yaml_get(root, "defaults"),
		dbw_yaml_get(root, "profiles"), &sections);
	good &= take_profiles(reader, &sections, reading);
	return take_entries(reader, &sections, reading) && good;
}

bool dbw_config_reader(struct dbw__config_reading *reading)
{
	const dbw_position whole = { reading->shown, 0, 0 };
	dbw__file_reader reader = { reading->arena, reading->diagnostics, false };
	const dbw_yaml_node *root;
	dbw_text_buffer text;
	bool good = false;
	int problem;

	dbw_text_init(&text, NULL, 0);
	problem = dbw__file_read(reading->path, dbw_yaml_default_limits.size, &text);
	if (problem == ENOMEM)
		reader.out_of_memory = true;
	else if (problem != 0)
		dbw__files_report(&reader, whole, "unreadable-file", NULL, "%s", strerror(problem));
	else if (dbw_yaml_parse(reading->arena, reading->diagnostics, reading->shown,
			 text.data != NULL ? text.data : "", text.length, NULL, &root))
		good = read_root(&reader, root, reading);
	dbw_text_clear(&text);
	if (reader.out_of_memory)
		dbw__files_report(&reader, whole, "out-of-memory", NULL, "out of memory");
	return good && !reader.out_of_memory;
}

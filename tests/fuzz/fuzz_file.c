/*
 * A configuration file of any bytes, with the lines of a .env file behind a NUL: all entries of all profiles, worked out and
 * resolved, with entries of the program and without.
 */
#include "fuzz.h"
#include "resolved.h"

#include <files/sections.h>

#include <string.h>

static const dbw__said program_said[] = {
	{ &dbw__keys[DBW__KEY_PASSWORD], "password", "p@ss/w:rd?", { "set by the program", 0, 0 } },
	{ &dbw__keys[DBW__KEY_POOL_SIZE], "pool_size", "${SIZE:-3}", { "set by the program", 0, 0 } },
	{ NULL, "application_name", "${NAME:-shop}", { "set by the program", 0, 0 } },
};

static bool says_true(const dbw__entry *entry, size_t key)
{
	const dbw__said *said = dbw__entry_find(entry, key);

	FUZZ_CHECK(said == NULL || strcmp(said->value, "true") == 0 || strcmp(said->value, "false") == 0);
	return said != NULL && strcmp(said->value, "true") == 0;
}

/* Each key and each option once, with a place in the file. */
static void check_entry(const dbw__entry *entry)
{
	for (size_t i = 0; i < entry->count; i++) {
		FUZZ_CHECK(entry->said[i].at.line != 0 && entry->said[i].value != NULL);
		for (size_t j = 0; j < i; j++)
			FUZZ_CHECK(entry->said[i].key != entry->said[j].key ||
				   strcmp(entry->said[i].name, entry->said[j].name) != 0);
	}
}

static void resolve(dbw_arena *arena, const dbw__environment *environment, const dbw__entry *entry)
{
	for (unsigned choice = 0; choice < 4; choice++) {
		const dbw__entry program = { entry->name, { "set by the program", 0, 0 }, program_said,
			sizeof program_said / sizeof *program_said };
		dbw_diagnostics *diagnostics = dbw_diagnostics_new(0);
		const dbw__request request = { .arena = arena,
			.diagnostics = diagnostics,
			.environment = environment,
			.root = "/base",
			.name = entry->name,
			.program = choice % 2 == 0 ? NULL : &program,
			.entries = entry,
			.entry_count = 1,
			.is_default = says_true(entry, DBW__KEY_DEFAULT),
			.shared_default = says_true(entry, DBW__KEY_SHARED_DEFAULT),
			.sqlite = choice != 3,
			.production = choice == 2 };
		dbw__resolved resolved;
		const bool good = dbw__resolve(&request, &resolved);

		fuzz_check_resolved(&request, good, &resolved);
		dbw_diagnostics_free(diagnostics);
	}
}

static void work_out(dbw__file_reader *reader, const dbw__environment *environment,
	const dbw__sections *sections, const dbw__file_profile *profile, const dbw__file_entries *entries)
{
	for (size_t i = 0; i < entries->count; i++) {
		const size_t errors = dbw_diagnostics_errors(reader->diagnostics);
		dbw__entry entry;
		bool broken;

		if (!dbw__sections_entry(
			    reader, sections, profile, entries->items[i].name, &entry, &broken)) {
			FUZZ_CHECK(dbw_diagnostics_errors(reader->diagnostics) > 0);
			continue;
		}
		FUZZ_CHECK(dbw_diagnostics_errors(reader->diagnostics) == errors);
		check_entry(&entry);
		if (!broken)
			resolve(reader->arena, environment, &entry);
	}
}

static void read_file(dbw_arena *arena, dbw_diagnostics *diagnostics, const dbw__environment *environment,
	const char *text, size_t size)
{
	dbw__file_reader reader = { arena, diagnostics, false };
	const dbw_yaml_node *root;
	dbw__sections sections;
	bool good;

	if (!dbw_yaml_parse(arena, diagnostics, "input.yaml", text, size, NULL, &root)) {
		FUZZ_CHECK(dbw_diagnostics_errors(diagnostics) != 0);
		return;
	}
	if (root->kind != DBW_YAML_MAPPING)
		return;
	good = dbw__sections_read(&reader, dbw_yaml_get(root, "databases"), dbw_yaml_get(root, "defaults"),
		dbw_yaml_get(root, "profiles"), &sections);
	FUZZ_CHECK(good == (dbw_diagnostics_errors(diagnostics) == 0) && !reader.out_of_memory);
	work_out(&reader, environment, &sections, NULL, &sections.databases);
	for (size_t i = 0; i < sections.profile_count; i++) {
		work_out(&reader, environment, &sections, &sections.profiles[i], &sections.databases);
		work_out(&reader, environment, &sections, &sections.profiles[i],
			&sections.profiles[i].databases);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data, *end = size == 0 ? NULL : memchr(text, '\0', size);
	const size_t length = end == NULL ? size : (size_t)(end - text);
	dbw_arena *arena = dbw_arena_new(0);
	dbw_diagnostics *diagnostics = dbw_diagnostics_new(0);
	char **variables = NULL;
	dbw__environment environment = { NULL, NULL };

	FUZZ_CHECK(arena != NULL && diagnostics != NULL);
	if (end == NULL ||
		dbw__dotenv_parse(arena, diagnostics, ".env", end + 1, size - length - 1, &variables)) {
		environment.file = variables;
		read_file(arena, diagnostics, &environment, text, length);
	}
	fuzz_check_diagnostics(diagnostics);
	dbw_diagnostics_free(diagnostics);
	dbw_arena_free(arena);
	return 0;
}

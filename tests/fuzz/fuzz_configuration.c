/* A .env file of any bytes, and a database that is resolved with it for an environment. */
#include "fuzz.h"
#include "resolved.h"

#include <string.h>

static void check_variables(char *const *variables)
{
	for (; *variables != NULL; variables++) {
		const char *end = strchr(*variables, '=');

		FUZZ_CHECK(end != NULL && end != *variables && strchr("0123456789", **variables) == NULL);
	}
}

static void resolve(dbw_arena *arena, char *const *variables, bool is_default)
{
	dbw_diagnostics *diagnostics = dbw_diagnostics_new(0);
	const dbw__said said[] = {
		{ &dbw__keys[DBW__KEY_CONNECTION_STRING], "connection_string", "${URL:-sqlite:a.db}",
			{ "f.yaml", 2, 3 } },
		{ &dbw__keys[DBW__KEY_POOL_SIZE], "pool_size", "${SIZE:-4}", { "f.yaml", 3, 3 } },
		{ NULL, "x", "${OPTION:-y}", { "f.yaml", 4, 3 } },
	};
	const dbw__entry entry = { "auth", { "f.yaml", 1, 1 }, said, 3 };
	const dbw__environment environment = { NULL, variables };
	const dbw__request request = { .arena = arena,
		.diagnostics = diagnostics,
		.environment = &environment,
		.root = "/base",
		.name = "auth",
		.entries = &entry,
		.entry_count = is_default ? 1 : 0,
		.is_default = is_default,
		.sqlite = true };
	dbw__resolved resolved;
	const bool good = dbw__resolve(&request, &resolved);

	fuzz_check_resolved(&request, good, &resolved);
	dbw_diagnostics_free(diagnostics);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	dbw_arena *arena = dbw_arena_new(0);
	dbw_diagnostics *diagnostics = dbw_diagnostics_new(0);
	char **variables;

	FUZZ_CHECK(arena != NULL && diagnostics != NULL);
	if (dbw__dotenv_parse(arena, diagnostics, ".env", (const char *)data, size, &variables)) {
		FUZZ_CHECK(dbw_diagnostics_errors(diagnostics) == 0);
		check_variables(variables);
		resolve(arena, variables, true);
		resolve(arena, variables, false);
	} else {
		FUZZ_CHECK(dbw_diagnostics_errors(diagnostics) != 0 && variables == NULL);
	}
	dbw_diagnostics_free(diagnostics);
	dbw_arena_free(arena);
	return 0;
}

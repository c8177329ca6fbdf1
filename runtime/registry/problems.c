/* What was found wrong, for the caller. */
#include "registry.h"

#include <string.h>

static dbw_status status_of(const char *code)
{
	if (strcmp(code, "out-of-memory") == 0)
		return DBW_OUT_OF_MEMORY;
	if (strcmp(code, "unknown-provider") == 0 || strcmp(code, "provider") == 0)
		return DBW_PROVIDER;
	return DBW_CONFIG;
}

static void fill_error(const dbw_diagnostic *first, const char *source, size_t others, dbw_error *error)
{
	dbw_status status = status_of(first->code);

	if (status == DBW_OUT_OF_MEMORY)
		dbw__fail(error, status, "out of memory");
	else if (others == 0)
		dbw__fail(error, status, "%s%s%s%s%s", source, *source == '\0' ? "" : ": ", first->message,
			first->hint == NULL ? "" : "; ", first->hint == NULL ? "" : first->hint);
	else
		dbw__fail(error, status, "%s%s%s%s%s (and %zu more)", source, *source == '\0' ? "" : ": ",
			first->message, first->hint == NULL ? "" : "; ",
			first->hint == NULL ? "" : first->hint, others);
}

dbw_status dbw__tell_problems(
	dbw_diagnostics *diagnostics, dbw_problem_function on_problem, void *argument, dbw_error *error)
{
	const size_t errors = dbw_diagnostics_errors(diagnostics);
	dbw_arena *arena = dbw_arena_new(0);
	dbw_status status = DBW_OK;

	if (arena == NULL || dbw_diagnostics_failed(diagnostics)) {
		dbw_arena_free(arena);
		return dbw__fail(error, DBW_OUT_OF_MEMORY, "out of memory");
	}
	for (size_t i = 0; i < dbw_diagnostics_count(diagnostics); i++) {
		const dbw_diagnostic *each = dbw_diagnostics_at(diagnostics, i);
		const char *source = dbw__position_text(arena, each->position);

		if (source == NULL) {
			status = dbw__fail(error, DBW_OUT_OF_MEMORY, "out of memory");
			break;
		}
		if (each->severity == DBW_SEVERITY_ERROR &&
			(status == DBW_OK || strcmp(each->code, "out-of-memory") == 0)) {
			status = status_of(each->code);
			fill_error(each, source, errors - 1, error);
		}
		if (on_problem != NULL && each->severity != DBW_SEVERITY_NOTE)
			on_problem(argument, &(dbw_problem){ each->severity == DBW_SEVERITY_ERROR,
						     *source == '\0' ? NULL : source, each->code,
						     each->message, each->hint });
	}
	dbw_arena_free(arena);
	return status;
}

void dbw__report_error(dbw_diagnostics *diagnostics, dbw_position at, const dbw_error *error)
{
	const char *code = error->status == DBW_OUT_OF_MEMORY ? "out-of-memory"
			   : error->status == DBW_PROVIDER    ? "provider"
							      : "driver";

	dbw_report(diagnostics, DBW_SEVERITY_ERROR, at, code, NULL, "%s", error->message);
}

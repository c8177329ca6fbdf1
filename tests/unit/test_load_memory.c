/* Every allocation of loading and checking fails in turn. */
#include "../memory/allocations.h"
#include "fixture_project.h"

#include <check/check.h>
#include <errno.h>
#include <load/load.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* Something of everything, and a few mistakes, since reporting takes memory, too. */
static const char project_text[] =
	"project: shop\n"
	"schema: main\n"
	"include: [parts/*.yaml]\n"
	"mixins: {noted: {fields: {note: text?}, indexes: [{fields: [note]}], checks: {c: \"length(note) < 9\"}}}\n"
	"defaults: {pool: {size: 3}}\n"
	"databases:\n"
	"  main: {connection_string: \"${URL:-sqlite:a.db}\", settings: {journal_mode: wal}}\n"
	"  test: {extends: main, path: b.db}\n"
	"profiles: {production: {databases: {main: {path: c.db}}}}\n"
	"models:\n"
	"  user:\n"
	"    mixins: [noted]\n"
	"    timestamps: true\n"
	"    soft_delete: true\n"
	"    fields: {id: id, email: {type: string(80), unique: true}, role: {type: enum, values: [a, b]}}\n"
	"    relations: {orders: {has_many: purchase}, tags: {has_many: tag, through: purchase}}\n"
	"  tag: {fields: {id: id}}\n"
	"  purchase:\n"
	"    key: [user_id, number]\n"
	"    fields: {number: int32, price: {type: 'decimal(10,2)', default: 1}, sum: {type: int32, generated: number + 1}}\n"
	"    relations: {user: {belongs_to: user}, tag: {belongs_to: tag}}\n"
	"    indexes: [{expression: \"abs(number)\", where: \"price > {dec 1}\"}]\n";

static const char part_text[] = "models:\n"
				"  part: {fields: {id: id, size: tezt}}\n"
				"  piece: {fields: {id: id}, checks: {c: \"ide > 1\"}}\n";

/* Loads and checks with what is there; true when no memory was missed. */
static bool run(dbw_arena *arena, dbw_diagnostics *diagnostics)
{
	ir_project *project;
	bool good = ir_load_project(arena, diagnostics, "dbwright.yaml", &project);
	bool out_of_memory = dbw_diagnostics_failed(diagnostics);

	if (project != NULL)
		good &= ir_check_project(project, diagnostics);
	/* The project has mistakes: it is never good, with memory or without. */
	assert_false(good);
	for (size_t i = 0; i < dbw_diagnostics_count(diagnostics); i++) {
		const dbw_diagnostic *said = dbw_diagnostics_at(diagnostics, i);

		/* Reading a file says it in the words of the system. */
		out_of_memory |= strcmp(said->code, "out-of-memory") == 0 ||
				 strstr(said->message, strerror(ENOMEM)) != NULL;
	}
	return !out_of_memory && !dbw_diagnostics_failed(diagnostics);
}

static void memory__fails_at_every_allocation(void **state)
{
	size_t needed;

	(void)state;
	enter_folder();
	write_file("dbwright.yaml", project_text);
	write_file("parts/a.yaml", part_text);
	write_file("parts/b.yaml", "schema: main\nmodels: {other: {fields: {id: id}}}\n");
	write_file(
		"apps/far/database.yaml", "schema: main\nconnection_string: postgresql://db.example/far\n");
	for (int on = 0; on < 2; on++) {
		bool enough = false;

		for (needed = 1; !enough; needed++) {
			dbw_arena *arena;
			dbw_diagnostics *diagnostics;
			bool missed;

			arena = dbw_arena_new(0);
			diagnostics = dbw_diagnostics_new(0);
			assert_non_null(arena);
			assert_non_null(diagnostics);
			allocations_fail(needed, on == 1);
			enough = run(arena, diagnostics);
			missed = allocations_recover();
			/* Whoever missed memory says so; enough is only when the failing one was never asked for. */
			if (enough && dbw_diagnostics_errors(diagnostics) != 2)
				fail_msg("allocation %zu: %s", needed,
					dbw_diagnostics_at(diagnostics, 0)->message);
			if (enough && missed)
				fail_msg("allocation %zu failed and nobody said so", needed);
			dbw_diagnostics_free(diagnostics);
			dbw_arena_free(arena);
		}
		assert_true(needed > 10);
	}
	leave_folder();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(memory__fails_at_every_allocation),
	};

	return cmocka_run_group_tests_name("load_memory", tests, NULL, NULL);
}

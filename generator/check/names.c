#include "names_private.h"

#include <stdarg.h>
#include <string.h>

void ir__names_report(ir__names *names, dbw_severity severity, dbw_position position, const char *code,
	const char *hint, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	dbw_vreport(names->diagnostics, severity, position, code, hint, format, arguments);
	va_end(arguments);
}

const char *ir__names_keep(ir__names *names)
{
	const char *copy = names->text.failed ? NULL
					      : dbw_arena_copy(names->project->arena, names->text.data,
							names->text.length);

	if (copy == NULL)
		names->out_of_memory = true;
	return copy;
}

const ir__thing *ir__names_claim(ir__names *names, const char *name, const ir__thing *thing)
{
	uint64_t hash = ir__name_hash(name, strlen(name));
	const ir__thing *first = ir__table_find(&names->table, name, hash);

	if (first == NULL && !ir__table_add(&names->table, name, hash, thing))
		names->out_of_memory = true;
	return first;
}

void ir__names_fix(ir__names *names, const char *name, size_t length, const ir__thing *thing)
{
	const char *copy = dbw_arena_copy(names->project->arena, name, length);

	if (copy == NULL || !ir__table_add(&names->fixed, copy, ir__name_hash(copy, length), thing))
		names->out_of_memory = true;
}

/* All that looks at one model alone is done at once: a large project does not fit into any cache. */
static void check_schema(ir__names *names, const ir_schema *schema)
{
	bool prefix_is_good = ir__check_schema_words(names, schema);

	for (size_t i = 0; i < schema->model_count; i++) {
		ir_model *model = schema->models[i];

		ir__derive_database_names(names, model);
		ir__derive_c_names(names, model);
		if (names->out_of_memory)
			return;
		ir__check_model_words(names, model, prefix_is_good);
		ir__check_members(names, model);
		ir__check_table(names, model);
		ir__check_inside(names, model);
	}
	ir__check_schema_tables(names, schema);
}

bool ir_check_names(ir_project *project, dbw_diagnostics *diagnostics)
{
	size_t errors = dbw_diagnostics_errors(diagnostics);
	ir__names names = { .project = project, .diagnostics = diagnostics };
	char storage[512];

	dbw_text_init(&names.text, storage, sizeof(storage));
	names.scratch = dbw_arena_new(0);
	names.out_of_memory = names.scratch == NULL;
	names.reported = errors != 0;
	if (!names.out_of_memory) {
		ir__fix_words(&names);
		ir__name_members(&names);
	}
	if (!names.out_of_memory) {
		ir__fix_shapes(&names);
		ir__check_project_word(&names);
	}
	for (size_t i = 0; i < project->schema_count && !names.out_of_memory; i++)
		check_schema(&names, project->schemas[i]);
	if (!names.out_of_memory) {
		ir__check_files(&names);
		ir__check_identifiers(&names);
	}
	if (names.out_of_memory || names.text.failed)
		ir__names_report(&names, DBW_SEVERITY_ERROR, project->name.position, "out-of-memory", NULL,
			"out of memory while the names were checked");
	ir__table_clear(&names.table);
	ir__table_clear(&names.fixed);
	dbw_arena_free(names.scratch);
	dbw_text_clear(&names.text);
	return dbw_diagnostics_errors(diagnostics) == errors && !dbw_diagnostics_failed(diagnostics);
}

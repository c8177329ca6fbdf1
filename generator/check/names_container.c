/*
 * Members of the program's container, a handle for each database: named by the entries, in their order. A schema that
 * no entry is of has a member of its own name, since the program may bring a database for it.
 */
#include "names_private.h"

#include <string.h>

/* A word of C or C++, or a macro of the C library, gets an underscore: no other member ends in one. */
static const char *member_name(ir__names *names, const char *name)
{
	if (ir__table_find(&names->fixed, name, ir__name_hash(name, strlen(name))) == NULL)
		return name;
	dbw_text_truncate(&names->text, 0);
	dbw_text_append_z(&names->text, name);
	dbw_text_append_char(&names->text, '_');
	return ir__names_keep(names);
}

static void add_member(
	ir__names *names, const char *name, const ir_schema *schema, const ir_database *database)
{
	ir_project *project = names->project;
	const char *c_name = member_name(names, name);

	for (size_t i = 0; i < project->member_count && c_name != NULL; i++)
		if (strcmp(project->members[i].c_name, c_name) == 0)
			return;
	project->members[project->member_count++] = (ir_member){ c_name, schema, database };
}

static bool has_entry(const ir_project *project, const ir_schema *schema)
{
	for (size_t i = 0; i < project->database_count; i++)
		if (project->databases[i]->schema == schema)
			return true;
	return false;
}

void ir__name_members(ir__names *names)
{
	ir_project *project = names->project;

	project->members = dbw_arena_alloc_zeroed(project->arena,
		project->database_count + project->schema_count + 1, sizeof(*project->members));
	if (project->members == NULL) {
		names->out_of_memory = true;
		return;
	}
	for (size_t i = 0; i < project->database_count; i++) {
		const ir_database *database = project->databases[i];

		/* What has none was reported. */
		if (database->schema != NULL)
			add_member(names, database->name.text, database->schema, database);
	}
	for (size_t i = 0; i < project->schema_count; i++) {
		const ir_schema *schema = project->schemas[i];

		if (schema->model_count != 0 && !has_entry(project, schema))
			add_member(names, schema->name.text, schema, NULL);
	}
}

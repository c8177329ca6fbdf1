#include "fixture_project.h"

#include <check/check.h>
#include <load/load.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <ftw.h>

static char folder[64];
static char before[4096];

void enter_folder(void)
{
	assert_non_null(getcwd(before, sizeof(before)));
	strcpy(folder, "/tmp/dbwright-test-XXXXXX");
	assert_non_null(mkdtemp(folder));
	assert_int_equal(chdir(folder), 0);
}

static int remove_one(const char *path, const struct stat *about, int kind, struct FTW *place)
{
	(void)about;
	(void)kind;
	(void)place;
	return remove(path);
}

void leave_folder(void)
{
	assert_int_equal(chdir(before), 0);
	assert_int_equal(nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS), 0);
}

void write_file(const char *path, const char *text)
{
	char part[256];
	FILE *file;

	for (const char *slash = strchr(path, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
		snprintf(part, sizeof(part), "%.*s", (int)(slash - path), path);
		mkdir(part, 0700);
	}
	file = fopen(path, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
	assert_int_equal(fclose(file), 0);
}

struct loaded load_path(const char *path, bool check)
{
	struct loaded loaded = { .arena = dbw_arena_new(0), .diagnostics = dbw_diagnostics_new(0) };

	assert_non_null(loaded.arena);
	assert_non_null(loaded.diagnostics);
	loaded.good = ir_load_project(loaded.arena, loaded.diagnostics, path, &loaded.project);
	if (check && loaded.project != NULL)
		loaded.good &= ir_check_project(loaded.project, loaded.diagnostics);
	dbw_text_init(&loaded.text, NULL, 0);
	dbw_diagnostics_render(loaded.diagnostics, false, &loaded.text);
	assert_false(loaded.text.failed);
	assert_int_equal(loaded.good, dbw_diagnostics_errors(loaded.diagnostics) == 0);
	return loaded;
}

struct loaded load_text(const char *text, bool check)
{
	struct loaded loaded;

	enter_folder();
	write_file("dbwright.yaml", text);
	loaded = load_path("dbwright.yaml", check);
	leave_folder();
	return loaded;
}

void unload(struct loaded *loaded)
{
	dbw_text_clear(&loaded->text);
	dbw_diagnostics_free(loaded->diagnostics);
	dbw_arena_free(loaded->arena);
}

ir_model *model_of(const struct loaded *loaded, const char *name)
{
	ir_model *model = NULL;

	assert_non_null(loaded->project);
	for (size_t i = 0; model == NULL && i < loaded->project->schema_count; i++)
		model = ir_find_model(loaded->project->schemas[i], name);
	assert_non_null(model);
	return model;
}

ir_field *field_of(const ir_model *model, const char *name)
{
	ir_field *field = ir_find_field(model, name);

	assert_non_null(field);
	return field;
}

ir_relation *relation_of(const ir_model *model, const char *name)
{
	ir_relation *relation = ir_find_relation(model, name);

	assert_non_null(relation);
	return relation;
}

ir_index *index_of(const ir_model *model, const char *name)
{
	for (size_t i = 0; i < model->index_count; i++)
		if (model->indexes[i]->name.text != NULL && strcmp(model->indexes[i]->name.text, name) == 0)
			return model->indexes[i];
	return NULL;
}

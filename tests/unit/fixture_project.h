/* Projects for tests: YAML files in a folder of their own, loaded and checked from there. */
#ifndef FIXTURE_PROJECT_H
#define FIXTURE_PROJECT_H

#include <base/arena.h>
#include <base/diagnostic.h>
#include <model/find.h>
#include <stdbool.h>

/* A loaded project. `text` is what a person would see, paths relative to the project's folder. */
struct loaded {
	dbw_arena *arena;
	dbw_diagnostics *diagnostics;
	ir_project *project; /* NULL if there is nothing to check. */
	bool good;
	dbw_text_buffer text;
};

/* Makes an empty folder and enters it; leave with leave_folder(). */
void enter_folder(void);
/* Goes back, and removes the folder with all that is in it. */
void leave_folder(void);
/* Writes a file below the present folder, and the folders on its path. */
void write_file(const char *path, const char *text);

/* Loads the project file at `path`, and checks it if `check`. Release with unload(). */
struct loaded load_path(const char *path, bool check);
/* The same for one project file with this text, in a folder of its own. */
struct loaded load_text(const char *text, bool check);
void unload(struct loaded *loaded);

/* The model, field, relation of a name, which has to be there. */
ir_model *model_of(const struct loaded *loaded, const char *name);
ir_field *field_of(const ir_model *model, const char *name);
ir_relation *relation_of(const ir_model *model, const char *name);
/* The index of a database name; NULL if there is none. */
ir_index *index_of(const ir_model *model, const char *name);

#endif

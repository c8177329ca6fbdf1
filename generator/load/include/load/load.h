/** The loader: a project's YAML files into the intermediate representation. */
#ifndef DBWRIGHT_LOAD_LOAD_H
#define DBWRIGHT_LOAD_LOAD_H

#include <base/arena.h>
#include <base/diagnostic.h>
#include <model/model.h>
#include <stdbool.h>

/**
 * Reads the project file at `path` and every file it includes. Everything wrong with the form of the declarations is
 * reported, with positions: YAML that is no YAML, unknown keys, values of the wrong kind, names that are none.
 *
 * `*out` is the project, in `arena`, holding all that could be read, so that the checker can say more about it; it is
 * NULL where there is nothing to check (the project file cannot be read, or memory is short). Members that the IR
 * marks "C" are not filled yet.
 *
 * \return true when no error was reported in this call.
 */
bool ir_load_project(dbw_arena *arena, dbw_diagnostics *diagnostics, const char *path, ir_project **out);

#endif

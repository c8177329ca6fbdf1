/** A new project: declarations, a program, a test and what builds them, from templates/init/. */
#ifndef DBWRIGHT_RENDER_STARTER_H
#define DBWRIGHT_RENDER_STARTER_H

#include <base/arena.h>
#include <base/diagnostic.h>
#include <stdbool.h>
#include <stddef.h>

/** What is wanted. Borrowed for the call. */
typedef struct ir_starter {
	const char *folder; /**< Made if it is not there, with the folders above it. */
	const char *name;   /**< A name without an ir_starter_name_problem(). */
	const char *build;  /**< "cmake", "make" or "meson". */
} ir_starter;

/** What was made. The texts are in the arena. */
typedef struct ir_starter_result {
	size_t files;
	const char *const
		*commands; /**< What to type in the folder to build, test and run it, ended by NULL. */
} ir_starter_result;

/**
 * A project's name from that of a folder: its last part in lower case, with `_` for what no name may have. "app" where
 * nothing is left. NULL when memory is short.
 */
const char *ir_starter_name(dbw_arena *arena, const char *folder);

/**
 * What is wrong with a name for a new project, as the end of a sentence that begins with the name: what
 * ir_name_problem() says, or that a build system means something else by it. NULL for a good one. The text is static.
 */
const char *ir_starter_name_problem(const char *name, const char *build);

/**
 * Writes the project: all files or, after an error, none. False after an error, which is reported: "file-exists" for
 * each file that is there already, "write-failed", "out-of-memory".
 */
bool ir_render_starter(
	dbw_arena *arena, const ir_starter *starter, ir_starter_result *result, dbw_diagnostics *diagnostics);

#endif

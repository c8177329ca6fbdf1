/* Files: written only when that changes something, and never half. */
#ifndef DBWRIGHT_RENDER_WRITE_H
#define DBWRIGHT_RENDER_WRITE_H

#include <base/diagnostic.h>
#include <stdbool.h>
#include <stddef.h>

/**
 * Gives the file at `path` this content. One that has it is not touched. Any other is written beside it and renamed, so
 * that it is as before when something fails. Folders that are missing are made. `*changed` (NULL if not wanted) is
 * whether the file is new or other than before. False, with a report, when it cannot be written.
 */
bool ir__write_file(
	const char *path, const char *text, size_t length, bool *changed, dbw_diagnostics *diagnostics);

/** A file that is written and has not its name yet. Zeroed: there is none. Private. */
typedef struct ir__beside {
	char *path; /* Where it goes; from malloc, with `name` behind it. */
	char *name; /* What it is called until then. */
} ir__beside;

/**
 * The first half of ir__write_file(), for a file that has another content: writes the new one beside it. False, with a
 * report, when that cannot be done: nothing of it is left. Else ir__place_file() or ir__drop_file() has to follow.
 */
bool ir__write_beside(
	ir__beside *beside, const char *path, const char *text, size_t length, dbw_diagnostics *diagnostics);

/**
 * The second half: puts the file in its place. It takes no memory. False, with a report, when
 * that cannot be done: nothing is left beside the old file. True where there is none to put.
 */
bool ir__place_file(ir__beside *beside, dbw_diagnostics *diagnostics);

/** Removes the file that waits beside its place, if there is one. */
void ir__drop_file(ir__beside *beside);

/**
 * Makes a file that is not there, and the folders that are missing; never writes to one that is there. False, with a
 * report, when it cannot be made: nothing of it is left.
 */
bool ir__create_file(const char *path, const char *text, size_t length, dbw_diagnostics *diagnostics);

/** Whether there is a file at `path` with exactly this content. */
bool ir__file_has(const char *path, const char *text, size_t length);

/**
 * Opens a new file for reading and writing that has no name, in `folder`, which is made if it is not there. The file is gone
 * when it is closed. Returns an error of errno.h, 0 if there is none.
 */
int ir__open_nameless(const char *folder, int *file);

/** Appends to an open file. Returns an error of errno.h, 0 if there is none. */
int ir__append_file(int file, const char *text, size_t length);

/** Reports that the file at `path` cannot be written, with an error of errno.h. Returns false. */
bool ir__write_failed(dbw_diagnostics *diagnostics, const char *path, int error);

/** Gives the file the content and the present time, also where it had the content. Else as ir__write_file(). */
bool ir__touch_file(const char *path, const char *text, size_t length, dbw_diagnostics *diagnostics);

#endif

/* What earlier runs have made in an output folder: files that are no longer made go. */
#ifndef DBWRIGHT_RENDER_MANIFEST_H
#define DBWRIGHT_RENDER_MANIFEST_H

#include "write.h"

#include <base/diagnostic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** What tells whether a file is as it was written. */
uint64_t ir__checksum(const char *text, size_t length);

/** A file that was made. Borrowed. */
typedef struct ir__made {
	const char *path; /**< Below the output folder. */
	uint64_t sum;     /**< ir__checksum() of its text. */
} ir__made;

/**
 * Writes the list of what was made beside its place `path`, if it is another one. ir__place_file() or ir__drop_file() has
 * to follow. False with a report: "write-failed", "out-of-memory".
 */
bool ir__write_list(
	ir__beside *list, const char *path, const ir__made *made, size_t count, dbw_diagnostics *diagnostics);

/**
 * Removes the files of `folder` that the list of the last run, at `path`, has and `made` has not. A file is removed only
 * where it is byte for byte what was made; one that was changed since is reported as "stale-file", a warning. Folders that
 * become empty go, too. `*removed` is how many files went.
 *
 * False with a report: "remove-failed", "out-of-memory".
 */
bool ir__tidy_folder(const char *folder, const char *path, const ir__made *made, size_t count,
	size_t *removed, dbw_diagnostics *diagnostics);

#endif

/* What earlier runs have made in an output folder: files that are no longer made go. */
#ifndef DBWRIGHT_RENDER_MANIFEST_H
#define DBWRIGHT_RENDER_MANIFEST_H

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
 * Removes the files of `folder` that its list, the file `name`, has and `made` has not, and makes the list anew. A file is
 * removed only where it is byte for byte what was made; one that was changed since is reported as "stale-file", a
 * warning, and is in no list any more. Folders that become empty go, too. `*removed` is how many files went.
 *
 * False with a report: "remove-failed", "write-failed", "out-of-memory".
 */
bool ir__tidy_folder(const char *folder, const char *name, const ir__made *made, size_t count,
	size_t *removed, dbw_diagnostics *diagnostics);

#endif

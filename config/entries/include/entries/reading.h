/** What the runtime asks a reader of configuration files, without knowing how it reads. */
#ifndef DBWRIGHT_ENTRIES_READING_H
#define DBWRIGHT_ENTRIES_READING_H

#include <entries/entry.h>

#ifdef __cplusplus
extern "C" {
#endif

/** One reading of a file. */
struct dbw__config_reading {
	dbw_arena *arena; /**< Of everything that is given back. */
	dbw_diagnostics *diagnostics;
	const char *path;    /**< Of the file. */
	const char *shown;   /**< What messages call it. */
	const char *profile; /**< NULL or "": none. */
	dbw__entry *entries; /**< Given back: defaults, `extends` and the profile are worked in. */
	size_t count;
	const char **profiles; /**< Given back: the names of all profiles in the file. */
	size_t profile_count;
};

#ifdef __cplusplus
}
#endif

#endif

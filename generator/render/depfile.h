/* Dependencies in the syntax of Make, as Make and Ninja read them. */
#ifndef DBWRIGHT_RENDER_DEPFILE_H
#define DBWRIGHT_RENDER_DEPFILE_H

#include <base/text.h>

/**
 * Appends "target: path path ..." and, for every path, a rule without a recipe, so that Make does not stop when a file
 * that was read is gone.
 */
void ir__depfile(dbw_text_buffer *out, const char *target, const char *const *paths, size_t count);

#endif

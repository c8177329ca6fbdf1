/** Small files: secrets and .env. */
#ifndef DBWRIGHT_ENTRIES_FILE_H
#define DBWRIGHT_ENTRIES_FILE_H

#include <base/text.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Appends all of the file at `path` to `out`. 0, or an errno: EFBIG when it holds more than `limit` bytes, EISDIR for
 * a folder, ENOMEM, or what the system says. `out` then has a part of it.
 */
int dbw__file_read(const char *path, size_t limit, dbw_text_buffer *out);

#ifdef __cplusplus
}
#endif

#endif

/**
 * Short texts by name, in a folder: a store, for entries that say
 *
 *     provider: libmemo.so:memo_provider
 *     path: memos
 */
#ifndef MEMO_H
#define MEMO_H

#include <dbwright/databases.h>

enum { MEMO_SIZE = 256 };

/**
 * An open store; any thread. A program that loads the library cannot link its functions: they come with the handle.
 * Names are letters, digits and `_`.
 */
typedef struct memo {
	/** Keeps a text. DBW_INVALID: a wrong name, or a text longer than MEMO_SIZE - 1. DBW_ENGINE: the file's failure. */
	dbw_status (*put)(struct memo *memo, const char *name, const char *text, dbw_error *error);
	/** Gives it back. DBW_NOT_FOUND; DBW_INVALID; DBW_ENGINE. */
	dbw_status (*get)(struct memo *memo, const char *name, char out[MEMO_SIZE], dbw_error *error);
} memo;

/** The memo of an entry. Errors as dbw_databases_store(). */
static inline dbw_status memo_of(dbw_databases *dbs, const char *entry, memo **out, dbw_error *error)
{
	void *handle;
	dbw_status status = dbw_databases_store(dbs, entry, "memo", &handle, error);

	*out = (memo *)handle;
	return status;
}

#endif

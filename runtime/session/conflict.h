/* Finds the declared constraint behind a violation. */
#ifndef DBWRIGHT_SESSION_CONFLICT_H
#define DBWRIGHT_SESSION_CONFLICT_H

#include <session/lease.h>

/*
 * After a call that gave DBW_CONFLICT and before anything else is sent: sets constraint and message of the
 * lease's error. The message names model, fields and constraint; the declaration's `message:` follows where
 * there is one. Where the engine does not name a foreign key, the parents of the values that were
 * bound are looked for and, for a row that is removed, its children; the constraint stays NULL where that
 * does not tell.
 */
void dbw__explain_conflict(dbw__lease *lease, const dbw__call *call);

/* foreign_key.c: the foreign key that the call broke, NULL if it cannot be found. */
const dbw_constraint *dbw__find_broken_foreign_key(dbw__lease *lease, const dbw__call *call);

#endif

/** What accessors do, in small, for tests of the session layer alone: a call each through enter, driver and
 * leave. */
#ifndef FIXTURE_SESSION_H
#define FIXTURE_SESSION_H

#include "fixture_user.h"

#include <session/lease.h>

/** Makes all tables of the schema; a writer. */
dbw_status fixture_create(dbw_session session);

/** Inserts a user with these; name NULL binds NULL. */
dbw_status fixture_insert_user(dbw_session session, const char *name, const char *email, int64_t balance);

/** Inserts a session of a user. */
dbw_status fixture_insert_session(dbw_session session, const char *token, int64_t user_id);

/** Inserts a note of a user. */
dbw_status fixture_insert_note(dbw_session session, const char *title, int64_t user_id);

/** Moves a session to another user. */
dbw_status fixture_move_session(dbw_session session, int64_t id, int64_t user_id);

/** Removes a user by id. */
dbw_status fixture_delete_user(dbw_session session, int64_t id);

/** The number of rows of a table; by way of a shape. */
dbw_status fixture_count(dbw_session session, const char *table, int64_t *out);

#endif

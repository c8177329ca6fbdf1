/* What the parts of the program give each other. */
#ifndef MULTI_H
#define MULTI_H

#include <multi_databases.h>
#include <stdbool.h>

/* Prints an error; false, so that `return fail(&err)` will do. */
bool fail(const dbw_error *error);

/* accounts.c: the id of the account with this address, which is made if need be. */
bool sign_up(auth_database accounts, const char *name, const char *email, int64_t *id);

/* report.c: who has bought what, from the databases auth and primary. */
bool report(const multi_databases *on);

#endif

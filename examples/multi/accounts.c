#include "multi.h"

#include <auth.h>

bool sign_up(auth_database accounts, const char *name, const char *email, int64_t *id)
{
	account row = ACCOUNT_INIT;
	auth_session s;
	dbw_error err;

	row.name = name;
	row.email = email;
	if (auth_begin_on(accounts, "sign up", &s, &err) != DBW_OK)
		return fail(&err);
	dbw_status status = account_upsert_by_email(s, &row, (account_columns){ .name = true });
	if (status == DBW_OK)
		status = auth_commit(s);
	if (status != DBW_OK)
		fail(dbw_session_error(s.any));
	auth_end(s);
	*id = row.id;
	return status == DBW_OK;
}

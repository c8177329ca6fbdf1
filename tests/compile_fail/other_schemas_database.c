// error: incompatible type|could not convert|no matching function|no known conversion
// also: c++17
/* A session begun on a database of another schema. */
#include <mistakes_databases.h>

dbw_status look(mistakes_databases databases, dbw_error *error)
{
	auth_session s;
#ifdef FIXED
	auth_database database = databases.auth;
#else
	billing_database database = databases.billing;
#endif

	if (auth_begin_on(database, "look", &s, error) != DBW_OK)
		return error->status;
	return auth_end(s);
}

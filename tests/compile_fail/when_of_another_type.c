// error: incompatible type|no match for .operator=.|no viable overloaded
// also: c++17
/* A condition around a filter of another type. */
#include <auth.h>

dbw_status list(auth_reader r, user_list *out)
{
	user_query query;

	memset(&query, 0, sizeof query);
#ifdef FIXED
	query.where.email = dbw_when(out != NULL, dbw_eq("1"));
#else
	query.where.email = dbw_when(out != NULL, dbw_eq(1));
#endif
	return user_find(r, &query, out);
}

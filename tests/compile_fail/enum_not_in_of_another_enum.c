// error: incompatible type|no match for .operator=.|no viable overloaded
// also: c++17
/* A list of another enum's values. */
#include <auth.h>

dbw_status list(auth_reader r, user_list *out)
{
	const user_role roles[] = { USER_ROLE_ADMIN };
	user_query query;

	memset(&query, 0, sizeof query);
#ifdef FIXED
	query.where.role = user_role_not_in(roles, 1);
#else
	query.where.mood = user_role_not_in(roles, 1);
#endif
	return user_find(r, &query, out);
}

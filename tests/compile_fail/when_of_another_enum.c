// error: incompatible|type mismatch|different types
// also: c++17
/* The condition of one enum around the filter of another. */
#include <auth.h>

dbw_status list(auth_reader r, user_list *out)
{
	user_query query;

	memset(&query, 0, sizeof query);
#ifdef FIXED
	query.where.role = user_role_when(out != NULL, user_role_eq(USER_ROLE_ADMIN));
#else
	query.where.role = user_role_when(out != NULL, user_mood_eq(USER_MOOD_CALM));
#endif
	return user_find(r, &query, out);
}

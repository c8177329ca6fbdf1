// error: incompatible type
/* An enum column compared by dbw_eq() instead of its own function. */
#include <auth.h>

dbw_status list(auth_reader r, user_list *out)
{
#ifdef FIXED
	return user_find(r, &(user_query){ .where = { .role = user_role_eq(USER_ROLE_ADMIN) } }, out);
#else
	return user_find(r, &(user_query){ .where = { .role = dbw_eq(1) } }, out);
#endif
}

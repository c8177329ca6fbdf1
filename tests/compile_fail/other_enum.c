// error: incompatible type
/* The filter of another enum. */
#include <auth.h>

dbw_status list(auth_reader r, user_list *out)
{
#ifdef FIXED
	return user_find(r, &(user_query){ .where = { .role = user_role_eq(USER_ROLE_ADMIN) } }, out);
#else
	return user_find(r, &(user_query){ .where = { .role = user_mood_eq(USER_MOOD_CALM) } }, out);
#endif
}

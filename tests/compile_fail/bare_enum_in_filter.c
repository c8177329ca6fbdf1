// warning: dbw_write_dbw_eq_or_its_kind
/* An enumerator where a filter belongs. */
#include <auth.h>

dbw_status list(auth_reader r, user_list *out)
{
#ifdef FIXED
	return user_find(r, &(user_query){ .where = { .role = user_role_eq(USER_ROLE_ADMIN) } }, out);
#else
	return user_find(r, &(user_query){ .where = { .role = USER_ROLE_ADMIN } }, out);
#endif
}

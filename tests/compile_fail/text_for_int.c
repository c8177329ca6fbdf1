// error: incompatible type
/* Text compared with an integer column. */
#include <auth.h>

dbw_status list(auth_reader r, user_list *out)
{
#ifdef FIXED
	return user_find(r, &(user_query){ .where = { .id = dbw_eq(1) } }, out);
#else
	return user_find(r, &(user_query){ .where = { .id = dbw_eq("1") } }, out);
#endif
}

// error: incompatible type
/* A bare number compared with a time. */
#include <auth.h>

dbw_status list(auth_reader r, user_list *out)
{
#ifdef FIXED
	return user_find(
		r, &(user_query){ .where = { .created_at = dbw_ge((dbw_timestamp){ 1000000 }) } }, out);
#else
	return user_find(r, &(user_query){ .where = { .created_at = dbw_ge(1000000) } }, out);
#endif
}

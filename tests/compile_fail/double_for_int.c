// error: incompatible type
/* A floating number compared with an integer column. */
#include <auth.h>

dbw_status list(auth_reader r, user_list *out)
{
#ifdef FIXED
	return user_find(r, &(user_query){ .where = { .id = dbw_eq(15) } }, out);
#else
	return user_find(r, &(user_query){ .where = { .id = dbw_eq(1.5) } }, out);
#endif
}

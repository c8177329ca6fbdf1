// error: dbw_write_dbw_eq_or_its_kind|incompatible types when initializing
/* A number with a point where a filter belongs. */
#include <auth.h>

dbw_status list(auth_reader r, user_list *out)
{
#ifdef FIXED
	return user_find(r, &(user_query){ .where = { .age = dbw_eq(6) } }, out);
#else
	return user_find(r, &(user_query){ .where = { .age = 6.5 } }, out);
#endif
}

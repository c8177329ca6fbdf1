// warning: dbw_write_dbw_eq_or_its_kind
/* A text where a filter belongs. */
#include <auth.h>

dbw_status list(auth_reader r, user_list *out)
{
#ifdef FIXED
	return user_find(r, &(user_query){ .where = { .email = dbw_eq("a") } }, out);
#else
	return user_find(r, &(user_query){ .where = { .email = "a" } }, out);
#endif
}

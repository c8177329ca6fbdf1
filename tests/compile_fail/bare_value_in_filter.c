// warning: dbw_write_dbw_eq_or_its_kind
/* An integer where a filter belongs. */
#include <auth.h>

dbw_status list(auth_reader r, user_list *out)
{
#ifdef FIXED
	return user_find(r, &(user_query){ .where = { .id = dbw_eq(6) } }, out);
#else
	return user_find(r, &(user_query){ .where = { .id = 6 } }, out);
#endif
}

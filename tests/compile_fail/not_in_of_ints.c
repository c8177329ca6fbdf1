// error: no matching|not compatible with any association|no association|not compatible with
/* dbw_not_in() takes int64_t, not int: the width of the list's items is known. */
#include <auth.h>

dbw_status list(auth_reader r, user_list *out)
{
#ifdef FIXED
	const int64_t ids[] = { 1, 2 };
#else
	const int ids[] = { 1, 2 };
#endif

	return user_find(r, &(user_query){ .where = { .id = dbw_not_in(ids, 2) } }, out);
}

// error: compatible with any generic association|not compatible with any
/* A sum in a text column. */
#include <auth.h>

dbw_status change(auth_session s)
{
#ifdef FIXED
	return user_update_where(
		s, &(user_change){ .where = { .id = dbw_eq(1) }, .set = { .age = dbw_add(1) } }, NULL);
#else
	return user_update_where(
		s, &(user_change){ .where = { .id = dbw_eq(1) }, .set = { .email = dbw_add("x") } }, NULL);
#endif
}

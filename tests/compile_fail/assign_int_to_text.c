// error: incompatible type
/* A text column set to a number. */
#include <auth.h>

dbw_status change(auth_session s)
{
#ifdef FIXED
	return user_update_where(
		s, &(user_change){ .where = { .id = dbw_eq(1) }, .set = { .email = dbw_set("1") } }, NULL);
#else
	return user_update_where(
		s, &(user_change){ .where = { .id = dbw_eq(1) }, .set = { .email = dbw_set(1) } }, NULL);
#endif
}

// warning: dbw_write_dbw_set_or_its_kind
/* A text where an assignment belongs. */
#include <auth.h>

dbw_status change(auth_session s)
{
#ifdef FIXED
	return user_update_where(
		s, &(user_change){ .where = { .id = dbw_eq(1) }, .set = { .email = dbw_set("a") } }, NULL);
#else
	return user_update_where(
		s, &(user_change){ .where = { .id = dbw_eq(1) }, .set = { .email = "a" } }, NULL);
#endif
}

// error: no member named|designator 'id' does not refer
/* The key set by an update. */
#include <auth.h>

dbw_status change(auth_session s)
{
#ifdef FIXED
	return user_update_where(
		s, &(user_change){ .where = { .id = dbw_eq(1) }, .set = { .age = dbw_set(1) } }, NULL);
#else
	return user_update_where(
		s, &(user_change){ .where = { .id = dbw_eq(1) }, .set = { .id = dbw_set(1) } }, NULL);
#endif
}

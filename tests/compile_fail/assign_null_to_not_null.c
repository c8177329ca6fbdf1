// error: no member named|designator 'email' does not refer
/* NULL for a column that is NOT NULL. */
#include <auth.h>

dbw_status change(auth_session s)
{
#ifdef FIXED
	return user_update_where(
		s, &(user_change){ .where = { .id = dbw_eq(1) }, .set = { .null_ = { .bio = true } } }, NULL);
#else
	return user_update_where(s,
		&(user_change){ .where = { .id = dbw_eq(1) }, .set = { .null_ = { .email = true } } }, NULL);
#endif
}

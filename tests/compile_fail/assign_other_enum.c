// error: incompatible type
/* The value of another enum. */
#include <auth.h>

dbw_status change(auth_session s)
{
#ifdef FIXED
	return user_update_where(s,
		&(user_change){
			.where = { .id = dbw_eq(1) }, .set = { .role = user_role_set(USER_ROLE_ADMIN) } },
		NULL);
#else
	return user_update_where(s,
		&(user_change){
			.where = { .id = dbw_eq(1) }, .set = { .role = user_mood_set(USER_MOOD_CALM) } },
		NULL);
#endif
}

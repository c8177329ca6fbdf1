// error: incompatible type
/* A writer reads through its member `read`. */
#include <auth.h>

dbw_status get(auth_session s, user **out)
{
#ifdef FIXED
	return user_find_by_id(s.read, 1, out);
#else
	return user_find_by_id(s, 1, out);
#endif
}

// warning: ignoring return value
// also: c++17
/* A write whose outcome nobody looks at. */
#include <auth.h>

dbw_status save(auth_session s, user *row)
{
#ifdef FIXED
	return user_insert(s, row);
#else
	user_insert(s, row);
	return DBW_OK;
#endif
}

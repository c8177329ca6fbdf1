// warning: ignoring return value
// also: c++17
/* A commit whose outcome nobody looks at. */
#include <auth.h>

dbw_status finish(auth_session s)
{
#ifdef FIXED
	return auth_commit(s);
#else
	auth_commit(s);
	return DBW_OK;
#endif
}

// error: incompatible type|could not convert|no matching function|no known conversion
// also: c++17
/* A read-only session given to a function that writes. */
#include <auth.h>

#ifdef FIXED
dbw_status save(auth_session s, user *row)
#else
dbw_status save(auth_reader s, user *row)
#endif
{
	return user_insert(s, row);
}

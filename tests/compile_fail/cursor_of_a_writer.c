// error: incompatible type
/* A cursor reads: a writer gives its member `read`. */
#include <auth.h>

dbw_status open_all(auth_session s, auth_reader r, user_cursor *out)
{
#ifdef FIXED
	(void)s;
	return user_cursor_open(r, NULL, out);
#else
	(void)r;
	return user_cursor_open(s, NULL, out);
#endif
}

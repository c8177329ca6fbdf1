// error: no member named|designator 'emial' does not refer
/* A field that is not there. */
#include <auth.h>

dbw_status list(auth_reader r, user_list *out)
{
#ifdef FIXED
	return user_find(r, &(user_query){ .where = { .email = dbw_eq("x") } }, out);
#else
	return user_find(r, &(user_query){ .where = { .emial = dbw_eq("x") } }, out);
#endif
}

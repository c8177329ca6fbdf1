// error: no member named|designator 'number' does not refer
/* A field of another model. */
#include <auth.h>

dbw_status list(auth_reader r, user_list *out)
{
#ifdef FIXED
	return user_find(r, &(user_query){ .where = { .email = dbw_eq("x") } }, out);
#else
	return user_find(r, &(user_query){ .where = { .number = dbw_eq("x") } }, out);
#endif
}

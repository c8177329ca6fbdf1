// error: incompatible type
/* A text looked for in a number. */
#include <auth.h>

dbw_status list(auth_reader r, user_list *out)
{
#ifdef FIXED
	return user_find(r, &(user_query){ .where = { .bio = dbw_contains("1") } }, out);
#else
	return user_find(r, &(user_query){ .where = { .age = dbw_contains("1") } }, out);
#endif
}

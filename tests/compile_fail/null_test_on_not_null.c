// error: no member named|designator 'email' does not refer
/* A test for NULL on a column that is NOT NULL. */
#include <auth.h>

dbw_status list(auth_reader r, user_list *out)
{
#ifdef FIXED
	return user_find(r, &(user_query){ .where = { .null_ = { .bio = DBW_IS_NULL } } }, out);
#else
	return user_find(r, &(user_query){ .where = { .null_ = { .email = DBW_IS_NULL } } }, out);
#endif
}

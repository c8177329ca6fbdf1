// error: incompatible type
/* A timestamp compared with a date. */
#include <auth.h>

dbw_status list(auth_reader r, user_list *out)
{
#ifdef FIXED
	return user_find(r, &(user_query){ .where = { .born = dbw_ge((dbw_date){ 1 }) } }, out);
#else
	return user_find(r, &(user_query){ .where = { .born = dbw_ge((dbw_timestamp){ 1 }) } }, out);
#endif
}

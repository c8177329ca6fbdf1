// error: incompatible type
/* A floating number compared with a decimal. */
#include <auth.h>

dbw_status list(auth_reader r, user_list *out)
{
#ifdef FIXED
	return user_find(r, &(user_query){ .where = { .balance = dbw_ge(dbw_decimal_of(1050, 2)) } }, out);
#else
	return user_find(r, &(user_query){ .where = { .balance = dbw_ge(10.5) } }, out);
#endif
}

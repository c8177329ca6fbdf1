// error: incompatible type
/* The filter of another model. */
#include <auth.h>
#include <billing.h>

dbw_status list(auth_reader r, user_list *out)
{
#ifdef FIXED
	return user_find(r, &(user_query){ .where = (user_filter){ .id = dbw_eq(1) } }, out);
#else
	return user_find(r, &(user_query){ .where = (invoice_filter){ .id = dbw_eq(1) } }, out);
#endif
}

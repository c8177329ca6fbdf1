// error: incompatible type
/* The order of another model. */
#include <auth.h>
#include <billing.h>

dbw_status list(auth_reader r, user_list *out)
{
#ifdef FIXED
	return user_find(r, &(user_query){ .order_by = { (user_order){ .id = DBW_ASC } } }, out);
#else
	return user_find(r, &(user_query){ .order_by = { (invoice_order){ .id = DBW_ASC } } }, out);
#endif
}

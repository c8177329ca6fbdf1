// warning: incompatible pointer type
/* A group made with another model's macro. */
#include <auth.h>
#include <billing.h>

dbw_status list(auth_reader r, user_list *out)
{
#ifdef FIXED
	return user_find(r, &(user_query){ .where = { .none_of_ = USER_NONE_OF({ .id = dbw_eq(1) }) } }, out);
#else
	return user_find(
		r, &(user_query){ .where = { .none_of_ = INVOICE_NONE_OF({ .id = dbw_eq(1) }) } }, out);
#endif
}

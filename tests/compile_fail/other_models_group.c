// warning: incompatible pointer type
/* A group of another model's filters. */
#include <auth.h>
#include <billing.h>

dbw_status list(auth_reader r, user_list *out)
{
#ifdef FIXED
	const user_filter any[] = { { .id = dbw_eq(1) }, { .email = dbw_eq("x") } };
#else
	const invoice_filter any[] = { { .id = dbw_eq(1) }, { .number = dbw_eq("x") } };
#endif

	return user_find(r, &(user_query){ .where = { .any_of_ = { any, 2 } } }, out);
}

// error: incompatible type|no match for .operator=.|no viable overloaded
// also: c++17
/* The group of another model, assigned. */
#include <auth.h>
#include <billing.h>

dbw_status list(auth_reader r, user_list *out)
{
	user_filter any[2];
	user_query query;
#ifndef FIXED
	invoice_filters wrong;
#endif

	memset(any, 0, sizeof any);
	memset(&query, 0, sizeof query);
	any[0].role = user_role_when(true, user_role_ne(USER_ROLE_ADMIN));
	any[1].bio = dbw_when(out != NULL, dbw_icontains("x"));
#ifdef FIXED
	query.where.any_of_.items = any;
	query.where.any_of_.count = 2;
#else
	wrong.items = NULL;
	wrong.count = 0;
	query.where.any_of_ = wrong;
#endif
	return user_find(r, &query, out);
}

// error: incompatible type|no match for .operator=.|no viable overloaded
// also: c++17
/* A list of texts for an integer column. */
#include <auth.h>

dbw_status list(auth_reader r, user_list *out)
{
	const char *const names[] = { "1", "2" };
	const int64_t ids[] = { 1, 2 };
	user_query query;

	memset(&query, 0, sizeof query);
#ifdef FIXED
	query.where.id = dbw_not_in(ids, 2);
	query.where.email = dbw_not_in(names, 2);
#else
	query.where.id = dbw_not_in(names, 2);
	query.where.email = dbw_not_in(ids, 2);
#endif
	return user_find(r, &query, out);
}

// error: incompatible type
/* The column set of another model. */
#include <auth.h>
#include <billing.h>

dbw_status save(auth_session s, user *row)
{
#ifdef FIXED
	return user_update(s, row, (user_columns){ .email = 1 });
#else
	return user_update(s, row, (invoice_columns){ .number = 1 });
#endif
}

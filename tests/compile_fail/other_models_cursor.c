// warning: incompatible pointer type
/* The cursor of another model. */
#include <auth.h>
#include <billing.h>

dbw_status next(user_cursor *users, invoice_cursor *invoices, const user **out)
{
#ifdef FIXED
	(void)invoices;
	return user_cursor_next(users, out);
#else
	(void)users;
	return user_cursor_next(invoices, out);
#endif
}

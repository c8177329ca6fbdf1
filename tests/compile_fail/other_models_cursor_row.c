// warning: incompatible pointer type
/* The row of another model from a cursor. */
#include <auth.h>
#include <billing.h>

dbw_status next(user_cursor *users, const user **user_row, const invoice **invoice_row)
{
#ifdef FIXED
	(void)invoice_row;
	return user_cursor_next(users, user_row);
#else
	(void)user_row;
	return user_cursor_next(users, invoice_row);
#endif
}

// warning: incompatible.pointer.type
/* A copy of one model's row as another's. */
#include <auth.h>
#include <billing.h>

dbw_status keep(const user *account, user **copy, invoice **bill)
{
#ifdef FIXED
	(void)bill;
	return user_copy(account, copy);
#else
	(void)copy;
	return user_copy(account, bill);
#endif
}

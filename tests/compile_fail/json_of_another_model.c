// warning: incompatible.pointer.type
/* A row of one model read as another's. */
#include <auth/json.h>
#include <billing/json.h>

dbw_status read(const char *text, size_t size, user **account, invoice **bill)
{
#ifdef FIXED
	(void)account;
	return invoice_from_json(text, size, NULL, bill, NULL);
#else
	(void)bill;
	return invoice_from_json(text, size, NULL, account, NULL);
#endif
}

// error: incompatible type|could not convert|no matching function|no known conversion
// also: c++17
/* A session of one schema given to a function of another. */
#include <auth.h>
#include <billing.h>

dbw_status save(auth_session auth, billing_session billing, invoice *row)
{
#ifdef FIXED
	(void)auth;
	return invoice_insert(billing, row);
#else
	(void)billing;
	return invoice_insert(auth, row);
#endif
}

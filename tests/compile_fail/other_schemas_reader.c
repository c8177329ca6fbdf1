// error: incompatible type|could not convert|no matching function|no known conversion
// also: c++17
/* A reader of one schema given to a finder of another. */
#include <auth.h>
#include <billing.h>

#ifdef FIXED
dbw_status get(billing_reader r, invoice **out)
#else
dbw_status get(auth_reader r, invoice **out)
#endif
{
	return invoice_find_by_number(r, "2026-1", out);
}

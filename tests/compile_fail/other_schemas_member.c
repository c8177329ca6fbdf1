// error: incompatible type|no match for|no viable|invalid initializer|initializing
// also: c++17
/* A member of the container filled with a database of another schema. */
#include <mistakes_databases.h>

mistakes_databases fill(billing_database billing)
{
	mistakes_databases databases;

#ifdef FIXED
	databases.auth.any.slot = 0;
	databases.billing = billing;
#else
	databases.auth = billing;
#endif
	return databases;
}

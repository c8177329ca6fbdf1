// error: incompatible type|no match for|no viable overloaded
// also: c++17
/* A bare number stored where a time belongs. */
#include <auth.h>

void set(user *row)
{
#ifdef FIXED
	row->created_at.us = 5;
#else
	row->created_at = 5;
#endif
}

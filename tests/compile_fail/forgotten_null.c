// error: incompatible type|invalid operands|cannot convert|no viable conversion
// also: c++17
/* A column that may be NULL, read as if it had a value. */
#include <auth.h>

int32_t age_of(const user *row)
{
#ifdef FIXED
	return row->age.has ? row->age.value : -1;
#else
	int32_t age = row->age;

	return age;
#endif
}

// warning: ignoring return value
// also: c++17
/* A document that may not have been read. */
#include <auth/json.h>

dbw_status read(const char *text, size_t size, user **account)
{
#ifdef FIXED
	return user_from_json(text, size, NULL, account, NULL);
#else
	user_from_json(text, size, NULL, account, NULL);
	return DBW_OK;
#endif
}

#include <dbwright/model.h>

#include <string.h>

/* One byte with an address of its own: it reads as an empty text, and only its address marks a value nobody has set. */
const char dbw__text_unset[1] = "";

const char *dbw__enum_name(const dbw_enum *values, int value)
{
	return value >= 1 && value <= values->count ? values->values[value - 1] : NULL;
}

int dbw__enum_parse(const dbw_enum *values, const char *text)
{
	for (int i = 0; text != NULL && i < values->count; i++)
		if (strcmp(text, values->values[i]) == 0)
			return i + 1;
	return 0;
}

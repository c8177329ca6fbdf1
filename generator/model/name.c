#include <model/name.h>
#include <stddef.h>
#include <string.h>

const char *ir_name_problem(const char *name)
{
	size_t length = strlen(name);

	if (length == 0)
		return "is empty";
	if (length > IR_NAME_MAX)
		return "is longer than 63 bytes";
	if (name[0] < 'a' || name[0] > 'z')
		return "does not begin with a lower-case letter";
	if (name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_")] != '\0')
		return "has a character other than a-z, 0-9 and '_'";
	if (name[length - 1] == '_')
		return "ends in '_', which is kept for generated members";
	return NULL;
}

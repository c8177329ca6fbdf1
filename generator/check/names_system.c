#include "names_system.h"

#include <string.h>

/* "name XY place": names_system.sh says what the letters mean. In the order of bytes. */
static const char *const entries[] = {
#include "names_system.inc"
};

enum { ENTRY_COUNT = sizeof entries / sizeof entries[0] };

/* Order of a name against an entry's name, which ends at its first blank. */
static int compare(const char *name, size_t length, const char *entry)
{
	for (size_t i = 0; i < length; i++)
		if (name[i] != entry[i])
			return entry[i] == ' ' || (unsigned char)name[i] > (unsigned char)entry[i] ? 1 : -1;
	return entry[length] == ' ' ? 0 : -1;
}

/* The first entry that does not stand before the name. */
static size_t lower_bound(const char *name, size_t length)
{
	size_t low = 0, high = ENTRY_COUNT;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare(name, length, entries[middle]) > 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static ir__name_owner owner_of(char letter)
{
	switch (letter) {
	case 'K': return IR__OWNER_KEYWORD;
	case 'C': return IR__OWNER_ISO_C;
	case 'G': return IR__OWNER_PREDEFINED;
	case 'I': return IR__OWNER_INCLUDED;
	case 'P': return IR__OWNER_POSIX;
	case 'S': return IR__OWNER_SQLITE;
	default: return IR__OWNER_LIBPQ;
	}
}

bool ir__system_name_find(const char *name, size_t length, ir__system_name *out)
{
	size_t index = lower_bound(name, length);
	const char *kinds;

	if (index == ENTRY_COUNT || compare(name, length, entries[index]) != 0)
		return false;
	kinds = entries[index] + length + 2;
	out->owner = owner_of(entries[index][length + 1]);
	out->kinds = kinds;
	out->kind_count = strcspn(kinds, " ");
	out->place = kinds + out->kind_count + 1;
	return true;
}

bool ir__system_name_is(const ir__system_name *name, const char *kinds)
{
	return strcspn(name->kinds, kinds) < name->kind_count;
}

bool ir__system_name_begins(const char *stem, size_t length)
{
	for (size_t i = lower_bound(stem, length); i < ENTRY_COUNT; i++) {
		if (strncmp(entries[i], stem, length) != 0)
			return false;
		if (entries[i][length] == ' ' || entries[i][length] == '_')
			return true;
	}
	return false;
}

size_t ir__system_name_count(void)
{
	return ENTRY_COUNT;
}

const char *ir__system_name_entry(size_t index)
{
	return entries[index];
}

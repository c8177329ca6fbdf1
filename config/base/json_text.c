#include "diagnostic_list.h"

#include <base/json.h>
#include <base/utf8.h>

#include <string.h>

void dbw__json_append(dbw_text_buffer *out, const char *text)
{
	size_t length = text == NULL ? 0 : strlen(text);

	if (text == NULL) {
		dbw_text_append_z(out, "null");
		return;
	}
	dbw_text_append_char(out, '"');
	while (length != 0) {
		uint32_t character;
		size_t size = dbw__utf8_decode(text, length, &character);

		if (size == 0 || dbw__is_unprintable(character))
			dbw_text_printf(out, "\\u%04x", (unsigned)character);
		else if (character == '"' || character == '\\')
			dbw_text_printf(out, "\\%c", (char)character);
		else
			dbw_text_append(out, text, size);
		if (size == 0)
			size = 1;
		text += size;
		length -= size;
	}
	dbw_text_append_char(out, '"');
}

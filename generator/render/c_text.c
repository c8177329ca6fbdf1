#include "c_text.h"

#include <base/utf8.h>

bool ir__changes_direction(uint32_t character)
{
	return (character >= 0x202a && character <= 0x202e) || (character >= 0x2066 && character <= 0x2069) ||
	       character == 0x200e || character == 0x200f || character == 0x061c;
}

/* An ASCII character. */
static void escape_plain(dbw_text_buffer *out, char c, char before)
{
	if (c == '"')
		dbw_text_append(out, "\\\"", 2);
	else if (c == '\\')
		dbw_text_append(out, "\\\\", 2);
	else if (c == '\n')
		dbw_text_append(out, "\\n", 2);
	else if (c == '\t')
		dbw_text_append(out, "\\t", 2);
	else if (c == '?' && before == '?')
		dbw_text_append(out, "\\?", 2);
	else if (c < 0x20 || c == 0x7f)
		dbw_text_printf(out, "\\%03o", (unsigned)(unsigned char)c);
	else
		dbw_text_append_char(out, c);
}

/* How many bytes at the front are characters that stand in a literal as they are, whatever is before them. */
static size_t plain_length(const char *text, size_t length)
{
	size_t i = 0;

	while (i < length && text[i] >= ' ' && text[i] <= '~' && text[i] != '"' && text[i] != '\\' &&
		text[i] != '?')
		i++;
	return i;
}

void ir__c_escape(dbw_text_buffer *out, const char *text, size_t length, char before)
{
	for (;;) {
		const size_t plain = plain_length(text, length);
		uint32_t character;

		if (plain > 0) {
			dbw_text_append(out, text, plain);
			before = text[plain - 1];
			text += plain;
			length -= plain;
		}
		if (length == 0)
			return;
		size_t size = dbw__utf8_decode(text, length, &character);
		bool is_plain = size == 1;
		bool is_shown = size > 1 && !ir__changes_direction(character);

		if (size == 0)
			size = 1;
		if (is_plain)
			escape_plain(out, *text, before);
		else if (is_shown)
			dbw_text_append(out, text, size);
		for (size_t i = 0; i < size && !is_plain && !is_shown; i++)
			dbw_text_printf(out, "\\%03o", (unsigned)(unsigned char)text[i]);
		before = text[size - 1];
		text += size;
		length -= size;
	}
}

void ir__c_literal(dbw_text_buffer *out, const char *text, size_t length)
{
	dbw_text_append_char(out, '"');
	ir__c_escape(out, text, length, '\0');
	dbw_text_append_char(out, '"');
}

void ir__c_shown(dbw_text_buffer *out, const char *text, size_t length)
{
	size_t start = 0;

	dbw_text_append_char(out, '"');
	for (size_t i = 1; i < length; i++) {
		if ((text[i - 1] != '*' || text[i] != '/') && (text[i - 1] != '/' || text[i] != '*'))
			continue;
		ir__c_escape(out, text + start, i - start, start == 0 ? '\0' : text[start - 1]);
		dbw_text_printf(out, "\\%03o", (unsigned)text[i]);
		start = ++i;
	}
	ir__c_escape(out, text + start, length - start, start == 0 ? '\0' : text[start - 1]);
	dbw_text_append_char(out, '"');
}

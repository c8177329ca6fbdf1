#include "base64.h"

#include <stdint.h>

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void dbw__base64_append(dbw_text_buffer *out, const unsigned char *bytes, size_t size)
{
	for (size_t i = 0; i < size; i += 3) {
		const size_t left = size - i;
		const uint32_t group = (uint32_t)bytes[i] << 16 |
				       (left > 1 ? (uint32_t)bytes[i + 1] << 8 : 0) |
				       (left > 2 ? bytes[i + 2] : 0U);
		const char text[4] = { digits[group >> 18], digits[group >> 12 & 63],
			left > 1 ? digits[group >> 6 & 63] : '=', left > 2 ? digits[group & 63] : '=' };

		dbw_text_append(out, text, sizeof text);
	}
}

/* The value of a digit, or 64. */
static uint32_t value_of(char digit)
{
	if (digit >= 'A' && digit <= 'Z')
		return (uint32_t)(digit - 'A');
	if (digit >= 'a' && digit <= 'z')
		return (uint32_t)(digit - 'a') + 26;
	if (digit >= '0' && digit <= '9')
		return (uint32_t)(digit - '0') + 52;
	return digit == '+' ? 62 : digit == '/' ? 63 : 64;
}

bool dbw__base64_read(const char *text, size_t length, unsigned char *out, size_t *size)
{
	size_t padding = 0;

	*size = 0;
	if (length % 4 != 0)
		return false;
	while (padding < 2 && padding < length && text[length - 1 - padding] == '=')
		padding++;
	for (size_t i = 0; i < length; i += 4) {
		const size_t given = i + 4 == length ? 4 - padding : 4;
		uint32_t group = 0;

		for (size_t j = 0; j < 4; j++) {
			const uint32_t value = j < given ? value_of(text[i + j]) : 0;

			if (value > 63)
				return false;
			group = group << 6 | value;
		}
		/* Bits that are in no byte have to be zero, or several texts would mean the same. */
		if ((given == 2 && (group & 0xffff) != 0) || (given == 3 && (group & 0xff) != 0))
			return false;
		for (size_t j = 0; j + 1 < given; j++)
			out[(*size)++] = (unsigned char)(group >> (16 - 8 * j));
	}
	return true;
}

/* UTF-8 of any bytes, against the table of RFC 3629 (section 4) read one byte at a time. */
#include "fuzz.h"

#include <base/utf8.h>

#include <string.h>

/* What the bytes of a well-formed character may be; a range of 0 to 0 is no byte. */
static const struct {
	uint8_t low[4], high[4];
} forms[] = {
	{ { 0x00 }, { 0x7F } },
	{ { 0xC2, 0x80 }, { 0xDF, 0xBF } },
	{ { 0xE0, 0xA0, 0x80 }, { 0xE0, 0xBF, 0xBF } },
	{ { 0xE1, 0x80, 0x80 }, { 0xEC, 0xBF, 0xBF } },
	{ { 0xED, 0x80, 0x80 }, { 0xED, 0x9F, 0xBF } },
	{ { 0xEE, 0x80, 0x80 }, { 0xEF, 0xBF, 0xBF } },
	{ { 0xF0, 0x90, 0x80, 0x80 }, { 0xF0, 0xBF, 0xBF, 0xBF } },
	{ { 0xF1, 0x80, 0x80, 0x80 }, { 0xF3, 0xBF, 0xBF, 0xBF } },
	{ { 0xF4, 0x80, 0x80, 0x80 }, { 0xF4, 0x8F, 0xBF, 0xBF } },
};
enum { FORMS = sizeof forms / sizeof forms[0] };

/* The length of the character at the front, 0 if there is none. */
static size_t read(const uint8_t *data, size_t size, uint32_t *character)
{
	for (size_t form = 0; form < FORMS; form++) {
		size_t length = 0;

		while (length < 4 && length < size && (length == 0 || forms[form].high[length] != 0) &&
			data[length] >= forms[form].low[length] && data[length] <= forms[form].high[length])
			length++;
		if (length == 0 || (length < 4 && forms[form].high[length] != 0))
			continue;
		*character = length == 1 ? data[0] : data[0] & (0x7FU >> length);
		for (size_t i = 1; i < length; i++)
			*character = *character << 6 | (data[i] & 0x3F);
		return length;
	}
	*character = 0xFFFD;
	return 0;
}

static void check_z(const char *text)
{
	size_t length, characters, other;
	const bool good = dbw__utf8_check_z(text, &length, &characters);

	FUZZ_CHECK(length == strlen(text));
	FUZZ_CHECK(dbw__utf8_check(text, length, &other) == good && characters == other);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t at = 0, characters = 0, counted;
	bool good = true;
	char *text = malloc(size + 1);

	while (at < size) {
		uint32_t expected, given;
		const size_t length = read(data + at, size - at, &expected);

		FUZZ_CHECK(dbw__utf8_decode((const char *)data + at, size - at, &given) == length);
		FUZZ_CHECK(given == expected);
		good = good && length != 0;
		characters++;
		at += length == 0 ? 1 : length;
	}
	FUZZ_CHECK(dbw__utf8_check((const char *)data, size, &counted) == good);
	FUZZ_CHECK(dbw__utf8_check((const char *)data, size, NULL) == good);
	FUZZ_CHECK(counted == (good ? characters : 0));
	if (text != NULL) {
		if (size != 0)
			memcpy(text, data, size);
		text[size] = '\0';
		check_z(text);
	}
	free(text);
	return 0;
}

#include <base/utf8.h>

#include <string.h>

#define HIGH_BITS UINT64_C(0x8080808080808080)

static uint64_t load8(const unsigned char *bytes)
{
	uint64_t word;

	memcpy(&word, bytes, sizeof(word));
	return word;
}

static uint32_t load4(const unsigned char *bytes)
{
	uint32_t word;

	memcpy(&word, bytes, sizeof(word));
	return word;
}

/*
 * The length of the character at `at`, which is not ASCII; 0 when it is not well formed. The allowed second
 * bytes are those of table 3-7 of the Unicode standard.
 */
static inline size_t sequence_length(const unsigned char *at, size_t length)
{
	unsigned lead = at[0], low = 0x80, high = 0xBF;
	size_t size = lead < 0xF0 ? 3 : 4;

	/* Most text that is not ASCII needs two bytes for a character, and their rule is the shortest. */
	if (lead >= 0xC2 && lead < 0xE0)
		return length >= 2 && (at[1] & 0xC0) == 0x80 ? 2 : 0;
	if (lead < 0xC2 || lead > 0xF4 || length < size)
		return 0;
	if (lead == 0xE0)
		low = 0xA0;
	else if (lead == 0xED)
		high = 0x9F;
	else if (lead == 0xF0)
		low = 0x90;
	else if (lead == 0xF4)
		high = 0x8F;
	if (at[1] < low || at[1] > high)
		return 0;
	if (size > 2 && (at[2] & 0xC0) != 0x80)
		return 0;
	if (size > 3 && (at[3] & 0xC0) != 0x80)
		return 0;
	return size;
}

/* How many bytes come before the first whose high bit is set in `high`, which is not 0. */
static inline size_t ascii_before(uint64_t high)
{
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	return (size_t)__builtin_clzll(high) / 8;
#else
	return (size_t)__builtin_ctzll(high) / 8;
#endif
}

static bool check_mixed(const unsigned char *at, const unsigned char *end, size_t *characters)
{
	const unsigned char *const start = at;
	size_t beyond = 0; /* Bytes behind the first of their character. */

	while (at != end) {
		size_t size;

		if (end - at >= 8) {
			const uint64_t high = load8(at) & HIGH_BITS;

			if (high == 0) {
				at += 8;
				continue;
			}
			at += ascii_before(high);
		} else if (*at < 0x80) {
			at++;
			continue;
		}
		size = sequence_length(at, (size_t)(end - at));
		if (size == 0)
			return false;
		at += size;
		beyond += size - 1;
	}
	*characters = (size_t)(end - start) - beyond;
	return true;
}

bool dbw__utf8_check(const char *text, size_t length, size_t *characters)
{
	const unsigned char *bytes = (const unsigned char *)text;
	size_t count = length;
	uint64_t high = 0;

	/* Whole words, then the last ones again where they overlap: no loop over a tail, and no test on the way. */
	if (length >= 16) {
		for (size_t at = 0; at + 16 <= length; at += 16)
			high |= load8(bytes + at) | load8(bytes + at + 8);
		high |= load8(bytes + length - 16) | load8(bytes + length - 8);
	} else if (length >= 8) {
		high = load8(bytes) | load8(bytes + length - 8);
	} else if (length >= 4) {
		high = load4(bytes) | load4(bytes + length - 4);
	} else {
		for (size_t i = 0; i < length; i++)
			high |= bytes[i];
	}
	if ((high & HIGH_BITS) != 0 && !check_mixed(bytes, bytes + length, &count)) {
		if (characters != NULL)
			*characters = 0;
		return false;
	}
	if (characters != NULL)
		*characters = count;
	return true;
}

bool dbw__utf8_check_z(const char *text, size_t *length, size_t *characters)
{
	/* strlen of the usual libcs reads many bytes at a time: with the check by words after it, fewer
	   instructions than one loop over the bytes for both, for all but the shortest texts. */
	size_t size = strlen(text);

	if (length != NULL)
		*length = size;
	return dbw__utf8_check(text, size, characters);
}

size_t dbw__utf8_decode(const char *text, size_t length, uint32_t *character)
{
	static const unsigned char lead_mask[] = { 0, 0x7F, 0x1F, 0x0F, 0x07 };
	const unsigned char *bytes = (const unsigned char *)text;
	size_t size = bytes[0] < 0x80 ? 1 : sequence_length(bytes, length);
	uint32_t point;

	if (size == 0) {
		*character = 0xFFFD;
		return 0;
	}
	point = bytes[0] & lead_mask[size];
	for (size_t i = 1; i < size; i++)
		point = point << 6 | (bytes[i] & 0x3FU);
	*character = point;
	return size;
}

/* Uuids: texts of any bytes, against RFC 9562 read one character at a time, and any bytes as uuids. */
#include "fuzz.h"

#include <dbwright/uuid.h>

#include <string.h>

/* Four bits of a hexadecimal digit, or -1. */
static int digit_of(char c)
{
	static const char digits[] = "0123456789abcdef0123456789ABCDEF";
	const char *at = c == '\0' ? NULL : strchr(digits, c);

	return at == NULL ? -1 : (int)(at - digits) % 16;
}

/* What the text means: "8-4-4-4-12" digits and nothing else. */
static bool read(const char *text, size_t length, uint8_t out[16])
{
	size_t digits = 0;

	if (length != 36)
		return false;
	memset(out, 0, 16);
	for (size_t i = 0; i < length; i++) {
		const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
		const int digit = digit_of(text[i]);

		if (dash ? text[i] != '-' : digit < 0)
			return false;
		if (!dash) {
			out[digits / 2] = (uint8_t)(out[digits / 2] << 4 | digit);
			digits++;
		}
	}
	return true;
}

static void check_uuid(dbw_uuid uuid)
{
	static const dbw_uuid nil = DBW_UUID_UNSET;
	char text[DBW_UUID_SIZE];
	dbw_uuid again;
	uint8_t bytes[16];

	FUZZ_CHECK(dbw_uuid_print(uuid, text) == 36 && strlen(text) == 36);
	FUZZ_CHECK(strpbrk(text, "ABCDEF") == NULL);
	FUZZ_CHECK(read(text, 36, bytes) && memcmp(bytes, uuid.bytes, 16) == 0);
	FUZZ_CHECK(dbw_uuid_parse(text, 36, &again) == DBW_OK && dbw_uuid_compare(again, uuid) == 0);
	FUZZ_CHECK(dbw_uuid_is_nil(uuid) == (memcmp(uuid.bytes, nil.bytes, 16) == 0));
}

static int sign(int number)
{
	return (number > 0) - (number < 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t bytes[16];
	dbw_uuid uuid, other;
	const bool good = dbw_uuid_parse((const char *)data, size, &uuid) == DBW_OK;

	FUZZ_CHECK(good == read((const char *)data, size, bytes));
	if (good) {
		FUZZ_CHECK(memcmp(uuid.bytes, bytes, 16) == 0);
		check_uuid(uuid);
	}
	if (size < 32)
		return 0;
	memcpy(uuid.bytes, data, 16);
	memcpy(other.bytes, data + 16, 16);
	check_uuid(uuid);
	FUZZ_CHECK(dbw_uuid_compare(uuid, other) == sign(memcmp(uuid.bytes, other.bytes, 16)));
	FUZZ_CHECK(dbw_uuid_compare(other, uuid) == -dbw_uuid_compare(uuid, other));
	return 0;
}

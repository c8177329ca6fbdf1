#include "dbwright/uuid.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>
#include <sys/types.h>
#include <time.h>

/*
 * Version 7 keeps a counter behind the time: 12 bits in rand_a and 14 at the start of rand_b (RFC 9562,
 * section 6.2, method 1). Each millisecond it starts at a random number with the top bit clear, so it has
 * room for 2^25 more.
 */
#define COUNTER_BITS      26
#define COUNTER_SEED_MASK ((UINT32_C(1) << (COUNTER_BITS - 1)) - 1)

/* What the last uuid of version 7 that this thread made began with. */
typedef struct v7_state {
	uint64_t milliseconds;
	uint32_t counter;
} v7_state;

static _Thread_local v7_state last_v7;

/*
 * Straight from the system: a buffer of random bytes would be handed out twice after fork(). Requests this
 * small are never cut short once the system's generator has started, but a signal may interrupt the wait for
 * that.
 */
static bool random_bytes(void *buffer, size_t size)
{
	uint8_t *at = buffer;
	while (size > 0) {
		ssize_t got = getrandom(at, size, 0);
		if (got < 0) {
			if (errno == EINTR)
				continue;
			return false;
		}
		at += got;
		size -= (size_t)got;
	}
	return true;
}

static void set_version(dbw_uuid *uuid, unsigned version)
{
	uuid->bytes[6] = (uint8_t)(version << 4 | (uuid->bytes[6] & 0x0f));
	uuid->bytes[8] = (uint8_t)(0x80 | (uuid->bytes[8] & 0x3f));
}

dbw_status dbw_uuid_v4(dbw_uuid *out)
{
	memset(out, 0, sizeof *out);
	dbw_uuid uuid;
	if (!random_bytes(uuid.bytes, sizeof uuid.bytes))
		return DBW_UNSUPPORTED;
	set_version(&uuid, 4);
	*out = uuid;
	return DBW_OK;
}

/* Milliseconds since 1970; 0 for a clock that stands before that. */
static uint64_t clock_milliseconds(void)
{
	struct timespec now;
	if (clock_gettime(CLOCK_REALTIME, &now) != 0 || now.tv_sec < 0)
		return 0;
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* The state for the next uuid: one behind `last` in any case. */
static v7_state next_v7(v7_state last, uint64_t milliseconds, uint32_t seed)
{
	v7_state next = { milliseconds, seed & COUNTER_SEED_MASK };
	if (milliseconds > last.milliseconds)
		return next;
	next.milliseconds = last.milliseconds;
	next.counter = last.counter + 1;
	if (next.counter >> COUNTER_BITS != 0) {
		next.milliseconds++;
		next.counter = seed & COUNTER_SEED_MASK;
	}
	return next;
}

dbw_status dbw_uuid_v7(dbw_uuid *out)
{
	memset(out, 0, sizeof *out);
	dbw_uuid uuid;
	if (!random_bytes(uuid.bytes, sizeof uuid.bytes))
		return DBW_UNSUPPORTED;
	uint32_t seed = (uint32_t)uuid.bytes[0] << 24 | (uint32_t)uuid.bytes[1] << 16 |
			(uint32_t)uuid.bytes[2] << 8 | uuid.bytes[3];
	last_v7 = next_v7(last_v7, clock_milliseconds(), seed);
	for (unsigned i = 0; i < 6; i++)
		uuid.bytes[i] = (uint8_t)(last_v7.milliseconds >> (40 - 8 * i));
	uuid.bytes[6] = (uint8_t)(last_v7.counter >> 22);
	uuid.bytes[7] = (uint8_t)(last_v7.counter >> 14);
	uuid.bytes[8] = (uint8_t)(last_v7.counter >> 8 & 0x3f);
	uuid.bytes[9] = (uint8_t)last_v7.counter;
	set_version(&uuid, 7);
	*out = uuid;
	return DBW_OK;
}

/* True where a dash stands before byte `index` of the text form. */
static bool dash_before(size_t index)
{
	return index == 4 || index == 6 || index == 8 || index == 10;
}

/* The value of a hexadecimal digit, or 16. */
static unsigned hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return (unsigned)(c - '0');
	if (c >= 'a' && c <= 'f')
		return (unsigned)(c - 'a') + 10;
	if (c >= 'A' && c <= 'F')
		return (unsigned)(c - 'A') + 10;
	return 16;
}

dbw_status dbw_uuid_parse(const char *text, size_t length, dbw_uuid *out)
{
	memset(out, 0, sizeof *out);
	if (!text || length != DBW_UUID_SIZE - 1)
		return DBW_INVALID;
	dbw_uuid uuid;
	for (size_t i = 0; i < sizeof uuid.bytes; i++) {
		if (dash_before(i) && *text++ != '-')
			return DBW_INVALID;
		unsigned high = hex_value(text[0]), low = hex_value(text[1]);
		if (high > 15 || low > 15)
			return DBW_INVALID;
		uuid.bytes[i] = (uint8_t)(high << 4 | low);
		text += 2;
	}
	*out = uuid;
	return DBW_OK;
}

size_t dbw_uuid_print(dbw_uuid uuid, char out[DBW_UUID_SIZE])
{
	static const char digits[] = "0123456789abcdef";
	char *at = out;
	for (size_t i = 0; i < sizeof uuid.bytes; i++) {
		if (dash_before(i))
			*at++ = '-';
		*at++ = digits[uuid.bytes[i] >> 4];
		*at++ = digits[uuid.bytes[i] & 15];
	}
	*at = '\0';
	return DBW_UUID_SIZE - 1;
}

bool dbw_uuid_is_nil(dbw_uuid uuid)
{
	static const dbw_uuid nil = DBW_UUID_UNSET;
	return memcmp(uuid.bytes, nil.bytes, sizeof nil.bytes) == 0;
}

int dbw_uuid_compare(dbw_uuid a, dbw_uuid b)
{
	int order = memcmp(a.bytes, b.bytes, sizeof a.bytes);
	return (order > 0) - (order < 0);
}

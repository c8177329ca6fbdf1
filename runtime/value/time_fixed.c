#include "civil.h"
#include "value/fixed.h"

/*
 * Eight characters are handled at once as the bytes of one word, the first character lowest; each byte is a
 * "lane". LANES packs a pattern in which '0' stands for a digit and anything else for itself. LIMITS packs,
 * per lane, what a correct character's distance from the pattern can be added to without reaching bit 7: a
 * digit is at most 9 away, any other character 0.
 */
#define LANES(a, b, c, d, e, f, g, h)                                                     \
	((uint64_t)(a) | (uint64_t)(b) << 8 | (uint64_t)(c) << 16 | (uint64_t)(d) << 24 | \
		(uint64_t)(e) << 32 | (uint64_t)(f) << 40 | (uint64_t)(g) << 48 | (uint64_t)(h) << 56)
#define LIMIT(c) ((c) == '0' ? 0x7f - 9 : 0x7f)
#define LIMITS(a, b, c, d, e, f, g, h) \
	LANES(LIMIT(a), LIMIT(b), LIMIT(c), LIMIT(d), LIMIT(e), LIMIT(f), LIMIT(g), LIMIT(h))
#define HIGH_BITS UINT64_C(0x8080808080808080)

/* Written byte by byte, which compilers turn into one load where the byte order allows. */
static inline uint64_t load_lanes(const char *text)
{
	const unsigned char *byte = (const unsigned char *)text;
	return LANES(byte[0], byte[1], byte[2], byte[3], byte[4], byte[5], byte[6], byte[7]);
}

/*
 * Reads eight characters of a pattern. In *pairs, the lane of a digit whose neighbour to the right is a digit
 * holds the number that the two write. False when a character is not what the pattern says.
 */
static inline bool read_lanes(const char *text, uint64_t pattern, uint64_t limits, uint64_t *pairs)
{
	uint64_t lanes = load_lanes(text) ^ pattern;
	/* A carry out of a lane comes only from one with bit 7 set, which fails by itself. */
	bool good = (((lanes + limits) | lanes) & HIGH_BITS) == 0;
	*pairs = lanes * 10 + (lanes >> 8);
	return good;
}

static inline int lane(uint64_t lanes, unsigned index)
{
	return (int)(lanes >> (index * 8) & 0xff);
}

#define YEAR_MONTH '0', '0', '0', '0', '-', '0', '0', '-'
#define MONTH_DAY  '0', '0', '-', '0', '0', '-', '0', '0'
#define CLOCK      '0', '0', ':', '0', '0', ':', '0', '0'
#define FRACTION   '0', '.', '0', '0', '0', '0', '0', '0'

/*
 * LANES and LIMITS of a whole pattern: the pattern's commas separate arguments only after one more expansion.
 */
#define LANES_OF(...)  LANES(__VA_ARGS__)
#define LIMITS_OF(...) LIMITS(__VA_ARGS__)

static inline bool read_date(const char *text, int32_t *days)
{
	uint64_t left, right;
	if (!read_lanes(text, LANES_OF(YEAR_MONTH), LIMITS_OF(YEAR_MONTH), &left) ||
		!read_lanes(text + 2, LANES_OF(MONTH_DAY), LIMITS_OF(MONTH_DAY), &right))
		return false;
	return dbw__civil_to_days(lane(left, 0) * 100 + lane(left, 2), lane(left, 5), lane(right, 6), days);
}

static inline bool read_time(const char *text, int64_t *us)
{
	uint64_t left, right;
	if (!read_lanes(text, LANES_OF(CLOCK), LIMITS_OF(CLOCK), &left) ||
		!read_lanes(text + 7, LANES_OF(FRACTION), LIMITS_OF(FRACTION), &right))
		return false;
	int hour = lane(left, 0), minute = lane(left, 3), second = lane(left, 6);
	if (hour > 23 || minute > 59 || second > 59)
		return false;
	*us = (hour * 3600 + minute * 60 + second) * DBW__US_PER_SECOND + lane(right, 2) * 10000 +
	      lane(right, 4) * 100 + lane(right, 6);
	return true;
}

dbw_status dbw__timestamp_parse_fixed(const char *text, dbw_timestamp *out)
{
	int32_t days;
	int64_t us;
	if (text[10] != 'T' || text[26] != 'Z' || !read_date(text, &days) || !read_time(text + 11, &us)) {
		out->us = DBW_TIMESTAMP_UNSET;
		return DBW_INVALID;
	}
	out->us = days * DBW__US_PER_DAY + us;
	return DBW_OK;
}

dbw_status dbw__date_parse_fixed(const char *text, dbw_date *out)
{
	out->days = DBW_DATE_UNSET;
	return read_date(text, &out->days) ? DBW_OK : DBW_INVALID;
}

dbw_status dbw__time_parse_fixed(const char *text, dbw_time *out)
{
	out->us = DBW_TIME_UNSET;
	return read_time(text, &out->us) ? DBW_OK : DBW_INVALID;
}

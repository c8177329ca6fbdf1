#include "wide.h"

/* The largest power of ten of one limb, and how many zeros it has. */
#define LIMB_TEN_POWER 9

static const uint32_t ten_powers[LIMB_TEN_POWER + 1] = { 1u, 10u, 100u, 1000u, 10000u, 100000u, 1000000u,
	10000000u, 100000000u, 1000000000u };

dbw__wide dbw__wide_of(uint64_t high, uint64_t low)
{
	dbw__wide wide = { { (uint32_t)low, (uint32_t)(low >> 32), (uint32_t)high, (uint32_t)(high >> 32), 0,
		0, 0, 0 } };
	return wide;
}

bool dbw__wide_to_halves(const dbw__wide *wide, uint64_t *high, uint64_t *low)
{
	if ((wide->limb[4] | wide->limb[5] | wide->limb[6] | wide->limb[7]) != 0)
		return false;
	*high = (uint64_t)wide->limb[3] << 32 | wide->limb[2];
	*low = (uint64_t)wide->limb[1] << 32 | wide->limb[0];
	return true;
}

/* Number of limbs up to the highest one that is not zero. */
static unsigned used_limbs(const dbw__wide *wide)
{
	unsigned used = DBW__WIDE_LIMBS;
	while (used > 0 && wide->limb[used - 1] == 0)
		used--;
	return used;
}

int dbw__wide_compare(const dbw__wide *a, const dbw__wide *b)
{
	for (unsigned i = DBW__WIDE_LIMBS; i-- > 0;) {
		if (a->limb[i] != b->limb[i])
			return a->limb[i] < b->limb[i] ? -1 : 1;
	}
	return 0;
}

unsigned dbw__wide_bit_length(const dbw__wide *wide)
{
	unsigned used = used_limbs(wide);
	if (used == 0)
		return 0;
	unsigned bits = (used - 1) * 32;
	for (uint32_t top = wide->limb[used - 1]; top != 0; top >>= 1)
		bits++;
	return bits;
}

void dbw__wide_add(dbw__wide *a, const dbw__wide *b)
{
	uint64_t carry = 0;
	for (unsigned i = 0; i < DBW__WIDE_LIMBS; i++) {
		carry += (uint64_t)a->limb[i] + b->limb[i];
		a->limb[i] = (uint32_t)carry;
		carry >>= 32;
	}
}

void dbw__wide_subtract(dbw__wide *a, const dbw__wide *b)
{
	uint64_t borrow = 0;
	for (unsigned i = 0; i < DBW__WIDE_LIMBS; i++) {
		uint64_t difference = (uint64_t)a->limb[i] - b->limb[i] - borrow;
		a->limb[i] = (uint32_t)difference;
		borrow = difference >> 63;
	}
}

dbw__wide dbw__wide_product(const dbw__wide *a, const dbw__wide *b)
{
	dbw__wide product = dbw__wide_of(0, 0);
	for (unsigned i = 0; i < DBW__WIDE_LIMBS / 2; i++) {
		uint64_t carry = 0;
		for (unsigned j = 0; j < DBW__WIDE_LIMBS / 2; j++) {
			carry += (uint64_t)a->limb[i] * b->limb[j] + product.limb[i + j];
			product.limb[i + j] = (uint32_t)carry;
			carry >>= 32;
		}
		product.limb[i + DBW__WIDE_LIMBS / 2] = (uint32_t)carry;
	}
	return product;
}

static void multiply(dbw__wide *wide, uint32_t factor)
{
	uint64_t carry = 0;
	for (unsigned i = 0; i < DBW__WIDE_LIMBS; i++) {
		carry += (uint64_t)wide->limb[i] * factor;
		wide->limb[i] = (uint32_t)carry;
		carry >>= 32;
	}
}

void dbw__wide_scale_up(dbw__wide *wide, unsigned power)
{
	for (; power > LIMB_TEN_POWER; power -= LIMB_TEN_POWER)
		multiply(wide, ten_powers[LIMB_TEN_POWER]);
	if (power > 0)
		multiply(wide, ten_powers[power]);
}

uint32_t dbw__wide_divide(dbw__wide *wide, uint32_t divisor)
{
	uint64_t remainder = 0;
	for (unsigned i = used_limbs(wide); i-- > 0;) {
		remainder = remainder << 32 | wide->limb[i];
		wide->limb[i] = (uint32_t)(remainder / divisor);
		remainder %= divisor;
	}
	return (uint32_t)remainder;
}

bool dbw__wide_scale_down(dbw__wide *wide, unsigned power)
{
	bool lost = false;
	for (; power > LIMB_TEN_POWER; power -= LIMB_TEN_POWER)
		lost |= dbw__wide_divide(wide, ten_powers[LIMB_TEN_POWER]) != 0;
	if (power > 0)
		lost |= dbw__wide_divide(wide, ten_powers[power]) != 0;
	return lost;
}

void dbw__wide_shift_up(dbw__wide *wide, unsigned count)
{
	unsigned limbs = count / 32, bits = count % 32;
	for (unsigned i = DBW__WIDE_LIMBS; i-- > 0;) {
		uint64_t pair = i >= limbs ? (uint64_t)wide->limb[i - limbs] << 32 : 0;
		if (i > limbs)
			pair |= wide->limb[i - limbs - 1];
		wide->limb[i] = (uint32_t)((pair << bits) >> 32);
	}
}

bool dbw__wide_shift_down(dbw__wide *wide, unsigned count)
{
	unsigned limbs = count / 32, bits = count % 32;
	bool lost = false;
	for (unsigned i = 0; i < limbs && i < DBW__WIDE_LIMBS; i++)
		lost |= wide->limb[i] != 0;
	if (limbs < DBW__WIDE_LIMBS)
		lost |= (wide->limb[limbs] & ((UINT32_C(1) << bits) - 1)) != 0;
	for (unsigned i = 0; i < DBW__WIDE_LIMBS; i++) {
		uint64_t pair = i + limbs < DBW__WIDE_LIMBS ? wide->limb[i + limbs] : 0;
		if (i + limbs + 1 < DBW__WIDE_LIMBS)
			pair |= (uint64_t)wide->limb[i + limbs + 1] << 32;
		wide->limb[i] = (uint32_t)(pair >> bits);
	}
	return lost;
}

#include <dbwright/generated.h>

/*
 * The generated struct is a row of one-bit bool fields. Compilers fill its bytes in the order of declaration, from the
 * least significant bit on little-endian machines and from the most significant one on big-endian ones (System V ABI
 * and its descendants: "bit-fields are allocated from right to left" and the reverse).
 */
bool dbw__columns_has(const void *columns, uint16_t number)
{
	const unsigned char byte = ((const unsigned char *)columns)[number / 8];
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	const unsigned bit = 7U - number % 8U;
#else
	const unsigned bit = number % 8U;
#endif

	return (byte >> bit & 1U) != 0;
}

bool dbw__columns_is_empty(const void *columns, uint16_t count)
{
	const unsigned char *bytes = columns;
	uint16_t number = 0;

	for (; count - number >= 8; number += 8)
		if (*bytes++ != 0)
			return false;
	/* What is behind the last field need not be 0. */
	for (; number < count; number++)
		if (dbw__columns_has(columns, number))
			return false;
	return true;
}

/**
 * What the fuzz targets share. A target is a file that defines LLVMFuzzerTestOneInput() and FUZZ_CHECKs what has to hold
 * for every input; libFuzzer or main.c calls it.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <base/diagnostic.h>

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/** The entry point by libFuzzer's name: runs one input and returns 0, or -1 for one that is not worth keeping. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/** Stops the program, which is how a fuzzer learns of a finding, unless `condition` holds. */
#define FUZZ_CHECK(condition)                                                                          \
	do {                                                                                           \
		if (!(condition)) {                                                                    \
			fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #condition); \
			abort();                                                                       \
		}                                                                                      \
	} while (0)

/** Bytes that are taken from the front. */
typedef struct fuzz_bytes {
	const uint8_t *at;
	size_t left;
} fuzz_bytes;

/** The next byte; 0 when there is none left. */
static inline uint8_t fuzz_take(fuzz_bytes *bytes)
{
	if (bytes->left == 0)
		return 0;
	bytes->left--;
	return *bytes->at++;
}

/** A number: the first byte says how many bytes it has, so that small ones and extremes are as likely as others. */
static inline int64_t fuzz_take_number(fuzz_bytes *bytes)
{
	static const int64_t edges[] = { 0, 1, -1, INT16_MAX, INT16_MIN, INT32_MAX, INT32_MIN, INT64_MAX,
		INT64_MIN, INT64_C(-62135596800000000), INT64_C(253402300799999999), INT64_C(86399999999) };
	const unsigned choice = fuzz_take(bytes);
	uint64_t number = 0;

	if (choice >= 128)
		return edges[choice % (sizeof edges / sizeof edges[0])];
	for (unsigned i = 0; i <= choice % 8; i++)
		number = number << 8 | fuzz_take(bytes);
	return (int64_t)number;
}

/** What holds for messages whatever was said: the renderings are UTF-8 without control characters but tabs. */
void fuzz_check_diagnostics(dbw_diagnostics *diagnostics);

#endif

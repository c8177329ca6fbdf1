#include <base/number.h>

#include <float.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Whether a text that was just printed, in the locale of this thread, reads back as the number. */
static bool reads_back(const char *text, double number, bool single)
{
	return single ? strtof(text, NULL) == (float)number : strtod(text, NULL) == number;
}

/* The locale's point, which may be several bytes long, becomes a point. */
static size_t put_point(char *text)
{
	char *from = text + strspn(text, "-0123456789");
	size_t foreign = strcspn(from, "0123456789e");

	if (foreign != 0) {
		*from = '.';
		memmove(from + 1, from + foreign, strlen(from + foreign) + 1);
	}
	return strlen(text);
}

size_t dbw__real_print(double number, bool single, char out[DBW__REAL_SIZE])
{
	const int most = single ? FLT_DECIMAL_DIG : DBL_DECIMAL_DIG;
	const double normal = single ? (double)FLT_MIN : DBL_MIN;
	/* So many digits survive the way there and back, and %g drops zeros; below the normal numbers there are fewer. */
	int digits = fabs(number) < normal ? 1 : single ? FLT_DIG : DBL_DIG;
	char text[64]; /* With room for a point of the locale's own. */
	size_t length;

	if (!isfinite(number)) {
		strcpy(out, isnan(number) ? "nan" : number < 0 ? "-inf" : "inf");
		return strlen(out);
	}
	do
		snprintf(text, sizeof text, "%.*g", digits, number);
	while (digits++ < most && !reads_back(text, number, single));
	length = put_point(text);
	memcpy(out, text, length + 1);
	return length;
}

bool dbw__real_parse(const char *text, bool single, double *out)
{
	locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0), old;

	if (c == (locale_t)0)
		return false;
	old = uselocale(c);
	*out = single ? (double)strtof(text, NULL) : strtod(text, NULL);
	uselocale(old);
	freelocale(c);
	return true;
}

/* Scalars by the core schema of YAML 1.2, section 10.3.2. */
#include "parser.h"

#include <errno.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

static bool is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

static bool is_one_of(const char *text, size_t length, const char *const *words)
{
	for (; *words != NULL; words++)
		if (strlen(*words) == length && memcmp(*words, text, length) == 0)
			return true;
	return false;
}

static bool is_null(const char *text, size_t length)
{
	static const char *const words[] = { "", "~", "null", "Null", "NULL", NULL };

	return is_one_of(text, length, words);
}

static bool is_true(const char *text, size_t length)
{
	static const char *const words[] = { "true", "True", "TRUE", NULL };

	return is_one_of(text, length, words);
}

static bool is_false(const char *text, size_t length)
{
	static const char *const words[] = { "false", "False", "FALSE", NULL };

	return is_one_of(text, length, words);
}

/* The value of a digit, or 99. */
static unsigned digit_value(char byte)
{
	if (is_digit(byte))
		return (unsigned)(byte - '0');
	if (byte >= 'a' && byte <= 'f')
		return (unsigned)(byte - 'a' + 10);
	if (byte >= 'A' && byte <= 'F')
		return (unsigned)(byte - 'A' + 10);
	return 99;
}

/* Splits an int, [-+]?[0-9]+ | 0o[0-7]+ | 0x[0-9a-fA-F]+, into base and first digit; 0 if it is none. */
static unsigned int_base(const char *text, size_t length, size_t *first)
{
	unsigned base = 10;

	*first = 0;
	if (length > 2 && text[0] == '0' && (text[1] == 'o' || text[1] == 'x')) {
		base = text[1] == 'o' ? 8 : 16;
		*first = 2;
	} else if (length > 1 && (text[0] == '-' || text[0] == '+')) {
		*first = 1;
	}
	for (size_t i = *first; i < length; i++)
		if (digit_value(text[i]) >= base)
			return 0;
	return length > *first ? base : 0;
}

static bool is_int(const char *text, size_t length)
{
	size_t first;

	return int_base(text, length, &first) != 0;
}

static bool is_infinity(const char *text, size_t length)
{
	static const char *const words[] = { ".inf", ".Inf", ".INF", NULL };
	size_t sign = length > 0 && (text[0] == '-' || text[0] == '+') ? 1 : 0;

	return is_one_of(text + sign, length - sign, words);
}

static bool is_nan(const char *text, size_t length)
{
	static const char *const words[] = { ".nan", ".NaN", ".NAN", NULL };

	return is_one_of(text, length, words);
}

/* [-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )? */
static bool is_decimal(const char *text, size_t length)
{
	size_t at = 0, whole, part = 0;

	if (at < length && (text[at] == '-' || text[at] == '+'))
		at++;
	whole = at;
	while (at < length && is_digit(text[at]))
		at++;
	whole = at - whole;
	if (at < length && text[at] == '.') {
		part = ++at;
		while (at < length && is_digit(text[at]))
			at++;
		part = at - part;
	}
	if (whole == 0 && part == 0)
		return false;
	if (at < length && (text[at] == 'e' || text[at] == 'E')) {
		size_t digits;

		at++;
		if (at < length && (text[at] == '-' || text[at] == '+'))
			at++;
		digits = at;
		while (at < length && is_digit(text[at]))
			at++;
		if (at == digits)
			return false;
	}
	return at == length;
}

static bool is_float(const char *text, size_t length)
{
	return is_decimal(text, length) || is_infinity(text, length) || is_nan(text, length);
}

dbw_yaml_type dbw__resolve_scalar(const char *text, size_t length, dbw_yaml_style style)
{
	if (style != DBW_YAML_PLAIN)
		return DBW_YAML_TEXT;
	/* Most scalars are words, and only these begin like something else. */
	if (length != 0 && strchr("~nNtTfF+-.0123456789", text[0]) == NULL)
		return DBW_YAML_TEXT;
	if (is_null(text, length))
		return DBW_YAML_NULL;
	if (is_true(text, length) || is_false(text, length))
		return DBW_YAML_BOOL;
	if (is_int(text, length))
		return DBW_YAML_INT;
	return is_float(text, length) ? DBW_YAML_FLOAT : DBW_YAML_TEXT;
}

bool dbw__scalar_fits(const char *text, size_t length, dbw_yaml_type type)
{
	switch (type) {
	case DBW_YAML_NULL: return is_null(text, length);
	case DBW_YAML_BOOL: return is_true(text, length) || is_false(text, length);
	case DBW_YAML_INT: return is_int(text, length);
	case DBW_YAML_FLOAT: return is_int(text, length) || is_float(text, length);
	case DBW_YAML_TEXT: return true;
	case DBW_YAML_LIST:
	case DBW_YAML_MAP: break;
	}
	return false;
}

bool dbw_yaml_is_null(const dbw_yaml_node *node)
{
	return node->type == DBW_YAML_NULL;
}

bool dbw_yaml_as_bool(const dbw_yaml_node *node, bool *out)
{
	*out = false;
	if (node->type != DBW_YAML_BOOL)
		return false;
	*out = is_true(node->of.text, node->count);
	return true;
}

/* The value of a text that is an int; false when it does not fit. */
static bool int_value(const char *text, size_t length, int64_t *out)
{
	size_t first = 0;
	unsigned base = int_base(text, length, &first);
	bool negative = text[0] == '-';
	uint64_t value = 0, most = (uint64_t)INT64_MAX + (negative ? 1 : 0);

	for (size_t i = first; i < length; i++) {
		unsigned digit = digit_value(text[i]);

		if (value > (most - digit) / base)
			return false;
		value = value * base + digit;
	}
	if (!negative)
		*out = (int64_t)value;
	else
		*out = value == 0 ? 0 : -(int64_t)(value - 1) - 1;
	return true;
}

bool dbw_yaml_as_int(const dbw_yaml_node *node, int64_t *out)
{
	*out = 0;
	return node->type == DBW_YAML_INT && int_value(node->of.text, node->count, out);
}

/* strtod of the C locale, whichever locale the program has chosen. */
static bool parse_double(const char *text, double *out)
{
	locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0), old;
	bool overflow;

	if (c == (locale_t)0)
		return false;
	old = uselocale(c);
	errno = 0;
	*out = strtod(text, NULL);
	overflow = errno == ERANGE && (*out > 1 || *out < -1);
	uselocale(old);
	freelocale(c);
	if (overflow)
		*out = 0;
	return !overflow;
}

bool dbw_yaml_as_float(const dbw_yaml_node *node, double *out)
{
	const char *text = node->of.text;
	int64_t whole;

	*out = 0;
	if (node->type != DBW_YAML_INT && node->type != DBW_YAML_FLOAT)
		return false;
	if (is_infinity(text, node->count))
		return parse_double(text[0] == '-' ? "-inf" : "inf", out);
	if (is_nan(text, node->count))
		return parse_double("nan", out);
	/* strtod does not know 0o, and in 0x numbers it would take what the core schema does not have. */
	if (node->count > 2 && text[0] == '0' && (text[1] == 'o' || text[1] == 'x')) {
		if (!int_value(text, node->count, &whole))
			return false;
		*out = (double)whole;
		return true;
	}
	return parse_double(text, out);
}

bool dbw_yaml_as_text(const dbw_yaml_node *node, const char **out)
{
	*out = NULL;
	if (node->type != DBW_YAML_TEXT || memchr(node->of.text, '\0', node->count) != NULL)
		return false;
	*out = node->of.text;
	return true;
}

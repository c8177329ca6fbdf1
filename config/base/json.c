#include <base/json.h>

#include <stdint.h>
#include <string.h>

struct json {
	const char *begin, *at, *end;
	unsigned depth; /* How much deeper it may go. */
	dbw__json_problem problem;
};

static bool read_value(struct json *json);

/* The first to speak is right: who called it only passes the failure on. */
static bool wrong(struct json *json, const char *at, const char *what)
{
	if (json->problem.what == NULL)
		json->problem = (dbw__json_problem){ (size_t)(at - json->begin), what };
	return false;
}

static void skip_blanks(struct json *json)
{
	while (json->at < json->end && strchr(" \t\n\r", *json->at) != NULL && *json->at != '\0')
		json->at++;
}

static bool take(struct json *json, char byte)
{
	if (json->at == json->end || *json->at != byte)
		return false;
	json->at++;
	return true;
}

static bool take_word(struct json *json, const char *word)
{
	size_t length = strlen(word);

	if ((size_t)(json->end - json->at) < length || memcmp(json->at, word, length) != 0)
		return false;
	json->at += length;
	return true;
}

static bool read_word(struct json *json, const char *word)
{
	return take_word(json, word) || wrong(json, json->at, "a value is expected");
}

static size_t take_digits(struct json *json)
{
	const char *begin = json->at;

	while (json->at < json->end && *json->at >= '0' && *json->at <= '9')
		json->at++;
	return (size_t)(json->at - begin);
}

static bool read_digits(struct json *json)
{
	return take_digits(json) != 0 || wrong(json, json->at, "a digit is expected");
}

static bool read_number(struct json *json)
{
	const bool negative = take(json, '-');

	if (!take(json, '0') && take_digits(json) == 0)
		return wrong(json, json->at, negative ? "a digit is expected" : "a value is expected");
	if (take(json, '.') && !read_digits(json))
		return false;
	if (take(json, 'e') || take(json, 'E')) {
		if (!take(json, '+'))
			take(json, '-');
		return read_digits(json);
	}
	return true;
}

/* The code unit after \u, or -1. */
static int32_t read_unit(struct json *json)
{
	int32_t unit = 0;

	if (json->end - json->at < 4)
		return -1;
	for (int i = 0; i < 4; i++) {
		char byte = *json->at++;

		unit *= 16;
		if (byte >= '0' && byte <= '9')
			unit += byte - '0';
		else if (byte >= 'a' && byte <= 'f')
			unit += byte - 'a' + 10;
		else if (byte >= 'A' && byte <= 'F')
			unit += byte - 'A' + 10;
		else
			return -1;
	}
	return unit;
}

/* What follows a backslash; `begin` is where that stands. */
static bool read_escape(struct json *json, const char *begin)
{
	int32_t unit;

	if (json->at == json->end)
		return wrong(json, begin, "the string does not end");
	if (*json->at != 'u')
		return (*json->at != '\0' && strchr("\"\\/bfnrt", *json->at++) != NULL) ||
		       wrong(json, begin, "there is no such escape");
	json->at++;
	unit = read_unit(json);
	if (unit < 0)
		return wrong(json, begin, "four hexadecimal digits are expected");
	if (unit == 0)
		return wrong(json, begin, "\\u0000 is no part of a text");
	if (unit >= 0xD800 && unit <= 0xDBFF && take_word(json, "\\u")) {
		unit = read_unit(json);
		if (unit >= 0xDC00 && unit <= 0xDFFF)
			return true;
		unit = 0xD800;
	}
	return unit < 0xD800 || unit > 0xDFFF || wrong(json, begin, "half of a pair of surrogates");
}

static bool read_string(struct json *json)
{
	const char *begin = json->at;

	if (!take(json, '"'))
		return wrong(json, json->at, "a name in quotes is expected");
	while (json->at < json->end) {
		const char *at = json->at++;

		if (*at == '"')
			return true;
		if ((unsigned char)*at < 0x20)
			return wrong(json, at, "control characters have to be escaped");
		if (*at == '\\' && !read_escape(json, at))
			return false;
	}
	return wrong(json, begin, "the string does not end");
}

/* The members of an array or object, up to `close`. */
static bool read_members(struct json *json, char close, bool keys)
{
	skip_blanks(json);
	if (take(json, close))
		return true;
	do {
		skip_blanks(json);
		if (keys) {
			if (!read_string(json))
				return false;
			skip_blanks(json);
			if (!take(json, ':'))
				return wrong(json, json->at, "a colon is expected");
		}
		if (!read_value(json))
			return false;
		skip_blanks(json);
	} while (take(json, ','));
	return take(json, close) || wrong(json, json->at,
					    keys ? "a comma or the end of the object is expected"
						 : "a comma or the end of the list is expected");
}

/* Whether a byte order mark is what comes first. */
static bool is_marked(const struct json *json)
{
	return json->at == json->begin && json->end - json->at >= 3 &&
	       memcmp(json->at, "\xEF\xBB\xBF", 3) == 0;
}

static bool read_value(struct json *json)
{
	bool good;

	skip_blanks(json);
	if (json->at == json->end)
		return wrong(json, json->at, "a value is expected");
	if (json->depth == 0)
		return wrong(json, json->at, "this is too deep");
	json->depth--;
	switch (*json->at) {
	case '{':
		json->at++;
		good = read_members(json, '}', true);
		break;
	case '[':
		json->at++;
		good = read_members(json, ']', false);
		break;
	case '"': good = read_string(json); break;
	case 't': good = read_word(json, "true"); break;
	case 'f': good = read_word(json, "false"); break;
	case 'n': good = read_word(json, "null"); break;
	case '\xEF':
		/* RFC 8259, 8.1: a text that is sent has none. */
		good = wrong(json, json->at,
			is_marked(json) ? "a byte order mark: leave it out" : "a value is expected");
		break;
	default: good = read_number(json); break;
	}
	json->depth++;
	return good;
}

bool dbw__json_check(const char *text, size_t length, unsigned depth, dbw__json_problem *problem)
{
	struct json json = { .begin = text, .at = text, .end = text + length, .depth = depth };
	bool good = read_value(&json);

	skip_blanks(&json);
	if (good && json.at != json.end)
		good = wrong(&json, json.at, "nothing is expected behind the value");
	if (problem != NULL)
		*problem = json.problem;
	return good;
}

bool dbw__json_is_valid(const char *text, size_t length)
{
	return dbw__json_check(text, length, DBW__JSON_DEPTH, NULL);
}

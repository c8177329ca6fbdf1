/* JSON as RFC 8259 has it: what SQLite's json_valid() and PostgreSQL's jsonb both accept. */
#include <value/json.h>

#include <stdint.h>
#include <string.h>

enum { DEPTH_MAX = 500 }; /* Well below SQLite's limit of 1000 (JSON_MAX_DEPTH). */

struct json {
	const char *at, *end;
	unsigned depth;
};

static bool read_value(struct json *json);

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

static size_t take_digits(struct json *json)
{
	const char *begin = json->at;

	while (json->at < json->end && *json->at >= '0' && *json->at <= '9')
		json->at++;
	return (size_t)(json->at - begin);
}

static bool read_number(struct json *json)
{
	take(json, '-');
	if (!take(json, '0') && take_digits(json) == 0)
		return false;
	if (take(json, '.') && take_digits(json) == 0)
		return false;
	if (take(json, 'e') || take(json, 'E')) {
		if (!take(json, '+'))
			take(json, '-');
		return take_digits(json) != 0;
	}
	return true;
}

/* The code unit after \u, or -1; \u0000 counts as wrong: jsonb refuses it (PostgreSQL manual, section 8.14). */
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
	return unit == 0 ? -1 : unit;
}

static bool read_escape(struct json *json)
{
	int32_t unit;

	if (json->at == json->end)
		return false;
	if (*json->at != 'u')
		return *json->at != '\0' && strchr("\"\\/bfnrt", *json->at++) != NULL;
	json->at++;
	unit = read_unit(json);
	if (unit >= 0xD800 && unit <= 0xDBFF) {
		/* Half of a pair: the other half has to follow. */
		if (!take_word(json, "\\u"))
			return false;
		unit = read_unit(json);
		return unit >= 0xDC00 && unit <= 0xDFFF;
	}
	return unit > 0 && !(unit >= 0xDC00 && unit <= 0xDFFF);
}

static bool read_string(struct json *json)
{
	if (!take(json, '"'))
		return false;
	while (json->at < json->end) {
		unsigned char byte = (unsigned char)*json->at++;

		if (byte == '"')
			return true;
		if (byte < 0x20 || (byte == '\\' && !read_escape(json)))
			return false;
	}
	return false;
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
				return false;
		}
		if (!read_value(json))
			return false;
		skip_blanks(json);
	} while (take(json, ','));
	return take(json, close);
}

static bool read_value(struct json *json)
{
	bool good;

	skip_blanks(json);
	if (json->at == json->end || json->depth == DEPTH_MAX)
		return false;
	json->depth++;
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
	case 't': good = take_word(json, "true"); break;
	case 'f': good = take_word(json, "false"); break;
	case 'n': good = take_word(json, "null"); break;
	default: good = read_number(json); break;
	}
	json->depth--;
	return good;
}

bool dbw__json_is_valid(const char *text, size_t length)
{
	struct json json = { text, text + length, 0 };

	if (!read_value(&json))
		return false;
	skip_blanks(&json);
	return json.at == json.end;
}

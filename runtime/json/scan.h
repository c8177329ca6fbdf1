/** Walking over a text that dbw__json_check() has found to be JSON: nothing here looks for mistakes. */
#ifndef DBWRIGHT_JSON_SCAN_H
#define DBWRIGHT_JSON_SCAN_H

/** The first byte at or behind `at` that is not blank; there is one. */
static inline const char *dbw__json_skip_blanks(const char *at)
{
	while (*at == ' ' || *at == '\t' || *at == '\n' || *at == '\r')
		at++;
	return at;
}

/** Behind the string whose first quote is at `at`. */
static inline const char *dbw__json_skip_string(const char *at)
{
	for (at++; *at != '"'; at++)
		if (*at == '\\')
			at++;
	return at + 1;
}

/** Behind the list or object that begins at `at`. */
static inline const char *dbw__json_skip_nested(const char *at)
{
	unsigned depth = 0;

	for (;;) {
		switch (*at) {
		case '"': at = dbw__json_skip_string(at); continue;
		case '{':
		case '[': depth++; break;
		case '}':
		case ']':
			if (--depth == 0)
				return at + 1;
			break;
		default: break;
		}
		at++;
	}
}

/** Behind the value that begins at `at`, inside of a list or an object. */
static inline const char *dbw__json_skip_value(const char *at)
{
	if (*at == '"')
		return dbw__json_skip_string(at);
	if (*at == '{' || *at == '[')
		return dbw__json_skip_nested(at);
	while (*at != ',' && *at != '}' && *at != ']' && *at != ' ' && *at != '\t' && *at != '\n' &&
		*at != '\r')
		at++;
	return at;
}

#endif

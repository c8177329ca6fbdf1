#include <entries/url.h>

#include <base/suggest.h>
#include <stdio.h>
#include <string.h>

enum { LONGEST_SCHEME = 32 };

static const char *const schemes[] = { "sqlite", "postgresql", "postgres" };

static bool refuse(char *problem, const char *reason)
{
	snprintf(problem, DBW__PROBLEM_SIZE, "%s", reason);
	return false;
}

static char lower(char byte)
{
	return byte >= 'A' && byte <= 'Z' ? (char)(byte - 'A' + 'a') : byte;
}

/*
 * The scheme of the URL in small letters, without its colon (RFC 3986, section 3.1); returns its length in
 * the text, 0 if the text has none.
 */
static size_t read_scheme(const char *text, char scheme[LONGEST_SCHEME + 1])
{
	size_t length = 0;

	for (;; length++) {
		char byte = lower(text[length]);
		bool letter = byte >= 'a' && byte <= 'z';

		if (!letter && (length == 0 || byte == '\0' || strchr("0123456789+.-", byte) == NULL))
			break;
		if (length == LONGEST_SCHEME)
			return 0;
		scheme[length] = byte;
	}
	scheme[length] = '\0';
	return text[length] == ':' ? length : 0;
}

/* Only words of our own are named: what stands before the colon may be a user, or a password. */
static bool refuse_scheme(const char *scheme, char *problem)
{
	const char *near;
	char plain[LONGEST_SCHEME + 1];

	/* As in postgresql+driver: the part before the plus is what is meant. */
	snprintf(plain, sizeof(plain), "%.*s", (int)strcspn(scheme, "+"), scheme);
	near = dbw_suggest(plain, schemes, sizeof(schemes) / sizeof(schemes[0]));
	if (near == NULL)
		return refuse(problem, "this kind of URL is not known; known are sqlite: and postgresql://");
	snprintf(problem, DBW__PROBLEM_SIZE, "this kind of URL is not known; did you mean %s%s?", near,
		strcmp(near, "sqlite") == 0 ? ":" : "://");
	return false;
}

static int hex_digit(char byte)
{
	if (byte >= '0' && byte <= '9')
		return byte - '0';
	byte = lower(byte);
	return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

/* Decodes percent escapes in place (RFC 3986, section 2.1). */
static bool decode(char *path, char *problem)
{
	char *to = path;

	for (const char *from = path; *from != '\0'; from++, to++) {
		int high, low;

		*to = *from;
		if (*from != '%')
			continue;
		high = hex_digit(from[1]);
		low = high < 0 ? -1 : hex_digit(from[2]);
		if (low < 0)
			return refuse(problem, "a % in a sqlite:// URL wants two hexadecimal digits;"
					       " write %25 for a % itself");
		if (high == 0 && low == 0)
			return refuse(problem, "a path cannot hold a NUL character (%00)");
		*to = (char)(high * 16 + low);
		from += 2;
	}
	*to = '\0';
	return true;
}

/* The special names that follow `sqlite:`; false where `name` is none of them, `*out` is then untouched. */
static bool is_special(const char *name, dbw_url *out)
{
	bool memory = strcmp(name, ":memory:") == 0;

	if (!memory && strcmp(name, ":temp:") != 0)
		return false;
	out->kind = memory ? DBW_URL_MEMORY : DBW_URL_TEMPORARY;
	return true;
}

static bool parse_sqlite(dbw_arena *arena, const char *rest, char *problem, dbw_url *out)
{
	bool slashes = strncmp(rest, "//", 2) == 0;
	char *path;

	/* Both forms: a later version may give options a meaning, and a path must not change its own then. */
	if (strchr(rest, '?') != NULL)
		return refuse(problem, "options after \"?\" are not supported yet;"
				       " a \"?\" in a path is %3F in a sqlite:/// URL");
	if (slashes && strchr(rest, '#') != NULL)
		return refuse(problem, "a \"#\" in a sqlite:// URL must be written %23");
	if (slashes && rest[2] != '\0' && rest[2] != '/')
		return refuse(problem,
			"two slashes would name a host: write sqlite:///path for a relative path,"
			" sqlite:////path for an absolute one");
	if (slashes)
		rest += rest[2] == '/' ? 3 : 2;
	if (*rest == '\0')
		return refuse(problem,
			"the URL names no file; write sqlite:path, sqlite::memory: or sqlite::temp:");
	if (is_special(rest, out))
		return true;
	path = dbw_arena_copy(arena, rest, strlen(rest));
	if (path == NULL)
		return refuse(problem, "out of memory");
	if (slashes && !decode(path, problem))
		return false;
	/* SQLite has its own use for a leading colon and may take file: for a URI (sqlite3_open). */
	if (*path == ':' || strncmp(path, "file:", 5) == 0)
		return refuse(problem, "a path cannot begin with \":\" or \"file:\"; write ./ before it."
				       " Without a path there are sqlite::memory: and sqlite::temp:");
	if (path[strlen(path) - 1] == '/')
		return refuse(problem, "the path ends in a slash: it names a folder, not a file");
	out->kind = DBW_URL_PATH;
	out->path = path;
	return true;
}

const char *dbw__url_provider(const char *text)
{
	char scheme[LONGEST_SCHEME + 1];

	/* ${NAME:-sqlite:...}: the default is what is known. */
	if (strncmp(text, "${", 2) == 0) {
		const char *end = text + strcspn(text, "}"), *otherwise = strstr(text, ":-");

		if (otherwise == NULL || otherwise > end)
			return NULL;
		text = otherwise + 2;
	}
	if (read_scheme(text, scheme) == 0)
		return NULL;
	if (strcmp(scheme, "sqlite") == 0)
		return "sqlite";
	return strcmp(scheme, "postgresql") == 0 || strcmp(scheme, "postgres") == 0 ? "postgresql" : NULL;
}

bool dbw__url_parse(dbw_arena *arena, const char *text, char problem[DBW__PROBLEM_SIZE], dbw_url *out)
{
	dbw_url url = { NULL, DBW_URL_PATH, NULL, NULL };
	char scheme[LONGEST_SCHEME + 1];
	size_t length = read_scheme(text, scheme);

	*out = url;
	*problem = '\0';
	if (length == 0 && *text == '$')
		return refuse(problem, "a variable is written ${NAME}");
	if (length == 0 && strcspn(text, "=") < strcspn(text, "/"))
		return refuse(problem,
			"libpq's words are written as a URL here: postgresql://user@host/name?word=value");
	if (length == 0)
		return refuse(problem, "a database URL begins with sqlite: or postgresql://;"
				       " for a file write sqlite: before its path");
	if (strcmp(scheme, "sqlite") == 0) {
		url.provider = "sqlite";
		if (!parse_sqlite(arena, text + length + 1, problem, &url))
			return false;
	} else if (strcmp(scheme, "postgresql") == 0 || strcmp(scheme, "postgres") == 0) {
		if (strncmp(text + length, "://", 3) != 0)
			return refuse(problem, "after postgresql: two slashes are missing");
		if (!dbw__url_check_server(text, problem))
			return false;
		url.provider = "postgresql";
		url.kind = DBW_URL_SERVER;
		/* libpq knows its prefix in small letters only. */
		url.opaque = dbw_arena_printf(arena, "postgresql%s", text + length);
		if (url.opaque == NULL)
			return refuse(problem, "out of memory");
	} else {
		return refuse_scheme(scheme, problem);
	}
	*out = url;
	return true;
}

/* The parts of a server's URL (PostgreSQL manual, section 34.1.1.2; RFC 3986, section 3.2). */
#include <entries/url.h>

#include <base/text.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* A piece of the URL as it stands, not decoded; data NULL: there is none. */
struct slice {
	const char *data;
	size_t length;
};

struct slices {
	struct slice user, password, host, port, name;
	struct slice query; /* With its `?`. */
};

static struct slice between(const char *first, const char *end)
{
	return (struct slice){ first, (size_t)(end - first) };
}

static const char *find(const char *from, const char *end, char byte)
{
	const char *at = memchr(from, byte, (size_t)(end - from));

	return at != NULL ? at : end;
}

/* One host with its port; several are left in one piece. */
static void split_hosts(const char *first, const char *end, struct slices *out)
{
	const char *after = first, *colon;

	if (first == end)
		return;
	if (*first == '[')
		after = find(first, end, ']');
	colon = find(after, end, ':');
	if (find(first, end, ',') != end)
		colon = end;
	out->host = between(first, colon);
	if (colon != end && colon + 1 != end)
		out->port = between(colon + 1, end);
	if (out->host.length == 0)
		out->host.data = NULL;
}

static struct slices split(const char *url)
{
	struct slices out = { { NULL, 0 }, { NULL, 0 }, { NULL, 0 }, { NULL, 0 }, { NULL, 0 }, { NULL, 0 } };
	const char *first = strstr(url, "://") + 3, *end = first + strlen(first);
	const char *query = first + strcspn(first, "?");
	const char *path = find(first, query, '/');
	const char *sign = NULL;

	/* A password that holds an @ it should not: the name ends at the last one. */
	for (const char *at = first; at < path; at++)
		if (*at == '@')
			sign = at;
	if (sign != NULL) {
		const char *colon = find(first, sign, ':');

		if (colon != first)
			out.user = between(first, colon);
		if (colon != sign)
			out.password = between(colon + 1, sign);
		first = sign + 1;
	}
	split_hosts(first, path, &out);
	if (path != query && path + 1 != query)
		out.name = between(path + 1, query);
	if (query != end)
		out.query = between(query, end);
	return out;
}

static int hex_digit(char byte)
{
	const char *digits = "0123456789abcdef", *at;

	if (byte >= 'A' && byte <= 'F')
		byte = (char)(byte - 'A' + 'a');
	at = byte == '\0' ? NULL : strchr(digits, byte);
	return at == NULL ? -1 : (int)(at - digits);
}

static bool decode(dbw_arena *arena, struct slice slice, char *problem, const char **out)
{
	char *text, *to;

	*out = NULL;
	if (slice.data == NULL)
		return true;
	text = to = dbw_arena_copy(arena, slice.data, slice.length);
	if (text == NULL) {
		snprintf(problem, DBW__PROBLEM_SIZE, "out of memory");
		return false;
	}
	for (size_t i = 0; i < slice.length; i++) {
		int high = -1, low = -1;

		if (slice.data[i] != '%') {
			*to++ = slice.data[i];
			continue;
		}
		if (i + 2 < slice.length) {
			high = hex_digit(slice.data[i + 1]);
			low = hex_digit(slice.data[i + 2]);
		}
		if (high < 0 || low < 0 || high + low == 0) {
			snprintf(problem, DBW__PROBLEM_SIZE,
				"a %% in the URL wants two hexadecimal digits, and not 00; write %%25 for a %% itself");
			return false;
		}
		*to++ = (char)(high * 16 + low);
		i += 2;
	}
	*to = '\0';
	*out = text;
	return true;
}

bool dbw__url_take_apart(
	dbw_arena *arena, const char *opaque, char problem[DBW__PROBLEM_SIZE], dbw_url_parts *out)
{
	struct slices slices = split(opaque);

	*problem = '\0';
	memset(out, 0, sizeof *out);
	return decode(arena, slices.user, problem, &out->user) &&
	       decode(arena, slices.password, problem, &out->password) &&
	       decode(arena, slices.host, problem, &out->host) &&
	       decode(arena, slices.port, problem, &out->port) &&
	       decode(arena, slices.name, problem, &out->name);
}

static void append_encoded(dbw_text_buffer *out, const char *text)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~";

	for (; *text != '\0'; text++) {
		if (strchr(plain, *text) != NULL)
			dbw_text_append_char(out, *text);
		else
			dbw_text_printf(out, "%%%02X", (unsigned)(unsigned char)*text);
	}
}

static void append_part(dbw_text_buffer *out, const char *part, struct slice otherwise)
{
	if (part != NULL)
		append_encoded(out, part);
	else
		dbw_text_append(out, otherwise.data, otherwise.length);
}

/* Several hosts, and an address of IP version 6, have bytes that mean something to the URL. */
static void append_host(dbw_text_buffer *out, const char *host, struct slice otherwise)
{
	if (host == NULL)
		dbw_text_append(out, otherwise.data, otherwise.length);
	else if (host[0] == '[' || strchr(host, ',') != NULL)
		dbw_text_append_z(out, host);
	else if (strchr(host, ':') != NULL)
		dbw_text_printf(out, "[%s]", host);
	else
		append_encoded(out, host);
}

static bool has(const char *part, struct slice otherwise)
{
	return part != NULL || otherwise.data != NULL;
}

static void compose(dbw_text_buffer *out, const struct slices *base, const dbw_url_parts *parts)
{
	dbw_text_append_z(out, "postgresql://");
	append_part(out, parts->user, base->user);
	if (has(parts->password, base->password)) {
		dbw_text_append_char(out, ':');
		append_part(out, parts->password, base->password);
	}
	if (has(parts->user, base->user) || has(parts->password, base->password))
		dbw_text_append_char(out, '@');
	append_host(out, parts->host, base->host);
	if (has(parts->port, base->port)) {
		dbw_text_append_char(out, ':');
		append_part(out, parts->port, base->port);
	}
	if (has(parts->name, base->name)) {
		dbw_text_append_char(out, '/');
		append_part(out, parts->name, base->name);
	}
	dbw_text_append(out, base->query.data, base->query.length);
}

/* The buffer's text in the arena; NULL when memory is short. */
static const char *take(dbw_arena *arena, dbw_text_buffer *text)
{
	const char *copy = text->failed ? NULL : dbw_arena_copy(arena, text->data, text->length);

	dbw_text_clear(text);
	return copy;
}

const char *dbw__url_compose(
	dbw_arena *arena, const char *base, const dbw_url_parts *parts, char problem[DBW__PROBLEM_SIZE])
{
	struct slices slices = split(base != NULL ? base : "postgresql://");
	const char *host = parts->host, *url;
	char storage[256];
	dbw_text_buffer out;

	*problem = '\0';
	if (parts->port != NULL &&
		((host != NULL && strchr(host, ',') != NULL) ||
			(host == NULL && slices.host.data != NULL &&
				memchr(slices.host.data, ',', slices.host.length) != NULL))) {
		snprintf(problem, DBW__PROBLEM_SIZE,
			"of several hosts each has its own port: host1:5432,host2:5433");
		return NULL;
	}
	/* The port of a host that is replaced may not be the new one's, but a list of hosts has its own. */
	if (host != NULL && strchr(host, ',') != NULL)
		slices.port.data = NULL;
	dbw_text_init(&out, storage, sizeof storage);
	compose(&out, &slices, parts);
	url = take(arena, &out);
	if (url == NULL)
		snprintf(problem, DBW__PROBLEM_SIZE, "out of memory");
	return url;
}

/* Where the password of scheme://user:password@host ends, from behind the slashes: at the @ before the path. */
static const char *end_of_password(const char *first)
{
	const char *path = strchr(first, '/'), *sign = NULL;

	for (const char *at = first; *at != '\0' && at != path; at++)
		if (*at == '@')
			sign = at;
	/* A password with a slash that it should not have: rather too much is hidden than too little. */
	return sign != NULL ? sign : strrchr(first, '@');
}

/* From a `?` or `&`: the length of a parameter's name with its `=`, if it is one whose value is a secret; else 0. */
static size_t secret_parameter(const char *at)
{
	static const char word[] = "password=";
	const size_t name = strcspn(at + 1, "=&") + 2;

	if (at[name - 1] != '=' || name < sizeof word)
		return 0;
	return strncasecmp(at + name - (sizeof word - 1), word, sizeof word - 1) == 0 ? name : 0;
}

const char *dbw__url_masked(dbw_arena *arena, const char *text)
{
	const char *slashes = strstr(text, "://"), *colon, *sign;
	char storage[256];
	dbw_text_buffer out;
	size_t name;

	dbw_text_init(&out, storage, sizeof storage);
	if (slashes != NULL) {
		sign = end_of_password(slashes + 3);
		colon = sign == NULL ? NULL : memchr(slashes + 3, ':', (size_t)(sign - slashes - 3));
		if (colon != NULL) {
			dbw_text_append(&out, text, (size_t)(colon + 1 - text));
			dbw_text_append_z(&out, "***");
			text = sign;
		}
	}
	for (; *text != '\0'; text++) {
		dbw_text_append_char(&out, *text);
		if ((*text != '?' && *text != '&') || (name = secret_parameter(text)) == 0)
			continue;
		dbw_text_append(&out, text + 1, name - 1);
		dbw_text_append_z(&out, "***");
		text += name - 1 + strcspn(text + name, "&");
	}
	return take(arena, &out);
}

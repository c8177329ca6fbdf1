/* The parts of a server's URL (PostgreSQL manual, section 34.1.1.2; RFC 3986, section 3.2). */
#include "url_slices.h"

#include <stdio.h>
#include <string.h>

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

struct slices dbw__url_split(const char *url)
{
	struct slices out = { { NULL, 0 }, { NULL, 0 }, { NULL, 0 }, { NULL, 0 }, { NULL, 0 }, NULL };
	const char *first = strstr(url, "://") + 3, *query = first + strcspn(first, "?");
	const char *path = find(first, query, '/');
	const char *sign = NULL;

	out.query = query;
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
	return out;
}

bool dbw__url_next_parameter(const char **at, struct parameter *out)
{
	const char *first = *at + 1, *end, *equals;

	if (**at == '\0')
		return false;
	end = first + strcspn(first, "&");
	equals = find(first, end, '=');
	out->name = between(first, equals);
	out->value = equals == end ? (struct slice){ NULL, 0 } : between(equals + 1, end);
	*at = end;
	return true;
}

static int hex_digit(char byte)
{
	const char *digits = "0123456789abcdef", *at;

	if (byte >= 'A' && byte <= 'F')
		byte = (char)(byte - 'A' + 'a');
	at = byte == '\0' ? NULL : strchr(digits, byte);
	return at == NULL ? -1 : (int)(at - digits);
}

int dbw__url_next_byte(struct slice slice, size_t *at)
{
	const char *bytes = slice.data + *at;
	const size_t left = slice.length - *at;
	int high, low;

	++*at;
	if (*bytes != '%')
		return (unsigned char)*bytes;
	high = left < 3 ? -1 : hex_digit(bytes[1]);
	low = high < 0 ? -1 : hex_digit(bytes[2]);
	if (low < 0 || high + low == 0)
		return -1;
	*at += 2;
	return high * 16 + low;
}

bool dbw__url_is_named(struct slice name, const char *word)
{
	size_t at = 0;

	for (; *word != '\0'; word++)
		if (at == name.length || dbw__url_next_byte(name, &at) != (unsigned char)*word)
			return false;
	return at == name.length;
}

static bool refuse(char *problem, const char *reason)
{
	snprintf(problem, DBW__PROBLEM_SIZE, "%s", reason);
	return false;
}

/* What stands behind the colon of one host. */
static bool is_port(const char *first, const char *end)
{
	for (; first < end; first++)
		if (*first < '0' || *first > '9')
			return false;
	return true;
}

static bool check_query(const char *query, char *problem)
{
	struct parameter parameter;

	while (dbw__url_next_parameter(&query, &parameter)) {
		const struct slice value = parameter.value;

		if (value.data == NULL && (parameter.name.length != 0 || *query != '\0'))
			return refuse(problem, "a parameter behind the ? of a URL is name=value");
		if (value.data != NULL && memchr(value.data, '=', value.length) != NULL)
			return refuse(problem, "an = in the value of a parameter is written %3D");
	}
	return true;
}

bool dbw__url_check_server(const char *url, char problem[DBW__PROBLEM_SIZE])
{
	const struct slices slices = dbw__url_split(url);
	const char *first = strstr(url, "://") + 3, *path = find(first, slices.query, '/');
	const char *sign = find(first, path, '@');

	/* libpq ends the password at the first @, and would name the rest of it as a host. */
	if (find(sign == path ? path : sign + 1, slices.query, '@') != slices.query)
		return refuse(problem,
			"there is an @ too many: in a user, a password or a name it is written %40, and a / %2F");
	if (sign != path)
		first = sign + 1;
	while (first < path) {
		const char *end = find(first, path, ',');
		const char *host = *first == '[' ? find(first, end, ']') : first;
		const char *colon = find(host, end, ':');

		if (*first == '[' && host == end)
			return refuse(problem, "the bracket of an address is not closed");
		if (colon != end && !is_port(colon + 1, end))
			return refuse(problem, "a port is not a number; a password stands before an @,"
					       " and an @ in it is written %40, a / %2F, a ? %3F");
		first = end == path ? path : end + 1;
	}
	return check_query(slices.query, problem);
}

static bool decode(dbw_arena *arena, struct slice slice, char *problem, const char **out)
{
	char *text, *to;

	*out = NULL;
	if (slice.data == NULL)
		return true;
	text = to = dbw_arena_copy(arena, slice.data, slice.length);
	if (text == NULL)
		return refuse(problem, "out of memory");
	for (size_t at = 0; at < slice.length;) {
		const int byte = dbw__url_next_byte(slice, &at);

		if (byte < 0)
			return refuse(problem,
				"a % in the URL wants two hexadecimal digits, and not 00; write %25 for a % itself");
		*to++ = (char)byte;
	}
	*to = '\0';
	*out = text;
	return true;
}

/* What the query says counts more than what stands before it, and the last word more than the first. */
static void read_query(struct slices *slices)
{
	const char *at = slices->query;
	struct parameter parameter;

	while (dbw__url_next_parameter(&at, &parameter)) {
		if (dbw__url_is_named(parameter.name, "user"))
			slices->user = parameter.value;
		else if (dbw__url_is_named(parameter.name, "password"))
			slices->password = parameter.value;
		else if (dbw__url_is_named(parameter.name, "host"))
			slices->host = parameter.value;
		else if (dbw__url_is_named(parameter.name, "port"))
			slices->port = parameter.value;
		else if (dbw__url_is_named(parameter.name, "dbname"))
			slices->name = parameter.value;
	}
}

bool dbw__url_take_apart(
	dbw_arena *arena, const char *opaque, char problem[DBW__PROBLEM_SIZE], dbw_url_parts *out)
{
	struct slices slices = dbw__url_split(opaque);
	struct slice *host = &slices.host;

	*problem = '\0';
	memset(out, 0, sizeof *out);
	read_query(&slices);
	/* The brackets of an address of IP version 6 belong to the URL. */
	if (host->length > 2 && host->data[0] == '[' &&
		find(host->data, host->data + host->length, ']') == host->data + host->length - 1)
		*host = (struct slice){ host->data + 1, host->length - 2 };
	return decode(arena, slices.user, problem, &out->user) &&
	       decode(arena, slices.password, problem, &out->password) &&
	       decode(arena, slices.host, problem, &out->host) &&
	       decode(arena, slices.port, problem, &out->port) &&
	       decode(arena, slices.name, problem, &out->name);
}

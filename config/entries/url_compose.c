/* A server's URL from another one and the parts that are put on top of it. */
#include "url_slices.h"

#include <base/text.h>
#include <stdio.h>
#include <string.h>

static void append_encoded(dbw_text_buffer *out, const char *text, size_t length, const char *more)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~";

	for (size_t i = 0; i < length; i++) {
		if (strchr(plain, text[i]) != NULL || strchr(more, text[i]) != NULL)
			dbw_text_append_char(out, text[i]);
		else
			dbw_text_printf(out, "%%%02X", (unsigned)(unsigned char)text[i]);
	}
}

static void append_part(dbw_text_buffer *out, const char *part, struct slice otherwise)
{
	if (part != NULL)
		append_encoded(out, part, strlen(part), "");
	else
		dbw_text_append(out, otherwise.data, otherwise.length);
}

/* One host of a list: what a name, an address or a folder is made of, and what follows it. */
struct host {
	struct slice name;
	struct slice port; /* Without its colon; data NULL: none. */
	bool is_address;   /* Of IP version 6: it stands in brackets. */
};

/* The first host of the list; gives what stands behind it, from the comma on. */
static const char *read_host(const char *list, struct host *out)
{
	const size_t length = strcspn(list, ",");
	const char *colon = memchr(list, ':', length), *bracket;

	*out = (struct host){ { list, length }, { NULL, 0 }, false };
	if (*list == '/' || *list == '@' || (*list != '[' && colon == NULL))
		return list + length;
	bracket = *list == '[' ? memchr(list, ']', length) : NULL;
	if (bracket != NULL) {
		out->name = (struct slice){ list + 1, (size_t)(bracket - list - 1) };
		out->is_address = true;
		colon = bracket[1] == ':' ? bracket + 1 : NULL;
	} else if (colon != NULL && memchr(colon + 1, ':', length - (size_t)(colon + 1 - list)) != NULL) {
		out->is_address = true;
		return list + length;
	} else if (colon != NULL) {
		out->name.length = (size_t)(colon - list);
	}
	if (colon != NULL)
		out->port = (struct slice){ colon + 1, length - (size_t)(colon + 1 - list) };
	return list + length;
}

/* Several hosts, and ports of theirs; nothing of them can end the list and begin another part of the URL. */
static void append_hosts(dbw_text_buffer *out, const char *list)
{
	for (;; list++) {
		struct host host;

		list = read_host(list, &host);
		dbw_text_append_z(out, host.is_address ? "[" : "");
		append_encoded(out, host.name.data, host.name.length, host.is_address ? ":" : "");
		dbw_text_append_z(out, host.is_address ? "]" : "");
		if (host.port.data != NULL) {
			dbw_text_append_char(out, ':');
			append_encoded(out, host.port.data, host.port.length, "");
		}
		if (*list == '\0')
			return;
		dbw_text_append_char(out, ',');
	}
}

/* Parameters that say the same as the parts; what they say of those that are given goes. */
static bool is_replaced(struct slice name, const dbw_url_parts *parts)
{
	return (parts->user != NULL && dbw__url_is_named(name, "user")) ||
	       (parts->password != NULL && dbw__url_is_named(name, "password")) ||
	       (parts->host != NULL &&
		       (dbw__url_is_named(name, "host") || dbw__url_is_named(name, "hostaddr"))) ||
	       (parts->port != NULL && dbw__url_is_named(name, "port")) ||
	       (parts->name != NULL && dbw__url_is_named(name, "dbname"));
}

static void append_query(dbw_text_buffer *out, const char *query, const dbw_url_parts *parts)
{
	struct parameter parameter;
	char mark = '?';

	for (const char *at = query, *from = at; dbw__url_next_parameter(&at, &parameter); from = at) {
		if (is_replaced(parameter.name, parts))
			continue;
		dbw_text_append_char(out, mark);
		dbw_text_append(out, from + 1, (size_t)(at - from - 1));
		mark = '&';
	}
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
	if (parts->host != NULL)
		append_hosts(out, parts->host);
	else
		dbw_text_append(out, base->host.data, base->host.length);
	if (has(parts->port, base->port)) {
		dbw_text_append_char(out, ':');
		append_part(out, parts->port, base->port);
	}
	if (has(parts->name, base->name)) {
		dbw_text_append_char(out, '/');
		append_part(out, parts->name, base->name);
	}
	append_query(out, base->query, parts);
}

/* Whether a list is of several hosts, or one has its port in it; `*good` false where a port is no number. */
static bool has_own_ports(const char *list, bool *good)
{
	bool own = strchr(list, ',') != NULL;

	for (;; list++) {
		struct host host;

		list = read_host(list, &host);
		own |= host.port.data != NULL;
		for (size_t i = 0; i < host.port.length; i++)
			*good &= host.port.data[i] >= '0' && host.port.data[i] <= '9';
		if (*list == '\0')
			return own;
	}
}

/* Of several hosts each has its own port; that of a host that is replaced may be the new one's. */
static bool check_ports(struct slices *base, const dbw_url_parts *parts, char *problem)
{
	const bool of_base = parts->host == NULL && base->host.data != NULL &&
			     memchr(base->host.data, ',', base->host.length) != NULL;
	bool good = true, own = parts->host != NULL && has_own_ports(parts->host, &good);

	if (own)
		base->port.data = NULL;
	if (!good)
		snprintf(problem, DBW__PROBLEM_SIZE, "what stands behind the colon of a host is no port");
	else if (parts->port != NULL && (own || of_base))
		snprintf(problem, DBW__PROBLEM_SIZE,
			"of several hosts each has its own port: host1:5432,host2:5433");
	return *problem == '\0';
}

const char *dbw__url_compose(
	dbw_arena *arena, const char *base, const dbw_url_parts *parts, char problem[DBW__PROBLEM_SIZE])
{
	struct slices slices = dbw__url_split(base != NULL ? base : "postgresql://");
	const char *url;
	char storage[256];
	dbw_text_buffer out;

	*problem = '\0';
	if (!check_ports(&slices, parts, problem))
		return NULL;
	dbw_text_init(&out, storage, sizeof storage);
	compose(&out, &slices, parts);
	url = out.failed ? NULL : dbw_arena_copy(arena, out.data, out.length);
	dbw_text_clear(&out);
	if (url == NULL)
		snprintf(problem, DBW__PROBLEM_SIZE, "out of memory");
	return url;
}

/* The pieces of a server's URL as they stand, not decoded; shared by url_parts.c, url_compose.c and url_masked.c. */
#ifndef DBWRIGHT_ENTRIES_URL_SLICES_H
#define DBWRIGHT_ENTRIES_URL_SLICES_H

#include <entries/url.h>

/* A piece; data NULL: there is none. */
struct slice {
	const char *data;
	size_t length;
};

struct slices {
	struct slice user, password, host, port, name;
	const char *query; /* From its `?` on, or the end of the URL. */
};

/* The URL up to its query; a password that holds an @ it should not ends at the last one. */
struct slices dbw__url_split(const char *url);

/* What stands between two `&`. */
struct parameter {
	struct slice name, value; /* The value's data NULL: there is no `=`. */
};

/* The next parameter from `*at`, a `?` or `&`, on; `*at` goes behind it. False at the end. */
bool dbw__url_next_parameter(const char **at, struct parameter *out);

/* Whether the name of a parameter, its percent escapes decoded, is `word`. */
bool dbw__url_is_named(struct slice name, const char *word);

/*
 * The decoded byte at `*at` of a slice, which goes behind it. -1: a percent escape that is none, or that of NUL; `*at`
 * is then behind the percent sign.
 */
int dbw__url_next_byte(struct slice slice, size_t *at);

#endif

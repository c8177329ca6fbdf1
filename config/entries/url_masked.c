/* What is shown of a URL, and of what stands where a URL should. */
#include "url_slices.h"

#include <base/text.h>
#include <string.h>
#include <strings.h>

enum { LONGEST_NAME = 63 };

static const char masked[] = "***";

bool dbw__is_secret_name(const char *name)
{
	const size_t length = strlen(name);

	/* Where a file with passwords is, is none. The words of libpq; "key" and others as others call a password. */
	if (strcasecmp(name, "passfile") == 0)
		return false;
	return strcasestr(name, "pass") != NULL || strcasestr(name, "secret") != NULL ||
	       strcasestr(name, "token") != NULL || strncasecmp(name, "scram_", 6) == 0 ||
	       strcasecmp(name, "key") == 0 || (length > 4 && strcasecmp(name + length - 4, "_key") == 0) ||
	       strcasecmp(name, "hexkey") == 0;
}

static bool is_secret(struct slice name)
{
	char decoded[LONGEST_NAME + 1];
	size_t length = 0;

	for (size_t at = 0; at < name.length; length++) {
		const int byte = dbw__url_next_byte(name, &at);

		/* Nobody has a parameter of such a name. */
		if (length == LONGEST_NAME || byte < 0)
			return true;
		decoded[length] = (char)byte;
	}
	decoded[length] = '\0';
	return dbw__is_secret_name(decoded);
}

/* The text behind its password, which is masked: from behind the colon up to the last @, for it may hold what it should
 * not. Rather too much is hidden than too little. */
static const char *append_user(dbw_text_buffer *out, const char *text)
{
	const char *slashes = strstr(text, "://"), *sign = strrchr(text, '@'), *colon;

	if (slashes == NULL || sign == NULL || sign < slashes)
		return text;
	colon = memchr(slashes + 3, ':', (size_t)(sign - slashes - 3));
	if (colon == NULL)
		return text;
	dbw_text_append(out, text, (size_t)(colon + 1 - text));
	dbw_text_append_z(out, masked);
	return sign;
}

const char *dbw__url_masked(dbw_arena *arena, const char *text)
{
	char storage[256];
	const char *copy;
	dbw_text_buffer out;

	dbw_text_init(&out, storage, sizeof storage);
	text = append_user(&out, text);
	dbw_text_append(&out, text, strcspn(text, "?&"));
	text += strcspn(text, "?&");
	for (const char *from = text; *from != '\0'; from = text) {
		struct parameter parameter;
		size_t shown;

		/* A `?` ends one as well: there may be two URLs, one of them a default. */
		text = from + 1 + strcspn(from + 1, "?&");
		parameter.name = (struct slice){ from + 1, strcspn(from + 1, "=?&") };
		shown = parameter.name.length + 1;
		if (from[shown] != '=' || !is_secret(parameter.name)) {
			dbw_text_append(&out, from, (size_t)(text - from));
			continue;
		}
		dbw_text_append(&out, from, shown + 1);
		dbw_text_append_z(&out, masked);
		text = from + 1 + strcspn(from + 1, "&");
	}
	copy = out.failed ? NULL : dbw_arena_copy(arena, out.data, out.length);
	dbw_text_clear(&out);
	return copy;
}

/* Whether the text is variables and nothing else. */
static bool is_variables(const char *text)
{
	while (strncmp(text, "${", 2) == 0) {
		const char *end = strchr(text, '}');

		/* A default is a text like any other. */
		if (end == NULL ||
			(strncmp(text, "${file:", 7) != 0 && memchr(text, ':', (size_t)(end - text)) != NULL))
			return false;
		text = end + 1;
	}
	return *text == '\0';
}

const char *dbw__connection_string_masked(dbw_arena *arena, const char *text)
{
	const char *provider = dbw__url_provider(text);

	/* What is no URL may be the words of libpq, or a password that got there by mistake. */
	if (strstr(text, "://") == NULL && !is_variables(text) &&
		(provider == NULL || strcmp(provider, "sqlite") != 0))
		return dbw_arena_copy(arena, masked, sizeof masked - 1);
	return dbw__url_masked(arena, text);
}

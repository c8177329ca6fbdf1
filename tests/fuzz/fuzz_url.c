/* Database URLs of any bytes, with variables to expand. No problem may tell what the URL or a variable holds. */
#include "fuzz.h"

#include <entries/expand.h>
#include <entries/url.h>

#include <string.h>

static const char secret[] = "hunter2";

static const char *variable(void *context, const char *name)
{
	(void)context;
	if (strcmp(name, "SECRET") == 0)
		return secret;
	if (strcmp(name, "URL") == 0)
		return "sqlite:///data/a%20b.db";
	return strcmp(name, "EMPTY") == 0 ? "" : NULL;
}

static void check_expand(const char *text, dbw_text_buffer *out)
{
	char problem[DBW__PROBLEM_SIZE], said[DBW__PROBLEM_SIZE];
	size_t offset;
	const bool good = dbw__expand_check(text, said, &offset);
	bool done;

	FUZZ_CHECK(good == (said[0] == '\0') && memchr(said, '\0', sizeof said) != NULL);
	FUZZ_CHECK(good ? offset == 0 : offset <= strlen(text));
	dbw_text_append_z(out, "before ");
	done = dbw__expand(text, variable, NULL, out, problem);
	FUZZ_CHECK(good || !done);
	FUZZ_CHECK(done == (problem[0] == '\0') && memchr(problem, '\0', sizeof problem) != NULL);
	FUZZ_CHECK(strncmp(out->data, "before ", 7) == 0);
	if (!done)
		FUZZ_CHECK(out->length == 7 && !out->failed);
	/* The name of a variable may be told, what is in one may not. */
	if (strstr(text, secret) == NULL)
		FUZZ_CHECK(strstr(problem, secret) == NULL);
	if (strchr(text, '$') == NULL)
		FUZZ_CHECK(done && strcmp(out->data + 7, text) == 0);
}

static void check_url(dbw_arena *arena, const char *text)
{
	char problem[DBW__PROBLEM_SIZE];
	dbw_url url;

	if (!dbw__url_parse(arena, text, problem, &url)) {
		FUZZ_CHECK(problem[0] != '\0' && memchr(problem, '\0', sizeof problem) != NULL);
		FUZZ_CHECK(strstr(problem, secret) == NULL);
		FUZZ_CHECK(url.provider == NULL && url.path == NULL && url.opaque == NULL);
		return;
	}
	FUZZ_CHECK(problem[0] == '\0');
	FUZZ_CHECK((url.path != NULL) == (url.kind == DBW_URL_PATH));
	FUZZ_CHECK((url.opaque != NULL) == (url.kind == DBW_URL_SERVER));
	FUZZ_CHECK(strcmp(url.provider, url.kind == DBW_URL_SERVER ? "postgresql" : "sqlite") == 0);
	if (url.kind == DBW_URL_SERVER)
		FUZZ_CHECK(strncmp(url.opaque, "postgresql://", 13) == 0 &&
			   strcmp(url.opaque + 13, strstr(text, "://") + 3) == 0);
	if (url.kind != DBW_URL_PATH)
		return;
	/* What SQLite takes for something else than a file is no path. */
	FUZZ_CHECK(url.path[0] != '\0' && url.path[0] != ':' && strncmp(url.path, "file:", 5) != 0);
	text = strchr(text, ':') + 1;
	if (strncmp(text, "//", 2) != 0)
		FUZZ_CHECK(strcmp(url.path, text) == 0);
	else
		FUZZ_CHECK(strlen(url.path) <= strlen(text) - 2);
}

/* Whatever a password is, escaped or not, nothing of it is shown; and a part comes out of a URL as it went in. */
static void check_password(dbw_arena *arena, const char *text)
{
	const char *raw = dbw_arena_printf(arena, "postgresql://u:%s@h/d", text);
	const char *behind = dbw_arena_printf(arena, "postgresql://h/d?x=y&Password=%s", text);
	const dbw_url_parts said = { .user = text, .password = text, .host = "h", .name = text };
	char problem[DBW__PROBLEM_SIZE];
	const char *composed = dbw__url_compose(arena, "postgresql://u:p@g:1/e?user=x", &said, problem);
	dbw_url_parts parts;

	FUZZ_CHECK(strcmp(dbw__url_masked(arena, raw), "postgresql://u:***@h/d") == 0);
	if (strpbrk(text, "&@") == NULL)
		FUZZ_CHECK(strcmp(dbw__url_masked(arena, behind), "postgresql://h/d?x=y&Password=***") == 0);
	FUZZ_CHECK(composed != NULL && dbw__url_check_server(composed, problem));
	FUZZ_CHECK(dbw__url_take_apart(arena, composed, problem, &parts));
	if (*text == '\0')
		return;
	FUZZ_CHECK(strcmp(parts.user, text) == 0 && strcmp(parts.password, text) == 0);
	FUZZ_CHECK(strcmp(parts.name, text) == 0 && strcmp(parts.host, "h") == 0 &&
		   strcmp(parts.port, "1") == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	dbw_arena *arena = dbw_arena_new(0);
	char *text = malloc(size + 1);
	dbw_text_buffer expanded;

	FUZZ_CHECK(arena != NULL && text != NULL);
	if (size != 0)
		memcpy(text, data, size);
	text[size] = '\0';
	dbw_text_init(&expanded, NULL, 0);
	check_url(arena, text);
	check_password(arena, text);
	check_expand(text, &expanded);
	check_url(arena, expanded.data + 7);
	/* The same with something at the end that no message may repeat. */
	dbw_text_append_z(&expanded, secret);
	check_url(arena, expanded.data + 7);
	dbw_text_clear(&expanded);
	free(text);
	dbw_arena_free(arena);
	return 0;
}

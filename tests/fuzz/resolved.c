#include "resolved.h"

#include "fuzz.h"

#include <string.h>

/* What is shown without its masks. */
static bool shows(const char *shown, const char *secret)
{
	return shown != NULL && strstr(shown, secret) != NULL;
}

/* Whether somebody else says the text, too, so that it may be shown. */
static bool is_said_openly(const dbw__resolved *resolved, const char *text)
{
	for (size_t i = 0; i < resolved->count; i++) {
		const dbw__said *said = resolved->values[i].said;

		if (said->key != NULL && said->key->secret)
			continue;
		if (strstr(said->name, text) != NULL || strstr(said->value, text) != NULL ||
			shows(resolved->values[i].text, text) || shows(said->at.file, text))
			return true;
		/* What a variable gives an ordinary key is shown, though it may be refused. */
		if (said->key != &dbw__keys[DBW__KEY_CONNECTION_STRING] &&
			shows(resolved->values[i].shown, text))
			return true;
	}
	return false;
}

/* A password of some length, which is nothing but one, is in no message and nothing that is shown. */
static void check_secret(const dbw__request *request, const dbw__resolved *resolved, const char *secret)
{
	if (strlen(secret) < 8 || is_said_openly(resolved, secret) || shows(request->root, secret) ||
		shows(request->name, secret))
		return;
	FUZZ_CHECK(!shows(resolved->shown, secret));
	for (size_t i = 0; i < resolved->count; i++)
		FUZZ_CHECK(!shows(resolved->values[i].shown, secret));
	for (size_t i = 0; i < dbw_diagnostics_count(request->diagnostics); i++) {
		const dbw_diagnostic *one = dbw_diagnostics_at(request->diagnostics, i);

		FUZZ_CHECK(!shows(one->message, secret) && !shows(one->hint, secret));
	}
}

static void check_value(const dbw__value *value)
{
	char problem[DBW__PROBLEM_SIZE];

	FUZZ_CHECK(value->shown != NULL);
	FUZZ_CHECK(value->outcome == DBW__USED || value->text == NULL);
	if (value->said->key == NULL)
		return;
	if (value->said->key->secret)
		FUZZ_CHECK(strcmp(value->shown, "***") == 0);
	if (value->text != NULL && value->said->key != &dbw__keys[DBW__KEY_CONNECTION_STRING])
		FUZZ_CHECK(dbw__key_check(value->said->key, value->text, problem));
}

/* Of each key and option one value is used at most. */
static void check_once(const dbw__resolved *resolved)
{
	for (size_t i = 0; i < resolved->count; i++)
		for (size_t j = 0; j < i; j++) {
			const dbw__value *a = &resolved->values[i], *b = &resolved->values[j];

			FUZZ_CHECK(a->outcome != DBW__USED || b->outcome != DBW__USED ||
				   a->said->key != b->said->key || strcmp(a->said->name, b->said->name) != 0);
		}
}

/* A part that is used is what libpq will find in the URL, and nothing else of the URL comes of it. */
static void check_part(const dbw__resolved *resolved, size_t key, const char *part)
{
	const dbw__value *value = dbw__resolved_find(resolved, key);

	if (value != NULL && value->text != NULL && strpbrk(value->text, ",:[]") == NULL)
		FUZZ_CHECK(part != NULL && strcmp(part, value->text) == 0);
}

static void check_server(dbw_arena *arena, const dbw__resolved *resolved)
{
	char problem[DBW__PROBLEM_SIZE];
	dbw_url_parts parts;
	dbw_url url;

	FUZZ_CHECK(dbw__url_parse(arena, resolved->location, problem, &url));
	FUZZ_CHECK(url.kind == DBW_URL_SERVER && strcmp(url.opaque, resolved->location) == 0);
	FUZZ_CHECK(dbw__url_take_apart(arena, resolved->location, problem, &parts));
	check_part(resolved, DBW__KEY_HOST, parts.host);
	check_part(resolved, DBW__KEY_PORT, parts.port);
	check_part(resolved, DBW__KEY_USER, parts.user);
	check_part(resolved, DBW__KEY_PASSWORD, parts.password);
	check_part(resolved, DBW__KEY_DATABASE, parts.name);
	if (parts.password != NULL && strlen(parts.password) >= 8 &&
		(parts.user == NULL || strstr(parts.user, parts.password) == NULL) &&
		(parts.host == NULL || strstr(parts.host, parts.password) == NULL) &&
		(parts.name == NULL || strstr(parts.name, parts.password) == NULL))
		FUZZ_CHECK(!shows(strrchr(resolved->shown, '@'), parts.password) ||
			   strchr(resolved->shown, '?') != NULL);
}

static void check_place(const dbw__request *request, const dbw__resolved *resolved)
{
	const char *const provider = resolved->provider;
	const bool is_server = resolved->kind == DBW_URL_SERVER;

	FUZZ_CHECK(resolved->shown != NULL && resolved->at.file != NULL);
	/* One from outside takes places of every kind, and keys too. */
	if (resolved->symbol != NULL) {
		FUZZ_CHECK(strchr(provider, ':') != NULL && resolved->symbol[0] != '\0');
		return;
	}
	FUZZ_CHECK(strcmp(provider, is_server ? "postgresql" : "sqlite") == 0);
	FUZZ_CHECK((resolved->location != NULL) == (is_server || resolved->kind == DBW_URL_PATH));
	if (resolved->kind == DBW_URL_PATH)
		FUZZ_CHECK(resolved->location[0] == '/');
	FUZZ_CHECK(!resolved->is_fallback || (request->sqlite && !request->production));
	if (is_server)
		check_server(request->arena, resolved);
	for (size_t i = 0; i < resolved->count; i++) {
		const dbw__value *value = &resolved->values[i];
		const char *of = value->said->key == NULL ? NULL : value->said->key->provider;

		if (of != NULL && strcmp(of, provider) != 0)
			FUZZ_CHECK(value->outcome != DBW__USED);
	}
}

void fuzz_check_resolved(const dbw__request *request, bool good, const dbw__resolved *resolved)
{
	FUZZ_CHECK(good == (dbw_diagnostics_errors(request->diagnostics) == 0));
	for (size_t i = 0; i < resolved->count; i++)
		check_value(&resolved->values[i]);
	for (size_t i = 0; i < resolved->count; i++) {
		const dbw__said *said = resolved->values[i].said;

		if (said->key != NULL && said->key->secret && strchr(said->value, '$') == NULL)
			check_secret(request, resolved, said->value);
	}
	if (good) {
		check_once(resolved);
		check_place(request, resolved);
	}
	fuzz_check_diagnostics(request->diagnostics);
}

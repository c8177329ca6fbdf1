/* Where a database is: one connection string, one path, or parts that are put together. */
#include "resolver.h"

#include <entries/outside.h>

#include <string.h>

enum { FIRST_PART = DBW__KEY_PATH, PARTS = DBW__KEY_DATABASE - DBW__KEY_PATH + 1 };

/* What has been found so far. */
struct place {
	const char *provider;           /* NULL: nothing has said it. */
	const dbw__said *parts[PARTS];  /* Of each the nearest. */
	const dbw__said *database_path; /* The nearest of `path` and `name`, which in SQLite are the same. */
	const dbw__said *provider_said; /* The nearest `provider`. */
	const dbw__said *url;
	dbw_url base; /* Where `url` is said. */
};

static const char *use(void *context, const dbw__said *said)
{
	return dbw__resolver_use(context, said);
}

/* The provider that a source says; false after a report. */
static bool read_provider(struct resolver *resolver, const dbw__entry *level, const dbw__said *url,
	dbw_url *base, const char **out)
{
	const dbw__said *provider = dbw__entry_find(level, DBW__KEY_PROVIDER);
	const dbw__request *request = resolver->request;
	char problem[DBW__PROBLEM_SIZE];

	*out = NULL;
	if (provider != NULL && dbw__is_outside(provider->value)) {
		*out = dbw__resolver_use(resolver, provider);
		return *out != NULL;
	}
	if (url != NULL) {
		const char *text;

		if (!dbw__entry_check_url(
			    request->arena, request->diagnostics, resolver->what, level, use, resolver))
			return false;
		text = dbw__resolver_use(resolver, url);
		/* The check has parsed it before: only memory can be missing. */
		if (text != NULL && !dbw__url_parse(request->arena, text, problem, base))
			dbw__resolver_no_memory(resolver);
		*out = base->provider;
		return *out != NULL;
	}
	if (provider != NULL) {
		const char *text = dbw__resolver_use(resolver, provider);

		for (const char *const *word = provider->key->words; text != NULL && *word != NULL; word++)
			if (strcmp(*word, text) == 0)
				*out = *word;
		if (*out == NULL)
			*out = text;
		return text != NULL;
	}
	*out = dbw__entry_provider(level);
	return true;
}

/* A file is said in two words; the nearer one is before the other. */
static const dbw__said *find_file(const dbw__entry *level)
{
	const dbw__said *path = dbw__entry_find(level, DBW__KEY_PATH);
	const dbw__said *name = dbw__entry_find(level, DBW__KEY_DATABASE);

	return path == NULL || (name != NULL && name < path) ? name : path;
}

static void take_parts(const dbw__entry *level, struct place *place)
{
	for (size_t i = 0; i < PARTS; i++)
		if (place->parts[i] == NULL)
			place->parts[i] = dbw__entry_find(level, FIRST_PART + i);
	if (place->database_path == NULL)
		place->database_path = find_file(level);
}

static bool has_parts(const struct place *place)
{
	for (size_t i = 0; i < PARTS; i++)
		if (place->parts[i] != NULL)
			return true;
	return false;
}

/* Whether the parts are a place, and not only what belongs to one that is said elsewhere. */
static bool is_place(const struct place *place)
{
	if (place->database_path != NULL || place->provider == NULL)
		return place->database_path != NULL || place->parts[DBW__KEY_HOST - FIRST_PART] != NULL;
	/* A host beside `provider: sqlite` belongs to no file. */
	return strcmp(place->provider, "postgresql") == 0 && has_parts(place);
}

/* Parts beside a URL have been compared with it, which says the same. */
static void lose_parts(struct resolver *resolver, const dbw__entry *level)
{
	for (size_t i = 0; i < PARTS; i++) {
		const dbw__said *said = dbw__entry_find(level, FIRST_PART + i);

		if (said != NULL)
			dbw__resolver_lose(resolver, said, 1);
	}
}

/* Goes through the sources from the nearest on; false after a report. */
static bool search(struct resolver *resolver, struct place *place)
{
	for (size_t i = 0; i < resolver->level_count; i++) {
		const dbw__entry *level = &resolver->levels[i];
		const dbw__said *url = dbw__entry_find(level, DBW__KEY_CONNECTION_STRING);
		const dbw__said *said = dbw__entry_find(level, DBW__KEY_PROVIDER);
		dbw_url base = { NULL, DBW_URL_PATH, NULL, NULL };
		const char *provider;

		if (level->count == 0 || (i == resolver->default_url && is_place(place)))
			continue;
		if (!read_provider(resolver, level, url, &base, &provider))
			return false;
		if (place->provider != NULL && provider != NULL && strcmp(place->provider, provider) != 0) {
			dbw__resolver_lose(resolver, level->said, level->count);
			return true;
		}
		if (provider != NULL)
			place->provider = provider;
		if (place->provider_said == NULL)
			place->provider_said = said;
		else if (said != NULL)
			dbw__resolver_lose(resolver, said, 1);
		if (url != NULL) {
			place->url = url;
			place->base = base;
			lose_parts(resolver, level);
			return true;
		}
		take_parts(level, place);
		if (place->parts[0] != NULL)
			return true;
	}
	return true;
}

static bool no_place(struct resolver *resolver, const struct place *place)
{
	const dbw__request *request = resolver->request;
	const char *hint = dbw_arena_printf(request->arena,
		request->production && request->sqlite
			? "in production no new file is made up: set %s_DATABASE_URL, or write connection_string"
			: "set %s_DATABASE_URL, or write connection_string: postgresql://host/name",
		request->name);
	dbw_position at = request->entry_count != 0  ? request->entries[0].at
			  : request->program != NULL ? request->program->at
						     : (dbw_position){ NULL, 0, 0 };

	(void)place;
	if (hint != NULL) {
		char *letter = strstr(hint, "set ") + 4;

		for (size_t i = 0; request->name[i] != '\0'; i++, letter++) {
			if (*letter >= 'a' && *letter <= 'z')
				*letter = (char)(*letter - 'a' + 'A');
			else if (*letter == '-')
				*letter = '_';
		}
	}
	dbw__resolver_refuse(resolver, at, "no-place", hint, "%s does not say where it is", resolver->what);
	return false;
}

/* Uses a part; NULL where it is not said, `*good` false after a report. */
static const char *part(struct resolver *resolver, const struct place *place, size_t key, bool *good)
{
	const dbw__said *said = place->parts[key - FIRST_PART];
	const char *text = said == NULL ? NULL : dbw__resolver_use(resolver, said);

	if (said != NULL && text == NULL)
		*good = false;
	return text;
}

static bool finish_server(struct resolver *resolver, const struct place *place)
{
	const dbw__request *request = resolver->request;
	dbw__resolved *out = resolver->out;
	char problem[DBW__PROBLEM_SIZE];
	bool good = true;
	dbw_url_parts parts;

	out->kind = DBW_URL_SERVER;
	parts.user = part(resolver, place, DBW__KEY_USER, &good);
	parts.password = part(resolver, place, DBW__KEY_PASSWORD, &good);
	parts.host = part(resolver, place, DBW__KEY_HOST, &good);
	parts.port = part(resolver, place, DBW__KEY_PORT, &good);
	parts.name = part(resolver, place, DBW__KEY_DATABASE, &good);
	if (!good)
		return false;
	out->location = place->base.opaque;
	if (has_parts(place) || out->location == NULL) {
		out->location = dbw__url_compose(request->arena, place->base.opaque, &parts, problem);
		if (out->location == NULL) {
			dbw__resolver_refuse(
				resolver, out->at, "bad-url", NULL, "%s: %s", resolver->what, problem);
			return false;
		}
	}
	out->shown = dbw__url_masked(request->arena, out->location);
	return out->shown != NULL || dbw__resolver_no_memory(resolver) != NULL;
}

static bool finish_file(struct resolver *resolver, const struct place *place)
{
	const dbw__said *said = place->database_path != NULL ? place->database_path : place->url;
	dbw__resolved *out = resolver->out;
	const char *path = place->base.path;

	out->kind = place->base.kind;
	if (place->database_path != NULL) {
		path = dbw__resolver_use(resolver, said);
		if (path == NULL)
			return false;
		out->kind = strcmp(path, ":memory:") == 0 ? DBW_URL_MEMORY
			    : strcmp(path, ":temp:") == 0 ? DBW_URL_TEMPORARY
							  : DBW_URL_PATH;
	}
	if (out->kind != DBW_URL_PATH) {
		out->shown = out->kind == DBW_URL_MEMORY ? "sqlite::memory:" : "sqlite::temp:";
		return true;
	}
	out->location = dbw__resolver_path(resolver, said->at, path);
	if (out->location == NULL)
		return false;
	out->shown = dbw_arena_printf(resolver->request->arena, "sqlite:%s", out->location);
	return out->shown != NULL || dbw__resolver_no_memory(resolver) != NULL;
}

static bool use_fallback(struct resolver *resolver)
{
	const dbw__request *request = resolver->request;
	dbw__resolved *out = resolver->out;

	out->provider = "sqlite";
	out->kind = DBW_URL_PATH;
	out->is_fallback = true;
	out->at = (dbw_position){ "nothing said", 0, 0 };
	out->location =
		dbw_arena_printf(request->arena, "%s/data/database/%s.db", request->root, request->name);
	out->shown =
		out->location == NULL ? NULL : dbw_arena_printf(request->arena, "sqlite:%s", out->location);
	return out->shown != NULL || dbw__resolver_no_memory(resolver) != NULL;
}

/* What says the place: of several parts, the first that has a value. */
static dbw_position position_of(const struct place *place)
{
	if (place->database_path != NULL && strcmp(place->provider, "sqlite") == 0)
		return place->database_path->at;
	if (place->url != NULL)
		return place->url->at;
	for (size_t i = 0; i < PARTS; i++) {
		static const size_t order[PARTS] = { DBW__KEY_HOST, DBW__KEY_DATABASE, DBW__KEY_PORT,
			DBW__KEY_USER, DBW__KEY_PASSWORD, DBW__KEY_PATH };
		const dbw__said *said = place->parts[order[i] - FIRST_PART];

		if (said != NULL)
			return said->at;
	}
	return place->provider_said != NULL ? place->provider_said->at : (dbw_position){ NULL, 0, 0 };
}

/* The nearest provider, where it is one from outside; *good false after a report. */
static const dbw__said *find_outside(struct resolver *resolver, bool *good)
{
	*good = true;
	for (size_t i = 0; i < resolver->level_count; i++) {
		const dbw__said *said = dbw__entry_find(&resolver->levels[i], DBW__KEY_PROVIDER);

		if (said == NULL)
			continue;
		if (!dbw__resolver_is_outside(resolver, said))
			return NULL;
		*good = dbw__resolver_use(resolver, said) != NULL;
		return *good ? said : NULL;
	}
	return NULL;
}

/* Goes through the sources for a place, of whatever kind; false after a report. */
static bool search_outside(struct resolver *resolver, struct place *place)
{
	const dbw__request *request = resolver->request;

	for (size_t i = 0; i < resolver->level_count; i++) {
		const dbw__entry *level = &resolver->levels[i];
		const dbw__said *url = dbw__entry_find(level, DBW__KEY_CONNECTION_STRING);
		char problem[DBW__PROBLEM_SIZE];
		const char *text;

		if (i == resolver->default_url && has_parts(place))
			continue;
		if (url == NULL) {
			take_parts(level, place);
			if (place->parts[0] != NULL)
				return true;
			continue;
		}
		text = dbw__resolver_use(resolver, url);
		if (text == NULL)
			return false;
		place->url = url;
		if (dbw__url_provider(text) == NULL) {
			place->base = (dbw_url){ NULL, DBW_URL_OTHER, NULL, text };
		} else if (!dbw__url_parse(request->arena, text, problem, &place->base)) {
			if (strcmp(problem, "out of memory") == 0)
				return dbw__resolver_no_memory(resolver) != NULL;
			dbw__resolver_refuse(resolver, url->at, "bad-url", NULL,
				"\"connection_string\" of %s: %s", resolver->what, problem);
			return false;
		}
		return true;
	}
	return true;
}

/* Names the library and its symbol; a library is a path like others. */
static bool name_outside(struct resolver *resolver, const dbw__said *said)
{
	const char *text = dbw__resolver_use(resolver, said);
	char problem[DBW__PROBLEM_SIZE];
	dbw__resolved *out = resolver->out;
	dbw__outside outside;
	char *library;

	/* It has been checked with its key. */
	dbw__outside_split(text, &outside, problem);
	out->provider = text;
	out->symbol = outside.symbol;
	if (outside.library_length == 0)
		return true;
	library = dbw_arena_copy(resolver->request->arena, text, outside.library_length);
	if (library == NULL)
		return dbw__resolver_no_memory(resolver) != NULL;
	out->library =
		strchr(library, '/') == NULL ? library : dbw__resolver_path(resolver, said->at, library);
	return out->library != NULL;
}

static bool finish_other(struct resolver *resolver, const struct place *place)
{
	dbw__resolved *out = resolver->out;

	out->kind = DBW_URL_OTHER;
	out->location = place->base.opaque != NULL ? place->base.opaque : "";
	out->shown = place->base.opaque != NULL
			     ? dbw__connection_string_masked(resolver->request->arena, out->location)
			     : "";
	return out->shown != NULL || dbw__resolver_no_memory(resolver) != NULL;
}

/* A place of whatever kind, for a provider from outside. */
static bool find_for_outside(struct resolver *resolver, const dbw__said *provider)
{
	struct place place = { .provider = NULL, .provider_said = provider };
	dbw__resolved *out = resolver->out;
	bool good = true;

	if (!name_outside(resolver, provider) || !search_outside(resolver, &place))
		return false;
	place.database_path = place.parts[0];
	out->at = place.database_path != NULL ? place.database_path->at : position_of(&place);
	if (place.database_path == NULL && place.base.kind == DBW_URL_SERVER)
		return finish_server(resolver, &place);
	/* What is no part of the place its provider is told. */
	for (size_t key = DBW__KEY_HOST; key <= DBW__KEY_DATABASE; key++)
		part(resolver, &place, key, &good);
	if (!good)
		return false;
	if (place.database_path == NULL && place.base.provider == NULL)
		return finish_other(resolver, &place);
	if (!finish_file(resolver, &place))
		return false;
	/* Only a URL says sqlite: what a provider from outside has at a path may be anything. */
	if (place.database_path != NULL && out->kind == DBW_URL_PATH)
		out->shown = out->location;
	return true;
}

bool dbw__resolver_find_place(struct resolver *resolver)
{
	struct place place = { .provider = NULL };
	dbw__resolved *out = resolver->out;
	bool good;
	const dbw__said *outside = find_outside(resolver, &good);

	if (outside != NULL)
		return find_for_outside(resolver, outside);
	if (!good)
		return false;

	if (!search(resolver, &place))
		return false;
	/* A server without a word about it is where libpq's own variables and defaults say. */
	if (place.url == NULL && !is_place(&place) &&
		(place.provider_said == NULL || strcmp(place.provider, "postgresql") != 0)) {
		bool can_be_file = place.provider == NULL || strcmp(place.provider, "sqlite") == 0;

		/* A name that comes from the program may lead anywhere. */
		if (!can_be_file || !resolver->request->sqlite || resolver->request->production ||
			strchr(resolver->request->name, '/') != NULL)
			return no_place(resolver, &place);
		return use_fallback(resolver);
	}
	if (place.provider == NULL) {
		dbw__resolver_refuse(resolver, place.parts[DBW__KEY_DATABASE - FIRST_PART]->at, "no-place",
			"say provider: sqlite or postgresql, or write connection_string",
			"%s has a name, and nothing says of which provider", resolver->what);
		return false;
	}
	out->provider = place.provider;
	out->at = position_of(&place);
	return strcmp(place.provider, "sqlite") == 0 ? finish_file(resolver, &place)
						     : finish_server(resolver, &place);
}

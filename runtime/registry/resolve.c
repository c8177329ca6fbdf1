#include "registry.h"

#include <base/suggest.h>
#include <base/text.h>
#include <entries/expand.h>
#include <entries/url.h>

#include <string.h>

enum { POOL_SIZE_LIMIT = 1000 };

static const char *const known_providers[] = { "sqlite", "postgresql" };

static dbw_status no_memory(dbw_error *error)
{
	return dbw__fail(error, DBW_OUT_OF_MEMORY, "out of memory");
}

static const char *copy(dbw_arena *arena, const char *text)
{
	return dbw_arena_copy(arena, text, strlen(text));
}

static dbw_status find_schema(
	const dbw_program *program, const dbw_entry *entry, const dbw_schema **out, dbw_error *error)
{
	const char *name = entry->schema == NULL ? entry->name : entry->schema;
	dbw_suggestion search;

	dbw_suggestion_begin(&search, name, strlen(name));
	for (size_t i = 0; i < program->schema_count; i++) {
		if (strcmp(program->schemas[i]->name, name) == 0) {
			*out = program->schemas[i];
			return DBW_OK;
		}
		dbw_suggestion_offer(&search, program->schemas[i]->name);
	}
	if (search.best != NULL)
		return dbw__fail(error, DBW_CONFIG,
			"database \"%s\": the program has no schema \"%s\"; did you mean \"%s\"?",
			entry->name, name, search.best);
	return dbw__fail(error, DBW_CONFIG, "database \"%s\": the program has no schema \"%s\"%s",
		entry->name, name, entry->schema == NULL ? "; say schema:" : "");
}

/* `text` with its variables, in the arena. `what` names the member for messages. */
static dbw_status expand(dbw_arena *arena, const dbw_entry *entry, const char *what, const char *text,
	const char **out, dbw_error *error)
{
	char storage[256], problem[DBW__PROBLEM_SIZE];
	dbw_text_buffer buffer;
	dbw_status status = DBW_OK;

	dbw_text_init(&buffer, storage, sizeof storage);
	if (!dbw__expand(text, NULL, NULL, &buffer, problem)) {
		if (buffer.failed)
			status = no_memory(error);
		else
			status = dbw__fail(
				error, DBW_CONFIG, "database \"%s\": %s: %s", entry->name, what, problem);
	} else {
		*out = dbw_arena_copy(arena, buffer.data, buffer.length);
		if (*out == NULL)
			status = no_memory(error);
	}
	dbw_text_clear(&buffer);
	return status;
}

static dbw_status copy_settings(dbw_arena *arena, const dbw_entry *entry, database *out, dbw_error *error)
{
	dbw_setting *settings = dbw_arena_alloc_zeroed(arena, entry->setting_count + 1, sizeof *settings);

	if (settings == NULL)
		return no_memory(error);
	for (size_t i = 0; i < entry->setting_count; i++) {
		const dbw_setting *setting = &entry->settings[i];
		char what[64] = "settings.";
		size_t used = strlen(what), length = strlen(setting->key);
		dbw_status status;

		memcpy(what + used, setting->key,
			length < sizeof what - used ? length + 1 : sizeof what - used);
		what[sizeof what - 1] = '\0';
		settings[i].key = copy(arena, setting->key);
		if (settings[i].key == NULL)
			return no_memory(error);
		status = expand(arena, entry, what, setting->value, &settings[i].value, error);
		if (status != DBW_OK)
			return status;
	}
	out->settings = settings;
	out->setting_count = entry->setting_count;
	return DBW_OK;
}

static const char *path_setting(const database *out)
{
	for (size_t i = 0; i < out->setting_count; i++) {
		if (strcmp(out->settings[i].key, "path") == 0)
			return out->settings[i].value;
	}
	return NULL;
}

/* What the entry says of its place, as the parts of a URL. */
static dbw_status find_place(
	dbw_arena *arena, const dbw_entry *entry, const database *out, dbw_url *url, dbw_error *error)
{
	const char *path = path_setting(out);
	const char *text;
	char problem[DBW__PROBLEM_SIZE];
	dbw_status status;

	memset(url, 0, sizeof *url);
	if (entry->connection_string == NULL) {
		if (path == NULL) {
			/* A server is said by settings alone, or libpq's defaults; a provider that does not exist
			 * is the nearer mistake. */
			if (entry->provider != NULL && strcmp(entry->provider, "sqlite") != 0) {
				url->provider = entry->provider;
				url->kind = DBW_URL_SERVER;
				url->opaque = "";
				return DBW_OK;
			}
			return dbw__fail(error, DBW_CONFIG,
				"database \"%s\": connection_string or settings.path is needed", entry->name);
		}
		if (path[0] == '\0')
			return dbw__fail(
				error, DBW_CONFIG, "database \"%s\": settings.path is empty", entry->name);
		url->provider = "sqlite";
		url->kind = strcmp(path, ":memory:") == 0 ? DBW_URL_MEMORY
			    : strcmp(path, ":temp:") == 0 ? DBW_URL_TEMPORARY
							  : DBW_URL_PATH;
		url->path = path;
	} else {
		status = expand(arena, entry, "connection_string", entry->connection_string, &text, error);
		if (status != DBW_OK)
			return status;
		if (!dbw__url_parse(arena, text, problem, url)) {
			if (strcmp(problem, "out of memory") == 0)
				return no_memory(error);
			return dbw__fail(error, DBW_CONFIG, "database \"%s\": connection_string: %s",
				entry->name, problem);
		}
		if (path != NULL && (url->path == NULL || strcmp(url->path, path) != 0))
			return dbw__fail(error, DBW_CONFIG,
				"database \"%s\": connection_string and settings.path disagree", entry->name);
	}
	if (entry->provider != NULL && strcmp(entry->provider, url->provider) != 0)
		return dbw__fail(error, DBW_CONFIG,
			"database \"%s\": the provider is %s, but the place is one of %s", entry->name,
			entry->provider, url->provider);
	return DBW_OK;
}

static dbw_status find_driver(
	const dbw_entry *entry, const char *provider, const dbw_driver **out, dbw_error *error)
{
	static const dbw_driver *const drivers[] = {
		&dbw__sqlite_driver,
#ifdef DBWRIGHT_HAS_POSTGRESQL
		&dbw__postgresql_driver,
#endif
	};
	const char *near;

	for (size_t i = 0; i < sizeof drivers / sizeof *drivers; i++) {
		if (strcmp(provider, drivers[i]->name) == 0) {
			*out = drivers[i];
			return DBW_OK;
		}
	}
	if (strcmp(provider, "postgresql") == 0)
		return dbw__fail(error, DBW_PROVIDER,
			"database \"%s\": this dbwright was built without the driver for PostgreSQL (libpq)",
			entry->name);
	near = dbw_suggest(provider, known_providers, sizeof known_providers / sizeof known_providers[0]);
	return dbw__fail(error, DBW_PROVIDER, "database \"%s\": there is no provider \"%s\"%s%s%s",
		entry->name, provider, near == NULL ? "" : "; did you mean ", near == NULL ? "" : near,
		near == NULL ? "" : "?");
}

static dbw_status find_location(dbw_arena *arena, const dbw_url *url, database *out, dbw_error *error)
{
	dbw_status status;

	switch (url->kind) {
	case DBW_URL_MEMORY: out->location = ":memory:"; return DBW_OK;
	case DBW_URL_TEMPORARY:
		status = dbw__make_temporary(arena, &out->location, error);
		out->temporary = status == DBW_OK;
		return status;
	case DBW_URL_PATH: return dbw__absolute_path(arena, url->path, &out->location, error);
	default: out->location = url->opaque; return DBW_OK;
	}
}

dbw_status dbw__resolve_entry(
	dbw_arena *arena, const dbw_program *program, const dbw_entry *entry, database *out, dbw_error *error)
{
	dbw_address address;
	dbw_url url;
	dbw_status status;

	memset(out, 0, sizeof *out);
	status = find_schema(program, entry, &out->schema, error);
	if (status != DBW_OK)
		return status;
	if (entry->pool_size > POOL_SIZE_LIMIT)
		return dbw__fail(error, DBW_CONFIG, "database \"%s\": pool_size is at most %d", entry->name,
			POOL_SIZE_LIMIT);
	out->pool_size = entry->pool_size == 0 ? DBW_POOL_SIZE_DEFAULT : entry->pool_size;
	out->is_default = entry->is_default;
	out->name = copy(arena, entry->name);
	out->qualifier = copy(arena, entry->qualifier == NULL ? entry->name : entry->qualifier);
	if (out->name == NULL || out->qualifier == NULL)
		return no_memory(error);
	status = copy_settings(arena, entry, out, error);
	if (status == DBW_OK)
		status = find_place(arena, entry, out, &url, error);
	if (status == DBW_OK)
		status = find_driver(entry, url.provider, &out->driver, error);
	if (status != DBW_OK)
		return status;
	if ((out->schema->engines & (1U << out->driver->engine)) == 0)
		return dbw__fail(error, DBW_PROVIDER,
			"database \"%s\": the schema \"%s\" is not generated for %s", entry->name,
			out->schema->name, out->driver->name);
	address = (dbw_address){ out->name, url.kind == DBW_URL_SERVER ? url.opaque : NULL, out->settings,
		out->setting_count };
	status = out->driver->check(&address, error);
	return status == DBW_OK ? find_location(arena, &url, out, error) : status;
}

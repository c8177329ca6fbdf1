#include <provider/provider.h>

#include <driver/bundled.h>
#include <provider/outside.h>

#include <string.h>

#ifdef DBWRIGHT_HAS_POSTGRESQL
#define POSTGRESQL_DRIVER &dbw__postgresql_driver
#else
#define POSTGRESQL_DRIVER NULL
#endif

const dbw__provider dbw__providers[] = {
	{ "sqlite", "SQLite", &dbw__sqlite_driver, NULL },
	{ "postgresql", "PostgreSQL", POSTGRESQL_DRIVER,
		"this dbwright was built without the driver for PostgreSQL (libpq)" },
};
const size_t dbw__provider_count = sizeof dbw__providers / sizeof *dbw__providers;

const dbw__provider *dbw__provider_find(const char *name)
{
	for (size_t i = 0; i < dbw__provider_count; i++)
		if (strcmp(name, dbw__providers[i].name) == 0)
			return &dbw__providers[i];
	return NULL;
}

dbw_status dbw__provider_check(const dbw__provider *provider, dbw_error *error)
{
	const dbw_address address = { .database = provider->name };

	if (provider->driver == NULL)
		return dbw__fail(error, DBW_PROVIDER, "%s", provider->absent);
	return provider->driver->check(&address, error);
}

/* A server's URL has all that is said of where; without one a provider from outside is told. */
static bool is_told(const dbw__resolved *resolved, size_t key)
{
	if (dbw__keys[key].group == DBW__GROUP_DRIVER)
		return true;
	return resolved->symbol != NULL && resolved->kind != DBW_URL_SERVER && key >= DBW__KEY_HOST &&
	       key <= DBW__KEY_DATABASE;
}

bool dbw__provider_address(
	dbw_arena *arena, const char *name, const dbw__resolved *resolved, dbw_address *out)
{
	dbw_setting *settings = dbw_arena_alloc_zeroed(arena, resolved->count + 1, sizeof *settings);

	if (settings == NULL)
		return false;
	*out = (dbw_address){ .database = name,
		.location = resolved->location,
		.settings = settings,
		.host = &dbw__provider_host };
	if (resolved->kind == DBW_URL_MEMORY)
		out->location = ":memory:";
	for (size_t i = 0; i < dbw__key_count; i++) {
		const dbw__value *value = is_told(resolved, i) ? dbw__resolved_find(resolved, i) : NULL;

		if (value != NULL)
			settings[out->setting_count++] = (dbw_setting){ value->said->name, value->text };
	}
	for (size_t i = 0; i < resolved->count; i++) {
		const dbw__value *value = &resolved->values[i];

		if (value->said->key == NULL && value->outcome == DBW__USED)
			settings[out->setting_count++] = (dbw_setting){ value->said->name, value->text };
	}
	return true;
}

#include <provider/provider.h>

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

bool dbw__provider_address(
	dbw_arena *arena, const char *name, const dbw__resolved *resolved, dbw_address *out)
{
	dbw_setting *settings = dbw_arena_alloc_zeroed(arena, resolved->count + 1, sizeof *settings);

	if (settings == NULL)
		return false;
	*out = (dbw_address){ name, resolved->location, settings, 0 };
	if (resolved->kind == DBW_URL_MEMORY)
		out->location = ":memory:";
	for (size_t i = 0; i < dbw__key_count; i++) {
		const dbw__value *value =
			dbw__keys[i].group == DBW__GROUP_DRIVER ? dbw__resolved_find(resolved, i) : NULL;

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

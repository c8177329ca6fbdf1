#include "live.h"

#include <provider/provider.h>

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { TEXTS_MAX = 2 };

dbw_status ir__no_memory(dbw_error *error)
{
	return dbw__fail(error, DBW_OUT_OF_MEMORY, "out of memory");
}

bool ir_is_passing(const ir_place *place)
{
	return place->resolved->kind == DBW_URL_MEMORY || place->resolved->kind == DBW_URL_TEMPORARY;
}

bool ir_is_store(const ir_place *place)
{
	return place->database->schema == NULL;
}

/* The driver's settings with one more: the last one counts. */
static bool add_setting(dbw_arena *arena, dbw_address *address, const char *key, const char *value)
{
	dbw_setting *settings = dbw_arena_alloc_zeroed(arena, address->setting_count + 1, sizeof *settings);

	if (settings == NULL)
		return false;
	for (size_t i = 0; i < address->setting_count; i++)
		settings[i] = address->settings[i];
	settings[address->setting_count++] = (dbw_setting){ key, value };
	address->settings = settings;
	return true;
}

/* Where to connect to. A file that is not there is only made for who asks for it. */
static dbw_status find_location(const ir_place *place, const ir__opening *opening, ir__live *live,
	dbw_address *address, dbw_error *error)
{
	dbw_status status;

	if (opening->location != NULL)
		address->location = opening->location;
	if (place->resolved->kind == DBW_URL_TEMPORARY) {
		status = dbw__make_temporary(live->arena, &live->temporary, error);
		address->location = live->temporary;
		return status;
	}
	if (place->resolved->kind != DBW_URL_PATH)
		return DBW_OK;
	if (opening->may_make_file)
		return dbw__make_folders(address->location, error);
	return access(address->location, F_OK) == 0
		       ? DBW_OK
		       : dbw__fail(error, DBW_NOT_FOUND, "the file %s is not there", address->location);
}

static dbw_status find_driver(const ir_place *place, ir__live *live, dbw_error *error)
{
	const dbw__resolved *resolved = place->resolved;
	dbw__used_provider provider;
	dbw_status status;

	if (resolved->symbol != NULL && resolved->library == NULL)
		return dbw__fail(error, DBW_PROVIDER,
			"only the program has the provider \"%s\": it cannot be used from here",
			resolved->symbol);
	status = dbw__provider_use(&live->outside, resolved, &provider, error);
	live->driver = provider.driver;
	if (status != DBW_OK)
		return status;
	if (provider.store != NULL && live->schema == NULL) {
		live->store = provider.store;
		live->title = provider.title;
		return DBW_OK;
	}
	if (live->schema == NULL)
		return dbw__fail(error, DBW_CONFIG,
			"%s is a database with SQL: say schema: and the name of the schema that it holds",
			provider.title);
	if (live->driver == NULL)
		return dbw__fail(error, DBW_PROVIDER, "%s (%s) is a store, not a database with SQL",
			provider.title, resolved->provider);
	if (!live->schema->engines[live->driver->engine])
		return dbw__fail(error, DBW_PROVIDER, "the schema \"%s\" is not made for %s",
			live->schema->name.text,
			live->driver->engine == DBW_SQLITE ? "SQLite" : "PostgreSQL");
	if (resolved->symbol != NULL) {
		dbw__resolved known = *resolved;

		dbw__resolved_set_engine(
			&known, live->driver->engine == DBW_SQLITE ? "sqlite" : "postgresql");
	}
	return DBW_OK;
}

static dbw_status open_store(dbw_arena *arena, const ir_place *place, ir__live *live, dbw_error *error)
{
	dbw__resolved known = *place->resolved;
	dbw_address address;
	dbw_status status = DBW_OK;

	dbw__resolved_set_engine(&known, NULL);
	if (!dbw__provider_address(arena, place->database->name.text, &known, &address))
		return ir__no_memory(error);
	if (address.location == NULL)
		address.location = "";
	if (live->store->check != NULL)
		status = live->store->check(&address, error);
	if (status == DBW_OK)
		status = live->store->open(&address, &live->handle, error);
	live->is_open = status == DBW_OK;
	return status;
}

dbw_status ir__live_check_store(ir__live *live, dbw_error *error)
{
	return live->store->health == NULL ? DBW_OK : live->store->health(live->handle, error);
}

dbw_status ir__live_reset_store(ir__live *live, dbw_error *error)
{
	return live->store->reset != NULL
		       ? live->store->reset(live->handle, error)
		       : dbw__fail(error, DBW_UNSUPPORTED, "%s cannot remove what is in it", live->title);
}

dbw_status ir_check_address(dbw_arena *arena, const ir_place *place, dbw_error *error)
{
	ir__live live = { .schema = place->database->schema };
	dbw_address address;
	dbw_status status;

	if (place->resolved->symbol != NULL)
		return DBW_OK;
	status = find_driver(place, &live, error);
	if (status != DBW_OK)
		return status;
	if (!dbw__provider_address(arena, place->database->name.text, place->resolved, &address))
		return ir__no_memory(error);
	return live.driver->check(&address, error);
}

dbw_status ir__live_open(
	dbw_arena *arena, const ir_place *place, const ir__opening *opening, ir__live *out, dbw_error *error)
{
	dbw_address address;
	dbw_status status;

	*out = (ir__live){ .arena = arena, .schema = place->database->schema };
	out->outside = (dbw__outside_providers){ .load = dbw_load_provider,
		.folders = place->folders,
		.folder_count = place->folder_count,
		.setting = "--provider-dir" };
	status = find_driver(place, out, error);
	if (status != DBW_OK)
		return status;
	if (out->store != NULL)
		return open_store(arena, place, out, error);
	if (!dbw__provider_address(arena, place->database->name.text, place->resolved, &address) ||
		(opening->without_foreign_keys && out->driver->engine == DBW_SQLITE &&
			!add_setting(arena, &address, "foreign_keys", "false")))
		return ir__no_memory(error);
	status = out->driver->check(&address, error);
	if (status == DBW_OK)
		status = find_location(place, opening, out, &address, error);
	return status == DBW_OK ? out->driver->open(&address, &out->connection, error) : status;
}

void ir__live_close(ir__live *live)
{
	if (live->connection != NULL)
		live->driver->close(live->connection);
	live->connection = NULL;
	if (live->is_open)
		live->store->close(live->handle, &(dbw_error){ .status = DBW_OK });
	live->is_open = false;
	if (live->temporary != NULL)
		dbw__remove_temporary(live->temporary, NULL);
	live->temporary = NULL;
	dbw__outside_end(&live->outside, false);
}

dbw_status ir__live_ask(
	ir__live *live, const char *sql, const char *const *texts, size_t count, bool *yes, dbw_error *error)
{
	const dbw_driver *driver = live->driver;
	dbw_value values[TEXTS_MAX] = { 0 };
	dbw_prepared *statement;
	dbw_status status;
	int64_t number;

	*yes = false;
	for (size_t i = 0; i < count; i++)
		values[i] = (dbw_value){
			.kind = DBW_KIND_TEXT, .size = (uint32_t)strlen(texts[i]), .as.data = texts[i]
		};
	status = driver->prepare(live->connection, sql, NULL, &statement, error);
	if (status != DBW_OK)
		return status;
	status = driver->query(live->connection, statement, values, count, error);
	if (status == DBW_OK) {
		status = driver->fetch_integer(live->connection, statement, &number, yes, error);
		driver->finish(live->connection, statement);
	}
	driver->release(live->connection, statement);
	return status;
}

const char *ir__live_role(ir__live *live)
{
	const dbw_driver *driver = live->driver;
	const char *role = NULL;
	dbw_value value = { 0 };
	dbw_prepared *statement;
	dbw_error ignored;
	bool more = false;

	if (driver->prepare(live->connection, "SELECT current_user", NULL, &statement, &ignored) != DBW_OK)
		return "?";
	if (driver->query(live->connection, statement, NULL, 0, &ignored) == DBW_OK) {
		if (driver->fetch_values(
			    live->connection, statement, &value, 1, live->arena, &more, &ignored) == DBW_OK &&
			more && value.kind == DBW_KIND_TEXT)
			role = value.as.data;
		driver->finish(live->connection, statement);
	}
	driver->release(live->connection, statement);
	return role == NULL ? "?" : role;
}

static int64_t now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* Asks for nothing, and measures the answer. */
static dbw_status greet(ir__live *live, ir_findings *out, dbw_error *error)
{
	int64_t begin = now_us();
	bool yes;
	dbw_status status = ir__live_ask(live, "SELECT 1", NULL, 0, &yes, error);

	out->latency_us = now_us() - begin;
	if (status != DBW_OK)
		return status;
	if (live->driver->facts != NULL)
		return live->driver->facts(live->connection, out->server, sizeof out->server, error);
	snprintf(out->server, sizeof out->server, "%s", live->driver->name);
	return DBW_OK;
}

static dbw_status greet_store(ir__live *live, ir_findings *out, dbw_error *error)
{
	int64_t begin = now_us();
	dbw_status status = ir__live_check_store(live, error);

	out->latency_us = now_us() - begin;
	snprintf(out->server, sizeof out->server, "%s", live->title);
	return status;
}

static dbw_status look(
	dbw_arena *arena, const ir_place *place, bool at_tables, ir_findings *out, dbw_error *error)
{
	ir__live live;
	dbw_status status;

	*out = (ir_findings){ .table_count = ir_is_store(place) ? 0 : place->database->schema->model_count };
	status = ir__live_open(arena, place, &(ir__opening){ 0 }, &live, error);
	if (status == DBW_OK)
		status = live.store != NULL ? greet_store(&live, out, error) : greet(&live, out, error);
	if (status == DBW_OK && live.store == NULL && at_tables && !ir_is_passing(place))
		status = ir__find_missing(&live, &out->missing, &out->missing_count, error);
	ir__live_close(&live);
	return status;
}

dbw_status ir_test_database(dbw_arena *arena, const ir_place *place, ir_findings *out, dbw_error *error)
{
	return look(arena, place, false, out, error);
}

dbw_status ir_inspect_database(dbw_arena *arena, const ir_place *place, ir_findings *out, dbw_error *error)
{
	return look(arena, place, true, out, error);
}

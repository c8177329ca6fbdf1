/* One database from all that is said of it. */
#include "registry.h"

#include <base/suggest.h>
#include <entries/outside.h>
#include <pool/fork.h>

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* One resolving: the database on its way, and what its sources say. */
struct making {
	dbw_databases *databases;
	dbw_diagnostics *diagnostics;
	const dbw__wanted *wanted;
	database *item;
	dbw__entry program;    /* Count 0: the program says nothing. */
	dbw__entry entries[2]; /* File, compiled-in. */
	size_t entry_count;
};

static bool no_memory(struct making *making)
{
	dbw_report(making->diagnostics, DBW_SEVERITY_ERROR, (dbw_position){ NULL, 0, 0 }, "out-of-memory",
		NULL, "out of memory");
	return false;
}

/* The entries of the options that have the name; a later one over those before it. */
static bool read_program_entries(struct making *making)
{
	const dbw__wanted *wanted = making->wanted;
	dbw_arena *arena = making->item->arena;
	const char *what = dbw_arena_printf(arena, "database \"%s\"", wanted->name);

	if (what == NULL)
		return no_memory(making);
	for (size_t i = 0; i < wanted->program_count; i++) {
		dbw__entry before = making->program, entry;

		if (wanted->program[i].name == NULL || strcmp(wanted->program[i].name, wanted->name) != 0)
			continue;
		if (!dbw__entry_of(arena, making->diagnostics, &wanted->program[i], true, &entry) ||
			!dbw__entry_merge(arena, &entry, &before, &making->program))
			return no_memory(making);
		dbw__entry_check(arena, making->diagnostics, what, &entry);
	}
	return true;
}

static bool read_entries(struct making *making)
{
	const dbw__wanted *wanted = making->wanted;

	if (!read_program_entries(making))
		return false;
	if (wanted->file != NULL)
		making->entries[making->entry_count++] = *wanted->file;
	if (wanted->compiled != NULL &&
		!dbw__entry_of(making->item->arena, making->diagnostics, wanted->compiled, false,
			&making->entries[making->entry_count++]))
		return no_memory(making);
	return true;
}

/* What the nearest of the sources but the environment says for a key; NULL if none does. */
static const dbw__said *nearest(const struct making *making, size_t key)
{
	const dbw__said *said = dbw__entry_find(&making->program, key);

	for (size_t i = 0; i < making->entry_count && said == NULL; i++)
		said = dbw__entry_find(&making->entries[i], key);
	return said;
}

static dbw_position position_of(const struct making *making)
{
	if (making->entry_count != 0)
		return making->entries[making->entry_count - 1].at;
	return making->program.at;
}

/* A provider from outside may be a store's, which has no schema. */
static bool may_be_store(const struct making *making)
{
	const dbw__said *provider = nearest(making, DBW__KEY_PROVIDER);

	return provider != NULL && nearest(making, DBW__KEY_SCHEMA) == NULL &&
	       (dbw__is_outside(provider->value) || strchr(provider->value, '$') != NULL);
}

/* The entry's schema; NULL where there is none, which was reported unless it `may` be. */
static bool find_schema(struct making *making, bool may)
{
	const dbw_program *program = making->databases->program;
	const dbw__said *said = nearest(making, DBW__KEY_SCHEMA);
	const char *name = said == NULL ? making->item->name : said->value;
	dbw_position at = said == NULL ? position_of(making) : said->at;
	dbw_suggestion search;

	dbw_suggestion_begin(&search, name, strlen(name));
	for (size_t i = 0; i < program->schema_count; i++) {
		if (strcmp(program->schemas[i]->name, name) == 0) {
			making->item->schema = program->schemas[i];
			return true;
		}
		dbw_suggestion_offer(&search, program->schemas[i]->name);
	}
	if (may)
		return true;
	dbw_report(making->diagnostics, DBW_SEVERITY_ERROR, at, "unknown-schema", NULL,
		"database \"%s\": the program has no schema \"%s\"%s%s%s", making->item->name, name,
		search.best != NULL ? "; did you mean \"" : "",
		search.best != NULL ? search.best : (said == NULL ? "; say schema:" : ""),
		search.best != NULL ? "\"?" : "");
	return false;
}

static bool is_production(const dbw__environment *environment)
{
	const char *word = dbw__environment_get(environment, "DBWRIGHT_ENV");

	return word != NULL && strcmp(word, "production") == 0;
}

static bool resolve(struct making *making)
{
	extern char **environ;
	const dbw_databases *databases = making->databases;
	const dbw__said *shared = nearest(making, DBW__KEY_SHARED_DEFAULT);
	database *item = making->item;
	const dbw__environment environment = { environ, databases->dotenv };
	dbw__request request = { .arena = item->arena,
		.diagnostics = making->diagnostics,
		.environment = &environment,
		.root = databases->root,
		.name = item->name,
		.program = making->program.count == 0 ? NULL : &making->program,
		.entries = making->entries,
		.entry_count = making->entry_count,
		.is_default = item->is_default,
		.shared_default = shared != NULL && strcmp(shared->value, "true") == 0,
		.sqlite = item->schema != NULL && (item->schema->engines & (1U << DBW_SQLITE)) != 0,
		.production = is_production(&environment) };

	return dbw__resolve(&request, &item->resolved);
}

static const char *engine_name(dbw_engine engine)
{
	return engine == DBW_SQLITE ? "sqlite" : "postgresql";
}

static bool find_driver(struct making *making)
{
	database *item = making->item;
	dbw__resolved *resolved = &item->resolved;
	dbw__used_provider provider;
	dbw_error error;
	const dbw_status status = dbw__provider_use(&making->databases->outside, resolved, &provider, &error);

	if (status == DBW_OUT_OF_MEMORY)
		return no_memory(making);
	if (status != DBW_OK) {
		dbw_report(making->diagnostics, DBW_SEVERITY_ERROR, resolved->at, "provider", NULL,
			"database \"%s\": %s", item->name, error.message);
		return false;
	}
	item->provider = provider.name;
	item->driver = provider.driver;
	item->store = provider.store;
	if (item->store != NULL && item->schema == NULL) {
		dbw__resolved_set_engine(resolved, NULL);
		return true;
	}
	if (item->schema == NULL) {
		dbw_report(making->diagnostics, DBW_SEVERITY_ERROR, resolved->at, "unknown-schema",
			"say schema: and the name of the schema that it holds",
			"database \"%s\": %s is a database with SQL, and the program has no schema \"%s\"",
			item->name, provider.title, item->name);
		return false;
	}
	if (item->store != NULL) {
		dbw_report(making->diagnostics, DBW_SEVERITY_ERROR, resolved->at, "provider", NULL,
			"database \"%s\" is of schema \"%s\", and %s (%s) is a store, not a database with SQL",
			item->name, item->schema->name, provider.title, resolved->provider);
		return false;
	}
	if ((item->schema->engines & (1U << item->driver->engine)) == 0) {
		dbw_report(making->diagnostics, DBW_SEVERITY_ERROR, resolved->at, "provider",
			"add it to engines: of the schema, and build again",
			"database \"%s\": the schema \"%s\" is not generated for %s", item->name,
			item->schema->name, engine_name(item->driver->engine));
		return false;
	}
	if (resolved->symbol != NULL)
		dbw__resolved_set_engine(resolved, engine_name(item->driver->engine));
	return true;
}

_Static_assert(DBW_POOL_SIZE_DEFAULT == DBW__POOL_SIZE_DEFAULT, "the public name of a key's default");

static dbw__pool_settings pool_settings(const dbw__resolved *resolved)
{
	return (dbw__pool_settings){
		.size = (uint32_t)dbw__resolved_number(resolved, DBW__KEY_POOL_SIZE, DBW_POOL_SIZE_DEFAULT),
		.max_overflow = (uint32_t)dbw__resolved_number(resolved, DBW__KEY_MAX_OVERFLOW, 0),
		.min_idle = (uint32_t)dbw__resolved_number(resolved, DBW__KEY_MIN_IDLE, 0),
		.acquire_timeout_ms = dbw__resolved_number(resolved, DBW__KEY_ACQUIRE_TIMEOUT, -1),
		.idle_timeout_ms = dbw__resolved_number(resolved, DBW__KEY_IDLE_TIMEOUT, -1),
		.max_lifetime_ms = dbw__resolved_number(resolved, DBW__KEY_MAX_LIFETIME, -1),
		.max_read_session_ms =
			dbw__resolved_number(resolved, DBW__KEY_MAX_READ_SESSION, DBW__MAX_READ_SESSION_MS),
	};
}

static bool find_location(struct making *making, const char **out, bool *temporary, dbw_error *error)
{
	const database *item = making->item;
	const dbw__resolved *resolved = &item->resolved;

	*temporary = false;
	if (resolved->kind == DBW_URL_TEMPORARY)
		*temporary = dbw__make_temporary(item->arena, out, error) == DBW_OK;
	else if (resolved->is_fallback)
		return dbw__make_folders(resolved->location, error) == DBW_OK;
	return resolved->kind != DBW_URL_TEMPORARY || *temporary;
}

static bool take_place(struct making *making)
{
	dbw_databases *databases = making->databases;
	database *item = making->item;
	const dbw_url_kind kind = item->resolved.kind;
	dbw__pool_options options = { .common = &databases->common,
		.driver = item->driver,
		.schema = item->schema->name,
		.slot_count = databases->program->slot_count };
	dbw_error error;
	bool temporary;

	options.settings = pool_settings(&item->resolved);
	if (!dbw__provider_address(item->arena, item->name, &item->resolved, &options.address))
		return no_memory(making);
	if (item->driver->check(&options.address, &error) != DBW_OK ||
		!find_location(making, &options.address.location, &temporary, &error)) {
		dbw__report_error(making->diagnostics, item->resolved.at, &error);
		return false;
	}
	item->place = dbw__place_take(
		databases, &options, kind != DBW_URL_MEMORY && kind != DBW_URL_TEMPORARY, temporary);
	if (item->place == NULL && temporary)
		unlink(options.address.location);
	return item->place != NULL || no_memory(making);
}

/* A store is asked about its address, and opened later. */
static bool take_store(struct making *making)
{
	database *item = making->item;
	dbw_error error;

	if (!dbw__provider_address(item->arena, item->name, &item->resolved, &item->address))
		return no_memory(making);
	if (item->address.location == NULL)
		item->address.location = "";
	if (dbw__store_check(item, &error) == DBW_OK)
		return true;
	dbw__report_error(making->diagnostics, item->resolved.at, &error);
	return false;
}

static bool make(struct making *making)
{
	database *item = making->item;
	const dbw__said *qualifier;
	const dbw__value *connect;

	item->name = dbw_arena_copy(item->arena, making->wanted->name, strlen(making->wanted->name));
	if (item->name == NULL)
		return no_memory(making);
	item->is_default = making->wanted->is_default;
	if (!read_entries(making) || !find_schema(making, may_be_store(making)))
		return false;
	qualifier = nearest(making, DBW__KEY_QUALIFIER);
	item->qualifier = qualifier == NULL
				  ? item->name
				  : dbw_arena_copy(item->arena, qualifier->value, strlen(qualifier->value));
	if (item->qualifier == NULL)
		return no_memory(making);
	if (!resolve(making))
		return false;
	/* Where another source has named a bundled provider after all. */
	if (item->schema == NULL && item->resolved.symbol == NULL)
		return find_schema(making, false);
	if (!find_driver(making))
		return false;
	connect = dbw__resolved_find(&item->resolved, DBW__KEY_CONNECT);
	item->is_eager = making->databases->connect == DBW_CONNECT_EAGER ||
			 (making->databases->connect == DBW_CONNECT_AS_DECLARED && connect != NULL &&
				 strcmp(connect->text, "eager") == 0);
	return item->store != NULL ? take_store(making) : take_place(making);
}

/* An empty one, of spare memory where there is some. */
static database *new_database(dbw_databases *databases)
{
	database *item = databases->spares;

	if (item == NULL) {
		item = calloc(1, sizeof *item);
		if (item == NULL)
			return NULL;
		item->databases = databases;
		item->generation = 1;
	} else {
		/* Another thread may be looking at a handle from before: what stands ahead of the arena stays. */
		databases->spares = item->next;
		memset((char *)item + offsetof(database, arena), 0, sizeof *item - offsetof(database, arena));
	}
	atomic_init(&item->beginning, 0);
	return item;
}

void dbw__make_database(
	dbw_databases *databases, dbw_diagnostics *diagnostics, const dbw__wanted *wanted, database **out)
{
	struct making making = { .databases = databases, .diagnostics = diagnostics, .wanted = wanted };
	const size_t errors = dbw_diagnostics_errors(diagnostics);

	*out = NULL;
	making.item = new_database(databases);
	if (making.item != NULL)
		making.item->arena = dbw_arena_new(0);
	if (making.item == NULL || making.item->arena == NULL)
		no_memory(&making);
	else if (make(&making) && dbw_diagnostics_errors(diagnostics) == errors)
		*out = making.item;
	if (*out == NULL && making.item != NULL)
		dbw__free_database(databases, making.item, NULL);
}

void dbw__leave_database(dbw_databases *databases, database *item)
{
	if (item->place != NULL)
		item->place = dbw__place_leave(databases, item->place);
	item->generation++;
}

dbw_status dbw__close_database(const dbw_databases *databases, database *item, dbw_error *error)
{
	dbw_status status = item->place == NULL ? DBW_OK : dbw__place_free(databases, item->place, error);

	item->place = NULL;
	/* In a child of fork() the store is the parent's. */
	if (item->store != NULL && databases->common.fork_count == dbw__fork_count())
		status = dbw__store_close(item, error);
	dbw_arena_free(item->arena);
	item->arena = NULL;
	return status;
}

void dbw__spare_database(dbw_databases *databases, database *item)
{
	item->next = databases->spares;
	databases->spares = item;
}

dbw_status dbw__free_database(dbw_databases *databases, database *item, dbw_error *error)
{
	dbw_status status;

	dbw__leave_database(databases, item);
	status = dbw__close_database(databases, item, error);
	dbw__spare_database(databases, item);
	return status;
}

void dbw__free_spares(dbw_databases *databases)
{
	while (databases->spares != NULL) {
		database *item = databases->spares;

		databases->spares = item->next;
		free(item);
	}
}

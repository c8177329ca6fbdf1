#include "registry.h"

#include <base/text.h>
#include <pool/fork.h>

#include <stdlib.h>
#include <string.h>

static dbw_status check_program(const dbw_program *program, dbw_error *error)
{
	static const char other[] =
		"%s was generated for another dbwright runtime: run dbwright generate again";

	if (program == NULL)
		return dbw__fail(error, DBW_MISUSE, "no program is given");
	if (program->abi != DBW_ABI)
		return dbw__fail(error, DBW_MISUSE, other, "the program");
	for (size_t i = 0; i < program->schema_count; i++) {
		const dbw_schema *schema = program->schemas[i];

		if (schema->abi != DBW_ABI)
			return dbw__fail(error, DBW_MISUSE, other, schema->name);
		for (size_t j = 0; j < schema->model_count; j++) {
			if (schema->models[j]->abi != DBW_ABI)
				return dbw__fail(error, DBW_MISUSE, other, schema->models[j]->name);
		}
	}
	return DBW_OK;
}

static dbw_status read_dotenv(
	dbw_databases *databases, dbw_diagnostics *diagnostics, const dbw_options *options)
{
	const char *name = options->dotenv == NULL ? ".env" : options->dotenv, *path = name;
	char **variables = NULL;

	if (*name == '\0')
		return DBW_OK;
	if (*name != '/')
		path = dbw_arena_printf(databases->arena, "%s/%s", databases->root, name);
	if (path == NULL)
		return DBW_OUT_OF_MEMORY;
	dbw__dotenv_read(databases->arena, diagnostics, path, options->dotenv != NULL, &variables);
	databases->dotenv = variables;
	return DBW_OK;
}

static dbw__environment environment_of(const dbw_databases *databases)
{
	extern char **environ;

	return (dbw__environment){ environ, databases->dotenv };
}

/* Looks for the profile of DBWRIGHT_ENV among those of the program and of the file. */
static dbw_status check_profile(const dbw_databases *databases, dbw_diagnostics *diagnostics,
	const struct dbw__config_reading *reading)
{
	const dbw__environment environment = environment_of(databases);
	const dbw_program *program = databases->program;
	const char **names = dbw_arena_alloc_zeroed(
		databases->arena, program->profile_count + reading->profile_count + 1, sizeof *names);
	size_t count = 0;

	if (names == NULL)
		return DBW_OUT_OF_MEMORY;
	for (size_t i = 0; i < program->profile_count; i++)
		names[count++] = program->profiles[i].name;
	for (size_t i = 0; i < reading->profile_count; i++)
		names[count++] = reading->profiles[i];
	dbw__environment_check_profile(diagnostics, &environment, names, count);
	return DBW_OK;
}

static const dbw_profile *find_profile(const dbw_program *program, const char *name)
{
	for (size_t i = 0; i < program->profile_count && name != NULL; i++)
		if (strcmp(program->profiles[i].name, name) == 0)
			return &program->profiles[i];
	return NULL;
}

/* Whether it says where the database is. */
static bool says_place(const dbw_entry *entry)
{
	bool says = entry->connection_string != NULL;

	for (size_t i = 0; i < entry->setting_count && !says; i++) {
		const char *key = entry->settings[i].key;

		says = strcmp(key, "path") == 0 || strcmp(key, "host") == 0 || strcmp(key, "database") == 0;
	}
	return says;
}

/*
 * A test that is started with its profile should not find itself in the database of a file that knows no such profile. In
 * production a file that counts more than what was compiled in is what is meant.
 */
static void warn_of_file(const dbw_databases *databases, dbw_diagnostics *diagnostics, const char *file)
{
	const dbw_profile *profile = databases->profile;

	if (profile == NULL || strcmp(profile->name, "production") == 0)
		return;
	for (const database *each = databases->items; each != NULL; each = each->next) {
		const dbw_position at = each->resolved.at;

		if (at.file == NULL || strcmp(at.file, file) != 0)
			continue;
		for (size_t i = 0; i < profile->entry_count; i++)
			if (strcmp(profile->entries[i].name, each->name) == 0 &&
				says_place(&profile->entries[i]))
				dbw_report(diagnostics, DBW_SEVERITY_WARNING, at, "unknown-profile", NULL,
					"database \"%s\": what this file says counts more than the "
					"program's profile \"%s\"; write the profile in the file, too",
					each->name, profile->name);
	}
}

static bool has_profile(const struct dbw__config_reading *reading, const char *profile)
{
	bool has = false;

	for (size_t i = 0; i < reading->profile_count && profile != NULL && !has; i++)
		has = strcmp(reading->profiles[i], profile) == 0;
	return has;
}

/* *knows: whether the file has the profile; true without a file. */
static dbw_status read_file(dbw_databases *databases, dbw_diagnostics *diagnostics,
	const dbw_options *options, const char *profile, bool *knows)
{
	struct dbw__config_reading reading = { .arena = databases->arena,
		.diagnostics = diagnostics,
		.path = options->file,
		.shown = options->file,
		.profile = profile };

	*knows = true;
	if (options->file == NULL)
		return check_profile(databases, diagnostics, &reading);
	if (options->file[0] != '/')
		reading.path = dbw_arena_printf(databases->arena, "%s/%s", databases->root, options->file);
	/* Positions in the file are looked at as long as the databases live. */
	reading.shown = dbw_arena_copy(databases->arena, options->file, strlen(options->file));
	if (reading.path == NULL || reading.shown == NULL)
		return DBW_OUT_OF_MEMORY;
	options->reader(&reading);
	databases->file_entries = reading.entries;
	databases->file_entry_count = reading.count;
	*knows = has_profile(&reading, profile);
	return check_profile(databases, diagnostics, &reading);
}

static dbw_status make_all(dbw_databases *databases, dbw_diagnostics *diagnostics, const dbw_options *options)
{
	dbw_arena *arena = dbw_arena_new(0);
	database **last = &databases->items;
	dbw__wanted *wanted = NULL;
	size_t count = 0;
	bool broken = false;
	bool good =
		arena != NULL && dbw__collect_wanted(databases, arena, diagnostics, options, &wanted, &count);

	databases->some = options->only != NULL;
	for (size_t i = 0; i < count && good; i++) {
		dbw__make_database(databases, diagnostics, &wanted[i], last);
		if (*last == NULL) {
			broken = true;
			continue;
		}
		dbw__check_against_others(databases, diagnostics, *last);
		last = &(*last)->next;
	}
	/* What was refused is missing for who depends on it. */
	if (good && !broken)
		dbw__find_order(databases, diagnostics, NULL);
	dbw_arena_free(arena);
	return good ? DBW_OK : DBW_OUT_OF_MEMORY;
}

/* What the options allow of providers, for as long as the databases live. */
static dbw_status allow_providers(dbw_databases *databases, const dbw_options *options)
{
	const size_t count = options->provider_folder_count;
	const dbw_provider **registered = dbw_arena_alloc_zeroed(
		databases->arena, options->provider_count + 1, sizeof(const dbw_provider *));
	const char **folders = dbw_arena_alloc_zeroed(databases->arena, count + 1, sizeof(const char *));

	if (registered == NULL || folders == NULL)
		return DBW_OUT_OF_MEMORY;
	for (size_t i = 0; i < options->provider_count; i++)
		registered[i] = options->providers[i];
	for (size_t i = 0; i < count; i++) {
		const char *folder = options->provider_folders[i];

		folders[i] = folder[0] == '/'
				     ? dbw_arena_copy(databases->arena, folder, strlen(folder))
				     : dbw_arena_printf(databases->arena, "%s/%s", databases->root, folder);
		if (folders[i] == NULL)
			return DBW_OUT_OF_MEMORY;
	}
	databases->outside = (dbw__outside_providers){ .registered = registered,
		.registered_count = options->provider_count,
		.load = options->load_provider,
		.folders = folders,
		.folder_count = count,
		.setting = "provider_folders" };
	return DBW_OK;
}

/* Reads and resolves everything; what is wrong is told all at once. */
static dbw_status configure(dbw_databases *databases, const dbw_options *options, dbw_error *error)
{
	dbw_diagnostics *diagnostics = dbw_diagnostics_new(0);
	dbw__environment environment;
	const char *profile;
	dbw_status status;
	bool knows;

	if (diagnostics == NULL)
		return dbw__fail(error, DBW_OUT_OF_MEMORY, "out of memory");
	status = allow_providers(databases, options);
	if (status == DBW_OK)
		status = read_dotenv(databases, diagnostics, options);
	environment = environment_of(databases);
	profile = dbw__environment_get(&environment, "DBWRIGHT_ENV");
	databases->profile = find_profile(databases->program, profile);
	if (status == DBW_OK)
		status = read_file(databases, diagnostics, options, profile, &knows);
	if (status == DBW_OK)
		status = make_all(databases, diagnostics, options);
	if (status == DBW_OK && !knows)
		warn_of_file(databases, diagnostics, options->file);
	if (status == DBW_OK)
		status = dbw__tell_problems(
			diagnostics, options->on_problem, options->problem_argument, error);
	else
		dbw__fail(error, status, "out of memory");
	dbw_diagnostics_free(diagnostics);
	return status;
}

dbw_status dbw__connect_eagerly(database *item, dbw_error *error)
{
	dbw__pooled *pooled;
	dbw_status status;

	if (!item->is_eager)
		return DBW_OK;
	if (item->store != NULL)
		return dbw__store_open(item, error);
	status = dbw__pool_acquire(item->place->pool, &pooled, error);
	if (status != DBW_OK)
		return status;
	dbw__pool_release(pooled);
	return dbw__pool_maintain(item->place->pool, error);
}

/* The eager ones: first those that others depend on, else in the order in which they were declared. */
static dbw_status connect_all(const dbw_databases *databases, dbw_error *error)
{
	dbw_status status = DBW_OK;
	bool more = true;

	for (uint32_t depth = 0; more && status == DBW_OK; depth++) {
		more = false;
		for (database *each = databases->items; each != NULL && status == DBW_OK; each = each->next) {
			if (each->depth == depth)
				status = dbw__connect_eagerly(each, error);
			more = more || each->depth > depth;
		}
	}
	return status;
}

static dbw_status start(dbw_databases *databases, const dbw_options *options, dbw_error *error)
{
	dbw_error own;
	dbw_status status;

	if (error == NULL)
		error = &own;
	databases->arena = dbw_arena_new(0);
	if (databases->arena == NULL || dbw__sessions_new(&databases->common, &databases->sessions) != DBW_OK)
		return dbw__fail(error, DBW_OUT_OF_MEMORY, "out of memory");
	status = dbw__find_root(databases->arena, &databases->root, error);
	if (status == DBW_OK)
		status = configure(databases, options, error);
	if (status == DBW_OK && !dbw__choices_make(databases))
		status = dbw__fail(error, DBW_OUT_OF_MEMORY, "out of memory");
	return status == DBW_OK ? connect_all(databases, error) : status;
}

/* The databases without anything in them; NULL when memory is short. */
static dbw_databases *make_empty(const dbw_program *program, const dbw_options *options)
{
	dbw_databases *databases = dbw__fork_watch() == DBW_OK ? calloc(1, sizeof *databases) : NULL;

	if (databases == NULL)
		return NULL;
	if (pthread_rwlock_init(&databases->lock, NULL) != 0) {
		free(databases);
		return NULL;
	}
	if (pthread_mutex_init(&databases->opening, NULL) != 0) {
		pthread_rwlock_destroy(&databases->lock);
		free(databases);
		return NULL;
	}
	databases->program = program;
	databases->connect = options->connect;
	databases->common.fork_count = dbw__fork_count();
	databases->common.hook = (dbw__hook){ options->on_event, options->event_argument };
	databases->common.connections = (dbw__connection_hooks){ options->on_connect, options->before_close,
		options->connection_argument };
	return databases;
}

dbw_status dbw_databases_open(
	dbw_databases **out, const dbw_program *program, const dbw_options *options, dbw_error *error)
{
	static const dbw_options none;
	dbw_databases *databases;
	dbw_status status;

	dbw_error_clear(error);
	if (out == NULL)
		return dbw__fail(error, DBW_MISUSE, "no place for the databases is given");
	*out = NULL;
	if (options == NULL)
		options = &none;
	status = check_program(program, error);
	if (status != DBW_OK)
		return status;
	if (options->file != NULL && options->reader == NULL)
		return dbw__fail(error, DBW_MISUSE,
			"a file is given without a reader: set .reader = dbw_config_reader of <dbwright/config.h>");
	databases = make_empty(program, options);
	if (databases == NULL)
		return dbw__fail(error, DBW_OUT_OF_MEMORY, "out of memory");
	status = start(databases, options, error);
	if (status != DBW_OK) {
		dbw_databases_close(databases, NULL);
		return status;
	}
	*out = databases;
	return DBW_OK;
}

/* What is closed next: a connection of a pool, or a store. */
struct open_one {
	dbw__pool *pool;
	database *store;
	unsigned long number;
	uint32_t depth;
};

static void consider(struct open_one *best, struct open_one one)
{
	if (one.number != 0 && (best->number == 0 || one.depth > best->depth ||
				       (one.depth == best->depth && one.number > best->number)))
		*best = one;
}

/*
 * Closes all connections and stores: those of databases that depend on others first, and else the one that was opened
 * last, whichever database it is of. The first failure of a store.
 */
static dbw_status close_connections(dbw_databases *databases, dbw_error *error)
{
	dbw_status status = DBW_OK;

	for (;;) {
		struct open_one last = { .number = 0 };

		for (const dbw__place *each = databases->places; each != NULL; each = each->next)
			consider(&last, (struct open_one){ .pool = each->pool,
						.number = dbw__pool_newest(each->pool),
						.depth = each->depth });
		for (database *each = databases->items; each != NULL; each = each->next)
			consider(
				&last, (struct open_one){
					       .store = each, .number = each->opened, .depth = each->depth });
		if (last.number == 0)
			return status;
		if (last.pool != NULL) {
			dbw__pool_close_newest(last.pool);
		} else {
			dbw_error problem;
			const dbw_status closed = dbw__store_close(last.store, &problem);

			if (status == DBW_OK && closed != DBW_OK)
				status = dbw__error_copy(error, &problem);
		}
	}
}

dbw_status dbw_databases_close(dbw_databases *databases, dbw_error *error)
{
	dbw_status status = DBW_OK;
	bool forked;

	dbw_error_clear(error);
	if (databases == NULL)
		return DBW_OK;
	/* In a child the connections, their files and locks are the parent's: only memory is freed. */
	forked = databases->common.fork_count != dbw__fork_count();
	if (databases->sessions != NULL)
		status = dbw__sessions_end_all(databases->sessions, error);
	if (!forked) {
		dbw_error problem;
		const dbw_status closed = close_connections(databases, &problem);

		if (status == DBW_OK && closed != DBW_OK)
			status = dbw__error_copy(error, &problem);
	}
	while (databases->items != NULL) {
		database *item = databases->items;
		dbw_error problem;
		dbw_status freed;

		databases->items = item->next;
		freed = dbw__free_database(databases, item, &problem);
		if (status == DBW_OK && freed != DBW_OK) {
			status = freed;
			dbw__error_copy(error, &problem);
		}
	}
	dbw__free_spares(databases);
	free(databases->choices);
	dbw__sessions_free(databases->sessions);
	dbw__run_cleanups(databases, forked);
	dbw__outside_end(&databases->outside, forked);
	dbw_arena_free(databases->arena);
	/* Another thread of the parent may have held the lock when the process forked. */
	if (!forked) {
		pthread_mutex_destroy(&databases->opening);
		pthread_rwlock_destroy(&databases->lock);
	}
	free(databases);
	return status;
}

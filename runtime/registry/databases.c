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

/* Within one schema, qualifiers differ and at most one entry is the default. */
static dbw_status check_unique(const dbw_databases *databases, const database *added, dbw_error *error)
{
	for (const database *each = databases->items; each != added; each++) {
		if (each->schema != added->schema)
			continue;
		if (strcmp(each->qualifier, added->qualifier) == 0)
			return dbw__fail(error, DBW_CONFIG,
				"databases \"%s\" and \"%s\" of schema \"%s\" have the same qualifier \"%s\"",
				each->name, added->name, added->schema->name, added->qualifier);
		if (each->is_default && added->is_default)
			return dbw__fail(error, DBW_CONFIG,
				"databases \"%s\" and \"%s\" of schema \"%s\" are both default", each->name,
				added->name, added->schema->name);
	}
	return DBW_OK;
}

static dbw_status make_pool(dbw_databases *databases, database *item, dbw_error *error)
{
	dbw__pool_options options = { .common = &databases->common,
		.driver = item->driver,
		.address = { item->name, item->location, item->settings, item->setting_count },
		.schema = item->schema->name,
		.settings = { .size = item->pool_size },
		.slot_count = databases->program->slot_count };

	if (dbw__pool_new(&options, &item->pool) != DBW_OK)
		return dbw__fail(error, DBW_OUT_OF_MEMORY, "out of memory");
	return DBW_OK;
}

static dbw_status add_entries(dbw_databases *databases, const dbw_options *options, dbw_error *error)
{
	dbw_entry *entries;
	size_t count;
	dbw_status status =
		dbw__merge_entries(databases->arena, databases->program, options, &entries, &count, error);

	if (status != DBW_OK)
		return status;
	databases->items = dbw_arena_alloc_zeroed(databases->arena, count + 1, sizeof *databases->items);
	if (databases->items == NULL)
		return dbw__fail(error, DBW_OUT_OF_MEMORY, "out of memory");
	for (size_t i = 0; i < count && status == DBW_OK; i++) {
		database *item = &databases->items[i];

		status = dbw__resolve_entry(databases->arena, databases->program, &entries[i], item, error);
		/* Counted in any case: a temporary file may have been made. */
		databases->count++;
		if (status == DBW_OK)
			status = check_unique(databases, item, error);
		if (status == DBW_OK)
			status = make_pool(databases, item, error);
	}
	return status;
}

dbw_status dbw_databases_open(
	dbw_databases **out, const dbw_program *program, const dbw_options *options, dbw_error *error)
{
	dbw_databases *databases = NULL;
	dbw_status status;

	dbw_error_clear(error);
	if (out == NULL)
		return dbw__fail(error, DBW_MISUSE, "no place for the databases is given");
	*out = NULL;
	status = check_program(program, error);
	if (status != DBW_OK)
		return status;
	if (dbw__fork_watch() == DBW_OK)
		databases = calloc(1, sizeof *databases);
	if (databases == NULL)
		return dbw__fail(error, DBW_OUT_OF_MEMORY, "out of memory");
	databases->program = program;
	databases->common.fork_count = dbw__fork_count();
	if (options != NULL)
		databases->common.hook = (dbw__hook){ options->on_event, options->event_argument };
	databases->arena = dbw_arena_new(0);
	if (databases->arena == NULL || dbw__sessions_new(&databases->common, &databases->sessions) != DBW_OK)
		status = dbw__fail(error, DBW_OUT_OF_MEMORY, "out of memory");
	else
		status = add_entries(databases, options, error);
	if (status != DBW_OK) {
		dbw_databases_close(databases, NULL);
		return status;
	}
	*out = databases;
	return DBW_OK;
}

/* Closes all connections, the one that was opened last first, whichever database it is of. */
static void close_connections(dbw_databases *databases)
{
	for (;;) {
		dbw__pool *pool = NULL;
		uint_fast32_t newest = 0;

		for (size_t i = 0; i < databases->count; i++) {
			dbw__pool *each = databases->items[i].pool;
			uint_fast32_t number = each == NULL ? 0 : dbw__pool_newest(each);

			if (number > newest) {
				newest = number;
				pool = each;
			}
		}
		if (pool == NULL)
			return;
		dbw__pool_close_newest(pool);
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
	if (!forked)
		close_connections(databases);
	for (size_t i = databases->count; i-- > 0;) {
		database *item = &databases->items[i];

		dbw__pool_free(item->pool);
		if (item->temporary && !forked) {
			dbw_error problem;
			dbw_status removed = dbw__remove_temporary(item->location, &problem);

			if (status == DBW_OK && removed != DBW_OK) {
				status = removed;
				dbw__error_copy(error, &problem);
			}
		}
	}
	dbw__sessions_free(databases->sessions);
	dbw_arena_free(databases->arena);
	free(databases);
	return status;
}

/* The qualifiers of a schema's databases, for a message. */
static void list_qualifiers(const dbw_databases *databases, const dbw_schema *schema, dbw_text_buffer *out)
{
	for (size_t i = 0; i < databases->count; i++) {
		if (databases->items[i].schema == schema)
			dbw_text_printf(
				out, "%s\"%s\"", out->length == 0 ? "" : ", ", databases->items[i].qualifier);
	}
}

static dbw_status fail_choice(
	const dbw_databases *databases, const dbw_schema *schema, const char *qualifier, dbw_error *error)
{
	char storage[256];
	dbw_text_buffer list;

	dbw_text_init(&list, storage, sizeof storage);
	list_qualifiers(databases, schema, &list);
	if (list.length == 0)
		dbw__fail(error, DBW_CONFIG, "no open database has the schema \"%s\"", schema->name);
	else if (qualifier != NULL)
		dbw__fail(error, DBW_CONFIG,
			"schema \"%s\" has no database with the qualifier \"%s\"; there is %s", schema->name,
			qualifier, list.data);
	else
		dbw__fail(error, DBW_CONFIG,
			"schema \"%s\" has several databases and no default: ask for one of %s", schema->name,
			list.data);
	dbw_text_clear(&list);
	return DBW_CONFIG;
}

/*
 * The database of a schema by qualifier; without one the default, else the one named like the schema, else
 * the only one. NULL if there is none.
 */
static const database *choose(const dbw_databases *databases, const dbw_schema *schema, const char *qualifier)
{
	const database *named = NULL, *any = NULL;
	size_t count = 0;

	for (size_t i = 0; i < databases->count; i++) {
		const database *each = &databases->items[i];

		if (each->schema != schema)
			continue;
		if (qualifier != NULL) {
			if (strcmp(each->qualifier, qualifier) == 0)
				return each;
			continue;
		}
		if (each->is_default)
			return each;
		if (strcmp(each->name, schema->name) == 0)
			named = each;
		any = each;
		count++;
	}
	if (named != NULL)
		return named;
	return count == 1 ? any : NULL;
}

dbw_status dbw__begin(dbw_databases *databases, const dbw_schema *schema, const dbw_session_options *options,
	bool writer, dbw_session *out, dbw_error *error)
{
	const database *item;
	dbw_error own;

	*out = (dbw_session){ NULL, 0 };
	dbw_error_clear(error);
	if (databases == NULL)
		return dbw__fail(error, DBW_MISUSE, "no databases are given");
	if (options == NULL || options->purpose == NULL || options->purpose[0] == '\0')
		return dbw__fail(error, DBW_MISUSE, "a session needs a purpose");
	item = choose(databases, schema, options->qualifier);
	if (item == NULL)
		return fail_choice(databases, schema, options->qualifier, error);
	return dbw__session_begin(databases->sessions, item->pool, schema, options->purpose, writer, out,
		error == NULL ? &own : error);
}

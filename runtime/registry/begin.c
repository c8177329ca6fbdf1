/* From a schema to one of its databases, and sessions that begin on it. */
#include "registry.h"

#include <base/text.h>

#include <string.h>

/* The qualifiers of a schema's databases, for a message. */
static void list_qualifiers(const dbw_databases *databases, const dbw_schema *schema, dbw_text_buffer *out)
{
	for (const database *each = databases->items; each != NULL; each = each->next) {
		if (each->schema == schema)
			dbw_text_printf(out, "%s\"%s\"", out->length == 0 ? "" : ", ", each->qualifier);
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
		dbw__fail(error, DBW_CONFIG,
			"no open database has the schema \"%s\"; declare one in \"databases:\", or give dbw_options an entry, "
			"which `only`, if given, has to name",
			schema->name);
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

/* Begins a session on a database that was chosen under the lock, which is given back. */
static dbw_status begin(dbw_databases *databases, database *item, const dbw_session_options *options,
	bool writer, dbw_session *out, dbw_error *error)
{
	dbw_error own;
	dbw_status status;

	atomic_fetch_add(&item->beginning, 1);
	pthread_rwlock_unlock(&databases->lock);
	status = dbw__session_begin(databases->sessions, item->place->pool, item->schema, options, writer,
		out, error == NULL ? &own : error);
	atomic_fetch_sub(&item->beginning, 1);
	return status;
}

/* What a program can get wrong of how to begin; *out is empty then. */
static dbw_status check_call(const dbw_session_options *options, dbw_session *out, dbw_error *error)
{
	if (out == NULL)
		return dbw__fail(error, DBW_MISUSE, "no place for the session is given");
	*out = (dbw_session){ NULL, 0 };
	dbw_error_clear(error);
	if (options == NULL || options->purpose == NULL || options->purpose[0] == '\0')
		return dbw__fail(error, DBW_MISUSE, "a session needs a purpose");
	if ((unsigned)options->isolation > DBW_SERIALIZABLE)
		return dbw__fail(
			error, DBW_MISUSE, "session \"%s\": there is no such isolation", options->purpose);
	return DBW_OK;
}

dbw_status dbw__begin(dbw_databases *databases, const dbw_schema *schema, const dbw_session_options *options,
	bool writer, dbw_session *out, dbw_error *error)
{
	database *item;
	dbw_status status = check_call(options, out, error);

	if (status != DBW_OK)
		return status;
	if (databases == NULL)
		return dbw__fail(error, DBW_MISUSE, "no databases are given");
	status = dbw__databases_enter(databases, false, error);
	if (status != DBW_OK)
		return status;
	item = dbw__choose(databases, schema, options->qualifier);
	if (item != NULL)
		return begin(databases, item, options, writer, out, error);
	status = fail_choice(databases, schema, options->qualifier, error);
	pthread_rwlock_unlock(&databases->lock);
	return status;
}

static dbw_database handle_of(database *item)
{
	return item == NULL ? (dbw_database){ NULL, 0 } : (dbw_database){ item, item->generation };
}

/* Whether the handle's database is there, and the schema's; the lock is held. */
static dbw_status check_handle(dbw_database on, const dbw_schema *schema, dbw_error *error)
{
	if (on.slot->generation != on.generation)
		return dbw__fail(
			error, DBW_ENDED, "the database of schema \"%s\" was taken away", schema->name);
	if (on.slot->schema != schema)
		return dbw__fail(error, DBW_MISUSE, "database \"%s\" is of schema \"%s\", not \"%s\"",
			on.slot->name, on.slot->schema->name, schema->name);
	return DBW_OK;
}

dbw_status dbw__begin_on(dbw_database on, const dbw_schema *schema, const dbw_session_options *options,
	bool writer, dbw_session *out, dbw_error *error)
{
	dbw_databases *databases;
	dbw_status status = check_call(options, out, error);

	if (status != DBW_OK)
		return status;
	if (on.slot == NULL)
		return dbw__fail(error, DBW_MISUSE,
			"no database of schema \"%s\" is given: the handle is empty", schema->name);
	if (options->qualifier != NULL)
		return dbw__fail(error, DBW_MISUSE, "a session on one database takes no qualifier");
	/* What was taken away keeps this member and its generation. */
	databases = on.slot->databases;
	status = dbw__databases_enter(databases, false, error);
	if (status != DBW_OK)
		return status;
	status = check_handle(on, schema, error);
	if (status == DBW_OK)
		return begin(databases, on.slot, options, writer, out, error);
	pthread_rwlock_unlock(&databases->lock);
	return status;
}

dbw_status dbw__database_of(dbw_databases *databases, const dbw_schema *schema, const char *qualifier,
	dbw_database *out, dbw_error *error)
{
	dbw_status status;

	if (out == NULL)
		return dbw__fail(error, DBW_MISUSE, "no place for the database is given");
	*out = (dbw_database){ NULL, 0 };
	dbw_error_clear(error);
	if (databases == NULL)
		return dbw__fail(error, DBW_MISUSE, "no databases are given");
	status = dbw__databases_enter(databases, false, error);
	if (status != DBW_OK)
		return status;
	*out = handle_of(dbw__choose(databases, schema, qualifier));
	if (out->slot == NULL)
		status = fail_choice(databases, schema, qualifier, error);
	pthread_rwlock_unlock(&databases->lock);
	return status;
}

/* The database of a member; *out is NULL where there is none. The lock is held. */
static dbw_status find_member(
	const dbw_databases *databases, const dbw__member *member, database **out, dbw_error *error)
{
	*out = NULL;
	if (member->database == NULL) {
		*out = dbw__choose(databases, member->schema, NULL);
		return DBW_OK;
	}
	for (database *each = databases->items; each != NULL; each = each->next) {
		if (strcmp(each->name, member->database) != 0)
			continue;
		if (each->schema != member->schema)
			return dbw__fail(error, DBW_CONFIG,
				"database \"%s\" is of schema \"%s\", and was declared for \"%s\"",
				each->name, each->schema == NULL ? "none" : each->schema->name,
				member->schema->name);
		*out = each;
	}
	return DBW_OK;
}

dbw_status dbw__databases_fill(dbw_databases *databases, const dbw__member *members, size_t count, void *out,
	size_t size, dbw_error *error)
{
	dbw_status status;

	memset(out, 0, size);
	dbw_error_clear(error);
	if (databases == NULL)
		return dbw__fail(error, DBW_MISUSE, "no databases are given");
	status = dbw__databases_enter(databases, false, error);
	if (status != DBW_OK)
		return status;
	for (size_t i = 0; i < count && status == DBW_OK; i++) {
		database *item;

		status = find_member(databases, &members[i], &item, error);
		if (status == DBW_OK)
			*(dbw_database *)(void *)((char *)out + members[i].offset) = handle_of(item);
	}
	pthread_rwlock_unlock(&databases->lock);
	if (status != DBW_OK)
		memset(out, 0, size);
	return status;
}

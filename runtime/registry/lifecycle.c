/* What keeps databases in order while the program runs, and brings them to their end. */
#include "registry.h"

#include <pool/fork.h>

#include <stdlib.h>
#include <string.h>

static dbw_status misuse(dbw_error *error)
{
	return dbw__fail(error, DBW_MISUSE, "no databases are given");
}

dbw_status dbw_databases_maintain(dbw_databases *databases, dbw_error *error)
{
	dbw_status status;

	dbw_error_clear(error);
	if (databases == NULL)
		return misuse(error);
	status = dbw__databases_enter(databases, false, error);
	if (status != DBW_OK)
		return status;
	for (const dbw__place *each = databases->places; each != NULL; each = each->next) {
		dbw_error problem;
		dbw_status done = dbw__pool_maintain(each->pool, &problem);

		if (status == DBW_OK && done != DBW_OK) {
			status = done;
			dbw__error_copy(error, &problem);
		}
	}
	pthread_rwlock_unlock(&databases->lock);
	dbw__sessions_look(databases->sessions);
	return status;
}

dbw_status dbw_databases_statistics(
	dbw_databases *databases, const char *name, dbw_pool_statistics *out, dbw_error *error)
{
	const database *item;
	dbw_status status;

	if (out == NULL)
		return dbw__fail(error, DBW_MISUSE, "no place for the statistics is given");
	memset(out, 0, sizeof *out);
	dbw_error_clear(error);
	if (databases == NULL || name == NULL)
		return dbw__fail(error, DBW_MISUSE, "databases and a name are needed");
	status = dbw__databases_enter(databases, false, error);
	if (status != DBW_OK)
		return status;
	item = databases->items;
	while (item != NULL && strcmp(item->name, name) != 0)
		item = item->next;
	if (item == NULL)
		status = dbw__fail(error, DBW_NOT_FOUND, "there is no database \"%s\"", name);
	else if (item->place == NULL)
		status =
			dbw__fail(error, DBW_UNSUPPORTED, "database \"%s\" is a store and has no pool", name);
	else
		dbw__pool_statistics(item->place->pool, out);
	pthread_rwlock_unlock(&databases->lock);
	return status;
}

dbw_status dbw_databases_on_close(
	dbw_databases *databases, dbw_cleanup_function function, void *argument, dbw_error *error)
{
	dbw__cleanup *cleanup;
	dbw_status status;

	dbw_error_clear(error);
	if (databases == NULL || function == NULL)
		return dbw__fail(error, DBW_MISUSE, "databases and a function are needed");
	status = dbw__databases_enter(databases, true, error);
	if (status != DBW_OK)
		return status;
	cleanup = malloc(sizeof *cleanup);
	if (cleanup == NULL) {
		status = dbw__fail(error, DBW_OUT_OF_MEMORY, "out of memory");
	} else {
		*cleanup = (dbw__cleanup){ function, argument, databases->cleanups };
		databases->cleanups = cleanup;
	}
	pthread_rwlock_unlock(&databases->lock);
	return status;
}

void dbw__run_cleanups(dbw_databases *databases, bool forked)
{
	while (databases->cleanups != NULL) {
		dbw__cleanup *cleanup = databases->cleanups;

		databases->cleanups = cleanup->next;
		if (!forked)
			cleanup->function(cleanup->argument);
		free(cleanup);
	}
}

static void for_each_pool(dbw_databases *databases, void (*function)(dbw__pool *))
{
	pthread_rwlock_rdlock(&databases->lock);
	for (const dbw__place *each = databases->places; each != NULL; each = each->next)
		function(each->pool);
	pthread_rwlock_unlock(&databases->lock);
}

dbw_status dbw_databases_drain(dbw_databases *databases, int64_t wait_ms, dbw_error *error)
{
	dbw_status status;

	dbw_error_clear(error);
	if (databases == NULL)
		return misuse(error);
	status = dbw__databases_enter(databases, false, error);
	if (status != DBW_OK)
		return status;
	/* The lock is not held while waiting. */
	pthread_rwlock_unlock(&databases->lock);
	for_each_pool(databases, dbw__pool_shut);
	status = dbw__sessions_drain(databases->sessions, wait_ms, error);
	if (status != DBW_OK)
		for_each_pool(databases, dbw__pool_cancel);
	return status;
}

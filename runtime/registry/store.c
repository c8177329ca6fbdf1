/* Stores: what a provider from outside has that is no database with SQL. One handle for each entry. */
#include "registry.h"

#include <string.h>

/* What a call of the store gave, in a message with the entry's name. */
static dbw_status tell(const database *item, dbw_status status, const dbw_error *reason, dbw_error *error)
{
	dbw_status told = status;

	if (status != DBW_OK)
		told = dbw__fail(error, status, "database \"%s\": %s", item->name,
			reason->message[0] != '\0' ? reason->message : dbw_status_text(status));
	return told;
}

dbw_status dbw__store_check(const database *item, dbw_error *error)
{
	dbw_error reason = { .status = DBW_OK };

	return item->store->check == NULL
		       ? DBW_OK
		       : tell(item, item->store->check(&item->address, &reason), &reason, error);
}

dbw_status dbw__store_open(database *item, dbw_error *error)
{
	dbw_databases *databases = item->databases;
	dbw_error reason = { .status = DBW_OK };
	dbw_status status = DBW_OK;

	pthread_mutex_lock(&databases->opening);
	if (item->opened == 0) {
		item->handle = NULL;
		status = item->store->open(&item->address, &item->handle, &reason);
		if (status == DBW_OK)
			item->opened = atomic_fetch_add(&databases->common.opened, 1) + 1;
	}
	pthread_mutex_unlock(&databases->opening);
	return tell(item, status, &reason, error);
}

dbw_status dbw__store_close(database *item, dbw_error *error)
{
	dbw_error reason = { .status = DBW_OK };

	if (item->opened == 0)
		return DBW_OK;
	item->opened = 0;
	return tell(item, item->store->close(item->handle, &reason), &reason, error);
}

static database *find(dbw_databases *databases, const char *name)
{
	database *item = databases->items;

	while (item != NULL && strcmp(item->name, name) != 0)
		item = item->next;
	return item;
}

/* Finds the entry and keeps it there: on DBW_OK the lock is held. */
static dbw_status enter(dbw_databases *databases, const char *name, database **out, dbw_error *error)
{
	dbw_status status;

	dbw_error_clear(error);
	if (databases == NULL || name == NULL)
		return dbw__fail(error, DBW_MISUSE, "databases and a name are needed");
	status = dbw__databases_enter(databases, false, error);
	if (status != DBW_OK)
		return status;
	*out = find(databases, name);
	if (*out != NULL)
		return DBW_OK;
	pthread_rwlock_unlock(&databases->lock);
	return dbw__fail(error, DBW_NOT_FOUND, "there is no database \"%s\"", name);
}

dbw_status dbw_databases_store(
	dbw_databases *databases, const char *name, const char *provider, void **out, dbw_error *error)
{
	database *item;
	dbw_status status;

	if (out == NULL)
		return dbw__fail(error, DBW_MISUSE, "no place for the handle is given");
	*out = NULL;
	status = enter(databases, name, &item, error);
	if (status != DBW_OK)
		return status;
	if (item->store == NULL)
		status = dbw__fail(
			error, DBW_MISUSE, "database \"%s\" is no store: sessions begin on it", name);
	else if (provider == NULL || strcmp(item->provider, provider) != 0)
		status = dbw__fail(error, DBW_MISUSE, "database \"%s\" is of the provider %s, not %s", name,
			item->provider, provider == NULL ? "none" : provider);
	else
		status = dbw__store_open(item, error);
	if (status == DBW_OK)
		*out = item->handle;
	pthread_rwlock_unlock(&databases->lock);
	return status;
}

static dbw_status check_store(database *item, dbw_error *error)
{
	dbw_error reason = { .status = DBW_OK };
	dbw_status status = dbw__store_open(item, error);

	if (status != DBW_OK || item->store->health == NULL)
		return status;
	return tell(item, item->store->health(item->handle, &reason), &reason, error);
}

static dbw_status check_connection(database *item, dbw_error *error)
{
	const dbw_driver *driver = item->driver;
	dbw__pooled *pooled;
	dbw_status status = dbw__pool_acquire(item->place->pool, &pooled, error);

	if (status != DBW_OK)
		return status;
	if (driver->ping != NULL)
		status = driver->ping(pooled->connection, error);
	dbw__pool_release(pooled);
	return status;
}

dbw_status dbw_databases_health(dbw_databases *databases, const char *name, dbw_error *error)
{
	database *item;
	dbw_error own;
	dbw_status status;

	if (error == NULL)
		error = &own;
	status = enter(databases, name, &item, error);
	if (status != DBW_OK)
		return status;
	if (item->store != NULL) {
		status = check_store(item, error);
		pthread_rwlock_unlock(&databases->lock);
		return status;
	}
	/* Connecting may take its time, and others go on meanwhile. */
	atomic_fetch_add(&item->beginning, 1);
	pthread_rwlock_unlock(&databases->lock);
	status = check_connection(item, error);
	atomic_fetch_sub(&item->beginning, 1);
	return status;
}

dbw_status dbw_databases_reset_store(dbw_databases *databases, const char *name, dbw_error *error)
{
	database *item;
	dbw_error reason = { .status = DBW_OK };
	dbw_status status = enter(databases, name, &item, error);

	if (status != DBW_OK)
		return status;
	if (item->store == NULL)
		status = dbw__fail(
			error, DBW_MISUSE, "database \"%s\" is no store: its tables are not touched", name);
	else if (item->store->reset == NULL)
		status = dbw__fail(error, DBW_UNSUPPORTED,
			"database \"%s\": the provider %s cannot remove what is in it", name, item->provider);
	else
		status = dbw__store_open(item, error);
	if (status == DBW_OK)
		status = tell(item, item->store->reset(item->handle, &reason), &reason, error);
	pthread_rwlock_unlock(&databases->lock);
	return status;
}

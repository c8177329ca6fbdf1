/* Databases that come and go while the program runs. */
#include "registry.h"

#include <pool/fork.h>

#include <string.h>

dbw_status dbw__databases_enter(dbw_databases *databases, bool writer, dbw_error *error)
{
	/* A child must not touch a lock that another thread of its parent may have held. */
	if (databases->common.fork_count != dbw__fork_count())
		return dbw__fail(error, DBW_FORKED,
			"the databases were opened by the parent process; open them again here");
	if (writer)
		pthread_rwlock_wrlock(&databases->lock);
	else
		pthread_rwlock_rdlock(&databases->lock);
	return DBW_OK;
}

static database **find(dbw_databases *databases, const char *name)
{
	database **link = &databases->items;

	while (*link != NULL && strcmp((*link)->name, name) != 0)
		link = &(*link)->next;
	return link;
}

bool dbw_databases_have(dbw_databases *databases, const char *name)
{
	bool found;

	if (databases == NULL || name == NULL || dbw__databases_enter(databases, false, NULL) != DBW_OK)
		return false;
	found = *find(databases, name) != NULL;
	pthread_rwlock_unlock(&databases->lock);
	return found;
}

static const dbw__entry *file_entry(const dbw_databases *databases, const char *name)
{
	for (size_t i = 0; i < databases->file_entry_count; i++)
		if (strcmp(databases->file_entries[i].name, name) == 0)
			return &databases->file_entries[i];
	return NULL;
}

/* The compiled-in entry that `only` left out; NULL if there is none. */
static const dbw_entry *compiled_entry(const dbw_databases *databases, const char *name)
{
	const dbw_profile *profile = databases->profile;

	for (size_t i = 0; profile != NULL && i < profile->entry_count; i++)
		if (strcmp(profile->entries[i].name, name) == 0)
			return &profile->entries[i];
	for (size_t i = 0; i < databases->program->entry_count; i++)
		if (strcmp(databases->program->entries[i].name, name) == 0)
			return &databases->program->entries[i];
	return NULL;
}

/* Makes and links the database; the lock is held. */
static dbw_status add(dbw_databases *databases, const dbw_entry *entry, dbw_error *error)
{
	database **link = find(databases, entry->name);
	dbw_diagnostics *diagnostics;
	dbw_status status;
	dbw__wanted wanted = { .name = entry->name,
		.compiled = compiled_entry(databases, entry->name),
		.file = file_entry(databases, entry->name),
		.program = entry,
		.program_count = 1,
		.is_default = entry->is_default };

	if (*link != NULL)
		return dbw__fail(error, DBW_EXISTS, "there is a database \"%s\" already", entry->name);
	diagnostics = dbw_diagnostics_new(0);
	if (diagnostics == NULL)
		return dbw__fail(error, DBW_OUT_OF_MEMORY, "out of memory");
	dbw__make_database(databases, diagnostics, &wanted, link);
	if (*link != NULL) {
		dbw__check_against_others(databases, diagnostics, *link);
		dbw__find_order(databases, diagnostics, *link);
	}
	status = dbw__tell_problems(diagnostics, NULL, NULL, error);
	dbw_diagnostics_free(diagnostics);
	if (status == DBW_OK)
		status = dbw__connect_eagerly(*link, error);
	if (status != DBW_OK && *link != NULL) {
		database *item = *link;

		*link = NULL;
		dbw__free_database(databases, item, NULL);
	}
	return status;
}

dbw_status dbw_databases_add(dbw_databases *databases, const dbw_entry *entry, dbw_error *error)
{
	dbw_error own;
	dbw_status status;

	dbw_error_clear(error);
	if (databases == NULL || entry == NULL || entry->name == NULL || entry->name[0] == '\0')
		return dbw__fail(error, DBW_MISUSE, "databases and an entry with a name are needed");
	status = dbw__databases_enter(databases, true, error);
	if (status != DBW_OK)
		return status;
	status = add(databases, entry, error == NULL ? &own : error);
	pthread_rwlock_unlock(&databases->lock);
	return status;
}

static bool has_sessions(const database *item)
{
	return atomic_load(&item->beginning) != 0 ||
	       (item->place->references == 1 && dbw__pool_in_use(item->place->pool) != 0);
}

dbw_status dbw_databases_remove(dbw_databases *databases, const char *name, dbw_error *error)
{
	database **link, *item;
	dbw_status status;

	dbw_error_clear(error);
	if (databases == NULL || name == NULL)
		return dbw__fail(error, DBW_MISUSE, "databases and a name are needed");
	status = dbw__databases_enter(databases, true, error);
	if (status != DBW_OK)
		return status;
	link = find(databases, name);
	item = *link;
	if (item == NULL) {
		status = dbw__fail(error, DBW_NOT_FOUND, "there is no database \"%s\"", name);
	} else if (has_sessions(item)) {
		status = dbw__fail(error, DBW_BUSY, "database \"%s\" has sessions; end them first", name);
	} else {
		*link = item->next;
		status = dbw__free_database(databases, item, error);
	}
	pthread_rwlock_unlock(&databases->lock);
	return status;
}

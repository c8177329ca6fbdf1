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

static bool has_sessions(const database *item)
{
	return atomic_load(&item->beginning) != 0 || (item->place != NULL && item->place->references == 1 &&
							     dbw__pool_in_use(item->place->pool) != 0);
}

/* The lock is held, but not while connections are closed, which may take its time: others go on meanwhile. */
static dbw_status take_away(dbw_databases *databases, database *item, dbw_error *error)
{
	const bool is_store = item->store != NULL;
	database **link = &databases->items;
	dbw_status status;

	while (*link != item)
		link = &(*link)->next;
	*link = item->next;
	/* There is room for the others. */
	(void)dbw__choices_make(databases);
	dbw__leave_database(databases, item);
	/* What takes the place of a store is not opened beside it. */
	if (is_store)
		pthread_mutex_lock(&databases->opening);
	pthread_rwlock_unlock(&databases->lock);
	status = dbw__close_database(databases, item, error);
	if (is_store)
		pthread_mutex_unlock(&databases->opening);
	pthread_rwlock_wrlock(&databases->lock);
	dbw__spare_database(databases, item);
	return status;
}

/* Makes the database and links it; the lock is held. */
static dbw_status make(dbw_databases *databases, const dbw_entry *entry, database **out, dbw_error *error)
{
	database **link = find(databases, entry->name);
	dbw_diagnostics *diagnostics;
	dbw_status status;
	dbw__wanted wanted = { .name = entry->name,
		.compiled = compiled_entry(databases, entry->name),
		.file = file_entry(databases, entry->name),
		.program = entry,
		.program_count = 1 };

	wanted.is_default = dbw__says_default(entry) || dbw__file_says_default(wanted.file) ||
			    (wanted.compiled != NULL && dbw__says_default(wanted.compiled));
	if (*link != NULL)
		return dbw__fail(error, DBW_EXISTS, "there is a database \"%s\" already", entry->name);
	diagnostics = dbw_diagnostics_new(0);
	if (diagnostics == NULL)
		return dbw__fail(error, DBW_OUT_OF_MEMORY, "out of memory");
	dbw__make_database(databases, diagnostics, &wanted, link);
	*out = *link;
	if (*out != NULL) {
		dbw__check_against_others(databases, diagnostics, *out);
		dbw__find_order(databases, diagnostics, *out);
	}
	status = dbw__tell_problems(diagnostics, NULL, NULL, error);
	dbw_diagnostics_free(diagnostics);
	if (status == DBW_OK && !dbw__choices_make(databases))
		status = dbw__fail(error, DBW_OUT_OF_MEMORY, "out of memory");
	if (status != DBW_OK && *out != NULL) {
		*link = NULL;
		dbw__free_database(databases, *out, NULL);
	}
	return status;
}

/* Others go on meanwhile: a server that does not answer takes its time. They may begin sessions of it, too. */
static dbw_status connect_added(dbw_databases *databases, database *item, dbw_error *error)
{
	dbw_status status;

	pthread_rwlock_unlock(&databases->lock);
	status = dbw__connect_eagerly(item, error);
	pthread_rwlock_wrlock(&databases->lock);
	/* Somebody's session is proof of the contrary. */
	atomic_fetch_sub(&item->beginning, 1);
	if (status != DBW_OK && !has_sessions(item)) {
		take_away(databases, item, NULL);
		return status;
	}
	dbw_error_clear(error);
	return DBW_OK;
}

dbw_status dbw_databases_add(dbw_databases *databases, const dbw_entry *entry, dbw_error *error)
{
	database *item = NULL;
	dbw_error own;
	dbw_status status;

	dbw_error_clear(error);
	if (error == NULL)
		error = &own;
	if (databases == NULL || entry == NULL || entry->name == NULL || entry->name[0] == '\0')
		return dbw__fail(error, DBW_MISUSE, "databases and an entry with a name are needed");
	status = dbw__databases_enter(databases, true, error);
	if (status != DBW_OK)
		return status;
	status = make(databases, entry, &item, error);
	if (status == DBW_OK && item->is_eager) {
		/* Nobody removes it as long as it is on its way. */
		atomic_fetch_add(&item->beginning, 1);
		status = connect_added(databases, item, error);
	}
	pthread_rwlock_unlock(&databases->lock);
	return status;
}

dbw_status dbw_databases_remove(dbw_databases *databases, const char *name, dbw_error *error)
{
	database *item;
	dbw_status status;

	dbw_error_clear(error);
	if (databases == NULL || name == NULL)
		return dbw__fail(error, DBW_MISUSE, "databases and a name are needed");
	status = dbw__databases_enter(databases, true, error);
	if (status != DBW_OK)
		return status;
	item = *find(databases, name);
	if (item == NULL) {
		status = dbw__fail(error, DBW_NOT_FOUND, "there is no database \"%s\"", name);
	} else if (has_sessions(item)) {
		status = dbw__fail(error, DBW_BUSY, "database \"%s\" has sessions; end them first", name);
	} else {
		status = take_away(databases, item, error);
	}
	pthread_rwlock_unlock(&databases->lock);
	return status;
}

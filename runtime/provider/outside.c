/* Providers that are not bundled: looked at before anything of them is believed. */
#include <provider/outside.h>

#include <driver/bundled.h>

#include <base/text.h>
#include <stdlib.h>
#include <string.h>

static void *allocate(dbw_arena *arena, size_t size)
{
	return dbw_arena_alloc(arena, size);
}

static char *copy(dbw_arena *arena, const void *bytes, size_t length)
{
	return dbw_arena_copy(arena, bytes, length);
}

const dbw_provider_host dbw__provider_host = {
	.size = sizeof(dbw_provider_host),
	.version = DBWRIGHT_VERSION,
	.sqlite = &dbw__sqlite_driver,
#ifdef DBWRIGHT_HAS_POSTGRESQL
	.postgresql = &dbw__postgresql_driver,
#endif
	.set_error = dbw__fail,
	.allocate = allocate,
	.copy = copy,
};

/* One that is in use. */
struct dbw__engagement {
	const dbw_provider *provider;
	dbw_driver driver; /* What the factory has made. */
	void *handle;      /* NULL: nothing to unload. */
	void (*unload)(void *handle);
	struct dbw__engagement *next;
};

static bool is_name(const char *text)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_";

	return text != NULL && *text != '\0' && text[strspn(text, letters)] == '\0';
}

/* The numbers come first: until they are right, nothing else may be where it seems. */
static dbw_status check_numbers(const dbw_provider *provider, const char *said, dbw_error *error)
{
	if (provider->abi != DBW_DRIVER_ABI)
		return dbw__fail(error, DBW_PROVIDER,
			"the provider %s was compiled for interface %lu, and this dbwright has interface %lu: compile it"
			" again with the headers of this dbwright",
			said, (unsigned long)provider->abi, (unsigned long)DBW_DRIVER_ABI);
	if (provider->model_abi != DBW_ABI)
		return dbw__fail(error, DBW_PROVIDER,
			"the provider %s was compiled for descriptors %lu, and this dbwright has descriptors %lu: compile"
			" it again with the headers of this dbwright",
			said, (unsigned long)provider->model_abi, (unsigned long)DBW_ABI);
	if (provider->size != sizeof(dbw_provider) || provider->driver_size != sizeof(dbw_driver))
		return dbw__fail(error, DBW_PROVIDER,
			"the provider %s has other sizes (%lu, %lu) than this dbwright (%zu, %zu): compile it again with"
			" the headers of this dbwright",
			said, (unsigned long)provider->size, (unsigned long)provider->driver_size,
			sizeof(dbw_provider), sizeof(dbw_driver));
	return DBW_OK;
}

static dbw_status check_provider(const dbw_provider *provider, const char *said, dbw_error *error)
{
	const dbw_store *store;
	dbw_status status = check_numbers(provider, said, error);

	if (status != DBW_OK)
		return status;
	store = provider->store;
	if (!is_name(provider->name))
		return dbw__fail(
			error, DBW_PROVIDER, "the provider %s has no name of letters, digits and _", said);
	if ((provider->driver == NULL) == (store == NULL))
		return dbw__fail(error, DBW_PROVIDER,
			"the provider %s has to have either a factory of drivers or the calls of a store",
			said);
	if (store != NULL && (store->open == NULL || store->close == NULL))
		return dbw__fail(error, DBW_PROVIDER, "the store of the provider %s has no call `%s`", said,
			store->open == NULL ? "open" : "close");
	return DBW_OK;
}

/* The first call that a driver has to have and does not; NULL: it has them all. */
static const char *missing_call(const dbw_driver *driver)
{
#define NEEDED(call)              \
	if (driver->call == NULL) \
	return #call
	NEEDED(check);
	NEEDED(open);
	NEEDED(close);
	NEEDED(capabilities);
	NEEDED(prepare);
	NEEDED(release);
	NEEDED(execute);
	NEEDED(query);
	NEEDED(fetch);
	NEEDED(fetch_integer);
	NEEDED(column_count);
	NEEDED(column_name);
	NEEDED(fetch_values);
	NEEDED(finish);
	NEEDED(violation);
	NEEDED(set_terms);
	NEEDED(begin);
	NEEDED(commit);
	NEEDED(rollback);
	NEEDED(savepoint);
	NEEDED(release_savepoint);
	NEEDED(rollback_to_savepoint);
	NEEDED(run);
	NEEDED(table_exists);
	NEEDED(is_clean);
	if (driver->send != NULL) {
		NEEDED(collect);
		NEEDED(answer);
	}
#undef NEEDED
	return NULL;
}

static dbw_status make_driver(
	const dbw_provider *provider, const char *said, dbw_driver *out, dbw_error *error)
{
	dbw_error reason = { .status = DBW_OK };
	dbw_status status = provider->driver(&dbw__provider_host, out, &reason);
	const char *missing;

	if (status == DBW_OUT_OF_MEMORY)
		return dbw__fail(error, status, "out of memory");
	if (status != DBW_OK)
		return dbw__fail(error, DBW_PROVIDER, "the provider %s cannot be used: %s", said,
			reason.message[0] != '\0' ? reason.message : dbw_status_text(status));
	if (out->abi != DBW_DRIVER_ABI || (unsigned)out->engine >= DBW_ENGINE_COUNT)
		return dbw__fail(error, DBW_PROVIDER,
			"the driver of the provider %s does not say its interface and one of the engines of dbwright",
			said);
	missing = missing_call(out);
	if (missing != NULL)
		return dbw__fail(
			error, DBW_PROVIDER, "the driver of the provider %s has no call `%s`", said, missing);
	out->name = provider->name;
	return DBW_OK;
}

static dbw_status find_registered(
	const dbw__outside_providers *outside, const char *name, const dbw_provider **out, dbw_error *error)
{
	char storage[256];
	dbw_text_buffer known;

	dbw_text_init(&known, storage, sizeof storage);
	for (size_t i = 0; i < outside->registered_count; i++) {
		const dbw_provider *each = outside->registered[i];

		/* What another interface calls a name may be anything. */
		if (each == NULL || check_provider(each, "", NULL) != DBW_OK)
			continue;
		if (strcmp(each->name, name) == 0) {
			dbw_text_clear(&known);
			*out = each;
			return DBW_OK;
		}
		dbw_text_printf(&known, "%s%s", known.length == 0 ? "" : ", ", each->name);
	}
	dbw__fail(error, DBW_PROVIDER, "the program registers no provider \"%s\" (providers)%s%s", name,
		known.length == 0 ? "" : "; it registers ", known.data);
	/* One that is there and does not fit says why. */
	for (size_t i = 0; i < outside->registered_count && known.length == 0; i++)
		if (outside->registered[i] != NULL)
			check_provider(outside->registered[i], name, error);
	dbw_text_clear(&known);
	return DBW_PROVIDER;
}

/* The provider itself; what was loaded for it is in *loading. */
static dbw_status find(const dbw__outside_providers *outside, const dbw__resolved *resolved,
	struct dbw__provider_loading *loading, const dbw_provider **out, dbw_error *error)
{
	dbw_status status;

	if (resolved->library == NULL)
		return find_registered(outside, resolved->symbol, out, error);
	if (outside->load == NULL)
		return dbw__fail(error, DBW_PROVIDER,
			"the library %s is not loaded: the program does not allow it (load_provider)",
			resolved->library);
	*loading = (struct dbw__provider_loading){ .library = resolved->library,
		.symbol = resolved->symbol,
		.folders = outside->folders,
		.folder_count = outside->folder_count,
		.setting = outside->setting };
	status = outside->load(loading, error);
	if (status == DBW_OK)
		status = check_provider(loading->provider, resolved->provider, error);
	*out = loading->provider;
	return status;
}

static void unload(const struct dbw__provider_loading *loading)
{
	if (loading->handle != NULL)
		loading->unload(loading->handle);
}

static struct dbw__engagement *find_engaged(
	const dbw__outside_providers *outside, const dbw_provider *provider)
{
	struct dbw__engagement *each = outside->engaged;

	while (each != NULL && each->provider != provider)
		each = each->next;
	return each;
}

static dbw_status engage(dbw__outside_providers *outside, const dbw_provider *provider, const char *said,
	const struct dbw__provider_loading *loading, struct dbw__engagement **out, dbw_error *error)
{
	struct dbw__engagement *made = calloc(1, sizeof *made);
	dbw_status status = DBW_OK;

	if (made == NULL)
		return dbw__fail(error, DBW_OUT_OF_MEMORY, "out of memory");
	made->provider = provider;
	if (provider->driver != NULL)
		status = make_driver(provider, said, &made->driver, error);
	if (status != DBW_OK) {
		free(made);
		return status;
	}
	made->handle = loading->handle;
	made->unload = loading->unload;
	made->next = outside->engaged;
	outside->engaged = made;
	*out = made;
	return DBW_OK;
}

static dbw__used_provider describe(const struct dbw__engagement *engaged)
{
	const dbw_provider *provider = engaged->provider;

	return (dbw__used_provider){ provider->name,
		provider->title != NULL ? provider->title : provider->name,
		provider->driver != NULL ? &engaged->driver : NULL, provider->store };
}

static dbw_status use_outside(dbw__outside_providers *outside, const dbw__resolved *resolved,
	dbw__used_provider *out, dbw_error *error)
{
	struct dbw__provider_loading loading = { .handle = NULL };
	const dbw_provider *provider = NULL;
	struct dbw__engagement *engaged = NULL;
	dbw_status status = find(outside, resolved, &loading, &provider, error);

	if (status == DBW_OK) {
		engaged = find_engaged(outside, provider);
		/* The engagement holds the library, and once is enough. */
		if (engaged != NULL)
			unload(&loading);
		else
			status = engage(outside, provider, resolved->provider, &loading, &engaged, error);
	}
	if (status != DBW_OK) {
		unload(&loading);
		return status;
	}
	*out = describe(engaged);
	return DBW_OK;
}

dbw_status dbw__provider_use(dbw__outside_providers *outside, const dbw__resolved *resolved,
	dbw__used_provider *out, dbw_error *error)
{
	const dbw__provider *bundled;

	*out = (dbw__used_provider){ .name = NULL };
	if (resolved->symbol != NULL)
		return use_outside(outside, resolved, out, error);
	bundled = dbw__provider_find(resolved->provider);
	if (bundled->driver == NULL)
		return dbw__fail(error, DBW_PROVIDER, "%s", bundled->absent);
	*out = (dbw__used_provider){ bundled->name, bundled->title, bundled->driver, NULL };
	return DBW_OK;
}

void dbw__outside_end(dbw__outside_providers *outside, bool forked)
{
	while (outside->engaged != NULL) {
		struct dbw__engagement *engaged = outside->engaged;

		outside->engaged = engaged->next;
		if (engaged->handle != NULL && !forked)
			engaged->unload(engaged->handle);
		free(engaged);
	}
}

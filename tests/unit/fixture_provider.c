/*
 * Providers for tests of loading them, good ones and one of each mistake. A library of its own; with
 * FIXTURE_UNDEFINED one that cannot be loaded.
 */
#include <dbwright/provider.h>

#include <string.h>

#ifdef FIXTURE_UNDEFINED
dbw_status fixture_defined_nowhere(void);
#endif

#define PROVIDER(name) DBW_API extern const dbw_provider name

PROVIDER(good);
PROVIDER(other_abi);
PROVIDER(other_model_abi);
PROVIDER(other_size);
PROVIDER(nameless);
PROVIDER(neither);
PROVIDER(failing);
PROVIDER(silent);
PROVIDER(without_commit);
PROVIDER(without_engine);
PROVIDER(store_without_close);
PROVIDER(box);

/* How often a connection was opened, and the value of its option `mark`. */
DBW_API extern int opened;
DBW_API extern char mark[16];
int opened;
char mark[16];

/* Keeps `mark` to itself and hands the rest on. */
static dbw_address without_mark(const dbw_address *address, dbw_setting rest[16])
{
	dbw_address out = *address;

	out.settings = rest;
	out.setting_count = 0;
	for (size_t i = 0; i < address->setting_count && out.setting_count < 16; i++) {
		if (strcmp(address->settings[i].key, "mark") == 0)
			strncpy(mark, address->settings[i].value, sizeof mark - 1);
		else
			rest[out.setting_count++] = address->settings[i];
	}
	return out;
}

static dbw_status check(const dbw_address *address, dbw_error *error)
{
	dbw_setting rest[16];
	const dbw_address inner = without_mark(address, rest);

	return address->host->sqlite->check(&inner, error);
}

static dbw_status open_connection(const dbw_address *address, dbw_connection **out, dbw_error *error)
{
	dbw_setting rest[16];
	const dbw_address inner = without_mark(address, rest);

	opened++;
	return address->host->sqlite->open(&inner, out, error);
}

static dbw_status make(const dbw_provider_host *host, dbw_driver *out, dbw_error *error)
{
	(void)error;
#ifdef FIXTURE_UNDEFINED
	if (fixture_defined_nowhere() != DBW_OK)
		return DBW_PROVIDER;
#endif
	*out = *host->sqlite;
	out->check = check;
	out->open = open_connection;
	return DBW_OK;
}

static dbw_status fail(const dbw_provider_host *host, dbw_driver *out, dbw_error *error)
{
	(void)out;
	return host->set_error(error, DBW_CONNECTION, "the %s is empty", "tank");
}

static dbw_status fail_silently(const dbw_provider_host *host, dbw_driver *out, dbw_error *error)
{
	(void)host;
	(void)out;
	(void)error;
	return DBW_UNSUPPORTED;
}

static dbw_status make_without_commit(const dbw_provider_host *host, dbw_driver *out, dbw_error *error)
{
	dbw_status status = make(host, out, error);

	out->commit = NULL;
	return status;
}

static dbw_status make_without_engine(const dbw_provider_host *host, dbw_driver *out, dbw_error *error)
{
	dbw_status status = make(host, out, error);

	out->engine = (dbw_engine)DBW_ENGINE_COUNT;
	return status;
}

static dbw_status open_box(const dbw_address *address, void **out, dbw_error *error)
{
	*out = &opened;
	return strcmp(address->location, "box:broken") == 0
		       ? address->host->set_error(error, DBW_CONNECTION, "it is broken")
		       : DBW_OK;
}

static dbw_status close_box(void *store, dbw_error *error)
{
	(void)store;
	(void)error;
	return DBW_OK;
}

static const dbw_store box_store = { .open = open_box, .close = close_box, .reset = close_box };
static const dbw_store open_store = { .open = open_box };

const dbw_provider good = { DBW_PROVIDER_HEAD, .name = "good", .title = "Good SQLite", .driver = make };
const dbw_provider other_abi = { .abi = DBW_DRIVER_ABI + 1 };
const dbw_provider other_model_abi = { .abi = DBW_DRIVER_ABI, .model_abi = DBW_ABI + 1 };
const dbw_provider other_size = { .abi = DBW_DRIVER_ABI, .model_abi = DBW_ABI, .size = 8, .driver_size = 9 };
const dbw_provider nameless = { DBW_PROVIDER_HEAD, .name = "no name", .driver = make };
const dbw_provider neither = { DBW_PROVIDER_HEAD, .name = "neither" };
const dbw_provider failing = { DBW_PROVIDER_HEAD, .name = "failing", .driver = fail };
const dbw_provider silent = { DBW_PROVIDER_HEAD, .name = "silent", .driver = fail_silently };
const dbw_provider without_commit = { DBW_PROVIDER_HEAD, .name = "w", .driver = make_without_commit };
const dbw_provider without_engine = { DBW_PROVIDER_HEAD, .name = "w", .driver = make_without_engine };
const dbw_provider store_without_close = { DBW_PROVIDER_HEAD, .name = "w", .store = &open_store };
const dbw_provider box = { DBW_PROVIDER_HEAD, .name = "box", .store = &box_store };

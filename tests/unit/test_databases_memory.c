/* Every allocation of configuring databases fails in turn. */
#include "../memory/allocations.h"
#include "fixture_session.h"

#include <dbwright/config.h>
#include <dbwright/provider.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static void write_file(const char *folder, const char *name, const char *text)
{
	char path[100];
	FILE *file;

	snprintf(path, sizeof path, "%s/%s", folder, name);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static const dbw_setting mine_settings[] = { { "user", "ada" }, { "options.x", "${X:-y}" },
	{ "pool_size", "2" } };
static const dbw_entry mine[] = {
	{ .name = "auth", .settings = mine_settings + 2, .setting_count = 1 },
	{ .name = "far", .schema = "auth", .settings = mine_settings, .setting_count = 2 },
	{ .name = "memory", .provider = "program:own" },
	{ .name = "shelf", .provider = "program:shelf", .connection_string = "${SHELF:-shelf:here}" },
};

static dbw_status make_own(const dbw_provider_host *host, dbw_driver *out, dbw_error *error)
{
	(void)error;
	*out = *host->sqlite;
	return DBW_OK;
}

static const dbw_provider own = { DBW_PROVIDER_HEAD, .name = "own", .driver = make_own };

static dbw_status open_shelf(const dbw_address *address, void **out, dbw_error *error)
{
	*out = malloc(1);
	return *out != NULL ? DBW_OK : address->host->set_error(error, DBW_OUT_OF_MEMORY, "out of memory");
}

static dbw_status close_shelf(void *store, dbw_error *error)
{
	(void)error;
	free(store);
	return DBW_OK;
}

static const dbw_store shelf_store = { .open = open_shelf, .close = close_shelf };
static const dbw_provider shelf = { DBW_PROVIDER_HEAD, .name = "shelf", .store = &shelf_store };
static const dbw_provider *const providers[] = { &own, &shelf };
static const char *const provider_folders[] = { "plugins", "/usr/lib" };

static const char *const without_far[] = { "auth", "more", "memory", "shelf" };
static const dbw_options options = { .entries = mine,
	.entry_count = 4,
	.providers = providers,
	.provider_count = 2,
	.load_provider = dbw_load_provider,
	.provider_folders = provider_folders,
	.provider_folder_count = 2,
	.only = without_far,
	.only_count = 4,
	.file = "shop.yaml",
	.reader = dbw_config_reader };

static void count_close(void *argument)
{
	++*(int *)argument;
}

/* DBW_OK, or the first failure. */
static dbw_status use(void)
{
	static const dbw_entry more = { .name = "x",
		.schema = "auth",
		.path = "a$b.db",
		.pool_size = 3,
		.depends_on = "auth:more, memory" };
	int closes = 0;
	static const dbw__member members[] = { { "auth", &auth__schema, 0 },
		{ NULL, &auth__schema, sizeof(dbw_database) } };
	dbw_databases *databases;
	dbw_database_list list;
	dbw_database handles[2];
	dbw_session_options reading = { .purpose = "read" };
	dbw_session session;
	dbw_pool_statistics pool;
	dbw_error error;
	dbw_status status = dbw_databases_open(&databases, &fixture_program, &options, &error);

	if (status != DBW_OK) {
		assert_null(databases);
		return status;
	}
	status = dbw_databases_health(databases, "shelf", &error);
	if (status == DBW_OK)
		status = dbw_databases_health(databases, "auth", &error);
	if (status == DBW_OK)
		status = dbw_databases_add(databases, &more, &error);
	assert_int_equal(dbw_databases_have(databases, "x"), status == DBW_OK);
	if (status == DBW_OK)
		status = dbw_databases_list(databases, &list, &error);
	if (status == DBW_OK) {
		assert_int_equal(list.count, 5);
		assert_string_equal(list.items[0].settings[0].value, "2");
		dbw_database_list_free(&list);
		status = dbw_databases_remove(databases, "x", &error);
	}
	/* In the memory of the one that is gone. */
	if (status == DBW_OK)
		status = dbw_databases_add(databases, &more, &error);
	if (status == DBW_OK)
		status = dbw__databases_fill(databases, members, 2, handles, sizeof handles, &error);
	if (status == DBW_OK) {
		assert_ptr_equal(handles[0].slot, handles[1].slot);
		status = dbw__begin_on(handles[0], &auth__schema, &reading, false, &session, &error);
	}
	if (status == DBW_OK)
		status = dbw__end(session);
	if (status == DBW_OK)
		status = dbw_databases_on_close(databases, count_close, &closes, &error);
	if (status == DBW_OK)
		status = dbw_databases_maintain(databases, &error);
	if (status == DBW_OK)
		status = dbw_databases_statistics(databases, "auth", &pool, &error);
	if (status == DBW_OK) {
		assert_int_equal(pool.idle, 2);
		assert_int_equal(dbw_databases_drain(databases, 0, &error), DBW_OK);
	}
	assert_int_equal(dbw_databases_close(databases, NULL), DBW_OK);
	assert_true(closes == 1 || status != DBW_OK);
	return status;
}

static void configuration__fails_at_every_allocation(void **state)
{
	static const char *const files[] = { "a long name of a file.db", "more.db", "more.db-wal",
		"more.db-shm" };
	char folder[] = "/tmp/dbwright-test-XXXXXX", path[100];

	(void)state;
	assert_non_null(mkdtemp(folder));
	setenv("DBWRIGHT_ROOT", folder, 1);
	setenv("DBWRIGHT_ENV", "test", 1);
	write_file(folder, "shop.yaml",
		"defaults: {busy_timeout_ms: '${WAIT}'}\n"
		"databases:\n"
		"  auth: {connection_string: 'sqlite:${NAME:-auth}.db', pool: {max_overflow: 1, min_idle: 2}}\n"
		"  more: {schema: auth, extends: auth, settings: {path: more.db}}\n"
		"profiles: {test: {databases: {auth: {journal_mode: delete}}}}\n");
	write_file(folder, ".env", "WAIT=5\nNAME='a long name of a file'\n");
	for (int on = 0; on < 2; on++) {
		bool enough = false;

		for (size_t number = 1; !enough; number++) {
			dbw_status status;

			allocations_fail(number, on == 1);
			status = use();
			enough = !allocations_recover();
			if (status != (enough ? DBW_OK : DBW_OUT_OF_MEMORY))
				fail_msg("allocation %zu: %s", number, dbw_status_name(status));
		}
	}
	snprintf(path, sizeof path, "%s/shop.yaml", folder);
	unlink(path);
	snprintf(path, sizeof path, "%s/.env", folder);
	unlink(path);
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		snprintf(path, sizeof path, "%s/%s", folder, files[i]);
		unlink(path);
	}
	rmdir(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(configuration__fails_at_every_allocation) };

	return cmocka_run_group_tests_name("databases_memory", tests, NULL, NULL);
}

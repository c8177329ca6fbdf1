/* Providers from outside: what is loaded, what is refused and why, and that what is there is used like a bundled one. */
#include "fixture_session.h"

#include <dbwright/provider.h>

#include <dlfcn.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

/* Folders, absolute: `allowed` has the libraries, and `other` has them, too. */
static char root[64];
static const char *folders[1];
static char allowed[80], other[80];
static dbw_databases *databases;
static dbw_error error;

static void copy_file(const char *from, const char *folder, const char *name)
{
	char path[200], bytes[4096];
	FILE *in = fopen(from, "rb"), *out;
	size_t count;

	snprintf(path, sizeof path, "%s/%s", folder, name);
	out = fopen(path, "wb");
	assert_non_null(in);
	assert_non_null(out);
	while ((count = fread(bytes, 1, sizeof bytes, in)) > 0)
		assert_int_equal(fwrite(bytes, 1, count, out), count);
	fclose(in);
	assert_int_equal(fclose(out), 0);
	assert_int_equal(chmod(path, 0755), 0);
}

static int make_folders(void **state)
{
	(void)state;
	strcpy(root, "/tmp/dbwright-test-XXXXXX");
	if (mkdtemp(root) == NULL || setenv("DBWRIGHT_ROOT", root, 1) != 0)
		return -1;
	snprintf(allowed, sizeof allowed, "%s/allowed", root);
	snprintf(other, sizeof other, "%s/other", root);
	if (mkdir(allowed, 0755) != 0 || mkdir(other, 0755) != 0)
		return -1;
	folders[0] = allowed;
	copy_file(FIXTURE_GOOD, allowed, "lib.so");
	copy_file(FIXTURE_GOOD, other, "lib.so");
	copy_file(FIXTURE_UNDEFINED, allowed, "undefined.so");
	return 0;
}

static int remove_folders(void **state)
{
	char command[100];

	(void)state;
	snprintf(command, sizeof command, "rm -rf %s", root);
	return system(command);
}

static dbw_options loading_with(const dbw_entry *entry)
{
	static const char *const only[] = { "x", "y" };

	return (dbw_options){ .entries = entry,
		.entry_count = 1,
		.only = only,
		.only_count = 1,
		.load_provider = dbw_load_provider,
		.provider_folders = folders,
		.provider_folder_count = 1 };
}

static dbw_status open_with(const dbw_options *options)
{
	return dbw_databases_open(&databases, &fixture_program, options, &error);
}

/* The entry `x`, of the schema auth, whose provider is as said. */
static dbw_entry entry_of(const char *provider)
{
	return (dbw_entry){
		.name = "x", .schema = "auth", .provider = provider, .connection_string = "sqlite::temp:"
	};
}

/* Opening fails, and the message holds the text. */
static void refused(const dbw_options *options, const char *text)
{
	assert_int_equal(open_with(options), DBW_PROVIDER);
	assert_null(databases);
	if (strstr(error.message, text) == NULL)
		fail_msg("\"%s\" does not say \"%s\"", error.message, text);
}

static void refused_provider(const char *provider, const char *text)
{
	const dbw_entry entry = entry_of(provider);
	const dbw_options options = loading_with(&entry);

	refused(&options, text);
}

static void close_all(void)
{
	assert_int_equal(dbw_databases_close(databases, &error), DBW_OK);
	databases = NULL;
}

static bool is_loaded(const char *name)
{
	char path[200];
	void *handle;

	snprintf(path, sizeof path, "%s/%s", allowed, name);
	handle = dlopen(path, RTLD_NOLOAD | RTLD_LAZY);
	if (handle != NULL)
		dlclose(handle);
	return handle != NULL;
}

/* An integer of the loaded library. */
static int *number_of(const char *symbol)
{
	char path[200];
	void *handle, *found;

	snprintf(path, sizeof path, "%s/lib.so", allowed);
	handle = dlopen(path, RTLD_NOLOAD | RTLD_LAZY);
	assert_non_null(handle);
	found = dlsym(handle, symbol);
	assert_non_null(found);
	dlclose(handle);
	return found;
}

static void use_session(const char *qualifier)
{
	const dbw_session_options options = { .purpose = "test", .qualifier = qualifier };
	auth_session s;
	int64_t count = 0;

	assert_int_equal(dbw__begin(databases, &auth__schema, &options, true, &s.any, &error), DBW_OK);
	assert_int_equal(fixture_create(s.any), DBW_OK);
	assert_int_equal(fixture_insert_user(s.any, "Ada", "ada@example.com", 1), DBW_OK);
	assert_int_equal(fixture_insert_user(s.any, "Ada", "ada@example.com", 1), DBW_CONFLICT);
	assert_int_equal(dbw__end(s.any), DBW_OK);
	assert_int_equal(dbw__begin(databases, &auth__schema, &options, true, &s.any, &error), DBW_OK);
	assert_int_equal(fixture_create(s.any), DBW_OK);
	assert_int_equal(fixture_count(s.any, "users", &count), DBW_OK);
	assert_int_equal(count, 0);
	assert_int_equal(dbw__commit(s.any), DBW_OK);
}

static void load__a_library_is_used_and_given_back(void **state)
{
	static const dbw_setting settings[] = { { "options.mark", "${DBW_MARK:-seen}" },
		{ "journal_mode", "wal" }, { "lock_timeout_ms", "7" }, { "options.secret_key", "geheim" } };
	static const char *const words[] = { "lib.so:good", "allowed/lib.so:good",
		"./allowed/../allowed/lib.so:good" };

	(void)state;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		dbw_entry entry = entry_of(words[i]);
		const dbw_options options = loading_with(&entry);
		dbw_database_list list;

		entry.settings = settings;
		entry.setting_count = 3;
		assert_false(is_loaded("lib.so"));
		if (open_with(&options) != DBW_OK)
			fail_msg("%s", error.message);
		assert_true(is_loaded("lib.so"));
		assert_int_equal(*number_of("opened"), 0);
		assert_string_equal((const char *)number_of("mark"), "seen");
		use_session(NULL);
		assert_int_equal(*number_of("opened"), 1);
		assert_int_equal(dbw_databases_list(databases, &list, &error), DBW_OK);
		assert_string_equal(list.items[0].provider, words[i]);
		/* The engine's own settings reach it, those of the other one do not. */
		for (size_t k = 0; k < list.items[0].setting_count; k++)
			if (strcmp(list.items[0].settings[k].key, "lock_timeout_ms") == 0)
				assert_false(list.items[0].settings[k].used);
			else
				assert_true(list.items[0].settings[k].used);
		dbw_database_list_free(&list);
		close_all();
		assert_false(is_loaded("lib.so"));
	}
	/* What it does not know it refuses, like any driver. The value is masked, and said by nobody. */
	dbw_entry entry = entry_of("lib.so:good");
	const dbw_options options = loading_with(&entry);

	entry.settings = settings;
	entry.setting_count = 4;
	assert_int_equal(open_with(&options), DBW_CONFIG);
	assert_non_null(strstr(error.message, "SQLite has no setting secret_key"));
	assert_null(strstr(error.message, "geheim"));
	assert_false(is_loaded("lib.so"));
}

static void load__one_library_serves_many_databases(void **state)
{
	const dbw_entry first = entry_of("lib.so:good");
	dbw_entry second = entry_of("allowed/lib.so:good");
	const dbw_options options = loading_with(&first);

	(void)state;
	second.name = "y";
	assert_int_equal(open_with(&options), DBW_OK);
	assert_int_equal(dbw_databases_add(databases, &second, &error), DBW_OK);
	use_session("y");
	assert_int_equal(dbw_databases_remove(databases, "y", &error), DBW_OK);
	use_session("x");
	assert_int_equal(*number_of("opened"), 2);
	close_all();
	assert_false(is_loaded("lib.so"));
}

static void load__only_from_allowed_folders(void **state)
{
	const dbw_entry entry = entry_of("lib.so:good");
	char link[120], target[120];
	dbw_options options = loading_with(&entry);

	(void)state;
	options.load_provider = NULL;
	refused(&options,
		"database \"x\": the library lib.so is not loaded: the program does not allow it (load_provider)");
	options = loading_with(&entry);
	options.provider_folder_count = 0;
	refused(&options,
		"the library lib.so is not loaded: no folder is allowed to load from (provider_folders)");
	refused_provider("other/lib.so:good",
		"/other/lib.so is not loaded: its folder is none of those that may be loaded from (provider_folders: /");
	refused_provider("allowed/../other/lib.so:good", "its folder is none of those");
	/* A folder of which the name begins alike. */
	snprintf(target, sizeof target, "%s/allowed2", root);
	assert_int_equal(mkdir(target, 0755), 0);
	copy_file(FIXTURE_GOOD, target, "lib.so");
	refused_provider("allowed2/lib.so:good", "its folder is none of those");
	/* A link in the folder that leads out of it ... */
	snprintf(link, sizeof link, "%s/link.so", allowed);
	snprintf(target, sizeof target, "%s/lib.so", other);
	assert_int_equal(symlink(target, link), 0);
	refused_provider("link.so:good", "its folder is none of those");
	refused_provider("allowed/link.so:good", "/other/lib.so is not loaded: its folder is none of those");
	unlink(link);
	/* ... and one from elsewhere into it. */
	snprintf(link, sizeof link, "%s/link.so", root);
	snprintf(target, sizeof target, "%s/lib.so", allowed);
	assert_int_equal(symlink(target, link), 0);
	refused_provider(
		"link.so:good", "there is no library link.so in the folders that may be loaded from");
	refused_provider(
		"./link.so:box", "database \"x\" is of schema \"auth\", and box (./link.so:box) is a store");
	unlink(link);
}

static void load__nothing_that_everybody_may_write(void **state)
{
	char path[120];

	(void)state;
	snprintf(path, sizeof path, "%s/lib.so", allowed);
	assert_int_equal(chmod(path, 0757), 0);
	refused_provider("lib.so:good", "everybody may write to /tmp/dbwright-test-");
	assert_int_equal(chmod(path, 0755), 0);
	assert_int_equal(chmod(allowed, 0777), 0);
	refused_provider("lib.so:good", "/allowed; chmod o-w");
	/* A folder in between. */
	assert_int_equal(chmod(allowed, 0755), 0);
	snprintf(path, sizeof path, "%s/deep", allowed);
	assert_int_equal(mkdir(path, 0755), 0);
	snprintf(path, sizeof path, "%s/deep/er", allowed);
	assert_int_equal(mkdir(path, 0755), 0);
	copy_file(FIXTURE_GOOD, path, "lib.so");
	const dbw_entry entry = entry_of("allowed/deep/er/lib.so:good");
	const dbw_options options = loading_with(&entry);

	assert_int_equal(open_with(&options), DBW_OK);
	close_all();
	snprintf(path, sizeof path, "%s/deep", allowed);
	assert_int_equal(chmod(path, 0777), 0);
	refused_provider("allowed/deep/er/lib.so:good", "allowed/deep");
}

static void load__each_failure_says_what_to_do(void **state)
{
	char path[120], text[120];
	FILE *file;

	(void)state;
	refused_provider("none.so:good", "database \"x\": there is no library none.so in the folders");
	refused_provider("allowed/none.so:good", "/allowed/none.so to load: No such file");
	snprintf(path, sizeof path, "%s/text.so", allowed);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs("no library", file);
	fclose(file);
	/* In the words of the dynamic linker. */
	refused_provider("text.so:good", "/allowed/text.so cannot be loaded: /");
	refused_provider("undefined.so:good", "fixture_defined_nowhere");
	refused_provider("lib.so:goood", "/lib.so has no symbol goood: a provider is a `const dbw_provider`");
	snprintf(text, sizeof text,
		"other_abi was compiled for interface %d, and this dbwright has interface %d: compile it again",
		DBW_DRIVER_ABI + 1, DBW_DRIVER_ABI);
	refused_provider("lib.so:other_abi", text);
	refused_provider("lib.so:other_model_abi", "compiled for descriptors");
	refused_provider("lib.so:other_size", "other sizes (8, 9)");
	refused_provider("lib.so:nameless", "has no name of letters");
	refused_provider("lib.so:neither", "either a factory of drivers or the calls of a store");
	refused_provider("lib.so:store_without_close", "has no call `close`");
	refused_provider("lib.so:failing", "lib.so:failing cannot be used: the tank is empty");
	refused_provider("lib.so:silent", "lib.so:silent cannot be used: not supported");
	refused_provider("lib.so:without_commit", "has no call `commit`");
	refused_provider("lib.so:without_engine", "one of the engines");
	refused_provider("lib.so:", "must have the name of a symbol behind its colon");
	refused_provider(":good", "must have a library before its colon");
	refused_provider("folder/:good", "not a folder");
	assert_false(is_loaded("lib.so"));
	assert_false(is_loaded("undefined.so"));
}

static dbw_status fail_to_make(const dbw_provider_host *host, dbw_driver *out, dbw_error *reason)
{
	(void)out;
	return host->set_error(reason, DBW_OUT_OF_MEMORY, "out of memory");
}

static dbw_status make_plain(const dbw_provider_host *host, dbw_driver *out, dbw_error *reason)
{
	(void)reason;
	*out = *host->sqlite;
	/* What a driver need not have. */
	memset((char *)out + offsetof(dbw_driver, fetch_rows), 0,
		sizeof *out - offsetof(dbw_driver, fetch_rows));
	out->may_write = NULL;
	return DBW_OK;
}

static void program__registers_its_own(void **state)
{
	static const dbw_provider plain = { DBW_PROVIDER_HEAD, .name = "plain", .driver = make_plain },
				  short_of_memory = { DBW_PROVIDER_HEAD, .name = "short",
					  .driver = fail_to_make },
				  old = { .abi = 1, .name = (const char *)1 };
	static const dbw_provider *const providers[] = { &old, NULL, &short_of_memory, &plain };
	dbw_entry entry = entry_of("program:plain");
	dbw_options options = loading_with(&entry);

	(void)state;
	options.load_provider = NULL;
	refused(&options, "the program registers no provider \"plain\" (providers)");
	options.providers = providers;
	options.provider_count = 1;
	refused(&options, "the provider plain was compiled for interface 1");
	options.provider_count = 3;
	refused(&options, "no provider \"plain\" (providers); it registers short");
	options.provider_count = 4;
	assert_int_equal(open_with(&options), DBW_OK);
	use_session(NULL);
	close_all();
	entry.provider = "program:short";
	assert_int_equal(open_with(&options), DBW_OUT_OF_MEMORY);
}

static void program__nearer_words_change_where_not_how(void **state)
{
	const dbw_entry plain = { .name = "x", .schema = "auth" };
	const dbw_options without = loading_with(&plain);
	char url[120];

	(void)state;
	/* The environment says how: the program has not said it. */
	setenv("DATABASES__X__PROVIDER", "lib.so:good", 1);
	setenv("DATABASES__X__PATH", "y.db", 1);
	assert_int_equal(open_with(&without), DBW_OK);
	assert_true(is_loaded("lib.so"));
	use_session(NULL);
	snprintf(url, sizeof url, "%s/y.db", root);
	assert_int_equal(access(url, F_OK), 0);
	close_all();
	unsetenv("DATABASES__X__PROVIDER");
	unsetenv("DATABASES__X__PATH");
}

/* A store of the program's own: what happens to it, in order. */
static char events[200];
static bool closes_badly;

static dbw_status shelf_check(const dbw_address *address, dbw_error *reason)
{
	if (address->setting_count == 0)
		return DBW_OK;
	return address->host->set_error(
		reason, DBW_CONFIG, "a shelf has no setting %s", address->settings[0].key);
}

static dbw_status shelf_open(const dbw_address *address, void **out, dbw_error *reason)
{
	if (strcmp(address->location, "shelf:broken") == 0)
		return address->host->set_error(reason, DBW_CONNECTION, "it is broken");
	strcat(events, address->location);
	*out = events;
	return DBW_OK;
}

/* The sessions of others need not wait until it is closed. */
static bool others_begin;

static void *begin_and_end(void *began)
{
	dbw_error own;
	auth_session s;

	*(bool *)began = auth_begin(databases, "another", &s, &own) == DBW_OK && dbw__end(s.any) == DBW_OK;
	return NULL;
}

/* Somebody who puts another one in the place of a store waits until it is closed. */
static bool is_replaced;
static pthread_t replacer;

static void *replace(void *argument)
{
	static const dbw_setting eagerly[] = { { "connect", "eager" } };
	const dbw_entry next = { .name = "cache",
		.provider = "program:shelf",
		.connection_string = "shelf:n",
		.settings = eagerly,
		.setting_count = 1 };
	dbw_error own;

	(void)argument;
	assert_int_equal(dbw_databases_add(databases, &next, &own), DBW_OK);
	return NULL;
}

static dbw_status shelf_close(void *store, dbw_error *reason)
{
	assert_ptr_equal(store, events);
	if (is_replaced) {
		is_replaced = false;
		assert_int_equal(pthread_create(&replacer, NULL, replace, NULL), 0);
		usleep(50000); /* Time to do it wrong. */
	}
	if (others_begin) {
		pthread_t thread;
		bool began = false;

		assert_int_equal(pthread_create(&thread, NULL, begin_and_end, &began), 0);
		assert_int_equal(pthread_join(thread, NULL), 0);
		assert_true(began);
	}
	strcat(events, " -shelf");
	if (closes_badly)
		return dbw__fail(reason, DBW_ENGINE, "it is stuck");
	return DBW_OK;
}

static dbw_status shelf_health(void *store, dbw_error *reason)
{
	(void)reason;
	strcat(store, " ?");
	/* Without a word. */
	return strstr(store, "ill") == NULL ? DBW_OK : DBW_BUSY;
}

static dbw_status shelf_reset(void *store, dbw_error *reason)
{
	(void)reason;
	strcat(store, " 0");
	return DBW_OK;
}

static const dbw_store shelf_store = { .check = shelf_check,
	.open = shelf_open,
	.close = shelf_close,
	.health = shelf_health,
	.reset = shelf_reset };
static const dbw_store bare_store = { .open = shelf_open, .close = shelf_close };
static const dbw_provider shelf = { DBW_PROVIDER_HEAD, .name = "shelf", .store = &shelf_store },
			  bare = { DBW_PROVIDER_HEAD, .name = "bare", .store = &bare_store };
static const dbw_provider *const shelves[] = { &shelf, &bare };

static void before_close(const dbw_connected *connected, void *argument)
{
	(void)argument;
	strcat(events, " -");
	strcat(events, connected->database);
}

static const dbw_entry shelf_entries[] = {
	{ .name = "cache", .provider = "program:shelf", .connection_string = "shelf:a" },
	{ .name = "x", .schema = "auth", .connection_string = "sqlite::memory:" },
	{ .name = "late", .provider = "program:bare", .connection_string = "shelf:b" },
};

/* Opens the first `count` entries. */
static dbw_status open_shelves(const dbw_entry *entries, size_t count, dbw_connect connect)
{
	static const char *const only[] = { "x", "cache", "late" };
	const dbw_options options = { .entries = entries,
		.entry_count = count,
		.only = only,
		.only_count = count,
		.providers = shelves,
		.provider_count = 2,
		.connect = connect,
		.before_close = before_close };

	events[0] = '\0';
	closes_badly = false;
	return open_with(&options);
}

static void store__is_one_of_the_databases(void **state)
{
	dbw_pool_statistics pool;
	dbw_database_list list;
	void *handle = state;
	auth_session s;

	(void)state;
	assert_int_equal(open_shelves(shelf_entries, 3, DBW_CONNECT_EAGER), DBW_OK);
	assert_string_equal(events, "shelf:ashelf:b");
	assert_true(dbw_databases_have(databases, "cache"));
	assert_int_equal(dbw_databases_list(databases, &list, &error), DBW_OK);
	assert_int_equal(list.count, 3);
	for (size_t i = 0; i < list.count; i++) {
		if (strcmp(list.items[i].name, "cache") != 0)
			continue;
		assert_null(list.items[i].schema);
		assert_string_equal(list.items[i].provider, "program:shelf");
		assert_string_equal(list.items[i].url, "***");
		assert_int_equal(list.items[i].pool_size, 0);
	}
	dbw_database_list_free(&list);
	assert_int_equal(dbw_databases_store(databases, "cache", "shelf", &handle, &error), DBW_OK);
	assert_ptr_equal(handle, events);
	/* Of another type. */
	assert_int_equal(dbw_databases_store(databases, "cache", "bare", &handle, &error), DBW_MISUSE);
	assert_null(handle);
	assert_string_equal(error.message, "database \"cache\" is of the provider shelf, not bare");
	assert_int_equal(dbw_databases_store(databases, "cache", NULL, &handle, &error), DBW_MISUSE);
	assert_int_equal(dbw_databases_store(databases, "x", "sqlite", &handle, &error), DBW_MISUSE);
	assert_int_equal(dbw_databases_store(databases, "none", "shelf", &handle, &error), DBW_NOT_FOUND);
	assert_int_equal(dbw_databases_store(NULL, "cache", "shelf", &handle, &error), DBW_MISUSE);
	assert_int_equal(dbw_databases_health(databases, "cache", &error), DBW_OK);
	assert_int_equal(dbw_databases_health(databases, "late", &error), DBW_OK);
	assert_int_equal(dbw_databases_health(databases, "x", &error), DBW_OK);
	assert_int_equal(dbw_databases_health(databases, "none", NULL), DBW_NOT_FOUND);
	assert_int_equal(dbw_databases_reset_store(databases, "cache", &error), DBW_OK);
	assert_int_equal(dbw_databases_reset_store(databases, "late", &error), DBW_UNSUPPORTED);
	assert_int_equal(dbw_databases_reset_store(databases, "x", &error), DBW_MISUSE);
	assert_int_equal(dbw_databases_statistics(databases, "cache", &pool, &error), DBW_UNSUPPORTED);
	assert_int_equal(dbw_databases_maintain(databases, &error), DBW_OK);
	assert_string_equal(events, "shelf:ashelf:b ? 0");
	strcat(events, " ill");
	assert_int_equal(dbw_databases_health(databases, "cache", &error), DBW_BUSY);
	assert_string_equal(error.message, "database \"cache\": the database is busy");
	/* It is nobody's schema: a session is of the database. */
	assert_int_equal(auth_begin(databases, "test", &s, &error), DBW_OK);
	assert_int_equal(dbw__end(s.any), DBW_OK);
	events[0] = '\0';
	close_all();
	/* What was opened last is closed first. */
	assert_string_equal(events, " -shelf -x -shelf");
}

static void store__is_opened_when_it_is_used(void **state)
{
	static const dbw_setting after[] = { { "depends_on", "x" }, { "connect", "eager" } };
	const dbw_entry eager = { .name = "late",
		.provider = "program:shelf",
		.connection_string = "shelf:c",
		.settings = after,
		.setting_count = 2 };
	void *handle;

	(void)state;
	assert_int_equal(open_shelves(shelf_entries, 2, DBW_CONNECT_AS_DECLARED), DBW_OK);
	assert_string_equal(events, "");
	assert_int_equal(dbw_databases_add(databases, &eager, &error), DBW_OK);
	assert_string_equal(events, "shelf:c");
	for (int turn = 0; turn < 2; turn++)
		assert_int_equal(dbw_databases_store(databases, "cache", "shelf", &handle, &error), DBW_OK);
	assert_string_equal(events, "shelf:cshelf:a");
	assert_int_equal(dbw_databases_health(databases, "x", &error), DBW_OK);
	others_begin = true;
	alarm(60); /* Else they wait for each other for ever. */
	assert_int_equal(dbw_databases_remove(databases, "cache", &error), DBW_OK);
	alarm(0);
	others_begin = false;
	assert_string_equal(events, "shelf:cshelf:a -shelf");
	assert_int_equal(dbw_databases_store(databases, "cache", "shelf", &handle, &error), DBW_NOT_FOUND);
	events[0] = '\0';
	is_replaced = true;
	assert_int_equal(dbw_databases_remove(databases, "late", &error), DBW_OK);
	assert_int_equal(pthread_join(replacer, NULL), 0);
	assert_string_equal(events, " -shelfshelf:n");
	assert_int_equal(dbw_databases_remove(databases, "cache", &error), DBW_OK);
	assert_int_equal(dbw_databases_add(databases, &eager, &error), DBW_OK);
	events[0] = '\0';
	closes_badly = true;
	/* Who depends on another is closed before it, whenever it was opened; a failure is told, and nothing is left. */
	assert_int_equal(dbw_databases_close(databases, &error), DBW_ENGINE);
	assert_string_equal(error.message, "database \"late\": it is stuck");
	assert_string_equal(events, " -shelf -x");
}

static void store__of_another_kind_is_refused(void **state)
{
	static const dbw_setting some[] = { { "options.color", "geheim" } };
	const dbw_entry wrong_kind = { .name = "x", .schema = "auth", .provider = "program:shelf" };
	const dbw_entry wrong_setting = {
		.name = "x", .provider = "program:shelf", .settings = some, .setting_count = 1
	};
	const dbw_entry broken = {
		.name = "x", .provider = "program:shelf", .connection_string = "shelf:broken"
	};
	dbw_entry no_schema = entry_of("lib.so:good");
	dbw_options options = loading_with(&no_schema);
	void *handle;

	(void)state;
	assert_int_equal(open_shelves(&wrong_kind, 1, DBW_CONNECT_AS_DECLARED), DBW_PROVIDER);
	assert_string_equal(error.message,
		"set by the program: database \"x\" is of schema \"auth\", and shelf (program:shelf) is a store, not a"
		" database with SQL");
	assert_int_equal(open_shelves(&wrong_setting, 1, DBW_CONNECT_AS_DECLARED), DBW_CONFIG);
	assert_string_equal(
		error.message, "set by the program: database \"x\": a shelf has no setting color");
	no_schema.schema = NULL;
	assert_int_equal(open_with(&options), DBW_CONFIG);
	assert_non_null(strstr(
		error.message, "Good SQLite is a database with SQL, and the program has no schema \"x\""));
	/* Whoever is eager hears of it at once; others when they ask. */
	assert_int_equal(open_shelves(&broken, 1, DBW_CONNECT_EAGER), DBW_CONNECTION);
	assert_string_equal(error.message, "database \"x\": it is broken");
	assert_int_equal(open_shelves(&broken, 1, DBW_CONNECT_AS_DECLARED), DBW_OK);
	assert_int_equal(dbw_databases_store(databases, "x", "shelf", &handle, &error), DBW_CONNECTION);
	assert_null(handle);
	assert_int_equal(dbw_databases_health(databases, "x", &error), DBW_CONNECTION);
	close_all();
	assert_string_equal(events, "");
}

static void store__stays_the_parents(void **state)
{
	const dbw_entry entry = entry_of("lib.so:good");
	dbw_options options = loading_with(&entry);
	void *handle;
	int status;
	pid_t child;

	(void)state;
	assert_int_equal(open_shelves(shelf_entries, 3, DBW_CONNECT_EAGER), DBW_OK);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		const bool good =
			dbw_databases_store(databases, "cache", "shelf", &handle, NULL) == DBW_FORKED &&
			dbw_databases_health(databases, "x", NULL) == DBW_FORKED &&
			dbw_databases_close(databases, NULL) == DBW_OK &&
			strcmp(events, "shelf:ashelf:b") == 0;

		_exit(good ? 0 : 1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	close_all();
	/* A library, too. */
	assert_int_equal(open_with(&options), DBW_OK);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		const bool good = dbw_databases_close(databases, NULL) == DBW_OK && is_loaded("lib.so");

		_exit(good ? 0 : 1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	close_all();
	assert_false(is_loaded("lib.so"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(load__a_library_is_used_and_given_back),
		cmocka_unit_test(load__one_library_serves_many_databases),
		cmocka_unit_test(load__only_from_allowed_folders),
		cmocka_unit_test(load__nothing_that_everybody_may_write),
		cmocka_unit_test(load__each_failure_says_what_to_do),
		cmocka_unit_test(program__registers_its_own),
		cmocka_unit_test(program__nearer_words_change_where_not_how),
		cmocka_unit_test(store__is_one_of_the_databases),
		cmocka_unit_test(store__is_opened_when_it_is_used),
		cmocka_unit_test(store__of_another_kind_is_refused),
		cmocka_unit_test(store__stays_the_parents),
	};

	return cmocka_run_group_tests_name("providers", tests, make_folders, remove_folders);
}

/* The program's databases as one struct: filled in one call, or by a test, and sessions that begin on its members. */
#include "opened.h"

#include <programs_databases.h>
#include <stdlib.h>
#include <unistd.h>

/* What a part of a program looks like that is handed its databases. */
struct shop {
	programs_databases databases;
};

static dbw_status sign_up(const struct shop *shop, const char *name, const char *email, dbw_error *error)
{
	store_session s;
	user row = new_user(name, email);
	dbw_status status = store_begin_on(shop->databases.store, "sign up", &s, error);

	if (status != DBW_OK)
		return status;
	status = user_insert(s, &row);
	if (status == DBW_OK)
		status = store_commit(s);
	store_end(s);
	return status;
}

static int64_t count_users(store_database on)
{
	store_reader r;
	int64_t count;
	dbw_error error;

	if (store_read_begin_on(on, "count", &r, &error) != DBW_OK)
		fail_msg("%s", error.message);
	assert_ok(user_count(r, NULL, &count), r);
	store_read_end(r);
	return count;
}

static void container__is_filled_in_one_call(void **state)
{
	struct shop shop;
	dbw_error error;
	billing_reader r;
	int64_t count;

	assert_int_equal(programs_databases_of(*state, &shop.databases, &error), DBW_OK);
	assert_int_equal(sign_up(&shop, "Ada", "ada@example.com", &error), DBW_OK);
	assert_int_equal(count_users(shop.databases.store), 1);
	/* What `only` leaves out is empty. */
	assert_null(shop.databases.tenant_eu.any.slot);
	assert_int_equal(billing_read_begin_on(shop.databases.tenant_eu, "look", &r, &error), DBW_MISUSE);
	assert_string_equal(error.message, "no database of schema \"billing\" is given: the handle is empty");
	assert_int_equal(billing_read_begin_on(shop.databases.billing, "look", &r, &error), DBW_OK);
	assert_ok(billing_user_count(r, NULL, &count), r);
	assert_int_equal(count, 0);
	billing_read_end(r);
}

static dbw_databases *open_memory(void)
{
	static const char *const used[] = { "store" };
	static const dbw_entry entry = { .name = "store", .connection_string = "sqlite::memory:" };
	const dbw_options options = {
		.entries = &entry, .entry_count = 1, .only = used, .only_count = 1, .dotenv = ""
	};
	dbw_databases *databases;
	dbw_error error;

	if (dbw_databases_open(&databases, &programs_program, &options, &error) != DBW_OK)
		fail_msg("%s", error.message);
	return databases;
}

static void container__a_test_fills_it_with_one_database_in_memory(void **state)
{
	dbw_databases *memory = open_memory();
	struct shop real, shop;
	store_session s;
	dbw_error error;

	memset(&shop, 0, sizeof shop);
	assert_int_equal(store_database_of(memory, NULL, &shop.databases.store, &error), DBW_OK);
	assert_int_equal(store_begin_on(shop.databases.store, "make tables", &s, &error), DBW_OK);
	assert_ok(store_create_tables(s), s);
	assert_ok(store_commit(s), s);
	assert_int_equal(sign_up(&shop, "Ada", "ada@example.com", &error), DBW_OK);
	assert_int_equal(sign_up(&shop, "Ada", "ada@example.com", &error), DBW_CONFLICT);
	assert_int_equal(count_users(shop.databases.store), 1);
	/* The same program on its own databases has not seen any of it. */
	assert_int_equal(programs_databases_of(*state, &real.databases, &error), DBW_OK);
	assert_int_equal(count_users(real.databases.store), 0);
	assert_int_equal(dbw_databases_close(memory, &error), DBW_OK);
}

static void container__qualified_instances_are_members(void **state)
{
	char folder[] = "/tmp/dbwright-test-XXXXXX", path[64];
	dbw_databases *databases;
	programs_databases shop;
	billing_database eu;
	billing_session s;
	dbw_error error;

	(void)state;
	assert_non_null(mkdtemp(folder));
	setenv("TENANT_FOLDER", folder, 1);
	assert_int_equal(dbw_databases_open(&databases, &programs_program, NULL, &error), DBW_OK);
	assert_int_equal(programs_databases_of(databases, &shop, &error), DBW_OK);
	assert_int_equal(billing_database_of(databases, "eu", &eu, &error), DBW_OK);
	assert_ptr_equal(eu.any.slot, shop.tenant_eu.any.slot);
	assert_ptr_not_equal(shop.billing.any.slot, shop.tenant_eu.any.slot);
	assert_int_equal(billing_begin_on(shop.tenant_eu, "make tables", &s, &error), DBW_OK);
	assert_ok(billing_create_tables(s), s);
	assert_ok(billing_commit(s), s);
	assert_int_equal(billing_database_of(databases, "us", &eu, &error), DBW_CONFIG);
	assert_string_equal(error.message,
		"schema \"billing\" has no database with the qualifier \"us\"; there is \"billing\", \"eu\"");
	assert_null(eu.any.slot);
	assert_int_equal(dbw_databases_close(databases, &error), DBW_OK);
	snprintf(path, sizeof path, "%s/eu.db", folder);
	assert_int_equal(remove(path), 0);
	assert_int_equal(remove(folder), 0);
	unsetenv("TENANT_FOLDER");
}

static void container__a_database_that_was_taken_away_has_ended(void **state)
{
	static const dbw_entry again = { .name = "store", .connection_string = "sqlite::memory:" };
	dbw_databases *databases = open_memory();
	programs_databases shop, new;
	store_session s;
	dbw_error error;

	(void)state;
	assert_int_equal(programs_databases_of(databases, &shop, &error), DBW_OK);
	assert_int_equal(store_begin_on(shop.store, "hold", &s, &error), DBW_OK);
	assert_int_equal(dbw_databases_remove(databases, "store", &error), DBW_BUSY);
	assert_int_equal(store_end(s), DBW_OK);
	assert_int_equal(dbw_databases_remove(databases, "store", &error), DBW_OK);
	assert_int_equal(store_begin_on(shop.store, "late", &s, &error), DBW_ENDED);
	assert_string_equal(error.message, "the database of schema \"store\" was taken away");
	assert_int_equal(programs_databases_of(databases, &new, &error), DBW_OK);
	assert_null(new.store.any.slot);
	/* The next one is not taken for it. */
	assert_int_equal(dbw_databases_add(databases, &again, &error), DBW_OK);
	assert_int_equal(store_begin_on(shop.store, "late", &s, &error), DBW_ENDED);
	assert_int_equal(programs_databases_of(databases, &new, &error), DBW_OK);
	assert_int_equal(store_begin_on(new.store, "new", &s, &error), DBW_OK);
	assert_int_equal(store_end(s), DBW_OK);
	assert_int_equal(dbw_databases_close(databases, &error), DBW_OK);
}

static void container__another_schema_than_declared_is_refused(void **state)
{
	static const dbw_entry moved = {
		.name = "billing", .schema = "store", .connection_string = "sqlite::temp:"
	};
	static const char *const used[] = { "store", "billing" };
	const dbw_options options = { .entries = &moved, .entry_count = 1, .only = used, .only_count = 2 };
	dbw_databases *databases;
	programs_databases shop;
	dbw_error error;

	(void)state;
	assert_int_equal(dbw_databases_open(&databases, &programs_program, &options, &error), DBW_OK);
	assert_int_equal(programs_databases_of(databases, &shop, &error), DBW_CONFIG);
	assert_string_equal(error.message,
		"database \"billing\" is of schema \"store\", and was declared for \"billing\"");
	assert_null(shop.store.any.slot);
	assert_int_equal(dbw_databases_close(databases, &error), DBW_OK);
	assert_int_equal(programs_databases_of(NULL, &shop, &error), DBW_MISUSE);
}

static dbw_status add_user(store_session s, void *argument)
{
	user row = new_user("Ada", argument);

	return user_insert(s, &row);
}

static void container__sessions_with_options_and_transactions(void **state)
{
	static char address[] = "ada@example.com";
	dbw_session_options options = { .purpose = "with", .isolation = DBW_SERIALIZABLE };
	programs_databases shop;
	store_session s;
	store_reader r;
	dbw_error error;

	assert_int_equal(programs_databases_of(*state, &shop, &error), DBW_OK);
	assert_int_equal(store_begin_on_with(shop.store, &options, &s, &error), DBW_OK);
	assert_int_equal(add_user(s, address), DBW_OK);
	assert_int_equal(store_end(s), DBW_OK);
	assert_int_equal(store_read_begin_on_with(shop.store, &options, &r, &error), DBW_OK);
	assert_int_equal(store_read_end(r), DBW_OK);
	assert_int_equal(store_transaction_on(shop.store, &options, add_user, address, &error), DBW_OK);
	assert_int_equal(count_users(shop.store), 1);
	assert_int_equal(store_transaction_on(shop.store, &options, add_user, address, &error), DBW_CONFLICT);
	assert_int_equal(store_transaction_on(shop.store, &options, NULL, NULL, &error), DBW_MISUSE);
	options.qualifier = "eu";
	assert_int_equal(store_begin_on_with(shop.store, &options, &s, &error), DBW_MISUSE);
	assert_string_equal(error.message, "a session on one database takes no qualifier");
	assert_int_equal(store_begin_on(shop.store, NULL, &s, NULL), DBW_MISUSE);
	assert_null(s.any.slot);
}

/* The test's server in its parts, and the namespace that is the test's; or a file. */
static dbw_entry entry_from_c(const char *path, dbw_setting *setting)
{
	static char url[FRESH_URL_SIZE], database[128], host[128], who[128], options[128];
	dbw_entry entry;

	if (!fresh_on_postgresql())
		return dbw_entry_sqlite("store", path);
	assert_int_equal(
		sscanf(fresh_database("from_c", url),
			"postgresql:///%127[^?]?host=%127[^&]&user=%127[^&]&options=-csearch_path%%3D%99s",
			database, host, who, options + 14),
		4);
	memcpy(options, "-csearch_path=", 14);
	entry = dbw_entry_postgresql(
		"store", (dbw_server){ .host = host, .name = database, .user = who, .password = "geheim" });
	*setting = (dbw_setting){ "options.options", options };
	entry.settings = setting;
	entry.setting_count = 1;
	return entry;
}

static void container__an_entry_made_from_its_parts(void **state)
{
	static const char *const used[] = { "store" };
	char path[] = "/tmp/dbwright-test-XXXXXX";
	const int file = mkstemp(path);
	dbw_setting setting;
	const dbw_entry entry = entry_from_c(path, &setting);
	const dbw_options options = { .entries = &entry, .entry_count = 1, .only = used, .only_count = 1 };
	dbw_databases *databases;
	struct shop shop;
	store_session s;
	dbw_error error;

	(void)state;
	assert_true(file >= 0);
	if (dbw_databases_open(&databases, &programs_program, &options, &error) != DBW_OK)
		fail_msg("%s", error.message);
	assert_int_equal(programs_databases_of(databases, &shop.databases, &error), DBW_OK);
	assert_int_equal(store_begin_on(shop.databases.store, "make tables", &s, &error), DBW_OK);
	assert_ok(store_create_tables(s), s);
	assert_ok(store_commit(s), s);
	assert_int_equal(sign_up(&shop, "Ada", "ada@example.com", &error), DBW_OK);
	assert_int_equal(count_users(shop.databases.store), 1);
	assert_int_equal(dbw_databases_close(databases, &error), DBW_OK);
	close(file);
	assert_int_equal(remove(path), 0);
	fresh_remove();
}

/* "+name" for each connection that is made, "-name" for each that is closed. */
static void watch(const dbw_event *event, void *argument)
{
	char *seen = argument;
	const size_t used = strlen(seen);

	if (event->kind == DBW_EVENT_CONNECT || event->kind == DBW_EVENT_DISCONNECT)
		snprintf(seen + used, 100 - used, "%c%s ", event->kind == DBW_EVENT_CONNECT ? '+' : '-',
			event->database);
}

static void container__what_others_depend_on_is_opened_first(void **state)
{
	static const char *const used[] = { "store", "billing" };
	char store_url[FRESH_URL_SIZE], billing_url[FRESH_URL_SIZE], seen[100] = "";
	const dbw_entry entries[] = {
		{ .name = "store", .connection_string = fresh_database("first", store_url) },
		{ .name = "billing", .connection_string = fresh_database("second", billing_url) },
	};
	const dbw_options options = { .entries = entries,
		.entry_count = 2,
		.only = used,
		.only_count = 2,
		.connect = DBW_CONNECT_EAGER,
		.on_event = watch,
		.event_argument = seen };
	dbw_databases *databases;
	dbw_error error;

	(void)state;
	if (dbw_databases_open(&databases, &programs_program, &options, &error) != DBW_OK)
		fail_msg("%s", error.message);
	assert_string_equal(seen, "+billing +store ");
	assert_int_equal(dbw_databases_close(databases, &error), DBW_OK);
	assert_string_equal(seen, "+billing +store -store -billing ");
	fresh_remove();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(container__is_filled_in_one_call),
		CASE(container__a_test_fills_it_with_one_database_in_memory),
		CASE(container__sessions_with_options_and_transactions),
		cmocka_unit_test(container__qualified_instances_are_members),
		cmocka_unit_test(container__a_database_that_was_taken_away_has_ended),
		cmocka_unit_test(container__what_others_depend_on_is_opened_first),
		cmocka_unit_test(container__an_entry_made_from_its_parts),
		cmocka_unit_test(container__another_schema_than_declared_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

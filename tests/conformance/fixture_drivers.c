/*
 * Drivers for the conformance test to be tried with: `plain` does without every call that a driver need not have and has to
 * pass; of the others each is wrong in one way.
 */
#include <dbwright/provider.h>

#include <string.h>

#define PROVIDER(name) DBW_API extern const dbw_provider name

PROVIDER(plain);
PROVIDER(plain_postgresql);
PROVIDER(forgets_commits);
PROVIDER(keeps_savepoints);
PROVIDER(names_nothing);
PROVIDER(leaves_open);
PROVIDER(loses_text);
PROVIDER(takes_any_setting);
PROVIDER(writes_at_open);
PROVIDER(hides_failures);

static const dbw_driver *below;

static dbw_status forget_commit(dbw_connection *connection, dbw_error *error)
{
	return below->rollback(connection, error);
}

static dbw_status keep_savepoint(dbw_connection *connection, unsigned depth, dbw_error *error)
{
	return below->release_savepoint(connection, depth, error);
}

static const dbw_violation *name_nothing(dbw_connection *connection)
{
	static const dbw_violation nothing = { .kind = DBW_UNIQUE };

	(void)connection;
	return &nothing;
}

static void leave_open(dbw_connection *connection)
{
	(void)connection;
}

static dbw_status lose_text(dbw_connection *connection, dbw_prepared *statement, const dbw_value *values,
	size_t count, dbw_effect *effect, dbw_error *error)
{
	dbw_value changed[64];

	for (size_t i = 0; i < count && i < 64; i++) {
		changed[i] = values[i];
		if (values[i].kind == DBW_KIND_TEXT && values[i].size > 1) {
			changed[i].as.data = (const char *)values[i].as.data + 1;
			changed[i].size--;
		}
	}
	return below->execute(connection, statement, count <= 64 ? changed : values, count, effect, error);
}

static dbw_address without_settings(const dbw_address *address)
{
	dbw_address out = *address;

	out.setting_count = 0;
	return out;
}

static dbw_status check_no_setting(const dbw_address *address, dbw_error *error)
{
	const dbw_address inner = without_settings(address);

	return below->check(&inner, error);
}

static dbw_status open_without_settings(const dbw_address *address, dbw_connection **out, dbw_error *error)
{
	const dbw_address inner = without_settings(address);

	return below->open(&inner, out, error);
}

/* All the calls that are NULL where a driver does not have them. */
static void take_away_what_is_faster(dbw_driver *driver)
{
	driver->fetch_rows = NULL;
	driver->stream = NULL;
	driver->plan_rows = NULL;
	driver->execute_rows = NULL;
	driver->send = NULL;
	driver->collect = NULL;
	driver->answer = NULL;
	driver->load_begin = NULL;
	driver->load_rows = NULL;
	driver->load_end = NULL;
}

static dbw_status make_plain(const dbw_provider_host *host, dbw_driver *out, dbw_error *error)
{
	(void)error;
	*out = *host->sqlite;
	take_away_what_is_faster(out);
	out->may_write = host->sqlite->may_write;
	out->native_handle = NULL;
	out->one_writer = NULL;
	out->ping = NULL;
	out->facts = NULL;
	out->cancel = NULL;
	return DBW_OK;
}

static dbw_status make_plain_postgresql(const dbw_provider_host *host, dbw_driver *out, dbw_error *error)
{
	if (host->postgresql == NULL)
		return host->set_error(error, DBW_UNSUPPORTED, "there is no driver for PostgreSQL");
	*out = *host->postgresql;
	take_away_what_is_faster(out);
	out->native_handle = NULL;
	out->one_writer = NULL;
	out->ping = NULL;
	out->facts = NULL;
	out->cancel = NULL;
	return DBW_OK;
}

static dbw_status make_forgetful(const dbw_provider_host *host, dbw_driver *out, dbw_error *error)
{
	(void)error;
	below = host->sqlite;
	*out = *below;
	out->commit = forget_commit;
	return DBW_OK;
}

static dbw_status make_keeper(const dbw_provider_host *host, dbw_driver *out, dbw_error *error)
{
	(void)error;
	below = host->sqlite;
	*out = *below;
	out->rollback_to_savepoint = keep_savepoint;
	return DBW_OK;
}

static dbw_status make_nameless(const dbw_provider_host *host, dbw_driver *out, dbw_error *error)
{
	(void)error;
	below = host->sqlite;
	*out = *below;
	out->violation = name_nothing;
	return DBW_OK;
}

static dbw_status make_leaving(const dbw_provider_host *host, dbw_driver *out, dbw_error *error)
{
	(void)error;
	below = host->sqlite;
	*out = *below;
	out->close = leave_open;
	return DBW_OK;
}

static dbw_status make_losing(const dbw_provider_host *host, dbw_driver *out, dbw_error *error)
{
	(void)error;
	below = host->sqlite;
	*out = *below;
	take_away_what_is_faster(out);
	out->execute = lose_text;
	return DBW_OK;
}

static dbw_status make_tolerant(const dbw_provider_host *host, dbw_driver *out, dbw_error *error)
{
	(void)error;
	below = host->sqlite;
	*out = *below;
	out->check = check_no_setting;
	out->open = open_without_settings;
	return DBW_OK;
}

/* Wants to write to the file for each connection, and cannot while somebody else does. */
static dbw_status open_and_write(const dbw_address *address, dbw_connection **out, dbw_error *error)
{
	dbw_status status = below->open(address, out, error);

	if (status == DBW_OK)
		status = below->run(*out, "PRAGMA user_version = 1", error);
	if (status != DBW_OK) {
		below->close(*out);
		*out = NULL;
	}
	return status;
}

static dbw_status make_writing(const dbw_provider_host *host, dbw_driver *out, dbw_error *error)
{
	(void)error;
	below = host->sqlite;
	*out = *below;
	out->open = open_and_write;
	return DBW_OK;
}

/* Does at once what nobody waits for, and tells nobody what became of it. */
static unsigned hidden;

static dbw_status send_and_hide(dbw_connection *connection, dbw_prepared *statement, const dbw_value *values,
	size_t count, bool needs_row, bool *sent, dbw_error *error)
{
	dbw_effect effect;

	(void)needs_row;
	(void)below->execute(connection, statement, values, count, &effect, error);
	hidden++;
	*sent = true;
	return DBW_OK;
}

static dbw_status collect_nothing(dbw_connection *connection, dbw_error *error)
{
	(void)connection;
	(void)error;
	return DBW_OK;
}

static bool answer_well(dbw_connection *connection, dbw_answer *out)
{
	(void)connection;
	if (hidden == 0)
		return false;
	hidden--;
	*out = (dbw_answer){ .given = true, .rows = 1 };
	return true;
}

static dbw_status make_hiding(const dbw_provider_host *host, dbw_driver *out, dbw_error *error)
{
	(void)error;
	below = host->sqlite;
	*out = *below;
	take_away_what_is_faster(out);
	out->send = send_and_hide;
	out->collect = collect_nothing;
	out->answer = answer_well;
	return DBW_OK;
}

const dbw_provider plain = { DBW_PROVIDER_HEAD, .name = "plain", .driver = make_plain };
const dbw_provider plain_postgresql = { DBW_PROVIDER_HEAD, .name = "plain", .driver = make_plain_postgresql };
const dbw_provider forgets_commits = { DBW_PROVIDER_HEAD, .name = "forgets", .driver = make_forgetful };
const dbw_provider keeps_savepoints = { DBW_PROVIDER_HEAD, .name = "keeps", .driver = make_keeper };
const dbw_provider names_nothing = { DBW_PROVIDER_HEAD, .name = "names", .driver = make_nameless };
const dbw_provider leaves_open = { DBW_PROVIDER_HEAD, .name = "leaves", .driver = make_leaving };
const dbw_provider loses_text = { DBW_PROVIDER_HEAD, .name = "loses", .driver = make_losing };
const dbw_provider takes_any_setting = { DBW_PROVIDER_HEAD, .name = "takes", .driver = make_tolerant };
const dbw_provider hides_failures = { DBW_PROVIDER_HEAD, .name = "hides", .driver = make_hiding };
const dbw_provider writes_at_open = { DBW_PROVIDER_HEAD, .name = "writes", .driver = make_writing };

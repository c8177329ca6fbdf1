#include <entries/keys.h>

#include <entries/outside.h>
#include <stdio.h>
#include <string.h>

static const char *const providers[] = { "sqlite", "postgresql", NULL };
static const char *const connect_words[] = { "lazy", "eager", NULL };
static const char *const journal_modes[] = { "wal", "delete", "truncate", "persist", "memory", "off", NULL };
static const char *const synchronous_modes[] = { "off", "normal", "full", "extra", NULL };
static const char *const temp_stores[] = { "default", "file", "memory", NULL };
static const char *const poolers[] = { "none", "session", "transaction", NULL };
/* PostgreSQL manual, section 34.19.1. */
static const char *const ssl_modes[] = { "disable", "allow", "prefer", "require", "verify-ca", "verify-full",
	NULL };

#define ENTRY_(key, kind_)                                                \
	{                                                                 \
		.name = (key), .kind = (kind_), .group = DBW__GROUP_ENTRY \
	}
#define PLACE_(key, provider_)                                                                           \
	{                                                                                                \
		.name = (key), .kind = DBW__KEY_TEXT, .group = DBW__GROUP_PLACE, .provider = (provider_) \
	}
#define POOL_(key, in, least_, most_)                                                   \
	{                                                                               \
		.name = (key), .block = "pool", .in_block = (in), .kind = DBW__KEY_INT, \
		.group = DBW__GROUP_POOL, .least = (least_), .most = (most_)            \
	}
#define SQLITE_(key, kind_, least_, most_, words_)                                             \
	{                                                                                      \
		.name = (key), .kind = (kind_), .group = DBW__GROUP_DRIVER, .least = (least_), \
		.most = (most_), .words = (words_), .provider = "sqlite"                       \
	}
#define SERVER_(key, kind_, most_, words_)                                                   \
	{                                                                                    \
		.name = (key), .kind = (kind_), .group = DBW__GROUP_DRIVER, .most = (most_), \
		.words = (words_), .provider = "postgresql"                                  \
	}
#define SECURITY_(key, in, kind_, words_)                                               \
	{                                                                               \
		.name = (key), .block = "security", .in_block = (in), .kind = (kind_),  \
		.group = DBW__GROUP_DRIVER, .words = (words_), .provider = "postgresql" \
	}

enum { HOUR_MS = 3600000, DAY_MS = 24 * HOUR_MS };

const dbw__key dbw__keys[] = {
	[DBW__KEY_SCHEMA] = ENTRY_("schema", DBW__KEY_NAME),
	[DBW__KEY_QUALIFIER] = ENTRY_("qualifier", DBW__KEY_NAME),
	[DBW__KEY_DEFAULT] = ENTRY_("default", DBW__KEY_BOOL),
	[DBW__KEY_SHARED_DEFAULT] = ENTRY_("shared_default", DBW__KEY_BOOL),
	[DBW__KEY_PROTECTED] = ENTRY_("protected", DBW__KEY_BOOL),
	[DBW__KEY_DEPENDS_ON] = ENTRY_("depends_on", DBW__KEY_NAMES),
	[DBW__KEY_PROVIDER] = { .name = "provider",
		.kind = DBW__KEY_FACTORY,
		.group = DBW__GROUP_PLACE,
		.words = providers },
	[DBW__KEY_CONNECTION_STRING] = PLACE_("connection_string", NULL),
	[DBW__KEY_PATH] = PLACE_("path", "sqlite"),
	[DBW__KEY_HOST] = PLACE_("host", "postgresql"),
	[DBW__KEY_PORT] = { .name = "port",
		.kind = DBW__KEY_INT,
		.group = DBW__GROUP_PLACE,
		.least = 1,
		.most = 65535,
		.provider = "postgresql" },
	[DBW__KEY_USER] = PLACE_("user", "postgresql"),
	[DBW__KEY_PASSWORD] = { .name = "password",
		.kind = DBW__KEY_TEXT,
		.group = DBW__GROUP_PLACE,
		.provider = "postgresql",
		.secret = true },
	/* In SQLite another word for the path. */
	[DBW__KEY_DATABASE] = PLACE_("name", NULL),
	[DBW__KEY_CONNECT] = { .name = "connect",
		.kind = DBW__KEY_WORD,
		.group = DBW__GROUP_POOL,
		.words = connect_words },
	[DBW__KEY_POOL_SIZE] = POOL_("pool_size", "size", 1, 1000),
	[DBW__KEY_MAX_OVERFLOW] = POOL_("max_overflow", "max_overflow", 0, 1000),
	[DBW__KEY_MIN_IDLE] = POOL_("min_idle", "min_idle", 0, 1000),
	[DBW__KEY_ACQUIRE_TIMEOUT] = POOL_("acquire_timeout_ms", "acquire_timeout_ms", 0, HOUR_MS),
	[DBW__KEY_IDLE_TIMEOUT] = POOL_("idle_timeout_ms", "idle_timeout_ms", 0, DAY_MS),
	[DBW__KEY_MAX_LIFETIME] = POOL_("max_lifetime_ms", "max_lifetime_ms", 0, INT64_C(30) * DAY_MS),
	[DBW__KEY_MAX_READ_SESSION] = POOL_("max_read_session_ms", "max_read_session_ms", 0, DAY_MS),
	SQLITE_("journal_mode", DBW__KEY_WORD, 0, 0, journal_modes),
	SQLITE_("synchronous", DBW__KEY_WORD, 0, 0, synchronous_modes),
	SQLITE_("busy_timeout_ms", DBW__KEY_INT, 0, HOUR_MS, NULL),
	SQLITE_("foreign_keys", DBW__KEY_BOOL, 0, 0, NULL),
	/* Negative: kibibytes, positive: pages (https://www.sqlite.org/pragma.html#pragma_cache_size). */
	SQLITE_("cache_size", DBW__KEY_INT, -INT32_MAX, INT32_MAX, NULL),
	SQLITE_("temp_store", DBW__KEY_WORD, 0, 0, temp_stores),
	SQLITE_("mmap_size", DBW__KEY_INT, 0, INT64_C(1) << 40, NULL),
	SERVER_("connect_timeout_ms", DBW__KEY_INT, INT32_MAX, NULL),
	{ .name = "operation_timeout_ms",
		.kind = DBW__KEY_INT,
		.group = DBW__GROUP_DRIVER,
		.most = INT32_MAX },
	SERVER_("lock_timeout_ms", DBW__KEY_INT, INT32_MAX, NULL),
	SERVER_("pooler", DBW__KEY_WORD, 0, poolers),
	/* The words of libpq (PostgreSQL manual, section 34.1.2). */
	SECURITY_("sslmode", "sslmode", DBW__KEY_WORD, ssl_modes),
	SECURITY_("sslrootcert", "ca", DBW__KEY_TEXT, NULL),
	SECURITY_("sslcert", "cert", DBW__KEY_TEXT, NULL),
	SECURITY_("sslkey", "key", DBW__KEY_TEXT, NULL),
};
const size_t dbw__key_count = sizeof dbw__keys / sizeof *dbw__keys;

static char lower(char byte)
{
	return byte >= 'A' && byte <= 'Z' ? (char)(byte - 'A' + 'a') : byte;
}

static bool is_same(const char *known, const char *name, size_t length, bool any_case)
{
	if (strlen(known) != length)
		return false;
	for (size_t i = 0; i < length; i++)
		if ((any_case ? lower(name[i]) : name[i]) != known[i])
			return false;
	return true;
}

const dbw__key *dbw__key_find(const char *name, size_t length, bool any_case)
{
	for (size_t i = 0; i < dbw__key_count; i++)
		if (is_same(dbw__keys[i].name, name, length, any_case))
			return &dbw__keys[i];
	return NULL;
}

const dbw__key *dbw__key_find_in_block(const char *block, const char *name)
{
	for (size_t i = 0; i < dbw__key_count; i++) {
		const dbw__key *key = &dbw__keys[i];

		if (key->block != NULL && strcmp(key->block, block) == 0 && strcmp(key->in_block, name) == 0)
			return key;
	}
	return NULL;
}

static bool read_number(const char *text, int64_t *out)
{
	bool negative = text[0] == '-';
	int64_t value = 0;

	*out = 0;
	if (negative)
		text++;
	if (text[0] == '\0' || strlen(text) > 15)
		return false;
	for (; *text != '\0'; text++) {
		if (*text < '0' || *text > '9')
			return false;
		value = value * 10 + (*text - '0');
	}
	*out = negative ? -value : value;
	return true;
}

int64_t dbw__key_number(const char *value)
{
	int64_t number;

	read_number(value, &number);
	return number;
}

static bool check_word(const dbw__key *key, const char *value, char *problem)
{
	size_t used = 0;

	for (size_t i = 0; key->words[i] != NULL; i++)
		if (strcmp(key->words[i], value) == 0)
			return true;
	used = (size_t)snprintf(problem, DBW__PROBLEM_SIZE, "must be");
	for (size_t i = 0; key->words[i] != NULL && used < DBW__PROBLEM_SIZE; i++)
		used += (size_t)snprintf(problem + used, DBW__PROBLEM_SIZE - used, "%s%s",
			i == 0 ? " " : (key->words[i + 1] == NULL ? " or " : ", "), key->words[i]);
	return false;
}

static bool check_factory(const dbw__key *key, const char *value, char *problem)
{
	dbw__outside outside;
	size_t used;

	if (dbw__is_outside(value))
		return dbw__outside_split(value, &outside, problem);
	if (check_word(key, value, problem))
		return true;
	used = strlen(problem);
	snprintf(problem + used, DBW__PROBLEM_SIZE - used,
		"; one from outside is path/lib.so:symbol, or program:name");
	return false;
}

bool dbw__key_check(const dbw__key *key, const char *value, char problem[DBW__PROBLEM_SIZE])
{
	int64_t number;

	*problem = '\0';
	switch (key->kind) {
	case DBW__KEY_BOOL:
		if (strcmp(value, "true") != 0 && strcmp(value, "false") != 0)
			snprintf(problem, DBW__PROBLEM_SIZE, "must be true or false");
		break;
	case DBW__KEY_INT:
		if (!read_number(value, &number) || number < key->least || number > key->most)
			snprintf(problem, DBW__PROBLEM_SIZE, "must be a whole number from %lld to %lld",
				(long long)key->least, (long long)key->most);
		break;
	case DBW__KEY_WORD: return check_word(key, value, problem);
	case DBW__KEY_FACTORY: return check_factory(key, value, problem);
	case DBW__KEY_NAMES: break;
	default:
		if (*value == '\0')
			snprintf(problem, DBW__PROBLEM_SIZE, "is empty");
		break;
	}
	return *problem == '\0';
}

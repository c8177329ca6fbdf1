/*
 * All sources of a database at once: each two bytes of the input are a setting from one of the lists below, said by one
 * of the sources.
 */
#include "fuzz.h"
#include "resolved.h"

#include <base/text.h>

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

enum { SETTINGS_MAX = 24, ENTRIES = 3 };

/* Settings of entries; the key NULL: an option. */
static const struct setting {
	const char *key, *value;
} settings[] = {
	{ "connection_string", "sqlite:a.db" },
	{ "connection_string", "sqlite::memory:" },
	{ "connection_string", "sqlite::temp:" },
	{ "connection_string", "postgresql://app@db.example/shop" },
	{ "connection_string", "postgresql://app:correct%20horse@[::1]:5433/shop?sslmode=require" },
	{ "connection_string", "postgresql://a:1,b:2/shop" },
	{ "connection_string", "postgresql:///?host=/run&dbname=shop&password=battery%20staple" },
	{ "connection_string", "${URL:-postgres://h/d}" },
	{ "connection_string", "${URL}" },
	{ "connection_string", "password=battery.staple" },
	{ "path", "b.db" },
	{ "path", ":memory:" },
	{ "path", "/c.db" },
	{ "provider", "sqlite" },
	{ "provider", "postgresql" },
	{ "provider", "mysql" },
	{ "provider", "lib/audit.so:audited" },
	{ "provider", "${LIBRARY:-program}:store" },
	{ "provider", "/lib.so:" },
	{ "connection_string", "store:bucket?secret=battery.staple" },
	{ "host", "h" },
	{ "host", "h:6000" },
	{ "host", "x,y" },
	{ "host", "::1" },
	{ "host", "/run/a?b=c&d@e,f" },
	{ "port", "6001" },
	{ "port", "0" },
	{ "user", "u@v:w/x" },
	{ "password", "p@ss:w/rd?x=y" },
	{ "password", "${SECRET:-battery}" },
	{ "name", "n/m?o" },
	{ "name", ":temp:" },
	{ "pool_size", "3" },
	{ "pool_size", "${SIZE}" },
	{ "journal_mode", "wal" },
	{ "sslmode", "disable" },
	{ "connect", "eager" },
	{ NULL, "x" },
	{ NULL, "${X:-y}" },
};

static const char *const variables[] = {
	"AUTH_DATABASE_URL=sqlite:env.db",
	"AUTH_DATABASE_URL=postgresql://env/e",
	"AUTH_DATABASE_URL=battery-staple",
	"AUTH_DATABASE_URL=postgresql://u:bat@tery/staple@h/d",
	"DATABASE_URL=sqlite:shared.db",
	"DATABASE_URL=postgresql://shared:horse-battery@s/s",
	"DATABASES__auth__HOST=keyed",
	"DATABASES__AUTH__PATH=keyed.db",
	"DATABASES__auth__PROVIDER=sqlite",
	"DATABASES__auth__CONNECTION_STRING=postgresql://keyed",
	"DATABASES__auth__POOL_SIZE=7",
	"DATABASES__auth__POOL_SIZE=0",
	"DATABASES__auth__SCHEMA=x",
	"DATABASES__auth__JOURNAL_MODE=delete",
	"AUTH_DB_TYPE=sqlite",
	"AUTH_DB_TYPE=postgresql",
	"AUTH_DB_TYPE=program:other",
	"LIBRARY=../a$b.so",
	"AUTH_DB_HOST=part",
	"AUTH_DB_PORT=6002",
	"AUTH_DB_USER=part",
	"AUTH_DB_PASSWORD=staple@battery/",
	"AUTH_DB_NAME=part",
	"AUTH_DB_NAME=:memory:",
	"DB_TYPE=sqlite",
	"DB_TYPE=postgresql",
	"DB_HOST=default",
	"DB_PASSWORD=default-battery",
	"DB_NAME=default",
	"URL=postgresql://var:correct-horse@var/var",
	"URL=sqlite:var.db",
	"SIZE=5",
	"SECRET=correct-horse-battery",
};

struct sources {
	dbw__said said[ENTRIES][SETTINGS_MAX];
	dbw__entry entries[ENTRIES]; /* Program, file, compiled-in. */
	char *process[SETTINGS_MAX + 1], *dotenv[SETTINGS_MAX + 1];
	size_t process_count, dotenv_count;
};

/* A source says each key once. */
static void say(struct sources *sources, size_t which, const struct setting *setting)
{
	dbw__entry *entry = &sources->entries[which];
	const char *name = setting->key == NULL ? "sslpassword" : setting->key;
	const dbw__key *key = setting->key == NULL ? NULL : dbw__key_find(name, strlen(name), false);
	dbw_position at = entry->at;

	for (size_t i = 0; i < entry->count; i++)
		if (strcmp(entry->said[i].name, name) == 0)
			return;
	if (at.line != 0) {
		at.line += (uint32_t)entry->count + 1;
		at.column = 5;
	}
	sources->said[which][entry->count++] = (dbw__said){ key, name, setting->value, at };
}

static void fill(struct sources *sources, fuzz_bytes *bytes)
{
	static const dbw_position places[ENTRIES] = { { "set by the program", 0, 0 },
		{ "/etc/shop.yaml", 2, 3 }, { "apps/auth/database.yaml", 2, 3 } };

	for (size_t i = 0; i < ENTRIES; i++)
		sources->entries[i] = (dbw__entry){ "auth", places[i], sources->said[i], 0 };
	for (size_t i = 0; i < SETTINGS_MAX && bytes->left >= 2; i++) {
		const unsigned source = fuzz_take(bytes) % (ENTRIES + 2), choice = fuzz_take(bytes);
		char *variable = (char *)(uintptr_t)variables[choice % COUNT(variables)];

		if (source < ENTRIES)
			say(sources, source, &settings[choice % COUNT(settings)]);
		else if (source == ENTRIES)
			sources->process[sources->process_count++] = variable;
		else
			sources->dotenv[sources->dotenv_count++] = variable;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_bytes bytes = { data, size };
	const unsigned flags = fuzz_take(&bytes);
	dbw_arena *arena = dbw_arena_new(0);
	dbw_diagnostics *diagnostics = dbw_diagnostics_new(0);
	struct sources sources = { .process_count = 0 };
	const dbw__environment environment = { sources.process, sources.dotenv };
	const dbw__request request = { .arena = arena,
		.diagnostics = diagnostics,
		.environment = &environment,
		.root = "/base",
		.name = "auth",
		.program = (flags & 1) != 0 ? &sources.entries[0] : NULL,
		.entries = &sources.entries[1],
		.entry_count = flags >> 1 & 3 ? (flags >> 1 & 3) - 1U : 2,
		.is_default = (flags & 8) != 0,
		.shared_default = (flags & 16) != 0,
		.sqlite = (flags & 32) == 0,
		.production = (flags & 64) != 0 };
	dbw__resolved resolved;
	bool good;

	FUZZ_CHECK(arena != NULL && diagnostics != NULL);
	fill(&sources, &bytes);
	good = dbw__resolve(&request, &resolved);
	fuzz_check_resolved(&request, good, &resolved);
	dbw_diagnostics_free(diagnostics);
	dbw_arena_free(arena);
	return 0;
}

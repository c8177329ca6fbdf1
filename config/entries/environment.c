/* The environment, and what it says of databases. */
#include <entries/environment.h>

#include <base/suggest.h>
#include <stdio.h>
#include <string.h>

static const char *value_in(char *const *list, const char *name)
{
	const size_t length = strlen(name);
	const char *value = NULL;

	for (; list != NULL && *list != NULL; list++)
		if (strncmp(*list, name, length) == 0 && (*list)[length] == '=')
			value = *list + length + 1;
	return value;
}

const char *dbw__environment_get(const dbw__environment *environment, const char *name)
{
	const char *value = value_in(environment->process, name);

	return value != NULL ? value : value_in(environment->file, name);
}

const char *dbw__environment_source(const dbw__environment *environment, const char *name)
{
	return value_in(environment->process, name) == NULL && value_in(environment->file, name) != NULL
		       ? ".env"
		       : "environment";
}

const char *dbw__environment_text(dbw_arena *arena, const char *value)
{
	size_t dollars = 0;
	char *text, *to;

	for (const char *at = value; (at = strchr(at, '$')) != NULL; at++)
		dollars++;
	if (dollars == 0)
		return value;
	text = to = dbw_arena_alloc_bytes(arena, strlen(value) + dollars + 1);
	for (; text != NULL && *value != '\0'; value++) {
		*to++ = *value;
		if (*value == '$')
			*to++ = '$';
	}
	if (text != NULL)
		*to = '\0';
	return text;
}

void dbw__environment_check_profile(dbw_diagnostics *diagnostics, const dbw__environment *environment,
	const char *const *profiles, size_t count)
{
	const bool in_file = value_in(environment->process, "DBWRIGHT_ENV") == NULL;
	const dbw_position at = { in_file ? ".env DBWRIGHT_ENV" : "environment DBWRIGHT_ENV", 0, 0 };
	const char *word = dbw__environment_get(environment, "DBWRIGHT_ENV"), *near;
	char hint[160];

	if (word == NULL || *word == '\0' || count == 0 || strcmp(word, "production") == 0)
		return;
	for (size_t i = 0; i < count; i++)
		if (strcmp(profiles[i], word) == 0)
			return;
	near = dbw_suggest(word, profiles, count);
	if (near == NULL) {
		dbw_report(diagnostics, DBW_SEVERITY_WARNING, at, "unknown-profile", NULL,
			"there is no profile \"%s\": no profile counts", word);
		return;
	}
	snprintf(hint, sizeof hint, "did you mean \"%.63s\"? If not, write the profile, {} for an empty one",
		near);
	dbw_report(diagnostics, DBW_SEVERITY_ERROR, at, "unknown-profile", hint, "there is no profile \"%s\"",
		word);
}

/* Letters large, '-' as '_'. */
static char spelt(char byte)
{
	if (byte >= 'a' && byte <= 'z')
		return (char)(byte - 'a' + 'A');
	return byte == '-' ? '_' : byte;
}

/* What is being made: one entry after the other. */
struct maker {
	dbw_arena *arena;
	dbw_diagnostics *diagnostics;
	const dbw__environment *environment;
	const char *name;
	dbw__entry *entry; /* Being filled; ... */
	dbw__said *said;   /* ... its array. */
	bool out_of_memory;
};

static dbw_position position_of(struct maker *maker, const char *variable)
{
	const char *source = dbw__environment_source(maker->environment, variable);
	const char *words = dbw_arena_printf(maker->arena, "%s %s", source, variable);

	maker->out_of_memory |= words == NULL;
	return (dbw_position){ words != NULL ? words : source, 0, 0 };
}

/* Adds what a variable says; each key once, room for all of them is there. */
static void add(struct maker *maker, const dbw__key *key, const char *variable, const char *value)
{
	if (value == NULL || *value == '\0' ||
		dbw__entry_find(maker->entry, (size_t)(key - dbw__keys)) != NULL)
		return;
	value = dbw__environment_text(maker->arena, value);
	if (value == NULL)
		maker->out_of_memory = true;
	else
		maker->said[maker->entry->count++] =
			(dbw__said){ key, key->name, value, position_of(maker, variable) };
}

/* The variable <PREFIX><NAME><SUFFIX>, or the suffix alone where `name` is NULL. */
static void add_variable(struct maker *maker, const char *name, const char *suffix, size_t key)
{
	char *variable = name == NULL ? dbw_arena_printf(maker->arena, "%s", suffix)
				      : dbw_arena_printf(maker->arena, "%s_%s", name, suffix);

	if (variable == NULL) {
		maker->out_of_memory = true;
		return;
	}
	for (size_t i = 0; name != NULL && name[i] != '\0'; i++)
		variable[i] = spelt(variable[i]);
	add(maker, &dbw__keys[key], variable, dbw__environment_get(maker->environment, variable));
}

enum { PARTS = 6 };

static void add_parts(struct maker *maker, const char *name)
{
	static const struct {
		const char *suffix;
		size_t key;
	} parts[PARTS] = { { "DB_TYPE", DBW__KEY_PROVIDER }, { "DB_HOST", DBW__KEY_HOST },
		{ "DB_PORT", DBW__KEY_PORT }, { "DB_USER", DBW__KEY_USER },
		{ "DB_PASSWORD", DBW__KEY_PASSWORD }, { "DB_NAME", DBW__KEY_DATABASE } };

	for (size_t i = 0; i < PARTS; i++)
		add_variable(maker, name, parts[i].suffix, parts[i].key);
}

static const char keys_prefix[] = "DATABASES__";

/* The tail of "DATABASES__<name>__<KEY>=..." from its key; NULL if the variable is not one of this database. */
static const char *key_of(const char *variable, const char *name)
{
	if (strncmp(variable, keys_prefix, sizeof keys_prefix - 1) != 0)
		return NULL;
	variable += sizeof keys_prefix - 1;
	for (; *name != '\0'; name++, variable++)
		if (spelt(*variable) != spelt(*name))
			return NULL;
	return strncmp(variable, "__", 2) == 0 ? variable + 2 : NULL;
}

static void refuse_key(struct maker *maker, const char *variable, const dbw__key *key, const char *word)
{
	dbw_position at = position_of(maker, variable);
	dbw_suggestion near;
	const char *hint = NULL;

	if (key != NULL) {
		dbw_report(maker->diagnostics, DBW_SEVERITY_ERROR, at, "unknown-key",
			"it is about the entry itself: say it where the entry stands",
			"\"%s\" of database \"%s\" cannot be set in the environment", key->name, maker->name);
		return;
	}
	dbw_suggestion_begin(&near, word, strlen(word));
	for (size_t i = 0; i < dbw__key_count; i++)
		if (dbw__keys[i].group != DBW__GROUP_ENTRY)
			dbw_suggestion_offer(&near, dbw__keys[i].name);
	if (near.best != NULL) {
		hint = dbw_arena_printf(maker->arena, "did you mean \"%s\"?", near.best);
		maker->out_of_memory |= hint == NULL;
	}
	dbw_report(maker->diagnostics, DBW_SEVERITY_ERROR, at, "unknown-key", hint,
		"database \"%s\" has no such key", maker->name);
}

/* Whether a word that is no key is one of another database, whose name begins with this one's: <name>__<more>__<KEY>. */
static bool is_of_another(const char *word, size_t length)
{
	for (size_t i = length; i-- > 1;)
		if (word[i] == '_' && word[i - 1] == '_')
			return dbw__key_find(word + i + 1, length - i - 1, true) != NULL;
	return false;
}

static void add_keys(struct maker *maker, char *const *list)
{
	for (; list != NULL && *list != NULL; list++) {
		const char *word = key_of(*list, maker->name), *end = strchr(*list, '=');
		const dbw__key *key;
		char *variable;

		if (word == NULL || end == NULL || end < word || end[1] == '\0')
			continue;
		key = dbw__key_find(word, (size_t)(end - word), true);
		if (key == NULL && is_of_another(word, (size_t)(end - word)))
			continue;
		variable = dbw_arena_copy(maker->arena, *list, (size_t)(end - *list));
		if (variable == NULL) {
			maker->out_of_memory = true;
			return;
		}
		if (key == NULL || key->group == DBW__GROUP_ENTRY)
			refuse_key(maker, variable, key, variable + (word - *list));
		else
			add(maker, key, variable, dbw__environment_get(maker->environment, variable));
	}
}

/* Begins an entry that has room for `room` values. */
static bool begin(struct maker *maker, dbw__entry *entry, size_t room)
{
	maker->said = dbw_arena_alloc_zeroed(maker->arena, room, sizeof *maker->said);
	maker->entry = entry;
	*entry = (dbw__entry){ maker->name, { "the environment", 0, 0 }, maker->said, 0 };
	return maker->said != NULL;
}

bool dbw__environment_entries(dbw_arena *arena, dbw_diagnostics *diagnostics,
	const dbw__environment *environment, const char *name, bool is_default,
	dbw__entry out[DBW__ENVIRONMENT_ENTRIES])
{
	struct maker maker = { arena, diagnostics, environment, name, NULL, NULL, false };

	if (!begin(&maker, &out[DBW__ENVIRONMENT_URL], 1))
		return false;
	add_variable(&maker, name, "DATABASE_URL", DBW__KEY_CONNECTION_STRING);
	if (!begin(&maker, &out[DBW__ENVIRONMENT_KEYS], dbw__key_count))
		return false;
	add_keys(&maker, environment->process);
	add_keys(&maker, environment->file);
	if (!begin(&maker, &out[DBW__ENVIRONMENT_PARTS], PARTS))
		return false;
	add_parts(&maker, name);
	if (!begin(&maker, &out[DBW__ENVIRONMENT_DEFAULT_PARTS], PARTS))
		return false;
	if (is_default)
		add_parts(&maker, NULL);
	return !maker.out_of_memory;
}

/* The names of databases that the environment may speak of. */
struct names {
	dbw_arena *arena;
	dbw_diagnostics *diagnostics;
	const char *const *names;
	size_t count;
};

static bool is_known(const struct names *known, const char *variable)
{
	for (size_t i = 0; i < known->count; i++)
		if (key_of(variable, known->names[i]) != NULL)
			return true;
	return false;
}

/* Where the name ends in "DATABASES__<name>__<KEY>=...", if the key is one; else NULL. */
static const char *end_of_name(const char *variable)
{
	const char *name = variable + sizeof keys_prefix - 1, *end = strchr(variable, '=');
	const dbw__key *key = NULL;
	const char *at = end;

	if (strncmp(variable, keys_prefix, sizeof keys_prefix - 1) != 0 || end == NULL || end[1] == '\0')
		return NULL;
	while (at > name + 2 && (at[-1] != '_' || at[-2] != '_'))
		at--;
	if (at > name + 2)
		key = dbw__key_find(at, (size_t)(end - at), true);
	return key == NULL || key->group == DBW__GROUP_ENTRY ? NULL : at - 2;
}

/* Of one variable, which `source` says. False: out of memory. */
static bool check_name(const struct names *known, const char *source, const char *variable)
{
	const char *name = variable + sizeof keys_prefix - 1, *end = end_of_name(variable), *place, *hint;
	dbw_suggestion near;

	if (end == NULL || is_known(known, variable))
		return true;
	dbw_suggestion_begin(&near, name, (size_t)(end - name));
	for (size_t i = 0; i < known->count; i++)
		dbw_suggestion_offer(&near, known->names[i]);
	if (near.best == NULL)
		return true;
	place = dbw_arena_printf(
		known->arena, "%s %.*s", source, (int)(strchr(variable, '=') - variable), variable);
	hint = dbw_arena_printf(known->arena, "did you mean \"%s\"?", near.best);
	if (place == NULL || hint == NULL)
		return false;
	dbw_report(known->diagnostics, DBW_SEVERITY_WARNING, (dbw_position){ place, 0, 0 },
		"unknown-database", hint, "there is no database \"%.*s\"", (int)(end - name), name);
	return true;
}

bool dbw__environment_check_names(dbw_arena *arena, dbw_diagnostics *diagnostics,
	const dbw__environment *environment, const char *const *names, size_t count)
{
	const struct names known = { arena, diagnostics, names, count };
	char *const *const lists[] = { environment->process, environment->file };
	static const char *const sources[] = { "environment", ".env" };
	bool good = true;

	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
		for (char *const *each = lists[i]; each != NULL && *each != NULL && good; each++)
			good = check_name(&known, sources[i], *each);
	return good;
}

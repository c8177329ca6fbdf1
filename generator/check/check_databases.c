/* Entries of `databases:`: their schemas, URLs, settings and qualifiers. No variable is looked up. */
#include "checker.h"

#include <base/suggest.h>
#include <entries/expand.h>
#include <entries/keys.h>
#include <entries/url.h>
#include <string.h>

static const char *const journal_modes[] = { "wal", "delete", "truncate", "persist", "memory", "off" };
static const char *const synchronous_modes[] = { "off", "normal", "full", "extra" };
static const char *const temp_stores[] = { "default", "file", "memory" };
static const char *const booleans[] = { "true", "false" };

/* What SQLite's connections can be told; either one of `words`, or a number from `least` to `most`, or free text. */
static const struct setting {
	const char *name;
	const char *const *words;
	size_t word_count;
	int64_t least, most;
	bool number;
} sqlite_settings[] = {
	{ "path", NULL, 0, 0, 0, false },
	{ "journal_mode", journal_modes, IR_COUNT(journal_modes), 0, 0, false },
	{ "synchronous", synchronous_modes, IR_COUNT(synchronous_modes), 0, 0, false },
	{ "busy_timeout_ms", NULL, 0, 0, 3600000, true },
	{ "foreign_keys", booleans, IR_COUNT(booleans), 0, 0, false },
	/* Negative: kibibytes, positive: pages (https://www.sqlite.org/pragma.html#pragma_cache_size). */
	{ "cache_size", NULL, 0, INT32_MIN, INT32_MAX, true },
	{ "temp_store", temp_stores, IR_COUNT(temp_stores), 0, 0, false },
	{ "mmap_size", NULL, 0, 0, INT64_C(1) << 40, true },
};

static const struct setting *find_setting(const char *name)
{
	for (size_t i = 0; i < IR_COUNT(sqlite_settings); i++)
		if (strcmp(sqlite_settings[i].name, name) == 0)
			return &sqlite_settings[i];
	return NULL;
}

static const ir_word *setting_value(const ir_database *database, const char *name)
{
	for (size_t i = 0; i < database->setting_count; i++)
		if (strcmp(database->settings[i].key.text, name) == 0)
			return &database->settings[i].value;
	return NULL;
}

/* The syntax of ${...} in a text of an entry. */
static bool check_variables(ir_checker *checker, const ir_database *database, const char *what, ir_word text)
{
	char problem[DBW__PROBLEM_SIZE];
	size_t offset;

	if (dbw__expand_check(text.text, problem, &offset))
		return true;
	ir__check_error(checker, text.position, "bad-variable", NULL, "\"%s\" of database \"%s\": %s", what,
		database->name.text, problem);
	return false;
}

static bool read_number(const char *text, int64_t *out)
{
	bool negative = text[0] == '-';
	int64_t value = 0;

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

static void check_setting(ir_checker *checker, const ir_database *database, const ir_setting *setting)
{
	const struct setting *known = find_setting(setting->key.text);
	int64_t number;
	char words[128] = "";

	if (known == NULL) {
		dbw_suggestion search;

		dbw_suggestion_begin(&search, setting->key.text, strlen(setting->key.text));
		for (size_t i = 0; i < IR_COUNT(sqlite_settings); i++)
			dbw_suggestion_offer(&search, sqlite_settings[i].name);
		ir__check_error(checker, setting->key.position, "unknown-key",
			search.best != NULL
				? ir__did_you_mean(checker, search.best)
				: "settings are path, journal_mode, synchronous, busy_timeout_ms, foreign_keys, cache_size, temp_store and mmap_size",
			"unknown setting \"%s\" of database \"%s\"", setting->key.text, database->name.text);
		return;
	}
	if (!check_variables(checker, database, known->name, setting->value) ||
		strstr(setting->value.text, "${") != NULL)
		return;
	if (known->number) {
		if (!read_number(setting->value.text, &number) || number < known->least ||
			number > known->most)
			ir__check_error(checker, setting->value.position, "out-of-range", NULL,
				"setting \"%s\" of database \"%s\" must be a whole number from %lld to %lld",
				known->name, database->name.text, (long long)known->least,
				(long long)known->most);
		return;
	}
	for (size_t i = 0; i < known->word_count; i++) {
		if (strcmp(known->words[i], setting->value.text) == 0)
			return;
		strcat(strcat(words, i == 0 ? "" : ", "), known->words[i]);
	}
	if (known->word_count != 0)
		ir__check_error(checker, setting->value.position, "bad-choice",
			ir__check_format(checker, "it is one of %s", words),
			"setting \"%s\" of database \"%s\" cannot be \"%s\"", known->name,
			database->name.text, setting->value.text);
	else if (setting->value.text[0] == '\0')
		ir__check_error(checker, setting->value.position, "bad-choice", NULL,
			"setting \"%s\" of database \"%s\" is empty", known->name, database->name.text);
}

/* Variables that nobody has set: what is left are the defaults. */
static const char *no_variable(void *context, const char *name)
{
	(void)context;
	(void)name;
	return NULL;
}

/*
 * The URL as far as it is known now: without variables, or with all of them at their defaults. False where it is not
 * known or wrong; what is wrong has been reported.
 */
static bool parse_url(ir_checker *checker, const ir_database *database, dbw_url *url)
{
	const ir_word text = database->connection_string;
	char storage[256], problem[DBW__PROBLEM_SIZE];
	dbw_text_buffer expanded;
	bool good;

	if (text.text == NULL || !check_variables(checker, database, "connection_string", text))
		return false;
	dbw_text_init(&expanded, storage, sizeof(storage));
	good = dbw__expand(text.text, no_variable, NULL, &expanded, problem);
	if (good) {
		good = dbw__url_parse(checker->arena, expanded.data, problem, url);
		if (!good && strcmp(problem, "out of memory") == 0)
			checker->out_of_memory = true;
		else if (!good)
			ir__check_error(checker, text.position, "bad-url",
				"write sqlite:path/to/file.db, sqlite::memory:, sqlite::temp: or postgresql://...",
				"\"connection_string\" of database \"%s\": %s", database->name.text, problem);
	}
	checker->out_of_memory |= expanded.failed;
	dbw_text_clear(&expanded);
	return good;
}

static bool has_engine(const ir_schema *schema, const char *provider)
{
	return schema->engines[strcmp(provider, "sqlite") == 0 ? DBW_SQLITE : DBW_POSTGRESQL];
}

static void check_provider(
	ir_checker *checker, const ir_database *database, const char *provider, dbw_position at)
{
	if (database->schema != NULL && !has_engine(database->schema, provider))
		ir__check_error(checker, at, "engine-limit",
			ir__check_format(checker, "add %s to the engines of schema \"%s\"", provider,
				database->schema->name.text),
			"database \"%s\" is %s, which schema \"%s\" is not made for", database->name.text,
			strcmp(provider, "sqlite") == 0 ? "SQLite" : "PostgreSQL",
			database->schema->name.text);
}

static void check_source(ir_checker *checker, const ir_database *database)
{
	const ir_word *path = setting_value(database, "path");
	const char *provider = database->provider.text;
	dbw_url url;
	bool known = parse_url(checker, database, &url);

	if (database->connection_string.text == NULL && path == NULL &&
		(provider == NULL || strcmp(provider, "sqlite") == 0)) {
		ir__check_error(checker, database->name.position, "missing-key",
			"write connection_string: \"sqlite:data/app.db\", or settings: {path: data/app.db}",
			"database \"%s\" does not say where it is", database->name.text);
		return;
	}
	if (database->connection_string.text == NULL && path == NULL) {
		ir__check_error(checker, database->name.position, "missing-key",
			"write connection_string: ${DATABASE_URL}, or postgresql://host/name",
			"database \"%s\" does not say where it is", database->name.text);
		return;
	}
	if (known && provider != NULL && strcmp(provider, url.provider) != 0)
		ir__check_error(checker, database->provider.position, "contradiction",
			"leave \"provider\" out: it follows from the connection string",
			"the provider of database \"%s\" is %s and its connection string is %s's",
			database->name.text, provider, url.provider);
	else if (known)
		check_provider(checker, database, url.provider, database->connection_string.position);
	else if (provider != NULL)
		check_provider(checker, database, provider, database->provider.position);
	else if (path != NULL && database->connection_string.text == NULL)
		check_provider(checker, database, "sqlite", path->position);
	if (path != NULL && database->connection_string.text != NULL &&
		!(known && url.kind == DBW_URL_PATH && strcmp(url.path, path->text) == 0))
		ir__check_error(checker, path->position, "contradiction", "keep one of the two",
			"database \"%s\" has a connection string and another path in its settings",
			database->name.text);
	if (database->setting_count != 0 && (known ? strcmp(url.provider, "sqlite") != 0
						   : provider != NULL && strcmp(provider, "sqlite") != 0))
		ir__check_error(checker, database->settings[0].key.position, "engine-limit",
			"PostgreSQL is told by its connection string: postgresql://host/name?connect_timeout=10",
			"database \"%s\" is PostgreSQL; only SQLite has settings", database->name.text);
}

static void resolve_schema(ir_checker *checker, ir_database *database)
{
	const ir_project *project = checker->project;
	const char *near;
	ir_schema *schema;

	if (database->schema_name.text == NULL)
		return;
	schema = ir_find_schema(project, database->schema_name.text);
	if (schema != NULL && schema->model_count != 0) {
		database->schema = schema;
		return;
	}
	if (project->incomplete)
		return;
	near = ir__suggest_schema(project, database->schema_name.text, ir__has_models);
	ir__check_error(checker, database->schema_name.position, "unknown-schema",
		near != NULL ? ir__did_you_mean(checker, near)
			     : "write schema: and the name of the schema whose models it holds",
		"database \"%s\" is of schema \"%s\", which has no models", database->name.text,
		database->schema_name.text);
}

static void check_pair(ir_checker *checker, const ir_database *first, const ir_database *second)
{
	if (first->is_default && second->is_default) {
		ir__check_error(checker, second->default_position, "duplicate-name",
			"only one database is the default",
			"database \"%s\" is a second default; the first is \"%s\"", second->name.text,
			first->name.text);
	}
	if (first->schema != NULL && first->schema == second->schema &&
		strcmp(first->qualifier.text, second->qualifier.text) == 0)
		ir__check_error(checker, second->qualifier.position, "duplicate-name",
			"qualifiers tell the databases of one schema apart at run time",
			"the databases \"%s\" and \"%s\" of schema \"%s\" have the same qualifier \"%s\"",
			first->name.text, second->name.text, first->schema->name.text,
			second->qualifier.text);
}

void ir__check_databases(ir_checker *checker)
{
	const ir_project *project = checker->project;

	for (size_t i = 0; i < project->database_count; i++) {
		ir_database *database = project->databases[i];

		resolve_schema(checker, database);
		if (!database->broken)
			check_source(checker, database);
		for (size_t k = 0; k < database->setting_count; k++)
			check_setting(checker, database, &database->settings[k]);
		for (size_t k = 0; k < i; k++)
			check_pair(checker, project->databases[k], database);
	}
}

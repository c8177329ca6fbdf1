/* What is wrong with an entry can be seen without a variable. */
#include <entries/entry.h>

#include <base/text.h>
#include <entries/outside.h>
#include <entries/url.h>
#include <stdio.h>
#include <string.h>

struct checker {
	dbw_arena *arena;
	dbw_diagnostics *diagnostics;
	const char *what;
	const dbw__entry *entry;
	dbw__said_text text;
	void *context;
	bool good;
};

static void refuse(struct checker *checker, dbw_position at, const char *code, const char *hint,
	const char *format, ...) __attribute__((format(printf, 5, 6)));

static void refuse(
	struct checker *checker, dbw_position at, const char *code, const char *hint, const char *format, ...)
{
	va_list arguments;

	checker->good = false;
	va_start(arguments, format);
	dbw_vreport(checker->diagnostics, DBW_SEVERITY_ERROR, at, code, hint, format, arguments);
	va_end(arguments);
}

/* Of a problem of a URL; short memory is a mistake of nobody. */
static const char *code_of(const char *problem, const char *code)
{
	return strcmp(problem, "out of memory") == 0 ? "out-of-memory" : code;
}

static const char *no_variable(void *context, const char *name)
{
	(void)context;
	(void)name;
	return NULL;
}

/*
 * The text as far as it is known: without variables, or with all of them at their defaults. NULL where it is not
 * known, and after a report.
 */
static const char *known_text(void *context, const dbw__said *said)
{
	struct checker *checker = context;
	char problem[DBW__PROBLEM_SIZE], storage[256];
	const char *text = NULL;
	size_t offset;
	dbw_text_buffer buffer;

	if (!dbw__expand_check(said->value, problem, &offset)) {
		refuse(checker, said->at, "bad-variable", NULL, "\"%s\" of %s: %s", said->name, checker->what,
			problem);
		return NULL;
	}
	dbw_text_init(&buffer, storage, sizeof storage);
	if (dbw__expand(said->value, no_variable, NULL, &buffer, problem)) {
		text = dbw_arena_copy(checker->arena, buffer.data, buffer.length);
		if (text == NULL)
			refuse(checker, said->at, "out-of-memory", NULL, "out of memory");
	}
	dbw_text_clear(&buffer);
	return text;
}

static void check_value(struct checker *checker, const dbw__said *said)
{
	const char *text = known_text(checker, said);
	char problem[DBW__PROBLEM_SIZE];

	/* A default that is empty may be meant to be replaced. */
	if (text == NULL || said->key == NULL || (*text == '\0' && *said->value != '\0'))
		return;
	if (!dbw__key_check(said->key, text, problem))
		refuse(checker, said->at,
			said->key == &dbw__keys[DBW__KEY_PROVIDER] ? "unknown-provider" : "bad-value", NULL,
			"\"%s\" of %s %s", said->name, checker->what, problem);
}

static const char keep_one[] = "keep one of the two";

/* A part beside a URL that says something else; `ours` NULL where the URL says nothing, which has the hint. */
static void compare_part(struct checker *checker, size_t place, const char *ours, const char *hint)
{
	const dbw__said *said = dbw__entry_find(checker->entry, place);
	const char *text = said == NULL ? NULL : checker->text(checker->context, said);

	if (said == NULL || text == NULL || (ours != NULL && strcmp(text, ours) == 0))
		return;
	refuse(checker, said->at, "contradiction", ours != NULL ? keep_one : hint,
		"%s has a connection string, and \"%s\" besides", checker->what, said->name);
}

static void compare_parts(struct checker *checker, const dbw__said *said, const dbw_url *url)
{
	const char *hint =
		url->kind == DBW_URL_SERVER
			? "write it into the connection string, or all in parts: host, port, name, user, password"
			: keep_one;
	dbw_url_parts parts = { NULL, NULL, NULL, NULL, NULL };
	char problem[DBW__PROBLEM_SIZE];

	if (url->kind == DBW_URL_SERVER &&
		!dbw__url_take_apart(checker->arena, url->opaque, problem, &parts)) {
		refuse(checker, said->at, code_of(problem, "bad-url"), NULL,
			"\"connection_string\" of %s: %s", checker->what, problem);
		return;
	}
	compare_part(checker, DBW__KEY_PATH, url->path, keep_one);
	compare_part(checker, DBW__KEY_HOST, parts.host, hint);
	compare_part(checker, DBW__KEY_PORT, parts.port, hint);
	compare_part(checker, DBW__KEY_USER, parts.user, hint);
	compare_part(checker, DBW__KEY_PASSWORD, parts.password, hint);
	compare_part(checker, DBW__KEY_DATABASE, url->path != NULL ? url->path : parts.name, hint);
}

/* What to write instead of a URL of no kind that is known, and where: a variable may have said it. */
static const char *url_hint(struct checker *checker, const dbw__said *said, const char *text)
{
	static const char kinds[] =
		"sqlite:path/to/file.db, sqlite::memory:, sqlite::temp: or postgresql://...";
	const char *variable = checker->text == known_text ? NULL : strstr(said->value, "${");
	const char *hint;

	if (dbw__url_provider(text) != NULL)
		return NULL;
	if (variable == NULL) {
		hint = dbw_arena_printf(checker->arena, "write %s", kinds);
	} else {
		const size_t length = strcspn(variable, "}");
		const char *fallback = strstr(variable, ":-");

		hint = dbw_arena_printf(checker->arena, "%.*s} is to be %s",
			(int)(fallback != NULL && fallback < variable + length ? fallback - variable
									       : (ptrdiff_t)length),
			variable, kinds);
	}
	if (hint == NULL)
		refuse(checker, said->at, "out-of-memory", NULL, "out of memory");
	return hint;
}

static void check_url(struct checker *checker, const dbw__said *said)
{
	const dbw__said *provider = dbw__entry_find(checker->entry, DBW__KEY_PROVIDER);
	const char *text = checker->text(checker->context, said);
	char problem[DBW__PROBLEM_SIZE];
	const char *provider_text;
	dbw_url url;

	/* A default that is empty may be meant to be replaced. */
	if (text == NULL || (*text == '\0' && *said->value != '\0' && checker->text == known_text))
		return;
	provider_text = provider == NULL ? NULL : checker->text(checker->context, provider);
	if (provider_text != NULL && dbw__is_outside(provider_text) && dbw__url_provider(text) == NULL) {
		compare_part(checker, DBW__KEY_PATH, NULL, keep_one);
		return;
	}
	if (!dbw__url_parse(checker->arena, text, problem, &url)) {
		refuse(checker, said->at, code_of(problem, "bad-url"), url_hint(checker, said, text),
			"\"connection_string\" of %s: %s", checker->what, problem);
		return;
	}
	if (provider_text != NULL && !dbw__is_outside(provider_text) &&
		strcmp(provider_text, url.provider) != 0)
		refuse(checker, provider->at, "contradiction",
			"leave \"provider\" out: it follows from the connection string",
			"the provider of %s is %s and its connection string is %s's", checker->what,
			provider_text, url.provider);
	compare_parts(checker, said, &url);
}

/* Keys that belong to another provider than the one that the entry itself names without a variable. */
static void check_engine(struct checker *checker)
{
	const dbw__said *url = dbw__entry_find(checker->entry, DBW__KEY_CONNECTION_STRING);
	const char *provider = dbw__entry_provider(checker->entry);

	if (provider == NULL || dbw__is_outside(provider) || (url != NULL && strchr(url->value, '$') != NULL))
		return;
	for (size_t i = 0; i < checker->entry->count; i++) {
		const dbw__said *said = &checker->entry->said[i];
		const dbw__key *key = said->key;

		/* Parts beside a URL have been compared. */
		if (key == NULL || key->provider == NULL || strcmp(key->provider, provider) == 0 ||
			(url != NULL && key->group == DBW__GROUP_PLACE))
			continue;
		refuse(checker, said->at, "engine-limit",
			key->group == DBW__GROUP_DRIVER
				? "say it in the profile in which the database is of that engine"
				: NULL,
			"\"%s\" is only for %s, and %s is %s", said->name,
			strcmp(key->provider, "sqlite") == 0 ? "SQLite" : "PostgreSQL", checker->what,
			strcmp(provider, "sqlite") == 0 ? "SQLite" : "PostgreSQL");
	}
	if (strcmp(provider, "sqlite") == 0) {
		for (size_t i = 0; i < checker->entry->count; i++)
			if (checker->entry->said[i].key == NULL)
				refuse(checker, checker->entry->said[i].at, "engine-limit", NULL,
					"%s is SQLite, whose driver takes no options", checker->what);
	}
}

bool dbw__entry_check_url(dbw_arena *arena, dbw_diagnostics *diagnostics, const char *what,
	const dbw__entry *entry, dbw__said_text text, void *context)
{
	struct checker checker = { arena, diagnostics, what, entry, text, context, true };
	const dbw__said *url = dbw__entry_find(entry, DBW__KEY_CONNECTION_STRING);

	if (url != NULL)
		check_url(&checker, url);
	return checker.good;
}

bool dbw__entry_check(
	dbw_arena *arena, dbw_diagnostics *diagnostics, const char *what, const dbw__entry *entry)
{
	struct checker checker = { arena, diagnostics, what, entry, known_text, &checker, true };

	for (size_t i = 0; i < entry->count; i++) {
		const dbw__said *said = &entry->said[i];

		if (said->key == &dbw__keys[DBW__KEY_CONNECTION_STRING])
			check_url(&checker, said);
		else
			check_value(&checker, said);
	}
	check_engine(&checker);
	return checker.good;
}

bool dbw__check_min_idle(dbw_diagnostics *diagnostics, const char *what, dbw_position at, int64_t min_idle,
	int64_t size, int64_t max_overflow)
{
	if (min_idle <= size + max_overflow)
		return true;
	dbw_report(diagnostics, DBW_SEVERITY_ERROR, at, "bad-value", "lower it, or raise pool_size",
		"\"min_idle\" of %s is %lld, and its pool has at most %lld connection%s", what,
		(long long)min_idle, (long long)(size + max_overflow), size + max_overflow == 1 ? "" : "s");
	return false;
}

/* A number that is said; `otherwise` where nothing is. False: it is not known, or wrong. */
static bool known_number(struct checker *checker, size_t place, int64_t otherwise, int64_t *out)
{
	const dbw__said *said = dbw__entry_find(checker->entry, place);
	char problem[DBW__PROBLEM_SIZE];
	const char *text;

	*out = otherwise;
	if (said == NULL)
		return true;
	if (strchr(said->value, '$') != NULL)
		return false;
	text = known_text(checker, said);
	if (text == NULL || !dbw__key_check(said->key, text, problem))
		return false;
	*out = dbw__key_number(text);
	return true;
}

bool dbw__entry_check_pool(
	dbw_arena *arena, dbw_diagnostics *diagnostics, const char *what, const dbw__entry *entry)
{
	struct checker checker = { arena, diagnostics, what, entry, known_text, &checker, true };
	const dbw__said *said = dbw__entry_find(entry, DBW__KEY_MIN_IDLE);
	int64_t min_idle, size, more;

	if (said == NULL || !known_number(&checker, DBW__KEY_MIN_IDLE, 0, &min_idle) ||
		!known_number(&checker, DBW__KEY_POOL_SIZE, DBW__POOL_SIZE_DEFAULT, &size) ||
		!known_number(&checker, DBW__KEY_MAX_OVERFLOW, 0, &more))
		return checker.good;
	return dbw__check_min_idle(diagnostics, what, said->at, min_idle, size, more);
}

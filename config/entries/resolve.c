#include "resolver.h"

#include <entries/file.h>
#include <entries/outside.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { LARGEST_SECRET = 65536 };

static const char masked[] = "***";

void dbw__resolver_refuse(struct resolver *resolver, dbw_position at, const char *code, const char *hint,
	const char *format, ...)
{
	va_list arguments;

	resolver->good = false;
	va_start(arguments, format);
	dbw_vreport(resolver->request->diagnostics, DBW_SEVERITY_ERROR, at, code, hint, format, arguments);
	va_end(arguments);
}

void *dbw__resolver_no_memory(struct resolver *resolver)
{
	dbw__resolver_refuse(resolver, (dbw_position){ NULL, 0, 0 }, "out-of-memory", NULL, "out of memory");
	return NULL;
}

/* The folder of the file that says something, as it is named there; its length 0 for none. */
static size_t folder_length(dbw_position at)
{
	const char *slash = at.line == 0 || at.file == NULL ? NULL : strrchr(at.file, '/');

	if (slash == NULL)
		return 0;
	return slash == at.file ? 1 : (size_t)(slash - at.file);
}

/* What means the same is written the same: databases of one file share a pool. `..` stays, for it may leave a link. */
static void clean(char *path)
{
	char *to = path;

	for (const char *from = path; *from != '\0';) {
		if (from[0] == '/' && from[1] == '/')
			from++;
		else if (strncmp(from, "/./", 3) == 0)
			from += 2;
		else
			*to++ = *from++;
	}
	*to = '\0';
}

const char *dbw__resolver_path(struct resolver *resolver, dbw_position at, const char *path)
{
	const size_t folder = folder_length(at);
	dbw_arena *arena = resolver->request->arena;
	char *out;

	if (path[0] == '/')
		out = dbw_arena_copy(arena, path, strlen(path));
	else if (folder == 0)
		out = dbw_arena_printf(arena, "%s/%s", resolver->request->root, path);
	else if (at.file[0] == '/')
		out = dbw_arena_printf(arena, "%.*s/%s", (int)folder, at.file, path);
	else
		out = dbw_arena_printf(
			arena, "%s/%.*s/%s", resolver->request->root, (int)folder, at.file, path);
	if (out == NULL)
		return dbw__resolver_no_memory(resolver);
	clean(out);
	return out;
}

/* The text of a secret's file, without the line end at its end; NULL with errno. */
static const char *read_secret(struct resolver *resolver, const char *name)
{
	const dbw__request *request = resolver->request;
	const char *folder = dbw__environment_get(request->environment, "CREDENTIALS_DIRECTORY"), *path;
	dbw_text_buffer *file = &resolver->file;
	int problem;

	if (name[0] != '/' && folder != NULL && *folder != '\0')
		path = dbw_arena_printf(request->arena, "%s/%s", folder, name);
	else
		path = dbw__resolver_path(resolver, resolver->reading->at, name);
	dbw_text_truncate(file, 0);
	problem = path == NULL ? ENOMEM : dbw__file_read(path, LARGEST_SECRET, file);
	if (problem == 0 && file->length != 0 && memchr(file->data, '\0', file->length) != NULL)
		problem = EILSEQ;
	if (problem != 0) {
		errno = problem;
		return NULL;
	}
	if (file->length != 0 && file->data[file->length - 1] == '\n')
		dbw_text_truncate(file, file->length - 1);
	if (file->length != 0 && file->data[file->length - 1] == '\r')
		dbw_text_truncate(file, file->length - 1);
	return file->length == 0 ? "" : file->data;
}

static const char *variable(void *context, const char *name)
{
	struct resolver *resolver = context;

	if (strncmp(name, "file:", 5) != 0)
		return dbw__environment_get(resolver->request->environment, name);
	resolver->secret = true;
	return read_secret(resolver, name + 5);
}

/* The text of a value with its variables replaced, in the arena; NULL after a report. */
static const char *expand(struct resolver *resolver, const dbw__said *said)
{
	char storage[256], problem[DBW__PROBLEM_SIZE];
	const char *text = NULL;
	dbw_text_buffer buffer;

	dbw_text_init(&buffer, storage, sizeof storage);
	resolver->reading = said;
	resolver->secret = false;
	if (dbw__expand(said->value, variable, resolver, &buffer, problem)) {
		text = dbw_arena_copy(resolver->request->arena, buffer.data, buffer.length);
		if (text == NULL)
			dbw__resolver_no_memory(resolver);
	} else if (buffer.failed || resolver->file.failed) {
		dbw__resolver_no_memory(resolver);
	} else {
		dbw__resolver_refuse(resolver, said->at, "bad-variable", NULL, "\"%s\" of %s: %s", said->name,
			resolver->what, problem);
	}
	dbw_text_clear(&buffer);
	dbw_text_clear(&resolver->file);
	return text;
}

bool dbw__resolver_is_outside(struct resolver *resolver, const dbw__said *said)
{
	char storage[256], problem[DBW__PROBLEM_SIZE];
	dbw_text_buffer buffer;
	bool outside;

	dbw_text_init(&buffer, storage, sizeof storage);
	resolver->reading = said;
	outside = dbw__expand(said->value, variable, resolver, &buffer, problem) &&
		  dbw__is_outside(buffer.data);
	if (buffer.failed || resolver->file.failed)
		dbw__resolver_no_memory(resolver);
	dbw_text_clear(&buffer);
	dbw_text_clear(&resolver->file);
	return outside;
}

static bool is_secret(const dbw__said *said)
{
	return said->key != NULL ? said->key->secret : dbw__is_secret_name(said->name);
}

/* What is shown of a value, or of what is written for it; NULL when memory is short. */
static const char *show(const struct resolver *resolver, const dbw__said *said, const char *text)
{
	dbw_arena *arena = resolver->request->arena;

	if (is_secret(said))
		return masked;
	return said->key == &dbw__keys[DBW__KEY_CONNECTION_STRING]
		       ? dbw__connection_string_masked(arena, text)
		       : dbw__url_masked(arena, text);
}

static dbw__value *value_of(const struct resolver *resolver, const dbw__said *said)
{
	dbw__value *value = resolver->out->values;

	while (value->said != said)
		value++;
	return value;
}

const char *dbw__resolver_use(struct resolver *resolver, const dbw__said *said)
{
	dbw__value *value = value_of(resolver, said);
	char problem[DBW__PROBLEM_SIZE];

	if (value->outcome == DBW__USED)
		return value->text;
	value->outcome = DBW__USED;
	value->text = expand(resolver, said);
	if (value->text == NULL)
		return NULL;
	if (resolver->secret && said->key != &dbw__keys[DBW__KEY_CONNECTION_STRING])
		value->shown = masked;
	else if ((value->shown = show(resolver, said, value->text)) == NULL)
		value->shown = dbw__resolver_no_memory(resolver);
	/* Connection strings have rules of their own. */
	if (said->key == NULL || said->key == &dbw__keys[DBW__KEY_CONNECTION_STRING] ||
		dbw__key_check(said->key, value->text, problem))
		return value->text;
	dbw__resolver_refuse(resolver, said->at,
		said->key == &dbw__keys[DBW__KEY_PROVIDER] ? "unknown-provider" : "bad-value", NULL,
		"\"%s\" of %s %s", said->name, resolver->what, problem);
	value->text = NULL;
	return NULL;
}

void dbw__resolver_lose(struct resolver *resolver, const dbw__said *said, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		dbw__value *value = value_of(resolver, &said[i]);

		value->outcome = DBW__LOST;
		value->text = NULL;
	}
}

/* An entry of files: what stands before its connection string is said nearer. How many sources that makes. */
static size_t add_entry(const dbw__entry *entry, dbw__entry *levels)
{
	const dbw__said *url = dbw__entry_find(entry, DBW__KEY_CONNECTION_STRING);
	const size_t nearer = url == NULL ? 0 : (size_t)(url - entry->said);
	size_t count = 0;

	if (nearer != 0)
		levels[count++] = (dbw__entry){ entry->name, entry->at, entry->said, nearer };
	levels[count++] = (dbw__entry){ entry->name, entry->at, entry->said + nearer, entry->count - nearer };
	return count;
}

/* All sources in their order. */
static bool collect_levels(struct resolver *resolver)
{
	const dbw__request *request = resolver->request;
	const size_t most = 1 + DBW__ENVIRONMENT_ENTRIES + 2 * request->entry_count + 1;
	size_t count = 1 + DBW__ENVIRONMENT_ENTRIES;
	const char *url = dbw__environment_get(request->environment, "DATABASE_URL");
	dbw__entry *levels = dbw_arena_alloc_zeroed(request->arena, most, sizeof *levels);
	dbw__said *said = dbw_arena_alloc_zeroed(request->arena, 1, sizeof *said);
	size_t errors = dbw_diagnostics_errors(request->diagnostics);

	if (levels == NULL || said == NULL)
		return false;
	if (request->program != NULL)
		levels[0] = *request->program;
	if (!dbw__environment_entries(request->arena, request->diagnostics, request->environment,
		    request->name, request->is_default, levels + 1))
		return false;
	for (size_t i = 0; i < request->entry_count; i++)
		count += add_entry(&request->entries[i], levels + count);
	if (url != NULL && *url != '\0' && (request->is_default || request->shared_default)) {
		url = dbw__environment_text(request->arena, url);
		if (url == NULL)
			return false;
		const char *source = dbw_arena_printf(request->arena, "%s DATABASE_URL",
			dbw__environment_source(request->environment, "DATABASE_URL"));

		if (source == NULL)
			return false;
		*said = (dbw__said){ &dbw__keys[DBW__KEY_CONNECTION_STRING], "connection_string", url,
			{ source, 0, 0 } };
		levels[count].said = said;
		levels[count].count = 1;
	}
	resolver->good = dbw_diagnostics_errors(request->diagnostics) == errors;
	resolver->levels = levels;
	resolver->level_count = count + 1;
	resolver->default_url = count;
	return true;
}

static bool collect_values(struct resolver *resolver)
{
	dbw__resolved *out = resolver->out;
	size_t count = 0;

	for (size_t i = 0; i < resolver->level_count; i++)
		count += resolver->levels[i].count;
	out->values = dbw_arena_alloc_zeroed(resolver->request->arena, count + 1, sizeof *out->values);
	if (out->values == NULL)
		return false;
	for (size_t i = 0; i < resolver->level_count; i++) {
		for (size_t j = 0; j < resolver->levels[i].count; j++) {
			const dbw__said *said = &resolver->levels[i].said[j];
			dbw__value *value = &out->values[out->count++];

			value->said = said;
			value->outcome = DBW__LOST;
			value->shown = show(resolver, said, said->value);
			if (value->shown == NULL)
				return false;
		}
	}
	return true;
}

static bool is_said_before(const dbw__resolved *out, const dbw__value *value)
{
	for (const dbw__value *each = out->values; each != value; each++)
		if (each->said->key == value->said->key && strcmp(each->said->name, value->said->name) == 0 &&
			each->outcome != DBW__OTHER_ENGINE)
			return true;
	return false;
}

/* The provider that the options of a value's source are meant for; NULL if it does not say. A default does not: what
 * stands beside it is for what the variable leads to, too. */
static const char *provider_of_source(const struct resolver *resolver, const dbw__said *said)
{
	for (size_t i = 0; i < resolver->level_count; i++) {
		const dbw__entry *level = &resolver->levels[i];
		const dbw__said *url = dbw__entry_find(level, DBW__KEY_CONNECTION_STRING);

		if (level->count != 0 && said >= level->said && said < level->said + level->count)
			return url != NULL && url->value[0] == '$' ? NULL : dbw__entry_provider(level);
	}
	return NULL;
}

/* Whether a value is only for another provider than the one that won. */
static bool is_for_another(const struct resolver *resolver, const dbw__said *said)
{
	const char *won = resolver->out->provider;
	const char *provider = said->key != NULL ? said->key->provider : provider_of_source(resolver, said);

	/* One from outside may have a use for anything. */
	if (won == NULL || resolver->out->symbol != NULL)
		return false;
	/* SQLite takes no options: those of the defaults are for other databases. */
	if (said->key == NULL && strcmp(won, "sqlite") == 0)
		return true;
	return provider != NULL && strcmp(provider, won) != 0;
}

/* The other values, once the provider is known: the nearest of each, but for those of other engines. */
static void use_values(struct resolver *resolver)
{
	dbw__resolved *out = resolver->out;

	for (size_t i = 0; i < out->count; i++) {
		dbw__value *value = &out->values[i];
		const dbw__said *said = value->said;

		if (said->key != NULL && said->key->group == DBW__GROUP_PLACE && value->outcome == DBW__USED)
			continue;
		if (is_for_another(resolver, said))
			value->outcome = DBW__OTHER_ENGINE;
		else if ((said->key == NULL || said->key->group != DBW__GROUP_PLACE) &&
			 !is_said_before(out, value))
			dbw__resolver_use(resolver, said);
	}
}

static void check_pool(struct resolver *resolver)
{
	const dbw__resolved *out = resolver->out;
	const dbw__value *min_idle = dbw__resolved_find(out, DBW__KEY_MIN_IDLE);

	if (min_idle != NULL && !dbw__check_min_idle(resolver->request->diagnostics, resolver->what,
					min_idle->said->at, dbw__resolved_number(out, DBW__KEY_MIN_IDLE, 0),
					dbw__resolved_number(out, DBW__KEY_POOL_SIZE, DBW__POOL_SIZE_DEFAULT),
					dbw__resolved_number(out, DBW__KEY_MAX_OVERFLOW, 0)))
		resolver->good = false;
}

bool dbw__resolve(const dbw__request *request, dbw__resolved *out)
{
	struct resolver resolver = { .request = request, .out = out, .good = true };

	memset(out, 0, sizeof *out);
	dbw_text_init(&resolver.file, NULL, 0);
	resolver.what = dbw_arena_printf(request->arena, "database \"%s\"", request->name);
	if (resolver.what == NULL || !collect_levels(&resolver) || !collect_values(&resolver)) {
		dbw__resolver_no_memory(&resolver);
		return false;
	}
	if (!dbw__resolver_find_place(&resolver)) {
		resolver.good = false;
		out->provider = NULL;
	}
	use_values(&resolver);
	check_pool(&resolver);
	return resolver.good;
}

void dbw__resolved_set_engine(dbw__resolved *resolved, const char *engine)
{
	for (size_t i = 0; i < resolved->count; i++) {
		dbw__value *value = &resolved->values[i];
		const dbw__key *key = value->said->key;

		if (value->outcome == DBW__USED && key != NULL && key->group == DBW__GROUP_DRIVER &&
			(engine == NULL || strcmp(key->provider, engine) != 0))
			value->outcome = DBW__OTHER_ENGINE;
	}
}

const dbw__value *dbw__resolved_find(const dbw__resolved *resolved, size_t place)
{
	for (size_t i = 0; i < resolved->count; i++)
		if (resolved->values[i].said->key == &dbw__keys[place] &&
			resolved->values[i].outcome == DBW__USED)
			return &resolved->values[i];
	return NULL;
}

int64_t dbw__resolved_number(const dbw__resolved *resolved, size_t place, int64_t otherwise)
{
	const dbw__value *value = dbw__resolved_find(resolved, place);

	return value == NULL || value->text == NULL ? otherwise : dbw__key_number(value->text);
}

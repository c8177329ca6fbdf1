/* Entries of C as the configuration sees them. */
#include "registry.h"

#include <base/suggest.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char option_prefix[] = "options.";

struct maker {
	dbw_arena *arena;
	dbw_diagnostics *diagnostics;
	const dbw_entry *from;
	bool copied;
	dbw__entry *entry;
	dbw__said *said;
	bool out_of_memory;
};

static const char *keep(struct maker *maker, const char *text)
{
	const char *copy = maker->copied ? dbw_arena_copy(maker->arena, text, strlen(text)) : text;

	maker->out_of_memory |= copy == NULL;
	return copy;
}

/* The number before `*end`, with its colon; false if there is none. */
static bool take_number(const char *text, size_t *end, uint32_t *out)
{
	size_t at = *end;
	char digits[10];

	while (at > 0 && text[at - 1] >= '0' && text[at - 1] <= '9')
		at--;
	if (at == *end || at < 2 || text[at - 1] != ':' || *end - at >= sizeof digits)
		return false;
	memcpy(digits, text + at, *end - at);
	digits[*end - at] = '\0';
	*out = (uint32_t)strtoul(digits, NULL, 10);
	*end = at - 1;
	return true;
}

/* "dbwright.yaml:12:3" in its parts; without a source the program says it. */
static dbw_position position_of(struct maker *maker, const char *source)
{
	size_t end = source == NULL ? 0 : strlen(source);
	dbw_position at = { "set by the program", 0, 0 };

	if (source == NULL)
		return at;
	if (take_number(source, &end, &at.column) && take_number(source, &end, &at.line))
		at.file = dbw_arena_copy(maker->arena, source, end);
	else
		at = (dbw_position){ keep(maker, source), 0, 0 };
	maker->out_of_memory |= at.file == NULL;
	return at;
}

static void refuse_unknown(struct maker *maker, const char *word, dbw_position at)
{
	char hint[128] = "";
	dbw_suggestion near;

	dbw_suggestion_begin(&near, word, strlen(word));
	for (size_t i = 0; i < dbw__key_count; i++)
		dbw_suggestion_offer(&near, dbw__keys[i].name);
	if (near.best != NULL)
		snprintf(hint, sizeof hint, "did you mean \"%s\"?", near.best);
	dbw_report(maker->diagnostics, DBW_SEVERITY_ERROR, at, "unknown-key", near.best == NULL ? NULL : hint,
		"unknown key \"%s\" in database \"%s\"", word, maker->from->name);
}

static void add(struct maker *maker, const char *word, const char *value, dbw_position at)
{
	const size_t prefix = sizeof option_prefix - 1;
	const bool is_option = strncmp(word, option_prefix, prefix) == 0;
	const dbw__key *key = is_option ? NULL : dbw__key_find(word, strlen(word), false);
	const char *name = is_option ? word + prefix : word;

	if ((key == NULL && !is_option) || *name == '\0' || value == NULL) {
		refuse_unknown(maker, word, at);
		return;
	}
	for (size_t i = 0; i < maker->entry->count; i++) {
		if (maker->said[i].key != key || strcmp(maker->said[i].name, name) != 0)
			continue;
		dbw_report(maker->diagnostics, DBW_SEVERITY_ERROR, at, "duplicate-key", NULL,
			"\"%s\" of database \"%s\" is given twice", word, maker->from->name);
		return;
	}
	maker->said[maker->entry->count++] =
		(dbw__said){ key, key != NULL ? key->name : keep(maker, name), keep(maker, value), at };
}

/* A text in which nothing is to be filled in, as one that may hold ${...}; NULL is not said. */
static void add_plain(struct maker *maker, const char *word, const char *text, dbw_position at)
{
	size_t length = 0, dollars = 0;
	char *out;

	if (text == NULL)
		return;
	for (const char *c = text; *c != '\0'; c++)
		dollars += *c == '$';
	out = dbw_arena_alloc_zeroed(maker->arena, strlen(text) + dollars + 1, 1);
	if (out == NULL) {
		maker->out_of_memory = true;
		return;
	}
	for (const char *c = text; *c != '\0'; c++) {
		if (*c == '$')
			out[length++] = '$';
		out[length++] = *c;
	}
	add(maker, word, out, at);
}

static void add_number(struct maker *maker, const char *word, long long number, dbw_position at)
{
	char digits[24];
	const char *text;

	if (number == 0)
		return;
	snprintf(digits, sizeof digits, "%lld", number);
	text = dbw_arena_copy(maker->arena, digits, strlen(digits));
	maker->out_of_memory |= text == NULL;
	if (text != NULL)
		add(maker, word, text, at);
}

static void add_place(struct maker *maker, const dbw_entry *from, dbw_position at)
{
	add_plain(maker, "path", from->path, at);
	add_plain(maker, "host", from->server.host, at);
	add_number(maker, "port", from->server.port, at);
	add_plain(maker, "name", from->server.name, at);
	add_plain(maker, "user", from->server.user, at);
	add_plain(maker, "password", from->server.password, at);
}

/* How many members of an entry may say something, besides its settings. */
enum { MEMBERS = 13 };

bool dbw__entry_of(
	dbw_arena *arena, dbw_diagnostics *diagnostics, const dbw_entry *from, bool copied, dbw__entry *out)
{
	struct maker maker = { arena, diagnostics, from, copied, out, NULL, false };
	dbw_position at = position_of(&maker, from->source);

	maker.said = dbw_arena_alloc_zeroed(arena, from->setting_count + MEMBERS, sizeof *maker.said);
	if (maker.said == NULL)
		return false;
	*out = (dbw__entry){ keep(&maker, from->name), at, maker.said, 0 };
	if (from->schema != NULL)
		add(&maker, "schema", from->schema, at);
	if (from->connection_string != NULL)
		add(&maker, "connection_string", from->connection_string, at);
	if (from->provider != NULL)
		add(&maker, "provider", from->provider, at);
	if (from->qualifier != NULL)
		add(&maker, "qualifier", from->qualifier, at);
	if (from->is_default)
		add(&maker, "default", "true", at);
	add_number(&maker, "pool_size", from->pool_size, at);
	if (from->depends_on != NULL)
		add(&maker, "depends_on", from->depends_on, at);
	add_place(&maker, from, at);
	for (size_t i = 0; i < from->setting_count; i++) {
		const char *source = from->sources == NULL ? from->source : from->sources[i];

		if (from->settings[i].key != NULL)
			add(&maker, from->settings[i].key, from->settings[i].value,
				position_of(&maker, source));
	}
	return !maker.out_of_memory;
}

dbw_entry dbw_entry_sqlite(const char *name, const char *path)
{
	return (dbw_entry){ .name = name, .provider = "sqlite", .path = path == NULL ? "" : path };
}

dbw_entry dbw_entry_postgresql(const char *name, dbw_server server)
{
	return (dbw_entry){ .name = name, .provider = "postgresql", .server = server };
}

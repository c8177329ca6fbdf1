/* One mapping: flat, with `settings:`, with blocks; all become flat. */
#include "files.h"

#include <base/suggest.h>
#include <string.h>

static const char *const blocks[] = { "pool", "security" };

/* Keys that stand in the mapping of an entry besides those of the table. */
static const char *const entry_keys[] = { "settings", "options", "extends", "pool", "security" };

/* Keys that the language has, and this version does not read yet. */
static const char *const later_keys[] = { "replicas", "shards", "read_from", "namespace" };

/* Words that people bring along from elsewhere. */
static const struct foreign_word {
	const char *theirs, *hint;
} foreign_words[] = {
	{ "of", "write \"schema\": the schema whose models the database holds" },
	{ "model", "write \"schema\": the schema whose models the database holds" },
	{ "models", "write \"schema\": the schema whose models the database holds" },
	{ "database", "write \"name\" for the database on the server, \"schema\" for whose models it holds" },
	{ "databases", "this is one entry: its keys stand here, without databases: and a name above them" },
	{ "url", "write \"connection_string\"" },
	{ "dsn", "write \"connection_string\"" },
	{ "username", "write \"user\"" },
	{ "tls", "write \"security\"" },
	{ "ssl", "write \"security\"" },
	{ "min_size", "write \"min_idle\"" },
	{ "timeout", "write \"operation_timeout_ms\"" },
	{ "lifetime", "write \"max_lifetime_ms\"" },
};

/* One entry being read. */
struct entry_reader {
	dbw__file_reader *reader;
	const char *what;
	dbw__file_entry *out;
	dbw__said *said; /* Room for all. */
	bool good;
};

static bool is_among(const char *word, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(words[i], word) == 0)
			return true;
	return false;
}

static bool report_known_elsewhere(struct entry_reader *entry, const dbw_yaml_node *key)
{
	for (size_t i = 0; i < sizeof foreign_words / sizeof *foreign_words; i++) {
		if (strcmp(foreign_words[i].theirs, key->of.text) != 0)
			continue;
		dbw__files_report(entry->reader, key->position, "unknown-key", foreign_words[i].hint,
			"unknown key \"%s\" in %s", key->of.text, entry->what);
		return true;
	}
	if (!is_among(key->of.text, later_keys, sizeof later_keys / sizeof *later_keys))
		return false;
	dbw__files_report(entry->reader, key->position, "not-supported", NULL,
		"\"%s\" in %s is not supported yet", key->of.text, entry->what);
	return true;
}

/* `block` NULL: the mapping of the entry, or its `settings:`. */
static void report_unknown(struct entry_reader *entry, const dbw_yaml_node *key, const char *block)
{
	const char *word = key->of.text, *hint;
	dbw_suggestion near;

	entry->good = false;
	if (block == NULL && report_known_elsewhere(entry, key))
		return;
	dbw_suggestion_begin(&near, word, key->count);
	for (size_t i = 0; i < dbw__key_count; i++) {
		if (block == NULL)
			dbw_suggestion_offer(&near, dbw__keys[i].name);
		else if (dbw__keys[i].block != NULL && strcmp(dbw__keys[i].block, block) == 0)
			dbw_suggestion_offer(&near, dbw__keys[i].in_block);
	}
	for (size_t i = 0; block == NULL && i < sizeof entry_keys / sizeof *entry_keys; i++)
		dbw_suggestion_offer(&near, entry_keys[i]);
	hint = near.best != NULL ? dbw__files_format(entry->reader, "did you mean \"%s\"?", near.best)
				 : "what else the driver knows can stand below options:";
	if (block == NULL)
		dbw__files_report(entry->reader, key->position, "unknown-key", hint,
			"unknown key \"%s\" in %s", word, entry->what);
	else
		dbw__files_report(entry->reader, key->position, "unknown-key",
			near.best != NULL ? hint : NULL, "unknown key \"%s\" in \"%s\" of %s", word, block,
			entry->what);
}

/* Adds a value; a key that is there already, in whichever style, is an error. */
static void add(struct entry_reader *entry, const dbw__key *key, const char *name, const dbw_yaml_pair *pair)
{
	dbw__entry *own = &entry->out->own;
	const char *value = dbw__files_value(entry->reader, key, name, pair->value, entry->what);

	if (value == NULL) {
		entry->good = false;
		return;
	}
	for (size_t i = 0; i < own->count; i++) {
		if (entry->said[i].key != key || strcmp(entry->said[i].name, name) != 0)
			continue;
		dbw__files_report(entry->reader, pair->key->position, "duplicate-key", "keep one of the two",
			"\"%s\" of %s is given twice", name, entry->what);
		dbw_report(entry->reader->diagnostics, DBW_SEVERITY_NOTE, entry->said[i].at, "duplicate-key",
			NULL, "the first one is here");
		entry->good = false;
		return;
	}
	entry->said[own->count++] = (dbw__said){ key, name, value, pair->value->position };
}

static void read_block(struct entry_reader *entry, const dbw_yaml_node *node, const char *block)
{
	if (!dbw__files_mapping(entry->reader, node, block, entry->what)) {
		entry->good = false;
		return;
	}
	for (size_t i = 0; i < node->count; i++) {
		const dbw_yaml_pair *pair = &node->of.pairs[i];
		const dbw__key *key = dbw__key_find_in_block(block, pair->key->of.text);

		if (key == NULL)
			report_unknown(entry, pair->key, block);
		else
			add(entry, key, key->name, pair);
	}
}

static void read_settings(struct entry_reader *entry, const dbw_yaml_node *node)
{
	if (!dbw__files_mapping(entry->reader, node, "settings", entry->what)) {
		entry->good = false;
		return;
	}
	for (size_t i = 0; i < node->count; i++) {
		const dbw_yaml_pair *pair = &node->of.pairs[i];
		const char *word = pair->key->of.text;
		const dbw__key *key = dbw__key_find(word, strlen(word), false);

		if (is_among(word, blocks, sizeof blocks / sizeof *blocks)) {
			read_block(entry, pair->value, word);
		} else if (key == NULL) {
			report_unknown(entry, pair->key, NULL);
		} else if (key->group == DBW__GROUP_ENTRY || key == &dbw__keys[DBW__KEY_PROVIDER]) {
			entry->good = false;
			dbw__files_report(entry->reader, pair->key->position, "misplaced",
				"move it up, beside \"settings\"", "\"%s\" of %s stands below \"settings\"",
				word, entry->what);
		} else {
			add(entry, key, key->name, pair);
		}
	}
}

static void read_options(struct entry_reader *entry, const dbw_yaml_node *node)
{
	if (!dbw__files_mapping(entry->reader, node, "options", entry->what)) {
		entry->good = false;
		return;
	}
	for (size_t i = 0; i < node->count; i++)
		add(entry, NULL, node->of.pairs[i].key->of.text, &node->of.pairs[i]);
}

static void read_base(struct entry_reader *entry, const dbw_yaml_node *node)
{
	if (!dbw_yaml_as_text(node, &entry->out->base)) {
		entry->good = false;
		dbw__files_report(entry->reader, node->position, "wrong-kind", NULL,
			"\"extends\" of %s must be the name of another database, not %s", entry->what,
			dbw_yaml_describe(node));
	}
	entry->out->base_at = node->position;
}

static void read_pair(struct entry_reader *entry, const dbw_yaml_pair *pair)
{
	const char *word = pair->key->of.text;
	const dbw__key *key = dbw__key_find(word, strlen(word), false);

	if (key != NULL)
		add(entry, key, key->name, pair);
	else if (strcmp(word, "settings") == 0)
		read_settings(entry, pair->value);
	else if (strcmp(word, "options") == 0)
		read_options(entry, pair->value);
	else if (strcmp(word, "extends") == 0)
		read_base(entry, pair->value);
	else if (is_among(word, blocks, sizeof blocks / sizeof *blocks))
		read_block(entry, pair->value, word);
	else
		report_unknown(entry, pair->key, NULL);
}

/* How many values the mapping and those in it hold at most. */
static size_t room(const dbw_yaml_node *node, int levels)
{
	size_t count = node->count;

	for (size_t i = 0; i < node->count && levels > 0; i++)
		if (node->of.pairs[i].value->kind == DBW_YAML_MAPPING)
			count += room(node->of.pairs[i].value, levels - 1);
	return count;
}

bool dbw__file_entry_read(dbw__file_reader *reader, const char *name, dbw_position at, const char *what,
	const dbw_yaml_node *node, dbw__file_entry *out)
{
	struct entry_reader entry = { reader, what, out, NULL, true };

	*out = (dbw__file_entry){ .name = name, .at = at, .own = { name, at, NULL, 0 } };
	if (node->kind != DBW_YAML_MAPPING) {
		dbw__files_report(reader, node->position, "wrong-kind",
			"write connection_string: \"sqlite:data/app.db\"", "%s must be a mapping, not %s",
			what, dbw_yaml_describe(node));
		out->broken = true;
		return false;
	}
	entry.said = dbw__files_alloc(reader, room(node, 3) + 1, sizeof *entry.said);
	if (entry.said == NULL)
		return false;
	out->own.said = entry.said;
	for (size_t i = 0; i < node->count; i++)
		read_pair(&entry, &node->of.pairs[i]);
	dbw__entry_begin_with_url(entry.said, out->own.count);
	entry.good &= dbw__entry_check(reader->arena, reader->diagnostics, what, &out->own);
	out->broken = !entry.good;
	return entry.good;
}

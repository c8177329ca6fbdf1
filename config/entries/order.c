#include <entries/order.h>

#include <base/arena.h>
#include <base/suggest.h>
#include <base/text.h>
#include <stdint.h>
#include <string.h>

/* A walk over databases and what they depend on, deep ones first; without recursion, since a chain may be long. */
struct walk {
	dbw_arena *arena;
	dbw_diagnostics *diagnostics;
	dbw__ordered *all;
	size_t count;
	struct place {
		size_t *on; /* The numbers of those that it depends on. */
		size_t count, next;
		enum { NEW, OPEN, DONE } state;
	} * places;
	size_t *path; /* The open ones, each depending on the next. */
	size_t length;
	bool good;
};

static void refuse(struct walk *walk, dbw_position at, const char *code, const char *hint, const char *format,
	...) __attribute__((format(printf, 5, 6)));

static void refuse(
	struct walk *walk, dbw_position at, const char *code, const char *hint, const char *format, ...)
{
	va_list arguments;

	walk->good = false;
	va_start(arguments, format);
	dbw_vreport(walk->diagnostics, DBW_SEVERITY_ERROR, at, code, hint, format, arguments);
	va_end(arguments);
}

static void refuse_memory(struct walk *walk)
{
	refuse(walk, (dbw_position){ NULL, 0, 0 }, "out-of-memory", NULL, "out of memory");
}

static bool is_word(const char *word, const char *text, size_t length)
{
	return word != NULL && strlen(word) == length && strncmp(word, text, length) == 0;
}

/* The number of the database that a word names; the count of all if there is none. */
static size_t find(const struct walk *walk, const char *word, size_t length)
{
	const char *colon = memchr(word, ':', length);

	for (size_t i = 0; i < walk->count; i++)
		if (is_word(walk->all[i].name, word, length))
			return i;
	for (size_t i = 0; i < walk->count && colon != NULL; i++) {
		const size_t schema = (size_t)(colon - word);

		if (is_word(walk->all[i].schema, word, schema) &&
			is_word(walk->all[i].qualifier, colon + 1, length - schema - 1))
			return i;
	}
	return walk->count;
}

/* Both ways to name a database. */
static void offer(const struct walk *walk, dbw_suggestion *near, const dbw__ordered *one)
{
	const char *pair = one->schema == NULL || one->qualifier == NULL
				   ? NULL
				   : dbw_arena_printf(walk->arena, "%s:%s", one->schema, one->qualifier);

	dbw_suggestion_offer(near, one->name);
	if (pair != NULL)
		dbw_suggestion_offer(near, pair);
}

/* "there is "primary", "audit" (auth:eu)": as many as anybody reads. */
static void list_others(const struct walk *walk, const dbw__ordered *who, dbw_text_buffer *out)
{
	enum { MOST = 8 };
	size_t count = 0;

	for (size_t i = 0; i < walk->count && count < MOST; i++) {
		const dbw__ordered *one = &walk->all[i];

		if (one == who)
			continue;
		dbw_text_printf(out, "%s\"%s\"", count++ == 0 ? "there is " : ", ", one->name);
		if (one->schema != NULL && one->qualifier != NULL && strcmp(one->qualifier, one->name) != 0)
			dbw_text_printf(out, " (%s:%s)", one->schema, one->qualifier);
	}
	if (count == 0)
		dbw_text_append_z(out, "there is no other database");
	else if (count == MOST)
		dbw_text_append_z(out, " ...");
}

static void refuse_unknown(struct walk *walk, const dbw__ordered *who, const char *word, size_t length)
{
	char storage[160];
	dbw_suggestion near;
	dbw_text_buffer hint;

	dbw_text_init(&hint, storage, sizeof storage);
	dbw_suggestion_begin(&near, word, length);
	for (size_t i = 0; i < walk->count; i++)
		if (&walk->all[i] != who)
			offer(walk, &near, &walk->all[i]);
	if (near.best != NULL)
		dbw_text_printf(&hint, "did you mean \"%s\"?", near.best);
	else
		list_others(walk, who, &hint);
	refuse(walk, who->at, "unknown-database", hint.failed ? NULL : hint.data,
		"database \"%s\" depends on \"%.*s\", which is not there", who->name, (int)length, word);
	dbw_text_clear(&hint);
}

static size_t count_words(const char *text)
{
	size_t count = 1;

	for (; *text != '\0'; text++)
		count += *text == ',';
	return count;
}

/* Finds what a database depends on. */
static bool read_words(struct walk *walk, size_t number)
{
	const dbw__ordered *who = &walk->all[number];
	struct place *place = &walk->places[number];
	const char *text = who->depends_on;

	if (text == NULL)
		return true;
	place->on = dbw_arena_alloc_zeroed(walk->arena, count_words(text), sizeof *place->on);
	if (place->on == NULL)
		return false;
	for (text += strspn(text, " ,"); *text != '\0'; text += strspn(text, " ,")) {
		const size_t length = strcspn(text, " ,"), found = find(walk, text, length);

		if (found != walk->count)
			place->on[place->count++] = found;
		else if (!who->lenient)
			refuse_unknown(walk, who, text, length);
		text += length;
	}
	return true;
}

/* The last of the path depends on `first`, which is on the path, too. */
static void refuse_cycle(struct walk *walk, size_t first)
{
	const char *before = ", by way of";
	char storage[256];
	dbw_text_buffer way;
	size_t at = 0;

	dbw_text_init(&way, storage, sizeof storage);
	while (walk->path[at] != first)
		at++;
	for (at++; at < walk->length; at++) {
		dbw_text_printf(&way, "%s \"%s\"", before, walk->all[walk->path[at]].name);
		before = ",";
	}
	refuse(walk, walk->all[first].at, "depends-cycle",
		way.length == 0 ? "take it out of the list" : "one of them has to be opened first",
		"database \"%s\" depends on itself%s", walk->all[first].name,
		way.length == 0 || way.failed ? "" : way.data);
	dbw_text_clear(&way);
}

static void open_place(struct walk *walk, size_t number)
{
	walk->places[number].state = OPEN;
	walk->path[walk->length++] = number;
}

/* One step from the end of the path: to the next that it depends on, or back. */
static void step(struct walk *walk)
{
	const size_t number = walk->path[walk->length - 1];
	struct place *place = &walk->places[number];
	dbw__ordered *who = &walk->all[number];

	if (place->next < place->count) {
		const size_t on = place->on[place->next++];

		if (walk->places[on].state == OPEN)
			refuse_cycle(walk, on);
		else if (walk->places[on].state == NEW)
			open_place(walk, on);
		return;
	}
	for (size_t i = 0; i < place->count; i++)
		if (walk->all[place->on[i]].depth >= who->depth)
			who->depth = walk->all[place->on[i]].depth + 1;
	place->state = DONE;
	walk->length--;
}

static bool prepare(struct walk *walk)
{
	walk->arena = dbw_arena_new(0);
	if (walk->arena == NULL)
		return false;
	walk->places = dbw_arena_alloc_zeroed(walk->arena, walk->count + 1, sizeof *walk->places);
	walk->path = dbw_arena_alloc_zeroed(walk->arena, walk->count + 1, sizeof *walk->path);
	if (walk->places == NULL || walk->path == NULL)
		return false;
	for (size_t i = 0; i < walk->count; i++) {
		walk->all[i].depth = 0;
		if (!read_words(walk, i))
			return false;
	}
	return true;
}

bool dbw__order_databases(dbw_diagnostics *diagnostics, dbw__ordered *all, size_t count)
{
	struct walk walk = { .diagnostics = diagnostics, .all = all, .count = count, .good = true };

	if (prepare(&walk)) {
		for (size_t i = 0; i < count; i++) {
			if (walk.places[i].state == NEW)
				open_place(&walk, i);
			while (walk.length != 0)
				step(&walk);
		}
	} else {
		refuse_memory(&walk);
	}
	dbw_arena_free(walk.arena);
	return walk.good;
}

/* The source line of a message, and the caret below it. */
#include "diagnostic_list.h"

#include <base/utf8.h>
#include <string.h>

enum {
	WIDEST = 100, /* Columns of a source line that are shown at most, */
	BEFORE = 60,  /* of them before the caret when the line is cut. */
	TAB = 8
};

static const char replacement[] = "\xEF\xBF\xBD"; /* U+FFFD */

struct range {
	uint32_t first, last;
};

static bool is_in(const struct range *ranges, size_t count, uint32_t character)
{
	for (size_t i = 0; i < count; i++)
		if (character >= ranges[i].first && character <= ranges[i].last)
			return true;
	return false;
}

bool dbw__is_unprintable(uint32_t character)
{
	/* C0 and C1; line and paragraph separators; marks, embeddings and isolates of text direction. */
	static const struct range ranges[] = { { 0, 0x1F }, { 0x7F, 0x9F }, { 0x61C, 0x61C },
		{ 0x200E, 0x200F }, { 0x2028, 0x202E }, { 0x2066, 0x2069 }, { 0xFEFF, 0xFEFF } };

	return is_in(ranges, sizeof(ranges) / sizeof(ranges[0]), character);
}

/* How many columns a terminal gives a character; the common blocks are enough to keep a caret in place. */
static size_t width_of(uint32_t character)
{
	static const struct range none[] = { { 0x300, 0x36F }, { 0x1AB0, 0x1AFF }, { 0x1DC0, 0x1DFF },
		{ 0x200B, 0x200D }, { 0x20D0, 0x20FF }, { 0xFE00, 0xFE0F }, { 0xFE20, 0xFE2F } };
	static const struct range wide[] = { { 0x1100, 0x115F }, { 0x2E80, 0x303E }, { 0x3041, 0x4DBF },
		{ 0x4E00, 0xA4CF }, { 0xAC00, 0xD7A3 }, { 0xF900, 0xFAFF }, { 0xFE30, 0xFE6F },
		{ 0xFF00, 0xFF60 }, { 0xFFE0, 0xFFE6 }, { 0x1F300, 0x1F64F }, { 0x1F680, 0x1F6FF },
		{ 0x1F900, 0x1F9FF }, { 0x20000, 0x3FFFD } };

	if (character < 0x300)
		return 1;
	if (is_in(none, sizeof(none) / sizeof(none[0]), character))
		return 0;
	return is_in(wide, sizeof(wide) / sizeof(wide[0]), character) ? 2 : 1;
}

void dbw__printable_append(dbw_text_buffer *out, const char *text)
{
	size_t length = strlen(text);

	while (length != 0) {
		uint32_t character;
		size_t size = dbw__utf8_decode(text, length, &character);

		if (size == 0 || dbw__is_unprintable(character))
			dbw_text_append_z(out, replacement);
		else
			dbw_text_append(out, text, size);
		if (size == 0)
			size = 1;
		text += size;
		length -= size;
	}
}

/* Finds line `number`, from 1; a line ends at LF, CR LF or CR. NULL if the text has fewer lines. */
static const char *find_line(const struct dbw__source *source, uint32_t number, size_t *length)
{
	const char *at = source->text, *end = source->text + source->length, *stop;

	for (uint32_t line = 1; line < number; line++) {
		while (at < end && *at != '\n' && *at != '\r')
			at++;
		if (at == end)
			return NULL;
		at += *at == '\r' && end - at > 1 && at[1] == '\n' ? 2 : 1;
	}
	for (stop = at; stop < end && *stop != '\n' && *stop != '\r'; stop++)
		;
	*length = (size_t)(stop - at);
	return at;
}

static bool is_word_byte(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') ||
	       byte == '_';
}

/* The end of the value at `at`: of a quoted one behind its quote. Without quotes, and outside of a mapping in braces, it
 * is all there is. */
static size_t end_of_value(const char *line, size_t length, size_t at, bool in_braces)
{
	const char quote = line[at];

	if (quote != '"' && quote != '\'') {
		while (at < length && (!in_braces || (line[at] != ',' && line[at] != '}')))
			at++;
		return at;
	}
	for (at++; at < length && line[at] != quote; at++)
		if (quote == '"' && line[at] == '\\' && at + 1 < length)
			at++;
	return at < length ? at + 1 : length;
}

/* The value of a key, or behind an `=` as libpq has it, where a word for a secret stands at `at`. */
static bool find_secret_value(const char *line, size_t length, size_t at, size_t *first, size_t *last)
{
	static const char *const words[] = { "password", "passwd", "secret", "scram_" };
	size_t end = at;

	for (size_t i = 0; i < sizeof words / sizeof *words && end == at; i++)
		if (length - at > strlen(words[i]) && memcmp(line + at, words[i], strlen(words[i])) == 0)
			end = at + strlen(words[i]);
	if (end == at)
		return false;
	while (end < length && is_word_byte(line[end]))
		end++;
	if (end < length && (line[end] == '"' || line[end] == '\''))
		end++;
	while (end < length && line[end] == ' ')
		end++;
	if (end >= length || (line[end] != ':' && line[end] != '='))
		return false;
	*first = end + 1;
	while (*first < length && line[*first] == ' ')
		++*first;
	*last = *first;
	if (*first == length)
		return false;
	if (line[end] == ':')
		*last = end_of_value(line, length, *first, memchr(line, '{', at) != NULL);
	else
		while (*last < length && memchr(" &\"',}", line[*last], 6) == NULL)
			++*last;
	return *first < *last;
}

/*
 * What stands between a colon and an @, as in scheme://user:password@, from behind the colon that `at` begins. A
 * password may hold what it should not, another @ too: it ends at the last one that can be its.
 */
static bool find_between(const char *line, size_t length, size_t at, size_t *first, size_t *last)
{
	const bool is_url = length - at >= 3 && memcmp(line + at, "://", 3) == 0;
	size_t colon = is_url ? 0 : at + 1, sign = 0;

	for (size_t i = is_url ? at + 3 : at + 1; i < length && line[i] != '"' && line[i] != '\''; i++) {
		/* Without the slashes it may be anything, but for one word. */
		if (!is_url && (line[i] == ' ' || line[i] == '\t'))
			break;
		if (line[i] == ':' && colon == 0)
			colon = i + 1;
		if (line[i] == '@')
			sign = i;
	}
	*first = colon;
	*last = sign;
	return colon != 0 && sign > colon;
}

/* Where a secret begins and ends in the line; false if there is none from `at`. Rather too much is hidden than too
 * little. */
static bool find_password(const char *line, size_t length, size_t at, size_t *first, size_t *last)
{
	for (; at < length; at++)
		if (find_secret_value(line, length, at, first, last) ||
			(line[at] == ':' && find_between(line, length, at, first, last)))
			return true;
	return false;
}

/*
 * One way through the line: what is shown, in columns from `from` up to `to`, and the blanks that lead to
 * the caret.
 */
struct walk {
	const char *line;
	size_t length;
	uint32_t caret;                 /* Column in characters, from 1. */
	size_t from, to;                /* Columns of the screen that are shown. */
	size_t caret_at;                /* Result: the screen column of the caret. */
	size_t width;                   /* Result: the screen columns of the line. */
	dbw_text_buffer *text, *blanks; /* NULL only to measure. */
};

static void show(struct walk *walk, const char *text, size_t size, size_t width, bool before_caret)
{
	bool tab = size == 1 && *text == '\t';

	if (walk->text != NULL && walk->width >= walk->from && walk->width + width <= walk->to) {
		dbw_text_append(walk->text, text, size);
		/* A tab is repeated, so that both lines meet whatever width the terminal gives it. */
		for (size_t i = 0; before_caret && i < (tab ? 1 : width); i++)
			dbw_text_append_char(walk->blanks, tab ? '\t' : ' ');
	}
	walk->width += width;
}

static void walk_line(struct walk *walk)
{
	size_t at = 0, first = 0, last = 0;
	uint32_t column = 1;
	bool secret = find_password(walk->line, walk->length, 0, &first, &last);

	walk->width = 0;
	walk->caret_at = 0;
	while (at < walk->length) {
		uint32_t character;
		size_t size = dbw__utf8_decode(walk->line + at, walk->length - at, &character);
		bool before = column < walk->caret;

		if (column == walk->caret)
			walk->caret_at = walk->width;
		if (secret && at == first)
			show(walk, "***", 3, 3, before);
		else if (secret && at > first && at < last)
			;
		else if (character == '\t')
			show(walk, "\t", 1, TAB, before);
		else if (size == 0 || dbw__is_unprintable(character))
			show(walk, replacement, sizeof(replacement) - 1, 1, before);
		else
			show(walk, walk->line + at, size, width_of(character), before);
		at += size == 0 ? 1 : size;
		column++;
		if (secret && at >= last)
			secret = find_password(walk->line, walk->length, at, &first, &last);
	}
	if (walk->caret >= column)
		walk->caret_at = walk->width;
}

void dbw__excerpt_render(
	const struct dbw__source *source, dbw_position position, bool colours, dbw_text_buffer *out)
{
	dbw_text_buffer blanks;
	char storage[256];
	struct walk walk = { NULL, 0, position.column, 0, 0, 0, 0, NULL, NULL };
	bool cut_left, cut_right;

	walk.line = find_line(source, position.line, &walk.length);
	if (walk.line == NULL || walk.length == 0)
		return;
	walk_line(&walk);
	walk.to = walk.width;
	if (walk.width > WIDEST) {
		walk.from = walk.caret_at > BEFORE ? walk.caret_at - BEFORE : 0;
		walk.to = walk.from + WIDEST < walk.width ? walk.from + WIDEST : walk.width;
	}
	cut_left = walk.from > 0;
	cut_right = walk.to < walk.width;
	dbw_text_init(&blanks, storage, sizeof(storage));
	walk.text = out;
	walk.blanks = &blanks;
	dbw_text_append_z(out, cut_left ? "..." : "");
	dbw_text_append_z(&blanks, cut_left ? "   " : "");
	walk_line(&walk);
	dbw_text_append_z(out, cut_right ? "...\n" : "\n");
	dbw_text_append(out, blanks.data, blanks.length);
	dbw_text_append_z(out, colours ? "\x1B[1;32m^\x1B[0m\n" : "^\n");
	if (blanks.failed)
		out->failed = true;
	dbw_text_clear(&blanks);
}

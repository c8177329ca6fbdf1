/* The filters of templates. Lines of C are kept within 110 columns where their parts allow it; a tab counts 8. */
#include "c_text.h"
#include "template_tree.h"

#include <base/utf8.h>
#include <string.h>

enum { WIDTH = 110, TAB = 8, UTF8_MAX = 4 };

/* The column behind the text, which began at `column` and has no line end. */
static size_t column_behind(size_t column, const char *text, size_t length)
{
	for (;;) {
		const char *tab = memchr(text, '\t', length);
		const size_t part = tab == NULL ? length : (size_t)(tab - text);

		for (size_t i = 0; i < part; i++)
			column += ((unsigned char)text[i] & 0xc0) != 0x80; /* not inside a character */
		if (tab == NULL)
			return column;
		column += TAB - column % TAB;
		text = tab + 1;
		length -= part + 1;
	}
}

/* How many bytes of blanks the line begins with. */
static size_t indent_of(const ir__filter_place *place)
{
	size_t indent = 0;

	while (indent < place->length && (place->line[indent] == ' ' || place->line[indent] == '\t'))
		indent++;
	return indent;
}

/* Starts a new line with the indent of the present one and a tab if `deeper`. Returns its column. */
static size_t next_line(const ir__filter_place *place, bool deeper, dbw_text_buffer *out)
{
	size_t indent = indent_of(place);
	size_t column = column_behind(place->outer, place->line, indent);

	dbw_text_append_char(out, '\n');
	dbw_text_append(out, place->line, indent);
	if (deeper) {
		dbw_text_append_char(out, '\t');
		column = column_behind(column, "\t", 1);
	}
	return column;
}

/* Letters a-z as A-Z. */
static void filter_upper(const ir__filter_place *place, const char *text, size_t length, dbw_text_buffer *out)
{
	(void)place;
	for (size_t i = 0; i < length; i++)
		dbw_text_append_char(
			out, text[i] >= 'a' && text[i] <= 'z' ? (char)(text[i] - 'a' + 'A') : text[i]);
}

/* The length of the text up to and with the next blank or line end. */
static size_t word_length(const char *text, size_t length)
{
	size_t i = 0;

	while (i < length && text[i] != ' ' && text[i] != '\n')
		i++;
	return i < length ? i + 1 : i;
}

/* Whether a word of SQL begins what is best read together. */
static bool begins_part(const char *text, size_t length)
{
	static const char *const words[] = { "CONSTRAINT ", "CHECK ", "DEFAULT ", "REFERENCES ", "FROM ",
		"WHERE " };

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strlen(words[i]) == length && memcmp(words[i], text, length) == 0)
			return true;
	return false;
}

/* The length of the part that the text begins with: up to its line end, or to a constraint of its own, or more than a line. */
static size_t part_length(const char *text, size_t length)
{
	static const char next[] = "CONSTRAINT ";
	size_t at = word_length(text, length);

	while (at < length && at <= UTF8_MAX * WIDTH && text[at - 1] != '\n' &&
		(length - at < strlen(next) || memcmp(text + at, next, strlen(next)) != 0))
		at += word_length(text + at, length - at);
	return at;
}

/* The columns that a text takes in a literal. */
static size_t literal_width(dbw_text_buffer *out, const char *text, size_t length, char before)
{
	const size_t start = out->length;
	size_t width;

	ir__c_escape(out, text, length, before);
	width = column_behind(0, out->data + start, out->length - start);
	dbw_text_truncate(out, start);
	return width;
}

/* Whether the text begins with a part that does not fit behind `column`. */
static bool exceeds(dbw_text_buffer *out, size_t column, const char *text, size_t length, size_t word)
{
	return begins_part(text, word) &&
	       column + literal_width(out, text, part_length(text, length), '\0') + 2 > WIDTH;
}

/*
 * A string literal. Long ones, and those with line ends inside, are several literals in a row, one per line, with the
 * indent of the first. Parts of SQL are kept together where they fit a line.
 */
static void append_literal(const ir__filter_place *place, bool deeper, size_t column, const char *text,
	size_t length, dbw_text_buffer *out)
{
	bool line_is_blank = true;
	char before = '\0';

	dbw_text_append_char(out, '"');
	column++;
	/* Most texts fit as a whole. */
	if (column + length + 2 <= WIDTH && memchr(text, '\n', length) == NULL) {
		const size_t start = out->length;

		ir__c_escape(out, text, length, before);
		if (column + column_behind(0, out->data + start, out->length - start) + 2 <= WIDTH)
			length = 0;
		else
			dbw_text_truncate(out, start);
	}
	while (length > 0) {
		size_t word = word_length(text, length);
		size_t start = out->length;

		ir__c_escape(out, text, word, before);
		size_t width = column_behind(0, out->data + start, out->length - start);
		if (!line_is_blank &&
			(column + width + 2 > WIDTH || exceeds(out, column, text, length, word))) {
			/* Move the word to a line of its own. */
			dbw_text_truncate(out, start);
			dbw_text_append_char(out, '"');
			column = next_line(place, deeper, out) + 1;
			dbw_text_append_char(out, '"');
			line_is_blank = true;
			before = '\0';
			continue;
		}
		column += width;
		line_is_blank = line_is_blank && *text == ' ';
		before = text[word - 1];
		text += word;
		length -= word;
		if (before == '\n' && length > 0) {
			dbw_text_append_char(out, '"');
			column = next_line(place, deeper, out) + 1;
			dbw_text_append_char(out, '"');
			line_is_blank = true;
			before = '\0';
		}
	}
	dbw_text_append_char(out, '"');
}

static void filter_c_string(
	const ir__filter_place *place, const char *text, size_t length, dbw_text_buffer *out)
{
	append_literal(
		place, false, column_behind(place->outer, place->line, place->length), text, length, out);
}

/*
 * A string literal behind what the line has, with a blank between them unless that is a bracket; where it does not fit, below
 * and a tab deeper.
 */
static void filter_c_tail(
	const ir__filter_place *place, const char *text, size_t length, dbw_text_buffer *out)
{
	const bool blank = place->length > 0 && place->line[place->length - 1] != '(';
	size_t column = column_behind(place->outer, place->line, place->length) + blank;

	if (memchr(text, '\n', length) == NULL &&
		column + literal_width(out, text, length, '\0') + strlen("\"\" },") <= WIDTH) {
		if (blank)
			dbw_text_append_char(out, ' ');
		append_literal(place, false, column, text, length, out);
		return;
	}
	column = next_line(place, true, out);
	append_literal(place, true, column, text, length, out);
}

/* How many bytes at the front may stand in a comment whatever is before and behind them. */
static size_t plain_length(const char *text, size_t length)
{
	size_t i = 0;

	while (i < length && text[i] >= ' ' && text[i] <= '~' && text[i] != '*' && text[i] != '/')
		i++;
	return i;
}

/* Text inside a comment: no end and no start of one, one line. */
static void filter_c_comment(
	const ir__filter_place *place, const char *text, size_t length, dbw_text_buffer *out)
{
	(void)place;
	for (size_t i = 0; i < length;) {
		const size_t plain = plain_length(text + i, length - i);

		dbw_text_append(out, text + i, plain);
		i += plain;
		if (i == length)
			break;
		uint32_t character;
		size_t size = dbw__utf8_decode(text + i, length - i, &character);
		char before = i == 0 ? '\0' : text[i - 1];

		if (size == 0 || ir__changes_direction(character)) {
			i += size == 0 ? 1 : size;
			continue;
		}
		if ((before == '*' && text[i] == '/') || (before == '/' && text[i] == '*'))
			dbw_text_append_char(out, ' ');
		if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f)
			dbw_text_append_char(out, ' ');
		else
			dbw_text_append(out, text + i, size);
		i += size;
	}
}

/* The lines of a comment block, wrapped; a line end in the text is a new line. */
static void append_block(const ir__filter_place *place, const char *text, size_t length, dbw_text_buffer *out)
{
	size_t column = WIDTH;

	dbw_text_append(out, "/**", 3);
	while (length > 0) {
		size_t word = word_length(text, length);
		bool ends_line = text[word - 1] == '\n';
		size_t letters = text[word - 1] == ' ' || ends_line ? word - 1 : word;
		size_t width = column_behind(0, text, letters);

		if (column == WIDTH || column + 1 + width > WIDTH) {
			column = next_line(place, false, out) + 2;
			dbw_text_append(out, " *", 2);
		}
		if (letters > 0) {
			dbw_text_append_char(out, ' ');
			filter_c_comment(place, text, letters, out);
			column += 1 + width;
		}
		if (ends_line)
			column = WIDTH;
		text += word;
		length -= word;
	}
	next_line(place, false, out);
	dbw_text_append(out, " */", 3);
}

/* A whole documentation comment: in one line if it fits, else a block. */
static void filter_c_doc(const ir__filter_place *place, const char *text, size_t length, dbw_text_buffer *out)
{
	size_t start = column_behind(place->outer, place->line, place->length);

	while (length > 0 && (text[length - 1] == '\n' || text[length - 1] == ' '))
		length--;
	if (memchr(text, '\n', length) != NULL || start + column_behind(0, text, length) + 7 > WIDTH) {
		append_block(place, text, length, out);
		return;
	}
	dbw_text_append(out, "/** ", 4);
	filter_c_comment(place, text, length, out);
	dbw_text_append(out, " */", 3);
}

/*
 * The length of the text up to and with the next comma that has a blank behind it and stands inside of `depth` brackets;
 * the whole text if there is none. *inside is how many are open before and afterwards.
 */
static size_t thing_length(const char *text, size_t length, size_t depth, size_t *inside)
{
	for (size_t i = 0; i + 1 < length; i++) {
		if (text[i] > ',')
			continue;
		if (text[i] == '(')
			++*inside;
		else if (text[i] == ')' && *inside > 0)
			--*inside;
		else if (text[i] == ',' && text[i + 1] == ' ' && *inside == depth)
			return i + 1;
	}
	return length;
}

/*
 * Things separated by commas, wrapped behind these; further lines are a tab deeper. A list is wrapped between its things,
 * not inside of their brackets; what is one thing, as a function with its parameters is, inside of its brackets.
 */
static void filter_wrap(const ir__filter_place *place, const char *text, size_t length, dbw_text_buffer *out)
{
	size_t column = column_behind(place->outer, place->line, place->length);
	size_t inside = 0;

	/* Most texts fit with whatever may follow. */
	if (length > 0 && text[length - 1] != ' ' &&
		column_behind(column, text, length) + strlen(" },") <= WIDTH) {
		dbw_text_append(out, text, length);
		return;
	}
	size_t depth = thing_length(text, length, 0, &inside) < length ? 0 : 1;
	const size_t behind = depth == 0 ? strlen(" },") : strlen(";"); /* what may follow the last thing */
	bool first = true;

	inside = 0;
	while (length > 0) {
		size_t thing = thing_length(text, length, depth, &inside);
		size_t width = column_behind(0, text, thing);

		if (!first && column + 1 + width + behind > WIDTH) {
			column = next_line(place, true, out);
		} else if (!first) {
			dbw_text_append_char(out, ' ');
			column++;
		}
		dbw_text_append(out, text, thing);
		column += width;
		first = false;
		text += thing;
		length -= thing;
		if (length > 0)
			text++, length--; /* the blank */
	}
}

/* Text inside of single quotes in a shell. */
static void filter_shell(const ir__filter_place *place, const char *text, size_t length, dbw_text_buffer *out)
{
	(void)place;
	for (size_t i = 0; i < length; i++)
		if (text[i] == '\'')
			dbw_text_append_z(out, "'\\''");
		else
			dbw_text_append_char(out, text[i]);
}

/* Text in a manual page, one line: characters that troff takes for its own or shows as others (groff_char(7)). */
static void filter_man(const ir__filter_place *place, const char *text, size_t length, dbw_text_buffer *out)
{
	static const char special[] = "\\-'`^~";
	static const char *const escapes[] = { "\\e", "\\-", "\\(aq", "\\(ga", "\\(ha", "\\(ti" };

	if (length > 0 && place->length == 0 && text[0] == '.')
		dbw_text_append_z(out, "\\&");
	for (size_t i = 0; i < length; i++) {
		const char *found = memchr(special, text[i], sizeof special - 1);

		if (found != NULL)
			dbw_text_append_z(out, escapes[found - special]);
		else
			dbw_text_append_char(out, text[i]);
	}
}

ir__filter_function ir__filter_find(const char *name, size_t length)
{
	static const struct {
		const char *name;
		ir__filter_function function;
	} filters[] = {
		{ "upper", filter_upper },
		{ "c_string", filter_c_string },
		{ "c_tail", filter_c_tail },
		{ "c_comment", filter_c_comment },
		{ "c_doc", filter_c_doc },
		{ "wrap", filter_wrap },
		{ "shell", filter_shell },
		{ "man", filter_man },
	};

	for (size_t i = 0; i < sizeof filters / sizeof *filters; i++)
		if (strlen(filters[i].name) == length && memcmp(filters[i].name, name, length) == 0)
			return filters[i].function;
	return NULL;
}

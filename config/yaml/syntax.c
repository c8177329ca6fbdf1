/* Syntax errors: what libyaml found, said to someone who does not know how a YAML parser works. */
#include <stdio.h>
#include <string.h>

#include "parser.h"

/* libyaml looks for a ":" within so many characters of where a key begins. */
enum { LONGEST_KEY = 1024 };

enum place {
	AT_PROBLEM,
	AT_CONTEXT,      /* Where the thing begins in which the problem was found. */
	SAY_WHERE_BEGUN, /* At the problem, with the context's place at the end of the hint. */
};

struct wording {
	const char *problem; /* libyaml's words; NULL fits all. */
	const char *context; /* How libyaml's context begins; NULL fits all. */
	enum place place;
	const char *message;
	const char *hint;
};

/* The first that fits is taken. */
static const struct wording wordings[] = {
	{ "could not find expected ':'", NULL, AT_CONTEXT,
		"a \":\" is missing: this is not a pair of key and value",
		"write \"key: value\", with a space after the colon" },
	{ "mapping values are not allowed in this context", NULL, AT_PROBLEM, "a \":\" is not allowed here",
		"a text with \": \" in it or \":\" at its end needs quotes;"
		" of a key, look at the indentation and at the \":\" of the line above" },
	{ "found unexpected ':'", NULL, AT_PROBLEM, "a \":\" is not allowed here",
		"a text with a colon in it needs quotes" },
	{ "did not find expected key", NULL, SAY_WHERE_BEGUN, "a key was expected here",
		"check the indentation: the keys stand in one column from" },
	{ "did not find expected '-' indicator", NULL, SAY_WHERE_BEGUN,
		"a list item (\"- \") was expected here",
		"check the indentation: the items stand in one column from" },
	{ "did not find expected ',' or ']'", NULL, SAY_WHERE_BEGUN, "\",\" or \"]\" was expected here",
		"the list begins with \"[\" at" },
	{ "did not find expected ',' or '}'", NULL, SAY_WHERE_BEGUN, "\",\" or \"}\" was expected here",
		"the mapping begins with \"{\" at" },
	{ "found unexpected end of stream", "while scanning a quoted scalar", AT_CONTEXT,
		"the quoted text that begins here is not closed", NULL },
	{ "found unexpected document indicator", NULL, SAY_WHERE_BEGUN,
		"a line of quoted text cannot begin with \"---\" or \"...\"",
		"is a closing quote missing? the text begins at" },
	{ "found unknown escape character", NULL, AT_PROBLEM, "this escape is not known in double quotes",
		"write \\\\ for a backslash, or use single quotes" },
	{ "did not find expected hexdecimal number", NULL, AT_PROBLEM, "this escape lacks hexadecimal digits",
		"\\x takes 2 of them, \\u 4 and \\U 8; write \\\\ for a backslash" },
	{ "found invalid Unicode character escape code", NULL, AT_PROBLEM,
		"this escape is no Unicode character", NULL },
	{ NULL, "while scanning an alias", AT_CONTEXT,
		"an alias is \"*\" and a name of letters, digits, - and _",
		"a text that begins with * needs quotes" },
	{ NULL, "while scanning an anchor", AT_CONTEXT,
		"an anchor is \"&\" and a name of letters, digits, - and _",
		"a text that begins with & needs quotes" },
	{ "found undefined tag handle", NULL, AT_PROBLEM, "this tag is not known",
		"a text that begins with ! needs quotes" },
	{ NULL, "while scanning a tag", AT_CONTEXT, "this is not a tag",
		"a text that begins with ! needs quotes" },
	{ NULL, "while parsing a tag", AT_CONTEXT, "this is not a tag",
		"a text that begins with ! needs quotes" },
	{ "block sequence entries are not allowed in this context", NULL, AT_PROBLEM,
		"a list item (\"- \") is not allowed here", "a list below a key begins on the next line" },
	{ "mapping keys are not allowed in this context", NULL, AT_PROBLEM, "a \"?\" is not allowed here",
		"a text that begins with \"? \" needs quotes" },
	{ "did not find expected node content", NULL, AT_PROBLEM, "a value was expected here", NULL },
	{ "did not find expected <document start>", NULL, AT_PROBLEM, "the document has ended before this",
		"check the indentation and the brackets" },
	{ "did not find expected comment or line break", "while scanning a block scalar", AT_PROBLEM,
		"nothing may follow \"|\" or \">\" on its line", "the text begins on the next line" },
	{ "found an indentation indicator equal to 0", NULL, AT_PROBLEM,
		"the indentation after \"|\" or \">\" is a digit from 1 to 9", NULL },
	{ "found incompatible YAML document", NULL, AT_PROBLEM, "only YAML 1.1 and 1.2 are understood",
		NULL },
	{ NULL, "while scanning a directive", AT_CONTEXT, "this is not a directive of YAML",
		"a text that begins with % needs quotes" },
	{ NULL, "while scanning a %", AT_CONTEXT, "this is not a directive of YAML",
		"a text that begins with % needs quotes" },
};

/* Whether only blanks stand before the place on its line. */
static bool is_first_on_line(const struct dbw__locator *locator)
{
	size_t at = locator->offset;

	while (at > 0 && (locator->text[at - 1] == ' ' || locator->text[at - 1] == '\t'))
		at--;
	return at == 0 || locator->text[at - 1] == '\n' || locator->text[at - 1] == '\r';
}

static void report(struct dbw__parse *parse, dbw_position position, const char *message, const char *hint)
{
	dbw__parse_error(parse, position, "yaml-syntax", hint, "%s", message);
}

static const char missing_key[] = "a key is missing before this \":\"";

/* A value was expected and `byte` found, 0 at the end of the file. False if the byte tells nothing. */
static bool report_missing_value(struct dbw__parse *parse, dbw_position position, char byte)
{
	static const char quotes[] = "a text that begins with it needs quotes";

	switch (byte) {
	case '\0':
		report(parse, position, "the file ends where a value was expected",
			"is a bracket left open?");
		break;
	case ',': report(parse, position, "a value is missing before this \",\"", NULL); break;
	case ']': report(parse, position, "this \"]\" closes nothing", quotes); break;
	case '}': report(parse, position, "this \"}\" closes nothing", quotes); break;
	case ':': report(parse, position, missing_key, NULL); break;
	default: return false;
	}
	return true;
}

/* U+00A0 in UTF-8. It looks like a space and is none for YAML. */
static const char hard_space[] = "\xC2\xA0";

static void report_hard_space(struct dbw__parse *parse, dbw_position position)
{
	report(parse, position, "this is a non-breaking space (U+00A0), not a space",
		"replace it with a space; in a text, write the whole text in quotes");
}

/* How many characters of UTF-8 there are in so many bytes. */
static uint32_t characters(const char *text, size_t length)
{
	uint32_t count = 0;

	for (size_t i = 0; i < length; i++)
		count += ((unsigned char)text[i] & 0xC0) != 0x80;
	return count;
}

/* Bytes up to a hard space in the indentation or behind the colon of the first key of a line; `length` without one. */
static size_t find_hard_space(const char *line, size_t length)
{
	size_t at = 0;

	while (at < length && (line[at] == ' ' || line[at] == '-'))
		at++;
	if (length - at >= 2 && memcmp(line + at, hard_space, 2) == 0)
		return at;
	while (at < length && strchr(":\"'#{[\n", line[at]) == NULL)
		at++;
	if (at < length && line[at] == ':' && length - at >= 3 && memcmp(line + at + 1, hard_space, 2) == 0)
		return at + 1;
	return length;
}

/* Reports a hard space in the lines of a syntax error: from the one before its beginning to its own. */
static bool report_space(struct dbw__parse *parse, dbw_position from, dbw_position to)
{
	const char *text = parse->locator.text;
	size_t length = parse->locator.length, at = 0;
	uint32_t first = from.line != 0 && from.line < to.line ? from.line : to.line;

	for (uint32_t line = 1; at < length && line <= to.line; line++) {
		const char *end = memchr(text + at, '\n', length - at);
		size_t size = end != NULL ? (size_t)(end - text) - at : length - at;
		size_t space = line + 1 >= first ? find_hard_space(text + at, size) : size;

		if (space < size) {
			report_hard_space(
				parse, (dbw_position){ parse->file, line, 1 + characters(text + at, space) });
			return true;
		}
		at += size + 1;
	}
	return false;
}

void dbw__check_spaces(struct dbw__parse *parse, const char *text, size_t length)
{
	const struct dbw__locator *locator = &parse->locator;
	size_t space, before = locator->offset;
	dbw_position position = { parse->file, locator->line, locator->column };

	if (memchr(text, hard_space[0], length) == NULL)
		return;
	space = find_hard_space(text, length);
	if (space >= length)
		return;
	/* "comment: Note:" is a text that goes on; at the front of its line, or in braces, it was meant for a key. */
	while (before > 0 && locator->text[before - 1] == ' ')
		before--;
	if (space != 0 && before > 0 && locator->text[before - 1] == ':')
		return;
	position.column += characters(text, space);
	report_hard_space(parse, position);
}

/* What the character at the problem tells better than libyaml's words; false if it tells nothing. */
static bool report_by_character(struct dbw__parse *parse, dbw_position position)
{
	const struct dbw__locator *locator = &parse->locator;
	const char *problem = parse->parser.problem;
	char byte = locator->offset < locator->length ? locator->text[locator->offset] : '\0';
	bool first = is_first_on_line(locator);
	char text[64];

	if (byte == '\t' || strstr(problem, "a tab character") != NULL) {
		report(parse, position,
			first ? "a tab cannot be used for indentation" : "a tab is not allowed here",
			"replace the tab with spaces");
		return true;
	}
	if (strcmp(problem, "found character that cannot start any token") == 0) {
		snprintf(text, sizeof(text), "a text cannot begin with %c", byte);
		report(parse, position, text, "write it in quotes");
		return true;
	}
	if (strcmp(problem, "mapping values are not allowed in this context") == 0 &&
		position.column > LONGEST_KEY) {
		report(parse, position, "a key can have at most 1024 characters", NULL);
		return true;
	}
	if (byte == '{' && locator->offset > 0 && locator->text[locator->offset - 1] == '$') {
		position.column--;
		report(parse, position, "inside { } and [ ] a text with \"${\" needs quotes",
			"write \"${NAME}\", the whole text in quotes");
		return true;
	}
	if (strcmp(problem, "did not find expected node content") == 0)
		return report_missing_value(parse, position, byte);
	if (first && byte == ':' && strcmp(problem, "did not find expected key") == 0) {
		report(parse, position, missing_key, NULL);
		return true;
	}
	if (!first && byte != '\0' &&
		(strcmp(problem, "did not find expected key") == 0 ||
			strcmp(problem, "did not find expected '-' indicator") == 0)) {
		report(parse, position, "this cannot follow the value before it",
			"a text that goes on after a quote or a bracket needs quotes as a whole");
		return true;
	}
	return false;
}

static const struct wording *find_wording(const yaml_parser_t *parser)
{
	for (size_t i = 0; i < sizeof(wordings) / sizeof(wordings[0]); i++) {
		const struct wording *wording = &wordings[i];

		if (wording->problem != NULL && strcmp(wording->problem, parser->problem) != 0)
			continue;
		if (wording->context == NULL ||
			(parser->context != NULL &&
				strncmp(wording->context, parser->context, strlen(wording->context)) == 0))
			return wording;
	}
	return NULL;
}

/* Blanks at the front of the line that begins at a byte; SIZE_MAX for a line without a key or an item. */
static size_t indentation(const struct dbw__locator *locator, size_t line)
{
	size_t at = line;

	while (at < locator->length && locator->text[at] == ' ')
		at++;
	if (at == locator->length || strchr("\r\n#", locator->text[at]) != NULL)
		return SIZE_MAX;
	return at - line;
}

/*
 * A key further left than the ones before it and further right than those of the mapping that is still open: libyaml
 * has closed the mapping of its neighbours. The column of those, 0 if this is not such a case.
 */
static uint32_t neighbours_column(const struct dbw__parse *parse, dbw_position begun, dbw_position position)
{
	const struct dbw__locator *locator = &parse->locator;
	size_t own = position.column - 1, least = SIZE_MAX, line = locator->offset;

	if (position.column <= begun.column || line > locator->length)
		return 0;
	while (line > 0 && locator->text[line - 1] != '\n')
		line--;
	while (line > 0) {
		size_t blanks;

		for (line--; line > 0 && locator->text[line - 1] != '\n';)
			line--;
		blanks = indentation(locator, line);
		if (blanks == SIZE_MAX)
			continue;
		if (blanks <= own)
			break;
		least = blanks < least ? blanks : least;
	}
	return least == SIZE_MAX ? 0 : (uint32_t)least + 1;
}

void dbw__report_syntax(struct dbw__parse *parse)
{
	const yaml_parser_t *parser = &parse->parser;
	const struct wording *wording;
	dbw_position begun, position;
	char hint[160];
	uint32_t column;

	if (parser->error == YAML_MEMORY_ERROR || parser->problem == NULL) {
		dbw__parse_out_of_memory(parse);
		return;
	}
	begun = dbw__locate(parse, &parser->context_mark);
	position = dbw__locate(parse, &parser->problem_mark);
	if (report_space(parse, begun, position))
		return;
	if (report_by_character(parse, position))
		return;
	wording = find_wording(parser);
	if (wording == NULL) {
		dbw__parse_error(
			parse, position, "yaml-syntax", NULL, "this is not YAML: %s", parser->problem);
		return;
	}
	if (wording->place != SAY_WHERE_BEGUN) {
		report(parse, wording->place == AT_CONTEXT ? begun : position, wording->message,
			wording->hint);
		return;
	}
	column = strcmp(parser->problem, "did not find expected key") == 0
			 ? neighbours_column(parse, begun, position)
			 : 0;
	if (column != 0)
		snprintf(hint, sizeof(hint),
			"check the indentation: the keys above it stand in column %u, those around them in column %u",
			(unsigned)column, (unsigned)begun.column);
	else
		snprintf(hint, sizeof(hint), "%s line %u, column %u", wording->hint, (unsigned)begun.line,
			(unsigned)begun.column);
	report(parse, position, wording->message, hint);
}

/* The text of a file: reading it, its encoding, and the places in it. */
#include <base/text.h>
#include <base/utf8.h>
#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "parser.h"

void dbw__locator_restart(struct dbw__locator *locator)
{
	locator->index = 0;
	locator->offset = 0;
	locator->line = 1;
	locator->column = 1;
}

/*
 * One character on. Lines end at LF, CR LF and CR, as YAML 1.2 has it; libyaml's own line numbers also
 * count the breaks of YAML 1.1, which no editor does.
 */
static void step(struct dbw__locator *locator)
{
	const char *at = locator->text + locator->offset;
	size_t rest = locator->length - locator->offset;
	uint32_t character;
	/* Nearly all is ASCII, and each character of a file comes through here. */
	size_t size = (unsigned char)*at < 0x80 ? 1 : dbw__utf8_decode(at, rest, &character);

	locator->offset += size == 0 ? 1 : size;
	locator->index++;
	locator->column++;
	if (*at == '\n' || (*at == '\r' && (rest == 1 || at[1] != '\n'))) {
		locator->line++;
		locator->column = 1;
	}
}

static dbw_position position_of(const struct dbw__parse *parse)
{
	dbw_position position = { parse->file, parse->locator.line, parse->locator.column };

	return position;
}

dbw_position dbw__locate(struct dbw__parse *parse, const yaml_mark_t *mark)
{
	struct dbw__locator *locator = &parse->locator;

	if (mark->index < locator->index)
		dbw__locator_restart(locator);
	while (locator->index < mark->index && locator->offset < locator->length)
		step(locator);
	return position_of(parse);
}

/* The position of a byte. */
static dbw_position locate_offset(struct dbw__parse *parse, size_t offset)
{
	dbw__locator_restart(&parse->locator);
	while (parse->locator.offset < offset)
		step(&parse->locator);
	return position_of(parse);
}

static void report_encoding(struct dbw__parse *parse, const char *name)
{
	dbw_position position = { parse->file, 0, 0 };

	dbw__parse_error(parse, position, "encoding", "save it as UTF-8", "the file is %s, not UTF-8", name);
}

/*
 * Reports UTF-16 and UTF-32, by their byte order mark or by the zero bytes that every ASCII letter then
 * has.
 */
static bool is_wide_encoding(struct dbw__parse *parse, const char *text, size_t length)
{
	static const struct {
		const char *start;
		size_t size;
		const char *name;
	} marks[] = { { "\xFF\xFE\0\0", 4, "UTF-32 (little-endian)" },
		{ "\0\0\xFE\xFF", 4, "UTF-32 (big-endian)" }, { "\xFF\xFE", 2, "UTF-16 (little-endian)" },
		{ "\xFE\xFF", 2, "UTF-16 (big-endian)" } };

	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
		if (length >= marks[i].size && memcmp(text, marks[i].start, marks[i].size) == 0) {
			report_encoding(parse, marks[i].name);
			return true;
		}
	}
	if (length >= 4 && (text[0] == '\0') != (text[1] == '\0') && (text[0] == '\0') == (text[2] == '\0') &&
		(text[1] == '\0') == (text[3] == '\0')) {
		report_encoding(parse, text[0] == '\0' ? "UTF-16 (big-endian)" : "UTF-16 (little-endian)");
		return true;
	}
	return false;
}

/* YAML 1.2, production c-printable; the byte order mark is only for the front of a file. */
static bool is_printable(uint32_t character)
{
	if (character < 0x20)
		return character == '\t' || character == '\n' || character == '\r';
	if (character >= 0x7F && character < 0xA0)
		return character == 0x85;
	return character != 0xFEFF && character != 0xFFFE && character != 0xFFFF;
}

static bool check_characters(struct dbw__parse *parse)
{
	const char *text = parse->locator.text;
	size_t length = parse->locator.length, at = 0;

	while (at < length) {
		unsigned char byte = (unsigned char)text[at];
		uint32_t character = byte;
		size_t size = byte < 0x80 ? 1 : dbw__utf8_decode(text + at, length - at, &character);

		if (size == 0) {
			dbw__parse_error(parse, locate_offset(parse, at), "encoding",
				"save the file as UTF-8; it may be Latin-1 or Windows-1252 now",
				"the byte 0x%02X here is not UTF-8", (unsigned)byte);
			return false;
		}
		if (!is_printable(character)) {
			dbw__parse_error(parse, locate_offset(parse, at), "control-character",
				"in double quotes it can be written as an escape, such as \"\\x1B\"",
				"the character U+%04X is not allowed in YAML", (unsigned)character);
			return false;
		}
		at += size;
	}
	return true;
}

bool dbw__prepare_text(struct dbw__parse *parse, const char *text, size_t length)
{
	dbw_position whole = { parse->file, 0, 0 };

	if (length > parse->limits.size) {
		dbw__parse_error(parse, whole, "too-large", NULL, "the file is larger than %zu bytes",
			parse->limits.size);
		return false;
	}
	if (is_wide_encoding(parse, text, length))
		return false;
	if (length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) {
		text += 3;
		length -= 3;
	}
	parse->locator.text = text;
	parse->locator.length = length;
	dbw__locator_restart(&parse->locator);
	if (!dbw_diagnostics_add_source(parse->diagnostics, parse->file, text, length)) {
		dbw__parse_out_of_memory(parse);
		return false;
	}
	if (!check_characters(parse))
		return false;
	dbw__locator_restart(&parse->locator);
	return true;
}

static void report_unreadable(dbw_diagnostics *diagnostics, const char *path, int number)
{
	dbw_position position = { path, 0, 0 };
	locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0);

	if (c == (locale_t)0) {
		dbw_report(diagnostics, DBW_SEVERITY_ERROR, position, "unreadable-file", NULL,
			"cannot read this file: error %d", number);
		return;
	}
	/* Not strerror, which threads share; in English, as all messages are. */
	dbw_report(diagnostics, DBW_SEVERITY_ERROR, position, "unreadable-file", NULL,
		"cannot read this file: %s", strerror_l(number, c));
	freelocale(c);
}

/* Appends the file to `text`, at most `most` bytes and one. 0 or the system's error number. */
static int read_file(const char *path, size_t most, dbw_text_buffer *text)
{
	char block[8192];
	size_t size;
	int number = 0;
	FILE *file = fopen(path, "rb");

	if (file == NULL)
		return errno != 0 ? errno : EIO;
	do {
		errno = 0;
		size = fread(block, 1, sizeof(block), file);
		if (!dbw_text_append(text, block, size))
			number = ENOMEM;
	} while (size == sizeof(block) && number == 0 && text->length <= most);
	if (number == 0 && ferror(file))
		number = errno != 0 ? errno : EIO;
	fclose(file);
	return number;
}

bool dbw_yaml_read_file(dbw_arena *arena, dbw_diagnostics *diagnostics, const char *path,
	const dbw_yaml_limits *limits, const dbw_yaml_node **root)
{
	dbw_text_buffer text;
	bool done = false;
	int number;

	*root = NULL;
	dbw_text_init(&text, NULL, 0);
	number = read_file(path, limits != NULL ? limits->size : dbw_yaml_default_limits.size, &text);
	if (number != 0)
		report_unreadable(diagnostics, path, number);
	else
		done = dbw_yaml_parse(arena, diagnostics, path, text.data, text.length, limits, root);
	dbw_text_clear(&text);
	return done;
}

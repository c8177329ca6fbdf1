/* .env files. */
#include <entries/environment.h>

#include <base/utf8.h>
#include <entries/file.h>
#include <errno.h>
#include <string.h>

enum { LARGEST_FILE = 1 << 20 };

struct reader {
	dbw_arena *arena;
	dbw_diagnostics *diagnostics;
	const char *file_name;
	uint32_t line;
	const char *begin; /* Of the line. */
	bool good;
	bool out_of_memory;
};

static void refuse(struct reader *reader, const char *at, const char *problem)
{
	dbw_position position = { reader->file_name, reader->line, 1 };

	/* Names before the place are ASCII; behind it nothing is counted. */
	position.column += (uint32_t)(at - reader->begin);
	dbw_report(reader->diagnostics, DBW_SEVERITY_ERROR, position, "bad-environment-file",
		"a line is NAME=value, a comment behind #, or empty", "%s", problem);
	reader->good = false;
}

static bool is_blank(char byte)
{
	return byte == ' ' || byte == '\t';
}

static const char *skip_blanks(const char *at, const char *end)
{
	while (at < end && is_blank(*at))
		at++;
	return at;
}

static bool is_name_byte(char byte, bool first)
{
	if ((byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') || byte == '_')
		return true;
	return !first && byte >= '0' && byte <= '9';
}

/* The byte that stands for the escape of `byte` in double quotes; 0 if it is none. */
static char escape_of(char byte)
{
	switch (byte) {
	case 'n': return '\n';
	case 'r': return '\r';
	case 't': return '\t';
	case '"':
	case '\\':
	case '$': return byte;
	default: return '\0';
	}
}

/* Appends a quoted value from behind its quote; gives what stands behind the closing one, NULL after a report. */
static const char *read_quoted(struct reader *reader, const char *at, const char *end, char quote, char **to)
{
	const char *open = at - 1;

	for (; at < end && *at != quote; at++) {
		char byte = *at;

		if (quote == '"' && byte == '\\') {
			byte = at + 1 < end ? escape_of(at[1]) : '\0';
			if (byte == '\0') {
				refuse(reader, at,
					"only \\n, \\r, \\t, \\\", \\\\ and \\$ may stand in double quotes");
				return NULL;
			}
			at++;
		}
		*(*to)++ = byte;
	}
	if (at == end) {
		refuse(reader, open, "the quote is not closed on its line");
		return NULL;
	}
	return at + 1;
}

/* Appends the value that begins at `at`; false after a report. */
static bool read_value(struct reader *reader, const char *at, const char *end, char **to)
{
	const char *first = at, *last;

	if (at < end && (*at == '"' || *at == '\'')) {
		at = read_quoted(reader, at + 1, end, *at, to);
		if (at == NULL)
			return false;
		last = at;
		at = skip_blanks(at, end);
		if (at == end || (*at == '#' && at != last))
			return true;
		refuse(reader, at, "something stands behind the closing quote");
		return false;
	}
	for (; at < end; at++)
		if (*at == '#' && (at == first || is_blank(at[-1])))
			break;
	for (last = at; last > first && is_blank(last[-1]);)
		last--;
	memcpy(*to, first, (size_t)(last - first));
	*to += last - first;
	return true;
}

/* The line as "NAME=value" in the arena; NULL for one without a variable, and after a report. */
static char *read_line(struct reader *reader, const char *end)
{
	const char *at = skip_blanks(reader->begin, end), *name;
	char *text, *to;

	if (at == end || *at == '#')
		return NULL;
	if (end - at > 7 && strncmp(at, "export", 6) == 0 && is_blank(at[6]))
		at = skip_blanks(at + 6, end);
	for (name = at; at < end && is_name_byte(*at, at == name);)
		at++;
	if (at == name || at == end || *at != '=') {
		refuse(reader, name, "this is not NAME=value");
		return NULL;
	}
	/* A value only gets shorter when it is read. */
	text = to = dbw_arena_alloc_bytes(reader->arena, (size_t)(end - name) + 1);
	if (text == NULL) {
		reader->out_of_memory = true;
		return NULL;
	}
	memcpy(to, name, (size_t)(at + 1 - name));
	to += at + 1 - name;
	if (!read_value(reader, skip_blanks(at + 1, end), end, &to))
		return NULL;
	*to = '\0';
	return text;
}

static bool fail_memory(dbw_diagnostics *diagnostics, const char *file_name)
{
	dbw_report(diagnostics, DBW_SEVERITY_ERROR, (dbw_position){ file_name, 0, 0 }, "out-of-memory", NULL,
		"out of memory");
	return false;
}

bool dbw__dotenv_parse(dbw_arena *arena, dbw_diagnostics *diagnostics, const char *file_name,
	const char *text, size_t length, char ***out)
{
	struct reader reader = { arena, diagnostics, file_name, 0, text, true, false };
	const char *end = text + length;
	size_t lines = 1, count = 0;
	char **list;

	*out = NULL;
	if (memchr(text, '\0', length) != NULL || !dbw__utf8_check(text, length, NULL)) {
		dbw_report(diagnostics, DBW_SEVERITY_ERROR, (dbw_position){ file_name, 0, 0 },
			"bad-environment-file", NULL, "the file is not text in UTF-8");
		return false;
	}
	for (const char *at = text; at < end; at++)
		lines += *at == '\n';
	list = dbw_arena_alloc_zeroed(arena, lines + 1, sizeof *list);
	if (list == NULL)
		return fail_memory(diagnostics, file_name);
	while (reader.begin < end && !reader.out_of_memory) {
		const char *stop = memchr(reader.begin, '\n', (size_t)(end - reader.begin)), *next;
		char *variable;

		stop = stop != NULL ? stop : end;
		next = stop < end ? stop + 1 : end;
		if (stop > reader.begin && stop[-1] == '\r')
			stop--;
		reader.line++;
		variable = read_line(&reader, stop);
		if (variable != NULL)
			list[count++] = variable;
		reader.begin = next;
	}
	if (reader.out_of_memory)
		return fail_memory(diagnostics, file_name);
	if (!reader.good)
		return false;
	*out = list;
	return true;
}

bool dbw__dotenv_read(
	dbw_arena *arena, dbw_diagnostics *diagnostics, const char *path, bool wanted, char ***out)
{
	static char *none[] = { NULL };
	dbw_text_buffer text;
	int problem;
	bool good = true;

	*out = NULL;
	dbw_text_init(&text, NULL, 0);
	problem = dbw__file_read(path, LARGEST_FILE, &text);
	/* A folder of this name is a virtual environment of Python's, as a rule. */
	if ((problem == ENOENT || problem == EISDIR) && !wanted) {
		*out = none;
	} else if (problem == ENOMEM) {
		good = fail_memory(diagnostics, path);
	} else if (problem != 0) {
		dbw_report(diagnostics, DBW_SEVERITY_ERROR, (dbw_position){ path, 0, 0 }, "unreadable-file",
			NULL, "the variables in this file cannot be read: %s", strerror(problem));
		good = false;
	} else {
		good = dbw__dotenv_parse(
			arena, diagnostics, path, text.data != NULL ? text.data : "", text.length, out);
	}
	dbw_text_clear(&text);
	return good;
}

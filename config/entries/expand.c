#include <entries/expand.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { LONGEST_NAME = 127, LONGEST_FILE = 1023 };

/* What stands at a place of the text. */
struct piece {
	enum { LITERAL, VARIABLE, BROKEN } kind;
	size_t size;  /* Bytes of the text that it takes. */
	size_t shown; /* LITERAL: bytes at its front that are shown. */
	char name[LONGEST_FILE + 1];
	const char *fallback; /* The default, inside the text; NULL if there is none. */
	size_t fallback_size;
};

static bool is_name_byte(char byte, bool first)
{
	if ((byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') || byte == '_')
		return true;
	return !first && byte >= '0' && byte <= '9';
}

static void broken(struct piece *piece, char *problem, const char *reason)
{
	piece->kind = BROKEN;
	snprintf(problem, DBW__PROBLEM_SIZE, "%s", reason);
}

/* The default from `at`, behind `:-`, up to its brace. */
static void read_fallback(const char *text, const char *at, struct piece *piece, char *problem)
{
	const char *end = strchr(at, '}'), *inner = strstr(at, "${");

	if (end != NULL && inner != NULL && inner < end) {
		broken(piece, problem, "a default cannot hold \"${\"");
		return;
	}
	if (end == NULL) {
		broken(piece, problem, "\"${\" has no closing \"}\"");
		return;
	}
	piece->fallback = at;
	piece->fallback_size = (size_t)(end - at);
	piece->size = (size_t)(end + 1 - text);
}

/* The ${file:path} that begins the text; it is asked for by the name "file:path". */
static void read_file_name(const char *text, struct piece *piece, char *problem)
{
	const char *name = text + 2, *end = strchr(name, '}');
	const size_t length = end == NULL ? 0 : (size_t)(end - name);

	if (end == NULL) {
		broken(piece, problem, "\"${\" has no closing \"}\"");
	} else if (length == strlen("file:")) {
		broken(piece, problem, "\"${file:}\" names no file");
	} else if (length > LONGEST_FILE) {
		broken(piece, problem, "the name of a file has at most 1018 bytes here");
	} else {
		memcpy(piece->name, name, length);
		piece->name[length] = '\0';
		piece->size = length + 3;
	}
}

/* The variable whose `${` begins the text. */
static void read_variable(const char *text, struct piece *piece, char *problem)
{
	const char *at = text + 2, *name = at;
	size_t length;

	piece->kind = VARIABLE;
	while (is_name_byte(*at, at == name))
		at++;
	length = (size_t)(at - name);
	if (strncmp(name, "file:", 5) == 0) {
		read_file_name(text, piece, problem);
	} else if (strchr(name, '}') == NULL) {
		broken(piece, problem, "\"${\" has no closing \"}\"");
	} else if (length == 0 && *at == '}') {
		broken(piece, problem, "\"${}\" names no variable");
	} else if (length > LONGEST_NAME) {
		broken(piece, problem, "the name of a variable has at most 127 characters");
	} else {
		memcpy(piece->name, name, length);
		piece->name[length] = '\0';
		if (length != 0 && *at == '}')
			piece->size = (size_t)(at + 1 - text);
		else if (length != 0 && strncmp(at, ":-", 2) == 0)
			read_fallback(text, at + 2, piece, problem);
		else if (length != 0 && strchr(":-=?+#%/", *at) != NULL)
			broken(piece, problem,
				"only \":-\" and a default, or \"}\", may follow the name of a variable");
		else
			broken(piece, problem,
				"the name of a variable has only letters, digits and _,"
				" and does not begin with a digit");
	}
}

/* Reads the piece at the front of `text`, which is not empty; `problem` is written only for BROKEN. */
static void read_piece(const char *text, struct piece *piece, char *problem)
{
	piece->fallback = NULL;
	piece->fallback_size = 0;
	if (text[0] == '$' && text[1] == '{') {
		read_variable(text, piece, problem);
		return;
	}
	piece->kind = LITERAL;
	if (text[0] == '$') {
		piece->size = text[1] == '$' ? 2 : 1;
		piece->shown = 1;
		return;
	}
	piece->size = strcspn(text, "$");
	piece->shown = piece->size;
}

/* A default may hold $$ as the text around it may. */
static void append_fallback(dbw_text_buffer *out, const char *text, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		dbw_text_append_char(out, text[i]);
		if (text[i] == '$' && i + 1 < size && text[i + 1] == '$')
			i++;
	}
}

static bool append_variable(
	const struct piece *piece, dbw__variable variable, void *context, dbw_text_buffer *out, char *problem)
{
	const char *value;

	errno = 0;
	value = variable(context, piece->name);

	if (piece->fallback != NULL && (value == NULL || *value == '\0')) {
		append_fallback(out, piece->fallback, piece->fallback_size);
		return true;
	}
	if (value == NULL && strncmp(piece->name, "file:", 5) == 0) {
		snprintf(problem, DBW__PROBLEM_SIZE, "the file %.*s cannot be read: %s",
			DBW__PROBLEM_SIZE / 2, piece->name + 5, strerror(errno));
		return false;
	}
	if (value == NULL) {
		snprintf(problem, DBW__PROBLEM_SIZE, "the environment variable %.*s is not set", LONGEST_NAME,
			piece->name);
		return false;
	}
	dbw_text_append_z(out, value);
	return true;
}

bool dbw__expand(const char *text, dbw__variable variable, void *context, dbw_text_buffer *out,
	char problem[DBW__PROBLEM_SIZE])
{
	size_t before = out->length;
	struct piece piece;
	bool done = true;

	*problem = '\0';
	while (*text != '\0' && done) {
		read_piece(text, &piece, problem);
		if (piece.kind == BROKEN)
			done = false;
		else if (piece.kind == VARIABLE)
			done = append_variable(&piece, variable, context, out, problem);
		else
			dbw_text_append(out, text, piece.shown);
		text += done ? piece.size : 0;
	}
	if (done && out->failed) {
		snprintf(problem, DBW__PROBLEM_SIZE, "out of memory");
		done = false;
	}
	if (!done)
		dbw_text_truncate(out, before);
	return done;
}

bool dbw__expand_check(const char *text, char problem[DBW__PROBLEM_SIZE], size_t *offset)
{
	const char *at = text;
	struct piece piece;

	*problem = '\0';
	*offset = 0;
	while (*at != '\0') {
		read_piece(at, &piece, problem);
		if (piece.kind == BROKEN) {
			*offset = (size_t)(at - text);
			return false;
		}
		at += piece.size;
	}
	return true;
}

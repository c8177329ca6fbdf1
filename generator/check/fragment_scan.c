/* Fragments of SQL into tokens. */
#include "fragment.h"

#include <string.h>

void ir__fragment_error(
	ir_checker *checker, const ir_scan *scan, const char *code, const char *hint, const char *format, ...)
{
	char storage[256];
	dbw_text_buffer problem;
	va_list arguments;

	dbw_text_init(&problem, storage, sizeof(storage));
	va_start(arguments, format);
	dbw_text_vprintf(&problem, format, arguments);
	va_end(arguments);
	ir__check_error(checker, scan->position, code, hint, "%s: %s", scan->subject, problem.data);
	dbw_text_clear(&problem);
}

static bool is_word_byte(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') ||
	       byte == '_' || (unsigned char)byte >= 0x80;
}

static bool is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

bool ir__token_is(const ir_scan *scan, size_t token, const char *word)
{
	const ir_token *it = &scan->tokens[token];

	if (token >= scan->count || it->length != strlen(word) ||
		(it->kind != IR_TOKEN_WORD && it->kind != IR_TOKEN_OPERATOR))
		return false;
	for (size_t i = 0; i < it->length; i++) {
		char byte = scan->text[it->offset + i];

		if (byte >= 'a' && byte <= 'z')
			byte = (char)(byte - 'a' + 'A');
		if (byte != word[i])
			return false;
	}
	return true;
}

/* The bytes up to and with the closing quote, which is doubled inside; 0 where it does not close. */
static size_t quoted_length(const char *text)
{
	char quote = text[0];

	for (size_t i = 1; text[i] != '\0'; i++) {
		if (text[i] != quote)
			continue;
		if (text[i + 1] != quote)
			return i + 1;
		i++;
	}
	return 0;
}

static size_t number_length(const char *text)
{
	size_t length = strspn(text, "0123456789");

	if (text[length] == '.')
		length += 1 + strspn(text + length + 1, "0123456789");
	if (text[length] == 'e' || text[length] == 'E') {
		size_t sign = text[length + 1] == '-' || text[length + 1] == '+' ? 1 : 0;
		size_t digits = strspn(text + length + 1 + sign, "0123456789");

		if (digits != 0)
			length += 1 + sign + digits;
	}
	while (is_word_byte(text[length]))
		length++;
	return length;
}

static size_t operator_length(const char *text)
{
	static const char *const longer[] = { "->>", "<=", ">=", "<>", "!=", "==", "||", "<<", ">>", "->",
		"::", "&&" };

	for (size_t i = 0; i < IR_COUNT(longer); i++)
		if (strncmp(text, longer[i], strlen(longer[i])) == 0)
			return strlen(longer[i]);
	return 1;
}

/* {dec 10.50} */
static size_t read_decimal(ir_checker *checker, const ir_scan *scan, const char *text, ir_token *token)
{
	const char *close = strchr(text, '}'), *digits = text + 4;
	size_t length;

	if (strncmp(text, "{dec ", 5) != 0 || close == NULL) {
		ir__fragment_error(
			checker, scan, "bad-fragment", "write {dec 10.50}", "a brace that is no {dec ...}");
		return 0;
	}
	while (*digits == ' ')
		digits++;
	length = (size_t)(close - digits);
	while (length != 0 && digits[length - 1] == ' ')
		length--;
	if (dbw_decimal_parse(digits, length, &token->decimal) != DBW_OK) {
		ir__fragment_error(checker, scan, "bad-fragment", "write {dec 10.50}",
			"\"%.*s\" is not a decimal number", (int)length, digits);
		return 0;
	}
	return (size_t)(close + 1 - text);
}

/* What would let a fragment end before its end, or hide a part of it. */
static const char *refused(const char *text, const bool *engines)
{
	if (*text == ';')
		return "it has a ';': one expression, not a statement, is wanted";
	if (strncmp(text, "--", 2) == 0 || strncmp(text, "/*", 2) == 0)
		return "it has a comment: use the YAML one, #";
	if (*text == '$')
		return "it has a '$': there are no parameters and no dollar quotes in fragments";
	if (*text == '`' || (*text == '[' && engines[DBW_SQLITE]))
		return "names are quoted with double quotes";
	if (*text == '?' && engines[DBW_SQLITE])
		return "it has a '?': there are no parameters in fragments";
	if ((*text == 'e' || *text == 'E') && text[1] == '\'')
		return "it has an E'...' text: write '...'";
	return NULL;
}

static const ir_field *find_column(const ir_scan *scan, const char *text, size_t length, bool quoted)
{
	char name[IR_NAME_MAX + 1];

	if (length > IR_NAME_MAX)
		return NULL;
	for (size_t i = 0; i < length; i++)
		name[i] = !quoted && text[i] >= 'A' && text[i] <= 'Z' ? (char)(text[i] - 'A' + 'a') : text[i];
	name[length] = '\0';
	return ir_find_column(scan->model, name);
}

/* Reads the token at `text`; its length, or 0 after a report. */
static size_t read_token(ir_checker *checker, const ir_scan *scan, const char *text, ir_token *token)
{
	size_t length;

	if (*text == '\'' || *text == '"') {
		length = quoted_length(text);
		token->kind = *text == '"' ? IR_TOKEN_WORD : IR_TOKEN_TEXT;
		if (length == 0)
			ir__fragment_error(checker, scan, "bad-fragment", NULL, "a quote does not close");
		else if (*text == '"')
			token->field = find_column(scan, text + 1, length - 2, true);
		return length;
	}
	if (is_digit(*text) || (*text == '.' && is_digit(text[1]))) {
		token->kind = IR_TOKEN_NUMBER;
		return number_length(text);
	}
	if (is_word_byte(*text)) {
		for (length = 1; is_word_byte(text[length]);)
			length++;
		token->kind = IR_TOKEN_WORD;
		token->field = find_column(scan, text, length, false);
		return length;
	}
	if (*text == '{') {
		token->kind = IR_TOKEN_DECIMAL;
		return read_decimal(checker, scan, text, token);
	}
	token->kind = *text == '(' ? IR_TOKEN_OPEN : *text == ')' ? IR_TOKEN_CLOSE : IR_TOKEN_OPERATOR;
	return operator_length(text);
}

/* A word before a bracket is a function, and one before a dot a table. */
static void settle_words(ir_scan *scan)
{
	for (size_t i = 0; i + 1 < scan->count; i++)
		if (scan->tokens[i + 1].kind == IR_TOKEN_OPEN || ir__token_is(scan, i + 1, "."))
			scan->tokens[i].field = NULL;
}

bool ir__scan_fragment(ir_checker *checker, ir_scan *scan)
{
	const char *text = scan->text;
	unsigned open = 0;

	scan->count = 0;
	/* No text has more tokens than bytes. */
	scan->tokens = ir__check_alloc(checker, strlen(text) + 1, sizeof(*scan->tokens));
	if (scan->tokens == NULL)
		return false;
	for (size_t at = 0; text[at] != '\0';) {
		ir_token *token = &scan->tokens[scan->count];
		const char *problem;

		if (strchr(" \t\r\n", text[at]) != NULL) {
			at++;
			continue;
		}
		problem = refused(text + at, scan->engines);
		if (problem != NULL) {
			ir__fragment_error(checker, scan, "bad-fragment", NULL, "%s", problem);
			return false;
		}
		token->offset = at;
		token->length = read_token(checker, scan, text + at, token);
		if (token->length == 0)
			return false;
		if (token->kind == IR_TOKEN_CLOSE && open-- == 0) {
			ir__fragment_error(
				checker, scan, "bad-fragment", NULL, "a bracket closes that was not opened");
			return false;
		}
		open += token->kind == IR_TOKEN_OPEN;
		at += token->length;
		scan->count++;
	}
	if (open != 0 || scan->count == 0) {
		ir__fragment_error(checker, scan, "bad-fragment", NULL,
			open != 0 ? "a bracket does not close" : "it is empty");
		return false;
	}
	settle_words(scan);
	return true;
}

/* What the text of a statement is for, as far as it has to be known before the server has seen it. */
#include "connection.h"

#include <string.h>
#include <strings.h>

/* Behind blanks, comments, which may hold others, brackets and empty statements. */
static const char *first_word(const char *sql)
{
	unsigned depth = 0;

	for (;;) {
		if (sql[0] == '/' && sql[1] == '*') {
			depth++;
			sql += 2;
		} else if (depth != 0 && sql[0] == '*' && sql[1] == '/') {
			depth--;
			sql += 2;
		} else if (sql[0] != '\0' && (depth != 0 || strchr(" \t\n\r\f\v;(", sql[0]) != NULL)) {
			sql++;
		} else if (sql[0] == '-' && sql[1] == '-') {
			sql += strcspn(sql, "\n\r");
		} else {
			return sql;
		}
	}
}

static bool begins_with(const char *text, const char *word)
{
	const size_t length = strlen(word);
	const unsigned char next = strncasecmp(text, word, length) == 0 ? (unsigned char)text[length] : '_';

	/* What an identifier may go on with (manual, section 4.1.1). */
	return next < 0x80 && next != '_' && next != '$' && !(next >= '0' && next <= '9') &&
	       !(next >= 'a' && next <= 'z') && !(next >= 'A' && next <= 'Z');
}

statement_kind dbw__postgresql_kind_of(const char *sql)
{
	static const char *const queries[] = { "select", "insert", "update", "delete", "merge", "with",
		"values", "table" };
	const char *word = first_word(sql);

	for (size_t i = 0; i < sizeof queries / sizeof *queries; i++)
		if (begins_with(word, queries[i]))
			return STATEMENT_QUERY;
	return begins_with(word, "copy") ? STATEMENT_COPY : STATEMENT_COMMAND;
}

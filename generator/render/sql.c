#include "sql.h"

#include <model/name.h>
#include <stdint.h>
#include <string.h>

/* Text in quotes of either kind; a quote inside is written twice. */
static void quote(dbw_text_buffer *out, char mark, const char *text, size_t length)
{
	dbw_text_append_char(out, mark);
	for (const char *inside; (inside = memchr(text, mark, length)) != NULL;) {
		const size_t part = (size_t)(inside - text) + 1;

		dbw_text_append(out, text, part);
		dbw_text_append_char(out, mark);
		text += part;
		length -= part;
	}
	dbw_text_append(out, text, length);
	dbw_text_append_char(out, mark);
}

void ir__sql_ident(dbw_text_buffer *out, const char *name)
{
	quote(out, '"', name, strlen(name));
}

void ir__sql_string(dbw_text_buffer *out, const char *text, size_t length)
{
	quote(out, '\'', text, length);
}

void ir__sql_columns(dbw_text_buffer *out, ir_field *const *fields, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			dbw_text_append(out, ", ", 2);
		ir__sql_ident(out, fields[i]->column);
	}
}

void ir__sql_made_name(dbw_text_buffer *out, const ir_field *field, const char *ending)
{
	char storage[4 * IR_NAME_MAX];
	dbw_text_buffer name;

	dbw_text_init(&name, storage, sizeof storage);
	ir_name_of_column(&name, field, ending);
	if (name.failed)
		out->failed = true;
	else
		ir__sql_ident(out, name.data);
	dbw_text_clear(&name);
}

void ir__sql_uuid(dbw_text_buffer *out, const char *digits)
{
	dbw_text_printf(out, "'%.8s-%.4s-%.4s-%.4s-%.12s'", digits, digits + 8, digits + 12, digits + 16,
		digits + 20);
}

/* SQL text that all engines spell alike: names, literals, lists. Memory that is short shows in the buffer. */
#ifndef DBWRIGHT_RENDER_SQL_H
#define DBWRIGHT_RENDER_SQL_H

#include <base/text.h>
#include <model/model.h>

/** A name in double quotes, which keep it from being a keyword. */
void ir__sql_ident(dbw_text_buffer *out, const char *name);

/** A text literal. PostgreSQL reads backslashes as they are (standard_conforming_strings, on since 9.1). */
void ir__sql_string(dbw_text_buffer *out, const char *text, size_t length);

/** The columns of `count` fields, separated by commas. */
void ir__sql_columns(dbw_text_buffer *out, ir_field *const *fields, size_t count);

/** ir_name_of_column() in quotes. */
void ir__sql_made_name(dbw_text_buffer *out, const ir_field *field, const char *ending);

/** A uuid as text with its dashes, from 32 hexadecimal digits, in quotes. */
void ir__sql_uuid(dbw_text_buffer *out, const char *digits);

#endif

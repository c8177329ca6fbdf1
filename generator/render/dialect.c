#include "dialect.h"

#include "sql.h"

#include <string.h>

const ir__dialect *const ir__dialects[DBW_ENGINE_COUNT] = {
	[DBW_SQLITE] = &ir__sqlite,
	[DBW_POSTGRESQL] = &ir__postgresql,
};

/* The digits that fit a scaled integer of 64 bits. */
enum { SCALED_DIGITS_MAX = 18 };

bool ir__stored_as_text(const ir_field *field)
{
	if (field->type == IR_DECIMAL)
		return field->precision > SCALED_DIGITS_MAX;
	return field->storage == IR_STORAGE_TEXT && ir_type_of(field->type)->sqlite_text != NULL;
}

void ir__sql_enum_rule(dbw_text_buffer *out, const ir_field *field)
{
	ir__sql_ident(out, field->column);
	dbw_text_append_z(out, " IN (");
	for (size_t i = 0; i < field->value_count; i++) {
		const char *value = field->values[i].word.text;

		if (i > 0)
			dbw_text_append(out, ", ", 2);
		ir__sql_string(out, value, strlen(value));
	}
	dbw_text_append_char(out, ')');
}

void ir__sql_table(dbw_text_buffer *out, const ir__dialect *dialect, const ir_model *model)
{
	if (dialect->has_namespaces && model->schema->namespace_ != NULL) {
		ir__sql_ident(out, model->schema->namespace_);
		dbw_text_append_char(out, '.');
	}
	ir__sql_ident(out, model->table.text);
}

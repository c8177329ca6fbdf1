/*
 * A list as one parameter, for lists that are too long for a parameter per value. What reads it is in the statement
 * layer, which knows the same two forms.
 */
#include "connection.h"

#include <base/text.h>
#include <value/coefficient.h>

#include <inttypes.h>
#include <stdlib.h>

/* A JSON string (RFC 8259, section 7): the text is UTF-8 already. */
static void append_string(dbw_text_buffer *json, const char *text, size_t length)
{
	dbw_text_append_char(json, '"');
	for (size_t i = 0; i < length; i++) {
		if ((unsigned char)text[i] < 0x20) {
			dbw_text_printf(json, "\\u%04x", (unsigned)text[i]);
			continue;
		}
		if (text[i] == '"' || text[i] == '\\')
			dbw_text_append_char(json, '\\');
		dbw_text_append_char(json, text[i]);
	}
	dbw_text_append_char(json, '"');
}

/* An item as the column stores it; false where it has no exact form in JSON. */
static bool append_item(dbw_text_buffer *json, const dbw_value *item)
{
	char text[DBW_DECIMAL_SIZE];
	int64_t integer = item->as.integer;

	if ((item->column->flags & DBW_COLUMN_TEXT_STORAGE) != 0) {
		const size_t length = dbw__sqlite_print_stored(item, text);

		append_string(json, text, length);
		return length != 0;
	}
	switch (item->kind) {
	case DBW_KIND_DECIMAL:
		if (dbw__decimal_to_scaled(item->as.decimal, item->column->scale, &integer) != DBW_OK)
			return false;
		break;
	case DBW_KIND_INT16:
	case DBW_KIND_INT32:
	case DBW_KIND_INT64:
	case DBW_KIND_TIMESTAMP:
	case DBW_KIND_DATE:
	case DBW_KIND_TIME: break;
	case DBW_KIND_TEXT: append_string(json, item->as.data, item->size); return true;
	case DBW_KIND_ENUM: {
		const char *stored = item->column->values->values[integer - 1];

		append_string(json, stored, strlen(stored));
		return true;
	}
	default: return false;
	}
	dbw_text_printf(json, "%" PRId64, integer);
	return true;
}

static bool is_packed(const dbw_column *column)
{
	return column->kind == DBW_KIND_UUID && (column->flags & DBW_COLUMN_TEXT_STORAGE) == 0;
}

dbw_status dbw__sqlite_bind_list(
	sqlite3_stmt *statement, int place, const dbw_value *value, int *code, dbw_error *error)
{
	const bool packed = is_packed(value->column);
	dbw_text_buffer list;
	size_t length;
	char *memory;

	dbw_text_init(&list, NULL, 0);
	for (uint32_t i = 0; i < value->size; i++) {
		const dbw_value *item = &value->as.items[i];

		if (packed) {
			dbw_text_append(&list, (const char *)item->as.uuid.bytes, sizeof item->as.uuid.bytes);
			continue;
		}
		dbw_text_append_char(&list, i == 0 ? '[' : ',');
		if (!append_item(&list, item)) {
			dbw_text_clear(&list);
			return dbw__fail(error, DBW_UNSUPPORTED,
				"%s: a list of such values has no form in SQLite", value->column->field);
		}
	}
	if (!packed)
		dbw_text_append_z(&list, value->size == 0 ? "[]" : "]");
	memory = dbw_text_steal(&list, &length);
	if (memory == NULL)
		return dbw__fail(error, DBW_OUT_OF_MEMORY, "out of memory");
	/*
	 * SQLite frees it, also where it does not take it (manual, "Binding Values To Prepared Statements"). Until the
	 * statement runs again or is released the list stays with it.
	 */
	*code = packed ? sqlite3_bind_blob64(statement, place, memory, length, free)
		       : sqlite3_bind_text64(statement, place, memory, length, free, SQLITE_UTF8);
	return DBW_OK;
}

/* Lists as arrays. */
#include "connection.h"

/*
 * The binary form (src/backend/utils/adt/arrayfuncs.c, array_recv): the number of dimensions, whether there are NULLs,
 * the type of the elements, for each dimension its size and first index, then each element with its length, -1 for NULL.
 */

Oid dbw__postgresql_item_type(Oid array)
{
	static const struct {
		Oid array, item;
	} types[] = {
		{ TYPE_INT8_ARRAY, TYPE_INT8 },
		{ 1009, TYPE_TEXT },
		{ 1015, TYPE_VARCHAR },
		{ 1007, TYPE_INT4 },
		{ 1005, TYPE_INT2 },
		{ 1000, TYPE_BOOL },
		{ 1001, TYPE_BYTEA },
		{ 1021, TYPE_FLOAT4 },
		{ 1022, TYPE_FLOAT8 },
		{ 1115, TYPE_TIMESTAMP },
		{ 1182, TYPE_DATE },
		{ 1183, TYPE_TIME },
		{ 1185, TYPE_TIMESTAMPTZ },
		{ 1231, TYPE_NUMERIC },
		{ 2951, TYPE_UUID },
		{ 3807, TYPE_JSONB },
	};

	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (types[i].array == array)
			return types[i].item;
	return 0;
}

static bool append_32(dbw_text_buffer *out, uint32_t number)
{
	char bytes[4];

	write_32(bytes, number);
	return dbw_text_append(out, bytes, sizeof bytes);
}

bool dbw__postgresql_append_binary(dbw_text_buffer *out, const dbw_value *item, Oid type)
{
	char storage[PARAMETER_SIZE];
	const char *data = item->as.data;
	size_t length = item->size;

	switch (item->kind) {
	case 0: return append_32(out, UINT32_MAX);
	case DBW_KIND_TEXT:
		if (!dbw__postgresql_is_text(type))
			return false;
		break;
	case DBW_KIND_BYTES:
		if (type != TYPE_BYTEA)
			return false;
		break;
	case DBW_KIND_JSON:
		if (dbw__postgresql_is_text(type))
			break;
		/* The number of the form comes first. */
		return type == TYPE_JSONB && length < INT32_MAX && append_32(out, (uint32_t)length + 1) &&
		       dbw_text_append_char(out, 1) && dbw_text_append(out, data, length);
	case DBW_KIND_ENUM:
		data = dbw__postgresql_enum_text(item);
		if (data == NULL || !dbw__postgresql_is_text(type))
			return false;
		length = strlen(data);
		break;
	default:
		data = storage;
		length = dbw__postgresql_code(item, type, storage);
		if (length == 0)
			return false;
		break;
	}
	return length <= INT32_MAX && append_32(out, (uint32_t)length) && dbw_text_append(out, data, length);
}

static bool append_array(dbw_text_buffer *out, const dbw_value *value, Oid type)
{
	bool has_null = false;

	for (uint32_t i = 0; i < value->size; i++)
		has_null = has_null || value->as.items[i].kind == 0;
	append_32(out, value->size == 0 ? 0 : 1);
	append_32(out, has_null);
	append_32(out, type);
	if (value->size != 0) {
		append_32(out, value->size);
		append_32(out, 1);
	}
	for (uint32_t i = 0; i < value->size; i++)
		if (!dbw__postgresql_append_binary(out, &value->as.items[i], type))
			return false;
	return true;
}

static void append_quoted(dbw_text_buffer *out, const char *text, size_t length)
{
	dbw_text_append_char(out, '"');
	for (size_t i = 0; i < length; i++) {
		if (text[i] == '"' || text[i] == '\\')
			dbw_text_append_char(out, '\\');
		dbw_text_append_char(out, text[i]);
	}
	dbw_text_append_char(out, '"');
}

/* As array_in() reads it, for types that are not known here: {"a","b"}. Bytes are hexadecimal digits. */
static bool append_printed(dbw_text_buffer *out, const dbw_value *item)
{
	char storage[PARAMETER_SIZE];
	const char *text = item->as.data;
	size_t length = item->size;

	switch (item->kind) {
	case 0: return dbw_text_append_z(out, "NULL");
	case DBW_KIND_TEXT:
	case DBW_KIND_JSON: break;
	case DBW_KIND_BYTES:
		dbw_text_append_z(out, "\"\\\\x");
		for (size_t i = 0; i < length; i++)
			dbw_text_printf(out, "%02x", (unsigned)(unsigned char)text[i]);
		return dbw_text_append_char(out, '"');
	case DBW_KIND_ENUM:
		text = dbw__postgresql_enum_text(item);
		if (text == NULL)
			return false;
		length = strlen(text);
		break;
	default:
		text = storage;
		length = dbw__postgresql_print(item, storage);
		if (length == 0)
			return false;
		break;
	}
	append_quoted(out, text, length);
	return true;
}

static bool append_text(dbw_text_buffer *out, const dbw_value *value)
{
	for (uint32_t i = 0; i < value->size; i++) {
		dbw_text_append_char(out, i == 0 ? '{' : ',');
		if (!append_printed(out, &value->as.items[i]))
			return false;
	}
	dbw_text_append_z(out, value->size == 0 ? "{}" : "}");
	return true;
}

dbw_status dbw__postgresql_code_list(
	const dbw_value *value, Oid type, int *format, dbw_text_buffer *out, dbw_error *error)
{
	const size_t start = out->length;
	const Oid item = dbw__postgresql_item_type(type);

	*format = item != 0;
	if (item != 0 && append_array(out, value, item))
		return DBW_OK;
	if (!out->failed) {
		dbw_text_truncate(out, start);
		*format = 0;
		if (append_text(out, value) && !out->failed)
			return DBW_OK;
	}
	if (out->failed)
		return dbw__fail(error, DBW_OUT_OF_MEMORY, "out of memory");
	return dbw__fail(error, DBW_INVALID, "%s: a value of the list has no form in PostgreSQL",
		value->column == NULL ? "parameter" : value->column->field);
}

enum { HEADER_SIZE = 20, ITEM_SIZE = 4 + 8 };

bool dbw__postgresql_read_ids(const PGresult *result, size_t *count, const char **first)
{
	const char *data = PQgetvalue(result, 0, 0);
	const size_t length = (size_t)PQgetlength(result, 0, 0);

	*count = 0;
	*first = data;
	/* The array of no rows is NULL. */
	if (PQgetisnull(result, 0, 0))
		return true;
	if (length < HEADER_SIZE || read_32(data) != 1 || read_32(data + 4) != 0 ||
		read_32(data + 8) != TYPE_INT8)
		return false;
	*count = read_32(data + 12);
	*first = data + HEADER_SIZE;
	return length == HEADER_SIZE + *count * ITEM_SIZE;
}

int64_t dbw__postgresql_id_at(const char *first, size_t place)
{
	return (int64_t)read_64(first + place * ITEM_SIZE + 4);
}

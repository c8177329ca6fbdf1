#include <model/name.h>
#include <stddef.h>
#include <string.h>

enum { HASH_DIGITS = 8 };

const char *ir_name_problem(const char *name)
{
	size_t length = strlen(name);

	if (length == 0)
		return "is empty";
	if (length > IR_NAME_MAX)
		return "is longer than 63 bytes";
	if (name[0] < 'a' || name[0] > 'z')
		return "does not begin with a lower-case letter";
	if (name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_")] != '\0')
		return "has a character other than a-z, 0-9 and '_'";
	if (name[length - 1] == '_')
		return "ends in '_', which is kept for generated members";
	return NULL;
}

uint32_t ir_name_hash(uint32_t hash, const char *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++)
		hash = (hash ^ (unsigned char)bytes[i]) * UINT32_C(16777619);
	return hash;
}

void ir_name_append_hash(dbw_text_buffer *name, uint32_t hash)
{
	dbw_text_printf(name, "%0*lx", HASH_DIGITS, (unsigned long)hash);
}

void ir_name_shorten(dbw_text_buffer *name)
{
	size_t kept = IR_NAME_MAX - HASH_DIGITS - 1;
	uint32_t hash;

	if (name->failed || name->length <= IR_NAME_MAX)
		return;
	hash = ir_name_hash(IR_NAME_HASH, name->data, name->length);
	while (((unsigned char)name->data[kept] & 0xc0) == 0x80)
		kept--;
	dbw_text_truncate(name, kept);
	dbw_text_append_char(name, '_');
	ir_name_append_hash(name, hash);
}

void ir_name_of_column(dbw_text_buffer *name, const ir_field *field, const char *ending)
{
	dbw_text_truncate(name, 0);
	dbw_text_printf(name, "%s_%s_%s", field->model->table.text, field->column, ending);
	ir_name_shorten(name);
}

#include <dbwright/error.h>

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char *dbw_status_name(dbw_status status)
{
	switch (status) {
#define DBW_STATUS_NAME(name, number, text) \
	case DBW_##name: return "DBW_" #name;
		DBW_STATUS_MAP(DBW_STATUS_NAME)
#undef DBW_STATUS_NAME
	}
	return "unknown status";
}

const char *dbw_status_text(dbw_status status)
{
	switch (status) {
#define DBW_STATUS_TEXT(name, number, text) \
	case DBW_##name: return text;
		DBW_STATUS_MAP(DBW_STATUS_TEXT)
#undef DBW_STATUS_TEXT
	}
	return "unknown status";
}

void dbw_error_clear(dbw_error *error)
{
	if (error == NULL)
		return;
	error->status = DBW_OK;
	error->native_code = 0;
	error->sqlstate[0] = '\0';
	error->constraint = NULL;
	error->statement = NULL;
	error->message[0] = '\0';
}

/* A message cut by vsnprintf may end inside a character: step back to where that character began. */
static void cut_at_character(char *text, size_t length)
{
	size_t start = length;

	while (start > 0 && ((unsigned char)text[start - 1] & 0xC0U) == 0x80U)
		start--;
	if (start > 0 && (unsigned char)text[start - 1] >= 0xC0U)
		text[start - 1] = '\0';
}

dbw_status dbw__fail(dbw_error *error, dbw_status status, const char *format, ...)
{
	va_list arguments;
	int length;

	if (error == NULL)
		return status;
	dbw_error_clear(error);
	error->status = status;
	va_start(arguments, format);
	length = vsnprintf(error->message, sizeof error->message, format, arguments);
	va_end(arguments);
	if (length >= (int)sizeof error->message)
		cut_at_character(error->message, sizeof error->message - 1);
	return status;
}

dbw_status dbw__error_copy(dbw_error *to, const dbw_error *from)
{
	if (from == NULL)
		return DBW_OK;
	if (to != NULL && to != from)
		*to = *from;
	return from->status;
}

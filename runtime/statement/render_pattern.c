#include "render_pattern.h"

#include <dbwright/filter.h>
#include <statement/render.h>

static char lower(char byte)
{
	return byte >= 'A' && byte <= 'Z' ? (char)(byte - 'A' + 'a') : byte;
}

/* Bytes are enough: in UTF-8 no byte of a longer character looks like ASCII. */
static bool ends_in_escape(const char *pattern, size_t length)
{
	size_t run = 0;

	while (run < length && pattern[length - run - 1] == '\\')
		run++;
	return run % 2 != 0;
}

/*
 * GLOB knows * ? and [...] and has no escape; a class of one stands for a plain one of these (SQLite manual, "SQL
 * Language Expressions", section 5: LIKE, GLOB, REGEXP, MATCH). Returns the length, at most three times the pattern's.
 */
static size_t to_glob(const char *pattern, size_t length, bool fold, char *out)
{
	size_t written = 0;

	for (size_t i = 0; i < length; i++) {
		char byte = pattern[i];

		if (byte == '%') {
			out[written++] = '*';
			continue;
		}
		if (byte == '_') {
			out[written++] = '?';
			continue;
		}
		if (byte == '\\')
			byte = pattern[++i];
		if (byte == '*' || byte == '?' || byte == '[') {
			out[written++] = '[';
			out[written++] = byte;
			byte = ']';
		}
		out[written++] = fold ? lower(byte) : byte;
	}
	return written;
}

static dbw_status too_long_for_sqlite(const dbw_model *model, const char *field, dbw_error *error)
{
	return dbw__fail(error, DBW_UNSUPPORTED,
		"%s.%s: the pattern has more than the %d bytes that SQLite takes", model->name, field,
		(int)DBW__PATTERN_LIMIT);
}

dbw_status dbw__pattern_translate(const dbw_model *model, dbw_engine engine, bool fold, dbw_arena *scratch,
	dbw_value *value, dbw_error *error)
{
	const char *field = value->column->field;
	const char *pattern = value->as.data;
	const size_t length = value->size;
	size_t written = length;
	char *text;

	if (ends_in_escape(pattern, length))
		return dbw__fail(error, DBW_INVALID,
			"%s.%s: the pattern ends in a single \\, which has nothing to make plain",
			model->name, field);
	if (engine != DBW_SQLITE && !fold)
		return DBW_OK;
	if (engine == DBW_SQLITE && length > DBW__PATTERN_LIMIT)
		goto too_long;
	if (length > SIZE_MAX / 3 || (text = dbw_arena_alloc_bytes(scratch, 3 * length + 1)) == NULL)
		return dbw__fail(error, DBW_OUT_OF_MEMORY, "out of memory");
	if (engine == DBW_SQLITE) {
		written = to_glob(pattern, length, fold, text);
		if (written > DBW__PATTERN_LIMIT)
			goto too_long;
	} else {
		for (size_t i = 0; i < length; i++)
			text[i] = lower(pattern[i]);
	}
	text[written] = '\0';
	value->as.data = text;
	value->size = (uint32_t)written;
	return DBW_OK;
too_long:
	return too_long_for_sqlite(model, field, error);
}

/* A class of one in GLOB, a \ before it in LIKE. Returns the length, at most three times the text's. */
static size_t to_plain(dbw_engine engine, const char *text, size_t length, bool fold, char *out)
{
	size_t written = 0;

	for (size_t i = 0; i < length; i++) {
		char byte = text[i];

		if (engine == DBW_SQLITE && (byte == '*' || byte == '?' || byte == '[')) {
			out[written++] = '[';
			out[written++] = byte;
			byte = ']';
		} else if (engine != DBW_SQLITE && (byte == '%' || byte == '_' || byte == '\\')) {
			out[written++] = '\\';
		}
		out[written++] = fold ? lower(byte) : byte;
	}
	return written;
}

dbw_status dbw__pattern_find(const dbw_model *model, dbw_engine engine, unsigned operation,
	dbw_arena *scratch, dbw_value *value, dbw_error *error)
{
	const bool at_start = operation == DBW_OPERATOR_STARTS_WITH || operation == DBW_OPERATOR_ISTARTS_WITH;
	const bool at_end = operation == DBW_OPERATOR_ENDS_WITH || operation == DBW_OPERATOR_IENDS_WITH;
	const char anything = engine == DBW_SQLITE ? '*' : '%';
	const size_t length = value->size;
	size_t written = 0;
	char *text;

	if (engine == DBW_SQLITE && length > DBW__PATTERN_LIMIT)
		return too_long_for_sqlite(model, value->column->field, error);
	if (length > (UINT32_MAX - 3) / 3 || (text = dbw_arena_alloc_bytes(scratch, 3 * length + 3)) == NULL)
		return dbw__fail(error, DBW_OUT_OF_MEMORY, "out of memory");
	if (!at_start)
		text[written++] = anything;
	written +=
		to_plain(engine, value->as.data, length, operation >= DBW_OPERATOR_ICONTAINS, text + written);
	if (!at_end)
		text[written++] = anything;
	if (engine == DBW_SQLITE && written > DBW__PATTERN_LIMIT)
		return too_long_for_sqlite(model, value->column->field, error);
	text[written] = '\0';
	value->as.data = text;
	value->size = (uint32_t)written;
	return DBW_OK;
}

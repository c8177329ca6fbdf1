/** What writes SQL: the pieces that every kind of statement is made of. */
#ifndef DBWRIGHT_STATEMENT_RENDER_WRITER_H
#define DBWRIGHT_STATEMENT_RENDER_WRITER_H

#include "render_key.h"

#include <base/text.h>
#include <dbwright/filter.h>

#include <string.h>

/** A text under construction: how many parameters and conditions it has so far. */
struct writer {
	dbw_text_buffer *out;
	const dbw_model *model;
	dbw_engine engine;
	unsigned parameters;
	unsigned depth;                    /* Groups that are open, ... */
	bool wrapped[DBW_GROUP_DEPTH + 1]; /* ... and whether the present member of each is in parentheses. */
};

static inline void text(struct writer *writer, const char *piece)
{
	dbw_text_append_z(writer->out, piece);
}

static inline void identifier(struct writer *writer, const char *name)
{
	dbw_text_append_char(writer->out, '"');
	for (; *name != '\0'; name++) {
		if (*name == '"')
			dbw_text_append_char(writer->out, '"');
		dbw_text_append_char(writer->out, *name);
	}
	dbw_text_append_char(writer->out, '"');
}

static inline void column_name(struct writer *writer, uint16_t number)
{
	identifier(writer, writer->model->columns[number].name);
}

/** A parameter by its number: ?1 in SQLite and $1 in PostgreSQL. */
static inline void numbered_parameter(struct writer *writer, unsigned number)
{
	char digits[10];
	size_t start = sizeof digits;

	do {
		digits[--start] = (char)('0' + number % 10);
		number /= 10;
	} while (number != 0);
	dbw_text_append_char(writer->out, writer->engine == DBW_SQLITE ? '?' : '$');
	dbw_text_append(writer->out, digits + start, sizeof digits - start);
}

/** The last parameter once more. */
static inline void same_parameter(struct writer *writer)
{
	numbered_parameter(writer, writer->parameters);
}

static inline void parameter(struct writer *writer)
{
	writer->parameters++;
	same_parameter(writer);
}

/** NULLs stand where SQLite puts them by itself; PostgreSQL has to be told. A column without NULLs needs no word. */
static inline void order(struct writer *writer, const dbw__key_item *item)
{
	const bool nullable = (writer->model->columns[item->column].flags & DBW_COLUMN_NULLABLE) != 0;

	column_name(writer, item->column);
	if (item->what == DBW__ITEM_ORDER + DBW_ASC)
		text(writer, nullable ? " ASC NULLS FIRST" : " ASC");
	else
		text(writer, nullable ? " DESC NULLS LAST" : " DESC");
}

/** The item at a place of a key, where it need not be aligned. */
static inline dbw__key_item item_at(const char *items, size_t place)
{
	dbw__key_item item;

	memcpy(&item, items + place * sizeof item, sizeof item);
	return item;
}

/**
 * SELECT and FROM of a find with these items in its key: the columns that are read stand behind all else.
 * \return How many items there are before them.
 */
size_t dbw__write_select(struct writer *writer, const char *items, size_t count);

/** WHERE, ORDER BY, LIMIT, OFFSET and the lock of these items of a key. */
void dbw__write_query(struct writer *writer, const char *items, size_t count);

#endif

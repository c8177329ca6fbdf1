/** Rows: the runtime's word in them, and what the database fills in behind a write. */
#ifndef DBWRIGHT_ACCESSOR_ROW_H
#define DBWRIGHT_ACCESSOR_ROW_H

#include "call.h"

#include <string.h>

/** The runtime's word of a row. */
static inline dbw_row *dbw__row_word(const dbw_model *model, void *row)
{
	void *word = (char *)row + model->row_word;

	return (dbw_row *)word;
}

static inline const dbw_row *dbw__row_word_of(const dbw_model *model, const void *row)
{
	const void *word = (const char *)row + model->row_word;

	return (const dbw_row *)word;
}

/** Whether a word is that of a row from INIT or from a read. */
static inline bool dbw__origin_is_known(uint32_t origin)
{
	return origin == DBW_ROW_NEW || origin == DBW_ROW_READ || (origin & 0xffff) == DBW_ROW_FOUND;
}

/** The member of a column. */
static inline void *dbw__row_member(const dbw_column *column, void *row)
{
	return (char *)row + column->offset;
}

static inline const void *dbw__row_member_of(const dbw_column *column, const void *row)
{
	return (const char *)row + column->offset;
}

/** DBW_MISUSE: the row is NULL, or comes from nowhere. */
dbw_status dbw__unknown_origin(dbw__lease *lease, const dbw_model *model, const void *row);

/** dbw__unknown_origin() where the row does not come from <MODEL>_INIT or a read, or is NULL. */
static inline dbw_status dbw__check_origin(dbw__lease *lease, const dbw_model *model, const void *row)
{
	if (row != NULL && dbw__origin_is_known(dbw__row_word_of(model, row)->origin))
		return DBW_OK;
	return dbw__unknown_origin(lease, model, row);
}

/** The present, read once per call: all times that a call makes are the same. */
typedef struct dbw__clock {
	dbw_timestamp now;
	bool is_read;
} dbw__clock;

/** Makes *value the present in the column's kind (timestamp, date or time). DBW_UNSUPPORTED without a usable clock. */
dbw_status dbw__encode_now(dbw__lease *lease, const dbw_model *model, const dbw_column *column,
	dbw__clock *clock, dbw_value *value);

/** Writes a time, date, time of day, uuid or integer that the runtime made into its member. */
void dbw__write_back(const dbw_column *column, void *row, const dbw_value *value);

/**
 * Reads the row back by its key_count key values and copies to *row what the database computed: generated columns and,
 * with `defaults`, expression defaults of members that are unset. Text stays with the session. *row is changed on
 * success only; nothing is sent where nothing is to be read.
 */
dbw_status dbw__read_back(
	dbw__lease *lease, const dbw_model *model, const dbw_value *key, bool defaults, void *row);

/** A row that stands by itself has its arena's address in front of it. */
enum { DBW__FOUND_HEADER = DBW_ARENA_ALIGNMENT };
_Static_assert(DBW__FOUND_HEADER >= sizeof(dbw_arena *), "the arena's address fits in front of a row");

/** The origin that makes a row known to dbw__row_free() as one that stands by itself, at this address. */
static inline uint32_t dbw__found_origin(const void *row)
{
	return DBW_ROW_FOUND | (uint32_t)(((uintptr_t)row / DBW_ARENA_ALIGNMENT) & 0xffff) << 16;
}

/** What finds one row: values of columns that are unique together. */
typedef struct dbw__found_key {
	const uint16_t *columns;
	const dbw_value *values;
	uint16_t count;
	bool living; /**< They are unique among the rows that are not deleted. */
} dbw__found_key;

/**
 * Runs a statement that gives the one row which was written, and copies its columns `numbers`, in their order, to *row.
 * Text stays with the session. *row is changed on success only.
 * \return DBW_OK; DBW_ENGINE where the row is not there; DBW_OUT_OF_MEMORY; what the driver gives.
 */
dbw_status dbw__take_written(dbw__lease *lease, const dbw_model *model, dbw_prepared *prepared,
	const dbw_value *values, size_t count, const uint16_t *numbers, uint16_t number_count, void *row);

/**
 * Reads the columns of a row that are `wanted` (column_count of them) into *row, and no others; as dbw__take_written().
 * *shape is what the statement is kept as.
 */
dbw_status dbw__read_columns(dbw__lease *lease, const dbw_model *model, const dbw__found_key *key,
	const bool *wanted, void *row, dbw__shape **shape);

/**
 * The numbers of the columns that are `wanted`, in memory of the call; NULL when memory is short.
 */
const uint16_t *dbw__numbers_of(
	dbw__lease *lease, const dbw_model *model, const bool *wanted, uint16_t *count);

/**
 * What update and upsert refuse to set: DBW_MISUSE for the key, generated columns, the version and what was not read;
 * DBW_INVALID for a member with an expression default that is not set.
 */
dbw_status dbw__check_settable(dbw__lease *lease, const dbw_model *model, void *row, uint16_t number);

/**
 * A zeroed row that stands by itself, in an arena of its own with room for `text` bytes of text before it needs more
 * memory. NULL when memory is short. Release *out with dbw_arena_free(), or the row with dbw__row_free() once it is
 * marked.
 */
static inline void *dbw__found_new(const dbw_model *model, size_t text, dbw_arena **out)
{
	dbw_arena *arena = dbw_arena_new(DBW__FOUND_HEADER + model->row_size + text);
	char *memory;

	if (arena == NULL)
		return NULL;
	memory = dbw_arena_alloc(arena, DBW__FOUND_HEADER + model->row_size);
	if (memory == NULL) {
		dbw_arena_free(arena);
		return NULL;
	}
	memcpy(memory, &arena, sizeof arena);
	memset(memory + DBW__FOUND_HEADER, 0, model->row_size);
	*out = arena;
	return memory + DBW__FOUND_HEADER;
}

/** Makes a row of dbw__found_new() known to dbw__row_free(). */
static inline void dbw__mark_found(const dbw_model *model, void *row)
{
	dbw_row *word = dbw__row_word(model, row);

	word->origin = dbw__found_origin(row);
	word->loaded = 0;
	word->absent = NULL;
}

#endif

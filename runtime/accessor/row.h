/** Rows: the runtime's word in them, and what the database fills in behind a write. */
#ifndef DBWRIGHT_ACCESSOR_ROW_H
#define DBWRIGHT_ACCESSOR_ROW_H

#include "call.h"

/** The runtime's word of a row. */
static inline dbw_row *dbw__row_word(const dbw_model *model, void *row)
{
	void *word = (char *)row + model->row_word;

	return (dbw_row *)word;
}

/** The member of a column. */
static inline void *dbw__row_member(const dbw_column *column, void *row)
{
	return (char *)row + column->offset;
}

/** DBW_MISUSE where the row does not come from <MODEL>_INIT or a read, or is NULL. */
dbw_status dbw__check_origin(dbw__lease *lease, const dbw_model *model, void *row);

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

/**
 * Runs a statement of the model that finds one row with all its columns, and copies the members of the columns that are
 * `wanted` (column_count of them) to *row. Text stays with the session. *row is changed on success only.
 */
dbw_status dbw__read_columns(dbw__lease *lease, const dbw_model *model, uint16_t statement,
	const dbw_value *key, size_t key_count, const bool *wanted, void *row);

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
void *dbw__found_new(const dbw_model *model, size_t text, dbw_arena **out);

/** Makes a row of dbw__found_new() known to dbw__row_free(). */
void dbw__mark_found(const dbw_model *model, void *row);

#endif

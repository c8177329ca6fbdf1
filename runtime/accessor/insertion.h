/** One row on its way into its table: what insert, insert_many, load and the upserts have in common. */
#ifndef DBWRIGHT_ACCESSOR_INSERTION_H
#define DBWRIGHT_ACCESSOR_INSERTION_H

#include "row.h"

/** Columns whose unset members get a value from the runtime. */
enum {
	DBW__MADE = DBW_COLUMN_NOW | DBW_COLUMN_NOW_ON_UPDATE | DBW_COLUMN_UUID_V4 | DBW_COLUMN_UUID_V7,
};

/** Values of a row that need no memory. */
enum { DBW__INSERTION_VALUES = 24 };

/** An insert on its way. Set `lease`, `model`, `row` and `clock`, all else 0; then go through the functions in their order. */
typedef struct dbw__insertion {
	dbw__lease *lease;
	const dbw_model *model;
	void *row;
	dbw__clock *clock;

	/* Made by the functions. */
	const dbw_statement *statement;
	uint16_t number; /**< Of the statement. */
	bool makes;      /**< Some values are the runtime's. */
	bool partial;    /**< Some columns are left to the database. */
	bool unawaited;  /**< Set by the caller: nothing is needed of what the database makes of it. */
	dbw_value *
		values; /**< The values that are bound, in the order of the statement; in `storage` or in scratch memory. */
	uint16_t count;
	dbw_value storage[DBW__INSERTION_VALUES];
} dbw__insertion;

/**
 * Checks where the row comes from and chooses the statement: with its id or without.
 * \return DBW_OK; DBW_MISUSE.
 */
dbw_status dbw__insertion_check(dbw__insertion *insertion);

/** The value that the runtime makes for an unset member. DBW_UNSUPPORTED: the system's clock or random bytes. */
dbw_status dbw__insertion_make(dbw__insertion *insertion, const dbw_column *column, dbw_value *value);

/**
 * Codes all columns of the statement but those that are left to the database into `values`.
 * \return DBW_OK; DBW_INVALID; DBW_OUT_OF_MEMORY; as dbw__insertion_make().
 */
dbw_status dbw__insertion_encode(dbw__insertion *insertion);

/** After an insertion by dbw_driver.execute_rows failed: gives the call its values, which explain a conflict. */
void dbw__insertion_explain(dbw__insertion *insertion, dbw__call *call);

/** Sends an insertion that is encoded. Where nobody waits for it *effect stays as it is. */
dbw_status dbw__insertion_send(dbw__insertion *insertion, dbw__call *call, dbw_effect *effect);

/** dbw__count_on() with the row's id: after it was sent with one. */
dbw_status dbw__insertion_count_on(dbw__insertion *insertion);

/**
 * Writes what was filled in to the row, after the insert. *row is changed on success only.
 * \return DBW_OK; what reading back gives.
 */
dbw_status dbw__insertion_complete(dbw__insertion *insertion, int64_t assigned_id);

/** Whether many rows of the model go as one array per column. */
bool dbw__takes_arrays(const dbw__lease *lease, const dbw_model *model);

/** The statement that inserts one array per column. */
dbw_status dbw__arrays_statement(dbw__lease *lease, const dbw_model *model, const dbw_statement *statement,
	dbw__call *call, dbw_prepared **out);

/** DBW_ENGINE: the database made another number of ids than there were rows. */
dbw_status dbw__too_few_ids(dbw__lease *lease, const dbw_model *model);

/**
 * Inserts `rows` rows: `lists` are the parameters of the statement in their order, each a list of `rows` values.
 * \param ids Where the ids of the rows go, in their order; NULL where none are wanted.
 * \return DBW_OK with *inserted; DBW_ENGINE where the database made another number of ids; what the driver gives.
 */
dbw_status dbw__insert_arrays(dbw__lease *lease, const dbw_model *model, const dbw_statement *statement,
	const dbw_value *lists, size_t rows, int64_t *ids, dbw__call *call, int64_t *inserted);

/**
 * After rows came with their own ids, `id` the greatest of them: has the database go on behind it with those that it
 * makes, as long as it leaves it enough of them. SQLite does that by itself.
 */
dbw_status dbw__count_on(dbw__lease *lease, const dbw_model *model, int64_t id);

/**
 * What has PostgreSQL's insert of one row with its own id do the same, without a statement more: the end of its text, in
 * memory of the call. NULL when memory is short.
 */
const char *dbw__counting_tail(dbw__lease *lease, const dbw_model *model);

#endif

/** Many rows on their way into their table: what insert_many and load have in common. */
#ifndef DBWRIGHT_ACCESSOR_MANY_H
#define DBWRIGHT_ACCESSOR_MANY_H

#include "insertion.h"

#include <driver/plain.h>

/* The call's own savepoint: deeper than any session's. */
enum { OWN_DEPTH = DBW_SAVEPOINT_LIMIT };

/* What a row needs. Rows that stand together and need the same go together. */
typedef enum row_class {
	ROW_PLAIN,   /* the database makes its id, if it has one */
	ROW_WITH_ID, /* it brings its id */
	ROW_ALONE,   /* the database fills in more */
} row_class;

/* A column that the runtime gives a value where it has none, and what of it is plain besides. */
struct made_member {
	const dbw_column *column;
	dbw__plain_member plain;
};

/* A call on its way. */
struct bulk {
	dbw__lease *lease;
	const dbw_model *model;
	char *rows;
	size_t count;
	size_t id_offset; /* of the id in a row */
	bool writes_back;
	dbw__clock clock;
	dbw__call *call;
	dbw_value *values; /* of one statement */
	char *backup;      /* of the rows, while they may change; NULL where they do not */
	int64_t *own_ids;  /* The same where nothing but ids changes: those that the rows had. */
	bool plain;        /* All rows are such that a driver takes them as they are, ... */
	bool makes;        /* ... but for what the runtime makes in some of them. */

	/* What there is to look at in a row before it is plain; in one block, which is that of `members`. */
	dbw__plain_member *members;
	struct made_member *made;
	size_t member_count, made_count;

	/* Where rows go as arrays: `values` has the values of a column one behind the other. */
	bool as_arrays;
	bool streams;     /* many go in a stream */
	size_t most;      /* rows in one statement */
	dbw_value *lists; /* one per column, then a row's values */
	int64_t *ids;
	int64_t greatest_id; /* of those that were given */

	/*
	 * The id that was made last, 0 while it is not known; and whether it followed the one before it. Then a statement of
	 * n rows makes the n ids that follow, which is checked: SQLite counts up from the greatest id (manual,
	 * "Autoincrement"), and something else makes ids too where they do not follow each other.
	 */
	int64_t last_id;
	bool in_sequence;
};

/** Whether a member of the row is left to an expression default of the database. */
bool dbw__leaves_default(const dbw_model *model, void *row);

static inline void *row_at(const struct bulk *bulk, size_t place)
{
	return bulk->rows + place * bulk->model->row_size;
}

static inline uint16_t statement_of(row_class class)
{
	return class == ROW_WITH_ID ? DBW_STATEMENT_INSERT_WITH_ID : DBW_STATEMENT_INSERT;
}

/* The id of a row, of a model that has one. */
static inline int64_t *id_at(const struct bulk *bulk, size_t place)
{
	return (int64_t *)(void *)((char *)row_at(bulk, place) + bulk->id_offset);
}

static inline row_class class_of(const struct bulk *bulk, size_t place)
{
	const dbw_model *model = bulk->model;

	if (model->reads_back && (bulk->writes_back || dbw__leaves_default(model, row_at(bulk, place))))
		return ROW_ALONE;
	return model->id >= 0 && *id_at(bulk, place) != 0 ? ROW_WITH_ID : ROW_PLAIN;
}

/* Whether the database makes ids that the rows get. */
static inline bool makes_ids(const struct bulk *bulk, row_class class)
{
	return class == ROW_PLAIN && bulk->model->id >= 0 && bulk->writes_back;
}

static inline void begin_insertion(struct bulk *bulk, size_t place, dbw__insertion *insertion)
{
	insertion->lease = bulk->lease;
	insertion->model = bulk->model;
	insertion->row = row_at(bulk, place);
	insertion->clock = &bulk->clock;
	insertion->makes = insertion->partial = insertion->unawaited = false;
}

/** Looks at all rows before the first is sent: what insert would refuse. */
dbw_status dbw__check_rows(struct bulk *bulk);

/** Makes in rows what they want of the runtime: in those of the call, or in copies of them. */
dbw_status dbw__make_members(struct bulk *bulk, char *rows, size_t count);

/** Codes rows that are checked into bulk->values: row by row, or column by column. */
dbw_status dbw__pack_rows(
	struct bulk *bulk, const dbw_statement *statement, size_t first, size_t rows, bool by_column);

/** One row by the statement of insert, with values that stay until the call ends. */
dbw_status dbw__send_row(struct bulk *bulk, row_class class, const dbw_value *values, dbw_effect *effect);

/**
 * Inserts the first of *rows rows of one class as one array per column; *rows is how many went. 0 with DBW_OK: the server does
 * not take them so, none of them is there, and bulk->as_arrays is false.
 */
dbw_status dbw__insert_by_column(struct bulk *bulk, row_class class, size_t first, size_t *rows);

/**
 * Sends rows that all need the same in a stream. Where that cannot be, or a row is refused, *done is false and
 * bulk->streams, too: then none of them is there, and they go another way, which says what is wrong with which row.
 * \param number The statement that would insert one of them.
 */
dbw_status dbw__stream_rows(struct bulk *bulk, uint16_t number, size_t first, size_t rows, bool *done);

#endif

/**
 * For writers of drivers: the calls behind a provider that is a database with SQL. docs/providers.md says how a provider
 * is made, and provider.h how a program finds it. Only a driver's own files include the header of its client library;
 * nothing above this line knows which engine it talks to but by `engine` and `capabilities`.
 *
 * A driver speaks one of the SQL dialects of engine.h: the statements that it is given are generated for that one.
 *
 * A connection and its statements belong to one thread at a time; the layers above see to that. Every call that can
 * fail fills *error (never NULL) with status, native code, message and, for DBW_CONFLICT, a violation. Messages hold
 * no row values.
 */
#ifndef DBWRIGHT_DRIVER_H
#define DBWRIGHT_DRIVER_H

#include <dbwright/error.h>
#include <dbwright/model.h>

/**
 * The number of this header and of provider.h: it changes whenever what they declare does. A provider that was compiled
 * with another one is refused before anything else of it is read.
 */
#define DBW_DRIVER_ABI 5

/** Memory that is given up all at once; dbw_provider_host has the functions that take some. */
typedef struct dbw_arena dbw_arena;

typedef struct dbw_connection dbw_connection; /**< Opaque; each driver has its own behind it. */
typedef struct dbw_prepared dbw_prepared;     /**< A prepared statement of one connection. */

/**
 * Where to connect: resolved, nothing left to expand. Borrowed for the call; `location` and the values of settings may be
 * secrets, and never reach a message.
 */
typedef struct dbw_address {
	const char *database; /**< The entry's name, for messages. */
	/**
	 * SQLite: an absolute path, or ":memory:"; PostgreSQL: the connection string. Of a provider that is not bundled also
	 * any other connection string, as it stands; "" where the entry says none.
	 */
	const char *location;
	const dbw_setting
		*settings; /**< The keys of the entry that are the driver's, and its options; each once. */
	size_t setting_count;
	const struct dbw_provider_host *host; /**< See provider.h; stays as long as the program runs. */
	/**
	 * Told what the database says besides its answers, on the thread of the call that it says it in: how grave it finds that
	 * ("NOTICE", "WARNING"), and its words in `said`, whose status is DBW_OK; no values of rows. Both are borrowed for the
	 * call; it stays, with its argument, as long as the connection. NULL: nobody listens.
	 */
	void (*on_notice)(const char *severity, const dbw_error *said, void *argument);
	void *notice_argument;
	/**
	 * By CLOCK_MONOTONIC, for open(): a connection that is not there by then is DBW_TIMEOUT, since nobody wants it any more.
	 * 0: no other limit than the settings say.
	 */
	int64_t deadline_ms;
} dbw_address;

/**
 * A value on its way to the database: checked by the layer above, to be coded by the driver as `column` stores it.
 * `kind` 0 is NULL. Text and json are UTF-8, NUL-terminated, without a NUL byte inside, and `size` is their length without
 * it: drivers may rely on either. Kind DBW_VALUE_LIST is one parameter that holds `size` values of the column at `items`,
 * none of them NULL: an array on PostgreSQL; on SQLite, for long lists, a blob of 16 bytes per uuid that is stored as a
 * blob, else a JSON array of what is stored (never of floating point or bytes).
 * The array of values and everything they point to stay until the statement is finished (finish() after query(), the
 * return of execute()): drivers bind them where they are.
 */
typedef struct dbw_value {
	const dbw_column *column; /**< How it is stored; NULL for plain values (limit, offset). */
	uint32_t size;            /**< Text, json and bytes: in bytes. */
	uint8_t kind;             /**< dbw_kind, 0 for NULL, or DBW_VALUE_LIST. */
	union {
		int64_t integer; /**< bool, all integers, timestamp us, date days, time us, enumerator */
		double real;
		const void *data;              /**< text, json, bytes */
		const struct dbw_value *items; /**< list */
		dbw_decimal decimal;           /**< At the column's scale. */
		dbw_uuid uuid;
	} as;
} dbw_value;

/**
 * Most bytes of a text, json or bytes. SQLite takes no more unless it was built for it (SQLITE_MAX_LENGTH, "Implementation
 * Limits For SQLite"), PostgreSQL less than 2^30 (manual, "PostgreSQL Limits").
 */
#define DBW__VALUE_SIZE_LIMIT 1000000000U

/** dbw_value.kind of a list of values; not the kind of any column. */
enum { DBW_VALUE_LIST = 64 };

/** What the rows of a statement become: place i of a row is column columns[i] of the model. Borrowed for the call. */
typedef struct dbw_result {
	const dbw_model *model;
	const uint16_t *columns; /**< NULL: all columns of the model, in order. */
	uint16_t count;          /**< Of `columns`. */
} dbw_result;

/** What an executed statement did. */
typedef struct dbw_effect {
	int64_t rows;        /**< Changed, inserted or deleted. */
	int64_t assigned_id; /**< The id the database made for an insert. */
} dbw_effect;

/** How many statements may have been given to send() without their answers having been taken. */
enum { DBW_SEND_LIMIT = 64 };

/** What became of a statement that was given to send(). */
typedef struct dbw_answer {
	dbw_status status; /**< DBW_OK, or the failure that the call which waited has told. */
	bool given;        /**< False: it has not been done, since one before it failed, or nobody knows. */
	int64_t rows;
} dbw_answer;

/** What a failed statement violated, in the engine's words; the session layer finds the constant for it. */
typedef struct dbw_violation {
	dbw_constraint_kind kind;
	bool by_columns; /**< `text` lists "table.column, table.column" (SQLite) instead of a constraint's name. */
	char text[256]; /**< "" where the engine does not say (SQLite's foreign keys). */
} dbw_violation;

/** The deepest savepoint: sessions nest 16 deep, and a call may make one of its own inside. */
enum { DBW_SAVEPOINT_LIMIT = 17 };

typedef enum dbw_transaction_mode { DBW_TRANSACTION_READ, DBW_TRANSACTION_WRITE } dbw_transaction_mode;

/** What a session asks for besides the ordinary. All zero asks for nothing. */
typedef struct dbw_terms {
	dbw_isolation isolation;
	int64_t deadline_ms; /**< By CLOCK_MONOTONIC: what has not ended by then ends as DBW_TIMEOUT. 0: none. */
} dbw_terms;

/** What an engine can do, found out by asking it. */
typedef struct dbw_capabilities {
	bool returning_is_free; /**< INSERT ... RETURNING costs nothing extra. */
	bool array_parameters;  /**< A list can be one parameter. */
	bool read_needs_transaction;
	bool two_phase;
	bool single_connection;   /**< The database lives in one connection (SQLite in memory). */
	uint32_t parameter_limit; /**< Parameters in one statement. */
} dbw_capabilities;

/** How long a writer waits for others. */
typedef struct dbw_writer_wait {
	int64_t most_ms;
	dbw_status
		status; /**< What it gets then: DBW_BUSY, or DBW_TIMEOUT where the limit is one of every call. */
	const char *setting; /**< The key that says so; static. */
} dbw_writer_wait;

typedef struct dbw_driver {
	uint32_t abi;      /**< DBW_DRIVER_ABI */
	const char *name;  /**< Of the provider: "sqlite". */
	dbw_engine engine; /**< The dialect that it speaks. */

	/**
	 * Looks at an address without connecting, so that wrong settings are found when the databases are opened; the
	 * location may be NULL. DBW_CONFIG names the setting; DBW_PROVIDER: the client library cannot be used.
	 */
	dbw_status (*check)(const dbw_address *address, dbw_error *error);
	/** Opens a connection. DBW_CONNECTION, DBW_TIMEOUT, DBW_CONFIG (a setting), DBW_OUT_OF_MEMORY. */
	dbw_status (*open)(const dbw_address *address, dbw_connection **out, dbw_error *error);
	/** Closes it with all its statements. NULL is fine. */
	void (*close)(dbw_connection *connection);
	void (*capabilities)(dbw_connection *connection, dbw_capabilities *out);

	/**
	 * Prepares one statement (DBW_MISUSE where there are more); `sql` need not live on. Value i goes to the parameter `$i`. `result` is what fetch makes of its rows; NULL for a statement
	 * that gives none, or is only asked for an integer. Belongs to the connection until release. DBW_SCHEMA_MISMATCH: a
	 * name is not there, or the statement gives another number of columns than `result` has.
	 */
	dbw_status (*prepare)(dbw_connection *connection, const char *sql, const dbw_result *result,
		dbw_prepared **out, dbw_error *error);
	void (*release)(dbw_connection *connection, dbw_prepared *statement);

	/** Binds, runs to the end and resets. On DBW_CONFLICT, violation() tells what. */
	dbw_status (*execute)(dbw_connection *connection, dbw_prepared *statement, const dbw_value *values,
		size_t count, dbw_effect *effect, dbw_error *error);

	/**
	 * Binds and starts; rows come from fetch. After DBW_OK, finish() must follow. Until then other statements of the
	 * connection may be queried, but none is executed, and no transaction or savepoint ends; none begins but for
	 * stream().
	 */
	dbw_status (*query)(dbw_connection *connection, dbw_prepared *statement, const dbw_value *values,
		size_t count, dbw_error *error);
	/**
	 * Decodes the next row into `row`, in one go: a struct of the result's model that is zeroed, or that the fetch before
	 * has left. Every member of the result is written; text and bytes are copied into
	 * `arena`, or, where that is NULL, stay the statement's until its next fetch or finish. DBW_OK with *more true, or
	 * DBW_OK with *more false at the end. DBW_DATA where a stored value does not fit (message names model and field).
	 * The row word is not touched. DBW_MISUSE for a statement that was prepared without a result.
	 */
	dbw_status (*fetch)(dbw_connection *connection, dbw_prepared *statement, void *row, dbw_arena *arena,
		bool *more, dbw_error *error);
	/**
	 * The first column of the next row as an integer (counts, existence); *more as for fetch. Where it is an array of
	 * 64-bit integers, of one row, the next of them.
	 */
	dbw_status (*fetch_integer)(dbw_connection *connection, dbw_prepared *statement, int64_t *out,
		bool *more, dbw_error *error);
	/** Between query() and finish(): how many columns a row has, whatever the statement was prepared for, and their names. */
	uint32_t (*column_count)(const dbw_prepared *statement);
	const char *(*column_name)(const dbw_prepared *statement, uint32_t number);
	/**
	 * The next row as values of the kinds that the database has for them, `count` of them: on SQLite integers, floating
	 * point, text and bytes. Text and bytes are copied into `arena`. *more as for fetch. DBW_UNSUPPORTED names a column of a
	 * type that has no kind; DBW_DATA one whose value does not fit its kind.
	 */
	dbw_status (*fetch_values)(dbw_connection *connection, dbw_prepared *statement, dbw_value *values,
		uint32_t count, dbw_arena *arena, bool *more, dbw_error *error);
	/** Whether a statement may change something. NULL: the engine refuses it in a transaction that reads. */
	bool (*may_write)(const dbw_prepared *statement);
	/** Ends a query and gives up what it held; the statement can run again. */
	void (*finish)(dbw_connection *connection, dbw_prepared *statement);

	/** After DBW_CONFLICT, until the next call on the connection that runs a statement. `kind` 0: not known. */
	const dbw_violation *(*violation)(dbw_connection *connection);

	/** For the transactions that begin, and the statements that run, from now on; until the terms are others. */
	void (*set_terms)(dbw_connection *connection, dbw_terms terms);
	/** Transactions. A failed commit leaves the transaction open where the engine does; rollback always ends it. */
	dbw_status (*begin)(dbw_connection *connection, dbw_transaction_mode mode, dbw_error *error);
	dbw_status (*commit)(dbw_connection *connection, dbw_error *error);
	dbw_status (*rollback)(dbw_connection *connection, dbw_error *error);
	/** Savepoints are numbered by depth from 1 to DBW_SAVEPOINT_LIMIT. */
	dbw_status (*savepoint)(dbw_connection *connection, unsigned depth, dbw_error *error);
	dbw_status (*release_savepoint)(dbw_connection *connection, unsigned depth, dbw_error *error);
	dbw_status (*rollback_to_savepoint)(dbw_connection *connection, unsigned depth, dbw_error *error);

	/** One DDL statement. */
	dbw_status (*run)(dbw_connection *connection, const char *sql, dbw_error *error);
	dbw_status (*table_exists)(
		dbw_connection *connection, const char *table, bool *out, dbw_error *error);
	/** Whether the connection is fit to go back to the pool: open, no transaction left, no row pending. */
	bool (*is_clean)(dbw_connection *connection);

	/* What follows is NULL where a driver does not have it. First the faster ways, which can be done without: */

	/**
	 * As fetch() for up to `count` rows, one behind the other at `rows`, a zeroed array of the result's model. *done is
	 * how many were decoded: less than `count` at the end, and where it fails, which may be behind them. The arena is the
	 * same one for all rows of a query, which may have their text in memory that it adopts.
	 */
	dbw_status (*fetch_rows)(dbw_connection *connection, dbw_prepared *statement, void *rows,
		size_t count, dbw_arena *arena, size_t *done, dbw_error *error);
	/**
	 * As query(), in a transaction, without all rows in memory at one time: a driver whose query() has them so anyway has
	 * none. Rows come from fetch() without an arena.
	 */
	dbw_status (*stream)(dbw_connection *connection, dbw_prepared *statement, const dbw_value *values,
		size_t count, dbw_error *error);
	/**
	 * The parameters of a statement are the members of rows: parameter i + 1 is column columns[i] of the first row, and
	 * so on row by row; or, where they are arrays, column columns[i] of all rows. Once, after prepare(). Where memory is
	 * short, or a column takes more than reading and comparing, nothing happens, and the next calls take no row.
	 */
	void (*plan_rows)(dbw_connection *connection, dbw_prepared *statement, const dbw_model *model,
		const uint16_t *columns, uint16_t count);
	/**
	 * As execute() with the members of `count` rows, one behind the other, for values. *plain is whether they are: every
	 * member fits its column as it is in memory, with nothing to convert and nothing to refuse. Where they are not, nothing
	 * has been run: they may be right all the same, and execute() is the way for them. With `checked` they are known to be
	 * plain.
	 */
	dbw_status (*execute_rows)(dbw_connection *connection, dbw_prepared *statement, const void *rows,
		size_t count, bool checked, bool *plain, dbw_effect *effect, dbw_error *error);
	/**
	 * The same with one array per column, of as many of the `count` rows, which are plain, as go together: *taken is how
	 * many. 0: the statement takes no rows, and nothing has been run. effect->rows is how many the statement has inserted;
	 * their ids go to `ids`, in their order and *taken at most, unless it is NULL.
	 */
	dbw_status (*execute_arrays)(dbw_connection *connection, dbw_prepared *statement, const void *rows,
		size_t count, int64_t *ids, size_t *taken, dbw_effect *effect, dbw_error *error);

	/**
	 * As execute() in a transaction that writes, and nobody waits for the answer: the values are copied, and the statement
	 * is done, in its order, by the time that another call returns which asks the database something, collect() or commit().
	 * What fails first is what that call fails with, and nothing behind it is kept: the caller rolls back, and so the
	 * driver may do what is behind it or not. `needs_row`: to change no row is such a failure, DBW_NOT_FOUND, and commit()
	 * looks for it before it commits. Where *sent is false nothing has happened, and execute() is the way. All three calls or none.
	 * \return DBW_OK; what can be told without asking: DBW_INVALID, DBW_CONNECTION, DBW_OUT_OF_MEMORY.
	 */
	dbw_status (*send)(dbw_connection *connection, dbw_prepared *statement, const dbw_value *values,
		size_t count, bool needs_row, bool *sent, dbw_error *error);
	/** Has done, and waits for, what was given to send(). */
	dbw_status (*collect)(dbw_connection *connection, dbw_error *error);
	/**
	 * What became of the next one of the statements given to send(), in their order; false: there is none, or it is still
	 * to be done. Asked until it says so before the next send(). What a rollback, or one to a savepoint, has undone before it
	 * was done has no answer.
	 */
	bool (*answer)(dbw_connection *connection, dbw_answer *out);

	/**
	 * Rows in a stream, faster than any insert; `copy` is the statement that opens it. Between begin and end nothing else
	 * runs on the connection, and collect() is called before.
	 */
	dbw_status (*load_begin)(dbw_connection *connection, const char *copy, dbw_error *error);
	/**
	 * `rows` times the values of `insert`, the prepared insert of one row into the same columns, which tells their
	 * types. The values are not needed any more afterwards. DBW_UNSUPPORTED for one that has no form in the stream.
	 */
	dbw_status (*load_rows)(dbw_connection *connection, dbw_prepared *insert, const dbw_value *values,
		size_t rows, dbw_error *error);
	/**
	 * The same with the members of `count` rows, which are plain, for values; `insert` has been planned for rows. *taken:
	 * whether it takes them; where it does not, load_rows() is the way for them.
	 */
	dbw_status (*load_members)(dbw_connection *connection, dbw_prepared *insert, const void *rows,
		size_t count, bool *taken, dbw_error *error);
	/**
	 * Must follow load_begin's DBW_OK, whatever load_rows and load_members gave. What is wrong with a row is told here, as by execute. Where
	 * `keep` is false the rows are given up; as after any failure the transaction goes on from a savepoint alone.
	 */
	dbw_status (*load_end)(dbw_connection *connection, bool keep, dbw_effect *effect, dbw_error *error);

	/**
	 * Whether, at an address that check() has found right, one transaction at a time can write and others wait in begin(),
	 * and then for how long. The writers of a program then take turns before they come here. NULL: any number can write.
	 */
	bool (*one_writer)(const dbw_address *address, dbw_writer_wait *out);
	/** Whether an idle connection still stands, without a round trip. NULL: it always does. */
	dbw_status (*ping)(dbw_connection *connection, dbw_error *error);
	dbw_status (*cancel)(dbw_connection *connection); /**< From any thread. */
	void *(*native_handle)(dbw_connection *connection);
	int (*descriptor)(dbw_connection *connection); /**< For poll(2). */
	unsigned (*events)(dbw_connection *connection);
	dbw_status (*step)(dbw_connection *connection, bool *ready, dbw_error *error);
	dbw_status (*prepare_commit)(dbw_connection *connection, const char *name, dbw_error *error);
	dbw_status (*finish_commit)(
		dbw_connection *connection, const char *name, bool commit, dbw_error *error);
	dbw_status (*write_position)(dbw_connection *connection, char *out, size_t size, dbw_error *error);
	/** What answers, in words: "PostgreSQL 15.4"; without a round trip. */
	dbw_status (*facts)(dbw_connection *connection, char *version, size_t size, dbw_error *error);
} dbw_driver;

#endif

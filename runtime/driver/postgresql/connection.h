/* A PostgreSQL connection and what the files of this driver share. */
#ifndef DBWRIGHT_DRIVER_POSTGRESQL_CONNECTION_H
#define DBWRIGHT_DRIVER_POSTGRESQL_CONNECTION_H

#include <base/arena.h>
#include <base/text.h>
#include <dbwright/driver.h>
#include <driver/bundled.h>

#include <libpq-fe.h>

#include <stdatomic.h>

#ifndef LIBPQ_HAS_PIPELINING
#error "libpq 14 or later is needed: older ones have no pipeline mode"
#endif

/* Types by their numbers, which are the same on every server (PostgreSQL: src/include/catalog/pg_type.dat). */
enum {
	TYPE_BOOL = 16,
	TYPE_BYTEA = 17,
	TYPE_NAME = 19,
	TYPE_INT8 = 20,
	TYPE_INT2 = 21,
	TYPE_INT4 = 23,
	TYPE_TEXT = 25,
	TYPE_JSON = 114,
	TYPE_FLOAT4 = 700,
	TYPE_FLOAT8 = 701,
	TYPE_UNKNOWN = 705,
	TYPE_INT8_ARRAY = 1016,
	TYPE_BPCHAR = 1042,
	TYPE_VARCHAR = 1043,
	TYPE_DATE = 1082,
	TYPE_TIME = 1083,
	TYPE_TIMESTAMP = 1114,
	TYPE_TIMESTAMPTZ = 1184,
	TYPE_NUMERIC = 1700,
	TYPE_UUID = 2950,
	TYPE_JSONB = 3802,
	TYPE_FIRST_OWN = 16384, /* Types that somebody made begin here. */
};

/* Days and microseconds from 1970-01-01 to 2000-01-01, where PostgreSQL's own count begins. */
enum { EPOCH_DAYS = 10957 };
#define EPOCH_US (EPOCH_DAYS * INT64_C(86400000000))

/*
 * Steps of a transaction that have been asked for and not been sent: they go out with the next statement and cost no
 * round trip of their own.
 */
enum step_kind {
	STEP_BEGIN,
	STEP_BEGIN_READ,
	STEP_TIMEOUT,
	STEP_LOCK_TIMEOUT,
	STEP_ZONE,
	STEP_SAVEPOINT,
	STEP_RELEASE,
	STEP_CLOSE,
	STEP_WRITE,
};
typedef struct waiting_step {
	uint8_t kind; /* step_kind */
	/* The depth of a savepoint, the number of a cursor, the place among the writes; 0 for the others. */
	unsigned number;
} waiting_step;

/*
 * BEGIN with two limits and the zone, and each savepoint ended and made anew; writes; two more limits where the session has a
 * deadline, one for all writes and one for what they travel with.
 */
enum { STEP_LIMIT = 2 * DBW_SAVEPOINT_LIMIT + DBW_SEND_LIMIT + 6 };

/* A statement that nobody waits for, with what was bound; all of it is in the connection's arena. */
typedef struct waiting_write {
	const struct postgresql_statement *statement;
	const char **values;
	int *lengths, *formats;
	bool needs_row;
	dbw_answer answer;
} waiting_write;

/* What became of an exchange, besides its status. */
typedef struct exchange_outcome {
	bool refused; /* The server has said no to a step, and has done nothing behind it. */
	bool done;    /* The message was done, and it was a write in front of it that found no row. */
} exchange_outcome;

typedef struct postgresql_connection {
	PGconn *link;
	PGcancel *cancel;
	atomic_bool cancelled; /* By a thread, since the statement that runs was sent. */
	bool runs;             /* The message that is on its way runs a query that was prepared before. */
	bool stale;            /* The statement that failed has to be prepared anew. */
	bool outdated;      /* Other statements may be so, too, or the server is not the one that writes. */
	bool lost;          /* The server does not answer, or what it would answer next is not known. */
	bool pooled;        /* A pooler gives each transaction another server: nothing is kept there. */
	bool tells_zone;    /* In a pooled connection, whose server has another zone than UTC. */
	unsigned running;   /* Queries between query() and finish(). */
	unsigned last_name; /* Of a statement or a cursor. */
	int64_t timeout_ms; /* For the server to stop a statement, 0: none. */
	int64_t grace_ms;   /* How much longer its answer is waited for. */
	int64_t lock_timeout_ms; /* In a pooled connection, where each transaction is told. */
	int64_t deadline_ms;     /* Of the call that runs, 0: none. */
	int64_t stops_ms;        /* From here on the server may have stopped it in its own time, 0: never. */
	dbw_terms terms;         /* Of the session. */
	waiting_step steps[STEP_LIMIT];
	unsigned step_count;
	unsigned
		sent_steps; /* Those of the exchange that is on its way: they are the first ones of `steps` still. */
	waiting_write *writes; /* DBW_SEND_LIMIT of them; NULL before the first one. */
	dbw_arena *written;    /* What they have bound. */
	size_t written_bytes;
	unsigned write_count, told_count;
	bool answered; /* All writes there are; else none. */
	exchange_outcome outcome;
	unsigned *released; /* Names of statements that the server may forget. */
	unsigned released_count, released_capacity;
	unsigned released_before; /* As many were there before the exchange that is on its way. */
	dbw_violation violation;
	void (*on_notice)(const char *severity, const dbw_error *said, void *argument);
	void *notice_argument;
} postgresql_connection;

static inline postgresql_connection *connection_of(dbw_connection *connection)
{
	return (postgresql_connection *)(void *)connection;
}

/* Bytes for a parameter of a fixed size: the longest is a decimal that is printed. */
enum { PARAMETER_SIZE = 48 };

/* Bytes for a decimal of up to 18 digits. */
enum { NUMERIC_SHORT_SIZE = 24 };

/* Bytes under way: from `data` up to `at` they are there, up to `end` there is room. All NULL: no memory. */
typedef struct byte_room {
	char *data, *at, *end;
} byte_room;

/* What the parameters of a statement take from rows. */
typedef enum postgresql_taking {
	TAKES_NOTHING,
	TAKES_ROWS,   /* Each the member of a row. */
	TAKES_ARRAYS, /* Each the same member of all rows. */
} postgresql_taking;

/* By its first word. */
typedef enum statement_kind {
	STATEMENT_COMMAND, /* The server looks at what it names when it runs. */
	STATEMENT_QUERY, /* It looks when the statement is prepared, and again where something has changed since. */
	STATEMENT_COPY, /* It may send rows, or wait for them. */
} statement_kind;

/* A prepared statement, with what is the same at every run of it. */
typedef struct postgresql_statement {
	unsigned number; /* The server knows it by this; 0: not at all. */
	char name[16];   /* "dbw_<number>", or empty. */
	char *sql;
	statement_kind kind;
	size_t parameter_count;
	Oid *types; /* Of the parameters, as the server takes them; all arrays are in one block. */
	const char **values;
	int *lengths;
	int *formats;
	char (*storage)[PARAMETER_SIZE];
	dbw_text_buffer lists; /* What parameters that are arrays are coded in, until they are sent. */

	struct row_member *members; /* What it takes from a row; NULL where nothing is planned. */
	uint16_t member_count;
	uint8_t takes; /* postgresql_taking, with the types that the parameters have now. */
	bool streams;  /* Rows that it takes have the same form in a stream. */
	uint32_t row_size;
	byte_room stream; /* Rows of a stream, until they are sent. */

	const dbw_model *model;   /* What rows are decoded to; NULL where none are. */
	struct decode_step *plan; /* One per column of a row. */
	uint16_t column_count;

	PGresult *result; /* Of a query until finish(); of a stream its present piece. */
	int row, row_count;
	size_t item; /* Of a row that is an array: what is read next. */
	bool kept;   /* The result belongs to an arena, with texts of rows in it. */

	char *declare;   /* What makes the cursor of a stream; NULL before the first one. */
	unsigned cursor; /* The server knows it by this number. */
	int piece;       /* Rows that the present piece was to have; 0: the result has all there are. */
} postgresql_statement;

static inline postgresql_statement *statement_of(dbw_prepared *statement)
{
	return (postgresql_statement *)(void *)statement;
}

/* open.c */
dbw_status dbw__postgresql_check(const dbw_address *address, dbw_error *error);
dbw_status dbw__postgresql_open(const dbw_address *address, dbw_connection **out, dbw_error *error);
void dbw__postgresql_close(dbw_connection *connection);
dbw_status dbw__postgresql_cancel(dbw_connection *connection);

/* settings.c: the settings of an entry, read and checked. */
typedef struct postgresql_settings {
	int64_t connect_timeout_ms;
	int64_t timeout_ms;
	int64_t lock_timeout_ms;
	bool pooled;
} postgresql_settings;

/* Words and values for PQconnectStartParams(), each ended by a NULL. */
enum { CONNECT_LIMIT = 64 };
typedef struct connect_words {
	const char *keys[CONNECT_LIMIT + 1];
	const char *values[CONNECT_LIMIT + 1];
	size_t count;
	char options[512];          /* What `options` has to say. */
	PQconninfoOption *location; /* The location taken apart, released with PQconninfoFree(). */
} connect_words;

dbw_status dbw__postgresql_settings_read(
	const dbw_address *address, postgresql_settings *out, dbw_error *error);
/* What libpq is told: the location, the settings, and what dbwright wants. *out borrows from the address. */
dbw_status dbw__postgresql_connect_words(const dbw_address *address, const postgresql_settings *settings,
	connect_words *out, dbw_error *error);

/* failure.c: SQLSTATEs as statuses. */
/*
 * What the server says in a result; its text is taken over only where it cannot hold a value. `prepared`: it is about a statement
 * that was prepared before.
 */
dbw_status dbw__postgresql_fail_result(
	postgresql_connection *own, const PGresult *result, bool prepared, dbw_error *error);
/* Notes the server's own code. */
void dbw__postgresql_set_state(dbw_error *error, const char *state);
/* What the server says besides; its words are taken over only where they cannot hold a value. */
void dbw__postgresql_take_notice(const PGresult *notice, dbw_error *said);
/* The connection has broken. */
dbw_status dbw__postgresql_fail_lost(postgresql_connection *own, dbw_error *error);
/* The server has not answered in time: the connection is given up. */
dbw_status dbw__postgresql_fail_deadline(postgresql_connection *own, dbw_error *error);

/* kind.c */
statement_kind dbw__postgresql_kind_of(const char *sql);

/* wire.c: sends and waits. */
typedef enum postgresql_message_kind {
	MESSAGE_NOTHING, /* The steps that wait are all there is. */
	MESSAGE_COMMAND, /* SQL without parameters. */
	MESSAGE_PREPARE, /* Prepares a statement and asks what it takes and gives. */
	MESSAGE_RUN,     /* Runs a statement with the values that are bound. */
	MESSAGE_STREAM, /* Makes a cursor for it, with the values that are bound, and asks for the first piece. */
} postgresql_message_kind;

/* The time of a clock that is never set back. */
int64_t dbw__postgresql_clock_ms(void);
/* Waits for the socket until the deadline. DBW_OK; DBW_TIMEOUT; DBW_CONNECTION. */
dbw_status dbw__postgresql_wait(postgresql_connection *own, short events, dbw_error *error);
/*
 * One round trip: the steps that wait, then the message. *out is the message's last result, for PQclear(); NULL on
 * failure. `command` or `statement` is what the message is about; both where it is a stream.
 */
dbw_status dbw__postgresql_exchange(postgresql_connection *own, postgresql_message_kind kind,
	const char *command, const postgresql_statement *statement, PGresult **out, dbw_error *error);
/* The beginning of an exchange: the deadline, and whether the connection stands. */
dbw_status dbw__postgresql_start(postgresql_connection *own, dbw_error *error);
/* Between statements: whether the server is still there, without a round trip. DBW_OK; DBW_CONNECTION. */
dbw_status dbw__postgresql_stands(postgresql_connection *own, dbw_error *error);
/* Waits until PQgetResult() has something to give, and sends what is still to be sent on the way. */
dbw_status dbw__postgresql_wait_for_result(postgresql_connection *own, dbw_error *error);
/* All results up to the end of an exchange: the first failure counts, else the last result. */
dbw_status dbw__postgresql_gather(
	postgresql_connection *own, bool pipelined, PGresult **out, dbw_error *error);
/* One round trip for a command of which only failure matters. */
dbw_status dbw__postgresql_command(postgresql_connection *own, const char *command, dbw_error *error);

/* write.c: statements that nobody waits for. */
dbw_status dbw__postgresql_send(dbw_connection *connection, dbw_prepared *prepared, const dbw_value *values,
	size_t count, bool needs_row, bool *sent, dbw_error *error);
dbw_status dbw__postgresql_collect(dbw_connection *connection, dbw_error *error);
bool dbw__postgresql_answer(dbw_connection *connection, dbw_answer *out);
/* Whether writes wait, and whether one of them has to find a row. */
bool dbw__postgresql_writes_wait(const postgresql_connection *own, bool *need_row);
/* Forgets the writes that are no steps any more: those behind the first `step_count` are not done. */
void dbw__postgresql_drop_steps(postgresql_connection *own, unsigned step_count);
/* The write of a step has this answer. True: it should have found a row, and did not. */
bool dbw__postgresql_take_answer(postgresql_connection *own, unsigned step, PGresult *result);
/* The exchange has ended with `status`, which is that of the first write from this step on; NO_STEP: of none. */
enum { NO_STEP = STEP_LIMIT };
void dbw__postgresql_end_writes(postgresql_connection *own, unsigned step, dbw_status status);

/* bind.c: codes `count` values into the statement's parameters. */
dbw_status dbw__postgresql_bind_values(
	postgresql_statement *statement, const dbw_value *values, size_t count, dbw_error *error);
/* The values have been sent. */
void dbw__postgresql_end_lists(postgresql_statement *statement);
/* Codes a value of a kind that has a fixed size as the type wants it. 0: the type has no such form. */
size_t dbw__postgresql_code(const dbw_value *value, Oid type, char out[PARAMETER_SIZE]);
/* Prints it as PostgreSQL reads it; 0 for what has no text of a fixed size. */
size_t dbw__postgresql_print(const dbw_value *value, char out[PARAMETER_SIZE]);
/* The stored text of an enumerator, NULL where there is none. */
const char *dbw__postgresql_enum_text(const dbw_value *value);

/*
 * The server gives up a connection that announces a message of 2^30 bytes (PQ_LARGE_MESSAGE_LIMIT in libpq/libpq.h). What
 * else is in a message than texts, bytes and lists fits in what is left: a few bytes for each of 65,535 parameters.
 */
enum { VALUES_SIZE_LIMIT = (1 << 30) - (1 << 24) };

/* rows.c: statements whose parameters are the members of rows. */
void dbw__postgresql_plan_members(dbw_connection *connection, dbw_prepared *prepared, const dbw_model *model,
	const uint16_t *columns, uint16_t count);
/* What the statement takes, now that the types of its parameters are known, or known anew. */
void dbw__postgresql_plan_parameters(postgresql_statement *statement);
void dbw__postgresql_free_members(postgresql_statement *statement);
/*
 * Codes members of rows into the statement's parameters: of all rows, or, where it takes arrays, of as many as go
 * together. *taken is how many; 0: they are not plain, or the statement does not take them.
 */
dbw_status dbw__postgresql_bind_rows(
	postgresql_statement *statement, const void *rows, size_t count, size_t *taken, dbw_error *error);
/* They have been sent. */
void dbw__postgresql_end_rows(postgresql_statement *statement);
dbw_status dbw__postgresql_load_members(dbw_connection *connection, dbw_prepared *insert, const void *rows,
	size_t count, bool *taken, dbw_error *error);

/* list.c: the type of an array's items, 0 for one that is no array known here. */
Oid dbw__postgresql_item_type(Oid array);
/* Codes a value of kind DBW_VALUE_LIST as an array behind what `out` holds. */
dbw_status dbw__postgresql_code_list(
	const dbw_value *value, Oid type, int *format, dbw_text_buffer *out, dbw_error *error);

/* The ids of one row that is an array of them; false: it is none such. */
bool dbw__postgresql_read_ids(const PGresult *result, size_t *count, const char **first);
int64_t dbw__postgresql_id_at(const char *first, size_t place);
/* An item as it stands in an array and in a stream, with its length; false: it has no such form, or memory is short. */
bool dbw__postgresql_append_binary(dbw_text_buffer *out, const dbw_value *item, Oid type);

/* stream.c: queries whose rows come in pieces. */
dbw_status dbw__postgresql_stream(dbw_connection *connection, dbw_prepared *prepared, const dbw_value *values,
	size_t count, dbw_error *error);
/* The next piece, where there is one: statement->row is not statement->row_count then. */
dbw_status dbw__postgresql_next_piece(
	postgresql_connection *own, postgresql_statement *statement, dbw_error *error);
/* Ends the stream of a statement that is finished. */
void dbw__postgresql_end_stream(postgresql_connection *own, postgresql_statement *statement);
/* What asks for the next piece, in `storage`. */
enum { FETCH_SIZE = 64 };
const char *dbw__postgresql_fetch_sql(const postgresql_statement *statement, char storage[FETCH_SIZE]);

/* copy.c: rows in a stream. */
/* Bytes that go to libpq at a time. */
enum { PIECE_SIZE = 64 * 1024 };
/* Hands bytes of a stream to libpq and waits until they are sent. DBW_OUT_OF_MEMORY loses the connection. */
dbw_status dbw__postgresql_put(postgresql_connection *own, const char *data, size_t size, dbw_error *error);
dbw_status dbw__postgresql_load_begin(dbw_connection *connection, const char *copy, dbw_error *error);
dbw_status dbw__postgresql_load_rows(dbw_connection *connection, dbw_prepared *insert,
	const dbw_value *values, size_t rows, dbw_error *error);
dbw_status dbw__postgresql_load_end(
	dbw_connection *connection, bool keep, dbw_effect *effect, dbw_error *error);

/* numeric.c: numeric as it is sent. */
/* Of `number` without its point, which has up to 18 digits: 8 bytes, and 2 for each of up to 6 digits to base 10,000. */
size_t dbw__postgresql_numeric_write_short(int64_t number, int32_t scale, char out[NUMERIC_SHORT_SIZE]);
size_t dbw__postgresql_numeric_write(dbw_decimal decimal, char out[PARAMETER_SIZE]);
/* A number of up to 16 digits, counted from the first one to the last place of the scale, without its point; false for others. */
bool dbw__postgresql_numeric_read_short(const char *data, size_t size, int32_t scale, int64_t *out);
/* DBW_INVALID: no such decimal. */
dbw_status dbw__postgresql_numeric_read(const char *data, size_t size, int32_t scale, dbw_decimal *out);

/* decode.c: works out how the rows of a statement are decoded; decodes one. */
dbw_status dbw__postgresql_plan_rows(postgresql_statement *statement, const PGresult *described,
	const dbw_result *result, dbw_error *error);
/* The same anew where a result has other types than the statement had before; DBW_SCHEMA_MISMATCH. */
dbw_status dbw__postgresql_plan_types(
	postgresql_statement *statement, const PGresult *described, dbw_error *error);
dbw_status dbw__postgresql_fetch_rows(dbw_connection *connection, dbw_prepared *prepared, void *rows,
	size_t count, dbw_arena *arena, size_t *done, dbw_error *error);
dbw_status dbw__postgresql_fetch(dbw_connection *connection, dbw_prepared *prepared, void *row,
	dbw_arena *arena, bool *more, dbw_error *error);
/* Whether the binary form of a type is its text. */
bool dbw__postgresql_is_text(Oid type);
/* values.c: rows of statements that nobody generated. */
uint32_t dbw__postgresql_column_count(const dbw_prepared *prepared);
const char *dbw__postgresql_column_name(const dbw_prepared *prepared, uint32_t number);
dbw_status dbw__postgresql_fetch_values(dbw_connection *connection, dbw_prepared *prepared, dbw_value *values,
	uint32_t count, dbw_arena *arena, bool *more, dbw_error *error);
/* An integer of 2, 4 or 8 bytes. */
bool dbw__postgresql_read_integer(const PGresult *result, int row, int column, int64_t *out);

/* transaction.c */
/* A step as SQL, in `storage` or static. */
const char *dbw__postgresql_step_sql(
	const postgresql_connection *own, waiting_step step, char *storage, size_t size);
/* Whether BEGIN still waits: the server knows of no transaction. */
bool dbw__postgresql_is_unbegun(const postgresql_connection *own);
/* Has the server close a cursor, when it is next told anything. */
void dbw__postgresql_close_cursor(postgresql_connection *own, unsigned number);
void dbw__postgresql_set_terms(dbw_connection *connection, dbw_terms terms);
/* In front of a statement of a session with a deadline: has the server told how much time is left. */
void dbw__postgresql_tell_deadline(postgresql_connection *own);
dbw_status dbw__postgresql_begin(dbw_connection *connection, dbw_transaction_mode mode, dbw_error *error);
dbw_status dbw__postgresql_commit(dbw_connection *connection, dbw_error *error);
dbw_status dbw__postgresql_rollback(dbw_connection *connection, dbw_error *error);
dbw_status dbw__postgresql_savepoint(dbw_connection *connection, unsigned depth, dbw_error *error);
dbw_status dbw__postgresql_release_savepoint(dbw_connection *connection, unsigned depth, dbw_error *error);
dbw_status dbw__postgresql_rollback_to_savepoint(
	dbw_connection *connection, unsigned depth, dbw_error *error);

/* Numbers in the order of the network, which is PostgreSQL's. */
static inline uint16_t read_16(const void *data)
{
	const unsigned char *b = data;

	return (uint16_t)(b[0] << 8 | b[1]);
}

static inline uint32_t read_32(const void *data)
{
	const unsigned char *b = data;

	return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

static inline uint64_t read_64(const void *data)
{
	const unsigned char *b = data;

	return (uint64_t)read_32(b) << 32 | read_32(b + 4);
}

static inline void write_16(void *data, uint16_t number)
{
	unsigned char *b = data;

	b[0] = (unsigned char)(number >> 8);
	b[1] = (unsigned char)number;
}

static inline void write_32(void *data, uint32_t number)
{
	unsigned char *b = data;

	b[0] = (unsigned char)(number >> 24);
	b[1] = (unsigned char)(number >> 16);
	b[2] = (unsigned char)(number >> 8);
	b[3] = (unsigned char)number;
}

static inline void write_64(void *data, uint64_t number)
{
	unsigned char *b = data;

	write_32(b, (uint32_t)(number >> 32));
	write_32(b + 4, (uint32_t)number);
}

#endif

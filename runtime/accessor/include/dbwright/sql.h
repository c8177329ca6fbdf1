/**
 * SQL of your own, for what the generated functions do not have.
 *
 *     dbw_records rows;
 *
 *     if (dbw_sql(r.any, DBW_SQL("SELECT role, count(*) FROM users WHERE created_at >= $1 GROUP BY role"),
 *                 DBW_VALUES(dbw_bind(since)), &rows) != DBW_OK)
 *             return fail(dbw_session_error(r.any));
 *     for (size_t i = 0; i < rows.count; i++)
 *             if (dbw_records_text(&rows, i, 0, &role) == DBW_OK && dbw_records_int64(&rows, i, 1, &count) == DBW_OK)
 *                     ...
 *     dbw_records_free(&rows);
 *
 * The text is yours: nobody checks it before the database does, and what it means may differ from engine to engine. Values
 * are always bound, as $1, $2 ... on every engine. DBW_SQL() takes a literal alone, so that no value is pasted into it by
 * mistake.
 *
 * Values have the forms in which the engine stores them. On SQLite that is (without `storage: text`): integers for bools,
 * timestamps, dates and times, the text for enums, 16 bytes for uuids, and for decimals of up to 18 digits the digits alone,
 * without the point. A decimal that is bound has to have the scale of its column there.
 */
#ifndef DBWRIGHT_SQL_H
#define DBWRIGHT_SQL_H

#include <dbwright/session.h>

#include <string.h>

/** One statement: a text for all engines, or one for each; those of an engine go before. Borrowed for the call. */
typedef struct dbw_sql_text {
	const char *any;
	const char *sqlite;
	const char *postgresql;
} dbw_sql_text;

/** A value that is bound. Text and bytes are borrowed until the call that takes it returns. Made by dbw_bind(). */
typedef struct dbw_parameter {
	uint8_t kind_; /* dbw_kind; 0 is NULL */
	union {
		int64_t integer;
		double real;
		const char *text;
		dbw_bytes bytes;
		dbw_decimal decimal;
		dbw_uuid uuid;
	} as_;
} dbw_parameter;

/** Rows, in memory of their own. */
typedef struct dbw_records {
	size_t count;             /**< Rows. */
	uint32_t column_count;    /**< Values in each. */
	const char *const *names; /**< Of the columns, as the engine gives them. */
	const struct dbw_value *values_;
	struct dbw_arena *arena_;
} dbw_records;

#ifdef __cplusplus
/* A text for every engine, and one for each. There is no DBW_VALUES(): give an array of dbw_parameter, and its count. */
#define DBW_SQL(text)                          (dbw__sql_text("" text "", NULL, NULL))
#define DBW_SQL_OF(for_sqlite, for_postgresql) (dbw__sql_text(NULL, "" for_sqlite "", "" for_postgresql ""))
#else
/** A literal as the text for every engine. */
#define DBW_SQL(text) ((dbw_sql_text){ .any = "" text "" })
/** A literal for each engine. */
#define DBW_SQL_OF(for_sqlite, for_postgresql) \
	((dbw_sql_text){ .sqlite = "" for_sqlite "", .postgresql = "" for_postgresql "" })
/** The values of a statement, as the two arguments that dbw_sql() takes. Without any: NULL, 0. */
#define DBW_VALUES(...)                         \
	(const dbw_parameter[]){ __VA_ARGS__ }, \
		sizeof((const dbw_parameter[]){ __VA_ARGS__ }) / sizeof(dbw_parameter)
#endif

DBW_BEGIN_DECLS

/**
 * Runs one statement and reads all rows that it gives, in any session; *out is emptied first. In a writer it may change
 * something too (RETURNING). A reader that runs it on PostgreSQL is one read-only transaction from then on. Release the
 * rows with dbw_records_free(); they outlive the session.
 * \return DBW_OK; DBW_MISUSE (no text for the engine; several statements; one that begins, ends or nests a transaction; a
 * reader that writes; an open cursor in a writer; another number of values), DBW_INVALID (a value that the engine cannot
 * take), DBW_UNSUPPORTED and DBW_DATA (a type or value that has no kind here: cast it in the SQL), DBW_CONFLICT and what
 * else the engine says. A failure after the statement was sent fails a writer.
 */
DBW_NODISCARD DBW_API dbw_status dbw_sql(
	dbw_session session, dbw_sql_text text, const dbw_parameter *values, size_t count, dbw_records *out);

/**
 * Runs one statement in a writer; *changed (NULL: not wanted) is how many rows it changed. Errors as dbw_sql().
 */
DBW_NODISCARD DBW_API dbw_status dbw_sql_run(
	dbw_session session, dbw_sql_text text, const dbw_parameter *values, size_t count, int64_t *changed);

/** Frees the rows and empties *records. Empty ones, and NULL, are fine. */
DBW_API void dbw_records_free(dbw_records *records);

/** The number of the column with a name, the first of several; -1 without one. Case matters. */
DBW_API int dbw_records_column(const dbw_records *records, const char *name);

/** Whether there is no value at a place. True for a place that is not there. */
DBW_API bool dbw_records_is_null(const dbw_records *records, size_t row, uint32_t column);

/*
 * A value by its type. DBW_DATA where it is NULL or no such value, and *out is as it was; DBW_MISUSE for a place that is not
 * there. Text and bytes belong to the records. On SQLite an integer is also read as bool, timestamp, date, time, and as a
 * decimal of the given scale; 16 bytes are a uuid; texts in their usual form are any of these.
 */
DBW_NODISCARD DBW_API dbw_status dbw_records_int64(
	const dbw_records *records, size_t row, uint32_t column, int64_t *out);
/** Of floating point; also an integer or a decimal, to the nearest. */
DBW_NODISCARD DBW_API dbw_status dbw_records_double(
	const dbw_records *records, size_t row, uint32_t column, double *out);
DBW_NODISCARD DBW_API dbw_status dbw_records_bool(
	const dbw_records *records, size_t row, uint32_t column, bool *out);
/** Of text, json and enums. */
DBW_NODISCARD DBW_API dbw_status dbw_records_text(
	const dbw_records *records, size_t row, uint32_t column, const char **out);
DBW_NODISCARD DBW_API dbw_status dbw_records_bytes(
	const dbw_records *records, size_t row, uint32_t column, dbw_bytes *out);
/** At a scale, which is that of the column on SQLite; DBW_DATA where digits would be lost. */
DBW_NODISCARD DBW_API dbw_status dbw_records_decimal(
	const dbw_records *records, size_t row, uint32_t column, int32_t scale, dbw_decimal *out);
DBW_NODISCARD DBW_API dbw_status dbw_records_timestamp(
	const dbw_records *records, size_t row, uint32_t column, dbw_timestamp *out);
DBW_NODISCARD DBW_API dbw_status dbw_records_date(
	const dbw_records *records, size_t row, uint32_t column, dbw_date *out);
DBW_NODISCARD DBW_API dbw_status dbw_records_time(
	const dbw_records *records, size_t row, uint32_t column, dbw_time *out);
DBW_NODISCARD DBW_API dbw_status dbw_records_uuid(
	const dbw_records *records, size_t row, uint32_t column, dbw_uuid *out);

/* What dbw_bind() chooses from. A NULL text, and bytes whose data is NULL, are NULL. */
#define DBW__BIND(name, type, number, member)                   \
	static inline dbw_parameter dbw_bind_##name(type value) \
	{                                                       \
		dbw_parameter parameter;                        \
		memset(&parameter, 0, sizeof parameter);        \
		parameter.kind_ = number;                       \
		parameter.as_.member = value;                   \
		return parameter;                               \
	}
DBW__BIND(bool, bool, DBW_KIND_BOOL, integer)
DBW__BIND(i64, int64_t, DBW_KIND_INT64, integer)
DBW__BIND(f64, double, DBW_KIND_FLOAT64, real)
DBW__BIND(text, const char *, DBW_KIND_TEXT, text)
DBW__BIND(bytes, dbw_bytes, DBW_KIND_BYTES, bytes)
DBW__BIND(decimal, dbw_decimal, DBW_KIND_DECIMAL, decimal)
DBW__BIND(uuid, dbw_uuid, DBW_KIND_UUID, uuid)
#undef DBW__BIND
static inline dbw_parameter dbw_bind_timestamp(dbw_timestamp value)
{
	dbw_parameter parameter = dbw_bind_i64(value.us);
	parameter.kind_ = DBW_KIND_TIMESTAMP;
	return parameter;
}
static inline dbw_parameter dbw_bind_date(dbw_date value)
{
	dbw_parameter parameter = dbw_bind_i64(value.days);
	parameter.kind_ = DBW_KIND_DATE;
	return parameter;
}
static inline dbw_parameter dbw_bind_time(dbw_time value)
{
	dbw_parameter parameter = dbw_bind_i64(value.us);
	parameter.kind_ = DBW_KIND_TIME;
	return parameter;
}
/** NULL, for any type. */
static inline dbw_parameter dbw_bind_null(void)
{
	return dbw_bind_text(NULL);
}

DBW_END_DECLS

/* clang-format off */
#ifdef __cplusplus
static inline dbw_sql_text dbw__sql_text(const char *any, const char *sqlite, const char *postgresql)
{
	dbw_sql_text text;
	text.any = any;
	text.sqlite = sqlite;
	text.postgresql = postgresql;
	return text;
}
static inline dbw_parameter dbw_bind(bool value) { return dbw_bind_bool(value); }
static inline dbw_parameter dbw_bind(int value) { return dbw_bind_i64(value); }
static inline dbw_parameter dbw_bind(long value) { return dbw_bind_i64(value); }
static inline dbw_parameter dbw_bind(long long value) { return dbw_bind_i64(value); }
static inline dbw_parameter dbw_bind(double value) { return dbw_bind_f64(value); }
static inline dbw_parameter dbw_bind(const char *value) { return dbw_bind_text(value); }
static inline dbw_parameter dbw_bind(dbw_bytes value) { return dbw_bind_bytes(value); }
static inline dbw_parameter dbw_bind(dbw_decimal value) { return dbw_bind_decimal(value); }
static inline dbw_parameter dbw_bind(dbw_timestamp value) { return dbw_bind_timestamp(value); }
static inline dbw_parameter dbw_bind(dbw_date value) { return dbw_bind_date(value); }
static inline dbw_parameter dbw_bind(dbw_time value) { return dbw_bind_time(value); }
static inline dbw_parameter dbw_bind(dbw_uuid value) { return dbw_bind_uuid(value); }
#else
/** A value to bind, by its type. `true` is an int in C11: say dbw_bind_bool(true). */
#define dbw_bind(value) \
	_Generic((value),                                                           \
		bool: dbw_bind_bool,                                                \
		signed char: dbw_bind_i64,       unsigned char: dbw_bind_i64,       \
		short: dbw_bind_i64,             unsigned short: dbw_bind_i64,      \
		int: dbw_bind_i64,               unsigned int: dbw_bind_i64,        \
		long: dbw_bind_i64,              long long: dbw_bind_i64,           \
		float: dbw_bind_f64,             double: dbw_bind_f64,              \
		char *: dbw_bind_text,           const char *: dbw_bind_text,       \
		dbw_bytes: dbw_bind_bytes,       dbw_decimal: dbw_bind_decimal,     \
		dbw_timestamp: dbw_bind_timestamp, dbw_date: dbw_bind_date,         \
		dbw_time: dbw_bind_time,         dbw_uuid: dbw_bind_uuid)(value)
#endif
/* clang-format on */

#endif

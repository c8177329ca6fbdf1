/**
 * Descriptors: what generated code tells the runtime about its models. Constant data, written by the generator and
 * read by the runtime; a program does not build them by hand.
 */
#ifndef DBWRIGHT_MODEL_H
#define DBWRIGHT_MODEL_H

#include <dbwright/bytes.h>
#include <dbwright/decimal.h>
#include <dbwright/engine.h>
#include <dbwright/optional.h>
#include <dbwright/status.h>
#include <dbwright/time.h>
#include <dbwright/uuid.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** The contract between generated code and this runtime. Generated headers refuse to compile with another number. */
#define DBW_ABI 9

/** How many columns order_by takes. */
#define DBW_ORDER_MAX 8

/** What a column is in C; with its storage it decides the codec. */
typedef enum dbw_kind {
	DBW_KIND_BOOL = 1,  /**< bool */
	DBW_KIND_INT16,     /**< int16_t */
	DBW_KIND_INT32,     /**< int32_t */
	DBW_KIND_INT64,     /**< int64_t */
	DBW_KIND_FLOAT32,   /**< float */
	DBW_KIND_FLOAT64,   /**< double */
	DBW_KIND_DECIMAL,   /**< dbw_decimal */
	DBW_KIND_TEXT,      /**< const char *, UTF-8, NUL-terminated; string and text */
	DBW_KIND_BYTES,     /**< dbw_bytes */
	DBW_KIND_TIMESTAMP, /**< dbw_timestamp */
	DBW_KIND_DATE,      /**< dbw_date */
	DBW_KIND_TIME,      /**< dbw_time */
	DBW_KIND_UUID,      /**< dbw_uuid */
	DBW_KIND_JSON,      /**< const char *, UTF-8 */
	DBW_KIND_ENUM,      /**< a generated enum as wide as int; enumerators count from 1, 0 is "not set" */
} dbw_kind;

/** Properties of a column; bits of dbw_column.flags. */
enum {
	DBW_COLUMN_NULLABLE =
		1 << 0, /**< Text and bytes: a NULL pointer; scalars: the dbw_opt_ twin of the type. */
	DBW_COLUMN_KEY = 1 << 1,           /**< Part of the primary key: update refuses it. */
	DBW_COLUMN_AUTO_ID = 1 << 2,       /**< 0 at insert: the database assigns it. */
	DBW_COLUMN_NOW = 1 << 3,           /**< Unset at insert: the runtime writes the present. */
	DBW_COLUMN_NOW_ON_UPDATE = 1 << 4, /**< Every update writes the present. */
	DBW_COLUMN_UUID_V4 = 1 << 5,       /**< Unset at insert: the runtime makes one. */
	DBW_COLUMN_UUID_V7 = 1 << 6,
	DBW_COLUMN_EXPRESSION = 1 << 7, /**< Unset at insert: left to the database's DEFAULT and read back. */
	DBW_COLUMN_GENERATED = 1 << 8,  /**< Always computed by the database; never written, read back. */
	DBW_COLUMN_VERSION = 1 << 9,    /**< Optimistic locking. */
	DBW_COLUMN_DELETED_AT = 1 << 10, /**< Soft delete. */
	DBW_COLUMN_SENSITIVE = 1 << 11,
	DBW_COLUMN_TEXT_STORAGE =
		1
		<< 12, /**< SQLite: time or uuid as fixed-width text; decimal of more than 18 digits as text. */
	DBW_COLUMN_NATIVE_ENUM = 1 << 13, /**< PostgreSQL: a type of its own. */
	DBW_COLUMN_REFERENCE_ID =
		1 << 14, /**< NOT NULL, refers to an id, no default: 0 is "not set". Never NULLABLE. */
	DBW_COLUMN_REQUIRED = 1 << 15,   /**< NOT NULL, and nothing but the program gives it a value. */
	DBW_COLUMN_OTHER_TYPE = 1 << 16, /**< PostgreSQL: of another type than its kind has (sql_type). */
};

/** Offset of a member that is not there. */
#define DBW_NO_MEMBER UINT32_MAX

/** Number of a column that is not there. */
#define DBW_NO_COLUMN (-1)

/** The values of an enum field, as stored; the enumerator of values[i] is i + 1. */
typedef struct dbw_enum {
	const char *const *values;
	uint16_t count;
} dbw_enum;

/** A column: where it is in the row, the filter and the order, and how it is coded. */
typedef struct dbw_column {
	const char *name;       /**< In the database, not quoted. */
	const char *field;      /**< As declared, for messages. */
	uint32_t offset;        /**< In the row struct. */
	uint32_t filter_offset; /**< In the filter struct, DBW_NO_MEMBER if it cannot be filtered. */
	uint32_t null_offset;   /**< Of its dbw_nullness in the filter struct; only where it is NULLABLE. */
	uint32_t
		order_offset; /**< Of its dbw_direction in the order struct, DBW_NO_MEMBER if it has no order. */
	uint32_t length;      /**< Text: greatest number of characters, 0 for no limit. */
	uint32_t flags;       /**< DBW_COLUMN_ bits. */
	uint8_t kind;         /**< dbw_kind */
	uint8_t precision, scale; /**< Decimal. */
	const dbw_enum *values;   /**< Enum. */
} dbw_column;

/** The names of a column that is called in the database as it is declared: members of its initialiser. */
#define DBW_NAMED(text) .name = text, .field = text

typedef enum dbw_constraint_kind {
	DBW_PRIMARY_KEY = 1,
	DBW_UNIQUE,
	DBW_FOREIGN_KEY,
	DBW_CHECK,
	DBW_NOT_NULL
} dbw_constraint_kind;

/**
 * A declared constraint. Generated headers have one constant each (`extern const dbw_constraint USER_EMAIL_KEY[1];`);
 * constraints are compared by address, see dbw_violated().
 */
typedef struct dbw_constraint {
	dbw_constraint_kind kind;
	const char *name; /**< In the database. */
	const char *
		message; /**< `message:` of the declaration, for users of the program to read; NULL if none. */
	const struct dbw_model *model; /**< The model it belongs to. */
	const uint16_t *
		column_numbers; /**< In the order of declaration; NULL for checks and for unique expressions. */
	uint16_t column_count;
	const struct dbw_model *references; /**< Foreign key: the parent, ... */
	const uint16_t *referenced_numbers; /**< ... and its columns. */
} dbw_constraint;

/**
 * Before a literal of more than 4,095 bytes: more than a compiler has to take (C11 5.2.4.1). gcc and clang take any length, and
 * are not asked to say so.
 */
#ifdef __GNUC__
#define DBW_LONG_TEXT __extension__
#else
#define DBW_LONG_TEXT
#endif

/** The texts of a statement that reads the same on every engine: an initialiser of an array with one for each. */
#define DBW_ON_EVERY_ENGINE(text) \
	{                         \
		text, text        \
	}

/** A fixed statement of a model. Its slot in a connection is *model->first_slot + its place in the table. */
typedef struct dbw_statement {
	const char *
		name; /**< What events and messages call it: "user_find_by_email". NULL: the model has none. */
	const char
		*sql[DBW_ENGINE_COUNT]; /**< NULL for an engine the schema does not have, and for inserts. */
	const uint16_t *parameters;     /**< Numbers of the columns that are bound, in order. */
	uint16_t parameter_count;
	bool selects; /**< The text is what follows model->select. */
} dbw_statement;

/**
 * The statements every model has, first in its table; finders follow. An entry without a name does not exist for the model.
 * Inserts have no text: their parameters say it all, and the runtime makes many of them with fewer columns or more rows.
 */
enum {
	DBW_STATEMENT_INSERT, /**< All columns but generated ones; without the id where the database assigns it. */
	DBW_STATEMENT_INSERT_WITH_ID, /**< The same with an explicit id; only for models with an assigned id. */
	DBW_STATEMENT_DELETE, /**< By key; sets deleted_at where the model deletes softly (first parameter). */
	DBW_STATEMENT_PURGE,  /**< By key, physically; only with soft delete. */
	DBW_STATEMENT_FIND,   /**< By key; skips the deleted. */
	DBW_STATEMENT_EXISTS, /**< SELECT 1 by key, deleted or not; only where update looks at a version. */
	DBW_STATEMENT_FIRST_FINDER,
};

/** One object that create_tables makes: the table itself, its indexes, foreign keys added later. */
typedef struct dbw_object {
	enum { DBW_OBJECT_TYPE, DBW_OBJECT_TABLE, DBW_OBJECT_INDEX, DBW_OBJECT_FOREIGN_KEY } kind;
	const char *sql; /**< One statement, without a semicolon. */
} dbw_object;

typedef struct dbw_objects {
	const dbw_object *items;
	size_t count;
} dbw_objects;

/** A column that update_where may write: where it is in the struct of assignments. */
typedef struct dbw_settable {
	uint16_t column;      /**< Its number. */
	uint32_t offset;      /**< Of its assignment. */
	uint32_t null_offset; /**< Of its bool in `null_`; only where the column is NULLABLE. */
} dbw_settable;

/** A model: its struct, its table, its statements. */
typedef struct dbw_model {
	uint32_t abi; /**< DBW_ABI of the generated code. */
	const char *name;
	const char *table;
	const struct dbw_schema *schema;
	const dbw_column *columns;
	uint16_t column_count;
	uint16_t key_count;
	const uint16_t *key;         /**< Numbers of the key's columns. */
	int16_t id;                  /**< Number of the assigned id column, or DBW_NO_COLUMN. */
	int16_t version, deleted_at; /**< Likewise. */
	uint32_t row_size, row_word; /**< sizeof(user), offsetof(user, row_) */
	uint32_t filter_size;        /**< 0: the model is not filtered. */
	uint32_t groups[3];          /**< Of all_of_, any_of_ and none_of_ in the filter struct. */
	struct {                     /* offsets in the query struct */
		uint32_t where, order_by, order_size, limit, offset, deleted, lock, columns;
	} query;
	const dbw_statement *statements;
	uint16_t statement_count;
	const uint32_t *first_slot;
	const char *select
		[DBW_ENGINE_COUNT]; /**< "SELECT <the columns that are read> FROM <table>": what filters are appended to. */
	const dbw_constraint *const *constraints;
	uint16_t constraint_count;
	const dbw_constraint *const
		*referenced_by; /**< Foreign keys of any model that point here: for errors at delete. */
	uint16_t referenced_by_count;
	bool reads_back; /**< Has generated columns or expression defaults. */
	bool read_only;
	struct { /* offsets in the struct that update_where takes */
		uint32_t where, set, deleted;
	} change;
	const dbw_settable *settable;
	uint16_t settable_count;
	const uint16_t
		*read; /**< Numbers of the columns that are read unless a query names others; NULL: all. */
	uint16_t read_count;
	const uint64_t *left_out; /**< The others, as dbw_row.absent has them; NULL where all are read. */
} dbw_model;

/** A schema: the models that live together, parents before children. */
typedef struct dbw_schema {
	uint32_t abi;
	const char *name;
	uint32_t engines; /**< Bits 1 << dbw_engine. */
	const dbw_model *const *models;
	size_t model_count;
} dbw_schema;

/** What create_tables makes for a model. */
typedef struct dbw_table {
	const dbw_model *model;
	dbw_objects objects[DBW_ENGINE_COUNT];
} dbw_table;

/**
 * The tables of a schema, parents before children. No model and no schema refers to them: a program that creates no
 * tables does not carry their texts.
 */
typedef struct dbw_tables {
	const dbw_schema *schema;
	const dbw_table *items;
	size_t count;
} dbw_tables;

/** A key of an entry; the value is as written, with ${...} untouched. */
typedef struct dbw_setting {
	const char *key;
	const char *value;
} dbw_setting;

/**
 * Where a PostgreSQL database is. Members that are NULL or 0 are not said: libpq's variables and defaults say them. They are
 * taken as they are: a `${` in a password is just that.
 */
typedef struct dbw_server {
	const char *host;
	int port;
	const char *name; /**< Of the database on the server. */
	const char *user;
	const char *password; /**< Never shown. */
} dbw_server;

/**
 * A database entry: from `databases:` compiled in unresolved, or written in C. Members that are NULL or 0 are not
 * said. The strings are borrowed: compiled-in ones are static, those that a program gives are copied.
 */
typedef struct dbw_entry {
	const char *name;
	const char *schema;            /**< NULL: the schema of the entry's own name. */
	const char *connection_string; /**< "sqlite:data/auth.db", "${AUTH_URL:-sqlite::temp:}" */
	const char *provider;          /**< "sqlite"; NULL: follows from the connection string. */
	const char *qualifier;         /**< NULL: the name. */
	bool is_default;
	uint32_t pool_size; /**< Connections at the same time; 0: DBW_POOL_SIZE_DEFAULT. */
	const char *
		depends_on; /**< Others with commas between, "primary, auth:eu": connected before it, closed after it. */
	const char *path;  /**< Of the file of SQLite, as it is; instead of a connection string. */
	dbw_server server; /**< Of PostgreSQL, instead of a connection string. */
	/**
	 * Everything else that an entry may say, by the keys of docs/declarations.md in their flat form ("path", "host",
	 * "busy_timeout_ms", "max_overflow"); "options.x" goes to the driver as x. Each key once. In an entry that is compiled in,
	 * what stands before "connection_string" was said nearer: parts there are put on top of it.
	 */
	const dbw_setting *settings;
	size_t setting_count;
	const char
		*source; /**< Where the entry is written ("dbwright.yaml:12:3"); NULL: the program sets it. */
	const char *const *sources; /**< The same for each setting; NULL: as the entry. */
} dbw_entry;

/** The entries that change, or are added, where the environment's DBWRIGHT_ENV is the name of the profile. */
typedef struct dbw_profile {
	const char *name;
	const dbw_entry *entries; /**< Each in full: it takes the place of the entry of the same name. */
	size_t entry_count;
} dbw_profile;

/** What the generator compiled in for a project. */
typedef struct dbw_program {
	uint32_t abi;
	const char *name;
	const dbw_schema *const *schemas;
	size_t schema_count;
	const dbw_entry *entries;
	size_t entry_count;
	uint32_t slot_count; /**< Fixed statements of all models together. */
	const dbw_profile *profiles;
	size_t profile_count;
} dbw_program;

/** Where a row came from: dbw_row.origin. */
enum {
	DBW_ROW_NEW = 0x6e77,   /**< Made by <MODEL>_INIT or <model>_init(). */
	DBW_ROW_READ = 0x7264,  /**< In a list. */
	DBW_ROW_FOUND = 0x666e, /**< By itself, from a finder: <model>_free() releases it. */
};

/**
 * The runtime's word in a row struct. origin tells a row that was made or read properly from one that came from
 * nowhere; the other two are for relations (loaded) and for projections (absent: a bit per column, NULL for none).
 * The low 16 bits of origin are one of the numbers above. The upper ones are the runtime's: in a row from a finder they
 * tie the word to the row's address, so that a copy of the struct is never taken for the row that has to be freed.
 */
typedef struct dbw_row {
	uint32_t origin;
	uint32_t loaded;
	const uint64_t *absent;
} dbw_row;

/** The word of a new row, as <MODEL>_INIT has it. */
#define DBW_ROW_INIT                 \
	{                            \
		DBW_ROW_NEW, 0, NULL \
	}

/**
 * Marks of fields without a value whose default is an SQL expression (DBW_COLUMN_EXPRESSION); INIT puts them there.
 * They mean "unset" in such columns only; anywhere else they are values like others, or refused like others. Times and
 * uuids use their own marks (DBW_TIMESTAMP_UNSET, the nil uuid), enums 0, bytes { DBW_TEXT_UNSET, 0 }; a bool has none.
 *
 * The mark of a decimal is no decimal: INIT also puts it where a NOT NULL decimal has no default, and what would write
 * it is DBW_INVALID.
 *
 * A nullable scalar is unset when its `value` is the mark; where the mark is all zero (uuid, enum) only together with
 * `has`, since all zero is NULL.
 */
#define DBW_TEXT_UNSET  dbw__text_unset
#define DBW_INT16_UNSET INT16_MIN
#define DBW_INT32_UNSET INT32_MIN
#define DBW_INT64_UNSET INT64_MIN
#define DBW_FLOAT_UNSET NAN /* of <math.h>; for float and double */
#define DBW_DECIMAL_UNSET_INIT \
	{                      \
		0, 0, -1       \
	}

DBW_BEGIN_DECLS
DBW_API extern const char dbw__text_unset[1];

/** The text that the value of an enumerator is stored as; NULL if there is none. */
DBW_API const char *dbw__enum_name(const dbw_enum *values, int value);

/** The enumerator of the value that is stored as `text`; 0 if there is none, and for NULL. */
DBW_API int dbw__enum_parse(const dbw_enum *values, const char *text);
DBW_END_DECLS

#endif

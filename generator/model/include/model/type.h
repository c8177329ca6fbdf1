/**
 * The one table of field types: what a type is called in YAML, what it is in C, which filter and operators it has,
 * and how each engine stores it. Everything else in the generator asks this table; nothing switches on a type name.
 */
#ifndef DBWRIGHT_MODEL_TYPE_H
#define DBWRIGHT_MODEL_TYPE_H

#include <dbwright/engine.h>
#include <stdbool.h>
#include <stddef.h>

typedef enum ir_type_id {
	IR_ID, /**< The generated integer key. */
	IR_BOOL,
	IR_INT16,
	IR_INT32,
	IR_INT64,
	IR_FLOAT32,
	IR_FLOAT64,
	IR_DECIMAL,
	IR_STRING, /**< Text with a greatest length. */
	IR_TEXT,
	IR_BYTES,
	IR_TIMESTAMP,
	IR_DATE,
	IR_TIME,
	IR_UUID,
	IR_JSON,
	IR_ENUM,
} ir_type_id;

enum { IR_TYPE_COUNT = IR_ENUM + 1 };

/** Which comparisons a type has in filters. */
enum {
	IR_OP_EQUAL = 1 << 0,   /**< eq, ne, in */
	IR_OP_ORDER = 1 << 1,   /**< lt, le, gt, ge, between, from_until, and ORDER BY */
	IR_OP_PATTERN = 1 << 2, /**< like, ilike */
};

/** How a column is stored where an engine offers a choice: `storage:` in the declarations. */
typedef enum ir_storage {
	IR_STORAGE_DEFAULT, /**< Not said: the schema's, else the engine's own best form. */
	IR_STORAGE_TEXT,    /**< SQLite: times and uuids as fixed-width text. */
	IR_STORAGE_NATIVE,  /**< PostgreSQL: an enum as a type of its own. */
} ir_storage;

/** What a type takes between its brackets, as in decimal(10, 2). */
typedef enum ir_type_arguments {
	IR_NO_ARGUMENTS,
	IR_LENGTH,
	IR_PRECISION_SCALE,
	IR_VALUES
} ir_type_arguments;

typedef struct ir_type {
	const char *name; /**< In YAML: "timestamp". */
	ir_type_arguments arguments;
	const char *c_type; /**< NOT NULL member: "dbw_timestamp", "const char *" (with its blank or star). */
	const char *c_optional;  /**< Nullable member: "dbw_opt_timestamp", "const char *". */
	const char *filter;      /**< "dbw_timestamp_filter"; NULL for enums, whose filter is generated. */
	const char *kind;        /**< The runtime's codec: "DBW_KIND_TIMESTAMP". */
	unsigned operators;      /**< IR_OP_ bits that the type can have on every engine. */
	const char *sqlite;      /**< Column type in a STRICT table. */
	const char *sqlite_text; /**< The same with `storage: text`, NULL where it has none. */
	const char *postgresql;  /**< Column type; "%u" takes the length, or precision and scale. */
} ir_type;

/** The row of the table for a type. Never NULL. */
const ir_type *ir_type_of(ir_type_id id);

/** Finds a type by its YAML name; false if there is none. */
bool ir_type_find(const char *name, size_t length, ir_type_id *out);

/** The names of all types in the order of the table, for suggestions; *count receives how many. */
const char *const *ir_type_names(size_t *count);

#endif

/*
 * How an engine spells what the declarations say: one table of functions and facts per engine. All functions append to
 * a buffer, which remembers that memory was short.
 */
#ifndef DBWRIGHT_RENDER_DIALECT_H
#define DBWRIGHT_RENDER_DIALECT_H

#include <base/text.h>
#include <dbwright/engine.h>
#include <model/model.h>

typedef struct ir__dialect {
	dbw_engine engine;
	const char *name;         /**< As declared: "sqlite". */
	const char *constant;     /**< As C writes it: "DBW_SQLITE". */
	const char *title;        /**< As people write it: "SQLite". */
	const char *table_ending; /**< What follows the bracket of CREATE TABLE. */
	bool has_namespaces;      /**< Tables are qualified with the schema's `namespace:`. */
	bool names_id_key; /**< The key of an assigned id is a constraint of its own, not part of the column. */
	bool adds_foreign_keys; /**< Can add a foreign key to a table that is there. */
	bool has_native_enums;  /**< Enums may be types of their own. */
	bool sorts_nulls_last; /**< NULLs are the greatest values, so that indexes have to say where they stand. */

	/** The column's type with its collation. */
	void (*type)(dbw_text_buffer *out, const ir_field *field);
	/** What makes the column an assigned id. */
	void (*assigned_id)(dbw_text_buffer *out, const ir_field *field);
	/** The rule for values of the column that its type does not express; appends nothing if there is none. */
	void (*rule)(dbw_text_buffer *out, const ir_field *field);
	/** The column's default, a literal or an expression; appends nothing if the database has none. */
	void (*default_value)(dbw_text_buffer *out, const ir_field *field);
} ir__dialect;

/** The dialect of each engine, by dbw_engine. */
extern const ir__dialect *const ir__dialects[DBW_ENGINE_COUNT];

extern const ir__dialect ir__sqlite;
extern const ir__dialect ir__postgresql;

/** Whether the field is stored in SQLite as text although integers or bytes would do. */
bool ir__stored_as_text(const ir_field *field);

/** "IN ('member', 'admin')" for an enum. */
void ir__sql_enum_rule(dbw_text_buffer *out, const ir_field *field);

/** The name of a table, qualified where the dialect does that. */
void ir__sql_table(dbw_text_buffer *out, const ir__dialect *dialect, const ir_model *model);

#endif

/* The fixed statements of a model: what its generated functions run. */
#ifndef DBWRIGHT_RENDER_STATEMENTS_H
#define DBWRIGHT_RENDER_STATEMENTS_H

#include "dialect.h"

#include <base/arena.h>

/** A statement on every engine of its schema. */
typedef struct ir__statement {
	const char *slot; /**< Its enumerator: "DBW_STATEMENT_INSERT", "USER__FIND_BY_EMAIL". */
	const char *name; /**< "user_insert" */
	const char
		*sql[DBW_ENGINE_COUNT]; /**< NULL for an engine the schema does not have, and for inserts. */
	const ir_field **parameters;
	size_t parameter_count;
	const ir_index *
		finder; /**< The index it is a finder of; NULL for the statements that every model may have. */
	struct ir__statement *next;
} ir__statement;

/** Makes the statements of a model in the arena; the finders come last. False when memory is short. */
bool ir__statements(dbw_arena *arena, const ir_model *model, ir__statement **out);

/** Whether an index makes a finder besides the one by the primary key. */
bool ir__makes_finder(const ir_index *index);

/** How many slots a model takes: the statements that every model may have, and its finders. */
size_t ir__slot_count(const ir_model *model);

/** Whether the database assigns the key. */
bool ir__has_assigned_id(const ir_model *model);

/** "SELECT <all columns that are not loaded on demand> FROM <table>". */
void ir__sql_select(dbw_text_buffer *out, const ir__dialect *dialect, const ir_model *model);

#endif

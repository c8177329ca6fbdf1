/** Patterns of like and ilike in the words of an engine. */
#ifndef DBWRIGHT_STATEMENT_RENDER_PATTERN_H
#define DBWRIGHT_STATEMENT_RENDER_PATTERN_H

#include <base/arena.h>
#include <dbwright/driver.h>

/**
 * Makes the text in *value, a pattern with % _ and \, into what the engine's operator takes: for SQLite a GLOB pattern,
 * for PostgreSQL the same pattern. With `fold` its letters A-Z become a-z. A new text comes from `scratch`.
 * \return DBW_OK; DBW_INVALID when a single `\` ends the pattern; DBW_UNSUPPORTED when it is too long for the engine;
 * DBW_OUT_OF_MEMORY.
 */
dbw_status dbw__pattern_translate(const dbw_model *model, dbw_engine engine, bool fold, dbw_arena *scratch,
	dbw_value *value, dbw_error *error);

/**
 * Makes the text in *value into a pattern that finds it as it is: anywhere, at the start or at the end, as `operation`
 * (DBW_OPERATOR_CONTAINS to DBW_OPERATOR_IENDS_WITH) says. What takes the pattern is the engine's operator for like, or
 * for ilike where the operation minds no case. The new text comes from `scratch`.
 * \return DBW_OK; DBW_UNSUPPORTED when it is too long for the engine; DBW_OUT_OF_MEMORY.
 */
dbw_status dbw__pattern_find(const dbw_model *model, dbw_engine engine, unsigned operation,
	dbw_arena *scratch, dbw_value *value, dbw_error *error);

#endif

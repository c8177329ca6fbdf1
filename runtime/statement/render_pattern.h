/** Patterns of like and ilike in the words of an engine. */
#ifndef DBWRIGHT_STATEMENT_RENDER_PATTERN_H
#define DBWRIGHT_STATEMENT_RENDER_PATTERN_H

#include <dbwright/driver.h>

/**
 * Makes the text in *value, a pattern with % _ and \, into what the engine's operator takes: for SQLite a GLOB pattern,
 * for PostgreSQL the same pattern. With `fold` its letters A-Z become a-z. A new text comes from `scratch`.
 * \return DBW_OK; DBW_INVALID when a single `\` ends the pattern; DBW_UNSUPPORTED when it is too long for the engine;
 * DBW_OUT_OF_MEMORY.
 */
dbw_status dbw__pattern_translate(const dbw_model *model, dbw_engine engine, bool fold, dbw_arena *scratch,
	dbw_value *value, dbw_error *error);

#endif

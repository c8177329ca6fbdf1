/**
 * Every name that is made rather than written: identifiers of the generated C, and indexes and constraints in
 * the database. Makes them, and proves that none meets another one, a reserved word, or a name of a system
 * header.
 */
#ifndef DBWRIGHT_CHECK_NAMES_H
#define DBWRIGHT_CHECK_NAMES_H

#include <base/diagnostic.h>
#include <model/model.h>
#include <stdbool.h>

/**
 * Fills the names of a project that is checked otherwise (fields complete, relations resolved, indexes with
 * the primary key first, constraints with all but their names) and checks them. To be called once per
 * project.
 *
 * Reads `c_name` of models and fields as written where `c_name_given`. Fills, in the project's arena:
 * - project: `members`, with the C names of the container;
 * - model: `c_name` (the schema's prefix, then what was written or the name) and `c_upper`;
 * - field: `c_name`, `enum_c_type` and the `c_name` of its enum values;
 * - index: `name` where none was written, and `finder`;
 * - constraint: `name` and `c_name`.
 * What cannot be named because a part of it is not resolved keeps NULL; that was reported by whoever could
 * not resolve it, and is passed over here.
 *
 * Errors, each with a position, mostly with a hint and a note at the other owner of the name:
 * - `name-clash`: two owners of one C identifier, struct member or generated file; one report for a pair of
 *   owners;
 * - `reserved-name`: a keyword of C11 to C23 or C++20, a name of the C library, a predefined macro, a name of
 *   dbwright's own (`dbw_`, two underscores, files it makes);
 * - `database-name`: two tables, indexes, columns or constraints of one name, or a table name that an engine
 *   keeps for itself;
 * - `nameless-value`: an enum value without a letter or digit to make an enumerator of;
 * - `out-of-memory`.
 * Warnings: `system-name`, a name that some header of POSIX, SQLite or libpq declares too.
 *
 * Returns true when it reported no error.
 */
bool ir_check_names(ir_project *project, dbw_diagnostics *diagnostics);

#endif

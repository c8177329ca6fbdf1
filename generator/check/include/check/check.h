/** The checker: resolves and completes what the loader read, and proves that it makes sense. */
#ifndef DBWRIGHT_CHECK_CHECK_H
#define DBWRIGHT_CHECK_CHECK_H

#include <base/diagnostic.h>
#include <model/model.h>
#include <stdbool.h>

/**
 * Fills every member of the project that the IR marks "C" and reports everything that is wrong with the declarations,
 * with positions. To be called once per project; what it makes lives in the project's arena. What was reported for one
 * thing is left out of the model or marked broken, so that one mistake gives one message.
 *
 * Fragments of SQL are tried on a scratch database of SQLite in memory.
 *
 * \return true when no error was reported in this call; only then may the project be rendered.
 */
bool ir_check_project(ir_project *project, dbw_diagnostics *diagnostics);

#endif

/**
 * What the generator makes of a project: the C of its models, and the SQL that creates their tables. The project has
 * been checked without an error; it is read, never changed. The same project gives the same bytes.
 *
 * Problems are reported in `diagnostics`, and false is returned: a file that cannot be written ("write-failed", with
 * the system's reason) or removed ("remove-failed"), memory that is short ("out-of-memory"), a default or message that is too
 * long for C ("too-long"), a template that is wrong ("template-...").
 */
#ifndef DBWRIGHT_RENDER_RENDER_H
#define DBWRIGHT_RENDER_RENDER_H

#include <base/diagnostic.h>
#include <base/text.h>
#include <model/model.h>

/** Where the files go. Borrowed for the call. */
typedef struct ir_render_options {
	const char *out_dir; /**< Made if it is not there, with the folders above it. Required. */
	const char *
		depfile; /**< Make rules that name the YAML files that were read; NULL: none. Needs a stamp. */
	const char *stamp; /**< A file that is written last, also when nothing changed; NULL: none. */
} ir_render_options;

/** What was done. */
typedef struct ir_render_result {
	size_t files;   /**< Files of C that the project has, ... */
	size_t written; /**< ... and how many of them were new or other than before. */
	size_t removed; /**< Files of earlier runs that the project no longer makes. */
} ir_render_result;

/**
 * Renders all C of the project; when that succeeded, writes what is new or has changed. Until then it waits in a file
 * without a name in the output folder. A file with the right content is not touched, and one that cannot be written stays as
 * it was. Files of earlier runs that the project no
 * longer makes are removed, by the list that each run leaves ("dbwright.manifest"); those that are not as they were written
 * stay, with the warning "stale-file". `result` may be NULL.
 */
bool ir_render_project(const ir_project *project, const ir_render_options *options, ir_render_result *result,
	dbw_diagnostics *diagnostics);

/**
 * Appends to `out` a script that creates the tables of a schema: statements that end in ";", in an order in which they
 * run, with a comment before each schema and engine. `schema` NULL: all schemas; `engine` ("sqlite" or "postgresql")
 * NULL: all engines of each schema.
 */
bool ir_render_sql(const ir_project *project, const ir_schema *schema, const char *engine,
	dbw_text_buffer *out, dbw_diagnostics *diagnostics);

#endif

/* `dbwright db`: the databases of a project, here and now. */
#ifndef DBWRIGHT_CLI_DB_H
#define DBWRIGHT_CLI_DB_H

#include "cli.h"

#include <databases/databases.h>

/* What an action says of one database: appended to `out`, as lines or as one object. Returns an exit code. */
typedef int (*db_each)(
	const cli_run *run, const ir_database *database, const dbw__resolved *resolved, dbw_text_buffer *out);

int db_list_one(
	const cli_run *run, const ir_database *database, const dbw__resolved *resolved, dbw_text_buffer *out);
int db_test_one(
	const cli_run *run, const ir_database *database, const dbw__resolved *resolved, dbw_text_buffer *out);
int db_status_one(
	const cli_run *run, const ir_database *database, const dbw__resolved *resolved, dbw_text_buffer *out);
int db_set_up_one(
	const cli_run *run, const ir_database *database, const dbw__resolved *resolved, dbw_text_buffer *out);
int db_reset_one(
	const cli_run *run, const ir_database *database, const dbw__resolved *resolved, dbw_text_buffer *out);

/* Actions that need no project. */
int db_config(const cli_arguments *arguments);
int db_providers(const cli_arguments *arguments);

/* Appends `"name":value`, the value as JSON has it, behind what opens an object or a comma. */
void db_append_text(dbw_text_buffer *out, const char *name, const char *value, bool first);

/* Appends the line with provider and URL. */
void db_append_place(dbw_text_buffer *out, const dbw__resolved *resolved);

/* Opens an object with what every action says of a database. */
void db_append_head(dbw_text_buffer *out, const ir_database *database, const dbw__resolved *resolved);

#endif

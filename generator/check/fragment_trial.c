/*
 * Fragments tried on a scratch database of SQLite in memory, in the statement they will stand in: what CREATE TABLE or
 * CREATE INDEX refuses, and what the first row would find out, is known before anything is generated.
 */
#include "fragment.h"

#include <sqlite3.h>
#include <string.h>

static bool open_scratch(ir_checker *checker)
{
	if (checker->scratch != NULL)
		return true;
	if (sqlite3_open(":memory:", &checker->scratch) != SQLITE_OK) {
		sqlite3_close(checker->scratch);
		checker->scratch = NULL;
		checker->out_of_memory = true;
		return false;
	}
	/* "x" is never a text: https://www.sqlite.org/quirks.html#double_quoted_string_literals_are_accepted */
	sqlite3_db_config(checker->scratch, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
	sqlite3_db_config(checker->scratch, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
	sqlite3_extended_result_codes(checker->scratch, 1);
	return true;
}

/* What SQLite says, with the nearest column where it does not know one. */
static void report(ir_checker *checker, const ir_scan *scan)
{
	static const char no_column[] = "no such column: ";
	char *message = dbw_arena_printf(checker->arena, "%s", sqlite3_errmsg(checker->scratch));
	const char *hint = NULL;

	if (message == NULL || sqlite3_errcode(checker->scratch) == SQLITE_NOMEM) {
		checker->out_of_memory = true;
		return;
	}
	if (strncmp(message, no_column, sizeof(no_column) - 1) == 0) {
		const char *name = message + sizeof(no_column) - 1;

		if (ir__is_awaited(scan->model, name))
			return;
		name = ir_suggest_field(scan->model, name);
		const ir_field *field = name != NULL ? ir_find_field(scan->model, name) : NULL;

		hint = ir__did_you_mean(checker, field != NULL ? field->column : NULL);
	}
	/* The bracket is that of the statement around it. */
	if (strcmp(message, "near \")\": syntax error") == 0 && strchr(scan->text, ')') == NULL)
		hint = "something is missing at its end";
	ir__fragment_error(checker, scan, "refused-sql", hint, "SQLite says: %s", message);
}

/* The table with all columns nullable; `special` (NULL for none) has `expression` as what it is made by. */
static void append_table(dbw_text_buffer *sql, const ir_model *model, const ir_field *special,
	const char *expression, const char *check)
{
	dbw_text_printf(sql, "CREATE TABLE \"%s\" (", model->table.text);
	for (size_t i = 0; i < model->field_count; i++) {
		const ir_field *field = model->fields[i];

		dbw_text_printf(
			sql, "%s\"%s\" %s", i == 0 ? "" : ", ", field->column, ir__sqlite_class(field));
		if (field == special && field->generated.text != NULL)
			dbw_text_printf(sql, " GENERATED ALWAYS AS (%s) STORED", expression);
		else if (field == special)
			dbw_text_printf(sql, " DEFAULT (%s)", expression);
	}
	if (check != NULL)
		dbw_text_printf(sql, ", CHECK (%s)", check);
	dbw_text_append_z(sql, ") STRICT;");
}

/*
 * Runs the statements and inserts a row of NULLs and defaults. A violated CHECK is no mistake: the row is not a real
 * one. What a default or generated column makes must fit the column, though.
 */
static bool run(ir_checker *checker, const ir_scan *scan, dbw_text_buffer *sql, const ir_model *model)
{
	sqlite3 *db = checker->scratch;
	bool good = false;
	int code;

	if (sql->failed) {
		checker->out_of_memory = true;
		return false;
	}
	sqlite3_exec(db, "BEGIN", NULL, NULL, NULL);
	if (sqlite3_exec(db, sql->data, NULL, NULL, NULL) != SQLITE_OK) {
		report(checker, scan);
		goto out;
	}
	dbw_text_truncate(sql, 0);
	dbw_text_printf(sql, "INSERT INTO \"%s\" DEFAULT VALUES", model->table.text);
	if (sql->failed) {
		checker->out_of_memory = true;
		goto out;
	}
	code = sqlite3_exec(db, sql->data, NULL, NULL, NULL);
	if (code != SQLITE_OK && code != SQLITE_CONSTRAINT_CHECK) {
		report(checker, scan);
		goto out;
	}
	good = true;
out:
	if (!sqlite3_get_autocommit(db))
		sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
	return good;
}

/* A table that SQLite keeps for itself cannot be made; the check of names says so. */
static bool can_try(ir_checker *checker, const ir_model *model)
{
	return strncmp(model->table.text, "sqlite_", 7) != 0 && open_scratch(checker);
}

bool ir__try_check(ir_checker *checker, const ir_model *model, const ir_scan *scan, const char *sql)
{
	char storage[1024];
	dbw_text_buffer text;
	bool good;

	if (!can_try(checker, model))
		return true;
	dbw_text_init(&text, storage, sizeof(storage));
	append_table(&text, model, NULL, NULL, sql);
	good = run(checker, scan, &text, model);
	dbw_text_clear(&text);
	return good;
}

bool ir__try_field(ir_checker *checker, const ir_field *field, const ir_scan *scan, const char *sql)
{
	const ir_model *model = field->model;
	char storage[1024];
	dbw_text_buffer text;
	bool good;

	if (!can_try(checker, model))
		return true;
	dbw_text_init(&text, storage, sizeof(storage));
	append_table(&text, model, field, sql, NULL);
	good = run(checker, scan, &text, model);
	dbw_text_clear(&text);
	return good;
}

bool ir__try_index(
	ir_checker *checker, const ir_index *index, const ir_scan *scan, const char *part, const char *where)
{
	const ir_model *model = index->model;
	char storage[1024];
	dbw_text_buffer text;
	bool good;

	if (!can_try(checker, model))
		return true;
	dbw_text_init(&text, storage, sizeof(storage));
	append_table(&text, model, NULL, NULL, NULL);
	dbw_text_printf(&text, "CREATE INDEX \"index_\" ON \"%s\" (", model->table.text);
	if (part != NULL)
		dbw_text_printf(&text, "(%s))", part);
	else
		dbw_text_printf(&text, "\"%s\")", model->fields[0]->column);
	if (where != NULL)
		dbw_text_printf(&text, " WHERE %s", where);
	good = run(checker, scan, &text, model);
	dbw_text_clear(&text);
	return good;
}

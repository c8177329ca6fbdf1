#include "conflict.h"

#include <base/text.h>

#include <string.h>

/* Sets constraint and message, and keeps what the driver said besides. */
static void explain(dbw_error *error, const dbw_constraint *constraint, const char *subject, const char *what)
{
	dbw_error before = *error;

	if (constraint != NULL)
		dbw__fail(error, DBW_CONFLICT, "%s: %s (%s)%s%s", subject, what, constraint->name,
			constraint->message == NULL ? "" : ": ",
			constraint->message == NULL ? "" : constraint->message);
	else
		dbw__fail(error, DBW_CONFLICT, "%s: %s", subject, what);
	error->native_code = before.native_code;
	memcpy(error->sqlstate, before.sqlstate, sizeof error->sqlstate);
	error->constraint = constraint;
}

static void explain_field(
	dbw_error *error, const dbw_model *model, const dbw_column *column, const char *what)
{
	char storage[256];
	dbw_text_buffer subject;

	dbw_text_init(&subject, storage, sizeof storage);
	dbw_text_printf(&subject, "%s.%s", model->name, column->field);
	explain(error, NULL, subject.data, what);
	dbw_text_clear(&subject);
}

/* What a violated constraint means, in words about the model's fields. */
static void explain_constraint(dbw__lease *lease, const dbw__call *call, const dbw_constraint *constraint)
{
	const dbw_model *model = constraint->model;
	bool plural = constraint->column_count > 1;
	/* A child's foreign key that the call's row is the parent of. */
	bool of_child = constraint->kind == DBW_FOREIGN_KEY && (model != call->model || call->deletes);
	char storage[256], reason[128];
	dbw_text_buffer subject, what;

	dbw_text_init(&subject, storage, sizeof storage);
	dbw_text_init(&what, reason, sizeof reason);
	for (int i = 0; i < constraint->column_count && constraint->column_numbers != NULL; i++)
		dbw_text_printf(&subject, "%s%s.%s", i == 0 ? "" : ", ", model->name,
			model->columns[constraint->column_numbers[i]].field);
	if (subject.length == 0 || of_child) {
		dbw_text_truncate(&subject, 0);
		dbw_text_append_z(&subject, call->model->name);
	}
	switch (constraint->kind) {
	case DBW_PRIMARY_KEY:
	case DBW_UNIQUE:
		dbw_text_append_z(
			&what, plural ? "a row with these values exists" : "a row with this value exists");
		break;
	case DBW_FOREIGN_KEY:
		if (of_child)
			dbw_text_printf(&what, "rows of %s refer to it", model->name);
		else
			dbw_text_printf(&what, "no %s has %s",
				constraint->references == NULL ? "row" : constraint->references->name,
				plural ? "these values" : "this value");
		break;
	case DBW_NOT_NULL: dbw_text_append_z(&what, "NULL is not allowed"); break;
	default: dbw_text_append_z(&what, "the check does not hold"); break;
	}
	explain(lease->error, constraint, subject.data, what.data);
	dbw_text_clear(&subject);
	dbw_text_clear(&what);
}

/*
 * Moves on over `expected` in the engine's text, which may have been cut at the end of its buffer: what was
 * cut off counts as equal.
 */
static bool skip(const char **text, const dbw_violation *violation, const char *expected)
{
	size_t left = strlen(*text), length = strlen(expected);
	bool cut = strlen(violation->text) == sizeof violation->text - 1;

	if (strncmp(*text, expected, length < left ? length : left) != 0 || (length > left && !cut))
		return false;
	*text += length < left ? length : left;
	return true;
}

/* Whether the engine's text is "table.column, table.column" of these columns: built and compared, never
 * taken apart, since a name may hold a point or a comma. */
static bool lists_columns(
	const dbw_violation *violation, const dbw_model *model, const uint16_t *numbers, int count)
{
	const char *rest = violation->text;

	for (int i = 0; i < count; i++) {
		if ((i > 0 && !skip(&rest, violation, ", ")) || !skip(&rest, violation, model->table) ||
			!skip(&rest, violation, ".") ||
			!skip(&rest, violation, model->columns[numbers[i]].name))
			return false;
	}
	return *rest == '\0';
}

static bool is_violated(const dbw_constraint *constraint, const dbw_violation *violation)
{
	const char *rest = violation->text;

	if (violation->by_columns)
		return (constraint->kind == DBW_PRIMARY_KEY || constraint->kind == DBW_UNIQUE) &&
		       constraint->column_numbers != NULL &&
		       lists_columns(violation, constraint->model, constraint->column_numbers,
			       constraint->column_count);
	return violation->text[0] != '\0' && skip(&rest, violation, constraint->name) && *rest == '\0';
}

static const dbw_constraint *find_constraint(
	const dbw_constraint *const *constraints, int count, const dbw_violation *violation)
{
	for (int i = 0; i < count; i++) {
		if (is_violated(constraints[i], violation))
			return constraints[i];
	}
	return NULL;
}

/* The column of a NOT NULL, or of the check that the column's type brings: "<table>_<column>_valid". */
static const dbw_column *find_column(const dbw_model *model, const dbw_violation *violation)
{
	for (uint16_t i = 0; i < model->column_count; i++) {
		const dbw_column *column = &model->columns[i];
		const char *rest = violation->text;

		if (violation->kind == DBW_NOT_NULL && violation->by_columns) {
			if (lists_columns(violation, model, &i, 1))
				return column;
		} else if (violation->kind == DBW_NOT_NULL) {
			if (strcmp(violation->text, column->name) == 0)
				return column;
		} else if (skip(&rest, violation, model->table) && skip(&rest, violation, "_") &&
			   skip(&rest, violation, column->name) && skip(&rest, violation, "_valid") &&
			   *rest == '\0') {
			return column;
		}
	}
	return NULL;
}

/* The constraint that SQL of the user's own has violated: of any model, where the engine gives a name. */
static void explain_anywhere(dbw__lease *lease)
{
	const dbw_violation violation = *lease->driver->violation(lease->connection);
	const dbw_schema *schema = lease->schema;

	for (size_t i = 0; i < schema->model_count; i++) {
		const dbw_model *model = schema->models[i];
		const dbw_constraint *constraint =
			find_constraint(model->constraints, model->constraint_count, &violation);

		if (constraint != NULL) {
			explain(lease->error, constraint, model->name, "a constraint is violated");
			return;
		}
	}
}

void dbw__explain_conflict(dbw__lease *lease, const dbw__call *call)
{
	const dbw_model *model = call->model;
	const dbw_constraint *constraint = NULL;
	const dbw_column *column = NULL;
	dbw_violation violation;

	if (model == NULL) {
		explain_anywhere(lease);
		return;
	}
	/* A copy: looking for a foreign key runs statements, and the driver's own may change. */
	violation = *lease->driver->violation(lease->connection);
	if (violation.kind == DBW_FOREIGN_KEY && violation.text[0] == '\0') {
		constraint = dbw__find_broken_foreign_key(lease, call);
	} else {
		constraint = find_constraint(model->constraints, model->constraint_count, &violation);
		if (constraint == NULL)
			constraint =
				find_constraint(model->referenced_by, model->referenced_by_count, &violation);
	}
	if (constraint != NULL) {
		explain_constraint(lease, call, constraint);
		return;
	}
	if (violation.kind == DBW_NOT_NULL || violation.kind == DBW_CHECK)
		column = find_column(model, &violation);
	if (column != NULL && violation.kind == DBW_NOT_NULL)
		explain_field(lease->error, model, column, "NULL is not allowed");
	else if (column != NULL)
		explain_field(lease->error, model, column,
			"the check that the database has for it does not take the value");
	else if (violation.kind == DBW_FOREIGN_KEY)
		explain(lease->error, NULL, model->name,
			call->deletes ? "other rows refer to it" : "a row that it refers to does not exist");
	else if (violation.kind == DBW_CHECK)
		explain(lease->error, NULL, model->name, "a check does not hold");
	else
		explain(lease->error, NULL, model->name, "a constraint is violated");
}

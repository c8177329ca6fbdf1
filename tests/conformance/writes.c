/* Rows changed and removed, and constraints that are violated, each by its constant. */
#include "conformance.h"

#include <string.h>

static owner owner_of(const char *name, int32_t score)
{
	owner row = OWNER_INIT;

	row.name = name;
	row.score = score;
	return row;
}

static bool rows_change(trial *run)
{
	owner ada = owner_of("Ada", 1), bob = owner_of("Bob", 2), cy = owner_of("Cy", 3), *found;
	int64_t count;
	bool is_new, exists;
	probe_session s;
	dbw_error error;

	WANT_WITH(error, probe_begin(run->databases, "change", &s, &error), DBW_OK);
	WANT(s, owner_insert(s, &ada), DBW_OK);
	WANT(s, owner_insert(s, &bob), DBW_OK);
	ada.score = 10;
	WANT(s, owner_update(s, &ada, (owner_columns){ .score = true }), DBW_OK);
	WANT(s, owner_find_by_name(s.read, "Ada", &found), DBW_OK);
	count = found->score;
	owner_free(found);
	HOLDS(count == 10);
	WANT(s,
		owner_update_where(s,
			&(owner_change){ .where = { .score = dbw_ge(2) }, .set = { .score = dbw_add(1) } },
			&count),
		DBW_OK);
	HOLDS(count == 2);
	WANT(s, owner_insert_or_ignore_by_name(s, &cy, &is_new), DBW_OK);
	HOLDS(is_new);
	cy = owner_of("Cy", 4);
	WANT(s, owner_insert_or_ignore_by_name(s, &cy, &is_new), DBW_OK);
	HOLDS(!is_new);
	cy = owner_of("Cy", 5);
	WANT(s, owner_upsert_by_name(s, &cy, (owner_columns){ .score = true }), DBW_OK);
	HOLDS(cy.id != 0 && cy.id != ada.id && cy.id != bob.id);
	WANT(s, owner_delete_by_id(s, bob.id), DBW_OK);
	WANT(s, owner_delete_by_id(s, bob.id), DBW_NOT_FOUND);
	WANT(s, owner_update(s, &bob, (owner_columns){ .score = true }), DBW_NOT_FOUND);
	WANT(s, owner_find_by_id(s.read, bob.id, &found), DBW_NOT_FOUND);
	WANT(s, owner_exists(s.read, &(owner_query){ .where = { .score = dbw_eq(5) } }, &exists), DBW_OK);
	HOLDS(exists);
	WANT(s, owner_delete_all(s, &count), DBW_OK);
	HOLDS(count == 2);
	WANT(s, owner_delete_all(s, &count), DBW_OK);
	HOLDS(count == 0);
	WANT(s, probe_commit(s), DBW_OK);
	return true;
}

/* What the statement of `violate` violates; the session has failed then, and nothing of it is kept. */
static bool violates(trial *run, const char *what, dbw_status (*violate)(probe_session s, int64_t owner_id),
	const dbw_constraint *constraint, dbw_constraint_kind kind)
{
	owner ada = owner_of("Ada", 1);
	part wheel = PART_INIT;
	int64_t count;
	probe_session s, inner;
	dbw_error error;
	dbw_status status;

	WANT_WITH(error, probe_begin(run->databases, what, &s, &error), DBW_OK);
	WANT(s, owner_insert(s, &ada), DBW_OK);
	wheel.title = "wheel";
	wheel.owner_id = ada.id;
	WANT(s, part_insert(s, &wheel), DBW_OK);
	WANT(s, probe_nest(s, "inside", &inner), DBW_OK);
	status = violate(inner, ada.id);
	if (status != DBW_CONFLICT)
		return run_gave(run, what, status, DBW_CONFLICT, dbw_session_error(inner.any)->message);
	if (constraint != NULL && !dbw_violated(inner.any, constraint))
		return run_fails(run, "%s does not name its constraint: %s", what,
			dbw_session_error(inner.any)->message);
	if (dbw_session_error(inner.any)->constraint == NULL ||
		dbw_session_error(inner.any)->constraint->kind != kind)
		return run_fails(run, "%s is told as a constraint of another kind: %s", what,
			dbw_session_error(inner.any)->message);
	if (strstr(dbw_session_error(inner.any)->message, "geheim") != NULL)
		return run_fails(run, "%s: the message holds a value of the row", what);
	WANT(inner, owner_count(inner.read, NULL, &count), DBW_SESSION_FAILED);
	WANT(inner, probe_end(inner), DBW_OK);
	/* The outer session goes on as if nothing had been. */
	WANT(s, owner_count(s.read, NULL, &count), DBW_OK);
	HOLDS(count == 1);
	WANT(s, probe_end(s), DBW_OK);
	return true;
}

static dbw_status violate_unique(probe_session s, int64_t owner_id)
{
	owner first = owner_of("geheim", 1), second = owner_of("geheim", 2);
	dbw_status status = owner_insert(s, &first);

	(void)owner_id;
	return status == DBW_OK ? owner_insert(s, &second) : status;
}

static dbw_status violate_unique_among_many(probe_session s, int64_t owner_id)
{
	owner rows[3] = { owner_of("a", 1), owner_of("geheim", 2), owner_of("geheim", 3) };

	(void)owner_id;
	return owner_insert_many(s, rows, 3);
}

static dbw_status violate_check(probe_session s, int64_t owner_id)
{
	owner row = owner_of("geheim", -1);

	(void)owner_id;
	return owner_insert(s, &row);
}

static dbw_status violate_foreign_key(probe_session s, int64_t owner_id)
{
	part row = PART_INIT;

	row.title = "geheim";
	row.owner_id = owner_id + 1000;
	return part_insert(s, &row);
}

static dbw_status violate_restriction(probe_session s, int64_t owner_id)
{
	return owner_delete_by_id(s, owner_id);
}

static bool constraints_are_named(trial *run)
{
	return violates(run, "a second unique value", violate_unique, OWNER_NAME_KEY, DBW_UNIQUE) &&
	       violates(run, "a second unique value among many", violate_unique_among_many, OWNER_NAME_KEY,
		       DBW_UNIQUE) &&
	       violates(run, "a value that a check refuses", violate_check, OWNER_POSITIVE_SCORE_CHECK,
		       DBW_CHECK) &&
	       violates(run, "a foreign key that leads nowhere", violate_foreign_key, PART_OWNER_ID_FKEY,
		       DBW_FOREIGN_KEY) &&
	       violates(run, "a row that others refer to", violate_restriction, PART_OWNER_ID_FKEY,
		       DBW_FOREIGN_KEY);
}

static bool tables_are_there(trial *run)
{
	probe_session s;
	dbw_error error;

	WANT_WITH(error, probe_begin(run->databases, "make the tables again", &s, &error), DBW_OK);
	WANT(s, probe_create_tables(s), DBW_EXISTS);
	WANT(s, probe_end(s), DBW_OK);
	return true;
}

const claim write_checks[] = {
	{ "tables that are there are not made again", tables_are_there },
	{ "rows are changed, put in once, and removed", rows_change },
	{ "violated constraints are named, of every kind", constraints_are_named },
	{ NULL, NULL },
};

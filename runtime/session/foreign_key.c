#include "conflict.h"

#include <base/text.h>

#include <string.h>

/*
 * SQLite does not say which foreign key has failed. The statement itself is undone by then and the
 * transaction lives on, so the parents that the new values name are looked for, and the children of a row
 * that was to be removed. Nothing here is kept: it runs once, on the way to an error.
 */

static void append_name(dbw_text_buffer *sql, const char *name)
{
	dbw_text_append_char(sql, '"');
	for (; *name != '\0'; name++) {
		if (*name == '"')
			dbw_text_append_char(sql, '"');
		dbw_text_append_char(sql, *name);
	}
	dbw_text_append_char(sql, '"');
}

static void append_qualified(dbw_text_buffer *sql, const char *table, const char *name)
{
	dbw_text_append_z(sql, table);
	dbw_text_append_char(sql, '.');
	append_name(sql, name);
}

/* The first integer of a query. False when it cannot be had. */
static bool ask(dbw__lease *lease, const dbw_text_buffer *sql, const dbw_value *values, size_t count,
	bool *any, int64_t *out)
{
	const dbw_driver *driver = lease->driver;
	dbw_prepared *statement;
	dbw_error error;
	bool done;

	*any = false;
	if (sql->failed || driver->prepare(lease->connection, sql->data, NULL, &statement, &error) != DBW_OK)
		return false;
	done = driver->query(lease->connection, statement, values, count, &error) == DBW_OK;
	if (done) {
		done = driver->fetch_integer(lease->connection, statement, out, any, &error) == DBW_OK;
		driver->finish(lease->connection, statement);
	}
	driver->release(lease->connection, statement);
	return done;
}

/* The value that was bound for a column of the call's model, NULL if none was. The first one is what is
 * written. */
static const dbw_value *bound(const dbw__call *call, uint16_t number)
{
	for (size_t i = 0; i < call->value_count; i++) {
		if (call->values[i].column == &call->model->columns[number])
			return &call->values[i];
	}
	return NULL;
}

typedef enum verdict { HOLDS, BROKEN, UNKNOWN } verdict;

/* Whether the parent of the values that were written is there. */
static verdict look_for_parent(dbw__lease *lease, const dbw__call *call, const dbw_constraint *constraint)
{
	enum { COLUMN_LIMIT = 16 };
	dbw_value values[COLUMN_LIMIT];
	char storage[512];
	dbw_text_buffer sql;
	size_t found = 0;
	int64_t one;
	bool any, done;

	if (constraint->references == NULL || constraint->column_count > COLUMN_LIMIT)
		return UNKNOWN;
	dbw_text_init(&sql, storage, sizeof storage);
	dbw_text_append_z(&sql, "SELECT 1 FROM ");
	append_name(&sql, constraint->references->table);
	for (int i = 0; i < constraint->column_count; i++) {
		const dbw_value *value = bound(call, constraint->column_numbers[i]);

		if (value == NULL)
			continue;
		if (value->kind == 0) {
			/* One NULL is enough: such a key refers to nothing. */
			dbw_text_clear(&sql);
			return HOLDS;
		}
		values[found++] = *value;
		dbw_text_append_z(&sql, found == 1 ? " WHERE " : " AND ");
		append_name(&sql, constraint->references->columns[constraint->referenced_numbers[i]].name);
		dbw_text_printf(&sql, " = ?%zu", found);
	}
	if (found == 0) {
		dbw_text_clear(&sql);
		return HOLDS; /* Not touched by this statement. */
	}
	done = ask(lease, &sql, values, found, &any, &one);
	dbw_text_clear(&sql);
	if (!done)
		return UNKNOWN;
	if (!any)
		return BROKEN;
	return found == constraint->column_count ? HOLDS : UNKNOWN;
}

static const char *column_name(const dbw_constraint *constraint, int place)
{
	return constraint->model->columns[constraint->column_numbers[place]].name;
}

/*
 * Whether a foreign key lets its parent go: its action is in the database, and a child that goes with its
 * parent is no obstacle.
 */
static bool forbids(dbw__lease *lease, const dbw_constraint *constraint, bool deletes)
{
	dbw_value values[3] = {
		{ .kind = DBW_KIND_TEXT, .as.data = constraint->model->table },
		{ .kind = DBW_KIND_TEXT, .as.data = constraint->references->table },
		{ .kind = DBW_KIND_TEXT, .as.data = column_name(constraint, 0) },
	};
	char storage[256];
	dbw_text_buffer sql;
	int64_t count = 0;
	bool any, done;

	for (size_t i = 0; i < 3; i++)
		values[i].size = (uint32_t)strlen(values[i].as.data);
	dbw_text_init(&sql, storage, sizeof storage);
	dbw_text_printf(&sql,
		"SELECT count(*) FROM pragma_foreign_key_list(?1) WHERE \"table\" = ?2 COLLATE NOCASE "
		"AND \"from\" = ?3 COLLATE NOCASE AND %s IN ('NO ACTION', 'RESTRICT')",
		deletes ? "on_delete" : "on_update");
	done = ask(lease, &sql, values, 3, &any, &count);
	dbw_text_clear(&sql);
	return done && any && count > 0;
}

/* Whether rows refer to the row with the key that was bound, and may not be left alone. */
static bool has_children(dbw__lease *lease, const dbw__call *call, const dbw_constraint *constraint)
{
	enum { KEY_LIMIT = 16 };
	const dbw_model *parent = call->model;
	dbw_value values[KEY_LIMIT];
	char storage[512];
	dbw_text_buffer sql;
	int64_t one;
	bool any, done;

	if (constraint->column_numbers == NULL || parent->key_count > KEY_LIMIT ||
		!forbids(lease, constraint, call->deletes))
		return false;
	dbw_text_init(&sql, storage, sizeof storage);
	dbw_text_append_z(&sql, "SELECT 1 FROM ");
	append_name(&sql, constraint->model->table);
	dbw_text_append_z(&sql, " AS c JOIN ");
	append_name(&sql, parent->table);
	dbw_text_append_z(&sql, " AS p ON ");
	for (int i = 0; i < constraint->column_count; i++) {
		dbw_text_append_z(&sql, i == 0 ? "" : " AND ");
		append_qualified(&sql, "c", column_name(constraint, i));
		dbw_text_append_z(&sql, " = ");
		append_qualified(&sql, "p", parent->columns[constraint->referenced_numbers[i]].name);
	}
	for (unsigned i = 0; i < parent->key_count; i++) {
		const dbw_value *value = bound(call, parent->key[i]);

		if (value == NULL) {
			dbw_text_clear(&sql);
			return false;
		}
		values[i] = *value;
		dbw_text_append_z(&sql, i == 0 ? " WHERE " : " AND ");
		append_qualified(&sql, "p", parent->columns[parent->key[i]].name);
		dbw_text_printf(&sql, " = ?%u", i + 1);
	}
	dbw_text_append_z(&sql, " LIMIT 1");
	done = ask(lease, &sql, values, parent->key_count, &any, &one);
	dbw_text_clear(&sql);
	return done && any;
}

const dbw_constraint *dbw__find_broken_foreign_key(dbw__lease *lease, const dbw__call *call)
{
	const dbw_model *model = call->model;
	const dbw_constraint *suspect = NULL;
	int suspects = 0;

	if (lease->engine != DBW_SQLITE || call->values == NULL)
		return NULL;
	for (int i = 0; !call->deletes && i < model->constraint_count; i++) {
		const dbw_constraint *constraint = model->constraints[i];

		if (constraint->kind != DBW_FOREIGN_KEY)
			continue;
		switch (look_for_parent(lease, call, constraint)) {
		case HOLDS: break;
		case BROKEN: return constraint;
		case UNKNOWN:
			suspect = constraint;
			suspects++;
			break;
		}
	}
	for (int i = 0; i < model->referenced_by_count; i++) {
		if (has_children(lease, call, model->referenced_by[i]))
			return model->referenced_by[i];
	}
	/* An update may write a part of a composite key: where all others hold, it is that one. */
	return suspects == 1 ? suspect : NULL;
}

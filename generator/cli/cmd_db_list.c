/* `dbwright db list`: where each database is, and who says so. */
#include "db.h"

#include <string.h>

static const char *state_of(const dbw__value *value)
{
	switch (value->outcome) {
	case DBW__USED: return "used";
	case DBW__LOST: return "lost";
	default: return "other engine";
	}
}

static const char *key_of(const cli_run *run, const dbw__value *value)
{
	return value->said->key != NULL ? value->said->name
					: dbw_arena_printf(run->arena, "options.%s", value->said->name);
}

/* A text that memory may be short for; the buffer knows it then. */
static const char *sure(dbw_text_buffer *out, const char *text)
{
	out->failed |= text == NULL;
	return text == NULL ? "" : text;
}

static void append_object(
	const cli_run *run, const ir_database *database, const dbw__resolved *resolved, dbw_text_buffer *out)
{
	db_append_head(out, database, resolved);
	db_append_text(out, "source",
		resolved->provider == NULL ? NULL : sure(out, dbw__position_text(run->arena, resolved->at)),
		false);
	dbw_text_append_z(out, ",\"settings\":[");
	for (size_t i = 0; i < resolved->count; i++) {
		const dbw__value *value = &resolved->values[i];

		dbw_text_append_z(out, i == 0 ? "" : ",");
		db_append_text(out, "key", sure(out, key_of(run, value)), true);
		db_append_text(out, "value", value->shown, false);
		db_append_text(
			out, "source", sure(out, dbw__position_text(run->arena, value->said->at)), false);
		db_append_text(out, "state", state_of(value), false);
		dbw_text_append_char(out, '}');
	}
	dbw_text_append_z(out, "]}\n");
}

/* What is written where the place is said, if variables decide about it; with a secret masked. */
static void append_variables(const cli_run *run, const dbw__resolved *resolved, dbw_text_buffer *out)
{
	for (size_t i = 0; i < resolved->count; i++) {
		const dbw__said *said = resolved->values[i].said;

		if (said->key != &dbw__keys[DBW__KEY_CONNECTION_STRING] ||
			resolved->values[i].outcome != DBW__USED || said->at.line == 0 ||
			strstr(said->value, "${") == NULL)
			continue;
		dbw_text_append_z(out, ", ");
		dbw__printable_append(out, sure(out, dbw__connection_string_masked(run->arena, said->value)));
	}
}

static void append_lines(
	const cli_run *run, const ir_database *database, const dbw__resolved *resolved, dbw_text_buffer *out)
{
	dbw_text_append_z(out, database->name.text);
	if (strcmp(database->qualifier.text, database->name.text) != 0)
		dbw_text_printf(out, " as %s", database->qualifier.text);
	dbw_text_printf(out, ": %s%s%s\n", database->schema == NULL ? "a store" : "schema ",
		database->schema == NULL ? "" : database->schema_name.text,
		database->is_default ? ", the default" : "");
	if (resolved->provider == NULL) {
		dbw_text_append_z(out, "    not resolved\n");
	} else {
		db_append_place(out, resolved);
		if (resolved->is_fallback)
			dbw_text_append_z(out, "    by its name: nothing says where it is");
		else
			dbw_text_printf(out, "    said by %s",
				sure(out, dbw__position_text(run->arena, resolved->at)));
		append_variables(run, resolved, out);
		dbw_text_append_char(out, '\n');
	}
	for (size_t i = 0; run->arguments->verbose && i < resolved->count; i++) {
		const dbw__value *value = &resolved->values[i];

		dbw_text_append_z(out, value->outcome == DBW__USED ? "    + " : "    - ");
		dbw__printable_append(out, sure(out, key_of(run, value)));
		dbw_text_append_z(out, ": ");
		dbw__printable_append(out, value->shown == NULL ? "" : value->shown);
		dbw_text_printf(out, " (%s%s)\n", sure(out, dbw__position_text(run->arena, value->said->at)),
			value->outcome == DBW__OTHER_ENGINE ? "; for another engine" : "");
	}
}

int db_list_one(
	const cli_run *run, const ir_database *database, const dbw__resolved *resolved, dbw_text_buffer *out)
{
	if (run->arguments->json)
		append_object(run, database, resolved, out);
	else
		append_lines(run, database, resolved, out);
	return resolved->provider == NULL ? CLI_FAILED : CLI_DONE;
}

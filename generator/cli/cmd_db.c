#include "cli.h"

#include <string.h>

static void append_json(dbw_text_buffer *out, const char *name, const char *value, bool first)
{
	dbw_text_printf(out, "%s\"%s\":", first ? "{" : ",", name);
	if (value == NULL) {
		dbw_text_append_z(out, "null");
		return;
	}
	dbw_text_append_char(out, '"');
	for (; *value != '\0'; value++) {
		if (*value == '"' || *value == '\\')
			dbw_text_printf(out, "\\%c", *value);
		else if ((unsigned char)*value < 0x20)
			dbw_text_printf(out, "\\u%04x", (unsigned)(unsigned char)*value);
		else
			dbw_text_append_char(out, *value);
	}
	dbw_text_append_char(out, '"');
}

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
	append_json(out, "name", database->name.text, true);
	append_json(out, "qualifier", database->qualifier.text, false);
	append_json(out, "schema", database->schema_name.text, false);
	dbw_text_printf(out, ",\"default\":%s", database->is_default ? "true" : "false");
	append_json(out, "provider", resolved->provider, false);
	append_json(out, "url", resolved->shown, false);
	append_json(out, "source",
		resolved->provider == NULL ? NULL : sure(out, dbw__position_text(run->arena, resolved->at)),
		false);
	dbw_text_append_z(out, ",\"settings\":[");
	for (size_t i = 0; i < resolved->count; i++) {
		const dbw__value *value = &resolved->values[i];

		dbw_text_append_z(out, i == 0 ? "" : ",");
		append_json(out, "key", sure(out, key_of(run, value)), true);
		append_json(out, "value", value->shown, false);
		append_json(out, "source", sure(out, dbw__position_text(run->arena, value->said->at)), false);
		append_json(out, "state", state_of(value), false);
		dbw_text_append_char(out, '}');
	}
	dbw_text_append_z(out, "]}\n");
}

static void append_lines(
	const cli_run *run, const ir_database *database, const dbw__resolved *resolved, dbw_text_buffer *out)
{
	dbw_text_append_z(out, database->name.text);
	if (strcmp(database->qualifier.text, database->name.text) != 0)
		dbw_text_printf(out, " as %s", database->qualifier.text);
	dbw_text_printf(out, ": schema %s%s\n", database->schema_name.text,
		database->is_default ? ", the default" : "");
	if (resolved->provider == NULL)
		dbw_text_append_z(out, "    not resolved\n");
	else
		dbw_text_printf(out, "    %s %s\n    said by %s\n", resolved->provider, resolved->shown,
			sure(out, dbw__position_text(run->arena, resolved->at)));
	for (size_t i = 0; run->arguments->verbose && i < resolved->count; i++) {
		const dbw__value *value = &resolved->values[i];

		dbw_text_printf(out, "    %c %s: %s (%s%s)\n", value->outcome == DBW__USED ? '+' : '-',
			sure(out, key_of(run, value)), value->shown == NULL ? "" : value->shown,
			sure(out, dbw__position_text(run->arena, value->said->at)),
			value->outcome == DBW__OTHER_ENGINE ? "; for another engine" : "");
	}
}

/* `db list`, the only action there is. */
int cli_db(const cli_arguments *arguments)
{
	cli_databases databases;
	dbw_text_buffer text;
	cli_run run;
	bool done = cli_open(&run, arguments);

	if (!done)
		return cli_close(&run, false);
	done = cli_resolve(&run, &databases);
	dbw_text_init(&text, NULL, 0);
	for (size_t i = 0; databases.resolved != NULL && i < databases.count; i++) {
		if (arguments->json)
			append_object(&run, databases.databases[i], &databases.resolved[i], &text);
		else
			append_lines(&run, databases.databases[i], &databases.resolved[i], &text);
	}
	done = cli_write(&text) && done;
	dbw_text_clear(&text);
	return cli_close(&run, done);
}

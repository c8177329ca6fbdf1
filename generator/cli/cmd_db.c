/* `dbwright db ACTION [NAME]`: which databases are meant, and the action for one after the other. */
#include "db.h"

#include <base/json.h>
#include <base/suggest.h>

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Which databases are meant when none is named. */
enum unnamed { EVERY, THE_DEFAULT, THE_ONLY };

struct action {
	const char *name;
	enum unnamed unnamed;
	bool connects;
	db_each each;
	int (*run)(const cli_arguments *arguments); /* Instead of `each`. */
};

static const struct action actions[] = {
	{ "list", EVERY, false, db_list_one, NULL },
	{ "status", EVERY, true, db_status_one, NULL },
	{ "test", THE_DEFAULT, true, db_test_one, NULL },
	{ "setup", THE_ONLY, true, db_set_up_one, NULL },
	{ "reset", THE_ONLY, true, db_reset_one, NULL },
	{ "config", EVERY, false, NULL, db_config },
	{ "providers", EVERY, false, NULL, db_providers },
};

void db_append_text(dbw_text_buffer *out, const char *name, const char *value, bool first)
{
	dbw_text_printf(out, "%s\"%s\":", first ? "{" : ",", name);
	dbw__json_append(out, value);
}

void db_append_place(dbw_text_buffer *out, const dbw__resolved *resolved)
{
	dbw_text_printf(out, "    %s ", resolved->provider);
	dbw__printable_append(out, resolved->shown);
	dbw_text_append_char(out, '\n');
}

void db_append_head(dbw_text_buffer *out, const ir_database *database, const dbw__resolved *resolved)
{
	db_append_text(out, "name", database->name.text, true);
	db_append_text(out, "qualifier", database->qualifier.text, false);
	db_append_text(out, "schema", database->schema == NULL ? NULL : database->schema_name.text, false);
	dbw_text_printf(out, ",\"default\":%s", database->is_default ? "true" : "false");
	db_append_text(out, "provider", resolved->provider, false);
	db_append_text(out, "url", resolved->shown, false);
}

static const struct action *find_action(const char *name)
{
	const struct action *action = actions;

	while (strcmp(action->name, name) != 0)
		action++;
	return action;
}

static int refuse_name(const cli_databases *databases, const char *name)
{
	dbw_suggestion near;
	char hint[160] = "dbwright db list names them";

	dbw_suggestion_begin(&near, name, strlen(name));
	for (size_t i = 0; i < databases->count; i++)
		dbw_suggestion_offer(&near, databases->databases[i]->name.text);
	if (near.best != NULL)
		snprintf(hint, sizeof hint, "did you mean '%s'?", near.best);
	return cli_usage_error(hint, "there is no database '%s'", name);
}

static void keep(cli_databases *databases, size_t place)
{
	databases->databases[0] = databases->databases[place];
	databases->count = 1;
}

/* Leaves the databases that are meant. */
static int choose(const cli_arguments *arguments, const struct action *action, cli_databases *databases)
{
	const char *name = arguments->second;

	if (name == NULL && (arguments->all || action->unnamed == EVERY || databases->count <= 1))
		return CLI_DONE;
	for (size_t i = 0; i < databases->count; i++) {
		const ir_database *each = databases->databases[i];

		if (name != NULL ? strcmp(each->name.text, name) == 0
				 : action->unnamed == THE_DEFAULT && each->is_default) {
			keep(databases, i);
			return CLI_DONE;
		}
	}
	if (name != NULL)
		return refuse_name(databases, name);
	return cli_usage_error("dbwright db list names them", "db %s wants a NAME, or --all: %s",
		action->name,
		action->unnamed == THE_DEFAULT ? "no database is the default one"
					       : "there are several databases");
}

/* What is going on, on a terminal, until there is something to say: connecting may take a while. */
static void show_progress(const cli_run *run, const struct action *action, const char *name)
{
	if (!action->connects || run->arguments->quiet || run->arguments->json || !isatty(STDERR_FILENO))
		return;
	if (name != NULL)
		fprintf(stderr, "%s ...", name);
	else
		fputs("\r\033[K", stderr);
	fflush(stderr);
}

/* Not to connect weighs most, then any other failure. */
static int worse(int one, int other)
{
	static const int order[] = { CLI_UNREACHABLE, CLI_FAILED, CLI_PENDING };

	for (size_t i = 0; i < sizeof order / sizeof *order; i++)
		if (one == order[i] || other == order[i])
			return order[i];
	return CLI_DONE;
}

/* One database after the other; what is said of one is printed before the next is asked. */
static int run_each(const cli_run *run, const struct action *action, const cli_databases *databases)
{
	int code = CLI_DONE;

	for (size_t i = 0; i < databases->count; i++) {
		const ir_database *database = databases->databases[i];
		const dbw__resolved *resolved = &databases->resolved[i];
		dbw_text_buffer text;
		int one;

		dbw_text_init(&text, NULL, 0);
		show_progress(run, action, database->name.text);
		one = action->each(run, database, resolved, &text);
		show_progress(run, action, NULL);
		if (!cli_write(&text))
			one = CLI_FAILED;
		dbw_text_clear(&text);
		code = worse(code, one);
	}
	return code;
}

/* Nothing at all would look as if all were well. */
static void say_none(const cli_run *run)
{
	const ir_project *project = run->project;
	const char *hint = NULL;

	if (project->schema_count > 0)
		hint = dbw_arena_printf(run->arena,
			"write databases: {%s: {connection_string: \"sqlite:%s.db\"}}",
			project->schemas[0]->name.text, project->schemas[0]->name.text);
	dbw_report(run->diagnostics, DBW_SEVERITY_WARNING, (dbw_position){ .file = project->files[0]->path },
		"no-databases", hint, "the project has no databases");
}

static int run_on_project(const cli_arguments *arguments, const struct action *action)
{
	cli_databases databases;
	cli_run run;
	int code = CLI_FAILED;

	if (cli_open(&run, arguments) && cli_find_databases(&run, &databases)) {
		code = choose(arguments, action, &databases);
		if (code == CLI_DONE) {
			const bool good = cli_resolve(&run, &databases);

			if (databases.count == 0)
				say_none(&run);
			if (databases.resolved != NULL)
				code = run_each(&run, action, &databases);
			code = worse(code, good ? CLI_DONE : CLI_FAILED);
		}
	}
	/* What closing finds out is worth a word only where all was well. */
	return cli_close(&run, code != CLI_FAILED) == CLI_DONE || code != CLI_DONE ? code : CLI_FAILED;
}

int cli_db(const cli_arguments *arguments)
{
	const struct action *action = find_action(arguments->word);

	if (arguments->yes && action->each != db_reset_one)
		return cli_usage_error(NULL, "--yes is for db reset");
	if (arguments->second != NULL && arguments->all)
		return cli_usage_error(NULL, "a NAME and --all say different things");
	return action->run != NULL ? action->run(arguments) : run_on_project(arguments, action);
}

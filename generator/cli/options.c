#include "cli.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool set_project(cli_arguments *arguments, const char *value)
{
	arguments->project = value;
	return *value != '\0';
}

static bool set_json(cli_arguments *arguments, const char *value)
{
	(void)value;
	arguments->json = true;
	return true;
}

static bool set_quiet(cli_arguments *arguments, const char *value)
{
	(void)value;
	arguments->quiet = true;
	return true;
}

static bool set_color(cli_arguments *arguments, const char *value)
{
	if (strcmp(value, "auto") == 0)
		arguments->color = CLI_COLOR_AUTO;
	else if (strcmp(value, "always") == 0)
		arguments->color = CLI_COLOR_ALWAYS;
	else if (strcmp(value, "never") == 0)
		arguments->color = CLI_COLOR_NEVER;
	else
		return false;
	return true;
}

static bool set_out(cli_arguments *arguments, const char *value)
{
	arguments->out = value;
	return *value != '\0';
}

static bool set_depfile(cli_arguments *arguments, const char *value)
{
	arguments->depfile = value;
	return *value != '\0';
}

static bool set_stamp(cli_arguments *arguments, const char *value)
{
	arguments->stamp = value;
	return *value != '\0';
}

static bool add_source(cli_arguments *arguments, const char *value)
{
	arguments->sources[arguments->source_count++] = value;
	return *value != '\0';
}

static bool set_schema(cli_arguments *arguments, const char *value)
{
	arguments->schema = value;
	return *value != '\0';
}

static bool set_engine(cli_arguments *arguments, const char *value)
{
	arguments->engine = value;
	return strcmp(value, "sqlite") == 0 || strcmp(value, "postgresql") == 0;
}

static bool set_all(cli_arguments *arguments, const char *value)
{
	(void)value;
	arguments->all = true;
	return true;
}

static bool set_verbose(cli_arguments *arguments, const char *value)
{
	(void)value;
	arguments->verbose = true;
	return true;
}

const cli_option cli_common_options[] = {
	{ "project", 'p', "FILE", "the project file; ./dbwright.yaml unless given", set_project },
	{ "json", 0, NULL, "diagnostics as JSON, one object per line", set_json },
	{ "color", 0, "WHEN", "auto (a terminal, and NO_COLOR not set), always or never", set_color },
	{ "quiet", 'q', NULL, "no summary; errors and warnings only", set_quiet },
};
const size_t cli_common_option_count = sizeof cli_common_options / sizeof *cli_common_options;

static const cli_option check_options[] = {
	{ "all", 'a', NULL, "every database also has to resolve here and now, with this environment",
		set_all },
};

static const cli_option db_list_options[] = {
	{ "verbose", 'v', NULL, "also everything else that is said of each, and by whom; - did not win",
		set_verbose },
};

static const cli_option generate_options[] = {
	{ "out", 'o', "DIR", "where the C goes; made if it is not there", set_out },
	{ "depfile", 0, "FILE", "also write what was read, as a Makefile rule for the stamp", set_depfile },
	{ "stamp", 0, "FILE", "also touch this file when all is done", set_stamp },
	{ "source", 0, "NAME", "a C source the build expects, as models_auth.c; all or none must be named",
		add_source },
};

static const cli_option sql_options[] = {
	{ "schema", 's', "NAME", "this schema only", set_schema },
	{ "engine", 'e', "NAME", "sqlite or postgresql only", set_engine },
};

const cli_command cli_commands[] = {
	{ "check", "load and validate the declarations", "dbwright check --project shop/dbwright.yaml", false,
		check_options, sizeof check_options / sizeof *check_options, cli_check },
	{ "db list", "list the databases, with the source of each URL", "dbwright db list -v", true,
		db_list_options, sizeof db_list_options / sizeof *db_list_options, cli_db_list },
	{ "generate", "write the C", "dbwright generate -o build/generated", false, generate_options,
		sizeof generate_options / sizeof *generate_options, cli_generate },
	{ "sql", "print the tables as SQL", "dbwright sql --schema auth --engine sqlite", true, sql_options,
		sizeof sql_options / sizeof *sql_options, cli_sql },
};
const size_t cli_command_count = sizeof cli_commands / sizeof *cli_commands;

const cli_command *cli_find_command(const char *word, const char *second)
{
	for (size_t i = 0; i < cli_command_count; i++) {
		const char *name = cli_commands[i].name;
		const size_t length = strcspn(name, " ");

		if (strncmp(name, word, length) != 0 || word[length] != '\0')
			continue;
		if (name[length] == '\0' || (second != NULL && strcmp(name + length + 1, second) == 0))
			return &cli_commands[i];
	}
	return NULL;
}

enum { OPTIONS_MAX = 16, FIRST_CODE = 256, HELP_CODE = 1000 };

/* The tables of a command and the common one as getopt_long wants them; the code of an option is its place. */
typedef struct option_set {
	const cli_option *items[OPTIONS_MAX];
	int count;
	struct option longs[OPTIONS_MAX + 2];
	char letters[2 * OPTIONS_MAX + 4];
} option_set;

static void collect(option_set *set, const cli_option *options, size_t count)
{
	size_t letters = strlen(set->letters);

	for (size_t i = 0; i < count; i++) {
		set->longs[set->count] = (struct option){ .name = options[i].name,
			.has_arg = options[i].argument != NULL ? required_argument : no_argument,
			.val = FIRST_CODE + set->count };
		if (options[i].letter != 0) {
			set->letters[letters++] = options[i].letter;
			if (options[i].argument != NULL)
				set->letters[letters++] = ':';
			set->letters[letters] = '\0';
		}
		set->items[set->count++] = &options[i];
	}
}

static const cli_option *find_option(const option_set *set, int code)
{
	if (code >= FIRST_CODE)
		return code < FIRST_CODE + set->count ? set->items[code - FIRST_CODE] : NULL;
	for (int i = 0; i < set->count; i++)
		if (set->items[i]->letter == code)
			return set->items[i];
	return NULL;
}

static bool is_yaml(const char *word)
{
	size_t length = strlen(word);

	return (length > 5 && strcmp(word + length - 5, ".yaml") == 0) ||
	       (length > 4 && strcmp(word + length - 4, ".yml") == 0);
}

/* Says "<before><word><after>". */
static bool refuse(const cli_command *command, const char *before, const char *word, const char *after)
{
	char hint[64];

	if (is_yaml(word))
		snprintf(hint, sizeof hint, "-p names the project file: it includes the others");
	else
		snprintf(hint, sizeof hint, "dbwright %s --help lists the options", command->name);
	cli_usage_error(hint, "%s%s%s", before, word, after);
	return false;
}

bool cli_parse(const cli_command *command, int argc, char **argv, cli_arguments *arguments, bool *help)
{
	option_set set = { .letters = ":h" };
	int code;

	arguments->prints = command->prints;
	collect(&set, command->options, command->option_count);
	collect(&set, cli_common_options, cli_common_option_count);
	set.longs[set.count] = (struct option){ .name = "help", .val = HELP_CODE };
	arguments->sources = calloc((size_t)argc, sizeof *arguments->sources);
	if (arguments->sources == NULL)
		return refuse(command, "out of memory", "", "");
	/* getopt moves words that are no options to the end: the command's own words are left from optind on. */
	optind = 1;
	opterr = 0;
	while ((code = getopt_long(argc, argv, set.letters, set.longs, NULL)) != -1) {
		const cli_option *option;

		if (code == 'h' || code == HELP_CODE) {
			*help = true;
			continue;
		}
		if (code == ':')
			return refuse(command, "option '", argv[optind - 1], "' wants a value");
		option = code == '?' ? NULL : find_option(&set, code);
		if (option == NULL)
			return refuse(command, "there is no option '", argv[optind - 1], "'");
		if (!option->set(arguments, optarg != NULL ? optarg : ""))
			return refuse(command, "'", optarg, "' is not a value for this option");
	}
	optind += strchr(command->name, ' ') != NULL ? 2 : 1;
	if (optind < argc)
		return refuse(command, "'", argv[optind], "' is one word too many");
	return true;
}

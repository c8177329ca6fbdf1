/* The table of commands: what the parser, the help, the manual and the completions are made of. */
#include "cli.h"

#include <string.h>

static void set_project(cli_arguments *arguments, const char *value)
{
	arguments->project = value;
}

static void set_json(cli_arguments *arguments, const char *value)
{
	(void)value;
	arguments->json = true;
}

static void set_quiet(cli_arguments *arguments, const char *value)
{
	(void)value;
	arguments->quiet = true;
}

static void set_color(cli_arguments *arguments, const char *value)
{
	arguments->color = strcmp(value, "auto") == 0    ? CLI_COLOR_AUTO
			   : strcmp(value, "never") == 0 ? CLI_COLOR_NEVER
							 : CLI_COLOR_ALWAYS;
}

static void set_out(cli_arguments *arguments, const char *value)
{
	arguments->out = value;
}

static void set_depfile(cli_arguments *arguments, const char *value)
{
	arguments->depfile = value;
}

static void set_stamp(cli_arguments *arguments, const char *value)
{
	arguments->stamp = value;
}

static void add_source(cli_arguments *arguments, const char *value)
{
	arguments->sources[arguments->source_count++] = value;
}

static void add_provider_dir(cli_arguments *arguments, const char *value)
{
	arguments->provider_dirs[arguments->provider_dir_count++] = value;
}

static void set_schema(cli_arguments *arguments, const char *value)
{
	arguments->schema = value;
}

static void set_engine(cli_arguments *arguments, const char *value)
{
	arguments->engine = value;
}

static void set_all(cli_arguments *arguments, const char *value)
{
	(void)value;
	arguments->all = true;
}

static void set_verbose(cli_arguments *arguments, const char *value)
{
	(void)value;
	arguments->verbose = true;
}

static void set_yes(cli_arguments *arguments, const char *value)
{
	(void)value;
	arguments->yes = true;
}

static void set_name(cli_arguments *arguments, const char *value)
{
	arguments->name = value;
}

static void set_build(cli_arguments *arguments, const char *value)
{
	arguments->build = value;
}

static const char *const colors[] = { "auto", "always", "never", NULL };
static const char *const engines[] = { "sqlite", "postgresql", NULL };
static const char *const builds[] = { "cmake", "make", "meson", NULL };
static const char *const db_actions[] = { "list", "status", "test", "setup", "reset", "config", "providers",
	NULL };
static const char *const shells[] = { "bash", "zsh", "fish", NULL };

const cli_option cli_common_options[] = {
	{ .name = "project",
		.letter = 'p',
		.argument = "FILE",
		.kind = CLI_FILE,
		.set = set_project,
		.help = "the project file; ./dbwright.yaml unless given" },
	{ .name = "json", .set = set_json, .help = "diagnostics as JSON, one object per line" },
	{ .name = "color",
		.argument = "WHEN",
		.values = colors,
		.set = set_color,
		.help = "auto (a terminal, and NO_COLOR not set), always or never" },
	{ .name = "quiet", .letter = 'q', .set = set_quiet, .help = "no summary; errors and warnings only" },
};
const size_t cli_common_option_count = sizeof cli_common_options / sizeof *cli_common_options;

static const cli_option init_options[] = {
	{ .name = "name",
		.letter = 'n',
		.argument = "NAME",
		.set = set_name,
		.help = "what it is called; the folder's name unless given" },
	{ .name = "build",
		.letter = 'b',
		.argument = "SYSTEM",
		.values = builds,
		.set = set_build,
		.help = "cmake (unless given), make or meson" },
	{ .name = "quiet", .letter = 'q', .set = set_quiet, .help = "do not say what to type next" },
};
static const cli_option init_word = { .argument = "DIR",
	.kind = CLI_FOLDER,
	.help = "where; made if it is not there; the working directory unless given" };

static const cli_option check_options[] = {
	{ .name = "all",
		.letter = 'a',
		.set = set_all,
		.help = "every database also has to resolve here and now, with this environment" },
};

static const cli_option db_options[] = {
	{ .name = "provider-dir",
		.argument = "DIR",
		.kind = CLI_FOLDER,
		.set = add_provider_dir,
		.help = "a folder that providers may be loaded from, each time it is said" },
	{ .name = "all", .letter = 'a', .set = set_all, .help = "test, setup, reset: all databases" },
	{ .name = "yes",
		.letter = 'y',
		.set = set_yes,
		.help = "reset: do not ask for the name to be typed" },
	{ .name = "verbose",
		.letter = 'v',
		.set = set_verbose,
		.help = "list: also everything else that is said of each, and by whom; - did not win" },
};
static const cli_option db_word = { .argument = "ACTION",
	.values = db_actions,
	.help = "list, status, test, setup, reset, config or providers" };
static const cli_option db_second = { .argument = "NAME",
	.help = "of a database; config, providers: of a provider" };

static const cli_option generate_options[] = {
	{ .name = "out",
		.letter = 'o',
		.argument = "DIR",
		.kind = CLI_FOLDER,
		.set = set_out,
		.help = "where the C goes; made if it is not there" },
	{ .name = "depfile",
		.argument = "FILE",
		.kind = CLI_FILE,
		.set = set_depfile,
		.help = "also write what was read, as a Makefile rule for the stamp" },
	{ .name = "stamp",
		.argument = "FILE",
		.kind = CLI_FILE,
		.set = set_stamp,
		.help = "also touch this file when all is done" },
	{ .name = "source",
		.argument = "NAME",
		.set = add_source,
		.help = "a C source the build expects, as models_auth.c; all or none must be named" },
};

static const cli_option sql_options[] = {
	{ .name = "schema",
		.letter = 's',
		.argument = "NAME",
		.set = set_schema,
		.help = "this schema only" },
	{ .name = "engine",
		.letter = 'e',
		.argument = "NAME",
		.values = engines,
		.set = set_engine,
		.help = "sqlite or postgresql only" },
};

static const cli_option shell_word = { .argument = "SHELL", .values = shells, .help = "bash, zsh or fish" };
static const cli_option command_word = {
	.argument = "COMMAND", .kind = CLI_COMMAND, .help = "one of the commands; all of them unless given"
};

#define OPTIONS(table) .options = (table), .option_count = sizeof(table) / sizeof *(table)

const cli_command cli_commands[] = {
	{ .name = "init",
		.summary = "write a small project that builds and runs at once",
		.more = "Declarations, a small program, a test and what builds them. Nothing that is there "
			"is overwritten: where a file of the new project exists already, none is written.",
		.example = "dbwright init shop",
		OPTIONS(init_options),
		.word = &init_word,
		.run = cli_init },
	{ .name = "check",
		.summary = "load and validate the declarations",
		.more = "Every mistake is reported, with its file, line and column and a way out where one is "
			"known.",
		.example = "dbwright check --project shop/dbwright.yaml",
		.project = true,
		OPTIONS(check_options),
		.run = cli_check },
	{ .name = "generate",
		.summary = "write the C",
		.more = "A file that would not change is left alone. One that is no longer made is removed, if it is "
			"as it was written: each run leaves a list of what it has made, dbwright.manifest. The "
			"folder belongs to the generator: give it none with files of your own.",
		.example = "dbwright generate -o build/generated",
		.project = true,
		OPTIONS(generate_options),
		.run = cli_generate },
	{ .name = "db",
		.summary = "list the databases, connect to them, make them",
		.more = "list says where each database is and who says so; status whether it answers, and "
			"which tables are missing; test whether one answers, the default one unless named. setup "
			"makes a database and its tables where they are not there. reset removes the tables of "
			"its schema, with their rows, and makes them anew; one that is protected it refuses. "
			"config prints ready entries for each provider, and providers which there are, or whether "
			"one of a library, LIBRARY:SYMBOL, can be loaded. "
			"Each database is resolved as a program would find it that is started in the project's "
			"folder, with the environment of this command. Secrets are masked.",
		.example = "dbwright db status",
		.project = true,
		.prints = true,
		OPTIONS(db_options),
		.word = &db_word,
		.needs_word = true,
		.second = &db_second,
		.run = cli_db },
	{ .name = "sql",
		.summary = "print the tables as SQL",
		.more = "The CREATE statements of all schemas, for each of their engines, in an order in which "
			"they run.",
		.example = "dbwright sql --schema auth --engine sqlite",
		.project = true,
		.prints = true,
		OPTIONS(sql_options),
		.run = cli_sql },
	{ .name = "schema",
		.summary = "print the JSON Schema of the declarations",
		.more = "With it an editor completes keys, explains them and underlines what is misspelt.",
		.example = "dbwright schema >dbwright.schema.json",
		.prints = true,
		.run = cli_schema },
	{ .name = "completions",
		.summary = "print the completions of a shell",
		.more = "Packages install them. Without a package, put them where the shell looks: for bash "
			"~/.local/share/bash-completion/completions/dbwright, for zsh a file _dbwright in a "
			"folder of $fpath, for fish ~/.config/fish/completions/dbwright.fish.",
		.example = "dbwright completions fish >~/.config/fish/completions/dbwright.fish",
		.prints = true,
		.word = &shell_word,
		.needs_word = true,
		.run = cli_completions },
	{ .name = "man",
		.summary = "print the manual page",
		.example = "dbwright man | man -l -",
		.prints = true,
		.run = cli_man },
	{ .name = "help",
		.summary = "print the options of a command",
		.example = "dbwright help generate",
		.prints = true,
		.word = &command_word,
		.run = cli_help },
};
const size_t cli_command_count = sizeof cli_commands / sizeof *cli_commands;

const cli_exit cli_exits[] = {
	{ CLI_DONE, "done" },
	{ CLI_FAILED,
		"there are errors in the declarations, a database does not resolve, or something else failed" },
	{ CLI_USAGE, "the command line is wrong" },
	{ CLI_PENDING, "a database lacks tables (db status)" },
	{ CLI_UNREACHABLE, "a database cannot be connected to (db)" },
};
const size_t cli_exit_count = sizeof cli_exits / sizeof *cli_exits;

const cli_command *cli_find_command(const char *name)
{
	for (size_t i = 0; i < cli_command_count; i++)
		if (strcmp(name, cli_commands[i].name) == 0)
			return &cli_commands[i];
	return NULL;
}

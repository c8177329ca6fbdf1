/* The command line's own parts: the table of commands, its options, and the only functions that print. */
#ifndef DBWRIGHT_CLI_H
#define DBWRIGHT_CLI_H

#include <base/arena.h>
#include <base/diagnostic.h>
#include <base/text.h>
#include <entries/resolve.h>
#include <model/model.h>
#include <render/view.h>

#include <stdbool.h>
#include <stddef.h>

/* Exit codes, the same for every command. */
enum { CLI_DONE = 0, CLI_FAILED = 1, CLI_USAGE = 2, CLI_PENDING = 3, CLI_UNREACHABLE = 4 };

/* What was said on the command line. The texts are those of argv. */
typedef struct cli_arguments {
	const char *project; /* --project */
	bool json;
	bool prints; /* the command's output is its own: diagnostics as JSON go to standard error */
	bool quiet;
	enum { CLI_COLOR_AUTO, CLI_COLOR_ALWAYS, CLI_COLOR_NEVER } color;
	const char *out; /* generate: -o */
	const char *depfile;
	const char *stamp;
	const char **sources; /* generate: every --source */
	size_t source_count;
	const char **provider_dirs; /* db: every --provider-dir */
	size_t provider_dir_count;
	const char *schema; /* sql */
	const char *engine;
	const char *name; /* init */
	const char *build;
	bool all;         /* check: every database has to resolve here and now; db: all databases are meant */
	bool verbose;     /* db */
	bool yes;         /* db */
	const char *word; /* the word behind the command; NULL: there is none */
	const char *second; /* the word behind that one */
} cli_arguments;

/* What a value names. */
typedef enum cli_kind { CLI_TEXT, CLI_FILE, CLI_FOLDER, CLI_COMMAND } cli_kind;

/* One option: the same row serves the parser, the help, the manual and the completions. */
typedef struct cli_option {
	const char *name;     /* NULL: not an option but the word behind a command */
	char letter;          /* 0: none */
	const char *argument; /* what its value is called; NULL: takes none */
	cli_kind kind;
	const char *const *values; /* all that are allowed, ended by NULL; NULL: any but the empty one */
	const char *help;
	void (*set)(cli_arguments *arguments, const char *value);
} cli_option;

typedef struct cli_command {
	const char *name;
	const char *summary;
	const char *more; /* sentences that the manual and the help add */
	const char *example;
	bool project; /* works on a project, and so has the common options */
	bool prints;  /* see cli_arguments */
	const cli_option *options;
	size_t option_count;
	const cli_option *word; /* NULL: it takes none */
	bool needs_word;
	const cli_option *second; /* A second word, which may be left out; NULL: it takes none. */
	int (*run)(const cli_arguments *arguments);
} cli_command;

typedef struct cli_exit {
	int code;
	const char *meaning;
} cli_exit;

extern const cli_command cli_commands[];
extern const size_t cli_command_count;
extern const cli_option cli_common_options[]; /* of every command that works on a project */
extern const size_t cli_common_option_count;
extern const cli_exit cli_exits[];
extern const size_t cli_exit_count;

/* The whole program, but for the process: the tests run it, too. Returns the exit code. */
int cli_main(int argc, char **argv);

/* NULL if there is no such command. */
const cli_command *cli_find_command(const char *name);

/* Says that there is no such command, and which may be meant; returns CLI_USAGE. */
int cli_refuse_command(const char *name);

/*
 * Reads the options of `command`, and the common ones if it has them, wherever they stand in argv. True when all is
 * well; else a message has been printed. *help is set when --help was among them.
 */
bool cli_parse(const cli_command *command, int argc, char **argv, cli_arguments *arguments, bool *help);

void cli_print_help(void);
void cli_print_command_help(const cli_command *command);

/* Prints `dbwright: text` on standard error, with a hint where there is one; returns CLI_USAGE. */
int cli_usage_error(const char *hint, const char *format, ...) __attribute__((format(printf, 2, 3)));

int cli_check(const cli_arguments *arguments);
int cli_completions(const cli_arguments *arguments);
int cli_db(const cli_arguments *arguments);
int cli_generate(const cli_arguments *arguments);
int cli_help(const cli_arguments *arguments);
int cli_init(const cli_arguments *arguments);
int cli_man(const cli_arguments *arguments);
int cli_schema(const cli_arguments *arguments);
int cli_sql(const cli_arguments *arguments);

/* A run of a command over one project: its memory, its diagnostics. */
typedef struct cli_run {
	const cli_arguments *arguments;
	dbw_arena *arena;
	dbw_diagnostics *diagnostics;
	ir_project *project; /* NULL: it could not be loaded; the diagnostics say why */
} cli_run;

/* Makes memory and diagnostics. False when memory is short. In every case cli_close() follows. */
bool cli_begin(cli_run *run, const cli_arguments *arguments);

/* The same; then loads and checks the project. True when it may be used. In every case cli_close() follows. */
bool cli_open(cli_run *run, const cli_arguments *arguments);

/* The databases that a program has, with those of its profile in their places. */
typedef struct cli_databases {
	ir_database **databases;
	size_t count;
	dbw__resolved *resolved; /* One for each; where something is wrong its provider is NULL. */
	const char *root;        /* What relative paths count from. */
	dbw__environment environment;
} cli_databases;

/*
 * Finds the databases that a program has which is started here and now: with this environment, the project's .env file
 * and its profile. False where anything was wrong, which was reported; nothing is resolved yet.
 */
bool cli_find_databases(const cli_run *run, cli_databases *out);

/* Resolves the databases that are in the list. False where anything was wrong, which was reported. */
bool cli_resolve(const cli_run *run, cli_databases *databases);

/* Prints what there is to say, frees everything and returns the exit code. */
int cli_close(cli_run *run, bool done);

/* Sends what was printed on its way; false (with a message) when anything printed was lost. */
bool cli_flush(void);

/* The table as an object that templates/cli/ is filled with; NULL when memory is short. */
const ir__view *cli_table_view(dbw_arena *arena);

/* Writes text to standard output; false (with a message) when that fails. */
bool cli_write(const dbw_text_buffer *text);

#endif

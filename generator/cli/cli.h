/* The command line's own parts: the table of commands, its options, and the only functions that print. */
#ifndef DBWRIGHT_CLI_H
#define DBWRIGHT_CLI_H

#include <base/arena.h>
#include <base/diagnostic.h>
#include <base/text.h>
#include <entries/resolve.h>
#include <model/model.h>

#include <stdbool.h>
#include <stddef.h>

/* Exit codes, the same for every command. */
enum { CLI_DONE = 0, CLI_FAILED = 1, CLI_USAGE = 2 };

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
	const char *schema; /* sql */
	const char *engine;
	bool all;     /* check: every database has to resolve here and now */
	bool verbose; /* db list */
} cli_arguments;

/* One option: the same row serves the parser and the help. */
typedef struct cli_option {
	const char *name;
	char letter;          /* 0: none */
	const char *argument; /* NULL: takes none */
	const char *help;
	bool (*set)(
		cli_arguments *arguments, const char *value); /* false: the value is not one of the allowed */
} cli_option;

typedef struct cli_command {
	const char *name;
	const char *summary;
	const char *example;
	bool prints; /* see cli_arguments */
	const cli_option *options;
	size_t option_count;
	int (*run)(const cli_arguments *arguments);
} cli_command;

extern const cli_command cli_commands[];
extern const size_t cli_command_count;
extern const cli_option cli_common_options[];
extern const size_t cli_common_option_count;

/* The command of a word, or of a word and the one behind it (NULL if there is none); NULL if there is no such command. */
const cli_command *cli_find_command(const char *word, const char *second);

/*
 * Reads the options of `command` and the common ones, wherever they stand in argv. True when all is well; else a message has
 * been printed. *help is set when --help was among them.
 */
bool cli_parse(const cli_command *command, int argc, char **argv, cli_arguments *arguments, bool *help);

void cli_print_help(void);
void cli_print_command_help(const cli_command *command);

/* Prints `dbwright: text` on standard error, with a hint where there is one; returns CLI_USAGE. */
int cli_usage_error(const char *hint, const char *format, ...) __attribute__((format(printf, 2, 3)));

int cli_check(const cli_arguments *arguments);
int cli_generate(const cli_arguments *arguments);
int cli_sql(const cli_arguments *arguments);
int cli_db_list(const cli_arguments *arguments);

/* A run of a command over one project: its memory, its diagnostics. */
typedef struct cli_run {
	const cli_arguments *arguments;
	dbw_arena *arena;
	dbw_diagnostics *diagnostics;
	ir_project *project; /* NULL: it could not be loaded; the diagnostics say why */
} cli_run;

/* Loads and checks the project. True when it may be used. In every case cli_close() follows. */
bool cli_open(cli_run *run, const cli_arguments *arguments);

typedef struct cli_databases {
	ir_database **databases;
	dbw__resolved *resolved;
	size_t count;
} cli_databases;

/*
 * Resolves the databases as a program that is started here and now would: with this environment, its .env file and its
 * profile. `resolved` has one for each of `databases`; where something is wrong with one it was reported, and its
 * provider is NULL. False where anything was.
 */
bool cli_resolve(const cli_run *run, cli_databases *out);

/* Prints what there is to say, frees everything and returns the exit code. */
int cli_close(cli_run *run, bool done);

/* Writes text to standard output; false (with a message) when that fails. */
bool cli_write(const dbw_text_buffer *text);

#endif

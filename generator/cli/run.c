#include "cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const cli_option *find_common(const char *argument)
{
	for (size_t i = 0; i < cli_common_option_count; i++)
		if (strncmp(argument, "--", 2) == 0 && strcmp(argument + 2, cli_common_options[i].name) == 0)
			return &cli_common_options[i];
	return NULL;
}

/* Where the command stands: common options may come before it. 0: there is none. */
static int find_command_word(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		const cli_option *option = find_common(argv[i]);

		if (argv[i][0] != '-')
			return i;
		if (option != NULL && option->argument != NULL)
			i++;
	}
	return 0;
}

static bool asks_for(int argc, char **argv, int before, const char *name, const char *letter)
{
	for (int i = 1; i < argc && (before == 0 || i < before); i++)
		if (strcmp(argv[i], name) == 0 || strcmp(argv[i], letter) == 0)
			return true;
	return false;
}

int cli_main(int argc, char **argv)
{
	cli_arguments arguments = { .project = "dbwright.yaml" };
	int word = find_command_word(argc, argv);
	bool help = false;

	if (asks_for(argc, argv, word, "--version", "-V")) {
		puts("dbwright " DBWRIGHT_VERSION);
		return cli_flush() ? CLI_DONE : CLI_FAILED;
	}
	if (asks_for(argc, argv, word, "--help", "-h")) {
		cli_print_help();
		return cli_flush() ? CLI_DONE : CLI_FAILED;
	}
	if (word == 0)
		return cli_usage_error("dbwright --help lists the commands", "no command given");
	const cli_command *command = cli_find_command(argv[word]);
	if (command == NULL)
		return cli_refuse_command(argv[word]);
	int code = CLI_USAGE;
	if (cli_parse(command, argc, argv, &arguments, &help))
		code = help ? CLI_DONE : command->run(&arguments);
	if (help) {
		cli_print_command_help(command);
		code = cli_flush() ? CLI_DONE : CLI_FAILED;
	}
	free(arguments.sources);
	return code;
}

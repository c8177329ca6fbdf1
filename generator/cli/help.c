#include "cli.h"

#include <stdarg.h>
#include <stdio.h>

static void print_options(const cli_option *options, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		char word[48], letter[5] = "    ";

		if (options[i].letter != 0)
			snprintf(letter, sizeof letter, "-%c, ", options[i].letter);
		snprintf(word, sizeof word, "%s--%s%s%s", letter, options[i].name,
			options[i].argument != NULL ? " " : "",
			options[i].argument != NULL ? options[i].argument : "");
		printf("  %-22s %s\n", word, options[i].help);
	}
}

static void print_common(void)
{
	print_options(cli_common_options, cli_common_option_count);
	printf("  %-22s %s\n", "-h, --help", "this text");
}

void cli_print_help(void)
{
	puts("dbwright makes the database layer of a C program from YAML declarations.\n");
	puts("Usage: dbwright COMMAND [OPTIONS]\n");
	puts("Commands:");
	for (size_t i = 0; i < cli_command_count; i++)
		printf("  %-22s %s\n", cli_commands[i].name, cli_commands[i].summary);
	puts("\nOptions of every command:");
	print_common();
	printf("  %-22s %s\n", "-V, --version", "the version");
	puts("\nExample:\n  dbwright generate -o build/generated");
	puts("\nExit codes: 0 done, 1 failed, 2 usage.  `dbwright COMMAND --help` tells more of a command.");
}

void cli_print_command_help(const cli_command *command)
{
	printf("dbwright %s: %s\n\n", command->name, command->summary);
	printf("Usage: dbwright %s [OPTIONS]\n\nOptions:\n", command->name);
	print_options(command->options, command->option_count);
	print_common();
	printf("\nExample:\n  %s\n", command->example);
}

int cli_usage_error(const char *hint, const char *format, ...)
{
	va_list arguments;

	fputs("dbwright: ", stderr);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
	if (hint != NULL)
		fprintf(stderr, "hint: %s\n", hint);
	return CLI_USAGE;
}

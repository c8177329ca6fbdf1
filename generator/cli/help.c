#include "cli.h"

#include <base/suggest.h>

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

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

static void print_help_option(void)
{
	printf("  %-22s %s\n", "-h, --help", "this text");
}

/* Lines of at most WIDTH columns; a word is never cut. */
static void print_wrapped(const char *text)
{
	enum { WIDTH = 100 };
	size_t column = 0;

	while (*text != '\0') {
		size_t word = strcspn(text, " ");

		if (column > 0)
			putchar(column + 1 + word > WIDTH ? '\n' : ' ');
		column = column == 0 || column + 1 + word > WIDTH ? word : column + 1 + word;
		fwrite(text, 1, word, stdout);
		text += word;
		text += *text == ' ';
	}
	putchar('\n');
}

void cli_print_help(void)
{
	puts("dbwright makes the database layer of a C program from YAML declarations.\n");
	puts("Usage: dbwright COMMAND [OPTIONS]\n");
	puts("Commands:");
	for (size_t i = 0; i < cli_command_count; i++)
		printf("  %-22s %s\n", cli_commands[i].name, cli_commands[i].summary);
	puts("\nOptions of every command that works on a project:");
	print_options(cli_common_options, cli_common_option_count);
	puts("\nOptions of every command, and of none:");
	print_help_option();
	printf("  %-22s %s\n", "-V, --version", "the version; not behind a command");
	puts("\nExample:\n  dbwright generate -o build/generated\n\nExit codes:");
	for (size_t i = 0; i < cli_exit_count; i++)
		printf("  %-22d %s\n", cli_exits[i].code, cli_exits[i].meaning);
	puts("\n`dbwright COMMAND --help` tells more of a command, `dbwright man | man -l -` of all.");
}

void cli_print_command_help(const cli_command *command)
{
	const cli_option *word = command->word;

	printf("dbwright %s: %s\n\n", command->name, command->summary);
	if (command->more != NULL) {
		print_wrapped(command->more);
		putchar('\n');
	}
	printf("Usage: dbwright %s [OPTIONS]", command->name);
	if (word != NULL)
		printf(command->needs_word ? " %s" : " [%s]", word->argument);
	if (command->second != NULL)
		printf(" [%s]", command->second->argument);
	if (word != NULL)
		printf("\n\n  %-22s %s", word->argument, word->help);
	if (command->second != NULL)
		printf("\n  %-22s %s", command->second->argument, command->second->help);
	puts("\n\nOptions:");
	print_options(command->options, command->option_count);
	if (command->project)
		print_options(cli_common_options, cli_common_option_count);
	print_help_option();
	printf("\nExample:\n  %s\n", command->example);
}

int cli_help(const cli_arguments *arguments)
{
	const cli_command *command = NULL;

	if (arguments->word != NULL && (command = cli_find_command(arguments->word)) == NULL)
		return cli_refuse_command(arguments->word);
	if (command != NULL)
		cli_print_command_help(command);
	else
		cli_print_help();
	return cli_flush() ? CLI_DONE : CLI_FAILED;
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

int cli_refuse_command(const char *name)
{
	dbw_suggestion near;
	char hint[64] = "dbwright --help lists the commands";

	dbw_suggestion_begin(&near, name, strlen(name));
	for (size_t i = 0; i < cli_command_count; i++)
		dbw_suggestion_offer(&near, cli_commands[i].name);
	if (near.best != NULL)
		snprintf(hint, sizeof hint, "did you mean '%s'?", near.best);
	return cli_usage_error(hint, "there is no command '%s'", name);
}
